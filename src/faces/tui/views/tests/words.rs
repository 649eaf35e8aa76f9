//! What stands on the screen in single cases.

use super::*;

fn with_turns(turns: Vec<Turn>) -> Model {
    let mut model = model((80, 24), vec![session(1, "one")]);
    let chat = model.chats.entry(SessionId(1)).or_default();
    chat.replace(SessionId(1), turns);
    model
}

#[test]
fn what_happened_is_said_once() {
    let notice = |text: &str| Block::Notice { text: text.into() };
    let mut back = turn(1, None, "p", "");
    back.state = TurnState::Interrupted;
    back.blocks = vec![notice("taken back before it was sent")];
    let mut broken = turn(2, Some(1), "q", "I would");
    broken.state = TurnState::Interrupted;
    broken.blocks.push(notice("interrupted by the user"));
    let mut relayed = turn(3, Some(2), "From hello-2:\n\nthe answer", "");
    relayed.origin = Origin::Relay {
        from: "hello-2".into(),
        turn: TurnId(9),
    };
    let shown = picture(&with_turns(vec![back, broken, relayed]));
    for (text, times) in [
        ("taken back", 1),
        ("interrupted", 1),
        ("■", 2),
        ("hello-2", 1),
    ] {
        assert_eq!(shown.matches(text).count(), times, "{text}: {shown}");
    }
    let mut ended = session(1, "build");
    ended.backend = Backend::Terminal;
    ended.status = Status::Ended {
        code: Some(2),
        signal: None,
    };
    ended.note = Some("the process ended with code 2".into());
    let mut model = model((80, 24), vec![ended]);
    let shown = picture(&model);
    assert!(!shown.contains("the process ended"), "{shown}");
    assert!(shown.contains("· R starts it anew"));
    // It ended while somebody wrote to it.
    model.mode = Mode::Insert;
    assert!(picture(&model).contains("· ctrl-] R starts it anew"));
}

#[test]
fn an_unfolded_turn_tells_price_and_request() {
    let mut told = turn(1, None, "p", "a");
    told.cost.plan = Nano(30_000_000);
    told.price = Some(PriceNote {
        source: "models.dev".into(),
        date: "2026-11-20".into(),
    });
    told.receipt.request_id = Some("req_123".into());
    told.attempts = vec![Attempt {
        backend: Backend::OpenAi,
        model: Some("gpt".into()),
        failure: Failure::new(Category::Overloaded, "busy", ""),
        at: 0,
    }];
    let mut model = with_turns(vec![told]);
    let folded = picture(&model);
    assert!(
        folded.contains("plan ~$0.03") && !folded.contains("req_123"),
        "{folded}"
    );
    press(&mut model, "o");
    let shown = picture(&model);
    for text in [
        "price: models.dev, 2026-11-20",
        "request req_123",
        "tried before: openai gpt",
    ] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
}

#[test]
fn a_limit_that_has_passed_is_over() {
    let mut model = house((80, 24));
    model.panes.select(SessionId(6));
    assert!(picture(&model).contains("limited to 15:00"));
    model.now = 15 * 3_600_000;
    let shown = picture(&model);
    assert!(
        shown.contains("limit over") && !shown.contains("15:00"),
        "{shown}"
    );
}

#[test]
fn no_word_is_said_twice_of_a_model() {
    for (backend, name, words) in [
        (Backend::Claude, "claude-opus-5-5", "claude-opus-5-5"),
        (Backend::Claude, "sonnet", "claude sonnet"),
        (
            Backend::Anthropic,
            "claude-opus-5-5",
            "anthropic claude-opus-5-5",
        ),
        (Backend::Rehearsal, "rehearsal", "rehearsal"),
    ] {
        let mut one = session(1, "one");
        one.backend = backend;
        one.model = Some(name.into());
        assert_eq!(views::status::backend_and_model(&one), words);
    }
}

#[test]
fn names_win_over_money() {
    let mut long = session(1, "a-long-name-of-20-ch");
    long.gauges.turns = 1;
    long.gauges.cost = Cost {
        plan: Nano(420_000_000),
        ..Cost::default()
    };
    let mut short = long.clone();
    (short.id, short.name) = (SessionId(2), "short".into());
    let mut middle = long.clone();
    (middle.id, middle.name) = (SessionId(3), "of-ten-chs".into());
    let mut model = model((80, 24), vec![long, short, middle]);
    model.panes = Panes::default();
    model.panes.point(SessionId(1));
    let shown = picture(&model);
    let lines: Vec<&str> = shown.lines().skip(2).take(3).collect();
    assert!(
        lines[0].contains("✓ a-long-name-of-2") && !lines[0].contains("plan"),
        "{shown}"
    );
    assert!(lines[1].contains("✓ short plan ~$0.42"), "{shown}");
    assert!(lines[2].contains("✓ of-ten-chs   plan"), "{shown}");
}

#[test]
fn a_cache_that_saves_says_so_and_a_header_keeps_its_money() {
    let mut model = house((120, 36));
    model
        .sessions
        .iter_mut()
        .for_each(|s| s.gauges.saved = Nano(120_000_000));
    assert!(picture(&model).contains("saved $0.12"));
    for session in &mut model.sessions {
        session.status = Status::NeedsYou;
    }
    for width in [34, 40, 50, 60, 80, 120] {
        model.size = (width, 24);
        let shown = picture(&model);
        let header = shown.lines().next().unwrap();
        assert!(header.contains("today $1.84"), "{header}");
        assert!(
            header.contains("$5.00") && header.contains("●10"),
            "{header}"
        );
    }
}

#[test]
fn the_bars_say_how_to_interrupt() {
    let mut model = house((120, 36));
    model.panes.select(SessionId(2));
    assert!(picture(&model).contains("NORMAL  ctrl-c interrupt"));
    press(&mut model, "i");
    assert!(picture(&model).contains("ctrl-c interrupt · ctrl-j new line"));
    press(&mut model, "x");
    assert!(picture(&model).contains("ctrl-c twice interrupt"));
    model.keyboard = true;
    assert!(picture(&model).contains("shift-enter new line"));
}

#[test]
fn statistics_leave_out_what_says_nothing() {
    let row = |name: &str, turns| StatsRow {
        name: name.into(),
        turns,
        first_token: Some(0),
        ..StatsRow::default()
    };
    let stats = Stats {
        days: 1,
        total: row("", 1),
        by_day: vec![
            row("2026-11-18", 1),
            row("2026-11-19", 0),
            row("2026-11-20", 2),
        ],
        ..Stats::default()
    };
    let mut model = house((80, 24));
    let purpose = Purpose::Stats;
    let result = Ok(Answer::Stats(stats));
    update(&mut model, Msg::Reply { purpose, result });
    let shown = picture(&model);
    assert!(
        shown.contains(" 1 turn ") && shown.contains("1 day ─"),
        "{shown}"
    );
    assert!(
        !shown.contains("11-19") && !shown.contains("0.0 s"),
        "{shown}"
    );
    let at = |text: &str| shown.find(text).unwrap();
    assert!(at("2026-11-20") < at("2026-11-18"), "newest first");
}

#[test]
fn models_stand_with_their_figures() {
    let mut model = house((120, 36));
    model.offers = Some(offers());
    press(&mut model, "m");
    let view = |id: &str, provider: &str, reachable| ModelView {
        id: id.into(),
        provider: provider.into(),
        input: Some(Nano::from_dollars(3.0)),
        output: Some(Nano::from_dollars(15.0)),
        cache_read: None,
        window: Some(200_000),
        price_date: None,
        reachable,
        tier: String::new(),
        can: vec![],
        score: None,
    };
    let models = vec![
        view("far-model", "anthropic", false),
        view("near-model", "anthropic", true),
        view("sonnet-5", "anthropic", true),
    ];
    let purpose = Purpose::Models {
        session: SessionId(1),
    };
    let result = Ok(Answer::Models(models));
    update(&mut model, Msg::Reply { purpose, result });
    let shown = picture(&model);
    let at = |text: &str| {
        shown
            .find(text)
            .unwrap_or_else(|| panic!("{text}: {shown}"))
    };
    at("▸ sonnet-5    $3.00 in · $15.00 out / M · 200k window");
    assert!(at("near-model") < at("far-model"));
    // The next time they stand there at once.
    press(&mut model, "esc m");
    assert!(picture(&model).contains("$3.00 in"));
}

#[test]
fn a_session_can_be_spawned_with_group_mode_and_fallback() {
    let spawned = |keys: &str| {
        let mut model = house((80, 24));
        model.offers = Some(offers());
        let cmds = press(&mut model, keys);
        cmds.into_iter().find_map(|cmd| match cmd {
            crate::faces::tui::update::Cmd::Send {
                request: Request::Op(Op::Spawn { spec }),
                ..
            } => Some(spec),
            _ => None,
        })
    };
    let spec = spawned("n tab tab tab g 1 tab right right right enter").unwrap();
    assert_eq!(spec.group.as_deref(), Some("g1"));
    assert_eq!(spec.permission_mode.as_deref(), Some("plan"));
    let spec = spawned("n down tab tab tab a , space b enter").unwrap();
    assert_eq!(spec.backend, Backend::Ollama);
    assert_eq!(spec.fallback, ["a", "b"]);
}

#[test]
fn permission_modes_are_those_of_the_chosen_agent() {
    let agent = |name: &str| Offer {
        backend: Backend::Agent(name.into()),
        label: name.into(),
        ready: true,
        detail: String::new(),
        models: vec![],
        command: vec![],
    };
    let mut model = house((80, 24));
    let all = [offers().remove(0), agent("codex"), agent("opencode")];
    model.offers = Some(all.to_vec());
    // One of Claude's, which Codex does not have; then one of Codex's.
    press(&mut model, "n tab tab tab tab right right");
    assert!(picture(&model).contains("mode     acceptEdits"));
    press(&mut model, "down");
    assert!(picture(&model).contains("mode     the agent's own permission mode"));
    press(&mut model, "right");
    let shown = picture(&model);
    assert!(shown.contains("mode     read-only"), "{shown}");
    // opencode's are its own secret until it runs.
    press(&mut model, "down");
    let shown = picture(&model);
    assert!(!shown.contains("mode     "), "{shown}");
    press(&mut model, "up tab tab tab tab right");
    let cmds = press(&mut model, "enter");
    let spec = cmds.into_iter().find_map(|cmd| match cmd {
        crate::faces::tui::update::Cmd::Send {
            request: Request::Op(Op::Spawn { spec }),
            ..
        } => Some(spec),
        _ => None,
    });
    assert_eq!(spec.unwrap().permission_mode.as_deref(), Some("read-only"));
}

#[test]
fn the_header_shows_the_fullest_window_where_there_is_room() {
    use crate::protocol::Quota;
    let quota = |name: &str, used_percent, resets_at| Quota {
        name: name.into(),
        used_percent,
        resets_at,
    };
    let header = |cols| {
        let mut model = house((cols, 24));
        model.sessions[0].quotas = vec![
            quota("over", 99.0, Some(model.now - 1)),
            quota("5h", 60.0, Some(model.now + 3_600_000)),
            quota("week", 20.0, None),
        ];
        picture(&model)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let wide = header(120);
    assert!(
        wide.contains("   5h ━━━") && wide.contains(" to "),
        "{wide}"
    );
    assert!(!wide.contains("week") && !wide.contains("over"), "{wide}");
    assert!(!header(60).contains("5h "));
}
