use super::*;

fn shown(text: &str) -> String {
    let palette = Palette::default();
    let mut out = Vec::new();
    for chunk in chunks(text) {
        if !out.is_empty() {
            out.push(String::new());
        }
        out.extend(
            render(chunk, 40, &palette)
                .iter()
                .map(|l| l.to_string().trim_end().to_owned()),
        );
    }
    out.join("\n")
}

#[test]
fn blocks_become_lines() {
    for (text, lines) in [
        ("# Title\ntext", "Title\n\ntext"),
        ("a **b** *c* `d`", "a b c d"),
        ("- one\n- two\n  - three", "• one\n• two\n  • three"),
        ("2. two\n3. three", "2. two\n3. three"),
        ("> quoted\n> more", "│ quoted\n│ more"),
        (
            "```rust\nfn a() {}\n\n  b\n```",
            "┄ rust\n  fn a() {}\n\n    b",
        ),
        (
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "| a | b |\n|---|---|\n| 1 | 2 |",
        ),
        ("[here](https://x.y)", "here (https://x.y)"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("- [x] done", "• [x] done"),
        ("<b>raw</b> text", "<b>raw</b> text"),
        (
            "text\n\n---\n\nmore",
            "text\n\n────────────────────────\n\nmore",
        ),
    ] {
        assert_eq!(shown(text), lines, "{text}");
    }
}

#[test]
fn code_is_one_chunk_while_it_is_open() {
    assert_eq!(chunks("a\n\n```\nx\n\ny"), ["a", "```\nx\n\ny"]);
    assert_eq!(
        chunks("a\n\n\nb\n\n  indented\n\n"),
        ["a", "b\n\n  indented"]
    );
    assert!(chunks("").is_empty());
    assert!(chunks("\n \n").is_empty());
}

/// However an answer grows, its earlier chunks stay as they are.
#[test]
fn a_growing_text_changes_only_its_last_chunk() {
    let text = "# A\n\ntext **b**\n\n```sh\nls\n\n# no\n```\n\n1. one\n\n   more\n2. two\n\nend";
    let mut before: Vec<String> = Vec::new();
    for end in 1..=text.len() {
        let now: Vec<String> = chunks(&text[..end]).iter().map(|c| c.to_string()).collect();
        let settled = before.len().saturating_sub(1);
        assert_eq!(
            now.get(..settled.min(now.len())),
            before.get(..settled),
            "{end}"
        );
        before = now;
    }
}

#[test]
fn no_text_makes_it_panic() {
    for text in [
        "- ",
        "> > > x",
        "1.",
        "```",
        "[a](",
        "![x](y)",
        "****",
        "* * *\n- a\n\n\n    b",
        "|",
        "\\",
    ] {
        for width in [1, 2, 3, 7, 80] {
            render(text, width, &Palette::default());
        }
    }
}
