//! Why a model stands where it stands: one line, every word of it true.

use crate::learning::prior::Ground;
use crate::learning::results::Cell;
use crate::learning::rule::{Bar, Rank, Terms};
use crate::learning::suggest::{Entry, Wish};
use crate::protocol::Nano;

/// The line for the candidate at `place` of the order; `tried` tells that it was put first to learn of it.
pub(super) fn reason(
    wish: &Wish,
    terms: &Terms,
    order: &[(&Entry, Rank)],
    place: usize,
    tried: bool,
) -> String {
    let (entry, rank) = order[place];
    let category = &wish.category;
    let expected = || format!("{} expected for {category}", percent(entry.belief.success));
    let first = place == 0;
    let bar = || bar(terms);
    let claim = match rank {
        _ if tried => format!("tried, to learn of it: {}", expected()),
        // Only with a known price can it be said to be the cheapest.
        Rank::Reaches if first && entry.price().is_some() => match cheaper_above(order, place) {
            true => {
                let bar = bar();
                format!("above {bar} for {category}, better than what is hardly cheaper")
            }
            false => format!("cheapest above {} for {category}", bar()),
        },
        Rank::Reaches => format!("above {} for {category}", bar()),
        Rank::Alike if first => {
            let best = match wish.affordable {
                Some(_) => "best affordable",
                None => "best at hand",
            };
            let nearly = match dearer_and_better(order, place) {
                true => "nearly ",
                false => "",
            };
            format!("{nearly}{best} for {category}: {}", expected_only(entry))
        }
        Rank::Alike | Rank::Behind => expected(),
        Rank::Barred(Bar::Resold) => format!("at hand without a middleman, {}", expected()),
        Rank::Barred(Bar::TooDear) => {
            format!("over what is left of the budget, {}", expected())
        }
    };
    let joint = match entry.belief.cell.seen {
        0 => ", ",
        _ => " ",
    };
    let unchecked = match wish.min_window.is_some() && !entry.window_known {
        true => "; window unknown",
        false => "",
    };
    format!(
        "{claim}{joint}{}; {}{}{unchecked}",
        evidence(entry),
        cost(entry.price()),
        against(order, place)
    )
}

fn expected_only(entry: &Entry) -> String {
    format!("{} expected", percent(entry.belief.success))
}

/// The threshold, and why it is lower than the one that was set.
fn bar(terms: &Terms) -> String {
    let (set, bar) = (percent(terms.threshold), percent(terms.bar()));
    match set == bar {
        true => set,
        false => format!("{bar} ({set} with a fresh budget)"),
    }
}

/// Whether another that could be taken is expected to do better; it costs more, or it would stand first.
fn dearer_and_better(order: &[(&Entry, Rank)], place: usize) -> bool {
    let own = order[place].0.belief.success;
    order
        .iter()
        .any(|(other, rank)| *rank == Rank::Alike && other.belief.success > own)
}

/// Whether another that reaches the threshold costs less.
fn cheaper_above(order: &[(&Entry, Rank)], place: usize) -> bool {
    let own = order[place].0.cost.counted();
    order
        .iter()
        .any(|(other, rank)| *rank == Rank::Reaches && other.cost.counted() < own)
}

/// What the first saves beside the one of the others that is expected to do best, or beside the current model.
fn against(order: &[(&Entry, Rank)], place: usize) -> String {
    let own = order[place].0;
    let could_be_taken = |rank: &Rank| !matches!(rank, Rank::Barred(_));
    let others = || {
        order[1..]
            .iter()
            .filter(|(_, rank)| could_be_taken(rank))
            .map(|(other, _)| *other)
    };
    if place > 0 || order.len() < 2 {
        return String::new();
    }
    let best = others().max_by(|a, b| a.belief.success.total_cmp(&b.belief.success));
    let other = others().find(|other| other.is_current).or(best);
    match (
        own.price(),
        other.and_then(|other| Some((other, other.price()?))),
    ) {
        (Some(price), Some((other, theirs))) if theirs > price => {
            format!(" against {} at {}", two_digits(theirs), other.model)
        }
        _ => String::new(),
    }
}

/// What the figure rests on: this user's results if there are any, else what the prior came from.
fn evidence(entry: &Entry) -> String {
    let cell = &entry.belief.cell;
    if cell.seen > 0 {
        return format!(
            "here ({} of {}, n={})",
            successes(cell),
            cell.seen,
            cell.seen
        );
    }
    match &entry.belief.ground {
        Ground::Scores(_) => "no results here yet".to_owned(),
        Ground::Predecessor(older) => format!("judged by {older}, no results here yet"),
        Ground::Tier => "judged by its price class alone, no results here yet".to_owned(),
        Ground::Nothing => "no benchmark known, no results here yet".to_owned(),
    }
}

fn successes(cell: &Cell) -> String {
    let tenths = (cell.successes * 10.0).round() / 10.0;
    format!("{tenths}")
}

/// Whole percent, rounded down: a bar not reached must not read as reached.
fn percent(share: f64) -> String {
    format!("{} %", (share * 100.0 + 1e-9).floor() as i64)
}

fn cost(price: Option<Nano>) -> String {
    match price {
        None => "price unknown".to_owned(),
        Some(Nano(0)) => "free, on this machine".to_owned(),
        Some(price) => format!("about {}", two_digits(price)),
    }
}

/// An expectation has no more than two digits worth showing.
fn two_digits(amount: Nano) -> Nano {
    let digits = amount.0.unsigned_abs().checked_ilog10().unwrap_or(0);
    let unit = 10_i64.pow(digits.saturating_sub(1));
    Nano((amount.0 + unit / 2) / unit * unit)
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_round_and_never_flattering() {
        assert_eq!(percent(0.7999), "79 %");
        assert_eq!(percent(0.80), "80 %");
        assert_eq!(percent(0.29), "29 %");
        assert_eq!(two_digits(Nano(4_234_567)), Nano(4_200_000));
        assert_eq!(two_digits(Nano(9_960_000)), Nano(10_000_000));
        assert_eq!(two_digits(Nano(7)), Nano(7));
        assert_eq!(cost(Some(Nano(4_012_345))), "about $0.004");
        let half = Cell {
            successes: 8.5,
            seen: 10,
            ..Cell::default()
        };
        assert_eq!(successes(&half), "8.5");
    }
}
