//! Records: what they hold, and where they come from.

use super::*;
use crate::protocol::{Category, Chosen, Failure, Rating, Record, Report};
use crate::store::{EvidenceRow, Known};

pub fn failure(category: Category) -> StreamEvent {
    StreamEvent::Failed(Failure::new(category, "no", ""))
}

pub fn evidence(effects: &[Effect]) -> Vec<&EvidenceRow> {
    let rows = writes(effects).into_iter().filter_map(|write| match write {
        Write::Evidence(row) => Some(row),
        _ => None,
    });
    rows.collect()
}

pub fn record(effects: &[Effect]) -> &Record {
    let mut written = writes(effects).into_iter().filter_map(|write| match write {
        Write::Record(record) => Some(record),
        _ => None,
    });
    written.next().expect("a record")
}

impl House {
    pub fn known(&self, turn: TurnId) -> &Known {
        &self.state.records[&turn]
    }

    pub fn seen(&self, turn: TurnId) -> Vec<&str> {
        let seen = self.known(turn).seen.iter();
        seen.map(|seen| seen.name.as_str()).collect()
    }

    /// A prompt that was answered.
    pub fn exchange(&mut self, session: SessionId, prompt: &str) -> TurnId {
        let (turn, _) = self.ask(session, prompt);
        self.answer(session, "because it is so, and here is why", usage(100, 10));
        turn
    }

    pub fn rate(&mut self, turn: Option<u64>, rating: Rating) -> Vec<Effect> {
        self.op(Op::Rate {
            turn: turn.map(TurnId),
            rating,
            note: None,
        })
    }

    pub fn say(
        &mut self,
        session: SessionId,
        text: &str,
    ) -> (Result<Answer, Refusal>, Vec<Effect>) {
        let effects = self.op(Op::Ask {
            session,
            prompt: text.into(),
            suggested: false,
            attached: vec![],
        });
        (reply(&effects).expect("an answer"), effects)
    }
}

#[test]
fn a_record_is_stored_with_the_turn_and_holds_no_text() {
    let mut house = House::new();
    let s = house.spawn("a", Backend::Anthropic);
    let (turn, effects) = house.ask(s, "why does zzyzx fail with a panic in main.rs?");
    let kept = record(&effects);
    assert_eq!((kept.turn, kept.project.as_str()), (turn, "/home/ann/demo"));
    assert_eq!(kept.category, house.turn(turn).category);
    assert_eq!(kept.features.len(), crate::learning::FEATURES);
    assert_eq!(kept.quality, None, "it is not over");
    let predicted = kept.predicted.expect("a prediction");
    assert!(predicted.output > 0 && predicted.cost.0 > 0);
    assert!(!serde_json::to_string(kept).unwrap().contains("zzyzx"));
    let effects = house.answer(s, "because", usage(100, 10));
    assert!(
        writes(&effects)
            .iter()
            .any(|w| matches!(w, Write::Quality { turn: t, .. } if *t == turn))
    );
    assert!(house.known(turn).record.quality.is_some());
}

#[test]
fn why_a_model_was_chosen_is_told() {
    let mut house = House::new();
    let named = SessionSpec {
        model: Some("claude-opus-4-8".into()),
        group: Some("team".into()),
        ..SessionSpec::new("named", Backend::Anthropic)
    };
    house.ask_for(Op::Spawn { spec: named }).unwrap();
    let named = house.state.session_named("named").unwrap().view.id;
    let plain = house.spawn("plain", Backend::Anthropic);
    let kept = house.ask(named, "x").1;
    assert_eq!(record(&kept).chosen, Chosen::User);
    assert_eq!(record(&kept).group.as_deref(), Some("team"));
    assert_eq!(record(&house.ask(plain, "x").1).chosen, Chosen::Default);
    house.answer(named, "y", usage(1, 1));

    // A suggestion that stood beside the prompt, followed and not.
    house.take(Input::Reachable {
        models: vec![("claude-opus-4-8".into(), Backend::Anthropic)],
    });
    let suggested = |house: &mut House, session| {
        let effects = house.op(Op::Ask {
            session,
            prompt: "fix this bug".into(),
            suggested: true,
            attached: vec![],
        });
        let kept = record(&effects).clone();
        (kept.chosen, kept.followed)
    };
    assert_eq!(
        suggested(&mut house, named),
        (Chosen::Suggestion, Some(true))
    );
    assert_eq!(suggested(&mut house, plain), (Chosen::Default, Some(false)));
}

#[test]
fn what_is_suggested_to_learn_of_it_is_kept_as_it_was_shown() {
    let mut house = House::new();
    let models = ["claude-opus-4-8", "claude-opus-5-5", "gpt-5.5", "gpt-5.4"];
    house.take(Input::Reachable {
        models: models
            .map(|model| (model.into(), Backend::Anthropic))
            .to_vec(),
    });
    let prompt = "Who wrote Faust?";
    let writing = house.spawn("writing", Backend::Anthropic);
    let asked_for = |house: &House, session: bool, threshold: Option<f64>| {
        let asked = crate::engine::suggest::Asked {
            prompt,
            session: session.then(|| &house.state.sessions[&writing]),
            budget: Default::default(),
            exclude: vec![],
            require: vec![],
            min_window: None,
            threshold,
            tags: vec![],
        };
        crate::engine::suggest::suggest(&house.state, asked)
    };
    let shown = |house: &House| asked_for(house, true, None);
    // About one turn in a hundred is such a one.
    let usual = shown(&house).candidates[0].model.clone();
    while shown(&house).tried.is_none() {
        house.state.next.turn += 1;
        assert!(house.state.next.turn < 1_000, "nothing is ever tried");
    }
    let tried = shown(&house);
    assert_ne!(tried.candidates[0].model, usual);
    // Not where nothing is about to be sent, nor where a mistake is dear.
    assert_eq!(asked_for(&house, false, None).tried, None);
    assert_eq!(asked_for(&house, true, Some(0.95)).tried, None);
    let next = house.state.next.turn;
    let spec = SessionSpec {
        model: Some(tried.candidates[0].model.clone()),
        ..SessionSpec::new("taken", Backend::Anthropic)
    };
    house.ask_for(Op::Spawn { spec }).unwrap();
    assert_eq!(house.state.next.turn, next);
    let session = house.state.session_named("taken").unwrap().view.id;
    let effects = house.op(Op::Ask {
        session,
        prompt: prompt.into(),
        suggested: true,
        attached: vec![],
    });
    let kept = record(&effects);
    assert_eq!((kept.chosen, kept.followed), (Chosen::Explored, Some(true)));
    assert_eq!(kept.propensity, tried.tried);
    let noted = writes(&effects).into_iter().find_map(|write| match write {
        Write::Suggestion { suggestion, .. } => Some(suggestion.candidates[0].model.clone()),
        _ => None,
    });
    assert_eq!(noted.as_ref(), Some(&tried.candidates[0].model));
}

#[test]
fn the_tags_of_a_project_are_read_off_its_files() {
    let mut house = House::new();
    let spec = SessionSpec::new("a", Backend::Anthropic);
    let effects = house.op(Op::Spawn { spec });
    let folder = std::path::PathBuf::from("/home/ann/demo");
    assert!(effects.contains(&Effect::LookAtProject {
        folder: folder.clone()
    }));
    let s = house.state.session_named("a").unwrap().view.id;
    // One is asked, and one is even learnt from, before they are known.
    let (first, effects) = house.ask(s, "why?");
    let rust = "rust".to_owned();
    assert!(!record(&effects).tags.contains(&rust));
    house.answer(s, "because", usage(1, 1));
    house.rate(Some(first.0), Rating::Good);
    let (second, _) = house.ask(s, "why not?");
    let effects = house.take(Input::Project {
        folder: folder.clone(),
        files: vec!["Cargo.toml".into(), "README".into()],
    });
    let [Write::Record(again)] = writes(&effects)[..] else {
        panic!("{effects:?}");
    };
    assert!(again.turn == second && again.tags.contains(&rust));
    assert_eq!(house.known(second).record, *again);
    assert!(!house.known(first).record.tags.contains(&rust));
    house.answer(s, "because", usage(1, 1));
    let (_, effects) = house.ask(s, "why?");
    assert!(record(&effects).tags.contains(&rust));
    let files = vec!["Cargo.toml".into()];
    assert!(house.take(Input::Project { folder, files }).is_empty());
    let looks = |effects: &[Effect]| {
        effects
            .iter()
            .any(|e| matches!(e, Effect::LookAtProject { .. }))
    };
    assert!(!looks(&effects), "it was looked at just now");
    house.now.ms += 120_000;
    house.answer(s, "because", usage(1, 1));
    assert!(looks(&house.ask(s, "why?").1));
}

#[test]
fn a_program_in_a_terminal_has_records_too_and_its_prompts_stay_unkept() {
    let mut house = House::new();
    let spec = SessionSpec {
        command: vec!["claude".into()],
        ..SessionSpec::new("t", Backend::Terminal)
    };
    let Ok(Answer::Sessions(views)) = house.ask_for(Op::Spawn { spec }) else {
        panic!("a session");
    };
    let id = views[0].id;
    let epoch = house.state.sessions[&id].epoch;
    house.take(Input::Started {
        session: id,
        epoch,
        result: Ok(Some(1)),
    });
    let ticket = "ticket";
    house.state.sessions.get_mut(&id).unwrap().ticket = ticket.into();
    let hook = |house: &mut House, body: &str| {
        house.op(Op::Report {
            ticket: ticket.into(),
            what: Report::Hook,
            body: body.into(),
        })
    };
    let prompt = r#"{"hook_event_name":"UserPromptSubmit","session_id":"x","prompt":"why does zzyzx fail?"}"#;
    let effects = hook(&mut house, prompt);
    let kept = record(&effects).clone();
    assert_eq!(kept.predicted, None);
    assert!(kept.words > 0);
    let stop = r#"{"hook_event_name":"Stop","session_id":"x"}"#;
    hook(&mut house, stop);
    assert!(
        house.seen(kept.turn).is_empty(),
        "no answer is kept, which tells nothing"
    );
    let effects = hook(&mut house, prompt);
    assert_eq!(house.seen(kept.turn), ["same prompt again"]);
    let stored = writes(&effects).into_iter().map(|w| format!("{w:?}"));
    assert!(!stored.into_iter().any(|w| w.contains("zzyzx")));
}
