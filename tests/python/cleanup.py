"""A plain re-statement of what `delete` deletes, and boto3's word on what is there."""

import datetime
import json
import re
import sys

from common import client

rds = client("rds", None)


def manual():
    pages = rds.get_paginator("describe_db_cluster_snapshots").paginate(SnapshotType="manual")
    return [row for page in pages for row in page["DBClusterSnapshots"]]


def fits(row, term, now):
    if term.startswith("-"):
        return not fits(row, term[1:], now)
    tags = {tag["Key"]: tag["Value"] for tag in row["TagList"]}
    age = now - row["SnapshotCreateTime"]
    if match := re.fullmatch(r"age([<>])(\d+)d", term):
        days = datetime.timedelta(days=int(match[2]))
        return age > days if match[1] == ">" else age < days
    if term.startswith("type:"):
        return term[5:] in row["SnapshotType"]
    if term.startswith("cluster:"):
        return term[8:] in row["DBClusterIdentifier"]
    if "=" in term:
        key, value = term.split("=", 1)
        return tags.get(key) == value
    texts = [row["DBClusterSnapshotIdentifier"], row["DBClusterIdentifier"], row["SnapshotType"], row["Status"]]
    texts += [row["Engine"], row["EngineVersion"], "Aurora PostgreSQL"]
    texts += [f"{key}={value}" for key, value in tags.items()]
    return any(term.lower() in text.lower() for text in texts)


def expected(expression, keep):
    now = datetime.datetime.now(datetime.timezone.utc)
    rows = manual()
    chosen = [row for row in rows if all(fits(row, term, now) for term in expression.split())]
    names = set()
    for cluster in {row["DBClusterIdentifier"] for row in rows}:
        own = [row for row in rows if row["DBClusterIdentifier"] == cluster]
        own.sort(key=lambda row: row["SnapshotCreateTime"], reverse=True)
        kept = {row["DBClusterSnapshotIdentifier"] for row in own[:keep]}
        mine = {row["DBClusterSnapshotIdentifier"] for row in chosen if row in own}
        names |= mine - kept
    return sorted(names)


if sys.argv[1] == "expected":
    print(json.dumps(expected(sys.argv[2], int(sys.argv[3]))))
else:
    print(json.dumps(sorted(row["DBClusterSnapshotIdentifier"] for row in manual())))
