"""boto3 drives the simulator through every operation and reads back typed results and errors.

Usage: drive.py ENDPOINT. The fleet is that of `tests/strangers/main.rs`. Ends with an assertion that
failed, or with a line that counts the operations.
"""

import sys
import time
from datetime import datetime, timedelta, timezone

from common import client

endpoint = sys.argv[1]
rds = client("rds", endpoint)
faults = rds.exceptions


def refused(code, status, call, **parameters):
    """The call is refused with that code and status, and botocore knows the code's class."""
    try:
        call(**parameters)
    except rds.exceptions.ClientError as error:
        found = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        assert found == (code, status), found
        assert error.response["ResponseMetadata"]["RequestId"], error.response
        return error
    raise AssertionError(f"{call} {parameters} was not refused")


def pages():
    clusters = [c for page in rds.get_paginator("describe_db_clusters").paginate() for c in page["DBClusters"]]
    names = [cluster["DBClusterIdentifier"] for cluster in clusters]
    assert len(names) == len(set(names)) == 253, len(names)
    small = rds.get_paginator("describe_db_clusters").paginate(PaginationConfig={"PageSize": 20})
    assert sum(len(page["DBClusters"]) for page in small) == 253
    refused("InvalidParameterValue", 400, rds.describe_db_clusters, MaxRecords=19)
    refused("InvalidParameterValue", 400, rds.describe_db_clusters, MaxRecords=101)
    refused("InvalidParameterValue", 400, rds.describe_db_clusters, Marker="nonsense")


def clusters():
    [orders] = rds.describe_db_clusters(DBClusterIdentifier="ORDERS")["DBClusters"]
    assert orders["Engine"] == "aurora-postgresql" and orders["StorageEncrypted"] is True
    assert isinstance(orders["ClusterCreateTime"], datetime)
    assert orders["EarliestRestorableTime"] < orders["LatestRestorableTime"]
    assert [m["IsClusterWriter"] for m in orders["DBClusterMembers"]] == [True, False]
    assert {"Key": "owner", "Value": "dba"} in orders["TagList"], orders["TagList"]
    [serverless] = rds.describe_db_clusters(DBClusterIdentifier="tenants")["DBClusters"]
    assert serverless["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0.5, "MaxCapacity": 16.0}
    filters = [{"Name": "engine", "Values": ["mysql"]}]
    [billing] = rds.describe_db_clusters(Filters=filters)["DBClusters"]
    assert billing["DBClusterInstanceClass"] == "db.m6gd.large" and billing["Iops"] == 3000
    refused("DBClusterNotFoundFault", 404, rds.describe_db_clusters, DBClusterIdentifier="nowhere")


def create_and_follow():
    before = datetime.now(timezone.utc) - timedelta(days=1)
    made = rds.create_db_cluster_snapshot(
        DBClusterIdentifier="orders",
        DBClusterSnapshotIdentifier="Orders-By-Boto",
        Tags=[{"Key": "ticket", "Value": "CHG 1 = é/+@"}, {"Key": "empty", "Value": ""}],
    )["DBClusterSnapshot"]
    assert made["DBClusterSnapshotIdentifier"] == "orders-by-boto" and made["Status"] == "creating"
    assert made["SnapshotType"] == "manual" and before < made["SnapshotCreateTime"]
    assert made["TagList"] == [{"Key": "ticket", "Value": "CHG 1 = é/+@"}, {"Key": "empty", "Value": ""}]
    again = {"DBClusterIdentifier": "orders", "DBClusterSnapshotIdentifier": "orders-BY-boto"}
    error = refused("DBClusterSnapshotAlreadyExistsFault", 400, rds.create_db_cluster_snapshot, **again)
    assert isinstance(error, faults.DBClusterSnapshotAlreadyExistsFault)
    waiter = rds.get_waiter("db_cluster_snapshot_available")
    waiter.wait(DBClusterSnapshotIdentifier="orders-by-boto", WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    answer = rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier="orders-by-boto")
    [done] = answer["DBClusterSnapshots"]
    assert (done["Status"], done["PercentProgress"]) == ("available", 100)
    return done["DBClusterSnapshotArn"]


def refusals():
    create = rds.create_db_cluster_snapshot
    name = {"DBClusterSnapshotIdentifier": "other"}
    error = refused("DBClusterNotFoundFault", 404, create, DBClusterIdentifier="nowhere", **name)
    assert isinstance(error, faults.DBClusterNotFoundFault)
    error = refused("InvalidDBClusterStateFault", 400, create, DBClusterIdentifier="stopped", **name)
    assert isinstance(error, faults.InvalidDBClusterStateFault)
    bad = {"DBClusterIdentifier": "orders", "DBClusterSnapshotIdentifier": "a--b"}
    refused("InvalidParameterValue", 400, create, **bad)
    both = {"DBClusterIdentifier": "orders", "DBClusterSnapshotIdentifier": "orders-by-boto"}
    refused("InvalidParameterCombination", 400, rds.describe_db_cluster_snapshots, **both)
    refused("InvalidAction", 400, rds.describe_db_instances)


def selections():
    def names(**parameters):
        answer = rds.describe_db_cluster_snapshots(**parameters)["DBClusterSnapshots"]
        return [snapshot["DBClusterSnapshotIdentifier"] for snapshot in answer]

    assert names(SnapshotType="manual") == ["orders-by-boto"]
    assert len(names(SnapshotType="automated", DBClusterIdentifier="orders")) == 2
    assert names(Filters=[{"Name": "db-cluster-snapshot-id", "Values": ["orders-by-boto"]}]) == ["orders-by-boto"]
    assert names(Filters=[{"Name": "db-cluster-id", "Values": ["ORDERS"]}]) == []
    assert len(names(Filters=[{"Name": "engine", "Values": ["aurora-postgresql"]}])) == 3
    missing = {"DBClusterSnapshotIdentifier": "missing"}
    error = refused("DBClusterSnapshotNotFoundFault", 404, rds.describe_db_cluster_snapshots, **missing)
    assert isinstance(error, faults.DBClusterSnapshotNotFoundFault)


def tags(arn):
    rds.add_tags_to_resource(ResourceName=arn, Tags=[{"Key": "owner", "Value": "boto"}])
    rds.remove_tags_from_resource(ResourceName=arn, TagKeys=["ticket", "empty"])
    assert rds.list_tags_for_resource(ResourceName=arn)["TagList"] == [{"Key": "owner", "Value": "boto"}]
    reserved = [{"Key": "aws:x", "Value": "1"}]
    refused("InvalidParameterValue", 400, rds.add_tags_to_resource, ResourceName=arn, Tags=reserved)


def events_and_quota():
    events = rds.describe_events(SourceType="db-cluster-snapshot", SourceIdentifier="orders-by-boto")["Events"]
    assert [event["EventCategories"] for event in events] == [["backup"], ["backup"]], events
    assert events[0]["Date"] < events[1]["Date"] and "created" in events[1]["Message"]
    quotas = {q["AccountQuotaName"]: q for q in rds.describe_account_attributes()["AccountQuotas"]}
    assert (quotas["ManualClusterSnapshots"]["Used"], quotas["ManualClusterSnapshots"]["Max"]) == (1, 2)
    rds.create_db_cluster_snapshot(DBClusterIdentifier="tenants", DBClusterSnapshotIdentifier="second")
    third = {"DBClusterIdentifier": "orders", "DBClusterSnapshotIdentifier": "third"}
    error = refused("SnapshotQuotaExceeded", 400, rds.create_db_cluster_snapshot, **third)
    assert isinstance(error, faults.SnapshotQuotaExceededFault)


def delete():
    young = {"DBClusterSnapshotIdentifier": "second"}
    error = refused("InvalidDBClusterSnapshotStateFault", 400, rds.delete_db_cluster_snapshot, **young)
    assert isinstance(error, faults.InvalidDBClusterSnapshotStateFault)
    gone = rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="orders-by-boto")["DBClusterSnapshot"]
    assert gone["DBClusterSnapshotIdentifier"] == "orders-by-boto"
    last = {"DBClusterSnapshotIdentifier": "orders-by-boto"}
    refused("DBClusterSnapshotNotFoundFault", 404, rds.delete_db_cluster_snapshot, **last)


caller = client("sts", endpoint).get_caller_identity()
assert caller["Account"] == "123456789012" and caller["Arn"].startswith("arn:aws:sts::")
started = time.monotonic()
pages()
clusters()
arn = create_and_follow()
refusals()
selections()
tags(arn)
events_and_quota()
delete()
print(f"all operations, {time.monotonic() - started:.1f} s")
