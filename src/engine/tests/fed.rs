//! Prompts for programs in terminals: typed at once, held, or refused.

use super::terminals::{begin, run, screen, tell, title};
use super::*;
use crate::config::Means;
use crate::config::agents::Kind;
use crate::engine::effect::Timer;
use crate::engine::pty::PtyEvent;
use crate::protocol::{Audience, Source};

/// What was sent to a terminal, and what a face is told instead.
fn sent(effects: &[Effect]) -> (Vec<String>, Vec<String>) {
    let mut all = (vec![], vec![]);
    for effect in effects {
        match effect {
            Effect::Paste { text, .. } => all.0.push(text.clone()),
            Effect::Reply {
                result: Err(no), ..
            } => all.1.push(no.to_string()),
            Effect::Tell {
                event: Event::Notice { text, .. },
                ..
            } => all.1.push(text.clone()),
            _ => {}
        }
    }
    all
}

fn broadcast(house: &mut House, session: SessionId, prompt: &str) -> (Vec<String>, Vec<String>) {
    sent(&house.op(Op::Broadcast {
        to: Audience::Sessions(vec![session]),
        prompt: prompt.into(),
    }))
}

/// Nothing is typed yet, and who broadcasts is told so.
fn held(name: &str) -> (Vec<String>, Vec<String>) {
    let text = "takes no prompts yet: this one is held for at most 30 s, and lost if the engine ends before";
    (vec![], vec![format!("`{name}` {text}")])
}

fn no_words() -> (Vec<String>, Vec<String>) {
    (vec![], vec![])
}

#[test]
fn what_is_sent_to_an_agent_that_begins_is_held_until_it_takes_prompts() {
    let mut house = House::new();
    let spec = SessionSpec {
        command: vec!["claude".into()],
        ..SessionSpec::new("c", Backend::Terminal)
    };
    house.op(Op::Spawn { spec });
    let c = house.state.sessions.keys().copied().next().unwrap();
    assert_eq!(broadcast(&mut house, c, "one"), held("c"), "it starts");
    begin(&mut house, c);
    let titled = title(&mut house, c, "✳ Claude Code");
    assert_eq!(sent(&titled), no_words(), "a title is not enough");
    // It asks whether the folder is to be trusted: a prompt would be the answer.
    let asks = screen(&mut house, c, Means::NeedsYou(Kind::Question));
    assert_eq!(sent(&asks), no_words());
    assert_eq!(broadcast(&mut house, c, "two"), held("c"));
    let idle = screen(&mut house, c, Means::Idle);
    assert_eq!(sent(&idle).0, ["one", "two"]);
    assert_eq!(broadcast(&mut house, c, "three").0, ["three"], "at once");
    // The time that was given is over, and there is nothing to be said.
    let late = house.take(Input::Timer {
        timer: Timer::Unfed { session: c },
    });
    assert_eq!(late, []);
    // A shell takes what comes.
    let (sh, _) = run(&mut house, "sh", &["bash"]);
    assert_eq!(broadcast(&mut house, sh, "ls").0, ["ls"]);
}

#[test]
fn what_is_sent_while_it_is_started_again_is_for_the_new_one() {
    let mut house = House::new();
    let (c, _) = run(&mut house, "c", &["claude"]);
    screen(&mut house, c, Means::Idle);
    assert_eq!(broadcast(&mut house, c, "one").0, ["one"]);
    // It has a conversation, which the next one takes up.
    house.state.sessions.get_mut(&c).unwrap().agent_ref = Some("a-conversation".into());
    house.op(Op::Restart { session: c });
    assert_eq!(broadcast(&mut house, c, "two"), held("c"));
    // Its last picture says that it takes prompts, and nobody would read them.
    let last = screen(&mut house, c, Means::Idle);
    assert_eq!(sent(&last), no_words());
    let ended = tell(
        &mut house,
        c,
        PtyEvent::Exited {
            code: None,
            signal: Some(15),
        },
    );
    assert_eq!(sent(&ended), no_words(), "nothing is refused either");
    begin(&mut house, c);
    assert_eq!(sent(&screen(&mut house, c, Means::Idle)).0, ["two"]);
}

#[test]
fn what_cannot_be_sent_is_told() {
    let mut house = House::new();
    let (c, _) = run(&mut house, "c", &["claude"]);
    let asked = house.op(Op::Paste {
        session: c,
        text: "one".into(),
        submit: true,
    });
    assert_eq!(sent(&asked), no_words());
    assert!(reply(&asked).is_none(), "it is answered later");
    screen(&mut house, c, Means::NeedsYou(Kind::Question));
    let overdue = |house: &mut House| {
        sent(&house.take(Input::Timer {
            timer: Timer::Unfed { session: c },
        }))
    };
    let (typed, told) = overdue(&mut house);
    assert_eq!(typed.len(), 0);
    assert!(
        told[0].starts_with("`c` asks something before it takes prompts"),
        "{told:?}"
    );
    // Where another source says that it idles, its screen is one that we do not know.
    broadcast(&mut house, c, "two");
    tell(&mut house, c, PtyEvent::Seen(None));
    let session = house.state.sessions.get_mut(&c).unwrap();
    session.rungs.say(Source::Hook, Some(Means::Idle), 1);
    assert_eq!(overdue(&mut house).0, ["two"]);
    // One that ends, and one for which too much waits.
    let (d, _) = run(&mut house, "d", &["claude"]);
    for _ in 0..16 {
        assert_eq!(broadcast(&mut house, d, "more"), held("d"));
    }
    let (_, told) = broadcast(&mut house, d, "too much");
    assert!(told[0].contains("16 prompts wait already"), "{told:?}");
    let ended = tell(
        &mut house,
        d,
        PtyEvent::Exited {
            code: Some(1),
            signal: None,
        },
    );
    let (typed, told) = sent(&ended);
    assert_eq!((typed.len(), told.len()), (0, 16));
    assert!(
        told[0].contains("`d` ended before it took prompts"),
        "{told:?}"
    );
}
