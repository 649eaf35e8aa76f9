//! The stand-ins speak as the servers they stand in for: seen over a bare socket, with none of our own code
//! in between.

mod support;

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
};
use support::{
    chat_api::ChatApi,
    ledger::{Billed, tokens},
    messages_api::MessagesApi,
    plan::THOUGHT,
};

/// What came back: status, headers in lower case, body with its chunks joined, and whether it came to its end.
struct Answer {
    status: u16,
    head: String,
    body: String,
    whole: bool,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    /// The JSON of all `data:` lines.
    fn events(&self) -> Vec<Value> {
        let data = self
            .body
            .lines()
            .filter_map(|line| line.strip_prefix("data: "));
        data.filter_map(|line| serde_json::from_str(line).ok())
            .collect()
    }
}

fn send(address: SocketAddr, head: &str, body: &str) -> BufReader<TcpStream> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(support::DEADLINE)).unwrap();
    let length = body.len();
    write!(stream, "{head} HTTP/1.1\r\nhost: x\r\nX-Api-Key: k\r\nanthropic-version: 2023-06-01\r\ncontent-length: {length}\r\n\r\n{body}").unwrap();
    BufReader::new(stream)
}

fn receive(mut reader: BufReader<TcpStream>) -> Answer {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
    let head = head.to_lowercase();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or(0);
    let mut answer = Answer {
        status,
        head,
        body: String::new(),
        whole: false,
    };
    if let Some((_, rest)) = answer.head.split_once("content-length: ") {
        let mut bytes = vec![0; rest.lines().next().unwrap().parse().unwrap()];
        reader.read_exact(&mut bytes).unwrap();
        answer.body = String::from_utf8(bytes).unwrap();
        answer.whole = true;
        return answer;
    }
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return answer;
        }
        let length = usize::from_str_radix(line.trim(), 16).unwrap();
        let mut chunk = vec![0; length + 2];
        reader.read_exact(&mut chunk).unwrap();
        answer
            .body
            .push_str(std::str::from_utf8(&chunk[..length]).unwrap());
        if length == 0 {
            answer.whole = true;
            return answer;
        }
    }
}

fn post(address: SocketAddr, path: &str, body: &Value) -> Answer {
    receive(send(address, &format!("POST {path}"), &body.to_string()))
}

fn get(address: SocketAddr, path: &str) -> Answer {
    receive(send(address, &format!("GET {path}"), ""))
}

fn message(prompt: &str) -> Value {
    json!({ "model": "claude-sonnet-4-5", "max_tokens": 100, "stream": true, "messages": [{ "role": "user", "content": prompt }] })
}

fn chat(prompt: &str) -> Value {
    json!({ "model": "stand-in", "stream": true, "stream_options": { "include_usage": true }, "messages": [{ "role": "user", "content": prompt }] })
}

#[test]
fn messages_stream_thinking_text_and_a_tool_and_bill_them() {
    let api = MessagesApi::start();
    let answer = post(
        api.server.address(),
        "/v1/messages?beta=true",
        &message("@think @tool:Bash {\"command\": \"echo ä\"} go"),
    );
    assert!(answer.whole && answer.head.contains("text/event-stream"));
    let events = answer.events();
    let of = |kind: &str| {
        events
            .iter()
            .filter(|e| e["type"] == kind)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (
            of("message_start").len(),
            of("content_block_stop").len(),
            of("message_stop").len()
        ),
        (1, 3, 1)
    );
    let deltas = of("content_block_delta");
    let input: String = deltas
        .iter()
        .filter_map(|e| e["delta"]["partial_json"].as_str())
        .collect();
    assert_eq!(
        serde_json::from_str::<Value>(&input).unwrap(),
        json!({ "command": "echo ä" })
    );
    assert!(deltas.iter().any(|e| e["delta"]["thinking"] == THOUGHT));
    let last = of("message_delta")[0];
    assert_eq!(last["delta"]["stop_reason"], "tool_use");
    let billed = api.billed()[0].billed;
    assert_eq!(last["usage"]["output_tokens"], billed.output);
    assert_eq!(billed.reasoning, tokens(THOUGHT));
}

#[test]
fn messages_bill_a_marked_prefix_once() {
    let api = MessagesApi::start();
    let text = |text: &str, marked: bool| match marked {
        true => json!({ "type": "text", "text": text, "cache_control": { "type": "ephemeral" } }),
        false => json!({ "type": "text", "text": text }),
    };
    let ask = |blocks: Vec<Value>| {
        let mut body = message("");
        body["messages"][0]["content"] = blocks.into();
        body["system"] = "be brief".into();
        assert_eq!(
            post(api.server.address(), "/v1/messages", &body).status,
            200
        );
        api.billed().last().unwrap().billed
    };
    let long = "history ".repeat(100);
    let first = ask(vec![text(&long, true), text("and now?", false)]);
    assert!(first.cache_write_5m > 200 && first.cache_read == 0 && first.input > 0);
    let second = ask(vec![text(&long, false), text("something else", true)]);
    assert_eq!(second.cache_read, first.cache_write_5m);
    let third = ask(vec![text(&format!("x{long}"), true)]);
    assert_eq!(third.cache_read, 0);
    assert_ne!(first, Billed::default());
}

#[test]
fn messages_refuse_as_they_are_told_and_only_so_often() {
    let api = MessagesApi::start();
    let address = api.server.address();
    let limited = post(address, "/v1/messages", &message("@err:429x1 @retry:7"));
    assert_eq!(
        (limited.status, limited.json()["error"]["type"].as_str()),
        (429, Some("rate_limit_error"))
    );
    assert!(limited.head.contains("retry-after: 7"));
    assert_eq!(
        post(address, "/v1/messages", &message("@err:429x1 @retry:7")).status,
        200
    );
    assert_eq!(
        post(address, "/v1/messages", &message("@err:529")).status,
        529
    );
    assert_eq!(
        post(address, "/v1/messages", &json!({ "model": "m" })).status,
        400
    );
    let mut bare = TcpStream::connect(address).unwrap();
    write!(
        bare,
        "POST /v1/messages HTTP/1.1\r\ncontent-length: 2\r\n\r\n{{}}"
    )
    .unwrap();
    assert_eq!(receive(BufReader::new(bare)).status, 401);
    assert_eq!(receive(send(address, "HEAD /", "")).status, 200);
    let count = post(
        address,
        "/v1/messages/count_tokens",
        &message("four words are here"),
    );
    assert!(count.json()["input_tokens"].as_u64().unwrap() > 4);
    assert_eq!(get(address, "/nothing").status, 404);
    assert_eq!(api.billed().len(), 1);
}

#[test]
fn streams_break_in_every_way() {
    let (messages, chats) = (MessagesApi::start(), ChatApi::start());
    // Prompt, whether the body comes to its end, and what is in it.
    for (prompt, whole, found) in [
        ("@midcut", false, ""),
        ("@midend", true, "stand-in"),
        ("@sseerr", true, "error"),
        ("@badjson", true, "oops"),
    ] {
        for answer in [
            post(messages.server.address(), "/v1/messages", &message(prompt)),
            post(
                chats.server.address(),
                "/v1/chat/completions",
                &chat(prompt),
            ),
            post(chats.server.address(), "/api/chat", &chat(prompt)),
        ] {
            assert_eq!(answer.whole, whole, "{prompt}");
            assert!(answer.body.contains(found), "{prompt}: {}", answer.body);
            for last in ["message_stop", "[DONE]", "\"done\":true"] {
                assert!(!answer.body.contains(last), "{prompt}: {}", answer.body);
            }
        }
    }
    assert!(messages.billed().is_empty());
}

#[test]
fn a_held_answer_waits_for_the_test_and_sees_its_client_go() {
    let api = MessagesApi::start();
    let waiting = send(
        api.server.address(),
        "POST /v1/messages",
        &message("@hold one two three").to_string(),
    );
    api.ledger.wait_for("open call", |calls| {
        calls.len() == 1 && calls[0].finished.is_none()
    });
    api.server.release();
    assert!(receive(waiting).body.contains("message_stop"));
    let leaving = send(
        api.server.address(),
        "POST /v1/messages",
        &message("@hold again").to_string(),
    );
    api.ledger.wait_for("second call", |calls| calls.len() == 2);
    drop(leaving);
    api.ledger
        .wait_for("call given up", |calls| calls[1].finished == Some(false));
}

#[test]
fn chat_completions_give_usage_only_when_asked() {
    let api = ChatApi::start();
    let address = api.server.address();
    let answer = post(
        address,
        "/v1/chat/completions",
        &chat("@think @say one two"),
    );
    assert!(answer.body.ends_with("data: [DONE]\n\n"));
    let events = answer.events();
    let said: String = events
        .iter()
        .filter_map(|e| e["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(said, "one two");
    assert!(
        events
            .iter()
            .any(|e| e["choices"][0]["delta"]["reasoning_content"] == THOUGHT)
    );
    let usage = &events.last().unwrap()["usage"];
    assert_eq!(
        usage["completion_tokens_details"]["reasoning_tokens"],
        tokens(THOUGHT)
    );
    let mut silent = chat("@tool:look {\"at\": 1}");
    silent["stream_options"] = Value::Null;
    let answer = post(address, "/v1/chat/completions", &silent);
    assert!(!answer.body.contains("usage"));
    assert!(answer.body.contains("\"finish_reason\":\"tool_calls\""));
    // The same conversation again is read from the cache.
    post(
        address,
        "/v1/chat/completions",
        &chat("@think @say one two"),
    );
    let calls = api.ledger.calls();
    assert_eq!(calls[2].billed.cache_read, calls[0].billed.input);
    assert_eq!(
        get(address, "/v1/models").json()["data"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        post(address, "/v1/chat/completions", &chat("@err:503")).status,
        503
    );
}

#[test]
fn ollama_streams_lines_and_knows_its_models() {
    let api = ChatApi::start();
    let address = api.server.address();
    let answer = post(address, "/api/chat", &chat("@len:5"));
    let lines: Vec<Value> = answer
        .body
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let said: String = lines
        .iter()
        .filter_map(|line| line["message"]["content"].as_str())
        .collect();
    assert_eq!(said, "word1 word2 word3 word4 word5");
    let billed = api.ledger.calls()[0].billed;
    let last = lines.last().unwrap();
    assert_eq!(
        (last["done"].as_bool(), &last["eval_count"]),
        (Some(true), &json!(billed.output))
    );
    assert_eq!(last["prompt_eval_count"], billed.input);
    let mut unknown = chat("hello");
    unknown["model"] = "absent".into();
    let refused = post(address, "/api/chat", &unknown);
    assert_eq!(
        (refused.status, refused.json()["error"].as_str()),
        (404, Some("model 'absent' not found"))
    );
    assert_eq!(
        get(address, "/api/tags").json()["models"][0]["name"],
        "stand-in:latest"
    );
    assert!(get(address, "/api/version").json()["version"].is_string());
    let shown = post(address, "/api/show", &json!({ "model": "stand-in:small" })).json();
    assert_eq!(shown["model_info"]["llama.context_length"], 4096);
}
