//! Keys and messages against what they ask of the engine, and what they change.

mod asks;
mod copying;
mod finding;
mod inbox;
mod keys;
mod learning;
mod messages;
mod mouse;
mod ringing;

use crate::faces::tui::layers::Layer;
use crate::faces::tui::model::chat::Place;
use crate::faces::tui::model::composer::Draft;
use crate::faces::tui::model::{Link, Mode, Model};
use crate::faces::tui::testing::{house, model, press, write};
use crate::faces::tui::update::{Cmd, Msg, Purpose, Timer, update};
use crate::protocol::testing::{session, turn};
use crate::protocol::*;

pub(super) const PRIMER: SessionId = SessionId(1);
pub(super) const TESTS: SessionId = SessionId(3);
pub(super) const CRITIC: SessionId = SessionId(5);
pub(super) const SHELL: SessionId = SessionId(8);

/// What was asked of the engine, but for what each change of the panes tells it.
pub(super) fn ops(cmds: Vec<Cmd>) -> Vec<Op> {
    let op = |cmd| match cmd {
        Cmd::Send {
            request: Request::Op(Op::Watch { .. } | Op::Resize { .. }),
            ..
        } => None,
        Cmd::Send {
            request: Request::Op(op),
            ..
        } => Some(op),
        _ => None,
    };
    cmds.into_iter().filter_map(op).collect()
}

pub(super) fn on(id: SessionId) -> Model {
    let mut model = house((120, 40));
    model.panes.select(id);
    model
}
