//! A snapshot that an answer shows, held against the decision tables: their rows, written out as one expression.

use super::jsonata::{first_of, literal, literals};
use crate::domain::failure::FailureKind;
use crate::domain::mark::MARK_KEY;
use crate::submit::decide::CLOCKS_DIFFER;
use crate::submit::table::{ANSWERS, Fact, OWNERSHIP};

/// What a look-up of the name found: whose it is (`absent` where nothing is listed), what was seen, when by AWS's clock,
/// how often in a row it was so, and when the look before was.
pub(super) fn look(mark_key: &str) -> String {
    let rows = OWNERSHIP.iter().map(|(when, then)| (all(when), literal((*then).into())));
    let whose = first_of(rows, "\"cannot_tell\"");
    format!(
        "( $s := ($states.result.DbClusterSnapshots)[0]; {facts} \
         $whose := $exists($s) ? {whose} : \"absent\"; \
         {{ \"whose\": $whose, \"seen\": {SEEN}, \"at\": $now(), \"before\": $look.at, \
         \"times\": $whose = $look.whose ? $look.times + 1 : 1 }} )",
        facts = facts(mark_key),
    )
}

/// What was looked up when the look itself failed.
pub(super) const NO_LOOK: &str =
    "{ \"whose\": \"not_seen\", \"seen\": {}, \"at\": $look.at, \"before\": $look.at, \"times\": 0 }";

/// What an answer of success to the create means: `created`, or `unclear` where it contradicts the request.
pub(super) fn answer(mark_key: &str) -> String {
    let failure = |about: &&str| {
        let message = literal(&format!("it is about {about}"));
        let kind = literal(&kind(FailureKind::UnreadableAnswer));
        format!(
            "{{ \"word\": \"unclear\", \"failure\": \
             {{ \"kind\": {kind}, \"message\": {message}, \"refused\": false }} }}"
        )
    };
    let created = || "{ \"word\": \"created\", \"failure\": {} }".to_owned();
    let rows = ANSWERS.iter().map(|(when, then)| (all(when), then.as_ref().map_or_else(created, failure)));
    let answer = first_of(rows, &created());
    format!("( $s := $states.result.DbClusterSnapshot; {} {answer} )", facts(mark_key))
}

/// What was seen in the answer of success.
pub(super) fn answered() -> String {
    format!(
        "( $s := $states.result.DbClusterSnapshot; {{ \"whose\": \"not_looked\", \"seen\": {SEEN}, \
         \"at\": $now(), \"times\": 0 }} )"
    )
}

/// The name of a kind of failure, as the journal has it.
pub(super) fn kind(kind: FailureKind) -> String {
    serde_json::to_value(kind).ok().and_then(|kind| kind.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What is kept of a snapshot. What is not there is left out.
const SEEN: &str = "{ \"arn\": $s.DbClusterSnapshotArn, \"cluster\": $s.DbClusterIdentifier, \
                    \"created_at\": $s.SnapshotCreateTime, \"status\": $s.Status }";

/// What the conditions of the rows read, of a snapshot `$s` and the cluster's `$found`.
fn facts(mark_key: &str) -> String {
    format!(
        "$mark := ($s.TagList[Key = {}].Value)[0]; $there := $split($s.DbClusterSnapshotArn, \":\"); \
         $here := $split($found.arn, \":\");",
        literal(mark_key)
    )
}

/// A condition that holds where all of a row does.
fn all(when: &[(Fact, bool)]) -> String {
    let each = when.iter().map(|(fact, is_so)| {
        let holds = holds(*fact);
        if *is_so { format!("({holds})") } else { format!("$not({holds})") }
    });
    let all = each.collect::<Vec<_>>().join(" and ");
    if all.is_empty() { "true".to_owned() } else { all }
}

/// Whether a fact holds, as an expression that is true or false whatever is missing.
fn holds(fact: Fact) -> String {
    match fact {
        Fact::ThisName => "$lowercase($s.DbClusterSnapshotIdentifier) = $states.input.snapshot".to_owned(),
        Fact::Here => {
            "$count($there) < 6 or $count($here) < 6 or ($there[3] = $here[3] and $there[4] = $here[4])"
                .to_owned()
        }
        Fact::ThisCluster => "$exists($s.DbClusterResourceId) and $exists($found.resource_id) \
                              ? $s.DbClusterResourceId = $found.resource_id \
                              : $exists($s.DbClusterIdentifier) \
                              ? $lowercase($s.DbClusterIdentifier) = $states.input.cluster : true"
            .to_owned(),
        Fact::Manual => {
            "$not($s.SnapshotType in [\"automated\", \"awsbackup\", \"shared\", \"public\"])".to_owned()
        }
        Fact::Copy => "$exists($s.SourceDbClusterSnapshotArn)".to_owned(),
        Fact::SentWithMark => "true".to_owned(),
        Fact::ThisMark => "$mark = $states.input.number".to_owned(),
        Fact::AnotherMark => "$exists($mark) and $mark != $states.input.number".to_owned(),
        Fact::Tagged => "$count($s.TagList) > 0".to_owned(),
        Fact::BegunLongBefore => format!(
            "$exists($s.SnapshotCreateTime) and $exists($look.at) \
             ? $toMillis($look.at) - $toMillis($s.SnapshotCreateTime) > {} : false",
            CLOCKS_DIFFER.as_millis()
        ),
    }
}

/// Whether a cluster `$c` has a tag of its own under the key that the configuration gave the mark: neither may take the
/// other's place.
pub(super) fn has_key(mark_key: &str) -> String {
    if mark_key == MARK_KEY {
        return "false".to_owned();
    }
    let key = literal(mark_key);
    format!("$exists($c.TagList[Key = {key} and $not($contains(Value, /^[0-9]{{8}}T[0-9]{{6}}Z-./))])")
}

/// The tags of a cluster that its snapshot can be given, as [`crate::domain::mark::MarkKey::givable`] has them, out of a cluster `$c`.
pub(super) fn givable(mark_key: &str) -> String {
    format!(
        "[$filter($c.TagList, function($t) {{ $not($contains($lowercase($t.Key), /^(aws|rds):/)) \
         and $not($t.Key in {}) }})]",
        literals([MARK_KEY, mark_key])
    )
}
