"""boto3 sends identifiers and tags as they are given and tells which the service takes.

Usage: verdicts.py ENDPOINT < samples. Reads {"identifiers": [text], "tags": [[[key, value]]]}, writes
the same shape with true (taken), false (refused as invalid) or a word (anything else).
"""

import json
import sys

from common import client, outcome

rds = client("rds", sys.argv[1])
samples = json.load(sys.stdin)
[orders] = rds.describe_db_clusters(DBClusterIdentifier="orders")["DBClusters"]


def verdict(call, **parameters):
    _, word = outcome(call, **parameters)
    return {"ok": True, "InvalidParameterValue 400": False}.get(word, word)


def tagged(rows):
    tags = [{"Key": key, "Value": value} for key, value in rows]
    return verdict(rds.add_tags_to_resource, ResourceName=orders["DBClusterArn"], Tags=tags)


def named(text):
    create = rds.create_db_cluster_snapshot
    return verdict(create, DBClusterIdentifier="orders", DBClusterSnapshotIdentifier=text)


answer = {
    "identifiers": [named(text) for text in samples["identifiers"]],
    "tags": [tagged(rows) for rows in samples["tags"]],
}
json.dump(answer, sys.stdout)
