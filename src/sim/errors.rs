//! What the service refuses, in its own codes, statuses and words.
//!
//! Codes and statuses come from botocore's model of RDS 2014-10-31 and the list of common errors;
//! messages are quoted from public reports where there are any.

use std::borrow::Cow;

use super::xml::Element;

/// A refusal: HTTP status, code and message, as they stand on the wire.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code} ({status}): {message}")]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// The wire code, which is not always the name of the shape in the SDKs.
    pub code: Cow<'static, str>,
    /// The message.
    pub message: String,
}

impl ApiError {
    /// Any refusal.
    pub(crate) fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    /// An action that the service does not have in that version, or this simulator does not simulate.
    pub(crate) fn invalid_action(action: &str, version: Option<&str>) -> Self {
        let version = version.unwrap_or("NO_VERSION_SPECIFIED");
        Self::new(400, "InvalidAction", format!("Could not find operation {action} for version {version}"))
    }

    /// A request that names no action.
    pub(crate) fn missing_action() -> Self {
        Self::new(400, "MissingAction", "The request is missing an action or a required parameter.")
    }

    /// A list that is none: with a gap, or with something else than numbers.
    pub(crate) fn malformed_input() -> Self {
        Self::new(400, "MalformedInput", "Unexpected list element termination")
    }

    /// A request that is larger than the service reads.
    pub(crate) fn too_large(most: usize) -> Self {
        Self::new(413, "RequestEntityTooLarge", format!("Request must be at most {most} bytes."))
    }

    /// A request without credentials.
    pub(crate) fn missing_authentication() -> Self {
        Self::new(403, "MissingAuthenticationToken", "Request is missing Authentication Token")
    }

    /// A required parameter that is absent.
    pub(crate) fn missing_parameter(name: &str) -> Self {
        Self::new(400, "MissingParameter", format!("The request must contain the parameter {name}"))
    }

    /// A required parameter that is empty.
    pub(crate) fn blank_parameter(name: &str) -> Self {
        Self::invalid_value(format!("The parameter {name} must be provided and must not be blank."))
    }

    /// A value that breaks a constraint.
    pub(crate) fn invalid_value(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidParameterValue", message)
    }

    /// Parameters that exclude each other, or need each other.
    pub(crate) fn invalid_combination(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidParameterCombination", message)
    }

    /// A parameter that is no identifier.
    pub(crate) fn invalid_identifier(parameter: &str) -> Self {
        Self::invalid_value(format!(
            "The parameter {parameter} is not a valid identifier. Identifiers must begin with a letter; \
             must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or \
             contain two consecutive hyphens."
        ))
    }

    /// There is no such DB cluster.
    pub(crate) fn cluster_not_found(identifier: &str) -> Self {
        Self::new(404, "DBClusterNotFoundFault", format!("DBCluster {identifier} not found."))
    }

    /// There is no such DB cluster snapshot.
    pub(crate) fn snapshot_not_found(identifier: &str) -> Self {
        let message = format!("DBClusterSnapshot not found: {identifier}");
        Self::new(404, "DBClusterSnapshotNotFoundFault", message)
    }

    /// The name is taken.
    pub(crate) fn snapshot_exists(identifier: &str) -> Self {
        let message = format!(
            "Cannot create the snapshot because a snapshot with the identifier {identifier} already exists."
        );
        Self::new(400, "DBClusterSnapshotAlreadyExistsFault", message)
    }

    /// The cluster is not `available`.
    pub(crate) fn cluster_not_available(identifier: &str) -> Self {
        let message = format!(
            "Can't create a snapshot because the database cluster {identifier} isn't currently in the available state."
        );
        Self::new(400, "InvalidDBClusterStateFault", message)
    }

    /// The snapshot is in no state, or of no kind, to be deleted.
    pub(crate) fn snapshot_state(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidDBClusterSnapshotStateFault", message)
    }

    /// No more manual snapshots. The wire code has no `Fault`, though the shape's name has.
    pub(crate) fn quota(max: usize) -> Self {
        Self::new(400, "SnapshotQuotaExceeded", format!("Cannot create more than {max} manual snapshots"))
    }

    /// The answer's document, in the namespace of the service whose operation it is.
    pub(crate) fn to_element(&self, request_id: &str, namespace: &'static str) -> Element {
        let kind = if self.status < 500 { "Sender" } else { "Receiver" };
        let error = vec![
            Element::text("Type", kind),
            Element::text("Code", &self.code),
            Element::text("Message", &self.message),
        ];
        Element::group(
            "ErrorResponse",
            vec![Element::group("Error", error), Element::text("RequestId", request_id)],
        )
        .in_namespace(namespace)
    }
}
