//! How `src/engine/pty/fixtures/claude.bytes` and `codex.bytes` came to be: the real programs on their own screens,
//! against stand-ins of their models' servers, in a folder that tells nothing of its machine. Not a test of Antiphon:
//!
//! ```sh
//! ANTIPHON_RECORD=src/engine/pty/fixtures ANTIPHON_CLAUDE=$(which claude) ANTIPHON_CODEX=$(which codex) \
//!     cargo test --test recording
//! ```
//!
//! Beside the bytes stands NAME.marks, what happened at which of them, a line for each: `OFFSET size COLSxROWS`, the
//! terminal got that size; `OFFSET shows TEXT`, that was on the screen; `OFFSET looks NAME`, a screen for a snapshot.

mod support;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use support::directives::script;
use support::home::Home;
use support::messages_api::MessagesApi;
use support::responses_api::ResponsesApi;
use support::screen::Screen;
use support::until;

/// A folder that looks like anybody's.
const FOLDER: &str = "/tmp/demo";

const ASKED: &str = "Show me a loop";
const ANSWER: &str = "@slow:2 @say Here is a loop that counts:\n\n```rust\nfor n in 1..=3 {\n    println!(\"{n} – größer, 数え, 🦀\");\n}\n```\n\nIt needs:\n\n1. a **range**, here `1..=3`\n2. a *body*, which runs for each number\n   - and may be left by `break`\n3. nothing else\n";
const ACT: &str = "Make a file";

/// A program on its screen, and what is noted beside its bytes.
struct Recording<'a> {
    screen: Screen<'a>,
    marks: String,
}

impl<'a> Recording<'a> {
    fn begin(home: &'a Home, command: &str) -> Recording<'a> {
        let line = format!("cd {FOLDER} && exec {command}");
        Recording {
            screen: Screen::run(home, "/bin/sh", &["-c", &line], 80, 24),
            marks: String::new(),
        }
    }

    /// Waits until the texts are on a screen that stands still, and notes them.
    fn shows(&mut self, texts: &[&str]) {
        (self.screen).wait_for(&format!("{texts:?}"), |screen| all(screen, texts));
        until("stillness", || {
            let still = self.screen.is_quiet_for(Duration::from_millis(500));
            (still && all(&self.screen.text(), texts)).then_some(())
        });
        self.note(texts);
    }

    fn note(&mut self, texts: &[&str]) {
        let at = self.screen.written();
        for text in texts {
            let _ = writeln!(self.marks, "{at} shows {text}");
        }
    }

    /// What is on the screen is kept as a snapshot.
    fn looks(&mut self, name: &str) {
        let _ = writeln!(self.marks, "{} looks {name}", self.screen.written());
    }

    fn size(&mut self, cols: u16, rows: u16) {
        let _ = writeln!(self.marks, "{} size {cols}x{rows}", self.screen.written());
        self.screen.resize(cols, rows);
    }

    fn say(&mut self, prompt: &str) {
        self.screen.type_text(prompt);
        self.shows(&[prompt]);
        self.screen.type_text("\r");
    }

    /// Asks for the answer, which is drawn while it comes and drawn anew on another size.
    fn answers_in_two_sizes(&mut self) {
        self.say(ASKED);
        self.shows(&["for n in 1..=3 {", "größer, 数え, 🦀", "3. nothing else"]);
        self.looks("answered");
        self.size(50, 18);
        self.shows(&["3. nothing else"]);
        self.looks("narrow");
        self.size(80, 24);
        self.shows(&["println!", "3. nothing else"]);
    }

    /// Writes both files, once the program has ended.
    fn keep(mut self, folder: &Path, name: &str, last: &[&str]) {
        self.screen.wait_for_exit();
        assert!(all(&self.screen.text(), last), "{}", self.screen.text());
        self.note(last);
        fs::write(folder.join(format!("{name}.bytes")), self.screen.raw()).expect("written");
        fs::write(folder.join(format!("{name}.marks")), self.marks).expect("written");
    }
}

fn all(screen: &str, texts: &[&str]) -> bool {
    texts.iter().all(|text| screen.contains(text))
}

/// Where to record to, and the program; `None` where nothing is to be recorded.
fn wanted(variable: &str) -> Option<(PathBuf, String)> {
    let folder = PathBuf::from(std::env::var_os("ANTIPHON_RECORD")?);
    let program = std::env::var(variable).ok()?;
    fs::create_dir_all(FOLDER).expect("a folder");
    Some((folder, program))
}

#[test]
fn claude_on_its_screen() {
    let Some((folder, program)) = wanted("ANTIPHON_CLAUDE") else {
        return;
    };
    let api = MessagesApi::start();
    script(ASKED, ANSWER);
    script(
        ACT,
        "@tool:Bash {\"command\":\"touch made\",\"description\":\"make a file\"}",
    );
    let mut home = support::claude::home(&api).expect("a program");
    home.set("HOME", FOLDER);
    let known = serde_json::json!({
        "hasCompletedOnboarding": true,
        "theme": "dark",
        "projects": {FOLDER: {"hasTrustDialogAccepted": true}},
    });
    fs::write(Path::new(FOLDER).join(".claude.json"), known.to_string()).expect("written");
    let command = format!("{program} --permission-mode default");
    let mut talk = Recording::begin(&home, &command);
    talk.shows(&["Claude Code", "❯"]);
    talk.answers_in_two_sizes();
    talk.say(ACT);
    talk.shows(&["touch made", "Do you want to proceed?", "❯ 1. Yes"]);
    talk.looks("asks");
    talk.screen.type_text("\x1b");
    talk.shows(&["❯"]);
    talk.screen.type_text("/exit\r");
    talk.keep(
        &folder,
        "claude",
        &["Resume this session with:", "--resume"],
    );
}

#[test]
fn codex_on_its_screen() {
    let Some((folder, program)) = wanted("ANTIPHON_CODEX") else {
        return;
    };
    let api = ResponsesApi::start();
    script(ASKED, ANSWER);
    support::codex::configure(Path::new(FOLDER), &api, "gpt-5.2-codex");
    let mut home = Home::new();
    let path = std::env::var("PATH").unwrap_or_default();
    home.set("HOME", FOLDER)
        .set("PATH", &path)
        .set("STAND_IN_KEY", "dummy")
        // It warns where its folder is one for what is temporary.
        .set("TMPDIR", "/var/tmp");
    let mut talk = Recording::begin(&home, &program);
    talk.shows(&["OpenAI Codex", "Ask Codex to do anything"]);
    talk.answers_in_two_sizes();
    talk.screen.type_text("/quit");
    talk.shows(&["/quit"]);
    talk.screen.type_text("\r");
    talk.keep(&folder, "codex", &["resume"]);
}
