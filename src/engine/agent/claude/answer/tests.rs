//! Answers as a receiver of the deltas sees them.

use super::*;
use serde_json::json;

fn start(id: &str) -> Value {
    json!({"type": "message_start", "message": {"id": id}})
}
fn block(kind: &str) -> Value {
    json!({"type": "content_block_start", "content_block": {"type": kind, "id": "t1", "name": "Bash"}})
}
fn more(kind: &str, key: &str, text: &str) -> Value {
    json!({"type": "content_block_delta", "delta": {"type": kind, key: text}})
}
fn words(text: &str) -> Value {
    more("text_delta", "text", text)
}
fn line(id: &str, item: Value) -> Value {
    json!({"id": id, "content": [item]})
}
fn whole(text: &str) -> Value {
    json!({"type": "text", "text": text})
}
fn text_block(text: &str) -> Block {
    Block::Text { text: text.into() }
}

/// Streams the events and returns what a receiver of the deltas has.
fn receive(answer: &mut Answer, has: &mut Vec<Block>, events: &[Value]) {
    for event in events {
        answer.stream(event).iter().for_each(|d| apply(has, d));
    }
}

#[test]
fn streamed_blocks_that_stand_are_not_told_again() {
    let (mut answer, mut has) = (Answer::default(), Vec::new());
    let thought = json!({"type": "thinking", "thinking": "hm"});
    let call = json!({"type": "tool_use", "id": "t1", "name": "Bash", "input": {"command": "ls"}});
    receive(
        &mut answer,
        &mut has,
        &[
            start("m"),
            block("thinking"),
            more("thinking_delta", "thinking", "hm"),
        ],
    );
    assert_eq!(answer.settle(&line("m", thought)), []);
    receive(
        &mut answer,
        &mut has,
        &[block("text"), words("one "), words("two")],
    );
    assert_eq!(answer.settle(&line("m", whole("one two"))), []);
    let json = more("input_json_delta", "partial_json", "{\"command\" : \"ls\"}");
    receive(&mut answer, &mut has, &[block("tool_use"), json]);
    assert_eq!(answer.settle(&line("m", call)), []);
    let result = json!({"tool_use_id": "t1", "content": [{"type": "text", "text": "out"}]});
    apply(&mut has, &answer.tool_ended(&result, false).unwrap());
    assert_eq!(has.len(), 3);
    assert!(
        matches!(&has[2], Block::Tool { output: Some(out), state: ToolState::Done, .. } if out == "out")
    );
    // The next message's text is a block of its own.
    receive(
        &mut answer,
        &mut has,
        &[start("n"), block("text"), words("three")],
    );
    assert_eq!(answer.settle(&line("n", whole("three"))), []);
    assert_eq!(has[3], text_block("three"));
    assert_eq!(answer.end(false, Some("three")), []);
}

#[test]
fn after_a_silent_second_try_nothing_stands_twice() {
    let (mut answer, mut has) = (Answer::default(), Vec::new());
    receive(
        &mut answer,
        &mut has,
        &[start("m"), block("text"), words("half an")],
    );
    receive(
        &mut answer,
        &mut has,
        &[start("n"), block("text"), words("half")],
    );
    assert_eq!(has, [text_block("half")]);
    let deltas = answer.settle(&line("other", whole("half an answer")));
    deltas.iter().for_each(|d| apply(&mut has, d));
    assert_eq!(has, [text_block("half an answer")]);
}

#[test]
fn text_blocks_side_by_side_stay_two() {
    let (mut answer, mut has) = (Answer::default(), Vec::new());
    receive(
        &mut answer,
        &mut has,
        &[start("m"), block("text"), words("a")],
    );
    answer.settle(&line("m", whole("a")));
    receive(
        &mut answer,
        &mut has,
        &[start("n"), block("text"), words("b"), words("c")],
    );
    assert_eq!(has, [text_block("a"), text_block("bc")]);
    assert_eq!(answer.settle(&line("n", whole("bc"))), []);
}

#[test]
fn an_end_leaves_nothing_running() {
    let (mut answer, mut has) = (Answer::default(), Vec::new());
    receive(
        &mut answer,
        &mut has,
        &[start("m"), block("text"), words("a"), block("tool_use")],
    );
    answer
        .end(true, None)
        .iter()
        .for_each(|d| apply(&mut has, d));
    assert_eq!(has[0], text_block("a"));
    assert!(matches!(
        has[1],
        Block::Tool {
            state: ToolState::Failed,
            ..
        }
    ));
    assert_eq!(
        answer.end(false, Some("said")),
        [Delta::Text {
            text: "said".into()
        }]
    );
}

#[test]
fn outputs_are_text_and_bounded() {
    let image = json!([{"type": "image"}, {"type": "text", "text": "x"}]);
    assert_eq!(output_text(&image), "[image]\nx");
    let long = "é".repeat(MOST_OUTPUT);
    let cut = output_text(&json!(long));
    assert!(cut.len() < MOST_OUTPUT + 40 && cut.ends_with("more bytes"));
}
