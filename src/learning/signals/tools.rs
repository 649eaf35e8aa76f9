//! What tests and builds said that the agent ran.

use crate::protocol::{Block, ToolState};

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    Tests,
    Build,
}

/// (first words of a command, what it does); the first row that fits holds.
const COMMANDS: &[(&str, Run)] = &[
    ("cargo test", Run::Tests),
    ("cargo nextest", Run::Tests),
    ("cargo build", Run::Build),
    ("cargo check", Run::Build),
    ("cargo clippy", Run::Build),
    ("npm test", Run::Tests),
    ("npm t", Run::Tests),
    ("npm run test", Run::Tests),
    ("npm run build", Run::Build),
    ("pnpm test", Run::Tests),
    ("pnpm run test", Run::Tests),
    ("pnpm build", Run::Build),
    ("pnpm run build", Run::Build),
    ("yarn test", Run::Tests),
    ("yarn build", Run::Build),
    ("bun test", Run::Tests),
    ("bun run build", Run::Build),
    ("deno test", Run::Tests),
    ("jest", Run::Tests),
    ("vitest", Run::Tests),
    ("mocha", Run::Tests),
    ("playwright test", Run::Tests),
    ("cypress run", Run::Tests),
    ("tsc", Run::Build),
    ("pytest", Run::Tests),
    ("py.test", Run::Tests),
    ("python -m pytest", Run::Tests),
    ("python -m unittest", Run::Tests),
    ("python3 -m pytest", Run::Tests),
    ("python3 -m unittest", Run::Tests),
    ("python manage.py test", Run::Tests),
    ("tox", Run::Tests),
    ("nox", Run::Tests),
    ("mypy", Run::Build),
    ("go test", Run::Tests),
    ("gotestsum", Run::Tests),
    ("go build", Run::Build),
    ("go vet", Run::Build),
    ("make test", Run::Tests),
    ("make check", Run::Tests),
    ("make", Run::Build),
    ("just test", Run::Tests),
    ("ctest", Run::Tests),
    ("cmake --build", Run::Build),
    ("ninja", Run::Build),
    ("bazel test", Run::Tests),
    ("bazel build", Run::Build),
    ("mvn test", Run::Tests),
    ("mvn verify", Run::Tests),
    ("mvn compile", Run::Build),
    ("mvn package", Run::Build),
    ("gradle test", Run::Tests),
    ("gradlew test", Run::Tests),
    ("gradle build", Run::Build),
    ("gradlew build", Run::Build),
    ("dotnet test", Run::Tests),
    ("dotnet build", Run::Build),
    ("swift test", Run::Tests),
    ("swift build", Run::Build),
    ("xcodebuild test", Run::Tests),
    ("xcodebuild", Run::Build),
    ("flutter test", Run::Tests),
    ("rspec", Run::Tests),
    ("rake test", Run::Tests),
    ("rails test", Run::Tests),
    ("mix test", Run::Tests),
    ("mix compile", Run::Build),
    ("phpunit", Run::Tests),
    ("composer test", Run::Tests),
    ("sbt test", Run::Tests),
    ("stack test", Run::Tests),
    ("cabal test", Run::Tests),
    ("zig test", Run::Tests),
    ("zig build test", Run::Tests),
    ("zig build", Run::Build),
];

/// Words before a command that change nothing about what it is.
const BEFORE: [&str; 11] = [
    "sudo", "time", "env", "npx", "exec", "command", "nice", "bundle", "poetry", "uv", "run",
];

/// What tests and builds print when they fail, though the shell that ran them may have said all is well.
const FAILURES: [&str; 19] = [
    "test result: FAILED",
    "error: could not compile",
    "error[E",
    "npm ERR!",
    "npm error",
    "Test Suites: 1 failed",
    "--- FAIL",
    "\nFAIL\t",
    "FAILED (",
    "=== FAILURES ===",
    "BUILD FAILED",
    "BUILD FAILURE",
    "Build FAILED",
    "make: ***",
    "error TS",
    "compilation terminated",
    "Exit code 1",
    "exit code: 1",
    "exited with code 1",
];

/// The names of what is seen: of tests and of builds the last run each, for what failed before may have been mended.
pub(super) fn seen(blocks: &[Block]) -> Vec<&'static str> {
    let (mut tests, mut build) = (None, None);
    for block in blocks {
        let Block::Tool {
            name,
            input,
            output,
            state,
            ..
        } = block
        else {
            continue;
        };
        let passed = match state {
            ToolState::Failed => false,
            ToolState::Done => !output.as_deref().is_some_and(tells_of_failure),
            ToolState::Running | ToolState::Denied => continue,
        };
        for run in runs(&command(name, input)) {
            match run {
                Run::Tests => tests = Some(passed),
                Run::Build => build = Some(passed),
            }
        }
    }
    let tests = tests.map(|passed| {
        if passed {
            "tests passed"
        } else {
            "tests failed"
        }
    });
    let build = build.map(|passed| {
        if passed {
            "build passed"
        } else {
            "build failed"
        }
    });
    tests.into_iter().chain(build).collect()
}

/// Whether a tool that is called with these arguments (JSON text) runs tests or builds something.
pub fn is_run(name: &str, input: &str) -> bool {
    !runs(&command(name, input)).is_empty()
}

/// The command line that a tool was called with; empty if it is none that runs commands. Arguments come as JSON, with
/// the command as text or as a list of words; some agents give the command as the tool's title.
fn command(name: &str, input: &str) -> String {
    let words = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Array(parts) => {
            let parts: Option<Vec<&str>> = parts.iter().map(serde_json::Value::as_str).collect();
            parts.map(|parts| parts.join(" "))
        }
        _ => None,
    };
    let parsed: Option<serde_json::Value> = serde_json::from_str(input).ok();
    let given = parsed.as_ref().and_then(|value| {
        ["command", "cmd", "script"]
            .iter()
            .find_map(|key| words(value.get(key)?))
    });
    given.unwrap_or_else(|| name.trim_matches('`').to_owned())
}

/// What a command line runs, in its order: `cd app && npm test 2>&1 | tail` runs tests.
fn runs(line: &str) -> Vec<Run> {
    line.split(['\n', ';', '|', '&', '(', ')', '"', '\''])
        .filter_map(|part| {
            let mut words: Vec<&str> = part.split_whitespace().collect();
            // `bash -lc cargo test`: what counts begins behind the shell's own words.
            if words.first().is_some_and(|word| is_shell(word)) {
                words.remove(0);
                while words.first().is_some_and(|word| word.starts_with('-')) {
                    words.remove(0);
                }
            }
            let plain = |word: &&&str| {
                BEFORE.contains(*word) || (word.contains('=') && !word.starts_with('-'))
            };
            let skipped = words.iter().take_while(plain).count();
            let mut words: Vec<&str> = words.split_off(skipped);
            if words.first() == Some(&"timeout") {
                words.drain(..2.min(words.len()));
            }
            if let Some(first) = words.first_mut() {
                *first = first.rsplit('/').next().unwrap_or(first);
            }
            let call = words.join(" ");
            let fits = |row: &&(&str, Run)| {
                call.strip_prefix(row.0)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
            };
            COMMANDS.iter().find(fits).map(|(_, run)| *run)
        })
        .collect()
}

fn is_shell(word: &str) -> bool {
    matches!(word.rsplit('/').next(), Some("bash" | "sh" | "zsh"))
}

fn tells_of_failure(output: &str) -> bool {
    FAILURES.iter().any(|sign| output.contains(sign))
}
