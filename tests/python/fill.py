"""Makes so many DB clusters, cluster-0 onwards: fill.py URL COUNT."""

import sys

from common import client

url, count = sys.argv[1], int(sys.argv[2])
rds = client("rds", url)
for number in range(count):
    rds.create_db_cluster(
        DBClusterIdentifier=f"cluster-{number}",
        Engine="aurora-postgresql",
        MasterUsername="root",
        MasterUserPassword="of-a-simulator",
        Tags=[{"Key": "owner", "Value": "dba"}],
    )
