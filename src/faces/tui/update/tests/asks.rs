//! Questions, and what is written but not sent.

use super::*;
use crate::faces::tui::views::tests::picture;

fn asking(size: (u16, u16), title: &str, detail: &str) -> Model {
    let mut model = house(size);
    let session = model.sessions.iter_mut().find(|s| s.id == TESTS).unwrap();
    session.asks[0].title = title.into();
    session.asks[0].detail = detail.into();
    model.panes.select(TESTS);
    model
}

#[test]
fn all_of_what_is_asked_can_be_read() {
    let command = format!("echo {} && rm -rf /tmp/end", "x".repeat(90));
    let model = asking((80, 24), "Bash", &command);
    let flat: String = picture(&model)
        .lines()
        .filter_map(|line| Some(line.split_once("│▌ ")?.1))
        .collect();
    assert!(flat.contains(&command), "{flat}");
    let lines: Vec<String> = (1..=60).map(|n| format!("line {n}.")).collect();
    let mut model = asking((80, 24), "Write", &lines.join("\n"));
    let first = picture(&model);
    assert!(
        first.contains("line 1.") && first.contains("of 60"),
        "{first}"
    );
    assert!(
        first.contains("run the tests"),
        "the conversation keeps its place"
    );
    for _ in 0..30 {
        press(&mut model, "ctrl-d");
    }
    assert!(picture(&model).contains("line 60."));
    for _ in 0..30 {
        press(&mut model, "ctrl-u");
    }
    assert_eq!(picture(&model), first);
    press(&mut model, "enter");
    let all = picture(&model);
    assert!(
        all.matches("line ").count() > 14 && all.contains("less"),
        "{all}"
    );
    press(&mut model, "pagedown pagedown pagedown pagedown");
    assert!(picture(&model).contains("line 60."));
    press(&mut model, "o");
    assert_eq!(picture(&model), first);
    // The next question is read from its beginning.
    press(&mut model, "ctrl-d");
    let session = model.sessions.iter_mut().find(|s| s.id == TESTS).unwrap();
    session.asks[0].id = AskId(2);
    assert_eq!(picture(&model), first);
}

#[test]
fn a_plan_is_shown_though_the_question_came_without_it() {
    let mut model = asking((80, 24), "ExitPlanMode", "");
    let mut planned = turn(9, None, "plan it", "");
    planned.state = TurnState::Streaming;
    planned.blocks = vec![Block::Tool {
        id: "1".into(),
        name: "ExitPlanMode".into(),
        input: r#"{"plan":"- first read\n- then write"}"#.into(),
        output: None,
        state: ToolState::Running,
    }];
    let chat = model.chats.entry(TESTS).or_default();
    chat.replace(TESTS, vec![planned]);
    let shown = picture(&model);
    assert!(
        shown.contains("▌ • first read") && shown.contains("▌ • then write"),
        "{shown}"
    );
}

#[test]
fn each_kind_of_question_offers_what_answers_it() {
    for (title, detail, keys, shown, hidden) in [
        (
            "Bash",
            "ls",
            "",
            "y yes, once · a always here · x no · X no, in words",
            "esc",
        ),
        (
            "Bash",
            "ls",
            "i",
            "esc, then y yes, once · a always here",
            "\u{1}",
        ),
        (
            "ExitPlanMode",
            "1. read",
            "",
            "y go ahead · a yes, and accept edits",
            "wants to run",
        ),
    ] {
        let mut model = asking((80, 24), title, detail);
        press(&mut model, keys);
        let picture = picture(&model);
        assert!(picture.contains(shown), "{title}: {picture}");
        assert!(!picture.contains(hidden), "{title}: {picture}");
        assert!(picture.contains(detail));
    }
    let mut once = asking((80, 24), "Bash", "ls");
    let session = once.sessions.iter_mut().find(|s| s.id == TESTS).unwrap();
    session.asks[0].always = false;
    assert!(!picture(&once).contains("always"));
    assert_eq!(ops(press(&mut once, "a")), [], "there is no always");
    let mut model = asking(
        (80, 24),
        "over the day's budget: send anyway?",
        &format!(
            "today $0.49 of $0.50, $0.01 reserved · this prompt may cost up to {}",
            Nano(31_000_000)
        ),
    );
    let session = model.sessions.iter_mut().find(|s| s.id == TESTS).unwrap();
    session.asks[0].kind = AskKind::Budget;
    let picture = picture(&model);
    assert!(picture.contains("$0.031"), "{picture}");
    assert!(
        !picture.contains("always") && !picture.contains("in words"),
        "{picture}"
    );
}

#[test]
fn prompts_that_come_back_are_not_lost() {
    let mut model = on(PRIMER);
    press(&mut model, "i");
    write(&mut model, "newer");
    let draft = Draft {
        text: "older".into(),
        ..Draft::default()
    };
    let purpose = Purpose::Prompt {
        session: PRIMER,
        draft,
    };
    let result = Err(Refusal::new("no", ""));
    update(&mut model, Msg::Reply { purpose, result });
    assert!(model.notice.as_ref().unwrap().text.contains("↑ brings"));
    assert_eq!(model.composers[&PRIMER].text(), "newer");
    press(&mut model, "up");
    assert_eq!(model.composers[&PRIMER].text(), "older");
    press(&mut model, "down");
    assert_eq!(model.composers[&PRIMER].text(), "newer");
    let purpose = Purpose::Broadcast {
        text: "to all".into(),
    };
    let result = Err(Refusal::new("no", ""));
    update(&mut model, Msg::Reply { purpose, result });
    press(&mut model, "esc b");
    assert!(picture(&model).contains("to all"));
}

#[test]
fn images_go_along_with_a_prompt() {
    let mut model = on(PRIMER);
    model.cwd = Some("/pictures".into());
    model.home = Some("/home/ann".into());
    press(&mut model, "i");
    for line in [
        "/attach cat.png",
        "/attach ~/dog.png",
        "/attach /x/y.png",
        "/attach",
    ] {
        write(&mut model, line);
        assert_eq!(ops(press(&mut model, "enter")), []);
    }
    assert!(picture(&model).contains("with cat.png · dog.png · y.png"));
    press(&mut model, "backspace");
    write(&mut model, "what is it?");
    let sent = ops(press(&mut model, "enter"));
    let attached = vec!["/pictures/cat.png".into(), "/home/ann/dog.png".into()];
    let prompt = "what is it?".into();
    let session = PRIMER;
    assert_eq!(
        sent,
        [Op::Ask {
            session,
            prompt,
            suggested: false,
            attached
        }]
    );
    assert!(model.composers[&PRIMER].attached.is_empty());
    press(&mut model, "esc A");
    write(&mut model, "z.png");
    press(&mut model, "enter");
    assert_eq!(model.composers[&PRIMER].attached.len(), 1);
}

#[test]
fn a_refused_session_leaves_its_dialog_open() {
    let mut model = on(PRIMER);
    let asked = ops(press(&mut model, "f enter enter"));
    assert_eq!(asked.len(), 1, "one enter is one fork: {asked:?}");
    assert!(
        matches!(
            &asked[0],
            Op::Fork {
                at: Some(TurnId(2)),
                ..
            }
        ),
        "not the one that failed"
    );
    let reply = |model: &mut Model, result| {
        let purpose = Purpose::Create { draft_of: None };
        update(model, Msg::Reply { purpose, result });
    };
    reply(
        &mut model,
        Err(Refusal::new("the name is taken", "choose another")),
    );
    assert!(picture(&model).contains("the name is taken"));
    assert_eq!(ops(press(&mut model, "x enter")).len(), 1);
    reply(&mut model, Ok(Answer::Sessions(vec![session(11, "new")])));
    assert!(model.layers.is_empty());
}

#[test]
fn a_fork_to_another_backend_takes_the_draft_along() {
    let mut model = on(PRIMER);
    press(&mut model, "i");
    write(&mut model, "go on");
    let purpose = Purpose::Create {
        draft_of: Some(PRIMER),
    };
    let result = Ok(Answer::Sessions(vec![session(11, "new")]));
    update(&mut model, Msg::Reply { purpose, result });
    assert_eq!(model.composers[&SessionId(11)].text(), "go on");
    assert!(model.composers[&PRIMER].is_empty());
}

#[test]
fn a_rating_says_what_it_rated() {
    let mut model = on(PRIMER);
    let purpose = Purpose::Rate {
        turn: TurnId(2),
        rating: Rating::Good,
    };
    let result = Ok(Answer::Turns(vec![(PRIMER, TurnId(2))]));
    update(&mut model, Msg::Reply { purpose, result });
    assert_eq!(
        model.notice.unwrap().text,
        "t2 rated good: rehearsal, other"
    );
}
