//! Where hooks are silent, the title tells: a turn that is interrupted ends without a word, and so does a compaction that
//! finds nothing to do. But the title looks still too when a dialog opens, a moment before the hook of the dialog.

use super::hooks;
use crate::config::Means;
use crate::engine::effect::{Effect, Timer};
use crate::engine::session::Session;
use crate::engine::state::{Now, State};
use crate::protocol::{Millis, SessionId, Source};

/// How long the hook of a dialog may take, in milliseconds. Seen: 80.
const GRACE: Millis = 1000;

/// The title says something else. Whether it is not to be believed yet.
pub fn hold(session: &mut Session, means: Option<Means>, now: Now, out: &mut Vec<Effect>) -> bool {
    let works = session
        .rungs
        .hook
        .is_some_and(|said| said.means == Means::Working);
    let still = means.filter(|means| matches!(means, Means::NotWorking | Means::Idle));
    session.told.still = still.filter(|_| works);
    if session.told.still.is_some() {
        out.push(Effect::Arm {
            timer: Timer::Calm {
                session: session.view.id,
                epoch: session.epoch,
            },
            at: now.ms + GRACE,
        });
    }
    session.told.still.is_some()
}

/// It has looked still for long enough.
pub fn calm(state: &mut State, id: SessionId, epoch: u64, now: Now, out: &mut Vec<Effect>) {
    let Some(session) = state.sessions.get_mut(&id) else {
        return;
    };
    let works = session
        .rungs
        .hook
        .is_some_and(|said| said.means == Means::Working);
    if session.epoch != epoch || session.told.still.take().is_none() || !works {
        return;
    }
    session.told.calm = true;
    session.told.compacting = false;
    session.rungs.say(Source::Hook, None, now.ms);
    hooks::rung(state, id, (Source::Title, Some(Means::Idle)), now, out);
}
