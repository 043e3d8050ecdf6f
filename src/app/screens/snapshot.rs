//! All that is known of a snapshot, as lines: every member that the API returns.

use std::time::Duration;

use crate::domain::cluster::{engine_in_full, told_size};
use crate::domain::cluster_id::ClusterId;
use crate::domain::evidence::told_status;
use crate::domain::record::Value;
use crate::domain::snapshot::Snapshot;

use crate::app::action::Action;
use crate::app::cursor::Motion;
use crate::app::keymap::Focus;
use crate::app::layout::PageLayout;
use crate::app::request_id::PlaceId;
use crate::app::world::World;

use super::details::{self, DetailsRow, Reported, told};
use super::{Next, Screen, Shape, ages, evidence, scroll};

/// What is said where there is nothing to open.
pub const NOT_LISTED: &str = "AWS lists no snapshot here that could be shown.";

/// All that is known of a snapshot.
#[derive(Debug)]
pub struct SnapshotDetails {
    /// The place of the snapshot.
    pub place: PlaceId,
    /// The snapshot.
    pub snapshot: Snapshot,
    /// The first line that is shown.
    pub first: usize,
}

/// Opens the details of a snapshot, if there is one.
pub fn open(snapshot: Option<(PlaceId, Snapshot)>, world: &mut World) -> Next {
    let Some((place, snapshot)) = snapshot else {
        world.notices.say(NOT_LISTED);
        return Next::Stay;
    };
    world.notices.clear();
    SnapshotDetails { place, snapshot, first: 0 }.into()
}

impl Screen for SnapshotDetails {
    fn focus(&self, _world: &World) -> Focus {
        Focus::OneSnapshot
    }

    fn place(&self, _world: &World) -> Option<PlaceId> {
        Some(self.place)
    }

    fn shape(&self) -> Shape {
        Shape::Text
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::Evidence => return evidence::open(Some((self.place, self.snapshot.clone())), world),
            Action::Copy => world.copy_one(Some(self.snapshot.id.clone())),
            Action::CopyArn => world.copy_one(self.snapshot.arn.clone()),
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn fit(&mut self, world: &mut World) {
        if let Some((latest, _)) = world.at(self.place).latest(&self.snapshot)
            && *latest != self.snapshot
        {
            self.snapshot = latest.clone();
        }
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let len = self.rows(world).len();
        scroll(&mut self.first, motion, len, world.layout.body_rows());
    }
}

impl SnapshotDetails {
    /// The lines, with how long earlier ones took beside the progress of one that is being made.
    pub fn rows(&self, world: &World) -> Vec<DetailsRow> {
        let earlier = || {
            let snapshot = &self.snapshot;
            let cluster = snapshot.cluster.as_ref().filter(|_| !snapshot.status.is_final())?;
            let began = snapshot.created_at?;
            Some(world.at(self.place).durations.earlier.durations(cluster, began))
        };
        let is_listed = world.at(self.place).is_listed(&self.snapshot);
        rows(&self.snapshot, is_listed, &earlier().unwrap_or_default(), world.page())
    }
}

/// The lines of a snapshot: what people come for first, on the smallest screens too.
fn rows(snapshot: &Snapshot, is_listed: bool, earlier: &[Duration], page: PageLayout<'_>) -> Vec<DetailsRow> {
    let mut rows = details::fact("Status", &told_status(snapshot.status.as_str(), is_listed), page);
    if let Some(percent) = snapshot.percent.filter(|_| is_listed) {
        rows.extend(details::fact("Progress", &format!("{percent} %"), page));
    }
    rows.extend(ages::durations(earlier, page));
    rows.extend(details::moment("Created", snapshot.created_at, page));
    let cluster = snapshot.cluster.as_ref().map_or("not reported", ClusterId::as_str);
    rows.extend(details::fact("Cluster", cluster, page));
    rows.extend(details::fact("Type", snapshot.kind.as_str(), page));
    rows.extend(details::tags("Tags", &snapshot.tags));
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
