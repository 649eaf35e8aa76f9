use super::*;
use crate::learning::posterior::lower_bound;

fn lower(name: &str, category: &str) -> f64 {
    let catalog = Catalog::embedded();
    let prior = prior(catalog, &Standing::of(catalog, category), name, category);
    lower_bound(prior.success, prior.weight)
}

#[test]
fn constants_put_the_bar_where_it_belongs() {
    for (name, category, reaches) in [
        ("claude-opus-4-8", "debug", true),
        ("claude-opus-5-5", "debug", true),
        ("claude-sonnet-5-5", "code_gen", true),
        ("gpt-5.5", "math", true),
        ("gemini-3.1-pro-preview", "explain", true),
        ("gpt-5-mini", "simple_qa", true),
        ("claude-haiku-4-5", "simple_qa", true),
        ("claude-haiku-4-5", "debug", false),
        ("gpt-5.4-nano", "math", false),
        ("gpt-4o-mini", "simple_qa", false),
        ("gpt-4o-mini", "debug", false),
        ("llama-3.1-8b-instant", "reasoning", false),
        // without scores: never above the bar unseen
        ("gpt-5.6-sol", "code_gen", false),
        ("qwen3:32b", "explain", false),
    ] {
        let lower = lower(name, category);
        assert_eq!(lower >= 0.80, reaches, "{name} in {category}: {lower:.3}");
    }
}

#[test]
fn a_prior_says_what_it_rests_on() {
    let catalog = Catalog::embedded();
    let standing = Standing::of(catalog, "debug");
    let ground = |name| prior(catalog, &standing, name, "debug").ground;
    assert_eq!(
        ground("claude-opus-5-5"),
        Ground::Predecessor("claude-opus-4-8".into())
    );
    assert_eq!(
        ground("gpt-4o"),
        Ground::Scores("lmarena-2025-12-17".into())
    );
    assert_eq!(ground("gpt-5.6-luna"), Ground::Tier);
    assert_eq!(ground("qwen3:32b"), Ground::Nothing);
}

#[test]
fn one_bad_cell_does_not_move_the_others() {
    let good = [
        ("a", 60.0),
        ("b", 65.0),
        ("c", 70.0),
        ("d", 75.0),
        ("e", 80.0),
    ];
    let mut bad = good;
    bad[0].1 = 0.0;
    let z = |rows: &[(&'static str, f64)]| robust_z(rows).map(|scale| scale.z[3].1);
    assert_eq!(z(&good), z(&bad));
    assert!(robust_z(&[("a", 1.0), ("b", 1.0), ("c", 1.0)]).is_none());
}
