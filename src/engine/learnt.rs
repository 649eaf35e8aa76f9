//! What is learnt, as faces see it and change it. What is forgotten is forgotten in the store first; then everything is
//! folded anew from it, so that store and memory never differ.

use super::effect::{Effect, FaceId};
use super::forks::Result;
use super::lessons::{Asked, Meant, Sought};
use super::ratings::CORRECTIONS;
use super::state::{Now, State};
use super::{calibrate, evidence, rules, suggest};
use crate::learning::{self, AtHand, Beliefs, CATEGORIES, Corrections, Learner, Tally};
use crate::protocol::{
    Adjustment, AdjustmentKind, Answer, EvidenceView, Forget, LearnChange, Learned, LearningState,
    Refusal,
};
use crate::store::{About, Evidence, EvidenceRow, ForgottenRow, Known, TakenRow, Write};

/// Everything that is believed, from memory.
pub fn learned(state: &State, all: bool) -> Learned {
    let reachable: Vec<&str> = match all {
        true => state
            .reachable
            .iter()
            .map(|(model, _)| model.as_str())
            .collect(),
        false => Vec::new(),
    };
    Learned {
        results: results(state),
        trust: Beliefs::new(&state.priors, state.learner.results())
            .trust()
            .weight,
        threshold: state.config.suggest.threshold,
        beliefs: learning::beliefs(&state.catalog, &state.priors, &state.learner, &reachable),
        changes: state.kept.changes.iter().rev().cloned().collect(),
        learnings: rules::shown(state),
    }
}

/// How many results are known.
fn results(state: &State) -> u64 {
    let cells = state.learner.results().cells();
    cells.map(|(_, _, cell)| u64::from(cell.seen)).sum()
}

/// Changes what is learnt. `Ok(None)`: the store is asked first.
///
/// # Errors
/// There is nothing such.
pub fn change(
    state: &mut State,
    (face, id): (FaceId, u64),
    change: LearnChange,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    match change {
        LearnChange::Forget { what } => forget(state, (face, id), what, now, out),
        LearnChange::Import { results } => {
            let results = results.into_iter().map(sound).collect::<Result<_>>()?;
            let (asked, sought) = (Some((face, id)), Sought::Fresh(results));
            out.push(Effect::Seek { asked, sought });
            Ok(None)
        }
        LearnChange::Calibrate => {
            calibrate::measure(Some((face, id)), out);
            Ok(None)
        }
        LearnChange::Approve { learning } => {
            rules::decide(state, learning, LearningState::Approved, now, out).map(Some)
        }
        LearnChange::Reject { learning } => {
            rules::decide(state, learning, LearningState::Rejected, now, out).map(Some)
        }
    }
}

fn forget(
    state: &mut State,
    (face, id): (FaceId, u64),
    what: Forget,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    let mut rows = Vec::new();
    if matches!(what, Forget::Calibration | Forget::All) {
        rows.extend(uncalibrate(state, now, out));
    }
    if matches!(what, Forget::Learnings | Forget::All) {
        let count = rules::forget(state, out) as f64;
        rows.push(forgotten(state, "rules", (count, 0.0), now, out));
    }
    if matches!(what, Forget::Corrections | Forget::All) {
        state.corrections = Corrections::default();
        out.push(Effect::Write(Write::Setting {
            key: CORRECTIONS.into(),
            value: serde_json::to_string(&state.corrections).unwrap_or_default(),
        }));
        rows.push(forgotten(state, "corrections", (0.0, 0.0), now, out));
    }
    let (model, category) = match what {
        Forget::Results { model, category } => (model, category),
        Forget::All => (None, None),
        Forget::Calibration | Forget::Learnings | Forget::Corrections => {
            return Ok(Some(Answer::Adjustments(rows)));
        }
    };
    let meant = Meant { model, category };
    known_of(state, &meant)?;
    let asked = Some((face, id));
    let sought = Sought::Names(meant);
    out.push(Effect::Seek { asked, sought });
    Ok(None)
}

/// # Errors
/// There is no result that is meant; everything may be forgotten all the same.
fn known_of(state: &State, Meant { model, category }: &Meant) -> Result<()> {
    let meant = |(of, at): (&str, &str)| {
        let model = model.as_deref();
        model.is_none_or(|model| of == model || state.catalog.same(of, model))
            && category.as_deref().is_none_or(|category| at == category)
    };
    let mut cells = state.learner.results().cells();
    let any = cells.any(|(of, at, cell)| cell.seen > 0 && meant((of, at)));
    let what = match (model, category) {
        _ if any => return Ok(()),
        (None, None) => return Ok(()),
        (Some(name), None) | (None, Some(name)) => format!("nothing was learnt of `{name}`"),
        (Some(model), Some(category)) => {
            format!("nothing was learnt of `{model}` at `{category}`")
        }
    };
    Err(Refusal::new(what, "antiphon learn show lists what was"))
}

/// Takes everything that was fitted out of force.
fn uncalibrate(state: &mut State, now: Now, out: &mut Vec<Effect>) -> Vec<Adjustment> {
    let fitted: Vec<(AdjustmentKind, String, f64)> = state
        .kept
        .calibration
        .fitted()
        .map(|(kind, what, figure)| (kind, what.to_owned(), figure))
        .collect();
    let said = |reason: &str| (reason.to_owned(), 1.0);
    fitted
        .into_iter()
        .map(|(kind, what, old)| {
            let reason = said("forgotten: as shipped again");
            state
                .kept
                .adjust((kind, &what), (old, 0.0), reason, now, out)
        })
        .collect()
}

fn forgotten(
    state: &mut State,
    what: &str,
    counts: (f64, f64),
    now: Now,
    out: &mut Vec<Effect>,
) -> Adjustment {
    let kind = AdjustmentKind::Forgotten;
    let reason = ("you said so".to_owned(), 1.0);
    state.kept.adjust((kind, what), counts, reason, now, out)
}

/// The names of models are known: what is meant is forgotten in the store; then everything is folded anew.
///
/// # Errors
/// Nothing was learnt of such a model.
pub fn forget_results(
    state: &mut State,
    asked: Asked,
    meant: Meant,
    names: Vec<String>,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<()> {
    // Of this moment's answers the names may not be on the disk yet.
    let newest = state
        .records
        .values()
        .filter_map(|known| known.evidence.as_ref());
    let is = |name: &str, model: &str| state.catalog.same(model, name) || model == name;
    let mut names: Vec<String> = names
        .into_iter()
        .chain(newest.map(|row| row.model.clone()))
        .filter(|name| meant.model.as_deref().is_some_and(|model| is(name, model)))
        .collect();
    names.sort_unstable();
    names.dedup();
    if let (Some(model), true) = (&meant.model, names.is_empty()) {
        return Err(Refusal::new(
            format!("nothing was learnt of `{model}`"),
            "antiphon learn show lists what was",
        ));
    }
    let seq = state.evidence.next - 1;
    let row = |model: Option<String>| ForgottenRow {
        seq,
        model,
        category: meant.category.clone(),
        at: now.ms,
    };
    let rows: Vec<ForgottenRow> = match &meant.model {
        None => vec![row(None)],
        Some(_) => names.into_iter().map(Some).map(row).collect(),
    };
    for known in state.records.values_mut() {
        forget_in(known, &rows);
    }
    state.kept.forgot(&rows);
    out.extend(
        rows.into_iter()
            .map(|row| Effect::Write(Write::Forgotten(row))),
    );
    state.kept.folding();
    // There is no snapshot any more.
    state.evidence.written = 0;
    let sought = Sought::Anew(meant);
    out.push(Effect::Seek { asked, sought });
    Ok(())
}

/// What a turn told is forgotten, if one of these rows covers it.
pub fn forget_in(known: &mut Known, rows: &[ForgottenRow]) {
    let told = known.evidence.as_ref();
    if told.is_some_and(|told| rows.iter().any(|row| row.covers(told))) {
        known.evidence = None;
        known.forgotten = true;
    }
}

/// Everything was folded anew: that is what is believed now.
///
/// # Errors
/// As `anew` says; what is believed stays as it was.
pub fn folded(
    state: &mut State,
    meant: &Meant,
    anew: Result<(Box<Learner>, u64)>,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Adjustment> {
    let since = state.kept.folded();
    let (mut learner, last) = anew?;
    let before = results(state);
    evidence::catch_up(&mut learner, &state.catalog, &since, last);
    state.learner = *learner;
    let what = match (&meant.model, &meant.category) {
        (None, None) => "everything".to_owned(),
        (Some(model), None) => model.clone(),
        (None, Some(category)) => category.clone(),
        (Some(model), Some(category)) => format!("{model} at {category}"),
    };
    let counts = (before as f64, results(state) as f64);
    let row = forgotten(state, &what, counts, now, out);
    evidence::keep(state, now, out);
    rules::sweep(state, now, out);
    Ok(row)
}

/// A result as it is told.
pub fn told(evidence: Evidence) -> EvidenceView {
    let (row, about) = (evidence.row, evidence.about);
    EvidenceView {
        seq: row.seq,
        turn: row.turn,
        at: row.at,
        model: row.model,
        category: row.category,
        tags: about.tags,
        complexity: about.complexity,
        features: about.features,
        success: row.success,
        weight: row.weight,
    }
}

/// A result of another store as it may be learnt, whoever handed it in: its shares are from 0 to 1.
///
/// # Errors
/// One of its figures is no number, or it could not be forgotten again, as its category is none.
fn sound(result: EvidenceView) -> Result<EvidenceView> {
    if !CATEGORIES.contains(&result.category.as_str()) {
        return Err(Refusal::new(
            format!("`{}` is not a category", result.category),
            format!("one of {}", CATEGORIES.join(", ")),
        ));
    }
    let features = result.features.iter().copied().map(f64::from);
    let mut figures = features.chain([result.success, result.weight]);
    if !figures.all(f64::is_finite) {
        return Err(Refusal::new(
            format!(
                "a result of {} has a figure that is no number",
                result.model
            ),
            "leave it out",
        ));
    }
    Ok(EvidenceView {
        success: result.success.clamp(0.0, 1.0),
        weight: result.weight.clamp(0.0, 1.0),
        ..result
    })
}

/// A result of another store as a row that has no place yet.
pub fn imported(result: &EvidenceView) -> EvidenceRow {
    EvidenceRow {
        seq: 0,
        turn: None,
        model: result.model.clone(),
        category: result.category.clone(),
        success: result.success,
        weight: result.weight,
        at: result.at,
        about: Some(About {
            tags: result.tags.clone(),
            complexity: result.complexity,
            features: result.features.clone(),
        }),
    }
}

/// Results of another store, without those that are known here: they are learnt as the newest.
pub fn import(
    state: &mut State,
    (fresh, known): (Vec<EvidenceView>, usize),
    now: Now,
    out: &mut Vec<Effect>,
) -> Adjustment {
    let before = results(state) as f64;
    let count = fresh.len();
    for result in fresh {
        let row = EvidenceRow {
            seq: state.evidence.next,
            ..imported(&result)
        };
        let evidence = Evidence {
            about: row.about.clone().unwrap_or_default(),
            row,
            before: None,
        };
        evidence::take(state, &evidence, now, out);
    }
    let kind = AdjustmentKind::Imported;
    let reason = format!("{count} learnt, {known} known already");
    let after = results(state) as f64;
    state.kept.adjust(
        (kind, "another store"),
        (before, after),
        (reason, 1.0),
        now,
        out,
    )
}

/// What cheaper models would have cost, given what turns used.
pub fn advice(state: &State, days: u32, taken: &[TakenRow]) -> Answer {
    let mut tally = Tally::default();
    for row in taken {
        let model = state.catalog.key(&row.model);
        tally.add(&row.category, &model, row.usage, row.cost);
    }
    let at = AtHand {
        catalog: &state.catalog,
        priors: &state.priors,
        learner: &state.learner,
        reachable: &suggest::reachable(state),
        threshold: state.config.suggest.threshold,
        days,
    };
    Answer::Advice(Box::new(learning::advice(&at, &tally.finish())))
}
