//! Before anything is written or sent: whose the answers are, whether the cluster is there and takes a snapshot,
//! whether the name is free.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;

use super::Submission;
use super::decide;
use super::service::Service;
use super::table::Moment;
use crate::domain::account::{AccountId, Arn};
use crate::domain::cluster::Cluster;
use crate::domain::earlier::Earlier;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::{Outcome, Step};
use crate::domain::pattern::Candidate;
use crate::domain::record::Intent;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::status::Readiness;
use crate::domain::tag::Tag;

/// How long the look at the cluster may take: it only adds to what is known.
const CLUSTER_LOOK: Duration = Duration::from_secs(10);

/// What the look before a request found.
pub(super) struct LastLook {
    /// The account that answered, where the cluster's own ARN or STS told it.
    pub(super) account: Option<AccountId>,
    /// The cluster's resource id.
    pub(super) cluster_resource_id: Option<String>,
    /// The cluster's tags, as far as they are known.
    pub(super) cluster_tags: Vec<Tag>,
    /// The server's clock when it said that the name was free.
    pub(super) server_time: Option<Timestamp>,
    /// The manual snapshots of the cluster, where the request is a part of a change.
    pub(super) listed: Vec<Snapshot>,
}

impl LastLook {
    /// What is written down before the request leaves.
    pub(super) fn intent(&self, submission: &Submission, at: Timestamp) -> Intent {
        let Submission { request, caller, place, .. } = submission;
        let request =
            SnapshotRequest { cluster_resource_id: self.cluster_resource_id.clone(), ..request.clone() };
        Intent::new(&request, place, caller.as_ref(), self.account.as_ref(), at, self.server_time)
    }
}

/// Looks at the cluster and at the name.
pub(super) async fn look<S: Service>(
    service: &S,
    submission: &Submission,
    at: Timestamp,
    on_step: &mut impl FnMut(Step),
) -> Result<LastLook, Outcome> {
    let request = &submission.request;
    let cluster = timeout(CLUSTER_LOOK, service.look_at_cluster(&request.cluster));
    let (cluster, sighting, listed) =
        tokio::join!(cluster, service.look_up(&request.snapshot), listed(service, request));
    let sighting = sighting.map_err(|failure| unseen("the name could not be looked up", failure))?;
    let listed =
        listed.map_err(|failure| unseen("the snapshots of its cluster could not be read", failure))?;
    // One that cannot be looked up stops nothing: AWS judges.
    let cluster = cluster.ok().and_then(Result::ok);
    let found = cluster.as_ref().and_then(Option::as_ref);
    let account = account_of(service, found).await;
    agreed(submission, account.as_ref(), on_step)
        .and_then(|()| permitted(submission, account.as_ref(), found))
        .map_err(Outcome::NotCreated)?;
    let cluster = cluster.map(|found| checked(submission, found)).transpose().map_err(Outcome::NotCreated)?;
    let (known, cluster_tags) =
        cluster.map(|cluster| (cluster.resource_id, cluster.tags)).unwrap_or_default();
    let ground = LastLook {
        account,
        cluster_resource_id: request.cluster_resource_id.clone().or(known),
        cluster_tags,
        server_time: sighting.server_time,
        listed,
    };
    match sighting.snapshot {
        None => Ok(ground),
        Some(snapshot) => Err(occupied(submission, &ground.intent(submission, at), Box::new(snapshot))),
    }
}

/// The snapshots among which that of a change may be for which another program or machine asked.
async fn listed<S: Service>(service: &S, request: &SnapshotRequest) -> Result<Vec<Snapshot>, Failure> {
    match request.change {
        Some(_) => service.manual_snapshots(Some(&request.cluster)).await,
        None => Ok(Vec::new()),
    }
}

/// That nothing was sent, for what has to be known first could not be read.
fn unseen(what: &str, failure: Failure) -> Outcome {
    let failure = failure.reworded(|words| format!("{what}, so nothing was sent: {words}"));
    Outcome::NotCreated(Failure { refused: true, ..failure })
}

/// What it means that the change of a request has something for its cluster already.
pub(super) fn needless(submission: &Submission, earlier: Earlier) -> Outcome {
    let words = earlier.to_string();
    match earlier {
        Earlier::Elsewhere(twin) | Earlier::Made(_, Some(twin)) if submission.request.has_twin(&twin) => {
            Outcome::Taken { by: Some(twin), failure: submission.consent.earlier.clone() }
        }
        _ => Outcome::NotCreated(Failure::local(FailureKind::OpenRequest, words)),
    }
}

/// Whose account answers: by the cluster's own ARN, where it is there, else by STS.
pub(super) async fn account_of<S: Service>(service: &S, cluster: Option<&Cluster>) -> Option<AccountId> {
    match cluster.and_then(Cluster::account) {
        Some(account) => Some(account),
        None => service.account().await,
    }
}

/// The cluster, if nothing certain stands against it.
fn checked(submission: &Submission, cluster: Option<Cluster>) -> Result<Cluster, Failure> {
    let id = &submission.request.cluster;
    let gone = || Failure::local(FailureKind::ClusterNotFound, format!("{id} is not there"));
    let cluster = cluster.ok_or_else(gone)?;
    if let (Some(asked), Some(found)) = (&submission.request.cluster_resource_id, &cluster.resource_id)
        && asked != found
    {
        let message = format!("{id} is {found}, and was {asked} when it was confirmed");
        return Err(Failure::local(FailureKind::AnotherCluster, message));
    }
    let region = Arn::reported(cluster.arn.as_deref()).and_then(|arn| arn.region);
    if let (Some(asked), Some(answers)) = (&submission.place.region, region)
        && *asked != answers
    {
        let message = format!("{id} is in {answers}, and not in {asked}: another Region answers here");
        return Err(Failure::local(FailureKind::Configuration, message));
    }
    match cluster.status.readiness() {
        Readiness::Ready | Readiness::Unknown => Ok(cluster),
        Readiness::Busy | Readiness::NotReady => {
            Err(Failure::local(FailureKind::InvalidState, format!("{id} is {}", cluster.status)))
        }
    }
}

/// Holds the account to the one that the request was confirmed for. One that cannot be verified is told.
fn agreed(
    submission: &Submission,
    account: Option<&AccountId>,
    on_step: &mut impl FnMut(Step),
) -> Result<(), Failure> {
    match (&submission.consent.account, account) {
        (Some(confirmed), Some(account)) if confirmed != account => {
            let message = format!("confirmed for account {confirmed}, now {account}");
            Err(Failure::local(FailureKind::OtherAccount, message))
        }
        (Some(confirmed), None) => {
            on_step(Step::AccountUnverified { confirmed: confirmed.clone() });
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Holds the request back if the policy does: with the account that answers now, and the cluster as it is now.
fn permitted(
    submission: &Submission,
    account: Option<&AccountId>,
    cluster: Option<&Cluster>,
) -> Result<(), Failure> {
    let Submission { request, place, policy, consent, .. } = submission;
    let target = Candidate {
        profile: place.guarded_as(),
        account,
        cluster: request.cluster.as_str(),
        tags: cluster.map(|cluster| cluster.tags.as_slice()),
    };
    policy.holds_back(&target, request.tags.as_slice(), &consent.confirmation).map_or(Ok(()), Err)
}

/// What it means that the name is there before anything is sent: where the same request was sent before, a
/// copy of it may have made it.
fn occupied(submission: &Submission, intent: &Intent, snapshot: Box<Snapshot>) -> Outcome {
    let earlier = submission.consent.earlier.as_ref();
    let moment = Moment::Before { was_sent: earlier.is_some() };
    let ownership = decide::ownership(intent, &snapshot);
    decide::found(moment, ownership, snapshot, earlier)
        .unwrap_or_else(|| Outcome::Taken { by: None, failure: earlier.cloned() })
}
