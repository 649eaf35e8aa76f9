//! What stands in each section, line by line.

use super::columns::Columns;
use super::{LearningView, Section, plot};
use crate::faces::tui::model::Model;
use crate::faces::tui::sanitise;
use crate::faces::tui::text::wrap::{Break, Piece, fit, wrap};
use crate::faces::tui::update::plural;
use crate::faces::tui::views::look::Look;
use crate::protocol::{
    Adjustment, AdjustmentKind, AdviceRow, BeliefView, Drift, Learning, LearningState, Millis,
    Tier, Verdict,
};
use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

/// One thing that can be chosen, in the lines it takes.
pub struct Entry {
    pub lines: Vec<Pieces>,
}

pub type Pieces = Vec<(String, Style)>;

/// Drift is told from this many standard deviations on.
pub const TELLING: f64 = 2.0;

/// `12 results`
pub fn results(count: impl Into<u64>) -> String {
    let count = count.into();
    format!("{count} {}", plural(count as usize, "result"))
}

/// The names of the sections; the one that is shown stands between brackets.
pub fn tabs<'a>(view: &LearningView, look: &Look) -> Vec<(&'a str, Style)> {
    let waiting = view
        .learned
        .learnings
        .iter()
        .any(|l| l.state == LearningState::Waiting);
    let names = [
        (Section::Beliefs, [" 1 beliefs ", "[1 beliefs]"]),
        (Section::Changes, [" 2 changes ", "[2 changes]"]),
        match waiting {
            true => (Section::Rules, [" 3 rules ● ", "[3 rules ●]"]),
            false => (Section::Rules, [" 3 rules ", "[3 rules]"]),
        },
        (Section::Advice, [" 4 advice ", "[4 advice]"]),
    ];
    names
        .into_iter()
        .map(|(section, [other, shown])| match section == view.section {
            true => (shown, look.accent),
            false => (other, look.dim),
        })
        .collect()
}

/// What the columns are, below the list; it says nothing where there is no room for all of it.
pub fn legend(width: u16, wanted: f64) -> Option<String> {
    if Columns::of(width).plot == 0 {
        return None;
    }
    let text = format!(
        "● expected  ├─┤ 60 % sure  ╎ wanted {} %  here: good/all  prior: before",
        percent(wanted)
    );
    (text.width() <= usize::from(width)).then_some(text)
}

/// The head of the columns, or what the lines are.
pub fn head(section: Section, width: u16) -> Option<String> {
    match section {
        Section::Beliefs => {}
        Section::Rules => {
            let text = "In force, a rule counts its model as good enough, or puts it last.";
            return Some(fit(text, usize::from(width)));
        }
        Section::Changes | Section::Advice => return None,
    }
    let columns = Columns::of(width);
    let plot = match columns.plot {
        0 => String::new(),
        plot @ ..10 => padded("0–100 %", plot + 1),
        plot => padded("0 to 100 %", plot + 1),
    };
    let ground = match columns.ground {
        0 => "",
        _ => "from",
    };
    Some(format!(
        "{}{}{plot}{:>6}{:>7}{:>9}{:>6}  {}{ground}",
        padded("model", columns.model + 1),
        padded("category", columns.category + 1),
        "good",
        "range",
        "here",
        "prior",
        match columns.ground {
            0 => "drift".to_owned(),
            _ => padded("drift", 14),
        },
    ))
}

/// `text` cut and filled to `width` cells.
fn padded(text: &str, width: usize) -> String {
    let text = fit(&sanitise::line(text), width.saturating_sub(1));
    let blank = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(blank))
}

pub fn percent(share: f64) -> String {
    format!("{:.0}", share * 100.0)
}

pub fn entries(view: &LearningView, model: &Model, look: &Look, width: u16) -> Vec<Entry> {
    let learned = &view.learned;
    let one = |line: Pieces| Entry { lines: vec![line] };
    match view.section {
        Section::Beliefs => learned
            .beliefs
            .iter()
            .map(|belief| one(belief_line(belief, learned.threshold, look, width)))
            .collect(),
        Section::Changes => learned
            .changes
            .iter()
            .map(|change| wrapped(&change_words(change, model.now, look), look, width))
            .collect(),
        Section::Rules => learned
            .learnings
            .iter()
            .map(|rule| wrapped(&rule_words(rule, model.now, look), look, width))
            .collect(),
        Section::Advice => view
            .advice
            .iter()
            .flat_map(|advice| &advice.rows)
            .map(|row| wrapped(&advice_words(row, look), look, width))
            .collect(),
    }
}

/// What is said where a section holds nothing.
pub fn nothing(view: &LearningView) -> Vec<String> {
    let lines: &[&str] = match view.section {
        Section::Beliefs => &[
            "Nothing was learnt yet: rate answers with 1 to 5, + or -, and go on working.",
            "What is seen without asking is learnt too. a: what benchmarks say of all.",
        ],
        Section::Changes => {
            &["Nothing was changed yet: estimates are compared with what came once a day."]
        }
        Section::Rules => &[
            "No rule followed from results yet. One does from two results on, where it",
            "would change what is suggested; you are asked, unless they are clear.",
        ],
        Section::Advice if view.advice.is_none() => &["looking …"],
        Section::Advice => &[
            "Nothing to advise yet: that takes 5 turns of one kind with one model, and a",
            "cheaper one that is expected to do.",
        ],
    };
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn belief_line(belief: &BeliefView, wanted: f64, look: &Look, width: u16) -> Pieces {
    let columns = Columns::of(width);
    let name = match belief.known {
        true => look.text,
        false => look.dim,
    };
    let here = match belief.seen {
        0 => "–".to_owned(),
        seen => format!("{}/{seen}", tenth(belief.successes)),
    };
    let reached = match belief.lower >= wanted {
        true => look.good,
        false => look.text,
    };
    let mut line = vec![
        (padded(&belief.model, columns.model + 1), name),
        (padded(&belief.category, columns.category + 1), look.text),
    ];
    if columns.plot > 0 {
        let drawn = plot::interval(
            belief.lower,
            belief.success,
            belief.upper,
            wanted,
            columns.plot,
        );
        line.push((format!("{drawn} "), look.dim));
    }
    let range = format!("{}–{}", percent(belief.lower), percent(belief.upper));
    line.push((format!("{:>4} %", percent(belief.success)), reached));
    line.push((format!("{range:>7}"), look.text));
    line.push((format!("{here:>9}"), look.text));
    line.push((format!("{:>4} %  ", percent(belief.prior)), look.dim));
    let (drift, style) = drift(belief.drift, columns.ground > 0, look);
    line.push((
        padded(&drift, if columns.ground > 0 { 14 } else { 5 }),
        style,
    ));
    if columns.ground > 0 {
        let gone = if belief.known {
            ""
        } else {
            ", not in the catalogue"
        };
        let ground = format!("{}{gone}", belief.ground);
        line.push((padded(&ground, columns.ground), look.dim));
    }
    line
}

/// Successes may be parts of one.
pub fn tenth(successes: f64) -> String {
    format!("{}", (successes * 10.0).round() / 10.0)
}

/// `▼ -40`, and with room how sure it is; nothing where chance would do as much.
fn drift(drift: Option<Drift>, long: bool, look: &Look) -> (String, Style) {
    let Some(drift) = drift.filter(|d| d.deviations.abs() >= TELLING) else {
        return (String::new(), look.dim);
    };
    let (mark, style) = match drift.change < 0.0 {
        true => ("▼", look.warning),
        false => ("▲", look.good),
    };
    let sure = match long {
        true => format!(" ({:.1} σ)", drift.deviations.abs()),
        false => String::new(),
    };
    (
        format!("{mark}{:.0}{sure}", drift.change.abs() * 100.0),
        style,
    )
}

/// Pieces over as many lines as they need; the lines after the first are set in.
pub fn wrapped(pieces: &[Piece], look: &Look, width: u16) -> Entry {
    let rest = [Piece::new("    ", look.text)];
    let lines = wrap(pieces, width, &[], &rest, Break::Words);
    let line = |line: ratatui::text::Line<'static>| -> Pieces {
        line.spans
            .into_iter()
            .map(|span| (span.content.into_owned(), span.style))
            .collect()
    };
    Entry {
        lines: lines.into_iter().map(line).collect(),
    }
}

fn change_words(change: &Adjustment, now: Millis, look: &Look) -> Vec<Piece> {
    let figure = |figure: f64| match change.kind {
        AdjustmentKind::Complexity | AdjustmentKind::Domain => tenth_of_tenth(figure),
        _ => format!("{figure:.0}"),
    };
    let figures = match change.kind {
        AdjustmentKind::Tokens => {
            format!("{} → {} tokens", figure(change.old), figure(change.new))
        }
        AdjustmentKind::Forgotten | AdjustmentKind::Imported => {
            format!("{} → {} results", figure(change.old), figure(change.new))
        }
        _ => format!("{} → {}", figure(change.old), figure(change.new)),
    };
    let sure = match change.confidence < 1.0 {
        true => format!(" · {} % sure", percent(change.confidence)),
        false => String::new(),
    };
    vec![
        Piece::new(format!("{:>4} ago  ", ago(change.at, now)), look.dim),
        Piece::new(format!("{} ", change.kind.as_str()), look.text),
        Piece::new(
            format!("{}  {figures}", sanitise::line(&change.what)),
            look.title,
        ),
        Piece::new(
            format!("  {}{sure}", sanitise::line(&change.reason)),
            look.dim,
        ),
    ]
}

fn tenth_of_tenth(figure: f64) -> String {
    format!("{}", (figure * 100.0).round() / 100.0)
}

/// `40 s`, `12 m`, `9 h`, `4 d`.
pub fn ago(at: Millis, now: Millis) -> String {
    // A clock that was set back has nothing in the future.
    let seconds = (now - at).max(0) / 1_000;
    match seconds {
        ..60 => format!("{seconds} s"),
        60..3_600 => format!("{} m", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}

fn rule_words(rule: &Learning, now: Millis, look: &Look) -> Vec<Piece> {
    let (mark, state, style) = match (rule.state, rule.tier) {
        (LearningState::Waiting, _) => ("?", "waits for you", look.warning),
        (LearningState::Applied, Tier::Noted) => ("✓", "in force, to review", look.accent),
        (LearningState::Applied, _) => ("✓", "in force", look.good),
        (LearningState::Approved, _) => ("✓", "in force by your word", look.good),
        (LearningState::Rejected, _) => ("✗", "rejected", look.dim),
        (LearningState::Withdrawn, _) => ("–", "withdrawn", look.dim),
    };
    vec![
        Piece::new(format!("{mark} L{} ", rule.id), style),
        Piece::new(sanitise::line(&rule.text).into_owned(), look.text),
        Piece::new(format!("  {state} · {} ago", ago(rule.at, now)), look.dim),
    ]
}

fn advice_words(row: &AdviceRow, look: &Look) -> Vec<Piece> {
    let (mark, style) = match row.verdict {
        Verdict::Same => ("=", look.good),
        Verdict::Unknown => ("?", look.text),
        Verdict::Worse => ("▼", look.warning),
    };
    vec![
        Piece::new(format!("{mark} "), style),
        Piece::new(sanitise::line(&row.text).into_owned(), look.text),
    ]
}
