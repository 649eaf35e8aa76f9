//! Hand-made models for the tests of this face.

use crate::config::{Chord, Key, Loaded};
use crate::faces::tui::input::keys;
use crate::faces::tui::model::panes::Panes;
use crate::faces::tui::model::{Link, Model};
use crate::faces::tui::update::{Cmd, Msg, update};
use crate::protocol::testing::{session, turn};
use crate::protocol::*;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A model that is connected, with these sessions; the first one in a pane.
pub fn model(size: (u16, u16), sessions: Vec<SessionView>) -> Model {
    let mut model = Model::new(Loaded::default(), size);
    model.link = Link::Up;
    model.panes = Panes::of(sessions.first().map(|s| s.id));
    model.sessions = sessions;
    model
}

/// Presses keys by their names, such as `n h i enter`.
pub fn press(model: &mut Model, keys: &str) -> Vec<Cmd> {
    let mut cmds = Vec::new();
    for name in keys.split_whitespace() {
        cmds.extend(update(model, key(name)));
    }
    cmds
}

/// Types text, each character a key.
pub fn write(model: &mut Model, text: &str) -> Vec<Cmd> {
    let mut cmds = Vec::new();
    for c in text.chars() {
        cmds.extend(update(model, event(KeyCode::Char(c), KeyModifiers::NONE)));
    }
    cmds
}

fn key(name: &str) -> Msg {
    let chord = Chord::parse(name).unwrap();
    let mut modifiers = KeyModifiers::NONE;
    for (held, modifier) in [
        (chord.ctrl, KeyModifiers::CONTROL),
        (chord.alt, KeyModifiers::ALT),
        (chord.shift, KeyModifiers::SHIFT),
    ] {
        if held {
            modifiers |= modifier;
        }
    }
    event(code(chord.key), modifiers)
}

/// What crossterm calls a key of the keymap.
pub fn code(key: Key) -> KeyCode {
    match key {
        Key::Char(c) => KeyCode::Char(c),
        Key::Enter => KeyCode::Enter,
        Key::Esc => KeyCode::Esc,
        Key::Tab => KeyCode::Tab,
        Key::BackTab => KeyCode::BackTab,
        Key::Backspace => KeyCode::Backspace,
        Key::Delete => KeyCode::Delete,
        Key::Insert => KeyCode::Insert,
        Key::Up => KeyCode::Up,
        Key::Down => KeyCode::Down,
        Key::Left => KeyCode::Left,
        Key::Right => KeyCode::Right,
        Key::Home => KeyCode::Home,
        Key::End => KeyCode::End,
        Key::PageUp => KeyCode::PageUp,
        Key::PageDown => KeyCode::PageDown,
        Key::F(n) => KeyCode::F(n),
    }
}

fn event(code: KeyCode, modifiers: KeyModifiers) -> Msg {
    let event = KeyEvent::new(code, modifiers);
    Msg::Key {
        chord: keys::chord(event),
        event,
    }
}

/// A terminal's picture of these lines, the first of which has the number `top`; with `below` more lines under them.
pub fn screen(session: SessionId, top: u64, below: u32, texts: &[&str]) -> ScreenUpdate {
    let line = |text: &&str| match text.is_empty() {
        true => vec![],
        false => vec![Run::new(*text, Style::default())],
    };
    ScreenUpdate {
        session,
        rows: texts.len() as u16,
        cols: 60,
        full: true,
        lines: (0..).zip(texts.iter().map(line)).collect(),
        cursor: None,
        modes: Modes::default(),
        scrolled: below,
        history: top as u32 + below,
        top,
        reflow: 0,
    }
}

const ANSWER: &str =
    "Amounts are integers in **nano-dollars**. They are rounded once, in `Turn::settle`:

```rust
fn settle(&self, usage: &Usage) -> Usd {
    self.price.apply(usage)
}
```

What follows from that:

1. sums never drift, because nothing is rounded twice
2. a fork costs *its own* turns only

> Money is exact.";

/// A house with every kind of session and status.
pub fn house(size: (u16, u16)) -> Model {
    let cents = |cents: i64| Cost {
        priced: Nano(cents * 10_000_000),
        ..Cost::default()
    };
    let mut primer = session(1, "primer");
    primer.backend = Backend::Claude;
    primer.model = Some("sonnet-5".into());
    primer.permission_mode = Some("default".into());
    primer.group = Some("payments".into());
    primer.gauges = Gauges {
        turns: 2,
        usage: Usage {
            input: 3_744,
            output: 4_120,
            cache_read: 27_460,
            ..Usage::default()
        },
        cost: Cost {
            estimated: true,
            ..cents(42)
        },
        context_used: Some(84_000),
        window: Some(200_000),
        ..Gauges::default()
    };
    let mut parser = session(2, "parser");
    parser.backend = Backend::Claude;
    parser.parent = Some(SessionId(1));
    parser.status = Status::Working;
    parser.gauges.turns = 1;
    parser.gauges.cost = cents(11);
    parser.gauges.tokens_per_second = Some(41.0);
    let mut tests = session(3, "tests");
    tests.backend = Backend::Claude;
    tests.parent = Some(SessionId(1));
    tests.status = Status::NeedsYou;
    tests.asks = vec![Ask {
        id: AskId(1),
        kind: AskKind::Approval,
        title: "Bash".into(),
        detail: "cargo test --workspace".into(),
        since: 0,
        choices: vec![],
        multiple: false,
        always: true,
        on_screen: false,
    }];
    let mut docs = session(4, "docs");
    docs.parent = Some(SessionId(1));
    docs.backend = Backend::Claude;
    docs.gauges.turns = 1;
    docs.gauges.cost = cents(3);
    let mut critic = session(5, "critic");
    critic.backend = Backend::Ollama;
    critic.model = Some("qwen3:32b".into());
    critic.status = Status::Working;
    critic.gauges = Gauges {
        turns: 1,
        usage: Usage {
            input: 2_100,
            output: 388,
            ..Usage::default()
        },
        local: true,
        context_used: Some(2_300),
        window: Some(32_768),
        tokens_per_second: Some(41.0),
        ..Gauges::default()
    };
    let mut gemini = session(6, "gemini");
    gemini.backend = Backend::Endpoint("openrouter".into());
    gemini.status = Status::Limited {
        until: Some(15 * 3_600_000),
    };
    let mut broken = session(7, "broken");
    broken.backend = Backend::Anthropic;
    broken.status = Status::Failed {
        category: Category::Auth,
    };
    let mut shell = session(8, "shell");
    shell.backend = Backend::Terminal;
    shell.source = Source::None;
    shell.status = Status::Unknown;
    shell.command = vec!["/bin/zsh".into()];
    let mut done = session(9, "build");
    done.backend = Backend::Terminal;
    done.command = vec!["make".into()];
    done.status = Status::Ended {
        code: Some(2),
        signal: None,
    };
    let mut hello = session(10, "hello");
    hello.group = Some("tries".into());
    let sessions = vec![
        critic, gemini, broken, shell, done, primer, parser, tests, docs, hello,
    ];
    let mut model = model(size, sessions);
    for id in 2..=4 {
        let fork = model.sessions.iter_mut().find(|s| s.id == SessionId(id));
        fork.unwrap().group = Some("payments".into());
    }
    model.panes = Panes::of([SessionId(1)]);
    model.budget = BudgetView {
        spent: cents(184),
        reserved: Nano(0),
        daily: Some(Nano::from_dollars(5.0)),
    };
    model
        .chats
        .entry(SessionId(1))
        .or_default()
        .replace(SessionId(1), turns());
    model
        .chats
        .entry(SessionId(5))
        .or_default()
        .replace(SessionId(1), vec![relayed()]);
    let mut asked = turn(9, None, "run the tests", "I run them.");
    asked.state = TurnState::Streaming;
    model
        .chats
        .entry(SessionId(3))
        .or_default()
        .replace(SessionId(1), vec![asked]);
    model
}

fn turns() -> Vec<Turn> {
    let mut first = turn(
        1,
        None,
        "Read src/ and tell me how money is rounded",
        ANSWER,
    );
    first.blocks.insert(
        0,
        Block::Thinking {
            text: "The user wants to know about rounding.\nI look at settle first.".into(),
        },
    );
    for (n, (name, input, state)) in [
        ("Bash", r#"{"command":"rg round src"}"#, ToolState::Done),
        ("Read", r#"{"file_path":"src/money.rs"}"#, ToolState::Failed),
    ]
    .into_iter()
    .enumerate()
    {
        first.blocks.insert(
            1 + n,
            Block::Tool {
                id: n.to_string(),
                name: name.into(),
                input: input.into(),
                output: Some("src/money.rs:12\nsrc/turn.rs:40".into()),
                state,
            },
        );
    }
    first.timings = Timings {
        asked_at: 0,
        sent_at: Some(0),
        first_token_at: Some(400),
        ended_at: Some(9_100),
    };
    first.cost.priced = Nano(31_000_000);
    first.usage.input = 1_200;
    first.usage.output = 388;
    first.rating = Some(Rating::Stars(4));
    let mut second = turn(2, Some(1), "now fix the rounding in raise()", "I would");
    second.state = TurnState::Interrupted;
    let mut third = turn(3, Some(2), "and again", "");
    third.blocks.clear();
    third.state = TurnState::Failed(Failure::new(
        Category::RateLimit,
        "the server allows no more for now",
        "it can be used again from 15:00",
    ));
    vec![first, second, third]
}

fn relayed() -> Turn {
    let answer = "The claim about rounding holds for `settle`, but `Budget::raise` divides before it adds:\n\n```\nlet half = total / 2 + fee;";
    let mut turn = turn(4, None, "Review this answer", answer);
    turn.origin = Origin::Relay {
        from: "primer".into(),
        turn: TurnId(1),
    };
    turn.state = TurnState::Streaming;
    turn
}
