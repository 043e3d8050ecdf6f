//! The plan's own older snapshots of one cluster: the last few stay, the others are deleted once the new one is usable.
//!
//! What carries a mark of this very stack is the plan's own, unless it is a copy or has a tag `keep-until`, and nothing else is ever named in a delete; the role may
//! delete nothing else either. A delete is sent once and not repeated: what it leaves is deleted by the next run.

use std::num::NonZeroU32;

use serde_json::{Map, Value, json};

use super::cluster;
use super::jsonata::{expression, literal};
use crate::domain::removal::KEEP_UNTIL;

const LIST: &str = "List the older ones";
const MORE: &str = "Are there more?";
const EACH: &str = "Delete what is beyond the last";
const DELETE: &str = "Delete it, once";
const LEFT: &str = "It stays";

/// The states that keep the last `kept`; returns the first of them.
pub(super) fn states(mark_key: &str, kept: NonZeroU32, states: &mut Map<String, Value>) -> &'static str {
    states.insert(LIST.to_owned(), list(mark_key));
    states.insert(MORE.to_owned(), cluster::more("older_page", LIST, EACH));
    states.insert(EACH.to_owned(), each(kept));
    LIST
}

/// Those of the cluster that has the name now: one that had it before keeps its snapshots.
fn list(mark_key: &str) -> Value {
    let older = format!(
        "$append($older, [$states.result.DbClusterSnapshots[Status = \"available\" \
         and SnapshotType = \"manual\" and $not($exists(SourceDbClusterSnapshotArn)) \
         and DbClusterResourceId = $found.resource_id \
         and $not($exists(TagList[$lowercase(Key) = {}]))].( $mark := (TagList[Key = {}].Value)[0]; \
         $contains($mark, \"-${{Plan}}-\") ? {{ \"name\": DbClusterSnapshotIdentifier, \"mark\": $mark }} : [] )])",
        literal(KEEP_UNTIL),
        literal(mark_key)
    );
    let given = "\"DbClusterIdentifier\": $states.input.cluster, \"SnapshotType\": \"manual\", ";
    let mut list = cluster::read_page("describeDBClusterSnapshots", given, "older_page", ("older", &older));
    list["Catch"] = json!([{ "ErrorEquals": ["States.ALL"], "Output": expression("$states.input"), "Next": cluster::TELL }]);
    list["Output"] = expression("$states.input");
    list["Next"] = json!(MORE);
    list
}

/// The mark begins with the time of its run, so that the order of the marks is that of the runs. The new one counts among
/// the last, and is never deleted by its own run.
fn each(kept: NonZeroU32) -> Value {
    let beyond = format!(
        "( $others := $filter($older, function($one) {{ $one.name != $states.input.snapshot }}); \
         [$sort($others, function($a, $b) {{ $a.mark < $b.mark }})[[{}..9999]].name] )",
        kept.get() - 1
    );
    json!({
        "Type": "Map",
        "Items": expression(&beyond),
        "MaxConcurrency": 1,
        "ItemSelector": { "name": expression("$states.context.Map.Item.Value") },
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "INLINE" },
            "StartAt": DELETE,
            "States": { DELETE: delete(), LEFT: { "Type": "Pass", "Output": expression("[]"), "End": true } },
        },
        "Assign": { "deleted": expression("[$filter($states.result, function($one) { $type($one) = \"string\" })]") },
        "Catch": [{ "ErrorEquals": ["States.ALL"], "Output": expression("$states.input"), "Next": cluster::TELL }],
        "Output": expression("$states.input"),
        "Next": cluster::TELL,
    })
}

fn delete() -> Value {
    json!({
        "Type": "Task",
        "Resource": cluster::action("deleteDBClusterSnapshot"),
        "Arguments": { "DbClusterSnapshotIdentifier": expression("$states.input.name") },
        "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": LEFT }],
        "Output": expression("$states.input.name"),
        "End": true,
    })
}
