use crate::config::load::load_text;
use crate::config::problem::SourceFile;
use crate::protocol::Problem;

fn one_problem(text: &str) -> Problem {
    let file = SourceFile::new("config.toml", text);
    let problems = load_text(&file, &|_| None, &|_, _| None, None).problems;
    assert_eq!(problems.len(), 1, "{text}: {problems:#?}");
    problems[0].clone()
}

#[test]
fn a_bad_line_is_reported_at_its_place_with_what_to_do() {
    for (text, place, what, next) in [
        (
            "wombat = 1",
            (1, 1),
            "unknown key `wombat`",
            "`antiphon config default`",
        ),
        (
            "them = \"x\"",
            (1, 1),
            "unknown key `them`",
            "did you mean `theme`?",
        ),
        (
            "\n[budgte]\ndaily = 1",
            (2, 2),
            "unknown key `budgte`",
            "did you mean `budget`?",
        ),
        (
            "[budget]\ndayly = 1",
            (2, 1),
            "unknown key `dayly`",
            "did you mean `daily`?",
        ),
        (
            "daily = 5",
            (1, 1),
            "unknown key `daily`",
            "`daily` stands in the section [budget]",
        ),
        (
            "[budget]\ntheme = \"x\"",
            (2, 1),
            "unknown key `theme`",
            "`theme` stands at the top",
        ),
        (
            "budget = 5",
            (1, 1),
            "`budget` is a section, not integer",
            "begin it with [budget]",
        ),
        (
            "[budget]\ndaily = \"5\"",
            (2, 9),
            "`budget.daily`: expected a number, found string",
            "write a number",
        ),
        (
            "[budget]\ndaily = -1",
            (2, 9),
            "`budget.daily`: the number is out of range",
            "write a number from 0",
        ),
        (
            "[budget]\nwarn_at = nan",
            (2, 11),
            "`budget.warn_at`: the number is out of range",
            "write",
        ),
        (
            "[budget]\nwarn_at = 80",
            (2, 11),
            "`budget.warn_at`: the number is out of range",
            "write a number from 0 to 1",
        ),
        (
            "max_output_tokens = 0",
            (1, 21),
            "`max_output_tokens`: 0 is out of range",
            "write a number from 1",
        ),
        (
            "max_output_tokens = 1.5",
            (1, 21),
            "`max_output_tokens`: expected a whole number, found float",
            "",
        ),
        (
            "bell = 1",
            (1, 8),
            "`bell`: expected true or false, found integer",
            "write true or false",
        ),
        (
            "theme = 5",
            (1, 9),
            "`theme`: expected text, found integer",
            "put it between quotation",
        ),
        (
            "theme = \"nihgt\"",
            (1, 9),
            "no theme `nihgt`",
            "did you mean `night`?",
        ),
        ("theme = \"../x\"", (1, 9), "no theme", ""),
        (
            "keymap = \"mine\"",
            (1, 10),
            "no keymap `mine`",
            "put keymaps/mine.toml beside this file",
        ),
        (
            "[default]\ncwd = \"src\"",
            (2, 7),
            "`default.cwd`: expected the whole path",
            "begin it with",
        ),
        (
            "[default]\nbackend = \"cluade\"",
            (2, 11),
            "`default.backend`: no backend `cluade`",
            "did you mean `claude`?",
        ),
        (
            "[claude]\nargs = [\"a\", 1]",
            (2, 14),
            "`claude.args`: expected text, found integer",
            "put",
        ),
        (
            "[claude]\nargs = \"a\"",
            (2, 8),
            "`claude.args`: expected a list of texts, found string",
            "",
        ),
        (
            "[claude]\nprogram = \" \"",
            (2, 11),
            "`claude.program`: expected text, found none",
            "leave",
        ),
        (
            "[claude]\npermission_mode = \"acceptedits\"",
            (2, 19),
            "`claude.permission_mode`: `acceptedits` is not known here",
            "did you mean `acceptEdits`?",
        ),
        (
            "[ollama]\nbase_url = \"localhost:11434\"",
            (2, 12),
            "`ollama.base_url`: expected an http",
            "write an address",
        ),
        (
            "[openai]\nbase_url = \"https://u:p@h/v1\"",
            (2, 12),
            "`openai.base_url`: an address must not",
            "name",
        ),
        (
            "[endpoints.claude]\nbase_url = \"http://h\"",
            (1, 12),
            "`claude` is a built-in backend",
            "give",
        ),
        (
            "[endpoints.g]\nmodel = \"m\"",
            (1, 12),
            "endpoint `g` has no `base_url`",
            "add base_url",
        ),
        (
            "[endpoints.g]\nbase_url = 5",
            (2, 12),
            "`endpoints.g.base_url`: expected text",
            "put",
        ),
        (
            "[endpoints.g]\nbase_url = \"http://h\"\nmodell = \"m\"",
            (3, 1),
            "unknown key `modell`",
            "did you mean",
        ),
        (
            "[endpoints]\ng = \"http://h\"",
            (2, 1),
            "`g` is not the section of an endpoint",
            "write [endp",
        ),
        (
            "[keys]\nfrok = \"x\"",
            (2, 1),
            "unknown action `frok`",
            "did you mean `fork`?",
        ),
        (
            "keys = 5",
            (1, 1),
            "`keys` is a section, not integer",
            "begin",
        ),
        (
            "bell = true\nbell = false",
            (2, 1),
            "duplicate key",
            "nothing of this file",
        ),
        ("bell = ", (1, 8), "", "nothing of this file"),
    ] {
        let problem = one_problem(text);
        assert_eq!((problem.line, problem.column), place, "{text}: {problem:?}");
        assert!(problem.what.starts_with(what), "{text}: {}", problem.what);
        assert!(problem.next.starts_with(next), "{text}: {}", problem.next);
    }
}

#[test]
fn a_key_in_the_file_is_refused_and_never_shown() {
    for text in [
        "[anthropic]\napi_key = \"sk-ant-hush\"",
        "[openai]\napi_key_env = \"sk-hush\"",
        "[openai]\nkey = \"hush\"",
        "[openai]\nmodell = \"sk-hush\"",
        "[endpoints.g]\nbase_url = \"http://h\"\napi_key = \"gsk_hush\"",
        "[endpoints.g]\nbase_url = \"http://h\"\nheaders = { Authorization = \"Bearer hush\" }",
    ] {
        let problem = one_problem(text);
        assert!(!format!("{problem:?}").contains("hush"), "{problem:?}");
    }
    let problem = one_problem("[anthropic]\napi_key = \"sk-ant-hush\"");
    assert!(problem.next.contains("api_key_env") && problem.next.contains("api_key_cmd"));
}
