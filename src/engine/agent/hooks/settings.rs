//! The settings file that Claude Code is given with `--settings`.

use serde_json::{Map, Value, json};

/// The hooks that are asked for. Names that a version does not know pass silently.
const EVENTS: &[&str] = &[
    "SessionStart",
    "UserPromptSubmit",
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "PermissionRequest",
    "PermissionDenied",
    "Notification",
    "Stop",
    "StopFailure",
    "SubagentStart",
    "SubagentStop",
    "PreCompact",
    "PostCompact",
    "SessionEnd",
];

/// How long a hook may take, in seconds; ours give up by themselves before.
const TIMEOUT: u32 = 5;
/// How long a dialog may stand open that can also be answered elsewhere: a week.
const OPEN: u32 = 7 * 24 * 3600;

/// The settings, with `program` as the reporter to the engine that listens at `socket`. `user`: settings that the user gave to be merged with; `line`: the
/// statusline that would stand there without ours.
pub fn settings(
    (program, socket): (&str, &str),
    user: Option<&Value>,
    line: Option<&Value>,
) -> Value {
    let mut settings = match user {
        Some(Value::Object(user)) => user.clone(),
        _ => Map::new(),
    };
    let mut hooks = match settings.remove("hooks") {
        Some(Value::Object(hooks)) => hooks,
        _ => Map::new(),
    };
    let report = |what: &str| {
        let (program, socket) = (quoted(program), quoted(socket));
        format!("{program} report --socket {socket} {what}")
    };
    let command = report("hook");
    for event in EVENTS {
        let timeout = match *event {
            "PermissionRequest" => OPEN,
            _ => TIMEOUT,
        };
        let ours = json!({"hooks": [{"type": "command", "command": command, "timeout": timeout}]});
        match hooks.get_mut(*event) {
            Some(Value::Array(theirs)) => theirs.push(ours),
            _ => {
                hooks.insert((*event).to_owned(), json!([ours]));
            }
        }
    }
    settings.insert("hooks".into(), hooks.into());
    let theirs = line.and_then(|line| line["command"].as_str());
    let mut status = match line {
        Some(Value::Object(line)) => line.clone(),
        _ => Map::new(),
    };
    status.insert("type".into(), "command".into());
    let command = match theirs {
        Some(theirs) => report(&format!("statusline --show {}", quoted(theirs))),
        None => report("statusline"),
    };
    status.insert("command".into(), command.into());
    settings.insert("statusLine".into(), status.into());
    settings.into()
}

/// The text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Takes `--settings` out of a command; `None`: it is not given.
pub fn take_given(command: &mut Vec<String>) -> Option<String> {
    let at = command
        .iter()
        .take_while(|word| *word != "--")
        .position(|word| word == "--settings" || word.starts_with("--settings="))?;
    let word = command.remove(at);
    match word.split_once('=') {
        Some((_, value)) => Some(value.to_owned()),
        None if at < command.len() => Some(command.remove(at)),
        None => {
            // Without a value it is the CLI's to complain.
            command.insert(at, word);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statusline_and_hooks_of_the_users_stay() {
        let user = json!({"model": "opus", "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "bell"}]}]}});
        let line = json!({"type": "command", "command": "it's mine", "padding": 2});
        let made = settings(("/a b/antiphon", "/s"), Some(&user), Some(&line));
        assert_eq!(made["model"], "opus");
        assert_eq!(made["hooks"]["Stop"][0]["hooks"][0]["command"], "bell");
        let ours = &made["hooks"]["Stop"][1]["hooks"][0];
        assert_eq!(ours["command"], "'/a b/antiphon' report --socket '/s' hook");
        assert_eq!(made["statusLine"]["padding"], 2);
        let shown = r"'/a b/antiphon' report --socket '/s' statusline --show 'it'\''s mine'";
        assert_eq!(made["statusLine"]["command"], shown);
        let plain = settings(("antiphon", "/s"), None, None);
        assert_eq!(
            plain["statusLine"]["command"],
            "'antiphon' report --socket '/s' statusline"
        );
        assert_eq!(plain["hooks"].as_object().map(Map::len), Some(EVENTS.len()));
        // What is no object is as good as nothing.
        assert_eq!(
            settings(("antiphon", "/s"), Some(&json!([1])), Some(&json!("x"))),
            plain
        );
    }

    #[test]
    fn settings_that_are_given_are_found() {
        for (command, given, left) in [
            ("claude --settings f -p", Some("f"), "claude -p"),
            ("claude --settings={} x", Some("{}"), "claude x"),
            ("claude --settings", None, "claude --settings"),
            ("claude -- --settings f", None, "claude -- --settings f"),
            ("claude", None, "claude"),
        ] {
            let mut words: Vec<String> = command.split(' ').map(str::to_owned).collect();
            assert_eq!(take_given(&mut words).as_deref(), given, "{command}");
            assert_eq!(words.join(" "), left, "{command}");
        }
    }
}
