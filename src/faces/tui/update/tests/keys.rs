//! What each key asks of the engine.

use super::*;

#[test]
fn keys_become_requests() {
    let bytes = |text: &str| Op::Input {
        session: SHELL,
        bytes: text.as_bytes().to_vec(),
    };
    let respond = |decision| Op::Respond {
        session: TESTS,
        ask: AskId(1),
        decision,
    };
    let rate = |turn, rating| Op::Rate {
        turn: Some(TurnId(turn)),
        rating,
        note: None,
    };
    let correct = |turn, category: &str| Op::Correct {
        turn: Some(TurnId(turn)),
        category: category.into(),
    };
    let ask = |text: &str| Op::Ask {
        session: PRIMER,
        prompt: text.into(),
        suggested: false,
        attached: vec![],
    };
    let no = Decision::No {
        message: String::new(),
    };
    let fork = Op::Fork {
        session: PRIMER,
        name: "primer-2".into(),
        at: Some(TurnId(2)),
        backend: None,
        model: None,
        count: 3,
        worktree: false,
    };
    let relay = |submit| Op::Relay {
        from: PRIMER,
        turn: Some(TurnId(2)),
        to: SHELL,
        submit,
        template: None,
    };
    let table: Vec<(SessionId, &str, Vec<Op>)> = vec![
        (PRIMER, "i h i enter", vec![ask("hi")]),
        (
            PRIMER,
            "i a shift-enter b alt-enter c ctrl-j d enter",
            vec![ask("a\nb\nc\nd")],
        ),
        (PRIMER, "i space enter", vec![]),
        (PRIMER, "i up enter", vec![ask("and again")]),
        (
            PRIMER,
            "i up up up down enter",
            vec![ask("now fix the rounding in raise()")],
        ),
        (
            PRIMER,
            "i x up down backspace up enter",
            vec![ask("and again")],
        ),
        (PRIMER, "i h esc i i enter", vec![ask("hi")]),
        (PRIMER, "i h ctrl-] j k i i enter", vec![ask("hi")]),
        (PRIMER, "4", vec![rate(3, Rating::Stars(4))]),
        (PRIMER, "[ +", vec![rate(2, Rating::Good)]),
        (PRIMER, "[ [ +", vec![rate(1, Rating::Good)]),
        (PRIMER, "[ [ [ [ [ -", vec![rate(1, Rating::Bad)]),
        (PRIMER, "[ ] 1", vec![rate(3, Rating::Stars(1))]),
        (PRIMER, "w m a t h enter", vec![correct(3, "math")]),
        (PRIMER, "[ w d e b u g enter", vec![correct(2, "debug")]),
        (PRIMER, "w n o n s e n s e enter", vec![]),
        (SHELL, "w enter", vec![]),
        (PRIMER, "y", vec![]),
        (TESTS, "y", vec![respond(Decision::Once)]),
        (TESTS, "a", vec![respond(Decision::Always)]),
        (TESTS, "x", vec![respond(no.clone())]),
        (
            TESTS,
            "X s p a c e enter",
            vec![respond(Decision::No {
                message: "space".into(),
            })],
        ),
        (TESTS, "X esc", vec![]),
        (PRIMER, "! x", vec![respond(no)]),
        (TESTS, "ctrl-c", vec![Op::Interrupt { session: TESTS }]),
        (SessionId(10), "ctrl-c", vec![]),
        (TESTS, "i ctrl-c", vec![Op::Interrupt { session: TESTS }]),
        (
            SHELL,
            "i l s enter",
            vec![bytes("l"), bytes("s"), bytes("\r")],
        ),
        (
            SHELL,
            "i esc ctrl-c up",
            vec![bytes("\x1b"), bytes("\x03"), bytes("\x1b[A")],
        ),
        (SHELL, "i ctrl-] q", vec![]),
        (
            SHELL,
            "ctrl-u",
            vec![Op::Scroll {
                session: SHELL,
                lines: 18,
            }],
        ),
        (
            SHELL,
            "G",
            vec![Op::Scroll {
                session: SHELL,
                lines: i32::MIN,
            }],
        ),
        (SHELL, "R n", vec![]),
        (SHELL, "R y", vec![Op::Restart { session: SHELL }]),
        (
            SessionId(9),
            "R",
            vec![Op::Restart {
                session: SessionId(9),
            }],
        ),
        (SHELL, "f", vec![]),
        (PRIMER, "K n", vec![]),
        (PRIMER, "K y", vec![Op::Kill { session: PRIMER }]),
        (PRIMER, "Q y", vec![Op::Shutdown]),
        (PRIMER, "[ f tab ctrl-u 3 enter", vec![fork]),
        (PRIMER, "f tab ctrl-u 9 9 enter esc", vec![]),
        (PRIMER, "r s h e enter", vec![relay(false)]),
        (PRIMER, "r s h e tab enter", vec![relay(true)]),
        (PRIMER, "r esc", vec![]),
        (
            PRIMER,
            ", ctrl-u x enter",
            vec![Op::Rename {
                session: PRIMER,
                name: "x".into(),
            }],
        ),
        (
            PRIMER,
            ". enter",
            vec![Op::SetGroup {
                session: PRIMER,
                group: None,
            }],
        ),
        (
            PRIMER,
            ". t r i enter",
            vec![Op::SetGroup {
                session: PRIMER,
                group: Some("tries".into()),
            }],
        ),
        (
            PRIMER,
            ". n e w enter",
            vec![Op::SetGroup {
                session: PRIMER,
                group: Some("new".into()),
            }],
        ),
        (
            PRIMER,
            "m o p u s enter",
            vec![Op::SetModel {
                session: PRIMER,
                model: "opus".into(),
            }],
        ),
        (
            PRIMER,
            "p p l enter",
            vec![Op::SetPermissionMode {
                session: PRIMER,
                mode: "plan".into(),
            }],
        ),
        (
            PRIMER,
            "B 2 . 5 enter",
            vec![Op::SetBudget {
                daily: Some(Nano(2_500_000_000)),
            }],
        ),
        (PRIMER, "B x enter esc", vec![]),
        (
            PRIMER,
            "b h i enter",
            vec![Op::Broadcast {
                to: Audience::All,
                prompt: "hi".into(),
            }],
        ),
        (
            PRIMER,
            "b tab h ctrl-j i enter",
            vec![Op::Broadcast {
                to: Audience::Group("payments".into()),
                prompt: "h\ni".into(),
            }],
        ),
        (
            PRIMER,
            "space j space b h i enter",
            vec![Op::Broadcast {
                to: Audience::Sessions(vec![PRIMER, SessionId(2)]),
                prompt: "hi".into(),
            }],
        ),
        (PRIMER, "space u b esc", vec![]),
        (
            PRIMER,
            ": k i l l enter y",
            vec![Op::Kill { session: PRIMER }],
        ),
        (PRIMER, "? esc ? q ?", vec![]),
    ];
    for (session, keys, wanted) in table {
        let mut model = on(session);
        assert_eq!(ops(press(&mut model, keys)), wanted, "{keys}");
    }
}
