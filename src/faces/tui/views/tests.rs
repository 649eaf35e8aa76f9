//! Pictures of hand-made models. Each was looked at; a change in one is to be looked at again.

use crate::config::{Loaded, Theme};
use crate::faces::tui::model::panes::Panes;
use crate::faces::tui::model::{Link, Mode, Model};
use crate::faces::tui::sanitise;
use crate::faces::tui::testing::{house, model, press, write};
use crate::faces::tui::update::{Msg, Purpose, update};
use crate::faces::tui::views;
use crate::protocol::testing::{session, turn};
use crate::protocol::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

fn draw(model: &Model) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(model.size.0, model.size.1)).unwrap();
    terminal
        .draw(|frame| {
            views::draw(model, frame.buffer_mut());
        })
        .unwrap();
    terminal.backend().buffer().clone()
}

fn picture(model: &Model) -> String {
    let buffer = draw(model);
    let width = usize::from(buffer.area.width.max(1));
    let row = |cells: &[ratatui::buffer::Cell]| {
        let mut line = String::new();
        let mut skip = 0;
        for cell in cells {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            line.push_str(cell.symbol());
            skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).saturating_sub(1);
        }
        line.trim_end().to_owned()
    };
    buffer
        .content
        .chunks(width)
        .map(row)
        .collect::<Vec<_>>()
        .join("\n")
}

macro_rules! shows {
    ($name:expr, $model:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true,
            snapshot_path => "snapshots" }, {
            insta::assert_snapshot!($name, picture(&$model));
        });
    };
}

fn offers() -> Vec<Offer> {
    let offer = |backend: Backend, label: &str, ready, detail: &str, models: &[&str]| Offer {
        backend,
        label: label.into(),
        ready,
        detail: detail.into(),
        models: models.iter().map(|m| (*m).to_owned()).collect(),
        command: vec![],
    };
    vec![
        offer(
            Backend::Claude,
            "Claude Code",
            true,
            "/usr/bin/claude",
            &["sonnet-5", "opus-5"],
        ),
        offer(
            Backend::OpenAi,
            "OpenAI API",
            false,
            "OPENAI_API_KEY is not set",
            &[],
        ),
        offer(Backend::Ollama, "Ollama", true, "3 models", &["qwen3:32b"]),
        offer(
            Backend::Terminal,
            "A shell, or any program",
            true,
            "/bin/zsh",
            &[],
        ),
    ]
}

#[test]
fn the_house() {
    shows!("house-80x24", house((80, 24)));
    let mut wide = house((200, 60));
    wide.panes = Panes::of([1, 5, 3, 8].map(SessionId));
    shows!("house-200x60", wide);
    let mut two = house((120, 36));
    two.panes = Panes::of([1, 5].map(SessionId));
    press(&mut two, "i");
    write(&mut two, "now fix the rounding in raise()");
    shows!("house-120x36-writing", two);
    shows!("house-40x12", house((40, 12)));
}

#[test]
fn the_empty_house() {
    let mut empty = model((80, 24), vec![]);
    empty.offers = Some(offers());
    shows!("start-80x24", empty);
}

#[test]
fn what_a_session_asks() {
    let mut asking = house((80, 24));
    asking.panes.select(SessionId(3));
    shows!("ask-80x24", asking);
}

#[test]
fn dialogs() {
    for (name, keys) in [
        ("help", "?"),
        ("spawn", "n"),
        ("fork", "f"),
        ("relay", "r"),
        ("broadcast", "b"),
        ("kill", "K"),
        ("palette", ": f o"),
        ("find", "/ c r"),
        ("permission-mode", "p"),
        ("budget", "B"),
    ] {
        let mut model = house((80, 24));
        model.offers = Some(offers());
        press(&mut model, keys);
        shows!(format!("dialog-{name}"), model);
    }
}

#[test]
fn statistics() {
    let row = |name: &str, turns, rated, successes| StatsRow {
        name: name.into(),
        turns,
        rated,
        successes,
        cost: Cost {
            priced: Nano::from_dollars(1.25),
            ..Cost::default()
        },
        first_token: Some(900),
        ..StatsRow::default()
    };
    let stats = Stats {
        days: 30,
        total: row("", 12, 10, 9.0),
        by_model: vec![row("sonnet-5", 8, 8, 7.5), row("qwen3:32b", 4, 0, 0.0)],
        by_category: vec![row("debug", 12, 10, 9.0)],
        suggested: 5,
        followed: 3,
        ..Stats::default()
    };
    let mut model = house((80, 24));
    let result = Ok(Answer::Stats(stats));
    update(
        &mut model,
        Msg::Reply {
            purpose: Purpose::Stats,
            result,
        },
    );
    shows!("dialog-stats", model);
}

#[test]
fn the_engine_is_gone() {
    let mut model = house((80, 24));
    update(&mut model, Msg::Lost("the engine hung up".into()));
    assert_eq!(model.link, Link::Lost("the engine hung up".into()));
    shows!("lost-80x24", model);
}

#[test]
fn everything_is_readable_without_colour() {
    let mut model = house((80, 24));
    let coloured = picture(&model);
    model.configure(Loaded {
        theme: Theme::monochrome(),
        ..Loaded::default()
    });
    assert_eq!(picture(&model), coloured);
    let plain = |cell: &ratatui::buffer::Cell| {
        cell.fg == ratatui::style::Color::Reset && cell.bg == ratatui::style::Color::Reset
    };
    assert!(draw(&model).content.iter().all(plain));
}

#[test]
fn nothing_that_others_write_reaches_the_terminal() {
    let bytes: String = (0..=255u8).map(char::from).collect();
    let evil = format!("{bytes}\u{1b}[2J\u{1b}]52;c;aGk=\u{7}\u{202e}\u{2066}\u{9b}31m\u{85}");
    let mut model = house((100, 40));
    for session in &mut model.sessions {
        session.name.push_str(&evil);
        session.model = Some(evil.clone());
        session.title = Some(evil.clone());
        session.note = Some(evil.clone());
        session.group = Some(evil.clone());
        session.permission_mode = Some(evil.clone());
        for ask in &mut session.asks {
            ask.title = evil.clone();
            ask.detail = evil.clone();
        }
    }
    let mut hostile = turn(1, None, &evil, &format!("{evil}\n```\n{evil}\n```\n"));
    hostile.blocks.push(Block::Notice { text: evil.clone() });
    hostile.blocks.push(Block::Thinking { text: evil.clone() });
    hostile.blocks.push(Block::Tool {
        id: "1".into(),
        name: evil.clone(),
        input: evil.clone(),
        output: Some(evil.clone()),
        state: ToolState::Done,
    });
    for id in [1, 3, 5] {
        let chat = model.chats.entry(SessionId(id)).or_default();
        chat.replace(SessionId(id), vec![hostile.clone()]);
        chat.unfolded = id == 1;
    }
    let run = Run {
        text: evil.clone(),
        style: Style::default(),
    };
    let screen = ScreenUpdate {
        session: SessionId(8),
        rows: 2,
        cols: 80,
        full: true,
        lines: vec![(0, vec![run])],
        cursor: None,
        modes: Modes::default(),
        scrolled: 1,
        history: 9,
    };
    update(&mut model, Msg::Event(Event::Screen(screen)));
    let notice = Event::Notice {
        level: Level::Error,
        text: evil.clone(),
        session: None,
    };
    update(&mut model, Msg::Event(notice));
    for id in [1, 3, 5, 8] {
        model.panes.select(SessionId(id));
        model.panes.pin();
    }
    for keys in ["", "r", "esc /", "esc f"] {
        press(&mut model, keys);
        for cell in &draw(&model).content {
            assert!(
                !cell.symbol().chars().any(sanitise::is_harmful),
                "{:?}",
                cell.symbol()
            );
        }
    }
}

#[test]
fn no_size_makes_it_panic() {
    let sizes = [
        1, 2, 3, 4, 5, 7, 10, 11, 12, 17, 20, 24, 40, 59, 60, 99, 100, 160, 201,
    ];
    for width in sizes {
        for height in [1, 2, 3, 4, 5, 6, 9, 10, 12, 14, 18, 24, 61] {
            let mut model = house((width, height));
            model.panes = Panes::of([1, 5, 3, 8].map(SessionId));
            model.offers = Some(offers());
            draw(&model);
            for keys in ["n", "f", "r", "b", "?", ":", "K", "B", "S", "i", "!"] {
                press(&mut model, keys);
                draw(&model);
                press(&mut model, "esc esc");
                model.mode = Mode::Normal;
                press(&mut model, "tab");
            }
            update(&mut model, Msg::Lost("gone".into()));
            draw(&model);
        }
    }
}

/// The terminal may be smaller than the model believes, until the news of its size has come.
#[test]
fn a_terminal_that_shrank_is_drawn_on() {
    let mut model = house((200, 60));
    model.panes = Panes::of([1, 5, 3, 8].map(SessionId));
    press(&mut model, "i");
    for (width, height) in [(1, 1), (10, 3), (80, 24), (250, 70)] {
        let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, width, height));
        views::draw(&model, &mut buffer);
    }
}

#[test]
fn wide_names_and_long_words() {
    let mut names = vec![
        session(1, "世界平和の名前がとても長いセッション"),
        session(2, "👩‍👩‍👧 family"),
    ];
    names[0].group = Some("グループ".into());
    let mut model = model((80, 24), names);
    let long = "x".repeat(300);
    let turns = vec![turn(
        1,
        None,
        &long,
        &format!("世界{long} 世界世界世界世界世界世界世界世界世界世界世界世界世界世界世界"),
    )];
    model
        .chats
        .entry(SessionId(1))
        .or_default()
        .replace(SessionId(1), turns);
    shows!("wide-80x24", model);
}

#[test]
fn a_hundred_sessions_scroll() {
    let sessions = (1..=100)
        .map(|n| session(n, &format!("session-{n}")))
        .collect();
    let mut model = model((80, 24), sessions);
    press(&mut model, "k");
    assert_eq!(model.panes.selected(), Some(SessionId(100)));
    let shown = picture(&model);
    assert!(shown.contains("session-100") && shown.contains('↑') && !shown.contains("session-1 "));
}

#[test]
fn a_terminal_is_painted_and_scrolled() {
    let mut model = house((80, 24));
    model.panes.select(SessionId(8));
    let run = |text: &str, attributes| Run {
        text: text.into(),
        style: Style {
            attributes,
            ..Style::default()
        },
    };
    let screen = ScreenUpdate {
        session: SessionId(8),
        rows: 20,
        cols: 57,
        full: true,
        lines: vec![
            (0, vec![run("$ ls", Style::BOLD)]),
            (1, vec![run("src  ", 0), run("世界.txt", Style::REVERSE)]),
            (2, vec![run("$ ", 0)]),
        ],
        cursor: Some(Cursor {
            row: 2,
            col: 2,
            shape: CursorShape::Beam,
        }),
        modes: Modes::default(),
        scrolled: 3,
        history: 40,
    };
    update(&mut model, Msg::Event(Event::Screen(screen)));
    assert_eq!(model.untaken, [SessionId(8)]);
    shows!("terminal-80x24", model);
}

/// Far more than a frame should take even in a debug build on a busy machine; usually it is two milliseconds.
const SLOW: std::time::Duration = std::time::Duration::from_millis(40);

#[test]
fn long_conversations_are_drawn_quickly() {
    let text = "Some **bold** text with `code`, long enough to be wrapped.\n\n```\nfn a() {}\n```\n\n- one\n- two\n\n";
    let mut model = house((200, 60));
    model.panes = Panes::of([1, 5, 3, 8].map(SessionId));
    for id in [1, 3, 5] {
        let turns = (1..200)
            .map(|n| turn(n, None, "prompt", &text.repeat(5)))
            .collect();
        let chat = model.chats.entry(SessionId(id)).or_default();
        chat.replace(SessionId(1), turns);
    }
    let mut growing = turn(999, None, "p", &text.repeat(100));
    growing.state = TurnState::Streaming;
    let event = Event::TurnChanged {
        session: SessionId(1),
        turn: growing,
    };
    update(&mut model, Msg::Event(event));
    let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 200, 60));
    let mut frame = |model: &mut Model| {
        let delta = Delta::Text {
            text: "more ".into(),
        };
        let (session, turn) = (SessionId(1), TurnId(999));
        update(
            model,
            Msg::Event(Event::Grew {
                session,
                turn,
                delta,
            }),
        );
        let began = std::time::Instant::now();
        buffer.reset();
        views::draw(model, &mut buffer);
        began.elapsed()
    };
    let best = (0..10).map(|_| frame(&mut model)).min();
    assert!(best < Some(SLOW), "{best:?}");
}
