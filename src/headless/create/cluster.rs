//! Whether the cluster is there and takes a snapshot now, and the wait until it does.

use std::time::Duration;

use tokio::time::Instant;

use super::Creating;
use super::args::CreateArgs;
use crate::domain::cluster::Cluster;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::preflight::not_available;
use crate::domain::status::Readiness;
use crate::domain::text::escape;
use crate::headless::interrupts::NOTHING_SENT;
use crate::headless::problem::{Code, Problem};
use crate::headless::streams::Stop;
use crate::session::Session;

/// How long to wait between two looks at a busy cluster.
pub const PAUSE: Duration = Duration::from_secs(10);

impl Creating<'_> {
    /// The cluster, once it takes a snapshot as far as its status tells. Whether it was waited for before.
    pub async fn ready_cluster(&mut self, wanted: &CreateArgs, mut waits: bool) -> Result<Cluster, Stop> {
        let mut told = None;
        loop {
            let look = look(self.session, wanted);
            let cluster = tokio::select! {
                cluster = look => cluster,
                () = self.interrupts.next() => return Err(self.interrupted_between().into()),
            };
            let problem = match cluster.and_then(|cluster| self.of_one_account(cluster)) {
                Ok(cluster) => match not_ready(&cluster, self.when_available) {
                    None if waits && self.is_late() => too_late(&cluster),
                    None => return Ok(cluster),
                    Some(problem) if self.may_become_ready(&cluster) => problem,
                    Some(problem) => return Err(problem.and(&self.hint(&cluster)).into()),
                },
                // A wait outlasts a lost link.
                Err(problem) if waits && problem.code.may_pass() => problem,
                Err(problem) if self.sent > 0 || problem.code == Code::ClusterNotFound => {
                    return Err(problem.and(&self.sent_so_far()).into());
                }
                Err(problem) => return Err(problem.into()),
            };
            if self.is_late() {
                let sent = if self.sent == 0 { ", and nothing was sent" } else { "" };
                return Err(problem.and(&format!("The time to wait for it is over{sent}")).into());
            }
            if told.as_ref() != Some(&problem.message) {
                self.streams.say(&format!("{}. Waiting for it.", problem.message.trim_end_matches('.')));
                told = Some(problem.message);
            }
            waits = true;
            self.pause(PAUSE).await?;
        }
    }

    /// The cluster, unless another account's has its name now: what was asked for in one account is sent to no other.
    fn of_one_account(&mut self, cluster: Cluster) -> Result<Cluster, Problem> {
        let answers = cluster.account().or_else(|| self.session.account());
        match (&self.consent.account, answers) {
            (Some(asked), Some(answers)) if *asked != answers => {
                let message = format!("{} was looked at in {asked}, and {answers} answers", cluster.id);
                let problem = Problem::from(Failure::local(FailureKind::OtherAccount, message));
                Err(problem.and(if self.sent == 0 { NOTHING_SENT } else { "It is not sent again" }))
            }
            (None, answers) => {
                self.consent.account = answers;
                Ok(cluster)
            }
            _ => Ok(cluster),
        }
    }

    /// Whether the time to wait is over.
    pub fn is_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// What follows from a cluster that takes no snapshot.
    fn hint(&self, cluster: &Cluster) -> String {
        if cluster.status.readiness() == Readiness::Busy && !self.when_available {
            format!("{NOTHING_SENT} --when-available waits for it")
        } else {
            self.sent_so_far()
        }
    }

    fn may_become_ready(&self, cluster: &Cluster) -> bool {
        self.when_available && matches!(cluster.status.readiness(), Readiness::Busy | Readiness::Unknown)
    }
}

/// Looks the cluster up, and who asks: at the same time, for both take as long as the way there and back.
pub async fn look(session: &Session, wanted: &CreateArgs) -> Result<Cluster, Problem> {
    let caller = async {
        // The request is refused or taken by what AWS knows of the caller, not by what is known here.
        session.find_caller().await;
    };
    let (cluster, ()) = tokio::join!(session.client().cluster(&wanted.cluster.id), caller);
    found(wanted, cluster)
}

/// The cluster that was asked for, out of an answer to a look-up of its identifier.
pub fn found(wanted: &CreateArgs, answer: Result<Option<Cluster>, Failure>) -> Result<Cluster, Problem> {
    let missing = |why: String| Problem::new(Code::ClusterNotFound, escape(&why));
    let Some(cluster) = answer? else {
        return Err(missing(format!(
            "There is no DB cluster {} in this Region of this account",
            wanted.cluster.id
        )));
    };
    if let (Some(asked), Some(arn)) = (&wanted.cluster.arn, &cluster.arn)
        && !asked.eq_ignore_ascii_case(arn)
    {
        return Err(missing(format!("{asked} is not here: the cluster of that name is {arn}")));
    }
    if cluster.family.is_foreign() {
        let message = format!("{} is a {} cluster, not one of RDS", cluster.id, cluster.family.name());
        return Err(Problem::parameter("CLUSTER", "not-an-rds-cluster", &message));
    }
    Ok(cluster)
}

/// Why AWS would certainly refuse a snapshot of the cluster now. What is not known here is left to AWS,
/// unless it is to be waited for.
pub fn not_ready(cluster: &Cluster, when_available: bool) -> Option<Problem> {
    match cluster.status.readiness() {
        Readiness::Ready => return None,
        Readiness::Unknown if !when_available => return None,
        _ => {}
    }
    Some(Problem::new(Code::InvalidClusterState, escape(&not_available(cluster))))
}

/// That a cluster which takes a snapshot was waited for too long: this program may have been stopped meanwhile, or a look
/// was slow, and a snapshot of that moment is not wanted any more.
pub fn too_late(cluster: &Cluster) -> Problem {
    Problem::new(Code::InvalidClusterState, escape(&format!("{} is available only now", cluster.id)))
}
