//! A record for every turn: how its prompt was read, what it was expected to use, why it went to its model. Written with
//! the turn, before it is sent; of the prompt no text is in it.

use super::effect::Effect;
use super::session::Session;
use super::state::{Now, State};
use super::{budget, seen, suggest};
use crate::catalog::{count_tokens, factor};
use crate::learning::{self, Reading, estimate};
use crate::protocol::{Backend, Chosen, Millis, Predicted, Record, SessionId, Turn, TurnId};
use crate::store::{Known, Write};
use std::path::PathBuf;

/// How long the files of a project are taken to be the same, in milliseconds.
const SAME_PROJECT: Millis = 60_000;

/// What is known of a folder that sessions work in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    pub tags: Vec<&'static str>,
    /// When it was last looked at; 0: never.
    pub at: Millis,
    /// Whether its files are known.
    known: bool,
    /// Turns whose prompts were read before they were.
    unread: Vec<TurnId>,
}

/// Reads a prompt as one that is asked in this session, if in any.
pub fn read(state: &State, id: impl Into<Option<SessionId>>, prompt: &str) -> Reading {
    let session = id.into().and_then(|id| state.sessions.get(&id));
    let project = session.and_then(|session| state.projects.get(&session.view.cwd));
    let tags = project.map_or(&[][..], |project| &project.tags);
    learning::read(prompt, tags, &state.corrections)
}

/// Has the files of a session's project looked at, unless that was done just now.
pub fn look_around(state: &mut State, id: SessionId, now: Now, out: &mut Vec<Effect>) {
    let Some(cwd) = state.sessions.get(&id).map(|s| s.view.cwd.clone()) else {
        return;
    };
    look_into(state, cwd, now, out);
}

fn look_into(state: &mut State, cwd: PathBuf, now: Now, out: &mut Vec<Effect>) {
    let project = state.projects.entry(cwd.clone()).or_default();
    if project.at == 0 || (now.ms - project.at).abs() >= SAME_PROJECT {
        project.at = now.ms;
        out.push(Effect::LookAtProject { folder: cwd });
    }
}

/// The files of a project were looked at. What was asked in it before they were known is read again.
pub fn looked(state: &mut State, folder: PathBuf, files: &[String], out: &mut Vec<Effect>) {
    let project = state.projects.entry(folder).or_default();
    project.tags = learning::project_tags(files);
    project.known = true;
    for turn in std::mem::take(&mut project.unread) {
        read_again(state, turn, out);
    }
}

/// The prompt of a turn is read with what is known of its project by now, unless it was learnt from already: what is
/// stored must not differ from what was folded.
fn read_again(state: &mut State, turn: TurnId, out: &mut Vec<Effect>) {
    let Some(of) = state.turns.get(&turn) else {
        return;
    };
    let prompt = seen::said_in(state, of).unwrap_or(&of.prompt);
    let reading = read(state, of.session, prompt);
    let Some(known) = state.records.get_mut(&turn) else {
        return;
    };
    let tags = reading.labels();
    if known.evidence.is_some() || known.record.tags == tags {
        return;
    }
    known.record.tags = tags;
    known.record.complexity = reading.complexity.score;
    known.record.parts = reading.complexity.parts;
    out.push(Effect::Write(Write::Record(known.record.clone())));
}

/// What was asked, for its record.
pub struct Asked<'a> {
    pub turn: TurnId,
    /// As the user wrote it; of a program in a terminal the turn itself does not keep it.
    pub prompt: &'a str,
    pub reading: &'a Reading,
    /// Whether a suggestion stood beside it.
    pub suggested: bool,
}

/// Makes the record of a turn that was just accepted, and sees what it tells of those before it.
pub fn asked(state: &mut State, id: SessionId, asked: &Asked, now: Now, out: &mut Vec<Effect>) {
    let shown = match asked.suggested {
        true => suggest::note(state, id, asked.turn, now, out),
        false => None,
    };
    let (Some(session), Some(turn)) = (state.sessions.get(&id), state.turns.get(&asked.turn))
    else {
        return;
    };
    let reading = asked.reading;
    let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect();
    let record = Record {
        category: turn.category.clone(),
        read_as: reading.category.to_owned(),
        sub: reading.sub.map(str::to_owned),
        complexity: reading.complexity.score,
        parts: reading.complexity.parts.clone(),
        tags: reading.labels(),
        language: reading.language.map(str::to_owned),
        marks: words(&reading.marks),
        words: reading.words,
        features: reading.features.to_vec(),
        project: session.view.cwd.display().to_string(),
        group: session.view.group.clone(),
        chosen: match &shown {
            Some(shown) if shown.followed && shown.tried.is_some() => Chosen::Explored,
            Some(shown) if shown.followed => Chosen::Suggestion,
            _ if session.spec.model.is_some() => Chosen::User,
            _ => Chosen::Default,
        },
        followed: shown.map(|shown| shown.followed),
        propensity: shown.and_then(|shown| shown.tried),
        predicted: predict(state, session, turn, reading.complexity.score),
        ..bare(turn)
    };
    keep(state, record, out);
    seen::prompted(state, id, asked, now, out);
    let Some(cwd) = state.sessions.get(&id).map(|s| s.view.cwd.clone()) else {
        return;
    };
    look_into(state, cwd.clone(), now, out);
    if let Some(project) = state
        .projects
        .get_mut(&cwd)
        .filter(|project| !project.known)
    {
        project.unread.push(asked.turn);
    }
}

/// Makes the record of a turn that nobody asked for.
pub fn unasked(state: &mut State, id: SessionId, turn: TurnId, now: Now, out: &mut Vec<Effect>) {
    let reading = read(state, id, "");
    let nothing = Asked {
        turn,
        prompt: "",
        reading: &reading,
        suggested: false,
    };
    asked(state, id, &nothing, now, out);
}

/// The record of a turn of which nothing was read.
pub fn bare(turn: &Turn) -> Record {
    Record {
        turn: turn.id,
        category: turn.category.clone(),
        read_as: turn.category.clone(),
        sub: None,
        complexity: 0,
        parts: Vec::new(),
        tags: Vec::new(),
        language: None,
        marks: Vec::new(),
        words: 0,
        features: Vec::new(),
        project: String::new(),
        group: None,
        chosen: Chosen::Default,
        followed: None,
        propensity: None,
        predicted: None,
        quality: None,
        why: String::new(),
    }
}

/// What is known of a turn of which nothing was seen yet.
pub fn unseen(record: Record) -> Known {
    Known {
        record,
        seen: Vec::new(),
        evidence: None,
        forgotten: false,
    }
}

fn keep(state: &mut State, record: Record, out: &mut Vec<Effect>) {
    out.push(Effect::Write(Write::Record(record.clone())));
    state.records.insert(record.turn, unseen(record));
}

/// A program in a terminal sends what we do not see: of it nothing is predicted.
fn predict(state: &State, session: &Session, turn: &Turn, complexity: u8) -> Option<Predicted> {
    let backend = &session.view.backend;
    if *backend == Backend::Terminal || turn.prompt.is_empty() {
        return None;
    }
    let new = count_tokens(&turn.prompt);
    let model = session.view.model.as_deref();
    let factor = model.map_or(1.0, factor);
    let context = context(session);
    let output = state
        .kept
        .calibration
        .output_tokens(&turn.category, complexity);
    let cost = match budget::is_local(state, backend) {
        true => Default::default(),
        false => {
            let warm = context > 0;
            estimate(&state.catalog, backend, model, output, new, context, warm)
        }
    };
    let counted = |tokens: u64| (tokens as f64 * factor).round() as u64;
    Some(Predicted {
        input: counted(new + context),
        output: counted(output),
        cost: cost.counted(),
    })
}

/// Tokens that the conversation holds, as an average model counts: its own model has told them by its own measure.
pub fn context(session: &Session) -> u64 {
    let used = session.view.gauges.context_used.unwrap_or(0);
    let factor = session.view.model.as_deref().map_or(1.0, factor);
    (used as f64 / factor).round() as u64
}

/// The turn goes to another model because its own failed.
pub fn rerouted(state: &mut State, turn: TurnId, out: &mut Vec<Effect>) {
    if let Some(known) = state.records.get_mut(&turn) {
        known.record.chosen = Chosen::Fallback;
        out.push(Effect::Write(Write::Record(known.record.clone())));
    }
}
