use super::*;
use crate::config::actions::Action;
use crate::config::keys::{CONFIG_KEYS, ENDPOINT_KEYS};
use crate::protocol::Nano;

const SHIPPED: &str = include_str!("../../assets/config.toml");

fn no_env(_: &str) -> Option<String> {
    None
}

fn no_files(_: &str, _: &str) -> Option<SourceFile> {
    None
}

fn read(text: &str) -> Loaded {
    load_text(
        &SourceFile::new("config.toml", text),
        &no_env,
        &no_files,
        None,
    )
}

#[test]
fn the_shipped_file_is_the_default() {
    let loaded = read(SHIPPED);
    assert_eq!(loaded.problems, []);
    assert_eq!(loaded, Loaded::default());
}

#[test]
fn the_shipped_file_shows_every_key_and_its_examples_are_good() {
    let shown: Vec<&str> = SHIPPED
        .lines()
        .map(|line| line.trim_start_matches("# "))
        .filter(|line| line.starts_with('[') || line.contains(" = "))
        .filter(|line| !line.starts_with("\"#") && !line.contains("shows a key"))
        .collect();
    let text = shown.join("\n");
    for (section, key, _) in CONFIG_KEYS {
        assert!(
            text.contains(&format!("\n{key} = "))
                || text.contains(&format!("[{section}.{key}]"))
                || text.starts_with(key),
            "{section} {key}"
        );
    }
    // A line with a default and one without never share a key, so that all can hold at once.
    let env = |name: &str| (name == "HOME").then(|| "/h".to_owned());
    let loaded = load_text(
        &SourceFile::new("config.toml", text.as_str()),
        &env,
        &no_files,
        None,
    );
    assert_eq!(loaded.problems, [], "{text}");
    assert_eq!(
        loaded.config.default.cwd.as_deref(),
        Some(std::path::Path::new("/h/src"))
    );
    assert_eq!(loaded.config.budget.daily, Some(Nano(5_000_000_000)));
    assert_eq!(
        loaded.config.endpoints["groq"].models,
        ["llama-3.1-8b-instant"]
    );
    for (_, key, _) in ENDPOINT_KEYS {
        assert!(SHIPPED.contains(&format!("\n# {key} = ")), "{key}");
    }
}

#[test]
fn every_problem_is_told_and_every_good_line_holds() {
    let text = "bell = 5\ntheme = \"night\"\nx = 1\n[budget]\ndaily = 2\nwarn_at = 2\n[keys]\nfork = \"F\"\nzoom = \"spce\"";
    let loaded = read(text);
    let lines: Vec<usize> = loaded.problems.iter().map(|p| p.line).collect();
    assert_eq!(lines, [1, 3, 6, 9]);
    assert_eq!(loaded.config.theme, "night");
    assert_eq!(
        loaded.theme,
        Theme::load(theme::embedded("night").unwrap(), &theme::embedded).0
    );
    assert_eq!(loaded.config.budget.daily, Some(Nano(2_000_000_000)));
    assert_eq!(loaded.keymap.hint(Action::Fork).as_deref(), Some("F"));
}

#[test]
fn a_bad_value_keeps_the_last_good_one_and_a_missing_line_the_default() {
    let good = "bell = false\n[budget]\ndaily = 2\nwarn_at = 0.5\n[default]\nbackend = \"g\"\n[endpoints.g]\nbase_url = \"http://h/\"";
    let first = read(good);
    assert_eq!(first.problems, []);
    assert_eq!(first.config.endpoints["g"].base_url, "http://h");
    let again = |text: &str| {
        load_text(
            &SourceFile::new("config.toml", text),
            &no_env,
            &no_files,
            Some(&first),
        )
    };
    let second = again(
        "bell = 1\n[budget]\ndaily = true\n[default]\nbackend = \"x\"\n[endpoints.g]\nbase_url = 1",
    );
    assert_eq!(second.problems.len(), 4);
    assert!(!second.config.bell);
    assert_eq!(second.config.budget.daily, first.config.budget.daily);
    assert_eq!(second.config.budget.warn_at, 0.8);
    assert_eq!(second.config.default, first.config.default);
    assert_eq!(second.config.endpoints, first.config.endpoints);
    let broken = again("bell = ");
    assert_eq!(broken.config, first.config);
    assert_eq!(broken.problems.len(), 1);
}

#[test]
fn the_environment_speaks_where_the_file_is_silent() {
    for (host, url) in [
        ("", "http://127.0.0.1:11434"),
        ("box", "http://box:11434"),
        ("box:80", "http://box:80"),
        (":8080", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("[::1]", "http://[::1]:11434"),
        ("[::]:99", "http://[::1]:99"),
        ("https://box/", "https://box"),
    ] {
        let env = |name: &str| match name {
            "OLLAMA_HOST" => Some(host.to_owned()),
            "ANTHROPIC_BASE_URL" => Some("http://127.0.0.1:1/".to_owned()),
            "OPENAI_BASE_URL" => Some("http://127.0.0.1:2/v1".to_owned()),
            _ => None,
        };
        let file = SourceFile::new("config.toml", "[openai]\nbase_url = \"http://file/v1\"");
        let config = load_text(&file, &env, &no_files, None).config;
        assert_eq!(config.ollama.base_url, url, "{host}");
        assert_eq!(config.anthropic.base_url, "http://127.0.0.1:1");
        assert_eq!(config.openai.base_url, "http://file/v1");
    }
}

#[test]
fn files_are_read_from_the_users_folder() {
    let home = tempfile::tempdir().unwrap();
    let text = home.path().display().to_string();
    let paths = Paths::from_lookup(&|n| (n == "ANTIPHON_HOME").then(|| text.clone()), 1).unwrap();
    paths.create().unwrap();
    assert_eq!(load(&paths, &no_env, None), Loaded::default());
    let write = |path: std::path::PathBuf, text: &str| {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write(paths.config_file(), "theme = \"mine\"\nkeymap = \"mine\"");
    write(
        paths.themes_dir().join("mine.toml"),
        "inherits = \"paper\"\n[roles]\ngood = 5\nbad = 6",
    );
    write(paths.keymaps_dir().join("mine.toml"), "fork = \"F\"");
    let loaded = load(&paths, &no_env, None);
    assert_eq!(loaded.keymap.hint(Action::Fork).as_deref(), Some("F"));
    assert_eq!(loaded.problems.len(), 1, "{:?}", loaded.problems);
    assert!(loaded.problems[0].path.ends_with("themes/mine.toml"));
    // Neither a broken nor an unreadable file takes away what held.
    write(paths.config_file(), "theme = ");
    assert_eq!(load(&paths, &no_env, Some(&loaded)).theme, loaded.theme);
    std::fs::write(paths.config_file(), b"theme = \"\xff\"").unwrap();
    let unreadable = load(&paths, &no_env, Some(&loaded));
    assert_eq!(
        (unreadable.problems[0].line, &unreadable.theme),
        (0, &loaded.theme)
    );
}

#[test]
fn no_half_or_mangled_file_brings_it_down() {
    let text = SHIPPED.replace("# ", "");
    for at in text.char_indices().map(|(at, _)| at).step_by(23) {
        read(&text[..at]);
        for odd in [
            "\0", "ä", "\"", "=", "[", "]]", "sk-", "'''", "\r\n", "9e999",
        ] {
            read(&format!("{}{odd}{}", &text[..at], &text[at..]));
        }
    }
}
