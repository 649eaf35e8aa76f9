//! The picture in the README: the real program, driven to a scene that shows most of it. The scene is checked in
//! every run. `ANTIPHON_SCREENSHOT=assets/screenshot.svg cargo test --test picture` writes it anew, and then takes
//! the time that answers take.

mod support;

use std::{env, fs};
use support::{
    chat_api::ChatApi, directives::script, home::Home, messages_api::MessagesApi, screen::Screen,
    until,
};

const READ: &str = "Read src/ and remember it.";
const ROUND: &str = "How is money rounded here?";
const ANSWER: &str =
    "Amounts are integers in **nano-dollars**, and each turn is rounded *once*, in `Turn::settle`:

```rust
fn settle(&self, usage: &Usage) -> Nano {
    Nano(round(self.price.apply(usage)))
}
```

- `raise` divides before it adds: a nano-dollar is lost
- `reserve` rounds up, which is what a limit needs";
const LOOK: &str = "Look at `raise`.";
const FIX: &str = "Fix `raise` so that nothing is lost.";
const FIXING: &str = "I add first and divide once:

```rust
let total = base + fee;
```

The test that showed it sums a thousand raises and compares them with the sum of their parts. It fails before \
the change and passes after, and now I go through every other caller of the old function";
const CRITIC: &str = "Is the claim right?";

/// A small project with a history, and a shell in it.
fn project(home: &Home) {
    let script = "git init -q -b main && git config user.name you && git config user.email you@example.org
        at() { export GIT_AUTHOR_DATE=\"2026-01-0$1T10:00:00Z\" GIT_COMMITTER_DATE=\"2026-01-0$1T10:00:00Z\"; }
        made() { at $1; git commit -q --allow-empty -m \"$2\"; }
        made 1 'Amounts are integers' && made 2 'One rounding per turn'
        git checkout -q -b budget && made 3 'Reserve, then settle'
        git checkout -q main && made 4 'Cache writes have a price'
        at 5 && git merge -q --no-ff -m 'Merge budget' budget";
    let output = home.run("/bin/sh", &["-c", script], "");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn the_picture_of_the_readme() {
    let wanted = env::var_os("ANTIPHON_SCREENSHOT");
    script(READ, "@say I have read it.");
    script(
        CRITIC,
        "@say It holds for `settle`. `raise` loses half a nano-dollar.",
    );
    let slow = |text: &str, seconds: &str| -> &'static str {
        let slow = if wanted.is_some() {
            format!("@slow:{seconds} ")
        } else {
            String::new()
        };
        format!("{slow}@say {text}").leak()
    };
    script(ROUND, slow(ANSWER, "3.4"));
    script(FIX, format!("@hold @slow:3 @say {FIXING}").leak());

    let (messages, chat) = (MessagesApi::start(), ChatApi::start());
    let mut home = Home::new();
    home.set("ANTHROPIC_BASE_URL", &messages.url())
        .set("ANTHROPIC_API_KEY", "dummy");
    home.set("OLLAMA_HOST", &chat.url());
    // The shell names its window, as shells do.
    home.set("PS1", "\u{1b}]0;~/ledger\u{7}$ ")
        .set("GIT_PAGER", "cat");
    project(&home);
    let folder = home.user().display().to_string();
    home.ok(&["budget", "set", "2"]);
    home.ok(&["spawn", "hello", "-b", "rehearsal"]);
    home.ok(&[
        "spawn",
        "primer",
        "-b",
        "anthropic",
        "-m",
        "claude-sonnet-4-5",
    ]);
    // As long as a project is, so that the figures are those of a day's work.
    let source: String = (1..3000)
        .map(|n| format!("line {n} of some source code\n"))
        .collect();
    home.ok(&["ask", "primer", &format!("{READ}\n{source}")]);
    home.ok(&["ask", "primer", ROUND]);
    home.ok(&["fork", "primer", "tests"]);
    home.ok(&["ask", "tests", "Which are missing?"]);
    home.ok(&["fork", "primer", "parser"]);
    home.ok(&["ask", "parser", LOOK]);
    home.ok(&["spawn", "critic", "-b", "ollama", "-m", "stand-in:small"]);
    home.ok(&["ask", "critic", CRITIC]);
    home.ok(&["spawn", "shell", "-b", "terminal", "--cwd", &folder]);

    let screen = Screen::open(&home, &[], 118, 32);
    screen.wait_for_text("6 sessions");
    let show = |name: &str| {
        screen.key("/");
        screen.wait_for_text("find a word, or a session");
        screen.type_text(name);
        screen.key("down");
        screen.key("enter");
        screen.wait_for(name, |text| {
            !text.contains("find a word") && text.contains(&format!("▌{name}"))
        });
    };
    // One pane for each of three sessions, instead of what was there.
    screen.key("c");
    screen.key("c");
    show("primer");
    screen.key("4");
    screen.wait_for_text("★★★★☆");
    for name in ["parser", "shell"] {
        show(name);
        screen.key("enter");
    }
    screen.key("i");
    screen.wait_for_text("INSERT");
    screen.type_text("git log --oneline --graph --color\r");
    screen.wait_for_text("Merge budget");
    screen.key("ctrl-]");
    home.ok(&["ask", "parser", FIX, "--async"]);
    screen.wait_for_text("let total = base + fee;");
    show("primer");
    screen.key("i");
    screen.type_text("Now fix the bug in reserve()");
    let text = screen.wait_for("a suggestion", |text| text.contains("debug · "));
    for part in [
        "★★★★☆",
        "hello",
        "└─",
        "local",
        "working",
        "cached",
        "today $",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    if let Some(path) = wanted {
        until("a quiet screen", || {
            screen
                .is_quiet_for(std::time::Duration::from_millis(500))
                .then_some(())
        });
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        fs::write(path, screen.svg()).expect("the picture can be written");
    }
    messages.server.release();
}
