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
    pub ground: EstimateSource,
}

/// Where an estimate is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EstimateSource {
    /// From so many earlier snapshots of the same cluster.
    Earlier(usize),
    /// From the progress so far.
    Progress,
}

/// The most earlier snapshots that count: a database grows.
pub const MOST_EARLIER: usize = 10;
/// With fewer, the next one lies outside of their range too often.
const LEAST_EARLIER: usize = 3;
/// By what factor the range is wider than that of the earlier ones, at each end: so the next one lies in it in four
/// of five cases also where they vary much.
const MARGIN: f64 = 1.3;
/// A range of which one end is so many times the other says nothing.
const WIDEST: f64 = 4.0;

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
pub fn estimate(earlier: &[Duration], progress: &Progress, age: Duration) -> Option<Estimate> {
    from_earlier(earlier, age).or_else(|| from_progress(progress, age))
}

/// From the shortest of the earlier ones to the longest, and a margin. One that takes longer than all of them is of
/// another kind: they say nothing of it.
fn from_earlier(earlier: &[Duration], age: Duration) -> Option<Estimate> {
    let latest = earlier.iter().skip(earlier.len().saturating_sub(MOST_EARLIER));
    let (count, shortest, longest) = (latest.len(), *latest.clone().min()?, *latest.max()?);
    let (least, most) = (shortest.as_secs_f64() / MARGIN, longest.as_secs_f64() * MARGIN);
    if count < LEAST_EARLIER || most > WIDEST * least || age > longest {
        return None;
    }
    range(least - age.as_secs_f64(), most - age.as_secs_f64(), EstimateSource::Earlier(count))
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
    range(least, most, EstimateSource::Progress)
}

/// Percents per second.
fn speed(from: &Point, to: &Point) -> Option<f64> {
    let seconds = to.age.saturating_sub(from.age).as_secs_f64();
    let rise = to.percent.checked_sub(from.percent).filter(|rise| *rise > 0)?;
    (seconds > 0.0).then(|| f64::from(rise) / seconds)
}

fn range(least: f64, most: f64, ground: EstimateSource) -> Option<Estimate> {
    let least = Duration::try_from_secs_f64(least.max(0.0)).ok()?;
    let most = Duration::try_from_secs_f64(most).ok()?;
    Some(Estimate { least, most, ground })
}

#[cfg(test)]
#[path = "estimate_tests.rs"]
mod tests;
