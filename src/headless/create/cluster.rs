//! Whether the cluster is there and takes a snapshot now, and the wait until it does.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::domain::account::AccountId;
use crate::domain::cluster::Cluster;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::preflight::not_available;
use crate::domain::status::Readiness;
use crate::domain::text::escape;
use crate::headless::named_cluster::NamedCluster;
use crate::headless::problem::{Code, Problem};
use crate::session::Session;
use crate::submit::Submitted;
use crate::submit::service::Service as _;

/// How long to wait between two looks at a busy cluster.
const PAUSE: Duration = Duration::from_secs(10);

/// A wait until a cluster takes a snapshot as far as its status tells.
pub struct ClusterWait<'a> {
    /// The connection.
    pub session: &'a Session,
    /// The cluster.
    pub cluster: &'a NamedCluster,
    /// The account that it was asked for in, where that is known: it is looked at in no other.
    pub account: Option<AccountId>,
    /// Its resource id, where that is known: a later one of its name is another cluster.
    pub resource_id: Option<String>,
    /// Whether it was found before: then a lost link is outlasted, and that it is not listed is not believed at once.
    pub was_found: bool,
    /// Whether it is waited for where it is busy.
    pub when_available: bool,
    /// Until when.
    pub deadline: Option<Instant>,
}

impl ClusterWait<'_> {
    /// The cluster, once it takes a snapshot. `turn` is waited for before each look. May be given up at any point.
    pub async fn until_ready(
        &mut self,
        turn: impl AsyncFn(),
        say: impl Fn(&str),
    ) -> Result<Cluster, Problem> {
        let (mut told, mut is_missed) = (None, false);
        loop {
            turn().await;
            let mut looked = look(self.session, self.cluster).await;
            let is_refused = looked.as_ref().is_err_and(|problem| problem.code == Code::Credentials);
            if is_refused && self.was_found {
                // A cluster may be busy for longer than credentials last: it is asked with those that are there by now.
                looked = look(self.session, self.cluster).await;
            }
            let is_unlisted = looked.as_ref().is_err_and(|problem| problem.code == Code::ClusterNotFound);
            let answers = match &looked {
                Ok(cluster) => cluster.account().or_else(|| self.session.account()),
                Err(_) if is_unlisted && self.was_found => self.session.client().account().await,
                Err(_) => None,
            };
            self.is_answered_by(answers.as_ref())?;
            self.account = self.account.take().or_else(|| answers.clone());
            if let Ok(cluster) = &looked {
                self.is_same(cluster)?;
            }
            // One look can miss what the next one has, and an answer of nobody knows which account proves nothing.
            let is_doubtful = is_unlisted && (answers.is_none() || !is_missed);
            is_missed = is_unlisted && answers.is_some();
            let problem = match looked {
                Ok(cluster) => match not_ready(&cluster, self.when_available) {
                    None if self.was_found && is_over(self.deadline) => too_late(&cluster),
                    None => return Ok(cluster),
                    Some(problem) if self.when_available && may_become_ready(&cluster) => problem,
                    Some(problem) => return Err(problem),
                },
                Err(problem) if self.was_found && (is_doubtful || problem.code.may_pass()) => problem,
                Err(problem) => return Err(problem),
            };
            if is_over(self.deadline) {
                return Err(problem.and("The time to wait for it is over"));
            }
            if told.as_ref() != Some(&problem.message) {
                say(&format!("{}. Waiting for it.", problem.message.trim_end_matches('.')));
                told = Some(problem.message);
            }
            self.was_found = true;
            pause(self.deadline).await;
        }
    }

    /// Refuses what another account answers: what was asked for in one is sent to no other.
    fn is_answered_by(&self, answers: Option<&AccountId>) -> Result<(), Problem> {
        match (&self.account, answers) {
            (Some(asked), Some(answers)) if asked != answers => {
                let message = format!("{} was looked at in {asked}, and {answers} answers", self.cluster.id);
                Err(Failure::local(FailureKind::OtherAccount, message).into())
            }
            _ => Ok(()),
        }
    }

    /// Refuses another cluster that has its name by now.
    fn is_same(&mut self, cluster: &Cluster) -> Result<(), Problem> {
        let known = self.resource_id.take().or_else(|| cluster.resource_id.clone());
        self.resource_id.clone_from(&known);
        match (known, &cluster.resource_id) {
            (Some(known), Some(found)) if known != *found => {
                let message =
                    format!("{} is {found}, and was {known} when it was looked at first", cluster.id);
                Err(Failure::local(FailureKind::AnotherCluster, message).into())
            }
            _ => Ok(()),
        }
    }
}

/// Waits for a while, but no longer than it is to wait at all.
pub async fn pause(deadline: Option<Instant>) {
    let until = Instant::now() + PAUSE;
    sleep_until(deadline.map_or(until, |deadline| deadline.min(until))).await;
}

/// Whether a time to wait is over.
pub fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| deadline <= Instant::now())
}

/// What is to be told of a sending: that, or what AWS said of the one before. `None` if it is to be sent again, because
/// its cluster turned out to be busy after all: nothing was created then. `refused` is the last that left and was refused.
pub fn told_or_again(
    refused: &mut Option<Submitted>,
    submitted: Submitted,
    may_wait: bool,
    say: impl Fn(&str),
) -> Option<Submitted> {
    match &submitted.outcome {
        Outcome::NotCreated(failure) | Outcome::Refused(failure)
            if may_wait && failure.kind == FailureKind::InvalidState =>
        {
            say(&format!("{failure}. Waiting on."));
            if submitted.sent > 0 {
                *refused = Some(submitted);
            }
            None
        }
        Outcome::NotCreated(failure) if refused.is_some() => {
            say(&format!("{failure}. It is not sent again."));
            refused.take()
        }
        _ => Some(submitted),
    }
}

fn may_become_ready(cluster: &Cluster) -> bool {
    matches!(cluster.status.readiness(), Readiness::Busy | Readiness::Unknown)
}

/// Looks the cluster up, and who asks: at the same time, for both take as long as the way there and back.
async fn look(session: &Session, wanted: &NamedCluster) -> Result<Cluster, Problem> {
    let caller = async {
        // The request is refused or taken by what AWS knows of the caller, not by what is known here.
        session.find_caller().await;
    };
    let (cluster, ()) = tokio::join!(session.client().cluster(&wanted.id), caller);
    found(wanted, cluster)
}

/// The cluster that was asked for, out of an answer to a look-up of its identifier.
pub fn found(wanted: &NamedCluster, answer: Result<Option<Cluster>, Failure>) -> Result<Cluster, Problem> {
    let missing = |why: String| Problem::new(Code::ClusterNotFound, escape(&why));
    let Some(cluster) = answer? else {
        return Err(missing(format!("There is no DB cluster {} in this Region of this account", wanted.id)));
    };
    if let (Some(asked), Some(arn)) = (&wanted.arn, &cluster.arn)
        && !asked.eq_ignore_ascii_case(arn)
    {
        return Err(missing(format!("{asked} is not here: the cluster of that name is {arn}")));
    }
    if cluster.family.is_foreign() {
        return Err(foreign(&cluster));
    }
    Ok(cluster)
}

/// That a cluster is another service's, whose clusters RDS lists too.
pub fn foreign(cluster: &Cluster) -> Problem {
    let message = format!("{} is a {} cluster, not one of RDS", cluster.id, cluster.family.name());
    Problem::parameter("CLUSTER", "not-an-rds-cluster", &message)
}

/// Why AWS would certainly refuse a snapshot of the cluster now. What is not known here is left to AWS,
/// unless it is to be waited for.
fn not_ready(cluster: &Cluster, when_available: bool) -> Option<Problem> {
    let problem = Problem::new(Code::InvalidClusterState, escape(&not_available(cluster)));
    match cluster.status.readiness() {
        Readiness::Ready => None,
        Readiness::Unknown if !when_available => None,
        Readiness::Busy if !when_available => Some(problem.and("--when-available waits for it")),
        _ => Some(problem),
    }
}

/// That a cluster which takes a snapshot was waited for too long: this program may have been stopped meanwhile, or a look
/// was slow, and a snapshot of that moment is not wanted any more.
fn too_late(cluster: &Cluster) -> Problem {
    Problem::new(Code::InvalidClusterState, escape(&format!("{} is available only now", cluster.id)))
}
