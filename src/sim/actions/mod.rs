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

pub use self::snapshots::{create_by_another, delete_by_another};
use super::errors::ApiError;
use super::query::Params;
use super::state::PlaceState;
use super::xml::Element;

const RDS_NAMESPACE: &str = "http://rds.amazonaws.com/doc/2014-10-31/";
const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
/// The API version of RDS.
const RDS: &str = "2014-10-31";
/// The API version of STS.
const STS: &str = "2011-06-15";

/// What an action does: elements of its result, if it has one.
type Run = fn(&mut PlaceState, &Params, Timestamp) -> Result<Option<Vec<Element>>, ApiError>;

/// An action of a service, as a request asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// The namespace of its answers.
    pub namespace: &'static str,
    run: Run,
}

impl Operation {
    /// Finds the operation that a request asks for.
    ///
    /// # Errors
    /// `MissingAction` where it names none, `InvalidAction` where there is none of that name and version.
    pub fn find(params: &Params) -> Result<Self, ApiError> {
        let action = params.raw("Action").ok_or_else(ApiError::missing_action)?;
        let version = params.raw("Version");
        let found = version.and_then(|version| run_of(version, action));
        let run = found.ok_or_else(|| ApiError::invalid_action(action, version))?;
        let namespace = if params.raw("Version") == Some(STS) { STS_NAMESPACE } else { RDS_NAMESPACE };
        Ok(Self { namespace, run })
    }

    /// Carries out a request and gives the answer's document.
    ///
    /// # Errors
    /// What AWS would refuse it with.
    pub fn perform(
        self,
        state: &mut PlaceState,
        params: &Params,
        now: Timestamp,
        request_id: &str,
    ) -> Result<Element, ApiError> {
        let action = params.raw("Action").unwrap_or_default();
        let result = (self.run)(state, params, now)?;
        let mut parts: Vec<Element> =
            result.into_iter().map(|children| Element::group(format!("{action}Result"), children)).collect();
        parts.push(Element::group("ResponseMetadata", vec![Element::text("RequestId", request_id)]));
        Ok(Element::group(format!("{action}Response"), parts).in_namespace(self.namespace))
    }
}

/// Whether a service has an action of this name.
pub(crate) fn is_action(name: &str) -> bool {
    [RDS, STS].iter().any(|version| run_of(version, name).is_some())
}

/// What the action of a service's version does, if it has one.
fn run_of(version: &str, action: &str) -> Option<Run> {
    Some(match (version, action) {
        (RDS, "DescribeDBClusters") => |s, p, now| clusters::describe(s, p, now).map(Some),
        (RDS, "DescribeDBClusterSnapshots") => |s, p, now| snapshots::describe(s, p, now).map(Some),
        (RDS, "CreateDBClusterSnapshot") => |s, p, now| snapshots::create(s, p, now).map(Some),
        (RDS, "DeleteDBClusterSnapshot") => |s, p, now| snapshots::delete(s, p, now).map(Some),
        (RDS, "AddTagsToResource") => |s, p, _| tags::add(s, p).map(|()| None),
        (RDS, "RemoveTagsFromResource") => |s, p, _| tags::remove(s, p).map(|()| None),
        (RDS, "ListTagsForResource") => |s, p, _| tags::list(s, p).map(Some),
        (RDS, "DescribeAccountAttributes") => |s, _, _| Ok(Some(account::attributes(s))),
        (RDS, "DescribeEvents") => |s, p, now| events::describe(s, p, now).map(Some),
        (STS, "GetCallerIdentity") => |s, _, _| Ok(Some(account::caller(s))),
        _ => return None,
    })
}

/// A moment as RDS writes it, to the millisecond.
fn moment(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// An element, if there is something to put into it.
fn optional(name: &'static str, value: Option<impl std::fmt::Display>) -> Option<Element> {
    value.map(|value| Element::text(name, value))
}

/// A page of a list, with the marker of the next one.
fn list(name: &'static str, items: Vec<Element>, marker: Option<String>) -> Vec<Element> {
    optional("Marker", marker).into_iter().chain([Element::group(name, items)]).collect()
}

/// The Availability Zones of a place.
fn zones(state: &PlaceState) -> Element {
    let zone = |letter| Element::text("AvailabilityZone", format!("{}{letter}", state.place.region));
    Element::group("AvailabilityZones", ["a", "b", "c"].map(zone).into())
}

/// `StorageEncryptionType`, where it is not given.
fn encryption_type(spec: &super::fleet::ClusterSpec) -> &str {
    spec.encryption_type.as_deref().unwrap_or(if spec.encrypted { "sse-kms" } else { "none" })
}
