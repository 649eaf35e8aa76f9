//! `cargo bench --bench streams`: how fast answers are read on one core, printed beside the aim. The first row cuts
//! bytes into server-sent events; the others go all the way to the text that a session is given, JSON included.

use antiphon::engine::provider::{Wire, read_answer, read_frames};
use std::time::Instant;

/// As much as one read from a connection brings.
const CHUNK: usize = 16 * 1024;
const SIZE: usize = 64_000_000;

const CHAT: &str = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"finish_reason\":null}]}\n\n";
const CHAT_END: &str = "data: [DONE]\n\n";
const MESSAGES: &str = "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" word\"}}\n\n";
const MESSAGES_END: &str = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
const RESPONSES: &str = "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":7,\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\" word\",\"logprobs\":[]}\n\n";
const RESPONSES_END: &str =
    "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"completed\"}}\n\n";
const GEMINI: &str = "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\" word\"}]},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":9,\"totalTokenCount\":9},\"modelVersion\":\"m1\"}\n\n";
const GEMINI_END: &str = "data: {\"candidates\":[{\"finishReason\":\"STOP\"}]}\n\n";

fn main() {
    if cfg!(debug_assertions) {
        println!("(a debug build: the figures say nothing)");
    }
    println!(
        "{:<44}{:>12}   aim",
        "reading answers, one core", "measured"
    );
    let stream = filled(CHAT, "");
    let events = stream.len() / CHAT.len();
    row(
        "server-sent events, cut only",
        &stream,
        "200 MB/s",
        |bytes| {
            let seen = read_frames(bytes.chunks(CHUNK)).expect("a stream");
            assert_eq!(seen.0, events);
        },
    );
    for (name, wire, delta, end) in [
        (
            "Chat Completions, to text",
            Wire::OpenAiChat,
            CHAT,
            CHAT_END,
        ),
        ("Messages, to text", Wire::Anthropic, MESSAGES, MESSAGES_END),
        (
            "Responses, to text",
            Wire::OpenAiResponses,
            RESPONSES,
            RESPONSES_END,
        ),
        ("Gemini, to text", Wire::Gemini, GEMINI, GEMINI_END),
    ] {
        let stream = filled(delta, end);
        let words = (stream.len() - end.len()) / delta.len() * " word".len();
        row(name, &stream, "200 MB/s", |bytes| {
            let text = read_answer(wire, bytes.chunks(CHUNK)).expect("an answer");
            assert_eq!(text, words);
        });
    }
}

fn filled(delta: &str, end: &str) -> Vec<u8> {
    let mut stream = delta.repeat(SIZE / delta.len());
    stream.push_str(end);
    stream.into_bytes()
}

/// The best of three, in megabytes (of 10^6 bytes) per second.
fn row(name: &str, bytes: &[u8], aim: &str, work: impl Fn(&[u8])) {
    let best = (0..3)
        .map(|_| {
            let began = Instant::now();
            work(std::hint::black_box(bytes));
            began.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min);
    let rate = bytes.len() as f64 / 1e6 / best;
    println!("{name:<44}{:>12}   {aim}", format!("{rate:.0} MB/s"));
}
