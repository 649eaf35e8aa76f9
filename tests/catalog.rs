//! The catalogue's public tables, fetched from a stand-in: new, unchanged, spoilt and gone; and the names they give.

mod support;

use serde_json::{Map, Value, json};
use std::fs;
use std::io;
use std::sync::{Arc, Mutex};
use support::{
    home::Home,
    http::{Reply, Request, Server},
};

/// What the stand-in answers.
#[derive(Clone)]
enum Table {
    /// The price of one model in dollars a million, and the mark.
    Priced(f64, &'static str),
    Spoilt(&'static str),
    /// No table at all: a page in the place of it.
    Page,
}

/// A LiteLLM table on loopback, and the marks that its clients sent.
struct Stand {
    server: Server,
    table: Arc<Mutex<Table>>,
    marks: Arc<Mutex<Vec<Option<String>>>>,
}

impl Stand {
    fn start(table: Table) -> Stand {
        let table = Arc::new(Mutex::new(table));
        let marks: Arc<Mutex<Vec<Option<String>>>> = Arc::default();
        let (shown, seen) = (table.clone(), marks.clone());
        let server = Server::start(move |request, reply| {
            let mark = request.header("if-none-match").map(str::to_owned);
            seen.lock().unwrap().push(mark.clone());
            let table = shown.lock().unwrap().clone();
            answer(request, reply, &table, mark.as_deref())
        });
        Stand {
            server,
            table,
            marks,
        }
    }

    fn show(&self, table: Table) {
        *self.table.lock().unwrap() = table;
    }

    fn last_mark(&self) -> Option<String> {
        self.marks.lock().unwrap().last().cloned().flatten()
    }

    /// All tables at the stand-in, so that no test asks the world.
    fn configuration(&self) -> String {
        let names = ["models.dev", "LiteLLM", "OpenRouter", "LiveBench", "Aider"];
        let places = names.map(|name| format!("\"{name}\" = \"{}/{name}\"", self.server.url()));
        format!("[catalog]\nsources = {{ {} }}\n", places.join(", "))
    }
}

fn answer(
    request: &Request,
    reply: &mut Reply<'_>,
    table: &Table,
    mark: Option<&str>,
) -> io::Result<()> {
    if request.path != "/LiteLLM" {
        return reply.json(404, &json!({ "message": "not here" }), &[]);
    }
    match table {
        Table::Priced(_, etag) if mark == Some(etag) => reply.json(304, &Value::Null, &[]),
        Table::Priced(dollars, etag) => reply.json(200, &litellm(*dollars), &[("etag", etag)]),
        Table::Spoilt(etag) => reply.json(200, &json!({ "a": "b" }), &[("etag", etag)]),
        Table::Page => {
            reply.start("text/html", &[])?;
            reply.send("<html>maintenance</html>")?;
            reply.end()
        }
    }
}

/// A table of sixty models, one of which has this price.
fn litellm(dollars: f64) -> Value {
    let row = |dollars: f64| {
        json!({
            "litellm_provider": "openai", "mode": "chat", "max_input_tokens": 100_000,
            "input_cost_per_token": dollars / 1e6, "output_cost_per_token": dollars * 4.0 / 1e6,
            "supports_vision": true,
        })
    };
    let mut rows: Map<String, Value> = (0..60)
        .map(|n| (format!("gpt-test-{n}"), row(1.0)))
        .collect();
    rows.insert("gpt-test-special".into(), row(dollars));
    Value::Object(rows)
}

const REFRESH: [&str; 4] = ["catalog", "refresh", "--source", "LiteLLM"];

/// Dollars a million of the special model, as the engine has it now.
fn price(home: &Home) -> Option<f64> {
    let models = home.json(&["models", "gpt-test-special"]);
    models[0]["input"].as_i64().map(|nano| nano as f64 / 1e9)
}

#[test]
fn a_table_is_fetched_kept_and_fetched_again_only_if_it_changed() {
    let stand = Stand::start(Table::Priced(2.0, "\"v1\""));
    let home = Home::new();
    home.configure(&stand.configuration());
    let told = home.ok(&REFRESH);
    assert!(told.contains("new: gpt-test-0 (openai)"), "{told}");
    assert!(told.contains("of today"), "{told}");
    assert_eq!(stand.last_mark(), None);
    assert_eq!(price(&home), Some(2.0));

    assert!(home.ok(&REFRESH).contains("nothing changed"));
    assert_eq!(stand.last_mark().as_deref(), Some("\"v1\""));
    assert_eq!(price(&home), Some(2.0));

    stand.show(Table::Priced(3.0, "\"v2\""));
    let told = home.ok(&REFRESH);
    let line = "price: gpt-test-special, $2.00 in, $8.00 out → $3.00 in, $12.00 out\n";
    assert!(told.starts_with(line), "{told}");
    assert_eq!(price(&home), Some(3.0));

    // It outlives the engine, and the user's own row lies over it.
    home.ok(&["engine", "stop"]);
    assert_eq!(price(&home), Some(3.0));
    let own = "[[models]]\nid = \"gpt-test-special\"\nprice = { input = 7, output = 8 }\n";
    fs::write(home.antiphon().join("config/models.toml"), own).unwrap();
    home.ok(&["engine", "stop"]);
    assert_eq!(price(&home), Some(7.0));
    let status = home.json(&["catalog", "status"]);
    assert!(status["user_file"].is_string(), "{status}");
    let litellm = &status["sources"][1];
    assert_eq!(
        (&litellm["name"], &litellm["rows"]),
        (&json!("LiteLLM"), &json!(61))
    );
}

#[test]
fn what_cannot_be_had_or_read_leaves_the_last_good_copy_in_force() {
    let stand = Stand::start(Table::Priced(2.0, "\"v1\""));
    let home = Home::new();
    home.configure(&stand.configuration());
    home.ok(&REFRESH);
    let copy = home.find("litellm.json").expect("a copy");
    let good = fs::read(&copy).unwrap();
    for table in [Table::Spoilt("\"v2\""), Table::Page] {
        stand.show(table);
        let told = home.refused(&REFRESH);
        assert!(told.contains("antiphon: LiteLLM: "), "{told}");
        assert!(told.contains("stays as it was"), "{told}");
        assert_eq!(
            stand.last_mark().as_deref(),
            Some("\"v1\""),
            "the mark of the good one"
        );
        assert_eq!(fs::read(&copy).unwrap(), good);
        assert_eq!(price(&home), Some(2.0));
    }
    // All tables: those that are not there are told, the one that is holds.
    stand.show(Table::Priced(4.0, "\"v3\""));
    let told = home.refused(&["catalog", "refresh"]);
    for name in ["models.dev", "OpenRouter", "LiveBench", "Aider"] {
        assert!(told.contains(&format!("antiphon: {name}: ")), "{told}");
    }
    assert!(!told.contains("antiphon: LiteLLM"), "{told}");
    assert_eq!(price(&home), Some(4.0));
    // No network.
    drop(stand);
    let told = home.refused(&REFRESH);
    assert!(told.contains("LiteLLM: nothing listens on"), "{told}");
    assert_eq!(price(&home), Some(4.0));
    home.ok(&["engine", "stop"]);
    assert_eq!(price(&home), Some(4.0));
    // A copy that was spoilt on disk is none; the embedded table holds.
    home.ok(&["engine", "stop"]);
    fs::write(&copy, "{").unwrap();
    assert!(home.ok(&["models", "opus"]).contains("claude-opus"));
    assert!(
        home.refused(&["models", "gpt-test-special"])
            .contains("no model")
    );
}

#[test]
fn a_table_comes_from_a_file_too() {
    let home = Home::new();
    let file = home.user().join("prices.json");
    fs::write(&file, litellm(5.0).to_string()).unwrap();
    let from = format!("litellm={}", file.display());
    home.ok(&["catalog", "refresh", "--from-file", &from]);
    assert_eq!(price(&home), Some(5.0));
    let told = home.refused(&["catalog", "refresh", "--from-file", "LiteLLM=nowhere.json"]);
    assert!(told.contains("cannot be used"), "{told}");
    let told = home.refused(&["catalog", "refresh", "--source", "LitLLM"]);
    assert!(told.contains("did you mean `LiteLLM`?"), "{told}");
}

#[test]
fn models_are_filtered_sorted_and_compared() {
    let home = Home::new();
    let ids = |line: &[&str]| -> Vec<String> {
        let models = home.json(line);
        let ids = models.as_array().unwrap().iter();
        ids.map(|model| model["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let cheap = ids(&[
        "models",
        "--provider",
        "anthropic",
        "--max-price",
        "1",
        "--sort",
        "price",
    ]);
    assert!(
        !cheap.is_empty() && cheap.iter().all(|id| id.contains("haiku")),
        "{cheap:?}"
    );
    let wide = ids(&[
        "models",
        "--can",
        "vision,tools",
        "--min-window",
        "1M",
        "--tier",
        "budget",
    ]);
    assert!(!wide.is_empty() && wide.len() < ids(&["models"]).len());
    let best = home.json(&["models", "--sort", "score:agentic"]);
    assert!(
        best[0]["score"].as_f64() >= best[1]["score"].as_f64(),
        "{}",
        best[0]
    );
    assert!(best[0]["score"].is_f64());
    let table = home.ok(&["models", "opus"]);
    assert!(
        table.contains("Dollars per million tokens. Table of "),
        "{table}"
    );
    let side = home.ok(&["models", "opus", "haiku"]);
    let first = side.lines().next().unwrap_or_default();
    assert!(
        first.contains("claude-opus") && first.contains("claude-haiku"),
        "{side}"
    );
    for (line, what) in [
        (&["models", "--can", "flight"][..], "not an ability"),
        (&["models", "--tier", "gold"], "not a tier"),
        (&["models", "--sort", "beauty"], "no order of models"),
        (
            &["models", "--sort", "score:beauty"],
            "no benchmark has a category",
        ),
        (&["models", "--max-price", "0"], "no model fits"),
        (&["models", "opus", "opuss-9"], "no model `opuss-9`"),
    ] {
        let told = home.refused(line);
        assert!(told.contains(what), "{line:?}: {told}");
    }
}
