use super::*;
use crate::engine::worktree::{Made, Wanted, Wish};
use crate::protocol::{Category, Failure, Level, Query, Restart, TurnState, Worktree};
use crate::store::SessionRow;

fn wanted(effects: &[Effect]) -> Vec<(SessionId, u64, Wanted)> {
    let of = |effect: &Effect| match effect {
        Effect::MakeWorktree {
            session,
            epoch,
            wanted,
        } => Some((*session, *epoch, (**wanted).clone())),
        _ => None,
    };
    effects.iter().filter_map(of).collect()
}

fn worktree(name: &str) -> Worktree {
    Worktree {
        path: format!("/trees/{name}").into(),
        branch: name.into(),
        repository: "/home/ann/demo".into(),
    }
}

fn made(name: &str) -> Result<Made, Failure> {
    Ok(Made {
        worktree: worktree(name),
        cwd: format!("/trees/{name}/sub").into(),
        left_behind: vec![],
    })
}

fn refused() -> Result<Made, Failure> {
    Err(Failure::new(Category::Refused, "git said no", "mend it"))
}

fn came(
    house: &mut House,
    session: SessionId,
    epoch: u64,
    result: Result<Made, Failure>,
) -> Vec<Effect> {
    house.take(Input::WorktreeMade {
        session,
        epoch,
        result,
    })
}

fn spec(name: &str, backend: Backend) -> SessionSpec {
    SessionSpec {
        worktree: true,
        cwd: Some("/home/ann/demo/sub".into()),
        // A face cannot say that there is one.
        own_worktree: Some(worktree("forged")),
        ..SessionSpec::new(name, backend)
    }
}

fn starts(effects: &[Effect]) -> usize {
    let is_start = |effect: &&Effect| matches!(effect, Effect::Start { .. });
    effects.iter().filter(is_start).count()
}

#[test]
fn nothing_begins_before_its_worktree_is_there() {
    for backend in [Backend::Claude, Backend::Terminal, Backend::Anthropic] {
        let mut house = House::new();
        let effects = house.op(Op::Spawn {
            spec: spec("w", backend.clone()),
        });
        let (id, epoch, what) = wanted(&effects).remove(0);
        assert_eq!(
            (what.name.as_str(), what.from.to_str()),
            ("w", Some("/home/ann/demo/sub"))
        );
        assert_eq!((starts(&effects), house.status(id)), (0, Status::Starting));
        assert_eq!(house.view(id).worktree, None);
        if backend.is_chat() {
            let (_, effects) = house.ask(id, "at once");
            assert_eq!(streams(&effects) + starts(&effects), 0, "{backend}");
            assert_eq!(wanted(&effects).len(), 0, "it is being made");
        }
        assert!(house.ask_for(Op::Restart { session: id }).is_err());
        assert_eq!(came(&mut house, id, epoch - 1, refused()), []);
        let effects = came(&mut house, id, epoch, made("w"));
        let runs = usize::from(backend != Backend::Anthropic);
        assert_eq!(starts(&effects), runs, "{backend}");
        assert_eq!(streams(&effects), 1 - runs);
        assert_eq!(house.view(id).worktree, Some(worktree("w")));
        assert_eq!(house.view(id).cwd.to_str(), Some("/trees/w/sub"));
        assert_eq!(came(&mut house, id, epoch, refused()), [], "once");
    }
}

#[test]
fn where_git_refuses_the_session_has_failed_and_what_waited_is_taken_back() {
    let mut house = House::new();
    let effects = house.op(Op::Spawn {
        spec: spec("w", Backend::Claude),
    });
    let (id, epoch, _) = wanted(&effects).remove(0);
    let (turn, _) = house.ask(id, "waits");
    came(&mut house, id, epoch, refused());
    let category = Category::Refused;
    assert_eq!(house.status(id), Status::Failed { category });
    let note = house.view(id).note.clone();
    assert_eq!(note.as_deref(), Some("refused: git said no · mend it"));
    assert_eq!(house.turn(turn).state, TurnState::Interrupted);
    // The next prompt, or a restart, tries again.
    let (_, effects) = house.ask(id, "again");
    let (_, second, _) = wanted(&effects).remove(0);
    assert!(second > epoch);
    came(&mut house, id, second, refused());
    let effects = house.op(Op::Restart { session: id });
    let (_, third, _) = wanted(&effects).remove(0);
    assert_eq!(starts(&came(&mut house, id, third, made("w"))), 1);
}

#[test]
fn each_of_several_forks_has_its_own_and_the_parents_is_not_inherited() {
    let mut house = House::new();
    let effects = house.op(Op::Spawn {
        spec: spec("p", Backend::Rehearsal),
    });
    let (p, epoch, _) = wanted(&effects).remove(0);
    came(&mut house, p, epoch, made("p"));
    let fork = |worktree, count| Op::Fork {
        session: p,
        name: format!("w{count}"),
        at: None,
        backend: None,
        model: None,
        count,
        worktree,
    };
    let effects = house.op(fork(true, 2));
    let both = wanted(&effects);
    let names: Vec<&str> = both.iter().map(|(_, _, w)| w.name.as_str()).collect();
    assert_eq!(names, ["w2-1", "w2-2"]);
    assert!(
        both.iter()
            .all(|(_, _, w)| w.from.to_str() == Some("/trees/p/sub"))
    );
    let (first, second) = (&both[0], &both[1]);
    came(&mut house, first.0, first.1, refused());
    came(&mut house, second.0, second.1, made("w2-2"));
    assert_eq!(house.view(first.0).worktree, None);
    assert_eq!(house.view(second.0).worktree, Some(worktree("w2-2")));
    // Without one it works where its parent works, and owns nothing.
    let effects = house.op(fork(false, 1));
    assert_eq!(wanted(&effects).len(), 0);
    let Some(Ok(Answer::Sessions(views))) = reply(&effects) else {
        panic!("no fork");
    };
    assert_eq!(views[0].worktree, None);
    assert_eq!(views[0].cwd.to_str(), Some("/trees/p/sub"));
}

#[test]
fn what_is_not_carried_over_is_said() {
    let mut house = House::new();
    let effects = house.op(Op::Spawn {
        spec: spec("w", Backend::Rehearsal),
    });
    let (id, epoch, _) = wanted(&effects).remove(0);
    let result = made("w").map(|made| Made {
        left_behind: vec!["submodules".into()],
        ..made
    });
    let effects = came(&mut house, id, epoch, result);
    let notice = told(&effects)
        .into_iter()
        .find_map(|(_, event)| match event {
            Event::Notice { level, text, .. } => Some((*level, text.clone())),
            _ => None,
        });
    let (level, text) = notice.expect("a notice");
    assert_eq!(level, Level::Warning);
    assert_eq!(
        text,
        "works in /trees/w on branch w · not carried over: submodules"
    );
}

#[test]
fn a_killed_session_gives_its_worktree_up_only_while_it_is_made() {
    let mut house = House::new();
    let given_up = |effects: &[Effect]| {
        let is = |effect: &&Effect| matches!(effect, Effect::GiveUpWorktree { .. });
        effects.iter().filter(is).count()
    };
    let effects = house.op(Op::Spawn {
        spec: spec("w", Backend::Rehearsal),
    });
    let (id, epoch, _) = wanted(&effects).remove(0);
    assert_eq!(given_up(&house.op(Op::Kill { session: id })), 1);
    assert_eq!(came(&mut house, id, epoch, made("w")), []);
    let effects = house.op(Op::Spawn {
        spec: spec("w", Backend::Rehearsal),
    });
    let (id, epoch, _) = wanted(&effects).remove(0);
    came(&mut house, id, epoch, made("w"));
    assert_eq!(given_up(&house.op(Op::Kill { session: id })), 0);
}

#[test]
fn after_a_crash_a_worktree_is_known_or_made_and_a_refusal_stands() {
    let row = |id, spec: SessionSpec, status| SessionRow {
        id: SessionId(id),
        spec,
        parent: None,
        forked_at: None,
        head: None,
        created_at: 5,
        killed_at: None,
        agent_ref: None,
        status,
        gauges: Default::default(),
        note: Some("as it was".into()),
    };
    let unmade = |name| SessionSpec {
        own_worktree: None,
        restart: Restart::Always,
        ..spec(name, Backend::Terminal)
    };
    let failed = Status::Failed {
        category: Category::Refused,
    };
    let store = Loaded {
        sessions: vec![
            row(1, spec("there", Backend::Rehearsal), Status::Idle),
            row(2, unmade("making"), Status::Starting),
            row(3, unmade("refused"), failed.clone()),
        ],
        ..empty_store()
    };
    let now = Now {
        ms: MIDNIGHT,
        midnight: MIDNIGHT,
    };
    let (state, effects) = recover(beginning(Config::default()), store, now);
    let view = |id| &state.sessions[&SessionId(id)].view;
    assert_eq!(view(1).worktree, Some(worktree("forged")));
    let made: Vec<u64> = wanted(&effects).iter().map(|(id, ..)| id.0).collect();
    assert_eq!((made, starts(&effects)), (vec![2], 0));
    assert_eq!(wanted(&effects)[0].2.created_at, 5);
    assert_eq!(view(3).status, failed);
    assert_eq!(view(3).note.as_deref(), Some("as it was"));
}

#[test]
fn wishes_about_worktrees_go_to_git_with_all_who_live() {
    let mut house = House::new();
    house.spawn("a", Backend::Rehearsal);
    let remove = Op::RemoveWorktree {
        name: "w".into(),
        force: true,
    };
    let restore = Op::RestoreWorktree { name: "w".into() };
    for request in [
        Request::Op(remove),
        Request::Op(restore),
        Request::Query(Query::Worktrees),
    ] {
        let effects = house.take(Input::Request {
            face: FACE,
            id: 9,
            request: request.clone(),
        });
        let [
            Effect::Worktrees {
                id: 9,
                wish,
                living,
                ..
            },
        ] = effects.as_slice()
        else {
            panic!("{effects:?}");
        };
        assert_eq!((living.len(), living[0].name.as_str()), (1, "a"));
        let named = match wish {
            Wish::List => request == Request::Query(Query::Worktrees),
            Wish::Remove { name, force } => name == "w" && *force,
            Wish::Restore { name } => name == "w",
        };
        assert!(named, "{wish:?}");
    }
}
