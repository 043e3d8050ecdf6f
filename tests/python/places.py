"""boto3 goes to several accounts and Regions of one simulator, told apart by its keys and Regions.

Usage: places.py ENDPOINT. The fleet maps AKIAPROD to 111111111111 and AKIASTAGE to 222222222222. Ends with an
assertion that failed, or with a line that counts the places.
"""

import sys

import boto3

from common import CONFIG, outcome

PLACES = [
    (key, account, region)
    for key, account in [("AKIAPROD", "111111111111"), ("AKIASTAGE", "222222222222"), ("AKIAOTHER", "123456789012")]
    for region in ("eu-west-1", "us-east-1", "ap-southeast-2")
]


def client(service, key, region):
    session = boto3.Session(aws_access_key_id=key, aws_secret_access_key="secret", region_name=region)
    return session.client(service, endpoint_url=sys.argv[1], config=CONFIG)


def manual(rds):
    pages = rds.get_paginator("describe_db_cluster_snapshots").paginate(SnapshotType="manual")
    return [snapshot["DBClusterSnapshotArn"] for page in pages for snapshot in page["DBClusterSnapshots"]]


made = {}
for key, account, region in PLACES:
    assert client("sts", key, region).get_caller_identity()["Account"] == account
    rds = client("rds", key, region)
    [orders] = rds.describe_db_clusters(DBClusterIdentifier="orders")["DBClusters"]
    assert orders["DBClusterArn"] == f"arn:aws:rds:{region}:{account}:cluster:orders", orders
    assert manual(rds) == [], (key, region)
    tags = [{"Key": "place", "Value": f"{account} {region}"}]
    name = {"DBClusterIdentifier": "orders", "DBClusterSnapshotIdentifier": "same-name"}
    snapshot = rds.create_db_cluster_snapshot(**name, Tags=tags)["DBClusterSnapshot"]
    assert snapshot["TagList"] == tags, snapshot
    made[key, region] = snapshot["DBClusterSnapshotArn"]
    assert made[key, region] == f"arn:aws:rds:{region}:{account}:cluster-snapshot:same-name"
    assert outcome(rds.create_db_cluster_snapshot, **name)[1] == "DBClusterSnapshotAlreadyExistsFault 400"
for (key, region), arn in made.items():
    rds = client("rds", key, region)
    assert manual(rds) == [arn]
    for other in made.values():
        word = outcome(rds.list_tags_for_resource, ResourceName=other)[1]
        assert word == ("ok" if other == arn else "InvalidParameterValue 400"), (arn, other, word)
    presigned = rds.generate_presigned_url("describe_db_clusters", HttpMethod="GET")
    assert f"%2F{region}%2Frds%2Faws4_request" in presigned
print(f"{len(set(made.values()))} places")
