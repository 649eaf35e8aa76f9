//! What was concluded and adjusted, as the engine holds it; to and from the rows of the store.

use super::effect::Effect;
use super::state::Now;
use crate::learning::Calibration;
use crate::protocol::{Adjustment, AdjustmentKind, Learning, Millis, Tier};
use crate::store::{AdjustmentRow, Evidence, ForgottenRow, LearningRow, Write};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, VecDeque};

/// Adjustments that are held for people to look at; the store has all.
const HELD: usize = 200;

/// What follows from what is learnt.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    pub calibration: Calibration,
    /// Oldest first.
    pub changes: VecDeque<Adjustment>,
    /// Oldest first.
    pub rules: Vec<Learning>,
    next_change: u64,
    next_rule: u64,
    /// The tier in which a rule was last looked at, by what it is about: it is looked at again when that changes.
    pub considered: BTreeMap<String, Option<Tier>>,
    /// How often everything is being folded anew, and what was learnt meanwhile.
    folding: u32,
    meanwhile: Vec<Evidence>,
    /// What was forgotten since the engine began: what was read off the store just before still has it.
    forgotten: Vec<ForgottenRow>,
    /// When estimates were last compared with what came.
    pub calibrated_at: Option<Millis>,
}

impl Kept {
    /// As the store has it. Rows that a later version wrote and this one does not know are left out.
    pub fn loaded(
        adjustments: &[AdjustmentRow],
        learnings: &[LearningRow],
        calibrated_at: Option<Millis>,
    ) -> Kept {
        let changes: VecDeque<Adjustment> = adjustments.iter().filter_map(adjustment).collect();
        let next = |ids: &mut dyn Iterator<Item = u64>| ids.max().unwrap_or(0) + 1;
        Kept {
            calibration: Calibration::of(&changes),
            changes,
            rules: learnings.iter().filter_map(learning).collect(),
            next_change: next(&mut adjustments.iter().map(|row| row.id)),
            next_rule: next(&mut learnings.iter().map(|row| row.id)),
            calibrated_at,
            ..Kept::default()
        }
    }

    /// Puts an adjustment in force and into the store.
    pub fn adjust(
        &mut self,
        (kind, what): (AdjustmentKind, &str),
        (old, new): (f64, f64),
        (reason, confidence): (String, f64),
        now: Now,
        out: &mut Vec<Effect>,
    ) -> Adjustment {
        let adjustment = Adjustment {
            id: self.next_change,
            at: now.ms,
            kind,
            what: what.to_owned(),
            old,
            new,
            reason,
            confidence,
        };
        self.next_change += 1;
        self.calibration.set(kind, what, new);
        out.push(Effect::Write(Write::Adjustment(adjustment_row(
            &adjustment,
        ))));
        self.changes.push_back(adjustment.clone());
        while self.changes.len() > HELD {
            self.changes.pop_front();
        }
        adjustment
    }

    /// The id of the next new rule.
    pub fn next_rule(&self) -> u64 {
        self.next_rule
    }

    /// Puts a rule, new or changed, where it belongs, and into the store.
    pub fn put_rule(&mut self, rule: Learning, out: &mut Vec<Effect>) {
        self.next_rule = self.next_rule.max(rule.id + 1);
        out.push(Effect::Write(Write::Learning(learning_row(&rule))));
        match self.rules.iter_mut().find(|known| known.id == rule.id) {
            Some(known) => *known = rule,
            None => self.rules.push(rule),
        }
    }

    /// This is forgotten.
    pub fn forgot(&mut self, rows: &[ForgottenRow]) {
        self.forgotten.extend_from_slice(rows);
    }

    /// All that was forgotten since the engine began.
    pub fn forgotten(&self) -> &[ForgottenRow] {
        &self.forgotten
    }

    /// Everything is folded anew from now on, until [`Kept::folded`].
    pub fn folding(&mut self) {
        self.folding += 1;
    }

    pub fn is_forgetting(&self) -> bool {
        self.folding > 0
    }

    /// Something was learnt.
    pub fn noted(&mut self, evidence: &Evidence) {
        if self.is_forgetting() {
            self.meanwhile.push(evidence.clone());
        }
    }

    /// What was learnt while everything was folded anew. It is kept while another such fold goes on.
    pub fn folded(&mut self) -> Vec<Evidence> {
        self.folding = self.folding.saturating_sub(1);
        match self.folding {
            0 => std::mem::take(&mut self.meanwhile),
            _ => self.meanwhile.clone(),
        }
    }
}

/// A word of the protocol as it stands in a row.
fn word<T: Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn read<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
}

fn adjustment_row(of: &Adjustment) -> AdjustmentRow {
    AdjustmentRow {
        id: of.id,
        at: of.at,
        kind: word(&of.kind),
        what: of.what.clone(),
        old: of.old.to_string(),
        new: of.new.to_string(),
        reason: of.reason.clone(),
        confidence: of.confidence,
    }
}

fn adjustment(row: &AdjustmentRow) -> Option<Adjustment> {
    Some(Adjustment {
        id: row.id,
        at: row.at,
        kind: read(&row.kind)?,
        what: row.what.clone(),
        old: row.old.parse().ok()?,
        new: row.new.parse().ok()?,
        reason: row.reason.clone(),
        confidence: row.confidence,
    })
}

fn learning_row(of: &Learning) -> LearningRow {
    LearningRow {
        id: of.id,
        at: of.at,
        kind: word(&of.rule.advice),
        key: serde_json::to_string(&of.rule).unwrap_or_default(),
        text: of.text.clone(),
        success: of.success,
        n: of.n,
        tier: word(&of.tier),
        state: word(&of.state),
    }
}

fn learning(row: &LearningRow) -> Option<Learning> {
    Some(Learning {
        id: row.id,
        at: row.at,
        rule: serde_json::from_str(&row.key).ok()?,
        text: row.text.clone(),
        success: row.success,
        n: row.n,
        tier: read(&row.tier)?,
        state: read(&row.state)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{LearningState, Rule, RuleAdvice};

    #[test]
    fn what_is_kept_comes_back_from_its_rows() {
        let of = Learning {
            id: 4,
            at: 9,
            rule: Rule {
                advice: RuleAdvice::Prefer,
                model: "m".into(),
                category: "debug".into(),
                tag: Some("rust".into()),
            },
            text: "prefer m".into(),
            success: 0.75,
            n: 4,
            tier: Tier::Noted,
            state: LearningState::Applied,
        };
        assert_eq!(learning(&learning_row(&of)), Some(of.clone()));
        let change = Adjustment {
            id: 2,
            at: 9,
            kind: AdjustmentKind::Tokens,
            what: "debug/complex".into(),
            old: 1500.0,
            new: 2300.5,
            reason: "why".into(),
            confidence: 0.93,
        };
        assert_eq!(adjustment(&adjustment_row(&change)), Some(change.clone()));
        let later = AdjustmentRow {
            kind: "unheard of".into(),
            ..adjustment_row(&change)
        };
        let kept = Kept::loaded(
            &[adjustment_row(&change), later],
            &[learning_row(&of)],
            None,
        );
        assert_eq!((kept.changes.len(), kept.rules.len()), (1, 1));
        assert_eq!((kept.next_change, kept.next_rule), (3, 5));
    }

    #[test]
    fn what_is_learnt_meanwhile_waits_until_all_is_folded() {
        let mut kept = Kept::default();
        let evidence = Evidence {
            row: crate::store::EvidenceRow {
                seq: 1,
                turn: None,
                model: "m".into(),
                category: "debug".into(),
                success: 1.0,
                weight: 1.0,
                at: 0,
                about: None,
            },
            about: Default::default(),
            before: None,
        };
        kept.noted(&evidence);
        kept.folding();
        kept.noted(&evidence);
        kept.folding();
        assert_eq!(kept.folded().len(), 1);
        assert!(kept.is_forgetting());
        kept.noted(&evidence);
        assert_eq!(kept.folded().len(), 2);
        assert!(!kept.is_forgetting() && kept.meanwhile.is_empty());
    }
}
