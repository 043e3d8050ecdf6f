"""boto3 looks through a simulator without a file: a fleet of accounts by access key, in every Region.

Usage: fleet.py ENDPOINT. Ends with an assertion that failed, or with a line that counts places and clusters.
"""

import sys

import boto3

from common import CONFIG

PLACES = [
    (key, account, region)
    for key, account in [
        ("simulated", "123456789012"),
        ("SIM111111111111", "111111111111"),
        ("SIM222222222222", "222222222222"),
        ("AKIAX333333333333", "333333333333"),
    ]
    for region in ("eu-west-1", "us-east-1", "ap-southeast-2")
]


def client(service, key, region):
    session = boto3.Session(aws_access_key_id=key, aws_secret_access_key="secret", region_name=region)
    return session.client(service, endpoint_url=sys.argv[1], config=CONFIG)


def listed(rds, operation, members):
    return [item for page in rds.get_paginator(operation).paginate() for item in page[members]]


fleets = {}
for key, account, region in PLACES:
    assert client("sts", key, region).get_caller_identity()["Account"] == account
    rds = client("rds", key, region)
    clusters = listed(rds, "describe_db_clusters", "DBClusters")
    again = listed(rds, "describe_db_clusters", "DBClusters")
    assert [c["DbClusterResourceId"] for c in clusters] == [c["DbClusterResourceId"] for c in again]
    for cluster in clusters:
        start = f"arn:aws:rds:{region}:{account}:cluster:"
        assert cluster["DBClusterArn"] == start + cluster["DBClusterIdentifier"], cluster
    # Those that another account shares are left out, as AWS leaves them out where nobody asks for them.
    for snapshot in listed(rds, "describe_db_cluster_snapshots", "DBClusterSnapshots"):
        assert snapshot["DBClusterIdentifier"] in {cluster["DBClusterIdentifier"] for cluster in clusters}
        assert snapshot["DBClusterSnapshotArn"].startswith(f"arn:aws:rds:{region}:{account}:cluster-snapshot:")
    fleets[account, region] = frozenset(cluster["DbClusterResourceId"] for cluster in clusters)
    assert len(clusters) >= 5, clusters
    made = rds.create_db_cluster_snapshot(
        DBClusterIdentifier=next(c["DBClusterIdentifier"] for c in clusters if c["Status"] == "available"),
        DBClusterSnapshotIdentifier="same-name",
    )["DBClusterSnapshot"]
    assert made["DBClusterSnapshotArn"] == f"arn:aws:rds:{region}:{account}:cluster-snapshot:same-name"
total = sum(len(fleet) for fleet in fleets.values())
assert len(frozenset().union(*fleets.values())) == total, "no cluster is in two places"
print(f"{len(fleets)} places with clusters of their own")
