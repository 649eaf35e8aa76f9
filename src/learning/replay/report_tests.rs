use super::*;
use crate::learning::replay::chance::Chance;

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

#[test]
fn a_log_in_which_no_model_has_half_of_the_lines_is_read_as_ones_own_history() {
    let arms = ["m1", "m2", "m3", "m4", "m5\": {\"reward\": 0}, \"m6"];
    let lines =
        arms.map(|arms| format!(r#"{{"prompt": "why?", "arms": {{"{arms}": {{"reward": 1}}}}}}"#));
    let log = Log::read(&lines.join("\n"));
    assert_eq!(
        (log.models.len(), log.tasks.len(), log.faults.len()),
        (6, 5, 0)
    );
    assert_eq!(report(&log, &plan(), &mut |_, _| ()).prompts, 5);
}

/// Prompts of three kinds, of which only one is the harder for the cheap model the longer it is, and the longest are of
/// a kind that is easy for all.
fn made(prompts: usize) -> Log {
    let mut chance = Chance::new(42);
    let lines: Vec<String> = (0..prompts)
        .map(|n| {
            let words = chance.below(20);
            let filler = "by the old harbour ".repeat(words);
            let long = words as f64 / 20.0;
            let (prompt, cheap, dear) = match n % 3 {
                0 => (format!("Calculate {n} * 17 + {n} {filler}."), 0.8 - 0.6 * long, 0.95),
                1 => (format!("Write a short story about ship {n} {filler}{filler}."), 0.9, 0.92),
                _ => (format!("Explain what tide {n} is {filler}."), 0.75, 0.88),
            };
            let mut right = |share: f64| u8::from(chance.share() < share);
            format!(
                r#"{{"prompt": "{prompt}", "arms": {{"dear": {{"reward": {}, "cost": 0.1}}, "cheap": {{"reward": {}, "cost": 0.001}}}}}}"#,
                right(dear),
                right(cheap)
            )
        })
        .collect();
    Log::read(&lines.join("\n"))
}

#[test]
fn ours_orders_better_than_length_and_chance_and_answers_better_than_the_cheapest() {
    let log = made(1_000);
    let priors = priors_from_others(&log, &[0, 1]);
    // In order of name: the cheap model, the dear one.
    let apgr = |scorer| {
        let of = |seed| Ordering {
            scorer,
            feedback: Feedback::Full,
            labels: 300,
            seed,
            priors: &priors,
            strong: 1,
            weak: 0,
        };
        let curves = (0..2).filter_map(|seed| of(seed).run(&log));
        mean(curves.map(|curve| curve.apgr))
    };
    let [ours, length, random] = [Scorer::Ours, Scorer::Length, Scorer::Random].map(apgr);
    assert!(
        ours > length + 0.05 && ours > random + 0.1,
        "{ours} {length} {random}"
    );
    let costs = mean_costs(&log);
    let success = |policy| {
        let pass = Pass {
            policy,
            seed: 1,
            priors: &priors,
            threshold: 0.8,
            costs: &costs,
        };
        pass.run(&log).since(0).0
    };
    let (ours, cheapest) = (success(Policy::Ours), success(Policy::Single(0)));
    assert!(ours > cheapest + 0.05, "{ours} against {cheapest}");
}

#[test]
fn priors_that_were_changed_for_another_s_are_overcome() {
    let log = made(1_500);
    let costs = mean_costs(&log);
    let late = |given_to: &[usize]| {
        let priors = priors_from_others(&log, given_to);
        let of = |seed| {
            let pass = Pass {
                policy: Policy::Ours,
                seed,
                priors: &priors,
                threshold: 0.8,
                costs: &costs,
            };
            let outcome = pass.run(&log);
            outcome.since(outcome.rewards.len() - 1_000).0
        };
        mean((0..2).map(of))
    };
    let (own, shuffled) = (late(&[0, 1]), late(&[1, 0]));
    assert!(shuffled > own - 0.03, "{shuffled} against {own}");
}
