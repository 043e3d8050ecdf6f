//! Who may do what: the role of the state machine, and that of the schedule. Nothing is allowed that the plan does not
//! do, and no account, Region or partition is written in.

use serde_json::{Value, json};

use super::{Plan, PlannedClusters};

/// The role of the state machine.
pub(super) fn machine(plan: &Plan, topic: &Value) -> Value {
    let of_snapshots = rds("cluster-snapshot:*");
    let mut created: Vec<Value> = match &plan.clusters {
        PlannedClusters::Named(names) => names.iter().map(|name| rds(&format!("cluster:{name}"))).collect(),
        PlannedClusters::Fitting(_) => vec![rds("cluster:*")],
    };
    created.push(of_snapshots.clone());
    let mut statements = vec![
        json!({
            "Sid": "LookAtClustersAndSnapshots",
            "Effect": "Allow",
            "Action": ["rds:DescribeDBClusters", "rds:DescribeDBClusterSnapshots"],
            "Resource": "*",
        }),
        json!({
            "Sid": "CreateSnapshots",
            "Effect": "Allow",
            "Action": "rds:CreateDBClusterSnapshot",
            "Resource": created,
        }),
        json!({
            "Sid": "TagSnapshotsAtCreate",
            "Effect": "Allow",
            "Action": "rds:AddTagsToResource",
            "Resource": of_snapshots,
        }),
        json!({ "Sid": "TellTheTopic", "Effect": "Allow", "Action": "sns:Publish", "Resource": topic }),
    ];
    if plan.keep_last.is_some() {
        statements.push(delete(plan, &of_snapshots));
    }
    role("states.amazonaws.com", "snapshots", &json!(statements))
}

/// Only snapshots that carry a mark of this very stack may be deleted.
fn delete(plan: &Plan, snapshots: &Value) -> Value {
    let tag = format!("aws:ResourceTag/{}", plan.mark_key);
    json!({
        "Sid": "DeleteThePlansOwn",
        "Effect": "Allow",
        "Action": "rds:DeleteDBClusterSnapshot",
        "Resource": snapshots,
        "Condition": { "StringLike": { (tag): { "Fn::Sub": ["*-${Plan}-*", { "Plan": stack() }] } } },
    })
}

/// What a Distributed Map needs to start an execution for each cluster. A policy of its own: it names the state
/// machine, which names the role.
pub(super) fn distributed() -> Value {
    let executions = json!({ "Fn::Sub": [
        "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${Name}*",
        { "Name": { "Fn::GetAtt": ["Machine", "Name"] } },
    ] });
    json!({
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "PolicyName": "executions",
            "Roles": [{ "Ref": "MachineRole" }],
            "PolicyDocument": { "Version": "2012-10-17", "Statement": [
                start("StartOneForEachCluster"),
                {
                    "Sid": "FollowThem",
                    "Effect": "Allow",
                    "Action": ["states:DescribeExecution", "states:StopExecution"],
                    "Resource": executions,
                },
            ] },
        },
    })
}

/// The role of the schedule: it starts the state machine, and nothing else.
pub(super) fn schedule() -> Value {
    role("scheduler.amazonaws.com", "start", &json!([start("StartTheRun")]))
}

/// The statement that the state machine may be started.
fn start(sid: &str) -> Value {
    json!({
        "Sid": sid,
        "Effect": "Allow",
        "Action": "states:StartExecution",
        "Resource": { "Ref": "Machine" },
    })
}

/// The part of the stack's id that no other stack has.
pub(super) fn stack() -> Value {
    json!({ "Fn::Select": [2, { "Fn::Split": ["/", { "Ref": "AWS::StackId" }] }] })
}

fn rds(resource: &str) -> Value {
    json!({ "Fn::Sub": format!("arn:${{AWS::Partition}}:rds:${{AWS::Region}}:${{AWS::AccountId}}:{resource}") })
}

/// A role with one policy, which a service may take for this account only.
fn role(service: &str, policy: &str, statements: &Value) -> Value {
    let trust = json!([{
        "Effect": "Allow",
        "Principal": { "Service": service },
        "Action": "sts:AssumeRole",
        "Condition": { "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } } },
    }]);
    json!({
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": { "Version": "2012-10-17", "Statement": trust },
            "Policies": [{
                "PolicyName": policy,
                "PolicyDocument": { "Version": "2012-10-17", "Statement": statements },
            }],
        },
    })
}
