use super::*;

/// Prompts of two kinds: with numbers only the dear model is right, without both are.
fn log(prompts: usize) -> Log {
    let lines: Vec<String> = (0..prompts)
        .map(|n| {
            let (prompt, weak) = match n % 2 {
                0 => (format!("Calculate {n} * 17 + {n}, and then half of it."), 0),
                _ => (format!("Write a short story about ship number {n}."), 1),
            };
            format!(
                r#"{{"prompt": "{prompt}", "arms": {{"dear": {{"reward": 1, "cost": 0.1}}, "cheap": {{"reward": {weak}, "cost": 0.001}}}}}}"#
            )
        })
        .collect();
    Log::read(&lines.join("\n"))
}

fn plan() -> ReplayPlan {
    ReplayPlan {
        labels: vec![100],
        seeds: 2,
        threshold: 0.8,
    }
}

#[test]
fn what_can_be_learnt_is_learnt_and_chance_stays_chance() {
    let mut ticks = Vec::new();
    let log = log(400);
    let report = report(&log, &plan(), &mut |done, all| ticks.push((done, all)));
    assert_eq!(report.pair, Some(("dear".into(), "cheap".into())));
    let apgr = |policy: &str, feedback: &str| {
        let row = report
            .orders
            .iter()
            .find(|row| row.policy == policy && row.feedback == feedback);
        row.map(|row| row.apgr).unwrap_or_default()
    };
    assert!((apgr("random", "full") - 0.5).abs() < 0.06);
    // The perfect order gives 0.75: half of the prompts gain, and come first.
    assert!(apgr("ours", "full") > 0.70, "{:#?}", report.orders);
    assert!(apgr("ours", "bandit") > 0.65, "{:#?}", report.orders);
    let pass = |policy: &str| {
        report
            .passes
            .iter()
            .find(|row| row.policy == policy)
            .unwrap()
    };
    assert_eq!(pass("always dear").regret, Some(0.0));
    assert!((pass("always cheap").success - 0.5).abs() < 1e-9);
    let ours = pass("ours");
    assert!(
        ours.success > 0.9 && ours.cost < pass("always dear").cost,
        "{ours:?}"
    );
    let equal = report.equal.as_ref().unwrap();
    assert_eq!(
        (equal.best.as_str(), equal.single.as_str()),
        ("dear", "dear")
    );
    assert_eq!(ticks.last().map(|(done, all)| done == all), Some(true));
}

#[test]
fn the_same_seeds_give_the_same_report() {
    let log = log(120);
    let plan = ReplayPlan {
        labels: vec![40],
        ..plan()
    };
    let once = || report(&log, &plan, &mut |_, _| ());
    assert_eq!(once(), once());
}

#[test]
fn one_s_own_history_counts_where_a_policy_chose_the_same() {
    let text = (0..60)
        .map(|n| {
            let model = if n % 3 == 0 {
                "gpt-5.5"
            } else {
                "claude-haiku-4-5"
            };
            format!(r#"{{"prompt": "fix bug {n}", "arms": {{"{model}": {{"reward": 1}}}}}}"#)
        })
        .collect::<Vec<_>>()
        .join("\n");
    let report = report(&Log::read(&text), &plan(), &mut |_, _| ());
    assert_eq!((report.pair, report.orders.len()), (None, 0));
    let of = |policy: &str| {
        report
            .passes
            .iter()
            .find(|row| row.policy == policy)
            .unwrap()
    };
    assert_eq!(of("always gpt-5.5").answered, 20.0);
    assert_eq!(of("always gpt-5.5").regret, None);
}

#[test]
fn a_log_of_nothing_is_no_accident() {
    let report = report(&Log::read("not JSON\n\n"), &plan(), &mut |_, _| ());
    assert_eq!((report.prompts, report.faults.len()), (0, 1));
    assert_eq!(report.orders, []);
}
