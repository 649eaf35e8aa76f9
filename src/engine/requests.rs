//! A face's wishes, one by one. Each is answered exactly once: here, or by the effect it was handed to.

use super::accept::check_prompt;
use super::effect::{Effect, FaceId};
use super::forks::{self, ForkWish, RelayWish, Result, no_session};
use super::ratings::Said;
use super::session::Session;
use super::state::{Now, State};
use super::worktree::{Wish, life};
use super::{
    accept, budget, controls, feed, feedback, learnt, limits, queries, ratings, reports, spawn,
    terminals, turns,
};
use crate::protocol::{Answer, Backend, Nano, Op, Origin, Refusal, Request, SessionId};
use crate::store::Write;

/// Takes a request in. `Ok(None)` from below means that an effect answers.
pub fn handle(
    state: &mut State,
    face: FaceId,
    id: u64,
    request: Request,
    now: Now,
    out: &mut Vec<Effect>,
) {
    let before = out.len();
    let result = match request {
        Request::Op(op) => wish(state, face, id, op, now, out),
        Request::Query(query) => queries::question(state, face, id, query, out),
    };
    match result {
        Ok(None) => {}
        Ok(Some(answer)) => out.push(Effect::Reply {
            face,
            id,
            result: Ok(answer),
        }),
        Err(refusal) => {
            out.truncate(before);
            out.push(Effect::Reply {
                face,
                id,
                result: Err(refusal),
            });
        }
    }
}

fn wish(
    state: &mut State,
    face: FaceId,
    id: u64,
    op: Op,
    now: Now,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    let done = Ok(Some(Answer::Done));
    match op {
        Op::Spawn { spec } => {
            let view = spawn::spawn(state, spec, now, out)?;
            Ok(Some(Answer::Sessions(vec![view])))
        }
        Op::Ask {
            session,
            prompt,
            suggested,
            attached,
        } => {
            chat(state, session)?;
            check_prompt(&prompt)?;
            if let Some(words) = feedback::words(&prompt) {
                return feedback::give(state, (face, id), session, &words, now, out);
            }
            let prompt = accept::Prompt {
                suggested,
                attached,
                ..accept::Prompt::new(prompt, Origin::Typed)
            };
            let turn = accept::ask(state, session, prompt, now, out);
            Ok(Some(Answer::Turns(vec![(session, turn)])))
        }
        Op::Interrupt { session } => {
            match existing(state, session)?.view.backend {
                Backend::Terminal => terminals::interrupt(state, session, out),
                _ => turns::interrupt(state, session, now, out),
            }
            done
        }
        Op::Respond {
            session,
            ask,
            decision,
        } => {
            controls::respond(state, session, ask, decision, now, out)?;
            done
        }
        Op::Fork {
            session,
            name,
            at,
            backend,
            model,
            count,
            worktree,
        } => {
            let wish = ForkWish {
                worktree,
                session,
                name,
                at,
                backend,
                model,
                count,
            };
            Ok(Some(Answer::Sessions(forks::fork(state, wish, now, out)?)))
        }
        Op::Relay {
            from,
            turn,
            to,
            submit,
            template,
        } => {
            let wish = RelayWish {
                from,
                turn,
                to,
                submit,
                template,
            };
            forks::relay(state, wish, (face, id), now, out)
        }
        Op::Broadcast { to, prompt } => {
            check_prompt(&prompt)?;
            feedback::refuse(&prompt)?;
            forks::broadcast(state, to, &prompt, face, now, out).map(Some)
        }
        Op::Rate { turn, rating, note } => {
            let said = Said::Rating { rating, note };
            ratings::say(state, (face, id), turn, said, now, out)
        }
        Op::Correct { turn, category } => {
            let said = Said::Category(category);
            ratings::say(state, (face, id), turn, said, now, out)
        }
        Op::Rename { session, name } => {
            spawn::check_name(state, &name)?;
            let renamed = existing_mut(state, session)?;
            renamed.spec.name.clone_from(&name);
            renamed.view.name = name;
            changed(renamed, out);
            done
        }
        Op::SetGroup { session, group } => {
            let group = group.filter(|name| !name.trim().is_empty());
            if let Some(name) = &group
                && (name.chars().any(char::is_control) || name.chars().count() > 40)
            {
                return Err(Refusal::new(
                    "a group's name has at most 40 characters, none of them control characters",
                    "choose another",
                ));
            }
            let grouped = existing_mut(state, session)?;
            grouped.spec.group.clone_from(&group);
            grouped.view.group = group;
            changed(grouped, out);
            done
        }
        Op::SetModel { session, model } => {
            spawn::set_model(state, session, model, out)?;
            done
        }
        Op::SetResumeAtReset { session, on } => {
            limits::set_resume_at_reset(state, session, on, now, out)?;
            done
        }
        Op::Report { ticket, what, body } => {
            reports::took(state, (face, id), (&ticket, what, &body), now, out)
        }
        Op::SetPermissionMode { session, mode } => {
            controls::set_permission_mode(state, session, mode, out)?;
            done
        }
        Op::Restart { session } => {
            controls::restart(state, session, now, out)?;
            done
        }
        Op::Kill { session } => {
            existing(state, session)?;
            controls::kill(state, session, now, out);
            done
        }
        Op::KillAll => {
            let all: Vec<SessionId> = state.sessions.keys().copied().collect();
            for session in all {
                controls::kill(state, session, now, out);
            }
            done
        }
        Op::RemoveWorktree { name, force } => {
            worktrees(state, (face, id), Wish::Remove { name, force }, out)
        }
        Op::RestoreWorktree { name } => worktrees(state, (face, id), Wish::Restore { name }, out),
        Op::Input { session, bytes } => {
            terminal(state, session)?;
            out.push(Effect::Input { session, bytes });
            done
        }
        Op::Focus { session, focused } => {
            terminal(state, session)?;
            out.push(Effect::Focus { session, focused });
            done
        }
        Op::Paste {
            session,
            text,
            submit: true,
        } => {
            terminal(state, session)?;
            let id = Some(id);
            feed::feed(state, session, feed::Prompt { text, face, id }, now, out);
            Ok(None)
        }
        Op::Paste { session, text, .. } => {
            terminal(state, session)?;
            out.push(Effect::Paste {
                session,
                text,
                submit: false,
                face,
                id: Some(id),
            });
            Ok(None)
        }
        Op::Resize {
            session,
            rows,
            cols,
        } => {
            let (rows, cols) = (rows.clamp(1, 1000), cols.clamp(1, 1000));
            let sized = existing_mut(state, session)?;
            if sized.size != (rows, cols) {
                sized.size = (rows, cols);
                out.push(Effect::Resize {
                    session,
                    rows,
                    cols,
                });
            }
            done
        }
        Op::Scroll { session, lines } => {
            terminal(state, session)?;
            out.push(Effect::Scroll { session, lines });
            done
        }
        Op::ScrollTo { session, line } => {
            terminal(state, session)?;
            out.push(Effect::ScrollTo { session, line });
            done
        }
        Op::Watch { sessions } => {
            controls::watch(state, face, sessions, out);
            done
        }
        Op::Took { session } => {
            out.push(Effect::TookScreen { session, face });
            done
        }
        Op::SetBudget { daily } => {
            if daily.is_some_and(|limit| limit < Nano(0)) {
                return Err(Refusal::new(
                    "a budget is not negative",
                    "antiphon budget set 5",
                ));
            }
            state.money.set = Some(daily);
            out.push(Effect::Write(Write::Budget { daily }));
            out.push(state.budget_changed());
            budget::look_again(state, now, out);
            Ok(Some(Answer::Budget(state.budget())))
        }
        Op::ReloadConfig => {
            out.push(Effect::ReadConfig { face, id });
            Ok(None)
        }
        Op::RefreshCatalog { sources, files } => {
            out.push(Effect::RefreshCatalog {
                face,
                id,
                sources,
                files,
            });
            Ok(None)
        }
        Op::Learn { change } => learnt::change(state, (face, id), change, now, out),
        Op::Shutdown => {
            out.push(Effect::Reply {
                face,
                id,
                result: Ok(Answer::Done),
            });
            let stopping = super::handle(state, super::Input::Stop, now);
            out.extend(stopping);
            Ok(None)
        }
    }
}

/// Git answers.
fn worktrees(
    state: &State,
    (face, id): (FaceId, u64),
    wish: Wish,
    out: &mut Vec<Effect>,
) -> Result<Option<Answer>> {
    let living = life::living(state);
    out.push(Effect::Worktrees {
        face,
        id,
        wish,
        living,
    });
    Ok(None)
}

fn existing(state: &State, id: SessionId) -> Result<&Session> {
    state.sessions.get(&id).ok_or_else(no_session)
}

fn existing_mut(state: &mut State, id: SessionId) -> Result<&mut Session> {
    state.sessions.get_mut(&id).ok_or_else(no_session)
}

fn chat(state: &State, id: SessionId) -> Result<&Session> {
    let session = existing(state, id)?;
    if session.view.backend.is_chat() {
        return Ok(session);
    }
    Err(Refusal::new(
        format!(
            "`{}` is a terminal and takes keys, not prompts",
            session.view.name
        ),
        "open the TUI and write in its pane",
    ))
}

fn terminal(state: &State, id: SessionId) -> Result<&Session> {
    let session = existing(state, id)?;
    if session.view.backend == Backend::Terminal {
        return Ok(session);
    }
    Err(Refusal::new(
        format!("`{}` is not a terminal", session.view.name),
        "ask it a prompt instead",
    ))
}

fn changed(session: &Session, out: &mut Vec<Effect>) {
    out.push(session.row());
    out.push(session.changed());
}
