//! What is fitted, and what is not.

use super::*;

fn effort(category: &str, complexity: u8, output: u64) -> Effort {
    Effort {
        category: category.into(),
        complexity,
        tags: vec![],
        output,
    }
}

/// `n` answers around `mean`, by a factor of 1 ± `spread`.
fn around(category: &str, complexity: u8, mean: f64, spread: f64, n: usize) -> Vec<Effort> {
    (0..n)
        .map(|i| {
            let side = if i % 2 == 0 { 1.0 } else { -1.0 };
            effort(category, complexity, (mean * (1.0 + side * spread)) as u64)
        })
        .collect()
}

fn run(now: &Calibration, efforts: &[Effort]) -> Vec<(AdjustmentKind, String, f64, f64)> {
    let fits = calibrate(now, &ValueTable::default(), efforts);
    assert!(fits.iter().all(|f| (0.8..=1.0).contains(&f.confidence)));
    fits.into_iter()
        .map(|fit| (fit.kind, fit.what, fit.old, fit.new))
        .collect()
}

#[test]
fn estimates_are_fitted_when_they_are_off_and_that_is_sure() {
    for (what, efforts, fitted) in [
        (
            "half of 1,500 is told",
            around("debug", 10, 750.0, 0.1, 20),
            Some(750.0),
        ),
        (
            "10 % off is near enough",
            around("debug", 10, 1650.0, 0.05, 40),
            None,
        ),
        (
            "20 % off and steady",
            around("debug", 10, 1800.0, 0.05, 40),
            Some(1800.0),
        ),
        (
            "seven are too few",
            around("debug", 10, 100.0, 0.01, 7),
            None,
        ),
        (
            "20 % off and wild",
            around("debug", 10, 1750.0, 0.9, 10),
            None,
        ),
        (
            "answers without tokens tell nothing",
            around("debug", 10, 0.0, 0.0, 40),
            None,
        ),
    ] {
        let found = run(&Calibration::default(), &efforts);
        let new = found.first().map(|(.., new)| *new);
        assert_eq!(new, fitted, "{what}: {found:?}");
        if let Some((kind, what, old, _)) = found.first() {
            assert_eq!(
                (*kind, what.as_str(), *old),
                (AdjustmentKind::Tokens, "debug", 1500.0)
            );
        }
    }
}

#[test]
fn a_complexity_is_fitted_where_it_differs_from_its_category() {
    let efforts = [
        around("explain", 10, 400.0, 0.1, 30),
        around("explain", 80, 3000.0, 0.1, 30),
    ]
    .concat();
    let found = run(&Calibration::default(), &efforts);
    let whats: Vec<&str> = found.iter().map(|(_, what, ..)| what.as_str()).collect();
    assert_eq!(whats[..3], ["explain", "explain/epic", "explain/simple"]);

    let mut fitted = Calibration::default();
    for (kind, what, _, new) in &found {
        fitted.set(*kind, what, *new);
    }
    assert_eq!(fitted.output_tokens("explain", 5), 400);
    assert_eq!(fitted.output_tokens("explain", 99), 3000);
    // Of the other complexities only the category is known; of other categories nothing.
    assert!((1500..2500).contains(&fitted.output_tokens("explain", 40)));
    assert_eq!(fitted.output_tokens("debug", 40), 1500);
    // What is fitted is not fitted again.
    assert_eq!(run(&fitted, &efforts), []);
}

#[test]
fn the_work_of_complexities_and_domains_is_fitted_within_a_category() {
    let mut efforts = [
        around("explain", 30, 1000.0, 0.05, 20),
        around("explain", 80, 3000.0, 0.05, 20),
        around("debug", 30, 100.0, 0.05, 20),
        around("debug", 80, 300.0, 0.05, 20),
    ]
    .concat();
    let factor = |found: &[(AdjustmentKind, String, f64, f64)], kind, what: &str| {
        let row = found.iter().find(|(k, w, ..)| *k == kind && w == what);
        row.map(|(.., new)| *new)
    };
    let found = run(&Calibration::default(), &efforts);
    let epic = factor(&found, AdjustmentKind::Complexity, "epic").unwrap();
    assert!((epic - 3.0).abs() < 0.1, "{epic}");

    for (i, effort) in efforts.iter_mut().enumerate() {
        let domain = if i % 3 == 0 { "docs" } else { "backend" };
        effort.tags = vec![domain.to_owned()];
        effort.output = if domain == "docs" { 1000 } else { 2000 };
        effort.complexity = 30;
    }
    let found = run(&Calibration::default(), &efforts);
    let docs = factor(&found, AdjustmentKind::Domain, "docs");
    let backend = factor(&found, AdjustmentKind::Domain, "backend");
    let ratio = backend.unwrap_or(1.1) / docs.unwrap_or(0.8);
    assert!((ratio - 2.0).abs() < 0.3, "{found:?}");

    // Where each category has a domain of its own, nothing is known of either.
    for effort in &mut efforts {
        let domain = if effort.category == "debug" {
            "docs"
        } else {
            "backend"
        };
        effort.tags = vec![domain.to_owned()];
    }
    let found = run(&Calibration::default(), &efforts);
    assert!(
        found
            .iter()
            .all(|(kind, ..)| *kind == AdjustmentKind::Tokens),
        "{found:?}"
    );
}

#[test]
fn what_the_configuration_says_is_left_alone() {
    let efforts = [
        around("explain", 30, 1000.0, 0.05, 20),
        around("explain", 80, 3000.0, 0.05, 20),
    ]
    .concat();
    let mut mine = ValueTable::default();
    mine.complexity.insert("epic".into(), 5.0);
    let fits = calibrate(&Calibration::default(), &mine, &efforts);
    assert!(fits.iter().all(|fit| fit.kind == AdjustmentKind::Tokens));

    let mut fitted = Calibration::default();
    fitted.set(AdjustmentKind::Complexity, "epic", 3.0);
    assert_eq!(fitted.value_table(&mine).complexity["epic"], 5.0);
    assert_eq!(
        fitted.value_table(&ValueTable::default()).complexity["epic"],
        3.0
    );
    fitted.set(AdjustmentKind::Complexity, "epic", 0.0);
    assert_eq!(fitted, Calibration::default());
}

#[test]
fn the_newest_adjustment_of_a_figure_is_in_force() {
    let row = |id, kind, what: &str, new| Adjustment {
        id,
        at: 0,
        kind,
        what: what.into(),
        old: 0.0,
        new,
        reason: String::new(),
        confidence: 1.0,
    };
    let rows = [
        row(1, AdjustmentKind::Tokens, "debug", 900.0),
        row(2, AdjustmentKind::Forgotten, "all", 0.0),
        row(3, AdjustmentKind::Tokens, "debug", 700.0),
        row(4, AdjustmentKind::Tokens, "math", 10.0),
        row(5, AdjustmentKind::Tokens, "math", 0.0),
    ];
    let fitted = Calibration::of(&rows);
    assert_eq!(fitted.output_tokens("debug", 0), 700);
    assert_eq!(fitted.output_tokens("math", 0), 1200);
}

#[test]
fn shares_of_the_normal_distribution_are_right() {
    for (z, share) in [
        (0.0, 0.5),
        (1.0, 0.841_344_7),
        (-1.281_551_6, 0.1),
        (3.0, 0.998_650_1),
    ] {
        assert!((normal_below(z) - share).abs() < 1e-6, "{z}");
    }
}
