//! Whole lives of the real program, recorded: what its hooks, its title and its transcript told, in order; and what is
//! shown of them.

mod asks;
mod limits;

use crate::engine::agent::transcript::{Fact, News, claude};
use crate::engine::effect::{Effect, FaceId, Input, Timer};
use crate::engine::pty::PtyEvent;
use crate::engine::tests::{House, reply};
use crate::protocol::{
    Answer, AskKind, Backend, Decision, Event, Nano, Op, Report, Request, SessionId, SessionSpec,
    SessionView, Source, Status, TurnState,
};
use serde_json::Value;

/// A house with one Claude Code in a terminal.
struct Pane {
    house: House,
    id: SessionId,
    /// Who is told by the reporter's connections.
    faces: u64,
    seen: Vec<String>,
    /// Whether a conversation was begun.
    files: Vec<Value>,
}

impl Pane {
    fn new() -> Pane {
        let mut house = House::new();
        let spec = SessionSpec {
            command: vec!["claude".into()],
            ..SessionSpec::new("pane", Backend::Terminal)
        };
        let effects = house.op(Op::Spawn { spec });
        let Some(Ok(Answer::Sessions(views))) = reply(&effects) else {
            panic!("no session");
        };
        let id = views[0].id;
        let given = effects.iter().any(|e| matches!(e, Effect::Give { .. }));
        assert!(given, "it is given hooks");
        let mut pane = Pane {
            house,
            id,
            faces: 100,
            seen: Vec::new(),
            files: Vec::new(),
        };
        pane.take(Input::Started {
            session: id,
            epoch: 1,
            result: Ok(Some(1)),
        });
        // What was recorded is of later.
        let told = &mut pane.house.state.sessions.get_mut(&id).unwrap().told;
        told.since = 0;
        pane
    }

    fn view(&self) -> &SessionView {
        &self.house.state.sessions[&self.id].view
    }

    /// Takes an input in, and notes every status that a face was shown.
    fn take(&mut self, input: Input) -> Vec<Effect> {
        let effects = self.house.take(input);
        for effect in &effects {
            let Effect::Tell {
                event: Event::SessionChanged { session },
                ..
            } = effect
            else {
                continue;
            };
            let word = match &session.status {
                Status::Idle => "idle",
                Status::Working => "working",
                Status::NeedsYou => "needs you",
                Status::Starting => "starting",
                Status::Unknown => "unknown",
                _ => "other",
            };
            let said = match session.source {
                Source::None => word.to_owned(),
                source => format!("{word} ({})", source.as_str()),
            };
            if self.seen.last() != Some(&said) {
                self.seen.push(said);
            }
        }
        effects
    }

    fn report(&mut self, what: Report, body: &str) -> Vec<Effect> {
        self.faces += 1;
        let ticket = self.house.state.sessions[&self.id].ticket.clone();
        let body = body.to_owned();
        self.take(Input::Request {
            face: FaceId(self.faces),
            id: 1,
            request: Request::Op(Op::Report { ticket, what, body }),
        })
    }

    fn facts(&mut self, facts: Vec<Fact>) -> Vec<Effect> {
        let news = News {
            session: self.id,
            start: 1,
            facts,
            positions: Vec::new(),
        };
        self.take(Input::Transcript { news })
    }

    /// Plays one line of a recording.
    fn play(&mut self, line: &str) {
        let (what, body) = line.split_once(' ').unwrap_or((line, ""));
        match what {
            "hook" => {
                // Between what a person does, time passes.
                let typed = body.contains("\"UserPromptSubmit\"") && !body.contains("<task-");
                if typed || body.contains("\"SessionEnd\"") {
                    self.wait();
                }
                self.report(Report::Hook, body);
            }
            "statusline" => {
                self.report(Report::Statusline, body);
            }
            "title" => {
                self.take(Input::Pty {
                    session: self.id,
                    epoch: 1,
                    event: PtyEvent::Title(body.to_owned()),
                });
            }
            "file" => {
                let line: Value = serde_json::from_str(body).unwrap();
                let facts = claude::read(&line);
                if !facts.is_empty() {
                    self.facts(facts);
                }
                self.files.push(line);
            }
            "wait" => self.wait(),
            other => panic!("{other}"),
        }
    }

    fn wait(&mut self) {
        self.house.now.ms += 5_000;
        let timer = Timer::Calm {
            session: self.id,
            epoch: 1,
        };
        self.take(Input::Timer { timer });
    }

    /// Plays a recording; the statuses shown, one after the other.
    fn played(recording: &str) -> Pane {
        let mut pane = Pane::new();
        for line in recording.lines() {
            pane.play(line);
        }
        pane
    }

    fn shown(&self) -> String {
        self.seen[1..].join(", ")
    }

    /// How the exchanges ended.
    fn turns(&self) -> Vec<&TurnState> {
        let turns = self.house.state.path(self.view().head);
        turns.iter().map(|turn| &turn.state).collect()
    }

    fn cost(&self) -> Nano {
        self.view().gauges.cost.priced
    }
}

macro_rules! recording {
    ($name:literal) => {
        Pane::played(include_str!(concat!("fixtures/", $name, ".txt")))
    };
}

#[test]
fn what_was_recorded_is_shown_truly() {
    for (name, pane, shown) in [
        (
            "approved in the pane",
            recording!("approved_in_the_pane"),
            "idle (hook), working (hook), needs you (hook), working (title), working (hook), idle (hook)",
        ),
        (
            "a dialog left with Esc",
            recording!("dialog_left_with_esc"),
            "idle (hook), working (hook), needs you (hook), idle (file), idle (hook)",
        ),
        (
            "Esc while it answers",
            recording!("interrupted"),
            "idle (hook), working (hook), idle (file), idle (hook)",
        ),
        (
            "a program in the background, whose end it answers to",
            recording!("background_shell"),
            "idle (hook), working (hook), idle (hook), working (title), working (hook), idle (hook)",
        ),
        (
            "a sub-agent in the background",
            recording!("sub_agent"),
            "idle (hook), working (hook), idle (hook)",
        ),
        (
            "requests tried again",
            recording!("retried"),
            "idle (hook), working (hook), idle (hook)",
        ),
        (
            "an answer cut and asked for again",
            recording!("cut_and_asked_again"),
            "idle (hook), working (hook), idle (hook)",
        ),
        (
            "cleared",
            recording!("cleared"),
            // For a moment its title turns.
            "idle (hook), working (hook), idle (hook), working (title), idle (hook), working (hook), idle (hook)",
        ),
        (
            "refused by the server",
            recording!("refused"),
            "idle (hook), working (hook), idle (hook)",
        ),
        (
            "compacted, the first time without anything to compact",
            recording!("compacted"),
            "idle (hook), working (hook), idle (title), working (title), working (hook), idle (hook), \
             working (title), working (hook), idle (hook)",
        ),
        (
            "another conversation resumed inside",
            recording!("resumed_inside"),
            "idle (hook), working (hook), idle (hook)",
        ),
    ] {
        // Between a title and the hook behind it there is a moment in which the title is believed.
        let shown_here = pane.shown();
        let plain = |text: &str| text.replace("working (title), working (hook)", "working (hook)");
        assert_eq!(plain(&shown_here), plain(shown), "{name}: {shown_here}");
        assert!(pane.view().asks.is_empty(), "{name}");
    }
}

#[test]
fn each_exchange_is_a_turn_without_text() {
    let pane = recording!("interrupted");
    assert_eq!(pane.turns(), [&TurnState::Interrupted]);
    let pane = recording!("dialog_left_with_esc");
    assert_eq!(pane.turns(), [&TurnState::Interrupted]);
    let pane = recording!("background_shell");
    assert_eq!(pane.turns(), [&TurnState::Done; 2], "it went on by itself");
    let turns = pane.house.state.path(pane.view().head);
    assert!(
        turns
            .iter()
            .all(|turn| turn.prompt.is_empty() && turn.blocks.is_empty())
    );
    assert_eq!(pane.view().gauges.turns, 2);
    let pane = recording!("refused");
    assert!(matches!(pane.turns()[..], [TurnState::Failed(_)]));
    assert!(pane.view().note.is_some());
}

/// What the real program's own figure says at the end, which the stand-in's prices make comparable.
#[test]
fn it_costs_what_the_program_says_hidden_requests_included() {
    for (name, pane, dollars) in [
        ("plain", recording!("approved_in_the_pane"), None),
        ("interrupted", recording!("interrupted"), None),
        ("sub-agent", recording!("sub_agent"), None),
        ("cut", recording!("cut_and_asked_again"), Some(0.009_153_2)),
        ("compacted", recording!("compacted"), Some(0.010_568_8)),
        // It begins with what the other conversation had cost before.
        (
            "resumed",
            recording!("resumed_inside"),
            Some(0.013_753 - 0.010_568_8),
        ),
    ] {
        let said = pane
            .files
            .iter()
            .rev()
            .find_map(|line| line["totalCostUSD"].as_f64());
        let expected = Nano::from_dollars(dollars.or(said).unwrap());
        let off = (pane.cost().0 - expected.0).abs();
        assert!(off <= 1, "{name}: {} and not {expected}", pane.cost());
        assert_eq!(
            pane.house.state.money.spent,
            pane.view().gauges.cost,
            "{name}"
        );
    }
}

#[test]
fn the_conversation_is_followed_where_it_goes() {
    let pane = recording!("resumed_inside");
    let conversation = pane.house.state.sessions[&pane.id]
        .agent_ref
        .clone()
        .unwrap();
    assert!(conversation.starts_with("c680"), "{conversation}");
    assert_eq!(pane.view().model.as_deref(), Some("claude-opus-5-5"));
    assert_eq!(pane.view().permission_mode.as_deref(), Some("default"));
    assert_eq!(pane.view().gauges.window, Some(1_000_000));
    assert_eq!(pane.view().gauges_source, Source::Hook);
}

fn call(call: &str, command: &str) -> Fact {
    Fact::Called {
        at: 1,
        call: call.into(),
        name: "Bash".into(),
        input: serde_json::json!({ "command": command }).to_string(),
    }
}

fn ran(call: &str, passed: bool) -> Fact {
    Fact::Ran {
        at: 2,
        call: call.into(),
        passed,
        output: "and that is all".into(),
    }
}

#[test]
fn tests_and_builds_that_it_runs_tell_of_its_turn() {
    let mut pane = Pane::new();
    let id = pane.id;
    pane.play(r#"hook {"hook_event_name":"UserPromptSubmit","prompt":"mend it"}"#);
    let turn = pane.view().head.unwrap();
    // What failed before was mended.
    pane.facts(vec![
        call("a", "cargo test"),
        ran("a", false),
        ran("other", false),
    ]);
    pane.facts(vec![
        call("b", "cargo build"),
        call("c", "cargo test"),
        ran("c", true),
    ]);
    let seen = |pane: &Pane| pane.house.seen(turn).join(", ");
    assert_eq!(seen(&pane), "", "it is not over");
    pane.play(r#"hook {"hook_event_name":"Stop"}"#);
    assert_eq!(seen(&pane), "tests passed");
    // Told late.
    pane.facts(vec![ran("b", false)]);
    assert_eq!(seen(&pane), "tests passed, build failed");
    let turn = &pane.house.state.turns[&turn];
    assert!(
        turn.prompt.is_empty() && turn.blocks.is_empty(),
        "no words of it are kept"
    );
    // The next exchange has nothing of it.
    pane.play(r#"hook {"hook_event_name":"UserPromptSubmit","prompt":"more"}"#);
    let next = pane.view().head.unwrap();
    pane.play(r#"hook {"hook_event_name":"Stop"}"#);
    assert!(
        !pane
            .house
            .seen(next)
            .iter()
            .any(|name| name.contains("build"))
    );
    assert_eq!(pane.house.state.sessions[&id].told.exchange, None);
}
