//! Once a day, and whenever the user wants it: what was expected is compared with what came.

use super::effect::{Effect, Timer};
use super::lessons::{Asked, Sought};
use super::rules;
use super::state::{Now, State};
use crate::catalog::factor;
use crate::learning::{Effort, calibrate};
use crate::protocol::{Adjustment, Millis, ValueTable};
use crate::store::{TakenRow, Write};

/// The setting of the store that says when it was last done.
pub const CALIBRATED: &str = "calibrated_at";

const DAY: Millis = 24 * 3_600_000;
/// An engine that was just started has other things to do.
const AFTER_START: Millis = 60_000;

/// Arms the timer of the next calibration: a day after the last one.
pub fn arm(state: &State, now: Now, out: &mut Vec<Effect>) {
    let due = state.kept.calibrated_at.map_or(now.ms, |last| last + DAY);
    // A clock that was set back must not put it off for long.
    let at = due.clamp(now.ms + AFTER_START, now.ms + DAY);
    out.push(Effect::Arm {
        timer: Timer::Calibrate,
        at,
    });
}

/// Has it read what answers took; `asked` is answered when that is compared.
pub fn measure(asked: Asked, out: &mut Vec<Effect>) {
    let sought = Sought::Efforts;
    out.push(Effect::Seek { asked, sought });
}

/// Compares what was expected with what answers took, and changes what is too far off.
pub fn measured(
    state: &mut State,
    taken: Vec<TakenRow>,
    now: Now,
    out: &mut Vec<Effect>,
) -> Vec<Adjustment> {
    let efforts: Vec<Effort> = taken
        .into_iter()
        .filter_map(|row| {
            Some(Effort {
                complexity: row.complexity?,
                category: row.category,
                tags: row.tags,
                // As an average model counts: what the estimate is of.
                output: (row.usage.total_output() as f64 / factor(&row.model)).round() as u64,
            })
        })
        .collect();
    let fits = calibrate(&state.kept.calibration, &state.config.value, &efforts);
    let rows: Vec<Adjustment> = fits
        .into_iter()
        .map(|fit| {
            state.kept.adjust(
                (fit.kind, &fit.what),
                (fit.old, fit.new),
                (fit.reason, fit.confidence),
                now,
                out,
            )
        })
        .collect();
    rules::sweep(state, now, out);
    state.kept.calibrated_at = Some(now.ms);
    out.push(Effect::Write(Write::Setting {
        key: CALIBRATED.into(),
        value: now.ms.to_string(),
    }));
    rows
}

/// What tasks are worth, with what was fitted.
pub fn value_table(state: &State) -> ValueTable {
    state.kept.calibration.value_table(&state.config.value)
}
