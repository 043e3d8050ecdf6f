//! The SDK's types to the domain's, totally: what is missing is `None`, what is unknown is kept
//! verbatim, and nothing the service can say makes it panic or drops a row.
//!
//! The one member without which a row means nothing is the identifier: without it the row converts to
//! `None`, and the caller treats the whole answer as unreadable rather than show a list that is short
//! by one.

mod cluster;
mod snapshot;

pub(super) use cluster::cluster;
pub(super) use snapshot::{event, snapshot};

use aws_sdk_rds::types;
use aws_smithy_types::DateTime;
use jiff::Timestamp;

use crate::domain::tag::Tag;

/// What stands where the service leaves out an engine or a status, which it always gives.
const NOT_REPORTED: &str = "unknown";

fn time(reported: Option<&DateTime>) -> Option<Timestamp> {
    let reported = reported?;
    let nanos = i32::try_from(reported.subsec_nanos()).ok()?;
    Timestamp::new(reported.secs(), nanos).ok()
}

/// An empty text says as little as a missing one.
fn text(reported: Option<&str>) -> Option<String> {
    reported.filter(|text| !text.is_empty()).map(str::to_owned)
}

fn tags(reported: &[types::Tag]) -> Vec<Tag> {
    let part = |text: Option<&str>| text.unwrap_or_default().to_owned();
    reported.iter().map(|tag| Tag { key: part(tag.key()), value: part(tag.value()) }).collect()
}
