//! All that is known of a snapshot, as lines: every member that the API returns.

use std::time::Duration;

use crate::domain::cluster::told_size;
use crate::domain::snapshot::Snapshot;

use crate::app::Now;
use crate::app::action::Action;
use crate::app::cursor::Motion;
use crate::app::keymap::Focus;
use crate::app::layout::Page;
use crate::app::request_id::PlaceId;
use crate::app::world::World;

use super::details::{self, Row};
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

    fn act(&mut self, action: Action, world: &mut World, now: &Now) -> Next {
        match action {
            Action::Evidence => return evidence::open(Some((self.place, self.snapshot.clone())), world, now),
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
    #[must_use]
    pub fn rows(&self, world: &World) -> Vec<Row> {
        let earlier = || {
            let snapshot = &self.snapshot;
            let cluster = snapshot.cluster.as_ref().filter(|_| !snapshot.status.is_final())?;
            let began = snapshot.created_at?;
            Some(world.at(self.place).durations.earlier.durations(cluster, began))
        };
        rows(&self.snapshot, &earlier().unwrap_or_default(), world.page())
    }
}

/// The lines for a snapshot.
fn rows(snapshot: &Snapshot, earlier: &[Duration], page: Page) -> Vec<Row> {
    let more = &snapshot.more;
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "not reported".to_owned());
    let number = |value: Option<i32>, unit: &str| {
        value.map_or_else(|| "not reported".to_owned(), |value| format!("{value}{unit}"))
    };
    let mut rows = Vec::new();
    let mut fact = |name, value: String| rows.extend(details::fact(name, &value, page));
    // What people come for is there on the smallest screens too.
    fact("Status", snapshot.status.to_string());
    fact("Identifier", snapshot.id.clone());
    fact("ARN", text(&snapshot.arn));
    fact("Type", snapshot.kind.to_string());
    fact("Progress", snapshot.percent.map_or_else(|| "not reported".to_owned(), |it| format!("{it} %")));
    rows.extend(ages::durations(earlier, page));
    let mut fact = |name, value: String| rows.extend(details::fact(name, &value, page));
    fact("Cluster", text(&snapshot.cluster.as_ref().map(ToString::to_string)));
    fact("Cluster res. id", text(&snapshot.more.cluster_resource_id));
    fact("Engine", text(&snapshot.more.engine));
    fact("Engine version", text(&snapshot.more.engine_version));
    fact("Engine mode", text(&more.engine_mode));
    fact(
        "Size",
        match (told_size(snapshot.allocated_gib), snapshot.allocated_gib) {
            (None, Some(gib)) => format!("not told by Aurora ({gib} GiB reported)"),
            (size, _) => number(size, " GiB allocated"),
        },
    );
    fact("Storage type", text(&more.storage_type));
    fact("Throughput", number(more.storage_throughput, " MiB/s"));
    fact("Encryption", snapshot.more.encryption.describe());
    fact("KMS key", text(&snapshot.more.encryption.key().map(str::to_owned)));
    rows.extend(details::moment("Created", snapshot.created_at, page));
    rows.extend(details::moment("Cluster created", more.cluster_created_at, page));
    let mut fact = |name, value: String| rows.extend(details::fact(name, &value, page));
    fact("AZs", if more.zones.is_empty() { "not reported".to_owned() } else { more.zones.join(", ") });
    fact("VPC", text(&more.vpc));
    fact("Port", number(more.port, ""));
    fact("Master username", text(&more.master_username));
    fact("License model", text(&more.license));
    fact("IAM DB auth", text(&more.iam_authentication.map(|on| if on { "yes" } else { "no" }.to_owned())));
    fact("Retention", number(more.retention_days, " d of automated backups"));
    fact(
        "Backup window",
        more.backup_window
            .as_ref()
            .map_or_else(|| "not reported".to_owned(), |window| format!("{window} UTC")),
    );
    fact("Copied from", text(&more.source_arn));
    fact("DB system id", text(&more.system_id));
    rows.push(Row::Heading(format!("Tags  {}", snapshot.tags.len())));
    rows.extend(snapshot.tags.iter().map(|tag| Row::Tag(tag.key.clone(), tag.value.clone())));
    rows
}
