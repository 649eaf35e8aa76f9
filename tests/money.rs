//! The day's budget: warned before it is used up, asked before it is passed.

mod support;

use support::{chat_api::ChatApi, home::Home, screen::Screen};

/// One word costs as much as the test wants: a model with a price, and a limit set from what one turn took.
fn lab() -> (ChatApi, Home) {
    let api = ChatApi::start();
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    home.ok(&["spawn", "primer", "-b", "openai", "-m", "gpt-5"]);
    (api, home)
}

fn spent(home: &Home) -> i64 {
    home.json(&["budget"])["spent"]["priced"].as_i64().unwrap()
}

#[test]
fn at_eighty_percent_a_warning_is_seen() {
    let (_api, home) = lab();
    home.ok(&["ask", "primer", "@len:2000"]);
    let spent = spent(&home) as f64 / 1e9;
    let screen = Screen::open(&home, &[], 120, 30);
    home.ok(&["budget", "set", &format!("{:.6}", spent / 0.5)]);
    let half = screen.wait_for("half of the budget", |text| {
        text.contains("today $0.0") && text.contains(" $0.0")
    });
    assert!(!half.contains("nearly used"), "{half}");
    home.ok(&["budget", "set", &format!("{:.6}", spent / 0.81)]);
    screen.wait_for_text("budget nearly used");
    home.ok(&["budget", "set", "none"]);
    screen.wait_for("no warning", |text| !text.contains("nearly used"));
}

#[test]
fn over_the_budget_a_prompt_waits_and_asks() {
    let (api, home) = lab();
    // Less than the reservation for one answer of the greatest length.
    home.ok(&["budget", "set", "0.01"]);
    let screen = Screen::open(&home, &[], 120, 34);
    screen.wait_for_text("i write to primer");
    screen.key("i");
    screen.type_text("may I?");
    screen.key("enter");
    let text = screen.wait_for("the question", |text| {
        text.contains("over the day's budget: send anyway?") && text.contains("over budget?")
    });
    assert!(
        text.contains("of $0.01") && text.contains("may cost up to"),
        "{text}"
    );
    assert!(api.ledger.calls().is_empty(), "nothing was sent");
    assert_eq!(home.status("primer")["status"]["is"], "needs_you");
    // No: it is taken back, to where it was written.
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    screen.key("x");
    screen.wait_for("no question", |text| !text.contains("send anyway?"));
    assert!(api.ledger.calls().is_empty(), "nothing was sent");
    assert_eq!(home.status("primer")["status"]["is"], "idle");
    screen.wait_for_text("› may I?");
    // Yes: it is sent.
    screen.key("i");
    screen.wait_for_text("INSERT");
    screen.type_text(" And now?");
    screen.key("enter");
    screen.wait_for_text("send anyway?");
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    screen.key("y");
    screen.wait_for_text("stand-in answer");
    assert_eq!(api.ledger.calls().len(), 1);
    assert_eq!(api.ledger.calls()[0].prompt, "may I? And now?");
    // A prompt that is still held when the engine dies is kept, and not sent.
    screen.key("i");
    screen.type_text("and after?");
    screen.key("enter");
    screen.wait_for_text("send anyway?");
    home.crash_engine();
    screen.wait_for_text("the engine is gone");
    screen.key("r");
    screen.wait_for("the prompt, not sent", |text| {
        text.contains("and after?") && text.contains("Never sent") && !text.contains("is gone")
    });
    assert_eq!(api.ledger.calls().len(), 1);
    // A session that costs nothing needs no budget.
    home.ok(&["spawn", "free", "-b", "rehearsal"]);
    home.ok(&["ask", "free", "hello"]);
}
