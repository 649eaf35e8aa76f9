//! `inbox` and `respond`: what all sessions ask, and the answer to it.

use crate::error::{Error, Result};
use crate::faces::cli::desk::Desk;
use crate::faces::cli::groups::Respond;
use crate::faces::cli::out::{Ink, Outcome};
use crate::faces::cli::table::{Table, cell, plain};
use crate::faces::cli::words;
use crate::protocol::{Ask, AskKind, Decision, Op, SessionView, Status};
use serde_json::json;

pub async fn inbox(desk: &mut Desk<'_>) -> Outcome {
    let snapshot = desk.engine(false).await?.snapshot().await?;
    let sessions = &snapshot.sessions;
    let mut asks: Vec<(&SessionView, &Ask)> = Vec::new();
    for session in sessions {
        asks.extend(session.asks.iter().map(|ask| (session, ask)));
    }
    asks.sort_by_key(|(_, ask)| (ask.since, ask.id));
    let stopped = |s: &&SessionView| match s.status {
        Status::NeedsYou => s.asks.is_empty(),
        Status::Limited { .. } | Status::Failed { .. } => true,
        _ => false,
    };
    let stopped: Vec<&SessionView> = sessions.iter().filter(stopped).collect();
    if desk.out.json {
        let row = |session: &SessionView, ask: Option<&Ask>| {
            json!({"session": session.id, "name": session.name, "backend": session.backend,
                "status": session.status, "since": ask.map_or(session.since, |ask| ask.since),
                "ask": ask})
        };
        let asks = asks.iter().map(|(session, ask)| row(session, Some(ask)));
        let rows: Vec<_> = asks
            .chain(stopped.iter().map(|session| row(session, None)))
            .collect();
        return desk.out.json(&rows);
    }
    if asks.is_empty() && stopped.is_empty() {
        return desk.out.line("Nothing waits for you.");
    }
    let mut table = Table::new(&["session", "backend", "since", ">ask", "answer", "what"]);
    for (session, ask) in asks {
        table.row(vec![
            cell(Ink::Bold, &session.name),
            plain(session.backend.as_str()),
            cell(Ink::Dim, words::since(ask.since)),
            plain(ask.id.0.to_string()),
            cell(Ink::Warning, answers(ask)),
            plain(in_a_line(ask)),
        ]);
    }
    for session in stopped {
        let (ink, status) = words::status(session);
        let note = session.note.as_deref().unwrap_or_default();
        table.row(vec![
            cell(Ink::Bold, &session.name),
            plain(session.backend.as_str()),
            cell(Ink::Dim, words::since(session.since)),
            plain(""),
            cell(ink, status),
            plain(note),
        ]);
    }
    table.fit(desk.out.width());
    table.write(&mut desk.out)
}

/// What an ask can be answered with.
pub fn answers(ask: &Ask) -> &'static str {
    match (ask.kind, ask.choices.is_empty(), ask.multiple) {
        (AskKind::Approval, ..) if ask.always => "once|always|no",
        (AskKind::Approval | AskKind::Budget, ..) => "once|no",
        (AskKind::Question, true, _) => "ANSWER",
        (AskKind::Question, false, false) => "1|2|…|WORDS",
        (AskKind::Question, false, true) => "1 2 …|WORDS",
        (AskKind::Login, ..) => "no",
    }
}

/// What is asked, with its choices.
pub fn in_a_line(ask: &Ask) -> String {
    let detail = ask.detail.lines().next().unwrap_or_default();
    let mut text = match (
        ask.kind,
        ask.title.is_empty() || ask.kind == AskKind::Question,
    ) {
        (AskKind::Approval, _) if ask.title.starts_with("ExitPlanMode") => {
            format!("go ahead with its plan? {detail}")
        }
        (AskKind::Login, true) => format!("log in: {detail}"),
        (_, true) => detail.to_owned(),
        (_, false) => format!("{}: {detail}", ask.title),
    };
    for (at, choice) in ask.choices.iter().enumerate() {
        text.push_str(&format!("  {} {}", at + 1, choice.label));
    }
    text
}

pub async fn respond(desk: &mut Desk<'_>, args: Respond) -> Outcome {
    let mut engine = desk.engine(false).await?;
    let session = engine.session(&args.name).await?;
    let open = match args.ask {
        Some(number) => session.asks.iter().find(|ask| ask.id.0 == number),
        None => session.asks.first(),
    };
    let Some(ask) = open else {
        let what = match args.ask {
            Some(number) => format!("{} does not ask number {number} (any more)", session.name),
            None => format!("{} asks nothing", session.name),
        };
        return Err(Error::new(what, "", "antiphon inbox shows what is asked").into());
    };
    let decision = decision(ask, &args.answer, args.message)?;
    let said = match (&decision, ask.kind) {
        (Decision::Once, _) => "yes, once".to_owned(),
        (Decision::Always, _) => "yes, always".to_owned(),
        (Decision::No { .. }, AskKind::Question) => "no answer".to_owned(),
        (Decision::No { .. }, _) => "no".to_owned(),
        (Decision::Answer { answers }, _) => answers.join(", "),
    };
    let told = format!("{}: {said} · {}", session.name, asked(ask));
    let op = Op::Respond {
        session: session.id,
        ask: ask.id,
        decision,
    };
    engine.op(op).await?;
    desk.out.done(told)
}

/// What was asked, in a line.
fn asked(ask: &Ask) -> String {
    let detail = ask.detail.lines().next().unwrap_or_default();
    match ask.title.is_empty() {
        true => detail.to_owned(),
        false => format!("{}: {detail}", ask.title),
    }
}

/// The decision that the words make of that question.
///
/// # Errors
/// They do not answer it.
fn decision(ask: &Ask, words: &[String], message: Option<String>) -> Result<Decision> {
    let only = match words {
        [word] => word.as_str(),
        _ => "",
    };
    let chosen: Vec<Option<String>> = words.iter().map(|word| choice(ask, word)).collect();
    let no = only == "no" && chosen[0].is_none();
    if message.is_some() && !no {
        let what = "words for the model can only go with no";
        return Err(Error::new(what, "--message", "leave it out"));
    }
    let wrong = |what: String| Err(Error::new(what, "", format!("one of {}", answers(ask))));
    match (ask.kind, only) {
        _ if no => Ok(Decision::No {
            message: message.unwrap_or_default(),
        }),
        (AskKind::Approval | AskKind::Budget, "once") => Ok(Decision::Once),
        // A budget has no "always": the next prompt asks again.
        (AskKind::Budget, "always") => Ok(Decision::Once),
        (AskKind::Approval, "always") if ask.always => Ok(Decision::Always),
        (AskKind::Approval, "always") => wrong("this cannot be allowed for always".to_owned()),
        (AskKind::Question, _) => {
            let all: Option<Vec<String>> = chosen.into_iter().collect();
            match all {
                Some(answers) if answers.len() == 1 || ask.multiple => {
                    Ok(Decision::Answer { answers })
                }
                Some(_) => wrong("only one answer can be given".to_owned()),
                // Not all of them are choices: they are words.
                None => match number_beyond(ask, words) {
                    Some(number) => wrong(format!("there is no choice {number}")),
                    None => Ok(Decision::Answer {
                        answers: vec![words.join(" ")],
                    }),
                },
            }
        }
        _ => wrong(format!("`{}` is no answer to this", words.join(" "))),
    }
}

/// The choice that a word names: by its number, or as it is written.
fn choice(ask: &Ask, word: &str) -> Option<String> {
    let labels = || ask.choices.iter().map(|choice| &choice.label);
    let written = || labels().find(|label| label.to_lowercase() == word.to_lowercase());
    let number: Option<usize> = word.parse().ok();
    let numbered = number.and_then(|n| labels().nth(n.checked_sub(1)?));
    numbered.or_else(written).cloned()
}

/// A lonely number that is none of the choices: more likely a slip than an answer in words.
fn number_beyond(ask: &Ask, words: &[String]) -> Option<usize> {
    let numbers: Option<Vec<usize>> = words.iter().map(|word| word.parse().ok()).collect();
    let beyond = |n: &usize| *n == 0 || *n > ask.choices.len();
    numbers
        .filter(|_| !ask.choices.is_empty())?
        .into_iter()
        .find(beyond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{AskId, Choice};

    fn ask(kind: AskKind, labels: &[&str], more: bool) -> Ask {
        let choices = labels.iter().map(|label| Choice {
            label: (*label).to_owned(),
            detail: String::new(),
        });
        Ask {
            id: AskId(1),
            kind,
            title: "Bash".into(),
            detail: "ls".into(),
            since: 0,
            choices: choices.collect(),
            multiple: more,
            always: more,
            on_screen: false,
        }
    }

    #[test]
    fn words_become_decisions() {
        let no = |message: &str| Decision::No {
            message: message.into(),
        };
        let answer = |words: &[&str]| Decision::Answer {
            answers: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        let tool = ask(AskKind::Approval, &[], true);
        let once = ask(AskKind::Approval, &[], false);
        let budget = ask(AskKind::Budget, &[], false);
        let one = ask(AskKind::Question, &["Red", "Light blue"], false);
        let many = ask(AskKind::Question, &["Door", "Roof", "Wall"], true);
        let plain = ask(AskKind::Question, &[], false);
        let yes_no = ask(AskKind::Question, &["Yes", "No"], false);
        let login = ask(AskKind::Login, &[], false);
        for (ask, words, expected) in [
            (&tool, "once", Some(Decision::Once)),
            (&tool, "always", Some(Decision::Always)),
            (&tool, "no", Some(no(""))),
            (&tool, "maybe", None),
            (&tool, "once always", None),
            (&once, "always", None),
            (&budget, "always", Some(Decision::Once)),
            (&budget, "1", None),
            (&one, "2", Some(answer(&["Light blue"]))),
            (&one, "light_blue", Some(answer(&["Light blue"]))),
            (&one, "a green one", Some(answer(&["a green one"]))),
            (&one, "1 2", None),
            (&one, "3", None),
            (&one, "no", Some(no(""))),
            (&many, "1 wall", Some(answer(&["Door", "Wall"]))),
            (&many, "0", None),
            (&plain, "42", Some(answer(&["42"]))),
            (&plain, "as you like", Some(answer(&["as you like"]))),
            (&yes_no, "no", Some(answer(&["No"]))),
            (&login, "no", Some(no(""))),
            (&login, "once", None),
        ] {
            let words: Vec<String> = words.split(' ').map(|w| w.replace('_', " ")).collect();
            assert_eq!(decision(ask, &words, None).ok(), expected, "{words:?}");
        }
        let with = |words: &str| decision(&tool, &[words.into()], Some("later".into()));
        assert_eq!(with("no").ok(), Some(no("later")));
        assert!(with("once").is_err());
    }
}
