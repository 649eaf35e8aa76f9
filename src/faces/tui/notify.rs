//! Notifications on the desktop, through the terminal: OSC 9 (`ESC ] 9 ; TEXT`) and OSC 777
//! (`ESC ] 777 ; notify ; TITLE ; TEXT`). Which one a terminal knows is not asked but known by its name.

use crate::config::Desktop;
use crate::faces::tui::sanitise;
use std::io::Write;

/// The terminal in which the face runs, as its environment tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outer {
    /// What it understands.
    osc9: bool,
    osc777: bool,
    /// tmux stands between, and lets through what is wrapped for it (`allow-passthrough on`).
    tmux: bool,
}

/// Terminals that understand OSC 9, by `TERM`, `TERM_PROGRAM` or `LC_TERMINAL`. Some of them know 777 as well; twice
/// the same on the desktop would be once too often.
const OSC9: &[&str] = &[
    "xterm-kitty",
    "xterm-ghostty",
    "ghostty",
    "WezTerm",
    "iTerm.app",
    "iTerm2",
    "foot",
    "foot-extra",
];

/// Terminals that understand OSC 777 alone.
const OSC777: &[&str] = &["rxvt-unicode", "rxvt-unicode-256color"];

impl Outer {
    pub fn of(env: &dyn Fn(&str) -> Option<String>) -> Outer {
        let names = ["TERM", "TERM_PROGRAM", "LC_TERMINAL"].map(env);
        let named = |known: &[&str]| {
            names
                .iter()
                .flatten()
                .any(|name| known.contains(&name.as_str()))
        };
        let (nine, other) = (named(OSC9), named(OSC777) || env("VTE_VERSION").is_some());
        Outer {
            osc9: nine || !other,
            osc777: !nine,
            tmux: env("TMUX").is_some(),
        }
    }

    /// Shows `text`. A terminal that cannot be written to has worse to tell at the next frame.
    pub fn tell(self, out: &mut dyn Write, text: &str, desktop: Desktop) {
        let bytes = self.notification(text, desktop);
        let _ = out.write_all(bytes.as_bytes()).and_then(|()| out.flush());
    }

    /// The bytes that show `text`; none where nothing is to be shown.
    fn notification(self, text: &str, desktop: Desktop) -> String {
        let (osc9, osc777) = match desktop {
            Desktop::Auto => (self.osc9, self.osc777),
            Desktop::Osc9 => (true, false),
            Desktop::Osc777 => (false, true),
            Desktop::Both => (true, true),
            Desktop::Off => (false, false),
        };
        // A semicolon ends a field. Words of ours come first: OSC 9 with a number is another thing to some.
        let text = sanitise::line(text).replace(';', ",");
        let mut out = String::new();
        if osc9 {
            out.push_str(&self.wrapped(&format!("\x1b]9;Antiphon: {text}\x07")));
        }
        if osc777 {
            out.push_str(&self.wrapped(&format!("\x1b]777;notify;Antiphon;{text}\x07")));
        }
        out
    }

    fn wrapped(self, sequence: &str) -> String {
        match self.tmux {
            true => format!("\x1bPtmux;{}\x1b\\", sequence.replace('\x1b', "\x1b\x1b")),
            false => sequence.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outer(variables: &[(&str, &str)]) -> Outer {
        Outer::of(&|name| {
            let found = variables.iter().find(|(own, _)| *own == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn each_terminal_is_told_once_in_its_own_way() {
        let nine = "\x1b]9;Antiphon: hi\x07";
        let other = "\x1b]777;notify;Antiphon;hi\x07";
        let both = format!("{nine}{other}");
        for (variables, desktop, bytes) in [
            (&[("TERM", "xterm-kitty")][..], Desktop::Auto, nine),
            (&[("TERM_PROGRAM", "WezTerm")], Desktop::Auto, nine),
            (&[("TERM", "rxvt-unicode-256color")], Desktop::Auto, other),
            (&[("VTE_VERSION", "7600")], Desktop::Auto, other),
            (&[("TERM", "xterm-256color")], Desktop::Auto, &both),
            (&[("TERM", "xterm-kitty")], Desktop::Both, &both),
            (&[("TERM", "xterm-kitty")], Desktop::Osc777, other),
            (&[("VTE_VERSION", "7600")], Desktop::Osc9, nine),
            (&[], Desktop::Off, ""),
        ] {
            assert_eq!(
                outer(variables).notification("hi", desktop),
                bytes,
                "{variables:?}"
            );
        }
    }

    #[test]
    fn tmux_lets_it_through() {
        let inside = outer(&[("TMUX", "/tmp/x,1,0"), ("TERM", "tmux-256color")]);
        assert_eq!(
            inside.notification("hi", Desktop::Osc9),
            "\x1bPtmux;\x1b\x1b]9;Antiphon: hi\x07\x1b\\"
        );
    }

    #[test]
    fn a_text_stays_a_text() {
        let nasty: String = ('\0'..='\u{a0}').chain(['\u{202e}', '\u{9c}']).collect();
        let bytes = outer(&[]).notification(&nasty, Desktop::Osc777);
        let inside = bytes.strip_prefix("\x1b]777;notify;Antiphon;").unwrap();
        let inside = inside.strip_suffix('\x07').unwrap();
        assert!(!inside.contains(|c: char| sanitise::is_harmful(c) || c == ';'));
    }
}
