//! The CloudFormation template: the state machine, its schedule, their roles, and the topic.

use serde_json::{Value, json};

use super::{MOST_NAMED, NotPlannable, Plan, PlannedClusters, machine, roles};

/// How late a run may begin, in seconds: after that it is not begun at all, and the topic is not told of it.
const LATEST: u32 = 900;

/// What rests on AWS's documentation alone, for whoever reads the template.
const NOT_SEEN: &[&str] = &[
    "None of this was run on AWS: its makers had no account. It was executed on moto against a simulated RDS.",
    "How Step Functions names errors and writes their causes is taken from documentation. A cause that does not read \
     'Service: Rds, Status Code: 4xx' counts as an open outcome, never as a refusal: the name is looked up then.",
    "That the context attribute <aws.scheduler.scheduled-time> is the same for each attempt of one run is taken from \
     documentation. If it were not, a second attempt would make a second snapshot under another name.",
    "That CloudFormation hands the definition on with its numbers as numbers and its functions carried out is taken from \
     documentation.",
    "AWS's lists are taken to lag by up to ten minutes, and a request to be dead after ten.",
    "The conditions of the roles are those of the service authorization reference; where AWS does not know one, it \
     denies, and nothing is made or deleted.",
];

/// The template of a plan.
///
/// # Errors
/// When the plan cannot name its snapshots, not choose its clusters, or names too many.
pub fn template(plan: &Plan) -> Result<Value, NotPlannable> {
    if let PlannedClusters::Named(names) = &plan.clusters
        && names.len() > MOST_NAMED
    {
        return Err(NotPlannable::TooMany(names.len()));
    }
    let topic = match &plan.topic {
        Some(arn) => json!(arn),
        None => json!({ "Ref": "Topic" }),
    };
    let mut resources = json!({
        "Machine": state_machine(plan, &topic)?,
        "MachineRole": roles::machine(plan, &topic),
        "Schedule": schedule(plan),
        "ScheduleRole": roles::schedule(),
    });
    if plan.is_distributed() {
        resources["ExecutionsPolicy"] = roles::distributed();
        resources["Schedule"]["DependsOn"] = json!("ExecutionsPolicy");
    }
    if plan.topic.is_none() {
        add_topic(&mut resources);
    }
    Ok(json!({
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": description(plan),
        "Metadata": { "clustersnap": {
            "Version": env!("CARGO_PKG_VERSION"),
            "NotSeenOnAws": NOT_SEEN,
        } },
        "Resources": resources,
        "Outputs": {
            "StateMachine": { "Description": "The state machine of the runs", "Value": { "Ref": "Machine" } },
            "TopicArn": { "Description": "The topic that is told what came of a run", "Value": topic },
        },
    }))
}

fn description(plan: &Plan) -> String {
    let of = match &plan.clusters {
        PlannedClusters::Named(names) if names.len() == 1 => "one DB cluster".to_owned(),
        PlannedClusters::Named(names) => format!("{} DB clusters", names.len()),
        PlannedClusters::Fitting(_) => "the DB clusters that fit when it runs".to_owned(),
    };
    format!(
        "{}: snapshots of {of}, each exactly once. Made by clustersnap; not run on AWS.",
        plan.change.as_str()
    )
}

fn state_machine(plan: &Plan, topic: &Value) -> Result<Value, NotPlannable> {
    Ok(json!({
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineType": "STANDARD",
            "RoleArn": { "Fn::GetAtt": ["MachineRole", "Arn"] },
            "DefinitionSubstitutions": {
                "Plan": roles::stack(),
                "Topic": topic,
            },
            "Definition": machine::definition(plan)?,
        },
    }))
}

/// The schedule. A start that is tried again is the same run: the run's time says so.
fn schedule(plan: &Plan) -> Value {
    json!({
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {
            "Description": format!("{}: starts the run", plan.change.as_str()),
            "ScheduleExpression": plan.schedule.expression(),
            "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "Target": {
                "Arn": { "Ref": "Machine" },
                "RoleArn": { "Fn::GetAtt": ["ScheduleRole", "Arn"] },
                "Input": "{\"time\":\"<aws.scheduler.scheduled-time>\"}",
                "RetryPolicy": { "MaximumEventAgeInSeconds": LATEST, "MaximumRetryAttempts": 20 },
            },
        },
    })
}

/// A topic of the plan's own, which is also told of an execution that broke before it could tell anything itself.
fn add_topic(resources: &mut Value) {
    resources["Topic"] = json!({ "Type": "AWS::SNS::Topic" });
    resources["Broken"] = json!({
        "Type": "AWS::Events::Rule",
        "Properties": {
            "Description": "An execution that ended without telling what came of it",
            "EventPattern": {
                "source": ["aws.states"],
                "detail-type": ["Step Functions Execution Status Change"],
                "detail": { "status": ["FAILED", "TIMED_OUT", "ABORTED"], "stateMachineArn": [{ "Ref": "Machine" }] },
            },
            "Targets": [{ "Id": "topic", "Arn": { "Ref": "Topic" } }],
        },
    });
    resources["TopicPolicy"] = json!({
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [{ "Ref": "Topic" }],
            "PolicyDocument": { "Version": "2012-10-17", "Statement": [{
                "Sid": "TellOfBrokenExecutions",
                "Effect": "Allow",
                "Principal": { "Service": "events.amazonaws.com" },
                "Action": "sns:Publish",
                "Resource": { "Ref": "Topic" },
                "Condition": { "ArnEquals": { "aws:SourceArn": { "Fn::GetAtt": ["Broken", "Arn"] } } },
            }] },
        },
    });
}
