//! How old the snapshots of a cluster are, and how long earlier ones took, as pictures in characters with words beside
//! them.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::layout::{PageLayout, VALUE_COLUMN};
use crate::domain::age::ago;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::status::SnapshotStatus;
use crate::domain::text::{length, width};

use super::details::{DetailsRow, fact};

/// With fewer a picture shows nothing that words do not.
const LEAST: usize = 3;
/// The highest step of a picture.
const STEPS: u8 = 8;
/// How many days or weeks a picture of ages has.
const UNITS: usize = 14;
const DAY: i64 = 86_400;

/// How long earlier snapshots of a cluster took, the oldest first: nothing where there are too few.
pub fn durations(took: &[Duration], page: PageLayout<'_>) -> Vec<DetailsRow> {
    let (Some(least), Some(most)) = (took.iter().min(), took.iter().max()) else { return Vec::new() };
    if took.len() < LEAST {
        return Vec::new();
    }
    let words = format!("{} to {}, {} of them", length(*least), length(*most), took.len());
    let steps: Vec<u8> = took.iter().map(|it| step(it.as_secs(), most.as_secs())).collect();
    picture("Earlier took", steps, &words, page)
}

/// The snapshots of a cluster by their age.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    /// A line for those made by hand, one for the automated ones, and one for the others.
    pub rows: Vec<DetailsRow>,
    /// What a cell of their pictures is, if there are any.
    pub unit: Option<&'static str>,
}

/// How many snapshots of a cluster there are, how many of them are of no use, and how old the others are.
pub fn ages(snapshots: &[&Snapshot], now: Timestamp, page: PageLayout<'_>) -> Ages {
    let of = |is_it: fn(&SnapshotKind) -> bool| -> Vec<&Snapshot> {
        snapshots.iter().copied().filter(|one| is_it(&one.kind)).collect()
    };
    let told = [
        ("Manual", of(|kind| *kind == SnapshotKind::Manual)),
        ("Automated", of(|kind| *kind == SnapshotKind::Automated)),
        ("Other types", of(|kind| !matches!(kind, SnapshotKind::Manual | SnapshotKind::Automated))),
    ];
    let days = |at: &Timestamp| now.duration_since(*at).as_secs().max(0) / DAY;
    let oldest = snapshots.iter().filter_map(|one| one.created_at.as_ref().map(days)).max();
    let unit = if oldest.is_none_or(|oldest| oldest < 14) { ("day", 1) } else { ("week", 7) };
    let mut ages = Ages::default();
    for (name, group) in told.into_iter().filter(|(_, group)| !group.is_empty()) {
        let usable = usable(&group);
        let counts = by_age(usable.iter().map(days), unit.1);
        let words = words(&group, &usable, now);
        let is_drawn = snapshots.len() >= LEAST && counts.iter().any(|count| *count > 0);
        let steps = if is_drawn { steps(&counts) } else { Vec::new() };
        let rows = picture(name, steps, &words, page);
        if matches!(rows.first(), Some(DetailsRow::Steps(..))) {
            ages.unit = Some(unit.0);
        }
        ages.rows.extend(rows);
    }
    ages
}

/// When those were begun that can be restored.
fn usable(group: &[&Snapshot]) -> Vec<Timestamp> {
    group.iter().filter(|one| one.status.is_usable()).filter_map(|one| one.created_at).collect()
}

/// How many there are of each age; those older than the picture goes back are in none.
fn by_age(days: impl Iterator<Item = i64>, each: i64) -> [u64; UNITS] {
    let mut counts = [0; UNITS];
    for day in days {
        if let Some(column) = usize::try_from(day / each).ok().and_then(|age| UNITS.checked_sub(age + 1)) {
            counts[column] += 1;
        }
    }
    counts
}

/// `3, the newest usable 22 d ago, 1 failed`.
fn words(group: &[&Snapshot], usable: &[Timestamp], now: Timestamp) -> String {
    let count = |is_it: fn(&Snapshot) -> bool| group.iter().filter(|one| is_it(one)).count();
    let newest = match usable.iter().max() {
        Some(at) => format!("the newest usable {}", ago(*at, now)),
        None if count(|one| one.status.is_usable()) > 0 => "usable".to_owned(),
        None => "none usable".to_owned(),
    };
    let others = [
        (count(|one| one.status == SnapshotStatus::Failed), "failed"),
        (count(|one| one.status == SnapshotStatus::Creating), "being made"),
    ];
    let others = others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}"));
    [group.len().to_string(), newest].into_iter().chain(others).collect::<Vec<_>>().join(", ")
}

fn steps(counts: &[u64]) -> Vec<u8> {
    let most = counts.iter().max().copied().unwrap_or_default();
    counts.iter().map(|count| step(*count, most)).collect()
}

/// A picture with its words, which are all there is where there is no picture, or no room for it.
fn picture(name: &'static str, steps: Vec<u8>, words: &str, page: PageLayout<'_>) -> Vec<DetailsRow> {
    let wanted = usize::from(VALUE_COLUMN) + steps.len() + 1 + width(words);
    if steps.is_empty() || wanted >= usize::from(page.columns) {
        return fact(name, words, page);
    }
    vec![DetailsRow::Steps(name, steps, words.to_owned())]
}

/// How high one is beside the highest: nothing has no height, and whatever is more than nothing has one.
fn step(one: u64, most: u64) -> u8 {
    let steps = (one * u64::from(STEPS)).div_ceil(most.max(1));
    u8::try_from(steps).unwrap_or(STEPS)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use jiff::Zoned;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::fixtures;

    fn page(columns: u16) -> PageLayout<'static> {
        static NOW: LazyLock<Zoned> = LazyLock::new(|| Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC));
        PageLayout { columns, now: &NOW }
    }

    fn made(kind: &SnapshotKind, hours_ago: &[i64]) -> Vec<Snapshot> {
        let of = |hours: &i64| Snapshot {
            kind: kind.clone(),
            created_at: Timestamp::from_second(100 * DAY - hours * 3600).ok(),
            ..fixtures::snapshot("x", "orders", "available")
        };
        hours_ago.iter().map(of).collect()
    }

    fn told(snapshots: &[Snapshot], columns: u16) -> Ages {
        let now = Timestamp::from_second(100 * DAY).expect("a time");
        ages(&snapshots.iter().collect::<Vec<_>>(), now, page(columns))
    }

    #[test]
    fn durations_are_drawn_from_nothing_on_and_told_in_words() {
        let seconds = [240, 540, 300].map(Duration::from_secs);
        let words = "4 min to 9 min, 3 of them".to_owned();
        assert_eq!(
            durations(&seconds, page(80)),
            [DetailsRow::Steps("Earlier took", vec![4, 8, 5], words.clone())]
        );
        assert_eq!(durations(&seconds[..2], page(80)), []);
        assert_eq!(durations(&seconds, page(48)), [DetailsRow::Fact("Earlier took", words)]);
    }

    #[test]
    fn ages_are_told_by_day_where_all_are_young_and_by_week_otherwise() {
        let young = made(&SnapshotKind::Automated, &[1, 25, 26, 49]);
        let words = "4, the newest usable 1 h ago".to_owned();
        let steps = [vec![0; 11], vec![4, 8, 4]].concat();
        let drawn = vec![DetailsRow::Steps("Automated", steps, words.clone())];
        assert_eq!(told(&young, 80), Ages { rows: drawn, unit: Some("day") });
        let narrow = vec![DetailsRow::Fact("Automated", words)];
        assert_eq!(told(&young, 53), Ages { rows: narrow, unit: None }, "no picture, and no unit of one");
        let old = made(&SnapshotKind::Manual, &[2, 24 * 8, 24 * 99]);
        let words = "3, the newest usable 2 h ago".to_owned();
        let steps = [vec![0; 12], vec![8, 8]].concat();
        let rows = vec![DetailsRow::Steps("Manual", steps, words)];
        assert_eq!(told(&old, 80), Ages { rows, unit: Some("week") });
        let few = vec![DetailsRow::Fact("Manual", "2, the newest usable 2 h ago".to_owned())];
        assert_eq!(told(&old[..2], 80).rows, few);
    }

    #[test]
    fn only_what_can_be_restored_counts_as_the_newest() {
        let mut group = made(&SnapshotKind::Manual, &[1, 2, 48]);
        group[0].status = SnapshotStatus::Failed;
        group[1].status = SnapshotStatus::Creating;
        let words = |group: &[Snapshot]| match told(group, 200).rows.as_slice() {
            [DetailsRow::Steps(_, _, words) | DetailsRow::Fact(_, words)] => words.clone(),
            rows => panic!("one line: {rows:?}"),
        };
        assert_eq!(words(&group), "3, the newest usable 2 d ago, 1 failed, 1 being made");
        assert_eq!(words(&group[..2]), "2, none usable, 1 failed, 1 being made");
        group[2].created_at = None;
        assert_eq!(words(&group[2..]), "1, usable");
    }
}
