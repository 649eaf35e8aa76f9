//! What turns cost, to the nano-dollar, against sums worked out by hand. Each row stands beside the record a server
//! sends; that records become these usages is for the provider room's tests to show.

use antiphon::catalog::{Catalog, Table};
use antiphon::protocol::{Backend, Cost, Nano, Usage};

/// Prices of November 2026, fixed here so that the table below stays right when the catalogue is edited.
const PRICES: &str = r#"
date = "2026-11-20"

[[models]]
id = "claude-opus-5-5"
provider = "anthropic"
tier = "premium"
aliases = ["opus"]
price = { input = 4, output = 20, cache_read = 0.2, cache_write_5m = 5, cache_write_1h = 8 }
price_source = "by hand"
price_date = "2026-11-20"
offers = [{ provider = "openrouter", id = "anthropic/claude-opus-5.5", price = { input = 4.2, output = 21 } }]

[[models]]
id = "claude-haiku-5-5"
provider = "anthropic"
tier = "budget"
price = { input = 0.1, output = 0.5, cache_read = 0.01, cache_write_5m = 0.125, cache_write_1h = 0.2 }
price_source = "by hand"
price_date = "2026-11-20"

[[models]]
id = "claude-sonnet-4-5"
provider = "anthropic"
tier = "standard"
price = { input = 3, output = 15, cache_read = 0.3, cache_write_5m = 3.75, cache_write_1h = 6 }
price_tiers = [{ above = 200_000, input = 6, output = 22.5, cache_read = 0.6, cache_write_5m = 7.5, cache_write_1h = 12 }]
price_source = "by hand"
price_date = "2026-11-20"

[[models]]
id = "gpt-5.5"
provider = "openai"
tier = "premium"
price = { input = 5, output = 30, cache_read = 0.5 }
price_tiers = [{ above = 272_000, input = 10, output = 45, cache_read = 1 }]
price_source = "by hand"
price_date = "2026-11-20"

[[models]]
id = "gemini-3.1-pro-preview"
provider = "google"
tier = "premium"
price = { input = 2, output = 12, cache_read = 0.2 }
price_tiers = [{ above = 200_000, input = 4, output = 18, cache_read = 0.4 }]
price_source = "by hand"
price_date = "2026-11-20"

[[models]]
id = "deepseek-v4-flash"
provider = "deepseek"
tier = "budget"
aliases = ["deepseek-chat"]
price = { input = 0.14, output = 0.28, cache_read = 0.0028 }
price_source = "by hand"
price_date = "2026-11-20"

[[models]]
id = "grok-4.3"
provider = "xai"
tier = "standard"
price = { input = 1.25, output = 2.5 }
price_source = "by hand"
price_date = "2026-11-20"
"#;

fn catalog() -> Catalog {
    Catalog::parse(PRICES).expect("a good table")
}

/// Input, output, reasoning, cache read, cache write 5 min, cache write 1 h.
fn usage(
    [
        input,
        output,
        reasoning,
        cache_read,
        cache_write_5m,
        cache_write_1h,
    ]: [u64; 6],
) -> Usage {
    Usage {
        input,
        output,
        reasoning,
        cache_read,
        cache_write_5m,
        cache_write_1h,
        estimated: false,
    }
}

struct Row {
    what: &'static str,
    /// As the server sends it.
    record: &'static str,
    model: &'static str,
    /// See [`usage`].
    usage: [u64; 6],
    nano: i64,
}

/// The sums are in millionths of a dollar: tokens × USD per million.
const ROWS: &[Row] = &[
    Row {
        what: "Anthropic, plain",
        record: r#"{"input_tokens":25,"output_tokens":393}"#,
        model: "claude-opus-5-5-20261101",
        usage: [25, 393, 0, 0, 0, 0],
        // 25 × 4 + 393 × 20 = 100 + 7,860
        nano: 7_960_000,
    },
    Row {
        what: "Anthropic, input without cache, writes for 5 min and for 1 h apart",
        record: r#"{"input_tokens":25,"cache_creation_input_tokens":12345,"cache_read_input_tokens":188086,
            "cache_creation":{"ephemeral_5m_input_tokens":345,"ephemeral_1h_input_tokens":12000},"output_tokens":393}"#,
        model: "opus",
        usage: [25, 393, 0, 188_086, 345, 12_000],
        // 100 + 345 × 5 + 12,000 × 8 + 188,086 × 0.2 + 7,860 = 100 + 1,725 + 96,000 + 37,617.2 + 7,860
        nano: 143_302_200,
    },
    Row {
        what: "Anthropic, all writes for 1 h: as 5 min ones it would be 37.5 % less",
        record: r#"{"input_tokens":0,"cache_creation_input_tokens":1000000,
            "cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":1000000},"output_tokens":0}"#,
        model: "opus",
        usage: [0, 0, 0, 0, 0, 1_000_000],
        nano: 8_000_000_000,
    },
    Row {
        what: "Anthropic, 200,000 tokens of input: not above the step yet",
        record: r#"{"input_tokens":150000,"cache_read_input_tokens":50000,"output_tokens":1000}"#,
        model: "claude-sonnet-4-5",
        usage: [150_000, 1_000, 0, 50_000, 0, 0],
        // 450,000 + 15,000 + 15,000
        nano: 480_000_000,
    },
    Row {
        what: "Anthropic, one token more, and all of it is dearer",
        record: r#"{"input_tokens":150000,"cache_read_input_tokens":50001,"output_tokens":1000}"#,
        model: "claude-sonnet-4-5",
        usage: [150_000, 1_000, 0, 50_001, 0, 0],
        // 900,000 + 50,001 × 0.6 + 22,500 = 900,000 + 30,000.6 + 22,500
        nano: 952_500_600,
    },
    Row {
        what: "OpenAI Chat: cached is within prompt_tokens, reasoning within completion_tokens",
        record: r#"{"prompt_tokens":10000,"completion_tokens":1000,"prompt_tokens_details":{"cached_tokens":8000},
            "completion_tokens_details":{"reasoning_tokens":600}}"#,
        model: "gpt-5.5-2026-04-23",
        usage: [2_000, 400, 600, 8_000, 0, 0],
        // 2,000 × 5 + 8,000 × 0.5 + 1,000 × 30 = 10,000 + 4,000 + 30,000
        nano: 44_000_000,
    },
    Row {
        what: "OpenAI Responses, above 272,000 by its cached part",
        record: r#"{"input_tokens":272001,"input_tokens_details":{"cached_tokens":200000},"output_tokens":500,
            "output_tokens_details":{"reasoning_tokens":0}}"#,
        model: "gpt-5.5",
        usage: [72_001, 500, 0, 200_000, 0, 0],
        // 720,010 + 200,000 + 500 × 45 = 720,010 + 200,000 + 22,500
        nano: 942_510_000,
    },
    Row {
        what: "Gemini: thoughts beside the candidates, cached within the prompt, above 200,000",
        record: r#"{"promptTokenCount":250000,"cachedContentTokenCount":100000,"candidatesTokenCount":800,
            "thoughtsTokenCount":2200,"totalTokenCount":253000}"#,
        model: "models/gemini-3.1-pro-preview",
        usage: [150_000, 800, 2_200, 100_000, 0, 0],
        // 600,000 + 40,000 + 3,000 × 18 = 600,000 + 40,000 + 54,000
        nano: 694_000_000,
    },
    Row {
        what: "DeepSeek: hits and misses of its cache, rounded once",
        record: r#"{"prompt_tokens":5000,"prompt_cache_hit_tokens":4096,"prompt_cache_miss_tokens":904,
            "completion_tokens":300,"completion_tokens_details":{"reasoning_tokens":120}}"#,
        model: "deepseek-chat",
        usage: [904, 180, 120, 4_096, 0, 0],
        // 126.56 + 11.4688 + 84 = 222.0288
        nano: 222_029,
    },
    Row {
        what: "an endpoint without a cache price bills what it read as input",
        record: r#"{"prompt_tokens":3000,"prompt_tokens_details":{"cached_tokens":1000},"completion_tokens":10}"#,
        model: "xai/grok-4.3",
        usage: [2_000, 10, 0, 1_000, 0, 0],
        // 3,000 × 1.25 + 10 × 2.5
        nano: 3_775_000,
    },
    Row {
        what: "the smallest amounts: 3 × 0.0028 = 0.0084 millionths",
        record: r#"{"prompt_cache_hit_tokens":3,"prompt_cache_miss_tokens":0,"completion_tokens":0}"#,
        model: "deepseek-v4-flash",
        usage: [0, 0, 0, 3, 0, 0],
        nano: 8,
    },
    Row {
        what: "half a nano-dollar goes up: 0.125 × 1,000 + 0.01 × 50 = 125.5 millionths, and no rounding is needed",
        record: r#"{"input_tokens":0,"cache_creation_input_tokens":1000,"cache_read_input_tokens":50,"output_tokens":0}"#,
        model: "claude-haiku-5-5",
        usage: [0, 0, 0, 50, 1_000, 0],
        nano: 125_500,
    },
    Row {
        what: "refused before a token was made",
        record: r#"{"input_tokens":0,"output_tokens":0}"#,
        model: "opus",
        usage: [0; 6],
        nano: 0,
    },
];

#[test]
fn records_of_every_format_cost_what_the_hand_made_table_says() {
    let catalog = catalog();
    for row in ROWS {
        assert!(
            serde_json::from_str::<serde_json::Value>(row.record).is_ok(),
            "{}",
            row.what
        );
        let cost = catalog.cost(Some(row.model), &usage(row.usage));
        let expected = Cost {
            priced: Nano(row.nano),
            ..Cost::default()
        };
        assert_eq!(cost, expected, "{}", row.what);
    }
}

#[test]
fn a_model_on_this_machine_costs_nothing_and_an_unknown_one_never_nothing() {
    let catalog = catalog();
    // Ollama: {"prompt_eval_count":26,"eval_count":298}
    let used = usage([26, 298, 0, 0, 0, 0]);
    let local = catalog.cost_on(&Backend::Ollama, Some("qwen3:32b"), &used);
    assert_eq!(local, Cost::default());
    let endpoint = Backend::Endpoint("somewhere".to_owned());
    let unknown = catalog.cost_on(&endpoint, Some("nobody-1"), &used);
    // 26 × 10 + 298 × 50
    assert_eq!(
        (unknown.priced, unknown.unpriced),
        (Nano(0), Nano(15_160_000))
    );
    assert_eq!(unknown.to_string(), "?");
}

#[test]
fn a_reseller_is_billed_at_its_own_price_and_a_direct_key_is_not() {
    let catalog = catalog();
    let used = usage([1_000, 100, 0, 0, 0, 0]);
    let at = |backend: &Backend| {
        catalog
            .cost_on(backend, Some("anthropic/claude-opus-5.5"), &used)
            .priced
    };
    assert_eq!(at(&Backend::Anthropic), Nano(6_000_000));
    // 1,000 × 4.2 + 100 × 21
    assert_eq!(
        at(&Backend::Endpoint("openrouter".to_owned())),
        Nano(6_300_000)
    );
    assert_eq!(at(&Backend::Endpoint("proxy".to_owned())), Nano(6_000_000));
}

/// An agent's turn is several requests. Each is billed by its own size: together they would be above a step that none
/// of them reached.
#[test]
fn a_turn_of_several_requests_is_the_sum_of_its_requests() {
    let catalog = catalog();
    let request = usage([150_000, 1_000, 0, 0, 0, 0]);
    let cost = |used: &Usage| catalog.cost(Some("claude-sonnet-4-5"), used).priced;
    let by_request: Nano = [request; 2].iter().map(cost).sum();
    // 2 × (450,000 + 15,000)
    assert_eq!(by_request, Nano(930_000_000));
    // 300,000 × 6 + 2,000 × 22.5: what adding up first would make of it
    assert_eq!(cost(&(request + request)), Nano(1_845_000_000));
}

/// Ten workers forked from a primed session: the trunk is paid once, each branch pays for reading it, and for its own.
#[test]
fn a_fork_costs_its_own_turns_only() {
    let catalog = catalog();
    let cost = |used: [u64; 6]| catalog.cost(Some("opus"), &usage(used));
    // The trunk writes 100,000 tokens for an hour: 800,000 + 500 × 20
    let trunk = cost([0, 500, 0, 0, 0, 100_000]);
    assert_eq!(trunk.priced, Nano(810_000_000));
    // A branch reads them, sends 300 and gets 1,000: 20,000 + 1,200 + 20,000
    let branch = cost([300, 1_000, 0, 100_000, 0, 0]);
    assert_eq!(branch.priced, Nano(41_200_000));
    let all: Cost = std::iter::once(trunk).chain([branch; 10]).sum();
    assert_eq!(all.priced, Nano(1_222_000_000), "the trunk is in it once");
    // Without the cache each branch would send it anew: 10 × (401,200 + 20,000)
    let cold: Cost = [cost([100_300, 1_000, 0, 0, 0, 0]); 10].into_iter().sum();
    assert_eq!(cold.priced, Nano(4_212_000_000));
}

/// What failed before an answer costs nothing; what was cut off after the server counted is billed, and the retry too.
#[test]
fn retries_are_billed_for_what_each_attempt_reported() {
    let catalog = catalog();
    let attempts = [
        usage([0; 6]),                     // 529, no usage
        usage([2_000, 40, 0, 0, 0, 0]),    // began, then cut off: 8,000 + 800
        usage([2_000, 1_000, 0, 0, 0, 0]), // answered: 8,000 + 20,000
    ];
    let turn: Cost = attempts
        .iter()
        .map(|used| catalog.cost(Some("opus"), used))
        .sum();
    assert_eq!((turn.priced, turn.estimated), (Nano(36_800_000), false));
}

/// The server tells the input at the start of a stream, the output only at its end: of an interrupted answer that
/// part is counted by us, and says so.
#[test]
fn an_interrupted_turn_is_an_estimate_and_says_so() {
    let catalog = catalog();
    let used = Usage {
        estimated: true,
        ..usage([1_200, 57, 0, 20_000, 0, 0])
    };
    let cost = catalog.cost(Some("opus"), &used);
    // 4,800 + 1,140 + 4,000
    assert_eq!((cost.priced, cost.estimated), (Nano(9_940_000), true));
    assert_eq!(cost.to_string(), "~$0.0099");
    let sure = catalog.cost(Some("opus"), &usage([0, 0, 0, 0, 0, 0]));
    assert!((sure + cost).estimated, "an estimate in a sum shows");
}

#[test]
fn a_plans_use_is_a_list_price_and_an_estimate() {
    let cost = catalog().list_price(Some("opus"), &usage([1_000, 0, 0, 0, 0, 0]));
    assert_eq!((cost.priced, cost.estimated), (Nano(4_000_000), true));
}

#[test]
fn many_turns_add_up_without_a_nano_dollar_lost() {
    let catalog = catalog();
    let one = catalog.cost(Some("deepseek-chat"), &usage([904, 180, 120, 4_096, 0, 0]));
    let all: Cost = std::iter::repeat_n(one, 100_000).sum();
    assert_eq!(
        all.priced,
        Nano(22_202_900_000),
        "one rounding for each turn, none for the sum"
    );
}

/// A refreshed price changes what comes, never what was billed: a turn keeps the cost it was settled with, and the
/// price's source and date are at hand to be kept beside it.
#[test]
fn a_new_price_is_told_with_its_source_and_date() {
    let refreshed = Table::parse(
        "date = \"2027-01-01\"\n[[models]]\nid = \"gpt-5.5\"\nprice = { input = 4, output = 20 }\n\
         price_source = \"models.dev\"\nprice_date = \"2027-01-01\"\n",
    )
    .expect("a good table");
    let layered = Catalog::layered(Some(&refreshed), None);
    let model = layered.find("gpt-5.5").expect("known");
    assert_eq!(
        (model.price_source.as_str(), model.price_date.as_str()),
        ("models.dev", "2027-01-01")
    );
    let cost = layered.cost(Some("gpt-5.5"), &usage([1_000, 0, 0, 0, 0, 0]));
    assert_eq!(cost.priced, Nano(4_000_000));
}
