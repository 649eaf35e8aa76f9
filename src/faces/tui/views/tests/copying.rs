//! Pictures of copy mode, of searching a terminal, and of links. Below a row stands what is marked in it: `~`, and `^`
//! for the current place.

use super::*;
use crate::faces::tui::model::found::Way;
use crate::faces::tui::testing::screen;
use ratatui::style::Modifier;

macro_rules! shows {
    ($name:literal, $model:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "../snapshots", omit_expression => true }, {
            insta::assert_snapshot!($name, marked(&$model));
        });
    };
}

/// The picture, with the marks below each row that has some.
fn marked(model: &Model) -> String {
    let buffer = draw(model);
    let width = usize::from(buffer.area.width);
    let mut out = String::new();
    for (row, cells) in picture(model).lines().zip(buffer.content.chunks(width)) {
        out.push_str(row);
        out.push('\n');
        let mark = |cell: &ratatui::buffer::Cell| match (
            cell.modifier.contains(Modifier::REVERSED),
            cell.modifier.contains(Modifier::BOLD),
        ) {
            (false, _) => ' ',
            (true, false) => '~',
            (true, true) => '^',
        };
        let marks: String = cells.iter().map(mark).collect();
        if !marks.trim().is_empty() {
            out.push_str(marks.trim_end());
            out.push('\n');
        }
    }
    out
}

const LOG: [&str; 12] = [
    "running 3 tests",
    "test money::rounds_once ... ok",
    "test money::rounds_twice ... FAILED",
    "",
    "failures:",
    "    世界 money::rounds_twice at src/money.rs:12",
    "error: test failed, to rerun pass `--lib`",
    "",
    "see https://example.org/runs/12",
    "$ git log --oneline",
    "a1b2c3d Round once",
    "$",
];

/// A shell in a pane of its own, scrolled to line 40 of 52.
fn shell(size: (u16, u16)) -> Model {
    let mut model = house(size);
    model.panes = Panes::of([SessionId(8)]);
    let update = screen(SessionId(8), 40, 3, &LOG);
    super::update(&mut model, Msg::Event(Event::Screen(update)));
    model
}

fn search(model: &mut Model, places: &[(u64, u16, u64, u16)], more: bool) {
    let matches = places
        .iter()
        .map(|&(line, col, last_line, last_col)| Match {
            line,
            col,
            last_line,
            last_col,
        });
    let found = Found {
        matches: matches.collect(),
        more,
        reflow: 0,
    };
    let reply = Msg::Reply {
        purpose: Purpose::Find {
            session: SessionId(8),
            pattern: "rounds_\\w+".into(),
            way: Way::Up,
        },
        result: Ok(Answer::Found(found)),
    };
    super::update(model, reply);
}

#[test]
fn copy_mode_shows_what_is_selected() {
    let mut model = shell((80, 24));
    press(&mut model, "v H j w v 3 j e");
    shows!("copy-80x24", model);
    press(&mut model, "esc H ctrl-v 6 j 8 l");
    shows!("copy-block-80x24", model);
    let mut model = shell((200, 60));
    press(&mut model, "v L k V k k");
    shows!("copy-200x60", model);
}

#[test]
fn no_place_in_the_history_is_shown_where_there_is_none() {
    let mut model = house((80, 24));
    model.panes = Panes::of([SessionId(8)]);
    let update = screen(SessionId(8), 0, 0, &LOG);
    super::update(&mut model, Msg::Event(Event::Screen(update)));
    press(&mut model, "v");
    let shown = picture(&model);
    assert!(shown.contains("COPY"), "{shown}");
    assert!(!shown.contains('↑'), "{shown}");
}

#[test]
fn places_of_a_pattern_are_marked() {
    let places = [
        (3, 0, 3, 12),
        (41, 12, 41, 22),
        (42, 12, 42, 23),
        (45, 16, 45, 27),
        (46, 40, 47, 3),
    ];
    let mut model = shell((80, 24));
    search(&mut model, &places, false);
    shows!("search-80x24", model);
    let mut model = shell((200, 60));
    press(&mut model, "v H");
    search(&mut model, &places, true);
    press(&mut model, "n");
    shows!("search-200x60", model);
    // Under another numbering the places mean nothing.
    let other = ScreenUpdate {
        reflow: 1,
        ..screen(SessionId(8), 40, 3, &LOG)
    };
    super::update(&mut model, Msg::Event(Event::Screen(other)));
    assert!(!marked(&model).contains("^^^^^^^"));
}

#[test]
fn a_long_notice_is_shown_whole() {
    let mut model = shell((80, 24));
    let text = "config.toml:12:3: `clipbord_from_programs` is not a key of [terminal] · did you mean `clipboard_from_programs`? The last good value stays in force.";
    model.notify(Level::Warning, text);
    let shown = picture(&model);
    let rows: Vec<&str> = shown.lines().map(str::trim).collect();
    let last = rows[20..23].join(" ");
    assert!(last.contains("stays in force."), "{shown}");
    assert!(rows[23].starts_with("NORMAL"), "{shown}");
    press(&mut model, "u");
    assert!(picture(&model).contains("NORMAL"));
}

#[test]
fn links_are_underlined_and_known_to_our_terminal() {
    let mut model = shell((80, 24));
    let link = Run {
        link: Some("https://a.b".into()),
        ..Run::new("docs", Style::default())
    };
    let update = ScreenUpdate {
        full: false,
        lines: vec![(0, vec![Run::new("the ", Style::default()), link])],
        ..screen(SessionId(8), 40, 3, &LOG)
    };
    super::update(&mut model, Msg::Event(Event::Screen(update)));
    let targets = views::links::targets(&model);
    let target = |x, y| targets.get(&(x, y)).map(|target| &**target);
    assert_eq!(target(23 + 4, 3), Some("https://a.b"));
    assert_eq!(target(23 + 3, 3), None);
    assert_eq!(target(23 + 10, 11), Some("https://example.org/runs/12"));
    let buffer = draw(&model);
    assert!(buffer[(27, 3)].modifier.contains(Modifier::UNDERLINED));
    assert!(!buffer[(33, 11)].modifier.contains(Modifier::UNDERLINED));
    press(&mut model, "?");
    assert!(views::links::targets(&model).is_empty(), "below a dialog");
}
