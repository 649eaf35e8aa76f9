//! JSON as strangers send it.

use serde_json::{Map, Value};

/// Parses an answer. An HTML page, a cut-off or an empty answer is told as what it is.
pub(super) fn parse(body: &[u8]) -> Result<Value, String> {
    let start = body.iter().find(|b| !b.is_ascii_whitespace());
    match start {
        None => return Err("the answer is empty".to_owned()),
        Some(b'<') => return Err("the answer is a web page, not data".to_owned()),
        Some(_) => {}
    }
    serde_json::from_slice(body).map_err(|e| match e.is_eof() {
        true => format!("the answer is cut off at line {}", e.line()),
        false => format!(
            "the answer is not JSON (line {}, column {})",
            e.line(),
            e.column()
        ),
    })
}

pub(super) fn object(value: &Value) -> Result<&Map<String, Value>, String> {
    value
        .as_object()
        .ok_or_else(|| "the answer is JSON of another form than expected".to_owned())
}

/// A number, or a text that is one.
pub(super) fn number(value: &Value, key: &str) -> Option<f64> {
    let value = value.get(key)?;
    let number = value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok())?;
    number.is_finite().then_some(number)
}

/// A whole number above 0. Some tables write 1e6 or "128000".
pub(super) fn count(value: &Value, key: &str) -> Option<u64> {
    number(value, key)
        .filter(|n| *n >= 1.0 && *n < 1e12)
        .map(|n| n as u64)
}

pub(super) fn yes(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// Whether a list of texts has `word`.
pub(super) fn lists(value: &Value, path: &str, word: &str) -> bool {
    let list = value.pointer(path).and_then(Value::as_array);
    list.is_some_and(|list| list.iter().any(|item| item.as_str() == Some(word)))
}
