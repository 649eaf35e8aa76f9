//! One config.toml against the table of keys: fills values, collects problems.

use crate::config::endpoint::Endpoint;
use crate::config::keys::{CONFIG_KEYS, ENDPOINT_KEYS, FREE_SECTIONS, KeyRow};
use crate::config::problem::{SourceFile, did_you_mean};
use crate::config::secrets::{SAY_WHERE_THE_KEY_IS, means_a_secret};
use crate::config::values::Config;
use crate::protocol::{Backend, Problem};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file while it is read.
pub struct Reading<'a> {
    pub file: &'a SourceFile,
    /// Stands for `~`.
    pub home: Option<String>,
    pub problems: Vec<Problem>,
}

impl Reading<'_> {
    /// All but `[keys]`, the theme and the keymap. A bad value keeps that of `before`.
    pub fn top(&mut self, table: &DeTable, config: &mut Config, before: &mut Config) {
        for (name, value) in table.iter() {
            let section = name.get_ref().as_ref();
            let is_section = CONFIG_KEYS.iter().any(|(known, ..)| *known == section);
            if !is_section && !FREE_SECTIONS.contains(&section) {
                self.key(
                    (name.span(), section, section),
                    value,
                    "",
                    CONFIG_KEYS,
                    config,
                    before,
                );
                continue;
            }
            let DeValue::Table(inner) = value.get_ref() else {
                let what = format!(
                    "`{section}` is a section, not {}",
                    value.get_ref().type_str()
                );
                let next = format!("begin it with [{section}] on a line of its own");
                self.problems
                    .push(self.file.problem(name.span(), what, next));
                continue;
            };
            match section {
                "keys" => {}
                "endpoints" => self.endpoints(inner, config, before),
                _ => {
                    for (name, value) in inner.iter() {
                        let shown = format!("{section}.{}", name.get_ref());
                        let key = (name.span(), name.get_ref().as_ref(), shown.as_str());
                        self.key(key, value, section, CONFIG_KEYS, config, before);
                    }
                }
            }
        }
    }

    /// Fills one place. `shown`: the name with its section, for messages.
    fn key<T>(
        &mut self,
        (place, name, shown): (Range<usize>, &str, &str),
        value: &Spanned<DeValue>,
        section: &str,
        rows: &[KeyRow<T>],
        into: &mut T,
        before: &mut T,
    ) {
        let row = rows
            .iter()
            .find(|(there, key, _)| *there == section && *key == name);
        let Some((_, _, slot)) = row else {
            self.problems
                .push(unknown_key(self.file, place, section, name, rows));
            return;
        };
        if let Err(wrong) = slot.fill(into, value.get_ref(), self.home.as_deref()) {
            slot.keep(into, before);
            let place = wrong.span.unwrap_or_else(|| value.span());
            let what = format!("`{shown}`: {}", wrong.what);
            self.problems
                .push(self.file.problem(place, what, wrong.next));
        }
    }

    fn endpoints(&mut self, table: &DeTable, config: &mut Config, before: &Config) {
        for (name, value) in table.iter() {
            let word = name.get_ref().to_string();
            let mut refuse = |what: String, next: &str| {
                self.problems
                    .push(self.file.problem(name.span(), what, next));
            };
            if !matches!(Backend::from(word.clone()), Backend::Endpoint(_)) {
                let what = format!("`{word}` is a built-in backend");
                refuse(what, "give this endpoint another name");
                continue;
            }
            if word.is_empty() || word.contains(|c: char| c.is_whitespace() || c.is_control()) {
                refuse(
                    "an endpoint's name is one word".to_owned(),
                    "take the blanks out",
                );
                continue;
            }
            let DeValue::Table(inner) = value.get_ref() else {
                let what = format!("`{word}` is not the section of an endpoint");
                refuse(
                    what,
                    "write [endpoints.NAME] and below it base_url = \"https://…\"",
                );
                continue;
            };
            let mut old = before.endpoints.get(&word).cloned().unwrap_or_default();
            let mut endpoint = Endpoint::default();
            if inner.get("base_url").is_none() {
                let what = format!("endpoint `{word}` has no `base_url`");
                refuse(what, "add base_url = \"https://…/v1\"");
                endpoint.base_url.clone_from(&old.base_url);
            }
            for (key, value) in inner.iter() {
                let shown = format!("endpoints.{word}.{}", key.get_ref());
                let key = (key.span(), key.get_ref().as_ref(), shown.as_str());
                self.key(key, value, "", ENDPOINT_KEYS, &mut endpoint, &mut old);
            }
            if !endpoint.base_url.is_empty() {
                config.endpoints.insert(word, endpoint);
            }
        }
    }

    /// The default backend may be an endpoint, so it can be checked only when these are known.
    pub fn check_backend(&mut self, table: &DeTable, config: &mut Config, before: &Config) {
        let unknown = |backend: &Option<Backend>, config: &Config| match backend {
            Some(Backend::Endpoint(name)) if !config.endpoints.contains_key(name) => {
                Some(name.clone())
            }
            _ => None,
        };
        let Some(name) = unknown(&config.default.backend, config) else {
            return;
        };
        if let Some(value) = value_at(table, "default", "backend") {
            let builtin = Backend::BUILT_IN;
            let names = builtin
                .iter()
                .copied()
                .chain(config.endpoints.keys().map(String::as_str));
            let next = did_you_mean(&name, names, || {
                format!(
                    "add [endpoints.{name}], or write one of {}",
                    builtin.join(", ")
                )
            });
            let what = format!("`default.backend`: no backend `{name}`");
            self.problems
                .push(self.file.problem(value.span(), what, next));
        }
        config.default.backend = before.default.backend.clone();
        if unknown(&config.default.backend, config).is_some() {
            config.default.backend = None;
        }
    }
}

/// The value of a key, in a section or (empty) at the top.
pub fn value_at<'a>(
    table: &'a DeTable,
    section: &str,
    key: &str,
) -> Option<&'a Spanned<DeValue<'a>>> {
    if section.is_empty() {
        return table.get(key);
    }
    table.get(section)?.get_ref().as_table()?.get(key)
}

fn unknown_key<T>(
    file: &SourceFile,
    place: Range<usize>,
    section: &str,
    name: &str,
    rows: &[KeyRow<T>],
) -> Problem {
    let what = format!("unknown key `{name}`");
    if means_a_secret(name) {
        return file.problem(place, what, SAY_WHERE_THE_KEY_IS);
    }
    let siblings = rows
        .iter()
        .filter(|(there, ..)| *there == section)
        .map(|row| row.1);
    let mut sections: Vec<&str> = Vec::new();
    if section.is_empty() && rows.iter().any(|(there, ..)| !there.is_empty()) {
        sections.extend(
            rows.iter()
                .map(|row| row.0)
                .filter(|there| !there.is_empty()),
        );
        sections.extend(FREE_SECTIONS);
        sections.dedup();
    }
    let elsewhere = rows
        .iter()
        .find(|(there, key, _)| *key == name && *there != section);
    let next = match elsewhere {
        Some(("", ..)) => format!("`{name}` stands at the top, before the first section"),
        Some((there, ..)) => format!("`{name}` stands in the section [{there}]"),
        None => did_you_mean(name, siblings.chain(sections), || {
            "`antiphon config default` shows every key".to_owned()
        }),
    };
    file.problem(place, what, next)
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
