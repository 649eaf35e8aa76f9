//! Limits that a program in a terminal runs into.

use super::*;
use crate::config::Means;
use crate::engine::agent::transcript::codex;
use crate::engine::pty::Seen;

const RESET: i64 = 1_800_000_000_000;

/// A Claude Code that was refused; its windows, if it has told of them.
fn refused(used: Option<(f32, f32)>) -> Pane {
    let mut pane = Pane::new();
    pane.house.now.ms = RESET - 3_600_000;
    // Its line for prompts is there.
    let seen = Seen {
        means: Means::Idle,
        line: String::new(),
    };
    pane.take(Input::Pty {
        session: pane.id,
        epoch: 1,
        event: PtyEvent::Seen(Some(seen)),
    });
    let hook = |name: &str, more: &str| format!(r#"{{"hook_event_name":"{name}"{more}}}"#);
    pane.report(Report::Hook, &hook("UserPromptSubmit", r#","prompt":"go""#));
    pane.report(
        Report::Hook,
        &hook("StopFailure", r#","error":"rate_limit""#),
    );
    if let Some(used) = used {
        windows(&mut pane, used);
    }
    pane
}

/// Its statusline: what is used of its windows.
fn windows(pane: &mut Pane, (hours, week): (f32, f32)) {
    let resets = RESET / 1000;
    let line = format!(
        r#"{{"rate_limits":{{"five_hour":{{"used_percentage":{hours},"resets_at":{resets}}},
        "seven_day":{{"used_percentage":{week},"resets_at":{}}}}}}}"#,
        resets + 86_400
    );
    pane.report(Report::Statusline, &line);
}

fn status(pane: &Pane) -> Status {
    pane.view().status.clone()
}

#[test]
fn it_is_limited_until_the_window_resets_that_is_used_up() {
    let day = 86_400_000;
    for (windows, until) in [
        (None, None),
        (Some((100.0, 41.0)), Some(RESET)),
        (Some((100.0, 100.0)), Some(RESET + day)),
        (Some((41.5, 3.0)), None),
    ] {
        let pane = refused(windows);
        assert_eq!(status(&pane), Status::Limited { until }, "{windows:?}");
        assert!(matches!(pane.turns()[..], [TurnState::Failed(_)]));
    }
    // Whoever gets an answer is not limited, whatever its windows say.
    let mut pane = refused(Some((100.0, 41.0)));
    pane.report(
        Report::Hook,
        r#"{"hook_event_name":"UserPromptSubmit","prompt":"go"}"#,
    );
    assert_eq!(status(&pane), Status::Working);
    pane.report(Report::Hook, r#"{"hook_event_name":"Stop"}"#);
    assert_eq!(status(&pane), Status::Idle);
}

#[test]
fn one_that_was_started_again_is_still_limited_until_then() {
    for (used, limited) in [(100.0, true), (3.0, false)] {
        let mut pane = refused(None);
        // What an engine knows that was started since: the turn, and no more.
        let told = &mut pane.house.state.sessions.get_mut(&pane.id).unwrap().told;
        told.limited = false;
        windows(&mut pane, (used, 41.0));
        let until = Some(RESET);
        assert_eq!(
            status(&pane) == Status::Limited { until },
            limited,
            "{used}"
        );
    }
}

#[test]
fn it_goes_on_when_the_window_resets_if_it_may() {
    for may in [false, true] {
        let mut pane = refused(Some((100.0, 41.0)));
        let session = pane.id;
        pane.house.op(Op::SetResumeAtReset { session, on: may });
        let timer = Timer::Limit { session };
        assert_eq!(pane.take(Input::Timer { timer }), [], "not yet");
        pane.house.now.ms = RESET + 2_000;
        let effects = pane.take(Input::Timer { timer });
        assert_eq!(status(&pane), Status::Idle);
        assert_eq!(pane.view().note, None);
        let typed = effects.iter().find_map(|effect| match effect {
            Effect::Paste { text, submit, .. } => Some((text.as_str(), *submit)),
            _ => None,
        });
        assert_eq!(typed, may.then_some(("Go on where you stopped.", true)));
    }
}

#[test]
fn codex_tells_in_its_transcript_that_a_limit_is_reached() {
    let line = |reached: Value| {
        serde_json::json!({"timestamp": "2026-11-20T10:00:00Z", "type": "event_msg", "payload": {
            "type": "token_count", "info": null, "rate_limits": {
                "primary": {"used_percent": 100.0, "window_minutes": 300, "resets_at": RESET / 1000},
                "rate_limit_reached_type": reached}}})
    };
    let limited = |reached| {
        let facts = codex::Reader::default().read(&line(reached));
        facts.contains(&Fact::Limited)
    };
    assert!(limited("rate_limit_reached".into()));
    assert!(!limited(Value::Null));
    let mut pane = Pane::new();
    pane.house.now.ms = RESET - 1_000;
    let facts = codex::Reader::default().read(&line("rate_limit_reached".into()));
    pane.facts(vec![Fact::Began { at: 1 }]);
    pane.facts(facts);
    pane.facts(vec![Fact::Over { at: 2 }]);
    assert_eq!(status(&pane), Status::Limited { until: Some(RESET) });
}
