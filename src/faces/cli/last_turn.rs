//! What `status` says of a session's newest turn: its cost and where the price is from, failed tries, the receipt.

use crate::faces::cli::desk::Engine;
use crate::faces::cli::words;
use crate::protocol::{Answer, Attempt, Nano, Query, SessionView, Turn};

/// The newest turn of the session that is over; nothing where there is none, or the engine does not say.
pub async fn newest(engine: &mut Engine, session: &SessionView) -> Option<Turn> {
    let mut at = session.head;
    // Those that wait or are being answered stand at the end.
    for _ in 0..=session.waiting.saturating_add(1) {
        let query = Query::Turn { turn: at? };
        let Ok(Answer::Log(turns)) = engine.query(query).await else {
            return None;
        };
        let turn = turns.into_iter().next()?;
        if turn.state.is_over() {
            return Some(turn);
        }
        at = turn.parent;
    }
    None
}

/// Names and values, those that are known.
pub fn rows(turn: &Turn) -> Vec<(&'static str, String)> {
    let mut facts = vec![turn.id.to_string(), words::turn_state(turn)];
    facts.push(turn.cost.to_string());
    facts.extend(turn.timings.duration().map(words::span));
    facts.extend(turn.rating.map(|rating| format!("rated {rating}")));
    let mut rows = vec![("last turn", facts.join(" · "))];
    if turn.cost.plan != Nano(0) {
        let text = format!("covered; ~{} at list price", turn.cost.plan);
        rows.push(("plan", text));
    }
    if let Some(price) = &turn.price {
        rows.push(("price", format!("{}, {}", price.source, price.date)));
    }
    rows.extend(turn.attempts.iter().map(|one| ("attempt", attempt(one))));
    let receipt = &turn.receipt;
    if let Some(id) = &receipt.request_id {
        rows.push(("request", id.clone()));
    }
    let count =
        |count: Option<u64>, what: &str| count.map(|n| format!("{} {what}", words::tokens(n)));
    let mut left: Vec<String> = count(receipt.requests_remaining, "requests")
        .into_iter()
        .chain(count(receipt.tokens_remaining, "tokens"))
        .collect();
    if !left.is_empty() {
        left.extend(
            receipt
                .limits_reset_at
                .map(|at| format!("anew at {}", words::clock(at))),
        );
        rows.push(("limits left", left.join(" · ")));
    }
    rows
}

/// `14:02 · anthropic claude-opus-4-8 · overloaded: …`
pub fn attempt(attempt: &Attempt) -> String {
    let model = attempt.model.as_deref().unwrap_or_default();
    let failure = &attempt.failure;
    let whom = format!("{} {model}", attempt.backend);
    format!(
        "{} · {} · {}: {}",
        words::clock(attempt.at),
        whom.trim_end(),
        failure.category,
        failure.message
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::testing::turn;
    use crate::protocol::{Backend, Category, Cost, Failure, PriceNote, Receipt};

    #[test]
    fn only_what_is_known_is_shown() {
        let mut seen = turn(5, None, "hi", "ho");
        let names = |turn: &Turn| rows(turn).iter().map(|row| row.0).collect::<Vec<_>>();
        assert_eq!(names(&seen), ["last turn"]);
        seen.cost = Cost {
            plan: Nano(420_000_000),
            ..Cost::default()
        };
        seen.price = Some(PriceNote {
            source: "models.dev".into(),
            date: "2026-11-20".into(),
        });
        seen.attempts.push(Attempt {
            backend: Backend::Anthropic,
            model: Some("m".into()),
            failure: Failure::new(Category::Overloaded, "busy", ""),
            at: 0,
        });
        seen.receipt = Receipt {
            request_id: Some("req_1".into()),
            requests_remaining: Some(12),
            tokens_remaining: Some(40_000),
            ..Receipt::default()
        };
        let rows = rows(&seen);
        let value = |name: &str| rows.iter().find(|row| row.0 == name).unwrap().1.clone();
        assert_eq!(value("plan"), "covered; ~$0.42 at list price");
        assert_eq!(value("price"), "models.dev, 2026-11-20");
        assert!(value("attempt").ends_with("anthropic m · overloaded: busy"));
        assert_eq!(value("request"), "req_1");
        assert_eq!(value("limits left"), "12 requests · 40k tokens");
    }
}
