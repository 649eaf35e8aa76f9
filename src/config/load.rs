//! From files to values: what is good applies, what is bad is reported and keeps what held before.

use crate::config::agents;
use crate::config::environment::from_environment;
use crate::config::keymap::Keymap;
use crate::config::paths::Paths;
use crate::config::problem::{SourceFile, did_you_mean, whole_file};
use crate::config::reading::Reading;
use crate::config::theme::{self, Theme};
use crate::config::values::Config;
use crate::protocol::Problem;
use std::io::ErrorKind;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is in force, and what is wrong with the files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    pub config: Config,
    pub keymap: Keymap,
    pub theme: Theme,
    pub problems: Vec<Problem>,
}

/// Gives the value of an environment variable.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;
/// Gives a user's file by the folder (`themes`, `keymaps`) and the name that the configuration uses.
pub type Find<'a> = &'a dyn Fn(&str, &str) -> Option<SourceFile>;

/// Reads config.toml, the theme and the keymap it names, and the user's agents. Never fails: no file is an empty file;
/// a bad value keeps that of `last`, else the default; a file that cannot be read keeps all of `last`.
pub fn load(paths: &Paths, env: Env, last: Option<&Loaded>) -> Loaded {
    let mut loaded = load_files(paths, env, last);
    let before = last.map(|last| &last.config.agents);
    let (agents, problems) = agents::read_folder(&paths.agents_dir(), before);
    loaded.config.agents = agents;
    loaded.problems.extend(problems);
    loaded
}

fn load_files(paths: &Paths, env: Env, last: Option<&Loaded>) -> Loaded {
    let path = paths.config_file();
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == ErrorKind::NotFound => String::new(),
        Err(e) => {
            let problem = whole_file(
                &path,
                format!("cannot be read: {e}"),
                "what held before stays in force; check its owner, its mode and that it is UTF-8 text",
            );
            return unchanged(last, env, problem);
        }
    };
    let find = |folder: &str, name: &str| {
        if name.contains('/') || name.starts_with('.') {
            return None;
        }
        let path = paths.config.join(folder).join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&path).ok()?;
        Some(SourceFile::new(path, text))
    };
    load_text(&SourceFile::new(path, text), env, &find, last)
}

/// As [`load`], without touching a file.
pub fn load_text(file: &SourceFile, env: Env, find: Find, last: Option<&Loaded>) -> Loaded {
    let document = match DeTable::parse(&file.text) {
        Ok(document) => document,
        Err(error) => return unchanged(last, env, file.syntax(&error)),
    };
    let table = document.get_ref();
    let mut reading = Reading {
        file,
        home: env("HOME"),
        problems: Vec::new(),
    };
    let mut before = last.map(|last| last.config.clone()).unwrap_or_default();
    let mut config = Config::default();
    reading.top(table, &mut config, &mut before);
    let custom = from_environment(&mut config, env, table);
    reading.problems.extend(custom);
    reading.check_backend(table, &mut config, &before);
    let theme = reading.theme(table, &config.theme, find, last);
    let keymap = reading.keymap(table, &config.keymap, find, last);
    let mut problems = reading.problems;
    problems.sort_by_key(|problem| (problem.path != file.path, problem.line, problem.column));
    Loaded {
        config,
        keymap,
        theme,
        problems,
    }
}

fn unchanged(last: Option<&Loaded>, env: Env, problem: Problem) -> Loaded {
    let mut custom = Vec::new();
    let mut loaded = last.cloned().unwrap_or_else(|| {
        let mut fresh = Loaded::default();
        custom = from_environment(&mut fresh.config, env, &DeTable::new());
        fresh
    });
    loaded.problems = vec![problem];
    loaded.problems.extend(custom);
    loaded
}

impl Reading<'_> {
    fn theme(&mut self, table: &DeTable, name: &str, find: Find, last: Option<&Loaded>) -> Theme {
        let find = |name: &str| find("themes", name).or_else(|| theme::embedded(name));
        let kept = || last.map(|last| last.theme.clone()).unwrap_or_default();
        let Some(file) = find(name) else {
            let known = theme::THEMES.iter().map(|(known, _)| *known);
            self.no_such_file(table, "theme", name, known);
            return kept();
        };
        let broken = DeTable::parse(&file.text).is_err();
        let (theme, problems) = Theme::load(file, &find);
        self.problems.extend(problems);
        if broken { kept() } else { theme }
    }

    fn keymap(&mut self, table: &DeTable, name: &str, find: Find, last: Option<&Loaded>) -> Keymap {
        let mut keymap = Keymap::default();
        let before = last.map(|last| &last.keymap);
        match find("keymaps", name) {
            Some(file) => {
                let broken = DeTable::parse(&file.text).is_err();
                if let (true, Some(last)) = (broken, last) {
                    keymap = last.keymap.clone();
                }
                self.problems.extend(keymap.overlay_file(&file, before));
            }
            None if name == "default" => {}
            None => {
                self.no_such_file(table, "keymap", name, ["default"]);
                keymap = last.map(|last| last.keymap.clone()).unwrap_or_default();
            }
        }
        if let Some(DeValue::Table(keys)) = table.get("keys").map(Spanned::get_ref) {
            self.problems
                .extend(keymap.overlay(self.file, keys, before));
        }
        keymap
    }

    fn no_such_file(
        &mut self,
        table: &DeTable,
        kind: &str,
        name: &str,
        known: impl IntoIterator<Item = &'static str>,
    ) {
        let next = did_you_mean(name, known, || {
            format!("put {kind}s/{name}.toml beside this file, or write \"default\"")
        });
        // Without a line of its own the name is the last good one, whose file has gone since.
        let place = table.get(kind).map_or(0..0, Spanned::span);
        let what = format!("no {kind} `{name}`");
        self.problems.push(self.file.problem(place, what, next));
    }
}

#[cfg(test)]
#[path = "load_tests.rs"]
mod tests;
