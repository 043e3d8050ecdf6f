//! The state machine of one run: when it is, over which clusters, what came of each, and who is told.

use serde_json::{Map, Value, json};
use strum::VariantArray as _;

use super::jsonata::{expression, first_of, literal};
use super::{AT_A_TIME, NotPlannable, Plan, PlannedClusters, cluster, fleet, name};
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::FailureKind;
use crate::domain::outcome_kind::OutcomeKind;
use crate::plan::seen;

const RUN: &str = "When is this run?";
const EACH: &str = "Each cluster";
const TELL: &str = "Tell the topic";
const UNTOLD: &str = "The topic could not be told";

/// How many clusters are worked on at a time where each has an execution of its own.
const DISTRIBUTED_AT_A_TIME: usize = 500;

/// The definition of the state machine; `${Plan}` and `${Topic}` in it are filled in by CloudFormation.
pub(super) fn definition(plan: &Plan) -> Result<Value, NotPlannable> {
    let name = name::name(plan)?;
    let mut states = Map::new();
    let first = match &plan.clusters {
        PlannedClusters::Named(_) => EACH,
        PlannedClusters::Fitting(filter) => {
            fleet::states(&fleet::condition(filter)?, EACH, TELL_OF_NOTHING, &mut states);
            states.insert(TELL_OF_NOTHING.to_owned(), nothing(plan));
            fleet::CHOOSE
        }
    };
    states.insert(RUN.to_owned(), run(plan, first));
    states.insert(EACH.to_owned(), each(plan, &name));
    states.insert(TELL.to_owned(), tell(plan));
    states.insert(UNTOLD.to_owned(), json!({ "Type": "Succeed" }));
    Ok(json!({
        "Comment": "Made by clustersnap; never run on AWS by its makers. Its output is read by clustersnap history --execution.",
        "QueryLanguage": "JSONata",
        "StartAt": RUN,
        "States": states,
    }))
}

/// The state in which a list of clusters that could not be read ends.
const TELL_OF_NOTHING: &str = "The clusters cannot be listed";

/// A run is known by its time: the scheduled one, which is the same however often the schedule starts it.
fn run(plan: &Plan, next: &str) -> Value {
    let digits = "$replace($exists($states.input.time) ? $string($states.input.time) \
                  : $states.context.Execution.StartTime, /[^0-9]/, \"\")";
    let run = format!(
        "( $digits := {digits}; {{ \"date\": $substring($digits, 0, 8), \"time\": $substring($digits, 8, 4), \
         \"stamp\": $substring($digits, 0, 8) & \"T\" & $substring($digits, 8, 6) & \"Z\" }} )"
    );
    let clusters: Vec<&str> = match &plan.clusters {
        PlannedClusters::Named(names) => names.iter().map(ClusterId::as_str).collect(),
        PlannedClusters::Fitting(_) => Vec::new(),
    };
    json!({
        "Type": "Pass",
        "Assign": { "run": expression(&run), "clusters": clusters, "page": expression("\"\"") },
        "Next": next,
    })
}

/// What came back of the clusters; what has another form came of an item that broke.
const ENDED: &str = "[$filter($states.result, function($one) { $exists($one.cluster) })]";

/// One item for each cluster.
fn each(plan: &Plan, name: &str) -> Value {
    let item = "$states.context.Map.Item.Value";
    let (mode, at_a_time) = if plan.is_distributed() {
        (json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }), DISTRIBUTED_AT_A_TIME)
    } else {
        (json!({ "Mode": "INLINE" }), AT_A_TIME)
    };
    let mut map = json!({
        "Type": "Map",
        "Items": expression("$clusters"),
        "MaxConcurrency": at_a_time,
        "ItemSelector": {
            "cluster": expression(item),
            "snapshot": expression(&format!("( $cluster := {item}; {name} )")),
            "number": expression(&number(item)),
        },
        "ItemProcessor": {
            "ProcessorConfig": mode,
            "StartAt": cluster::START,
            "States": cluster::states(plan),
        },
        "Output": expression(&report(plan, name, ENDED, "{}")),
        "Catch": [{
            "ErrorEquals": ["States.ALL"],
            "Output": expression(&report(plan, name, "[]", "$states.errorOutput")),
            "Next": TELL,
        }],
        "Next": TELL,
    });
    if plan.is_distributed() {
        // One execution that breaks leaves the others alone; its cluster is told as not known.
        map["ToleratedFailurePercentage"] = json!(100);
        map["Label"] = json!("Clusters");
    }
    map
}

/// The mark's value: the run's time, the stack, the cluster. An execution that is started anew for the same run gives
/// the same, and finds its snapshots again instead of making others.
fn number(cluster: &str) -> String {
    format!("$run.stamp & \"-${{Plan}}-\" & {cluster}")
}

/// What the execution puts out. A cluster of which nothing came back is not known: it may have its snapshot.
fn report(plan: &Plan, name: &str, told: &str, problem: &str) -> String {
    let lost = format!(
        "$append($told, [$map($lost, function($cluster) {{ {{ \"cluster\": $cluster, \
         \"snapshot\": {name}, \"number\": {number}, \"outcome\": {unknown}, \"asked_at\": $now(), \
         \"known_at\": $now(), \"failure\": {{ \"kind\": {broken}, \"refused\": false, \
         \"message\": \"its part of the run broke\" }} }} }})])",
        number = number("$cluster"),
        unknown = json!(OutcomeKind::Unknown),
        broken = literal(&seen::kind(FailureKind::Broken)),
    );
    format!(
        "( $told := {told}; $lost := $filter($clusters, function($c) {{ $not($c in $told.cluster) }}); {} )",
        output(plan, problem, &lost)
    )
}

/// The output of a run, with what became of each request.
fn output(plan: &Plan, problem: &str, requests: &str) -> String {
    format!(
        "{{ \"clustersnap\": {}, \"change\": {}, \"mark\": {}, \"plan\": \"${{Plan}}\", \
         \"execution\": $states.context.Execution.Id, \"problem\": {problem}, \"requests\": {requests} }}",
        literal(env!("CARGO_PKG_VERSION")),
        literal(plan.change.as_str()),
        literal(&plan.mark_key),
    )
}

fn nothing(plan: &Plan) -> Value {
    let output = expression(&output(plan, "$states.input", "[]"));
    json!({ "Type": "Pass", "Output": output, "Next": TELL })
}

/// Tells the topic. Whether that works or not, the output is the report.
fn tell(plan: &Plan) -> Value {
    // No run has a word of a newer version.
    let kinds = OutcomeKind::VARIANTS.iter().filter(|kind| **kind != OutcomeKind::Other);
    let words = kinds.map(|kind| (format!("$outcome = {}", json!(kind)), literal(kind.short())));
    let word = format!("function($outcome) {{ {} }}", first_of(words, "$outcome"));
    let change = literal(plan.change.as_str());
    let subject = format!(
        "( $word := {word}; $requests := $states.input.requests; $counts := $map($distinct($requests.outcome), \
         function($kind) {{ $count($filter($requests, function($r) {{ $r.outcome = $kind }})) & \" \" & $word($kind) }}); \
         $substring({change} & \": \" & ($count($requests) > 0 ? $join([$counts], \", \") : \"no snapshot requested\"), \
         0, 99) )"
    );
    let message = format!(
        "( $word := {word}; $lines := $map($states.input.requests, function($r) {{ $r.cluster & \"  \" & $r.snapshot \
         & \"  \" & $word($r.outcome) & ($exists($r.end.status) ? \", \" & $r.end.status : \"\") \
         & ($exists($r.failure.message) ? \": \" & $r.failure.message : \"\") }}); \
         $broken := $exists($states.input.problem.Error) ? \"The run broke: \" & $states.input.problem.Error & \"\\n\" : \"\"; \
         $substring($broken & $join([$lines], \"\\n\"), 0, 60000) & \"\\n\\nAll of it:\\naws stepfunctions describe-execution \
         --execution-arn \" & $states.context.Execution.Id & \" | clustersnap history --execution -\" )"
    );
    json!({
        "Type": "Task",
        "Resource": { "Fn::Sub": "arn:${AWS::Partition}:states:::aws-sdk:sns:publish" },
        "Arguments": {
            "TopicArn": "${Topic}",
            "Subject": expression(&subject),
            "Message": expression(&message),
        },
        "Retry": cluster::retry(),
        "Catch": [{ "ErrorEquals": ["States.ALL"], "Output": expression("$states.input"), "Next": UNTOLD }],
        "Output": expression("$states.input"),
        "End": true,
    })
}
