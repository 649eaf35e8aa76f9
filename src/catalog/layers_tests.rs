use crate::catalog::{Catalog, Table};
use crate::protocol::{Nano, Usage};

fn table(text: &str) -> Table {
    Table::parse(text).expect("a good table")
}

const ONE_MILLION_IN: Usage = Usage {
    input: 1_000_000,
    output: 0,
    reasoning: 0,
    cache_read: 0,
    cache_write_5m: 0,
    cache_write_1h: 0,
    estimated: false,
};

fn input_price(catalog: &Catalog, name: &str) -> (Nano, Nano) {
    let cost = catalog.cost(Some(name), &ONE_MILLION_IN);
    (cost.priced, cost.unpriced)
}

#[test]
fn no_layer_is_the_embedded_table() {
    let catalog = Catalog::layered(None, None);
    assert_eq!(catalog.models().len(), Catalog::embedded().models().len());
    assert_eq!(catalog.date(), Catalog::embedded().date());
}

#[test]
fn a_newer_price_holds_an_older_one_does_not_and_the_users_always() {
    let row = |date: &str| {
        table(&format!(
            "date = \"2099-01-01\"\n[[models]]\nid = \"claude-opus-5-5\"\nprice = {{ input = 7, output = 9 }}\n\
             price_source = \"somewhere\"\nprice_date = \"{date}\"\n"
        ))
    };
    let user = table("[[models]]\nid = \"opus\"\nprice = { input = 1, output = 2 }\n");
    for (refreshed, user, dollars, source) in [
        (row("2099-01-01"), None, 7, "somewhere"),
        (row("2026-01-01"), None, 4, "Claude Code 2.1.328, as billed"),
        (row("2099-01-01"), Some(&user), 1, "models.toml"),
    ] {
        let catalog = Catalog::layered(Some(&refreshed), user);
        let (priced, unpriced) = input_price(&catalog, "claude-opus-5-5");
        assert_eq!((priced, unpriced), (Nano(dollars * 1_000_000_000), Nano(0)));
        let model = catalog.find("opus").expect("known");
        assert_eq!((model.price_source.as_str(), model.priced), (source, true));
        assert_eq!(catalog.date(), "2099-01-01");
    }
}

#[test]
fn a_model_added_without_a_price_is_of_unknown_price() {
    let user = table(
        "[[models]]\nid = \"house-1\"\nprovider = \"house\"\nwindow = 32000\naliases = [\"sonnet\", \"h\"]\n\
         [[models]]\nid = \"nobody-knows-whose\"\n",
    );
    let catalog = Catalog::layered(None, Some(&user));
    assert_eq!(
        input_price(&catalog, "h"),
        (Nano(0), Nano(10_000_000_000)),
        "never free"
    );
    assert_eq!(catalog.window("house-1"), Some(32_000));
    assert_eq!(
        catalog.key("sonnet"),
        "house-1",
        "the user may take an alias"
    );
    assert_eq!(catalog.key("claude-sonnet-5-5"), "claude-sonnet-5-5");
    assert!(catalog.find("nobody-knows-whose").is_none());
    let view = catalog.find("h").expect("known").view(false);
    assert_eq!((view.input, view.price_date), (None, None));
}

#[test]
fn a_refresh_takes_no_name_and_no_tier_and_adds_what_is_new() {
    let refreshed = table(
        "date = \"2099-01-01\"\n[[models]]\nid = \"gpt-9\"\nprovider = \"openai\"\naliases = [\"opus\", \"gpt-9-0\"]\n\
         price = { input = 3, output = 4 }\nbatch = { input = 1.5, output = 2 }\n\
         [[models]]\nid = \"claude-opus-4-8\"\ntier = \"budget\"\nwindow = 5\ncan = [\"json\"]\n\
         offers = [{ provider = \"openrouter\", id = \"anthropic/claude-opus-4.8\", price = { input = 6, output = 26 } }]\n\
         scores = [{ source = \"livebench-2026-06-25\", effort = \"low\", coding = 1 }, \
         { source = \"livebench-2099-01-01\", effort = \"low\", coding = 2 }]\n",
    );
    let catalog = Catalog::layered(Some(&refreshed), None);
    assert_eq!(catalog.key("opus"), "claude-opus-5-5");
    let new = catalog.find("gpt-9-0").expect("known");
    assert_eq!(
        new.batch.map(|rates| rates.input),
        Some(Nano(1_500_000_000))
    );
    let old = catalog.find("claude-opus-4-8").expect("known");
    assert_eq!((old.tier.as_str(), old.window), ("premium", Some(5)));
    assert_eq!(old.abilities.len(), 4);
    let order: Vec<_> = old
        .scores
        .iter()
        .map(|s| (s.source.as_str(), s.effort.as_str(), s.date.as_str()))
        .collect();
    assert_eq!(
        order[..3],
        [
            ("livebench-2099-01-01", "low", "2099-01-01"),
            ("livebench-2026-06-25", "xhigh", "2026-06-25"),
            ("livebench-2026-06-25", "low", "2026-06-25"),
        ]
    );
    let at = |seller| {
        catalog
            .cost_at(seller, Some("claude-opus-4-8"), &ONE_MILLION_IN)
            .priced
    };
    assert_eq!(
        (at("openrouter"), at("anthropic")),
        (Nano(6_000_000_000), Nano(5_000_000_000))
    );
}

#[test]
fn a_table_reads_what_it_wrote_and_age_is_told() {
    let text = "date = \"2026-11-20\"\n[[models]]\nid = \"x\"\nprovider = \"y\"\n\
        price = { input = 0.1, output = 2 }\nprice_tiers = [{ above = 9, input = 1, output = 3 }]\n\
        scores = [{ source = \"aider-polyglot\", effort = \"\", date = \"2025-10-03\", pass = 74.2 }]\n";
    let once = table(text);
    assert_eq!(Table::parse(&once.to_text()), Ok(once));
    let catalog = Catalog::embedded();
    assert_eq!(catalog.age_days(catalog.date()), Some(0));
    assert_eq!(catalog.age_days("tomorrow"), None);
    let opus = catalog.find("opus").expect("known");
    assert_eq!(opus.price_age_days("2026-11-30"), Some(10));
}

#[test]
fn a_source_that_confirms_a_price_takes_nothing_from_it() {
    let before = Catalog::embedded()
        .find("claude-sonnet-4-5")
        .expect("known")
        .price
        .clone();
    let refreshed = table(
        "date = \"2099-01-01\"\n[[models]]\nid = \"claude-sonnet-4-5\"\nprice = { input = 3, output = 15, cache_read = 0.25 }\n\
         price_source = \"models.dev\"\n",
    );
    let catalog = Catalog::layered(Some(&refreshed), None);
    let model = catalog.find("claude-sonnet-4-5").expect("known");
    assert_eq!(model.price.tiers, before.tiers);
    assert_eq!(
        model.price.rates.cache_write_1h,
        before.rates.cache_write_1h
    );
    assert_eq!(model.price.rates.cache_read, Nano(250_000_000));
    assert_eq!(
        (model.price_date.as_str(), model.price_source.as_str()),
        ("2099-01-01", "models.dev")
    );
}
