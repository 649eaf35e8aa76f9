//! `cargo bench --bench records`: what it costs to remember, printed beside the aims. A prompt of 4 KB read; outcomes
//! written a second; a suggestion with 100,000 turns learnt, in the engine, as a command and for a batch; what is learnt,
//! asked for in a store of 1,000,000 turns. Words behind `--` choose among `reading`, `writing`, `suggesting` and
//! `opening`. Stores are made anew in a temporary folder; nothing leaves this machine.

use antiphon::catalog::Catalog;
use antiphon::config::Config;
use antiphon::engine::{Beginning, FaceId, Input, Now, State, evidence, handle, recover};
use antiphon::learning::{Corrections, read};
use antiphon::protocol::{
    Availability, Backend, BudgetTier, Cost, EngineStatus, Query, Request, Seen, Task, Turn,
};
use antiphon::store::{self, Journal, Reader, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

mod made;

use made::{FILLINGS, Home, MODELS, PROMPTS, record, told, turn};

fn main() {
    if cfg!(debug_assertions) {
        println!("(a debug build: the figures say nothing)");
    }
    println!("{:<62}{:>14}   aim", "remembering", "measured");
    let parts: [(&str, fn()); 4] = [
        ("reading", reading),
        ("writing", writing),
        ("suggesting", suggesting),
        ("opening", opening),
    ];
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let any = parts
        .iter()
        .any(|(name, _)| asked.iter().any(|word| word == name));
    for (name, part) in parts {
        if !any || asked.iter().any(|word| word == name) {
            part();
        }
    }
}

fn row(figure: &str, measured: String, aim: &str) {
    println!("{figure:<62}{measured:>14}   {aim}");
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn micros(time: Duration) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6)
}

/// A prompt of 4 KB as it is read before it is sent, with a correction learnt.
fn reading() {
    let mut corrections = Corrections::default();
    corrections.learn("Explain the committee's bridge to the defendant", "data");
    for (kind, text) in FILLINGS {
        let prompt = &text.repeat(4_096 / text.len() + 1)[..4_096];
        let median = percentile(50, 5_000, |_| {
            std::hint::black_box(read(std::hint::black_box(prompt), &["rust"], &corrections));
        });
        row(
            &format!("4 KB of {kind}, read (median)"),
            micros(median),
            "50 µs",
        );
    }
}

/// What the engine writes when it learns something of a turn that is over.
fn outcome(turn: &Turn) -> Vec<Write> {
    let seen = Seen {
        name: "tests passed".into(),
        layer: "tools".into(),
        weight: 2.5,
    };
    vec![
        Write::Outcome {
            turn: turn.id,
            seen,
            at: 1,
        },
        Write::Quality {
            turn: turn.id,
            score: 9.5,
            why: "9.5 of 10: tests passed +2.5".into(),
        },
        Write::Evidence(told(turn)),
        Write::Availability(Availability {
            model: turn.model.clone().unwrap_or_default(),
            backend: turn.backend.clone(),
            answered: turn.id.0,
            failed: 0,
            in_a_row: 0,
            category: None,
            at: 1,
        }),
    ]
}

/// Writes each batch as the engine does, and waits for the last to be on disk.
fn write_all(journal: &Journal, batches: impl Iterator<Item = Vec<Write>>) -> Duration {
    let began = Instant::now();
    let (sender, done) = channel();
    let mut count = 0;
    for batch in batches {
        let sender = sender.clone();
        let ack = Box::new(move |result: Result<(), String>| {
            let _ = sender.send(result);
        });
        journal.write(batch, Some(ack));
        count += 1;
    }
    for _ in 0..count {
        done.recv().expect("the writer lives").expect("stored");
    }
    began.elapsed()
}

/// Outcomes of 60,000 turns, each acknowledged when it is on disk; then whole turns with all that belongs to them.
fn writing() {
    const TURNS: u64 = 60_000;
    let folder = tempfile::tempdir().expect("a folder");
    let (journal, _) = store::open(&folder.path().join("antiphon.db")).expect("a store");
    let turns: Vec<Turn> = (1..=TURNS).map(turn).collect();
    let whole = write_all(
        &journal,
        turns
            .iter()
            .map(|turn| vec![Write::TurnEnded(turn.clone()), Write::Record(record(turn))]),
    );
    let outcomes = write_all(&journal, turns.iter().map(outcome));
    let rate = |time: Duration| format!("{:.0}/s", TURNS as f64 / time.as_secs_f64());
    row("outcomes of turns, on disk", rate(outcomes), "5,000/s");
    row("turns with their records, on disk", rate(whole), "");
}

/// The engine's own state over a store, without its sockets.
fn state(path: &Path) -> (State, Duration) {
    let (journal, loaded) = store::open(path).expect("the store");
    journal.close();
    let catalog = Arc::new(Catalog::embedded().clone());
    let reader = Reader::open(path).expect("the store");
    let began = Instant::now();
    let (learner, written) = evidence::load(&reader, &catalog).expect("evidence");
    let folded = began.elapsed();
    let beginning = Beginning {
        config: Arc::new(Config::default()),
        problems: vec![],
        catalog,
        about: EngineStatus {
            pid: 1,
            version: "0".into(),
            socket: "/s".into(),
            store: path.to_owned(),
            sessions: 0,
            faces: 0,
            started_at: 0,
        },
        cwd: "/".into(),
        learner,
        written,
        corrections: Corrections::default(),
        factors: Default::default(),
        spent: Cost::default(),
        calibrated_at: None,
    };
    (recover(beginning, loaded, NOW).0, folded)
}

const NOW: Now = Now {
    ms: 1_900_000_000_000,
    midnight: 1_899_999_000_000,
};

fn query(n: usize) -> Query {
    Query::Suggest {
        prompt: PROMPTS[n % PROMPTS.len()].into(),
        session: None,
        budget: BudgetTier::Any,
        exclude: vec![],
        require: vec![],
        min_window: None,
        task: Task::default(),
    }
}

fn p99(runs: usize, run: impl FnMut(usize)) -> Duration {
    percentile(99, runs, run)
}

/// A percentile of the times of so many runs.
fn percentile(at: usize, runs: usize, mut run: impl FnMut(usize)) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|n| {
            let began = Instant::now();
            run(n);
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[runs * at / 100]
}

/// With 100,000 turns learnt: in the engine (the models of a handful of keys at hand), and as a command.
fn suggesting() {
    let home = Home::with(100_000);
    let (mut state, folded) = state(&home.store());
    row("evidence of 100,000 turns, folded anew", millis(folded), "");
    let few: Vec<(String, Backend)> = MODELS
        .iter()
        .map(|(model, backend)| ((*model).to_owned(), backend.clone()))
        .collect();
    let direct = [
        ("anthropic", Backend::Anthropic),
        ("openai", Backend::OpenAi),
        ("google", Backend::Gemini),
    ];
    let catalog = Catalog::embedded();
    let all = direct.into_iter().flat_map(|(maker, backend)| {
        let own = catalog.models().iter().filter(move |m| m.provider == maker);
        own.map(move |model| (model.id.clone(), backend.clone()))
    });
    for models in [few, all.collect()] {
        let count = models.len();
        handle(&mut state, Input::Reachable { models }, NOW);
        let slowest = p99(10_000, |n| {
            let request = Request::Query(query(n));
            let face = FaceId(1);
            std::hint::black_box(handle(
                &mut state,
                Input::Request {
                    face,
                    id: 1,
                    request,
                },
                NOW,
            ));
        });
        let figure = format!("a suggestion in the engine, p99 ({count} models at hand)");
        row(&figure, micros(slowest), "100 µs");
    }
    home.run(&["engine", "start"]);
    home.run(&["suggest", PROMPTS[0]]);
    let slowest = p99(200, |n| home.run(&["suggest", PROMPTS[n % PROMPTS.len()]]));
    row(
        "the same as a command, p99 (all models of three keys)",
        millis(slowest),
        "20 ms",
    );
    let tasks = home.file("tasks.txt", &made::tasks(1_000));
    let batch = percentile(50, 5, |_| {
        home.run(&["--json", "suggest", "--batch", &tasks]);
    });
    row(
        "1,000 tasks in one batch, as a command",
        millis(batch),
        "1 s",
    );
}

/// What is learnt, asked for as the tab does, in a store of 1,000,000 turns; and how long its engine takes to start.
fn opening() {
    let home = Home::with(1_000_000);
    let start = |what: &str| {
        let began = Instant::now();
        home.run(&["engine", "start"]);
        row(what, millis(began.elapsed()), "");
    };
    start("an engine on 1,000,000 turns, started without a snapshot");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut dialogue = runtime.block_on(home.dialogue());
    let slowest = p99(100, |_| {
        let request = Request::Query(Query::Learned { all: false });
        runtime
            .block_on(dialogue.ask(request))
            .expect("what is learnt");
    });
    row("what is learnt, asked for, p99", millis(slowest), "50 ms");
    drop(dialogue);
    home.run(&["engine", "stop"]);
    start("the same, started with one");
}
