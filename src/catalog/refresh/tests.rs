use super::*;
use crate::catalog::{Ability, Catalog, ModelRow};

fn body(text: &str) -> Vec<Body> {
    vec![Body {
        url: String::new(),
        bytes: text.as_bytes().to_vec(),
    }]
}

/// Reads without the check for whole answers.
fn part(source: &str, text: &str) -> Part {
    let source = Source::named(source).expect("a source");
    let mut part = Part::new(source.name, "2099-01-01");
    (source.read)(&body(text), &mut part).expect("readable");
    part
}

fn row<'a>(table: &'a Table, id: &str) -> &'a ModelRow {
    table
        .models
        .iter()
        .find(|row| row.id == id)
        .expect("in the table")
}

const MODELS_DEV: &str = r#"{
 "openai": {"id": "openai", "models": {
  "gpt-9": {"id": "gpt-9", "tool_call": true, "reasoning": true, "structured_output": true,
   "modalities": {"input": ["text", "image"], "output": ["text"]}, "limit": {"context": 1050000, "output": 128000},
   "cost": {"input": 5, "output": 30, "cache_read": 0.5, "cache_write": 0,
    "tiers": [{"input": 10, "output": 45, "cache_read": 1, "tier": {"size": 272000}}]}},
  "gpt-9-2098-01-01": {"modalities": {"output": ["text"]}, "cost": {"input": 50, "output": 300}},
  "gpt-9-tts": {"modalities": {"output": ["text"]}, "cost": {"input": 1, "output": 2}},
  "gpt-9-free": {"modalities": {"output": ["text"]}, "cost": {"input": 0, "output": 0}},
  "gpt-9-paint": {"modalities": {"output": ["image"]}, "cost": {"input": 1, "output": 2}}}},
 "anthropic": {"models": {
  "claude-opus-9": {"modalities": {"input": ["text"], "output": ["text"]}, "limit": {"context": 1000000},
   "cost": {"input": 4, "output": 20, "cache_read": 0.2, "cache_write": 5,
    "context_over_200k": {"input": 8, "output": 30}}}}},
 "zai-coding-plan": {"models": {"glm-5.2": {"modalities": {"output": ["text"]}, "cost": {"input": 0, "output": 0}}}},
 "openrouter": {"models": {
  "openai/gpt-9": {"modalities": {"output": ["text"]}, "limit": {"context": 7}, "cost": {"input": 5.5, "output": 33}},
  "nobody/new": {"modalities": {"output": ["text"]}, "cost": {"input": 1, "output": 2}}}}
}"#;

#[test]
fn models_dev_is_read_in_both_forms() {
    let part_api = part("models.dev", MODELS_DEV);
    let merged =
        format!("{{\"_meta\": {{\"commit_date\": \"2098-07-02\"}}, \"providers\": {MODELS_DEV}}}");
    let part_merged = part("models.dev", &merged);
    assert_eq!(part_merged.date, "2098-07-02");
    assert_eq!(part_api.found, part_merged.found);
    let Merged { table, notes } = merge(&[part_api]);
    let gpt = row(&table, "gpt-9");
    let price = gpt.price.expect("a price");
    assert_eq!(
        (price.input, price.output, price.cache_read),
        (5.0, 30.0, Some(0.5))
    );
    assert_eq!(price.cache_write_5m, None, "0 is no price");
    assert_eq!(
        (gpt.price_tiers[0].above, gpt.price_tiers[0].output),
        (272_000, 45.0)
    );
    assert_eq!(
        (gpt.window, gpt.max_output),
        (Some(1_050_000), Some(128_000))
    );
    let all = [
        Ability::Vision,
        Ability::Tools,
        Ability::Json,
        Ability::Reasoning,
    ];
    assert_eq!(gpt.can, all);
    assert_eq!(
        (gpt.offers.len(), gpt.offers[0].id.as_str()),
        (1, "openai/gpt-9")
    );
    let claude = row(&table, "claude-opus-9");
    assert_eq!(claude.price.and_then(|p| p.cache_write_1h), Some(8.0));
    assert_eq!(
        (
            claude.price_tiers[0].above,
            claude.price_tiers[0].cache_write_1h
        ),
        (200_000, Some(16.0))
    );
    let ids: Vec<&str> = table.models.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["claude-opus-9", "gpt-9", "gpt-9-free"]);
    assert_eq!(row(&table, "gpt-9-free").price, None);
    assert!(
        notes.len() == 1 && notes[0].contains("gpt-9-free"),
        "{notes:?}"
    );
}

const LITELLM: &str = r#"{
 "sample_spec": {"litellm_provider": "one of", "mode": "one of: chat", "input_cost_per_token": 0.0},
 "gpt-9": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 5e-06, "output_cost_per_token": 3e-05,
  "input_cost_per_token_batches": 2.5e-06, "output_cost_per_token_batches": 1.5e-05, "max_input_tokens": 922000},
 "claude-haiku-9": {"litellm_provider": "anthropic", "mode": "chat", "input_cost_per_token": 1e-06,
  "output_cost_per_token": 5e-06, "cache_read_input_token_cost": 2.8e-08, "cache_creation_input_token_cost": 1.25e-06,
  "cache_creation_input_token_cost_above_1hr": 2e-06, "input_cost_per_token_above_200k_tokens": 2e-06,
  "output_cost_per_token_above_200k_tokens": 1e-05, "supports_vision": true},
 "dashscope/qwen-9": {"litellm_provider": "dashscope", "mode": "chat", "tiered_pricing": [],
  "input_cost_per_token": 1e-07, "output_cost_per_token": 4e-07},
 "ft:gpt-9": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1, "output_cost_per_token": 1},
 "openrouter/openai/gpt-9": {"litellm_provider": "openrouter", "mode": "chat", "input_cost_per_token": 9e-06,
  "output_cost_per_token": 9e-05},
 "gpt-9-embed": {"litellm_provider": "openai", "mode": "embedding", "input_cost_per_token": 1e-07}
}"#;

#[test]
fn litellm_prices_are_per_token_with_tiers_and_batches() {
    let Merged { table, .. } = merge(&[part("LiteLLM", LITELLM)]);
    let ids: Vec<&str> = table.models.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["qwen-9", "claude-haiku-9", "gpt-9"]);
    let haiku = row(&table, "claude-haiku-9");
    let price = haiku.price.expect("a price");
    assert_eq!(
        (price.cache_read, price.cache_write_5m, price.cache_write_1h),
        (Some(0.028), Some(1.25), Some(2.0))
    );
    assert_eq!(
        (haiku.price_tiers[0].above, haiku.price_tiers[0].output),
        (200_000, 10.0)
    );
    assert_eq!(row(&table, "gpt-9").batch.map(|b| b.output), Some(15.0));
}

#[test]
fn the_more_trusted_price_holds_and_the_other_adds_what_it_leaves_out() {
    let parts = [part("models.dev", MODELS_DEV), part("LiteLLM", LITELLM)];
    let Merged { table, .. } = merge(&parts);
    let gpt = row(&table, "gpt-9");
    assert_eq!(gpt.window, Some(1_050_000), "the more trusted window");
    assert_eq!(
        gpt.batch.map(|b| b.input),
        Some(2.5),
        "the batch price is the other's"
    );
    assert_eq!(gpt.offers[0].price.map(|p| p.input), Some(5.5));
    let dearer = LITELLM.replace(
        "5e-06, \"output_cost_per_token\": 3e-05",
        "6e-06, \"output_cost_per_token\": 3e-05",
    );
    let Merged { table, notes } = merge(&[parts[0].clone(), part("LiteLLM", &dearer)]);
    assert_eq!(row(&table, "gpt-9").price.map(|p| p.input), Some(5.0));
    assert!(
        notes
            .iter()
            .any(|n| n == "gpt-9: $5/$30 by models.dev holds, LiteLLM says $6/$30"),
        "{notes:?}"
    );
    let cents = LITELLM.replace("5e-06", "5");
    let Merged { table, notes } = merge(&[part("LiteLLM", &cents)]);
    assert_eq!(row(&table, "gpt-9").price, None);
    assert!(notes.iter().any(|n| n.contains("not taken as a price")));
}

const OPENROUTER: &str = r#"{"data": [
 {"id": "anthropic/claude-opus-5.5", "context_length": 1000000,
  "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
  "pricing": {"prompt": "0.0000042", "completion": "0.000021", "input_cache_read": "0.00000021"},
  "top_provider": {"max_completion_tokens": 128000}, "supported_parameters": ["tools", "reasoning"]},
 {"id": "openrouter/auto", "pricing": {"prompt": "-1", "completion": "-1"}},
 {"id": "meta-llama/llama-3.3-70b-instruct:free", "pricing": {"prompt": "0", "completion": "0"}}
]}"#;

#[test]
fn a_resellers_price_stays_beside_the_providers_own() {
    let Merged { table, .. } = merge(&[part("OpenRouter", OPENROUTER)]);
    assert_eq!(table.models.len(), 1);
    let catalog = Catalog::layered(Some(&table), None);
    let opus = catalog.find("opus").expect("known");
    assert_eq!(
        opus.price,
        Catalog::embedded().find("opus").expect("known").price
    );
    let offer = opus.offers[0].price.as_ref().map(|p| p.rates.input.0);
    assert_eq!(
        (opus.offers[0].id.as_str(), offer),
        ("anthropic/claude-opus-5.5", Some(4_200_000_000))
    );
}

#[test]
fn benchmarks_find_their_models_and_efforts() {
    let bodies = [
        Body {
            url: "https://host/table_2099_06_25.csv".to_owned(),
            bytes: b"model,python,olympiad,math_comp\ngpt-5.5-xhigh,50.0,0.0,96.0\nqwen3.7-max,40,90,80\n\
                claude-opus-4-6-thinking-auto-high-effort,60.0,91.0,95.0\nnobody-1-high,1,2,3\n"
                .to_vec(),
        },
        Body {
            url: String::new(),
            bytes: br#"{"Agentic Coding": ["python", "java"], "Mathematics": ["olympiad", "math_comp"]}"#.to_vec(),
        },
    ];
    let mut livebench_part = Part::new("LiveBench", "2099-11-20");
    livebench::read(&bodies, &mut livebench_part).expect("readable");
    let aider = part(
        "Aider",
        "- dirname: a\n  model: gpt-5 (high)\n  pass_rate_2: 88.0\n  test_cases: 225\n  date: 2025-08-23\n  \
         seconds_per_case: 194.0\n  total_cost: 29.0829\n\n- dirname: b\n  model: o3 (high) + gpt-4.1\n  \
         pass_rate_2: 82.7\n  date: 2025-04-17\n- dirname: c\n  model: DeepSeek R1\n  pass_rate_2: 5",
    );
    let Merged { table, notes } = merge(&[livebench_part, aider]);
    let scores = |id| &row(&table, id).scores[0];
    assert_eq!(scores("gpt-5.5").source, "livebench-2099-06-25");
    assert_eq!(scores("gpt-5.5").effort, "xhigh");
    assert_eq!(
        scores("gpt-5.5").values["maths"],
        96.0,
        "a failed run is left out"
    );
    assert_eq!(scores("qwen3.7-max").effort, "");
    assert_eq!(scores("claude-opus-4-6").effort, "thinking-auto-high");
    let gpt5 = scores("gpt-5");
    assert_eq!(
        (gpt5.effort.as_str(), gpt5.date.as_deref()),
        ("high", Some("2025-08-23"))
    );
    assert_eq!(
        (gpt5.values["pass"], gpt5.values["dollars_per_case"]),
        (88.0, 0.129257)
    );
    assert_eq!(table.models.len(), 4);
    assert_eq!(notes.len(), 2, "{notes:?}");
}

#[test]
fn the_newest_livebench_table_with_categories_is_followed() {
    let file =
        |name: &str| format!(r#"{{"name": "{name}", "download_url": "https://host/{name}"}}"#);
    let names = [
        "table_2026_01_08.csv",
        "categories_2026_01_08.json",
        "table_2026_06_25.csv",
        "index.html",
    ];
    let listing = format!("[{}]", names.map(file).join(","));
    let source = Source::named("livebench").expect("a source");
    assert_eq!(
        source.follow(listing.as_bytes()),
        Ok(vec![
            "https://host/table_2026_01_08.csv".to_owned(),
            "https://host/categories_2026_01_08.json".to_owned()
        ])
    );
    assert!(
        source
            .follow(b"[]")
            .is_err_and(|e| e.to_string().contains("LiveBench"))
    );
}

#[test]
fn a_bad_answer_is_an_error_with_its_source_and_the_last_good_part_stays() {
    let before = [part("models.dev", MODELS_DEV)];
    let cut = &MODELS_DEV[..MODELS_DEV.len() / 2];
    for (name, bytes, said) in [
        ("models.dev", cut, "cut off"),
        ("models.dev", "<!doctype html>", "a web page"),
        ("models.dev", "", "empty"),
        ("models.dev", "[1, 2]", "another form"),
        ("models.dev", "{\"a\": ]", "not JSON"),
        ("models.dev", MODELS_DEV, "6 models where 50 or more"),
        ("LiteLLM", "{}", "no models"),
        ("OpenRouter", "{\"error\": 1}", "`data`"),
        ("LiveBench", "model,a\n", "categories are needed"),
        ("Aider", "<html>", "a web page"),
        ("Aider", "\u{0}\u{1}", "no models"),
    ] {
        let source = Source::named(name).expect("a source");
        let done = refresh(
            &before,
            &[(source, Fetched::Bodies(body(bytes)))],
            "2099-02-02",
        );
        let told = done
            .errors
            .iter()
            .map(ToString::to_string)
            .collect::<String>();
        assert!(
            told.starts_with(name) && told.contains(said) && told.contains("stays in force"),
            "{told}"
        );
        assert_eq!(done.parts, before);
        assert_eq!((done.changes.len(), done.table), (0, merge(&before).table));
    }
}

#[test]
fn what_a_refresh_changed_is_told() {
    let table = |text: &str| merge(&[part("models.dev", text)]).table;
    let before = Catalog::layered(Some(&table(MODELS_DEV)), None);
    let now = MODELS_DEV
        .replace("\"output\": 30,", "\"output\": 25,")
        .replace("claude-opus-9", "claude-opus-10")
        .replace("1050000", "2000000");
    let after = Catalog::layered(Some(&table(&now)), None);
    let told: Vec<String> = diff(&before, &after)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "claude-opus-10: new, $4.00 in, $20.00 out",
            "gpt-9: output $30.00 → $25.00",
            "gpt-9: window 1050000 → 2000000 tokens",
            "claude-opus-9: no longer listed",
        ]
    );
    assert_eq!(diff(&after, &after), []);
    // The first refresh is told against the embedded table.
    let embedded = Catalog::layered(None, None);
    assert_eq!(diff(&embedded, &before).len(), 3);
}

#[test]
fn a_name_that_could_harm_a_terminal_is_no_name() {
    for (name, good) in [
        ("gpt-5.5", true),
        ("anthropic/claude-opus-5.5", true),
        ("gpt\u{1b}[2J", false),
        ("gpt 9", false),
        ("", false),
        (&"x".repeat(121), false),
    ] {
        assert_eq!(is_name(name), good, "{name:?}");
    }
}

#[test]
fn parts_and_tables_are_read_as_they_were_written() {
    let one = part("LiteLLM", LITELLM);
    assert_eq!(Part::parse(&one.to_text()), Ok(one.clone()));
    let table = merge(&[one]).table;
    assert_eq!(Table::parse(&table.to_text()), Ok(table));
}
