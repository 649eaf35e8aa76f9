//! What goes wrong outside: one clear line, nothing lost, and the session usable again.

mod support;

use serde_json::Value;
use std::net::TcpListener;
use support::{chat_api::ChatApi, home::Home, messages_api::MessagesApi, screen::Screen};

fn lab(messages: &MessagesApi, chat: &ChatApi) -> Home {
    let mut home = Home::new();
    home.set("ANTHROPIC_BASE_URL", &messages.url());
    home.set("ANTHROPIC_API_KEY", "sk-hush-hush");
    home.set("OPENAI_BASE_URL", &format!("{}/v1", chat.url()));
    home.set("OPENAI_API_KEY", "sk-hush-hush");
    home.set("OLLAMA_HOST", &chat.url());
    home
}

/// Prompt, category, words of the line, and whether half of the answer had come.
const TROUBLES: [(&str, &str, &str, bool); 8] = [
    ("@err:401", "auth", "answered 401", false),
    ("@err:429 @retry:90", "rate_limit", "(until ", false),
    ("@err:500", "overloaded", "answered 500", false),
    ("@err:529", "overloaded", "answered 529", false),
    ("@midcut", "cut_off", "in the middle of the answer", true),
    ("@midend", "cut_off", "in the middle of the answer", true),
    ("@sseerr", "", "answered", true),
    ("@badjson", "parse", "malformed JSON", true),
];

#[test]
fn every_failure_of_a_server_is_one_clear_line_and_the_session_goes_on() {
    let (messages, chat) = (MessagesApi::start(), ChatApi::start());
    let home = lab(&messages, &chat);
    for (name, model) in [
        ("anthropic", "claude-sonnet-4-5"),
        ("openai", "gpt-5"),
        ("ollama", "stand-in:small"),
    ] {
        home.ok(&["spawn", name, "-b", name, "-m", model]);
        for (number, (prompt, category, words, half)) in TROUBLES.into_iter().enumerate() {
            let output = home.cli(&["ask", name, prompt]);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{name} {prompt}: {said}");
            assert!(said.contains(words), "{name} {prompt}: {said}");
            assert!(said.contains("\n  next:  "), "{name} {prompt}: {said}");
            assert!(!said.contains("hush"), "{name} {prompt}: {said}");
            let answer = String::from_utf8(output.stdout).unwrap();
            assert_eq!(
                answer.contains("stand-in answer"),
                half,
                "{name} {prompt}: {answer}"
            );
            let turn = &home.json(&["log", name])[2 * number];
            let failure = &turn["state"]["failed"];
            assert!(
                category.is_empty() || failure["category"] == category,
                "{turn}"
            );
            assert_eq!(
                failure["until"].is_i64(),
                category == "rate_limit",
                "{turn}"
            );
            assert_eq!(
                turn["blocks"].to_string().contains("stand-in answer"),
                half,
                "{turn}"
            );
            // A limit is said, not enforced: the next prompt is tried.
            let fine = home.ok(&["ask", name, "and now?"]);
            assert!(
                fine.ends_with("to: and now?\n"),
                "{name} after {prompt}: {fine}"
            );
            assert_eq!(home.status(name)["status"]["is"], "idle");
        }
    }
    let text = Value::to_string(&home.json(&["log", "openai"]));
    assert!(!text.contains("hush"));
}

#[test]
fn a_failure_and_the_end_of_a_limit_stand_in_the_pane() {
    let (messages, chat) = (MessagesApi::start(), ChatApi::start());
    let home = lab(&messages, &chat);
    home.ok(&["spawn", "primer", "-b", "openai", "-m", "gpt-5"]);
    let screen = Screen::open(&home, &[], 110, 40);
    screen.wait_for_text("i write to primer");
    screen.key("i");
    screen.type_text("@err:429 @retry:7200");
    screen.key("enter");
    screen.wait_for_text("answered 429");
    let text = screen.wait_for_text("limited to ");
    let until = text.split_once("limited to ").expect("the time it ends").1;
    assert!(until.as_bytes()[2] == b':', "{until}");
    screen.type_text("@midcut now");
    screen.key("enter");
    screen.wait_for("half an answer and why", |text| {
        text.contains("stand-in answer 1") && text.contains("cut off")
    });
    screen.type_text("hello again");
    screen.key("enter");
    screen.wait_for("an answer", |text| {
        text.contains("to: hello again") && text.contains("idle")
    });
}

#[test]
fn what_is_not_there_is_named() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("http://{free}/v1"));
    home.set("OPENAI_API_KEY", "dummy");
    // Nobody listens.
    home.ok(&["spawn", "refused", "-b", "openai", "-m", "gpt-5"]);
    let said = home.refused(&["ask", "refused", "hello"]);
    assert!(
        said.contains(&free.to_string()) && said.contains("next:"),
        "{said}"
    );
    let output = home.cli(&["spawn", "llama", "-b", "ollama", "-m", "x"]);
    let ask = match output.status.success() {
        true => home.refused(&["ask", "llama", "hello"]),
        false => String::from_utf8(output.stderr).unwrap(),
    };
    assert!(
        ask.to_lowercase().contains("ollama") || ask.contains("11434"),
        "{ask}"
    );
    // No key.
    let output = home.cli(&["spawn", "keyless", "-b", "anthropic"]);
    let said = match output.status.success() {
        true => home.refused(&["ask", "keyless", "hello"]),
        false => String::from_utf8(output.stderr).unwrap(),
    };
    assert!(said.contains("ANTHROPIC_API_KEY"), "{said}");
    // No program.
    for (name, spawn) in [
        ("claude", vec!["spawn", "claude", "-b", "claude"]),
        (
            "/no/such/program",
            vec!["spawn", "prog", "--", "/no/such/program"],
        ),
    ] {
        home.cli(&spawn);
        let status = support::until("missing program", || {
            Some(home.status(spawn[1])).filter(|s| s["status"]["category"] == "missing")
        });
        let note = status["note"].as_str().unwrap();
        assert!(note.contains(name) && note.contains(" · "), "{note}");
    }
    let screen = Screen::open(&home, &[], 160, 40);
    screen.wait_for("what is missing", |text| {
        text.contains("/no/such/program` does not exist") && text.contains("R starts it anew")
    });
}

const MISTAKEN: &str = "bell = 3\nthme = \"night\"\n\n[budget]\ndaily = 2.5\nwarn_at = \"x\"\n\n[keys]\nspwan = \"n\"\nhelp = \"hyper-h\"\nfork = \"F\"\n";

#[test]
fn mistakes_in_the_configuration_are_shown_where_they_are_and_the_rest_applies() {
    let home = Home::new();
    let file = home.configure(MISTAKEN);
    let output = home.cli(&["config", "check"]);
    let said =
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    for (place, words) in [
        ("1:8", "`bell`: expected"),
        ("2:1", "unknown key `thme`"),
        ("6:11", "`budget.warn_at`: expected a number"),
        ("9:1", "unknown action `spwan`"),
        ("10:8", "`hyper` is not a modifier"),
    ] {
        let line = format!("{}:{place}: {words}", file.display());
        assert!(said.contains(&line), "{line} in\n{said}");
    }
    for words in [
        "did you mean `theme`?",
        "did you mean `spawn`?",
        "\n  thme = \"night\"\n  ^",
    ] {
        assert!(said.contains(words), "{words} in\n{said}");
    }
    // On the screen the first of them, and how many more.
    let screen = Screen::open(&home, &[], 120, 30);
    screen.wait_for("the first mistake", |text| {
        text.contains("config.toml:1:8") && text.contains("5 mistakes in config")
    });
    // What is right is in force: the budget, and the key of a fork.
    screen.wait_for_text("$2.50");
    screen.key("?");
    screen.wait_for_text("F ");
    // Mended while it runs: the message goes, without a word from the user where files are watched,
    // with one key elsewhere.
    screen.key("q");
    home.configure("[budget]\ndaily = 3\n");
    screen.key("ctrl-r");
    screen.wait_for("no more mistakes", |text| {
        !text.contains("config.toml:1:8") && text.contains("$3")
    });
    // A file that is no TOML at all changes nothing that is in force.
    home.configure("[budget\ndaily = 4\n");
    screen.key("ctrl-r");
    screen.wait_for("the mistake", |text| {
        text.contains("config.toml:1:8") && text.contains("$3")
    });
}
