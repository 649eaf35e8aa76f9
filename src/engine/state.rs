//! What the engine knows. Plain data with small helpers; decisions are made in the files beside it.

use super::effect::{Effect, FaceId, To};
use super::kept::Kept;
use super::records::Project;
use super::reports::{Counted, Held};
use super::seen::Lately;
use super::session::Session;
use super::{availability, budget, evidence};
use crate::catalog::{Catalog, Factors};
use crate::config::Config;
use crate::learning::Corrections;
use crate::learning::Learner;
use crate::learning::Priors;
use crate::protocol::{
    AskId, Backend, Block, BudgetView, Cost, EngineStatus, Event, Millis, Nano, Problem, SessionId,
    Snapshot, Turn, TurnId,
};
use crate::store::Known;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;

/// How much text of a conversation a face is sent when it begins to watch; the newest turn is always sent.
const HISTORY_BYTES: usize = 4 * 1024 * 1024;

/// Bytes of text in an answer.
fn size(blocks: &[Block]) -> usize {
    blocks
        .iter()
        .map(|block| match block {
            Block::Text { text } | Block::Thinking { text } | Block::Notice { text } => text.len(),
            Block::Tool { input, output, .. } => {
                input.len() + output.as_ref().map_or(0, String::len)
            }
        })
        .sum()
}

/// The time as an input sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    pub ms: Millis,
    /// When the current day began, local time.
    pub midnight: Millis,
}

/// Everything the engine knows.
pub struct State {
    pub config: Arc<Config>,
    pub problems: Vec<Problem>,
    pub catalog: Arc<Catalog>,
    /// What that catalogue lets expect of models; made anew with it.
    pub priors: Priors,
    pub learner: Learner,
    /// Where the evidence stands that it has learnt.
    pub evidence: evidence::Place,
    /// What follows from it.
    pub kept: Kept,
    /// What the user said of prompts that were read wrong.
    pub corrections: Corrections,
    /// How many tokens each model makes of a text, learned from what servers report.
    pub factors: Factors,
    pub sessions: BTreeMap<SessionId, Session>,
    /// Every turn that some living session can reach.
    pub turns: HashMap<TurnId, Turn>,
    /// The answer that came last since the engine started, whatever the clock says of it; its session may be gone.
    pub last_over: Option<TurnId>,
    /// What is known of them beside what was said.
    pub records: HashMap<TurnId, Known>,
    /// What was asked lately, oldest first.
    pub lately: VecDeque<Lately>,
    pub availability: availability::Had,
    /// Folders that sessions work in.
    pub projects: HashMap<PathBuf, Project>,
    pub faces: BTreeMap<FaceId, Face>,
    /// Models that can be asked now, and through what.
    pub reachable: Vec<(String, Backend)>,
    pub money: Money,
    pub next: Next,
    /// Whether [`super::Timer::Flush`] is armed.
    pub flush_armed: bool,
    /// The engine as it describes itself; counts are filled in when asked.
    pub about: EngineStatus,
    /// Where sessions are run that name no folder.
    pub cwd: PathBuf,
    /// Dialogs whose hooks wait for an answer.
    pub held: Vec<Held>,
    /// Requests that transcripts told of lately.
    pub counted: HashMap<String, Counted>,
    /// How far transcripts of sessions were taken in.
    pub followed: BTreeMap<(SessionId, PathBuf), u64>,
}

/// The next free numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    pub session: u64,
    pub turn: u64,
    pub ask: u64,
    pub broadcast: u64,
}

/// Money of the current day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Money {
    /// When the day began to which `spent` belongs.
    pub midnight: Millis,
    pub spent: Cost,
    /// Set by the user at run time; wins over the configuration. The inner `None` is "no limit".
    pub set: Option<Option<Nano>>,
}

/// A connected face.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Face {
    pub events: bool,
    pub watching: HashSet<SessionId>,
}

impl Face {
    pub fn new(events: bool) -> Face {
        Face {
            events,
            watching: HashSet::new(),
        }
    }
}

impl State {
    pub fn session_named(&self, name: &str) -> Option<&Session> {
        self.sessions.values().find(|s| s.view.name == name)
    }

    /// The conversation that ends with `head`, oldest turn first.
    pub fn path(&self, head: Option<TurnId>) -> Vec<&Turn> {
        let mut path = Vec::new();
        let mut at = head;
        while let Some(turn) = at.and_then(|id| self.turns.get(&id)) {
            path.push(turn);
            at = turn.parent;
        }
        path.reverse();
        path
    }

    /// The limit in force, and what is used of it.
    pub fn budget(&self) -> BudgetView {
        BudgetView {
            spent: self.money.spent,
            reserved: self.reserved(),
            daily: self.money.set.unwrap_or(self.config.budget.daily),
        }
    }

    pub fn reserved(&self) -> Nano {
        self.sessions
            .values()
            .filter_map(|s| s.running.as_ref())
            .map(|running| running.reserved)
            .sum()
    }

    pub fn budget_changed(&self) -> Effect {
        Effect::Tell {
            to: To::All,
            event: Event::Budget {
                budget: self.budget(),
            },
        }
    }

    /// A new day has nothing spent.
    pub fn turn_the_day(&mut self, now: Now, out: &mut Vec<Effect>) {
        if now.midnight > self.money.midnight {
            self.money.midnight = now.midnight;
            self.money.spent = Cost::default();
            out.push(self.budget_changed());
            budget::look_again(self, now, out);
        }
    }

    pub fn configure(
        &mut self,
        (config, problems): (Arc<Config>, Vec<Problem>),
        now: Now,
        out: &mut Vec<Effect>,
    ) {
        self.config = config;
        self.problems = problems;
        out.push(Effect::Tell {
            to: To::All,
            event: Event::Problems {
                problems: self.problems.clone(),
            },
        });
        out.push(self.budget_changed());
        budget::look_again(self, now, out);
    }

    /// Whether a face is there that shows something.
    pub fn looked_at(&self) -> bool {
        self.faces.values().any(|face| face.events)
    }

    pub fn about(&self) -> EngineStatus {
        EngineStatus {
            sessions: self.sessions.len(),
            faces: self.faces.values().filter(|face| face.events).count(),
            ..self.about.clone()
        }
    }

    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            sessions: self.sessions.values().map(|s| s.view.clone()).collect(),
            budget: self.budget(),
            engine: self.about(),
            problems: self.problems.clone(),
        }
    }

    pub fn faces_left(&mut self, face: FaceId, out: &mut Vec<Effect>) {
        let Some(left) = self.faces.remove(&face) else {
            return;
        };
        for session in left.watching {
            out.push(Effect::UnwatchScreen { session, face });
        }
    }

    /// Everything a face has been told before, as it is now.
    pub fn resend_all(&self, face: FaceId, out: &mut Vec<Effect>) {
        let Some(known) = self.faces.get(&face) else {
            return;
        };
        out.push(Effect::Tell {
            to: To::Face(face),
            event: Event::Snapshot {
                snapshot: Box::new(self.snapshot()),
            },
        });
        for &session in &known.watching {
            self.show(session, face, out);
        }
    }

    /// What a face needs that begins to watch a session.
    pub fn show(&self, session: SessionId, face: FaceId, out: &mut Vec<Effect>) {
        let Some(shown) = self.sessions.get(&session) else {
            return;
        };
        if shown.view.backend.is_chat() {
            let path = self.path(shown.view.head);
            let mut room = HISTORY_BYTES;
            let kept = path.iter().rev().take_while(|turn| {
                let fits = room > 0;
                room = room.saturating_sub(turn.prompt.len() + size(&turn.blocks));
                fits
            });
            let omitted = path.len() - kept.count();
            let turns = path[omitted..].iter().map(|turn| (*turn).clone()).collect();
            out.push(Effect::Tell {
                to: To::Face(face),
                event: Event::History {
                    session,
                    turns,
                    omitted,
                },
            });
        } else {
            out.push(Effect::WatchScreen { session, face });
        }
    }

    /// Forgets the turns that no living session reaches any more; the store keeps them.
    pub fn forget_unreachable_turns(&mut self) {
        let mut kept = HashSet::new();
        for session in self.sessions.values() {
            let mut at = session.view.head;
            while let Some(id) = at
                && kept.insert(id)
            {
                at = self.turns.get(&id).and_then(|turn| turn.parent);
            }
        }
        self.turns.retain(|id, _| kept.contains(id));
        self.records.retain(|id, _| kept.contains(id));
    }

    pub fn new_turn_id(&mut self) -> TurnId {
        self.next.turn += 1;
        TurnId(self.next.turn - 1)
    }

    pub fn new_ask_id(&mut self) -> AskId {
        self.next.ask += 1;
        AskId(self.next.ask - 1)
    }

    pub fn new_session_id(&mut self) -> SessionId {
        self.next.session += 1;
        SessionId(self.next.session - 1)
    }
}
