//! The command line of the CLI.

use super::{AgentFrom, AgentStart};

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
pub fn arguments(start: &AgentStart) -> Vec<String> {
    let mut all: Vec<String> = ALWAYS.map(String::from).into();
    let mut add = |flag: &str, value: &str| all.extend([flag.to_owned(), value.to_owned()]);
    match &start.from {
        AgentFrom::New => add("--session-id", &start.conversation),
        AgentFrom::Resume => add("--resume", &start.conversation),
        AgentFrom::Fork { source, at } => {
            add("--resume", source);
            add("--session-id", &start.conversation);
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
    if matches!(start.from, AgentFrom::Fork { .. }) {
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
        let fork = |at: Option<&str>| AgentFrom::Fork {
            source: "src".into(),
            at: at.map(String::from),
        };
        for (from, flags) in [
            (AgentFrom::New, "--session-id own --model m --x"),
            (AgentFrom::Resume, "--resume own --model m --x"),
            (
                fork(None),
                "--resume src --session-id own --model m --fork-session --x",
            ),
            (
                fork(Some("r1")),
                "--resume src --session-id own --resume-session-at r1 --model m --fork-session --x",
            ),
        ] {
            let start = AgentStart {
                protocol: crate::engine::agent::Protocol::Claude,
                install: String::new(),
                program: "claude".into(),
                args: vec!["--x".into()],
                cwd: "/".into(),
                model: Some("m".into()),
                permission_mode: None,
                conversation: "own".into(),
                from,
                system: None,
                env: Vec::new(),
            };
            assert_eq!(arguments(&start)[ALWAYS.len()..].join(" "), flags);
        }
    }
}
