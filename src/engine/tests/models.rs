use super::*;
use crate::catalog::Table;
use crate::engine::plan::route;
use crate::protocol::{ModelFilter, Query};

/// A house that reaches these: model, backend.
fn reaching(config: Config, ways: &[(&str, &str)]) -> House {
    let mut house = House::with(config, empty_store());
    let way = |(model, backend): &(&str, &str)| {
        ((*model).to_owned(), Backend::from((*backend).to_owned()))
    };
    house.take(Input::Reachable {
        models: ways.iter().map(way).collect(),
    });
    house
}

fn query(house: &mut House, query: Query) -> Result<Answer, Refusal> {
    let effects = house.take(Input::Request {
        face: FACE,
        id: 7,
        request: Request::Query(query),
    });
    reply(&effects).expect("an answer")
}

#[test]
fn a_name_leads_to_a_direct_key_first_and_never_to_what_is_switched_off() {
    let ways = [
        ("claude-haiku-4-5", "proxy"),
        ("own-model", "proxy"),
        ("own-model", "lab"),
        ("claude-haiku-4-5", "anthropic"),
        ("claude-haiku-4-5", "claude"),
        ("gpt-5.5", "openai"),
        ("qwen3:8b", "ollama"),
    ];
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    for (off, order, name, leads) in [
        (
            "",
            "",
            "claude-haiku-4-5",
            Some("anthropic claude-haiku-4-5"),
        ),
        ("", "", "haiku", Some("anthropic claude-haiku-5-5")),
        (
            "anthropic",
            "",
            "claude-haiku-4-5",
            Some("proxy claude-haiku-4-5"),
        ),
        ("anthropic proxy", "", "claude-haiku-4-5", None),
        ("", "", "proxy:anything", Some("proxy anything")),
        ("proxy", "", "proxy:anything", None),
        ("", "", "openai:gpt-5.5", Some("openai gpt-5.5")),
        ("openai", "", "openai:gpt-5.5", None),
        ("", "", "own-model", Some("proxy own-model")),
        ("", "lab", "own-model", Some("lab own-model")),
        ("proxy", "", "own-model", Some("lab own-model")),
        ("", "", "qwen3:8b", Some("ollama qwen3:8b")),
        ("", "", "nobody-1", None),
    ] {
        let mut config = Config::default();
        config.providers.off = words(off);
        config.providers.order = words(order);
        let house = reaching(config, &ways);
        let found = route(&house.state, name).map(|(backend, model)| format!("{backend} {model}"));
        assert_eq!(
            found.as_deref(),
            leads,
            "{name}, off: {off}, order: {order}"
        );
    }
}

#[test]
fn models_are_listed_as_asked_and_a_wrong_word_is_refused() {
    let mut house = reaching(Config::default(), &[("haiku", "anthropic")]);
    let filter = ModelFilter {
        reachable: true,
        can: vec!["tools".into(), "vision".into()],
        ..ModelFilter::default()
    };
    let Ok(Answer::Models(models)) = query(&mut house, Query::Models { filter }) else {
        panic!("no models");
    };
    let ids: Vec<&str> = models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["claude-haiku-5-5"], "known by its alias");
    let filter = ModelFilter {
        sort: Some("score:coding".into()),
        ..ModelFilter::default()
    };
    let Ok(Answer::Models(models)) = query(&mut house, Query::Models { filter }) else {
        panic!("no models");
    };
    let scores: Vec<f64> = models.iter().filter_map(|model| model.score).collect();
    assert!(
        scores.len() > 5 && scores.is_sorted_by(|a, b| a >= b),
        "{scores:?}"
    );
    for wrong in [
        ModelFilter {
            can: vec!["flight".into()],
            ..ModelFilter::default()
        },
        ModelFilter {
            tier: Some("gold".into()),
            ..ModelFilter::default()
        },
        ModelFilter {
            sort: Some("score:beauty".into()),
            ..ModelFilter::default()
        },
    ] {
        assert!(query(&mut house, Query::Models { filter: wrong }).is_err());
    }
    let (a, b) = ("opus".to_owned(), "gpt-5.5".to_owned());
    let Ok(Answer::Rows(rows)) = query(&mut house, Query::CompareModels { a, b }) else {
        panic!("no rows");
    };
    assert_eq!(rows[0][2], "gpt-5.5");
}

#[test]
fn what_speaks_against_a_model_is_told() {
    let mut house = reaching(
        Config::default(),
        &[("qwen3:8b", "ollama"), ("llama:latest", "ollama")],
    );
    for (backend, model, told) in [
        ("anthropic", "claude-opus-5", ""),
        ("anthropic", "opus", ""),
        ("claude", "default", ""),
        ("claude", "claude-haiku-4-5-20251001", ""),
        ("anthropic", "gpt-5.5", "is a model of openai"),
        ("openai", "gpt-55", "did you mean `gpt-5.5`?"),
        ("ollama", "qwen3:8b", ""),
        ("ollama", "llama", ""),
        ("ollama", "qwen3:80b", "did you mean `qwen3:8b`?"),
        ("lab", "anything", ""),
        ("terminal", "anything", ""),
    ] {
        let backend = Backend::from(backend.to_owned());
        let question = Query::CheckModel {
            backend: backend.clone(),
            model: model.into(),
        };
        let Ok(Answer::Warnings(warnings)) = query(&mut house, question) else {
            panic!("no answer");
        };
        assert_eq!(
            warnings.is_empty(),
            told.is_empty(),
            "{backend} {model}: {warnings:?}"
        );
        assert!(
            warnings.concat().contains(told),
            "{backend} {model}: {warnings:?}"
        );
    }
}

#[test]
fn a_new_catalogue_is_in_force_at_once() {
    let mut house = House::new();
    let text = "date = \"2030-01-01\"\n[[models]]\nid = \"claude-opus-5-5\"\n\
                price = { input = 99, output = 100 }\n[[models]]\nid = \"newcomer\"\nprovider = \"openai\"\nwindow = 5000\n";
    let table = Table::parse(text).expect("good");
    let new = Arc::new(Catalog::layered(None, Some(&table)));
    let told = crate::engine::models::changes(&house.state.catalog, &new);
    assert!(
        told.iter()
            .any(|line| line.starts_with("price: claude-opus-5-5, ")
                && line.ends_with("→ $99.00 in, $100.00 out")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|line| line.starts_with("new: newcomer")),
        "{told:?}"
    );
    house.take(Input::CatalogLoaded { catalog: new });
    assert_eq!(house.state.catalog.window("newcomer"), Some(5000));
}
