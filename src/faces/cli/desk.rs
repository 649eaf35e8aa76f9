//! What a command works with: the engine, the names of sessions, what the user typed.

use crate::config::{Config, Paths, did_you_mean, load};
use crate::error::{Error, Result};
use crate::faces::cli::out::{Out, Outcome, Stop};
use crate::faces::client::{Dialogue, reach};
use crate::protocol::{Answer, Op, Query, Request, SessionId, SessionView, Snapshot, TurnId};
use std::io::Read;

/// The longest prompt that is read from standard input, in bytes; a frame could not carry more.
const MAX_PROMPT_BYTES: u64 = 8 * 1024 * 1024;

/// Where a command writes, and where it finds things.
pub struct Desk<'a> {
    pub paths: &'a Paths,
    pub out: Out,
}

impl Desk<'_> {
    /// The engine, started if none runs.
    pub async fn engine(&self, events: bool) -> Result<Engine> {
        self.paths.create()?;
        let socket = self.paths.socket();
        let program = std::env::current_exe().map_err(|e| {
            let what = format!("cannot find this program to start the engine: {e}");
            Error::new(what, "", "antiphon engine run")
        })?;
        let reached = reach(&program, &socket, &self.paths.log(), events).await?;
        Ok(Engine(Dialogue::on(reached)))
    }

    /// Prints what the engine said in words.
    pub fn say(&mut self, said: &str) -> Outcome {
        match self.out.json {
            true => self.out.json(&serde_json::json!({ "said": said })),
            false => self.out.line(said),
        }
    }

    /// The configuration as this process reads it.
    pub fn config(&self) -> Config {
        load(self.paths, &|name| std::env::var(name).ok(), None).config
    }
}

/// A connection on which one thing is asked after another.
pub struct Engine(pub Dialogue);

impl Engine {
    pub async fn op(&mut self, op: Op) -> Result<Answer> {
        self.0.ask(Request::Op(op)).await
    }

    pub async fn query(&mut self, query: Query) -> Result<Answer> {
        self.0.ask(Request::Query(query)).await
    }

    pub async fn snapshot(&mut self) -> Result<Snapshot> {
        match self.query(Query::Snapshot).await? {
            Answer::Snapshot(snapshot) => Ok(*snapshot),
            _ => Err(odd_answer()),
        }
    }

    /// The living session of that name, or of that id such as `s3`.
    pub async fn session(&mut self, name: &str) -> Result<SessionView> {
        let snapshot = self.snapshot().await?;
        find(&snapshot.sessions, name).cloned()
    }

    /// The turns that an op began; a terminal has none.
    pub async fn turns(&mut self, op: Op) -> Result<Vec<(SessionId, TurnId)>> {
        match self.op(op).await? {
            Answer::Turns(turns) => Ok(turns),
            Answer::Done => Ok(Vec::new()),
            _ => Err(odd_answer()),
        }
    }
}

/// For an answer that does not belong to the question; both sides are of the same version, so it is a bug.
pub fn odd_answer() -> Error {
    Error::new(
        "the engine gave an answer that does not fit the question",
        "",
        "report this; `antiphon engine stop` and a new start may help meanwhile",
    )
}

/// The session of that name, or else of that id.
pub fn find<'a>(sessions: &'a [SessionView], name: &str) -> Result<&'a SessionView> {
    let by_name = sessions.iter().find(|session| session.name == name);
    let by_id = || {
        sessions
            .iter()
            .find(|session| session.id.to_string() == name)
    };
    by_name.or_else(by_id).ok_or_else(|| {
        let names = sessions.iter().map(|session| session.name.as_str());
        let next = did_you_mean(name, names, || match sessions.is_empty() {
            true => "antiphon spawn NAME".to_owned(),
            false => "antiphon list shows all sessions".to_owned(),
        });
        Error::new(format!("no session `{name}`"), "", next)
    })
}

/// The prompt as given, or standard input for `-`.
pub fn prompt(text: String) -> std::result::Result<String, Stop> {
    let text = match text.as_str() {
        "-" => read_prompt(&mut std::io::stdin())?,
        _ => text,
    };
    if text.trim().is_empty() {
        let error = Error::new(
            "the prompt is empty",
            "",
            "write one, or - for standard input",
        );
        return Err(error.into());
    }
    Ok(text)
}

fn read_prompt(from: &mut dyn Read) -> Result<String> {
    let failed = |what: String| Error::new(what, "standard input", "");
    let mut bytes = Vec::new();
    from.take(MAX_PROMPT_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| failed(format!("the prompt cannot be read: {e}")))?;
    if bytes.len() as u64 > MAX_PROMPT_BYTES {
        return Err(failed("the prompt is longer than 8 MiB".to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| failed("the prompt is not UTF-8 text".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::testing::session;

    #[test]
    fn sessions_are_found_by_name_and_by_id() {
        let sessions = [session(1, "primer"), session(2, "s1")];
        assert_eq!(find(&sessions, "primer").unwrap().id, SessionId(1));
        assert_eq!(find(&sessions, "s2").unwrap().id, SessionId(2));
        assert_eq!(find(&sessions, "s1").unwrap().id, SessionId(2));
        let error = find(&sessions, "prmier").unwrap_err();
        assert_eq!(error.what, "no session `prmier`");
        assert_eq!(error.next, "did you mean `primer`?");
        assert_eq!(find(&[], "x").unwrap_err().next, "antiphon spawn NAME");
    }

    #[test]
    fn standard_input_is_read_whole_and_within_bounds() {
        assert_eq!(read_prompt(&mut "a\nb".as_bytes()).unwrap(), "a\nb");
        assert!(read_prompt(&mut &b"\xff"[..]).is_err());
        assert!(
            read_prompt(&mut std::io::repeat(b'x'))
                .unwrap_err()
                .what
                .contains("8 MiB")
        );
    }
}
