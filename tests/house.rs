//! The rules of the house, as tests: walls between the rooms, length of files, files that are shipped.

use antiphon::config::{ACTIONS, DEFAULT_CONFIG, Keymap, SourceFile, load_text};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A room (by the path of its files below src/) and the rooms it may open besides itself and `error`. Of several
/// that fit a file, the first one holds.
const ROOMS: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("protocol", &[]),
    ("config", &["protocol"]),
    ("catalog", &["protocol"]),
    ("store", &["protocol"]),
    ("learning", &["protocol", "catalog"]),
    ("context", &["protocol", "catalog"]),
    (
        "engine",
        &[
            "protocol", "config", "catalog", "store", "learning", "context",
        ],
    ),
    ("faces/client", &["protocol"]),
    ("faces/cli", &["protocol", "config", "faces/client"]),
    ("faces/tui", &["protocol", "config", "faces/client"]),
    ("faces", &[]),
];

/// Files that compose rooms and may open all of them.
const COMPOSERS: [&str; 2] = ["main.rs", "lib.rs"];

const LONGEST: usize = 400;

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|e| e == "rs") => files.push(path),
                false => {}
            }
        }
    }
    files.sort();
    files
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The room of a path such as `config/theme.rs` or, in code, `config::theme`.
fn room_of(path: &str) -> Option<&'static str> {
    let path = path.replace("::", "/");
    let fits = |room: &str| {
        path.strip_prefix(room)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
    };
    ROOMS.iter().map(|(room, _)| *room).find(|room| fits(room))
}

/// The code of a file with comments and the insides of strings blanked out, line by line. It knows nothing of raw
/// strings; a quotation mark in one only hides code from the check up to the end of the line.
fn code_of(text: &str) -> Vec<String> {
    let mut in_block = false;
    text.lines()
        .map(|line| {
            let mut code = String::new();
            let mut chars = line.chars().peekable();
            let mut in_string = false;
            while let Some(c) = chars.next() {
                match (c, chars.peek()) {
                    ('*', Some('/')) if in_block => {
                        in_block = false;
                        chars.next();
                    }
                    _ if in_block => {}
                    ('\\', Some(_)) if in_string => {
                        chars.next();
                    }
                    ('"', _) => in_string = !in_string,
                    _ if in_string => {}
                    // The character '"' opens no string.
                    ('\'', Some('"')) => {
                        chars.next();
                    }
                    ('/', Some('/')) => break,
                    ('/', Some('*')) => in_block = true,
                    _ => code.push(c),
                }
            }
            code
        })
        .collect()
}

/// Every path after `crate::` in a line of code, as far as it goes.
fn crate_paths(code: &str) -> Vec<&str> {
    code.match_indices("crate::")
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(|(at, word)| {
            let rest = &code[at + word.len()..];
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
            &rest[..end.unwrap_or(rest.len())]
        })
        .collect()
}

/// The rooms that a line of code opens by `super::`, seen from a file such as `faces/tui/mod.rs`. Modules within a
/// file are not counted, so a path may seem to lead further out than it does; only one that then meets a room is told.
fn super_paths(name: &str, code: &str) -> Vec<String> {
    let module = name.trim_end_matches(".rs").trim_end_matches("/mod");
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("super::") {
        let mut outer: Vec<&str> = module.split('/').collect();
        rest = &rest[at..];
        while let Some(further) = rest.strip_prefix("super::") {
            outer.pop();
            rest = further;
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        outer.push(&rest[..end.unwrap_or(rest.len())]);
        found.push(outer.join("::"));
    }
    found
}

/// What a line of code in `room` does that it may not.
fn crossings(name: &str, room: &str, may: &[&str], code: &str) -> Vec<String> {
    let mut found = Vec::new();
    if code.contains("crate::{") {
        found.push("a grouped `use crate::{` hides which rooms it opens".to_owned());
    }
    let allowed = |opened: &str| opened == room || opened == "error" || may.contains(&opened);
    for path in crate_paths(code)
        .into_iter()
        .filter(|path| !path.is_empty())
    {
        match room_of(path) {
            Some(opened) if allowed(opened) => {}
            Some(opened) => found.push(format!("{room} may not open {opened}")),
            None => found.push(format!("no such room as `{path}`")),
        }
    }
    for path in super_paths(name, code) {
        if let Some(opened) = room_of(&path).filter(|opened| !allowed(opened)) {
            found.push(format!(
                "{room} may not open {opened}, by way of super either"
            ));
        }
    }
    found
}

#[test]
fn no_room_opens_one_that_it_may_not() {
    let src = root().join("src");
    let mut crossed = Vec::new();
    for file in rust_files(&src) {
        let name = file
            .strip_prefix(&src)
            .unwrap_or(&file)
            .display()
            .to_string();
        if COMPOSERS.contains(&name.as_str()) {
            continue;
        }
        let Some(room) = room_of(&name) else {
            crossed.push(format!(
                "src/{name} is in no room of the table in tests/house.rs"
            ));
            continue;
        };
        let may = ROOMS
            .iter()
            .find(|(r, _)| *r == room)
            .map_or(&[][..], |(_, may)| may);
        for (number, code) in code_of(&read(&file)).iter().enumerate() {
            let found = crossings(&name, room, may, code);
            crossed.extend(
                found
                    .iter()
                    .map(|what| format!("src/{name}:{}: {what}", number + 1)),
            );
        }
    }
    assert!(
        crossed.is_empty(),
        "walls are crossed:\n{}",
        crossed.join("\n")
    );
}

#[test]
fn no_file_is_longer_than_one_thought() {
    let mut long = Vec::new();
    for folder in ["src", "tests"] {
        for file in rust_files(&root().join(folder)) {
            let lines = read(&file).lines().count();
            if lines > LONGEST {
                long.push(format!("{}: {lines} lines", file.display()));
            }
        }
    }
    assert!(
        long.is_empty(),
        "above {LONGEST} lines:\n{}",
        long.join("\n")
    );
}

#[test]
fn every_room_has_a_sign_on_its_door() {
    for file in rust_files(&root().join("src")) {
        if file.ends_with("mod.rs") {
            assert!(
                read(&file).starts_with("//! "),
                "{} says not what it is",
                file.display()
            );
        }
    }
}

#[test]
fn every_file_of_settings_we_ship_is_in_order() {
    let find = |folder: &str, name: &str| {
        let path = root().join(folder).join(format!("{name}.toml"));
        Some(SourceFile::new(&path, std::fs::read_to_string(&path).ok()?))
    };
    let names = |folder: &str| -> Vec<String> {
        let entries = std::fs::read_dir(root().join(folder))
            .into_iter()
            .flatten()
            .flatten();
        let names = entries.filter_map(|e| Some(e.path().file_stem()?.to_str()?.to_owned()));
        names.collect()
    };
    let (themes, keymaps) = (names("themes"), names("keymaps"));
    assert!(themes.len() >= 3 && !keymaps.is_empty());
    let themes = themes.iter().map(|name| ("theme", name));
    for (key, name) in themes.chain(keymaps.iter().map(|name| ("keymap", name))) {
        let file = SourceFile::new("config.toml", format!("{key} = \"{name}\""));
        assert_eq!(
            load_text(&file, &|_| None, &find, None).problems,
            [],
            "{key} {name}"
        );
    }
    let shipped = SourceFile::new("assets/config.toml", DEFAULT_CONFIG);
    assert_eq!(load_text(&shipped, &|_| None, &find, None).problems, []);
}

#[test]
fn no_key_does_two_things_and_every_action_has_one() {
    let keymap = Keymap::default();
    let mut taken = BTreeSet::new();
    for row in ACTIONS {
        assert!(
            !keymap.chords(row.action).is_empty(),
            "{} has no key",
            row.name
        );
        for chord in keymap.chords(row.action) {
            let key = format!("{chord} in {:?}", row.context);
            assert!(taken.insert(key.clone()), "{key} is bound twice");
        }
    }
}

/// The table stands between two marks, so that the rest of the README is free.
#[test]
fn the_readme_has_the_table_of_actions() {
    let Ok(readme) = std::fs::read_to_string(root().join("README.md")) else {
        eprintln!("skipped: no README.md");
        return;
    };
    let between = readme
        .split_once("<!-- actions -->\n")
        .and_then(|(_, rest)| rest.split_once("<!-- /actions -->"))
        .map(|(table, _)| table.trim());
    let table = antiphon::config::actions_table_markdown();
    assert!(
        between == Some(table.trim()),
        "README.md: put this between <!-- actions --> and <!-- /actions -->:\n{table}"
    );
}

#[test]
fn the_reader_of_walls_sees_code_and_nothing_else() {
    let text = "use crate::engine::x; // crate::store\nlet s = \"crate::store\"; /* crate::store\n\
        crate::store */ crate::faces::client::y(); '\"'; crate::catalog";
    let code = code_of(text);
    let seen: Vec<&str> = code.iter().flat_map(|line| crate_paths(line)).collect();
    assert_eq!(seen, ["engine::x", "faces::client::y", "catalog"]);
    assert_eq!(room_of("faces/client.rs"), Some("faces/client"));
    assert_eq!(room_of("faces::tui::model"), Some("faces/tui"));
    assert_eq!(room_of("configuration"), None);
    for (name, room, code, crossed) in [
        (
            "store/mod.rs",
            "store",
            "use crate::protocol::X; crate::error::E;",
            0,
        ),
        ("store/mod.rs", "store", "crate::engine::X", 1),
        ("store/mod.rs", "store", "use crate::{protocol::X};", 1),
        ("faces/tui/mod.rs", "faces/tui", "crate::faces::cli::X", 1),
        ("faces/tui/mod.rs", "faces/tui", "use super::cli::X;", 1),
        (
            "faces/tui/model/mod.rs",
            "faces/tui",
            "use super::views::X;",
            0,
        ),
        ("store/rows.rs", "store", "use super::super::engine::X;", 1),
        (
            "protocol/frame.rs",
            "protocol",
            "use super::super::{Op}; pub(super) fn f() {}",
            0,
        ),
    ] {
        let found = crossings(name, room, &["protocol"], code);
        assert_eq!(found.len(), crossed, "{name}: {code}: {found:?}");
    }
}
