//! The 32 figures of a prompt that the ridge reads.

use crate::learning::counts::Counts;
use crate::learning::cues::Cue;
use crate::learning::marks::Marks;
use crate::learning::scan::Heard;

/// How many figures [`Features`] has.
pub const FEATURES: usize = 32;

/// Marks of a prompt as figures for the ridge, each of about mean 0 and spread 1 over all prompts. Without a meaning
/// of its own outside the learning room; no word of the prompt can be read from it.
pub type Features = [f32; FEATURES];

/// The figures of `prompt`, of which `heard` was heard, as [`Features`].
pub(super) fn features(prompt: &str, heard: &Heard, counts: &Counts, marks: Marks) -> Features {
    let mut scaled = figures(prompt, heard, counts, marks);
    for (figure, (mean, spread)) in scaled.iter_mut().zip(SCALE) {
        *figure = ((*figure - mean) / spread).clamp(-3.0, 3.0);
    }
    scaled
}

/// The figures before they are scaled: counts as the logarithm of one more, shares as they are. Which words a cue
/// counts stands in [`cues`](crate::learning::cues).
fn figures(prompt: &str, heard: &Heard, counts: &Counts, marks: Marks) -> [f32; FEATURES] {
    let words = heard.words.max(1) as f32;
    let cue = |cue: Cue| heard.cues[cue as usize];
    let log = |count: u32| (count as f32).ln_1p();
    let share = |part: u32, of: u32, none: f32| match of {
        0 => none,
        of => part as f32 / of as f32,
    };
    [
        log(prompt.len() as u32),
        log(heard.words),
        log(counts.sentences),
        log(counts.numbers),
        counts.numbers as f32 / words,
        log(counts.large),
        log(counts.decimals),
        log(counts.fractions + cue(Cue::Part)),
        f32::from(marks.tex),
        log(cue(Cue::Multiple)),
        log(cue(Cue::Comparison)),
        log(cue(Cue::Each)),
        log(cue(Cue::Left)),
        log(counts.commas + cue(Cue::Join)),
        log(counts.dollars + cue(Cue::Money)),
        log(cue(Cue::Time)),
        log(cue(Cue::Condition)),
        log(cue(Cue::Order)),
        log(counts.quotes),
        counts.letters as f32 / words,
        log(counts.symbols),
        counts.symbols as f32 / words,
        log(cue(Cue::Age)),
        log(counts.lines),
        log(cue(Cue::Negation)),
        share(counts.numeric_choices, counts.choices, 0.0),
        log(cue(Cue::FirstPerson)),
        log(cue(Cue::Which)),
        log(counts.names),
        f32::from(marks.code || marks.error),
        // Choices that share their words differ in what is easily overlooked.
        share(counts.different_choice_words, counts.choice_words, 1.0),
        log(cue(Cue::Demand)),
    ]
}

/// Mean and spread of each figure over the public prompts, each set of them weighing the same; printed by the test
/// `the_scale_is_that_of_the_public_prompts`. They hold next to no code, so the scale of the figure that tells of code is chosen.
#[rustfmt::skip]
const SCALE: [(f32, f32); FEATURES] = [
    (5.563, 0.652), (3.869, 0.619), (1.330, 0.588), (0.887, 0.784),
    (0.048, 0.100), (0.096, 0.312), (0.062, 0.271), (0.099, 0.288),
    (0.004, 0.100), (0.099, 0.276), (0.205, 0.459), (0.327, 0.488),
    (0.178, 0.377), (1.174, 0.817), (0.308, 0.649), (0.306, 0.566),
    (0.298, 0.439), (0.218, 0.425), (0.065, 0.293), (4.272, 0.769),
    (0.831, 1.008), (0.064, 0.118), (0.042, 0.234), (1.391, 0.659),
    (0.184, 0.432), (0.062, 0.238), (0.114, 0.430), (0.259, 0.400),
    (0.693, 0.817), (0.100, 0.300), (0.880, 0.190), (0.152, 0.361),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learning::scan::hear;

    /// The prompts of the public sets, set by set; empty where there is no data folder.
    fn prompts() -> Vec<Vec<String>> {
        let Some(folder) = std::env::var_os("ANTIPHON_DATA") else {
            return Vec::new();
        };
        let folder = std::path::Path::new(&folder).join("replay");
        let read = |name: &str| -> Vec<String> {
            let text = std::fs::read_to_string(folder.join(name)).expect(name);
            let rows = text.lines().map(|line| {
                let row: serde_json::Value = serde_json::from_str(line).expect(name);
                row["prompt"].as_str().expect("a prompt").to_owned()
            });
            rows.collect()
        };
        ["mmlu.jsonl", "gsm8k.jsonl", "paretobandit_val.jsonl"]
            .map(read)
            .into()
    }

    #[test]
    fn the_scale_is_that_of_the_public_prompts() {
        let sets = prompts();
        if sets.is_empty() {
            eprintln!("skipped: ANTIPHON_DATA names no data folder");
            return;
        }
        let mut sums = [(0.0_f64, 0.0_f64); FEATURES];
        for set in &sets {
            let weight = 1.0 / (set.len() * sets.len()) as f64;
            for prompt in set {
                let counts = Counts::of(prompt);
                let figures = figures(prompt, &hear(prompt), &counts, Marks::of(prompt, &counts));
                for (sum, figure) in sums.iter_mut().zip(figures) {
                    sum.0 += weight * f64::from(figure);
                    sum.1 += weight * f64::from(figure).powi(2);
                }
            }
        }
        let mut off = Vec::new();
        for (place, (mean, square)) in sums.into_iter().enumerate() {
            let spread = (square - mean * mean).max(0.0).sqrt().max(0.1);
            println!("    ({mean:.3}, {spread:.3}), // {place}");
            if place == 29 {
                continue; // code
            }
            let (m, s) = SCALE[place];
            if (f64::from(m) - mean).abs() > 0.05 * spread
                || (f64::from(s) / spread - 1.0).abs() > 0.05
            {
                off.push(place);
            }
        }
        assert!(
            off.is_empty(),
            "the scale of figures {off:?} is another: see the table above"
        );
    }
}
