//! Lines, corners and blocks drawn as shapes: in a font they would leave gaps between the rows.

use super::svg::{HEIGHT, WIDTH};
use std::fmt::Write;

/// The shape of a character whose cell begins at `x`, `y`; `None`: the font draws it.
pub fn shape(c: char, x: f32, y: f32, color: u32) -> Option<String> {
    block(c, x, y, color).or_else(|| line(c, x, y, color))
}

/// Eighths of a cell that are filled from an edge, and shades.
fn block(c: char, x: f32, y: f32, color: u32) -> Option<String> {
    let code = c as u32;
    let rect = |left: f32, top: f32, width: f32, height: f32, opacity: f32| {
        let (left, top) = (x + left * WIDTH, y + top * HEIGHT);
        let (width, height) = (width * WIDTH, height * HEIGHT);
        let mut out = format!(
            "<rect x=\"{left:.2}\" y=\"{top:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" fill=\"#{color:06x}\""
        );
        if opacity < 1.0 {
            let _ = write!(out, " fill-opacity=\"{opacity}\"");
        }
        out + "/>\n"
    };
    let part = |n: u32| n as f32 / 8.0;
    Some(match code {
        0x2580 => rect(0.0, 0.0, 1.0, 0.5, 1.0),
        0x2581..=0x2588 => {
            let height = part(code - 0x2580);
            rect(0.0, 1.0 - height, 1.0, height, 1.0)
        }
        0x2589..=0x258f => rect(0.0, 0.0, part(0x2590 - code), 1.0, 1.0),
        0x2590 => rect(0.5, 0.0, 0.5, 1.0, 1.0),
        0x2591..=0x2593 => rect(0.0, 0.0, 1.0, 1.0, 0.25 * (code - 0x2590) as f32),
        0x2594 => rect(0.0, 0.0, 1.0, 0.125, 1.0),
        0x2595 => rect(0.875, 0.0, 0.125, 1.0, 1.0),
        _ => return None,
    })
}

/// Which arms a character of the box has (up, right, down, left), and whether it is heavy.
fn line(c: char, x: f32, y: f32, color: u32) -> Option<String> {
    let (arms, heavy) = match c {
        '─' | '╌' | '┄' => ("rl", false),
        '│' | '╎' | '┆' => ("ud", false),
        '┌' | '╭' => ("rd", false),
        '┐' | '╮' => ("ld", false),
        '└' | '╰' => ("ur", false),
        '┘' | '╯' => ("ul", false),
        '├' => ("urd", false),
        '┤' => ("uld", false),
        '┬' => ("rld", false),
        '┴' => ("url", false),
        '┼' => ("urld", false),
        '╴' => ("l", false),
        '╶' => ("r", false),
        '╵' => ("u", false),
        '╷' => ("d", false),
        '━' => ("rl", true),
        '┃' => ("ud", true),
        '┏' => ("rd", true),
        '┓' => ("ld", true),
        '┗' => ("ur", true),
        '┛' => ("ul", true),
        _ => return None,
    };
    let (middle_x, middle_y) = (x + WIDTH / 2.0, y + HEIGHT / 2.0);
    let mut path = String::new();
    for arm in arms.chars() {
        let (to_x, to_y) = match arm {
            'u' => (middle_x, y),
            'd' => (middle_x, y + HEIGHT),
            'l' => (x, middle_y),
            _ => (x + WIDTH, middle_y),
        };
        let _ = write!(path, "M{middle_x:.2} {middle_y:.2}L{to_x:.2} {to_y:.2}");
    }
    let width = if heavy { 2.4 } else { 1.2 };
    Some(format!(
        "<path d=\"{path}\" stroke=\"#{color:06x}\" stroke-width=\"{width}\" stroke-linecap=\"square\"/>\n"
    ))
}
