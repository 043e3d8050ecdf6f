//! `DescribeDBClusterSnapshots`, `CreateDBClusterSnapshot` and `DeleteDBClusterSnapshot`.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::errors::ApiError;
use super::super::filters::Filters;
use super::super::paging;
use super::super::query::Params;
use super::super::state::{PlaceState, StoredSnapshot};
use super::super::xml::Element;
use super::{clusters, encryption_type, list, moment, optional, tags, zones};
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::{Tag, givable};

const FILTERS: [&str; 4] = ["db-cluster-id", "db-cluster-snapshot-id", "engine", "snapshot-type"];
const TYPES: [&str; 5] = ["automated", "awsbackup", "manual", "public", "shared"];

pub fn describe(state: &PlaceState, params: &Params, now: Timestamp) -> Result<Vec<Element>, ApiError> {
    let cluster = params.get("DBClusterIdentifier");
    let name = params.get("DBClusterSnapshotIdentifier");
    if cluster.is_some() && name.is_some() {
        return Err(ApiError::invalid_combination(
            "DBClusterIdentifier and DBClusterSnapshotIdentifier cannot both be specified.",
        ));
    }
    let kinds = kinds(params)?;
    let filters = Filters::read(params, &FILTERS)?;
    let resource = params.get("DbClusterResourceId");
    let named = match name {
        None => None,
        Some(name) => {
            let is_meant =
                |it: &&StoredSnapshot| state.lists(it, now) && (kinds.is_some() || it.kind != "automated");
            let found = state.snapshot(name).filter(is_meant);
            Some(found.ok_or_else(|| ApiError::snapshot_not_found(name))?)
        }
    };
    let wanted = |snapshot: &&StoredSnapshot| {
        let of = &snapshot.cluster;
        state.lists(snapshot, now)
            && kinds.as_ref().is_none_or(|kinds| kinds.contains(&snapshot.kind.as_str()))
            && named.is_none_or(|named| named.arn == snapshot.arn)
            && cluster.is_none_or(|id| of.spec.identifier.eq_ignore_ascii_case(id) || of.arn == id)
            && resource.is_none_or(|id| of.resource_id == id)
            && filters.pass(|filter, value| has(snapshot, filter, value))
    };
    let found = state.snapshots.iter().filter(wanted).collect();
    let page = paging::page(params, found, |snapshot| snapshot.identifier.as_str())?;
    let snapshots = page.items.into_iter().map(|snapshot| element(state, snapshot, now)).collect();
    Ok(list("DBClusterSnapshots", snapshots, page.marker))
}

/// The kinds that are asked for; `None` means whatever is named.
///
/// Without a type, an identifier finds manual snapshots, own or shared, and no automated ones; a list has the manual and automated ones of this account, and shared or public ones only if told so.
fn kinds(params: &Params) -> Result<Option<Vec<&str>>, ApiError> {
    let shared = params.flag("IncludeShared")?;
    let public = params.flag("IncludePublic")?;
    match params.get("SnapshotType") {
        Some(kind) if TYPES.contains(&kind) => Ok(Some(vec![kind])),
        Some(kind) => Err(ApiError::invalid_value(format!("Invalid snapshot type: {kind}"))),
        None if params.get("DBClusterSnapshotIdentifier").is_some() => Ok(None),
        None => {
            let mut kinds = vec!["manual", "automated"];
            kinds.extend(shared.then_some("shared"));
            kinds.extend(public.then_some("public"));
            Ok(Some(kinds))
        }
    }
}

fn has(snapshot: &StoredSnapshot, filter: &str, value: &str) -> bool {
    match filter {
        "db-cluster-id" => snapshot.cluster.spec.identifier == value || snapshot.cluster.arn == value,
        "db-cluster-snapshot-id" => snapshot.identifier == value,
        "engine" => snapshot.cluster.spec.engine == value,
        _ => snapshot.kind == value,
    }
}

pub fn create(state: &mut PlaceState, params: &Params, now: Timestamp) -> Result<Vec<Element>, ApiError> {
    let name = params.required("DBClusterSnapshotIdentifier")?;
    let cluster_name = params.required("DBClusterIdentifier")?;
    let id = SnapshotId::parse(name)
        .map_err(|_why| ApiError::invalid_identifier("DBClusterSnapshotIdentifier"))?;
    let given = tags::given(params)?;
    // An ARN is not taken here, unlike by the lists.
    let mut clusters = state.clusters.iter();
    let cluster = clusters
        .find(|cluster| cluster.spec.identifier.eq_ignore_ascii_case(cluster_name))
        .ok_or_else(|| ApiError::cluster_not_found(cluster_name))?;
    if state.snapshot(id.as_str()).is_some() {
        return Err(ApiError::snapshot_exists(id.as_str()));
    }
    if cluster.status(now) != "available" {
        return Err(ApiError::cluster_not_available(&cluster.spec.identifier));
    }
    if state.manual_snapshots() >= state.snapshot_quota {
        return Err(ApiError::quota(state.snapshot_quota));
    }
    let tags = match given {
        given if !given.is_empty() => given,
        _ if cluster.spec.copy_tags => givable(&cluster.tags),
        _ => Vec::new(),
    };
    let cluster = Arc::clone(cluster);
    let snapshot = state.begin(id.as_str(), &cluster, tags, now).clone();
    state.created += 1;
    Ok(vec![element(state, &snapshot, now)])
}

/// Somebody else takes a snapshot: no questions asked, nothing counted. Nothing happens if the name
/// is taken or there is no such cluster.
pub fn create_by_another(state: &mut PlaceState, name: &str, cluster: &str, tags: Vec<Tag>, now: Timestamp) {
    if state.snapshot(name).is_none()
        && let Some(cluster) = state.cluster(cluster).cloned()
    {
        state.begin(&name.to_ascii_lowercase(), &cluster, tags, now);
    }
}

/// Somebody else deletes a snapshot: no questions asked.
pub fn delete_by_another(state: &mut PlaceState, name: &str, now: Timestamp) {
    if let Some(arn) = state.snapshot(name).map(|snapshot| snapshot.arn.clone()) {
        state.delete(&arn, now);
    }
}

pub fn delete(state: &mut PlaceState, params: &Params, now: Timestamp) -> Result<Vec<Element>, ApiError> {
    let name = params.required("DBClusterSnapshotIdentifier")?;
    let snapshot = state.snapshot(name).ok_or_else(|| ApiError::snapshot_not_found(name))?.clone();
    if snapshot.kind != "manual" {
        return Err(ApiError::snapshot_state(format!(
            "Only manual snapshots may be deleted. {name} is of type {}.",
            snapshot.kind
        )));
    }
    let (status, _) = snapshot.progress(now);
    // To delete one that is being copied ends the copying.
    if !["available", "copying"].contains(&status) {
        return Err(ApiError::snapshot_state(format!(
            "Cannot delete the snapshot because it is not currently in the available state. It is {status}."
        )));
    }
    let answer = element(state, &snapshot, now);
    state.delete(&snapshot.arn, now);
    Ok(vec![answer])
}

fn element(state: &PlaceState, snapshot: &StoredSnapshot, now: Timestamp) -> Element {
    let cluster = &snapshot.cluster;
    let spec = &cluster.spec;
    let (status, percent) = snapshot.progress(now);
    let mut parts = vec![
        zones(state),
        Element::text("DBClusterSnapshotIdentifier", &snapshot.identifier),
        Element::text("DBClusterIdentifier", &spec.identifier),
        Element::text("DbClusterResourceId", &cluster.resource_id),
        Element::text("SnapshotCreateTime", moment(snapshot.created)),
        Element::text("Engine", &spec.engine),
        Element::text("EngineMode", spec.engine_mode.as_deref().unwrap_or("provisioned")),
        Element::text("EngineVersion", &spec.engine_version),
        Element::text("AllocatedStorage", spec.storage_gib),
        Element::text("Status", status),
        Element::text("Port", clusters::port(&spec.engine)),
        Element::text("VpcId", "vpc-0f1e2d3c4b5a69788"),
        Element::text("ClusterCreateTime", moment(cluster.created)),
        Element::text("MasterUsername", "admin"),
        Element::text("LicenseModel", license(&spec.engine)),
        Element::text("SnapshotType", &snapshot.kind),
        Element::text("PercentProgress", percent),
        Element::text("StorageEncrypted", spec.encrypted),
        Element::text("StorageEncryptionType", encryption_type(spec)),
        Element::text("BackupRetentionPeriod", spec.backup_retention_days),
        Element::text("PreferredBackupWindow", &spec.backup_window),
        Element::text("DBClusterSnapshotArn", &snapshot.arn),
        Element::text("IAMDatabaseAuthenticationEnabled", false),
        tags::element(&snapshot.tags),
    ];
    parts.extend(optional("KmsKeyId", clusters::kms_key(state, spec)));
    parts.extend(optional("StorageType", spec.storage_type.as_ref()));
    Element::group("DBClusterSnapshot", parts)
}

fn license(engine: &str) -> &'static str {
    match engine {
        "postgres" | "aurora-postgresql" => "postgresql-license",
        "mysql" | "aurora-mysql" => "general-public-license",
        _ => "amazon-license",
    }
}
