//! Words that are counted for [`features`](crate::learning::features): each cue is one figure.

/// What is counted. The order is that of [`CUES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Cue {
    Multiple,
    Comparison,
    Each,
    Left,
    Total,
    Money,
    Time,
    Condition,
    Order,
    Negation,
    FirstPerson,
    Which,
    Demand,
}

/// How many cues there are.
pub(super) const CUE_COUNT: usize = 13;

/// (cue, words; `_` for a blank).
pub(super) const CUES: [(Cue, &str); CUE_COUNT] = [
    (
        Cue::Multiple,
        "twice thrice double doubles doubled triple triples tripled quadruple half halve third quarter times dozen fold",
    ),
    (
        Cue::Comparison,
        "more less fewer greater than larger smaller higher lower older younger longer shorter faster slower bigger",
    ),
    (Cue::Each, "each every per apiece any both all"),
    (
        Cue::Left,
        "left remain remains remaining rest leftover still spent lost gave away uses used eats ate sold",
    ),
    (
        Cue::Total,
        "total altogether sum combined together in_all overall entire average",
    ),
    (
        Cue::Money,
        "dollar dollars cent cents cost costs price prices pay pays paid earn earns buy buys bought sell sells money \
         salary profit discount bill euro euros",
    ),
    (
        Cue::Time,
        "second seconds minute minutes hour hours day days week weeks month months year years daily weekly monthly \
         yearly today tomorrow yesterday morning afternoon evening night o'clock",
    ),
    (
        Cue::Condition,
        "if unless when whenever provided assume assuming suppose given otherwise whether would could",
    ),
    (
        Cue::Order,
        "first then next after before finally later last afterwards until begins starts ends",
    ),
    (
        Cue::Negation,
        "not except never none neither nor cannot can't don't doesn't isn't aren't without least false incorrect",
    ),
    (
        Cue::FirstPerson,
        "i me my mine myself i'm i've i'd we our us",
    ),
    (Cue::Which, "which who whom whose"),
    (
        Cue::Demand,
        "must should only exactly at_least at_most has_to have_to need needs required ensure always shall no_more_than",
    ),
];
