//! The details of a DB cluster, as lines: what is known of it, and its snapshots.

use jiff::Timestamp;

use crate::domain::cluster::Cluster;
use crate::domain::snapshot::Snapshot;

use super::super::catalog::Catalog;

/// A line of the details. Text in it comes from outside and is not yet safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The beginning of a part.
    Heading(String),
    /// A name and a value.
    Fact(&'static str, String),
    /// A name and two times; the view tells them relative and absolute.
    Span(&'static str, Option<Timestamp>, Option<Timestamp>),
    /// A tag.
    Tag(String, String),
    /// A snapshot of the cluster.
    Snapshot(Box<Snapshot>),
    /// Something to know.
    Remark(String),
}

/// The lines for a cluster.
#[must_use]
pub fn rows(cluster: &Cluster, catalog: &Catalog) -> Vec<Row> {
    let unknown = || "not known".to_owned();
    let storage = &cluster.storage;
    let mut rows = vec![
        Row::Fact("Engine", cluster.engine()),
        Row::Fact("Engine version", cluster.engine_version.clone().unwrap_or_else(unknown)),
        Row::Fact("Status", cluster.status.to_string()),
        Row::Fact("ARN", cluster.arn.clone().unwrap_or_else(unknown)),
        Row::Fact("Resource id", cluster.resource_id.clone().unwrap_or_else(unknown)),
    ];
    if let Some(global) = cluster.global_cluster.as_ref().filter(|global| !global.is_empty()) {
        rows.push(Row::Fact("Global cluster", global.clone()));
    }
    rows.extend([
        Row::Fact("Members", members(cluster)),
        Row::Fact("Storage", describe_storage(cluster)),
        Row::Fact("Encryption", storage.encryption.describe()),
        Row::Fact(
            "Retention",
            storage.retention_days.map_or_else(unknown, |days| format!("{days} d of automated backups")),
        ),
        Row::Fact(
            "Backup window",
            storage.backup_window.as_ref().map_or_else(unknown, |window| format!("{window} UTC")),
        ),
        Row::Span("Restorable", storage.restorable_from, storage.restorable_to),
        Row::Span("Created", cluster.created_at, None),
        Row::Fact("Copies tags", copies_tags(cluster.copies_tags)),
        Row::Heading(format!("Tags  {}", cluster.tags.len())),
    ]);
    rows.extend(cluster.tags.iter().map(|tag| Row::Tag(tag.key.clone(), tag.value.clone())));
    let snapshots = catalog.snapshots_of(&cluster.id);
    let more = if catalog.snapshots.complete_at.is_some() { "" } else { ", still loading" };
    rows.push(Row::Heading(format!("Snapshots  {}{more}", snapshots.len())));
    if snapshots.is_empty() && catalog.snapshots.complete_at.is_some() {
        rows.push(Row::Remark("none of any type; s makes the first one".to_owned()));
    }
    rows.extend(snapshots.into_iter().map(|snapshot| Row::Snapshot(Box::new(snapshot.clone()))));
    rows
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

fn describe_storage(cluster: &Cluster) -> String {
    let kind = cluster.storage.kind.clone();
    // Aurora grows by itself and reports 1 GiB, which says nothing.
    let size = cluster.storage.allocated_gib.filter(|gib| *gib > 1).map(|gib| format!("{gib} GiB"));
    let known: Vec<String> = kind.into_iter().chain(size).collect();
    if known.is_empty() { "not known".to_owned() } else { known.join(", ") }
}

fn copies_tags(copies: Option<bool>) -> String {
    match copies {
        Some(true) => "to snapshots made without tags",
        Some(false) => "no",
        None => "not known",
    }
    .to_owned()
}
