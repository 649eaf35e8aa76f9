//! The inbox with nothing, with one line and with many, with long ones and hostile ones.

use super::*;
use crate::faces::tui::model::inbox::News;

macro_rules! shows {
    ($name:expr, $model:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true,
            snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!($name, picture(&$model));
        });
    };
}

pub(in crate::faces::tui) fn asked(id: u64, kind: AskKind, title: &str, detail: &str) -> Ask {
    Ask {
        id: AskId(id),
        kind,
        title: title.into(),
        detail: detail.into(),
        since: id as i64 * 1_000,
        choices: vec![],
        multiple: false,
        always: kind == AskKind::Approval,
        on_screen: false,
    }
}

fn choice(label: &str) -> Choice {
    Choice {
        label: label.into(),
        detail: String::new(),
    }
}

/// `tests` wants to run a tool; `parser` asks two questions, the second with several answers; `docs` was over budget.
pub(in crate::faces::tui) fn waiting(size: (u16, u16)) -> Model {
    let mut model = house(size);
    model.now = 60_000;
    let mut one = asked(2, AskKind::Question, "Flag", "Keep the old flag?");
    one.choices = vec![choice("Yes"), choice("No")];
    let mut many = asked(3, AskKind::Question, "Parts", "Which parts?");
    many.choices = vec![choice("Door"), choice("Roof"), choice("Wall")];
    many.multiple = true;
    let asks = [
        (3, vec![asked(1, AskKind::Approval, "Bash", "cargo test")]),
        (2, vec![one, many]),
        (4, vec![asked(4, AskKind::Budget, "over budget?", "")]),
    ];
    for (id, asks) in asks {
        let session = model.sessions.iter_mut().find(|s| s.id.0 == id).unwrap();
        (session.asks, session.status) = (asks, Status::NeedsYou);
    }
    model
}

fn opened(mut model: Model, keys: &str) -> Model {
    model.mode = Mode::Normal;
    press(&mut model, "I");
    press(&mut model, keys);
    model
}

/// As [`waiting`], with what ended unseen, and each line with something to read.
fn full(size: (u16, u16)) -> Model {
    let mut model = waiting(size);
    model.now = 20 * 60_000;
    let mut done = turn(
        9,
        None,
        "Write the docs of money",
        "Three files have docs now.",
    );
    done.cost.priced = Nano(30_000_000);
    done.timings = Timings {
        asked_at: 0,
        sent_at: Some(0),
        first_token_at: Some(900),
        ended_at: Some(41_000),
    };
    for file in ["a.rs", "b.rs", "a.rs", "c.rs"] {
        done.blocks.push(Block::Tool {
            id: file.into(),
            name: "Edit".into(),
            input: format!(r#"{{"file_path":"{file}"}}"#),
            output: None,
            state: ToolState::Done,
        });
    }
    for (id, since, turn) in [
        (10, 9, Some(done)),
        (7, 10, None),
        (6, 11, None),
        (9, 12, None),
    ] {
        let since = since * 60_000;
        model.news.insert(SessionId(id), News { since, turn });
    }
    let broken = model.sessions.iter_mut().find(|s| s.id.0 == 7).unwrap();
    broken.note = Some("auth: the key was refused · set ANTHROPIC_API_KEY".into());
    model
}

#[test]
fn the_inbox() {
    for (name, size) in [("80x24", (80, 24)), ("200x60", (200, 60))] {
        let mut nothing = house(size);
        nothing.sessions.iter_mut().for_each(|s| {
            s.asks.clear();
            s.status = Status::Idle;
        });
        shows!(format!("inbox-nothing-{name}"), opened(nothing, ""));
        shows!(format!("inbox-one-{name}"), opened(house(size), ""));
        shows!(format!("inbox-many-{name}"), opened(full(size), "j j 1 3"));
        shows!(format!("inbox-words-{name}"), opened(full(size), "w n o t"));
        shows!(format!("inbox-ended-{name}"), opened(full(size), "j j j j"));
        let mut long = waiting(size);
        let lines: Vec<String> = (1..=99)
            .map(|n| format!("line {n} {}", "x".repeat(90)))
            .collect();
        for session in &mut long.sessions {
            session.name = format!("{}-with-a-very-long-name", session.name);
            for ask in &mut session.asks {
                ask.detail = lines.join("\n");
            }
        }
        shows!(format!("inbox-long-{name}"), opened(long, "ctrl-d"));
    }
}

#[test]
fn all_of_a_long_entry_can_be_read() {
    let mut long = waiting((80, 24));
    let tests = long.sessions.iter_mut().find(|s| s.id.0 == 3).unwrap();
    let lines: Vec<String> = (1..=60).map(|n| format!("line {n}.")).collect();
    tests.asks[0].detail = lines.join("\n");
    let mut model = opened(long, "");
    let first = picture(&model);
    let mut seen = first.clone();
    for _ in 0..30 {
        press(&mut model, "ctrl-d");
        seen.push_str(&picture(&model));
    }
    assert!(lines.iter().all(|line| seen.contains(line)), "{seen}");
    for _ in 0..30 {
        press(&mut model, "ctrl-u");
    }
    assert_eq!(picture(&model), first);
    press(&mut model, "ctrl-d j k");
    assert_eq!(picture(&model), first, "each is read from its beginning");
}

#[test]
fn what_others_write_in_the_inbox_is_harmless() {
    let bytes: String = (0..=255u8).map(char::from).collect();
    let evil = format!("{bytes}\u{1b}[2J\u{1b}]52;c;aGk=\u{7}\u{202e}\u{2066}\u{9b}31m\u{85}");
    for size in [
        (80, 24),
        (200, 60),
        (20, 5),
        (1, 1),
        (9, 3),
        (40, 12),
        (70, 8),
    ] {
        let mut model = full(size);
        for session in &mut model.sessions {
            session.name.push_str(&evil);
            session.note = Some(evil.clone());
            session.backend = Backend::Endpoint(evil.clone());
            for ask in &mut session.asks {
                (ask.title, ask.detail) = (evil.clone(), evil.clone());
                for choice in &mut ask.choices {
                    (choice.label, choice.detail) = (evil.clone(), evil.clone());
                }
            }
        }
        for news in model.news.values_mut() {
            if let Some(turn) = &mut news.turn {
                turn.prompt = evil.clone();
                turn.blocks.push(Block::Text { text: evil.clone() });
            }
        }
        let mut model = opened(model, "");
        for keys in ["j", "j 1", "ctrl-d", "j", "j ctrl-d", "w", "tab", "esc"] {
            press(&mut model, keys);
            let shown = picture(&model);
            assert!(!shown.contains(|c: char| c != '\n' && sanitise::is_harmful(c)));
        }
    }
}
