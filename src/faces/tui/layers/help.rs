//! All keys, made from the table of actions and the keymap in force.

use crate::config::{ACTIONS, Action, Chord, Context, Key};
use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::window::{row, window};
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::text::wrap::fit;
use crate::faces::tui::views::draw::put;
use crate::faces::tui::views::look::Look;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// How far down one has read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Help {
    top: usize,
}

/// A line of help: keys and what they do; without keys a heading or a blank.
struct Entry {
    keys: String,
    text: String,
}

fn entries(model: &Model) -> Vec<Entry> {
    let heading = |text: &str| Entry {
        keys: String::new(),
        text: text.to_owned(),
    };
    let mut out = Vec::new();
    let mut contexts = [
        (Context::Normal, "Normal mode"),
        (Context::Found, "While a word is searched for"),
        (Context::Copy, "Copy mode"),
        (Context::Insert, "While you write"),
    ];
    if model.mode == Mode::Copy {
        contexts.sort_by_key(|(context, _)| *context != Context::Copy);
    }
    for (context, title) in contexts {
        if !out.is_empty() {
            out.push(heading(""));
        }
        out.push(heading(title));
        for row in ACTIONS.iter().filter(|row| row.context == context) {
            let chords = model.keymap.chords(row.action);
            let keys: Vec<String> = chords.iter().map(Chord::to_string).collect();
            let keys = if keys.is_empty() {
                format!(":{}", row.name)
            } else {
                keys.join("  ")
            };
            out.push(Entry {
                keys,
                text: row.sentence.to_owned(),
            });
        }
    }
    let newline = match model.keyboard {
        true => "shift-enter  alt-enter  ctrl-j",
        false => "ctrl-j  alt-enter",
    };
    for (keys, text) in [
        ("enter", "Send the prompt"),
        (newline, "Begin a new line"),
        (
            "/attach PATH",
            "Send an image along; backspace takes it away",
        ),
        ("up", "On the first line: bring back an earlier prompt"),
        ("pageup  pagedown", "Read the conversation while you write"),
        (
            "ctrl-u  ctrl-w  ctrl-z",
            "Delete to the left, delete a word, undo",
        ),
        ("esc", "Leave the composer (a terminal gets esc itself)"),
        (
            "ctrl-c",
            "Clear the draft; with none, interrupt the running turn",
        ),
        (
            "mouse",
            "In a terminal: drag, double or triple click to copy; ctrl opens a link",
        ),
        (
            "alt and mouse",
            "In a terminal: drag a rectangle to copy it",
        ),
        ("shift and mouse", "Select text, as your terminal does it"),
    ] {
        out.push(Entry {
            keys: keys.to_owned(),
            text: text.to_owned(),
        });
    }
    out
}

impl Help {
    pub fn key(&mut self, model: &Model, chord: Chord) -> Verdict {
        let action = model.keymap.action(Context::Normal, chord);
        match (chord.key, action) {
            (Key::Esc | Key::Enter | Key::Char('q'), _) | (_, Some(Action::Help)) => {
                return Verdict::Close;
            }
            (Key::Down | Key::Char('j'), _) => self.top += 1,
            (Key::Up | Key::Char('k'), _) => self.top = self.top.saturating_sub(1),
            (Key::PageDown | Key::Char(' '), _) | (_, Some(Action::ScrollDown)) => self.top += 10,
            (Key::PageUp, _) | (_, Some(Action::ScrollUp)) => {
                self.top = self.top.saturating_sub(10)
            }
            (Key::Home | Key::Char('g'), _) => self.top = 0,
            (Key::End | Key::Char('G'), _) => self.top = usize::MAX / 2,
            _ if chord.ctrl => return Verdict::Pass,
            _ => {}
        }
        self.top = self.top.min(entries(model).len().saturating_sub(1));
        Verdict::Keep
    }

    pub fn draw(&self, model: &Model, look: &Look, area: Rect, buf: &mut Buffer) {
        let entries = entries(model);
        let size = (
            76,
            u16::try_from(entries.len())
                .unwrap_or(u16::MAX)
                .min(area.height.saturating_sub(4)),
        );
        let inside = window(look, area, buf, "keys", "j k scroll · esc close", size);
        let height = usize::from(inside.height);
        let top = self.top.min(entries.len().saturating_sub(height));
        for (i, entry) in entries.iter().skip(top).take(height).enumerate() {
            let line = row(inside, i as u16);
            let width = usize::from(line.width);
            if entry.keys.is_empty() {
                put(buf, line.x, line.y, &fit(&entry.text, width), look.title);
                continue;
            }
            put(buf, line.x, line.y, &fit(&entry.keys, width), look.accent);
            let indent = (entry.keys.chars().count() + 2).max(20);
            if indent < width {
                let x = line.x + indent as u16;
                put(buf, x, line.y, &fit(&entry.text, width - indent), look.text);
            }
        }
        let below = entries.len().saturating_sub(top + height);
        if below > 0 && inside.height > 0 {
            let last = row(inside, inside.height - 1);
            // Apart from what stands below it.
            crate::faces::tui::layers::window::note(look, last, buf, &format!("  ↓ {below} more"));
        }
    }
}
