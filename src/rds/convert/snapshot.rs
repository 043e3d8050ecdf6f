//! A DB cluster snapshot, and an event of one.

use std::sync::Arc;

use aws_sdk_rds::types;

use super::{NOT_REPORTED, tags, text, time};
use crate::domain::cluster::Encryption;
use crate::domain::cluster_id::ClusterId;
use crate::domain::event::SnapshotEvent;
use crate::domain::snapshot::{More, Snapshot, SnapshotKind, clamp_percent};
use crate::domain::status::SnapshotStatus;

/// Converts a DB cluster snapshot; `None` if it has no identifier.
pub(in crate::rds) fn snapshot(reported: &types::DbClusterSnapshot) -> Option<Snapshot> {
    Some(Snapshot {
        id: text(reported.db_cluster_snapshot_identifier())?,
        arn: text(reported.db_cluster_snapshot_arn()),
        cluster: text(reported.db_cluster_identifier()).map(|id| ClusterId::reported(&id)),
        kind: SnapshotKind::reported(reported.snapshot_type().unwrap_or(NOT_REPORTED)),
        status: SnapshotStatus::reported(reported.status().unwrap_or(NOT_REPORTED)),
        percent: reported.percent_progress().map(clamp_percent),
        created_at: time(reported.snapshot_create_time()),
        allocated_gib: reported.allocated_storage(),
        tags: tags(reported.tag_list()).into(),
        more: Arc::new(more(reported)),
    })
}

fn more(reported: &types::DbClusterSnapshot) -> More {
    let encryption = reported.storage_encryption_type().map(types::StorageEncryptionType::as_str);
    More {
        cluster_resource_id: text(reported.db_cluster_resource_id()),
        engine: text(reported.engine()),
        engine_version: text(reported.engine_version()),
        encryption: Encryption::reported(reported.storage_encrypted(), encryption, reported.kms_key_id()),
        zones: reported.availability_zones().to_vec(),
        engine_mode: text(reported.engine_mode()),
        port: reported.port(),
        vpc: text(reported.vpc_id()),
        cluster_created_at: time(reported.cluster_create_time()),
        master_username: text(reported.master_username()),
        license: text(reported.license_model()),
        retention_days: reported.backup_retention_period(),
        backup_window: text(reported.preferred_backup_window()),
        source_arn: text(reported.source_db_cluster_snapshot_arn()),
        iam_authentication: reported.iam_database_authentication_enabled(),
        storage_type: text(reported.storage_type()),
        storage_throughput: reported.storage_throughput(),
        system_id: text(reported.db_system_id()),
    }
}

/// Converts an event; `None` if it does not say of which snapshot it is and when: such an event says
/// nothing about how long a snapshot took, which is all that events are read for.
pub(in crate::rds) fn event(reported: &types::Event) -> Option<SnapshotEvent> {
    Some(SnapshotEvent {
        snapshot: text(reported.source_identifier())?,
        at: time(reported.date())?,
        message: reported.message().unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types::{DbClusterSnapshot, Tag};
    use aws_smithy_types::DateTime;

    use super::*;

    fn named() -> aws_sdk_rds::types::builders::DbClusterSnapshotBuilder {
        DbClusterSnapshot::builder().db_cluster_snapshot_identifier("rds:orders-2026")
    }

    #[test]
    fn a_snapshot_of_which_only_the_name_is_known_is_kept_and_is_not_usable() {
        let bare = snapshot(&named().build()).expect("an identifier");
        assert_eq!(bare.id, "rds:orders-2026");
        assert!(!bare.status.is_usable() && !bare.status.is_final());
        assert_eq!(bare.kind, SnapshotKind::Other("unknown".to_owned()));
        assert_eq!((bare.percent, bare.created_at, bare.cluster), (None, None, None));
    }

    #[test]
    fn progress_is_clamped_and_an_unheard_of_status_kept() {
        for (reported, percent) in [(-1, 0), (0, 0), (42, 42), (101, 100), (i32::MAX, 100)] {
            let converted = snapshot(&named().percent_progress(reported).status("pending").build());
            let converted = converted.expect("an identifier");
            assert_eq!(converted.percent, Some(percent));
            assert_eq!(converted.status.as_str(), "pending");
        }
    }

    #[test]
    fn hostile_tags_stay_as_they_are() {
        let tag = Tag::builder().key("\u{202e}k").value("\u{1b}[31m").build();
        let converted = snapshot(&named().tag_list(tag).tag_list(Tag::builder().build()).build());
        let tags = converted.expect("an identifier").tags;
        assert_eq!(
            tags.first().map(|tag| (tag.key.as_str(), tag.value.as_str())),
            Some(("\u{202e}k", "\u{1b}[31m"))
        );
        assert_eq!(tags.len(), 2);
    }

    #[test]
    fn a_time_beyond_the_calendar_is_no_time() {
        let converted = snapshot(&named().snapshot_create_time(DateTime::from_secs(i64::MAX)).build());
        assert_eq!(converted.expect("an identifier").created_at, None);
    }
}
