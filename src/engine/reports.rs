//! What a program in a terminal tells of itself through hooks and a statusline that we gave it.

use super::effect::Effect;
use super::forks::Result;
use super::state::{Now, State};
use crate::protocol::{Refusal, Report};

/// Takes in one report of the program that holds this ticket.
///
/// # Errors
/// No running program holds it.
pub fn took(
    state: &mut State,
    ticket: &str,
    _what: Report,
    _body: &str,
    _now: Now,
    _out: &mut Vec<Effect>,
) -> Result<()> {
    let known = state
        .sessions
        .values_mut()
        .find(|s| s.ticket == ticket && !ticket.is_empty());
    known
        .map(|_| ())
        .ok_or_else(|| Refusal::new("no running program holds this ticket", ""))
}
