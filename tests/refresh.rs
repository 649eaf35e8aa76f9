//! The readers of price and benchmark tables against real copies of these, where there are any: `ANTIPHON_DATA`, else
//! `../shared/data`.

use antiphon::catalog::refresh::{Body, Fetched, Part, Source, merge, refresh};
use antiphon::catalog::{Catalog, Model, Table};
use antiphon::protocol::Nano;
use std::path::PathBuf;

#[path = "support/mod.rs"]
mod support;

fn data() -> Option<PathBuf> {
    let folder = std::env::var_os("ANTIPHON_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    folder.is_dir().then_some(folder)
}

/// A source's part, read from copies; `None`, and said, where one is missing.
fn part(source: &str, files: &[&str]) -> Option<Part> {
    let Some(folder) = data() else {
        support::skipped(&format!("no copy of {source}'s table (set ANTIPHON_DATA)"));
        return None;
    };
    let mut bodies = Vec::new();
    for file in files {
        let Ok(bytes) = std::fs::read(folder.join(file)) else {
            support::skipped(&format!("no {file} in {}", folder.display()));
            return None;
        };
        let url = (*file).to_owned();
        bodies.push(Body { url, bytes });
    }
    let source = Source::named(source).expect("a source of ours");
    Some(
        source
            .read(&bodies, "2026-07-02")
            .unwrap_or_else(|e| panic!("{e}")),
    )
}

fn models_dev() -> Option<Part> {
    part("models.dev", &["prices/models_dev.json"])
}

fn litellm() -> Option<Part> {
    part("LiteLLM", &["prices/litellm_model_prices_backup.json"])
}

fn livebench() -> Option<Part> {
    part(
        "LiveBench",
        &[
            "benchmarks/livebench/public/table_2026_01_08.csv",
            "benchmarks/livebench/public/categories_2026_01_08.json",
        ],
    )
}

fn aider() -> Option<Part> {
    part("Aider", &["benchmarks/aider/polyglot_leaderboard.yml"])
}

/// (input, output, cache read, 5 min write, 1 h write) in nano-dollars per million tokens.
fn rates(model: &Model) -> (Nano, Nano, Nano, Nano, Nano) {
    let r = &model.price.rates;
    (
        r.input,
        r.output,
        r.cache_read,
        r.cache_write_5m,
        r.cache_write_1h,
    )
}

/// The embedded prices were taken from these tables by hand: what is read must come to the same.
#[test]
fn refreshed_prices_are_those_of_the_embedded_table() {
    let (Some(models_dev), Some(litellm)) = (models_dev(), litellm()) else {
        return;
    };
    let merged = merge(&[models_dev, litellm]);
    let catalog = Catalog::layered(Some(&merged.table), None);
    let text = merged.table.to_text();
    let start = std::time::Instant::now();
    let read = Table::parse(&text).expect("our own text");
    Catalog::layered(Some(&read), None);
    println!(
        "{} bytes read and layered in {:?}",
        text.len(),
        start.elapsed()
    );
    let (mut same, mut other) = (0, Vec::new());
    for model in Catalog::embedded().models() {
        // Of the rest the embedded table has newer prices than these copies.
        if !model.price_source.starts_with("models.dev") || model.price_source.contains("Groq") {
            continue;
        }
        let now = catalog.find(&model.id).expect("still known");
        match rates(now) == rates(model) && now.price.tiers == model.price.tiers {
            true => same += 1,
            false => other.push(format!("{}: {:?} → {:?}", model.id, model.price, now.price)),
        }
    }
    println!("{same} prices as embedded, others:\n{}", other.join("\n"));
    println!(
        "{} models, {} notes:\n{}",
        merged.table.models.len(),
        merged.notes.len(),
        merged.notes.join("\n")
    );
    assert!(same >= 75 && other.len() <= 6, "{other:#?}");
    let opus = catalog.find("claude-opus-5-5").expect("known");
    assert_eq!(
        opus.price,
        Catalog::embedded().find("opus").expect("known").price
    );
    assert!(
        merged.table.models.len() < 600,
        "no reseller's list of everything"
    );
    let free = merged
        .table
        .models
        .iter()
        .filter(|m| m.price.is_some_and(|p| p.input <= 0.0));
    assert_eq!(free.count(), 0);
    assert!(
        merged
            .table
            .models
            .iter()
            .filter(|m| m.batch.is_some())
            .count()
            > 10
    );
}

#[test]
fn scores_of_the_real_tables_are_those_of_the_embedded_one() {
    let (Some(models_dev), Some(livebench), Some(aider)) = (models_dev(), livebench(), aider())
    else {
        return;
    };
    let merged = merge(&[models_dev, livebench, aider]);
    let (mut same, mut other) = (0, Vec::new());
    for row in &merged.table.models {
        let Some(model) = Catalog::embedded().find(&row.id) else {
            continue;
        };
        for known in model
            .scores
            .iter()
            .filter(|s| s.source == "livebench-2026-01-08")
        {
            // Efforts are named in other words there; a row counts as the same by its figures.
            let found = row.scores.iter().any(|s| {
                s.source == known.source
                    && known.values.iter().all(|(name, score)| {
                        s.values
                            .get(name)
                            .is_some_and(|found| (found - score).abs() < 0.11)
                    })
            });
            match found {
                true => same += 1,
                false => other.push(row.id.clone()),
            }
        }
    }
    println!(
        "{same} rows as embedded, not: {other:?}\n{}",
        merged.notes.join("\n")
    );
    assert!(
        same >= 40 && other.len() * 10 <= same,
        "{same}, not: {other:?}"
    );
    let gpt5 = merged
        .table
        .models
        .iter()
        .find(|row| row.id == "gpt-5")
        .expect("in the table");
    let high = gpt5
        .scores
        .iter()
        .find(|s| s.source == "aider-polyglot" && s.effort == "high");
    assert_eq!(high.map(|s| s.values["pass"]), Some(88.0));
}

#[test]
fn a_real_answer_cut_off_anywhere_leaves_the_last_good_part() {
    let Some(good) = models_dev() else { return };
    let folder = data().expect("there, since the part is");
    let whole = std::fs::read(folder.join("prices/models_dev.json")).expect("readable");
    let source = Source::named("models.dev").expect("a source of ours");
    for share in [0, 1, 33, 50, 99] {
        let bytes = whole[..whole.len() * share / 100].to_vec();
        let url = String::new();
        let answer = Fetched::Bodies(vec![Body { url, bytes }]);
        let done = refresh(
            std::slice::from_ref(&good),
            &[(source, answer)],
            "2026-11-20",
        );
        assert_eq!((done.errors.len(), done.parts.len()), (1, 1));
        assert!(done.errors[0].what.starts_with("models.dev: "));
        assert_eq!(done.parts[0], good);
    }
}
