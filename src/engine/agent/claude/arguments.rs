//! The command line of the CLI.

use super::{ClaudeFrom, ClaudeStart};

/// Always the same: JSON lines both ways, partial text, approvals asked over the same lines.
const ALWAYS: [&str; 9] = [
    "-p",
    "--verbose",
    "--input-format",
    "stream-json",
    "--output-format",
    "stream-json",
    "--include-partial-messages",
    "--permission-prompt-tool",
    "stdio",
];

/// All arguments, in order.
pub fn arguments(start: &ClaudeStart) -> Vec<String> {
    let mut all: Vec<String> = ALWAYS.map(String::from).into();
    let mut add = |flag: &str, value: &str| all.extend([flag.to_owned(), value.to_owned()]);
    match &start.from {
        ClaudeFrom::New => add("--session-id", &start.session_uuid),
        ClaudeFrom::Resume => add("--resume", &start.session_uuid),
        ClaudeFrom::Fork { source_uuid, at } => {
            add("--resume", source_uuid);
            add("--session-id", &start.session_uuid);
            if let Some(at) = at {
                add("--resume-session-at", at);
            }
        }
    }
    for (flag, value) in [
        ("--model", &start.model),
        ("--permission-mode", &start.permission_mode),
        ("--append-system-prompt", &start.system),
    ] {
        if let Some(value) = value {
            add(flag, value);
        }
    }
    if matches!(start.from, ClaudeFrom::Fork { .. }) {
        all.push("--fork-session".into());
    }
    all.extend(start.args.iter().cloned());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_beginning_has_its_flags() {
        let fork = |at: Option<&str>| ClaudeFrom::Fork {
            source_uuid: "src".into(),
            at: at.map(String::from),
        };
        for (from, flags) in [
            (ClaudeFrom::New, "--session-id own --model m --x"),
            (ClaudeFrom::Resume, "--resume own --model m --x"),
            (
                fork(None),
                "--resume src --session-id own --model m --fork-session --x",
            ),
            (
                fork(Some("r1")),
                "--resume src --session-id own --resume-session-at r1 --model m --fork-session --x",
            ),
        ] {
            let start = ClaudeStart {
                program: "claude".into(),
                args: vec!["--x".into()],
                cwd: "/".into(),
                model: Some("m".into()),
                permission_mode: None,
                session_uuid: "own".into(),
                from,
                system: None,
                env: Vec::new(),
            };
            assert_eq!(arguments(&start)[ALWAYS.len()..].join(" "), flags);
        }
    }
}
