//! Questions to the store, on a connection that cannot write. A reader sees whole commits and never holds up
//! the writer; open one where it is needed (well under a millisecond) and drop it after.

use super::{
    learnt::{self, AdjustmentRow, Evidence, EvidenceRow, LearnerRow, LearningRow},
    lessons::{self, TakenRow},
    load,
    records::{self, Known},
    rows::{self, int},
    schema,
    stats::{self, Day},
};
use crate::error::Result;
use crate::protocol::{Cost, Millis, Nano, Past, SessionId, Stats, Turn, TurnId, TurnState};
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};

/// A connection of one's own. Not shared between threads; every query blocks for as long as it takes.
pub struct Reader {
    connection: Connection,
    path: PathBuf,
}

/// The conversation of the newest session named ?1, from its head to the root.
const CONVERSATION: &str = "WHERE id IN (
    WITH RECURSIVE reached (id) AS (
        SELECT head FROM session WHERE id = (SELECT MAX(id) FROM session WHERE name = ?1)
        UNION SELECT turn.parent FROM turn JOIN reached ON turn.id = reached.id
    ) SELECT id FROM reached) ORDER BY id";

impl Reader {
    /// Errors: there is no store at `path`, or it is damaged.
    pub fn open(path: &Path) -> Result<Reader> {
        Ok(Reader {
            connection: schema::open_reader(path)?,
            path: path.to_owned(),
        })
    }

    /// One turn; what has arrived of it, if it is still being answered.
    pub fn turn(&self, turn: TurnId) -> Result<Option<Turn>> {
        Ok(self.turns("WHERE id = ?1", [int(turn.0)])?.pop())
    }

    /// The turn of this id; if there is none, those whose id begins with it, the lowest first, `limit` of them at most.
    pub fn turns_like(&self, start: TurnId, limit: usize) -> Result<Vec<TurnId>> {
        self.asked(|c| {
            let mut statement =
                c.prepare_cached("SELECT id FROM turn WHERE id BETWEEN ?1 AND ?2 LIMIT ?3")?;
            let mut found = Vec::new();
            // All ids that begin so and have as many digits more lie beside each other.
            let (mut first, mut last) = (start.0, start.0);
            while found.len() < limit && last <= i64::MAX.unsigned_abs() {
                let rows = statement.query_map(
                    params![int(first), int(last), (limit - found.len()) as i64],
                    |row| rows::id(row, "id").map(TurnId),
                )?;
                for row in rows {
                    found.push(row?);
                }
                if found == [start] {
                    break;
                }
                let longer = |number: u64, digit| number.checked_mul(10)?.checked_add(digit);
                match (longer(first, 0), longer(last, 9)) {
                    (Some(a), Some(b)) if a > 0 => (first, last) = (a, b),
                    _ => break,
                }
            }
            Ok(found)
        })
    }

    /// The conversation of the newest session of that name, killed ones included, oldest turn first; `None`
    /// where no session was ever named so.
    pub fn log_by_name(&self, name: &str) -> Result<Option<Vec<Turn>>> {
        let known = self.asked(|c| {
            c.prepare_cached("SELECT 1 FROM session WHERE name = ?1")?
                .exists([name])
        })?;
        known.then(|| self.turns(CONVERSATION, [name])).transpose()
    }

    /// The turns asked in this session, oldest first; none that it inherited.
    pub fn turns_of(&self, session: SessionId) -> Result<Vec<Turn>> {
        self.turns("WHERE session = ?1 ORDER BY id", [int(session.0)])
    }

    /// What turns cost that ended (or, unfinished, were sent) at `from` or later and before `to`. Exact: a
    /// sum of integers.
    pub fn spent_between(&self, from: Millis, to: Millis) -> Result<Cost> {
        self.asked(|c| {
            c.prepare_cached(
                "SELECT COALESCE(SUM(priced_nano), 0), COALESCE(SUM(unpriced_nano), 0), COALESCE(SUM(plan_nano), 0),
                    COALESCE(MAX(cost_estimated), 0)
                 FROM turn WHERE spent_at >= ?1 AND spent_at < ?2",
            )?
            .query_row(params![from, to], |row| {
                Ok(Cost {
                    priced: Nano(row.get(0)?),
                    unpriced: Nano(row.get(1)?),
                    plan: Nano(row.get(2)?),
                    estimated: row.get(3)?,
                })
            })
        })
    }

    /// The same, from `from` on.
    pub fn spent_since(&self, from: Millis) -> Result<Cost> {
        self.spent_between(from, Millis::MAX)
    }

    /// Statistics of the turns that were over within `days` (ascending, each ending where the next begins)
    /// and before `until`. Days without turns are in `by_day` too.
    pub fn stats(&self, days: &[Day], until: Millis) -> Result<Stats> {
        self.asked(|c| stats::stats(c, days, until))
    }

    /// What is known of a turn beside what was said in it; `None`: there is no record of it.
    pub fn known(&self, turn: TurnId) -> Result<Option<Known>> {
        Ok(self
            .asked(|c| records::known(c, "?1", [int(turn.0)]))?
            .pop())
    }

    /// Turns behind `after` that told something of a model, oldest first, `limit` of them at most.
    pub fn history(&self, after: TurnId, limit: u32) -> Result<Vec<Past>> {
        self.asked(|c| records::history(c, after, limit))
    }

    /// What was believed when it was last written.
    pub fn learner(&self) -> Result<Option<LearnerRow>> {
        self.asked(learnt::learner)
    }

    /// Hands on the evidence behind `after`, in order; without what is forgotten.
    pub fn evidence(&self, after: u64, take: impl FnMut(Evidence)) -> Result<()> {
        self.asked(|c| learnt::each(c, after, take))
    }

    /// The newest adjustments, oldest first, and the newest of everything that was ever adjusted.
    pub fn adjustments(&self) -> Result<Vec<AdjustmentRow>> {
        self.asked(learnt::adjustments)
    }

    /// Everything that was concluded, oldest first.
    pub fn learnings(&self) -> Result<Vec<LearningRow>> {
        self.asked(learnt::learnings)
    }

    /// Every model that any evidence names.
    pub fn names(&self) -> Result<Vec<String>> {
        self.asked(lessons::names)
    }

    /// Results behind `after` in the order of the evidence, `limit` of them at most; of each turn the newest, without
    /// what is forgotten.
    pub fn results_after(&self, after: u64, limit: usize) -> Result<Vec<Evidence>> {
        self.asked(|c| lessons::after(c, after, limit))
    }

    /// The newest results in a category of the models that `is` names, newest first.
    pub fn newest_results(
        &self,
        is: &dyn Fn(&str) -> bool,
        category: &str,
        limit: usize,
    ) -> Result<Vec<Evidence>> {
        self.asked(|c| lessons::newest(c, is, category, limit))
    }

    /// The newest result of a turn that is not forgotten.
    pub fn result_of(&self, turn: TurnId) -> Result<Option<EvidenceRow>> {
        self.asked(|c| lessons::of_turn(c, turn))
    }

    /// Whether a result that came from another store, and is not forgotten, is the same as this.
    pub fn is_imported(&self, result: &EvidenceRow) -> Result<bool> {
        self.asked(|c| lessons::is_imported(c, result))
    }

    /// What the newest answers took that were over at `from` or later, `limit` of them at most.
    pub fn taken(&self, from: Millis, limit: u32) -> Result<Vec<TakenRow>> {
        self.asked(|c| lessons::taken(c, from, limit))
    }

    /// A setting's value.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.asked(|c| load::setting(c, key))
    }

    fn turns(&self, rest: &str, params: impl rusqlite::Params) -> Result<Vec<Turn>> {
        self.asked(|c| {
            let mut turns = rows::turns(c, rest, params)?;
            for turn in turns
                .iter_mut()
                .filter(|turn| turn.state == TurnState::Streaming)
            {
                load::add_drafts(c, turn)?;
            }
            Ok(turns)
        })
    }

    fn asked<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T> {
        question(&self.connection).map_err(|e| schema::error(&self.path, &e))
    }
}
