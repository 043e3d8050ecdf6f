//! Credentials that end on this machine between two attempts.

use std::sync::atomic::{AtomicU32, Ordering};

use clustersnap::domain::account::AccountId;
use clustersnap::domain::alteration::{AlteredKind, Deed};
use clustersnap::domain::cluster::Cluster;
use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::domain::snapshot::Snapshot;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::Tag;
use clustersnap::rds::Client;
use clustersnap::sim::faults::Fault;
use clustersnap::submit::alter::alter;
use clustersnap::submit::service::{Accepted, Service, Sighting};

use super::cells::answer;
use super::deletions::{DELETE, asked, world};

/// A client that finds no credentials any more once it has sent a deletion.
struct Expiring {
    client: Client,
    deletions: AtomicU32,
}

impl Service for Expiring {
    async fn look_up(&self, id: &SnapshotId) -> Result<Sighting, Failure> {
        self.client.look_up(id).await
    }

    async fn look_at_cluster(&self, id: &ClusterId) -> Result<Option<Cluster>, Failure> {
        self.client.look_at_cluster(id).await
    }

    async fn account(&self) -> Option<AccountId> {
        self.client.account().await
    }

    async fn ready(&self) -> Result<(), Failure> {
        self.client.ready().await
    }

    async fn create_once(&self, request: &SnapshotRequest) -> Result<Accepted, Failure> {
        self.client.create_once(request).await
    }

    async fn delete_once(&self, id: &SnapshotId) -> Result<(Option<Snapshot>, Option<String>), Failure> {
        match self.deletions.fetch_add(1, Ordering::Relaxed) {
            0 => self.client.delete_once(id).await,
            _ => Err(Failure::local(FailureKind::NoCredentials, "they have ended")),
        }
    }

    async fn manual_snapshots(&self, cluster: Option<&ClusterId>) -> Result<Vec<Snapshot>, Failure> {
        self.client.manual_snapshots(cluster).await
    }

    async fn add_tags(&self, arn: &str, tags: &[Tag]) -> Result<Option<String>, Failure> {
        self.client.add_tags(arn, tags).await
    }

    async fn remove_tags(&self, arn: &str, keys: &[String]) -> Result<Option<String>, Failure> {
        self.client.remove_tags(arn, keys).await
    }
}

#[tokio::test(start_paused = true)]
async fn what_aws_said_of_a_deletion_counts_more_than_why_it_was_not_sent_again() {
    let throttled = Fault::on(DELETE).call(1).happened(false).answer(answer("throttle"));
    let (world, shown) = world(vec![throttled]).await;
    let service = Expiring { client: world.client(), deletions: AtomicU32::new(0) };
    let asked = asked(&world, &shown, Deed::Delete);
    let altered = alter(&service, Some(&world.journal), asked, world.clock(), |_| {}).await;
    assert_eq!((altered.kind, altered.sent), (AlteredKind::Refused, 1), "{altered:?}");
    assert_eq!(altered.failure.map(|failure| failure.kind), Some(FailureKind::Throttled));
}
