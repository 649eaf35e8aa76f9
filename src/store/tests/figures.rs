//! Sums by day, model and category.

use super::*;

#[test]
fn figures_add_up_by_day_model_and_category() {
    let (_home, path) = home();
    let (journal, _) = open(&path).unwrap();
    let at = |id, model: &str, sent, first, ended, cost| Turn {
        model: Some(model.into()),
        usage: Usage {
            input: 10,
            output: 1,
            ..Usage::default()
        },
        cost: Cost {
            priced: Nano(cost),
            ..Cost::default()
        },
        timings: Timings {
            asked_at: sent,
            sent_at: Some(sent),
            first_token_at: first,
            ended_at: Some(ended),
        },
        ..asked(id, None, 1, TurnState::Done)
    };
    let mut unknown = at(4, "cheap", 250, Some(290), 299, 0);
    unknown.cost = Cost {
        unpriced: Nano(9),
        ..Cost::default()
    };
    unknown.state = TurnState::Failed(Failure::new(Category::Network, "gone", ""));
    let candidate = Candidate {
        model: "dear".into(),
        backend: Backend::Claude,
        success: 0.9,
        lower: 0.8,
        seen: 3,
        cost: None,
        reason: "why".into(),
    };
    let suggestion = Suggestion {
        category: "debug".into(),
        candidates: vec![candidate],
        reached: true,
        value: None,
        tried: None,
        fault: None,
    };
    let rate = |turn, rating| Write::Rating {
        turn: TurnId(turn),
        rating,
        note: None,
        at: 300,
    };
    store(
        &journal,
        vec![
            Write::TurnEnded(at(1, "early", 10, None, 99, 1_000)),
            Write::TurnEnded(at(2, "dear", 95, Some(105), 100, 30)),
            Write::TurnEnded(at(3, "dear", 150, Some(180), 199, 40)),
            Write::TurnEnded(unknown),
            Write::TurnStarted(Turn {
                state: TurnState::Streaming,
                ..at(5, "dear", 260, None, 270, 500)
            }),
            rate(2, Rating::Bad),
            rate(2, Rating::Stars(4)),
            rate(3, Rating::Stars(3)),
            Write::Outcome {
                turn: TurnId(3),
                seen: seen("edited", "behaviour", -0.3),
                at: 301,
            },
            Write::Suggestion {
                turn: TurnId(2),
                suggestion: suggestion.clone(),
                followed: true,
                at: 95,
            },
            Write::Suggestion {
                turn: TurnId(3),
                suggestion,
                followed: false,
                at: 150,
            },
        ],
    );
    // The turn written again without its rating keeps it.
    store(
        &journal,
        vec![Write::TurnEnded(at(2, "dear", 95, Some(105), 100, 30))],
    );
    let reader = Reader::open(&path).unwrap();
    let days = [("mon", 100), ("tue", 200), ("wed", 300)].map(|(name, from)| Day {
        name: name.into(),
        from,
    });
    let stats = reader.stats(&days, 400).unwrap();
    assert_eq!(
        (stats.days, stats.total.turns, stats.total.failed),
        (3, 3, 1)
    );
    assert_eq!(
        stats.total.cost,
        Cost {
            priced: Nano(70),
            unpriced: Nano(9),
            plan: Nano(0),
            estimated: false
        }
    );
    assert_eq!(
        (stats.total.usage.input, stats.total.first_token),
        (30, Some(30))
    );
    assert_eq!((stats.total.rated, stats.total.successes), (2, 1.5));
    assert_eq!((stats.suggested, stats.followed), (2, 1));
    let lines = |rows: &[crate::protocol::StatsRow]| {
        rows.iter()
            .map(|row| format!("{} {}", row.name, row.turns))
            .collect::<Vec<_>>()
    };
    assert_eq!(lines(&stats.by_model), ["dear 2", "cheap 1"]);
    assert_eq!(lines(&stats.by_day), ["mon 2", "tue 1", "wed 0"]);
    assert_eq!(lines(&stats.by_category), ["other 3"]);
    assert_eq!(reader.spent_between(100, 200).unwrap().priced, Nano(70));
    assert_eq!(reader.spent_since(200).unwrap().counted(), Nano(509));
    assert_eq!(reader.spent_since(9_999).unwrap(), Cost::default());
}
