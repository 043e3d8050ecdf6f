//! The details of a DB cluster, as lines: what is known of it, and its snapshots.

use jiff::Timestamp;

use crate::domain::age::told_at;
use crate::domain::cluster::{Cluster, told_size};
use crate::domain::evidence::EvidencePart;
use crate::domain::record::{Fact, HERE, Value};
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;
use crate::domain::text::{escape, wrap};

use crate::app::layout::{PageLayout, VALUE_COLUMN};
use crate::app::place::Place;
use crate::domain::cluster_id::ClusterId;

use super::ages;

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
    /// A tag.
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

/// Tags, with whose they are and how many.
pub fn tags(heading: &str, tags: &[Tag]) -> impl Iterator<Item = DetailsRow> {
    let rows = tags.iter().map(|tag| DetailsRow::Tag(tag.key.clone(), tag.value.clone()));
    std::iter::once(DetailsRow::Heading(format!("{heading}  {}", tags.len()))).chain(rows)
}

/// The lines for a cluster of a place: what people come for first, on the smallest screens too.
pub fn rows(cluster: &Cluster, place: &Place, now: Timestamp, page: PageLayout<'_>) -> Vec<DetailsRow> {
    let mut rows = fact("Status", cluster.status.as_str(), page);
    rows.extend(fact("Engine", &cluster.engine(), page));
    rows.extend(snapshots(cluster, place, now, page));
    rows.extend(tags("Tags", &cluster.tags));
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
