//! The details of a DB cluster, as lines: what is known of it, and its snapshots.

use jiff::Timestamp;

use crate::domain::age::told_at;
use crate::domain::cluster::{Cluster, told_size};
use crate::domain::evidence::EvidencePart;
use crate::domain::record::{Fact, HERE, Value};
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;
use crate::domain::text::{escape, width, wrap};

use crate::app::layout::{PageLayout, VALUE_COLUMN};
use crate::app::place::Place;
use crate::domain::cluster_id::ClusterId;

use super::ages;

/// The most columns that the keys of tags take.
const KEYS: usize = 40;

/// Why a key does nothing for a cluster that is not there any more.
pub(super) fn gone(cluster: &ClusterId) -> String {
    format!("{cluster} is not listed any more.")
}

/// A line of the details. Text in it comes from outside and is not yet safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DetailsRow {
    /// The beginning of a part.
    Heading(String),
    /// A name and a value.
    Fact(&'static str, String),
    /// A line of a tag.
    Tag(String, String),
    /// A snapshot of the cluster.
    Snapshot(Box<Snapshot>),
    /// A name, a picture in so many steps of eight, and what it shows in words.
    Steps(&'static str, Vec<u8>, String),
    /// Something to know.
    Remark(&'static str),
}

/// A name and a value, which is wrapped and not cut: it is there to be read in full. Safe to show.
pub fn fact(name: &'static str, value: &str, page: PageLayout<'_>) -> Vec<DetailsRow> {
    let room = usize::from(page.columns.saturating_sub(VALUE_COLUMN + 1)).max(1);
    let names = std::iter::once(name).chain(std::iter::repeat(""));
    names.zip(wrap(&escape(value), room)).map(|(name, line)| DetailsRow::Fact(name, line)).collect()
}

/// A name and a time.
pub fn moment(name: &'static str, at: Option<Timestamp>, page: PageLayout<'_>) -> Vec<DetailsRow> {
    fact(name, &at.map_or_else(|| "not known".to_owned(), |at| told_at(at, page.now)), page)
}

/// A name and a value of any kind.
pub fn value((name, value): Fact, page: PageLayout<'_>) -> Vec<DetailsRow> {
    match value {
        Value::Text(text) => fact(name, &text, page),
        Value::At(at) => moment(name, Some(at), page),
        Value::HereAt(at) => {
            let mut rows = moment(name, Some(at), page);
            rows.extend(fact("", HERE, page));
            rows
        }
    }
}

/// A part of an evidence card.
pub fn part(part: EvidencePart, page: PageLayout<'_>) -> impl Iterator<Item = DetailsRow> {
    let facts = part.facts.into_iter().flat_map(move |fact| value(fact, page));
    std::iter::once(DetailsRow::Heading(part.heading.to_owned())).chain(facts)
}

/// A value that the service gave, or did not.
pub type Reported = (&'static str, Option<Value>);

/// A text that the service gave, or did not.
pub fn told(text: Option<impl Into<String>>) -> Option<Value> {
    text.map(|text| Value::Text(text.into()))
}

/// What the service gave, and in one line behind it what it did not.
pub fn reported(values: Vec<Reported>, page: PageLayout<'_>) -> Vec<DetailsRow> {
    let (given, missing): (Vec<Reported>, Vec<Reported>) =
        values.into_iter().partition(|(_, value)| value.is_some());
    let missing: Vec<&str> = missing.into_iter().map(|(name, _)| name).collect();
    let given = given.into_iter().filter_map(|(name, it)| Some((name, it?)));
    let mut rows: Vec<DetailsRow> = given.flat_map(|fact| value(fact, page)).collect();
    if !missing.is_empty() {
        rows.extend(fact("Not reported", &missing.join(", "), page));
    }
    rows
}

/// Tags, with whose they are and how many; each wrapped, as facts are.
pub fn tags(heading: &str, tags: &[Tag], page: PageLayout<'_>) -> Vec<DetailsRow> {
    let columns = usize::from(page.columns.saturating_sub(5));
    let longest = tags.iter().map(|tag| width(&escape(&tag.key))).max().unwrap_or_default();
    let keys = longest.min(KEYS).min(columns / 2).max(1);
    let mut rows = vec![DetailsRow::Heading(format!("{heading}  {}", tags.len()))];
    for tag in tags {
        let mut key = wrap(&escape(&tag.key), keys).into_iter();
        let mut value = wrap(&escape(&tag.value), columns.saturating_sub(keys).max(1)).into_iter();
        let lines = key.len().max(value.len());
        let mut line = || DetailsRow::Tag(key.next().unwrap_or_default(), value.next().unwrap_or_default());
        rows.extend((0..lines).map(|_| line()));
    }
    rows
}

/// The lines for a cluster of a place: what people come for first, on the smallest screens too.
pub fn rows(cluster: &Cluster, place: &Place, now: Timestamp, page: PageLayout<'_>) -> Vec<DetailsRow> {
    let mut rows = fact("Status", cluster.status.as_str(), page);
    rows.extend(fact("Engine", &cluster.engine(), page));
    rows.extend(snapshots(cluster, place, now, page));
    rows.extend(tags("Tags", &cluster.tags, page));
    rows.push(DetailsRow::Heading("Properties".to_owned()));
    rows.extend(reported(properties(cluster), page));
    rows.extend(ages::durations(&place.durations.earlier.durations(&cluster.id, now), page));
    rows
}

/// The snapshots of a cluster: by their age in short, then each.
fn snapshots(cluster: &Cluster, place: &Place, now: Timestamp, page: PageLayout<'_>) -> Vec<DetailsRow> {
    let listed = &place.catalog.snapshots;
    let snapshots = place.catalog.snapshots_of(cluster);
    let ages = ages::ages(&snapshots, now, page);
    let heading = match (listed.complete_at, &listed.failure, snapshots.len()) {
        (Some(_), _, count) => count.to_string(),
        (None, Some(failure), 0) => format!("not read: {}", failure.kind.clause()),
        (None, None, 0) => "still loading".to_owned(),
        (None, Some(failure), count) => format!("{count}, not all read: {}", failure.kind.clause()),
        (None, None, count) => format!("{count}, still loading"),
    };
    let unit = ages.unit.map(|unit| format!("   a {unit} a cell, the newest on the right"));
    let mut rows = vec![DetailsRow::Heading(format!("Snapshots  {heading}{}", unit.unwrap_or_default()))];
    if snapshots.is_empty() && listed.complete_at.is_some() {
        rows.push(DetailsRow::Remark("none of any type; ‹s:snapshot› makes the first one"));
    }
    rows.extend(ages.rows);
    rows.extend(snapshots.into_iter().map(|snapshot| DetailsRow::Snapshot(Box::new(snapshot.clone()))));
    rows
}

fn properties(cluster: &Cluster) -> Vec<Reported> {
    let storage = &cluster.storage;
    let mut values = vec![
        ("Created", cluster.created_at.map(Value::At)),
        ("Restorable from", storage.restorable_from.map(Value::At)),
        ("Restorable to", storage.restorable_to.map(Value::At)),
        ("Members", told(Some(members(cluster)))),
        ("Retention", told(storage.retention_days.map(|days| format!("{days} d of automated backups")))),
        ("Backup window", told(storage.backup_window.as_ref().map(|window| format!("{window} UTC")))),
        ("Copies tags", told(cluster.copies_tags.map(copies_tags))),
        ("Storage", told(describe_storage(cluster))),
        ("Encryption", told(storage.encryption.in_full())),
        ("ARN", told(cluster.arn.clone())),
        ("Resource id", told(cluster.resource_id.clone())),
    ];
    let some = |name, text: Option<&str>| text.map(|text| (name, told(Some(text))));
    let global = cluster.global_cluster.as_deref().filter(|global| !global.is_empty());
    values.extend(some("Global cluster", global));
    values.extend(some("Engine version", cluster.longer_version()));
    values
}

fn members(cluster: &Cluster) -> String {
    if cluster.members.is_empty() {
        return "none".to_owned();
    }
    let member = |member: &crate::domain::cluster::Member| {
        if member.is_writer { format!("{} (writer)", member.id) } else { member.id.clone() }
    };
    cluster.members.iter().map(member).collect::<Vec<_>>().join(", ")
}

fn describe_storage(cluster: &Cluster) -> Option<String> {
    let kind = cluster.storage.kind.clone();
    let size = told_size(cluster.storage.allocated_gib).map(|gib| format!("{gib} GiB"));
    let known: Vec<String> = kind.into_iter().chain(size).collect();
    Some(known.join(", ")).filter(|known| !known.is_empty())
}

fn copies_tags(copies: bool) -> &'static str {
    if copies { "to snapshots made without tags" } else { "no" }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn a_tag_is_read_in_full_on_a_narrow_screen_too() {
        let tag = Tag::new(
            "kms:arn",
            "arn:aws:kms:eu-west-1:123456789012:key/1f7e6a52-0d4b-4f5e-9f3a-2b1c4d5e6f70",
        );
        let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
        let rows = tags("Tags", &[tag.clone(), Tag::new("empty", "")], PageLayout { columns: 40, now: &now });
        let key =
            |row: &DetailsRow| if let DetailsRow::Tag(key, _) = row { key.as_str() } else { "" }.to_owned();
        let value =
            |row: &DetailsRow| if let DetailsRow::Tag(_, it) = row { it.as_str() } else { "" }.to_owned();
        assert_eq!(rows.iter().map(key).collect::<String>(), "kms:arnempty");
        assert_eq!(rows.iter().map(value).collect::<String>(), tag.value);
        assert!(rows.iter().all(|row| width(&value(row)) <= 28), "{rows:?}");
    }
}
