//! The real CLI, where `ANTIPHON_CLAUDE` names it; its environment must point it at a server that answers.

use super::*;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};

const DEADLINE: Duration = Duration::from_secs(60);

struct Real {
    commands: Sender<AgentCommand>,
    events: Receiver<AgentEvent>,
}

fn run(from: AgentFrom, uuid: &str, cwd: &std::path::Path) -> Option<Real> {
    let Some(program) = std::env::var_os("ANTIPHON_CLAUDE") else {
        eprintln!("skipped: ANTIPHON_CLAUDE does not name a Claude Code CLI");
        return None;
    };
    let what = AgentStart {
        protocol: super::super::Protocol::Claude,
        program: program.into(),
        install: String::new(),
        args: Vec::new(),
        cwd: cwd.into(),
        model: None,
        permission_mode: Some("default".into()),
        conversation: uuid.into(),
        from,
        system: None,
        env: Vec::new(),
    };
    let (out, events) = channel(64);
    let commands = super::super::start(what, out).unwrap();
    Some(Real { commands, events })
}

impl Real {
    async fn until<T>(&mut self, wanted: impl Fn(&AgentEvent) -> Option<T>) -> T {
        loop {
            let event = tokio::time::timeout(DEADLINE, self.events.recv()).await;
            let event = event.expect("an event in time").expect("an event");
            if let Some(found) = wanted(&event) {
                return found;
            }
        }
    }

    async fn turn(&mut self, prompt: &str) -> String {
        let prompt = AgentCommand::Prompt(prompt.into());
        self.commands.send(prompt).await.unwrap();
        let record = self.until(|event| match event {
            AgentEvent::TurnEnded { record, .. } => Some(record.clone()),
            _ => None,
        });
        record.await.expect("a record")
    }

    async fn stop(mut self) -> Option<i32> {
        self.commands.send(AgentCommand::Stop).await.unwrap();
        self.until(|event| match event {
            AgentEvent::Exited { code, .. } => Some(*code),
            _ => None,
        })
        .await
    }
}

#[tokio::test]
async fn the_real_cli_answers_stops_resumes_and_forks() {
    let folder = tempfile::tempdir().unwrap();
    let uuid = || uuid::Uuid::new_v4().to_string();
    let own = uuid();
    let Some(mut first) = run(AgentFrom::New, &own, folder.path()) else {
        return;
    };
    let ready = |event: &AgentEvent| matches!(event, AgentEvent::Ready { .. }).then_some(());
    first.until(ready).await;
    let record = first.turn("hello").await;
    assert_eq!(first.stop().await, Some(0));
    let mut again = run(AgentFrom::Resume, &own, folder.path()).unwrap();
    again.turn("and again").await;
    assert_eq!(again.stop().await, Some(0));
    let fork = AgentFrom::Fork {
        source: own,
        at: Some(record),
    };
    let mut forked = run(fork, &uuid(), folder.path()).unwrap();
    forked.turn("another way").await;
    assert_eq!(forked.stop().await, Some(0));
}
