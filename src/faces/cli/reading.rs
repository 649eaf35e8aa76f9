//! `log` and `export`: a conversation, for people and as a document.

use crate::faces::cli::desk::{Desk, odd_answer};
use crate::faces::cli::groups::Format;
use crate::faces::cli::out::{Ink, Out, Outcome, Stop};
use crate::faces::cli::words;
use crate::protocol::{Answer, Block, Origin, Query, Turn, TurnState};

pub async fn log(desk: &mut Desk<'_>, name: &str) -> Outcome {
    let turns = fetch(desk, name).await?;
    if desk.out.json {
        return desk.out.json(&turns);
    }
    for turn in &turns {
        show(&mut desk.out, turn)?;
    }
    Ok(())
}

pub async fn export(desk: &mut Desk<'_>, name: &str, format: Format) -> Outcome {
    let turns = fetch(desk, name).await?;
    match desk.out.json || format == Format::Json {
        true => desk.out.json(&turns),
        false => desk.out.text(&markdown(name, &turns)),
    }
}

/// The conversation of a living session by name or id, else of the newest killed one of that name.
async fn fetch(desk: &mut Desk<'_>, name: &str) -> Result<Vec<Turn>, Stop> {
    let mut engine = desk.engine(false).await?;
    let query = match engine.session(name).await {
        Ok(session) => Query::Log {
            session: session.id,
        },
        Err(_) => Query::LogByName {
            name: name.to_owned(),
        },
    };
    match engine.query(query).await? {
        Answer::Log(turns) => Ok(turns),
        _ => Err(odd_answer().into()),
    }
}

fn show(out: &mut Out, turn: &Turn) -> Outcome {
    let mut facts = vec![
        words::clock(turn.timings.asked_at),
        turn.backend.to_string(),
    ];
    facts.extend(turn.model.clone());
    facts.push(turn.cost.to_string());
    facts.extend(turn.timings.duration().map(words::span));
    facts.extend(turn.rating.map(|rating| format!("rated {rating}")));
    if turn.state != TurnState::Done {
        facts.push(words::turn_state(turn));
    }
    out.inked(&[
        (Ink::Bold, &turn.id.to_string()),
        (Ink::Dim, &format!("  {}", facts.join(" · "))),
    ])?;
    if let Origin::Relay { from, turn } = &turn.origin {
        out.inked(&[(Ink::Dim, &format!("▎ from {from}, {turn}:"))])?;
    }
    for line in turn.prompt.lines() {
        out.inked(&[(Ink::Dim, "▎ "), (Ink::Plain, line)])?;
    }
    for block in &turn.blocks {
        match block {
            Block::Text { text } => out.line(format!("\n{}", text.trim_end()))?,
            Block::Tool { .. } => {
                let line = words::tool(block).unwrap_or_default();
                out.inked(&[(Ink::Dim, &format!("\n▸ {line}"))])?;
            }
            Block::Notice { text } => out.inked(&[(Ink::Warning, &format!("\n· {text}"))])?,
            // What a model thinks is in the JSON form; here it would drown what it says.
            Block::Thinking { .. } => {}
        }
    }
    out.line("")
}

/// The conversation as Markdown. Prompts are quoted, so that their own headings do not mix with ours.
pub fn markdown(name: &str, turns: &[Turn]) -> String {
    let mut text = format!("# {}\n", name.replace('\n', " "));
    for turn in turns {
        let model = turn
            .model
            .clone()
            .unwrap_or_else(|| turn.backend.to_string());
        let from = match &turn.origin {
            Origin::Relay { from, .. } => format!(", relayed from {from}"),
            Origin::Reset => ", asked again by itself after a limit".to_owned(),
            Origin::Agent => ", begun by the agent itself".to_owned(),
            Origin::Typed | Origin::Broadcast { .. } => String::new(),
        };
        text.push_str(&format!(
            "\n## {} · {model} · {}{from}\n\n",
            turn.id, turn.cost
        ));
        for line in turn.prompt.lines() {
            text.push_str(format!("> {line}").trim_end());
            text.push('\n');
        }
        for block in &turn.blocks {
            match block {
                Block::Text { text: said } => text.push_str(&format!("\n{}\n", said.trim_end())),
                Block::Thinking { text: thought } => {
                    text.push_str(&format!(
                        "\n<details><summary>thinking</summary>\n\n{}\n\n</details>\n",
                        thought.trim_end()
                    ));
                }
                Block::Tool {
                    name,
                    input,
                    output,
                    ..
                } => {
                    let output = output.as_deref().unwrap_or_default();
                    let body = format!("{name} {input}\n{output}");
                    let fence = fence_for(&body);
                    text.push_str(&format!("\n{fence}\n{}\n{fence}\n", body.trim_end()));
                }
                Block::Notice { text: notice } => text.push_str(&format!("\n*{notice}*\n")),
            }
        }
        if turn.state != TurnState::Done {
            text.push_str(&format!("\n*{}*\n", words::turn_state(turn)));
        }
    }
    text
}

/// A fence longer than every row of backticks in the text.
fn fence_for(text: &str) -> String {
    let (mut longest, mut row) = (0, 0);
    for c in text.chars() {
        row = if c == '`' { row + 1 } else { 0 };
        longest = longest.max(row);
    }
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::ToolState;
    use crate::protocol::testing::turn;

    #[test]
    fn a_conversation_becomes_a_document() {
        let mut first = turn(1, None, "# why?\n\nsay", "because\n");
        first.blocks.push(Block::Tool {
            id: "x".into(),
            name: "Bash".into(),
            input: "{}".into(),
            output: Some("```\nls".into()),
            state: ToolState::Done,
        });
        let mut second = turn(2, Some(1), "and?", "");
        second.state = TurnState::Interrupted;
        assert_eq!(
            markdown("primer", &[first, second]),
            "# primer\n\n## t1 · rehearsal · $0\n\n> # why?\n>\n> say\n\nbecause\n\n````\nBash {}\n```\nls\n````\n\
             \n## t2 · rehearsal · $0\n\n> and?\n\n\n\n*interrupted*\n"
        );
    }
}
