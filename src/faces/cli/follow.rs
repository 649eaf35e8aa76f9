//! Waiting for turns, and printing an answer while it grows.

use crate::error::Error;
use crate::faces::cli::desk::{Engine, odd_answer};
use crate::faces::cli::groups::OverBudget;
use crate::faces::cli::out::{Out, Outcome, Stop, tell};
use crate::faces::cli::responding::{answers, in_a_line};
use crate::faces::cli::words;
use crate::protocol::{
    Answer, Ask, AskId, AskKind, Block, Decision, Event, Op, Query, SessionId, SessionView, Turn,
    TurnId, TurnState, apply, response_text,
};

/// Has the engine tell of these sessions from now on. Before the turns begin, so that nothing of them is missed.
pub async fn watch(engine: &mut Engine, sessions: Vec<SessionId>) -> Result<(), Stop> {
    engine.op(Op::Watch { sessions }).await?;
    Ok(())
}

/// Waits until `turns` are over. `page`: where the answer of a single turn is written as it comes.
pub async fn to_the_end(
    engine: &mut Engine,
    turns: &[(SessionId, TurnId)],
    mut page: Option<&mut Out>,
    over_budget: OverBudget,
) -> Result<Vec<Turn>, Stop> {
    let mut over: Vec<Option<Turn>> = vec![None; turns.len()];
    let mut answer = Growing::default();
    let mut asked: Vec<AskId> = Vec::new();
    while over.iter().any(Option::is_none) {
        match engine.0.next_event().await? {
            Event::Grew { turn, delta, .. } if turns.iter().any(|(_, id)| *id == turn) => {
                if let Some(out) = page.as_deref_mut() {
                    apply(&mut answer.blocks, &delta);
                    answer.print(out)?;
                }
            }
            Event::TurnChanged { turn, .. } => {
                note(turn, turns, &mut over, &mut answer, page.as_deref_mut())?;
            }
            Event::History { turns: all, .. } => {
                for turn in all {
                    note(turn, turns, &mut over, &mut answer, page.as_deref_mut())?;
                }
            }
            Event::SessionChanged { session } if turns.iter().any(|(id, _)| *id == session.id) => {
                let new = |ask: &&Ask| !asked.contains(&ask.id);
                for ask in session.asks.iter().filter(new) {
                    meet(engine, &session, ask, turns, over_budget).await?;
                }
                asked = session.asks.iter().map(|ask| ask.id).collect();
            }
            Event::SessionRemoved { session } => {
                let open = turns
                    .iter()
                    .zip(&over)
                    .find(|((id, _), o)| *id == session && o.is_none());
                if let Some(((_, turn), _)) = open {
                    answer.end(page.as_deref_mut())?;
                    let next = format!("antiphon poll {turn}");
                    return Err(Error::new("the session was killed", "", next).into());
                }
            }
            Event::Stopping => {
                answer.end(page.as_deref_mut())?;
                let turn = turns
                    .first()
                    .map(|(_, turn)| format!("antiphon poll {turn}"));
                return Err(
                    Error::new("the engine was stopped", "", turn.unwrap_or_default()).into(),
                );
            }
            _ => {}
        }
    }
    answer.end(page)?;
    Ok(over.into_iter().flatten().collect())
}

fn note(
    turn: Turn,
    turns: &[(SessionId, TurnId)],
    over: &mut [Option<Turn>],
    answer: &mut Growing,
    page: Option<&mut Out>,
) -> Outcome {
    let Some(index) = turns.iter().position(|(_, id)| *id == turn.id) else {
        return Ok(());
    };
    if let Some(out) = page {
        answer.blocks.clone_from(&turn.blocks);
        answer.print(out)?;
    }
    if turn.state.is_over() {
        over[index] = Some(turn);
    }
    Ok(())
}

/// A question stops the answer: whoever waits for it must know, and may have said beforehand what to do.
async fn meet(
    engine: &mut Engine,
    session: &SessionView,
    ask: &Ask,
    turns: &[(SessionId, TurnId)],
    over_budget: OverBudget,
) -> Outcome {
    let name = &session.name;
    let words = answers(ask);
    let question = in_a_line(ask);
    let next = format!("antiphon respond {name} {words}");
    if ask.kind != AskKind::Budget || over_budget == OverBudget::Wait {
        tell(&format!("{name} needs you: {question}\n  next:  {next}"));
        return Ok(());
    }
    if !is_ours(engine, session.id, turns).await? {
        // Somebody else's prompt is held, and ours behind it.
        let what = format!("{name} waits for an answer about another prompt: {question}");
        return Err(Error::new(what, "", next).into());
    }
    let decision = match over_budget {
        OverBudget::Send => Decision::Once,
        OverBudget::Refuse | OverBudget::Wait => Decision::No {
            message: String::new(),
        },
    };
    if over_budget == OverBudget::Refuse {
        tell(&format!("{name}: {question}"));
    }
    let (session, ask) = (session.id, ask.id);
    let op = Op::Respond {
        session,
        ask,
        decision,
    };
    engine.op(op).await?;
    Ok(())
}

/// Whether the prompt that a session holds back is one of these: the first that waits.
async fn is_ours(
    engine: &mut Engine,
    session: SessionId,
    turns: &[(SessionId, TurnId)],
) -> Result<bool, Stop> {
    let Answer::Log(log) = engine.query(Query::Log { session }).await? else {
        return Err(odd_answer().into());
    };
    let held = log.iter().find(|turn| turn.state == TurnState::Waiting);
    Ok(held.is_some_and(|held| turns.iter().any(|(_, turn)| *turn == held.id)))
}

/// An answer of which some is on the page already.
#[derive(Default)]
struct Growing {
    blocks: Vec<Block>,
    printed: String,
    /// Lines of progress told so far.
    told: usize,
}

impl Growing {
    fn print(&mut self, out: &mut Out) -> Outcome {
        self.tell_progress();
        let full = response_text(&self.blocks);
        if let Some(more) = full.strip_prefix(&self.printed) {
            if !more.is_empty() {
                out.text(more)?;
            }
        } else if self.printed.starts_with(&full) {
            // An older state than what was streamed meanwhile.
            return Ok(());
        } else {
            // What was streamed turned out otherwise; paper cannot be unprinted.
            out.text(&format!("\n\n{full}"))?;
        }
        self.printed = full;
        Ok(())
    }

    /// Tool calls, once they are complete, and notices are not part of the answer; they go to people only.
    fn tell_progress(&mut self) {
        let line = |block: &Block| match block {
            Block::Tool {
                output: Some(_), ..
            } => words::tool(block).map(|line| format!("▸ {line}")),
            Block::Notice { text } => Some(format!("· {text}")),
            _ => None,
        };
        let lines: Vec<String> = self.blocks.iter().filter_map(line).collect();
        for line in lines.iter().skip(self.told) {
            tell(line);
        }
        self.told = self.told.max(lines.len());
    }

    fn end(&self, page: Option<&mut Out>) -> Outcome {
        match page {
            Some(out) if !self.printed.is_empty() && !self.printed.ends_with('\n') => {
                out.text("\n")
            }
            _ => Ok(()),
        }
    }
}

/// Whether a turn that is over is a success; otherwise the error that says why not.
pub fn verdict(turn: &Turn) -> Outcome {
    let place = turn.id.to_string();
    match &turn.state {
        TurnState::Done => Ok(()),
        TurnState::Failed(failure) => {
            let until = failure
                .until
                .map(|at| format!(" (until {})", words::clock(at)));
            let what = format!(
                "{}: {}{}",
                failure.category,
                failure.message,
                until.unwrap_or_default()
            );
            let next = words::in_commands(&failure.next, "NAME");
            Err(Error::new(what, place, next).into())
        }
        TurnState::Interrupted => {
            // Said by whoever took it back: why.
            let (what, next) = match turn.blocks.last() {
                Some(Block::Notice { text }) if turn.timings.sent_at.is_none() => {
                    let next = match text.contains("budget") {
                        true => "antiphon budget set AMOUNT, or ask with --over-budget send",
                        false => "ask again",
                    };
                    (text.as_str(), next)
                }
                _ => (
                    "the turn was interrupted",
                    "what had arrived is kept; ask again for the rest",
                ),
            };
            Err(Error::new(what, place, next).into())
        }
        TurnState::Waiting | TurnState::Streaming => {
            let next = format!("antiphon poll {} --wait", turn.id);
            Err(Error::new("the turn is not over", place, next).into())
        }
    }
}
