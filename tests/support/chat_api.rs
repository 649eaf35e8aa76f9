//! A stand-in for OpenAI's Chat Completions and for Ollama, on one port.

use super::{
    directives::Middle,
    http::{Reply, Request, Server},
    ledger::{Billed, Call, Ledger, Mark, tokens},
    plan::{Plan, THOUGHT},
};
use serde_json::{Value, json};
use std::{io, sync::Arc};

/// The models that are there. Ollama refuses others; Chat Completions takes any.
pub const MODELS: [&str; 2] = ["stand-in:latest", "stand-in:small"];

/// A running stand-in.
pub struct ChatApi {
    pub server: Server,
    pub ledger: Arc<Ledger>,
}

impl ChatApi {
    pub fn start() -> ChatApi {
        let ledger = Arc::new(Ledger::default());
        let book = ledger.clone();
        let server = Server::start(move |request, reply| answer(request, reply, &book));
        ChatApi { server, ledger }
    }

    /// What Ollama's clients are given; those of Chat Completions are given this and `/v1`.
    pub fn url(&self) -> String {
        self.server.url()
    }
}

fn answer(request: &Request, reply: &mut Reply<'_>, ledger: &Ledger) -> io::Result<()> {
    match (request.method.as_str(), request.path.as_str()) {
        ("HEAD", _) => reply.json(200, &Value::Null, &[]),
        ("GET", "/v1/models") => {
            let models = MODELS.map(|id| json!({ "id": id, "object": "model", "created": 1, "owned_by": "stand-in" }));
            reply.json(200, &json!({ "object": "list", "data": models }), &[])
        }
        ("GET", "/api/version") => reply.json(200, &json!({ "version": "0.13.0" }), &[]),
        ("GET", "/api/tags" | "/api/ps") => {
            let models = MODELS.map(|name| {
                json!({ "name": name, "model": name, "size": 1000, "digest": "stand-in", "modified_at": "2026-01-01T00:00:00Z",
                    "details": { "family": "llama", "parameter_size": "1M", "quantization_level": "F16" } })
            });
            reply.json(200, &json!({ "models": models }), &[])
        }
        ("POST", "/api/show") => match known(&request.json()) {
            true => reply.json(
                200,
                &json!({ "details": { "family": "llama" }, "capabilities": ["completion", "tools"],
                    "model_info": { "general.architecture": "llama", "llama.context_length": 4096 } }),
                &[],
            ),
            false => reply.json(404, &not_found(&request.json()), &[]),
        },
        ("POST", "/v1/chat/completions") => chat(request, reply, ledger, Wire::OpenAi),
        ("POST", "/api/chat") => chat(request, reply, ledger, Wire::Ollama),
        _ => reply.json(404, &Wire::OpenAi.error(404, &format!("no {} here", request.path)), &[]),
    }
}

fn known(body: &Value) -> bool {
    let name = body["model"]
        .as_str()
        .or(body["name"].as_str())
        .unwrap_or_default();
    MODELS
        .iter()
        .any(|model| *model == name || model.strip_suffix(":latest") == Some(name))
}

fn not_found(body: &Value) -> Value {
    json!({ "error": format!("model '{}' not found", body["model"].as_str().unwrap_or_default()) })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wire {
    OpenAi,
    Ollama,
}

fn chat(request: &Request, reply: &mut Reply<'_>, ledger: &Ledger, wire: Wire) -> io::Result<()> {
    let body = request.json();
    let (prompt, tool_result) = newest(&body);
    let model = body["model"].as_str().unwrap_or_default().to_owned();
    let number = ledger.open(Call {
        path: request.path.clone(),
        headers: request.headers.clone(),
        body: body.clone(),
        model: model.clone(),
        prompt: prompt.clone(),
        status: 0,
        billed: Billed::default(),
        finished: None,
    });
    if wire == Wire::Ollama && !known(&body) {
        ledger.close(number, 404, None);
        return reply.json(404, &not_found(&body), &[]);
    }
    let users = messages(&body)
        .filter(|message| message["role"] == "user")
        .count();
    let plan = Plan::new(&prompt, users, tool_result.as_deref());
    if let Some((status, times)) = plan.directives.error
        && ledger.fails(&prompt, times)
    {
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
        ledger.close(number, status, None);
        return reply.json(
            status,
            &wire.error(status, &format!("the stand-in was asked for a {status}")),
            headers,
        );
    }
    let pieces: Vec<_> = messages(&body)
        .map(|message| (message.to_string(), Mark::None))
        .collect();
    let mut billed = ledger.bill_input(&pieces, true);
    billed.reasoning = if plan.directives.think {
        tokens(THOUGHT)
    } else {
        0
    };
    billed.output = billed.reasoning
        + tokens(&plan.text)
        + plan
            .tool
            .as_ref()
            .map_or(0, |tool| tokens(&tool.1.to_string()));
    let talk = Talk {
        wire,
        model,
        number,
        plan,
        billed,
    };
    // Before the client can know, so that a test that saw the answer finds it in the ledger.
    let settle = || ledger.close(number, 200, Some(billed));
    // Ollama streams unless told not to, OpenAI only when told to.
    let result = match body["stream"].as_bool().unwrap_or(wire == Wire::Ollama) {
        true => talk.stream(
            reply,
            body["stream_options"]["include_usage"] == true,
            settle,
        ),
        false => {
            settle();
            reply.json(200, &talk.whole(), &[]).map(|()| true)
        }
    };
    if !matches!(result, Ok(true)) {
        ledger.close(number, 200, None);
    }
    result.map(|_| ())
}

/// One answer on its way.
struct Talk {
    wire: Wire,
    model: String,
    number: usize,
    plan: Plan,
    billed: Billed,
}

impl Talk {
    /// Whether the stream was given to its end.
    fn stream(
        &self,
        reply: &mut Reply<'_>,
        include_usage: bool,
        settle: impl Fn(),
    ) -> io::Result<bool> {
        reply.start(self.wire.content_type(), &[])?;
        if self.wire == Wire::OpenAi {
            self.delta(reply, json!({ "role": "assistant", "content": "" }))?;
        }
        if self.plan.directives.think {
            let field = if self.wire == Wire::OpenAi {
                "reasoning_content"
            } else {
                "thinking"
            };
            self.delta(reply, json!({ field: THOUGHT, "content": "" }))?;
        }
        if let Some(middle) = self.plan.stream(reply, |reply, text| {
            self.delta(reply, json!({ "content": text }))
        })? {
            match middle {
                Middle::Error => self.line(
                    reply,
                    &self.wire.error(500, "the stand-in broke off").to_string(),
                )?,
                Middle::BadJson => self.line(reply, "{\"oops\": ")?,
                Middle::End | Middle::GoOn | Middle::Hold | Middle::Cut => {}
            }
            reply.end()?;
            return Ok(false);
        }
        if let Some(call) = self.tool_call() {
            self.delta(reply, json!({ "content": "", "tool_calls": [call] }))?;
        }
        settle();
        match self.wire {
            Wire::OpenAi => {
                self.line(
                    reply,
                    &self.chunk(
                        json!([{ "index": 0, "delta": {}, "finish_reason": self.reason() }]),
                    ),
                )?;
                if include_usage {
                    let mut last: Value = serde_json::from_str(&self.chunk(json!([])))?;
                    last["usage"] = self.usage();
                    self.line(reply, &last.to_string())?;
                }
                self.line(reply, "[DONE]")?;
            }
            Wire::Ollama => {
                let mut last = self.usage();
                last["message"] = json!({ "role": "assistant", "content": "" });
                self.line(reply, &last.to_string())?;
            }
        }
        reply.end()?;
        Ok(true)
    }

    fn delta(&self, reply: &mut Reply<'_>, mut delta: Value) -> io::Result<()> {
        let text = match self.wire {
            Wire::OpenAi => {
                self.chunk(json!([{ "index": 0, "delta": delta, "finish_reason": null }]))
            }
            Wire::Ollama => {
                delta["role"] = "assistant".into();
                json!({ "model": self.model, "created_at": "2026-01-01T00:00:00Z", "message": delta, "done": false }).to_string()
            }
        };
        self.line(reply, &text)
    }

    fn chunk(&self, choices: Value) -> String {
        json!({ "id": format!("chatcmpl-{}", self.number), "object": "chat.completion.chunk", "created": 1,
            "model": self.model, "choices": choices })
        .to_string()
    }

    fn line(&self, reply: &mut Reply<'_>, text: &str) -> io::Result<()> {
        match self.wire {
            Wire::OpenAi => reply.send(&format!("data: {text}\n\n")),
            Wire::Ollama => reply.send(&format!("{text}\n")),
        }
    }

    fn whole(&self) -> Value {
        let mut message = json!({ "role": "assistant", "content": self.plan.text });
        if let Some(call) = self.tool_call() {
            message["tool_calls"] = json!([call]);
        }
        match self.wire {
            Wire::OpenAi => {
                json!({ "id": format!("chatcmpl-{}", self.number), "object": "chat.completion", "created": 1,
                "model": self.model, "usage": self.usage(),
                "choices": [{ "index": 0, "message": message, "finish_reason": self.reason() }] })
            }
            Wire::Ollama => {
                let mut whole = self.usage();
                whole["message"] = message;
                whole
            }
        }
    }

    fn tool_call(&self) -> Option<Value> {
        let (name, input) = self.plan.tool.as_ref()?;
        Some(match self.wire {
            Wire::OpenAi => {
                json!({ "index": 0, "id": format!("call_{}", self.number), "type": "function",
                "function": { "name": name, "arguments": input.to_string() } })
            }
            Wire::Ollama => json!({ "function": { "name": name, "arguments": input } }),
        })
    }

    fn reason(&self) -> &'static str {
        if self.plan.tool.is_some() {
            "tool_calls"
        } else {
            "stop"
        }
    }

    /// OpenAI's usage, or the last line of Ollama's without its message.
    fn usage(&self) -> Value {
        let billed = &self.billed;
        let prompt = billed.input + billed.cache_read;
        match self.wire {
            Wire::OpenAi => json!({ "prompt_tokens": prompt, "completion_tokens": billed.output,
                "total_tokens": prompt + billed.output,
                "prompt_tokens_details": { "cached_tokens": billed.cache_read },
                "completion_tokens_details": { "reasoning_tokens": billed.reasoning } }),
            Wire::Ollama => {
                json!({ "model": self.model, "created_at": "2026-01-01T00:00:00Z", "done": true,
                "done_reason": "stop", "total_duration": 1_000_000_000u64, "load_duration": 10_000_000u64,
                "prompt_eval_count": prompt, "prompt_eval_duration": 100_000_000u64,
                "eval_count": billed.output, "eval_duration": 500_000_000u64 })
            }
        }
    }
}

impl Wire {
    fn content_type(self) -> &'static str {
        match self {
            Wire::OpenAi => "text/event-stream",
            Wire::Ollama => "application/x-ndjson",
        }
    }

    fn error(self, status: u16, message: &str) -> Value {
        let kind = match status {
            401 => "invalid_request_error",
            429 => "rate_limit_exceeded",
            400..500 => "invalid_request_error",
            _ => "server_error",
        };
        match self {
            Wire::OpenAi => {
                json!({ "error": { "message": message, "type": kind, "param": null, "code": null } })
            }
            Wire::Ollama => json!({ "error": message }),
        }
    }
}

fn messages(body: &Value) -> impl Iterator<Item = &Value> {
    body["messages"].as_array().into_iter().flatten()
}

/// The newest text of the user's, and what a tool said if that is newer.
fn newest(body: &Value) -> (String, Option<String>) {
    let text = |message: &Value| match &message["content"] {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts
            .iter()
            .filter_map(|part| part["text"].as_str())
            .collect(),
        _ => String::new(),
    };
    let mut tool_result = None;
    let all: Vec<_> = messages(body).collect();
    for message in all.into_iter().rev() {
        match message["role"].as_str() {
            Some("user") => return (text(message), tool_result),
            Some("tool") => tool_result = tool_result.or(Some(text(message))),
            _ => {}
        }
    }
    (String::new(), tool_result)
}
