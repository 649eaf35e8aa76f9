//! Keys by name, as the bytes a terminal sends for them.

/// `enter`, `esc`, `tab`, `shift-tab`, `backspace`, `delete`, `space`, the arrows, `home`, `end`, `pageup`,
/// `pagedown`, `f1` to `f12`, `ctrl-x`, `alt-x`, or one character. `application`: whether the program asked
/// for the arrows' other form.
pub fn bytes(name: &str, application: bool) -> Vec<u8> {
    let arrow = |letter: char| format!("\x1b{}{letter}", if application { 'O' } else { '[' });
    let text = match name {
        "enter" => "\r".into(),
        "esc" => "\x1b".into(),
        "tab" => "\t".into(),
        "shift-tab" => "\x1b[Z".into(),
        "backspace" => "\x7f".into(),
        "delete" => "\x1b[3~".into(),
        "space" => " ".into(),
        "up" => arrow('A'),
        "down" => arrow('B'),
        "right" => arrow('C'),
        "left" => arrow('D'),
        "home" => arrow('H'),
        "end" => arrow('F'),
        "pageup" => "\x1b[5~".into(),
        "pagedown" => "\x1b[6~".into(),
        "alt-enter" => "\x1b\r".into(),
        _ => return other(name),
    };
    text.into_bytes()
}

fn other(name: &str) -> Vec<u8> {
    let function = [
        "\x1bOP", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~", "\x1b[17~", "\x1b[18~", "\x1b[19~",
    ];
    let beyond = ["\x1b[20~", "\x1b[21~", "\x1b[23~", "\x1b[24~"];
    if let Some(number) = name.strip_prefix('f').and_then(|n| n.parse::<usize>().ok()) {
        let known = function.iter().chain(&beyond).nth(number.wrapping_sub(1));
        return known
            .unwrap_or_else(|| panic!("no key `{name}`"))
            .as_bytes()
            .to_vec();
    }
    if let Some(key) = name.strip_prefix("alt-") {
        return [b"\x1b", key.as_bytes()].concat();
    }
    if let Some(key) = name.strip_prefix("ctrl-") {
        return match key.as_bytes() {
            [letter @ (b'a'..=b'z' | b'@'..=b'_')] => vec![letter & 0x1f],
            b"space" => vec![0],
            _ => panic!("no key `{name}`"),
        };
    }
    assert!(name.chars().count() == 1, "no key `{name}`");
    name.as_bytes().to_vec()
}
