//! Where links stand on the whole screen, so that our own terminal can be told (OSC 8).

use crate::faces::tui::model::{Model, layout, links};
use crate::faces::tui::update::shown;
use ratatui::buffer::{Buffer, CellDiffOption};
use std::collections::HashMap;
use std::sync::Arc;

/// The target of each cell that is part of a link, by column and row.
pub type Targets = HashMap<(u16, u16), Arc<str>>;

/// Has the cells of links drawn in each frame: two may look the same, and only drawing tells which one it is.
pub fn draw_always(targets: &Targets, buf: &mut Buffer) {
    for at in targets.keys() {
        if let Some(cell) = buf.cell_mut(*at) {
            cell.set_diff_option(CellDiffOption::AlwaysUpdate);
        }
    }
}

/// All links that can be seen; none while a dialog lies above.
pub fn targets(model: &Model) -> Targets {
    let mut targets = Targets::new();
    if !model.layers.is_empty() {
        return targets;
    }
    for pane in layout::screen(model).panes {
        let Some(view) = shown(model, pane.session) else {
            continue;
        };
        let area = layout::terminal(pane.rect);
        for (line, y) in view.lines.iter().zip(area.top()..area.bottom()) {
            for link in links::on_line(line) {
                let target: Arc<str> = link.target.into();
                let columns = link.first..=link.last.min(area.width.saturating_sub(1));
                for col in columns {
                    targets.insert((area.x + col, y), target.clone());
                }
            }
        }
    }
    targets
}
