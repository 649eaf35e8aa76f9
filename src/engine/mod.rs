//! Owns everything alive: sessions, their turns, the budget.
//!
//! The engine thinks, the runtime acts. [`handle`] is a pure function of the state, an input and the time;
//! what it wants done comes back as [`Effect`]s. No tokio, no clock, no file is touched in the rooms above
//! `runtime`; a whole session's life is a table of test rows.
//!
//! | file | is |
//! |---|---|
//! | `state` | what the engine knows |
//! | `effect` | what comes in, what is wanted |
//! | `requests`, `controls`, `ratings`, `feedback`, `queries` | a face's wishes and questions |
//! | `accept`, `turns`, `stream`, `settle` | a turn before, during and after its answer |
//! | `retry` | what is done when a request fails: again, another model, or the end |
//! | `spawn`, `forks` | new sessions; fork, relay, broadcast |
//! | `records`, `seen`, `availability` | what is kept of turns, what can be seen of them, whether models can be had |
//! | `evidence` | what turns tell of models, in step with the store |
//! | `suggest`, `valued` | which model next |
//! | `learnt` | what is learnt, as faces see and change it |
//! | `models` | the catalogue as faces ask for it |
//! | `supervise` | processes: start, end, restart |
//! | `agents` | what a structured agent tells |
//! | `terminals`, `conversation`, `status` | a program in a terminal: how it is run, on what, and what is believed of it |
//! | `budget` | reserve before, settle after |
//! | `plan` | from a backend to a request |
//! | `worktree` | git worktrees of sessions |
//! | `recover` | from the store to a state |
//! | `runtime`, `daemon` | everything with a socket, a process or a clock |

mod accept;
pub mod agent;
mod agents;
mod availability;
mod budget;
mod calibrate;
mod controls;
mod conversation;
pub mod daemon;
mod effect;
pub mod evidence;
mod feed;
mod feedback;
mod forks;
mod kept;
mod learnt;
mod lessons;
mod limits;
mod models;
mod plan;
pub mod provider;
pub mod pty;
mod queries;
mod ratings;
mod records;
mod recover;
mod reports;
mod requests;
mod retry;
mod rules;
mod runtime;
mod seen;
mod session;
mod settle;
mod spawn;
mod state;
mod status;
mod stream;
mod suggest;
mod supervise;
mod terminals;
mod turns;
mod valued;
mod worktree;

#[cfg(test)]
mod tests;

pub use effect::{Effect, FaceId, Input, Process, StreamPlan, Timer, To};
pub use recover::{Beginning, recover};
pub use session::Session;
pub use state::{Now, State};

/// Takes one input in, and gives back what is to be done, in order.
pub fn handle(state: &mut State, input: Input, now: Now) -> Vec<Effect> {
    let mut out = Vec::new();
    state.turn_the_day(now, &mut out);
    match input {
        Input::FaceJoined { face, events } => {
            state.faces.insert(face, state::Face::new(events));
        }
        Input::FaceLeft { face } => {
            reports::left(state, face, now, &mut out);
            state.faces_left(face, &mut out);
        }
        Input::FaceCaughtUp { face } => state.resend_all(face, &mut out),
        Input::Request { face, id, request } => {
            requests::handle(state, face, id, request, now, &mut out);
        }
        Input::Stream {
            session,
            epoch,
            event,
        } => stream::streamed(state, session, epoch, event, now, &mut out),
        Input::Counted {
            session,
            epoch,
            tokens,
        } => turns::counted(state, session, epoch, tokens, now, &mut out),
        Input::Agent {
            session,
            epoch,
            event,
        } => agents::told(state, session, epoch, event, now, &mut out),
        Input::Started {
            session,
            epoch,
            result,
        } => supervise::started(state, session, epoch, result, now, &mut out),
        Input::Pty {
            session,
            epoch,
            event,
        } => supervise::pty(state, session, epoch, event, now, &mut out),
        Input::Begun {
            session,
            epoch,
            conversation,
        } => terminals::begun(state, session, epoch, conversation, &mut out),
        Input::ModelsFound { session, result } => {
            spawn::models_found(state, session, result, now, &mut out);
        }
        Input::WindowFound { session, window } => {
            if let Some(s) = state.sessions.get_mut(&session) {
                s.view.gauges.window = Some(window);
                out.push(s.changed());
            }
        }
        Input::Transcript { news } => reports::transcript(state, news, now, &mut out),
        Input::Trees { trees } => supervise::trees(state, &trees, &mut out),
        Input::WorktreeMade {
            session,
            epoch,
            result,
        } => worktree::life::made(state, session, epoch, result, now, &mut out),
        Input::Reachable { models } => state.reachable = models,
        Input::Timer { timer } => match timer {
            Timer::Flush => stream::flush(state, now, &mut out),
            Timer::Restart { session, epoch } => {
                supervise::restart_due(state, session, epoch, now, &mut out);
            }
            Timer::Limit { session } => limits::limit_over(state, session, now, &mut out),
            Timer::Calm { session, epoch } => reports::calm(state, session, epoch, now, &mut out),
            Timer::Unfed { session } => feed::overdue(state, session, &mut out),
            Timer::Calibrate => calibrate::measure(None, &mut out),
            Timer::Retry { session, epoch } => retry::due(state, session, epoch, now, &mut out),
        },
        Input::ConfigLoaded { config, problems } => {
            state.configure((config, problems), now, &mut out)
        }
        Input::CatalogLoaded { catalog } => {
            state.priors = crate::learning::Priors::of(&catalog);
            state.catalog = catalog;
        }
        Input::FoundTurn {
            face,
            id,
            turn,
            found,
            said,
        } => {
            let result = ratings::found(state, (turn, found), said, now, &mut out);
            out.push(Effect::Reply { face, id, result });
        }
        Input::Found { asked, found } => lessons::found(state, asked, found, now, &mut out),
        Input::Project { folder, files } => records::looked(state, folder, &files, &mut out),
        Input::Stop => {
            stream::flush(state, now, &mut out);
            evidence::keep(state, now, &mut out);
            out.push(Effect::Tell {
                to: To::All,
                event: crate::protocol::Event::Stopping,
            });
            out.push(Effect::Stop);
        }
    }
    if !state.held.is_empty() {
        reports::sweep(state, &mut out);
    }
    out
}
