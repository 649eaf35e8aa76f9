//! Normal mode: what each action does. The compiler sees to it that none is forgotten.

use crate::config::Action;
use crate::faces::tui::model::{Mode, Model, layout, needs_you};
use crate::faces::tui::update::scroll::{By, scroll, select_turn};
use crate::faces::tui::update::{
    Cmd, Purpose, asking, change, clipboard, copying, find, insert, learning, op, open, query,
    seek, worktree,
};
use crate::protocol::{
    Block, Decision, Level, Op, Query, Rating, SessionId, Status, Turn, TurnState, fork_tree,
};

pub fn perform(model: &mut Model, action: Action, cmds: &mut Vec<Cmd>) {
    match action {
        Action::NextSession => walk(model, 1),
        Action::PreviousSession => walk(model, -1),
        Action::NextNeedingYou => next_needing(model),
        Action::NextPane => model.panes.turn(1),
        Action::PreviousPane => model.panes.turn(-1),
        Action::Spawn => open::spawn(model, cmds),
        Action::Broadcast => open::broadcast(model),
        Action::UnmarkAll => model.marks.clear(),
        Action::Find => open::find(model),
        Action::CommandPalette => open::palette(model),
        Action::Help => open::help(model),
        Action::Inbox => open::inbox(model, Mode::Normal),
        Action::Stats => cmds.push(query(Query::Stats { days: 30 }, Purpose::Stats)),
        Action::Learning => cmds.push(learning::open()),
        Action::Budget => open::budget(model),
        Action::ReloadConfig => {
            cmds.push(Cmd::Reload);
            cmds.push(op(Op::ReloadConfig, Purpose::Reload));
        }
        Action::Redraw => cmds.push(Cmd::Clear),
        Action::Detach => cmds.push(Cmd::Quit),
        Action::StopEngine => open::stop_engine(model),
        Action::RestoreWorktree => worktree::restore(model, cmds),
        Action::LeaveInsert => model.mode = Mode::Normal,
        Action::CopyLeft
        | Action::CopyDown
        | Action::CopyUp
        | Action::CopyRight
        | Action::CopyWord
        | Action::CopyWordBack
        | Action::CopyWordEnd
        | Action::CopyBigWord
        | Action::CopyBigWordBack
        | Action::CopyBigWordEnd
        | Action::CopyLineStart
        | Action::CopyLineText
        | Action::CopyLineEnd
        | Action::CopyTop
        | Action::CopyBottom
        | Action::CopyViewTop
        | Action::CopyViewMiddle
        | Action::CopyViewBottom
        | Action::CopyHalfUp
        | Action::CopyHalfDown
        | Action::CopyPageUp
        | Action::CopyPageDown
        | Action::CopyScrollUp
        | Action::CopyScrollDown
        | Action::CopySelect
        | Action::CopySelectLines
        | Action::CopySelectBlock
        | Action::CopyOtherEnd
        | Action::CopyFind
        | Action::CopyFindBack
        | Action::CopyFindNext
        | Action::CopyFindPrevious
        | Action::CopyYank
        | Action::CopyOpenLink
        | Action::CopyLeave => copying::perform(model, action, cmds),
        Action::Write
        | Action::OpenInPane
        | Action::ClosePane
        | Action::Zoom
        | Action::Fork
        | Action::Relay
        | Action::Mark
        | Action::ApproveOnce
        | Action::ApproveAlways
        | Action::Deny
        | Action::DenyInWords
        | Action::Attach
        | Action::Interrupt
        | Action::Rate1
        | Action::Rate2
        | Action::Rate3
        | Action::Rate4
        | Action::Rate5
        | Action::RateGood
        | Action::RateBad
        | Action::CorrectCategory
        | Action::SwitchModel
        | Action::TakeSuggestion
        | Action::SwitchPermissionMode
        | Action::ResumeAtReset
        | Action::Rename
        | Action::SetGroup
        | Action::Restart
        | Action::Kill
        | Action::PreviousTurn
        | Action::NextTurn
        | Action::ScrollUp
        | Action::ScrollDown
        | Action::PageUp
        | Action::PageDown
        | Action::Top
        | Action::Bottom
        | Action::FindNext
        | Action::FindPrevious
        | Action::FindEnd
        | Action::CopyMode
        | Action::CopyAnswer
        | Action::CopyCode
        | Action::OpenLink
        | Action::FoldThinking => match model.panes.selected() {
            Some(session) => on_session(model, session, action, cmds),
            None => model.notify(Level::Info, "no session is selected; n spawns one"),
        },
    }
}

/// Actions that mean the selected session.
fn on_session(model: &mut Model, id: SessionId, action: Action, cmds: &mut Vec<Cmd>) {
    if model.panes.all_closed() && about_the_shown(action) {
        // Nothing is answered, rated or read unseen: the first key shows it.
        model.panes.pin();
        if action != Action::Write {
            return;
        }
    }
    match action {
        Action::Write => {
            model.found = None;
            model.mode = Mode::Insert;
            model.composers.entry(id).or_default();
        }
        Action::OpenInPane if asking::fold(model, id) => {}
        Action::OpenInPane => {
            model.panes.pin();
            model.panes.stacked = false;
        }
        Action::ClosePane => model.panes.close(),
        Action::Zoom if model.panes.stacked && !layout::is_narrow(model.size) => {
            model.panes.stacked = false;
        }
        Action::Zoom => model.panes.zoomed = !model.panes.zoomed,
        Action::Fork => open::fork(model, id),
        Action::Relay => open::relay(model, id),
        Action::Mark => mark(model, id),
        Action::ApproveOnce => asking::respond(model, id, Decision::Once, cmds),
        Action::ApproveAlways => asking::respond(model, id, Decision::Always, cmds),
        Action::Deny => {
            let message = String::new();
            asking::respond(model, id, Decision::No { message }, cmds);
        }
        Action::DenyInWords => asking::in_words(model, id),
        Action::Attach => open::attach(model, id),
        Action::FindNext => step(model, 1, cmds),
        Action::FindPrevious => step(model, -1, cmds),
        Action::CopyMode => copying::enter(model, id),
        Action::CopyAnswer => clipboard::copy_answer(model, id, cmds),
        Action::CopyCode => clipboard::copy_code(model, id, cmds),
        Action::OpenLink => clipboard::open_a_link(model, id),
        Action::FindEnd => model.found = None,
        Action::Interrupt => {
            let leave = model.keymap.hint(Action::Detach).unwrap_or_default();
            if !insert::interrupt(model, id, cmds) {
                let text = format!("nothing runs here; {leave} leaves, and sessions go on");
                model.notify(Level::Info, text);
            }
        }
        Action::Rate1 => rate(model, id, Rating::Stars(1), cmds),
        Action::Rate2 => rate(model, id, Rating::Stars(2), cmds),
        Action::Rate3 => rate(model, id, Rating::Stars(3), cmds),
        Action::Rate4 => rate(model, id, Rating::Stars(4), cmds),
        Action::Rate5 => rate(model, id, Rating::Stars(5), cmds),
        Action::RateGood => rate(model, id, Rating::Good, cmds),
        Action::RateBad => rate(model, id, Rating::Bad, cmds),
        Action::CorrectCategory => open::correct_category(model, id),
        Action::SwitchModel => open::switch_model(model, id, cmds),
        Action::TakeSuggestion => take_suggestion(model, id, cmds),
        Action::SwitchPermissionMode => open::permission_mode(model, id),
        Action::ResumeAtReset => resume_at_reset(model, id, cmds),
        Action::Rename => open::rename(model, id),
        Action::SetGroup => open::set_group(model, id),
        Action::Restart => open::restart(model, id, cmds),
        Action::Kill => worktree::kill(model, id),
        Action::PreviousTurn => select_turn(model, id, -1),
        Action::NextTurn => select_turn(model, id, 1),
        Action::ScrollUp if asking::scroll(model, id, -1, false) => {}
        Action::ScrollDown if asking::scroll(model, id, 1, false) => {}
        Action::PageUp if asking::scroll(model, id, -1, true) => {}
        Action::PageDown if asking::scroll(model, id, 1, true) => {}
        Action::ScrollUp => scroll(model, id, By::HalfPages(-1), cmds),
        Action::ScrollDown => scroll(model, id, By::HalfPages(1), cmds),
        Action::PageUp => scroll(model, id, By::Pages(-1), cmds),
        Action::PageDown => scroll(model, id, By::Pages(1), cmds),
        Action::Top => scroll(model, id, By::ToTop, cmds),
        Action::Bottom => scroll(model, id, By::ToEnd, cmds),
        Action::FoldThinking if asking::fold(model, id) => {}
        Action::FoldThinking => {
            if let Some(chat) = model.chats.get_mut(&id) {
                chat.unfolded = !chat.unfolded;
            }
        }
        // All others were done without a session.
        _ => {}
    }
}

fn resume_at_reset(model: &mut Model, id: SessionId, cmds: &mut Vec<Cmd>) {
    let Some(session) = model.session(id).filter(|s| s.backend.is_chat()) else {
        return model.notify(Level::Info, "a terminal's limits are its program's");
    };
    let on = !session.resume_at_reset;
    let text = match on {
        true => format!("{} goes on by itself when a limit is over", session.name),
        false => format!("{} waits for you when a limit is over", session.name),
    };
    cmds.push(change(Op::SetResumeAtReset { session: id, on }));
    model.notify(Level::Info, text);
}

/// Goes to another place of the word.
fn step(model: &mut Model, steps: isize, cmds: &mut Vec<Cmd>) {
    match &model.found {
        Some(found) if found.hits.is_some() => seek::step(model, steps, cmds),
        _ => find::step(model, steps),
    }
}

/// Selects the session `steps` further down the sidebar, around its ends.
fn walk(model: &mut Model, steps: isize) {
    let order = crate::faces::tui::views::sidebar::order(model);
    let count = order.len() as isize;
    if count == 0 {
        return;
    }
    let at = model
        .panes
        .selected()
        .and_then(|id| order.iter().position(|s| *s == id));
    let goal = at.map_or(0, |at| (at as isize + steps).rem_euclid(count));
    model.panes.point(order[goal as usize]);
}

/// Marks, or takes the mark away.
fn mark(model: &mut Model, id: SessionId) {
    if !model.marks.remove(&id) {
        model.marks.insert(id);
    }
}

fn next_needing(model: &mut Model) {
    let rows = fork_tree(&model.sessions);
    let at = rows
        .iter()
        .position(|row| Some(row.session) == model.panes.selected())
        .map_or(0, |at| at + 1);
    let around = rows[at.min(rows.len())..]
        .iter()
        .chain(&rows[..at.min(rows.len())]);
    let found = around
        .map(|row| &model.sessions[row.index])
        .find(|s| needs_you(s))
        .map(|s| s.id);
    match found {
        Some(session) => model.panes.select(session),
        None => model.notify(Level::Info, "no session needs you"),
    }
}

/// Actions that mean what a pane shows of the session.
fn about_the_shown(action: Action) -> bool {
    !matches!(
        action,
        Action::OpenInPane
            | Action::ClosePane
            | Action::Zoom
            | Action::Fork
            | Action::Mark
            | Action::SwitchModel
            | Action::SwitchPermissionMode
            | Action::ResumeAtReset
            | Action::Rename
            | Action::SetGroup
            | Action::Restart
            | Action::Kill
    )
}

fn rate(model: &mut Model, id: SessionId, rating: Rating, cmds: &mut Vec<Cmd>) {
    // What was taken back before it was sent says nothing of a model.
    let unsent = |turn: &Turn| {
        turn.state == TurnState::Interrupted
            && (turn.blocks.iter()).all(|block| matches!(block, Block::Notice { .. }))
    };
    let over = |turn: &Turn| turn.state.is_over() && !unsent(turn);
    match model.chats.get(&id).and_then(|chat| chat.meant(over)) {
        Some(turn) => {
            let turn = turn.id;
            let request = Op::Rate {
                turn: Some(turn),
                rating,
                note: None,
            };
            cmds.push(op(request, Purpose::Rate { turn, rating }));
        }
        None => model.notify(Level::Info, "there is no finished turn to rate"),
    }
}

fn take_suggestion(model: &mut Model, id: SessionId, cmds: &mut Vec<Cmd>) {
    let best = model
        .composers
        .get(&id)
        .and_then(|c| c.suggestion.as_ref())
        .and_then(|(_, suggestion)| suggestion.candidates.first());
    let (Some(best), Some(session)) = (best, model.session(id)) else {
        return model.notify(
            Level::Info,
            "nothing is suggested yet; write a prompt first",
        );
    };
    if session.model.as_ref() == Some(&best.model) {
        return model.notify(Level::Info, "the session uses the suggested model already");
    }
    if session.backend == best.backend {
        let wanted = best.model.clone();
        cmds.push(change(Op::SetModel {
            session: id,
            model: wanted,
        }));
    } else if matches!(session.status, Status::Working) {
        model.notify(Level::Warning, "the session works; fork it once it is done");
    } else {
        // Another backend is another session: the conversation goes along as a fork.
        let (backend, wanted) = (best.backend.clone(), best.model.clone());
        open::fork_to(model, id, backend, wanted);
    }
}
