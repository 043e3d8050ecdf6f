//! How long it will still take: a range with its ground, or nothing where there is no ground for one.
//!
//! AWS foretells nothing. Two things can be known: how long earlier snapshots of the same cluster took, and
//! how fast the percentage has risen so far. The first comes first: it holds from the first second on.

use std::time::Duration;

use super::progress::{Point, Progress};

/// What is still to come, as a range that holds in at least four of five cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// The least time left.
    pub least: Duration,
    /// The most time left.
    pub most: Duration,
    /// Where it is from.
    pub ground: Ground,
}

/// Where an estimate is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// From so many earlier snapshots of the same cluster.
    Earlier(usize),
    /// From the progress so far.
    Progress,
}

/// The most earlier snapshots that count: a database grows.
pub const MOST_EARLIER: usize = 10;
/// The share of cases below the range, and above it, that is aimed at. With both ends it would be right in
/// 90 of 100 cases if the model were; the rest of the way to 80 is for its being wrong.
const TAIL: f64 = 0.05;
/// The normal distribution's quantile for [`TAIL`].
const NORMAL: f64 = 1.645;
/// Student's quantiles for [`TAIL`], by degrees of freedom, from 1 on.
const STUDENT: [f64; 9] = [6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833];
/// Earlier snapshots are never taken to vary less than this (as a logarithm; some 8 %).
const LEAST_SPREAD: f64 = 0.08;
/// A range of which one end is so many times the other says nothing.
const WIDEST: f64 = 4.0;
/// With so little left of what the earlier ones make likely, they say nothing any more.
const OUTLIVED: f64 = 0.03;

/// The changes of the percentage that are needed, and how far apart the first and the last must be.
const LEAST_CHANGES: usize = 5;
const LEAST_RISE: u8 = 15;
/// How much slower or faster the last half may be than the whole before nothing is said.
const LARGEST_TURN: f64 = 2.0;
/// By what the two ends of a range from progress are moved apart.
const SLACK: (f64, f64) = (0.6, 2.0);
/// Standing still for so many times the usual gap between two changes ends what progress can say.
const STALLED: f64 = 4.0;

/// Estimates the time left for a snapshot of an age.
#[must_use]
pub fn estimate(earlier: &[Duration], progress: &Progress, age: Duration) -> Option<Estimate> {
    from_earlier(earlier, age).or_else(|| from_progress(progress, age))
}

/// Durations are taken to be log-normal: they are positive and err by factors. The spread allows for how
/// little a few of them say (Student), and the age that was reached rules the shorter ones out.
fn from_earlier(earlier: &[Duration], age: Duration) -> Option<Estimate> {
    let skipped = earlier.len().saturating_sub(MOST_EARLIER);
    let logs: Vec<f64> = earlier.iter().skip(skipped).map(|took| took.as_secs_f64().max(1.0).ln()).collect();
    let student = STUDENT.get(logs.len().checked_sub(2)?)?;
    let count = f64::from(u32::try_from(logs.len()).ok()?);
    let mean = logs.iter().sum::<f64>() / count;
    let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let spread = variance.sqrt().max(LEAST_SPREAD) * (1.0 + 1.0 / count).sqrt() * student / NORMAL;
    if (2.0 * NORMAL * spread).exp() > WIDEST {
        return None;
    }
    let reached = normal((age.as_secs_f64().max(f64::MIN_POSITIVE).ln() - mean) / spread);
    let left = 1.0 - reached;
    if left < OUTLIVED {
        return None;
    }
    let total = |share: f64| (mean + spread * quantile(reached + share * left)).exp();
    range(total(TAIL) - age.as_secs_f64(), total(1.0 - TAIL) - age.as_secs_f64(), Ground::Earlier(logs.len()))
}

fn from_progress(progress: &Progress, age: Duration) -> Option<Estimate> {
    // When the first percentage was reached is not known, only when it was first seen.
    let changes = progress.points().get(1..)?;
    let (start, end) = (changes.first()?, changes.last()?);
    if changes.len() < LEAST_CHANGES || end.percent - start.percent < LEAST_RISE || end.percent >= 100 {
        return None;
    }
    let whole = speed(start, end)?;
    let recent = speed(changes.get(changes.len() / 2)?, end)?;
    let turn = whole.max(recent) / whole.min(recent);
    let gaps = f64::from(u32::try_from(changes.len() - 1).ok()?);
    let gap = end.age.saturating_sub(start.age).as_secs_f64() / gaps;
    let unmoved = progress.unmoved(age).as_secs_f64();
    if turn > LARGEST_TURN || unmoved > gap * STALLED {
        return None;
    }
    let left = f64::from(100 - end.percent);
    let by = |speed: f64| left / speed - unmoved;
    // A percentage stands for anything up to the next one.
    let least = by(whole.max(recent)) * SLACK.0 - gap;
    let most = by(whole.min(recent)) * SLACK.1 + gap;
    range(least, most, Ground::Progress)
}

/// Percents per second.
fn speed(from: &Point, to: &Point) -> Option<f64> {
    let seconds = to.age.saturating_sub(from.age).as_secs_f64();
    let rise = to.percent.checked_sub(from.percent).filter(|rise| *rise > 0)?;
    (seconds > 0.0).then(|| f64::from(rise) / seconds)
}

fn range(least: f64, most: f64, ground: Ground) -> Option<Estimate> {
    let least = Duration::try_from_secs_f64(least.max(0.0)).ok()?;
    let most = Duration::try_from_secs_f64(most).ok()?;
    Some(Estimate { least, most, ground })
}

/// The normal distribution's share below `x`. Abramowitz and Stegun, 7.1.26; off by less than 1e-6.
fn normal(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 5] =
        [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let z = x.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * z);
    let series = COEFFICIENTS.iter().fold(0.0, |sum, coefficient| sum * t + coefficient) * t;
    let tail = 0.5 * series * (-z * z).exp();
    if x < 0.0 { tail } else { 1.0 - tail }
}

/// Below which value that share of the normal distribution is; by halving, which is quick enough.
fn quantile(share: f64) -> f64 {
    let (mut low, mut high) = (-8.0, 8.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        if normal(middle) < share { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
#[path = "estimate_tests.rs"]
mod tests;
