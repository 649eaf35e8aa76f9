//! What a program in a terminal tells of itself: through hooks and a statusline that we gave it, and through the
//! transcript it writes.
//!
//! `told` is what is remembered, `hooks` what a hook changes, `asks` the dialogs that can be answered here too,
//! `calm` how the title helps where hooks are silent, `read` what a transcript tells, `spent` the turns and the money, `start` what a program is given.

mod asks;
mod calm;
mod hooks;
mod ran;
mod read;
mod spent;
mod start;
#[cfg(test)]
mod tests;
mod told;

pub use asks::{answer, left, sweep};
pub use calm::{calm, hold};
pub use read::{catch_up, remembered, transcript};
pub use start::{ended, starting};
pub use told::{Counted, Held, Told};

use super::agent::hooks::{heard, statusline};
use super::effect::{Effect, FaceId};
use super::forks::Result;
use super::session::Alive;
use super::state::{Now, State};
use crate::protocol::{Answer, Refusal, Report};

/// Takes in one report of the program that holds this ticket. `None`: its reporter is answered later.
///
/// # Errors
/// No running program holds it, or it tells nothing that reads.
pub fn took(
    state: &mut State,
    reporter: (FaceId, u64),
    (ticket, what, body): (&str, Report, &str),
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    let holder = state
        .sessions
        .iter()
        .find(|(_, s)| s.ticket == ticket && !ticket.is_empty() && s.process != Alive::No);
    let Some((&id, _)) = holder else {
        return Err(Refusal::new("no running program holds this ticket", ""));
    };
    let strange = || Refusal::new("this report is not understood", "");
    let body = serde_json::from_str(body).map_err(|_| strange())?;
    match what {
        Report::Hook => {
            let hook = heard::read(&body).ok_or_else(strange)?;
            let waits = hooks::heard(state, id, reporter, hook, now, out);
            Ok((!waits).then_some(Answer::Done))
        }
        Report::Statusline => {
            let line = statusline::read(&body).ok_or_else(strange)?;
            start::follow(state, id, line.transcript.clone(), out);
            spent::line(state, id, line, now, out);
            Ok(Some(Answer::Done))
        }
    }
}
