//! What can be shown about how a snapshot came about: who asked, when, by which request, and how long it
//! took. People paste it into a change ticket, so every line names what it is from or is left out.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::account::{AccountId, Arn};
use super::cluster::engine_in_full;
use super::ending::{Begun, Ending, Source, Took};
use super::mark::{MARK_KEY, Proof};
use super::record::{Fact, Record, Value};
use super::snapshot::Snapshot;
use super::status::SnapshotStatus;
use super::tag::Tag;
use super::text::{escape, json_safe, length};

/// A part of the card as a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidencePart {
    /// What it is about.
    pub heading: &'static str,
    /// Names and values.
    pub facts: Vec<Fact>,
}

/// The evidence about one snapshot. What is not known is `None`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The snapshot's identifier.
    pub snapshot: String,
    /// The snapshot's ARN.
    pub arn: Option<String>,
    /// Its status in the service's words.
    pub status: String,
    /// Whether it is still listed, as far as that was looked at.
    pub is_listed: bool,
    /// When its status was seen last, by this machine's date, if the snapshot is followed.
    pub status_seen_at: Option<Timestamp>,
    /// The cluster's identifier.
    pub cluster: Option<String>,
    /// The cluster's resource id.
    pub cluster_resource_id: Option<String>,
    /// The account.
    pub account: Option<AccountId>,
    /// The Region.
    pub region: Option<String>,
    /// The engine and its version.
    pub engine: Option<String>,
    /// How it is encrypted, in words.
    pub encryption: String,
    /// The key that it is encrypted with.
    pub kms_key: Option<String>,
    /// When it was begun, by the service's clock.
    pub created_at: Option<Timestamp>,
    /// When it became available.
    pub available_at: Option<Timestamp>,
    /// From what that is known.
    pub available_at_source: Option<Source>,
    /// How long it took, in seconds, where both of its ends are known.
    pub duration_seconds: Option<u64>,
    /// How long after its request, or after it was begun elsewhere, it was first seen available, in seconds, where
    /// only that is known.
    pub seen_after_seconds: Option<u64>,
    #[serde(skip)]
    first_seen: Option<String>,
    /// The number of the request that made it, by the tag that it carries.
    pub request_number: Option<String>,
    /// What proves whose it is: `tag` or `answer`; `None` if nothing is known of a request.
    pub proved_by: Option<&'static str>,
    #[serde(skip)]
    proof: Option<String>,
    /// The ARN of who asked for it.
    pub requester: Option<String>,
    /// When it was asked for, by the server's clock where that is known.
    pub requested_at: Option<Timestamp>,
    #[serde(skip)]
    requested: Option<Value>,
    /// The service's request id of the create.
    pub request_id: Option<String>,
    /// Its tags but for the number: anybody can give them, so they prove nothing.
    pub tags: Vec<Tag>,
}

/// A status in the service's words, where it may be that of a snapshot that is not there any more.
pub(crate) fn told_status(status: &str, is_listed: bool) -> String {
    if is_listed { status.to_owned() } else { format!("not listed any more; {status} when it was seen last") }
}

/// The key of the tag that carries the request's number.
fn mark_key(requested: Option<&Record>) -> &str {
    requested.and_then(|requested| requested.intent.mark.as_deref()).unwrap_or(MARK_KEY)
}

/// The number of the request that a snapshot carries: under the key of the request that is known, or the usual one.
fn mark_on(snapshot: &Snapshot, requested: Option<&Record>) -> Option<String> {
    let key = mark_key(requested);
    snapshot.tags.iter().find(|tag| tag.key == key).map(|tag| tag.value.clone())
}

/// What proves whose a snapshot is: its tag, where it carries the number of the request that is known, or of one of
/// another machine; else what the journal says.
fn proof(number: Option<&str>, requested: Option<&Record>) -> Option<Proof> {
    match (number, requested) {
        (Some(number), Some(requested)) if number == requested.intent.number => {
            Some(Proof::Tag(requested.intent.mark.clone().unwrap_or_else(|| MARK_KEY.to_owned())))
        }
        (Some(_), None) => Some(Proof::Tag(MARK_KEY.to_owned())),
        (_, requested) => requested.and_then(Record::proof),
    }
}

impl Evidence {
    /// The evidence about a snapshot: the request of the journal that made it, and how it was seen to end.
    pub(crate) fn new(
        snapshot: &Snapshot,
        requested: Option<&Record>,
        ending: Option<&Ending>,
        seen_at: Option<Timestamp>,
    ) -> Self {
        let asked_at = requested.and_then(|requested| requested.intent.server_time);
        let begun = Begun { created_at: snapshot.created_at, asked_at };
        let available = ending.and_then(|ending| ending.known_at(begun));
        let took = ending.filter(|ending| ending.is_usable()).and_then(|ending| ending.took(begun));
        let more = &snapshot.more;
        let tags = snapshot.tags.iter().filter(|tag| tag.key != mark_key(requested));
        let arn = Arn::reported(snapshot.arn.as_deref());
        let number = mark_on(snapshot, requested);
        let proof = proof(number.as_deref().filter(|_| snapshot.can_be_requested()), requested);
        Self {
            snapshot: snapshot.id.clone(),
            arn: snapshot.arn.clone(),
            status: snapshot.status.to_string(),
            is_listed: true,
            status_seen_at: seen_at,
            cluster: snapshot.cluster.as_ref().map(ToString::to_string),
            cluster_resource_id: snapshot.more.cluster_resource_id.clone(),
            account: snapshot.account(),
            region: arn.and_then(|arn| arn.region),
            engine: engine_in_full(more.engine.as_deref(), more.engine_version.as_deref()),
            encryption: snapshot.more.encryption.describe(),
            kms_key: snapshot.more.encryption.key().map(str::to_owned),
            created_at: snapshot.created_at,
            available_at: available.map(|(at, _)| at),
            available_at_source: available.map(|(_, source)| source),
            duration_seconds: took.and_then(Took::observed).map(|took| took.as_secs()),
            seen_after_seconds: took.and_then(Took::seen_after).map(|after| after.as_secs()),
            first_seen: took.filter(|took| took.seen_after().is_some()).map(Took::words),
            request_number: number,
            proved_by: proof.as_ref().map(Proof::word),
            proof: proof.as_ref().map(Proof::words),
            requester: requested.and_then(|requested| requested.intent.caller.clone()),
            requested_at: requested.map(|requested| requested.intent.asked_at()),
            requested: requested.map(|requested| requested.intent.requested()),
            request_id: requested.and_then(|requested| requested.request_id().map(str::to_owned)),
            tags: tags.cloned().collect(),
        }
    }

    /// The card as a page: what it is, how it came about, who requested it, its tags, and the long names. Values from
    /// outside are not escaped.
    pub(crate) fn parts(&self) -> Vec<EvidencePart> {
        let tags = self.tags.iter().map(|tag| ("Tag", Value::Text(format!("{} = {}", tag.key, tag.value))));
        let mut parts = vec![
            EvidencePart { heading: "What it is", facts: self.what() },
            EvidencePart { heading: "How it came about", facts: self.course() },
            EvidencePart { heading: "Who requested it", facts: self.request() },
            EvidencePart { heading: "Tags, which prove nothing", facts: tags.collect() },
            EvidencePart { heading: "Full names", facts: self.names() },
        ];
        parts.retain(|part| !part.facts.is_empty());
        parts
    }

    fn what(&self) -> Vec<Fact> {
        let mut facts = vec![
            ("Snapshot", Value::Text(self.snapshot.clone())),
            ("Status", Value::Text(told_status(&self.status, self.is_listed))),
        ];
        facts.extend(self.status_seen_at.map(|at| ("Status seen", Value::At(at))));
        facts.extend([
            ("Cluster", Value::known(self.cluster.as_deref())),
            ("Account", Value::known(self.account.as_ref().map(AccountId::as_str))),
            ("Region", Value::known(self.region.as_deref())),
        ]);
        facts
    }

    fn names(&self) -> Vec<Fact> {
        let key = self.kms_key.as_ref().map(|key| format!("encrypted, key {key}"));
        let encryption = key.unwrap_or_else(|| self.encryption.clone());
        vec![
            ("ARN", Value::known(self.arn.as_deref())),
            ("Resource id", Value::known(self.cluster_resource_id.as_deref())),
            ("Engine", Value::known(self.engine.as_deref())),
            ("Encryption", Value::Text(encryption)),
        ]
    }

    /// When it was begun and ended. What is still to come is not yet known, and what was not seen never.
    fn course(&self) -> Vec<Fact> {
        let status = SnapshotStatus::reported(&self.status);
        let is_open = !status.is_final() && !status.is_lost();
        let ahead = |value: Option<Value>| match value {
            None if is_open => Value::Text("not yet".to_owned()),
            None if status.is_lost() => Value::Text(format!("not known: it is {status}")),
            value => value.unwrap_or_else(|| Value::known(None)),
        };
        let took = self.duration_seconds.map(|seconds| length(Duration::from_secs(seconds)));
        let took = took.or(self.first_seen.as_ref().map(|seen| format!("not known: usable, {seen}")));
        let source = self.available_at_source.map(|source| match source {
            Source::RdsEvent => "an RDS event",
            Source::SeenByClustersnap => "seen by clustersnap",
        });
        let mut facts = vec![
            ("Created", self.created_at.map_or(Value::known(None), Value::At)),
            ("Available at", ahead(self.available_at.map(Value::At))),
        ];
        facts.extend(source.map(|source| ("Known from", Value::Text(source.to_owned()))));
        facts.push(("Duration", ahead(took.or_else(|| self.so_far(is_open)).map(Value::Text))));
        facts
    }

    /// How long it had been under way when it was seen last, if it is still.
    fn so_far(&self, is_open: bool) -> Option<String> {
        let (begun, seen) = self.created_at.zip(self.status_seen_at.filter(|_| is_open))?;
        let so_far = Duration::try_from(seen.duration_since(begun)).ok()?;
        Some(format!("{} so far, when its status was seen", length(so_far)))
    }

    fn request(&self) -> Vec<Fact> {
        let mut facts = match self.requested.clone() {
            Some(at) => vec![
                ("Requested by", Value::known(self.requester.as_deref())),
                ("Requested", at),
                ("AWS request id", Value::known(self.request_id.as_deref())),
            ],
            None => {
                vec![("Requested by", Value::Text("not known (not in this machine's journal)".to_owned()))]
            }
        };
        facts.extend(self.request_number.clone().map(|number| ("Request number", Value::Text(number))));
        facts.extend(self.proof.clone().map(|proof| ("Proved by", Value::Text(proof))));
        facts
    }

    /// As text, one line each, safe to show; times in UTC.
    pub(crate) fn to_text(&self) -> String {
        let line = |(name, value): Fact| format!("{:<17}{}", format!("{name}:"), escape(&value.into_text()));
        self.parts().into_iter().flat_map(|part| part.facts).map(line).collect::<Vec<_>>().join("\n")
    }

    /// As JSON, safe to show; what is not known is `null`.
    pub(crate) fn to_json(&self) -> String {
        // Strings, numbers and times only: there is nothing that could fail.
        json_safe(serde_json::to_string_pretty(self).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures;

    fn card(status: &str) -> Evidence {
        let at = |second| Timestamp::from_second(second).ok();
        let tags = [Tag::new("ticket", "CHG-2207"), Tag::new(MARK_KEY, "20261123T015801Z-1")];
        let snapshot = Snapshot {
            created_at: at(1000),
            tags: tags.as_slice().into(),
            ..fixtures::snapshot("nightly", "orders", status)
        };
        Evidence::new(&snapshot, None, None, at(1111))
    }

    #[test]
    fn its_tags_are_shown_as_what_proves_nothing_but_for_the_number_of_its_request() {
        let card = card("creating");
        let headings: Vec<&str> = card.parts().iter().map(|part| part.heading).collect();
        assert!(headings.contains(&"Tags, which prove nothing"), "{headings:?}");
        let text = card.to_text();
        assert!(text.contains("Tag:             ticket = CHG-2207\n"), "{text}");
        assert_eq!(text.matches("20261123T015801Z-1").count(), 1, "{text}");
        assert!(text.contains("Proved by:       its tag clustersnap:request"), "{text}");
    }

    #[test]
    fn what_is_not_known_is_said_once_and_what_is_under_way_has_a_length_so_far() {
        let text = card("creating").to_text();
        assert!(text.contains("Duration:        1 min 51 s so far, when its status was seen\n"), "{text}");
        assert_eq!(text.matches("not in this machine's journal").count(), 1, "{text}");
        assert!(!text.contains("Requested:") && !text.contains("AWS request id:"), "{text}");
        let text = card("available").to_text();
        assert!(text.contains("Duration:        not known\n"), "{text}");
        let text = card("deleting").to_text();
        assert!(text.contains("Available at:    not known: it is deleting\n"), "{text}");
    }

    #[test]
    fn one_that_failed_was_not_seen_available() {
        let at = |second| Timestamp::from_second(second).expect("a time");
        let snapshot = Snapshot { created_at: Some(at(1000)), ..fixtures::snapshot("n", "orders", "failed") };
        let seen = Ending::seen("failed", at(1009), Some(at(1009)));
        let ending = Ending { open_at: Some(at(1005)), ..seen };
        let card = Evidence::new(&snapshot, None, Some(&ending), None);
        assert_eq!((card.available_at, card.available_at_source, card.duration_seconds), (None, None, None));
        let text = card.to_text();
        assert!(text.contains("Available at:    not known: it is failed\n"), "{text}");
        assert!(!text.contains("Known from"), "{text}");
    }
}
