//! What was used, spent and thought of it.

use crate::config::{Chord, Key};
use crate::faces::tui::layers::Verdict;
use crate::faces::tui::layers::window::{row, window};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::figures;
use crate::faces::tui::text::wrap::fit;
use crate::faces::tui::views::draw::put;
use crate::faces::tui::views::look::Look;
use crate::protocol::{Stats, StatsRow};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// The figures, and how far down one has read.
#[derive(Clone, Debug)]
pub struct StatsView {
    stats: Stats,
    top: usize,
}

impl StatsView {
    pub fn new(stats: Stats) -> StatsView {
        StatsView { stats, top: 0 }
    }

    pub fn key(&mut self, chord: Chord) -> Verdict {
        let last = self.lines(&Look::default()).len().saturating_sub(1);
        match chord.key {
            Key::Esc | Key::Enter | Key::Char('q' | 'S') => return Verdict::Close,
            Key::Down | Key::Char('j') => self.top += 1,
            Key::Up | Key::Char('k') => self.top = self.top.saturating_sub(1),
            Key::PageDown | Key::Char(' ') => self.top += 10,
            Key::PageUp => self.top = self.top.saturating_sub(10),
            _ if chord.ctrl => return Verdict::Pass,
            _ => {}
        }
        self.top = self.top.min(last);
        Verdict::Keep
    }

    fn lines(&self, look: &Look) -> Vec<(String, Style)> {
        let stats = &self.stats;
        let total = &stats.total;
        let mut lines = vec![(
            format!(
                "{}   {} {}   {} failed   {}",
                total.cost,
                total.turns,
                if total.turns == 1 { "turn" } else { "turns" },
                total.failed,
                good(total)
            ),
            look.title,
        )];
        if let Some(share) = total.usage.cached_share() {
            let usage = &total.usage;
            let text = format!(
                "{} in · {} out · {} cached",
                figures::tokens(usage.total_input()),
                figures::tokens(usage.total_output()),
                figures::percent(share),
            );
            lines.push((text, look.dim));
        }
        if stats.suggested > 0 {
            let text = format!(
                "suggestions shown {}, followed {}",
                stats.suggested, stats.followed
            );
            lines.push((text, look.dim));
        }
        let days: Vec<&StatsRow> = {
            let mut days: Vec<&StatsRow> = stats.by_day.iter().collect();
            days.sort_by(|a, b| b.name.cmp(&a.name));
            days
        };
        for (title, rows) in [
            ("by model", stats.by_model.iter().collect()),
            ("by category", stats.by_category.iter().collect()),
            ("by day", days),
        ] {
            // A day on which nothing was asked says nothing.
            let rows: Vec<&StatsRow> = rows.into_iter().filter(|row| row.turns > 0).collect();
            if rows.is_empty() {
                continue;
            }
            lines.push((String::new(), look.text));
            let head = format!(
                "{title:<24}{:>7} {:>10}  {:<18}{:>8}",
                "turns", "cost", "good", "first"
            );
            lines.push((head, look.dim));
            lines.extend(rows.into_iter().map(|row| (line(row), look.text)));
        }
        lines
    }

    pub fn draw(&self, look: &Look, area: Rect, buf: &mut Buffer) {
        let lines = self.lines(look);
        let title = match self.stats.days {
            1 => "statistics · 1 day".to_owned(),
            days => format!("statistics · {days} days"),
        };
        let height = u16::try_from(lines.len())
            .unwrap_or(u16::MAX)
            .min(area.height.saturating_sub(4));
        let inside = window(
            look,
            area,
            buf,
            &title,
            "j k scroll · esc close",
            (76, height),
        );
        let top = self
            .top
            .min(lines.len().saturating_sub(usize::from(inside.height)));
        for (i, (text, style)) in lines
            .iter()
            .skip(top)
            .take(usize::from(inside.height))
            .enumerate()
        {
            let at = row(inside, i as u16);
            put(buf, at.x, at.y, &fit(text, usize::from(at.width)), *style);
        }
    }
}

fn line(row: &StatsRow) -> String {
    let name = fit(&sanitise::line(&row.name), 23);
    let pad = 24usize.saturating_sub(unicode_width::UnicodeWidthStr::width(name.as_str()));
    let first = row.first_token.filter(|first| *first > 0);
    let first = first.map(figures::duration).unwrap_or_default();
    format!(
        "{name}{}{:>7} {:>10}  {:<18}{first:>8}",
        " ".repeat(pad),
        row.turns,
        row.cost.to_string(),
        good(row)
    )
}

/// `━━━━━╾─ 88 % of 12`; without ratings nothing is claimed.
fn good(row: &StatsRow) -> String {
    if row.rated == 0 {
        return "not rated".to_owned();
    }
    let share = row.successes / f64::from(row.rated);
    format!(
        "{} {} of {}",
        figures::bar(share, 7),
        figures::percent(share),
        row.rated
    )
}
