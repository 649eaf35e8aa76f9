//! Dialogs. They lie in a stack; the uppermost has the keys, and consumes each or lets it pass to the one below.

pub mod broadcast;
pub mod confirm;
pub mod fork;
pub mod fuzzy;
pub mod help;
pub mod inbox;
mod inbox_lines;
mod inbox_words;
pub mod learning;
pub mod picker;
pub mod spawn;
mod spawn_view;
pub mod stats;
pub mod window;

use crate::config::{Action, Chord};
use crate::faces::tui::model::Model;
use crate::faces::tui::update::Cmd;
use crate::faces::tui::views::look::Look;
use ratatui::buffer::Buffer;
use ratatui::crossterm::event::KeyEvent;
use ratatui::layout::{Position, Rect};

/// One dialog.
pub enum Layer {
    Help(help::Help),
    Inbox(inbox::Inbox),
    Spawn(spawn::SpawnDialog),
    Fork(fork::ForkDialog),
    Broadcast(broadcast::BroadcastDialog),
    Confirm(confirm::Confirm),
    Picker(picker::Picker),
    Stats(stats::StatsView),
    Learning(learning::LearningView),
}

impl Layer {
    /// Whether it makes sessions, and closes once they are there.
    pub fn creates(&self) -> bool {
        match self {
            Layer::Spawn(dialog) => dialog.asked,
            Layer::Fork(dialog) => dialog.asked,
            _ => false,
        }
    }

    /// The sessions were refused: the dialog may be mended and sent again.
    pub fn refused(&mut self) {
        match self {
            Layer::Spawn(dialog) => dialog.asked = false,
            Layer::Fork(dialog) => dialog.asked = false,
            _ => {}
        }
    }
}

/// What becomes of a dialog after a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Keep,
    Close,
    /// Closes, and does this.
    Act(Action),
    /// Not ours.
    Pass,
}

/// Gives a key to a dialog. `model` is without this dialog meanwhile.
pub fn key(
    layer: &mut Layer,
    model: &mut Model,
    chord: Option<Chord>,
    event: KeyEvent,
    cmds: &mut Vec<Cmd>,
) -> Verdict {
    let Some(chord) = chord else {
        return Verdict::Keep;
    };
    match layer {
        Layer::Help(help) => help.key(model, chord),
        Layer::Inbox(inbox) => inbox.key(model, chord, cmds),
        Layer::Spawn(dialog) => dialog.key(model, chord, cmds),
        Layer::Fork(dialog) => dialog.key(model, chord, cmds),
        Layer::Broadcast(dialog) => dialog.key(model, chord, event, cmds),
        Layer::Confirm(confirm) => confirm.key(chord, cmds),
        Layer::Picker(picker) => picker.key(model, chord, cmds),
        Layer::Stats(stats) => stats.key(chord),
        Layer::Learning(learning) => learning.key(model, chord, cmds),
    }
}

pub fn paste(layer: &mut Layer, text: &str) {
    match layer {
        Layer::Spawn(dialog) => dialog.paste(text),
        Layer::Fork(dialog) => dialog.paste(text),
        Layer::Broadcast(dialog) => dialog.paste(text),
        Layer::Picker(picker) => picker.field.insert(text),
        Layer::Inbox(inbox) => inbox.paste(text),
        Layer::Help(_) | Layer::Confirm(_) | Layer::Stats(_) | Layer::Learning(_) => {}
    }
}

/// Draws a dialog over `area`. Returns where the cursor belongs, if it has one.
pub fn draw(
    layer: &Layer,
    model: &Model,
    look: &Look,
    area: Rect,
    buf: &mut Buffer,
) -> Option<Position> {
    match layer {
        Layer::Help(help) => help.draw(model, look, area, buf),
        Layer::Spawn(dialog) => return dialog.draw(model, look, area, buf),
        Layer::Fork(dialog) => return dialog.draw(model, look, area, buf),
        Layer::Broadcast(dialog) => return dialog.draw(model, look, area, buf),
        Layer::Confirm(confirm) => confirm.draw(look, area, buf),
        Layer::Inbox(inbox) => return inbox.draw(model, look, area, buf),
        Layer::Picker(picker) => return picker.draw(model, look, area, buf),
        Layer::Stats(stats) => stats.draw(look, area, buf),
        Layer::Learning(learning) => learning.draw(model, look, area, buf),
    }
    None
}
