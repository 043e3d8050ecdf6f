//! `--read-only`, enforced where requests leave: no command, screen or later feature can go round it.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Refuses every operation that is not known to change nothing.
#[derive(Debug)]
pub(super) struct ReadOnly;

/// The refusal of an operation, before it was even put into words.
#[derive(Debug, thiserror::Error)]
#[error("started with --read-only, and {operation} would change something")]
pub(super) struct Refused {
    operation: String,
}

#[dyn_dispatch_hint]
impl Intercept for ReadOnly {
    fn name(&self) -> &'static str {
        "clustersnap::ReadOnly"
    }

    // Not `read_before_execution`: a client's interceptor runs it before the operation is known.
    fn read_before_serialization(
        &self,
        _context: &BeforeSerializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = cfg.load::<Metadata>().map_or("an unnamed operation", Metadata::name);
        if changes_nothing(operation) {
            Ok(())
        } else {
            Err(Box::new(Refused { operation: operation.to_owned() }))
        }
    }
}

/// Whether an operation is known to change nothing. What is not known is refused.
fn changes_nothing(operation: &str) -> bool {
    operation.starts_with("Describe") || operation.starts_with("List")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_to_change_nothing_passes() {
        for operation in ["DescribeDBClusters", "ListTagsForResource"] {
            assert!(changes_nothing(operation), "{operation}");
        }
        for operation in [
            "CreateDBClusterSnapshot",
            "DeleteDBClusterSnapshot",
            "AddTagsToResource",
            "GetFederationToken",
            "",
        ] {
            assert!(!changes_nothing(operation), "{operation}");
        }
    }
}
