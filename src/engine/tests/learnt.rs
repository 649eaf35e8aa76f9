//! What is learnt is forgotten, carried elsewhere and fitted: in memory and in the store alike.

use super::folded::{same, stored};
use super::*;
use crate::engine::evidence;
use crate::engine::lessons::Sought;
use crate::engine::runtime::look_into_store;
use crate::learning::Learner;
use crate::protocol::{
    Adjustment, AdjustmentKind, EvidenceView, Forget, LearnChange, LearningState, Query, Rating,
};
use crate::store::{self, Reader};
use std::path::PathBuf;

/// A house with a real store.
struct Kept {
    house: House,
    journal: store::Journal,
    path: PathBuf,
    _folder: tempfile::TempDir,
}

const OPUS: &str = "claude-opus-4-8";
const HAIKU: &str = "claude-haiku-4-5-20251001";

impl Kept {
    fn new() -> Kept {
        let folder = tempfile::TempDir::new().unwrap();
        let path = folder.path().join("antiphon.db");
        let (journal, _) = store::open(&path).unwrap();
        let mut kept = Kept {
            house: House::new(),
            journal,
            path,
            _folder: folder,
        };
        for (name, model) in [("opus", OPUS), ("haiku", HAIKU)] {
            let spec = SessionSpec {
                model: Some(model.into()),
                ..SessionSpec::new(name, Backend::Anthropic)
            };
            kept.op(Op::Spawn { spec });
        }
        kept
    }

    fn take(&mut self, input: Input) -> Vec<Effect> {
        let effects = self.house.take(input);
        stored(&self.journal, &effects);
        effects
    }

    fn op(&mut self, op: Op) -> Vec<Effect> {
        self.take(Input::Request {
            face: FACE,
            id: 7,
            request: Request::Op(op),
        })
    }

    /// One prompt, answered in so many tokens.
    fn answered(&mut self, session: &str, prompt: &str, tokens: u64) -> TurnId {
        let id = self.house.state.session_named(session).unwrap().view.id;
        let effects = self.op(Op::Ask {
            session: id,
            prompt: prompt.into(),
            suggested: false,
            attached: vec![],
        });
        let Some(Ok(Answer::Turns(turns))) = reply(&effects) else {
            panic!("{effects:?}");
        };
        let effects = self
            .house
            .answer(id, "because it is so", usage(100, tokens));
        stored(&self.journal, &effects);
        turns[0].1
    }

    /// One prompt, answered in so many tokens and rated.
    fn rated(&mut self, session: &str, prompt: &str, tokens: u64, rating: Rating) -> TurnId {
        let turn = self.answered(session, prompt, tokens);
        self.rate(turn, rating);
        turn
    }

    fn rate(&mut self, turn: TurnId, rating: Rating) {
        self.op(Op::Rate {
            turn: Some(turn),
            rating,
            note: None,
        });
    }

    /// Finds what these effects seek, until nothing more is sought.
    fn seek(&mut self, mut effects: Vec<Effect>) -> Result<Answer, Refusal> {
        while let Some((asked, sought)) = sought(&effects) {
            let found = look_into_store(self.path.clone(), &self.house.state.catalog, sought);
            effects = self.take(Input::Found { asked, found });
        }
        reply(&effects).expect("an answer")
    }

    fn change(&mut self, change: LearnChange) -> Result<Vec<Adjustment>, Refusal> {
        let effects = self.op(Op::Learn { change });
        match self.seek(effects)? {
            Answer::Adjustments(rows) => Ok(rows),
            other => panic!("{other:?}"),
        }
    }

    fn forget(
        &mut self,
        model: Option<&str>,
        category: Option<&str>,
    ) -> Result<Vec<Adjustment>, Refusal> {
        let what = Forget::Results {
            model: model.map(str::to_owned),
            category: category.map(str::to_owned),
        };
        self.change(LearnChange::Forget { what })
    }

    /// As an engine would find it that starts now.
    fn reloaded(&self) -> Learner {
        let reader = Reader::open(&self.path).unwrap();
        evidence::load(&reader, &self.house.state.catalog)
            .unwrap()
            .0
    }

    fn exported(&self) -> Vec<EvidenceView> {
        let reader = Reader::open(&self.path).unwrap();
        let rows = reader.results_after(0, 1_000).unwrap();
        rows.into_iter().map(crate::engine::learnt::told).collect()
    }

    /// How many results there are of a model in a category.
    fn seen(&self, model: &str, category: &str) -> u32 {
        let key = self.house.state.catalog.key(model);
        self.house.state.learner.results().seen(&key, category)
    }

    fn in_step(&self) {
        assert!(same(&self.reloaded(), &self.house.state.learner));
    }
}

fn sought(effects: &[Effect]) -> Option<(crate::engine::lessons::Asked, Sought)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Seek { asked, sought } => Some((*asked, sought.clone())),
        _ => None,
    })
}

const DEBUG: &str = "fix this bug";
const EXPLAIN: &str = "explain monads to me";

#[test]
fn what_is_forgotten_is_gone_from_memory_and_from_the_store() {
    let mut kept = Kept::new();
    for _ in 0..3 {
        kept.rated("opus", DEBUG, 10, Rating::Good);
        kept.rated("haiku", DEBUG, 10, Rating::Bad);
        kept.rated("haiku", EXPLAIN, 10, Rating::Good);
    }
    kept.in_step();
    // By the model's other name.
    let rows = kept
        .forget(Some("claude-haiku-4-5"), Some("debug"))
        .unwrap();
    assert_eq!(
        (
            rows[0].kind,
            rows[0].what.as_str(),
            rows[0].old,
            rows[0].new
        ),
        (
            AdjustmentKind::Forgotten,
            "claude-haiku-4-5 at debug",
            9.0,
            6.0
        )
    );
    assert_eq!(
        (kept.seen(HAIKU, "debug"), kept.seen(HAIKU, "explain")),
        (0, 3)
    );
    kept.in_step();
    assert_eq!(kept.exported().len(), 6);

    // A category of all models, then everything.
    kept.forget(None, Some("explain")).unwrap();
    assert_eq!(
        (kept.seen(HAIKU, "explain"), kept.seen(OPUS, "debug")),
        (0, 3)
    );
    kept.in_step();
    kept.forget(None, None).unwrap();
    assert_eq!(kept.house.state.learner.results().cells().count(), 0);
    kept.in_step();

    kept.rated("opus", DEBUG, 10, Rating::Good);
    let rows = kept.house.state.kept.changes.len();
    for (model, category, what) in [
        (Some("gpt-5.5"), None, "nothing was learnt of `gpt-5.5`"),
        (None, Some("debugg"), "nothing was learnt of `debugg`"),
        (
            Some(OPUS),
            Some("math"),
            "nothing was learnt of `claude-opus-4-8` at `math`",
        ),
    ] {
        assert_eq!(kept.forget(model, category).unwrap_err().what, what);
    }
    // Where nothing is changed nothing is noted.
    assert_eq!(kept.house.state.kept.changes.len(), rows);
}

#[test]
fn what_is_learnt_while_everything_is_folded_anew_is_not_lost() {
    let mut kept = Kept::new();
    kept.rated("opus", DEBUG, 10, Rating::Good);
    kept.rated("haiku", DEBUG, 10, Rating::Good);
    let what = Forget::Results {
        model: Some(HAIKU.into()),
        category: None,
    };
    let effects = kept.op(Op::Learn {
        change: LearnChange::Forget { what },
    });
    let (asked, names) = sought(&effects).unwrap();
    let catalog = kept.house.state.catalog.clone();
    let found = look_into_store(kept.path.clone(), &catalog, names);
    let effects = kept.take(Input::Found { asked, found });
    let (asked, anew) = sought(&effects).unwrap();
    let found = look_into_store(kept.path.clone(), &catalog, anew);
    // The store was read; only then this comes.
    kept.rated("opus", EXPLAIN, 10, Rating::Good);
    kept.rated("haiku", EXPLAIN, 10, Rating::Bad);
    // An engine that ends now keeps no snapshot: what is being forgotten is still in it.
    let stopped = kept.house.state.evidence;
    let mut out = Vec::new();
    let now = kept.house.now;
    evidence::keep(&mut kept.house.state, now, &mut out);
    assert_eq!((out.len(), stopped), (0, kept.house.state.evidence));

    let effects = kept.take(Input::Found { asked, found });
    assert!(matches!(reply(&effects), Some(Ok(_))));
    let seen = (
        kept.seen(HAIKU, "debug"),
        kept.seen(HAIKU, "explain"),
        kept.seen(OPUS, "explain"),
    );
    assert_eq!(seen, (0, 1, 1));
    kept.in_step();
}

#[test]
fn results_are_carried_to_another_store_once() {
    let mut from = Kept::new();
    for n in 0..6 {
        let rating = if n % 3 == 0 {
            Rating::Bad
        } else {
            Rating::Good
        };
        from.rated("opus", DEBUG, 10, rating);
    }
    let results = from.exported();
    assert!(
        results
            .iter()
            .all(|r| r.turn.is_some() && r.features.len() == 32)
    );
    let import = || LearnChange::Import {
        results: results.clone(),
    };
    // Its own it knows.
    assert_eq!(
        from.change(import()).unwrap()[0].reason,
        "0 learnt, 6 known already"
    );

    let mut to = Kept::new();
    let rows = to.change(import()).unwrap();
    assert_eq!(
        (rows[0].kind, rows[0].old, rows[0].new),
        (AdjustmentKind::Imported, 0.0, 6.0)
    );
    assert!(same(&to.house.state.learner, &from.house.state.learner));
    to.in_step();
    assert_eq!(
        to.change(import()).unwrap()[0].reason,
        "0 learnt, 6 known already"
    );

    // What came from elsewhere is told so, is carried on, and can be forgotten and brought back.
    let carried = to.exported();
    assert!(carried.iter().all(|r| r.turn.is_none()));
    to.forget(Some(OPUS), None).unwrap();
    assert_eq!(to.seen(OPUS, "debug"), 0);
    to.change(LearnChange::Import { results: carried }).unwrap();
    assert_eq!(to.seen(OPUS, "debug"), 6);
    to.in_step();
}

#[test]
fn what_another_face_hands_in_is_not_trusted() {
    let mut from = Kept::new();
    from.rated("opus", DEBUG, 10, Rating::Good);
    let good = from.exported().remove(0);
    let mut to = Kept::new();
    let mut import = |result: EvidenceView| {
        let results = vec![result];
        to.change(LearnChange::Import { results })
    };
    type Spoil = fn(&mut EvidenceView);
    let spoilt: [(Spoil, &str); 4] = [
        (|r| r.category = "cooking".into(), "is not a category"),
        (|r| r.success = f64::NAN, "no number"),
        (|r| r.weight = f64::INFINITY, "no number"),
        (|r| r.features[3] = f32::NAN, "no number"),
    ];
    for (spoil, words) in spoilt {
        let mut result = good.clone();
        spoil(&mut result);
        let refused = import(result).unwrap_err();
        assert!(refused.what.contains(words), "{refused}");
    }
    let beyond = EvidenceView {
        success: 7.0,
        weight: 90.0,
        ..good
    };
    import(beyond).unwrap();
    let row = to.exported().remove(0);
    assert_eq!((row.success, row.weight), (1.0, 1.0));
    to.in_step();
}

#[test]
fn estimates_are_fitted_once_a_day_and_can_be_set_back() {
    let mut kept = Kept::new();
    for _ in 0..12 {
        kept.rated("opus", EXPLAIN, 3_000, Rating::Good);
    }
    let effects = kept.take(Input::Timer {
        timer: crate::engine::Timer::Calibrate,
    });
    let (asked, looked_for) = sought(&effects).unwrap();
    assert_eq!((asked, &looked_for), (None, &Sought::Efforts));
    let catalog = kept.house.state.catalog.clone();
    let found = look_into_store(kept.path.clone(), &catalog, looked_for);
    let effects = kept.take(Input::Found { asked, found });
    assert!(reply(&effects).is_none(), "nobody asked");
    let armed = effects.iter().find_map(|effect| match effect {
        Effect::Arm {
            timer: crate::engine::Timer::Calibrate,
            at,
        } => Some(*at - kept.house.now.ms),
        _ => None,
    });
    assert_eq!(armed, Some(24 * 3_600_000));

    let expected = |kept: &Kept| {
        kept.house
            .state
            .kept
            .calibration
            .output_tokens("explain", 20)
    };
    // As an average model counts: this one's answers are half as many tokens again.
    assert_eq!(expected(&kept), 2_000);
    // What is fitted is in the store, and a new engine begins with it.
    let (_, loaded) = store::open(&kept.path).unwrap();
    let again = House::with(Config::default(), loaded);
    assert_eq!(
        again.state.kept.calibration,
        kept.house.state.kept.calibration
    );
    assert_eq!(kept.change(LearnChange::Calibrate).unwrap(), []);

    let what = Forget::Calibration;
    let rows = kept.change(LearnChange::Forget { what }).unwrap();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.new == 0.0));
    assert_eq!(expected(&kept), 800);
}

#[path = "forgotten.rs"]
mod forgotten;
#[path = "rules.rs"]
mod rules;
