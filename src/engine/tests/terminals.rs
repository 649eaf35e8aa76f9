use super::*;
use crate::config::Means;
use crate::config::agents::Kind;
use crate::engine::effect::Process;
use crate::engine::pty::{Mark, PtyEvent, Says, Seen};
use crate::engine::terminals::Manners;
use crate::protocol::{AskKind, Decision, Source};

/// A program in a terminal that has started; with what it was started with.
pub fn run(house: &mut House, name: &str, command: &[&str]) -> (SessionId, Manners) {
    let spec = SessionSpec {
        command: command.iter().map(ToString::to_string).collect(),
        ..SessionSpec::new(name, Backend::Terminal)
    };
    let effects = house.op(Op::Spawn { spec });
    let Some(Ok(Answer::Sessions(views))) = reply(&effects) else {
        panic!("no session: {effects:?}");
    };
    begin(house, views[0].id);
    (views[0].id, manners(&effects))
}

fn manners(effects: &[Effect]) -> Manners {
    let found = effects.iter().find_map(|effect| match effect {
        Effect::Start { process, .. } => match &**process {
            Process::Terminal(_, manners) => Some(manners.clone()),
            Process::Agent(_) => None,
        },
        _ => None,
    });
    found.expect("a start")
}

pub fn begin(house: &mut House, session: SessionId) {
    let epoch = house.state.sessions[&session].epoch;
    house.take(Input::Started {
        session,
        epoch,
        result: Ok(Some(42)),
    });
}

pub fn tell(house: &mut House, session: SessionId, event: PtyEvent) -> Vec<Effect> {
    let epoch = house.state.sessions[&session].epoch;
    house.take(Input::Pty {
        session,
        epoch,
        event,
    })
}

pub fn title(house: &mut House, session: SessionId, title: &str) -> Vec<Effect> {
    tell(house, session, PtyEvent::Title(title.into()))
}

pub fn screen(house: &mut House, session: SessionId, means: Means) -> Vec<Effect> {
    let seen = Seen {
        means,
        line: "Do you want to proceed?".into(),
    };
    tell(house, session, PtyEvent::Seen(Some(seen)))
}

fn known(house: &House, session: SessionId) -> (Status, Source) {
    (house.status(session), house.view(session).source)
}

#[test]
fn the_title_tells_and_what_it_does_not_tell_the_screen_does() {
    let mut house = House::new();
    let (claude, _) = run(&mut house, "c", &["/opt/claude"]);
    assert_eq!(house.view(claude).agent.as_deref(), Some("claude"));
    assert_eq!(known(&house, claude), (Status::Unknown, Source::None));
    title(&mut house, claude, "✳ Claude Code");
    assert_eq!(known(&house, claude), (Status::Unknown, Source::None));
    assert_eq!(house.view(claude).title.as_deref(), Some("Claude Code"));
    screen(&mut house, claude, Means::Idle);
    assert_eq!(known(&house, claude), (Status::Idle, Source::Screen));
    title(&mut house, claude, "◐ Claude Code");
    assert_eq!(known(&house, claude), (Status::Working, Source::Title));
    let ticks = title(&mut house, claude, "◑ Claude Code");
    assert_eq!(told(&ticks), [], "a title that only ticks on tells nobody");
    // An approval: the title stops, the screen asks.
    title(&mut house, claude, "✳ Claude Code");
    screen(&mut house, claude, Means::NeedsYou(Kind::Approval));
    assert_eq!(known(&house, claude), (Status::NeedsYou, Source::Screen));
    let ask = house.view(claude).asks[0].clone();
    assert!(ask.on_screen);
    assert_eq!(
        (ask.kind, ask.detail.as_str()),
        (AskKind::Approval, "Do you want to proceed?")
    );
    let refused = house.ask_for(Op::Respond {
        session: claude,
        ask: ask.id,
        decision: Decision::Once,
    });
    assert!(refused.unwrap_err().what.contains("its own screen"));
    assert_eq!(house.view(claude).asks.len(), 1, "it is still open");
    title(&mut house, claude, "◐ Claude Code");
    assert_eq!(known(&house, claude), (Status::Working, Source::Title));
    assert_eq!(house.view(claude).asks, []);
    tell(&mut house, claude, PtyEvent::Seen(None));
    title(&mut house, claude, "");
    assert_eq!(known(&house, claude), (Status::Unknown, Source::None));
}

#[test]
fn titles_of_real_programs_mean_what_they_mean() {
    for (program, said, status) in [
        ("gemini", "◇  Ready (work)   ", Status::Idle),
        ("gemini", "✦  Working… (work)  ", Status::Working),
        ("gemini", "✋  Action Required (work)", Status::NeedsYou),
        ("codex", "⠙ work", Status::Working),
        ("codex", "[ ! ] Action Required | work", Status::NeedsYou),
        ("codex", "[ . ] Action Required | work", Status::NeedsYou),
        ("codex", "work", Status::Unknown),
        ("claude", "⠂ worker-1", Status::Working),
        ("opencode", "OC | fake answer", Status::Unknown),
        ("vim", "✳ notes", Status::Unknown),
    ] {
        let mut house = House::new();
        let (session, _) = run(&mut house, "t", &[program]);
        title(&mut house, session, said);
        assert_eq!(house.status(session), status, "{program}: {said}");
    }
}

#[test]
fn a_shell_that_marks_its_prompts_is_believed_and_no_other_program() {
    let mut house = House::new();
    let (shell, _) = run(&mut house, "s", &[]);
    assert_eq!(known(&house, shell), (Status::Unknown, Source::None));
    tell(&mut house, shell, PtyEvent::Mark(Mark::Command));
    assert_eq!(known(&house, shell), (Status::Working, Source::Hook));
    tell(&mut house, shell, PtyEvent::Mark(Mark::Prompt));
    assert_eq!(known(&house, shell), (Status::Idle, Source::Hook));
    let (vim, _) = run(&mut house, "v", &["vim"]);
    tell(&mut house, vim, PtyEvent::Mark(Mark::Prompt));
    assert_eq!(known(&house, vim), (Status::Unknown, Source::None));
}

fn says(house: &mut House, session: SessionId, means: Means, line: &str) -> Vec<Effect> {
    let says = Says {
        means,
        failed: line == "broken",
        line: line.into(),
    };
    tell(house, session, PtyEvent::Says(Some(says)))
}

#[test]
fn what_any_program_reports_of_itself_is_believed() {
    let mut house = House::new();
    let (build, _) = run(&mut house, "b", &["./build"]);
    says(&mut house, build, Means::Working, "");
    assert_eq!(known(&house, build), (Status::Working, Source::Protocol));
    // It asks: on its own screen, in its own words.
    says(
        &mut house,
        build,
        Means::NeedsYou(Kind::Approval),
        "deploy?",
    );
    assert_eq!(known(&house, build), (Status::NeedsYou, Source::Protocol));
    let ask = house.view(build).asks[0].clone();
    assert_eq!(
        (ask.kind, ask.detail.as_str()),
        (AskKind::Approval, "deploy?")
    );
    assert!(ask.on_screen);
    says(&mut house, build, Means::Idle, "broken");
    assert_eq!(known(&house, build), (Status::Idle, Source::Protocol));
    assert_eq!(house.view(build).asks, []);
    let note = house.view(build).note.clone();
    assert_eq!(note.as_deref(), Some("it reports an error: broken"));
    says(&mut house, build, Means::Working, "");
    assert_eq!(house.view(build).note, None);
    tell(&mut house, build, PtyEvent::Says(None));
    assert_eq!(known(&house, build), (Status::Unknown, Source::None));
    // Better than what an agent's title and screen look like.
    let (codex, _) = run(&mut house, "x", &["codex"]);
    title(&mut house, codex, "⠙ demo");
    screen(&mut house, codex, Means::Idle);
    says(&mut house, codex, Means::NeedsYou(Kind::Approval), "");
    assert_eq!(known(&house, codex), (Status::NeedsYou, Source::Protocol));
}

#[test]
fn what_is_told_before_the_start_counts_and_after_the_end_does_not() {
    let mut house = House::new();
    let spec = SessionSpec {
        command: vec!["gemini".into()],
        ..SessionSpec::new("g", Backend::Terminal)
    };
    let Ok(Answer::Sessions(views)) = house.ask_for(Op::Spawn { spec }) else {
        panic!("no session");
    };
    let gemini = views[0].id;
    title(&mut house, gemini, "◇  Ready (work)");
    assert_eq!(house.status(gemini), Status::Starting);
    begin(&mut house, gemini);
    assert_eq!(known(&house, gemini), (Status::Idle, Source::Title));
    tell(
        &mut house,
        gemini,
        PtyEvent::Exited {
            code: Some(0),
            signal: None,
        },
    );
    title(&mut house, gemini, "✦  Working… (work)");
    assert!(matches!(house.status(gemini), Status::Ended { .. }));
}

#[test]
fn a_conversation_is_come_back_to_and_copied() {
    let mut house = House::new();
    let (claude, first) = run(&mut house, "c", &["claude", "fix it"]);
    assert_eq!(first.ways.len(), 1, "nothing to come back to yet");
    let Err(refused) = house.ask_for(fork(claude)) else {
        panic!("forked without a conversation");
    };
    assert!(refused.what.contains("has no name yet"), "{refused}");
    let epoch = house.state.sessions[&claude].epoch;
    let began = house.take(Input::Begun {
        session: claude,
        epoch,
        conversation: "one".into(),
    });
    assert!(
        matches!(writes(&began)[..], [Write::Session(row)] if row.agent_ref.as_deref() == Some("one"))
    );

    let effects = house.op(fork(claude));
    let copy = manners(&effects);
    assert_eq!(copy.ways[0].args[..2], ["--resume", "one"]);
    assert!(copy.ways[0].args.contains(&"--fork-session".to_owned()));

    // Into a worktree, where it goes on as well; from a worktree of its own the copy inherits the folder alone.
    let own = crate::protocol::Worktree {
        path: "/trees/c".into(),
        branch: "c".into(),
        repository: "/home/ann/demo".into(),
    };
    if let Some(session) = house.state.sessions.get_mut(&claude) {
        session.spec.own_worktree = Some(own);
    }
    for worktree in [true, false] {
        let effects = house.op(Op::Fork {
            session: claude,
            name: format!("elsewhere-{worktree}"),
            at: None,
            backend: None,
            model: None,
            count: 1,
            worktree,
        });
        let made = |e: &&Effect| matches!(e, Effect::MakeWorktree { .. });
        assert_eq!(effects.iter().filter(made).count(), usize::from(worktree));
        let Some(Ok(Answer::Sessions(views))) = reply(&effects) else {
            panic!("no fork: {effects:?}");
        };
        assert_eq!(views[0].worktree, None);
    }

    // Started again only once it has gone: two on one conversation would spoil it.
    let effects = house.op(Op::Restart { session: claude });
    assert!(effects.iter().any(|e| matches!(e, Effect::End { .. })));
    assert!(!effects.iter().any(|e| matches!(e, Effect::Start { .. })));
    let gone = PtyEvent::Exited {
        code: None,
        signal: Some(1),
    };
    let again = manners(&tell(&mut house, claude, gone));
    assert_eq!(again.ways[0].args, ["--resume", "one"]);
    assert_eq!(
        again.ways[1].args[2..],
        ["fix it"],
        "said again only where it begins anew"
    );

    let (vim, _) = run(&mut house, "v", &["vim"]);
    let (opencode, _) = run(&mut house, "o", &["opencode"]);
    for (session, why) in [(vim, "no program that is known"), (opencode, "cannot copy")] {
        let refused = house.ask_for(fork(session)).unwrap_err();
        assert!(refused.what.contains(why), "{refused}");
    }
}

fn fork(session: SessionId) -> Op {
    Op::Fork {
        session,
        name: "copy".into(),
        at: None,
        backend: None,
        model: None,
        count: 1,
        worktree: false,
    }
}

#[test]
fn a_program_is_interrupted_by_its_own_keys() {
    let mut house = House::new();
    for (program, keys) in [
        ("claude", &["\x1b"][..]),
        ("opencode", &["\x1b", "\x1b"]),
        ("vim", &["\x03"]),
    ] {
        let (session, _) = run(&mut house, program, &[program]);
        let effects = house.op(Op::Interrupt { session });
        let sent = effects.iter().find_map(|effect| match effect {
            Effect::Press { keys, .. } => Some(keys.clone()),
            _ => None,
        });
        assert_eq!(sent.expect("keys"), keys, "{program}");
    }
}
