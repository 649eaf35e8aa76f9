//! Questions of faces that the state can answer; the others are handed on.

use super::effect::{Effect, FaceId};
use super::forks::{Result, no_session};
use super::lessons::Sought;
use super::state::State;
use super::worktree::{Wish, life};
use super::{learnt, models, valued};
use crate::protocol::{Answer, Query};

/// Answers a query, or hands it to an effect that will (`None`).
///
/// # Errors
/// No such session, or too long a prompt.
pub fn question(
    state: &State,
    face: FaceId,
    id: u64,
    query: Query,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    let answer = match query {
        Query::Snapshot => Answer::Snapshot(Box::new(state.snapshot())),
        Query::Log { session } => {
            let head = state
                .sessions
                .get(&session)
                .ok_or_else(no_session)?
                .view
                .head;
            Answer::Log(state.path(head).into_iter().cloned().collect())
        }
        Query::LogByName { name } => match state.session_named(&name) {
            Some(session) => {
                Answer::Log(state.path(session.view.head).into_iter().cloned().collect())
            }
            None => {
                let query = Query::LogByName { name };
                out.push(Effect::Look { face, id, query });
                return Ok(None);
            }
        },
        Query::Turn { turn } => match state.turns.get(&turn) {
            Some(turn) => Answer::Log(vec![turn.clone()]),
            None => {
                let query = Query::Turn { turn };
                out.push(Effect::Look { face, id, query });
                return Ok(None);
            }
        },
        Query::Suggest {
            prompt,
            session,
            budget,
            exclude,
            require,
            min_window,
            task,
        } => {
            let limits = valued::Limits::new(state, budget, exclude, &require, min_window)?;
            let session = session.and_then(|id| state.sessions.get(&id));
            Answer::Suggestion(valued::suggest(state, &prompt, session, &task, &limits)?)
        }
        Query::SuggestBatch {
            tasks,
            budget,
            exclude,
            require,
            min_window,
        } => {
            let limits = valued::Limits::new(state, budget, exclude, &require, min_window)?;
            Answer::Suggestions(valued::batch(state, &tasks, &limits)?)
        }
        Query::Models { filter } => Answer::Models(models::list(state, filter)?),
        Query::CompareModels { a, b } => Answer::Rows(models::side_by_side(state, &a, &b)?),
        Query::CheckModel { backend, model } => {
            Answer::Warnings(models::check(state, &backend, &model))
        }
        Query::Budget => Answer::Budget(state.budget()),
        Query::Engine => Answer::Engine(state.about()),
        Query::Worktrees => {
            out.push(Effect::Worktrees {
                face,
                id,
                wish: Wish::List,
                living: life::living(state),
            });
            return Ok(None);
        }
        Query::Problems => Answer::Problems(state.problems.clone()),
        Query::Find { session, .. } | Query::Text { session, .. } => {
            state.sessions.get(&session).ok_or_else(no_session)?;
            out.push(Effect::Look { face, id, query });
            return Ok(None);
        }
        Query::Learned { all } => Answer::Learned(Box::new(learnt::learned(state, all))),
        Query::Advice { days } => {
            let (asked, sought) = (Some((face, id)), Sought::Spent { days });
            out.push(Effect::Seek { asked, sought });
            return Ok(None);
        }
        Query::Offers
        | Query::Stats { .. }
        | Query::Catalog
        | Query::History { .. }
        | Query::Record { .. }
        | Query::Results { .. }
        | Query::Evidence { .. } => {
            out.push(Effect::Look { face, id, query });
            return Ok(None);
        }
    };
    Ok(Some(answer))
}
