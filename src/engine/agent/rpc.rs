//! JSON-RPC on lines, as Codex's app-server and the Agent Client Protocol speak it: who asks gets an answer under
//! the id it gave. Pure: lines to be sent are collected, not sent.

use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The request is of a method that is not known here.
pub const NO_METHOD: i64 = -32601;

/// One end of a connection. `A` is what a request of ours was about, so that its answer is understood.
#[derive(Debug)]
pub struct Rpc<A> {
    next: u64,
    /// Requests of ours that are not answered yet.
    asked: BTreeMap<u64, A>,
    lines: Vec<Value>,
}

/// What a line is.
#[derive(Debug, PartialEq)]
pub enum Heard<'a, A> {
    /// A request of theirs. It waits until [`Rpc::answer`] or [`Rpc::refuse`].
    Request {
        id: &'a Value,
        method: &'a str,
        params: &'a Value,
    },
    /// Told without waiting for an answer.
    Notification { method: &'a str, params: &'a Value },
    /// The answer to a request of ours: its result, or its error.
    Answer {
        asked: A,
        answer: Result<&'a Value, &'a Value>,
    },
    /// No message, or an answer to something that was not asked.
    Nothing,
}

impl<A> Default for Rpc<A> {
    fn default() -> Rpc<A> {
        Rpc {
            next: 1,
            asked: BTreeMap::new(),
            lines: Vec::new(),
        }
    }
}

impl<A> Rpc<A> {
    /// Sends a request; its answer is heard with `asked`.
    pub fn ask(&mut self, asked: A, method: &str, params: Value) {
        let id = self.next;
        self.next += 1;
        self.asked.insert(id, asked);
        self.lines
            .push(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
    }

    /// Tells something that needs no answer.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.lines
            .push(json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Answers a request of theirs.
    pub fn answer(&mut self, id: &Value, result: Value) {
        self.lines
            .push(json!({"jsonrpc": "2.0", "id": id, "result": result}));
    }

    /// Says that a request of theirs cannot be served, so that nobody waits for it.
    pub fn refuse(&mut self, id: &Value, code: i64, message: &str) {
        let error = json!({"code": code, "message": message});
        self.lines
            .push(json!({"jsonrpc": "2.0", "id": id, "error": error}));
    }

    /// Says what a line of theirs is.
    pub fn hear<'a>(&mut self, line: &'a Value) -> Heard<'a, A> {
        let id = &line["id"];
        match (line["method"].as_str(), id) {
            (Some(method), Value::Null) => Heard::Notification {
                method,
                params: &line["params"],
            },
            (Some(method), id) => Heard::Request {
                id,
                method,
                params: &line["params"],
            },
            (None, id) => match id.as_u64().and_then(|id| self.asked.remove(&id)) {
                Some(asked) => Heard::Answer {
                    asked,
                    answer: match &line["error"] {
                        Value::Null => Ok(&line["result"]),
                        error => Err(error),
                    },
                },
                None => Heard::Nothing,
            },
        }
    }

    /// Lines to be sent, in order; each is given once.
    pub fn take(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_find_their_questions() {
        let mut rpc = Rpc::default();
        rpc.ask("hello", "initialize", json!({"x": 1}));
        rpc.ask("bye", "close", Value::Null);
        let said = rpc.take();
        assert_eq!(
            said[0],
            json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"x": 1}})
        );
        assert_eq!(rpc.take(), Vec::<Value>::new());
        let error = json!({"id": 2, "error": {"code": 1, "message": "no"}});
        let (no, yes) = (
            json!({"code": 1, "message": "no"}),
            json!({"id": 1, "result": [5]}),
        );
        assert_eq!(
            rpc.hear(&error),
            Heard::Answer {
                asked: "bye",
                answer: Err(&no)
            }
        );
        assert_eq!(
            rpc.hear(&yes),
            Heard::Answer {
                asked: "hello",
                answer: Ok(&json!([5]))
            }
        );
        assert_eq!(rpc.hear(&yes), Heard::Nothing, "answered once");
    }

    #[test]
    fn requests_and_notifications_are_told_apart_and_the_rest_is_nothing() {
        let mut rpc = Rpc::<()>::default();
        let (request, notification) = (
            json!({"id": "a-1", "method": "ask", "params": {"q": 1}}),
            json!({"method": "told"}),
        );
        let id = json!("a-1");
        assert_eq!(
            rpc.hear(&request),
            Heard::Request {
                id: &id,
                method: "ask",
                params: &json!({"q": 1})
            }
        );
        assert_eq!(
            rpc.hear(&notification),
            Heard::Notification {
                method: "told",
                params: &Value::Null
            }
        );
        for line in [
            json!(null),
            json!([1]),
            json!("x"),
            json!({"id": 9, "result": 1}),
        ] {
            assert_eq!(rpc.hear(&line), Heard::Nothing, "{line}");
        }
        rpc.answer(&id, json!({"ok": true}));
        rpc.refuse(&json!(7), NO_METHOD, "not known");
        rpc.notify("done", json!({}));
        assert_eq!(
            rpc.take(),
            [
                json!({"jsonrpc": "2.0", "id": "a-1", "result": {"ok": true}}),
                json!({"jsonrpc": "2.0", "id": 7, "error": {"code": -32601, "message": "not known"}}),
                json!({"jsonrpc": "2.0", "method": "done", "params": {}}),
            ]
        );
    }
}
