use super::*;
use clap::CommandFactory;

#[test]
fn the_grammar_is_sound() {
    Args::command().debug_assert();
}

#[test]
fn command_lines_are_taken_or_refused() {
    for (line, good) in [
        ("", true),
        (
            "spawn a -b ollama --model qwen3:8b --restart on-failure",
            true,
        ),
        ("spawn a -- vim -R x", true),
        ("spawn a --restart sometimes", false),
        ("spawn a --permission-mode plan", true),
        ("spawn a --backend codex --permission-mode read-only", true),
        ("ask a hello --json", true),
        ("--json ask a - --async", true),
        ("ask a", false),
        ("poll t12 --wait", true),
        ("poll x12", false),
        ("fork a b --at t3 --count 3", true),
        ("fork a b --count 0", false),
        ("broadcast hi --to a,b", true),
        ("broadcast hi --all --to a", false),
        ("broadcast hi", false),
        ("rate good", true),
        ("rate t4 5 --note fine", true),
        ("rate", false),
        (
            "suggest hi --budget low --exclude a,b --require vision",
            true,
        ),
        ("suggest hi --budget tiny", false),
        ("kill", false),
        ("kill a --all", false),
        ("kill --all", true),
        ("set a --model m --group g", true),
        ("set a", false),
        ("set a --group g --no-group", false),
        ("budget set 5.50", true),
        ("engine run --report", true),
        (
            "spawn a --temperature 0.5 --top-p 1 --top-k 4 --stop x --stop y --seed 7 --effort high",
            true,
        ),
        (
            "spawn a --system hi --max-output-tokens 100 --fallback openai:gpt-5,sonnet",
            true,
        ),
        ("spawn a --temperature 3", false),
        ("spawn a --effort extreme", false),
        (
            "ask a --attach x.png --attach y.png hello --over-budget send",
            true,
        ),
        ("ask a hello --over-budget maybe", false),
        (
            "models --can vision,tools --min-window 200k --sort price --max-price 2 --reachable",
            true,
        ),
        ("models a b", true),
        ("models a b --sort price", false),
        ("catalog status", true),
        (
            "catalog refresh --source LiteLLM --from-file models.dev=a.json",
            true,
        ),
        ("catalog refresh --from-file a.json", false),
        ("config actions", true),
        ("completions zsh", true),
        ("completions tcl", false),
    ] {
        let words = std::iter::once("antiphon").chain(line.split_whitespace());
        let parsed = Args::try_parse_from(words);
        assert_eq!(parsed.is_ok(), good, "{line}: {parsed:?}");
    }
}

#[test]
fn a_rating_may_name_its_turn() {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(rated(&words("bad")), Ok((None, Rating::Bad)));
    assert_eq!(rated(&words("t4 5")), Ok((Some("t4"), Rating::Stars(5))));
    assert!(rated(&words("5 t4")).is_err());
    assert!(rated(&words("6")).is_err());
}
