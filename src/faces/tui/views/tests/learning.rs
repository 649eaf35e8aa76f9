//! What is learnt, as it is shown. Each picture was looked at.

use super::*;

macro_rules! shows {
    ($name:expr, $model:expr) => {
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true,
            snapshot_path => "../snapshots" }, {
            insta::assert_snapshot!($name, picture(&$model));
        });
    };
}

fn belief(model: &str, category: &str, at: (f64, f64, f64), here: (f64, u32)) -> BeliefView {
    BeliefView {
        model: model.into(),
        category: category.into(),
        lower: at.0,
        success: at.1,
        upper: at.2,
        prior: 0.78,
        ground: "benchmarks".into(),
        successes: here.0,
        seen: here.1,
        worth: f64::from(here.1) * 0.75,
        drift: None,
        known: true,
    }
}

/// As an engine would tell it after a few weeks.
pub(in crate::faces::tui) fn learned() -> Learned {
    let mut worse = belief(
        "gpt-5.6-terra",
        "code_review",
        (0.58, 0.66, 0.74),
        (18.5, 28),
    );
    worse.drift = Some(Drift {
        change: -0.4,
        deviations: -3.1,
    });
    let mut gone = belief("grok-code-fast-1", "explain", (0.55, 0.7, 0.83), (2.0, 3));
    gone.known = false;
    gone.ground = "nothing known".into();
    let change = |id, ago: i64, kind, what: &str, old, new, reason: &str, confidence| Adjustment {
        id,
        at: -ago,
        kind,
        what: what.into(),
        old,
        new,
        reason: reason.into(),
        confidence,
    };
    let rule = |id, advice, model: &str, text: &str, (success, n), tier, state| Learning {
        id,
        at: -3_600_000 * id as i64,
        rule: Rule {
            advice,
            model: model.into(),
            category: "debug".into(),
            tag: None,
        },
        text: text.into(),
        success,
        n,
        tier,
        state,
    };
    use AdjustmentKind::*;
    use LearningState::*;
    use RuleAdvice::*;
    Learned {
        results: 61,
        trust: 0.85,
        threshold: 0.8,
        beliefs: vec![
            worse,
            belief("claude-haiku-4-5", "debug", (0.85, 0.91, 0.96), (19.0, 20)),
            belief("claude-opus-4-8", "debug", (0.86, 0.93, 0.98), (10.0, 10)),
            gone,
        ],
        changes: vec![
            change(
                3,
                7_200_000,
                Tokens,
                "debug/complex",
                1500.0,
                2300.0,
                "23 answers took 2300 tokens on average, 1500 were expected",
                0.93,
            ),
            change(
                2,
                90_000_000,
                Domain,
                "docs",
                0.8,
                0.62,
                "14 answers took 0.62 times the work, beside 51 of all domains",
                0.84,
            ),
            change(
                1,
                400_000_000,
                Forgotten,
                "claude-sonnet-5 at math",
                73.0,
                61.0,
                "you said so",
                1.0,
            ),
        ],
        learnings: vec![
            rule(
                4,
                Prefer,
                "qwen3:32b",
                "prefer qwen3:32b for explain: 2 of 2 good",
                (1.0, 2),
                Tier::Review,
                Waiting,
            ),
            rule(
                3,
                Prefer,
                "claude-haiku-4-5",
                "prefer claude-haiku-4-5 for debug: 5 of 5 good",
                (1.0, 5),
                Tier::Auto,
                Applied,
            ),
            rule(
                2,
                Avoid,
                "gpt-5.6-terra",
                "avoid gpt-5.6-terra for code_review with rust: 3 of 4 bad",
                (0.75, 4),
                Tier::Noted,
                Applied,
            ),
            rule(
                1,
                Prefer,
                "glm-5.2",
                "prefer glm-5.2 for data: 3 of 4 good",
                (0.75, 4),
                Tier::Noted,
                Withdrawn,
            ),
        ],
    }
}

fn reply(model: &mut Model, purpose: Purpose, answer: Answer) {
    let result = Ok(answer);
    update(model, Msg::Reply { purpose, result });
}

fn opened(size: (u16, u16), learned: Learned) -> Model {
    let mut model = house(size);
    let answer = Answer::Learned(Box::new(learned));
    reply(&mut model, Purpose::Learned { all: false }, answer);
    model
}

fn seen(id: u64, success: f64, weight: f64, tags: &[&str]) -> EvidenceView {
    EvidenceView {
        seq: id,
        turn: (id != 7).then_some(TurnId(id)),
        at: -(100 - id as i64) * 600_000,
        model: "gpt-5.6-terra".into(),
        category: "code_review".into(),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        complexity: 30 + id as u8,
        features: vec![],
        success,
        weight,
    }
}

const SIZES: [(u16, u16); 2] = [(80, 24), (200, 60)];

#[test]
fn what_is_believed() {
    for size in SIZES {
        let name = |what: &str| format!("learning-{what}-{}x{}", size.0, size.1);
        let mut model = opened(size, learned());
        shows!(name("beliefs"), model);
        let asked = press(&mut model, "enter");
        let Some(Cmd::Send { purpose, .. }) = asked.last() else {
            panic!("{asked:?}");
        };
        let results = vec![
            seen(42, 0.0, 1.0, &["rust", "security"]),
            seen(40, 0.25, 0.6, &["rust"]),
            seen(7, 1.0, 1.0, &[]),
        ];
        reply(&mut model, purpose.clone(), Answer::Evidence(results));
        shows!(name("results"), model);
        press(&mut model, "f");
        shows!(name("forget"), model);
    }
    shows!("learning-40x12", opened((40, 12), learned()));
}

#[test]
fn what_changed_it_and_what_follows() {
    for size in SIZES {
        let name = |what: &str| format!("learning-{what}-{}x{}", size.0, size.1);
        let mut model = opened(size, learned());
        press(&mut model, "tab");
        shows!(name("changes"), model);
        press(&mut model, "tab j");
        shows!(name("rules"), model);
        press(&mut model, "tab");
        let text = "on these 40 debug turns claude-haiku-4-5 would have cost $1.10 ($0.90 to $1.40) instead of $9.80 with \
                    claude-opus-4-8, and does as well: -2 points (-8 to +4), 20 results against 10";
        let row = AdviceRow {
            category: "debug".into(),
            model: "claude-opus-4-8".into(),
            instead: "claude-haiku-4-5".into(),
            turns: 40,
            spent: Nano::from_dollars(9.8),
            cost: Nano::from_dollars(1.1),
            cost_low: Nano::from_dollars(0.9),
            cost_high: Nano::from_dollars(1.4),
            difference: -0.02,
            difference_low: -0.08,
            difference_high: 0.04,
            seen: 10,
            seen_instead: 20,
            verdict: Verdict::Same,
            text: text.into(),
        };
        let advice = Advice {
            days: 30,
            turns: 44,
            spent: Nano::from_dollars(10.0),
            rows: vec![row],
        };
        reply(
            &mut model,
            Purpose::Advice,
            Answer::Advice(Box::new(advice)),
        );
        shows!(name("advice"), model);
    }
}

#[test]
fn nothing_was_learnt_yet() {
    for (keys, name) in [
        ("1", "learning-nothing-80x24"),
        ("4", "learning-nothing-advised-80x24"),
    ] {
        let mut model = opened(
            (80, 24),
            Learned {
                trust: 1.0,
                threshold: 0.8,
                ..Learned::default()
            },
        );
        press(&mut model, keys);
        shows!(name, model);
    }
}

#[test]
fn no_size_and_no_name_harms_it() {
    for (width, height) in [
        (1, 1),
        (8, 3),
        (20, 5),
        (61, 17),
        (77, 30),
        (121, 33),
        (400, 9),
    ] {
        let mut learned = learned();
        learned.beliefs[0].model = "世界\u{1b}[31m平和の名前がとても長いモデルの名前".into();
        learned.learnings[0].text = "\u{202e}\u{7}".repeat(30);
        let mut model = opened((width, height), learned);
        for keys in ["enter", "esc", "tab", "tab", "tab", "1 G", "f"] {
            press(&mut model, keys);
            assert!(!picture(&model).contains('\u{1b}'));
        }
    }
}
