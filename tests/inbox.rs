//! The inbox through the whole program: who needs you rings once, and is answered from where you are.

mod support;

use support::{chat_api::ChatApi, home::Home, screen::Screen, until};

/// Two sessions, `here` and `there`, on a budget that is used up, so that every prompt asks.
fn broke(api: &ChatApi, settings: &str) -> Home {
    let mut home = Home::new();
    home.set("OPENAI_BASE_URL", &format!("{}/v1", api.url()));
    home.set("OPENAI_API_KEY", "dummy");
    home.configure(settings);
    home.ok(&["budget", "set", "0"]);
    for name in ["there", "here"] {
        home.ok(&["spawn", name, "-b", "openai", "-m", "gpt-5"]);
    }
    home
}

/// The screen with `here` in the only pane.
fn looking(home: &Home) -> Screen<'_> {
    let screen = Screen::open(home, &[], 80, 24);
    screen.wait_for_text("write to here");
    screen
}

/// How often the terminal was told: by the bell, by OSC 9, by OSC 777.
fn rung(screen: &Screen) -> (usize, usize, usize) {
    let raw = String::from_utf8_lossy(&screen.raw()).into_owned();
    let count = |what: &str| raw.matches(what).count();
    (
        screen.heard().bells,
        count("\x1b]9;Antiphon: there "),
        count("\x1b]777;notify;Antiphon;there "),
    )
}

fn prompt(home: &Home, name: &str) {
    home.ok(&["ask", name, "hi", "--async", "--over-budget", "wait"]);
}

#[test]
fn what_another_session_asks_is_answered_in_the_middle_of_a_draft() {
    let api = ChatApi::start();
    let home = broke(&api, "");
    let screen = looking(&home);
    screen.key("i");
    screen.wait_for_text("INSERT");
    screen.type_text("half a thought");
    prompt(&home, "there");
    screen.wait_for_text("●1");
    for leave in ["ctrl-]", "esc"] {
        screen.key(leave);
        // A lone escape is known as one when nothing follows it.
        screen.wait_for_text("NORMAL");
        screen.type_text("I");
        let shown = screen.wait_for_text("inbox · 1 open");
        assert!(shown.contains("over the day's budget"), "{shown}");
        screen.key("esc");
        let shown = screen.wait_for_text("INSERT");
        assert!(shown.contains("half a thought"), "{shown}");
    }
    screen.key("ctrl-]");
    screen.wait_for_text("NORMAL");
    screen.type_text("I");
    screen.wait_for_text("inbox · 1 open");
    screen.type_text("y");
    home.ok(&["wait", "there", "--until", "idle"]);
    assert_eq!(home.status("there")["gauges"]["turns"], 1);
    // The answer was not seen in its own pane: it is the next line.
    screen.wait_for("its end", |text| {
        text.contains("inbox · 1 ended") && text.contains("stand-in answer 1")
    });
    screen.key("esc");
    screen.wait_for_text("INSERT");
    screen.type_text(" more");
    let shown = screen.wait_for_text("half a thought more");
    assert!(
        shown.contains("write to here") || shown.contains("here  openai"),
        "{shown}"
    );
}

#[test]
fn a_session_that_needs_you_rings_once_and_not_where_you_look() {
    let api = ChatApi::start();
    let home = broke(&api, "");
    let screen = looking(&home);
    screen.type_text("\x1b[I");
    prompt(&home, "there");
    until("ring", || (rung(&screen) == (1, 1, 1)).then_some(()));
    // The same question, told anew and looked at, does not ring again.
    home.ok(&["set", "there", "--group", "g"]);
    screen.wait_for_text(" g ");
    screen.type_text("!");
    screen.wait_for_text("over the day's budget");
    home.ok(&["respond", "there", "no"]);
    screen.wait_for("no question", |text| !text.contains("●1"));
    // A question of the pane that is looked at is silent.
    prompt(&home, "there");
    screen.wait_for_text("●1");
    assert_eq!(rung(&screen), (1, 1, 1));
    home.ok(&["respond", "there", "no"]);
    screen.wait_for("no question", |text| !text.contains("●1"));
    // But not when the window has lost the focus.
    screen.type_text("\x1b[O");
    // The terminal's word comes on another way than the engine's: it is there when it is acted upon.
    until("ring", || {
        prompt(&home, "there");
        screen.wait_for_text("●1");
        let rings = rung(&screen) == (2, 2, 2);
        home.ok(&["respond", "there", "no"]);
        screen.wait_for("no question", |text| !text.contains("●1"));
        rings.then_some(())
    });
}

#[test]
fn bell_and_notifications_can_be_switched_off_apart() {
    let api = ChatApi::start();
    for (settings, expected) in [
        ("bell = false", (0, 1, 1)),
        ("[notify]\ndesktop = \"off\"", (1, 0, 0)),
        ("[notify]\ndesktop = \"osc777\"", (1, 0, 1)),
        ("[notify]\non = []", (0, 0, 0)),
        (
            "bell = false\n[notify]\non = [\"finished\"]\ndesktop = \"osc9\"",
            (0, 1, 0),
        ),
    ] {
        let home = broke(&api, settings);
        let screen = looking(&home);
        prompt(&home, "there");
        screen.wait_for_text("●1");
        home.ok(&["respond", "there", "once"]);
        home.ok(&["wait", "there", "--until", "idle"]);
        screen.wait_for_text("✓1");
        assert_eq!(rung(&screen), expected, "{settings}");
    }
}

#[test]
fn within_tmux_it_is_wrapped() {
    let api = ChatApi::start();
    let mut home = broke(&api, "[notify]\ndesktop = \"osc9\"");
    home.set("TMUX", "/tmp/none,1,0");
    let screen = looking(&home);
    prompt(&home, "there");
    let wrapped = "\x1bPtmux;\x1b\x1b]9;Antiphon: there ";
    until("wrapped sequence", || {
        String::from_utf8_lossy(&screen.raw())
            .contains(wrapped)
            .then_some(())
    });
}
