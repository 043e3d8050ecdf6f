//! `DescribeDBClusters`.

use jiff::{SignedDuration, Timestamp};

use super::super::errors::ApiError;
use super::super::filters::Filters;
use super::super::fleet::ClusterSpec;
use super::super::paging;
use super::super::query::Params;
use super::super::state::{PlaceState, StoredCluster};
use super::super::xml::Element;
use super::{encryption_type, list, moment, optional, tags, zones};

const FILTERS: [&str; 5] = ["clone-group-id", "db-cluster-id", "db-cluster-resource-id", "domain", "engine"];

/// How far behind now the latest restorable time is.
const RESTORABLE_LAG: SignedDuration = SignedDuration::from_mins(5);

pub fn describe(state: &PlaceState, params: &Params, now: Timestamp) -> Result<Vec<Element>, ApiError> {
    params.flag("IncludeShared")?;
    let filters = Filters::read(params, &FILTERS)?;
    let name = params.get("DBClusterIdentifier");
    if let Some(name) = name
        && state.cluster(name).is_none()
    {
        return Err(ApiError::cluster_not_found(name));
    }
    let wanted = |cluster: &&std::sync::Arc<StoredCluster>| {
        let named = name.and_then(|name| state.cluster(name)).is_none_or(|named| named.arn == cluster.arn);
        named && filters.pass(|filter, value| has(cluster, filter, value))
    };
    let found = state.clusters.iter().filter(wanted).collect();
    let page = paging::page(params, found, |cluster| cluster.spec.identifier.as_str())?;
    let clusters = page.items.into_iter().map(|cluster| element(state, cluster, now)).collect();
    Ok(list("DBClusters", clusters, page.marker))
}

fn has(cluster: &StoredCluster, filter: &str, value: &str) -> bool {
    match filter {
        "db-cluster-id" => cluster.spec.identifier == value || cluster.arn == value,
        "db-cluster-resource-id" => cluster.resource_id == value,
        "engine" => cluster.spec.engine == value,
        // No cluster here is a clone or in a domain.
        _ => false,
    }
}

fn element(state: &PlaceState, cluster: &StoredCluster, now: Timestamp) -> Element {
    let spec = &cluster.spec;
    let mut parts = vec![
        Element::text("DBClusterIdentifier", &spec.identifier),
        Element::text("DBClusterArn", &cluster.arn),
        Element::text("DbClusterResourceId", &cluster.resource_id),
        Element::text("Status", cluster.status(now)),
        Element::text("Engine", &spec.engine),
        Element::text("EngineVersion", &spec.engine_version),
        Element::text("EngineLifecycleSupport", "open-source-rds-extended-support-disabled"),
        Element::text("ClusterCreateTime", moment(cluster.created)),
        Element::text("MasterUsername", "admin"),
        Element::text("DBSubnetGroup", "default"),
        Element::text("NetworkType", "IPV4"),
        Element::text("AutoMinorVersionUpgrade", true),
        Element::text("IAMDatabaseAuthenticationEnabled", false),
        Element::text("CopyTagsToSnapshot", spec.copy_tags),
        Element::text("DeletionProtection", spec.deletion_protection),
        Element::text("ActivityStreamStatus", "stopped"),
        Element::text("CrossAccountClone", false),
        Element::text("HttpEndpointEnabled", false),
        Element::group("DomainMemberships", Vec::new()),
        Element::group("AssociatedRoles", Vec::new()),
        Element::group("ReadReplicaIdentifiers", Vec::new()),
        tags::element(&cluster.tags),
    ];
    parts.extend(network(state, spec));
    parts.extend(members(spec));
    parts.extend(storage(state, spec));
    parts.extend(backup(cluster, now));
    parts.extend(scaling(spec));
    Element::group("DBCluster", parts)
}

fn network(state: &PlaceState, spec: &ClusterSpec) -> Vec<Element> {
    let host =
        |kind| format!("{}.{kind}-c1x2y3z4abcd.{}.rds.amazonaws.com", spec.identifier, state.place.region);
    let group =
        vec![Element::text("VpcSecurityGroupId", "sg-0a1b2c3d4e5f60718"), Element::text("Status", "active")];
    vec![
        Element::text("Endpoint", host("cluster")),
        Element::text("ReaderEndpoint", host("cluster-ro")),
        Element::text("Port", port(&spec.engine)),
        Element::text("HostedZoneId", "Z29XKXDKYMONMX"),
        zones(state),
        Element::group("VpcSecurityGroups", vec![Element::group("VpcSecurityGroupMembership", group)]),
    ]
}

/// The port that the engine listens on by default.
pub(super) fn port(engine: &str) -> u16 {
    match engine {
        "aurora-postgresql" | "postgres" => 5432,
        "neptune" => 8182,
        "docdb" => 27017,
        _ => 3306,
    }
}

fn members(spec: &ClusterSpec) -> Vec<Element> {
    let member = |(index, name): (usize, &String)| {
        let parts = vec![
            Element::text("DBInstanceIdentifier", name),
            Element::text("IsClusterWriter", index == 0),
            Element::text("DBClusterParameterGroupStatus", "in-sync"),
            Element::text("PromotionTier", index.min(15)),
        ];
        Element::group("DBClusterMember", parts)
    };
    let members: Vec<Element> = spec.members.iter().enumerate().map(member).collect();
    vec![
        Element::text("MultiAZ", members.len() > 1 || spec.instance_class.is_some()),
        Element::group("DBClusterMembers", members),
        Element::text("DBClusterParameterGroup", format!("default.{}", family(spec))),
    ]
    .into_iter()
    .chain(optional("DBClusterInstanceClass", spec.instance_class.as_ref()))
    .collect()
}

/// The family of parameter groups: the engine and the version's part that upgrades keep,
/// `aurora-postgresql16`, `aurora-mysql8.0`, `docdb5.0`.
fn family(spec: &ClusterSpec) -> String {
    let parts = if spec.engine.contains("postgres") { 1 } else { 2 };
    let version: Vec<&str> = spec.engine_version.split('.').take(parts).collect();
    format!("{}{}", spec.engine, version.join("."))
}

fn storage(state: &PlaceState, spec: &ClusterSpec) -> Vec<Element> {
    let mut parts = vec![
        Element::text("AllocatedStorage", spec.storage_gib),
        Element::text("StorageEncrypted", spec.encrypted),
        Element::text("StorageEncryptionType", encryption_type(spec)),
    ];
    parts.extend(optional("StorageType", spec.storage_type.as_ref()));
    parts.extend(optional("Iops", spec.iops));
    parts.extend(optional("KmsKeyId", kms_key(state, spec)));
    parts
}

/// The key that encrypts a cluster and its snapshots, if one does.
pub(super) fn kms_key(state: &PlaceState, spec: &ClusterSpec) -> Option<String> {
    let key = "7c1b2f0e-3f2a-4c55-9a34-5d0c0f6e1a2b";
    spec.encrypted.then(|| state.place.arn("kms", &format!("key/{key}")))
}

fn backup(cluster: &StoredCluster, now: Timestamp) -> Vec<Element> {
    let spec = &cluster.spec;
    let kept = SignedDuration::from_hours(24 * spec.backup_retention_days);
    let earliest = now.checked_sub(kept).unwrap_or(cluster.created).max(cluster.created);
    let latest = now.checked_sub(RESTORABLE_LAG).unwrap_or(now).max(earliest);
    vec![
        Element::text("BackupRetentionPeriod", spec.backup_retention_days),
        Element::text("PreferredBackupWindow", &spec.backup_window),
        Element::text("PreferredMaintenanceWindow", "sun:03:30-sun:04:00"),
        Element::text("EarliestRestorableTime", moment(earliest)),
        Element::text("LatestRestorableTime", moment(latest)),
    ]
}

fn scaling(spec: &ClusterSpec) -> Vec<Element> {
    let aurora = spec.engine.starts_with("aurora");
    let mode = spec.engine_mode.as_deref().unwrap_or("provisioned");
    let mut parts = vec![Element::text("EngineMode", mode)];
    if let Some([least, most]) = spec.serverless_v2 {
        let range = vec![Element::text("MinCapacity", least), Element::text("MaxCapacity", most)];
        parts.push(Element::group("ServerlessV2ScalingConfiguration", range));
    }
    if let Some([least, most]) = spec.serverless_v1 {
        let range = vec![
            Element::text("MinCapacity", least),
            Element::text("MaxCapacity", most),
            Element::text("AutoPause", true),
            Element::text("SecondsUntilAutoPause", 300),
        ];
        parts.push(Element::text("Capacity", least));
        parts.push(Element::group("ScalingConfigurationInfo", range));
    }
    if aurora {
        let scalability = if spec.limitless { "limitless" } else { "standard" };
        parts.push(Element::text("ClusterScalabilityType", scalability));
    }
    parts.extend(optional("GlobalClusterIdentifier", spec.global_cluster.as_ref()));
    parts.extend(optional("GlobalWriteForwardingStatus", spec.global_write_forwarding.as_ref()));
    parts.extend(optional("ReplicationSourceIdentifier", spec.replication_source.as_ref()));
    parts
}
