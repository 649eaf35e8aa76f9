//! Descriptions as they are written, rightly and wrongly.

use super::reading::{SHIPPED, read};
use super::*;
use crate::config::problem::SourceFile;

const LEAST: &str = "name = \"mine\"\nlabel = \"Mine\"\nprogram = \"mine\"\n";

#[test]
fn all_shipped_descriptions_are_read() {
    for text in SHIPPED {
        let read = read(&SourceFile::new("shipped", *text));
        assert!(read.is_ok(), "{read:?}");
    }
    let shipped = shipped();
    assert_eq!(shipped.len(), SHIPPED.len());
    for agent in shipped.values() {
        assert_eq!(
            agent.install.is_empty(),
            agent.program == SHELL,
            "{}",
            agent.name
        );
        assert!(agent.protocol.is_some() || agent.backend() == Backend::Terminal);
    }
}

#[test]
fn a_mistake_is_told_with_its_place_and_the_likely_word() {
    for (text, place, what, next) in [
        ("name = ", (1, 8), "", ""),
        (
            "label = \"Mine\"\n",
            (1, 1),
            "no `name`",
            "every description has",
        ),
        (
            &format!("{LEAST}porgram = \"x\"\n"),
            (4, 1),
            "unknown key `porgram`",
            "did you mean `program`?",
        ),
        (
            &format!("{LEAST}[title]\nrules = [\n  {{ match = \"(\", status = \"idle\" }},\n]\n"),
            (6, 13),
            "`(` is no regular expression: unclosed group",
            "what held before",
        ),
        (
            &format!("{LEAST}[title]\nrules = [{{ match = \"x\", status = \"wroking\" }}]\n"),
            (5, 34),
            "`wroking` is not known here",
            "did you mean `working`?",
        ),
        (
            &format!(
                "{LEAST}[title]\nrules = [{{ match = \"x\", status = \"idle\", kind = \"login\" }}]\n"
            ),
            (5, 9),
            "`kind` belongs to",
            "what held before",
        ),
        (
            &format!("{LEAST}[protocol]\nkind = \"cluade\"\n"),
            (5, 8),
            "`cluade` is not known here",
            "did you mean `claude`?",
        ),
        (
            &format!("{LEAST}[stop]\ngrace_ms = 99999\n"),
            (5, 12),
            "`grace_ms`: longer than ten",
            "write 0 to 10000",
        ),
        (
            &format!("{LEAST}[stop]\ngrace_ms = -1\n"),
            (5, 12),
            "invalid value",
            "",
        ),
        (
            &format!("{LEAST}[screen]\nlines = 0\n"),
            (5, 9),
            "`lines`: out of range",
            "write 1 to 50",
        ),
        (
            &format!("{LEAST}[conversation]\nresume = [\"--resume\"]\nkept = [\"~/{{id}}\"]\n"),
            (5, 10),
            "`resume`: the conversation is not",
            "write {id}",
        ),
        (
            &LEAST.replace("\"mine\"\nlabel", "\"openai\"\nlabel"),
            (1, 8),
            "`name`: this is a built-in",
            "give the agent",
        ),
        (
            &LEAST.replace("\"mine\"\nlabel", "\"my cli\"\nlabel"),
            (1, 8),
            "`name`: a name is one word",
            "write one",
        ),
        (&LEAST.replace("\"Mine\"", "5"), (2, 9), "invalid type", ""),
    ] {
        let problem = read(&SourceFile::new("agents/mine.toml", text)).expect_err(text);
        assert_eq!((problem.line, problem.column), place, "{text}: {problem:?}");
        assert!(problem.what.starts_with(what), "{text}: {}", problem.what);
        assert!(problem.next.starts_with(next), "{text}: {}", problem.next);
    }
}

#[test]
fn the_users_files_add_and_replace_and_a_broken_one_keeps_what_it_said() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("mine.toml", LEAST);
    write("other.toml", &LEAST.replace("mine", "codex"));
    write("notes.txt", "not read");
    let (first, problems) = read_folder(folder.path(), None);
    assert_eq!(problems, []);
    assert_eq!(first["mine"].label, "Mine");
    assert_eq!(first["codex"].label, "Mine");
    assert!(first["codex"].protocol.is_none() && first["claude"].protocol.is_some());
    write("mine.toml", "label = ");
    write("third.toml", &LEAST.replace("mine", "codex"));
    let (second, problems) = read_folder(folder.path(), Some(&first));
    assert_eq!(second["mine"], first["mine"], "the last good one");
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert!(problems[1].what.contains("described in"), "{problems:?}");
    let (fresh, _) = read_folder(folder.path(), None);
    assert!(!fresh.contains_key("mine"));
}

#[test]
fn a_command_is_known_by_its_programs_name() {
    let mut agents = shipped();
    let of = |agents: &BTreeMap<String, Agent>, command: &[&str]| {
        let command: Vec<String> = command.iter().map(ToString::to_string).collect();
        of_command(agents, &command).map(|agent| agent.name.clone())
    };
    for (command, name) in [
        (&["claude", "--model", "opus"][..], Some("claude")),
        (&["/opt/bin/gemini"], Some("gemini-cli")),
        (&["/usr/bin/zsh", "-l"], Some("shell")),
        (&[], Some("shell")),
        (&["vim", "claude"], None),
    ] {
        assert_eq!(of(&agents, command).as_deref(), name, "{command:?}");
    }
    let own = Agent {
        name: "zz".into(),
        file: Some("agents/zz.toml".into()),
        ..agents["claude"].clone()
    };
    agents.insert("zz".into(), own);
    assert_eq!(
        of(&agents, &["claude"]).as_deref(),
        Some("zz"),
        "the user's own first"
    );
}

#[test]
fn the_example_of_the_readme_is_a_description() {
    let readme = include_str!("../../../README.md");
    let section = readme.split("### Agents").nth(1).expect("a section");
    let example = section
        .split("```toml")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let agent = read(&SourceFile::new("README.md", example.expect("an example")));
    let agent = agent
        .map_err(|problem| crate::config::report(&problem))
        .unwrap();
    assert_eq!(agent.backend(), Backend::Terminal);
    assert_eq!(agent.title.rules.len(), 2);
    // Every section that can be written is in the table.
    for key in [
        "protocol",
        "conversation",
        "feed",
        "interrupt",
        "stop",
        "environment",
        "hooks",
        "transcript",
    ] {
        assert!(section.contains(&format!("`[{key}]`")), "{key}");
    }
}
