//! A hundred sessions at fifty tokens a second: nothing is lost on the way to a face or to the store.

mod support;

use antiphon::faces::client::Dialogue;
use antiphon::protocol::{
    Answer, Audience, Backend, Delta, Event, Op, Query, Request, SessionSpec, TurnState,
    response_text,
};
use std::collections::HashMap;
use support::home::Home;

const SESSIONS: usize = 100;
const TOKENS: usize = 100;

#[tokio::test]
async fn a_hundred_streams_arrive_whole() {
    let home = Home::new();
    home.ok(&["engine", "start"]);
    let socket = home.antiphon().join("run/engine.sock");
    let mut dialogue = Dialogue::open(&socket, true).await.unwrap();
    let mut sessions = Vec::new();
    for n in 0..SESSIONS {
        let spec = SessionSpec {
            model: Some(format!("rehearsal-50tps-{TOKENS}")),
            ..SessionSpec::new(format!("s{n}"), Backend::Rehearsal)
        };
        match dialogue.ask(Request::Op(Op::Spawn { spec })).await.unwrap() {
            Answer::Sessions(views) => sessions.push(views[0].id),
            other => panic!("no session: {other:?}"),
        }
    }
    let watch = Op::Watch { sessions };
    dialogue.ask(Request::Op(watch)).await.unwrap();
    let broadcast = Op::Broadcast {
        to: Audience::All,
        prompt: "go".into(),
    };
    let Answer::Turns(turns) = dialogue.ask(Request::Op(broadcast)).await.unwrap() else {
        panic!("no turns");
    };
    assert_eq!(turns.len(), SESSIONS);
    // What the face is told while they grow, and what it is told at their end.
    let mut grown: HashMap<_, String> = HashMap::new();
    let mut whole: HashMap<_, String> = HashMap::new();
    while whole.len() < SESSIONS {
        match dialogue.next_event().await.unwrap() {
            Event::Grew {
                turn,
                delta: Delta::Text { text },
                ..
            } => grown.entry(turn).or_default().push_str(&text),
            Event::TurnChanged { turn, .. } if turn.state == TurnState::Done => {
                whole.insert(turn.id, response_text(&turn.blocks));
            }
            // A face that was too slow for a moment is told the conversation anew instead of what it missed.
            Event::History { turns, .. } => {
                for turn in turns {
                    grown.insert(turn.id, response_text(&turn.blocks));
                }
            }
            _ => {}
        }
    }
    for (_, turn) in turns {
        let words = |text: &str| text.split_whitespace().count();
        assert_eq!(words(&whole[&turn]), TOKENS, "{turn}");
        assert_eq!(grown[&turn], whole[&turn], "{turn}");
        let stored = dialogue.ask(Request::Query(Query::Turn { turn })).await;
        let Ok(Answer::Log(log)) = stored else {
            panic!("{turn} is gone");
        };
        assert_eq!(response_text(&log[0].blocks), whole[&turn], "{turn}");
    }
}
