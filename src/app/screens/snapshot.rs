//! All that is known of a snapshot, as lines: every member that the API returns.

use crate::domain::cluster::{engine_in_full, told_size};
use crate::domain::cluster_id::ClusterId;
use crate::domain::evidence::told_status;
use crate::domain::record::Value;
use crate::domain::snapshot::Snapshot;

use crate::app::layout::PageLayout;
use crate::app::place::Place;

use super::ages;
use super::details::{self, DetailsRow, Reported, told};

/// The lines of a snapshot, with how long earlier ones took beside the progress of one that is being made: what people
/// come for first, on the smallest screens too.
pub fn rows(snapshot: &Snapshot, place: &Place, page: PageLayout<'_>) -> Vec<DetailsRow> {
    let is_listed = place.is_listed(snapshot);
    let earlier = || {
        let cluster = snapshot.cluster.as_ref().filter(|_| !snapshot.status.is_final())?;
        Some(place.durations.earlier.durations(cluster, snapshot.created_at?))
    };
    let mut rows = details::fact("Status", &told_status(snapshot.status.as_str(), is_listed), page);
    if let Some(percent) = snapshot.percent.filter(|_| is_listed) {
        rows.extend(details::fact("Progress", &format!("{percent} %"), page));
    }
    rows.extend(ages::durations(&earlier().unwrap_or_default(), page));
    rows.extend(details::moment("Created", snapshot.created_at, page));
    let cluster = snapshot.cluster.as_ref().map_or("not reported", ClusterId::as_str);
    rows.extend(details::fact("Cluster", cluster, page));
    rows.extend(details::fact("Type", snapshot.kind.as_str(), page));
    rows.extend(details::tags("Tags", &snapshot.tags, page));
    rows.push(DetailsRow::Heading("Properties".to_owned()));
    rows.extend(details::reported(properties(snapshot), page));
    rows
}

fn properties(snapshot: &Snapshot) -> Vec<Reported> {
    let more = &snapshot.more;
    let engine = engine_in_full(more.engine.as_deref(), more.engine_version.as_deref());
    let zones = Some(more.zones.join(", ")).filter(|zones| !zones.is_empty());
    vec![
        ("Engine", told(engine)),
        ("Engine mode", told(more.engine_mode.clone())),
        ("Size", told(snapshot.allocated_gib.map(size))),
        ("Encryption", told(more.encryption.in_full())),
        ("ARN", told(snapshot.arn.clone())),
        ("Resource id", told(more.cluster_resource_id.clone())),
        ("Cluster created", more.cluster_created_at.map(Value::At)),
        ("Storage type", told(more.storage_type.clone())),
        ("Throughput", told(more.storage_throughput.map(|it| format!("{it} MiB/s")))),
        ("AZs", told(zones)),
        ("VPC", told(more.vpc.clone())),
        ("Port", told(more.port.map(|port| port.to_string()))),
        ("Master username", told(more.master_username.clone())),
        ("License model", told(more.license.clone())),
        ("IAM DB auth", told(more.iam_authentication.map(|is_on| if is_on { "yes" } else { "no" }))),
        ("Retention", told(more.retention_days.map(|days| format!("{days} d of automated backups")))),
        ("Backup window", told(more.backup_window.as_ref().map(|window| format!("{window} UTC")))),
        ("Copied from", told(more.source_arn.clone())),
        ("DB system id", told(more.system_id.clone())),
    ]
}

fn size(gib: i32) -> String {
    match told_size(Some(gib)) {
        Some(gib) => format!("{gib} GiB allocated"),
        None => format!("not known: Aurora always reports {gib} GiB"),
    }
}
