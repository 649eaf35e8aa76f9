//! Lines to the CLI, as JSON.

use serde_json::{Value, json};

/// A prompt.
pub fn prompt(text: &str) -> Value {
    json!({"type": "user", "message": {"role": "user", "content": text}})
}

/// A request of ours; `fields` is an object with whatever it takes besides its subtype.
pub fn request(id: &str, subtype: &str, mut fields: Value) -> Value {
    fields["subtype"] = subtype.into();
    json!({"type": "control_request", "request_id": id, "request": fields})
}

/// The answer to a request of the CLI's.
pub fn response(id: &str, answer: Value) -> Value {
    json!({"type": "control_response",
        "response": {"subtype": "success", "request_id": id, "response": answer}})
}

/// Says that a request of the CLI's cannot be served, so that it does not wait for it.
pub fn cannot(id: &str) -> Value {
    json!({"type": "control_response",
        "response": {"subtype": "error", "request_id": id, "error": "not supported by this client"}})
}
