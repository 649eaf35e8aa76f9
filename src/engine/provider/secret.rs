//! API keys: where they come from, and how they are kept out of everything a person or a log can read.

use crate::protocol::{Category, Failure};
use std::fmt;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;

/// How long `api_key_cmd` may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(5);
/// The longest output of `api_key_cmd` that is read; a key is far shorter.
const MAX_KEY_BYTES: u64 = 16 * 1024;

/// An API key. It can be put into a request header and nowhere else: `Debug` shows `…`, there is no `Display`.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Keeps `key`, without the white space around it.
    pub fn new(key: &str) -> Secret {
        Secret(key.trim().to_owned())
    }

    /// The key itself, for a header's value and for [`redact`].
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// The key of a provider: the first of the environment variables `env_names` that is set and not empty, else the
/// first line that is not empty of what the shell command `cmd` prints within five seconds, else `None`.
///
/// Fails with `Missing` when the command cannot be run, fails, prints nothing or takes too long. What it prints is
/// never part of the message.
pub async fn api_key(
    env_names: &[&str],
    cmd: Option<&str>,
    env: impl Fn(&str) -> Option<String>,
) -> Result<Option<Secret>, Failure> {
    let set = env_names.iter().find_map(|name| {
        let key = Secret::new(&env(name)?);
        (!key.expose().is_empty()).then_some(key)
    });
    match (set, cmd) {
        (Some(key), _) => Ok(Some(key)),
        (None, Some(cmd)) => run(cmd).await.map(Some),
        (None, None) => Ok(None),
    }
}

async fn run(cmd: &str) -> Result<Secret, Failure> {
    let wrong = |what: &str| {
        Failure::new(
            Category::Missing,
            format!("api_key_cmd {what}"),
            "run the command in a shell: it must print the key and nothing else",
        )
    };
    let mut child = tokio::process::Command::new("/bin/sh")
        .args(["-c", cmd])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|e| wrong(&format!("could not be started: {}", e.kind())))?;
    let group = child
        .id()
        .and_then(|id| rustix::process::Pid::from_raw(id.cast_signed()));
    let stdout = child.stdout.take();
    let work = async {
        let mut text = Vec::new();
        if let Some(stdout) = stdout {
            stdout.take(MAX_KEY_BYTES).read_to_end(&mut text).await?;
        }
        std::io::Result::Ok((text, child.wait().await?))
    };
    let (text, status) = match tokio::time::timeout(COMMAND_LIMIT, work).await {
        Ok(Ok(done)) => done,
        Ok(Err(e)) => return Err(wrong(&format!("could not be read: {}", e.kind()))),
        Err(_) => {
            // The shell's children hold the pipe too: end the whole group.
            if let Some(group) = group {
                let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
            }
            return Err(wrong("took more than 5 seconds"));
        }
    };
    if !status.success() {
        return Err(wrong(&match status.code() {
            Some(code) => format!("ended with exit code {code}"),
            None => "was ended by a signal".into(),
        }));
    }
    let text = String::from_utf8_lossy(&text);
    match text.lines().map(str::trim).find(|line| !line.is_empty()) {
        Some(key) => Ok(Secret::new(key)),
        None => Err(wrong("printed nothing")),
    }
}

/// The longest message of a server that is shown, in characters.
pub(super) const LONGEST: usize = 1000;

/// `text` as one line of at most [`LONGEST`] characters without control characters and without keys: neither `key` itself
/// nor anything that looks like a key (`sk-…`, `Bearer …` and the like). Each becomes `…`.
pub(super) fn redact(text: &str, key: Option<&Secret>) -> String {
    let text = match key {
        Some(key) if !key.expose().is_empty() => text.replace(key.expose(), "…"),
        _ => text.to_owned(),
    };
    one_line(&without_keys(&text), LONGEST)
}

/// The beginnings of the keys of the usual providers.
const PREFIXES: [&str; 8] = ["sk-", "sk_", "pk-", "gsk_", "xai-", "AIza", "hf_", "nvapi-"];
/// Shorter words with such a beginning are left alone.
const SHORTEST_KEY: usize = 10;

fn without_keys(text: &str) -> String {
    let in_key = |c: char| c.is_ascii_alphanumeric() || "-_.*…".contains(c);
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_bearer = false;
    while let Some(first) = rest.chars().next() {
        let end = if !in_key(first) {
            rest.find(in_key)
        } else if after_bearer {
            rest.find(|c: char| c.is_whitespace() || "\"',;<>".contains(c))
        } else {
            rest.find(|c| !in_key(c))
        };
        let (run, behind) = rest.split_at(end.unwrap_or(rest.len()));
        rest = behind;
        if !in_key(first) {
            clean.push_str(run);
            after_bearer &= run.chars().all(|c| c.is_whitespace() || c == ':');
            continue;
        }
        let word = run.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
        let like_a_key = run.len() >= SHORTEST_KEY && PREFIXES.iter().any(|p| word.starts_with(p));
        if like_a_key || after_bearer {
            clean.push('…');
        } else {
            clean.push_str(run);
        }
        after_bearer = run.eq_ignore_ascii_case("bearer");
    }
    clean
}

/// `text` in one line: control characters and direction marks removed, white space joined, cut at `limit` characters.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let mut line = String::new();
    let (mut count, mut gap) = (0, false);
    for c in text.chars() {
        if c.is_whitespace() {
            gap = count > 0;
            continue;
        }
        if c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            continue;
        }
        if count + usize::from(gap) + 1 >= limit {
            line.push('…');
            break;
        }
        if std::mem::take(&mut gap) {
            line.push(' ');
            count += 1;
        }
        line.push(c);
        count += 1;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_hold_no_keys_and_no_control_characters() {
        let key = Secret::new(" topsecret \n");
        for (text, clean) in [
            ("plain, with a task-force", "plain, with a task-force"),
            (
                "Incorrect API key provided: sk-ab12****wxyz. See",
                "Incorrect API key provided: … See",
            ),
            ("key 'topsecret' is wrong", "key '…' is wrong"),
            ("Authorization: Bearer abc.def", "Authorization: Bearer …"),
            (
                "api_key=sk-ab12cd34ef56 Bearer a/b+c==",
                "api_key=… Bearer …",
            ),
            ("bearer: eyJhbGciOi\nnext", "bearer: … next"),
            ("\"sk-ant-api03-AAAAAAAA\"", "\"…\""),
            ("a\u{1b}[31m\r\n\tb\u{202e}c\u{7}", "a[31m bc"),
            ("", ""),
        ] {
            assert_eq!(redact(text, Some(&key)), clean, "{text:?}");
        }
        let long = redact(&"é ".repeat(1000), None);
        assert!(
            long.chars().count() <= LONGEST && long.ends_with('…'),
            "{}",
            long.chars().count()
        );
        assert_eq!(format!("{:?}", Some(&key)), "Some(…)");
    }

    #[tokio::test]
    async fn a_key_comes_from_the_environment_or_a_command() {
        let env = |name: &str| {
            [("EMPTY", " "), ("SET", "from-env\n")]
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| v.to_string())
        };
        for (names, cmd, expected) in [
            (
                &["NONE", "EMPTY", "SET"][..],
                Some("exit 3"),
                Ok(Some("from-env")),
            ),
            (&["EMPTY"][..], None, Ok(None)),
            (
                &["EMPTY"][..],
                Some("printf '\\n  from-cmd  \\nuser: me\\n'"),
                Ok(Some("from-cmd")),
            ),
            (
                &[][..],
                Some("echo leaked; exit 3"),
                Err("api_key_cmd ended with exit code 3"),
            ),
            (&[][..], Some("true"), Err("api_key_cmd printed nothing")),
            (
                &[][..],
                Some("kill -9 $$"),
                Err("api_key_cmd was ended by a signal"),
            ),
        ] {
            let found = api_key(names, cmd, env).await;
            let found = found.as_ref().map(|k| k.as_ref().map(Secret::expose));
            assert_eq!(
                found.map_err(|f| f.message.as_str()),
                expected,
                "{names:?} {cmd:?}"
            );
        }
    }

    /// The clock is stopped: it jumps to the limit at once.
    #[tokio::test(start_paused = true)]
    async fn a_command_that_hangs_is_ended() {
        let found = api_key(&[], Some("sleep 600 & wait"), |_| None).await;
        assert_eq!(
            found.unwrap_err().message,
            "api_key_cmd took more than 5 seconds"
        );
    }
}
