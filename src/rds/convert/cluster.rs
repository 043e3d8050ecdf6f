//! A DB cluster.

use aws_sdk_rds::types;

use super::{NOT_REPORTED, tags, text, time};
use crate::domain::cluster::{Cluster, Encryption, Member, Storage};
use crate::domain::cluster_id::ClusterId;
use crate::domain::engine::{Capacity, EngineFamily};
use crate::domain::status::ClusterStatus;

/// Converts a DB cluster; `None` if it has no identifier.
pub(in crate::rds) fn cluster(reported: &types::DbCluster) -> Option<Cluster> {
    let id = text(reported.db_cluster_identifier())?;
    Some(Cluster {
        id: ClusterId::reported(&id),
        arn: text(reported.db_cluster_arn()),
        resource_id: text(reported.db_cluster_resource_id()),
        family: EngineFamily::reported(reported.engine().unwrap_or(NOT_REPORTED)),
        engine_version: text(reported.engine_version()),
        capacity: capacity(reported),
        global_cluster: global_cluster(reported),
        status: ClusterStatus::reported(reported.status().unwrap_or(NOT_REPORTED)),
        created_at: time(reported.cluster_create_time()),
        members: reported.db_cluster_members().iter().filter_map(member).collect(),
        storage: storage(reported),
        copies_tags: reported.copy_tags_to_snapshot(),
        tags: tags(reported.tag_list()),
    })
}

/// Source: `DBCluster` in the RDS API reference, members `EngineMode`, `ClusterScalabilityType`,
/// `ServerlessV2ScalingConfiguration`.
fn capacity(reported: &types::DbCluster) -> Capacity {
    let is_limitless = reported.cluster_scalability_type() == Some(&types::ClusterScalabilityType::Limitless);
    if is_limitless {
        Capacity::Limitless
    } else if reported.engine_mode() == Some("serverless") {
        Capacity::ServerlessV1
    } else if reported.serverless_v2_scaling_configuration().is_some() {
        Capacity::ServerlessV2
    } else {
        Capacity::Provisioned
    }
}

/// The global cluster's identifier, or an empty text where only a write-forwarding status tells that
/// there is one.
fn global_cluster(reported: &types::DbCluster) -> Option<String> {
    let forwards = || reported.global_write_forwarding_status().filter(|status| !status.as_str().is_empty());
    text(reported.global_cluster_identifier()).or_else(|| forwards().map(|_| String::new()))
}

fn member(reported: &types::DbClusterMember) -> Option<Member> {
    Some(Member {
        id: text(reported.db_instance_identifier())?,
        is_writer: reported.is_cluster_writer().unwrap_or(false),
    })
}

fn storage(reported: &types::DbCluster) -> Storage {
    let encryption = reported.storage_encryption_type().map(types::StorageEncryptionType::as_str);
    Storage {
        kind: text(reported.storage_type()),
        allocated_gib: reported.allocated_storage(),
        encryption: Encryption::reported(reported.storage_encrypted(), encryption, reported.kms_key_id()),
        retention_days: reported.backup_retention_period(),
        restorable_from: time(reported.earliest_restorable_time()),
        restorable_to: time(reported.latest_restorable_time()),
        backup_window: text(reported.preferred_backup_window()),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_rds::types::{
        ClusterScalabilityType, DbCluster, ServerlessV2ScalingConfigurationInfo, StorageEncryptionType,
        WriteForwardingStatus,
    };

    use super::*;
    use crate::domain::status::Readiness;

    fn named() -> aws_sdk_rds::types::builders::DbClusterBuilder {
        DbCluster::builder().db_cluster_identifier("Orders")
    }

    fn converted(builder: aws_sdk_rds::types::builders::DbClusterBuilder) -> Cluster {
        cluster(&builder.build()).expect("an identifier")
    }

    #[test]
    fn a_cluster_of_which_only_the_name_is_known_is_kept() {
        let bare = converted(named());
        assert_eq!(bare.id.as_str(), "orders");
        assert_eq!(bare.family, EngineFamily::Other("unknown".to_owned()));
        assert_eq!(bare.status.readiness(), Readiness::Unknown);
        assert_eq!(bare.storage, Storage::default());
        assert_eq!((bare.created_at, bare.copies_tags, bare.global_cluster), (None, None, None));
    }

    #[test]
    fn a_cluster_without_a_name_is_told_apart() {
        assert_eq!(cluster(&DbCluster::builder().engine("mysql").build()), None);
        assert_eq!(cluster(&DbCluster::builder().db_cluster_identifier("").build()), None);
    }

    #[test]
    fn engine_families_are_told_from_what_is_reported() {
        for (engine, family) in [
            ("aurora-mysql", EngineFamily::AuroraMysql),
            ("postgres", EngineFamily::MultiAzPostgresql),
            ("docdb", EngineFamily::DocumentDb),
            ("new-engine", EngineFamily::Other("new-engine".to_owned())),
        ] {
            assert_eq!(converted(named().engine(engine)).family, family);
        }
    }

    #[test]
    fn capacity_is_told_from_three_members() {
        let v2 = ServerlessV2ScalingConfigurationInfo::builder().build();
        assert_eq!(converted(named().engine_mode("provisioned")).capacity, Capacity::Provisioned);
        assert_eq!(converted(named().engine_mode("serverless")).capacity, Capacity::ServerlessV1);
        assert_eq!(
            converted(named().serverless_v2_scaling_configuration(v2)).capacity,
            Capacity::ServerlessV2
        );
        let limitless = named().cluster_scalability_type(ClusterScalabilityType::Limitless);
        assert_eq!(converted(limitless).capacity, Capacity::Limitless);
    }

    #[test]
    fn a_global_member_is_told_by_name_or_by_its_forwarding() {
        let by_name = named().global_cluster_identifier("world");
        assert_eq!(converted(by_name).global_cluster.as_deref(), Some("world"));
        let by_status = named().global_write_forwarding_status(WriteForwardingStatus::Disabled);
        assert_eq!(converted(by_status).global_cluster.as_deref(), Some(""));
    }

    #[test]
    fn encryption_by_the_service_counts_although_the_flag_says_no() {
        let by_service = named().storage_encrypted(false).storage_encryption_type(StorageEncryptionType::Sse);
        assert_eq!(converted(by_service).storage.encryption, Encryption::ServiceOwned);
    }
}
