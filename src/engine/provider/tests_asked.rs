//! What is asked: shared beginnings for the cache, counts of tokens, and what the head of an answer tells.

use super::stand_in::{http, picture, request, serve, stream_all};
use super::*;
use crate::protocol::{Block, Category, response_text};
use serde_json::Value;

/// A conversation of `turns` turns, and a new prompt.
fn conversation(turns: usize, prompt: &str) -> ChatRequest {
    let mut wish = request(Wire::Anthropic, "");
    wish.messages.clear();
    for turn in 0..turns {
        let question = format!("question {turn} \"\u{e9}\"\n");
        wish.messages.push(Message::new(Role::User, question));
        let answer = format!("answer {turn}");
        wish.messages.push(Message::new(Role::Assistant, answer));
    }
    wish.messages.push(Message::new(Role::User, prompt));
    wish
}

/// Which messages are marked for the cache.
fn marks(body: &Value) -> Vec<usize> {
    let messages = body["messages"].as_array().unwrap().iter().enumerate();
    let marked = messages.filter(|(_, message)| message.to_string().contains("cache_control"));
    marked.map(|(at, _)| at).collect()
}

#[test]
fn forks_of_a_primed_session_share_every_byte_up_to_the_mark() {
    for turns in [1, 3, 8, 9, 40] {
        let [one, other] = ["find the bug", "write the tests, at length"].map(|prompt| {
            let mut wish = conversation(turns, prompt);
            wish.messages[0].images = vec![picture()];
            anthropic::body(&wish)
        });
        assert_eq!(one["system"].to_string(), other["system"].to_string());
        let marks = marks(&one);
        let last = marks[marks.len() - 2];
        let kept = Value::from(&one["messages"].as_array().unwrap()[..=last]).to_string();
        let kept = format!("\"messages\":{},", kept.strip_suffix(']').unwrap());
        assert!(kept.contains(&format!("answer {}", turns - 1)));
        let texts = [one.to_string(), other.to_string()];
        let shared = texts.each_ref().map(|text| {
            let at = text.find(&kept).unwrap();
            &text[..at + kept.len()]
        });
        assert_eq!(shared[0], shared[1]);
    }
}

#[test]
fn the_marks_stand_where_the_next_turn_and_forks_find_them() {
    for (turns, expected) in [
        (0, &[0][..]),
        (1, &[1, 2]),
        (8, &[15, 16]),
        (9, &[15, 17, 18]),
        (16, &[15, 31, 32]),
        (17, &[31, 33, 34]),
        (40, &[63, 79, 80]),
    ] {
        let body = anthropic::body(&conversation(turns, "more"));
        assert_eq!(marks(&body), expected, "{turns} turns");
        let all = body.to_string().matches("cache_control").count();
        assert_eq!(all, expected.len() + 1, "the system prompt has one too");
        assert!(all <= 4, "more are refused");
        // The next turn begins with all that this one marked, and finds it within 20 blocks of a mark of its own.
        let next = marks(&anthropic::body(&conversation(turns + 1, "and more")));
        for mark in expected {
            assert!(
                next.iter().any(|n| (*mark..mark + 20).contains(n)),
                "{mark}"
            );
        }
    }
}

#[tokio::test]
async fn tokens_are_counted_where_there_is_someone_who_counts() {
    for (wire, answer, line, counted) in [
        (
            Wire::Anthropic,
            "{\"input_tokens\":2095}",
            "POST /v1/messages/count_tokens ",
            "/messages/0/content/0/text",
        ),
        (
            Wire::Gemini,
            "{\"totalTokens\":2095}",
            "POST /v1beta/models/m1:countTokens ",
            "/generateContentRequest/contents/0/parts/0/text",
        ),
    ] {
        let (base_url, mut told) = serve(http("200 OK", "", answer), false).await;
        let mut wish = request(wire, &base_url);
        wish.headers = vec![("x-own".into(), "yes".into())];
        assert_eq!(count_tokens(&wish).await, Ok(2095));
        let asked = told.recv().await.unwrap();
        let (head, body) = asked.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with(line) && head.contains("x-own: yes"),
            "{head}"
        );
        assert!(head.contains("hush-hush-1") && !head.lines().next().unwrap().contains("hush"));
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body.pointer(counted).unwrap(), "hello", "{body}");
        for unknown in ["max_tokens", "stream", "generationConfig"] {
            assert!(!body.to_string().contains(unknown), "{body}");
        }
        let (base_url, _told) = serve(http("200 OK", "", "{\"other\":1}"), false).await;
        let failure = count_tokens(&request(wire, &base_url)).await.unwrap_err();
        assert_eq!(failure.category, Category::Parse, "{failure}");
    }
    for wire in [Wire::OpenAiChat, Wire::OpenAiResponses, Wire::Ollama] {
        let failure = count_tokens(&request(wire, "")).await.unwrap_err();
        assert!(failure.message.contains("no endpoint"), "{failure}");
    }
}

#[tokio::test]
async fn the_head_comes_first_also_of_a_refusal_and_what_is_left_out_is_said_once() {
    let head = "request-id: req_1\r\nanthropic-ratelimit-requests-remaining: 7\r\n";
    let answer = "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"Hi\"}}\n\n\
                  data: {\"type\":\"message_stop\"}\n\n";
    let limits = Limits {
        requests_remaining: Some(7),
        ..Limits::default()
    };
    let (base_url, _told) = serve(http("200 OK", head, answer), false).await;
    let mut wish = request(Wire::Anthropic, &base_url);
    wish.options.seed = Some(1);
    let seen = stream_all(wish, IDLE_LIMIT).await;
    assert_eq!(seen.head, Some((Some("req_1".into()), limits)));
    assert_eq!(response_text(&seen.blocks), "Hi");
    assert_eq!(seen.blocks.len(), 2);
    assert!(matches!(&seen.blocks[0], Block::Notice { text } if text.ends_with("request: seed.")));

    let (base_url, _told) = serve(http("529 Overloaded", head, "{}"), false).await;
    let seen = stream_all(request(Wire::Anthropic, &base_url), IDLE_LIMIT).await;
    assert_eq!(seen.head, Some((Some("req_1".into()), limits)));
    assert_eq!(seen.failure().category, Category::Overloaded);
}

#[tokio::test]
async fn a_line_of_fifty_megabytes_is_given_up() {
    let body = format!("data: {}", "x".repeat(50_000_000));
    for wire in [Wire::OpenAiResponses, Wire::Gemini, Wire::Ollama] {
        let (base_url, _told) = serve(http("200 OK", "", &body), false).await;
        let seen = stream_all(request(wire, &base_url), IDLE_LIMIT).await;
        let failure = seen.failure();
        assert_eq!(failure.category, Category::Parse, "{failure}");
        assert!(failure.message.contains("8 MiB"), "{failure}");
    }
}
