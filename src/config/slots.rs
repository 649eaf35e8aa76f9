//! The kinds of value that a key can hold: how each is read, checked, and kept when the new one is bad.

use crate::config::problem::did_you_mean;
use crate::config::secrets::{SAY_WHERE_THE_KEY_IS, SECRET_HEADERS, looks_like_a_key};
use crate::protocol::{Backend, Nano};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::DeValue;

/// A place in `T` that a key fills, by the kind of its value.
pub enum Slot<T: 'static> {
    Text(fn(&mut T) -> &mut String),
    MaybeText(fn(&mut T) -> &mut Option<String>),
    Texts(fn(&mut T) -> &mut Vec<String>),
    /// The name of an environment variable.
    Variable(fn(&mut T) -> &mut String),
    MaybeVariable(fn(&mut T) -> &mut Option<String>),
    /// One of the words.
    Choice(fn(&mut T) -> &mut Option<String>, &'static [&'static str]),
    Url(fn(&mut T) -> &mut String),
    Folder(fn(&mut T) -> &mut Option<PathBuf>),
    Flag(fn(&mut T) -> &mut bool),
    Count(fn(&mut T) -> &mut u32, RangeInclusive<u32>),
    /// A size such as "64 MiB".
    Bytes(fn(&mut T) -> &mut u64),
    Share(fn(&mut T) -> &mut f64),
    /// Figures under words, each put over the one that is there.
    Figures(
        fn(&mut T) -> &mut BTreeMap<String, f64>,
        RangeInclusive<f64>,
    ),
    Temperature(fn(&mut T) -> &mut Option<f32>),
    Money(fn(&mut T) -> &mut Option<Nano>),
    Backend(fn(&mut T) -> &mut Option<Backend>),
    Headers(fn(&mut T) -> &mut BTreeMap<String, String>),
    /// Several of the words.
    Choices(fn(&mut T) -> &mut Vec<String>, &'static [&'static str]),
    /// Lists of texts under names of the user's choice.
    Lists(fn(&mut T) -> &mut BTreeMap<String, Vec<String>>),
    /// Texts under names of the user's choice, added to those that are there.
    Named(fn(&mut T) -> &mut BTreeMap<String, String>),
    /// Addresses under names of the user's choice.
    Urls(fn(&mut T) -> &mut BTreeMap<String, String>),
}

/// What is wrong with a value, and what next; values that may be secret are not repeated.
pub struct Wrong {
    pub what: String,
    pub next: String,
    /// The value within the value that is meant, if not the whole.
    pub span: Option<std::ops::Range<usize>>,
}

fn wrong(what: impl Into<String>, next: impl Into<String>) -> Wrong {
    Wrong {
        what: what.into(),
        next: next.into(),
        span: None,
    }
}

impl<T> Slot<T> {
    /// Fills the place from a value of the file. `home` stands for `~` in folders.
    pub fn fill(&self, into: &mut T, value: &DeValue, home: Option<&str>) -> Result<(), Wrong> {
        match self {
            Slot::Text(at) => *at(into) = filled_text(value)?,
            Slot::MaybeText(at) => *at(into) = Some(filled_text(value)?),
            Slot::Texts(at) => *at(into) = texts(value)?,
            Slot::Variable(at) => *at(into) = variable(value)?,
            Slot::MaybeVariable(at) => *at(into) = Some(variable(value)?),
            Slot::Choice(at, words) => *at(into) = Some(choice(value, words)?),
            Slot::Url(at) => *at(into) = url(text(value)?)?,
            Slot::Folder(at) => *at(into) = Some(folder(&filled_text(value)?, home)?),
            Slot::Flag(at) => {
                *at(into) = value
                    .as_bool()
                    .ok_or_else(|| expected("true or false", value))?;
            }
            Slot::Count(at, range) => *at(into) = count(value, range)?,
            Slot::Bytes(at) => *at(into) = bytes(value)?,
            Slot::Share(at) => *at(into) = number(value, &(0.0..=1.0))?,
            Slot::Figures(at, range) => {
                at(into).extend(named(value, |value| number(value, range))?);
            }
            Slot::Temperature(at) => *at(into) = Some(number(value, &(0.0..=2.0))? as f32),
            Slot::Money(at) => *at(into) = Some(Nano::from_dollars(number(value, &(0.0..=1e6))?)),
            Slot::Backend(at) => *at(into) = Some(Backend::from(filled_text(value)?)),
            Slot::Headers(at) => *at(into) = headers(value)?,
            Slot::Named(at) => at(into).extend(named(value, filled_text)?),
            Slot::Urls(at) => *at(into) = named(value, |value| url(text(value)?))?,
            Slot::Lists(at) => *at(into) = named(value, texts)?,
            Slot::Choices(at, words) => *at(into) = choices(value, words)?,
        }
        Ok(())
    }

    /// Takes over what the place holds in `last`.
    pub fn keep(&self, into: &mut T, last: &mut T) {
        match self {
            Slot::Text(at) | Slot::Url(at) | Slot::Variable(at) => at(into).clone_from(at(last)),
            Slot::MaybeText(at) | Slot::Choice(at, _) | Slot::MaybeVariable(at) => {
                at(into).clone_from(at(last));
            }
            Slot::Texts(at) | Slot::Choices(at, _) => at(into).clone_from(at(last)),
            Slot::Lists(at) => at(into).clone_from(at(last)),
            Slot::Folder(at) => at(into).clone_from(at(last)),
            Slot::Flag(at) => *at(into) = *at(last),
            Slot::Count(at, _) => *at(into) = *at(last),
            Slot::Bytes(at) => *at(into) = *at(last),
            Slot::Share(at) => *at(into) = *at(last),
            Slot::Figures(at, _) => at(into).clone_from(at(last)),
            Slot::Temperature(at) => *at(into) = *at(last),
            Slot::Money(at) => *at(into) = *at(last),
            Slot::Backend(at) => at(into).clone_from(at(last)),
            Slot::Headers(at) | Slot::Named(at) | Slot::Urls(at) => at(into).clone_from(at(last)),
        }
    }
}

fn expected(kind: &str, value: &DeValue) -> Wrong {
    let next = match (kind, value) {
        ("text", DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_)) => {
            "put it between quotation marks".to_owned()
        }
        _ => format!("write {kind}"),
    };
    wrong(format!("expected {kind}, found {}", value.type_str()), next)
}

fn text<'a>(value: &'a DeValue) -> Result<&'a str, Wrong> {
    value.as_str().ok_or_else(|| expected("text", value))
}

fn filled_text(value: &DeValue) -> Result<String, Wrong> {
    match text(value)? {
        blank if blank.trim().is_empty() => Err(wrong(
            "expected text, found none",
            "leave the line out to have the default",
        )),
        text => Ok(text.to_owned()),
    }
}

fn texts(value: &DeValue) -> Result<Vec<String>, Wrong> {
    let items = value
        .as_array()
        .ok_or_else(|| expected("a list of texts", value))?;
    let read = |item: &Spanned<DeValue>| {
        filled_text(item.get_ref()).map_err(|e| Wrong {
            span: Some(item.span()),
            ..e
        })
    };
    items.iter().map(read).collect()
}

fn variable(value: &DeValue) -> Result<String, Wrong> {
    let name = text(value)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if name.is_empty() || !name.bytes().all(plain) || looks_like_a_key(name) {
        // Not repeated: it may be the key itself.
        let what = "this is not the name of an environment variable";
        return Err(wrong(
            what,
            "write its name, such as \"GROQ_API_KEY\", not the key",
        ));
    }
    Ok(name.to_owned())
}

fn choice(value: &DeValue, words: &[&str]) -> Result<String, Wrong> {
    let word = text(value)?;
    if words.contains(&word) {
        return Ok(word.to_owned());
    }
    let next = did_you_mean(word, words.iter().copied(), || {
        format!("write one of {}", words.join(", "))
    });
    Err(wrong(format!("`{word}` is not known here"), next))
}

/// An http address without the slash at its end.
pub fn url(text: &str) -> Result<String, Wrong> {
    let next = "write an address such as https://host/v1 or http://127.0.0.1:8080/v1";
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let host = rest
        .unwrap_or_default()
        .split('/')
        .next()
        .unwrap_or_default();
    if host.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(wrong("expected an http or https address", next));
    }
    if host.contains('@') {
        let next = "name the variable that holds the key in `api_key_env`";
        return Err(wrong("an address must not hold a password", next));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn folder(text: &str, home: Option<&str>) -> Result<PathBuf, Wrong> {
    let path = match (text.strip_prefix('~'), home) {
        (Some(""), Some(home)) => PathBuf::from(home),
        (Some(rest), Some(home)) if rest.starts_with('/') => PathBuf::from(format!("{home}{rest}")),
        _ => PathBuf::from(text),
    };
    match path.is_absolute() {
        true => Ok(path),
        false => Err(wrong(
            "expected the whole path of a folder",
            "begin it with / or ~/",
        )),
    }
}

fn count(value: &DeValue, range: &RangeInclusive<u32>) -> Result<u32, Wrong> {
    let number = value
        .as_integer()
        .ok_or_else(|| expected("a whole number", value))?;
    i64::from_str_radix(number.as_str(), number.radix())
        .ok()
        .and_then(|number| u32::try_from(number).ok())
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let next = format!("write a number from {} to {}", range.start(), range.end());
            wrong(format!("{number} is out of range"), next)
        })
}

fn number(value: &DeValue, range: &RangeInclusive<f64>) -> Result<f64, Wrong> {
    let parsed = match value {
        DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix())
            .ok()
            .map(|whole| whole as f64),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => return Err(expected("a number", value)),
    };
    parsed
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let next = format!("write a number from {} to {}", range.start(), range.end());
            wrong("the number is out of range", next)
        })
}

/// A size: 0, or a whole number of KiB, MiB or GiB, at most 64 GiB.
fn bytes(value: &DeValue) -> Result<u64, Wrong> {
    let next = "write a size such as \"64 MiB\", or 0";
    if let DeValue::Integer(number) = value {
        let none = number.as_str() == "0";
        return none
            .then_some(0)
            .ok_or_else(|| wrong("a size needs a unit", next));
    }
    let text = value.as_str().ok_or_else(|| expected("a size", value))?;
    let (number, unit) = text.split_at(
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len()),
    );
    let unit = match unit.trim_start() {
        "KiB" => Some(1 << 10),
        "MiB" => Some(1 << 20),
        "GiB" => Some(1_u64 << 30),
        "" if number == "0" => Some(1),
        _ => None,
    };
    (number.parse::<u64>().ok().zip(unit))
        .and_then(|(number, unit)| number.checked_mul(unit))
        .filter(|size| *size <= 64 << 30)
        .ok_or_else(|| wrong(format!("`{text}` is not a size"), next))
}

fn choices(value: &DeValue, words: &[&str]) -> Result<Vec<String>, Wrong> {
    let list = value
        .as_array()
        .ok_or_else(|| expected("a list of words", value))?;
    let read = |item: &Spanned<DeValue>| {
        choice(item.get_ref(), words).map_err(|e| Wrong {
            span: Some(item.span()),
            ..e
        })
    };
    list.iter().map(read).collect()
}

/// A table of the user's own names.
fn named<V>(
    value: &DeValue,
    each: impl Fn(&DeValue) -> Result<V, Wrong>,
) -> Result<BTreeMap<String, V>, Wrong> {
    let table = value
        .as_table()
        .ok_or_else(|| expected("a table { name = … }", value))?;
    let read = |(name, value): (&Spanned<toml::de::DeString>, &Spanned<DeValue>)| {
        let filled = each(value.get_ref()).map_err(|e| Wrong {
            span: Some(name.span()),
            ..e
        })?;
        Ok((name.get_ref().to_string(), filled))
    };
    table.iter().map(read).collect()
}

fn headers(value: &DeValue) -> Result<BTreeMap<String, String>, Wrong> {
    let table = value
        .as_table()
        .ok_or_else(|| expected("a table { name = \"value\" }", value))?;
    let read = |(name, value): (&Spanned<toml::de::DeString>, &Spanned<DeValue>)| {
        let here = |e: Wrong| Wrong {
            span: Some(name.span()),
            ..e
        };
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
        if !name.get_ref().bytes().all(plain) {
            return Err(here(wrong(
                "this is not the name of a header",
                "use letters, digits and -",
            )));
        }
        if SECRET_HEADERS.contains(&name.get_ref().to_ascii_lowercase().as_str()) {
            let what = format!("`{}` would hold a key in this file", name.get_ref());
            return Err(here(wrong(what, SAY_WHERE_THE_KEY_IS)));
        }
        let text = text(value.get_ref()).map_err(here)?;
        if text.contains(|c: char| c.is_control()) {
            return Err(here(wrong(
                "a header has one line",
                "take the line breaks out",
            )));
        }
        Ok((name.get_ref().to_string(), text.to_owned()))
    };
    table.iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_unit() {
        let read = |text: &str| {
            let text = format!("size = {text}");
            let table = toml::de::DeTable::parse(&text).unwrap().into_inner();
            bytes(table["size"].get_ref()).map_err(|wrong| wrong.what)
        };
        for (text, size) in [
            ("0", 0),
            ("\"0\"", 0),
            ("\"64 MiB\"", 64 << 20),
            ("\"5KiB\"", 5 << 10),
            ("\"64 GiB\"", 64 << 30),
        ] {
            assert_eq!(read(text), Ok(size), "{text}");
        }
        for text in [
            "64",
            "\"64 MB\"",
            "\"-1 MiB\"",
            "\"65 GiB\"",
            "\"99999999999 GiB\"",
            "\"\"",
            "true",
            "1.5",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
