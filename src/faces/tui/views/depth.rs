//! The colours that our own terminal has, and the nearest ones to those that it does not have.

use ratatui::buffer::Cell;
use ratatui::style::Color;

/// How many colours there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// 24 bits.
    #[default]
    True,
    /// The palette of 256.
    Palette,
    /// The sixteen named ones.
    Named,
}

impl Depth {
    /// What the environment promises: `COLORTERM` or a `TERM` that ends in `-direct`, and else by `TERM`.
    pub fn of(env: &dyn Fn(&str) -> Option<String>) -> Depth {
        let (color, term) = (env("COLORTERM"), env("TERM").unwrap_or_default());
        let promised = matches!(color.as_deref(), Some("truecolor" | "24bit"));
        if promised || term.ends_with("-direct") {
            return Depth::True;
        }
        let rich = [
            "256color",
            "kitty",
            "ghostty",
            "alacritty",
            "foot",
            "wezterm",
        ];
        match rich.iter().any(|word| term.contains(word)) {
            true => Depth::Palette,
            false => Depth::Named,
        }
    }

    /// Gives cells colours that there are. What was found last is found first: neighbours look alike, and a
    /// screen has thousands.
    pub fn fit(self, cells: &mut [Cell]) {
        if self == Depth::True {
            return;
        }
        let mut last = [(Color::Reset, Color::Reset); 3];
        for cell in cells {
            let colors = [&mut cell.fg, &mut cell.bg, &mut cell.underline_color];
            for (color, last) in colors.into_iter().zip(&mut last) {
                if last.0 != *color {
                    *last = (*color, self.nearest(*color));
                }
                *color = last.1;
            }
        }
    }

    fn nearest(self, color: Color) -> Color {
        match (self, color) {
            (Depth::True, color) => color,
            (Depth::Palette, Color::Rgb(r, g, b)) => Color::Indexed(palette(r, g, b)),
            (Depth::Named, Color::Rgb(r, g, b)) => Color::Indexed(named(r, g, b)),
            (Depth::Named, Color::Indexed(index @ 16..)) => {
                let (r, g, b) = of_palette(index);
                Color::Indexed(named(r, g, b))
            }
            (_, color) => color,
        }
    }
}

/// The steps of each channel in the cube of 216 colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let square = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    square(a.0, b.0) + square(a.1, b.1) + square(a.2, b.2)
}

/// The colour of an index above the sixteen named ones, whose colours are the user's own.
fn of_palette(index: u8) -> (u8, u8, u8) {
    if index >= 232 {
        let grey = 8 + 10 * (index - 232);
        return (grey, grey, grey);
    }
    let cube = usize::from(index.saturating_sub(16));
    (STEPS[cube / 36], STEPS[cube / 6 % 6], STEPS[cube % 6])
}

fn palette(r: u8, g: u8, b: u8) -> u8 {
    let step = |value: u8| {
        let near = |i: &usize| STEPS[*i].abs_diff(value);
        (0..6).min_by_key(near).unwrap_or(0) as u8
    };
    let cube = 16 + 36 * step(r) + 6 * step(g) + step(b);
    let mean = (u16::from(r) + u16::from(g) + u16::from(b)) / 3;
    let grey = 232 + (mean.saturating_sub(3) / 10).min(23) as u8;
    let far = |index: u8| distance(of_palette(index), (r, g, b));
    if far(grey) < far(cube) { grey } else { cube }
}

/// The sixteen as most terminals have them.
const NAMED: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (170, 0, 0),
    (0, 170, 0),
    (170, 85, 0),
    (0, 0, 170),
    (170, 0, 170),
    (0, 170, 170),
    (170, 170, 170),
    (85, 85, 85),
    (255, 85, 85),
    (85, 255, 85),
    (255, 255, 85),
    (85, 85, 255),
    (255, 85, 255),
    (85, 255, 255),
    (255, 255, 255),
];

fn named(r: u8, g: u8, b: u8) -> u8 {
    let near = |i: &u8| distance(NAMED[usize::from(*i)], (r, g, b));
    (0..16).min_by_key(near).unwrap_or(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_colours_are_taken() {
        for (rgb, palette, named) in [
            ((0, 0, 0), 16, 0),
            ((255, 255, 255), 231, 15),
            ((255, 0, 0), 196, 1),
            ((30, 30, 46), 235, 0),
            ((128, 128, 128), 244, 7),
            ((137, 180, 250), 111, 7),
            ((250, 90, 90), 203, 9),
        ] {
            let (r, g, b) = rgb;
            let color = Color::Rgb(r, g, b);
            assert_eq!(
                Depth::Palette.nearest(color),
                Color::Indexed(palette),
                "{rgb:?}"
            );
            assert_eq!(
                Depth::Named.nearest(color),
                Color::Indexed(named),
                "{rgb:?}"
            );
            assert_eq!(Depth::True.nearest(color), color);
        }
        assert_eq!(
            Depth::Palette.nearest(Color::Indexed(200)),
            Color::Indexed(200)
        );
        assert_eq!(Depth::Named.nearest(Color::Indexed(196)), Color::Indexed(1));
        assert_eq!(Depth::Named.nearest(Color::Indexed(9)), Color::Indexed(9));
        assert_eq!(Depth::Named.nearest(Color::Reset), Color::Reset);
    }

    #[test]
    fn what_the_environment_promises_is_believed() {
        for (color, term, depth) in [
            (Some("truecolor"), "xterm", Depth::True),
            (Some("24bit"), "linux", Depth::True),
            (None, "xterm-direct", Depth::True),
            (None, "xterm-256color", Depth::Palette),
            (Some(""), "screen-256color", Depth::Palette),
            (None, "xterm-kitty", Depth::Palette),
            (None, "linux", Depth::Named),
            (None, "", Depth::Named),
        ] {
            let env = |name: &str| match name {
                "COLORTERM" => color.map(str::to_owned),
                _ => Some(term.to_owned()),
            };
            assert_eq!(Depth::of(&env), depth, "{color:?} {term}");
        }
    }
}
