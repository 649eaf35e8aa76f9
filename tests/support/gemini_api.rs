//! A stand-in for the Gemini API, near enough for the real Gemini CLI. It answers streams, and the small requests by
//! which the CLI chooses a model.

use super::{
    directives::Middle,
    http::{Reply, Request, Server},
    ledger::{Billed, Call, Ledger, Mark, tokens},
    plan::Plan,
};
use serde_json::{Value, json};
use std::{io, sync::Arc};

/// A running stand-in.
pub struct GeminiApi {
    pub server: Server,
    pub ledger: Arc<Ledger>,
}

impl GeminiApi {
    pub fn start() -> GeminiApi {
        let ledger = Arc::new(Ledger::default());
        let book = ledger.clone();
        let server = Server::start(move |request, reply| answer(request, reply, &book));
        GeminiApi { server, ledger }
    }

    pub fn url(&self) -> String {
        self.server.url()
    }
}

fn answer(request: &Request, reply: &mut Reply<'_>, ledger: &Ledger) -> io::Result<()> {
    let called = request
        .path
        .rsplit_once('/')
        .and_then(|(_, last)| last.split_once(':'));
    match called {
        Some((model, "streamGenerateContent")) => stream(model, request, reply, ledger),
        Some((model, "generateContent")) => {
            let choice = r#"{"model_choice":"pro","reasoning":"as asked","complexity_score":50}"#;
            reply.json(
                200,
                &chunk(model, choice_or_text(request, choice), Some("STOP"), None),
                &[],
            )
        }
        Some((_, "countTokens")) => {
            let count = tokens(&request.json()["contents"].to_string());
            reply.json(200, &json!({ "totalTokens": count }), &[])
        }
        _ => reply.json(404, &error(404, &format!("no {} here", request.path)), &[]),
    }
}

fn choice_or_text(request: &Request, choice: &str) -> Value {
    let wants_json = request.json()["generationConfig"]["responseMimeType"] == "application/json";
    json!({ "text": if wants_json { choice } else { "stand-in" } })
}

fn stream(
    model: &str,
    request: &Request,
    reply: &mut Reply<'_>,
    ledger: &Ledger,
) -> io::Result<()> {
    let body = request.json();
    let (prompt, tool_result) = newest(&body);
    let number = ledger.open(Call {
        path: request.path.clone(),
        headers: request.headers.clone(),
        body: body.clone(),
        model: model.to_owned(),
        prompt: prompt.clone(),
        status: 0,
        billed: Billed::default(),
        finished: None,
    });
    let contents = || body["contents"].as_array().into_iter().flatten();
    let users = contents()
        .filter(|content| content["role"] == "user")
        .count();
    let plan = Plan::new(&prompt, users, tool_result.as_deref());
    if let Some((status, times)) = plan.directives.error
        && ledger.fails(&prompt, times)
    {
        ledger.close(number, status, None);
        let message = format!("the stand-in was asked for a {status}");
        return reply.json(status, &error(status, &message), &[]);
    }
    let pieces: Vec<_> = contents()
        .map(|content| (content.to_string(), Mark::None))
        .collect();
    let mut billed = ledger.bill_input(&pieces, true);
    billed.output = tokens(&plan.text);
    reply.start("text/event-stream", &[])?;
    let line = |reply: &mut Reply<'_>, value: Value| reply.send(&format!("data: {value}\r\n\r\n"));
    let broken = match &plan.tool {
        // A call comes alone.
        Some(_) => None,
        None => plan.stream(reply, |reply, text| {
            line(reply, chunk(model, json!({ "text": text }), None, None))
        })?,
    };
    if broken.is_some_and(|middle| middle != Middle::GoOn) {
        ledger.close(number, 200, None);
        return reply.end();
    }
    // Before the client can know, so that a test that saw the answer finds it in the ledger.
    ledger.close(number, 200, Some(billed));
    let last = match &plan.tool {
        Some((name, arguments)) => json!({ "functionCall": { "name": name, "args": arguments } }),
        None => json!({ "text": "" }),
    };
    line(reply, chunk(model, last, Some("STOP"), Some(&billed)))?;
    reply.end()
}

fn chunk(model: &str, part: Value, finish: Option<&str>, billed: Option<&Billed>) -> Value {
    let mut candidate = json!({ "content": { "role": "model", "parts": [part] }, "index": 0 });
    if let Some(finish) = finish {
        candidate["finishReason"] = finish.into();
    }
    let mut whole =
        json!({ "candidates": [candidate], "modelVersion": model, "responseId": "stand-in" });
    if let Some(billed) = billed {
        let prompt = billed.input + billed.cache_read;
        whole["usageMetadata"] = json!({ "promptTokenCount": prompt, "candidatesTokenCount": billed.output,
            "cachedContentTokenCount": billed.cache_read, "totalTokenCount": prompt + billed.output });
    }
    whole
}

fn error(status: u16, message: &str) -> Value {
    json!({ "error": { "code": status, "message": message, "status": "STAND_IN" } })
}

/// The newest text of the user's, and what a tool said if that is newer.
fn newest(body: &Value) -> (String, Option<String>) {
    let mut tool_result = None;
    let contents: Vec<&Value> = body["contents"].as_array().into_iter().flatten().collect();
    for content in contents.into_iter().rev() {
        if content["role"] != "user" {
            continue;
        }
        let parts = || content["parts"].as_array().into_iter().flatten();
        if let Some(part) = parts().rfind(|part| part["functionResponse"].is_object()) {
            tool_result = tool_result.or(Some(part["functionResponse"]["response"].to_string()));
        } else if let Some(text) = parts().rev().find_map(|part| part["text"].as_str()) {
            return (text.to_owned(), tool_result);
        }
    }
    (String::new(), tool_result)
}
