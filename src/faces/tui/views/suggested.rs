//! What stands below a draft: the model that is suggested for it and why, or what the command does that is typed.

use crate::config::Action;
use crate::faces::tui::model::commands::{self, Command};
use crate::faces::tui::model::layout::{COMPOSER_MARGIN, COMPOSER_MARK};
use crate::faces::tui::model::{Mode, Model};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::figures;
use crate::faces::tui::text::wrap::{Break, Piece, wrap};
use crate::faces::tui::views::look::Look;
use crate::protocol::{Candidate, SessionView, Suggestion};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Where a reason goes on to what it rests on.
const GROUNDS: [&str; 5] = [" here (", ", no ", ", judged ", " · ", ";"];

pub fn draw(model: &Model, session: &SessionView, look: &Look, area: Rect, buf: &mut Buffer) {
    let Some(composer) = model.composers.get(&session.id) else {
        return;
    };
    let area = Rect {
        x: area.x + COMPOSER_MARK.min(area.width),
        width: area.width.saturating_sub(COMPOSER_MARK + COMPOSER_MARGIN),
        ..area
    };
    let forms = match (&commands::begun(&composer.text())[..], &composer.suggestion) {
        ([], None) => return,
        ([], Some((_, suggestion))) => suggested(model, session, suggestion, look),
        (commands, _) => typed(commands, look),
    };
    // The first form for which there is room, the fullest first.
    let wrapped = |pieces: &Vec<Piece>| wrap(pieces, area.width, &[], &[], Break::Words);
    let fits = |pieces: &&Vec<Piece>| wrapped(pieces).len() <= usize::from(area.height);
    let Some(form) = forms.iter().find(fits).or(forms.last()) else {
        return;
    };
    for (line, y) in wrapped(form).iter().zip(area.top()..area.bottom()) {
        line.render(
            Rect {
                y,
                height: 1,
                ..area
            },
            buf,
        );
    }
}

/// `/feedback good|bad|1..5 [TURN]: rates the newest answer, …`, and without what it does.
fn typed(commands: &[&Command], look: &Look) -> Vec<Vec<Piece>> {
    let form = |with_what: bool| {
        let mut pieces = Vec::new();
        for (i, command) in commands.iter().enumerate() {
            if i > 0 {
                pieces.push(Piece::new(" · ", look.dim));
            }
            pieces.push(Piece::new(command.word, look.accent));
            let what = match with_what {
                true => format!(" {}: {}", command.takes, command.does),
                false => format!(" {}", command.takes),
            };
            pieces.push(Piece::new(what, look.dim));
        }
        pieces
    };
    vec![form(true), form(false)]
}

/// `debug · haiku-4-5: cheapest above 80 % for debug here (9 of 10, n=10); about $0.004 · esc t takes it · then …`, and
/// shorter: the reason is left out last, and what it costs never.
fn suggested(
    model: &Model,
    session: &SessionView,
    suggestion: &Suggestion,
    look: &Look,
) -> Vec<Vec<Piece>> {
    let Some(best) = suggestion.candidates.first() else {
        return Vec::new();
    };
    let dim = |text: String| Piece::new(text, look.dim);
    let mut named = vec![
        dim(format!("{} · ", sanitise::line(&suggestion.category))),
        Piece::new(sanitise::line(&best.model), look.accent),
    ];
    let current = session.model.as_ref() == Some(&best.model);
    if current {
        named.push(dim(" (this one)".to_owned()));
    }
    let mut taken = Vec::new();
    if let Some(key) = model
        .keymap
        .hint(Action::TakeSuggestion)
        .filter(|_| !current)
    {
        taken.push(dim(" · ".to_owned()));
        if model.mode == Mode::Insert {
            taken.push(dim("esc ".to_owned()));
        }
        taken.push(Piece::new(key, look.accent));
        taken.push(dim(" takes it".to_owned()));
    }
    let with = |middle: String, rest: &[Piece]| [&named[..], &[dim(middle)], rest].concat();
    let whole = format!(": {}", sanitise::line(&best.reason));
    let (brief, claim) = shorter(best, &suggestion.category);
    let mut forms = Vec::new();
    // The second best, where there is room for all of it.
    if let Some(second) = suggestion.candidates.get(1) {
        let mut longest = with(whole.clone(), &taken);
        longest.push(dim(format!(
            " · then {} {} {}",
            sanitise::line(&second.model),
            figures::percent(second.success),
            amount(second)
        )));
        forms.push(longest);
    }
    forms.push(with(whole, &taken));
    for reason in [brief, claim] {
        forms.push(with(reason.clone(), &taken));
        forms.push(with(reason, &[]));
    }
    forms.push(with(format!(" · about {}", amount(best)), &taken));
    forms.push(with(format!(" · about {}", amount(best)), &[]));
    forms
}

/// The reason without what stands before it already and what another costs; then what it claims alone.
fn shorter(best: &Candidate, category: &str) -> (String, String) {
    let reason = sanitise::line(&best.reason).replace(&format!(" for {category}"), "");
    let brief = reason.split(" against ").next().unwrap_or_default();
    let end = GROUNDS.iter().filter_map(|ground| brief.find(ground)).min();
    let claim = brief.get(..end.unwrap_or(brief.len())).unwrap_or(brief);
    (
        format!(": {brief}"),
        format!(": {claim} · about {}", amount(best)),
    )
}

fn amount(candidate: &Candidate) -> String {
    candidate
        .cost
        .map_or("?".to_owned(), |cost| cost.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Backend, Nano};

    #[test]
    fn a_reason_is_shortened_from_its_end() {
        for (reason, brief, claim) in [
            (
                "cheapest above 80 % for debug here (9 of 10, n=10); about $0.004 against $0.03 at x",
                ": cheapest above 80 % here (9 of 10, n=10); about $0.004",
                ": cheapest above 80 % · about $0.004",
            ),
            (
                "best at hand for debug: 85 % expected, no results here yet; about $0.004",
                ": best at hand: 85 % expected, no results here yet; about $0.004",
                ": best at hand: 85 % expected · about $0.004",
            ),
            ("why", ": why", ": why · about $0.004"),
        ] {
            let best = Candidate {
                model: "m".into(),
                backend: Backend::Claude,
                success: 0.85,
                lower: 0.8,
                seen: 0,
                cost: Some(Nano(4_000_000)),
                reason: reason.into(),
            };
            assert_eq!(shorter(&best, "debug"), (brief.into(), claim.into()));
        }
    }
}
