//! Words that are counted for [`features`](crate::learning::features): each cue is one figure.

/// What is counted. The order is that of [`CUES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Cue {
    /// Parts of a whole.
    Part,
    Multiple,
    Comparison,
    Each,
    Left,
    /// What strings clauses together.
    Join,
    Money,
    Time,
    Condition,
    Order,
    Negation,
    FirstPerson,
    Which,
    Demand,
    Age,
    Hard,
    Easy,
}

/// How many cues there are.
pub(super) const CUE_COUNT: usize = 17;

/// (cue, words; `_` for a blank).
pub(super) const CUES: [(Cue, &str); CUE_COUNT] = [
    (
        Cue::Part,
        "half halves halve third thirds quarter quarters fourth fifth fifths tenth tenths one-third two-thirds one-half one-quarter",
    ),
    (
        Cue::Multiple,
        "twice thrice double doubles doubled triple triples tripled quadruple times dozen fold",
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
    (Cue::Join, "and or plus as_well_as along_with"),
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
    (
        Cue::Age,
        "old age ages aged older younger oldest youngest born years_old",
    ),
    (
        Cue::Hard,
        "architecture distributed concurrent concurrency parallel asynchronous deadlock race_condition race_conditions scale scalable \
         scalability optimize optimise optimal trade-off trade-offs tradeoff tradeoffs prove proof rigorous rigorously derive \
         consensus consistency fault-tolerant backwards_compatible backward_compatible migration migrate redesign rearchitect \
         end-to-end production-ready legacy entire_codebase whole_codebase across_the_codebase multi-step edge_cases thread-safe \
         lock-free real-time low-latency protocol compiler cryptographic algorithm complexity np-hard theorem integrate integration \
         comprehensive in-depth thorough thoroughly evaluate justify synthesize critically security performance",
    ),
    (
        Cue::Easy,
        "simple simply quick quickly short brief briefly just tiny small trivial basic one-liner one_line one_sentence typo eli5 \
         hello_world rename minor yes_or_no",
    ),
];
