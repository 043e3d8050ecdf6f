//! Answers for programs: one envelope, and the domain's values in it. `assets/schema.json` describes them.

use std::ops::Not;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::places::{Incomplete, Where};
use super::problem::Problem;
use super::streams::{Stop, piece, result};
use crate::domain::account::AccountId;
use crate::domain::cluster::{Cluster, Encryption};
use crate::domain::ending::{Ending, Took};
use crate::domain::engine::Capacity;
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::preflight::Verdict;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;
use crate::domain::text::{escape, json_safe};
use crate::session::Session;

/// The one envelope of every answer.
#[derive(Serialize)]
struct Envelope<'a, T> {
    /// Whether all of it was done: whoever looks no further takes a part for nothing, and not for all.
    success: bool,
    /// What came of it, in all places or in some.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a T>,
    /// The worst of what failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Problem>,
    /// The places that failed, where there are others.
    #[serde(skip_serializing_if = "Option::is_none")]
    incomplete: Option<&'a [Incomplete]>,
}

/// What a check means, in a word.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
pub fn verdict<S: Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(match verdict {
        Verdict::Fine | Verdict::Fact => "ok",
        Verdict::Doubt => "warning",
        Verdict::Unknown => "unknown",
        Verdict::Blocks => "failed",
    })
}

/// An answer on one line.
pub fn done<T: Serialize>(data: &T) -> String {
    answer(data, None, &[])
}

/// What came of it, with the worst of what failed, if anything did, and the places that did.
pub fn answer<T: Serialize>(data: &T, worst: Option<&Problem>, incomplete: &[Incomplete]) -> String {
    let incomplete = worst.map(|_| incomplete);
    line(&Envelope { success: worst.is_none(), data: Some(data), error: worst, incomplete })
}

/// What a list begins with that is written piece by piece, and what it ends with. The same as [`done`] makes.
pub const LIST_START: &str = r#"{"success":true,"data":["#;
/// See [`LIST_START`].
pub const LIST_END: &str = "]}";

/// A value as it stands in an answer.
pub fn value<T: Serialize>(value: &T) -> String {
    // Plain data with text keys: it cannot fail.
    serde_json::to_string(value).map_or_else(|_| "null".to_owned(), json_safe)
}

/// By whose clock a time is.
pub fn clock(is_servers: bool) -> &'static str {
    if is_servers { "server" } else { "machine" }
}

/// So much of an answer is put together before it is written.
const PIECE: usize = 1 << 16;

/// Writes the envelope of an empty list with rows in it.
pub fn write_rows<R: Serialize>(envelope: &str, rows: impl Iterator<Item = R>) -> Result<(), Stop> {
    const EMPTY: &str = r#""data":["#;
    // Inside of a text the quotes would be escaped. A list that is not there gets no rows.
    let Some((before, after)) = envelope.split_once(EMPTY) else { return result(envelope) };
    let mut output = [before, EMPTY].concat();
    for (at, row) in rows.enumerate() {
        output.push_str(if at == 0 { "" } else { "," });
        output.push_str(&value(&row));
        if output.len() > PIECE {
            piece(&output)?;
            output.clear();
        }
    }
    output.push_str(after);
    result(&output)
}

/// A problem on one line.
pub fn not_done(error: &Problem) -> String {
    line(&Envelope::<()> { success: false, data: None, error: Some(error), incomplete: None })
}

/// A place of several that failed, on one line.
pub fn failed(place: &Incomplete) -> String {
    let incomplete = Some(std::slice::from_ref(place));
    line(&Envelope::<()> { success: false, data: None, error: Some(&place.problem), incomplete })
}

fn line<T: Serialize>(envelope: &Envelope<'_, T>) -> String {
    // Plain data with text keys: it cannot fail, and a line that says so beats a panic if it does.
    serde_json::to_string(envelope).map_or_else(
        |_| {
            r#"{"success":false,"error":{"code":"INTERNAL","message":"the answer cannot be written"}}"#
                .to_owned()
        },
        json_safe,
    )
}

/// A DB cluster.
#[derive(Debug, Serialize)]
#[expect(clippy::option_option, reason = "JSON tells what is not there from what is null")]
pub struct ClusterData {
    id: String,
    arn: Option<String>,
    resource_id: Option<String>,
    engine: String,
    engine_version: Option<String>,
    capacity: Capacity,
    global_cluster: Option<String>,
    status: String,
    created_at: Option<Timestamp>,
    members: Vec<String>,
    encryption: &'static str,
    copies_tags: Option<bool>,
    tags: Vec<Tag>,
    /// Not there where the snapshots were not read; `null` where none is usable.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_usable_at: Option<Option<Timestamp>>,
    #[serde(flatten)]
    place: Where,
}

impl ClusterData {
    /// A cluster, with the time of its last usable snapshot if the snapshots were read, and where it is.
    #[expect(clippy::option_option, reason = "JSON tells what is not there from what is null")]
    pub fn new(cluster: &Cluster, last_usable_at: Option<Option<Timestamp>>, place: Where) -> Self {
        Self {
            id: cluster.id.to_string(),
            arn: cluster.arn.clone(),
            resource_id: cluster.resource_id.clone(),
            engine: cluster.family.name().to_owned(),
            engine_version: cluster.engine_version.clone(),
            capacity: cluster.capacity,
            global_cluster: cluster.global_cluster.clone(),
            status: cluster.status.as_str().to_owned(),
            created_at: cluster.created_at,
            members: cluster.members.iter().map(|member| member.id.clone()).collect(),
            encryption: encryption(&cluster.storage.encryption),
            copies_tags: cluster.copies_tags,
            tags: cluster.tags.clone(),
            last_usable_at,
            place,
        }
    }
}

fn encryption(encryption: &Encryption) -> &'static str {
    match encryption {
        Encryption::Kms(_) => "kms",
        Encryption::ServiceOwned => "rds",
        Encryption::None => "none",
        Encryption::Unknown => "unknown",
    }
}

/// A DB cluster snapshot; for a create also where it was made, and how that is known.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SnapshotData {
    /// The identifier.
    pub id: String,
    /// Whether it is the answer of a dry run.
    #[serde(rename = "dry_run", skip_serializing_if = "Not::not")]
    pub is_dry: bool,
    /// When it was begun, UTC.
    pub created_at: Option<Timestamp>,
    /// The Amazon Resource Name.
    pub arn: Option<String>,
    /// The cluster that it is of.
    pub cluster: Option<String>,
    /// Who made it.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The status in the service's words, `gone` for one that is not there any more; `None` if not known.
    pub status: Option<String>,
    /// How far it is, 0 to 100.
    pub percent: Option<u8>,
    /// The engine, verbatim.
    pub engine: Option<String>,
    /// The engine's version.
    pub engine_version: Option<String>,
    /// Allocated storage in GiB.
    pub allocated_gib: Option<i32>,
    /// How it is encrypted.
    pub encryption: Option<&'static str>,
    /// The tags.
    pub tags: Vec<Tag>,
    /// Where a request for it went, and what became of that.
    #[serde(flatten)]
    pub origin: Option<RequestOrigin>,
    /// How long it took, once it was followed to its end.
    #[serde(flatten)]
    pub ended: Option<EndData>,
    /// Where it is; for a create its origin tells that.
    #[serde(flatten)]
    pub place: Option<Where>,
}

/// How long a snapshot that was followed to its end took, as far as that can be told.
#[derive(Clone, Debug, Serialize)]
pub struct EndData {
    /// When it was finished, by RDS's own event.
    pub finished_at: Option<Timestamp>,
    /// How long it took, where both of its ends are known.
    pub took_s: Option<f64>,
    /// How long after its beginning the end was first seen, where only that is known.
    pub seen_after_s: Option<f64>,
    /// Why it cannot be restored, by RDS's own event; escaped.
    pub why: Option<String>,
}

impl EndData {
    /// What is known of an end, if there was one.
    pub fn new(ending: Option<&Ending>, took: Option<Took>) -> Self {
        Self {
            finished_at: ending.and_then(|ending| ending.finished_at),
            took_s: took.and_then(Took::observed).map(|took| took.as_secs_f64()),
            seen_after_s: took.and_then(Took::seen_after).map(|after| after.as_secs_f64()),
            why: ending.and_then(|ending| ending.why.as_deref()).map(escape),
        }
    }
}

/// Where a request for a snapshot went, and what became of it.
#[derive(Clone, Debug, Serialize)]
pub struct RequestOrigin {
    /// The Region.
    pub region: Option<String>,
    /// The account, where it is known.
    pub account: Option<AccountId>,
    /// AWS's request id.
    pub request_id: Option<String>,
    /// What became of the request: the journal's word.
    pub outcome: Option<OutcomeKind>,
}

impl From<&Snapshot> for SnapshotData {
    fn from(snapshot: &Snapshot) -> Self {
        Self {
            id: snapshot.id.clone(),
            created_at: snapshot.created_at,
            arn: snapshot.arn.clone(),
            cluster: snapshot.cluster.as_ref().map(ToString::to_string),
            kind: Some(snapshot.kind.as_str().to_owned()),
            status: Some(snapshot.status.as_str().to_owned()),
            percent: snapshot.percent,
            engine: snapshot.more.engine.clone(),
            engine_version: snapshot.more.engine_version.clone(),
            allocated_gib: snapshot.allocated_gib,
            encryption: Some(encryption(&snapshot.more.encryption)),
            tags: snapshot.tags.to_vec(),
            ..Self::default()
        }
    }
}

impl SnapshotData {
    /// What is known of a snapshot that was only asked for.
    pub fn requested(request: &SnapshotRequest) -> Self {
        Self {
            id: request.snapshot.to_string(),
            cluster: Some(request.cluster.to_string()),
            kind: Some("manual".to_owned()),
            tags: request.tags.as_slice().to_vec(),
            ..Self::default()
        }
    }

    /// The same with where it is: by its ARN, else where it was asked for.
    pub(crate) fn in_place_of(mut self, session: &Session) -> Self {
        self.place = Some(Where::of(self.arn.as_deref(), session));
        self
    }

    /// The same with where its request went, and what became of that.
    pub(crate) fn asked_through(mut self, session: &Session, outcome: Option<&Outcome>) -> Self {
        let Where { account, region } = Where::of(self.arn.as_deref(), session);
        self.origin = Some(RequestOrigin {
            region,
            account,
            request_id: outcome.and_then(Outcome::request_id).map(str::to_owned),
            outcome: outcome.map(Outcome::kind),
        });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_control_or_invisible_character_comes_out_raw_and_none_is_lost() {
        let hostile = "a\u{1b}[2J\u{7f}\u{9b}\u{202e}\u{e0041}\n\"größe 日本\"";
        let line = done(&hostile);
        assert!(line.chars().all(|c| !c.is_control() && c != '\u{202e}' && c != '\u{e0041}'), "{line}");
        assert!(line.contains("größe 日本"), "{line}");
        let read: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(read["data"], hostile);
    }
}
