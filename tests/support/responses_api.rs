//! A stand-in for OpenAI's Responses API, as Codex asks it: always streamed.

use super::{
    directives::Middle,
    http::{Reply, Request, Server},
    ledger::{Billed, Call, Ledger, Mark, tokens},
    plan::{Plan, THOUGHT},
};
use serde_json::{Value, json};
use std::{cell::Cell, io, sync::Arc};

/// A running stand-in.
pub struct ResponsesApi {
    pub server: Server,
    pub ledger: Arc<Ledger>,
}

impl ResponsesApi {
    pub fn start() -> ResponsesApi {
        let ledger = Arc::new(Ledger::default());
        let book = ledger.clone();
        let server = Server::start(move |request, reply| match request.path.as_str() {
            "/v1/responses" => respond(request, reply, &book),
            path => reply.json(404, &error(404, &format!("no {path} here")), &[]),
        });
        ResponsesApi { server, ledger }
    }

    /// What a client is given as its base.
    pub fn url(&self) -> String {
        format!("{}/v1", self.server.url())
    }

    /// The requests that were answered to their end, and so billed.
    pub fn billed(&self) -> Vec<Call> {
        let calls = self.ledger.calls().into_iter();
        calls.filter(|call| call.finished == Some(true)).collect()
    }
}

fn respond(request: &Request, reply: &mut Reply<'_>, ledger: &Ledger) -> io::Result<()> {
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
    let users = items(&body).filter(|item| item["role"] == "user").count();
    let plan = Plan::new(&prompt, users, tool_result.as_deref());
    if let Some((status, times)) = plan.directives.error
        && ledger.fails(&prompt, times)
    {
        ledger.close(number, status, None);
        let message = format!("the stand-in was asked for a {status}");
        return reply.json(status, &error(status, &message), &[]);
    }
    let pieces: Vec<_> = items(&body)
        .map(|item| (item.to_string(), Mark::None))
        .collect();
    let mut billed = ledger.bill_input(&pieces, true);
    billed.reasoning = match plan.directives.think {
        true => tokens(THOUGHT),
        false => 0,
    };
    let tool = plan
        .tool
        .as_ref()
        .map_or(0, |(_, input)| tokens(&input.to_string()));
    billed.output = billed.reasoning + tokens(&plan.text) + tool;
    let talk = Talk {
        number,
        model,
        plan,
        billed,
        sequence: Cell::new(0),
    };
    // Before the client can know, so that a test that saw the answer finds it in the ledger.
    let whole = talk.stream(reply, || ledger.close(number, 200, Some(billed)));
    if !matches!(whole, Ok(true)) {
        ledger.close(number, 200, None);
    }
    whole.map(|_| ())
}

/// One answer on its way.
struct Talk {
    number: usize,
    model: String,
    plan: Plan,
    billed: Billed,
    sequence: Cell<u64>,
}

impl Talk {
    /// Whether the stream was given to its end.
    fn stream(&self, reply: &mut Reply<'_>, settle: impl Fn()) -> io::Result<bool> {
        reply.start("text/event-stream", &[])?;
        self.event(
            reply,
            "response.created",
            json!({"response": self.response("in_progress")}),
        )?;
        if self.plan.directives.think {
            self.think(reply)?;
        }
        if let Some((name, input)) = &self.plan.tool {
            self.item(reply, self.call(name, input))?;
        } else if self.say(reply)?.is_some() {
            reply.end()?;
            return Ok(false);
        }
        settle();
        let mut response = self.response("completed");
        response["usage"] = self.usage();
        self.event(reply, "response.completed", json!({"response": response}))?;
        reply.end()?;
        Ok(true)
    }

    fn think(&self, reply: &mut Reply<'_>) -> io::Result<()> {
        let id = format!("rs_{}", self.number);
        let empty = json!({"type": "reasoning", "id": id, "summary": []});
        self.event(
            reply,
            "response.output_item.added",
            json!({"output_index": 0, "item": empty}),
        )?;
        let place = json!({"item_id": id, "output_index": 0, "summary_index": 0});
        let with = |key: &str, value: Value| {
            let mut fields = place.clone();
            fields[key] = value;
            fields
        };
        let part = json!({"type": "summary_text", "text": ""});
        self.event(
            reply,
            "response.reasoning_summary_part.added",
            with("part", part),
        )?;
        let delta = with("delta", THOUGHT.into());
        self.event(reply, "response.reasoning_summary_text.delta", delta)?;
        let summary = json!([{"type": "summary_text", "text": THOUGHT}]);
        let whole =
            json!({"type": "reasoning", "id": id, "summary": summary, "encrypted_content": "x"});
        self.event(
            reply,
            "response.output_item.done",
            json!({"output_index": 0, "item": whole}),
        )
    }

    /// `Some` where it broke off.
    fn say(&self, reply: &mut Reply<'_>) -> io::Result<Option<Middle>> {
        let id = format!("msg_{}", self.number);
        let message = |status: &str, content: Value| json!({"type": "message", "id": id, "role": "assistant", "status": status, "content": content});
        let begun = message("in_progress", json!([]));
        self.event(
            reply,
            "response.output_item.added",
            json!({"output_index": 0, "item": begun}),
        )?;
        let broken = self.plan.stream(reply, |reply, text| {
            let fields =
                json!({"item_id": id, "output_index": 0, "content_index": 0, "delta": text});
            self.event(reply, "response.output_text.delta", fields)
        })?;
        if let Some(middle) = broken {
            match middle {
                Middle::Error => {
                    let mut response = self.response("failed");
                    response["error"] =
                        json!({"code": "server_error", "message": "the stand-in broke off"});
                    self.event(reply, "response.failed", json!({"response": response}))?;
                }
                Middle::BadJson => reply.send("data: {\"oops\": \n\n")?,
                Middle::End | Middle::GoOn | Middle::Hold | Middle::Cut => {}
            }
            return Ok(Some(middle));
        }
        let text = json!([{"type": "output_text", "text": self.plan.text, "annotations": []}]);
        let whole = message("completed", text);
        self.event(
            reply,
            "response.output_item.done",
            json!({"output_index": 0, "item": whole}),
        )?;
        Ok(None)
    }

    fn item(&self, reply: &mut Reply<'_>, item: Value) -> io::Result<()> {
        let fields = json!({"output_index": 0, "item": item});
        self.event(reply, "response.output_item.added", fields.clone())?;
        self.event(reply, "response.output_item.done", fields)
    }

    /// A tool that takes text and not JSON is called with the text under `input`.
    fn call(&self, name: &str, input: &Value) -> Value {
        let call = format!("call_{}", self.number);
        match (name, input["input"].as_str()) {
            ("apply_patch", Some(text)) => {
                json!({"type": "custom_tool_call", "id": format!("ctc_{}", self.number), "call_id": call,
                    "name": name, "input": text, "status": "completed"})
            }
            _ => {
                json!({"type": "function_call", "id": format!("fc_{}", self.number), "call_id": call,
                    "name": name, "arguments": input.to_string(), "status": "completed"})
            }
        }
    }

    fn response(&self, status: &str) -> Value {
        json!({"id": format!("resp_{}", self.number), "object": "response", "created_at": 1,
            "model": self.model, "status": status, "output": []})
    }

    fn usage(&self) -> Value {
        let billed = &self.billed;
        let input = billed.input + billed.cache_read;
        json!({"input_tokens": input, "input_tokens_details": {"cached_tokens": billed.cache_read},
            "output_tokens": billed.output,
            "output_tokens_details": {"reasoning_tokens": billed.reasoning},
            "total_tokens": input + billed.output})
    }

    fn event(&self, reply: &mut Reply<'_>, kind: &str, mut fields: Value) -> io::Result<()> {
        fields["type"] = kind.into();
        fields["sequence_number"] = self.sequence.replace(self.sequence.get() + 1).into();
        reply.send(&format!("event: {kind}\ndata: {fields}\n\n"))
    }
}

fn error(status: u16, message: &str) -> Value {
    let kind = match status {
        400..429 => "invalid_request_error",
        429 => "rate_limit_exceeded",
        _ => "server_error",
    };
    json!({"error": {"message": message, "type": kind, "param": null, "code": null}})
}

fn items(body: &Value) -> impl Iterator<Item = &Value> {
    body["input"].as_array().into_iter().flatten()
}

/// The newest text of the user's, and what a tool said if that is newer.
fn newest(body: &Value) -> (String, Option<String>) {
    let text = |content: &Value| match content {
        Value::String(text) => text.clone(),
        parts => {
            let parts = parts.as_array().into_iter().flatten();
            parts.filter_map(|part| part["text"].as_str()).collect()
        }
    };
    let mut tool_result = None;
    let all: Vec<_> = items(body).collect();
    for item in all.into_iter().rev() {
        if item["role"] == "user" {
            return (text(&item["content"]), tool_result);
        }
        let kind = item["type"].as_str().unwrap_or_default();
        if kind.ends_with("call_output") {
            tool_result = tool_result.or(Some(text(&item["output"])));
        }
    }
    (String::new(), tool_result)
}
