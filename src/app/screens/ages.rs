//! How old the snapshots of a cluster are, and how long earlier ones took, as pictures in characters with words beside
//! them.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::layout::Page;
use crate::domain::age::ago;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::text::length;

use super::details::{Row, fact};

/// With fewer a picture shows nothing that words do not.
const LEAST: usize = 3;
/// From this width on there is room for a picture beside its words.
const LEAST_COLUMNS: u16 = 60;
/// The highest step of a picture.
const STEPS: u8 = 8;
/// How many days or weeks a picture of ages has.
const UNITS: usize = 14;
const DAY: i64 = 86_400;

/// How long earlier snapshots of a cluster took, the oldest first: nothing where there are too few.
#[must_use]
pub fn durations(took: &[Duration], page: Page) -> Vec<Row> {
    let (Some(least), Some(most)) = (took.iter().min(), took.iter().max()) else { return Vec::new() };
    if took.len() < LEAST {
        return Vec::new();
    }
    let words = format!("{} to {}, {} of them", length(*least), length(*most), took.len());
    let steps = took.iter().map(|it| step(it.as_secs(), most.as_secs())).collect();
    picture("Earlier took", steps, &words, page)
}

/// How many snapshots of a cluster there are by age, those made by hand and the others: nothing where there are too few.
#[must_use]
pub fn ages(snapshots: &[&Snapshot], now: Timestamp, page: Page) -> Vec<Row> {
    let of = |kind: &SnapshotKind| -> Vec<Timestamp> {
        snapshots.iter().filter(|it| it.kind == *kind).filter_map(|it| it.created_at).collect()
    };
    let told = [("Manual", of(&SnapshotKind::Manual)), ("Automated", of(&SnapshotKind::Automated))];
    if told.iter().map(|(_, made)| made.len()).sum::<usize>() < LEAST {
        return Vec::new();
    }
    let days = |at: Timestamp| now.duration_since(at).as_secs().max(0) / DAY;
    let oldest = told.iter().flat_map(|(_, made)| made).map(|at| days(*at)).max().unwrap_or_default();
    let (unit, each) = if oldest < 14 { ("day", 1) } else { ("week", 7) };
    let mut rows = vec![Row::Heading(format!("By age, the newest {unit} on the right"))];
    for (name, made) in told {
        let Some(newest) = made.iter().max() else { continue };
        let mut counts = [0_u64; UNITS];
        let mut older = 0_usize;
        for at in &made {
            match usize::try_from(days(*at) / each).ok().and_then(|age| UNITS.checked_sub(age + 1)) {
                Some(column) => counts[column] += 1,
                None => older += 1,
            }
        }
        let older = if older == 0 { String::new() } else { format!(", {older} of them older") };
        let words = format!("{}, the newest {}{older}", made.len(), ago(*newest, now));
        let most = counts.iter().max().copied().unwrap_or_default();
        let steps = counts.iter().map(|count| step(*count, most)).collect();
        rows.extend(picture(name, steps, &words, page));
    }
    rows
}

/// A picture with its words, which are all there is where there is no room for it.
fn picture(name: &'static str, steps: Vec<u8>, words: &str, page: Page) -> Vec<Row> {
    if page.columns < LEAST_COLUMNS {
        return fact(name, words, page);
    }
    vec![Row::Steps(name, steps, words.to_owned())]
}

/// How high one is beside the highest: nothing has no height, and whatever is more than nothing has one.
fn step(one: u64, most: u64) -> u8 {
    let steps = (one * u64::from(STEPS)).div_ceil(most.max(1));
    u8::try_from(steps).unwrap_or(STEPS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn page(columns: u16) -> Page {
        Page { columns, is_utc: true }
    }

    fn made(kind: &SnapshotKind, hours_ago: &[i64]) -> Vec<Snapshot> {
        let of = |hours: &i64| Snapshot {
            kind: kind.clone(),
            created_at: Timestamp::from_second(100 * DAY - hours * 3600).ok(),
            ..fixtures::snapshot("x", "orders", "available")
        };
        hours_ago.iter().map(of).collect()
    }

    fn told(snapshots: &[Snapshot]) -> Vec<Row> {
        let now = Timestamp::from_second(100 * DAY).expect("a time");
        ages(&snapshots.iter().collect::<Vec<_>>(), now, page(80))
    }

    #[test]
    fn durations_are_drawn_from_nothing_on_and_told_in_words() {
        let seconds = [240, 540, 300].map(Duration::from_secs);
        let words = "4 min to 9 min, 3 of them".to_owned();
        assert_eq!(durations(&seconds, page(80)), [Row::Steps("Earlier took", vec![4, 8, 5], words.clone())]);
        assert_eq!(durations(&seconds[..2], page(80)), []);
        assert_eq!(durations(&seconds, page(50)), [Row::Fact("Earlier took", words)]);
    }

    #[test]
    fn ages_are_told_by_day_where_all_are_young_and_by_week_otherwise() {
        let young = made(&SnapshotKind::Automated, &[1, 25, 26, 49]);
        let words = "4, the newest 1 h ago".to_owned();
        let steps = [vec![0; 11], vec![4, 8, 4]].concat();
        assert_eq!(
            told(&young),
            [
                Row::Heading("By age, the newest day on the right".to_owned()),
                Row::Steps("Automated", steps, words)
            ]
        );
        let old = made(&SnapshotKind::Manual, &[2, 24 * 8, 24 * 99]);
        let words = "3, the newest 2 h ago, 1 of them older".to_owned();
        let steps = [vec![0; 12], vec![8, 8]].concat();
        assert_eq!(told(&old)[1..], [Row::Steps("Manual", steps, words)]);
        assert_eq!(told(&old[..2]), []);
    }
}
