//! Movements and selections on made-up screens.

use super::motion::{self, Motion};
use super::selection::{Selection, Shape, Unit};
use super::*;
use crate::protocol::{Run, Style};

/// Twelve lines of a program, of which rows 4 to 9 are in sight; the screen has six rows.
const LINES: [&str; 12] = [
    "oldest",
    "",
    "  indented line",
    "three",
    "$ cargo test --lib",
    "error[E0425]: no `x` at src/main.rs:4",
    "",
    "世界 wide",
    "  let a_b = foo(1, 2);",
    "last in sight",
    "below",
    "newest",
];

fn view(top: u64) -> Terminal {
    let lines = &LINES[top as usize..top as usize + 6];
    Terminal {
        rows: 6,
        cols: 40,
        lines: lines
            .iter()
            .map(|text| match *text {
                "" => vec![],
                text => vec![Run::new(text, Style::default())],
            })
            .collect(),
        top,
        history: 6,
        scrolled: 6 - top as u32,
        ..Terminal::default()
    }
}

fn go(motion: Motion, from: (u64, u16)) -> Result<(u64, u16), u64> {
    let from = Place::new(from.0, from.1);
    let moved = motion::go(motion, from, from.col, &view(4), 4)?;
    Ok((moved.place.line, moved.place.col))
}

#[test]
fn every_movement_leads_where_vi_would() {
    let big = true;
    for (motion, from, to) in [
        (Motion::Left, (4, 3), Ok((4, 2))),
        (Motion::Left, (4, 0), Ok((4, 0))),
        (Motion::Right, (4, 3), Ok((4, 4))),
        (Motion::Right, (4, 17), Ok((4, 17))),
        (Motion::Right, (7, 0), Ok((7, 2))),
        (Motion::Left, (7, 2), Ok((7, 0))),
        (Motion::Down, (5, 30), Ok((6, 0))),
        (Motion::Down, (6, 1), Ok((7, 0))),
        (Motion::Up, (5, 30), Ok((4, 17))),
        // Out of sight: fitted when it comes.
        (Motion::Up, (4, 9), Ok((3, 9))),
        (Motion::Down, (11, 2), Ok((11, 2))),
        (Motion::Lines(-3), (9, 4), Ok((6, 0))),
        (Motion::Lines(-99), (9, 4), Ok((0, 4))),
        (Motion::LineStart, (5, 20), Ok((5, 0))),
        (Motion::LineText, (8, 20), Ok((8, 2))),
        (Motion::LineText, (6, 0), Ok((6, 0))),
        (Motion::LineEnd, (5, 0), Ok((5, 36))),
        (Motion::LineEnd, (6, 0), Ok((6, 0))),
        (Motion::LineEnd, (3, 0), Err(3)),
        (Motion::Top, (9, 4), Ok((0, 0))),
        (Motion::Bottom, (4, 0), Ok((11, 0))),
        (Motion::ViewTop, (9, 0), Ok((4, 0))),
        (Motion::ViewMiddle, (9, 0), Ok((6, 0))),
        (Motion::ViewBottom, (4, 0), Ok((9, 0))),
        (Motion::Word { big: false }, (4, 0), Ok((4, 2))),
        (Motion::Word { big: false }, (4, 2), Ok((4, 8))),
        (Motion::Word { big: false }, (4, 8), Ok((4, 13))),
        (Motion::Word { big: false }, (4, 13), Ok((4, 15))),
        (Motion::Word { big }, (4, 8), Ok((4, 13))),
        (Motion::Word { big }, (4, 13), Ok((5, 0))),
        (Motion::Word { big: false }, (5, 36), Ok((7, 0))),
        (Motion::Word { big: false }, (7, 0), Ok((7, 5))),
        (Motion::Word { big: false }, (9, 8), Err(10)),
        (Motion::WordEnd { big: false }, (4, 2), Ok((4, 6))),
        (Motion::WordEnd { big: false }, (4, 6), Ok((4, 11))),
        (Motion::WordEnd { big: false }, (5, 36), Ok((7, 2))),
        (Motion::WordEnd { big }, (5, 0), Ok((5, 12))),
        (Motion::WordEnd { big: false }, (9, 12), Err(10)),
        (Motion::WordBack { big: false }, (4, 8), Ok((4, 2))),
        (Motion::WordBack { big: false }, (4, 4), Ok((4, 2))),
        (Motion::WordBack { big: false }, (7, 0), Ok((5, 36))),
        (Motion::WordBack { big }, (7, 0), Ok((5, 24))),
        (Motion::WordBack { big: false }, (8, 6), Ok((8, 2))),
        (Motion::WordBack { big: false }, (4, 0), Err(3)),
    ] {
        assert_eq!(go(motion, from), to, "{motion:?} from {from:?}");
    }
}

/// `one_`, `two three` and `four` as one line of a program, in three rows; then another.
fn wrapped() -> Terminal {
    let row = |text: &str, wraps| {
        vec![Run {
            wraps,
            ..Run::new(text, Style::default())
        }]
    };
    Terminal {
        rows: 4,
        cols: 12,
        lines: vec![
            row("the src/one_", true),
            row("two three::x", true),
            row("y four", false),
            row("another", false),
        ],
        ..Terminal::default()
    }
}

#[test]
fn a_word_that_goes_on_in_the_next_row_is_one() {
    let view = wrapped();
    let big = true;
    for (motion, from, to) in [
        (Motion::Word { big: false }, (0, 8), (1, 4)),
        (Motion::Word { big }, (0, 4), (1, 4)),
        (Motion::Word { big }, (1, 4), (2, 2)),
        // One that ends with its line does not.
        (Motion::Word { big: false }, (2, 2), (3, 0)),
        (Motion::WordEnd { big: false }, (0, 8), (1, 2)),
        (Motion::WordEnd { big: false }, (0, 11), (1, 2)),
        (Motion::WordEnd { big }, (1, 4), (2, 0)),
        (Motion::WordBack { big: false }, (1, 4), (0, 8)),
        (Motion::WordBack { big: false }, (1, 1), (0, 8)),
        (Motion::WordBack { big }, (2, 2), (1, 4)),
        (Motion::WordBack { big: false }, (3, 3), (3, 0)),
    ] {
        let from = Place::new(from.0, from.1);
        let moved = motion::go(motion, from, from.col, &view, 0).unwrap().place;
        assert_eq!((moved.line, moved.col), to, "{motion:?} from {from:?}");
    }
    for (at, from, to) in [
        ((0, 6), (0, 4), (1, 2)),
        ((1, 1), (0, 4), (1, 2)),
        ((1, 5), (1, 4), (2, 0)),
        ((2, 0), (1, 4), (2, 0)),
        ((2, 3), (2, 2), (2, 5)),
        ((1, 3), (1, 3), (1, 3)),
    ] {
        let place = |(line, col)| Place::new(line, col);
        let mut selection = Selection::new(place(at), Shape::Chars);
        selection.unit = Unit::Word;
        let stretch = selection.stretch(&view);
        assert_eq!(
            (stretch.from, stretch.to),
            (place(from), place(to)),
            "{at:?}"
        );
    }
}

#[test]
fn a_movement_waits_for_its_line_and_is_taken_when_it_comes() {
    let mut copying = Copying::new(SessionId(1), &view(4), true);
    copying.put(Place::new(4, 0), 0);
    // Two words back need line 3, then 2 that is above it.
    assert_eq!(copying.go(Motion::WordBack { big: false }, 2), Some(3));
    assert_eq!(copying.cursor, Place::new(4, 0));
    assert_eq!(copying.go(Motion::Right, 1), None, "one after the other");
    assert_eq!(copying.screen(&view(3)), Some(2));
    assert_eq!(copying.cursor, Place::new(3, 0));
    assert_eq!(copying.screen(&view(2)), None);
    assert_eq!(
        copying.cursor,
        Place::new(2, 12),
        "`line`, and one to the right"
    );
    assert_eq!((copying.view.top, copying.top()), (2, 2));
}

#[test]
fn lines_in_sight_are_held_while_the_program_goes_on() {
    let mut live = view(4);
    let mut copying = Copying::new(SessionId(1), &live, true);
    copying.put(Place::new(5, 6), 0);
    copying.selection = Some(Selection::new(copying.cursor, Shape::Chars));
    // Two lines more: what was in sight is asked for, and shown meanwhile.
    live.top += 2;
    live.history += 2;
    assert_eq!(copying.screen(&live), Some(4));
    assert_eq!(copying.view, view(4));
    // The lines are gone for good: what there is instead is taken, and the selection with it.
    live.top = 9;
    live.scrolled = 0;
    live.history = 2;
    assert_eq!(copying.screen(&live), None);
    assert_eq!((copying.view.top, copying.cursor.line), (9, 7));
    assert_eq!(copying.selection.unwrap().anchor.line, 7);
    // A new width, or another screen, begins anew.
    live.reflow += 1;
    assert_eq!(copying.screen(&live), None);
    assert_eq!(copying.selection, None);
    assert!(copying.keys);
}

#[test]
fn the_cursor_keeps_its_column_and_scrolls_at_the_edges() {
    let mut copying = Copying::new(SessionId(1), &view(4), true);
    copying.put(Place::new(4, 9), 0);
    for cursor in [(5, 9), (6, 0), (7, 8), (8, 9)] {
        copying.go(Motion::Down, 1);
        assert_eq!((copying.cursor.line, copying.cursor.col), cursor);
    }
    assert_eq!(copying.go(Motion::Down, 2), Some(5));
    assert_eq!(copying.screen(&view(5)), None);
    assert_eq!(copying.cursor, Place::new(10, 4));
    copying.put(Place::new(5, 0), 0);
    copying.go(Motion::LineEnd, 1);
    copying.go(Motion::Down, 2);
    assert_eq!(copying.cursor, Place::new(7, 8), "$ keeps to the ends");
    assert_eq!(copying.go(Motion::Top, 1), Some(0));
    assert_eq!(copying.want(99), Some(6));
    for _ in 0..100 {
        copying.go(Motion::Word { big: true }, 9_999);
    }
}

#[test]
fn selections_are_stretches_of_cells() {
    let select = |anchor: (u64, u16), head: (u64, u16), shape, unit| {
        let selection = Selection {
            anchor: Place::new(anchor.0, anchor.1),
            head: Place::new(head.0, head.1),
            shape,
            unit,
        };
        let stretch = selection.stretch(&view(4));
        let columns: Vec<_> = (4..10).map(|line| stretch.columns(line)).collect();
        let ends = (
            stretch.from.line,
            stretch.from.col,
            stretch.to.line,
            stretch.to.col,
        );
        (ends, columns)
    };
    const ALL: u16 = u16::MAX;
    let none = None;
    for (anchor, head, shape, unit, ends, columns) in [
        (
            (5, 3),
            (7, 2),
            Shape::Chars,
            Unit::Char,
            (5, 3, 7, 2),
            [
                none,
                Some((3, ALL)),
                Some((0, ALL)),
                Some((0, 2)),
                none,
                none,
            ],
        ),
        (
            (7, 2),
            (5, 3),
            Shape::Lines,
            Unit::Char,
            (5, 0, 7, ALL),
            [
                none,
                Some((0, ALL)),
                Some((0, ALL)),
                Some((0, ALL)),
                none,
                none,
            ],
        ),
        (
            (7, 2),
            (5, 3),
            Shape::Block,
            Unit::Char,
            (5, 2, 7, 3),
            [none, Some((2, 3)), Some((2, 3)), Some((2, 3)), none, none],
        ),
        (
            (5, 30),
            (5, 30),
            Shape::Chars,
            Unit::Word,
            (5, 24, 5, 36),
            [none, Some((24, 36)), none, none, none, none],
        ),
        (
            (5, 30),
            (4, 4),
            Shape::Chars,
            Unit::Word,
            (4, 2, 5, 36),
            [Some((2, ALL)), Some((0, 36)), none, none, none, none],
        ),
        (
            (7, 1),
            (7, 1),
            Shape::Chars,
            Unit::Word,
            (7, 0, 7, 3),
            [none, none, none, Some((0, 3)), none, none],
        ),
        (
            (8, 15),
            (8, 15),
            Shape::Chars,
            Unit::Word,
            (8, 15, 8, 15),
            [none, none, none, none, Some((15, 15)), none],
        ),
    ] {
        let seen = select(anchor, head, shape, unit);
        assert_eq!(
            seen,
            (ends, columns.to_vec()),
            "{anchor:?} {head:?} {shape:?}"
        );
    }
}
