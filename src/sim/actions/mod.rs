//! The actions, one file per kind of resource: parameters in, the result's elements out.
//!
//! They see the state and the moment, nothing else. An action that is not here is refused as AWS
//! refuses one it does not have.

mod account;
mod clusters;
mod events;
mod snapshots;
mod tags;

use jiff::Timestamp;

pub use self::snapshots::create_by_another;
use super::errors::ApiError;
use super::query::Params;
use super::state::State;
use super::xml::Element;
use super::{RDS_NAMESPACE, STS_NAMESPACE};

/// The API version of RDS.
const RDS: &str = "2014-10-31";
/// The API version of STS.
const STS: &str = "2011-06-15";

/// Carries out a request and gives the answer's document.
///
/// # Errors
/// What AWS would refuse it with.
pub fn perform(
    state: &mut State,
    params: &Params,
    now: Timestamp,
    request_id: &str,
) -> Result<Element, ApiError> {
    let action = params.get("Action").ok_or_else(|| ApiError::new(400, "MissingAction", "Missing Action"))?;
    let version = params.get("Version").unwrap_or(RDS);
    let result = match (version, action) {
        (RDS, "DescribeDBClusters") => Some(clusters::describe(state, params, now)?),
        (RDS, "DescribeDBClusterSnapshots") => Some(snapshots::describe(state, params, now)?),
        (RDS, "CreateDBClusterSnapshot") => Some(snapshots::create(state, params, now)?),
        (RDS, "DeleteDBClusterSnapshot") => Some(snapshots::delete(state, params, now)?),
        (RDS, "AddTagsToResource") => {
            tags::add(state, params)?;
            None
        }
        (RDS, "RemoveTagsFromResource") => {
            tags::remove(state, params)?;
            None
        }
        (RDS, "ListTagsForResource") => Some(tags::list(state, params)?),
        (RDS, "DescribeAccountAttributes") => Some(account::attributes(state)),
        (RDS, "DescribeEvents") => Some(events::describe(state, params, now)?),
        (STS, "GetCallerIdentity") => Some(account::caller(state)),
        _ => return Err(ApiError::invalid_action(action, version)),
    };
    let namespace = if version == STS { STS_NAMESPACE } else { RDS_NAMESPACE };
    let mut parts: Vec<Element> =
        result.into_iter().map(|children| Element::group(format!("{action}Result"), children)).collect();
    parts.push(Element::group("ResponseMetadata", vec![Element::text("RequestId", request_id)]));
    Ok(Element::group(format!("{action}Response"), parts).in_namespace(namespace))
}

/// A moment as RDS writes it, to the millisecond.
fn moment(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// An element, if there is something to put into it.
fn optional(name: &'static str, value: Option<impl std::fmt::Display>) -> Option<Element> {
    value.map(|value| Element::text(name, value))
}

/// `StorageEncryptionType`, where it is not given.
fn encryption_type(spec: &super::fleet::ClusterSpec) -> &str {
    spec.encryption_type.as_deref().unwrap_or(if spec.encrypted { "sse-kms" } else { "none" })
}
