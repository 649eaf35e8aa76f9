//! One belief: what it rests on, and the newest results behind it.

use super::lines::{Pieces, TELLING, ago, percent, results, tenth, wrapped};
use crate::faces::tui::model::Model;
use crate::faces::tui::sanitise;
use crate::faces::tui::text::figures;
use crate::faces::tui::text::wrap::{Piece, fit};
use crate::faces::tui::views::look::Look;
use crate::protocol::{BeliefView, EvidenceView, Millis};
use ratatui::style::Style;

/// What a belief rests on, and the newest results behind it.
pub fn lines(
    belief: &BeliefView,
    newest: Option<&[EvidenceView]>,
    model: &Model,
    look: &Look,
    width: u16,
) -> Vec<Pieces> {
    let line = |text: String, style: Style| vec![(fit(&text, usize::from(width)), style)];
    let words = |text: String| wrapped(&[Piece::new(text, look.text)], look, width).lines;
    let mut lines = vec![line(
        format!("{} at {}", sanitise::line(&belief.model), belief.category),
        look.title,
    )];
    lines.extend(words(format!(
        "{} % good expected, 60 % sure to be {} to {} % · before any result {} %, from {}",
        percent(belief.success),
        percent(belief.lower),
        percent(belief.upper),
        percent(belief.prior),
        sanitise::line(&belief.ground)
    )));
    if belief.seen > 0 {
        lines.extend(words(format!(
            "{} of {} good here, worth {:.1} ratings: what was only seen is less sure",
            tenth(belief.successes),
            results(belief.seen),
            belief.worth
        )));
    }
    if let Some(drift) = belief.drift {
        let telling = match drift.deviations.abs() >= TELLING {
            true => "more than chance does",
            false => "no more than chance does",
        };
        lines.extend(words(
            format!(
                "the newest results are {:+.0} points from those before, {:.1} standard deviations: {telling}",
                drift.change * 100.0,
                drift.deviations.abs()
            ),
        ));
    }
    lines.push(Vec::new());
    match (newest, belief.seen) {
        (_, 0) => lines.push(line("no results here yet".to_owned(), look.dim)),
        (None, _) => lines.push(line("enter shows its newest results".to_owned(), look.dim)),
        (Some(newest), _) => {
            lines.extend(
                newest
                    .iter()
                    .map(|seen| line(result_words(seen, model.now), look.text)),
            );
        }
    }
    lines
}

fn result_words(seen: &EvidenceView, now: Millis) -> String {
    let turn = match seen.turn {
        Some(turn) => turn.to_string(),
        None => "import".to_owned(),
    };
    let bar = figures::bar(seen.success, 5);
    format!(
        "{turn:<8}{:>4} ago  {bar} {:>3} % good, {:>3} % sure  complexity {:<3}  {}",
        ago(seen.at, now),
        percent(seen.success),
        percent(seen.weight),
        seen.complexity,
        sanitise::line(&seen.tags.join(", "))
    )
}
