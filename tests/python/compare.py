"""The same calls to the simulator and to moto; prints where they differ, one difference a line.

Usage: compare.py SIMULATOR MOTO. A line is `call | what | simulator | moto`.
"""

import sys
from datetime import datetime

from common import client, outcome

# Values that are made up by either; that both have one is all that can be compared.
MADE_UP = {
    "Endpoint", "ReaderEndpoint", "HostedZoneId", "DbClusterResourceId", "PreferredBackupWindow",
    "PreferredMaintenanceWindow", "KmsKeyId", "UserId", "Arn", "MasterUsername", "VpcId", "Message",
}
CLUSTERS = [
    {"DBClusterIdentifier": "orders", "Engine": "aurora-postgresql", "EngineVersion": "16.4", "StorageEncrypted": True,
     "CopyTagsToSnapshot": True, "Tags": [{"Key": "owner", "Value": "dba"}]},
    {"DBClusterIdentifier": "billing", "Engine": "mysql", "EngineVersion": "8.0.39", "StorageEncrypted": True,
     "DBClusterInstanceClass": "db.m6gd.large", "AllocatedStorage": 812, "StorageType": "io1", "Iops": 3000,
     "CopyTagsToSnapshot": True},
]
ORDERS = "arn:aws:rds:eu-west-1:123456789012:cluster:orders"
SNAPSHOT = "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:one"


def filtered(name, *values):
    return {"Filters": [{"Name": name, "Values": list(values)}]}


def create(cluster, name, **more):
    return "create_db_cluster_snapshot", {"DBClusterIdentifier": cluster, "DBClusterSnapshotIdentifier": name, **more}


def snapshots(**parameters):
    return "describe_db_cluster_snapshots", parameters


CALLS = [
    ("caller", "sts", "get_caller_identity", {}),
    ("all clusters", "rds", "describe_db_clusters", {}),
    ("cluster", "rds", "describe_db_clusters", {"DBClusterIdentifier": "orders"}),
    ("multi-az cluster", "rds", "describe_db_clusters", {"DBClusterIdentifier": "billing"}),
    ("cluster in capitals", "rds", "describe_db_clusters", {"DBClusterIdentifier": "ORDERS"}),
    ("cluster by arn", "rds", "describe_db_clusters", {"DBClusterIdentifier": ORDERS}),
    ("missing cluster", "rds", "describe_db_clusters", {"DBClusterIdentifier": "nowhere"}),
    ("clusters by engine", "rds", "describe_db_clusters", filtered("engine", "mysql")),
    ("clusters, too small a page", "rds", "describe_db_clusters", {"MaxRecords": 19}),
    ("clusters, a foreign marker", "rds", "describe_db_clusters", {"Marker": "nonsense"}),
    ("create", "rds", *create("orders", "one")),
    ("create with tags", "rds", *create("orders", "Two", Tags=[{"Key": "k", "Value": "é"}])),
    ("create of a multi-az cluster", "rds", *create("billing", "three")),
    ("create, name taken", "rds", *create("orders", "one")),
    ("create, name taken in capitals", "rds", *create("orders", "ONE")),
    ("create, missing cluster", "rds", *create("nowhere", "four")),
    ("create, bad name", "rds", *create("orders", "a--b")),
    ("create, reserved tag", "rds", *create("orders", "five", Tags=[{"Key": "aws:x", "Value": "1"}])),
    ("create, cluster in capitals", "rds", *create("ORDERS", "six")),
    ("snapshot", "rds", *snapshots(DBClusterSnapshotIdentifier="one")),
    ("snapshot in capitals", "rds", *snapshots(DBClusterSnapshotIdentifier="ONE")),
    ("snapshot with tags", "rds", *snapshots(DBClusterSnapshotIdentifier="two")),
    ("missing snapshot", "rds", *snapshots(DBClusterSnapshotIdentifier="nothing")),
    ("snapshots of a cluster", "rds", *snapshots(DBClusterIdentifier="billing", SnapshotType="manual")),
    ("snapshots of a missing cluster", "rds", *snapshots(DBClusterIdentifier="nowhere")),
    ("snapshots, both names", "rds", *snapshots(DBClusterIdentifier="orders", DBClusterSnapshotIdentifier="one")),
    ("snapshots of no known type", "rds", *snapshots(SnapshotType="golden")),
    ("snapshots by cluster", "rds", *snapshots(**filtered("db-cluster-id", "billing"), SnapshotType="manual")),
    ("snapshots by name", "rds", *snapshots(**filtered("db-cluster-snapshot-id", "one", "three"))),
    ("snapshots by engine", "rds", *snapshots(**filtered("engine", "mysql"), SnapshotType="manual")),
    ("snapshots by type", "rds", *snapshots(**filtered("snapshot-type", "manual"), DBClusterIdentifier="billing")),
    ("snapshots, unknown filter", "rds", *snapshots(**filtered("colour", "red"))),
    ("tags of a cluster", "rds", "list_tags_for_resource", {"ResourceName": ORDERS}),
    ("tags of a snapshot", "rds", "list_tags_for_resource", {"ResourceName": SNAPSHOT}),
    ("tags of a missing snapshot", "rds", "list_tags_for_resource", {"ResourceName": SNAPSHOT + "-not"}),
    ("add a tag", "rds", "add_tags_to_resource",
     {"ResourceName": SNAPSHOT, "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]}),
    ("remove a tag", "rds", "remove_tags_from_resource", {"ResourceName": SNAPSHOT, "TagKeys": ["b"]}),
    ("tags after that", "rds", "list_tags_for_resource", {"ResourceName": SNAPSHOT}),
    ("account attributes", "rds", "describe_account_attributes", {}),
    ("events", "rds", "describe_events",
     {"SourceType": "db-cluster-snapshot", "SourceIdentifier": "one", "Duration": 20160}),
    ("delete", "rds", "delete_db_cluster_snapshot", {"DBClusterSnapshotIdentifier": "one"}),
    ("delete a missing snapshot", "rds", "delete_db_cluster_snapshot", {"DBClusterSnapshotIdentifier": "one"}),
]


def label(record):
    """What tells a record of a list from the others."""
    names = ("DBClusterSnapshotIdentifier", "DBClusterIdentifier", "Key", "AccountQuotaName", "Message")
    return next((record[name] for name in names if name in record), "")


def flat(value, path=""):
    """The leaves of an answer by path, with records of a list by their names."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "ResponseMetadata":
                yield from flat(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        yield path, "[" + " ".join(sorted(label(inner) for inner in value)) + "]"
        for inner in value:
            yield from flat(inner, f"{path}[{label(inner)}]")
    elif isinstance(value, datetime):
        yield path, "<time>"
    else:
        made_up = path.rsplit(".", 1)[-1] in MADE_UP and value is not None
        yield path, "<made up>" if made_up else str(value)


def ask(clients, service, operation, parameters):
    answer, word = outcome(getattr(clients[service], operation), **parameters)
    return {"outcome": word, **dict(flat(answer or {}))}


def differences(name, ours, theirs):
    if ours["outcome"] != theirs["outcome"]:
        yield name, "outcome", ours["outcome"], theirs["outcome"]
        return
    for path in sorted(ours.keys() | theirs.keys()):
        pair = ours.get(path, "-"), theirs.get(path, "-")
        if pair[0] != pair[1]:
            yield name, path, *pair


servers = [{service: client(service, url) for service in ("rds", "sts")} for url in sys.argv[1:3]]
for cluster in CLUSTERS:
    servers[1]["rds"].create_db_cluster(**cluster, MasterUsername="admin1", MasterUserPassword="secret-1")
seen = set()
for name, service, operation, parameters in CALLS:
    answers = [ask(clients, service, operation, parameters) for clients in servers]
    for call, path, ours, theirs in differences(name, *answers):
        # A member that differs is told where it is first met, not again in every later answer.
        member = path.split("].", 1)[-1].removeprefix("DBClusterSnapshot.")
        resource = "snapshot" if "Snapshot" in path else "cluster" if "DBCluster" in path else call
        if (resource, member, ours, theirs) not in seen:
            seen.add((resource, member, ours, theirs))
            print(call, member, ours, theirs, sep=" | ")
