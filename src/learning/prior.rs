//! What is expected of a model before this user saw it: benchmark scores, made comparable.
//!
//! Per category and source: robust z = (score − median) / (1.4826 × MAD) over the catalogue's models, which one bad
//! cell of a table does not move. Sources measure different models on different scales; each is put on the scale of
//! those before it by the median difference over the models both know. A model's z is the mean over its sources, each
//! weighing its share and how far it tells models apart; the less they agree, the less the prior weighs. Then
//! success = logistic(ease + SLOPE × z).

use crate::catalog::{Catalog, Model, Tier, plain_name};
use crate::learning::CATEGORIES;
use std::collections::{BTreeMap, HashMap};

/// The categories of a source that speak for one of ours.
type Columns = fn(&str) -> &'static [&'static str];

/// A benchmark table.
struct Source {
    name: &'static str,
    columns: Columns,
    /// What it counts for beside the others: the older edition of a table less than the newer, votes on single answers
    /// less than answers that were checked. Chosen, not measured.
    share: f64,
    /// About the standard error of one of its scores, in its own units: a table whose spread is no more than that
    /// tells nothing.
    error: f64,
}

/// The most trusted first: its scale is that of z.
const SOURCES: [Source; 3] = [
    Source {
        name: "livebench-2026-06-25",
        columns: livebench,
        share: 1.0,
        error: 2.0,
    },
    Source {
        name: "livebench-2026-01-08",
        columns: livebench,
        share: 0.5,
        error: 2.0,
    },
    Source {
        name: "lmarena-2025-12-17",
        columns: lmarena,
        share: 0.5,
        error: 6.0,
    },
];

/// How fast success falls with z. With z from +1.3 (best) to −5 (a small model of 2024) this spans 0.9 to 0.35 in a
/// hard category. Chosen, not measured: benchmarks say who is better, not how often this user will be content.
const SLOPE: f64 = 0.5;

/// Pseudo-observations a prior weighs: with scores of its own, with its predecessor's, by its tier alone.
const WEIGHT_SCORED: f64 = 20.0;
const WEIGHT_INHERITED: f64 = 12.0;
const WEIGHT_TIER: f64 = 6.0;

/// What a prior rests on.
#[derive(Clone, Debug, PartialEq)]
pub enum Ground {
    /// The model's own scores, in the source named.
    Scores(String),
    /// Scores of this model, of the same line before it.
    Predecessor(String),
    /// No benchmark at hand: the class it is sold in.
    Tier,
    /// Not in the catalogue.
    Nothing,
}

/// An expectation worth `weight` observations.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    /// 0 to 1.
    pub success: f64,
    pub weight: f64,
    pub ground: Ground,
}

/// How easy a category is: the log-odds of success of a model with z = 0. A lower bound of 0.80 needs log-odds of
/// about 1.8 with full weight, so at 1.7 only the better half reaches it, at 2.2 the middle, at 2.8 good small ones.
fn ease(category: &str) -> f64 {
    match category {
        "debug" | "refactor" | "math" | "reasoning" | "code_review" | "code_gen" => 1.7,
        "simple_qa" => 2.8,
        _ => 2.2,
    }
}

/// LiveBench's categories that speak for ours.
fn livebench(category: &str) -> &'static [&'static str] {
    match category {
        "code_gen" | "refactor" => &["coding", "agentic"],
        "debug" => &["agentic", "coding", "reasoning"],
        "code_review" => &["coding", "reasoning"],
        "explain" | "simple_qa" | "creative" => &["language", "instructions"],
        "reasoning" => &["reasoning"],
        "math" => &["maths"],
        "research" => &["data", "reasoning", "language"],
        "data" => &["data"],
        _ => &[
            "reasoning",
            "coding",
            "agentic",
            "maths",
            "data",
            "language",
            "instructions",
        ],
    }
}

/// LMArena's.
fn lmarena(category: &str) -> &'static [&'static str] {
    match category {
        "code_gen" | "refactor" => &["coding"],
        "debug" | "code_review" | "data" => &["coding", "hard"],
        "reasoning" | "research" => &["hard"],
        "math" => &["maths"],
        "creative" => &["creative"],
        _ => &["overall"],
    }
}

/// What to expect of `name` in `category`.
pub fn prior(catalog: &Catalog, table: &Standing, name: &str, category: &str) -> Prior {
    let Some(model) = catalog.find(name) else {
        return unknown(category);
    };
    if let Some(stand) = table.z.get(&model.id) {
        let weight = WEIGHT_SCORED / (1.0 + stand.disagreement.powi(2));
        let sources = stand.sources.join(", ");
        return at(category, stand.z, weight, Ground::Scores(sources));
    }
    // Bounded, so that a circle in a table ends.
    let mut before = model;
    for _ in 0..4 {
        match before
            .succeeds
            .as_deref()
            .and_then(|name| catalog.find(name))
        {
            Some(older) => before = older,
            None => break,
        }
        if let Some(stand) = table.z.get(&before.id) {
            let ground = Ground::Predecessor(before.id.clone());
            return at(category, stand.z, WEIGHT_INHERITED, ground);
        }
    }
    let z = match model.tier {
        Tier::Premium => -0.5,
        Tier::Standard => -1.5,
        Tier::Budget => -3.0,
    };
    at(category, z, WEIGHT_TIER, Ground::Tier)
}

/// What to expect of a model that is not in the catalogue.
fn unknown(category: &str) -> Prior {
    at(category, -3.5, WEIGHT_TIER, Ground::Nothing)
}

fn at(category: &str, z: f64, weight: f64, ground: Ground) -> Prior {
    Prior {
        success: logistic(ease(category) + SLOPE * z),
        weight,
        ground,
    }
}

/// The priors of all models of a catalogue in all categories, worked out once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Priors {
    categories: Vec<String>,
    /// A model's plain name → its priors, in order of `categories`.
    models: HashMap<String, Vec<Prior>>,
    /// Those of a model that is not in the catalogue.
    others: Vec<Prior>,
}

impl Priors {
    /// To be made anew when the catalogue changes; takes a few milliseconds.
    pub fn of(catalog: &Catalog) -> Priors {
        let standings = CATEGORIES.map(|category| (category, Standing::of(catalog, category)));
        let all = |name: &str| -> Vec<Prior> {
            standings
                .iter()
                .map(|(category, table)| prior(catalog, table, name, category))
                .collect()
        };
        Priors {
            categories: CATEGORIES.map(str::to_owned).to_vec(),
            models: catalog
                .models()
                .iter()
                .map(|model| (plain_name(&model.id), all(&model.id)))
                .collect(),
            others: CATEGORIES.map(unknown).to_vec(),
        }
    }

    /// Of these expectations, for a replay: (model, category, success, observations it is worth).
    pub fn given<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str, f64, f64)>) -> Priors {
        let mut priors = Priors::default();
        let rows: Vec<_> = rows.into_iter().collect();
        for (_, category, _, _) in &rows {
            if !priors.categories.iter().any(|known| known == category) {
                priors.categories.push((*category).to_owned());
            }
        }
        priors.categories.push("other".to_owned());
        priors.others = priors.categories.iter().map(|c| unknown(c)).collect();
        for (model, category, success, weight) in rows {
            let place = priors.place(category);
            let others = &priors.others;
            let own = priors.models.entry(plain_name(model));
            own.or_insert_with(|| others.clone())[place] = Prior {
                success,
                weight,
                ground: Ground::Scores("given".to_owned()),
            };
        }
        priors
    }

    /// What to expect of the model of this plain name; a category that is none of ours is `other`.
    pub fn get(&self, plain: &str, category: &str) -> &Prior {
        let own = self.models.get(plain).unwrap_or(&self.others);
        &own[self.place(category)]
    }

    /// How many categories there are.
    pub(super) fn categories(&self) -> usize {
        self.categories.len()
    }

    /// Where a category stands among them.
    pub(super) fn place(&self, category: &str) -> usize {
        let known = self.categories.iter().position(|known| known == category);
        known.unwrap_or(self.categories.len() - 1)
    }
}

/// Where each model of a catalogue stands in one category.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Model id → where it stands.
    z: BTreeMap<String, Stand>,
}

/// Where one model stands.
#[derive(Clone, Debug, Default)]
struct Stand {
    /// On the scale of the first source.
    z: f64,
    /// Standard deviation of its sources around it.
    disagreement: f64,
    sources: Vec<&'static str>,
}

impl Standing {
    pub fn of(catalog: &Catalog, category: &str) -> Standing {
        // Model id → (source, z, weight).
        let mut found: BTreeMap<&str, Vec<(&'static str, f64, f64)>> = BTreeMap::new();
        for source in &SOURCES {
            let rows = scores_in(catalog.models(), source.name, (source.columns)(category));
            let Some(Scale { z, spread }) = robust_z(&rows) else {
                continue;
            };
            let mut shifts: Vec<f64> = z
                .iter()
                .filter_map(|(id, z)| Some(mean(found.get(id)?).0 - z))
                .collect();
            let shift = median(&mut shifts).unwrap_or(0.0);
            let told = spread.powi(2) / (spread.powi(2) + source.error.powi(2));
            for (id, z) in z {
                let row = (source.name, z + shift, source.share * told);
                found.entry(id).or_default().push(row);
            }
        }
        let stand = |rows: &[(&'static str, f64, f64)]| {
            let (z, disagreement) = mean(rows);
            Stand {
                z,
                disagreement,
                sources: rows.iter().map(|(name, _, _)| *name).collect(),
            }
        };
        Standing {
            z: found
                .iter()
                .map(|(id, rows)| ((*id).to_owned(), stand(rows)))
                .collect(),
        }
    }
}

/// Weighted mean and standard deviation.
fn mean(rows: &[(&'static str, f64, f64)]) -> (f64, f64) {
    let weight: f64 = rows.iter().map(|(_, _, weight)| weight).sum();
    let mean = rows.iter().map(|(_, z, weight)| weight * z).sum::<f64>() / weight;
    let variance = rows
        .iter()
        .map(|(_, z, weight)| weight * (z - mean).powi(2))
        .sum::<f64>()
        / weight;
    (mean, variance.sqrt())
}

fn scores_in<'a>(models: &'a [Model], source: &str, columns: &[&str]) -> Vec<(&'a str, f64)> {
    models
        .iter()
        .filter_map(|model| {
            let row = model.scores.iter().find(|row| row.source == source)?;
            Some((model.id.as_str(), row.mean(columns)?))
        })
        .collect()
}

/// The models of a source by robust z, and how far it spreads them, in its own units.
struct Scale<'a> {
    z: Vec<(&'a str, f64)>,
    spread: f64,
}

/// `None` where there is nothing to compare: fewer than three models, or all alike.
fn robust_z<'a>(rows: &[(&'a str, f64)]) -> Option<Scale<'a>> {
    if rows.len() < 3 {
        return None;
    }
    let middle = median(&mut rows.iter().map(|(_, score)| *score).collect::<Vec<f64>>())?;
    let mut distances: Vec<f64> = rows
        .iter()
        .map(|(_, score)| (score - middle).abs())
        .collect();
    // 1.4826 × MAD is the standard deviation where scores are normal.
    let spread = 1.4826 * median(&mut distances)?;
    (spread > 0.0).then(|| Scale {
        z: rows
            .iter()
            .map(|(id, score)| (*id, (score - middle) / spread))
            .collect(),
        spread,
    })
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match values.len() {
        0 => None,
        n if n % 2 == 0 => Some((values[half - 1] + values[half]) / 2.0),
        _ => Some(values[half]),
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
#[path = "prior_tests.rs"]
mod tests;
