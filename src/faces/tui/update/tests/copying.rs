//! Copy mode by keyboard, searching a terminal, and the clipboard: keys against what is asked and what is copied.

use super::*;
use crate::faces::tui::model::found::Way;
use crate::faces::tui::testing::screen;
use crate::faces::tui::views::tests::picture;
use crate::protocol;

const TEXT: [&str; 6] = [
    "$ make test",
    "ok 1 - parses",
    "not ok 2 - rounds",
    "",
    "see https://example.org/log",
    "$",
];

/// A shell with these lines in sight, the first of them number 20, and four more below.
fn shell(below: u32) -> Model {
    let mut model = on(SHELL);
    show(&mut model, 20, below);
    model
}

fn show(model: &mut Model, top: u64, below: u32) -> Vec<Cmd> {
    update(
        model,
        Msg::Event(Event::Screen(screen(SHELL, top, below, &TEXT))),
    )
}

/// What was asked of the engine, and what is to be done outside.
fn asked(cmds: Vec<Cmd>) -> Vec<String> {
    let said = |cmd| match cmd {
        Cmd::Send {
            request: Request::Query(Query::Text {
                from, to, block, ..
            }),
            purpose,
        } => {
            assert_eq!(purpose, Purpose::Copy);
            Some(format!("text {from:?} {to:?} {block}"))
        }
        Cmd::Send {
            request: Request::Query(Query::Find { pattern, .. }),
            ..
        } => Some(format!("find {pattern}")),
        Cmd::Send {
            request: Request::Op(Op::ScrollTo { line, .. }),
            ..
        } => Some(format!("to {line}")),
        Cmd::Send {
            request: Request::Op(Op::Scroll { lines, .. }),
            ..
        } => Some(format!("by {lines}")),
        Cmd::Copy(text) => Some(format!("copy {text}")),
        Cmd::Open(target) => Some(format!("open {target}")),
        _ => None,
    };
    cmds.into_iter().filter_map(said).collect()
}

#[test]
fn what_is_selected_with_keys_is_asked_for_and_left() {
    let down = "by -2147483648";
    for (keys, wanted) in [
        ("v esc", vec![down]),
        ("v q", vec![down]),
        ("v ctrl-c", vec![down]),
        ("v v e e y", vec!["text (25, 0) (25, 0) false", down]),
        ("v H v w e y", vec!["text (20, 0) (20, 5) false", down]),
        (
            "v H w V j enter",
            vec!["text (20, 0) (21, 65535) false", down],
        ),
        (
            "v H w ctrl-v 2 j l y",
            vec!["text (20, 2) (22, 3) true", down],
        ),
        ("v M y", vec!["text (22, 0) (22, 65535) false", down]),
        (
            "v H j $ v o 0 o y",
            vec!["text (21, 0) (21, 12) false", down],
        ),
        ("v H v v y", vec!["text (20, 0) (20, 65535) false", down]),
        ("v H V v y", vec!["text (20, 0) (20, 0) false", down]),
        ("v v esc esc", vec![down]),
        (
            "v 3 k 2 l V y",
            vec!["text (22, 0) (22, 65535) false", down],
        ),
        // Above what is in sight: the view goes there first.
        ("v H k", vec!["to 19"]),
        ("v g", vec!["to 0"]),
        ("v ctrl-u", vec!["to 17"]),
        ("v ctrl-y", vec!["to 19"]),
        ("v 9 ctrl-y", vec!["to 11"]),
        // Nothing below the present.
        ("v ctrl-d", vec![]),
        ("v L j j j", vec![]),
    ] {
        let mut model = shell(0);
        assert_eq!(asked(press(&mut model, keys)), wanted, "{keys}");
        let left = wanted.last().is_some_and(|last| *last == down);
        assert_eq!(model.mode == Mode::Normal, left, "{keys}");
        assert_eq!(model.copying.is_none(), left, "{keys}");
    }
}

#[test]
fn copied_text_reaches_the_clipboard_and_is_said() {
    let mut model = shell(0);
    for (text, said, copied) in [
        ("two\nlines", "9 characters copied", vec!["copy two\nlines"]),
        ("ü", "1 character copied", vec!["copy ü"]),
        ("", "there is nothing to copy there", vec![]),
    ] {
        let reply = Msg::Reply {
            purpose: Purpose::Copy,
            result: Ok(Answer::Text(text.into())),
        };
        assert_eq!(asked(update(&mut model, reply)), copied);
        assert_eq!(model.notice.as_ref().unwrap().text, said);
    }
}

#[test]
fn copy_mode_holds_its_lines_and_ends_with_its_pane() {
    let mut model = shell(0);
    press(&mut model, "v k");
    // Output: the lines that were in sight are asked for, and shown meanwhile.
    assert_eq!(asked(show(&mut model, 23, 0)), ["to 20"]);
    assert_eq!(model.copying.as_ref().unwrap().view.top, 20);
    show(&mut model, 20, 3);
    assert_eq!(model.mode, Mode::Copy);
    // The mode belongs to this terminal: another session, a dialog's effect or its end leave it.
    model.panes.select(PRIMER);
    update(&mut model, Msg::Resize(120, 40));
    assert_eq!((model.mode, model.copying.is_none()), (Mode::Normal, true));
    let mut model = shell(0);
    press(&mut model, "v");
    update(
        &mut model,
        Msg::Event(Event::SessionRemoved { session: SHELL }),
    );
    assert_eq!((model.mode, model.copying.is_none()), (Mode::Normal, true));
    let mut model = shell(0);
    press(&mut model, "v");
    update(&mut model, Msg::Lost("gone".into()));
    assert_eq!((model.mode, model.copying.is_none()), (Mode::Normal, true));
    // A chat has none.
    let mut model = on(PRIMER);
    press(&mut model, "v");
    assert_eq!(model.mode, Mode::Normal);
    assert!(
        model
            .notice
            .unwrap()
            .text
            .contains("copy mode is for terminals")
    );
}

/// Answers the search that was asked for with places at these cells, three columns wide.
fn found(model: &mut Model, way: Way, pattern: &str, places: &[(u64, u16)]) -> Vec<String> {
    let hit = |&(line, col): &(u64, u16)| Match {
        line,
        col,
        last_line: line,
        last_col: col + 2,
    };
    let reply = Msg::Reply {
        purpose: Purpose::Find {
            session: SHELL,
            pattern: pattern.into(),
            way,
        },
        result: Ok(Answer::Found(protocol::Found {
            matches: places.iter().map(hit).collect(),
            more: false,
            reflow: 0,
        })),
    };
    asked(update(model, reply))
}

#[test]
fn places_of_a_pattern_are_gone_through() {
    let mut model = shell(0);
    assert_eq!(asked(press(&mut model, "/ o k enter")), ["find ok"]);
    assert!(model.layers.is_empty());
    let places = [(2, 5), (21, 0), (22, 4)];
    let at = |model: &Model| {
        let found = model.found.as_ref().unwrap();
        (found.number, found.count)
    };
    // From the end up, as one reads back.
    assert_eq!(found(&mut model, Way::Up, "ok", &places), [""; 0]);
    assert_eq!(at(&model), (3, 3));
    assert_eq!(asked(press(&mut model, "n")), [""; 0]);
    assert_eq!(at(&model), (2, 3));
    assert_eq!(asked(press(&mut model, "n")), ["to 0"], "out of sight");
    assert_eq!(at(&model), (1, 3));
    assert!(picture(&model).contains("“ok” 1 of 3 · n next · N previous · esc end"));
    press(&mut model, "N N N");
    assert_eq!(at(&model), (1, 3), "around the end");
    // Something was written: it is searched again before one goes on.
    show(&mut model, 22, 0);
    assert_eq!(asked(press(&mut model, "n")), ["find ok"]);
    let more = [(2, 5), (21, 0), (22, 4), (24, 0)];
    found(&mut model, Way::Again(-1), "ok", &more);
    assert_eq!(at(&model), (4, 4));
    press(&mut model, "esc");
    assert_eq!(model.found, None);
}

#[test]
fn copy_mode_searches_from_its_cursor() {
    let places = [(2, 5), (21, 0), (22, 4), (24, 4)];
    for (keys, way, wanted) in [
        ("v 3 k ?", Way::Up, (21, 0)),
        ("v 3 k /", Way::Down, (22, 4)),
        ("v 3 k w /", Way::Down, (24, 4)),
        ("v L /", Way::Down, (2, 5)),
    ] {
        let mut model = shell(0);
        press(&mut model, keys);
        assert_eq!(asked(press(&mut model, "x enter")), ["find x"], "{keys}");
        found(&mut model, way, "x", &places);
        let cursor = model.copying.as_ref().unwrap().cursor;
        assert_eq!((cursor.line, cursor.col), wanted, "{keys}");
    }
    // A selection goes along, and leaving ends the search.
    let mut model = shell(0);
    press(&mut model, "v 3 k v ? x enter");
    found(&mut model, Way::Up, "x", &places);
    press(&mut model, "N n");
    let selection = model.copying.as_ref().unwrap().selection.unwrap();
    assert_eq!((selection.head.line, selection.anchor.line), (21, 22));
    press(&mut model, "y");
    assert_eq!(model.found, None);
}

#[test]
fn a_pattern_that_is_nowhere_or_none_is_said() {
    let mut model = shell(0);
    press(&mut model, "/ x enter");
    found(&mut model, Way::Up, "x", &[]);
    assert_eq!(
        model.notice.take().unwrap().text,
        "“x” is nowhere in this terminal"
    );
    let reply = Msg::Reply {
        purpose: Purpose::Find {
            session: SHELL,
            pattern: "(".into(),
            way: Way::Up,
        },
        result: Err(Refusal::new(
            "this is no pattern to search for: x",
            "mend it",
        )),
    };
    update(&mut model, reply);
    let notice = model.notice.unwrap();
    assert_eq!(notice.level, Level::Error);
    assert_eq!(notice.text, "this is no pattern to search for: x · mend it");
}

#[test]
fn on_the_alternate_screen_places_are_looked_for_again_at_once() {
    let mut model = shell(0);
    let mut full = screen(SHELL, 0, 0, &TEXT);
    full.modes.alt_screen = true;
    update(&mut model, Msg::Event(Event::Screen(full.clone())));
    press(&mut model, "/ o k enter");
    found(&mut model, Way::Up, "ok", &[(1, 0), (2, 4)]);
    let again = update(&mut model, Msg::Event(Event::Screen(full.clone())));
    assert_eq!(asked(again), ["find ok"]);
    // One question at a time.
    let again = update(&mut model, Msg::Event(Event::Screen(full)));
    assert_eq!(asked(again), [""; 0]);
    found(&mut model, Way::Refresh, "ok", &[]);
    assert!(picture(&model).contains("“ok” is not here any more"));
}

#[test]
fn answers_and_code_are_copied_by_key() {
    let code = "fn settle(&self, usage: &Usage) -> Usd {\n    self.price.apply(usage)\n}\n";
    let mut model = on(PRIMER);
    assert_eq!(asked(press(&mut model, "[ Y")), ["copy I would"]);
    assert_eq!(asked(press(&mut model, "C")), [""; 0]);
    assert!(model.notice.as_ref().unwrap().text.contains("no code"));
    assert_eq!(asked(press(&mut model, "[ C")), [format!("copy {code}")]);
    assert_eq!(asked(press(&mut model, "O")), [""; 0]);
    assert!(model.notice.as_ref().unwrap().text.contains("no link"));
    let mut two = turn(
        11,
        None,
        "two",
        "```\na\n```\nor https://a.b, https://c.d\n```\nb\n```",
    );
    two.state = TurnState::Done;
    let chat = model.chats.entry(PRIMER).or_default();
    chat.replace(PRIMER, vec![two]);
    press(&mut model, "] ]");
    assert_eq!(asked(press(&mut model, "C down enter")), ["copy a\n"]);
    assert_eq!(asked(press(&mut model, "O enter")), ["open https://c.d"]);
}

#[test]
fn a_link_is_opened_only_after_it_was_shown() {
    let mut model = shell(0);
    assert_eq!(asked(press(&mut model, "O")), [""; 0]);
    assert!(picture(&model).contains("https://example.org/log"));
    assert_eq!(asked(press(&mut model, "n")), [""; 0]);
    assert_eq!(
        asked(press(&mut model, "O y")),
        ["open https://example.org/log"]
    );
    press(&mut model, "v k");
    press(&mut model, "x");
    assert!(
        model
            .notice
            .as_ref()
            .unwrap()
            .text
            .contains("no link under")
    );
    assert_eq!(
        asked(press(&mut model, "w x y")),
        ["open https://example.org/log"]
    );
}

#[test]
fn a_program_reaches_the_clipboard_only_with_leave() {
    let mut model = shell(0);
    let event = |text: Option<&str>| {
        Msg::Event(Event::Clipboard {
            session: SHELL,
            text: text.map(str::to_owned),
        })
    };
    assert_eq!(asked(update(&mut model, event(None))), [""; 0]);
    assert!(model.notice.take().unwrap().text.contains("may not"));
    update(&mut model, event(None));
    assert_eq!(model.notice, None, "said once");
    assert_eq!(asked(update(&mut model, event(Some("abc")))), ["copy abc"]);
    assert_eq!(model.notice.unwrap().text, "shell copied 3 characters");
}
