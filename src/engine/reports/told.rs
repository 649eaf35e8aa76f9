//! What is remembered of a program that tells of itself, from its start to its end.

use crate::config::Means;
use crate::engine::agent::hooks::decision::Permission;
use crate::engine::agent::hooks::heard::Tasks;
use crate::engine::effect::FaceId;
use crate::protocol::{AskId, Block, Millis, Nano, SessionId, TurnId, Usage};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

/// Of one start of a program.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// Which start it was: the session's epoch then. What is read of transcripts carries it.
    pub start: u64,
    pub since: Millis,
    /// Whether it is the first start since the engine began: what its transcript holds behind what was taken in was
    /// written by the program that the last engine started.
    pub resumed: bool,
    /// The transcript that is followed.
    pub transcript: Option<PathBuf>,
    /// The exchange that goes on: from a prompt to the end of its answer.
    pub exchange: Option<TurnId>,
    /// What was asked last, for what the next prompt tells of it; nowhere kept but here.
    pub prompt: Option<(TurnId, String)>,
    /// Tests and builds of one exchange, by what the agent calls the call; nowhere kept but here.
    pub ran: Option<(TurnId, Vec<Block>)>,
    pub tasks: Tasks,
    pub compacting: bool,
    /// What its title says since it looks still, while nobody knows whether that means a dialog or the end.
    pub still: Option<Means>,
    /// Whether it was still for so long that what its hooks said last does not hold.
    pub calm: bool,
    /// Whether it was refused by a limit, and has not worked since.
    pub limited: bool,
    /// By conversation.
    bills: BTreeMap<String, Bill>,
}

/// Conversations of one start whose bills are kept; more than anybody leaves for another.
const BILLS: usize = 64;

impl Told {
    /// A program is started; `start`: the session's epoch.
    pub fn begun(start: u64, at: Millis) -> Told {
        Told {
            start,
            since: at,
            resumed: start == 1,
            ..Told::default()
        }
    }

    /// The bill of a conversation.
    pub fn bill(&mut self, conversation: &str) -> &mut Bill {
        if self.bills.len() >= BILLS && !self.bills.contains_key(conversation) {
            self.bills.pop_first();
        }
        self.bills.entry(conversation.to_owned()).or_default()
    }
}

/// What the agent itself says that a conversation has cost, against what its transcript tells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bill {
    /// Dollars that it said at first, for what was before; and that it said last.
    pub before: Option<f64>,
    pub said: f64,
    /// The price of what was counted since.
    pub counted: Nano,
    /// Whether requests were made that no line of the transcript tells of.
    pub hidden: bool,
    /// What was added for them.
    pub extra: Nano,
    /// Tokens by model: what it had counted itself before, and what we have since.
    pub totals_before: HashMap<String, Usage>,
    pub by_model: HashMap<String, Usage>,
}

/// A permission that somebody may give here: the hook of its dialog waits.
#[derive(Clone, Debug)]
pub struct Held {
    pub session: SessionId,
    pub ask: AskId,
    /// Who waits for the answer, and under which number.
    pub reporter: (FaceId, u64),
    pub permission: Permission,
}

/// A request that was counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    pub session: SessionId,
    pub turn: TurnId,
    pub usage: Usage,
}
