"""The manual snapshots that a service holds, as boto3 lists them: names, clusters, tags, sorted."""

import json

from common import client

pages = client("rds", None).get_paginator("describe_db_cluster_snapshots").paginate(SnapshotType="manual")
rows = [row for page in pages for row in page["DBClusterSnapshots"]]
rows.sort(key=lambda row: row["DBClusterSnapshotIdentifier"])
print(
    json.dumps(
        [
            {
                "id": row["DBClusterSnapshotIdentifier"],
                "cluster": row["DBClusterIdentifier"],
                "tags": {tag["Key"]: tag["Value"] for tag in row["TagList"]},
            }
            for row in rows
        ]
    )
)
