//! A screen as a picture: one SVG that needs no font, file or script but what any viewer has.

use super::svg_lines::{self, Paint};
use alacritty_terminal::{
    Term,
    grid::Dimensions,
    index::{Column, Line},
    term::{
        TermMode,
        cell::{Cell, Flags},
    },
    vte::ansi::{Color, NamedColor},
};
use std::fmt::Write;

/// The size of a cell, in units of the picture.
pub const WIDTH: f32 = 8.4;
pub const HEIGHT: f32 = 18.0;
const MARGIN: f32 = 14.0;
const FONT: f32 = 14.0;

const FOREGROUND: u32 = 0xd8dee9;
const BACKGROUND: u32 = 0x16181d;
/// The sixteen colours that a theme names, in their order.
const PALETTE: [u32; 16] = [
    0x2b303b, 0xe06c75, 0x98c379, 0xe5c07b, 0x61afef, 0xc678dd, 0x56b6c2, 0xc8ccd4, //
    0x6b7280, 0xf28b95, 0xb5e090, 0xf5d896, 0x8cc8ff, 0xdc9cf0, 0x7fd5df, 0xffffff,
];

/// How a cell looks, apart from its character.
#[derive(Clone, Copy, PartialEq)]
struct Look {
    front: u32,
    back: u32,
    bold: bool,
    italic: bool,
    underline: bool,
    strike: bool,
}

/// The screen of `term`, its cursor included where it is shown.
pub fn svg<T>(term: &Term<T>) -> String {
    let (cols, rows) = (term.columns(), term.screen_lines());
    let (wide, high) = (
        cols as f32 * WIDTH + 2.0 * MARGIN,
        rows as f32 * HEIGHT + 2.0 * MARGIN,
    );
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide:.1} {high:.1}\" font-size=\"{FONT}\" \
         font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#{BACKGROUND:06x}\"/>\n\
         <g transform=\"translate({MARGIN} {MARGIN})\" xml:space=\"preserve\">\n"
    );
    let cursor = term.grid().cursor.point;
    let shown = term.mode().contains(TermMode::SHOW_CURSOR);
    for row in 0..rows {
        let cell_at = |column: usize| &term.grid()[Line(row as i32)][Column(column)];
        let look_at = |column: usize| {
            let look = look(cell_at(column));
            let here = shown && cursor.line.0 == row as i32 && cursor.column.0 == column;
            if here {
                Look {
                    front: look.back,
                    back: look.front,
                    ..look
                }
            } else {
                look
            }
        };
        let mut column = 0;
        while column < cols {
            let start = column;
            let look = look_at(start);
            while column < cols && look_at(column) == look {
                column += 1;
            }
            let cells: Vec<&Cell> = (start..column).map(cell_at).collect();
            background(&mut out, look, start, column, row);
            foreground(&mut out, look, &cells, start, row);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn background(out: &mut String, look: Look, start: usize, end: usize, row: usize) {
    if look.back != BACKGROUND {
        let (x, y) = (start as f32 * WIDTH, row as f32 * HEIGHT);
        let width = (end - start) as f32 * WIDTH;
        let _ = writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{HEIGHT}\" shape-rendering=\"crispEdges\" fill=\"#{:06x}\"/>",
            look.back
        );
    }
}

/// Text in runs without gaps, each placed by its column, so that no font can shift it; lines and blocks as
/// shapes, so that no font can tear them.
fn foreground(out: &mut String, look: Look, cells: &[&Cell], start: usize, row: usize) {
    let mut run = Run::default();
    let mut shapes: Vec<(Paint, String)> = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        if cell
            .flags
            .intersects(Flags::WIDE_CHAR_SPACER | Flags::LEADING_WIDE_CHAR_SPACER)
        {
            continue;
        }
        let (x, y) = ((start + index) as f32 * WIDTH, row as f32 * HEIGHT);
        if let Some((paint, path)) = svg_lines::shape(cell.c, x, y) {
            run.flush(out, look, row);
            match shapes.iter_mut().find(|(known, _)| *known == paint) {
                Some((_, all)) => all.push_str(&path),
                None => shapes.push((paint, path)),
            }
            continue;
        }
        let wide = cell.flags.contains(Flags::WIDE_CHAR);
        // Underlined blanks are seen; of others one may stand between words.
        let blank = cell.c == ' ' && !look.underline;
        if wide || (blank && (run.text.is_empty() || run.text.ends_with(' '))) {
            run.flush(out, look, row);
        }
        if blank && run.text.is_empty() {
            continue;
        }
        if run.text.is_empty() {
            run.column = start + index;
        }
        run.text.push(cell.c);
        run.text.extend(cell.zerowidth().into_iter().flatten());
        run.cells = start + index + if wide { 2 } else { 1 } - run.column;
        if wide {
            run.flush(out, look, row);
        }
    }
    run.flush(out, look, row);
    for (paint, path) in shapes {
        let _ = match paint {
            Paint::Stroke(width) => writeln!(
                out,
                "<path d=\"{path}\" fill=\"none\" stroke=\"#{:06x}\" stroke-width=\"{width}\" stroke-linecap=\"square\"/>",
                look.front
            ),
            Paint::Fill(opacity) => {
                writeln!(
                    out,
                    "<path d=\"{path}\" fill=\"#{:06x}\" fill-opacity=\"{opacity}\"/>",
                    look.front
                )
            }
        };
    }
}

/// Text that is being collected.
#[derive(Default)]
struct Run {
    text: String,
    column: usize,
    /// The cells it takes.
    cells: usize,
}

impl Run {
    fn flush(&mut self, out: &mut String, look: Look, row: usize) {
        let kept = if look.underline {
            &self.text[..]
        } else {
            self.text.trim_end()
        };
        if !kept.is_empty() {
            let cells = self.cells - (self.text.len() - kept.len());
            text(out, look, kept, self.column, cells, row);
        }
        self.text.clear();
    }
}

fn text(out: &mut String, look: Look, run: &str, column: usize, cells: usize, row: usize) {
    let x = svg_lines::number(column as f32 * WIDTH);
    let y = svg_lines::number(row as f32 * HEIGHT + HEIGHT * 0.72);
    let width = svg_lines::number(cells as f32 * WIDTH);
    let _ = write!(
        out,
        "<text x=\"{x}\" y=\"{y}\" textLength=\"{width}\" lengthAdjust=\"spacingAndGlyphs\" fill=\"#{:06x}\"",
        look.front
    );
    for (there, attribute) in [
        (look.bold, " font-weight=\"bold\""),
        (look.italic, " font-style=\"italic\""),
        (look.underline, " text-decoration=\"underline\""),
        (look.strike, " text-decoration=\"line-through\""),
    ] {
        if there {
            out.push_str(attribute);
        }
    }
    let _ = writeln!(out, ">{}</text>", escape(run));
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn look(cell: &Cell) -> Look {
    let bold = cell.flags.contains(Flags::BOLD);
    let mut front = rgb(cell.fg);
    let mut back = rgb(cell.bg);
    if cell.flags.contains(Flags::INVERSE) {
        (front, back) = (back, front);
    }
    if cell.flags.contains(Flags::DIM) {
        front = mix(front, back);
    }
    if cell.flags.contains(Flags::HIDDEN) {
        front = back;
    }
    Look {
        front,
        back,
        bold,
        italic: cell.flags.contains(Flags::ITALIC),
        underline: cell.flags.intersects(Flags::ALL_UNDERLINES),
        strike: cell.flags.contains(Flags::STRIKEOUT),
    }
}

/// Six parts of one colour, four of the other.
fn mix(front: u32, back: u32) -> u32 {
    [16, 8, 0].iter().fold(0, |sum, shift| {
        let part = |color: u32| (color >> shift) & 0xff;
        sum | (((part(front) * 6 + part(back) * 4) / 10) << shift)
    })
}

fn rgb(color: Color) -> u32 {
    match color {
        Color::Spec(rgb) => u32::from(rgb.r) << 16 | u32::from(rgb.g) << 8 | u32::from(rgb.b),
        Color::Indexed(index) => indexed(index),
        Color::Named(name) => match name {
            NamedColor::Background => BACKGROUND,
            name if (name as usize) < 16 => PALETTE[name as usize],
            name if (NamedColor::DimBlack as usize..=NamedColor::DimWhite as usize)
                .contains(&(name as usize)) =>
            {
                mix(
                    PALETTE[name as usize - NamedColor::DimBlack as usize],
                    BACKGROUND,
                )
            }
            NamedColor::DimForeground => mix(FOREGROUND, BACKGROUND),
            _ => FOREGROUND,
        },
    }
}

/// The sixteen named, a cube of 6 by 6 by 6, and 24 greys.
fn indexed(index: u8) -> u32 {
    let index = u32::from(index);
    match index {
        0..16 => PALETTE[index as usize],
        16..232 => {
            let step = |n: u32| if n == 0 { 0 } else { 55 + 40 * n };
            let cube = index - 16;
            step(cube / 36) << 16 | step(cube / 6 % 6) << 8 | step(cube % 6)
        }
        _ => (8 + 10 * (index - 232)) * 0x01_01_01,
    }
}
