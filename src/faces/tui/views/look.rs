//! The theme's roles as ratatui styles.

use crate::config::{Role, Theme};
use crate::faces::tui::text::markdown::Palette;
use crate::protocol;
use ratatui::style::{Color, Modifier, Style};

/// Every role once, ready to paint with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Look {
    pub text: Style,
    pub dim: Style,
    pub accent: Style,
    pub title: Style,
    pub good: Style,
    pub warning: Style,
    pub error: Style,
    pub border: Style,
    pub border_focus: Style,
    pub selection: Style,
    pub prompt: Style,
    pub code: Style,
    pub gauge: Style,
    pub gauge_empty: Style,
}

impl Look {
    pub fn of(theme: &Theme) -> Look {
        let role = |role| style(theme.style(role));
        Look {
            text: role(Role::Text),
            dim: role(Role::Dim),
            accent: role(Role::Accent),
            title: role(Role::Title),
            good: role(Role::Good),
            warning: role(Role::Warning),
            error: role(Role::Error),
            border: role(Role::Border),
            border_focus: role(Role::BorderFocus),
            selection: role(Role::Selection),
            prompt: role(Role::Prompt),
            code: role(Role::Code),
            gauge: role(Role::Gauge),
            gauge_empty: role(Role::GaugeEmpty),
        }
    }

    /// How markdown looks.
    pub fn markdown(&self) -> Palette {
        Palette {
            text: self.text,
            dim: self.dim,
            heading: self.title,
            code: self.code,
            quote: self.dim.add_modifier(Modifier::ITALIC),
            link: self.text.add_modifier(Modifier::UNDERLINED),
        }
    }

    /// A style's attributes without its colours, for what stands on a selection.
    pub fn bare(&self, style: Style) -> Style {
        Style {
            fg: None,
            bg: None,
            underline_color: None,
            ..style
        }
        .remove_modifier(Modifier::DIM)
    }
}

/// A style of the protocol as ratatui has it. No colour is the terminal's own.
pub fn style(from: protocol::Style) -> Style {
    let mut style = Style::new();
    if let Some(color) = from.fg {
        style = style.fg(self::color(color));
    }
    if let Some(color) = from.bg {
        style = style.bg(self::color(color));
    }
    if let Some(color) = from.underline {
        style = style.underline_color(self::color(color));
    }
    for (bit, modifier) in [
        (protocol::Style::BOLD, Modifier::BOLD),
        (protocol::Style::DIM, Modifier::DIM),
        (protocol::Style::ITALIC, Modifier::ITALIC),
        (protocol::Style::UNDERLINE, Modifier::UNDERLINED),
        (protocol::Style::REVERSE, Modifier::REVERSED),
        (protocol::Style::STRIKE, Modifier::CROSSED_OUT),
        (protocol::Style::HIDDEN, Modifier::HIDDEN),
    ] {
        if from.attributes & bit != 0 {
            style = style.add_modifier(modifier);
        }
    }
    style
}

fn color(from: protocol::Color) -> Color {
    match from {
        protocol::Color::Indexed(index) => Color::Indexed(index),
        protocol::Color::Rgb(red, green, blue) => Color::Rgb(red, green, blue),
    }
}
