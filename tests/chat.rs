//! Conversations through every wire format: text, figures and cost as the servers say them, byte for byte harmless.

mod support;

use serde_json::Value;
use std::collections::BTreeMap;
use support::{
    chat_api::ChatApi,
    home::Home,
    ledger::{Billed, Ledger},
    messages_api::MessagesApi,
    screen::Screen,
};

/// A home in which all four kinds of server are there, none of them real.
struct Lab {
    home: Home,
    messages: MessagesApi,
    chat: ChatApi,
}

impl Lab {
    fn new() -> Lab {
        let (messages, chat) = (MessagesApi::start(), ChatApi::start());
        let mut home = Home::new();
        home.set("ANTHROPIC_BASE_URL", &messages.url());
        home.set("ANTHROPIC_API_KEY", "sk-ant-dummy");
        home.set("OPENAI_BASE_URL", &format!("{}/v1", chat.url()));
        home.set("OPENAI_API_KEY", "sk-openai-dummy");
        home.set("OLLAMA_HOST", &chat.url());
        home.set("LAB_KEY", "sk-lab-dummy");
        home.configure(&format!(
            "[endpoints.lab]\nbase_url = \"{}/v1\"\napi_key_env = \"LAB_KEY\"\nmodel = \"gpt-5-mini\"\n",
            chat.url()
        ));
        Lab {
            home,
            messages,
            chat,
        }
    }
}

/// Nano-dollars for each token of a kind, as the embedded catalogue has them.
fn price(model: &str) -> BTreeMap<String, f64> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/catalog/models.toml");
    let text = std::fs::read_to_string(path).expect("the catalogue");
    let catalog: toml::Value = toml::from_str(&text).expect("TOML");
    let models = catalog["models"].as_array().expect("models");
    let row = models.iter().find(|row| row["id"].as_str() == Some(model));
    let prices = row.expect(model)["price"].as_table().expect("a price");
    let nano = |value: &toml::Value| {
        let dollars = value.as_float().or(value.as_integer().map(|n| n as f64));
        dollars.expect("dollars a million") * 1e3
    };
    prices
        .iter()
        .map(|(kind, value)| (kind.clone(), nano(value)))
        .collect()
}

/// What the calls of a ledger cost, each rounded once.
fn cost(ledger: &Ledger, model: &str) -> i64 {
    let price = price(model);
    let of = |kind: &str| price.get(kind).copied().unwrap_or(f64::NAN);
    let one = |billed: Billed| {
        let parts = [
            (billed.input, "input"),
            (billed.output, "output"),
            (billed.cache_read, "cache_read"),
            (billed.cache_write_5m, "cache_write_5m"),
            (billed.cache_write_1h, "cache_write_1h"),
        ];
        let parts = parts.iter().filter(|(count, _)| *count > 0);
        parts
            .map(|(count, kind)| *count as f64 * of(kind))
            .sum::<f64>()
            .round() as i64
    };
    ledger.calls().iter().map(|call| one(call.billed)).sum()
}

/// The tokens of all calls: input, output without and with reasoning, cache.
fn tokens(ledger: &Ledger) -> Value {
    let all: Vec<Billed> = ledger.calls().iter().map(|call| call.billed).collect();
    let sum = |part: fn(&Billed) -> u64| all.iter().map(part).sum::<u64>();
    serde_json::json!({
        "input": sum(|b| b.input),
        "output": sum(|b| b.output - b.reasoning),
        "reasoning": sum(|b| b.reasoning),
        "cache_read": sum(|b| b.cache_read),
        "cache_write_5m": sum(|b| b.cache_write_5m),
        "cache_write_1h": sum(|b| b.cache_write_1h),
        "estimated": false,
    })
}

/// Three turns, the last of them typed on the screen.
fn converse(lab: &Lab, backend: &str, model: Option<&str>) -> Value {
    let home = &lab.home;
    let spawn = ["spawn", "primer", "-b", backend];
    let with_model: Vec<&str> = model.into_iter().flat_map(|model| ["-m", model]).collect();
    home.ok(&[&spawn[..], &with_model].concat());
    assert_eq!(
        home.ok(&["ask", "primer", "hello"]),
        "stand-in answer 1 to: hello\n"
    );
    let second = home.ok(&["ask", "primer", "@think @len:40"]);
    assert!(
        second.starts_with("word1 ") && second.ends_with(" word40\n"),
        "{second}"
    );
    let screen = Screen::open(home, &[], 120, 40);
    screen.wait_for_text("word40");
    screen.key("i");
    screen.wait_for_text("INSERT");
    screen.paste("third of\nthem");
    screen.key("enter");
    screen.wait_for("the third answer", |text| {
        text.contains("stand-in answer 3 to: third of") && text.contains("idle")
    });
    home.status("primer")
}

#[track_caller]
fn assert_billed(ledger: &Ledger, status: &Value, model: &str) {
    let gauges = &status["gauges"];
    assert_eq!(gauges["usage"], tokens(ledger), "{model}");
    let expected = cost(ledger, model);
    assert!(expected > 0);
    assert_eq!(gauges["cost"]["priced"], expected, "{model}");
    assert_eq!(gauges["cost"]["unpriced"], 0);
    assert_eq!(gauges["cost"]["estimated"], false);
    assert_eq!(gauges["turns"], 3);
    // The newest request had the whole conversation, and the last answer is in the window too.
    let newest = ledger.calls().last().expect("calls").billed;
    let used = newest.input + newest.cache_read + newest.cache_write_5m + newest.output;
    assert_eq!(gauges["context_used"], used);
}

#[test]
fn anthropic_costs_what_it_billed() {
    let lab = Lab::new();
    let status = converse(&lab, "anthropic", Some("claude-sonnet-4-5"));
    assert_billed(&lab.messages.ledger, &status, "claude-sonnet-4-5");
    let calls = lab.messages.ledger.calls();
    let header = |name| calls[2].headers.iter().find(|(key, _)| key == name);
    assert_eq!(header("x-api-key").unwrap().1, "sk-ant-dummy");
    // The conversation so far was marked for the cache, and read from it.
    assert!(calls[2].billed.cache_read > 0, "{:?}", calls[2].billed);
    let today = lab.home.json(&["budget"]);
    assert_eq!(today["spent"]["priced"], status["gauges"]["cost"]["priced"]);
    assert_eq!(today["reserved"], 0);
}

#[test]
fn openai_costs_what_it_billed() {
    let lab = Lab::new();
    let status = converse(&lab, "openai", Some("gpt-5"));
    assert_billed(&lab.chat.ledger, &status, "gpt-5");
    let body = &lab.chat.ledger.calls()[2].body;
    let roles: Vec<&str> = body["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|m| m["role"].as_str())
        .collect();
    assert_eq!(roles, ["user", "assistant", "user", "assistant", "user"]);
    assert_eq!(body["messages"][4]["content"], "third of\nthem");
}

#[test]
fn an_endpoint_by_name_has_its_own_key_and_model() {
    let lab = Lab::new();
    let status = converse(&lab, "lab", None);
    assert_eq!(
        (&status["backend"], &status["model"]),
        (&"lab".into(), &"gpt-5-mini".into())
    );
    assert_billed(&lab.chat.ledger, &status, "gpt-5-mini");
    let headers = &lab.chat.ledger.calls()[0].headers;
    assert!(
        headers.contains(&("authorization".into(), "Bearer sk-lab-dummy".into())),
        "{headers:?}"
    );
    // No key is ever written down.
    for file in ["antiphon.db", "antiphon.db-wal", "engine.log"] {
        let bytes = lab.home.find(file).map(|path| std::fs::read(path).unwrap());
        let text = String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned();
        assert!(!text.contains("sk-"), "{file}");
    }
}

#[test]
fn ollama_is_asked_for_its_models_and_costs_nothing() {
    let lab = Lab::new();
    let status = converse(&lab, "ollama", None);
    assert_eq!(status["model"], "stand-in:latest");
    let gauges = &status["gauges"];
    assert_eq!(gauges["local"], true);
    assert_eq!(
        (&gauges["cost"]["priced"], &gauges["cost"]["unpriced"]),
        (&0.into(), &0.into())
    );
    let calls = lab.chat.ledger.calls();
    let billed =
        |part: fn(&Billed) -> u64| calls.iter().map(|call| part(&call.billed)).sum::<u64>();
    assert_eq!(gauges["usage"]["input"], billed(|b| b.input + b.cache_read));
    assert_eq!(gauges["usage"]["output"], billed(|b| b.output));
    assert_eq!(gauges["window"], 4096);
}

#[test]
fn a_model_without_a_price_shows_a_question_mark() {
    let lab = Lab::new();
    lab.home
        .ok(&["spawn", "odd", "-b", "openai", "-m", "nobody-knows-this"]);
    lab.home.ok(&["ask", "odd", "hello"]);
    let cost = lab.home.status("odd")["gauges"]["cost"].clone();
    assert!(
        cost["priced"] == 0 && cost["unpriced"].as_i64().unwrap() > 0,
        "{cost}"
    );
    let screen = Screen::open(&lab.home, &[], 120, 30);
    let text = screen.wait_for("a question mark for a price", |text| {
        text.lines()
            .any(|line| line.contains("odd") && line.contains('?'))
    });
    assert!(
        !text.contains("today $0 "),
        "it counts against the budget: {text}"
    );
}

#[test]
fn no_escape_sequence_of_a_model_reaches_the_terminal() {
    let lab = Lab::new();
    let home = &lab.home;
    home.ok(&["spawn", "sly", "-b", "openai", "-m", "gpt-5"]);
    let screen = Screen::open(home, &[], 100, 30);
    screen.wait_for_text("i write to sly");
    let before = screen.raw().len();
    let cli = home.ok(&["ask", "sly", "@ctl"]);
    screen.wait_for("the answer", |text| {
        text.contains("before") && text.contains(" after") && text.contains("idle")
    });
    // The same in a notice, a session's name and a prompt.
    home.ok(&["ask", "sly", "@say fine \x1b]52;c;c3RvbGVu\x07\x1b[2J"]);
    screen.wait_for_text("fine");
    let raw = screen.raw();
    let drawn = String::from_utf8_lossy(&raw[before..]).into_owned();
    for (where_, text) in [("screen", drawn.as_str()), ("ask", cli.as_str())] {
        for bad in ["\x1b]52", "\x1b]0;", "\x1b[2J", "\x07", "\u{9b}"] {
            assert!(!text.contains(bad), "{bad:?} on {where_}");
        }
    }
    assert!(!cli.contains('\x1b'), "{cli:?}");
    let heard = screen.heard();
    assert!(heard.clipboard.is_empty() && heard.bells == 0, "{heard:?}");
    assert_ne!(heard.title.as_deref(), Some("taken"));
    // What the model said is kept as it was.
    let log = home.json(&["log", "sly"]);
    let text = log[0]["blocks"][0]["text"].as_str().unwrap();
    assert!(text.contains('\x1b'), "{text:?}");
    // And a program that prints the log to a terminal is not harmed either.
    assert!(!home.ok(&["log", "sly"]).contains('\x1b'));
}
