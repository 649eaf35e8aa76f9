//! Whatever the size, and whatever others write.

use super::*;

/// Far more than a frame should take even in a debug build on a busy machine; usually it is two milliseconds.
const SLOW: std::time::Duration = std::time::Duration::from_millis(40);

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
        link: None,
        wraps: false,
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
        top: 0,
        reflow: 0,
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
        0, 1, 2, 3, 4, 5, 7, 10, 11, 12, 17, 20, 24, 40, 59, 60, 99, 100, 160, 201,
    ];
    for width in sizes {
        for height in [0, 1, 2, 3, 4, 5, 6, 9, 10, 12, 14, 18, 24, 61] {
            let mut model = house((width, height));
            model.panes = Panes::of([1, 5, 3, 8].map(SessionId));
            model.offers = Some(offers());
            let asking = model.sessions.iter_mut().find(|s| s.id == SessionId(3));
            asking.unwrap().asks[0].detail = "a long line of many words\n".repeat(30);
            model.composers.entry(SessionId(3)).or_default().attached = vec!["/a.png".into()];
            draw(&model);
            for keys in [
                "n",
                "f",
                "r",
                "b",
                "?",
                ":",
                "K",
                "B",
                "S",
                "i",
                "!",
                "! ctrl-d",
                "! enter pagedown",
                "o",
                "! X",
                "/ r o u n d enter n",
                "[",
                "c c c c c",
                "j i",
                "A",
            ] {
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
