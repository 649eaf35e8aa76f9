//! The conversation of a request in the form that every wire takes.

use super::{ChatRequest, Message, Role};
use std::borrow::Cow;

/// Put before a conversation that begins with an answer: APIs want a user to begin.
const OPENING: &str = "(The conversation begins with your answer.)";

/// The messages of `request`, a user's first, user and assistant alternating, each with something in it: what has
/// neither text nor images is left out, neighbours of one role become one message with a blank line between their texts.
/// What needs none of this is not touched, so that a shared beginning stays the same byte for byte.
pub(super) fn turns(request: &ChatRequest) -> Vec<Cow<'_, Message>> {
    let mut turns: Vec<Cow<'_, Message>> = Vec::with_capacity(request.messages.len());
    for message in &request.messages {
        if message.text.trim().is_empty() && message.images.is_empty() {
            continue;
        }
        match turns.last_mut() {
            Some(last) if last.role == message.role => join(last.to_mut(), message),
            None if message.role == Role::Assistant => {
                turns.push(Cow::Owned(Message::new(Role::User, OPENING)));
                turns.push(Cow::Borrowed(message));
            }
            _ => turns.push(Cow::Borrowed(message)),
        }
    }
    turns
}

fn join(first: &mut Message, second: &Message) {
    if !first.text.trim().is_empty() && !second.text.trim().is_empty() {
        first.text.push_str("\n\n");
    }
    first.text.push_str(&second.text);
    first.images.extend_from_slice(&second.images);
}

/// The text of a message, if it says something; one with images need not.
pub(super) fn text(message: &Message) -> Option<&str> {
    Some(message.text.as_str()).filter(|text| !text.trim().is_empty())
}

/// The system prompt, if it says something.
pub(super) fn system(request: &ChatRequest) -> Option<&str> {
    let system = request.system.as_deref();
    system.filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::stand_in::{picture, request};
    use super::super::{Wire, anthropic, gemini, ollama, openai, responses};
    use super::*;
    use serde_json::{Value, json};

    fn with(messages: &[(Role, &str)]) -> ChatRequest {
        let mut wish = request(Wire::Gemini, "");
        let all = messages
            .iter()
            .map(|(role, text)| Message::new(*role, *text));
        wish.messages = all.collect();
        wish
    }

    #[test]
    fn turns_alternate_and_say_something() {
        use Role::{Assistant, User};
        for (given, expected) in [
            (
                &[(User, "a"), (Assistant, "b"), (User, "c ")][..],
                &[(User, "a"), (Assistant, "b"), (User, "c ")][..],
            ),
            (
                &[(User, "a"), (User, " "), (User, "b"), (Assistant, "")],
                &[(User, "a\n\nb")],
            ),
            (
                &[(User, "a"), (Assistant, ""), (User, "b")],
                &[(User, "a\n\nb")],
            ),
            (
                &[(Assistant, "a"), (User, "b")],
                &[(User, OPENING), (Assistant, "a"), (User, "b")],
            ),
            (&[(User, " \n")], &[]),
        ] {
            let wish = with(given);
            let seen = turns(&wish);
            let seen: Vec<_> = seen.iter().map(|m| (m.role, m.text.as_str())).collect();
            assert_eq!(seen, expected, "{given:?}");
        }
    }

    #[test]
    fn each_wire_has_its_own_form_of_a_conversation() {
        let mut wish = with(&[
            (Role::User, "hi"),
            (Role::Assistant, "yes?"),
            (Role::User, "look"),
        ]);
        wish.messages[2].images = vec![picture()];
        let rows: [(Value, &str, Value); 7] = [
            (
                anthropic::body(&wish),
                "/messages",
                json!([
                    {"role": "user", "content": [{"type": "text", "text": "hi"}]},
                    {"role": "assistant", "content": [{"type": "text", "text": "yes?", "cache_control": {"type": "ephemeral"}}]},
                    {"role": "user", "content": [
                        {"type": "image", "source": {"type": "base64", "media_type": "image/gif", "data": "R0lGODlh"}},
                        {"type": "text", "text": "look", "cache_control": {"type": "ephemeral"}},
                    ]},
                ]),
            ),
            (
                openai::body(&wish),
                "/messages",
                json!([
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "hi"},
                    {"role": "assistant", "content": "yes?"},
                    {"role": "user", "content": [
                        {"type": "image_url", "image_url": {"url": "data:image/gif;base64,R0lGODlh"}},
                        {"type": "text", "text": "look"},
                    ]},
                ]),
            ),
            (
                responses::body(&wish),
                "/input",
                json!([
                    {"type": "message", "role": "user", "content": "hi"},
                    {"type": "message", "role": "assistant", "content": "yes?"},
                    {"type": "message", "role": "user", "content": [
                        {"type": "input_image", "image_url": "data:image/gif;base64,R0lGODlh"},
                        {"type": "input_text", "text": "look"},
                    ]},
                ]),
            ),
            (responses::body(&wish), "/instructions", json!("Be brief.")),
            (
                gemini::body(&wish),
                "/contents",
                json!([
                    {"role": "user", "parts": [{"text": "hi"}]},
                    {"role": "model", "parts": [{"text": "yes?"}]},
                    {"role": "user", "parts": [
                        {"inlineData": {"mimeType": "image/gif", "data": "R0lGODlh"}},
                        {"text": "look"},
                    ]},
                ]),
            ),
            (
                gemini::body(&wish),
                "/systemInstruction",
                json!({"parts": [{"text": "Be brief."}]}),
            ),
            (
                ollama::body(&wish),
                "/messages",
                json!([
                    {"role": "system", "content": "Be brief."},
                    {"role": "user", "content": "hi"},
                    {"role": "assistant", "content": "yes?"},
                    {"role": "user", "content": "look", "images": ["R0lGODlh"]},
                ]),
            ),
        ];
        for (body, path, expected) in rows {
            assert_eq!(body.pointer(path), Some(&expected), "{path}");
        }
        // An image needs no words, a blank system prompt is none, and Gemma knows no system role.
        wish.messages = vec![Message {
            images: vec![picture()],
            ..Message::new(Role::User, " ")
        }];
        wish.model = "gemma-3-27b-it".into();
        let body = gemini::body(&wish);
        let parts = body.pointer("/contents/0/parts").unwrap();
        assert_eq!(parts[0], json!({"text": "Be brief."}));
        assert!(parts[1].get("inlineData").is_some() && parts.get(2).is_none());
        assert!(body.get("systemInstruction").is_none());
        wish.system = Some("\n".into());
        assert!(anthropic::body(&wish).get("system").is_none());
        assert!(responses::body(&wish).get("instructions").is_none());
        assert_eq!(openai::body(&wish)["messages"].as_array().unwrap().len(), 1);
    }
}
