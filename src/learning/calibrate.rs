//! What is expected of answers and of tasks, fitted to what was measured, where it was too far off.
//!
//! Output tokens are fitted by category and by complexity within it. Of the value of a task two kinds of factor are
//! fitted, by the work that answers turned out to be: what each complexity takes against a moderate one, and each
//! domain against all of them. Priority, time and risk are the user's own words, and so is every factor that the
//! configuration changes; no measurement touches them.

use crate::learning::estimate::expected_output_tokens;
use crate::learning::value::{BANDS, band};
use crate::protocol::{Adjustment, AdjustmentKind, ValueTable};
use std::collections::{BTreeMap, BTreeSet};

/// A figure is fitted when it is further off than this, on either side.
pub const OFF: f64 = 0.15;
/// Answers that must be there before anything is concluded from them.
pub const ENOUGH: usize = 8;
/// How sure it must be that the new figure is nearer the truth than the old one.
const SURE: f64 = 0.8;
/// The complexity that the others are measured against.
const REFERENCE: &str = "moderate";
/// No factor of a value is fitted beyond these.
const LEAST: f64 = 0.25;
const MOST: f64 = 4.0;

/// What one answer took.
#[derive(Clone, Debug, PartialEq)]
pub struct Effort {
    pub category: String,
    /// Of the prompt, 0 to 100.
    pub complexity: u8,
    pub tags: Vec<String>,
    /// Tokens, thinking included; as the server counted them.
    pub output: u64,
}

/// The figures that were fitted, in force. Everything else is as it was shipped or configured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    fitted: BTreeMap<(AdjustmentKind, String), f64>,
}

/// A figure to be changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    pub kind: AdjustmentKind,
    pub what: String,
    pub old: f64,
    pub new: f64,
    pub reason: String,
    /// 0 to 1.
    pub confidence: f64,
}

impl Calibration {
    /// From everything that was ever adjusted, oldest first. What was set back is no longer among it.
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a Adjustment>) -> Calibration {
        let mut calibration = Calibration::default();
        for row in rows {
            calibration.set(row.kind, &row.what, row.new);
        }
        calibration
    }

    /// Puts a figure in force; 0 takes it out of force.
    pub fn set(&mut self, kind: AdjustmentKind, what: &str, figure: f64) {
        let key = (kind, what.to_owned());
        match kind {
            AdjustmentKind::Tokens | AdjustmentKind::Complexity | AdjustmentKind::Domain => {}
            AdjustmentKind::Forgotten | AdjustmentKind::Imported => return,
        }
        match figure > 0.0 && figure.is_finite() {
            true => self.fitted.insert(key, figure),
            false => self.fitted.remove(&key),
        };
    }

    /// Everything that is fitted: kind, what, figure.
    pub fn fitted(&self) -> impl Iterator<Item = (AdjustmentKind, &str, f64)> {
        self.fitted
            .iter()
            .map(|((kind, what), figure)| (*kind, what.as_str(), *figure))
    }

    /// Output tokens expected of a prompt: as fitted for its kind and complexity, else for its kind, else as shipped.
    pub fn output_tokens(&self, category: &str, complexity: u8) -> u64 {
        let fitted = self
            .get(AdjustmentKind::Tokens, &cell(category, complexity))
            .or_else(|| self.get(AdjustmentKind::Tokens, category));
        fitted.map_or_else(|| expected_output_tokens(category), |f| f.round() as u64)
    }

    /// The table with the factors that were fitted. What the configuration changed stays as it says.
    pub fn value_table(&self, configured: &ValueTable) -> ValueTable {
        let shipped = ValueTable::default();
        let mut table = configured.clone();
        for (kind, what, figure) in self.fitted() {
            let (factors, shipped) = match kind {
                AdjustmentKind::Complexity => (&mut table.complexity, &shipped.complexity),
                AdjustmentKind::Domain => (&mut table.domain, &shipped.domain),
                _ => continue,
            };
            if let Some(factor) = factors.get_mut(what)
                && shipped.get(what) == Some(factor)
            {
                *factor = figure;
            }
        }
        table
    }

    fn get(&self, kind: AdjustmentKind, what: &str) -> Option<f64> {
        self.fitted.get(&(kind, what.to_owned())).copied()
    }
}

/// `debug/complex`
fn cell(category: &str, complexity: u8) -> String {
    format!("{category}/{}", band(complexity))
}

/// What should be changed, given what answers took. Empty where nothing is far enough off, or sure enough.
pub fn calibrate(now: &Calibration, configured: &ValueTable, efforts: &[Effort]) -> Vec<Fit> {
    let mut after = now.clone();
    let mut fits = Vec::new();
    for each in [by_category, by_complexity] {
        let found = tokens(&after, efforts, each);
        for fit in &found {
            after.set(fit.kind, &fit.what, fit.new);
        }
        fits.extend(found);
    }
    fits.extend(factors(now, configured, efforts));
    fits
}

fn by_category(effort: &Effort) -> String {
    effort.category.clone()
}

fn by_complexity(effort: &Effort) -> String {
    cell(&effort.category, effort.complexity)
}

fn tokens(now: &Calibration, efforts: &[Effort], key: fn(&Effort) -> String) -> Vec<Fit> {
    let mut groups: BTreeMap<String, (f64, Sample)> = BTreeMap::new();
    for effort in efforts.iter().filter(|effort| effort.output > 0) {
        let what = key(effort);
        let old = match what.contains('/') {
            true => now.output_tokens(&effort.category, effort.complexity),
            false => now
                .get(AdjustmentKind::Tokens, &what)
                .map_or_else(|| expected_output_tokens(&what), |f| f as u64),
        };
        let group = groups
            .entry(what)
            .or_insert((old as f64, Sample::default()));
        group.1.add((effort.output as f64).ln());
    }
    let fit = |(what, (old, sample)): (String, (f64, Sample))| {
        let reason = format!(
            "{} answers took {} tokens on average, {} were expected",
            sample.n,
            two_digits(sample.mean()),
            two_digits(old)
        );
        fit(AdjustmentKind::Tokens, what, old, &sample, reason)
    };
    groups.into_iter().filter_map(fit).collect()
}

/// Work is measured against that of the same category, so that no factor stands for what kinds of prompts were asked.
fn factors(now: &Calibration, configured: &ValueTable, efforts: &[Effort]) -> Vec<Fit> {
    let mut typical: BTreeMap<&str, Sample> = BTreeMap::new();
    for effort in efforts.iter().filter(|effort| effort.output > 0) {
        let sample = typical.entry(&effort.category).or_default();
        sample.add((effort.output as f64).ln());
    }
    let table = now.value_table(configured);
    let domain_of = |effort: &Effort| {
        let named = |(domain, _): &(&String, &f64)| effort.tags.contains(domain);
        table
            .domain
            .iter()
            .find(named)
            .map(|(domain, _)| domain.as_str())
    };
    let by_band = mixed(efforts, |effort| Some(band(effort.complexity)));
    let by_domain = mixed(efforts, domain_of);
    let (mut bands, mut domains) = (Groups::new(), Groups::new());
    let mut all = Sample::default();
    for effort in efforts.iter().filter(|effort| effort.output > 0) {
        let category = effort.category.as_str();
        let work = (effort.output as f64).ln() - typical[category].mean_ln;
        if by_band.contains(category) {
            bands.entry(band(effort.complexity)).or_default().add(work);
        }
        if let Some(domain) = domain_of(effort).filter(|_| by_domain.contains(category)) {
            domains.entry(domain).or_default().add(work);
            // The average factor stays what it was.
            all.add(work - table.domain[domain].max(1e-6).ln());
        }
    }
    let shipped = ValueTable::default();
    let mut fits = Vec::new();
    if let Some(reference) = bands.remove(REFERENCE) {
        for (name, _) in BANDS.iter().filter(|(name, _)| *name != REFERENCE) {
            let old = table.complexity.get(*name);
            let own = configured.complexity.get(*name) != shipped.complexity.get(*name);
            if let (Some(old), Some(sample), false) = (old, bands.get(name), own) {
                let kind = AdjustmentKind::Complexity;
                let base = table.complexity.get(REFERENCE).copied().unwrap_or(1.0);
                fits.extend(factor(kind, name, (*old, base), sample, &reference));
            }
        }
    }
    for (name, old) in &table.domain {
        let own = configured.domain.get(name) != shipped.domain.get(name);
        if let (Some(sample), false) = (domains.get(name.as_str()), own) {
            fits.extend(factor(
                AdjustmentKind::Domain,
                name,
                (*old, 1.0),
                sample,
                &all,
            ));
        }
    }
    fits
}

type Groups<'a> = BTreeMap<&'a str, Sample>;

/// The categories in which more than one label occurs: one whose answers all have the same tells nothing of another.
fn mixed<'a, 'b>(
    efforts: &'a [Effort],
    label: impl Fn(&Effort) -> Option<&'b str>,
) -> BTreeSet<&'a str> {
    let mut labels: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for effort in efforts {
        labels
            .entry(&effort.category)
            .or_default()
            .extend(label(effort));
    }
    labels.retain(|_, labels| labels.len() > 1);
    labels.into_keys().collect()
}

fn factor(
    kind: AdjustmentKind,
    what: &str,
    (old, base): (f64, f64),
    sample: &Sample,
    reference: &Sample,
) -> Option<Fit> {
    if reference.n < ENOUGH {
        return None;
    }
    let ratio = sample.against(reference).shifted(base.max(1e-6).ln());
    let beside = match kind {
        AdjustmentKind::Complexity => "a moderate prompt",
        _ => "all domains",
    };
    let reason = format!(
        "{} answers took {:.2} times the work, beside {} of {beside}",
        sample.n,
        ratio.mean(),
        reference.n
    );
    let mut fit = fit(kind, what.to_owned(), old, &ratio, reason)?;
    fit.new = (fit.new.clamp(LEAST, MOST) * 100.0).round() / 100.0;
    (off(fit.old, fit.new) > OFF).then_some(fit)
}

/// How far `new` is from `old`, as a share of the old.
fn off(old: f64, new: f64) -> f64 {
    (new / old - 1.0).abs()
}

fn fit(
    kind: AdjustmentKind,
    what: String,
    old: f64,
    sample: &Sample,
    reason: String,
) -> Option<Fit> {
    if sample.n < ENOUGH || old <= 0.0 {
        return None;
    }
    let new = sample.mean();
    // The truth lies around the new figure; it is nearer to it than to the old wherever it lies on this side of the
    // middle between them.
    let half = (new / old).ln().abs() / 2.0;
    let confidence = normal_below(half / sample.error());
    let new = match kind {
        AdjustmentKind::Tokens => two_digits(new),
        _ => new,
    };
    (off(old, new) > OFF && confidence >= SURE).then_some(Fit {
        kind,
        what,
        old,
        new,
        reason,
        confidence,
    })
}

/// No more digits than an average is worth.
fn two_digits(figure: f64) -> f64 {
    let unit = 10_f64.powf(figure.max(1.0).log10().floor() - 1.0).max(1.0);
    (figure / unit).round() * unit
}

/// Logarithms of amounts: mean and variance as they come in (Welford's method).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    pub(crate) n: usize,
    pub(crate) mean_ln: f64,
    squares: f64,
    /// What another sample adds to the squared error of the mean.
    other: f64,
}

impl Sample {
    pub(crate) fn add(&mut self, ln: f64) {
        self.n += 1;
        let before = ln - self.mean_ln;
        self.mean_ln += before / self.n as f64;
        self.squares += before * (ln - self.mean_ln);
    }

    pub(crate) fn variance(&self) -> f64 {
        match self.n {
            0 | 1 => 0.0,
            n => self.squares / (n - 1) as f64,
        }
    }

    /// The arithmetic mean of amounts whose logarithms are normal: exp(m + s² / 2).
    fn mean(&self) -> f64 {
        (self.mean_ln + self.variance() / 2.0).exp()
    }

    /// Standard error of the logarithm of that mean: √(s²/n + s⁴/(2(n − 1))), by Cox (in Land, Technometrics 1972).
    /// Never none: figures that are all the same are still counted in tokens.
    fn error(&self) -> f64 {
        let s2 = self.variance();
        let n = self.n.max(2) as f64;
        (s2 / n + s2 * s2 / (2.0 * (n - 1.0)) + self.other)
            .sqrt()
            .max(0.01)
    }

    /// This sample measured against the mean of another.
    fn against(&self, other: &Sample) -> Sample {
        Sample {
            mean_ln: self.mean_ln - (other.mean_ln + other.variance() / 2.0),
            other: other.error().powi(2),
            ..*self
        }
    }

    fn shifted(self, by: f64) -> Sample {
        Sample {
            mean_ln: self.mean_ln + by,
            ..self
        }
    }
}

/// The share of a normal distribution below `z` standard deviations, within 8e-8: Abramowitz and Stegun 26.2.17.
pub(crate) fn normal_below(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let poly = t
        * (0.319_381_530
            + t * (-0.356_563_782
                + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt() * poly;
    if z >= 0.0 { 1.0 - tail } else { tail }
}

#[cfg(test)]
#[path = "calibrate_tests.rs"]
mod tests;
