//! Values of a TOML file with their places: read as what they should be, or refused with what and what next.

use crate::catalog::age::is_date;
use crate::catalog::nearest::nearest;
use std::ops::Range;
use std::str::FromStr;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Dollars per million tokens above this are a slip of the pen.
const DEAREST: f64 = 100_000.0;

/// A mistake at a place of the text.
pub(super) struct Wrong {
    pub(super) span: Range<usize>,
    pub(super) what: String,
    pub(super) next: String,
}

pub(super) type Read<T> = Result<T, Wrong>;
pub(super) type Value<'a> = Spanned<DeValue<'a>>;

pub(super) fn wrong<T>(
    span: Range<usize>,
    what: impl Into<String>,
    next: impl Into<String>,
) -> Read<T> {
    Err(Wrong {
        span,
        what: what.into(),
        next: next.into(),
    })
}

pub(super) fn unknown<T>(span: Range<usize>, name: &str, keys: &[&str]) -> Read<T> {
    let next = match nearest(name, keys.iter().copied()) {
        Some(key) => format!("did you mean `{key}`?"),
        None => format!("known here: {}", keys.join(", ")),
    };
    wrong(span, format!("unknown key `{name}`"), next)
}

pub(super) fn expected<T>(value: &Value, what: &str) -> Read<T> {
    let found = value.get_ref().type_str();
    let what_then = format!("expected {what}, found {found}");
    wrong(value.span(), what_then, format!("write {what}"))
}

pub(super) fn inner<'v>(value: &'v Value, what: &str) -> Read<&'v DeTable<'v>> {
    match value.get_ref() {
        DeValue::Table(table) => Ok(table),
        _ => expected(value, what),
    }
}

pub(super) fn list<'v>(value: &'v Value, what: &str) -> Read<&'v [Value<'v>]> {
    match value.get_ref() {
        DeValue::Array(array) => Ok(array),
        _ => expected(value, what),
    }
}

pub(super) fn each<T>(
    value: &Value,
    found: &mut Vec<Wrong>,
    read: impl Fn(&Value, &mut Vec<Wrong>) -> Read<T>,
) -> Read<Vec<T>> {
    let mut all = Vec::new();
    for value in list(value, "a list [ … ]")? {
        match read(value, found) {
            Ok(one) => all.push(one),
            Err(wrong) => found.push(wrong),
        }
    }
    Ok(all)
}

pub(super) fn text(value: &Value) -> Read<String> {
    match value.get_ref().as_str().map(str::trim) {
        Some("") => wrong(value.span(), "empty", "write a name, or take the line out"),
        Some(text) if text.contains(char::is_control) => {
            wrong(value.span(), "control characters", "take them out")
        }
        Some(text) => Ok(text.to_owned()),
        None => expected(value, "text"),
    }
}

pub(super) fn texts(value: &Value) -> Read<Vec<String>> {
    list(value, "a list of texts")?.iter().map(text).collect()
}

pub(super) fn word<T: FromStr<Err = String>>(value: &Value) -> Read<T> {
    text(value)?.parse().or_else(|what: String| {
        let (what, next) = what.split_once(": ").unwrap_or((&what, ""));
        wrong(value.span(), what, next)
    })
}

pub(super) fn date(value: &Value) -> Read<String> {
    let date = match value.get_ref() {
        DeValue::Datetime(date) => date.to_string(),
        _ => text(value)?,
    };
    match is_date(&date) {
        true => Ok(date),
        false => wrong(value.span(), "not a date", "write it as \"2026-11-20\""),
    }
}

pub(super) fn number(value: &Value) -> Read<f64> {
    let parsed = match value.get_ref() {
        DeValue::Integer(whole) => i64::from_str_radix(whole.as_str(), whole.radix())
            .ok()
            .map(|whole| whole as f64),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    };
    match parsed.filter(|number: &f64| number.is_finite()) {
        Some(number) => Ok(number),
        None => expected(value, "a number"),
    }
}

pub(super) fn dollars(value: &Value) -> Read<f64> {
    match number(value)? {
        dollars if (0.0..=DEAREST).contains(&dollars) => Ok(dollars),
        _ => wrong(
            value.span(),
            "not a price",
            "USD per million tokens, 0 or more",
        ),
    }
}

pub(super) fn count(value: &Value) -> Read<u64> {
    match number(value)? {
        count if count >= 1.0 && count.fract() == 0.0 && count <= 1e12 => Ok(count as u64),
        _ => wrong(
            value.span(),
            "not a number of tokens",
            "write a whole number, 1 or more",
        ),
    }
}
