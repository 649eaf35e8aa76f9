//! Each picture was looked at; where one changes, look at it again.

use super::*;

macro_rules! shows {
    ($name:expr, $model:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true,
            snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!($name, picture(&$model));
        });
    };
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
        link: None,
        wraps: false,
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
        top: 0,
        reflow: 0,
    };
    update(&mut model, Msg::Event(Event::Screen(screen)));
    assert_eq!(model.untaken, [SessionId(8)]);
    shows!("terminal-80x24", model);
}

#[test]
fn the_budget_warns_and_then_says_that_it_is_used_up() {
    let mut model = house((80, 24));
    for (cents, said) in [
        (399, ""),
        (400, "budget nearly used"),
        (500, "budget used up"),
    ] {
        model.budget.spent.priced = Nano(cents * 10_000_000);
        let shown = picture(&model);
        let header = shown.lines().next().unwrap();
        assert_eq!(header.contains("budget"), !said.is_empty(), "{header}");
        assert!(header.contains(said), "{header}");
    }
}

#[test]
fn what_stands_below_a_draft() {
    let reason = "cheapest above 80 % for debug here (9 of 10, n=10); about $0.004 against $0.03 at claude-sonnet-5";
    let candidate = |model: &str, cost, reason: &str| Candidate {
        model: model.into(),
        backend: Backend::Anthropic,
        success: 0.9,
        lower: 0.82,
        seen: 10,
        cost: Some(Nano::from_dollars(cost)),
        reason: reason.into(),
    };
    for (size, draft) in [
        ((80, 24), "why does it fail?"),
        ((200, 60), "why does it fail?"),
        ((40, 20), "why does it fail?"),
        ((80, 24), "/feedback g"),
        ((80, 24), "/"),
    ] {
        let mut model = house(size);
        press(&mut model, "i");
        write(&mut model, draft);
        let id = model.panes.selected().expect("a pane");
        if !draft.starts_with('/') {
            let suggestion = Suggestion {
                category: "debug".into(),
                candidates: vec![
                    candidate("claude-haiku-4-5", 0.004, reason),
                    candidate("claude-sonnet-5", 0.03, "above 80 %"),
                ],
                reached: true,
                ..Suggestion::default()
            };
            let composer = model.composers.get_mut(&id).expect("a composer");
            composer.suggestion = Some((draft.into(), suggestion));
        }
        let words: String = draft
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '/')
            .collect();
        let name = format!(
            "draft-{}-{}x{}",
            words.replace('/', "slash-"),
            size.0,
            size.1
        );
        shows!(name, model);
    }
}
