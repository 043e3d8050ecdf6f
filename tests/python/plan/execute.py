"""Executes plans on moto's Step Functions, each against an RDS of its own, and prints what came of them.

Each line of standard input is a job: {"template": {...}, "rds": URL, "inputs": [{...}]}, one execution for each input,
one after the other; without a URL on moto's own RDS, with {"clusters": [names]}. Each is answered by a line: what the
topic was told, and for each run its status, its output, the states that it entered, how many events it has, each task
that was begun, and what botocore's model of the service has against its arguments.

moto's Step Functions leaves its engine for JSONata to be put in: here jsonata-python, which knows nothing of this
program. moto takes the names of members as boto3 has them, so DbCluster... becomes DBCluster... there.
Pauses are left out: which look is which is counted by the machine, never timed.
"""

import functools
import hashlib
import json
import logging
import re
import sys
import time

import boto3
import botocore.session
import jsonata
import template as plans
from botocore.config import Config
from botocore.validate import ParamValidator
from moto import mock_aws
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk as tasks
from moto.stepfunctions.parser.asl.jsonata import jsonata as engine


def evaluated(text):
    """The value of an expression, by the engine that moto leaves to be put in."""
    try:
        return jsonata.Jsonata(text).evaluate(None)
    except Exception as error:
        raise engine.JSONataException("UNKNOWN", str(error)) from error


engine._eval_jsonata = evaluated
ROLE = "arn:aws:iam::123456789012:role/machine"
CONFIG = Config(retries={"total_max_attempts": 1}, parameter_validation=False, read_timeout=5)


def as_moto_has_it(definition):
    """The definition with members as boto3 names them, and without pauses; percentages are no whole numbers there."""
    text = re.sub(r"Db(?=Cluster(?!ResourceId))", "DB", json.dumps(definition))
    changed = json.loads(text)
    for state in plans.states(changed):
        if state["Type"] == "Wait":
            state["Seconds"] = 0
        for retry in state.get("Retry", []):
            retry.update(IntervalSeconds=1, MaxAttempts=0, MaxDelaySeconds=2)
        if "ToleratedFailurePercentage" in state:
            state["ToleratedFailurePercentage"] = float(state["ToleratedFailurePercentage"])
    return changed


@functools.cache
def client(service, url=None):
    """One client for each service and place: to read a service's model takes longer than to call it."""
    there = {"endpoint_url": url} if url else {}
    made = boto3.client(service, region_name=plans.REGION, config=CONFIG, **there)
    made.meta.events.register("after-call", with_request_id)
    return made


def with_request_id(parsed, **_):
    """moto's Step Functions breaks where an error has no request id, as a proxy's has none."""
    parsed["ResponseMetadata"].setdefault("RequestId", "")


@functools.cache
def topic():
    """The topic of all plans, and the queue that gets what it is told."""
    arn = client("sns").create_topic(Name="plan")["TopicArn"]
    queue = client("sqs").create_queue(QueueName="told")["QueueUrl"]
    client("sns").subscribe(
        TopicArn=arn, Protocol="sqs", Endpoint=f"arn:aws:sqs:{plans.REGION}:{plans.ACCOUNT}:told"
    )
    return arn, queue


@functools.cache
def machine(template):
    """The state machine of a template, made once."""
    definition = as_moto_has_it(plans.definition(json.loads(template), topic()[0]))
    name = f"plan-{hashlib.sha1(template.encode()).hexdigest()}"
    made = client("stepfunctions").create_state_machine(name=name, definition=json.dumps(definition), roleArn=ROLE)
    return made["stateMachineArn"]


def run(number, job):
    """Executes one job."""
    url = job.get("rds")
    tasks.boto_client_for = lambda service, **_: client(service, url if service == "rds" else None)
    for name in job.get("clusters", []):
        client("rds").create_db_cluster(
            DBClusterIdentifier=name, Engine="aurora-postgresql", MasterUsername="admin1",
            MasterUserPassword="secret-1", Tags=[{"Key": "env", "Value": "prod"}],
        )
    made = machine(json.dumps(job["template"]))
    runs = [execution(made, f"run-{number}-{index}", given) for index, given in enumerate(job["inputs"])]
    messages = client("sqs").receive_message(QueueUrl=topic()[1], MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        client("sqs").delete_message(QueueUrl=topic()[1], ReceiptHandle=message["ReceiptHandle"])
    told = [json.loads(message["Body"]) for message in messages]
    return {"runs": runs, "told": [{"subject": one["Subject"], "text": one["Message"]} for one in told]}


def execution(machine, name, given):
    """Executes the machine once, to its end."""
    functions = client("stepfunctions")
    arn = functions.start_execution(
        stateMachineArn=machine, name=name, input=json.dumps(given)
    )["executionArn"]
    while (ended := functions.describe_execution(executionArn=arn))["status"] == "RUNNING":
        time.sleep(0.05)
    pages = functions.get_paginator("get_execution_history").paginate(executionArn=arn)
    events = [event for page in pages for event in page["events"]]
    scheduled = [event["taskScheduledEventDetails"] for event in events if event["type"] == "TaskScheduled"]
    return {
        "status": ended["status"],
        "output": json.loads(ended["output"]) if "output" in ended else None,
        "described": {key: ended.get(key) for key in ("executionArn", "status", "output", "error", "cause")},
        "entered": [
            event["stateEnteredEventDetails"]["name"] for event in events if event["type"].endswith("StateEntered")
        ],
        "events": len(events),
        "tasks": [task["resource"] for task in scheduled],
        "wrong": [report for task in scheduled if (report := wrong(task))],
    }


@functools.cache
def model(service):
    return botocore.session.get_session().get_service_model(service)


def wrong(task):
    """What botocore's model of the service has against a task's arguments; nothing, where they fit."""
    service = task["resourceType"].removeprefix("aws-sdk:")
    names = {name.lower(): name for name in model(service).operation_names}
    shape = model(service).operation_model(names[task["resource"].lower()]).input_shape
    return ParamValidator().validate(json.loads(task["parameters"]), shape).generate_report()


logging.disable()
with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
    for number, line in enumerate(sys.stdin):
        print(json.dumps(run(number, json.loads(line))), flush=True)
