//! Statuses, times and amounts as the words and figures that people read.

use crate::faces::cli::out::Ink;
use crate::protocol::{Block, Millis, SessionView, Status, ToolState, Turn, TurnState, Worktree};
use jiff::{Timestamp, tz::TimeZone};

/// A status in words, and how it stands out.
pub fn status(session: &SessionView) -> (Ink, String) {
    match &session.status {
        Status::Starting => (Ink::Dim, "starting".to_owned()),
        Status::Idle => (Ink::Plain, "idle".to_owned()),
        Status::Working => (Ink::Good, "working".to_owned()),
        Status::NeedsYou => {
            let title = session.asks.first().map(|ask| format!(": {}", ask.title));
            (
                Ink::Warning,
                format!("needs you{}", title.unwrap_or_default()),
            )
        }
        Status::Limited { until: Some(until) } => {
            (Ink::Warning, format!("limited until {}", clock(*until)))
        }
        Status::Limited { until: None } => (Ink::Warning, "limited".to_owned()),
        Status::Failed { category } => (Ink::Bad, format!("failed: {category}")),
        Status::Ended {
            code: Some(code), ..
        } => {
            let ink = if *code == 0 { Ink::Dim } else { Ink::Bad };
            (ink, format!("ended: exit {code}"))
        }
        Status::Ended {
            signal: Some(signal),
            ..
        } => (Ink::Bad, format!("ended: signal {signal}")),
        Status::Ended { .. } => (Ink::Dim, "ended".to_owned()),
        Status::Unknown => (Ink::Dim, "unknown".to_owned()),
    }
}

/// Where a session's own worktree is.
pub fn worktree(tree: &Worktree) -> String {
    format!("{} (branch {})", tree.path.display(), tree.branch)
}

/// How far a turn is, in words.
pub fn turn_state(turn: &Turn) -> String {
    match &turn.state {
        TurnState::Waiting => "waiting".to_owned(),
        TurnState::Streaming => "streaming".to_owned(),
        TurnState::Done => "done".to_owned(),
        TurnState::Interrupted => "interrupted".to_owned(),
        TurnState::Failed(failure) => format!("failed: {failure}"),
    }
}

/// A tool call on one line, such as `Bash {"command":"ls"} done`; `None` for other blocks.
pub fn tool(block: &Block) -> Option<String> {
    let Block::Tool {
        name, input, state, ..
    } = block
    else {
        return None;
    };
    let state = match state {
        ToolState::Running => "running",
        ToolState::Done => "done",
        ToolState::Failed => "failed",
        ToolState::Denied => "denied",
    };
    let flat: String = input.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = flat.chars().take(100).collect();
    let more = if short.len() < flat.len() { "…" } else { "" };
    Some(format!("{name} {short}{more} ({state})"))
}

/// A time of today as `14:02`, of another day as `2026-11-20 14:02`, local.
pub fn clock(at: Millis) -> String {
    let here = TimeZone::system();
    let Ok(time) = Timestamp::from_millisecond(at) else {
        return "?".to_owned();
    };
    let time = time.to_zoned(here.clone());
    let today = Timestamp::now().to_zoned(here).date();
    let form = if time.date() == today {
        "%H:%M"
    } else {
        "%Y-%m-%d %H:%M"
    };
    time.strftime(form).to_string()
}

/// The time from `from` to now, as [`span`].
pub fn since(from: Millis) -> String {
    span(Timestamp::now().as_millisecond().saturating_sub(from))
}

/// `820 ms`, `9.1 s`, `4 min`, `3 h 20 min`, `2 d 5 h`.
pub fn span(millis: Millis) -> String {
    let seconds = millis / 1000;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match millis {
        ..1000 => format!("{} ms", millis.max(0)),
        1000..60_000 => format!("{:.1} s", millis as f64 / 1000.0),
        60_000..3_600_000 => format!("{minutes} min"),
        3_600_000..86_400_000 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

/// `388`, `31.2k`, `200k`, `1.5M`.
pub fn tokens(count: u64) -> String {
    match count {
        ..1_000 => count.to_string(),
        1_000..1_000_000 => short(count as f64 / 1e3, 'k'),
        _ => short(count as f64 / 1e6, 'M'),
    }
}

fn short(number: f64, unit: char) -> String {
    let text = format!("{number:.1}");
    format!("{}{unit}", text.strip_suffix(".0").unwrap_or(&text))
}

/// `5h 33 % until 15:00, week 55 %`: what is used of a subscription's windows; empty where that is not known.
pub fn quotas(session: &SessionView) -> String {
    let each = session.quotas.iter().map(|quota| {
        let until = quota.resets_at.map(|at| format!(" until {}", clock(at)));
        let until = until.unwrap_or_default();
        format!("{} {:.0} %{until}", quota.name, quota.used_percent)
    });
    each.collect::<Vec<_>>().join(", ")
}

/// `3 processes, 412 MB, 35 % of a core`; empty where that is not known.
pub fn tree(session: &SessionView) -> String {
    let Some(tree) = session.tree else {
        return String::new();
    };
    let mut text = match tree.processes {
        1 => "1 process".to_owned(),
        count => format!("{count} processes"),
    };
    text.push_str(&format!(", {:.0} MB", tree.memory as f64 / 1e6));
    if let Some(cpu) = tree.cpu_percent {
        text.push_str(&format!(", {cpu:.0} % of a core"));
    }
    text
}

/// What a session has cost: `local`, or the amount with the marks of what is not known.
pub fn cost(session: &SessionView) -> String {
    match session.gauges.local {
        true => "local".to_owned(),
        false => session.gauges.cost.to_string(),
    }
}

/// `42 % of 200k`; empty where either is unknown.
pub fn context(session: &SessionView) -> String {
    match (session.gauges.context_used, session.gauges.window) {
        (Some(used), Some(window)) if window > 0 => {
            format!(
                "{:.0} % of {}",
                used as f64 * 100.0 / window as f64,
                tokens(window)
            )
        }
        _ => String::new(),
    }
}

/// What the engine says in words of the screen, in words of the command line; `name` is the session that is meant.
pub fn in_commands(text: &str, name: &str) -> String {
    let mut text = text.to_owned();
    for (screen, command) in [
        ("R starts it again", "antiphon restart NAME"),
        ("R starts it", "antiphon restart NAME"),
        (
            "choose one with m, or spawn with --model",
            "antiphon set NAME --model MODEL",
        ),
    ] {
        if text.contains(screen) {
            text = text.replace(screen, &command.replace("NAME", name));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::testing::session;
    use crate::protocol::{Ask, AskId, AskKind, Category};

    #[test]
    fn statuses_read_well() {
        let mut seen = session(1, "a");
        seen.asks.push(Ask {
            id: AskId(1),
            kind: AskKind::Approval,
            title: "Bash".into(),
            detail: "ls".into(),
            since: 0,
            choices: vec![],
            multiple: false,
            always: true,
            on_screen: false,
        });
        for (is, words) in [
            (Status::NeedsYou, "needs you: Bash"),
            (Status::Limited { until: None }, "limited"),
            (
                Status::Failed {
                    category: Category::Auth,
                },
                "failed: auth",
            ),
            (
                Status::Ended {
                    code: Some(1),
                    signal: None,
                },
                "ended: exit 1",
            ),
            (
                Status::Ended {
                    code: None,
                    signal: Some(9),
                },
                "ended: signal 9",
            ),
            (Status::Unknown, "unknown"),
        ] {
            seen.status = is;
            assert_eq!(status(&seen).1, words);
        }
    }

    #[test]
    fn keys_of_the_screen_become_commands() {
        for (note, shown) in [
            (
                "left alone · R starts it",
                "left alone · antiphon restart a",
            ),
            ("ended · R starts it again", "ended · antiphon restart a"),
            ("nothing of the kind", "nothing of the kind"),
        ] {
            assert_eq!(in_commands(note, "a"), shown);
        }
    }

    #[test]
    fn figures_read_well() {
        for (millis, text) in [
            (0, "0 ms"),
            (999, "999 ms"),
            (9_100, "9.1 s"),
            (240_000, "4 min"),
            (12_000_000, "3 h 20 min"),
            (190_800_000, "2 d 5 h"),
        ] {
            assert_eq!(span(millis), text);
        }
        for (count, text) in [(388, "388"), (31_200, "31.2k"), (1_500_000, "1.5M")] {
            assert_eq!(tokens(count), text);
        }
        assert_eq!(clock(i64::MAX), "?");
        let mut seen = session(1, "a");
        assert_eq!(context(&seen), "");
        seen.gauges.context_used = Some(84_000);
        seen.gauges.window = Some(200_000);
        assert_eq!(context(&seen), "42 % of 200k");
    }
}
