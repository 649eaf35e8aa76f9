//! Why a model stands where it stands: one line, every word of it true.

use crate::learning::prior::Ground;
use crate::learning::results::Cell;
use crate::learning::suggest::{Entry, Rank, Wish};
use crate::protocol::Nano;

/// The line for one candidate; `first` tells that it heads the list.
pub(crate) fn reason(wish: &Wish, entry: &Entry, first: bool) -> String {
    let category = &wish.category;
    let bar = percent(wish.threshold);
    let expected = percent(entry.belief.success);
    let known = entry.price().is_some();
    let claim = match entry.rank {
        // Only with a known price can it be said to be the cheapest.
        Rank::Reaches if first && known => format!("cheapest above {bar} for {category}"),
        Rank::Reaches => format!("above {bar} for {category}"),
        Rank::Affordable if first => {
            let best = if wish.affordable.is_some() {
                "best affordable"
            } else {
                "best at hand"
            };
            format!("{best} for {category}: {expected} expected")
        }
        Rank::Affordable => format!("{expected} expected for {category}"),
        Rank::TooDear => {
            format!("over what is left of the budget · {expected} expected for {category}")
        }
    };
    let evidence = evidence(entry);
    let joint = if entry.belief.cell.seen > 0 {
        " "
    } else {
        ", "
    };
    let unchecked = match wish.min_window.is_some() && !entry.window_known {
        true => " · window unknown",
        false => "",
    };
    format!(
        "{claim}{joint}{evidence} · {}{unchecked}",
        cost(entry.price())
    )
}

/// What the figure rests on: this user's results if there are any, else what the prior came from.
fn evidence(entry: &Entry) -> String {
    let cell = &entry.belief.cell;
    if cell.seen > 0 {
        return format!("here ({} of {})", successes(cell), cell.seen);
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
    format!("{} %", (share * 100.0 + 1e-9).floor())
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
