//! The real Gemini CLI and opencode in our hands, through the Agent Client Protocol, against stand-ins of their
//! models' servers that this test starts: spawn, ask, approve on the screen, interrupt, crash, resume, fork; and
//! figures that are those the stand-ins billed, each once.
//!
//! Runs with those that the environment names: `npm install -g @google/gemini-cli opencode-ai`, then
//! `ANTIPHON_GEMINI_CLI=$(which gemini) ANTIPHON_OPENCODE=$(which opencode) cargo test --test acp_real`.

mod support;

use serde_json::Value;
use std::fs;
use support::acp::Agent;
use support::screen::Screen;

fn gauges(agent: &Agent) -> Value {
    agent.home.status("primer")["gauges"].clone()
}

/// All tokens that are shown: those shown to the model, cached or not, and those it wrote.
fn shown(gauges: &Value) -> (u64, u64) {
    let of = |key: &str| gauges["usage"][key].as_u64().expect("a number");
    (
        of("input") + of("cache_read"),
        of("output") + of("reasoning"),
    )
}

fn spawn(agent: &Agent) {
    let mut args = vec!["spawn", "primer", "--backend", agent.backend];
    if agent.backend == "gemini-cli" {
        // Left to itself it asks another model which one to take, and does not tell what that took.
        args.extend(["--model", agent.model]);
    }
    agent.home.ok(&args);
}

#[test]
fn asked_crashed_and_resumed_it_shows_what_was_billed() {
    for agent in Agent::all() {
        spawn(&agent);
        let answer = agent.home.ok(&["ask", "primer", "hello"]);
        assert!(answer.contains("stand-in answer"), "{answer}");
        agent.home.ok(&["ask", "primer", "and again"]);
        let before = gauges(&agent);
        assert_eq!(shown(&before), agent.billed(), "{}", agent.backend);
        assert!(before["context_used"].as_u64() > Some(0), "{before}");
        let cost = before["cost"]["priced"].as_i64();
        assert!(
            cost > Some(0) && before["cost"]["unpriced"] == 0,
            "{before}"
        );
        // Gemini CLI leaves thinking out: what it tells is a lower bound.
        let lower_bound = agent.backend == "gemini-cli";
        assert_eq!(
            before["usage"]["estimated"], lower_bound,
            "{}",
            agent.backend
        );

        agent.home.crash_engine();
        let answer = agent.home.ok(&["ask", "primer", "after the crash"]);
        assert!(
            answer.contains("after the crash"),
            "nothing of before is told again: {answer}"
        );
        let conversation = agent.shown("after the crash");
        for said in ["hello", "and again"] {
            assert!(conversation.contains(said), "it goes on: {conversation}");
        }
        agent.home.crash_engine();
        agent.home.ok(&["ask", "primer", "after another"]);
        assert!(agent.shown("after another").contains("after the crash"));
        assert_eq!(shown(&gauges(&agent)), agent.billed(), "{}", agent.backend);
        let log = agent.home.json(&["log", "primer"]);
        assert_eq!(log.as_array().map(Vec::len), Some(4), "{log}");
    }
}

#[test]
fn an_edit_is_approved_on_the_screen() {
    for agent in Agent::all() {
        let file = agent.home.user().join("made.txt");
        spawn(&agent);
        let screen = Screen::open(&agent.home, &[], 120, 36);
        screen.wait_for_text("primer");
        agent
            .home
            .ok(&["ask", "primer", &agent.write(&file), "--async"]);
        screen.wait_for_text("wants to run an edit");
        screen.wait_for_text("+ by hand");
        assert!(!file.exists(), "not before it is allowed");
        screen.type_text("y");
        screen.wait_for("the tool's result", |text| text.contains("the tool said"));
        assert_eq!(
            fs::read_to_string(&file).expect("it was written"),
            "by hand"
        );
        screen.wait_for("the bill", |text| text.contains("✓ idle"));
        // opencode tells the tokens of one of its two requests, and all dollars.
        let gauges = gauges(&agent);
        assert_eq!(gauges["usage"]["estimated"], true);
        assert_eq!(gauges["cost"]["unpriced"], 0);

        fs::remove_file(&file).expect("it is there");
        agent
            .home
            .ok(&["ask", "primer", &agent.write(&file), "--async"]);
        screen.wait_for("the question", |text| text.contains("wants to run an edit"));
        screen.type_text("x");
        screen.wait_for("the end", |text| text.contains("✓ idle"));
        assert!(!file.exists(), "it was not allowed");
    }
}

#[test]
fn a_turn_is_broken_off_and_the_conversation_goes_on() {
    for agent in Agent::all() {
        spawn(&agent);
        agent.home.ok(&["ask", "primer", "hello"]);
        let long = ["ask", "primer", "@hold @len:40 long", "--async"];
        agent.home.ok(&long);
        agent.ledger.wait_for("the long one", |calls| {
            calls
                .iter()
                .any(|call| call.prompt.contains("long") && call.model == agent.model)
        });
        support::until("half an answer", || {
            let so_far = agent.home.ok(&["log", "primer"]);
            so_far.contains("word2").then_some(())
        });
        agent.home.ok(&["interrupt", "primer"]);
        support::until("the end of the turn", || {
            let so_far = agent.home.ok(&["log", "primer"]);
            so_far.contains("interrupted").then_some(())
        });
        agent.server.release();
        let answer = agent.home.ok(&["ask", "primer", "and on"]);
        assert!(answer.contains("and on"), "{answer}");
        // Nobody says what the half answer took: it is counted, and marked.
        assert_eq!(gauges(&agent)["usage"]["estimated"], true);
    }
}

#[test]
fn a_fork_is_the_agents_own_or_refused() {
    for agent in Agent::all() {
        spawn(&agent);
        agent.home.ok(&["ask", "primer", "hello"]);
        if agent.backend == "gemini-cli" {
            let refused = agent.home.refused(&["fork", "primer", "parser"]);
            assert!(refused.contains("cannot fork"), "{refused}");
            continue;
        }
        agent.home.ok(&["fork", "primer", "parser"]);
        agent.home.ok(&["ask", "parser", "another way"]);
        assert!(agent.shown("another way").contains("hello"), "it inherits");
        agent.home.ok(&["ask", "primer", "this way"]);
        assert!(
            !agent.shown("this way").contains("another way"),
            "each goes its own way"
        );
        agent.home.crash_engine();
        agent.home.ok(&["ask", "parser", "and on"]);
        assert!(
            agent.shown("and on").contains("another way"),
            "it comes back"
        );
    }
}

#[test]
fn models_and_modes_are_the_agents_own() {
    for agent in Agent::all() {
        spawn(&agent);
        agent.home.ok(&["ask", "primer", "hello"]);
        agent
            .home
            .ok(&["set", "primer", "--permission-mode", "plan"]);
        support::until("the mode", || {
            (agent.home.status("primer")["permission_mode"] == "plan").then_some(())
        });
        let other = match agent.backend {
            "gemini-cli" => "gemini-2.5-flash",
            _ => "small",
        };
        agent.home.ok(&["set", "primer", "--model", other]);
        agent.home.ok(&["ask", "primer", "to another"]);
        let calls = agent.ledger.calls();
        let last = calls.last().expect("it was asked");
        assert_eq!(last.model, other);
    }
}
