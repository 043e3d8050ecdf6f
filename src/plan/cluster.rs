//! What is done for one cluster, in the order of [`crate::submit`]: look at the cluster and at the name, send once, look
//! until it is known what happened, follow the snapshot to its end, and tell.
//!
//! The input of each state is the same: `cluster`, `snapshot` (the name) and `number` (the mark's value). What becomes
//! known is in variables, all of which the first state assigns: `found` (the cluster), `look` (what has the name),
//! `answer`, `attempts`, `looks`, `polls`, `outcome`, `asked`, `known`, `end`, `deleted`, `older` and
//! `older_page`. A map's items may not assign what the run around them has assigned.

use serde_json::{Map, Value, json};
use strum::VariantArray as _;

use super::jsonata::{expression, literal, literals};
use super::{Plan, guard, older, seen, sending, waiting};
use crate::domain::failure::FailureKind;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::status::ClusterStatus;
use crate::domain::tag::Tag;
use crate::submit::table::{self, FoundConclusion, Moment, Ownership};

pub(super) const START: &str = "Look at the cluster";
const READY: &str = "Is it ready?";
const NAME: &str = "Look the name up";
const FREE: &str = "Is the name free?";
/// The most rows of an answer that a list is read by: with their tags they have to fit into the 256 KiB of a state.
const ROWS: u32 = 20;
/// The last state, which tells.
pub(super) const TELL: &str = "Tell what became of it";

/// The states of one cluster.
pub(super) fn states(plan: &Plan) -> Map<String, Value> {
    let key = plan.mark_key.as_str();
    let mut states = Map::new();
    states.insert(START.to_owned(), look_at_cluster(plan));
    states.insert(READY.to_owned(), ready(plan));
    states.insert(NAME.to_owned(), look_up(key));
    states.insert(FREE.to_owned(), free());
    sending::states(key, &tags(&plan.tags), &mut states);
    let kept = plan.keep_last.map(|kept| older::states(key, kept, &mut states));
    waiting::states(key, kept.unwrap_or(TELL), &mut states);
    states.insert(TELL.to_owned(), tell());
    states
}

/// An operation of RDS as a task.
pub(super) fn action(name: &str) -> Value {
    json!({ "Fn::Sub": format!("arn:${{AWS::Partition}}:states:::aws-sdk:rds:{name}") })
}

fn filtered(name: &str, value: &str) -> Value {
    json!({ "Filters": [{ "Name": name, "Values": [expression(value)] }] })
}

/// A task that reads: it may be repeated, and whether it succeeds or not, what came in goes on.
pub(super) fn read(
    operation: &str,
    arguments: &Value,
    (assign, next): (&Value, &str),
    (failed, broken): (&Value, &str),
) -> Value {
    json!({
        "Type": "Task",
        "Resource": action(operation),
        "Arguments": arguments,
        "Retry": retry(),
        "Assign": assign,
        "Catch": [{
            "ErrorEquals": ["States.ALL"],
            "Assign": failed,
            "Output": expression("$states.input"),
            "Next": broken,
        }],
        "Output": expression("$states.input"),
        "Next": next,
    })
}

/// Looks the name up by a filter: that nothing is there is an empty list then, and no error.
pub(super) fn read_name(found: (&Value, &str), failed: (&Value, &str)) -> Value {
    let by_name = filtered("db-cluster-snapshot-id", "$states.input.snapshot");
    read("describeDBClusterSnapshots", &by_name, found, failed)
}

/// A task that reads a page of a list, `marker` being the variable that leads to it, and assigns what it makes of it. What
/// follows from that, and from a failure, its caller adds.
pub(super) fn read_page(
    operation: &str,
    given: &str,
    marker: &str,
    (variable, collected): (&str, &str),
) -> Value {
    json!({
        "Type": "Task",
        "Resource": action(operation),
        "Arguments": expression(&format!(
            "$merge([{{ {given}\"MaxRecords\": {ROWS} }}, ${marker} != \"\" ? {{ \"Marker\": ${marker} }} : {{}}])"
        )),
        "Retry": retry(),
        "Assign": {
            (variable): expression(collected),
            (marker): expression("$exists($states.result.Marker) ? $states.result.Marker : \"\""),
        },
    })
}

/// The choice that goes back to read the next page, if there is one.
pub(super) fn more(marker: &str, list: &str, next: &str) -> Value {
    json!({
        "Type": "Choice",
        "Choices": [{ "Condition": expression(&format!("${marker} != \"\"")), "Next": list }],
        "Default": next,
    })
}

/// What only reads may be repeated.
pub(super) fn retry() -> Value {
    json!([{
        "ErrorEquals": ["States.ALL"],
        "IntervalSeconds": 2,
        "BackoffRate": 2,
        "MaxAttempts": 5,
        "MaxDelaySeconds": 30,
        "JitterStrategy": "FULL",
    }])
}

/// A choice that settles the outcome.
pub(super) fn outcome(when: &str, kind: OutcomeKind, next: &str) -> Value {
    json!({
        "Condition": expression(when),
        "Assign": { "outcome": kind, "known": expression("$now()") },
        "Next": next,
    })
}

/// The choices that a found snapshot leaves at a moment, which is told by `when`: the request's own is followed.
pub(super) fn found(when: &str, moment: Moment) -> impl Iterator<Item = Value> {
    Ownership::VARIANTS.iter().filter_map(move |ownership| {
        let is_whose = format!("{when}$look.whose = {}", literal(ownership.into()));
        Some(match table::word(moment, *ownership)? {
            FoundConclusion::FoundAgain => outcome(&is_whose, OutcomeKind::FoundAgain, waiting::WAIT),
            FoundConclusion::Elsewhere => outcome(&is_whose, OutcomeKind::Elsewhere, TELL),
            FoundConclusion::Taken => outcome(&is_whose, OutcomeKind::Taken, TELL),
            FoundConclusion::Unproven => outcome(&is_whose, OutcomeKind::Unproven, TELL),
        })
    })
}

fn look_at_cluster(plan: &Plan) -> Value {
    let fresh = |found: Value, answer: Value| {
        json!({
            "found": found,
            "answer": answer,
            "look": { "whose": "not_looked", "seen": {}, "times": 0 },
            "attempts": 0,
            "looks": 0,
            "polls": 0,
            "outcome": OutcomeKind::NotCreated,
            "asked": expression("$now()"),
            "known": expression("$now()"),
            "end": {},
            "deleted": [],
            "older": [],
            "older_page": expression("\"\""),
        })
    };
    let found = format!(
        "( $c := ($states.result.DbClusters)[0]; {{ \"there\": $exists($c), \"status\": $c.Status, \
         \"arn\": $c.DbClusterArn, \"resource_id\": $c.DbClusterResourceId, \"tags\": {}, \
         \"guarded\": {}, \"has_key\": {} }} )",
        seen::givable(&plan.mark_key),
        guard::fits(&plan.read_only),
        seen::has_key(&plan.mark_key)
    );
    let by_name = filtered("db-cluster-id", "$states.input.cluster");
    let answered = fresh(expression(&found), json!({ "word": "none", "failure": {} }));
    let failed = fresh(json!({}), expression(&unsent()));
    read("describeDBClusters", &by_name, (&answered, READY), (&failed, TELL))
}

/// A failed look before anything was sent: whatever it was, nothing happened.
fn unsent() -> String {
    sending::failure("{ \"word\": \"none\", \"failure\": $merge([$failure, { \"refused\": true }]) }")
}

/// Whether anything certain stands against a request, as `submit` looks before it.
fn ready(plan: &Plan) -> Value {
    let stop = |when: &str, kind: FailureKind, message: &str| {
        json!({
            "Condition": expression(when),
            "Assign": {
                "answer": { "word": "none", "failure": {
                    "kind": kind, "message": expression(message), "refused": true,
                } },
                "known": expression("$now()"),
            },
            "Next": TELL,
        })
    };
    let missing = format!(
        "$filter({}, function($key) {{ $not($exists($found.tags[Key = $key and $trim(Value) != \"\"])) }})",
        literals(plan.required_tags.iter().map(String::as_str))
    );
    let has_key = literal(&format!(" has a tag of its own that is called {}, as the mark is", plan.mark_key));
    let not_ready = ClusterStatus::BUSY.into_iter().chain(ClusterStatus::NOT_READY);
    json!({
        "Type": "Choice",
        "Choices": [
            stop("$not($found.there)", FailureKind::ClusterNotFound, "$states.input.cluster & \" is not there\""),
            stop(
                "$found.guarded",
                FailureKind::ReadOnly,
                "\"[read_only] of the plan's configuration has a pattern that fits \" & $states.input.cluster",
            ),
            stop(
                "$found.has_key",
                FailureKind::InvalidParameter,
                &format!("$states.input.cluster & {has_key}"),
            ),
            stop(
                &format!("$found.status in {}", literals(not_ready)),
                FailureKind::InvalidState,
                "$states.input.cluster & \" is \" & $found.status",
            ),
            stop(
                &format!("$count({missing}) > 0"),
                FailureKind::InvalidParameter,
                &format!("\"required and missing: \" & $join([{missing}], \", \")"),
            ),
        ],
        "Default": NAME,
    })
}

fn look_up(mark_key: &str) -> Value {
    let seen = json!({ "look": expression(&seen::look(mark_key)), "asked": expression("$now()") });
    let failed = json!({ "answer": expression(&unsent()), "known": expression("$now()") });
    read_name((&seen, FREE), (&failed, TELL))
}

/// The table of what it means that something has the name before anything is sent. A mark that is there already is that
/// of an earlier execution of the same run.
fn free() -> Value {
    let mut choices = vec![json!({
        "Condition": expression("$look.whose = \"absent\""),
        "Next": sending::SEND,
    })];
    choices.extend(found("", Moment::Before { was_sent: false }));
    json!({ "Type": "Choice", "Choices": choices, "Default": TELL })
}

/// The tags of a request but for the mark: the cluster's own, and over them those of the plan.
fn tags(given: &[Tag]) -> String {
    let keys = literals(given.iter().map(|tag| tag.key.as_str()));
    let given = given
        .iter()
        .map(|tag| format!("{{ \"Key\": {}, \"Value\": {} }}", literal(&tag.key), literal(&tag.value)));
    let given = given.collect::<Vec<_>>().join(", ");
    format!("$append([$filter($found.tags, function($t) {{ $not($t.Key in {keys}) }})], [{given}])")
}

/// What became of it, in the members that [`super::report`] reads.
fn tell() -> Value {
    let record = "$merge([$states.input, { \"seen\": $look.seen, \
                  \"outcome\": $outcome, \"attempts\": $attempts, \
                  \"asked_at\": $asked, \"known_at\": $known, \"resource_id\": $found.resource_id }, \
                  $count($keys($answer.failure)) > 0 ? { \"failure\": $answer.failure } : {}, \
                  $count($keys($end)) > 0 ? { \"end\": $end } : {}, \
                  $count($deleted) > 0 ? { \"deleted\": $deleted } : {}])";
    json!({ "Type": "Pass", "Output": expression(record), "End": true })
}
