//! Lines, corners and blocks drawn as shapes: in a font they would leave gaps between the rows.

use super::svg::{HEIGHT, WIDTH};

/// How shapes are painted; those alike can share one path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Paint {
    /// A line of this width.
    Stroke(f32),
    /// A surface of this opacity.
    Fill(f32),
}

/// The path of a character whose cell begins at `x`, `y`; `None`: the font draws it.
pub fn shape(c: char, x: f32, y: f32) -> Option<(Paint, String)> {
    block(c, x, y).or_else(|| line(c, x, y))
}

/// Path data: what `words` says, with coordinates in as few digits as they need.
pub fn number(value: f32) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Eighths of a cell that are filled from an edge, and shades.
fn block(c: char, x: f32, y: f32) -> Option<(Paint, String)> {
    let code = c as u32;
    let part = |n: u32| n as f32 / 8.0;
    // Left, top, width and height as shares of the cell, and opacity.
    let (left, top, width, height, opacity) = match code {
        0x2580 => (0.0, 0.0, 1.0, 0.5, 1.0),
        0x2581..=0x2588 => (
            0.0,
            1.0 - part(code - 0x2580),
            1.0,
            part(code - 0x2580),
            1.0,
        ),
        0x2589..=0x258f => (0.0, 0.0, part(0x2590 - code), 1.0, 1.0),
        0x2590 => (0.5, 0.0, 0.5, 1.0, 1.0),
        0x2591..=0x2593 => (0.0, 0.0, 1.0, 1.0, part(2 * (code - 0x2590))),
        0x2594 => (0.0, 0.0, 1.0, part(1), 1.0),
        0x2595 => (part(7), 0.0, part(1), 1.0, 1.0),
        _ => return None,
    };
    let (left, top) = (number(x + left * WIDTH), number(y + top * HEIGHT));
    let (width, height) = (number(width * WIDTH), number(height * HEIGHT));
    Some((
        Paint::Fill(opacity),
        format!("M{left} {top}h{width}v{height}h-{width}z"),
    ))
}

/// Which arms a character has (up, right, down, left), and how it is drawn.
fn line(c: char, x: f32, y: f32) -> Option<(Paint, String)> {
    let (arms, round, width) = match c {
        '─' | '╌' | '┄' => ("lr", false, 1.2),
        '│' | '╎' | '┆' => ("ud", false, 1.2),
        '┌' => ("rd", false, 1.2),
        '┐' => ("ld", false, 1.2),
        '└' => ("ur", false, 1.2),
        '┘' => ("ul", false, 1.2),
        '╭' => ("rd", true, 1.2),
        '╮' => ("ld", true, 1.2),
        '╰' => ("ur", true, 1.2),
        '╯' => ("ul", true, 1.2),
        '├' => ("urd", false, 1.2),
        '┤' => ("uld", false, 1.2),
        '┬' => ("rld", false, 1.2),
        '┴' => ("url", false, 1.2),
        '┼' => ("urld", false, 1.2),
        '╴' => ("l", false, 1.2),
        '╶' => ("r", false, 1.2),
        '╵' => ("u", false, 1.2),
        '╷' => ("d", false, 1.2),
        '━' => ("lr", false, 2.4),
        '┃' => ("ud", false, 2.4),
        '┏' => ("rd", false, 2.4),
        '┓' => ("ld", false, 2.4),
        '┗' => ("ur", false, 2.4),
        '┛' => ("ul", false, 2.4),
        _ => return None,
    };
    let middle = (x + WIDTH / 2.0, y + HEIGHT / 2.0);
    let end = |arm: char| match arm {
        'u' => (middle.0, y),
        'd' => (middle.0, y + HEIGHT),
        'l' => (x, middle.1),
        _ => (x + WIDTH, middle.1),
    };
    let at = |(x, y): (f32, f32)| format!("{} {}", number(x), number(y));
    let ends: Vec<String> = arms.chars().map(|arm| at(end(arm))).collect();
    let path = match (&ends[..], arms) {
        ([from, to], "lr" | "ud") => format!("M{from}L{to}"),
        ([from, to], _) if round => format!("M{from}Q{} {to}", at(middle)),
        _ => ends
            .iter()
            .map(|to| format!("M{}L{to}", at(middle)))
            .collect(),
    };
    Some((Paint::Stroke(width), path))
}
