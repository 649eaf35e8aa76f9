//! Google's Gemini API: `POST /v1beta/models/MODEL:streamGenerateContent?alt=sse`, server-sent events.
//! <https://ai.google.dev/api/generate-content>

use super::failure::Asked;
use super::json::Json;
use super::options::{decimal, put};
use super::reading::{End, Out, count};
use super::{ChatRequest, Role, conversation, options};
use crate::protocol::{Delta, Failure, Usage};
use serde_json::{Value, json};

/// The model's path below the version: `models/NAME`, or as it is if it has a path already (`tunedModels/NAME`).
pub(super) fn resource(model: &str) -> String {
    match model.contains('/') {
        true => model.to_owned(),
        false => format!("models/{model}"),
    }
}

/// The body of a request.
pub(super) fn body(request: &ChatRequest) -> Value {
    let (options, _) = options::sent(request);
    let mut config = json!({"maxOutputTokens": request.max_output_tokens});
    put(&mut config, "temperature", decimal(options.temperature));
    put(&mut config, "topP", decimal(options.top_p));
    put(&mut config, "topK", options.top_k);
    put(&mut config, "seed", options.seed);
    if !options.stop.is_empty() {
        config["stopSequences"] = options.stop.into();
    }
    let thinking = thinking(&request.model, options.effort.as_deref());
    put(&mut config, "thinkingConfig", thinking);
    let mut body = prompt(request);
    body["generationConfig"] = config;
    body
}

/// The part of the body that is counted as input. Gemma has no system role: it reads the system prompt as the first
/// words of the user.
pub(super) fn prompt(request: &ChatRequest) -> Value {
    let words = |text: &str| json!({"text": text});
    let mut system = conversation::system(request).map(words);
    let apart = !name(&request.model).starts_with("gemma");
    let instruction = if apart { system.take() } else { None };
    let turns = conversation::turns(request).into_iter();
    let contents: Vec<Value> = turns
        .map(|message| {
            let images = message.images.iter().map(
                |image| json!({"inlineData": {"mimeType": image.media_type, "data": image.base64}}),
            );
            let text = conversation::text(&message).map(words);
            let parts: Vec<Value> = system
                .take()
                .into_iter()
                .chain(images)
                .chain(text)
                .collect();
            let role = match message.role {
                Role::User => "user",
                Role::Assistant => "model",
            };
            json!({"role": role, "parts": parts})
        })
        .collect();
    let mut body = json!({"contents": contents});
    if let Some(instruction) = instruction {
        body["systemInstruction"] = json!({"parts": [instruction]});
    }
    body
}

fn name(model: &str) -> &str {
    model.rsplit('/').next().unwrap_or(model)
}

/// `thinkingConfig` for an effort, and that thoughts are to be told: since 2.5 a number of tokens, since 3 a word.
/// `None` where nothing can be asked: models before 2.5 do not think, and without an effort those are left alone of
/// which it is not sure that they do.
pub(super) fn thinking(model: &str, effort: Option<&str>) -> Option<Value> {
    let name = name(model);
    let version = name.strip_prefix("gemini-").unwrap_or_default();
    let old = name.starts_with("gemma") || version.starts_with(['1', '2']);
    let budgeted = version.starts_with("2.5");
    let Some(effort) = effort else {
        let special = ["lite", "image", "tts", "audio", "live", "embedding"];
        let thinks = budgeted || version.starts_with(|c: char| c.is_ascii_digit() && c >= '3');
        let sure = thinks && !special.iter().any(|word| version.contains(word));
        return sure.then(|| json!({"includeThoughts": true}));
    };
    if budgeted {
        let budget = match effort {
            "low" => 1024,
            "medium" => 8192,
            "high" => 24576,
            _ => return None,
        };
        return Some(json!({"includeThoughts": true, "thinkingBudget": budget}));
    }
    (!old).then(|| json!({"includeThoughts": true, "thinkingLevel": effort}))
}

/// What has to be remembered between the chunks of one answer.
#[derive(Default)]
pub(super) struct Decoder {
    finish_reason: Option<String>,
    calls: usize,
}

impl Decoder {
    /// The end, if the model has named its reason to stop; the stream ends without a word.
    pub(super) fn finished(&self) -> Option<Result<End, Failure>> {
        let stop_reason = self.finish_reason.clone();
        stop_reason.is_some().then_some(Ok(End { stop_reason }))
    }

    pub(super) fn take(
        &mut self,
        asked: &Asked,
        data: &[u8],
        out: &mut Out,
    ) -> Result<(), Failure> {
        let data = String::from_utf8_lossy(data);
        let chunk = asked.message(&data)?;
        out.model(chunk["modelVersion"].as_str());
        if let Some(usage) = usage(&chunk["usageMetadata"]) {
            out.usage(usage);
        }
        let feedback = &chunk["promptFeedback"];
        if let Some(reason) = feedback["blockReason"].as_str() {
            return Err(asked.said_no(feedback["blockReasonMessage"].as_str().or(Some(reason))));
        }
        let candidate = &chunk["candidates"][0];
        for part in candidate["content"]["parts"].items() {
            self.part(part, out);
        }
        let Some(reason) = candidate["finishReason"].as_str() else {
            return Ok(());
        };
        self.finish_reason = Some(reason.to_owned());
        let why = candidate["finishMessage"].as_str();
        match reason {
            "STOP" | "FINISH_REASON_UNSPECIFIED" => {}
            "MAX_TOKENS" => {
                out.notice("The answer ends here: the limit of output tokens is reached.");
            }
            "SAFETY" | "RECITATION" | "LANGUAGE" | "BLOCKLIST" | "PROHIBITED_CONTENT" | "SPII" => {
                return Err(asked.said_no(why.or(Some(reason))));
            }
            image if image.starts_with("IMAGE_") => {
                return Err(asked.said_no(why.or(Some(reason))));
            }
            other => out.notice(&format!(
                "The answer ends here: {}.",
                super::secret::one_line(why.unwrap_or(other), 200)
            )),
        }
        Ok(())
    }

    fn part(&mut self, part: &Json<'_>, out: &mut Out) {
        let text = part["text"].as_str();
        match part["thought"].is_true() {
            true => out.thinking(text),
            false => out.text(text),
        }
        if let Some(call) = part.get("functionCall") {
            self.calls += 1;
            let id = call["id"].as_str().filter(|id| !id.is_empty());
            let id = id.map_or_else(|| format!("call {}", self.calls), str::to_owned);
            out.delta(Delta::ToolStarted {
                id: id.clone(),
                name: call["name"].as_str().unwrap_or("?").into(),
            });
            out.delta(Delta::ToolInput {
                id,
                json: match &call["args"] {
                    Json::Null => "{}".into(),
                    arguments => arguments.to_string(),
                },
            });
        }
        if let Some(kind) = part["inlineData"]["mimeType"].as_str() {
            let kind = super::secret::one_line(kind, 40);
            out.notice(&format!("Here the model sent {kind}, which is not shown."));
        }
    }
}

/// `promptTokenCount` includes what came from the cache; thoughts are apart from `candidatesTokenCount`; what a tool
/// of the provider put into the prompt is apart too.
fn usage(reported: &Json<'_>) -> Option<Usage> {
    reported["promptTokenCount"].as_u64()?;
    let [prompt, cached, tools, output, reasoning] = [
        "/promptTokenCount",
        "/cachedContentTokenCount",
        "/toolUsePromptTokenCount",
        "/candidatesTokenCount",
        "/thoughtsTokenCount",
    ]
    .map(|path| count(reported, path));
    Some(Usage {
        input: prompt.saturating_sub(cached) + tools,
        cache_read: cached.min(prompt),
        output,
        reasoning,
        ..Usage::default()
    })
}

#[cfg(test)]
mod tests {
    use super::super::Wire;
    use super::super::stand_in::{read, read_cut_everywhere};
    use super::*;
    use crate::protocol::{Block, Category, response_text};

    const ANSWER: &str = r#"data: {"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true}]},"index":0}],"usageMetadata":{"promptTokenCount":100,"thoughtsTokenCount":5,"totalTokenCount":105},"modelVersion":"gemini-x","responseId":"r1"}

data: {"candidates":[{"content":{"role":"model","parts":[{"text":"Grüße "},{"text":"🎼"}]}}],"usageMetadata":{"promptTokenCount":100,"cachedContentTokenCount":64,"candidatesTokenCount":4,"thoughtsTokenCount":30},"modelVersion":"gemini-x"}

data: {"candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"look","args":{"a":1}},"thoughtSignature":"abc"},{"functionCall":{"id":"f2","name":"now"}}]}}]}

"#;

    fn ended(reason: &str, more: &str) -> String {
        format!(
            "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"\"}}]}},\"finishReason\":\"{reason}\"{more}}}],\"usageMetadata\":{{\"promptTokenCount\":100,\"cachedContentTokenCount\":64,\"candidatesTokenCount\":10,\"thoughtsTokenCount\":30,\"toolUsePromptTokenCount\":7,\"totalTokenCount\":147}}}}\r\n\r\n"
        )
    }

    #[test]
    fn an_answer_reads_the_same_wherever_it_is_cut() {
        for end in [ended("STOP", ""), ended("STOP", "").trim_end().to_owned()] {
            let text = format!("{ANSWER}{end}");
            let seen = read_cut_everywhere(Wire::Gemini, text.as_bytes());
            assert_eq!(seen.end, Some(Ok(Some("STOP".into()))));
            assert_eq!(seen.model.as_deref(), Some("gemini-x"));
            let usage = Usage {
                input: 43,
                cache_read: 64,
                output: 10,
                reasoning: 30,
                ..Usage::default()
            };
            assert_eq!(seen.usage, Some(usage));
            assert_eq!(seen.blocks[0], Block::Thinking { text: "hm".into() });
            assert_eq!(response_text(&seen.blocks), "Grüße 🎼");
            let calls = seen.blocks[2..].iter().map(|block| match block {
                Block::Tool {
                    id, name, input, ..
                } => (id.as_str(), name.as_str(), input.as_str()),
                other => panic!("{other:?}"),
            });
            let expected = [("call 1", "look", "{\"a\":1}"), ("f2", "now", "{}")];
            assert!(calls.eq(expected));
        }
    }

    #[test]
    fn endings_of_all_kinds_are_told_apart() {
        for (rest, expected) in [
            (ended("MAX_TOKENS", ""), Ok("limit of output")),
            (
                ended("MALFORMED_FUNCTION_CALL", ",\"finishMessage\":\"a call gone wrong\""),
                Ok("a call gone wrong"),
            ),
            (ended("OTHER", ""), Ok("OTHER")),
            (ended("SAFETY", ""), Err((Category::Refused, "SAFETY"))),
            (
                ended("IMAGE_SAFETY", ",\"finishMessage\":\"no such picture\""),
                Err((Category::Refused, "no such picture")),
            ),
            (
                "data: {\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"},\"usageMetadata\":{\"promptTokenCount\":9}}\n\n".into(),
                Err((Category::Refused, "PROHIBITED_CONTENT")),
            ),
            (
                "data: {\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}\n\n".into(),
                Err((Category::Overloaded, "503: The model is")),
            ),
            (String::new(), Err((Category::CutOff, "middle"))),
            ("data: {\"candidates\":[{".into(), Err((Category::CutOff, ""))),
            ("data: [1]\n\n".into(), Err((Category::Parse, "Gemini"))),
        ] {
            let text = format!("{ANSWER}{rest}");
            let seen = read(Wire::Gemini, &[text.as_bytes()]);
            assert_eq!(response_text(&seen.blocks), "Grüße 🎼", "{rest}");
            assert!(seen.usage.is_some());
            match (expected, seen.end.unwrap()) {
                (Ok(told), Ok(_)) => assert!(
                    matches!(seen.blocks.last(), Some(Block::Notice { text }) if text.contains(told)),
                    "{rest}"
                ),
                (Err((category, words)), Err(failure)) => {
                    assert_eq!(failure.category, category, "{rest}");
                    assert!(failure.message.contains(words), "{failure}");
                }
                other => panic!("{rest}: {other:?}"),
            }
        }
        let list = br#"[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}]"#;
        let seen = read(Wire::Gemini, &[list]);
        assert_eq!(seen.failure().category, Category::Auth);
    }

    #[test]
    fn usage_with_every_piece_does_not_cut_the_text_into_pieces() {
        let piece = |n: u32| {
            format!(
                "data: {{\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"w{n} \"}}]}}}}],\"usageMetadata\":{{\"promptTokenCount\":9,\"candidatesTokenCount\":{n}}}}}\n\n"
            )
        };
        let text: String = (1..=20).map(piece).collect();
        let seen = read(Wire::Gemini, &[text.as_bytes()]);
        assert_eq!(seen.deltas, 1);
        assert_eq!(seen.usage.unwrap().output, 20);
    }

    #[test]
    fn only_models_that_think_are_asked_for_their_thoughts() {
        for (model, asked) in [
            ("gemini-2.5-pro", true),
            ("models/gemini-3.5-flash", true),
            ("gemini-2.5-flash-lite", false),
            ("gemini-2.0-flash", false),
            ("gemini-flash-latest", false),
            ("gemini-3-pro-image-preview", false),
            ("gemma-3-27b-it", false),
        ] {
            assert_eq!(thinking(model, None).is_some(), asked, "{model}");
        }
        assert_eq!(thinking("gemini-2.5-pro", Some("extreme")), None);
        assert_eq!(thinking("gemma-3-27b-it", Some("low")), None);
        assert!(thinking("gemini-flash-latest", Some("low")).is_some());
        assert_eq!(resource("gemini-x"), "models/gemini-x");
        assert_eq!(resource("tunedModels/mine"), "tunedModels/mine");
    }
}
