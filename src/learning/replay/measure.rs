//! How well an order of prompts says which of them are worth the strong model: the measures of the RouteLLM paper
//! (arXiv 2406.18665, section 3): the share of the gap between weak and strong that is recovered when the prompts of
//! highest score go to the strong model.

/// What a policy makes of one prompt, and what the two models make of it.
#[derive(Clone, Copy, Debug)]
pub struct Scored {
    /// How much the strong model is expected to gain; only the order counts.
    pub score: f64,
    /// Rewards, 0 to 1.
    pub weak: f64,
    pub strong: f64,
}

/// Measures of one order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Curve {
    /// The mean share of the gap recovered, over all shares of prompts sent to the strong model. Chance gives 0.5; it
    /// may exceed 1, as the weak model is sometimes right where the strong one is not.
    pub apgr: f64,
    /// The least share of prompts, 0 to 1, that must go to the strong model to recover 50 % and 80 % of the gap.
    pub cpt50: f64,
    pub cpt80: f64,
}

/// The curve of an order. Prompts of equal score count as their mean, as if in random order.
///
/// `None` where both models are equally good, so that there is no gap.
pub fn curve(scored: &mut [Scored]) -> Option<Curve> {
    let n = scored.len() as f64;
    let gap: f64 = scored.iter().map(|s| s.strong - s.weak).sum();
    if scored.is_empty() || gap.abs() < 1e-9 {
        return None;
    }
    scored.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut curve = Curve {
        apgr: 0.0,
        cpt50: 1.0,
        cpt80: 1.0,
    };
    let (mut sent, mut gained) = (0.0, 0.0);
    for equal in scored.chunk_by(|a, b| a.score == b.score) {
        let count = equal.len() as f64;
        let gain: f64 = equal.iter().map(|s| s.strong - s.weak).sum::<f64>() / gap;
        curve.apgr += count / n * (gained + gain / 2.0);
        for (goal, least) in [(0.5, &mut curve.cpt50), (0.8, &mut curve.cpt80)] {
            if *least == 1.0 && gained + gain >= goal {
                // Within equal scores the gain grows evenly.
                let part = if gain > 0.0 {
                    (goal - gained) / gain
                } else {
                    1.0
                };
                *least = (sent + part.clamp(0.0, 1.0) * count) / n;
            }
        }
        sent += count;
        gained += gain;
    }
    Some(curve)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(rows: &[(f64, f64, f64)]) -> Option<Curve> {
        let mut scored: Vec<Scored> = rows
            .iter()
            .map(|&(score, weak, strong)| Scored {
                score,
                weak,
                strong,
            })
            .collect();
        curve(&mut scored)
    }

    #[test]
    fn the_measures_are_as_worked_out_by_hand() {
        // One of four prompts needs the strong model.
        let needs = |score| (score, 0.0, 1.0);
        let equal = |score| (score, 1.0, 1.0);
        let first = of(&[needs(9.0), equal(3.0), equal(2.0), equal(1.0)]);
        assert_eq!(
            first,
            Some(Curve {
                apgr: 0.875,
                cpt50: 0.125,
                cpt80: 0.2
            })
        );
        let last = of(&[needs(0.0), equal(3.0), equal(2.0), equal(1.0)]);
        assert_eq!(last.map(|c| (c.apgr, c.cpt50)), Some((0.125, 0.875)));
        let unsorted = of(&[needs(5.0), equal(5.0), equal(5.0), equal(5.0)]);
        assert_eq!(
            unsorted.map(|c| (c.apgr, c.cpt50, c.cpt80)),
            Some((0.5, 0.5, 0.8))
        );
        assert_eq!(of(&[equal(1.0), equal(2.0)]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn knowing_where_the_strong_model_fails_is_worth_more_than_1() {
        let found = of(&[(2.0, 0.0, 1.0), (1.0, 0.0, 1.0), (0.0, 1.0, 0.0)]);
        assert!(found.is_some_and(|c| c.apgr > 1.0), "{found:?}");
    }
}
