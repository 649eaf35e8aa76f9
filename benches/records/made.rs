//! Turns, records and whole stores for the figures.

use antiphon::faces::client::Dialogue;
use antiphon::learning::{Corrections, read};
use antiphon::protocol::{
    Backend, CATEGORIES, Chosen, Cost, Nano, Origin, Record, SessionId, Timings, Turn, TurnId,
    TurnState, Usage,
};
use antiphon::store::{self, EvidenceRow};
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

const PROGRAM: &str = env!("CARGO_BIN_EXE_antiphon");

/// Keys that open everything for a suggestion; nothing is sent with them.
const KEYS: [&str; 3] = ["ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"];

pub const MODELS: [(&str, Backend); 6] = [
    ("claude-opus-4-8", Backend::Anthropic),
    ("claude-sonnet-5-5", Backend::Anthropic),
    ("claude-haiku-4-5", Backend::Anthropic),
    ("gpt-5.5", Backend::OpenAi),
    ("gpt-5.4-mini", Backend::OpenAi),
    ("gemini-3.5-flash", Backend::Gemini),
];

pub const PROMPTS: [&str; 6] = [
    "fix this bug: it panics with index out of bounds in src/main.rs, line 40, after the second call",
    "write a function in rust that merges two sorted lists without allocating",
    "explain what a monad is to somebody who knows python",
    "prove that the sum of two odd numbers is even",
    "review this change: is the lock held for too long?",
    "what is the capital of Australia?",
];

/// (kind, text that long prompts are made of).
pub const FILLINGS: [(&str, &str); 3] = [
    (
        "prose",
        "The committee met on Tuesday to talk about where the new bridge should stand. ",
    ),
    (
        "code",
        "let total: u32 = items.iter().map(|item| item.price * 2).sum(); // all of them\n",
    ),
    (
        "words that tell",
        "Explain how the defendant's patient data must be encrypted in every Rust test. ",
    ),
];

/// So many tasks as `suggest --batch` reads them.
pub fn tasks(count: usize) -> String {
    let task = |n: usize| {
        let prompt = PROMPTS[n % PROMPTS.len()];
        let task = serde_json::json!({
            "prompt": format!("{prompt} (number {n})"),
            "priority": format!("P{}", n % 5),
            "labels": ["security"],
        });
        format!("{task}\n")
    };
    (0..count).map(task).collect()
}

pub fn turn(n: u64) -> Turn {
    let (model, backend) = &MODELS[(n % MODELS.len() as u64) as usize];
    let prompt = PROMPTS[(n / 7 % PROMPTS.len() as u64) as usize];
    let at = 1_790_000_000_000 + n as i64 * 60_000;
    Turn {
        id: TurnId(n),
        parent: None,
        session: SessionId(1),
        prompt: prompt.into(),
        origin: Origin::Typed,
        blocks: vec![],
        state: TurnState::Done,
        backend: backend.clone(),
        model: Some((*model).into()),
        usage: Usage {
            input: 900,
            output: 400,
            ..Usage::default()
        },
        cost: Cost {
            priced: Nano(4_000_000),
            ..Cost::default()
        },
        timings: Timings {
            asked_at: at,
            sent_at: Some(at),
            first_token_at: Some(at + 400),
            ended_at: Some(at + 4_000),
        },
        rating: None,
        category: CATEGORIES[(n / 7 % PROMPTS.len() as u64) as usize].into(),
        agent_ref: None,
        attached: vec![],
        attempts: vec![],
        price: None,
        receipt: Default::default(),
    }
}

pub fn record(turn: &Turn) -> Record {
    let reading = read(&turn.prompt, &["rust"], &Corrections::default());
    let words = |all: &[&str]| all.iter().map(|word| (*word).to_owned()).collect();
    Record {
        turn: turn.id,
        category: turn.category.clone(),
        read_as: reading.category.into(),
        sub: reading.sub.map(str::to_owned),
        complexity: reading.complexity.score,
        parts: reading.complexity.parts,
        tags: words(&reading.tags),
        language: None,
        marks: words(&reading.marks),
        words: reading.words,
        features: reading.features.to_vec(),
        project: "/home/me/project".into(),
        group: None,
        chosen: Chosen::User,
        followed: None,
        propensity: None,
        predicted: None,
        quality: Some(7.0),
        why: "nothing was seen of it".into(),
    }
}

pub fn told(turn: &Turn) -> EvidenceRow {
    EvidenceRow {
        seq: turn.id.0,
        turn: Some(turn.id),
        model: turn.model.clone().unwrap_or_default(),
        category: turn.category.clone(),
        // Good two times of three, and another share for each model.
        success: f64::from(
            !turn.id.0.is_multiple_of(3) || turn.id.0.is_multiple_of(MODELS.len() as u64),
        ),
        weight: 1.0,
        at: turn.timings.asked_at,
        about: None,
    }
}

/// A home whose store holds so many turns of a session that has ended, all of them learnt from.
pub struct Home(tempfile::TempDir);

impl Home {
    pub fn with(turns: u64) -> Home {
        let home = Home(tempfile::tempdir().expect("a folder"));
        let (journal, _) = store::open(&home.store()).expect("a store");
        journal.close();
        let began = Instant::now();
        let mut connection = rusqlite::Connection::open(home.store()).expect("the store");
        let transaction = connection.transaction().expect("a transaction");
        for sql in fill() {
            transaction.execute(&sql, [turns as i64]).expect("rows");
        }
        transaction.commit().expect("stored");
        eprintln!(
            "  ({turns} turns made in {:.0} s)",
            began.elapsed().as_secs_f64()
        );
        home
    }

    pub fn store(&self) -> PathBuf {
        self.0.path().join("data/antiphon.db")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.args(args).env("ANTIPHON_HOME", self.0.path());
        for key in KEYS {
            command.env(key, "none");
        }
        command
    }

    /// Writes a file beside the store; gives its path.
    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).expect("a file");
        path.to_str().expect("a path of letters").to_owned()
    }

    pub fn run(&self, args: &[&str]) {
        let output = self.command(args).output().expect("the program runs");
        assert!(output.status.success(), "{args:?}: {output:?}");
    }

    pub async fn dialogue(&self) -> Dialogue {
        let socket = self.0.path().join("run/engine.sock");
        Dialogue::open(&socket, false).await.expect("a connection")
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = self.command(&["engine", "stop"]).output();
    }
}

/// Rows by SQL, since a million of them would take minutes one by one; as many as ?1 says. They are what the engine
/// would have written.
fn fill() -> [String; 3] {
    let cases = |of: &dyn Fn(usize) -> String, count: usize| {
        let whens: String = (0..count)
            .map(|i| format!(" WHEN {i} THEN {}", of(i)))
            .collect();
        whens
    };
    let model = cases(&|i| format!("'{}'", MODELS[i].0), MODELS.len());
    let model = format!("CASE n % {}{model} END", MODELS.len());
    let backend = cases(&|i| format!("'{}'", MODELS[i].1.as_str()), MODELS.len());
    let backend = format!("CASE n % {}{backend} END", MODELS.len());
    let category = cases(&|i| format!("'{}'", CATEGORIES[i]), PROMPTS.len());
    let category = format!("CASE n / 7 % {}{category} END", PROMPTS.len());
    let numbers =
        "WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)";
    let sample = record(&turn(1));
    let hex: String = sample
        .features
        .iter()
        .flat_map(|f| f.to_le_bytes())
        .map(|byte| format!("{byte:02x}"))
        .collect();
    [
        format!(
            "{numbers} INSERT INTO turn (id, session, prompt, origin, blocks, state, backend, model, category, input,
                output, reasoning, cache_read, cache_write_5m, cache_write_1h, usage_estimated, priced_nano,
                unpriced_nano, plan_nano, cost_estimated, attached, attempts, receipt, asked_at, sent_at, ended_at,
                rating, success)
             SELECT n, 1, 'a prompt of some words', '\"typed\"', '[]', 'done', {backend}, {model}, {category}, 900, 400,
                0, 0, 0, 0, 0, 4000000, 0, 0, 0, '[]', '[]', '{{}}', 1790000000000 + n * 60000,
                1790000000000 + n * 60000, 1790000004000 + n * 60000, 'good', 1.0 FROM number"
        ),
        format!(
            "{numbers} INSERT INTO record (turn, category, read_as, complexity, parts, tags, marks, words, features,
                project, chosen, quality, why)
             SELECT n, {category}, {category}, 20 + n % 60, '[]', '[\"rust\"]', '[]', 12, x'{hex}', '/home/me', 'user',
                7.0, '' FROM number"
        ),
        format!(
            "{numbers} INSERT INTO evidence (seq, turn, model, category, success, weight, at)
             SELECT n, n, {model}, {category}, n % 3 <> 0 OR n % {} = 0, 1.0, 1790000000000 + n * 60000 FROM number",
            MODELS.len()
        ),
    ]
}
