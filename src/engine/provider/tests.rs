//! Whole requests over real sockets, against stand-ins.

use super::stand_in::{http, request, serve, serve_plainly, stream_all};
use super::*;
use crate::protocol::{Category, response_text};
use serde_json::Value;
use std::time::Instant;

const SSE: &str = "content-type: text/event-stream\r\n";
const CHAT: &str = "data: {\"model\":\"m1-2026\",\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n\
                    data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

async fn asked_for(request: ChatRequest, answer: Vec<u8>) -> (stand_in::Seen, String, Value) {
    let (base_url, mut told) = serve(answer, false).await;
    let seen = stream_all(
        ChatRequest {
            base_url,
            ..request
        },
        IDLE_LIMIT,
    )
    .await;
    let asked = told.recv().await.unwrap();
    let (head, body) = asked.split_once("\r\n\r\n").unwrap();
    (
        seen,
        head.to_lowercase(),
        serde_json::from_str(body).unwrap(),
    )
}

#[tokio::test]
async fn each_wire_asks_in_its_own_way() {
    let anthropic = "data: {\"type\":\"message_start\",\"message\":{\"model\":\"m1-2026\"}}\n\n\
                     data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"Hi\"}}\n\n\
                     data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"stop\"}}\n\n\
                     data: {\"type\":\"message_stop\"}\n\n";
    let ollama = "{\"model\":\"m1-2026\",\"message\":{\"content\":\"Hi\"},\"done\":true,\"done_reason\":\"stop\"}\n";
    let responses = "data: {\"type\":\"response.created\",\"response\":{\"model\":\"m1-2026\"}}\n\n\
                     data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n\
                     data: {\"type\":\"response.completed\",\"response\":{\"status\":\"stop\"}}\n\n";
    let gemini = "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"stop\"}],\"modelVersion\":\"m1-2026\"}\n\n";
    for (wire, answer, line, auth) in [
        (
            Wire::Anthropic,
            anthropic,
            "post /v1/messages http/1.1",
            "x-api-key: hush-hush-1",
        ),
        (
            Wire::OpenAiChat,
            CHAT,
            "post /v1/chat/completions http/1.1",
            "authorization: bearer hush-hush-1",
        ),
        (
            Wire::Ollama,
            ollama,
            "post /api/chat http/1.1",
            "authorization: bearer hush-hush-1",
        ),
        (
            Wire::OpenAiResponses,
            responses,
            "post /v1/responses http/1.1",
            "authorization: bearer hush-hush-1",
        ),
        (
            Wire::Gemini,
            gemini,
            "post /v1beta/models/m1:streamgeneratecontent?alt=sse http/1.1",
            "x-goog-api-key: hush-hush-1",
        ),
    ] {
        let mut wish = request(wire, "");
        wish.headers = vec![("X-Own".into(), "yes".into())];
        wish.options.temperature = Some(0.7);
        let (seen, head, body) = asked_for(wish, http("200 OK", SSE, answer)).await;
        assert_eq!(response_text(&seen.blocks), "Hi", "{wire:?}");
        assert_eq!(seen.model.as_deref(), Some("m1-2026"));
        assert_eq!(seen.end, Some(Ok(Some("stop".into()))));
        for expected in [line, auth, "x-own: yes", "user-agent: antiphon/"] {
            assert!(head.contains(expected), "{expected}: {head}");
        }
        // Gemini has both in the address.
        if wire != Wire::Gemini {
            assert_eq!(body["model"], "m1");
            assert_eq!(body["stream"], true);
        }
        let temperature = match wire {
            Wire::Ollama => &body["options"]["temperature"],
            Wire::Gemini => &body["generationConfig"]["temperature"],
            _ => &body["temperature"],
        };
        assert_eq!(temperature, 0.7, "{body}");
    }
}

#[tokio::test]
async fn refusals_become_failures_with_the_time_they_end() {
    let limited = r#"{"error":{"type":"rate_limit_error","message":"slow down, hush-hush-1"}}"#;
    let in_a_minute = jiff::Timestamp::now().as_millisecond() + 60_000;
    for (status, headers, body, category, until) in [
        (
            "429 Too Many Requests",
            "retry-after: 60\r\n",
            limited,
            Category::RateLimit,
            Some(in_a_minute),
        ),
        (
            "429 Too Many Requests",
            "",
            limited,
            Category::RateLimit,
            None,
        ),
        (
            "503 Service Unavailable",
            "retry-after: 60\r\n",
            "hush-hush-1",
            Category::Overloaded,
            Some(in_a_minute),
        ),
        (
            "401 Unauthorized",
            "",
            r#"{"error":"bad key hush-hush-1"}"#,
            Category::Auth,
            None,
        ),
        (
            "302 Found",
            "location: https://other/login?token=hush-hush-1\r\n",
            "",
            Category::BadRequest,
            None,
        ),
        (
            "200 OK",
            "content-type: text/html\r\n",
            "<html>hush-hush-1</html>",
            Category::Parse,
            None,
        ),
    ] {
        let (seen, ..) = asked_for(request(Wire::Anthropic, ""), http(status, headers, body)).await;
        let failure = seen.failure();
        assert_eq!(failure.category, category, "{failure}");
        assert_eq!(failure.until.is_some(), until.is_some(), "{failure:?}");
        let off = failure.until.unwrap_or(0) - until.unwrap_or(0);
        assert!((0..10_000).contains(&off), "{off} ms off");
        assert!(!format!("{failure:?}").contains("hush"), "{failure:?}");
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_from_one_that_is_done() {
    let (cut, done) = CHAT.split_at(CHAT.find("data: {\"choices\":[{\"delta\":{},").unwrap());
    let chunked = format!("transfer-encoding: chunked\r\n{SSE}");
    // A chunk announced as longer than what comes.
    let broken = format!("fff\r\n{cut}");
    for (headers, body, hold, expected) in [
        (SSE, cut, false, Err(Category::CutOff)),
        (
            chunked.as_str(),
            broken.as_str(),
            false,
            Err(Category::CutOff),
        ),
        (SSE, cut, true, Err(Category::Timeout)),
        // Finished, and the server forgets to hang up.
        (
            SSE,
            &CHAT[..cut.len() + done.find("data: [").unwrap()],
            true,
            Ok(()),
        ),
    ] {
        let (base_url, _told) = serve(http("200 OK", headers, body), hold).await;
        let wish = request(Wire::OpenAiChat, &base_url);
        let seen = stream_all(wish, Duration::from_millis(300)).await;
        assert_eq!(response_text(&seen.blocks), "Hi");
        let end = seen.end.unwrap();
        assert_eq!(end.map(|_| ()).map_err(|f| f.category), expected);
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    for (wire, base_url, message, next) in [
        (
            Wire::Ollama,
            format!("http://127.0.0.1:{port}"),
            "nothing listens on http://127.0.0.1:",
            "ollama serve",
        ),
        (
            Wire::OpenAiChat,
            format!("http://127.0.0.1:{port}/v1"),
            "nothing listens",
            "start the server",
        ),
        (
            Wire::OpenAiChat,
            // Longer than a name may be: refused without asking the network.
            format!("http://{}.invalid", "x".repeat(70)),
            "the name in http://xxx",
            "base_url",
        ),
    ] {
        let seen = stream_all(request(wire, &base_url), IDLE_LIMIT).await;
        let failure = seen.failure();
        assert_eq!(failure.category, Category::Network, "{failure}");
        assert!(failure.message.contains(message), "{failure}");
        assert!(failure.next.contains(next), "{failure}");
    }
    let (base_url, _told) = serve(b"not http at all\r\n\r\n".to_vec(), false).await;
    let seen = stream_all(request(Wire::OpenAiChat, &base_url), IDLE_LIMIT).await;
    assert_eq!(seen.failure().category, Category::Network);
    // Plain text where TLS is expected; a machine without certificates does not get that far.
    let (base_url, _told) = serve_plainly(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let base_url = base_url.replace("http:", "https:");
    let seen = stream_all(request(Wire::OpenAiChat, &base_url), IDLE_LIMIT).await;
    let failure = seen.failure();
    assert_eq!(failure.category, Category::Network);
    assert!(
        failure.message.contains("secure connection")
            || failure.message.contains("no CA certificates"),
        "{failure}"
    );
    assert!(failure.message.contains(&base_url), "{failure}");
}

#[tokio::test]
async fn dropping_the_stream_closes_the_connection() {
    let (base_url, mut at_server) = serve(http("200 OK", SSE, &CHAT[..CHAT.len() / 2]), true).await;
    let (tell, mut told) = tokio::sync::mpsc::channel(4);
    let task = tokio::spawn(stream(request(Wire::OpenAiChat, &base_url), tell));
    let first = told.recv().await;
    assert!(
        matches!(first, Some(StreamEvent::Answered { .. })),
        "{first:?}"
    );
    assert!(matches!(told.recv().await, Some(StreamEvent::Model(_))));
    task.abort();
    assert!(at_server.recv().await.unwrap().starts_with("POST "));
    let closed = tokio::time::timeout(Duration::from_secs(10), at_server.recv()).await;
    assert_eq!(closed.unwrap().as_deref(), Some("closed"));
    while let Some(event) = told.recv().await {
        let end = matches!(event, StreamEvent::Ended { .. } | StreamEvent::Failed(_));
        assert!(!end, "{event:?}");
    }
}

#[tokio::test]
async fn models_are_listed() {
    let list = r#"{"models":[{"name":"qwen3:32b"},{"model":"b:latest"}]}"#;
    let (base_url, mut told) = serve(http("200 OK", "", list), false).await;
    let models = probe_ollama(&base_url, Duration::from_secs(5)).await;
    assert_eq!(models.unwrap(), ["qwen3:32b", "b:latest"]);
    assert!(told.recv().await.unwrap().starts_with("GET /api/tags "));

    let list = r#"{"object":"list","data":[{"id":"m1"},{"id":"m2"}]}"#;
    let (base_url, mut told) = serve(http("200 OK", "", list), false).await;
    let key = Secret::new("hush");
    let models = probe_models(Wire::Anthropic, &base_url, Some(&key)).await;
    assert_eq!(models.unwrap(), ["m1", "m2"]);
    let asked = told.recv().await.unwrap();
    assert!(asked.starts_with("GET /v1/models?limit=1000 ") && asked.contains("x-api-key: hush"));

    let list = r#"{"models":[{"name":"models/g1","supportedGenerationMethods":["generateContent"]},
        {"name":"models/e1","supportedGenerationMethods":["embedContent"]},{"name":"models/g2"}]}"#;
    let (base_url, mut told) = serve(http("200 OK", "", list), false).await;
    let models = probe_models(Wire::Gemini, &base_url, Some(&key)).await;
    assert_eq!(models.unwrap(), ["g1", "g2"]);
    let asked = told.recv().await.unwrap();
    assert!(
        asked.starts_with("GET /v1beta/models?pageSize=1000 "),
        "{asked}"
    );
    assert!(asked.contains("x-goog-api-key: hush"), "{asked}");

    let show = r#"{"model_info":{"llama.context_length":4096}}"#;
    let (base_url, _told) = serve(http("200 OK", "", show), false).await;
    assert_eq!(ollama_window(&base_url, "m1").await, Some(4096));

    let (base_url, _told) = serve(Vec::new(), true).await;
    let began = Instant::now();
    let silent = probe_ollama(&base_url, Duration::from_millis(100)).await;
    assert_eq!(silent.unwrap_err().category, Category::Timeout);
    assert!(began.elapsed() < Duration::from_secs(5));
}
