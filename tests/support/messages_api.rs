//! A stand-in for Anthropic's Messages API, near enough for the real Claude Code CLI. It bills as the API
//! documents it: a prefix that was marked with `cache_control` before is read from the cache.

use super::{
    directives::Middle,
    http::{Reply, Request, Server},
    ledger::{Billed, Call, Ledger, Mark, tokens},
    plan::{Plan, THOUGHT},
};
use serde_json::{Value, json};
use std::{io, sync::Arc};

/// A running stand-in.
pub struct MessagesApi {
    pub server: Server,
    pub ledger: Arc<Ledger>,
}

impl MessagesApi {
    pub fn start() -> MessagesApi {
        let ledger = Arc::new(Ledger::default());
        let book = ledger.clone();
        let server = Server::start(move |request, reply| answer(request, reply, &book));
        MessagesApi { server, ledger }
    }

    pub fn url(&self) -> String {
        self.server.url()
    }

    /// The calls for an answer that were answered to their end.
    pub fn billed(&self) -> Vec<Call> {
        let calls = self.ledger.calls();
        calls
            .into_iter()
            .filter(|call| call.finished == Some(true))
            .collect()
    }
}

fn answer(request: &Request, reply: &mut Reply<'_>, ledger: &Ledger) -> io::Result<()> {
    let missing = || error_body(404, &format!("no {} {} here", request.method, request.path));
    match (request.method.as_str(), request.path.as_str()) {
        ("HEAD", _) => reply.json(200, &Value::Null, &[]),
        ("GET", "/v1/models") => reply.json(200, &models(), &[]),
        ("POST", "/v1/messages/count_tokens") => {
            let count: u64 = conversation(&request.json())
                .iter()
                .map(|(piece, _)| tokens(piece))
                .sum();
            reply.json(200, &json!({ "input_tokens": count }), &[])
        }
        ("POST", "/v1/messages") => messages(request, reply, ledger),
        _ => reply.json(404, &missing(), &[]),
    }
}

fn models() -> Value {
    let model = |id: &str| json!({ "type": "model", "id": id, "display_name": id, "created_at": "2025-09-29T00:00:00Z" });
    json!({ "data": [model("claude-sonnet-4-5"), model("claude-haiku-4-5")], "has_more": false,
        "first_id": "claude-sonnet-4-5", "last_id": "claude-haiku-4-5" })
}

fn messages(request: &Request, reply: &mut Reply<'_>, ledger: &Ledger) -> io::Result<()> {
    let body = request.json();
    let (prompt, tool_result) = newest(&body);
    let model = body["model"].as_str().unwrap_or_default().to_owned();
    let call = ledger.open(Call {
        path: request.path.clone(),
        headers: request.headers.clone(),
        body: body.clone(),
        model: model.clone(),
        prompt: prompt.clone(),
        status: 0,
        billed: Billed::default(),
        finished: None,
    });
    let users = body["messages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|m| m["role"] == "user")
        .count();
    let plan = Plan::new(&prompt, users, tool_result.as_deref());
    if let Some((status, message)) = refusal(request, &body, &plan, &prompt, ledger) {
        let retry = plan
            .directives
            .retry_after
            .clone()
            .unwrap_or_else(|| "1".into());
        let headers: &[(&str, &str)] = if status == 429 {
            &[("retry-after", &retry)]
        } else {
            &[]
        };
        ledger.close(call, status, None);
        return reply.json(status, &error_body(status, &message), headers);
    }
    let blocks = blocks(&plan, call);
    let mut billed = ledger.bill_input(&conversation(&body), false);
    billed.reasoning = if plan.directives.think {
        tokens(THOUGHT)
    } else {
        0
    };
    billed.output = blocks.iter().map(|block| tokens(&block.to_string())).sum();
    let message = json!({ "id": format!("msg_{call:024}"), "type": "message", "role": "assistant", "model": model,
        "content": [], "stop_reason": null, "stop_sequence": null, "usage": usage(&billed, 1) });
    // Before the client can know, so that a test that saw the answer finds it in the ledger.
    let settle = || ledger.close(call, 200, Some(billed));
    let result = match body["stream"].as_bool() {
        Some(true) => stream(reply, message, &blocks, &plan, &billed, settle),
        _ => {
            let mut whole = message;
            whole["content"] = blocks.into();
            whole["stop_reason"] = stop_reason(&plan).into();
            whole["usage"] = usage(&billed, billed.output);
            settle();
            reply.json(200, &whole, &[]).map(|()| true)
        }
    };
    if !matches!(result, Ok(true)) {
        ledger.close(call, 200, None);
    }
    result.map(|_| ())
}

fn refusal(
    request: &Request,
    body: &Value,
    plan: &Plan,
    prompt: &str,
    ledger: &Ledger,
) -> Option<(u16, String)> {
    if request
        .header("x-api-key")
        .or(request.header("authorization"))
        .is_none_or(str::is_empty)
    {
        return Some((401, "x-api-key header is required".into()));
    }
    if request.header("anthropic-version").is_none() {
        return Some((400, "anthropic-version: header is required".into()));
    }
    for field in ["model", "messages", "max_tokens"] {
        if body[field].is_null() {
            return Some((400, format!("{field}: Field required")));
        }
    }
    let (status, times) = plan.directives.error?;
    ledger
        .fails(prompt, times)
        .then(|| (status, format!("the stand-in was asked for a {status}")))
}

/// Whether the stream was given to its end.
fn stream(
    reply: &mut Reply<'_>,
    message: Value,
    blocks: &[Value],
    plan: &Plan,
    billed: &Billed,
    settle: impl Fn(),
) -> io::Result<bool> {
    reply.start(
        "text/event-stream",
        &[
            ("cache-control", "no-cache"),
            ("request-id", "req_stand_in"),
        ],
    )?;
    event(
        reply,
        json!({ "type": "message_start", "message": message }),
    )?;
    event(reply, json!({ "type": "ping" }))?;
    for (index, block) in blocks.iter().enumerate() {
        let mut empty = block.clone();
        for (field, blank) in [
            ("text", json!("")),
            ("thinking", json!("")),
            ("signature", json!("")),
            ("input", json!({})),
        ] {
            if empty.get(field).is_some() {
                empty[field] = blank;
            }
        }
        event(
            reply,
            json!({ "type": "content_block_start", "index": index, "content_block": empty }),
        )?;
        let delta = |reply: &mut Reply<'_>, delta: Value| {
            event(
                reply,
                json!({ "type": "content_block_delta", "index": index, "delta": delta }),
            )
        };
        match block["type"].as_str() {
            Some("thinking") => {
                delta(
                    reply,
                    json!({ "type": "thinking_delta", "thinking": block["thinking"] }),
                )?;
                delta(
                    reply,
                    json!({ "type": "signature_delta", "signature": block["signature"] }),
                )?;
            }
            Some("tool_use") => {
                let input = block["input"].to_string();
                let half = (0..=input.len() / 2)
                    .rev()
                    .find(|&n| input.is_char_boundary(n))
                    .unwrap_or(0);
                for part in [&input[..half], &input[half..]] {
                    delta(
                        reply,
                        json!({ "type": "input_json_delta", "partial_json": part }),
                    )?;
                }
            }
            _ => {
                let middle = plan.stream(reply, |reply, text| {
                    delta(reply, json!({ "type": "text_delta", "text": text }))
                })?;
                if let Some(middle) = middle {
                    match middle {
                        Middle::Error => {
                            let error =
                                json!({ "type": "overloaded_error", "message": "Overloaded" });
                            event(reply, json!({ "type": "error", "error": error }))?;
                        }
                        Middle::BadJson => {
                            reply.send("event: content_block_delta\ndata: {\"type\": oops\n\n")?
                        }
                        Middle::End | Middle::GoOn | Middle::Hold | Middle::Cut => {}
                    }
                    reply.end()?;
                    return Ok(false);
                }
            }
        }
        event(
            reply,
            json!({ "type": "content_block_stop", "index": index }),
        )?;
    }
    settle();
    let delta = json!({ "stop_reason": stop_reason(plan), "stop_sequence": null });
    event(
        reply,
        json!({ "type": "message_delta", "delta": delta, "usage": usage(billed, billed.output) }),
    )?;
    event(reply, json!({ "type": "message_stop" }))?;
    reply.end()?;
    Ok(true)
}

fn event(reply: &mut Reply<'_>, data: Value) -> io::Result<()> {
    let name = data["type"].as_str().unwrap_or_default();
    reply.send(&format!("event: {name}\ndata: {data}\n\n"))
}

fn stop_reason(plan: &Plan) -> &'static str {
    if plan.tool.is_some() {
        "tool_use"
    } else {
        "end_turn"
    }
}

fn usage(billed: &Billed, output: u64) -> Value {
    json!({
        "input_tokens": billed.input,
        "cache_read_input_tokens": billed.cache_read,
        "cache_creation_input_tokens": billed.cache_write_5m + billed.cache_write_1h,
        "cache_creation": {
            "ephemeral_5m_input_tokens": billed.cache_write_5m,
            "ephemeral_1h_input_tokens": billed.cache_write_1h,
        },
        "output_tokens": output,
        "output_tokens_details": { "thinking_tokens": billed.reasoning.min(output) },
        "service_tier": "standard",
    })
}

fn blocks(plan: &Plan, call: usize) -> Vec<Value> {
    let mut blocks = Vec::new();
    if plan.directives.think {
        blocks
            .push(json!({ "type": "thinking", "thinking": THOUGHT, "signature": "c3RhbmQtaW4=" }));
    }
    blocks.push(json!({ "type": "text", "text": plan.text }));
    if let Some((name, input)) = &plan.tool {
        blocks.push(json!({ "type": "tool_use", "id": format!("toolu_{call:022}"), "name": name, "input": input }));
    }
    blocks
}

fn error_body(status: u16, message: &str) -> Value {
    let kind = match status {
        400 => "invalid_request_error",
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        413 => "request_too_large",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        _ => "api_error",
    };
    json!({ "type": "error", "error": { "type": kind, "message": message }, "request_id": "req_stand_in" })
}

/// Content as blocks, also where it is a plain text.
fn content(value: &Value) -> Vec<Value> {
    match value {
        Value::String(text) => vec![json!({ "type": "text", "text": text })],
        Value::Array(blocks) => blocks.clone(),
        _ => Vec::new(),
    }
}

/// The newest text of the user's, and what a tool said if that is newer. Notes that Claude Code slips in
/// between are passed over.
fn newest(body: &Value) -> (String, Option<String>) {
    let mut tool_result = None;
    for message in body["messages"].as_array().into_iter().flatten().rev() {
        if message["role"] != "user" {
            continue;
        }
        let blocks = content(&message["content"]);
        if let Some(result) = blocks.iter().find(|block| block["type"] == "tool_result") {
            let texts = content(&result["content"]);
            tool_result.get_or_insert(
                texts
                    .iter()
                    .filter_map(|t| t["text"].as_str())
                    .collect::<String>(),
            );
        }
        let said = blocks
            .iter()
            .rev()
            .filter_map(|block| block["text"].as_str());
        if let Some(text) = said
            .into_iter()
            .find(|text| !text.trim_start().starts_with("<system-reminder>"))
        {
            return (text.to_owned(), tool_result);
        }
    }
    (String::new(), tool_result)
}

/// All pieces of a request in the order in which the API caches them, and where it is asked to.
fn conversation(body: &Value) -> Vec<(String, Mark)> {
    let mut pieces: Vec<(String, Mark)> = Vec::new();
    let mut add = |role: &str, mut block: Value| {
        let control = block
            .as_object_mut()
            .and_then(|block| block.remove("cache_control"));
        let mark = control
            .filter(|control| !control.is_null())
            .map_or(Mark::None, |control| mark_of(&control));
        pieces.push((format!("{role} {block}"), mark));
    };
    body["tools"]
        .as_array()
        .into_iter()
        .flatten()
        .for_each(|tool| add("tool", tool.clone()));
    content(&body["system"])
        .into_iter()
        .for_each(|block| add("system", block));
    for message in body["messages"].as_array().into_iter().flatten() {
        let role = message["role"].as_str().unwrap_or_default();
        content(&message["content"])
            .into_iter()
            .for_each(|block| add(role, block));
    }
    if let (Some(last), Some(control)) = (pieces.last_mut(), body.get("cache_control")) {
        last.1 = mark_of(control);
    }
    pieces
}

fn mark_of(control: &Value) -> Mark {
    if control["ttl"] == "1h" {
        Mark::OneHour
    } else {
        Mark::FiveMinutes
    }
}
