//! Bytes into the emulation, and what it says of them.

use super::*;

fn terminal() -> Terminal {
    Terminal::small(24, 80, 100)
}

#[test]
fn questions_are_answered_in_order() {
    for (asked, answer) in [
        ("\x1b[c", "\x1b[?6c"),
        ("\x1b[5n", "\x1b[0n"),
        ("ab\x1b[6n", "\x1b[1;3R"),
        ("\x1b[>0q\x1b[c", "\x1bP>|antiphon(0.1.0)\x1b\\\x1b[?6c"),
        ("\x1b]11;?\x1b\\", "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\"),
        ("\x1b]4;1;?\x07", "\x1b]4;1;rgb:cdcd/0000/0000\x07"),
        ("\x1b[18t", "\x1b[8;24;80t"),
        ("\x1b[14t", "\x1b[4;384;640t"),
        ("\x1b]52;c;?\x07", ""),
        ("\x1b[>1u\x1b[?u", "\x1b[?1u"),
        ("\x1b]52;c;aGFja2Vk\x07", ""),
    ] {
        let heard = terminal().feed(asked.as_bytes());
        assert_eq!(String::from_utf8_lossy(&heard.answers), answer, "{asked:?}");
    }
}

#[test]
fn characters_that_come_in_two_pieces_are_whole() {
    let text = "xé é\u{a0}表 😀 éa表b";
    for cut in 0..text.len() {
        let mut terminal = terminal();
        terminal.feed(&text.as_bytes()[..cut]);
        terminal.feed(&text.as_bytes()[cut..]);
        let shown = super::super::picture::text(&mut terminal);
        assert_eq!(shown, text, "cut at {cut}");
    }
}

#[test]
fn titles_are_cleaned_and_bells_heard() {
    let long = format!("\x1b]0;a\u{9b}b{}\x07\x07", "x".repeat(100_000));
    let heard = terminal().feed(long.as_bytes());
    let title = heard.title.unwrap_or_default();
    assert!(title.starts_with("ab") && title.len() == 200 && heard.bell);
}

#[test]
fn no_size_and_no_bytes_bring_it_down() {
    let mut terminal = Terminal::small(0, 0, 50);
    let mut seed = 1_u32;
    for round in 0..300_u16 {
        let junk: Vec<u8> = (0..400)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (seed >> 24) as u8
            })
            .collect();
        terminal.feed(&junk);
        terminal.feed("表🙂e\u{301}\x1b[999;999H表\x1b[2J\x1b[?1049h".as_bytes());
        terminal.resize(Size::fitted(round % 7, round % 11));
        terminal.scroll(if round % 2 == 0 { 5 } else { i32::MIN });
    }
    terminal.resize(Size::fitted(u16::MAX, u16::MAX));
    assert_eq!(terminal.term().screen_lines(), 300);
}

#[test]
fn a_synchronised_update_is_held_back_until_it_is_ended() {
    let mut terminal = terminal();
    terminal.feed(b"\x1b[?2026hhidden");
    assert!(terminal.sync_ends().is_some());
    terminal.end_sync();
    assert!(terminal.sync_ends().is_none());
    assert!(super::super::picture::text(&mut terminal).starts_with("hidden"));
}
