//! One conversation into many, and one answer into another: what the models are really sent.

mod support;

use serde_json::Value;
use support::{chat_api::ChatApi, home::Home, ledger::Call, screen::Screen, until};

fn lab() -> (ChatApi, Home) {
    let api = ChatApi::start();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    (api, home)
}

fn spawn(home: &Home, name: &str) {
    home.ok(&["spawn", name, "-b", "openai", "-m", "gpt-5"]);
}

/// Who said what, in the order in which it was sent.
fn sent(call: &Call) -> Vec<String> {
    let messages = call.body["messages"].as_array().expect("messages");
    let said = |m: &Value| {
        format!(
            "{}: {}",
            m["role"].as_str().unwrap(),
            m["content"].as_str().unwrap()
        )
    };
    messages.iter().map(said).collect()
}

/// The call of a prompt, once it was answered.
fn call(api: &ChatApi, prompt: &str) -> Call {
    let over = |call: &Call| call.prompt == prompt && call.finished.is_some();
    let calls = api.ledger.wait_for(prompt, |calls| calls.iter().any(over));
    calls.into_iter().find(over).unwrap()
}

#[test]
fn a_fork_on_the_screen_goes_on_from_the_newest_turn_or_an_earlier_one() {
    let (api, home) = lab();
    spawn(&home, "primer");
    home.ok(&["ask", "primer", "@say one"]);
    home.ok(&["ask", "primer", "@say two"]);
    let screen = Screen::open(&home, &[], 140, 40);
    screen.wait_for_text("i write to primer");
    // At the newest turn.
    screen.key("f");
    screen.wait_for_text("up to and with t2: @say two");
    screen.key("enter");
    screen.wait_for_text("i write to primer-2");
    screen.key("i");
    screen.type_text("@say three");
    screen.key("enter");
    let three = call(&api, "@say three");
    assert_eq!(
        sent(&three),
        [
            "user: @say one",
            "assistant: one",
            "user: @say two",
            "assistant: two",
            "user: @say three"
        ]
    );
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    // At the first one: two turns up in the fork, which shows what it inherited.
    screen.key("[");
    screen.key("[");
    screen.key("f");
    screen.wait_for_text("up to and with t1: @say one");
    screen.key("enter");
    screen.wait_for_text("i write to primer-2-2");
    screen.key("i");
    screen.type_text("@say four");
    screen.key("enter");
    assert_eq!(
        sent(&call(&api, "@say four")),
        ["user: @say one", "assistant: one", "user: @say four"]
    );
    // The tree; each branch costs its own turns only.
    let text = screen.wait_for("the tree", |text| {
        text.contains("├─") && text.contains("└─")
    });
    assert!(text.contains("primer-2-2"), "{text}");
    let cost = |name: &str| {
        home.status(name)["gauges"]["cost"]["priced"]
            .as_i64()
            .unwrap()
    };
    let turns = |name: &str| home.status(name)["gauges"]["turns"].as_i64().unwrap();
    until("an idle fork", || {
        (home.status("primer-2-2")["status"]["is"] == "idle").then_some(())
    });
    assert_eq!(
        (turns("primer"), turns("primer-2"), turns("primer-2-2")),
        (2, 1, 1)
    );
    let all = cost("primer") + cost("primer-2") + cost("primer-2-2");
    assert_eq!(home.json(&["budget"])["spent"]["priced"], all);
}

#[test]
fn a_fork_can_go_on_with_another_backend() {
    let (api, mut home) = lab();
    home.set("OLLAMA_HOST", &api.url());
    spawn(&home, "primer");
    home.ok(&["ask", "primer", "@say one"]);
    home.ok(&[
        "fork",
        "primer",
        "local",
        "--backend",
        "ollama",
        "--model",
        "stand-in:small",
    ]);
    home.ok(&["ask", "local", "@say two"]);
    let call = call(&api, "@say two");
    assert_eq!(
        (call.path.as_str(), call.model.as_str()),
        ("/api/chat", "stand-in:small")
    );
    assert_eq!(
        sent(&call),
        ["user: @say one", "assistant: one", "user: @say two"]
    );
    // The turns of a killed session live on in its forks.
    home.ok(&["kill", "primer"]);
    home.crash_engine();
    home.ok(&["ask", "local", "@say three"]);
    assert_eq!(home.json(&["log", "local"]).as_array().unwrap().len(), 3);
}

#[test]
fn an_answer_is_relayed_into_another_conversation() {
    let (api, home) = lab();
    spawn(&home, "primer");
    spawn(&home, "critic");
    home.ok(&["ask", "primer", "@say the claim \u{1b}[2Jholds"]);
    let screen = Screen::open(&home, &[], 140, 40);
    screen.wait_for_text("i write to critic");
    screen.wait_for_text("the claim");
    // The session that was used last has the focus.
    if !screen.text().contains("▌primer") {
        screen.key("tab");
    }
    screen.wait_for_text("▌primer");
    screen.key("r");
    screen.wait_for_text("of primer to");
    screen.key("enter");
    screen.wait_for("the relay", |text| {
        text.contains("From primer:") && text.contains("stand-in answer 1")
    });
    let calls = api.ledger.wait_for("relay", |calls| {
        calls.len() == 2 && calls[1].finished.is_some()
    });
    assert!(
        calls[1].prompt.contains("the claim"),
        "{:?}",
        calls[1].prompt
    );
    let turn = &home.json(&["log", "critic"])[0];
    assert_eq!(turn["origin"]["relay"]["from"], "primer");
}

/// What the program in a terminal was given, as it writes it down: after the paste, and after a further line.
fn relay_to_a_terminal(enter: bool) -> String {
    let (_api, home) = lab();
    spawn(&home, "primer");
    home.ok(&["ask", "primer", "@say rm\u{1b}[201~ -r x\nsecond"]);
    let script = "stty raw -echo; printf '\\033[?2004h'; cat > got";
    home.ok(&[
        "spawn", "agent", "-b", "terminal", "--", "/bin/sh", "-c", script,
    ]);
    let file = home.user().join("got");
    until("a program that reads", || file.exists().then_some(()));
    let relay = ["relay", "primer", "agent"];
    home.ok(&[&relay[..], if enter { &["--enter"] } else { &[] }].concat());
    // A second relay proves that nothing follows the first.
    home.ok(&["relay", "primer", "agent"]);
    until("both pastes", || {
        let got = std::fs::read_to_string(&file).unwrap_or_default();
        (got.matches("\x1b[201~").count() == 2).then_some(got)
    })
}

#[test]
fn a_relay_into_a_terminal_is_one_paste_and_enter_only_when_asked() {
    for enter in [false, true] {
        let got = relay_to_a_terminal(enter);
        let first = got.split_inclusive("\x1b[201~").next().unwrap();
        let inside = first
            .strip_prefix("\x1b[200~")
            .unwrap_or_else(|| panic!("{got:?}"));
        let inside = inside.strip_suffix("\x1b[201~").unwrap();
        assert!(!inside.contains('\x1b'), "{inside:?}");
        assert!(
            inside.starts_with("rm") && inside.ends_with("second"),
            "{inside:?}"
        );
        let between = got[first.len()..].split_once("\x1b[200~").unwrap().0;
        assert_eq!(between, if enter { "\r" } else { "" }, "{got:?}");
    }
}

#[test]
fn a_broadcast_reaches_the_marked_a_group_or_all() {
    let (api, home) = lab();
    for name in ["alto", "tenor", "bass"] {
        spawn(&home, name);
    }
    home.ok(&["set", "bass", "--group", "low"]);
    home.ok(&["spawn", "shell", "-b", "terminal", "--", "/bin/cat"]);
    let screen = Screen::open(&home, &[], 140, 40);
    screen.wait_for_text("4 sessions");
    let send = |tabs: usize, words: &str, prompt: &str, reaches: usize| {
        screen.key("b");
        (0..tabs).for_each(|_| screen.key("tab"));
        screen.wait_for_text(&format!("▸{words}"));
        screen.type_text(prompt);
        screen.key("enter");
        screen.wait_for_text(&format!("sent to {reaches} session"));
        let calls = api.ledger.wait_for(prompt, |calls| {
            calls
                .iter()
                .filter(|c| c.prompt == prompt && c.finished.is_some())
                .count()
                >= reaches
        });
        assert_eq!(
            calls.iter().filter(|call| call.prompt == prompt).count(),
            reaches
        );
    };
    send(0, "all (3)", "name it", 3);
    send(1, "group low (1)", "lower", 1);
    // Marks: the first and the second of the list.
    for name in ["alto", "tenor"] {
        screen.key("/");
        screen.wait_for_text("find a word, or a session");
        screen.type_text(name);
        screen.key("down");
        screen.key("enter");
        screen.wait_for_text(&format!("i write to {name}"));
        screen.key("space");
    }
    send(0, "the marked (2)", "twice", 2);
    let prompts = |name: &str| -> Vec<String> {
        let log = home.json(&["log", name]);
        let turns = log.as_array().unwrap().iter();
        turns
            .map(|turn| turn["prompt"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(prompts("alto"), ["name it", "twice"]);
    assert_eq!(prompts("tenor"), ["name it", "twice"]);
    assert_eq!(prompts("bass"), ["name it", "lower"]);
}
