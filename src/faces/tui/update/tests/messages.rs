//! What messages, and keys one after another, make of the model.

use super::*;

#[test]
fn an_empty_house_offers_a_rehearsal() {
    let mut empty = model((80, 24), vec![]);
    let spec = SessionSpec::new("hello", Backend::Rehearsal);
    assert_eq!(ops(press(&mut empty, "enter")), [Op::Spawn { spec }]);
    assert_eq!(press(&mut empty, "q"), [Cmd::Quit]);
}

#[test]
fn walking_follows_the_sidebar() {
    let mut model = on(SessionId(10));
    for wanted in [5, 6, 7, 8, 9, 1, 2, 3, 4, 10] {
        press(&mut model, "j");
        assert_eq!(model.panes.selected(), Some(SessionId(wanted)));
    }
    press(&mut model, "k");
    assert_eq!(model.panes.selected(), Some(SessionId(4)));
}

#[test]
fn the_engine_is_told_what_is_on_the_screen() {
    let mut model = house((120, 40));
    let watch = |cmds: Vec<Cmd>| {
        let told = |cmd: Cmd| match cmd {
            Cmd::Send {
                request: Request::Op(op @ (Op::Watch { .. } | Op::Resize { .. })),
                ..
            } => Some(op),
            _ => None,
        };
        cmds.into_iter().filter_map(told).collect::<Vec<_>>()
    };
    let first = watch(update(&mut model, Msg::Resize(120, 40)));
    assert_eq!(
        first,
        [Op::Watch {
            sessions: vec![PRIMER]
        }]
    );
    assert_eq!(watch(update(&mut model, Msg::Resize(120, 40))), []);
    model.panes.select(SHELL);
    let shell = watch(press(&mut model, "enter"));
    let resize = |rows, cols| Op::Resize {
        session: SHELL,
        rows,
        cols,
    };
    assert_eq!(
        shell,
        [
            resize(36, 46),
            Op::Watch {
                sessions: vec![PRIMER, SHELL]
            }
        ]
    );
    assert_eq!(
        watch(press(&mut model, "z")),
        [
            resize(36, 120),
            Op::Watch {
                sessions: vec![SHELL]
            }
        ]
    );
    assert_eq!(
        watch(update(&mut model, Msg::Resize(119, 40))),
        [resize(36, 119)]
    );
}

#[test]
fn a_suggestion_is_asked_for_once_the_draft_rests() {
    let mut model = on(PRIMER);
    press(&mut model, "i");
    let cmds = write(&mut model, "fix");
    assert!(cmds.iter().all(|cmd| !matches!(
        cmd,
        Cmd::Send {
            request: Request::Query(_),
            ..
        }
    )));
    assert_eq!(cmds.last(), Some(&Cmd::Arm(Timer::Suggest(PRIMER))));
    let asked = update(&mut model, Msg::Timer(Timer::Suggest(PRIMER)));
    let Some(Cmd::Send {
        request: Request::Query(Query::Suggest { prompt, .. }),
        purpose,
    }) = asked.last()
    else {
        panic!("{asked:?}");
    };
    assert_eq!(prompt, "fix");
    let late = Purpose::Suggest {
        session: PRIMER,
        prompt: "fi".into(),
    };
    let answer = || Ok(Answer::Suggestion(Suggestion::default()));
    update(
        &mut model,
        Msg::Reply {
            purpose: late,
            result: answer(),
        },
    );
    assert!(model.composers[&PRIMER].suggestion.is_none());
    update(
        &mut model,
        Msg::Reply {
            purpose: purpose.clone(),
            result: answer(),
        },
    );
    assert!(model.composers[&PRIMER].suggestion.is_some());
    let again = update(&mut model, Msg::Timer(Timer::Suggest(PRIMER)));
    assert_eq!(again, []);
}

#[test]
fn a_refused_prompt_comes_back() {
    let mut model = on(PRIMER);
    press(&mut model, "i h i enter");
    assert!(model.composers[&PRIMER].is_empty());
    let purpose = Purpose::Prompt {
        session: PRIMER,
        draft: Draft {
            text: "hi".into(),
            ..Draft::default()
        },
    };
    let result = Err(Refusal::new("no such session", "antiphon list shows them"));
    update(&mut model, Msg::Reply { purpose, result });
    assert_eq!(model.composers[&PRIMER].text(), "hi");
    let notice = model.notice.unwrap();
    assert_eq!(notice.level, Level::Error);
    assert_eq!(notice.text, "no such session · antiphon list shows them");
}

#[test]
fn a_paste_goes_where_the_keys_go() {
    let mut model = on(SHELL);
    let paste = |model: &mut Model| ops(update(model, Msg::Paste("a\nb".into())));
    assert_eq!(paste(&mut model), [], "normal mode takes no text");
    press(&mut model, "i");
    assert_eq!(
        paste(&mut model),
        [Op::Paste {
            submit: false,
            session: SHELL,
            text: "a\nb".into()
        }]
    );
    let mut model = on(PRIMER);
    press(&mut model, "i");
    assert_eq!(paste(&mut model), []);
    assert_eq!(model.composers[&PRIMER].text(), "a\nb");
    press(&mut model, "esc ,");
    update(&mut model, Msg::Paste("\u{1b}[31mx\n".into()));
    let Some(Layer::Picker(picker)) = model.layers.last() else {
        panic!()
    };
    assert_eq!(picker.field.text(), "primer[31mx ");
}

#[test]
fn an_answer_grows_and_is_followed_unless_one_reads_above() {
    let mut model = house((80, 24));
    let mut growing = turn(4, Some(3), "more", "");
    growing.state = TurnState::Streaming;
    let event = Event::TurnChanged {
        session: PRIMER,
        turn: growing,
    };
    update(&mut model, Msg::Event(event));
    let grow = |model: &mut Model, text: &str| {
        let delta = Delta::Text { text: text.into() };
        update(
            model,
            Msg::Event(Event::Grew {
                session: PRIMER,
                turn: TurnId(4),
                delta,
            }),
        );
    };
    grow(&mut model, "line\n\n");
    assert_eq!(model.chats[&PRIMER].place, Place::End);
    press(&mut model, "pageup");
    let place = model.chats[&PRIMER].place;
    assert!(matches!(place, Place::At { .. }));
    grow(&mut model, &"line\n\n".repeat(40));
    assert_eq!(model.chats[&PRIMER].place, place);
    press(&mut model, "g");
    assert_eq!(model.chats[&PRIMER].place, Place::At { turn: 0, line: 0 });
    for _ in 0..20 {
        press(&mut model, "pagedown");
    }
    assert_eq!(model.chats[&PRIMER].place, Place::End);
}

#[test]
fn a_session_that_goes_leaves_no_trace() {
    let mut model = on(PRIMER);
    press(&mut model, "space i");
    update(
        &mut model,
        Msg::Event(Event::SessionRemoved { session: PRIMER }),
    );
    assert_eq!(model.mode, Mode::Normal);
    assert!(model.marks.is_empty() && !model.chats.contains_key(&PRIMER));
    assert_eq!(
        model.panes.selected(),
        Some(SessionId(2)),
        "its neighbour is shown"
    );
    for id in 1..=10 {
        update(
            &mut model,
            Msg::Event(Event::SessionRemoved {
                session: SessionId(id),
            }),
        );
    }
    assert_eq!(model.panes.selected(), None);
    press(&mut model, "i j k tab f r y 1 c z / esc");
    assert_eq!(model.mode, Mode::Normal);
}

#[test]
fn our_own_new_session_gets_a_pane() {
    let mut model = house((200, 60));
    let created = Ok(Answer::Sessions(vec![session(11, "new")]));
    update(
        &mut model,
        Msg::Reply {
            purpose: Purpose::Create { draft_of: None },
            result: created,
        },
    );
    assert_eq!(model.panes.shown(), [PRIMER, SessionId(11)]);
    assert_eq!(model.panes.selected(), Some(SessionId(11)));
    let other = Event::SessionChanged {
        session: session(12, "from elsewhere"),
    };
    update(&mut model, Msg::Event(other));
    assert_eq!(
        model.panes.shown(),
        [PRIMER, SessionId(11)],
        "another face's does not"
    );
}

#[test]
fn a_lost_engine_can_be_restarted_and_drafts_stay() {
    let mut model = on(PRIMER);
    press(&mut model, "i h i");
    update(&mut model, Msg::Lost("the engine hung up".into()));
    let quietly = Cmd::Connect { start: false };
    assert_eq!(press(&mut model, "j"), std::slice::from_ref(&quietly));
    assert_eq!(update(&mut model, Msg::Focus), [quietly]);
    assert_eq!(press(&mut model, "r"), [Cmd::Connect { start: true }]);
    assert_eq!(press(&mut model, "q"), [Cmd::Quit]);
    update(&mut model, Msg::NotConnected("no".into()));
    assert_eq!(model.link, Link::Lost("no".into()));
    let greeting = update(&mut model, Msg::Connected);
    assert_eq!(greeting.len(), 2);
    let snapshot = Snapshot {
        sessions: model.sessions.clone(),
        budget: model.budget,
        engine: EngineStatus {
            pid: 1,
            version: String::new(),
            socket: "".into(),
            store: "".into(),
            sessions: 10,
            faces: 1,
            started_at: 0,
        },
        problems: vec![],
    };
    let result = Ok(Answer::Snapshot(Box::new(snapshot)));
    let told = update(
        &mut model,
        Msg::Reply {
            purpose: Purpose::Snapshot,
            result,
        },
    );
    assert!(told.iter().any(|cmd| matches!(
        cmd,
        Cmd::Send {
            request: Request::Op(Op::Watch { .. }),
            ..
        }
    )));
    assert_eq!(model.composers[&PRIMER].text(), "hi");
}

#[test]
fn a_command_is_no_prompt() {
    let mut model = on(PRIMER);
    press(&mut model, "i");
    write(&mut model, "/feed");
    // Nothing is suggested for it, also when the timer of an earlier draft fires.
    assert_eq!(update(&mut model, Msg::Timer(Timer::Suggest(PRIMER))), []);
    write(&mut model, "bac good");
    assert_eq!(ops(press(&mut model, "enter")), []);
    assert_eq!(model.composers[&PRIMER].text(), "/feedbac good");
    let notice = model.notice.as_ref().expect("a notice");
    assert!(
        notice
            .text
            .starts_with("not sent: the command is /feedback")
    );
    press(&mut model, "ctrl-u");
    write(&mut model, "/feedback good");
    assert!(matches!(
        &ops(press(&mut model, "enter"))[..],
        [Op::Ask { prompt, .. }] if prompt == "/feedback good"
    ));
}
