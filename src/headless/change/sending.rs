//! The requests of a change on their way: each by itself, some of a place at a time, at that place's pace. What waits
//! for its cluster holds up none of the others.

use std::cell::Cell;
use std::pin::pin;

use futures_util::future::join_all;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{Instant, timeout};

use super::pace::SendingPace;
use super::plan::{ChangePlan, PlannedCluster, PlannedState};
use crate::domain::change::{AT_ONCE, ChangeItem, why_stopped};
use crate::domain::earlier::Earlier;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Step;
use crate::domain::policy::Confirmation;
use crate::domain::status::Readiness;
use crate::headless::create::cluster::{ClusterWait, is_over, pause, told_or_again};
use crate::headless::create::sending::{LAST_OUTCOME, nothing_more_begins, tell};
use crate::headless::interrupts::{Interrupts, interrupted};
use crate::headless::named_cluster::NamedCluster;
use crate::headless::places::{self, Found};
use crate::headless::problem::{Code, Problem};
use crate::headless::settling;
use crate::headless::streams::Streams;
use crate::session::Consent;
use crate::submit::Submitted;

/// How many calls a request is made of: it looks at the cluster, at its snapshots and at the name, and creates.
const CALLS: u32 = 4;

/// Sends what is to be sent, waiting for clusters until the deadline; gives why it ended before its end, if it was told
/// to.
pub async fn send(
    plan: &mut ChangePlan<'_>,
    deadline: Option<Instant>,
    is_confirmed: bool,
    interrupts: &mut Interrupts,
    streams: Streams,
) -> Option<Problem> {
    let are_several = plan.answers.are_several;
    let lane = |found: &Found<_>| Lane {
        slots: Semaphore::new(AT_ONCE),
        pace: SendingPace::new(),
        prefix: places::prefix(&found.session, are_several),
    };
    let sender = Sender {
        streams,
        deadline,
        is_confirmed,
        all_or_stop: plan.wanted.args.all_or_stop,
        waits: plan.wanted.args.wait,
        lanes: plan.answers.found.iter().map(lane).collect(),
        stopped: watch::Sender::new(None),
        told: Cell::new(0),
        total: plan.to_send().count(),
    };
    let is_interrupted = {
        let mut all = pin!(join_all(plan.rows.iter_mut().map(|row| sender.drive(row))));
        tokio::select! {
            _ = &mut all => false,
            () = interrupts.next() => {
                sender.stop(Problem::new(Code::Interrupted, "Interrupted before it was sent"));
                streams.warn(&nothing_more_begins());
                tokio::select! {
                    // What is not under way is let go of first.
                    biased;
                    _ = timeout(LAST_OUTCOME, &mut all) => {}
                    // Asked twice, it does not wait: the journal has what is needed.
                    () = interrupts.next() => {}
                }
                true
            }
        }
    };
    for row in &mut plan.rows {
        if let PlannedState::ToSend(item) = &row.state {
            row.state = if row.is_begun.get() {
                PlannedState::UnderWay(item.clone())
            } else {
                PlannedState::Unsent(item.clone(), sender.unsent(item))
            };
        }
    }
    is_interrupted.then(|| interruption(plan))
}

/// What an interruption means for what was to be sent.
fn interruption(plan: &ChangePlan<'_>) -> Problem {
    let count = |is: fn(&PlannedState) -> bool| plan.rows.iter().filter(|row| is(&row.state)).count();
    let (unsent, open) = (
        count(|state| matches!(state, PlannedState::Unsent(..))),
        count(|state| match state {
            PlannedState::UnderWay(_) => true,
            PlannedState::Sent(_, submitted) => !submitted.outcome.is_settled(),
            _ => false,
        }),
    );
    let told = |count: usize, one: &str, several: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        count => Some(several.replace('#', &count.to_string())),
    };
    let unsent = told(unsent, "1 request was not sent", "# requests were not sent");
    let open = told(open, "The outcome of 1 request is not known", "The outcome of # requests is not known");
    let what: Vec<String> = unsent.into_iter().chain(open).collect();
    let what = if what.is_empty() { "Each request has an outcome".to_owned() } else { what.join(". ") };
    let words = format!("{what}. The same command again goes on with {}", plan.wanted.id);
    interrupted(&words)
}

/// A place, and what is under way there.
struct Lane {
    slots: Semaphore,
    pace: SendingPace,
    /// What a line about one of several places begins with.
    prefix: String,
}

struct Sender {
    streams: Streams,
    /// Until when clusters are waited for.
    deadline: Option<Instant>,
    /// Whether it was confirmed for production.
    is_confirmed: bool,
    all_or_stop: bool,
    /// Whether all are followed to their end afterwards, and what is not known yet is looked up meanwhile.
    waits: bool,
    lanes: Vec<Lane>,
    /// Why nothing more is sent, once that is so.
    stopped: watch::Sender<Option<Problem>>,
    told: Cell<usize>,
    total: usize,
}

impl Sender {
    /// Nothing more is sent from now on.
    fn stop(&self, why: Problem) {
        self.stopped.send_modify(|stopped| {
            stopped.get_or_insert(why);
        });
    }

    /// Whether nothing more is to be sent.
    fn has_stopped(&self) -> bool {
        self.stopped.borrow().is_some()
    }

    /// Waits until nothing more is to be sent.
    async fn until_stopped(&self) {
        // The sender is this one's own: it does not go before.
        let _ = self.stopped.subscribe().wait_for(Option::is_some).await;
    }

    /// Sends the request of a row, if it has one.
    async fn drive(&self, row: &mut PlannedCluster<'_>) {
        let PlannedState::ToSend(item) = &row.state else { return };
        row.state = match Box::pin(self.outcome(row, item)).await {
            Ok(submitted) => {
                self.tell(item, row, &submitted);
                Earlier::by_twin(&item.request, &submitted.outcome).map_or_else(
                    || PlannedState::Sent(item.clone(), Box::new(submitted)),
                    PlannedState::Earlier,
                )
            }
            Err(problem) => {
                if !self.has_stopped() {
                    // It was waited for, and that came to nothing.
                    self.say_next(row, &format!("{}: {}.", item.request.snapshot, problem.message));
                    self.stop_for(item, row, &problem);
                }
                PlannedState::Unsent(item.clone(), problem)
            }
        };
    }

    /// What became of a request, or why it was not sent.
    async fn outcome(&self, row: &PlannedCluster<'_>, item: &ChangeItem) -> Result<Submitted, Problem> {
        let mut is_busy = row.cluster.status.readiness() != Readiness::Ready;
        let mut is_again = false;
        let mut refused: Option<Submitted> = None;
        loop {
            let earlier = refused.as_ref().and_then(|refused| refused.outcome.failure().cloned());
            let ready = async {
                if is_again {
                    pause(self.deadline).await;
                }
                if item.when_available && is_busy {
                    Box::pin(self.wait_for_cluster(row, item)).await
                } else {
                    Ok(())
                }
            };
            let sent = async {
                self.unless_stopped(item, ready).await?;
                self.submit(row, item, earlier).await
            };
            let (prefix, name) = (&self.lane(row).prefix, &item.request.snapshot);
            let say = |words: &str| self.streams.say(&format!("{prefix}{name}: {words}"));
            let submitted = match Box::pin(sent).await {
                Ok(submitted) => submitted,
                // What left and was refused is told as that.
                Err(problem) => {
                    if refused.is_some() && !self.has_stopped() {
                        say(&format!("{}. It is not sent again.", problem.message.trim_end_matches('.')));
                    }
                    return refused.ok_or(problem);
                }
            };
            let may_wait = item.when_available && !is_over(self.deadline) && !self.has_stopped();
            if let Some(told) = told_or_again(&mut refused, submitted, may_wait, say) {
                return Ok(told);
            }
            (is_busy, is_again) = (true, true);
        }
    }

    async fn submit(
        &self,
        row: &PlannedCluster<'_>,
        item: &ChangeItem,
        earlier: Option<Failure>,
    ) -> Result<Submitted, Problem> {
        let lane = self.lane(row);
        let _slot = self.turn(lane, item).await?;
        let name = format!("{}{}", lane.prefix, item.request.snapshot);
        row.is_begun.set(false);
        let on_step = |step: Step| {
            tell(self.streams, &step, &name);
            if matches!(&step, Step::Retrying { cause, .. } if cause.kind == FailureKind::Throttled) {
                lane.pace.slow_down();
            }
            row.is_begun.set(row.is_begun.get() || step == Step::Journalling);
        };
        let cluster = item.request.cluster.to_string();
        let confirmed = Consent {
            account: item.account.clone(),
            earlier,
            confirmation: Confirmation::Command(self.is_confirmed.then_some(cluster)),
            told: row.told.clone(),
            look_until: self.deadline,
            ..Consent::default()
        };
        let mut submission = pin!(row.session.submit(item.request.clone(), confirmed, on_step));
        tokio::select! {
            submitted = &mut submission => Ok(submitted),
            () = self.until_stopped() => {
                if row.is_begun.get() {
                    Ok(submission.await)
                } else {
                    // To drop it here is to end the program here: nothing was written or sent.
                    Err(self.unsent(item))
                }
            }
        }
    }

    fn lane(&self, row: &PlannedCluster<'_>) -> &Lane {
        // Every row is of a place that answered.
        #[expect(clippy::indexing_slicing, reason = "rows are made of the places, and these do not change")]
        &self.lanes[row.place]
    }

    /// Waits for a place among those under way, and for the turn of its calls.
    async fn turn<'l>(&self, lane: &'l Lane, item: &ChangeItem) -> Result<SemaphorePermit<'l>, Problem> {
        let turn = async {
            let slot = lane.slots.acquire().await;
            lane.pace.turn(CALLS).await;
            slot.map_err(|closed| Problem::new(Code::Internal, closed.to_string()))
        };
        self.unless_stopped(item, turn).await
    }

    /// Does what sends nothing, unless nothing more is to be sent: then it is given up at any point.
    async fn unless_stopped<T>(
        &self,
        item: &ChangeItem,
        work: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, Problem> {
        tokio::select! {
            biased;
            () = self.until_stopped() => Err(self.unsent(item)),
            done = work => done,
        }
    }

    /// Waits until the cluster takes a snapshot as far as its status tells.
    async fn wait_for_cluster(&self, row: &PlannedCluster<'_>, item: &ChangeItem) -> Result<(), Problem> {
        let lane = self.lane(row);
        let mut wait = ClusterWait {
            session: row.session,
            cluster: &NamedCluster { id: row.cluster.id.clone(), arn: None },
            account: item.account.clone(),
            resource_id: item.request.cluster_resource_id.clone(),
            was_found: true,
            when_available: true,
            deadline: self.deadline,
        };
        let say = |words: &str| self.streams.say(&format!("{}{words}", lane.prefix));
        wait.until_ready(async || lane.pace.turn(1).await, say).await.map(|_| ())
    }

    /// That a request was not sent, for nothing more is.
    fn unsent(&self, item: &ChangeItem) -> Problem {
        let why = self.stopped.borrow().clone();
        let why = why.unwrap_or_else(|| Problem::new(Code::Internal, "Nothing more is sent"));
        Problem { message: format!("{} was not sent: {}", item.request.snapshot, why.message), ..why }
    }

    /// Says what became of another request.
    fn say_next(&self, row: &PlannedCluster<'_>, words: &str) {
        self.told.set(self.told.get() + 1);
        self.streams.say(&format!("{} of {}: {}{words}", self.told.get(), self.total, self.lane(row).prefix));
    }

    /// Tells what became of a request.
    fn tell(&self, item: &ChangeItem, row: &PlannedCluster<'_>, submitted: &Submitted) {
        let words = if self.waits { settling::words_while_looking } else { settling::words };
        self.say_next(row, &words(&item.request, &submitted.outcome));
        if let Some(problem) = settling::failed(row.session, &item.request, &submitted.outcome) {
            self.stop_for(item, row, &problem);
        }
    }

    /// Sends nothing more because of a request, where that was asked for.
    fn stop_for(&self, item: &ChangeItem, row: &PlannedCluster<'_>, problem: &Problem) {
        if self.all_or_stop {
            let what = why_stopped(&item.request.snapshot, problem.code != Code::OutcomeUnknown);
            let why = format!("by --all-or-stop, for {}{what}", self.lane(row).prefix);
            self.stop(Problem::new(problem.code, why));
        }
    }
}
