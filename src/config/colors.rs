//! Colours and styles as theme files write them.

use crate::config::problem::{SourceFile, did_you_mean};
use crate::protocol::{Color, Problem, Style};
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

const ANSI: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

const ATTRIBUTES: [(&str, u16); 5] = [
    ("bold", Style::BOLD),
    ("dim", Style::DIM),
    ("italic", Style::ITALIC),
    ("underline", Style::UNDERLINE),
    ("reverse", Style::REVERSE),
];

/// Names that a theme gives to colours. `None` is the terminal's own.
#[derive(Default)]
pub struct Palette(BTreeMap<String, Option<Color>>);

impl Palette {
    /// Adds the names of a `[palette]`, over those of the same name. A name may stand for one defined below.
    pub fn overlay(&mut self, file: &SourceFile, names: &DeTable, problems: &mut Vec<Problem>) {
        let mut new = BTreeMap::new();
        for (name, value) in names.iter() {
            match self.read(file, value) {
                Ok(color) => {
                    new.insert(name.get_ref().to_string(), color);
                }
                Err(problem) => problems.push(problem),
            }
        }
        self.0.append(&mut new);
    }

    /// One colour: an ANSI name, a number, `#rrggbb`, a name of the palette, or `none`.
    fn read(&self, file: &SourceFile, value: &Spanned<DeValue>) -> Result<Option<Color>, Problem> {
        let bad = |what: String, next: String| file.problem(value.span(), what, next);
        match value.get_ref() {
            DeValue::Integer(number) => number
                .as_str()
                .parse()
                .map(|index| Some(Color::Indexed(index)))
                .map_err(|_| {
                    let what = format!("{} is not a colour", number.as_str());
                    bad(what, "write a number from 0 to 255".to_owned())
                }),
            DeValue::String(text) => self.named(text).ok_or_else(|| {
                let names = self.0.keys().map(String::as_str).chain(ANSI);
                let next = did_you_mean(text, names, || {
                    "write \"#rrggbb\", a name such as \"cyan\", or a number from 0 to 255"
                        .to_owned()
                });
                bad(format!("`{text}` is not a colour"), next)
            }),
            other => Err(bad(
                format!("expected a colour, found {}", other.type_str()),
                "write \"#rrggbb\", a name such as \"cyan\", or a number from 0 to 255".to_owned(),
            )),
        }
    }

    fn named(&self, text: &str) -> Option<Option<Color>> {
        if let Some(color) = self.0.get(text) {
            return Some(*color);
        }
        if text == "none" {
            return Some(None);
        }
        if let Some(digits) = text.strip_prefix('#') {
            if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            let number = u32::from_str_radix(digits, 16).ok()?;
            let [_, red, green, blue] = number.to_be_bytes();
            return Some(Some(Color::Rgb(red, green, blue)));
        }
        let index = ANSI.iter().position(|name| *name == text)?;
        Some(Some(Color::Indexed(index as u8)))
    }
}

/// A role's look: a colour, or a table of colours and attributes.
pub fn read_style(
    file: &SourceFile,
    value: &Spanned<DeValue>,
    palette: &Palette,
) -> Result<Style, Problem> {
    let mut style = Style::default();
    let DeValue::Table(table) = value.get_ref() else {
        style.fg = palette.read(file, value)?;
        return Ok(style);
    };
    for (name, value) in table.iter() {
        let attribute = ATTRIBUTES.iter().find(|(known, _)| known == name.get_ref());
        match (name.get_ref().as_ref(), attribute) {
            ("fg", _) => style.fg = palette.read(file, value)?,
            ("bg", _) => style.bg = palette.read(file, value)?,
            (_, Some((_, bit))) => match value.get_ref().as_bool() {
                Some(true) => style.attributes |= bit,
                Some(false) => {}
                None => {
                    let found = value.get_ref().type_str();
                    let what = format!("expected true or false, found {found}");
                    return Err(file.problem(value.span(), what, "write true or false"));
                }
            },
            (other, None) => {
                let names = ["fg", "bg"].into_iter().chain(ATTRIBUTES.map(|a| a.0));
                let next = did_you_mean(other, names, || {
                    "a style has fg, bg, bold, dim, italic, underline and reverse".to_owned()
                });
                return Err(file.problem(name.span(), format!("unknown key `{other}`"), next));
            }
        }
    }
    Ok(style)
}
