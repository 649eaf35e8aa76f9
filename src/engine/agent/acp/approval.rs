//! Tools that ask before they run: the question in words, and the decision as one of the options offered.

use super::tools;
use crate::protocol::Choice;
use crate::protocol::Decision;
use serde_json::{Value, json};

/// A question that waits.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The request's id, to be answered under.
    pub id: Value,
    pub tool: Option<String>,
    options: Vec<Choosable>,
}

#[derive(Clone, Debug)]
struct Choosable {
    id: String,
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Once,
    Always,
    RejectOnce,
    RejectAlways,
    /// One that a later protocol has.
    Unknown,
}

/// A question in words.
pub struct Question {
    pub title: String,
    pub detail: String,
    pub always: bool,
    /// Not yes or no, but one of these.
    pub choices: Vec<Choice>,
    pub pending: Pending,
}

/// What is answered, and what the user must know of it.
pub struct Answer {
    pub outcome: Value,
    pub allowed: bool,
    pub notice: Option<&'static str>,
}

/// Reads a `session/request_permission`.
pub fn read(id: &Value, params: &Value) -> Question {
    let call = &params["toolCall"];
    let options: Vec<Choosable> = params["options"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(option)
        .collect();
    let count = |kind: Kind| options.iter().filter(|o| o.kind == kind).count();
    let plain = count(Kind::Once) <= 1 && count(Kind::Unknown) == 0;
    let choices = match plain {
        true => Vec::new(),
        false => options
            .iter()
            .map(|option| Choice {
                label: option.name.clone(),
                detail: String::new(),
            })
            .collect(),
    };
    Question {
        title: title(call),
        detail: detail(call),
        always: count(Kind::Always) > 0,
        choices,
        pending: Pending {
            id: id.clone(),
            tool: call["toolCallId"].as_str().map(String::from),
            options,
        },
    }
}

/// The decision as the option that means it. Nothing wider than what was decided is ever chosen.
pub fn decide(pending: &Pending, decision: &Decision) -> Answer {
    match decision {
        Decision::Once => match pending.of(Kind::Once) {
            Some(option) => option.chosen(),
            None => Answer {
                notice: Some("the agent offers no \"once\" for this: it was not allowed"),
                ..pending.refused()
            },
        },
        Decision::Always => match pending.always().or(pending.of(Kind::Once)) {
            Some(option) => option.chosen(),
            None => pending.refused(),
        },
        Decision::No { message } if message.trim().is_empty() => pending.refused(),
        Decision::No { .. } => Answer {
            notice: Some("this agent takes no words with a no: send them as the next prompt"),
            ..pending.refused()
        },
        Decision::Answer { answers } => {
            let named = |option: &&Choosable| answers.first() == Some(&option.name);
            match pending.options.iter().find(named) {
                Some(option) => option.chosen(),
                None => Answer {
                    notice: Some("this agent takes only the answers it offers: it was told no"),
                    ..pending.refused()
                },
            }
        }
    }
}

/// The answer to a question that is not put to the user any more.
pub fn cancelled() -> Value {
    json!({"outcome": {"outcome": "cancelled"}})
}

impl Pending {
    fn of(&self, kind: Kind) -> Option<&Choosable> {
        self.options.iter().find(|option| option.kind == kind)
    }

    /// The "always" that reaches least far: that of the session, where there are several.
    fn always(&self) -> Option<&Choosable> {
        let mut all = self.options.iter().filter(|o| o.kind == Kind::Always);
        let of_session = |o: &&Choosable| o.name.to_lowercase().contains("this session");
        let narrow = all.clone().find(of_session);
        narrow.or_else(|| all.next())
    }

    fn refused(&self) -> Answer {
        let no = self.of(Kind::RejectOnce).or(self.of(Kind::RejectAlways));
        no.map_or_else(
            || Answer {
                outcome: cancelled(),
                allowed: false,
                notice: None,
            },
            Choosable::chosen,
        )
    }
}

impl Choosable {
    fn chosen(&self) -> Answer {
        Answer {
            outcome: json!({"outcome": {"outcome": "selected", "optionId": self.id}}),
            allowed: !matches!(self.kind, Kind::RejectOnce | Kind::RejectAlways),
            notice: None,
        }
    }
}

fn option(option: &Value) -> Option<Choosable> {
    let id = option["optionId"].as_str()?;
    Some(Choosable {
        id: id.to_owned(),
        name: option["name"].as_str().unwrap_or(id).to_owned(),
        kind: match option["kind"].as_str() {
            Some("allow_once") => Kind::Once,
            Some("allow_always") => Kind::Always,
            Some("reject_once") => Kind::RejectOnce,
            Some("reject_always") => Kind::RejectAlways,
            _ => Kind::Unknown,
        },
    })
}

/// What wants to run, such as `a command`.
fn title(call: &Value) -> String {
    let kind = match call["kind"].as_str().unwrap_or_default() {
        "execute" => "a command",
        "edit" => "an edit",
        "read" => "a read",
        "delete" => "a deletion",
        "move" => "a move",
        "search" => "a search",
        "fetch" => "a download",
        _ => {
            let title = call["title"].as_str().filter(|title| !title.is_empty());
            return super::failure::one_line(title.unwrap_or("a tool"));
        }
    };
    kind.to_owned()
}

/// What exactly is to be done: the command or the title, and the change or text that comes with it.
fn detail(call: &Value) -> String {
    let input = &call["rawInput"];
    let command = input["command"].as_str().filter(|c| !c.is_empty());
    let title = call["title"].as_str().filter(|title| !title.is_empty());
    let shown = tools::contents(&call["content"]);
    let path = call["locations"][0]["path"].as_str();
    let mut parts: Vec<String> = Vec::new();
    parts.extend(command.or(title).map(String::from));
    // A change begins with its path, and says it all.
    let has_diff = path.is_some_and(|path| shown.starts_with(path));
    if has_diff {
        parts.retain(|part| path.is_some_and(|path| !path.ends_with(part.trim_start_matches('/'))));
    } else if let Some(path) = path.filter(|path| !parts.iter().any(|part| part.contains(path))) {
        parts.push(path.to_owned());
    }
    if !shown.is_empty() {
        parts.push(shown);
    } else if command.is_none() && input.as_object().is_some_and(|input| !input.is_empty()) {
        parts.push(serde_json::to_string_pretty(input).unwrap_or_default());
    }
    parts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(options: Value) -> Question {
        read(
            &json!(7),
            &json!({"toolCall": {"toolCallId": "t"}, "options": options}),
        )
    }

    fn chosen(question: &Question, decision: Decision) -> (String, bool, bool) {
        let answer = decide(&question.pending, &decision);
        let outcome = &answer.outcome["outcome"];
        let word = outcome["optionId"].as_str().or(outcome["outcome"].as_str());
        (
            word.unwrap().to_owned(),
            answer.allowed,
            answer.notice.is_some(),
        )
    }

    fn no(message: &str) -> Decision {
        Decision::No {
            message: message.into(),
        }
    }

    #[test]
    fn decisions_are_options_and_never_wider() {
        let all = asked(json!([
            {"optionId": "save", "name": "Allow for all future sessions", "kind": "allow_always"},
            {"optionId": "session", "name": "Allow for this session", "kind": "allow_always"},
            {"optionId": "once", "name": "Allow", "kind": "allow_once"},
            {"optionId": "never", "name": "Never", "kind": "reject_always"},
            {"optionId": "no", "name": "Reject", "kind": "reject_once"}]));
        assert!(all.always && all.choices.is_empty());
        let pick = |question: &Question, decision| chosen(question, decision);
        assert_eq!(pick(&all, Decision::Once), ("once".into(), true, false));
        assert_eq!(
            pick(&all, Decision::Always),
            ("session".into(), true, false)
        );
        assert_eq!(pick(&all, no("")), ("no".into(), false, false));
        assert_eq!(pick(&all, no("not there")), ("no".into(), false, true));
        let wide = asked(json!([{"optionId": "ever", "name": "E", "kind": "allow_always"}]));
        assert_eq!(
            pick(&wide, Decision::Once),
            ("cancelled".into(), false, true)
        );
        let once = asked(json!([{"optionId": "o", "kind": "allow_once"}, {"no": "id"}]));
        assert!(!once.always);
        assert_eq!(pick(&once, Decision::Always), ("o".into(), true, false));
        assert_eq!(
            pick(&asked(json!(null)), no("")),
            ("cancelled".into(), false, false)
        );
    }

    #[test]
    fn several_ways_to_go_on_are_a_question() {
        let plan = asked(json!([
            {"optionId": "a", "name": "Go, and edit freely", "kind": "allow_once"},
            {"optionId": "b", "name": "Go, and ask", "kind": "allow_once"},
            {"optionId": "c", "name": "Later", "kind": "postpone"},
            {"optionId": "d", "name": "Stop", "kind": "reject_once"}]));
        assert_eq!(plan.choices.len(), 4);
        let answer = |word: &str| Decision::Answer {
            answers: vec![word.into()],
        };
        assert_eq!(
            chosen(&plan, answer("Go, and ask")),
            ("b".into(), true, false)
        );
        assert_eq!(chosen(&plan, answer("Stop")), ("d".into(), false, false));
        assert_eq!(
            chosen(&plan, answer("something else")),
            ("d".into(), false, true)
        );
    }

    #[test]
    fn details_say_what_will_be_done() {
        for (call, title, detail) in [
            (
                json!({"kind": "execute", "title": "ls", "rawInput": {"command": "ls -l"}}),
                "a command",
                "ls -l",
            ),
            (
                json!({"kind": "execute", "title": "ls", "content": [{"type": "content",
                    "content": {"type": "text", "text": "[current working directory /w]"}}]}),
                "a command",
                "ls\n[current working directory /w]",
            ),
            (
                json!({"kind": "edit", "title": "/w/b", "locations": [{"path": "/w/b"}], "rawInput": {"x": 1},
                    "content": [{"type": "diff", "path": "/w/b", "oldText": "a\n", "newText": "b\n"}]}),
                "an edit",
                "/w/b\n- a\n+ b",
            ),
            (
                json!({"kind": "edit", "title": "Writing to b", "locations": [{"path": "/w/b"}],
                    "content": [{"type": "diff", "path": "/w/b", "oldText": "", "newText": "b\n"}]}),
                "an edit",
                "Writing to b\n/w/b\n+ b",
            ),
            (
                json!({"kind": "new", "title": "Dance", "rawInput": {"steps": 2}}),
                "Dance",
                "Dance\n{\n  \"steps\": 2\n}",
            ),
            (json!({}), "a tool", ""),
        ] {
            let question = read(&json!(1), &json!({"toolCall": call}));
            assert_eq!((&*question.title, &*question.detail), (title, detail));
        }
    }
}
