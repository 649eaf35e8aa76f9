//! The process around the CLI, with a small script in the CLI's place.

use super::claude::{INSTALL, exit_failure};
use super::*;
use crate::protocol::Category;
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};

const DEADLINE: Duration = Duration::from_secs(20);

fn start_with(program: &Path, behaviour: &str) -> AgentStart {
    AgentStart {
        protocol: Protocol::Claude,
        program: program.into(),
        install: INSTALL.into(),
        args: Vec::new(),
        cwd: std::env::temp_dir(),
        model: None,
        permission_mode: None,
        conversation: "own".into(),
        from: AgentFrom::New,
        system: None,
        env: vec![
            ("BEHAVIOUR".into(), behaviour.into()),
            ("ANTIPHON_SESSION".into(), "critic".into()),
        ],
    }
}

fn run(behaviour: &str) -> (Sender<AgentCommand>, Receiver<AgentEvent>) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/agent/fixtures/agent.sh");
    let (out, events) = channel(8);
    (start(start_with(&script, behaviour), out).unwrap(), events)
}

async fn next(events: &mut Receiver<AgentEvent>) -> AgentEvent {
    let event = tokio::time::timeout(DEADLINE, events.recv()).await;
    event.expect("an event in time").expect("an event")
}

async fn exit(events: &mut Receiver<AgentEvent>) -> (Option<i32>, Option<i32>, String) {
    loop {
        if let AgentEvent::Exited {
            code,
            signal,
            stderr,
        } = next(events).await
        {
            return (code, signal, stderr);
        }
    }
}

#[tokio::test]
async fn commands_go_in_and_a_stop_is_heard() {
    let (commands, mut events) = run("echo");
    assert!(matches!(next(&mut events).await, AgentEvent::Started { pid } if pid > 1));
    // The first line is our own request to initialise.
    let working = AgentEvent::State(AgentState::Working);
    assert_eq!(next(&mut events).await, working);
    commands
        .send(AgentCommand::Prompt("hi".into()))
        .await
        .unwrap();
    assert_eq!(next(&mut events).await, working);
    commands.send(AgentCommand::Stop).await.unwrap();
    assert_eq!(exit(&mut events).await, (Some(3), None, String::new()));
    assert!(events.recv().await.is_none(), "the exit is the last event");
}

#[tokio::test]
async fn who_does_not_hear_is_killed() {
    let (commands, mut events) = run("deaf");
    next(&mut events).await;
    assert_eq!(next(&mut events).await, AgentEvent::State(AgentState::Idle));
    drop(commands);
    assert_eq!(exit(&mut events).await, (None, Some(9), String::new()));
}

#[tokio::test]
async fn last_words_and_the_environment_are_told() {
    let (_commands, mut events) = run("words");
    let (code, signal, stderr) = exit(&mut events).await;
    assert_eq!((code, signal), (Some(1), None));
    assert!(
        stderr.contains("no json at all") && stderr.contains("env: 11//critic"),
        "{stderr}"
    );
    assert_eq!(exit_failure(&stderr).category, Category::BadRequest);
}

#[tokio::test]
async fn a_protocol_that_cannot_go_on_ends_the_process_and_says_why() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine/agent/fixtures/agent.sh");
    let (out, mut events) = channel(8);
    let codex = AgentStart {
        protocol: Protocol::Codex,
        from: AgentFrom::Resume,
        ..start_with(&script, "refuses")
    };
    let _commands = start(codex, out).unwrap();
    let (code, _, stderr) = exit(&mut events).await;
    assert_eq!(code, Some(1), "no success, although it says so");
    let failure = super::exit_failure(Protocol::Codex, &stderr);
    assert_eq!(failure.category, Category::Missing, "{stderr}");
}

#[tokio::test]
async fn a_missing_program_or_folder_is_said_to_be_missing() {
    let (out, _events) = channel(1);
    let missing = start_with(Path::new("no-such-claude"), "");
    let failure = start(missing.clone(), out.clone()).unwrap_err();
    assert_eq!(failure.category, Category::Missing);
    assert!(
        failure
            .next
            .contains("npm install -g @anthropic-ai/claude-code")
    );
    let nowhere = AgentStart {
        cwd: "/no/such/folder".into(),
        ..missing
    };
    let failure = start(nowhere, out).unwrap_err();
    assert!(failure.message.contains("/no/such/folder"));
}
