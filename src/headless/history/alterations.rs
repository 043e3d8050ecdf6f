//! What was done to snapshots that were there, in the words of the history.

use jiff::{Timestamp, Zoned};
use serde::Serialize;

use super::{asked_by, numbers};
use crate::domain::account::AccountId;
use crate::domain::age::told_at;
use crate::domain::alteration::{AlterationRecord, AlteredKind, Deed};
use crate::domain::failure::FailureKind;
use crate::domain::text::escape;
use crate::headless::json;

/// What was done to a snapshot, for a program.
#[derive(Serialize)]
pub struct AlterationData<'a> {
    id: &'a str,
    at: Timestamp,
    clock: &'static str,
    number: &'a str,
    #[serde(flatten)]
    deed: &'a Deed,
    despite: &'a [String],
    created_at: Timestamp,
    arn: &'a str,
    cluster: Option<&'a str>,
    caller: Option<&'a str>,
    account: Option<AccountId>,
    profile: Option<&'a str>,
    region: Option<&'a str>,
    endpoint: &'a str,
    outcome: AlteredKind,
    open: bool,
    known_at: Option<Timestamp>,
    request_id: Option<&'a str>,
    #[serde(rename = "aws_code")]
    service_code: Option<&'a str>,
    failure: Option<FailureKind>,
    message: Option<String>,
    attempts: Option<u32>,
    version: &'a str,
}

/// An alteration as it stands in an answer.
pub fn json(record: &AlterationRecord) -> String {
    json::value(&data_of(record))
}

/// An alteration for a program.
pub fn data_of(record: &AlterationRecord) -> AlterationData<'_> {
    let AlterationRecord { asked, outcome } = record;
    let failure = record.failure();
    AlterationData {
        id: &asked.snapshot,
        at: asked.asked_at(),
        clock: json::clock(asked.server_time.is_some()),
        number: &asked.number,
        deed: &asked.deed,
        despite: &asked.despite,
        created_at: asked.created_at,
        arn: &asked.arn,
        cluster: asked.cluster.as_deref(),
        caller: asked.caller.as_deref(),
        account: asked.account(),
        profile: asked.profile.as_deref(),
        region: asked.region.as_deref(),
        endpoint: &asked.endpoint,
        outcome: record.kind(),
        open: record.is_open(),
        known_at: outcome.as_ref().map(|line| line.at),
        request_id: outcome.as_ref().and_then(|line| line.request_id.as_deref()),
        service_code: failure.and_then(|failure| failure.code.as_deref()),
        failure: failure.map(|failure| failure.kind),
        message: failure.map(|failure| escape(&failure.message)),
        attempts: record.sent(),
        version: &asked.version,
    }
}

/// What was done to a snapshot, for a person: in the order of a request's lines.
pub fn text(record: &AlterationRecord) -> String {
    let asked = &record.asked;
    let now = Zoned::now();
    let of = asked.cluster.as_ref().map(|cluster| format!(" of {}", escape(cluster))).unwrap_or_default();
    let (snapshot, deed) = (escape(&asked.snapshot), escape(&asked.deed.words()));
    let mut lines = vec![
        format!("{}  {snapshot}{of}: {deed}: {}", asked.requested().told(&now), record.kind().short()),
        asked_by(asked.caller.as_deref(), asked.region.as_deref(), &asked.endpoint),
        format!("  {}", record.sentence()),
        format!("  the one that was created {}", told_at(asked.created_at, &now)),
    ];
    if !asked.despite.is_empty() {
        lines.push(format!("  said by name despite {}", escape(&asked.despite.join(", "))));
    }
    lines.extend(record.failure().map(|failure| format!("  {failure}")));
    let id = record.outcome.as_ref().and_then(|line| line.request_id.as_deref());
    lines.push(numbers(id, &asked.number));
    lines.join("\n")
}
