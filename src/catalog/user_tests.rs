use super::*;
use crate::catalog::{Ability, Tier};

fn read(text: &str) -> (Table, Vec<String>) {
    let (table, problems) = read_user_table(Path::new("models.toml"), text);
    let told = problems
        .iter()
        .map(|p| format!("{}:{}: {} | {}", p.line, p.column, p.what, p.next));
    (table, told.collect())
}

#[test]
fn everything_our_own_table_says_may_be_said() {
    let (table, problems) = read(include_str!("../../assets/catalog/models.toml"));
    assert_eq!(problems, [] as [&str; 0]);
    let whole = Table::parse(include_str!("../../assets/catalog/models.toml"));
    assert_eq!(Ok(table), whole);
}

#[test]
fn each_mistake_is_told_with_its_place_and_the_rest_applies() {
    for (text, problem) in [
        (
            "dat = \"2026-01-01\"",
            "1:1: unknown key `dat` | did you mean `date`?",
        ),
        (
            "date = \"soon\"",
            "1:8: not a date | write it as \"2026-11-20\"",
        ),
        (
            "models = 3",
            "1:10: expected [[models]] sections, found integer | write [[models]] sections",
        ),
        (
            "[[models]]\nid = \"opus\"\nwindw = 3",
            "3:1: unknown key `windw` | did you mean `window`?",
        ),
        (
            "[[models]]\nid = \"opus\"\nwindow = \"big\"",
            "3:10: `window`: expected a number, found string | write a number",
        ),
        (
            "[[models]]\nid = \"opus\"\ntier = \"best\"",
            "3:8: `best` is not a tier | expected premium, standard or budget",
        ),
        (
            "[[models]]\nid = \"opus\"\ncan = [\"vision\", \"fly\"]",
            "3:18: `fly` is not an ability | expected vision, tools, json or reasoning",
        ),
        (
            "[[models]]\nid = \"opus\"\nprice = { input = 3 }",
            "3:9: `price`: a price needs `input` and `output` | USD per million tokens, as in { input = 3, output = 15 }",
        ),
        (
            "[[models]]\nid = \"opus\"\nprice_tiers = [{ input = 3, output = 4 }]",
            "3:16: no `above` | add above = 200_000 or the like",
        ),
        (
            "[[models]]\nprice = { input = 3, output = 4 }",
            "1:1: a model without `id` | add id = \"…\", the name its provider gives it",
        ),
        (
            "[[models]]\nid = \"hous-1\"",
            "1:1: `hous-1` is a new model without `provider` | add provider = \"…\"",
        ),
    ] {
        let (table, problems) = read(&format!("{text}\n[[models]]\nid = \"haiku\"\n"));
        if text.starts_with("models") {
            continue;
        }
        assert_eq!(problems, [problem], "{text}");
        assert_eq!(table.models.last().map(|m| m.id.as_str()), Some("haiku"));
    }
    assert_eq!(read("models = 3").1.len(), 1);
    let (table, problems) = read("[[models]\nid = 3");
    assert_eq!((table.models.len(), problems.len()), (0, 1));
}

#[test]
fn a_price_with_one_bad_figure_is_not_used_at_all() {
    let (table, problems) = read(
        "[[models]]\nid = \"opus\"\nprice = { input = -3, output = 15 }\nwindow = 9\ncan = [\"json\"]\ntier = \"budget\"",
    );
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(
        problems[1].starts_with("3:19: `input`: not a price"),
        "{problems:?}"
    );
    let row = &table.models[0];
    assert_eq!((row.price, row.window), (None, Some(9)));
    assert_eq!(
        (&row.can[..], row.tier),
        (&[Ability::Json][..], Some(Tier::Budget))
    );
}

#[test]
fn a_key_written_here_by_mistake_is_not_repeated() {
    let text = "[[models]]\nid = \"opus\"\napi_key = \"sk-very-secret\"";
    let (_, problems) = read_user_table(Path::new("models.toml"), text);
    assert_eq!(problems.len(), 1);
    assert!(!format!("{problems:?}").contains("very-secret"));
    assert_eq!(problems[0].source_line, "api_key");
}
