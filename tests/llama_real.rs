//! A real inference server, llama.cpp's `llama-server`, on the three wires that it speaks: Chat Completions, Responses
//! and Messages; and through the whole program. What it says may be nonsense, what it counts is not.
//!
//! Runs where `ANTIPHON_LLAMA` is its address: `llama-server -m MODEL.gguf --jinja --port 8080`, then
//! `ANTIPHON_LLAMA=http://127.0.0.1:8080 cargo test --test llama_real`. Any small model will do.

mod support;

use antiphon::engine::provider::{
    ChatRequest, Image, Message, Options, Role, StreamEvent, Wire, count_tokens, probe_models,
    stream,
};
use antiphon::protocol::{Block, Category, Delta, Failure, Usage, apply, response_text};
use support::home::Home;

/// The address of the server; `None` where there is none.
fn server() -> Option<String> {
    let address = std::env::var("ANTIPHON_LLAMA").ok();
    if address.is_none() {
        support::skipped(
            "a real llama.cpp server; ANTIPHON_LLAMA=URL cargo test --test llama_real",
        );
    }
    address
}

const WIRES: [Wire; 3] = [Wire::OpenAiChat, Wire::OpenAiResponses, Wire::Anthropic];

fn request(wire: Wire, base_url: &str, prompts: &[&str]) -> ChatRequest {
    // One and the same answer each time.
    let options = Options {
        temperature: Some(0.0),
        ..Options::default()
    };
    let roles = [Role::User, Role::Assistant].into_iter().cycle();
    ChatRequest {
        wire,
        base_url: base_url.into(),
        key: None,
        headers: Vec::new(),
        model: "any".into(),
        system: Some("Answer in one word.".into()),
        messages: roles
            .zip(prompts)
            .map(|(role, text)| Message::new(role, *text))
            .collect(),
        max_output_tokens: 8,
        options,
    }
}

/// What came of a request.
#[derive(Debug, Default)]
struct Seen {
    answered: usize,
    blocks: Vec<Block>,
    model: Option<String>,
    usage: Option<Usage>,
    pace: Option<f32>,
    end: Option<Result<Option<String>, Failure>>,
}

impl Seen {
    fn usage(&self) -> Usage {
        self.usage.unwrap_or_else(|| panic!("no usage: {self:?}"))
    }

    /// All the model said, be it to itself.
    fn said(&self) -> String {
        let texts = self.blocks.iter().map(|block| match block {
            Block::Text { text } | Block::Thinking { text } => text.as_str(),
            _ => "",
        });
        texts.collect()
    }
}

async fn ask(request: ChatRequest) -> Seen {
    let (tell, mut told) = tokio::sync::mpsc::channel(16);
    let task = tokio::spawn(stream(request, tell));
    let mut seen = Seen::default();
    while let Some(event) = told.recv().await {
        assert!(seen.end.is_none(), "{event:?} after the end");
        match event {
            StreamEvent::Answered { .. } => seen.answered += 1,
            StreamEvent::Delta(delta) => apply(&mut seen.blocks, &delta),
            StreamEvent::Model(name) => seen.model = Some(name),
            StreamEvent::Usage(usage) => seen.usage = Some(usage),
            StreamEvent::Pace { tokens_per_second } => seen.pace = Some(tokens_per_second),
            StreamEvent::Ended { stop_reason } => seen.end = Some(Ok(stop_reason)),
            StreamEvent::Failed(failure) => seen.end = Some(Err(failure)),
        }
    }
    task.await.expect("no panic");
    seen
}

#[tokio::test]
async fn each_wire_is_answered_and_counted_alike() {
    let Some(url) = server() else { return };
    let models = probe_models(Wire::OpenAiChat, &url, None).await;
    assert!(!models.as_ref().expect("a list").is_empty());
    let mut totals = Vec::new();
    for wire in WIRES {
        let seen = ask(request(wire, &url, &["Say something."])).await;
        println!("{wire:?}: {seen:?}");
        assert!(matches!(seen.end, Some(Ok(Some(_)))), "{seen:?}");
        assert_eq!(seen.answered, 1);
        assert!(seen.model.is_some(), "{seen:?}");
        assert!(!seen.said().is_empty(), "{seen:?}");
        let usage = seen.usage();
        assert!(!usage.estimated && usage.total_input() > 10, "{usage:?}");
        assert!((1..=8).contains(&usage.total_output()), "{usage:?}");
        if wire != Wire::Anthropic {
            assert!(seen.pace.is_some_and(|pace| pace > 0.0), "{seen:?}");
        }
        totals.push((usage.total_input(), usage.total_output()));

        // The next turn finds the first in the server's memory.
        let answer = seen.said();
        let prompts = ["Say something.", answer.as_str(), "Say more."];
        let usage = ask(request(wire, &url, &prompts)).await.usage();
        println!("{wire:?}, second turn: {usage:?}");
        assert!(usage.cache_read > 0, "{wire:?} {usage:?}");
        assert!(usage.total_input() > totals[0].0, "{wire:?} {usage:?}");
    }
    assert!(totals.windows(2).all(|two| two[0] == two[1]), "{totals:?}");
    let counted = count_tokens(&request(Wire::Anthropic, &url, &["Say something."])).await;
    assert_eq!(counted, Ok(totals[0].0));
}

#[tokio::test]
async fn options_reach_the_server() {
    let Some(url) = server() else { return };
    for wire in WIRES {
        let mut wish = request(wire, &url, &["Count to one hundred."]);
        wish.options = Options {
            temperature: Some(1.0),
            top_p: Some(0.9),
            top_k: Some(1),
            ..Options::default()
        };
        wish.max_output_tokens = 3;
        let seen = ask(wish.clone()).await;
        assert!(matches!(seen.end, Some(Ok(_))), "{seen:?}");
        assert!(seen.usage().total_output() <= 3, "{seen:?}");
        let left_out = seen
            .blocks
            .iter()
            .any(|block| matches!(block, Block::Notice { text } if text.contains("top_k")));
        assert_eq!(left_out, wire == Wire::OpenAiResponses, "{seen:?}");
        if wire == Wire::OpenAiChat {
            // The likeliest token only: the same again.
            assert_eq!(ask(wish).await.said(), seen.said());
        }
    }
}

#[tokio::test]
async fn refusals_of_a_real_server_are_understood() {
    let Some(url) = server() else { return };
    // One white pixel.
    let gif =
        b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("white.gif");
    std::fs::write(&path, gif).expect("written");
    let long = "word ".repeat(400_000);
    for wire in WIRES {
        let mut wish = request(wire, &url, &["What is this?"]);
        wish.messages[0].images = vec![Image::read(&path).expect("an image")];
        let seen = ask(wish).await;
        println!("{wire:?}, image: {:?}", seen.end);
        // A model that sees is as good.
        if let Some(Err(failure)) = &seen.end {
            assert_eq!(seen.answered, 1);
            assert_eq!(failure.category, Category::CapabilityMismatch);
            assert!(failure.next.contains("images"), "{failure}");
        }
        let seen = ask(request(wire, &url, &[&long])).await;
        println!("{wire:?}, too long: {:?}", seen.end);
        match &seen.end {
            Some(Err(failure)) => assert_eq!(failure.category, Category::ContextOverflow),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_stream_that_is_dropped_stops_the_server() {
    let Some(url) = server() else { return };
    let (tell, mut told) = tokio::sync::mpsc::channel(1);
    let mut wish = request(Wire::OpenAiChat, &url, &["Never stop."]);
    wish.max_output_tokens = 4000;
    let task = tokio::spawn(stream(wish, tell));
    while let Some(event) = told.recv().await {
        if matches!(event, StreamEvent::Delta(Delta::Text { .. })) {
            break;
        }
    }
    task.abort();
    assert!(task.await.is_err_and(|end| end.is_cancelled()));
    // Its only slot is free again.
    let seen = ask(request(Wire::OpenAiChat, &url, &["And now?"])).await;
    assert!(matches!(seen.end, Some(Ok(_))), "{seen:?}");
}

#[test]
fn the_program_asks_it_as_an_endpoint() {
    let Some(url) = server() else { return };
    let home = Home::new();
    home.configure(&format!(
        "max_output_tokens = 8\n[endpoints.llama]\nbase_url = \"{url}/v1\"\nmodel = \"any\"\nlocal = true\n"
    ));
    home.ok(&["spawn", "nonsense", "--backend", "llama"]);
    home.ok(&["ask", "nonsense", "Say something."]);
    home.ok(&["fork", "nonsense", "more"]);
    home.ok(&["ask", "more", "Say more."]);
    let log = home.json(&["log", "more"]);
    let turns = log.as_array().expect("turns");
    assert_eq!(turns.len(), 2, "{log}");
    for turn in turns {
        let blocks: Vec<Block> = serde_json::from_value(turn["blocks"].clone()).expect("blocks");
        assert!(!response_text(&blocks).is_empty(), "{turn}");
        let usage: Usage = serde_json::from_value(turn["usage"].clone()).expect("usage");
        assert!(!usage.estimated && usage.total_input() > 10, "{turn}");
        assert!((1..=8).contains(&usage.total_output()), "{turn}");
    }
    let shared: Usage = serde_json::from_value(turns[1]["usage"].clone()).expect("usage");
    assert!(
        shared.cache_read > 0,
        "the fork reads what was primed: {log}"
    );
}
