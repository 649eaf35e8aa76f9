//! The agent, the engine and the face, each killed at every step of a turn, with the real Claude Code CLI: whatever
//! dies, what was said before is there, nothing runs on unseen, and the conversation goes on.
//!
//! Runs where `ANTIPHON_CLAUDE` names the program, as `claude_real` does.

mod support;

use rustix::process::Signal;
use serde_json::Value;
use std::time::Duration;
use support::claude;
use support::home::{Home, ends_within, kill, signal};
use support::messages_api::MessagesApi;
use support::screen::Screen;
use support::until;

/// How far a turn has come: its name, the prompt that brings it there, and how that is seen.
type Step = (&'static str, &'static str, fn(&Home, &MessagesApi) -> bool);

/// Where somebody dies.
const STEPS: [Step; 4] = [
    ("the prompt is sent", "@hold @len:1", |_, api| {
        asked(api, "@hold @len:1")
    }),
    ("half an answer is there", "@hold @len:101", |home, _| {
        log(home)
            .last()
            .is_some_and(|turn| turn.to_string().contains("word51"))
    }),
    (
        "an approval is asked for",
        "@tool:Bash {\"command\":\"touch never\"}",
        |home, _| status(home) == "needs_you",
    ),
    ("the turn is over", "@say done", |home, _| {
        log(home).last().is_some_and(|turn| turn["state"] == "done") && status(home) == "idle"
    }),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Victim {
    Agent,
    Engine,
    Face,
}

fn asked(api: &MessagesApi, prompt: &str) -> bool {
    api.ledger
        .calls()
        .iter()
        .any(|call| call.prompt.contains(prompt))
}

fn log(home: &Home) -> Vec<Value> {
    home.json(&["log", "primer"])
        .as_array()
        .cloned()
        .unwrap_or_default()
}

fn status(home: &Home) -> String {
    home.status("primer")["status"]["is"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

fn pid(home: &Home) -> Option<u32> {
    home.status("primer")["pid"].as_u64()?.try_into().ok()
}

fn killed_at_every_step(victim: Victim) {
    for (step, prompt, is_there) in STEPS {
        let api = MessagesApi::start();
        let Some(home) = claude::home(&api) else {
            return;
        };
        home.ok(&[
            "spawn",
            "primer",
            "--backend",
            "claude",
            "--permission-mode",
            "default",
        ]);
        home.ok(&["ask", "primer", "@say the first answer"]);
        let screen = Screen::open(&home, &[], 100, 30);
        screen.wait_for_text("the first answer");
        home.ok(&["ask", "primer", prompt, "--async"]);
        until(step, || is_there(&home, &api).then_some(()));
        let before = log(&home);
        let agent = pid(&home).expect("the agent runs");
        match victim {
            Victim::Agent => kill(agent),
            Victim::Engine => home.crash_engine(),
            Victim::Face => signal(screen.pid, Signal::KILL),
        }
        if victim != Victim::Face {
            assert!(
                ends_within(agent, Duration::from_secs(10)),
                "{step}: the agent runs on"
            );
        }
        api.server.release();
        if victim == Victim::Face {
            // The turn does not notice.
            if status(&home) == "needs_you" {
                home.ok(&["respond", "primer", "no"]);
            }
        } else {
            drop(screen);
        }
        until("the turn is over", || {
            log(&home)
                .last()
                .is_some_and(|turn| {
                    !["waiting", "streaming"].contains(&turn["state"].as_str().unwrap_or("failed"))
                })
                .then_some(())
        });
        let after = log(&home);
        assert_eq!(
            after[0], before[0],
            "{step}: what was finished is as it was"
        );
        assert_eq!(
            after.len(),
            before.len(),
            "{step}: no turn is lost or doubled: {after:#?}"
        );
        let answer = home.ok(&["ask", "primer", "@say we go on"]);
        assert!(answer.contains("we go on"), "{step}: {answer}");
        let call = api
            .billed()
            .into_iter()
            .rfind(|call| call.prompt.contains("we go on"));
        let conversation = call.expect("it was asked").body["messages"].to_string();
        assert!(
            conversation.contains("the first answer"),
            "{step}: the context is kept"
        );
        assert!(
            !home.user().join("never").exists(),
            "{step}: nothing ran unapproved"
        );
        until("idle", || (status(&home) == "idle").then_some(()));
    }
}

#[test]
fn the_agent_dies() {
    killed_at_every_step(Victim::Agent);
}

#[test]
fn the_engine_dies() {
    killed_at_every_step(Victim::Engine);
}

#[test]
fn the_face_dies() {
    killed_at_every_step(Victim::Face);
}
