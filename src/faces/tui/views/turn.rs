//! A turn as lines: prompt, what the model did and said, and a line of figures below.

use crate::faces::tui::model::chat::{Chat, Chunks, Segment, ShownTurn};
use crate::faces::tui::sanitise;
use crate::faces::tui::text::figures;
use crate::faces::tui::text::markdown;
use crate::faces::tui::text::wrap::{Break, Piece, fit, wrap};
use crate::faces::tui::views::look::Look;
use crate::protocol::{Block, Nano, Origin, ToolState, Turn, TurnState};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use std::rc::Rc;

/// Prompts longer than this many lines are folded.
const PROMPT_LINES: usize = 12;
/// Lines of a tool's output that are shown unfolded.
const OUTPUT_LINES: usize = 20;

/// The lines of a turn at `width`.
pub fn segments(shown: &ShownTurn, width: u16, unfolded: bool, look: &Look) -> Rc<Vec<Segment>> {
    shown.segments(width, unfolded, |turn, chunks| {
        let mut out = Vec::new();
        out.push(chunks.get(usize::MAX, 0, turn.prompt.len(), || {
            prompt(turn, width, unfolded, look)
        }));
        let mut text_before = true;
        let (blocks_shown, why) = ended(turn);
        for (i, block) in turn.blocks[..blocks_shown].iter().enumerate() {
            let text = matches!(block, Block::Text { .. });
            if text && !text_before {
                out.push(Rc::new(vec![Line::default()]));
            }
            text_before = text;
            blocks(i, block, width, unfolded, look, chunks, &mut out);
        }
        let footer = footer(turn, why, width, look);
        if !footer.is_empty() {
            out.push(Rc::new(footer));
        }
        if unfolded {
            let details = details(turn, width, look);
            if !details.is_empty() {
                out.push(Rc::new(details));
            }
        }
        if shown.ends_inherited {
            let text = match width {
                ..52 => "── forked here",
                _ => "── forked here; what follows is this session's own",
            };
            out.push(Rc::new(vec![Line::default(), Line::styled(text, look.dim)]));
        }
        out.push(Rc::new(vec![Line::default()]));
        out
    })
}

/// The rows of a turn (an index), the blank one below it counted.
pub fn height(chat: &Chat, at: usize, width: u16, look: &Look) -> usize {
    segments(&chat.turns[at], width, chat.unfolded, look)
        .iter()
        .map(|s| s.len())
        .sum()
}

fn prompt(turn: &Turn, width: u16, unfolded: bool, look: &Look) -> Vec<Line<'static>> {
    let bar = [Piece::new("▎ ", look.prompt)];
    let text_style = Style {
        fg: None,
        ..look.prompt
    }
    .patch(look.text)
    .add_modifier(Modifier::BOLD);
    let text = sanitise::block(turn.prompt.trim_end());
    let mut lines = Vec::new();
    for (i, line) in text.split('\n').enumerate() {
        let mut pieces = Vec::new();
        if i == 0 {
            match &turn.origin {
                Origin::Typed => {}
                // Templates begin with the same words.
                Origin::Relay { from, .. } if says_from(line, from) => {}
                Origin::Relay { from, .. } => {
                    pieces.push(Piece::new(
                        format!("from {}: ", sanitise::line(from)),
                        look.accent,
                    ));
                }
                Origin::Broadcast { .. } => pieces.push(Piece::new("broadcast: ", look.accent)),
                Origin::Reset => {
                    pieces.push(Piece::new("again, after the limit", look.dim));
                }
                Origin::Agent => pieces.push(Piece::new("went on by itself", look.dim)),
            }
        }
        pieces.push(Piece::new(line, text_style));
        lines.extend(wrap(&pieces, width, &bar, &bar, Break::Words));
    }
    if !turn.attached.is_empty() {
        let names = turn.attached.iter().filter_map(|path| path.file_name());
        let names: Vec<_> = names.map(|name| name.to_string_lossy()).collect();
        let with = format!("with {}", names.join(", "));
        let with = sanitise::line(&with).into_owned();
        lines.extend(wrap(
            &[Piece::new(with, look.dim)],
            width,
            &bar,
            &bar,
            Break::Words,
        ));
    }
    let hidden = lines.len().saturating_sub(PROMPT_LINES);
    if hidden > 1 && !unfolded {
        lines.truncate(PROMPT_LINES);
        let more = Piece::new(format!("… {hidden} more lines"), look.dim);
        lines.extend(wrap(&[more], width, &bar, &bar, Break::Words));
    }
    lines.push(Line::default());
    lines
}

fn says_from(line: &str, from: &str) -> bool {
    let (line, from) = (line.to_lowercase(), sanitise::line(from).to_lowercase());
    line.strip_prefix("from ")
        .is_some_and(|rest| rest.starts_with(&from))
}

/// The blocks that are shown, and why the turn was broken off where its last block says so: that is said once,
/// below the turn.
fn ended(turn: &Turn) -> (usize, Option<&str>) {
    let all = turn.blocks.len();
    let text = match turn.blocks.last() {
        Some(Block::Notice { text } | Block::Text { text }) => text.trim(),
        _ => return (all, None),
    };
    let says = text.to_lowercase();
    let short = text.chars().count() < 80 && !text.contains('\n');
    let told = says.contains("interrupted") || says.contains("taken back");
    match turn.state == TurnState::Interrupted && short && told {
        true => (all - 1, Some(text.trim_matches(['[', ']', '.']))),
        false => (all, None),
    }
}

fn blocks(
    index: usize,
    block: &Block,
    width: u16,
    unfolded: bool,
    look: &Look,
    chunks: &mut Chunks<'_>,
    out: &mut Vec<Segment>,
) {
    match block {
        Block::Text { text } => {
            let palette = look.markdown();
            for (i, chunk) in markdown::chunks(text).into_iter().enumerate() {
                out.push(chunks.get(index, i, chunk.len(), || {
                    let mut lines = markdown::render(&sanitise::block(chunk), width, &palette);
                    lines.push(Line::default());
                    lines
                }));
            }
        }
        Block::Thinking { text } => out.push(Rc::new(thinking(text, width, unfolded, look))),
        Block::Tool {
            name,
            input,
            output,
            state,
            ..
        } => {
            out.push(Rc::new(tool(
                name,
                input,
                output.as_deref(),
                *state,
                width,
                unfolded,
                look,
            )));
        }
        Block::Notice { text } => {
            let pieces = [Piece::new(sanitise::line(text), look.dim)];
            let mark = [Piece::new("· ", look.dim)];
            let rest = [Piece::new("  ", look.dim)];
            out.push(Rc::new(wrap(&pieces, width, &mark, &rest, Break::Words)));
        }
    }
}

fn thinking(text: &str, width: u16, unfolded: bool, look: &Look) -> Vec<Line<'static>> {
    let style = look.dim.add_modifier(Modifier::ITALIC);
    let room = usize::from(width).saturating_sub(12);
    if !unfolded {
        // The newest line tells what it is at.
        let last = text
            .lines()
            .rev()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let shown = fit(&sanitise::line(last.trim()), room);
        return vec![Line::from(vec![
            Span::styled("✻ thinking  ", look.dim),
            Span::styled(shown, style),
        ])];
    }
    let mark = [Piece::new("✻ ", look.dim)];
    let rest = [Piece::new("  ", look.dim)];
    let mut lines = Vec::new();
    for (i, line) in sanitise::block(text.trim()).split('\n').enumerate() {
        let first = if i == 0 { &mark } else { &rest };
        lines.extend(wrap(
            &[Piece::new(line, style)],
            width,
            first,
            &rest,
            Break::Words,
        ));
    }
    lines.push(Line::default());
    lines
}

fn tool(
    name: &str,
    input: &str,
    output: Option<&str>,
    state: ToolState,
    width: u16,
    unfolded: bool,
    look: &Look,
) -> Vec<Line<'static>> {
    let (mark, mark_style) = match state {
        ToolState::Running => ("◐", look.accent),
        ToolState::Done => ("✓", look.good),
        ToolState::Failed => ("✗", look.error),
        ToolState::Denied => ("⊘ denied", look.warning),
    };
    let name = fit(&sanitise::line(name), 30);
    let used = 2 + name.chars().count() + 2 + 2 + mark.chars().count();
    let gist = fit(&gist(input), usize::from(width).saturating_sub(used));
    let mut lines = vec![Line::from(vec![
        Span::styled("▸ ", look.dim),
        Span::styled(name, look.accent),
        Span::styled(format!("  {gist}  "), look.text),
        Span::styled(mark, mark_style),
    ])];
    if unfolded && let Some(output) = output {
        let indent = [Piece::new("  │ ", look.border)];
        let clean = sanitise::block(output.trim_end());
        let count = clean.lines().count();
        for line in clean.lines().take(OUTPUT_LINES) {
            lines.extend(wrap(
                &[Piece::new(line, look.dim)],
                width,
                &indent,
                &indent,
                Break::Anywhere,
            ));
        }
        if count > OUTPUT_LINES {
            let more = Piece::new(format!("… {} more lines", count - OUTPUT_LINES), look.dim);
            lines.extend(wrap(&[more], width, &indent, &indent, Break::Words));
        }
    }
    lines
}

/// The argument that says most: a command, a path, a pattern; else the arguments as they are.
fn gist(input: &str) -> String {
    const TELLING: [&str; 9] = [
        "command",
        "file_path",
        "path",
        "pattern",
        "query",
        "url",
        "description",
        "prompt",
        "name",
    ];
    let parsed: Option<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(input).ok();
    let telling = parsed.as_ref().and_then(|arguments| {
        TELLING
            .iter()
            .find_map(|key| arguments.get(*key).and_then(|value| value.as_str()))
    });
    let text = telling.unwrap_or(if input == "{}" { "" } else { input });
    sanitise::line(text.trim()).into_owned()
}

/// What is worth knowing of a turn when one wonders: its images, tries before it, price and request.
fn details(turn: &Turn, width: u16, look: &Look) -> Vec<Line<'static>> {
    let mut texts = Vec::new();
    for path in &turn.attached {
        texts.push(format!("with {}", path.display()));
    }
    for attempt in &turn.attempts {
        let model = attempt.model.as_deref().unwrap_or("its own model");
        texts.push(format!(
            "tried before: {} {model}: {}",
            attempt.backend, attempt.failure
        ));
    }
    if let Some(price) = &turn.price {
        texts.push(format!("price: {}, {}", price.source, price.date));
    }
    if let Some(id) = &turn.receipt.request_id {
        texts.push(format!("request {id}"));
    }
    let left = (
        turn.receipt.requests_remaining,
        turn.receipt.tokens_remaining,
    );
    match left {
        (Some(requests), Some(tokens)) => texts.push(format!(
            "left of the limits: {requests} requests, {} tokens",
            figures::tokens(tokens)
        )),
        (Some(requests), None) => texts.push(format!("left of the limits: {requests} requests")),
        (None, Some(tokens)) => {
            texts.push(format!(
                "left of the limits: {} tokens",
                figures::tokens(tokens)
            ));
        }
        (None, None) => {}
    }
    let mark = [Piece::new("  ", look.dim)];
    texts
        .iter()
        .flat_map(|text| {
            let piece = Piece::new(sanitise::line(text), look.dim);
            wrap(&[piece], width, &mark, &mark, Break::Words)
        })
        .collect()
}

/// `✓ 9.1 s  $0.031  1.2k→388  ★★★★☆`, or why there is no answer.
fn footer(turn: &Turn, why: Option<&str>, width: u16, look: &Look) -> Vec<Line<'static>> {
    let mut pieces = match &turn.state {
        TurnState::Waiting => vec![Piece::new("◌ waits to be sent", look.dim)],
        TurnState::Streaming if turn.blocks.is_empty() => vec![Piece::new("◐ asked …", look.dim)],
        TurnState::Streaming => return Vec::new(),
        TurnState::Done => vec![Piece::new("✓", look.good)],
        TurnState::Interrupted => {
            let why = sanitise::line(why.unwrap_or("interrupted")).into_owned();
            vec![Piece::new(format!("■ {why}"), look.warning)]
        }
        TurnState::Failed(failure) => {
            let text = format!("✗ {}", sanitise::line(&failure.to_string()));
            vec![Piece::new(text, look.error)]
        }
    };
    if turn.state.is_over() {
        let failed = matches!(turn.state, TurnState::Failed(_));
        if let Some(duration) = turn.timings.duration().filter(|_| !failed) {
            pieces.push(Piece::new(
                format!(" {}", figures::duration(duration)),
                look.dim,
            ));
        }
        let tokens = (turn.usage.total_input(), turn.usage.total_output());
        if turn.cost.counted() != Nano(0) || turn.cost.plan != Nano(0) {
            pieces.push(Piece::new(format!("  {}", turn.cost), look.dim));
        }
        if tokens != (0, 0) {
            let mark = if turn.usage.estimated { "~" } else { "" };
            let text = format!(
                "  {mark}{}→{}",
                figures::tokens(tokens.0),
                figures::tokens(tokens.1)
            );
            pieces.push(Piece::new(text, look.dim));
        }
        if let Some(rating) = turn.rating {
            pieces.push(Piece::new(
                format!("  {}", figures::rating(rating)),
                look.accent,
            ));
        }
    }
    wrap(
        &pieces,
        width,
        &[],
        &[Piece::new("  ", look.dim)],
        Break::Words,
    )
}
