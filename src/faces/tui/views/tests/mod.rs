//! Pictures of hand-made models. Each was looked at; a change in one is to be looked at again.

mod copying;
pub(in crate::faces::tui) mod inbox;
pub(in crate::faces::tui) mod learning;
mod pictures;
mod robust;
mod words;

use crate::config::{Loaded, Theme};
use crate::faces::tui::model::panes::Panes;
use crate::faces::tui::model::{Link, Mode, Model};
use crate::faces::tui::sanitise;
use crate::faces::tui::testing::{house, model, press, write};
use crate::faces::tui::update::{Cmd, Msg, Purpose, update};
use crate::faces::tui::views;
use crate::protocol::testing::{session, turn};
use crate::protocol::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

pub(super) fn draw(model: &Model) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(model.size.0, model.size.1)).unwrap();
    terminal
        .draw(|frame| {
            views::draw(model, frame.buffer_mut());
        })
        .unwrap();
    terminal.backend().buffer().clone()
}

pub(in crate::faces::tui) fn picture(model: &Model) -> String {
    let buffer = draw(model);
    let width = usize::from(buffer.area.width.max(1));
    let row = |cells: &[ratatui::buffer::Cell]| {
        let mut line = String::new();
        let mut skip = 0;
        for cell in cells {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
        }
        line.trim_end().to_owned()
    };
    buffer
        .content
        .chunks(width)
        .map(row)
        .collect::<Vec<_>>()
        .join("\n")
}

pub(super) fn offers() -> Vec<Offer> {
    let offer = |backend: Backend, label: &str, ready, detail: &str, models: &[&str]| Offer {
        backend,
        label: label.into(),
        ready,
        detail: detail.into(),
        models: models.iter().map(|m| (*m).to_owned()).collect(),
        command: vec![],
    };
    vec![
        offer(
            Backend::Claude,
            "Claude Code",
            true,
            "/usr/bin/claude",
            &["sonnet-5", "opus-5"],
        ),
        offer(
            Backend::OpenAi,
            "OpenAI API",
            false,
            "OPENAI_API_KEY is not set",
            &[],
        ),
        offer(Backend::Ollama, "Ollama", true, "3 models", &["qwen3:32b"]),
        offer(
            Backend::Terminal,
            "A shell, or any program",
            true,
            "/bin/zsh",
            &[],
        ),
    ]
}
