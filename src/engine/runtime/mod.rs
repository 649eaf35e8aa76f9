//! Does what the engine wants: sockets, processes, streams, timers, the store. Decides nothing.

mod clock;
mod faces;
mod gate;
mod leftovers;
mod looks;
mod manners;
mod offers;
mod proc;
mod processes;
mod refresh;
mod seeking;
mod streams;
mod tables;
mod timers;
mod transcripts;
mod trees;
mod worktrees;

pub use clock::Clock;
pub use faces::{FaceOut, serve};
pub use leftovers::end_those_of_the_last;
pub use looks::load_config;
#[cfg(test)]
pub use seeking::look as look_into_store;
pub use tables::load_catalog;

use super::agent::AgentEvent;
use super::effect::{Effect, FaceId, Input, To};
use super::pty::PtyEvent;
use super::state::State;
use crate::config::{self, Paths};
use crate::protocol::{Answer, Event, Level, Refusal};
use crate::store::{Journal, Write};
use faces::Faces;
use gate::{Due, Gate, Outgoing};
use processes::Processes;
use std::sync::Arc;
use std::time::Duration;
use streams::Streams;
use timers::Timers;
use tokio::sync::mpsc;
use tokio::time::timeout;
use transcripts::Transcripts;
use trees::Trees;
use worktrees::Worktrees;

/// How much may wait for the engine's loop. When it is full, whoever sends waits: a face's requests stay
/// in its socket, a stream stops reading, a terminal's program blocks on its output.
pub const INBOX: usize = 4096;

/// What comes to the loop.
pub enum Mail {
    Input(Input),
    /// A face has said hello.
    Joined {
        face: FaceId,
        events: bool,
        out: FaceOut,
    },
    /// What the processes use, and whether any of them works.
    Trees {
        input: Input,
        working: bool,
    },
    /// A reply that had to be looked for.
    Reply {
        face: FaceId,
        id: u64,
        result: Result<Answer, Refusal>,
    },
}

/// Everything the loop acts with.
struct Hands {
    faces: Faces,
    gate: Gate,
    journal: Journal,
    /// Number of a batch that is now on disk, or why it is not. Unbounded, but never longer than the
    /// journal's own queue.
    stored: mpsc::UnboundedSender<(u64, Result<(), String>)>,
    processes: Processes,
    streams: Streams,
    timers: Timers,
    transcripts: Transcripts,
    trees: Trees,
    worktrees: Worktrees,
    inbox: mpsc::Sender<Mail>,
    paths: Paths,
    /// The configuration as last read; a bad value keeps what it says.
    config: config::Loaded,
    /// One refresh of the catalogue at a time.
    refreshing: Arc<tokio::sync::Mutex<()>>,
}

/// Runs until an [`Effect::Stop`], then writes what is left.
pub async fn run(
    mut state: State,
    first: Vec<Effect>,
    journal: Journal,
    (paths, config): (Paths, config::Loaded),
    mut clock: Clock,
    (inbox, mut mail): (mpsc::Sender<Mail>, mpsc::Receiver<Mail>),
) {
    let (stored, mut acks) = mpsc::unbounded_channel();
    let mut hands = Hands {
        faces: Faces::default(),
        gate: Gate::default(),
        journal,
        stored,
        processes: Processes::new(paths.state.clone(), paths.tickets(), inbox.clone()),
        streams: Streams::new(inbox.clone()),
        timers: Timers::default(),
        transcripts: Transcripts::new(inbox.clone()),
        trees: Trees::default(),
        worktrees: Worktrees::new(&paths.data, inbox.clone()),
        inbox,
        paths,
        config,
        refreshing: Arc::default(),
    };
    let mut going = hands.act(&mut state, first);
    hands.look_around(&state);
    hands.worktrees.sweep(&state);
    while going {
        let input = tokio::select! {
            biased;
            Some((batch, result)) = acks.recv() => {
                hands.stored(&state, batch, result);
                continue;
            }
            received = mail.recv() => match received {
                None => return,
                Some(Mail::Input(input)) => input,
                Some(Mail::Joined { face, events, out }) => {
                    hands.faces.joined(face, out);
                    Input::FaceJoined { face, events }
                }
                Some(Mail::Trees { input, working }) => {
                    hands.trees.read(working, state.looked_at());
                    input
                }
                Some(Mail::Reply { face, id, result }) => {
                    hands.faces.send(&state, Outgoing::Reply { face, id, result });
                    continue;
                }
            },
            timer = hands.timers.next() => Input::Timer { timer },
            () = hands.trees.due() => {
                hands.trees.look(hands.processes.roots(), hands.inbox.clone());
                continue;
            }
        };
        match &input {
            Input::FaceLeft { face } => hands.faces.left(*face),
            Input::WorktreeMade { session, .. } => hands.worktrees.ended(*session),
            Input::Agent {
                session,
                epoch,
                event: AgentEvent::Started { pid },
            } => hands.processes.began(*session, *epoch, *pid),
            Input::Agent {
                session,
                epoch,
                event: AgentEvent::Exited { .. },
            }
            | Input::Pty {
                session,
                epoch,
                event: PtyEvent::Exited { .. },
            } => hands.processes.ended(*session, *epoch),
            _ => {}
        }
        let stirs = matches!(
            input,
            Input::FaceJoined { .. }
                | Input::FaceLeft { .. }
                | Input::Request { .. }
                | Input::Started { .. }
        );
        let effects = super::handle(&mut state, input, clock.now());
        if stirs {
            hands.trees.stir(state.looked_at());
        }
        going = hands.act(&mut state, effects);
    }
    hands.streams.cut_all();
    // What was promised is stored and told before anybody is hung up on.
    let told = async {
        while !hands.gate.is_empty()
            && let Some((batch, result)) = acks.recv().await
        {
            hands.stored(&state, batch, result);
        }
    };
    let _ = timeout(LAST_WRITES, told).await;
    hands.faces.say_goodbye();
    let leaving = async {
        while !hands.faces.is_empty()
            && let Some(mail) = mail.recv().await
        {
            if let Mail::Input(Input::FaceLeft { face }) = mail {
                hands.faces.left(face);
            }
        }
    };
    let _ = tokio::join!(timeout(GOODBYE, leaving), hands.processes.end_all());
    hands.journal.close();
}

/// How long the last writes may take when the engine ends.
const LAST_WRITES: Duration = Duration::from_secs(5);
/// How long faces may take to read their last messages.
const GOODBYE: Duration = Duration::from_secs(1);

impl Hands {
    /// A batch is on disk: what it promised can be told. Or it is not, which everybody is told.
    fn stored(&mut self, state: &State, batch: u64, result: Result<(), String>) {
        if let Err(why) = &result {
            tracing::error!("could not be stored: {why}");
            let event = Event::Notice {
                level: Level::Error,
                text: format!(
                    "could not be stored: {why} · free some space for {}",
                    self.paths.store_file().display()
                ),
                session: None,
            };
            self.faces
                .send(state, Outgoing::Tell { to: To::All, event });
        }
        for due in self.gate.opened(batch, result) {
            self.let_out(state, due);
        }
    }

    /// Carries effects out. `false`: the engine is to end.
    fn act(&mut self, state: &mut State, effects: Vec<Effect>) -> bool {
        let mut writes = Vec::new();
        let mut due = Vec::new();
        let mut going = true;
        for effect in effects {
            match effect {
                Effect::Write(write) => writes.push(write),
                Effect::Reply { face, id, result } => {
                    due.push(Due::Message(Outgoing::Reply { face, id, result }));
                }
                Effect::Tell { to, event } => {
                    due.push(Due::Message(Outgoing::Tell { to, event }));
                }
                Effect::Seek { asked, sought } => due.push(Due::Seek { asked, sought }),
                Effect::FindTurn {
                    face,
                    id,
                    turn,
                    said,
                } => due.push(Due::FindTurn {
                    face,
                    id,
                    turn,
                    said,
                }),
                Effect::Stop => going = false,
                other => self.act_on(state, other),
            }
        }
        self.store_and_send(state, writes, due);
        going
    }

    /// Sends at once what nothing has to be stored for; the rest once it is on disk.
    fn store_and_send(&mut self, state: &State, writes: Vec<Write>, due: Vec<Due>) {
        let promised = writes
            .iter()
            .any(|write| !matches!(write, Write::Draft { .. } | Write::Suggestion { .. }));
        if promised {
            let batch = self.gate.close(due);
            let stored = self.stored.clone();
            let ack = Box::new(move |result| {
                let _ = stored.send((batch, result));
            });
            self.journal.write(writes, Some(ack));
            return;
        }
        if !writes.is_empty() {
            self.journal.write(writes, None);
        }
        for due in self.gate.pass(due) {
            self.let_out(state, due);
        }
    }

    fn let_out(&mut self, state: &State, due: Due) {
        match due {
            Due::Seek { asked, sought } => self.seek(state, asked, sought),
            Due::FindTurn {
                face,
                id,
                turn,
                said,
            } => self.find_turn(face, id, turn, said),
            Due::Message(message) => self.faces.send(state, message),
        }
    }

    fn act_on(&mut self, state: &State, effect: Effect) {
        match effect {
            Effect::Stream {
                session,
                epoch,
                plan,
            } => self.streams.start(session, epoch, *plan),
            Effect::Count {
                session,
                epoch,
                plan,
            } => self.streams.count(session, epoch, *plan),
            Effect::CutStream { session } => self.streams.cut(session),
            effect @ (Effect::Give { .. } | Effect::Follow { .. } | Effect::Forget { .. }) => {
                self.listen(state, effect);
            }
            Effect::Start {
                session,
                epoch,
                process,
            } => self.processes.start(session, epoch, *process),
            Effect::End { session } => self.processes.end(session),
            Effect::Command { session, command } => self.processes.command(session, command),
            Effect::Input { session, bytes } => self.processes.input(session, bytes),
            Effect::Focus { session, focused } => self.processes.focus(session, focused),
            Effect::Press { session, keys } => self.processes.press(session, &keys),
            Effect::Paste {
                session,
                text,
                submit,
                face,
                id,
            } => {
                let result = self.processes.paste(session, &text, submit);
                let message = match (id, result) {
                    // Part of a broadcast, which has been answered: only a refusal is worth a word.
                    (None, Ok(())) => return,
                    (None, Err(refusal)) => Outgoing::Tell {
                        to: To::Face(face),
                        event: Event::Notice {
                            level: Level::Error,
                            text: refusal.to_string(),
                            session: Some(session),
                        },
                    },
                    (Some(id), result) => Outgoing::Reply {
                        face,
                        id,
                        result: result.map(|()| Answer::Done),
                    },
                };
                self.faces.send(state, message);
            }
            Effect::Resize {
                session,
                rows,
                cols,
            } => self.processes.resize(session, rows, cols),
            Effect::Scroll { session, lines } => self.processes.scroll(session, lines),
            Effect::ScrollTo { session, line } => self.processes.scroll_to(session, line),
            Effect::WatchScreen { session, face } => {
                if let Some(out) = self.faces.out(face) {
                    self.processes.watch(session, face, out);
                }
            }
            Effect::UnwatchScreen { session, face } => self.processes.unwatch(session, face),
            Effect::TookScreen { session, face } => self.processes.took(session, face),
            Effect::MakeWorktree { .. }
            | Effect::GiveUpWorktree { .. }
            | Effect::Worktrees { .. } => self.worktrees.act(effect),
            Effect::FindModels { session, backend } => self.find_models(state, session, &backend),
            Effect::FindWindow { session, model } => self.find_window(state, session, model),
            Effect::Look { face, id, query } => self.look(state, face, id, query),
            Effect::LookAtProject { folder } => self.look_at_project(folder),
            Effect::Arm { timer, at } => self.timers.arm(timer, at),
            Effect::ReadConfig { face, id } => self.read_config(face, id),
            Effect::RefreshCatalog {
                face,
                id,
                sources,
                files,
            } => self.refresh_catalog(state, (face, id), sources, files),
            Effect::Write(_)
            | Effect::Reply { .. }
            | Effect::Tell { .. }
            | Effect::Seek { .. }
            | Effect::FindTurn { .. }
            | Effect::Stop => {}
        }
    }
}
