//! The mouse: what it selects, copies and scrolls, and what programs are told of it.

use super::*;
use crate::faces::tui::testing::screen;
use ratatui::crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

const DOWN: MouseEventKind = MouseEventKind::Down(MouseButton::Left);
const DRAG: MouseEventKind = MouseEventKind::Drag(MouseButton::Left);
const UP: MouseEventKind = MouseEventKind::Up(MouseButton::Left);
/// Where the terminal's screen begins.
const X: u16 = 27;
const Y: u16 = 3;

fn at(kind: MouseEventKind, column: u16, row: u16, modifiers: KeyModifiers) -> Msg {
    Msg::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers,
    })
}

fn mouse(model: &mut Model, kind: MouseEventKind, column: u16, row: u16) -> Vec<Cmd> {
    update(model, at(kind, column, row, KeyModifiers::NONE))
}

fn shell(modes: Modes) -> Model {
    let mut model = on(SHELL);
    let text = ["$ make", "src/main.rs:4: no", "世界", "", "$"];
    let picture = ScreenUpdate {
        modes,
        ..screen(SHELL, 20, 0, &text)
    };
    update(&mut model, Msg::Event(Event::Screen(picture)));
    model
}

/// The cells that were asked for, and whether as a rectangle.
type Asked = ((u64, u16), (u64, u16), bool);

fn texts(cmds: Vec<Cmd>) -> Vec<Asked> {
    let text = |cmd| match cmd {
        Cmd::Send {
            request: Request::Query(Query::Text {
                from, to, block, ..
            }),
            ..
        } => Some((from, to, block)),
        _ => None,
    };
    cmds.into_iter().filter_map(text).collect()
}

#[test]
fn dragging_selects_and_letting_go_copies() {
    let mut model = shell(Modes::default());
    assert_eq!(ops(mouse(&mut model, DOWN, X + 2, Y)), []);
    assert_eq!(ops(mouse(&mut model, DRAG, X + 2, Y)), []);
    assert!(model.copying.is_none(), "not moved yet");
    mouse(&mut model, DRAG, X + 4, Y + 1);
    let copied = texts(mouse(&mut model, UP, X + 4, Y + 1));
    assert_eq!(copied, [((20, 2), (21, 4), false)]);
    assert!(model.copying.is_some(), "it stays marked");
    press(&mut model, "u");
    assert!(model.copying.is_none(), "until the next key");
    // With alt a rectangle.
    let alt = KeyModifiers::ALT;
    update(&mut model, at(DOWN, X + 4, Y, alt));
    update(&mut model, at(DRAG, X + 2, Y + 1, alt));
    let copied = texts(update(&mut model, at(UP, X + 2, Y + 1, alt)));
    assert_eq!(copied, [((20, 2), (21, 4), true)]);
    // A click alone copies nothing and takes the mark away.
    mouse(&mut model, DOWN, X, Y);
    assert_eq!(texts(mouse(&mut model, UP, X, Y)), []);
    assert!(model.copying.is_none());
}

#[test]
fn two_clicks_take_a_word_and_three_a_line() {
    let mut model = shell(Modes::default());
    let mut copied = Vec::new();
    for _ in 0..3 {
        mouse(&mut model, DOWN, X + 6, Y + 1);
        copied.extend(texts(mouse(&mut model, UP, X + 6, Y + 1)));
    }
    let word = ((21, 0), (21, 13), false);
    let line = ((21, 0), (21, u16::MAX), false);
    assert_eq!(copied, [word, line]);
}

#[test]
fn past_the_edge_it_scrolls_for_as_long_as_the_button_is_held() {
    let mut model = shell(Modes::default());
    mouse(&mut model, DOWN, X + 2, Y + 1);
    let scroll = |cmds: &[Cmd]| {
        let to = cmds.iter().find_map(|cmd| match cmd {
            Cmd::Send {
                request: Request::Op(Op::ScrollTo { line, .. }),
                ..
            } => Some(*line),
            _ => None,
        });
        (to, cmds.contains(&Cmd::Arm(Timer::Drag)))
    };
    let cmds = mouse(&mut model, DRAG, X + 2, Y - 2);
    assert_eq!(scroll(&cmds), (Some(18), true));
    let cmds = update(&mut model, Msg::Timer(Timer::Drag));
    assert_eq!(scroll(&cmds), (Some(16), true));
    let cmds = mouse(&mut model, UP, X + 2, Y - 2);
    assert!(ops(cmds.clone()).contains(&Op::Scroll {
        session: SHELL,
        lines: i32::MIN
    }));
    assert_eq!(texts(cmds), [((16, 2), (21, 2), false)]);
    let cmds = update(&mut model, Msg::Timer(Timer::Drag));
    assert_eq!(scroll(&cmds), (None, false));
}

#[test]
fn in_copy_mode_the_mouse_moves_the_cursor_and_the_wheel_its_lines() {
    let clicks = Modes {
        mouse_clicks: true,
        mouse_sgr: true,
        ..Modes::default()
    };
    let mut model = shell(clicks);
    press(&mut model, "v");
    assert_eq!(
        ops(mouse(&mut model, DOWN, X + 4, Y + 1)),
        [],
        "not the program's"
    );
    mouse(&mut model, UP, X + 4, Y + 1);
    let cursor = model.copying.as_ref().unwrap().cursor;
    assert_eq!((cursor.line, cursor.col), (21, 4));
    let to = |line| Op::ScrollTo {
        session: SHELL,
        line,
    };
    let up = mouse(&mut model, MouseEventKind::ScrollUp, X, Y);
    assert_eq!(ops(up), [to(17)]);
    mouse(&mut model, DOWN, X, Y);
    mouse(&mut model, DRAG, X + 1, Y + 1);
    let copied = texts(mouse(&mut model, UP, X + 1, Y + 1));
    assert_eq!(copied, [((17, 0), (18, 1), false)]);
    assert_eq!(model.mode, Mode::Copy);
}

#[test]
fn a_program_gets_the_mouse_whole_unless_shift_is_held() {
    let modes = Modes {
        mouse_drags: true,
        mouse_sgr: true,
        ..Modes::default()
    };
    let mut model = shell(modes);
    let sent = |cmds| {
        let text = |op| match op {
            Op::Input { bytes, .. } => String::from_utf8(bytes).unwrap(),
            other => panic!("{other:?}"),
        };
        ops(cmds).into_iter().map(text).collect::<Vec<_>>()
    };
    assert_eq!(sent(mouse(&mut model, DOWN, X, Y)), ["\x1b[<0;1;1M"]);
    assert_eq!(sent(mouse(&mut model, DRAG, X + 1, Y)), ["\x1b[<32;2;1M"]);
    // It hears of the end wherever that is.
    assert_eq!(sent(mouse(&mut model, DRAG, 2, 1)), ["\x1b[<32;1;1M"]);
    assert_eq!(sent(mouse(&mut model, UP, 2, 39)), ["\x1b[<0;1;36m"]);
    assert_eq!(sent(mouse(&mut model, UP, 2, 39)), [""; 0]);
    let shift = KeyModifiers::SHIFT;
    update(&mut model, at(DOWN, X, Y, shift));
    update(&mut model, at(DRAG, X + 3, Y, shift));
    let copied = texts(update(&mut model, at(UP, X + 3, Y, shift)));
    assert_eq!(copied, [((20, 0), (20, 3), false)]);
}

#[test]
fn ctrl_and_click_asks_before_it_opens_a_link() {
    let mut model = on(SHELL);
    let picture = screen(SHELL, 0, 0, &["see https://a.b/c."]);
    update(&mut model, Msg::Event(Event::Screen(picture)));
    let ctrl = KeyModifiers::CONTROL;
    assert_eq!(ops(update(&mut model, at(DOWN, X + 6, Y, ctrl))), []);
    assert!(matches!(model.layers.last(), Some(Layer::Confirm(_))));
    let cmds = press(&mut model, "y");
    assert!(cmds.contains(&Cmd::Open("https://a.b/c".into())));
}

#[test]
fn programs_that_ask_are_told_of_the_focus() {
    let modes = Modes {
        focus_events: true,
        ..Modes::default()
    };
    let mut model = on(SHELL);
    let picture = |modes| {
        Msg::Event(Event::Screen(ScreenUpdate {
            modes,
            ..screen(SHELL, 0, 0, &["x"])
        }))
    };
    let told = |focused| {
        vec![Op::Focus {
            session: SHELL,
            focused,
        }]
    };
    assert_eq!(ops(update(&mut model, picture(modes))), told(true));
    assert_eq!(ops(update(&mut model, picture(modes))), []);
    assert_eq!(ops(update(&mut model, Msg::Blur)), told(false));
    assert_eq!(ops(update(&mut model, Msg::Focus)), told(true));
    assert_eq!(ops(press(&mut model, "k")), told(false));
    assert_eq!(ops(press(&mut model, "j")), told(true));
    assert_eq!(ops(update(&mut model, picture(Modes::default()))), []);
    assert_eq!(ops(update(&mut model, Msg::Blur)), []);
    assert_eq!(
        ops(update(&mut model, picture(modes))),
        told(false),
        "at first"
    );
}

#[test]
fn our_own_terminal_is_switched_to_what_the_program_needs() {
    let mut model = on(SHELL);
    let switched = |cmds: Vec<Cmd>| {
        let switch = |cmd| match cmd {
            Cmd::Switch { keyboard, motion } => Some((keyboard, motion)),
            _ => None,
        };
        cmds.into_iter().find_map(switch)
    };
    assert_eq!(switched(update(&mut model, Msg::Resize(120, 40))), None);
    let modes = Modes {
        kitty: Modes::KITTY_DISAMBIGUATE | Modes::KITTY_EVENTS,
        mouse_motion: true,
        ..Modes::default()
    };
    let picture = Msg::Event(Event::Screen(ScreenUpdate {
        modes,
        ..screen(SHELL, 0, 0, &["x"])
    }));
    assert_eq!(switched(update(&mut model, picture)), Some((5, true)));
    assert_eq!(switched(press(&mut model, "i")), Some((7, true)));
    let released = Msg::Released(ratatui::crossterm::event::KeyEvent::new_with_kind(
        ratatui::crossterm::event::KeyCode::Char('a'),
        KeyModifiers::NONE,
        ratatui::crossterm::event::KeyEventKind::Release,
    ));
    let bytes = b"\x1b[97;1:3u".to_vec();
    assert_eq!(
        ops(update(&mut model, released)),
        [Op::Input {
            session: SHELL,
            bytes
        }]
    );
    assert_eq!(switched(press(&mut model, "ctrl-]")), Some((5, true)));
}

#[test]
fn no_mouse_and_no_key_brings_it_down() {
    let mut model = shell(Modes::default());
    let mut seed = 7_u32;
    let mut next = |most: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % most
    };
    let keys = [
        "v", "V", "ctrl-v", "h", "j", "k", "l", "w", "b", "e", "W", "B", "E", "0", "$", "^", "g",
        "G", "H", "M", "L", "ctrl-u", "ctrl-d", "o", "y", "9", "n", "N", "esc", "ctrl-y",
    ];
    let kinds = [
        DOWN,
        DRAG,
        UP,
        MouseEventKind::ScrollUp,
        MouseEventKind::ScrollDown,
    ];
    for step in 0..3_000 {
        match next(4) {
            0 => {
                let kind = kinds[next(5) as usize];
                mouse(&mut model, kind, next(130) as u16, next(45) as u16);
            }
            1 => {
                let lines = ["a b", "", "世界 x", "$"];
                let top = u64::from(next(40));
                let mut picture = screen(SHELL, top, next(9), &lines[..next(5) as usize]);
                picture.history = next(50);
                picture.reflow = u64::from(next(30) / 29);
                update(&mut model, Msg::Event(Event::Screen(picture)));
            }
            _ => {
                press(&mut model, keys[next(keys.len() as u32) as usize]);
            }
        }
        model.layers.clear();
        model.panes.select(SHELL);
        if step % 20 == 0 {
            crate::faces::tui::views::tests::picture(&model);
        }
    }
}

#[test]
fn the_mouse_selects_scrolls_and_reaches_programs() {
    let mut model = house((120, 40));
    model.panes = crate::faces::tui::model::panes::Panes::of([PRIMER, SHELL]);
    let event = |kind, column, row| {
        Msg::Mouse(MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        })
    };
    let click = MouseEventKind::Down(MouseButton::Left);
    update(&mut model, event(click, 4, 2));
    assert_eq!(model.panes.selected(), Some(CRITIC));
    update(&mut model, event(click, 100, 10));
    assert_eq!(model.panes.selected(), Some(SHELL));
    let wheel = ops(update(&mut model, event(MouseEventKind::ScrollUp, 100, 10)));
    let up = Op::Scroll {
        session: SHELL,
        lines: 3,
    };
    assert_eq!(wheel, [up]);
    let terminal = model.terminals.entry(SHELL).or_default();
    terminal.modes.mouse_clicks = true;
    terminal.modes.mouse_sgr = true;
    let sent = ops(update(&mut model, event(click, 74, 3)));
    let bytes = b"\x1b[<0;1;1M".to_vec();
    assert_eq!(
        sent,
        [Op::Input {
            session: SHELL,
            bytes
        }]
    );
    for column in 0..130 {
        for row in 0..45 {
            update(&mut model, event(click, column, row));
            update(&mut model, event(MouseEventKind::ScrollDown, column, row));
        }
    }
}
