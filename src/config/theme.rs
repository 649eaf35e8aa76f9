//! Colours by meaning: roles, and the themes that dress them.

use crate::config::colors::{self, Palette};
use crate::config::problem::{SourceFile, did_you_mean};
use crate::protocol::{Problem, Style};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The themes we ship, by name, in the same form as a user's.
pub const THEMES: &[(&str, &str)] = &[
    ("default", include_str!("../../themes/default.toml")),
    ("night", include_str!("../../themes/night.toml")),
    ("paper", include_str!("../../themes/paper.toml")),
];

/// What a piece of the screen means. Its look is the theme's affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Text,
    /// Text of less weight: units, times, hints.
    Dim,
    /// The one colour that stands out: names of sessions, keys.
    Accent,
    Title,
    Good,
    Warning,
    Error,
    Border,
    /// The border of the pane that has the focus.
    BorderFocus,
    Selection,
    /// A prompt of the user's, and the composer's mark.
    Prompt,
    Code,
    Gauge,
    GaugeEmpty,
}

/// Every role with its name in theme files, in the order of the enum.
pub const ROLES: &[(Role, &str)] = &[
    (Role::Text, "text"),
    (Role::Dim, "dim"),
    (Role::Accent, "accent"),
    (Role::Title, "title"),
    (Role::Good, "good"),
    (Role::Warning, "warning"),
    (Role::Error, "error"),
    (Role::Border, "border"),
    (Role::BorderFocus, "border-focus"),
    (Role::Selection, "selection"),
    (Role::Prompt, "prompt"),
    (Role::Code, "code"),
    (Role::Gauge, "gauge"),
    (Role::GaugeEmpty, "gauge-empty"),
];

/// How every role looks. A colour of `None` is the terminal's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// By `Role as usize`.
    styles: Vec<Style>,
}

impl Default for Theme {
    /// The embedded theme `default`; a test proves that it has no problems.
    fn default() -> Theme {
        let lookup = |name: &str| embedded(name);
        lookup("default").map_or_else(Theme::monochrome, |file| Theme::load(file, &lookup).0)
    }
}

/// The embedded theme of that name.
pub fn embedded(name: &str) -> Option<SourceFile> {
    THEMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(name, text)| SourceFile::new(format!("themes/{name}.toml"), *text))
}

impl Theme {
    /// How `role` looks.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// No colours, only attributes: for `NO_COLOR`.
    pub fn monochrome() -> Theme {
        let mut theme = Theme {
            styles: vec![Style::default(); ROLES.len()],
        };
        for (role, attributes) in [
            (Role::Dim, Style::DIM),
            (Role::Accent, Style::BOLD),
            (Role::Title, Style::BOLD),
            (Role::Warning, Style::BOLD),
            (Role::Error, Style::BOLD | Style::UNDERLINE),
            (Role::Border, Style::DIM),
            (Role::BorderFocus, Style::BOLD),
            (Role::Selection, Style::REVERSE),
            (Role::Prompt, Style::BOLD),
            (Role::GaugeEmpty, Style::DIM),
        ] {
            theme.styles[role as usize].attributes = attributes;
        }
        theme
    }

    /// The theme in `file`, on top of those it inherits; `find` looks one up by name. What a theme leaves out
    /// and does not inherit is the terminal's own. A bad line leaves its role as it was inherited.
    pub fn load(
        file: SourceFile,
        find: &dyn Fn(&str) -> Option<SourceFile>,
    ) -> (Theme, Vec<Problem>) {
        let mut problems = Vec::new();
        let files = lineage(file, find, &mut problems);
        let mut tables = Vec::new();
        for file in files.iter().rev() {
            match DeTable::parse(&file.text) {
                Ok(table) => tables.push((file, table)),
                Err(error) => problems.push(file.syntax(&error)),
            }
        }
        let mut palette = Palette::default();
        for (file, table) in &tables {
            if let Some(names) = section(file, table.get_ref(), "palette", &mut problems) {
                palette.overlay(file, names, &mut problems);
            }
        }
        let mut theme = Theme {
            styles: vec![Style::default(); ROLES.len()],
        };
        for (file, table) in &tables {
            unknown_keys(file, table.get_ref(), &mut problems);
            if let Some(roles) = section(file, table.get_ref(), "roles", &mut problems) {
                theme.overlay(file, roles, &palette, &mut problems);
            }
        }
        (theme, problems)
    }

    fn overlay(
        &mut self,
        file: &SourceFile,
        roles: &DeTable,
        palette: &Palette,
        problems: &mut Vec<Problem>,
    ) {
        for (name, value) in roles.iter() {
            let known = ROLES.iter().find(|(_, known)| known == name.get_ref());
            let Some((role, _)) = known else {
                let next = did_you_mean(name.get_ref(), ROLES.iter().map(|r| r.1), || {
                    let names: Vec<&str> = ROLES.iter().map(|r| r.1).collect();
                    format!("the roles are {}", names.join(", "))
                });
                let what = format!("unknown role `{}`", name.get_ref());
                problems.push(file.problem(name.span(), what, next));
                continue;
            };
            match colors::read_style(file, value, palette) {
                Ok(style) => self.styles[*role as usize] = style,
                Err(problem) => problems.push(problem),
            }
        }
    }
}

/// The file and those it inherits, nearest first. Stops at a theme that is missing or was met before.
fn lineage(
    file: SourceFile,
    find: &dyn Fn(&str) -> Option<SourceFile>,
    problems: &mut Vec<Problem>,
) -> Vec<SourceFile> {
    let mut files = vec![file];
    while let Some((parent, span)) = inherits(&files[files.len() - 1]) {
        let child = &files[files.len() - 1];
        // A user's theme may be named like an embedded one and inherit that.
        let found = match find(&parent) {
            Some(found) if found.path == child.path => embedded(&parent),
            found => found,
        };
        match found {
            None => {
                let next = did_you_mean(&parent, THEMES.iter().map(|t| t.0), || {
                    "the themes that are always there: default, night, paper".to_owned()
                });
                problems.push(child.problem(span, format!("no theme `{parent}`"), next));
                break;
            }
            Some(found) if files.iter().any(|file| file.path == found.path) => {
                let what = format!("`{parent}` inherits this theme in turn");
                problems.push(child.problem(span, what, "take one `inherits` out of the circle"));
                break;
            }
            Some(found) => files.push(found),
        }
    }
    files
}

fn inherits(file: &SourceFile) -> Option<(String, Range<usize>)> {
    let table = DeTable::parse(&file.text).ok()?;
    let value = table.get_ref().get("inherits")?;
    Some((value.get_ref().as_str()?.to_owned(), value.span()))
}

fn section<'a>(
    file: &SourceFile,
    table: &'a DeTable,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Option<&'a DeTable<'a>> {
    let value = table.get(name)?;
    let DeValue::Table(section) = value.get_ref() else {
        let what = format!("`{name}` is a table, not {}", value.get_ref().type_str());
        problems.push(file.problem(value.span(), what, format!("begin it with [{name}]")));
        return None;
    };
    Some(section)
}

fn unknown_keys(file: &SourceFile, table: &DeTable, problems: &mut Vec<Problem>) {
    const KEYS: [&str; 3] = ["inherits", "palette", "roles"];
    for (name, value) in table.iter() {
        if !KEYS.contains(&name.get_ref().as_ref()) {
            let next = did_you_mean(name.get_ref(), KEYS, || {
                "a theme has `inherits`, [palette] and [roles]".to_owned()
            });
            let what = format!("unknown key `{}`", name.get_ref());
            problems.push(file.problem(name.span(), what, next));
        } else if name.get_ref() == "inherits" && !value.get_ref().is_str() {
            let what = format!(
                "expected a theme's name, found {}",
                value.get_ref().type_str()
            );
            problems.push(file.problem(value.span(), what, "write \"default\""));
        }
    }
}

#[cfg(test)]
#[path = "theme_tests.rs"]
mod tests;
