//! What is done outside of the terminal: text put on the clipboard, links opened.
//!
//! The terminal is told by OSC 52, which reaches the user's own machine through ssh. Not every terminal listens, so the
//! tool of the desktop is started as well where there is one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

/// The longest text for which the terminal is asked, in bytes; most take no more than this in base64.
const MOST_BY_TERMINAL: usize = 750_000;

/// The bytes that put text on the terminal's clipboard; none where it is too long for that.
fn osc52(text: &str) -> Option<String> {
    let fits = text.len() <= MOST_BY_TERMINAL;
    fits.then(|| format!("\x1b]52;c;{}\x07", STANDARD.encode(text)))
}

/// The programs that put what they read on the clipboard of this machine, the best first: of those that suit the
/// environment, the first that is on the `PATH` is taken.
fn tools(env: &dyn Fn(&str) -> Option<String>) -> Vec<&'static [&'static str]> {
    let set = |name| env(name).is_some_and(|value| !value.is_empty());
    let mut tools: Vec<&[&str]> = Vec::new();
    if cfg!(target_os = "macos") {
        tools.push(&["pbcopy"]);
    }
    if set("WAYLAND_DISPLAY") {
        tools.push(&["wl-copy"]);
    }
    if set("DISPLAY") {
        tools.push(&["xclip", "-selection", "clipboard"]);
        tools.push(&["xsel", "--clipboard", "--input"]);
    }
    if set("TMUX") {
        // It lets nobody but itself speak to the clipboard of the terminal it runs in.
        tools.push(&["tmux", "load-buffer", "-w", "-"]);
    }
    tools
}

fn is_on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}

/// Puts text on the clipboard: through the terminal to which `out` leads, and with the desktop's tool, if there is one.
/// That takes its time beside the loop; if it fails nobody is told, the terminal was asked as well.
pub fn copy(out: &mut impl Write, text: String) {
    if let Some(bytes) = osc52(&text) {
        // A terminal that cannot be written to is told of by the next frame.
        let _ = out.write_all(bytes.as_bytes()).and_then(|()| out.flush());
    }
    let env = |name: &str| std::env::var(name).ok();
    let Some(words) = tools(&env).into_iter().find(|words| is_on_path(words[0])) else {
        return;
    };
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // It holds the text for others after we have gone.
    command.process_group(0);
    let Ok(mut child) = command.spawn() else {
        return;
    };
    tokio::spawn(async move {
        if let Some(mut input) = child.stdin.take() {
            let _ = input.write_all(text.as_bytes()).await;
        }
        let _ = child.wait().await;
    });
}

/// Opens a link with what the desktop has for it.
///
/// # Errors
/// In words, where it cannot be started.
pub fn open(target: &str) -> Result<(), String> {
    let program = match cfg!(target_os = "macos") {
        true => "open",
        false => "xdg-open",
    };
    let child = Command::new(program)
        .arg(target)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn();
    match child {
        Ok(mut child) => {
            tokio::spawn(async move { child.wait().await });
            Ok(())
        }
        Err(error) => Err(format!("{program} could not be started: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_terminal_is_asked_unless_it_is_too_much() {
        assert_eq!(osc52("hi ü").as_deref(), Some("\x1b]52;c;aGkgw7w=\x07"));
        assert_eq!(osc52(&"x".repeat(800_000)), None);
    }

    #[test]
    fn a_tool_is_taken_only_where_its_display_is() {
        for (set, wanted) in [
            (&[][..], &[][..]),
            (&["DISPLAY"][..], &["xclip", "xsel"][..]),
            (
                &["WAYLAND_DISPLAY", "DISPLAY"][..],
                &["wl-copy", "xclip", "xsel"][..],
            ),
            (&["TMUX"][..], &["tmux"][..]),
        ] {
            let env = |name: &str| set.contains(&name).then(|| ":0".to_owned());
            let names: Vec<&str> = tools(&env).iter().map(|words| words[0]).collect();
            let names: Vec<&str> = names.into_iter().filter(|n| *n != "pbcopy").collect();
            assert_eq!(names, wanted);
        }
    }
}
