//! What the lines of the app-server mean. Pure: no clock, no process.

use super::super::rpc::{Heard, NO_METHOD};
use super::AgentEvent;
use super::answer::Said;
use super::failure::one_line;
use super::state::State;
use super::turns::{self, notice, tell};
use super::{approval, items, opening, questions};
use serde_json::{Value, json};

/// What one line means. Unknown lines mean nothing; unknown requests are refused, so that Codex does not wait.
pub fn translate(state: &mut State, line: &Value) -> Vec<AgentEvent> {
    let mut events = Vec::new();
    match state.rpc.hear(line) {
        Heard::Answer { asked, answer } => opening::answered(state, asked, answer, &mut events),
        Heard::Request { id, method, params } => asked(state, id, method, params, &mut events),
        Heard::Notification { method, params } => told(state, method, params, &mut events),
        Heard::Nothing => {}
    }
    events
}

fn told(state: &mut State, method: &str, params: &Value, events: &mut Vec<AgentEvent>) {
    let thread = params["threadId"].as_str().unwrap_or_default();
    let main = state.thread.as_deref() == Some(thread);
    match method {
        "thread/status/changed" => turns::status(state, thread, &params["status"], events),
        "thread/tokenUsage/updated" => turns::used(state, params, events),
        "thread/settings/updated" if main => {
            opening::settings_told(state, &params["threadSettings"], events);
        }
        "thread/closed" if !main => turns::helper_gone(state, thread, events),
        "turn/started" => turns::started(state, thread, &params["turn"], events),
        "turn/completed" => turns::completed(state, thread, &params["turn"], events),
        "account/rateLimits/updated" => turns::limits(state, &params["rateLimits"], events),
        "account/updated" => turns::account_changed(state, params, events),
        "error" => turns::error(state, params, events),
        "warning" | "guardianWarning" if main || params["threadId"].is_null() => {
            turns::warning(state, &params["message"], events);
        }
        // Of a file of the user's; what it misses on the machine it does without, and says so each time.
        "configWarning" if params["path"].is_string() => {
            turns::warning(state, &params["summary"], events);
        }
        "mcpServer/startupStatus/updated" if params["status"] == "failed" => {
            let name = params["name"].as_str().unwrap_or("?");
            let why = params["error"].as_str().unwrap_or("no reason given");
            let text = format!("the MCP server {name} did not start: {why}");
            turns::warning(state, &text.into(), events);
        }
        "serverRequest/resolved" => resolved(state, &params["requestId"], events),
        "item/started" | "item/completed" => {
            item(state, method == "item/completed", params, events);
        }
        // What sub-agents say is theirs; the call that started them shows their result.
        _ if !main => {}
        "item/agentMessage/delta" | "item/plan/delta" => more(state, params, Said::Text, events),
        "item/reasoning/summaryTextDelta" | "item/reasoning/textDelta" => {
            more(state, params, Said::Thinking, events);
        }
        "item/reasoning/summaryPartAdded" => {
            let id = params["itemId"].as_str().unwrap_or_default();
            if state.answer.has(id) {
                let deltas = state.answer.more(id, Said::Thinking, "\n\n");
                tell(state, deltas, events);
            }
        }
        "turn/plan/updated" => {
            let text = plan(params);
            notice(state, text, events);
        }
        "model/rerouted" => {
            let [from, to] =
                ["fromModel", "toModel"].map(|key| params[key].as_str().unwrap_or("?"));
            state.turn.model = Some(to.to_owned());
            notice(state, format!("answered by {to} instead of {from}"), events);
        }
        _ => {}
    }
}

/// More of a text, if its turn runs.
fn more(state: &mut State, params: &Value, said: Said, events: &mut Vec<AgentEvent>) {
    if params["turnId"].as_str() == state.turn.id.as_deref() {
        let id = params["itemId"].as_str().unwrap_or_default();
        let text = params["delta"].as_str().unwrap_or_default();
        let deltas = state.answer.more(id, said, text);
        tell(state, deltas, events);
    }
}

fn item(state: &mut State, done: bool, params: &Value, events: &mut Vec<AgentEvent>) {
    let item = &params["item"];
    let thread = params["threadId"].as_str().unwrap_or_default();
    let kind = item["type"].as_str().unwrap_or_default();
    let call = items::call(item);
    if call.is_some() || done && matches!(kind, "agentMessage" | "reasoning" | "plan") {
        state.spending.answered(thread);
    }
    let id = item["id"].as_str().unwrap_or_default().to_owned();
    if kind == "fileChange" {
        match items::runs(item) {
            true => state.changes.insert(id.clone(), item.clone()),
            false => state.changes.remove(&id),
        };
    }
    note_helpers(state, item);
    if state.thread.as_deref() != Some(thread) {
        return;
    }
    if params["turnId"].as_str() != state.turn.id.as_deref() {
        if let (true, Some((name, arguments))) = (done, call) {
            // Of a turn that is over: it went on in the background.
            let what = arguments["command"].as_str().unwrap_or(&name).to_owned();
            let how = match item["exitCode"].as_i64() {
                Some(code) => format!("ended with code {code}"),
                None => "has ended".into(),
            };
            let text = one_line(&format!("in the background: {what}: {how}"));
            notice(state, text, events);
        }
        return;
    }
    let text = |key: &str| item[key].as_str().unwrap_or_default();
    let deltas = match (kind, done) {
        ("agentMessage" | "plan", true) => state.answer.settle(&id, Said::Text, text("text")),
        ("reasoning", true) => {
            let parts = [&item["summary"], &item["content"]].map(|parts| {
                let all = parts.as_array().into_iter().flatten();
                all.filter_map(Value::as_str)
                    .collect::<Vec<_>>()
                    .join("\n\n")
            });
            let said = parts.iter().find(|part| !part.is_empty());
            // What is not told in the end stands as it was streamed.
            match said {
                Some(said) => state.answer.settle(&id, Said::Thinking, said),
                None => Vec::new(),
            }
        }
        ("contextCompaction", true) => {
            let text = "the conversation was compacted: its older part is a summary now";
            state.answer.notice(text.into())
        }
        ("enteredReviewMode" | "exitedReviewMode", true) => {
            state.answer.notice(one_line(text("review")))
        }
        _ if call.is_some() => {
            let mut deltas = state.answer.called(item);
            if done {
                deltas.extend(state.answer.ended(item));
            }
            deltas
        }
        _ => Vec::new(),
    };
    tell(state, deltas, events);
}

/// Which model a sub-agent was given.
fn note_helpers(state: &mut State, item: &Value) {
    if let Some(model) = item["model"].as_str() {
        let threads = item["receiverThreadIds"].as_array().into_iter().flatten();
        for thread in threads.chain([&item["agentThreadId"]]) {
            if let Some(thread) = thread.as_str() {
                let (thread, model) = (thread.to_owned(), model.to_owned());
                state.helper_models.insert(thread, model);
            }
        }
    }
}

/// The plan as one line: `plan: ✓ read · ▸ write · test`.
fn plan(params: &Value) -> String {
    let steps = params["plan"].as_array().into_iter().flatten();
    let steps = steps.map(|step| {
        let mark = match step["status"].as_str() {
            Some("completed") => "✓ ",
            Some("inProgress") => "▸ ",
            _ => "",
        };
        format!("{mark}{}", step["step"].as_str().unwrap_or("?"))
    });
    let steps: Vec<String> = steps.collect();
    one_line(&format!("plan: {}", steps.join(" · ")))
}

/// A request of Codex's.
fn asked(
    state: &mut State,
    id: &Value,
    method: &str,
    params: &Value,
    events: &mut Vec<AgentEvent>,
) {
    let helper = params["threadId"].as_str() != state.thread.as_deref();
    let by = if helper { " (by a sub-agent)" } else { "" };
    if questions::wants_secret(params) {
        state.rpc.answer(id, json!({"answers": {}}));
        let text = "it asked for a secret; none is typed here: put it where its tools find it";
        return notice(state, text.into(), events);
    }
    let call = params["itemId"]
        .as_str()
        .and_then(|id| state.changes.get(id));
    if let Some(wanted) = approval::read(id, method, params, call) {
        let key = id.to_string();
        state.approvals.insert(key.clone(), wanted.pending);
        events.push(AgentEvent::Approval {
            key,
            title: format!("{}{by}", wanted.title),
            detail: wanted.detail,
            always: wanted.always,
        });
    } else if let Some((form, questions)) = questions::read(id, method, params) {
        state.forms.insert(id.to_string(), form);
        events.extend(questions.into_iter().map(|mut question| {
            if let AgentEvent::Question { title, .. } = &mut question {
                title.push_str(by);
            }
            question
        }));
    } else {
        let why = format!("{} is not supported by this client", one_line(method));
        state.rpc.refuse(id, NO_METHOD, &why);
    }
}

/// A request of Codex's was answered, or is withdrawn.
fn resolved(state: &mut State, id: &Value, events: &mut Vec<AgentEvent>) {
    let key = id.to_string();
    let form = state.forms.remove(&key);
    let open = form.map(|form| form.open()).unwrap_or_default();
    let gone = state.approvals.remove(&key).map(|_| key);
    let keys = open.into_iter().chain(gone);
    events.extend(keys.map(|key| AgentEvent::ApprovalGone { key }));
}
