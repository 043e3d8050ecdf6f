//! clustersnap: manual snapshots of Amazon Aurora and Multi-AZ DB clusters, exactly once.
