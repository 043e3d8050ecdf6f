//! The snapshots of a change followed to their end, in all places at the same time.

use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until};

use super::plan::{ChangePlan, PlannedCluster, PlannedState};
use crate::domain::earlier::Earlier;
use crate::domain::outcome::Outcome;
use crate::domain::record::Intent;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::text::escape;
use crate::headless::follow::{FollowedItem, Follower, OpenRequest};
use crate::headless::hints::how_to_follow;
use crate::headless::interrupts::{Interrupts, LAST_LOOK, until};
use crate::headless::places;
use crate::headless::problem::{Code, Problem};
use crate::headless::streams::Streams;
use crate::session::Session;

/// What is followed in a place.
struct FollowedPlace<'a> {
    streams: Streams,
    follower: Follower<'a>,
    items: Vec<FollowedItem>,
    /// The rows of the items.
    rows: Vec<usize>,
    /// The open requests with their rows.
    open: Vec<OpenRequest<usize>>,
    /// The rows whose requests came after another machine's for the same change, with the snapshots of those.
    elsewhere: Vec<(usize, Box<Snapshot>)>,
    /// What is known of rows that are not followed any more.
    ended: Vec<(usize, Problem)>,
}

/// Follows until all have ended; gives why it ended before, if it did.
pub async fn follow(
    plan: &mut ChangePlan<'_>,
    deadline: Option<Instant>,
    interrupts: &mut Interrupts,
    streams: Streams,
) -> Option<Problem> {
    let places = plan.answers.found.iter().enumerate();
    let mut places: Vec<FollowedPlace> =
        places.map(|(at, found)| FollowedPlace::new(plan, at, &found.session, streams)).collect();
    let all = join_all(places.iter_mut().map(|place| Box::pin(place.until_all_ended(deadline))));
    let late = Some((Code::Timeout, "--timeout is over"));
    let why = tokio::select! {
        biased;
        are_done = all => late.filter(|_| are_done.contains(&false)),
        () = until(deadline.map(|deadline| deadline + LAST_LOOK)) => late,
        () = interrupts.next() => Some((Code::Interrupted, "Interrupted")),
    };
    let code = why.map_or(Code::Internal, |(code, _)| code);
    for place in places {
        place.conclude(plan, code);
    }
    why.map(|(code, why)| {
        let sessions = plan.answers.found.iter().map(|found| &found.session);
        let go_on = how_to_follow(&plan.wanted.id, sessions);
        Problem::new(code, format!("{why}. What is being created goes on. {go_on}"))
    })
}

impl<'a> FollowedPlace<'a> {
    fn new(plan: &ChangePlan<'_>, at: usize, session: &'a Session, streams: Streams) -> Self {
        let prefix = places::prefix(session, plan.answers.are_several);
        let mut place = Self {
            streams,
            follower: Follower::new(session, streams, prefix),
            items: Vec::new(),
            rows: Vec::new(),
            open: Vec::new(),
            elsewhere: Vec::new(),
            ended: Vec::new(),
        };
        for (index, row) in plan.rows.iter().enumerate().filter(|(_, row)| row.place == at) {
            place.take(index, row);
        }
        place
    }

    fn take(&mut self, row: usize, of: &PlannedCluster<'_>) {
        match &of.state {
            PlannedState::Sent(_, submitted) => match (&submitted.outcome, &submitted.intent) {
                (Outcome::Unknown { cause, .. }, Some(intent)) => {
                    self.open.push((row, intent.clone(), cause.clone()));
                }
                // Its answer came while the others were sent. When, nothing tells any more: no time is measured from it.
                (Outcome::Created { snapshot: made, .. }, intent) => {
                    self.follow(row, intent.clone(), made, |item| {
                        let mut item = item.recalled(Some(made));
                        item.seen = Some(made.as_ref().clone());
                        item
                    });
                }
                (outcome, intent) => {
                    let Some(made) = outcome.snapshot() else { return };
                    let now = self.follower.moment(None);
                    self.follow(row, intent.clone(), made, |mut item| {
                        item.take_outcome(outcome, &now);
                        item
                    });
                }
            },
            PlannedState::Earlier(Earlier::Open(record)) if record.is_unsettled() => {
                self.open.push((row, record.intent.clone(), record.cause()));
            }
            PlannedState::Earlier(Earlier::Made(record, _) | Earlier::Missing(record, _)) => {
                if let Some(item) = FollowedItem::requested(record, self.follower.now()) {
                    self.items.push(item);
                    self.rows.push(row);
                }
            }
            PlannedState::Earlier(Earlier::Elsewhere(made)) => {
                self.follow(row, None, made, |item| item.recalled(Some(made)));
            }
            _ => {}
        }
    }

    fn follow(
        &mut self,
        row: usize,
        intent: Option<Intent>,
        made: &Snapshot,
        begin: impl FnOnce(FollowedItem) -> FollowedItem,
    ) {
        let Ok(id) = SnapshotId::parse(&made.id) else { return };
        self.items.push(begin(FollowedItem::new(id, intent, self.follower.now())));
        self.rows.push(row);
    }

    /// Follows until all of this place have ended, or it fails; `false` if the time is over before: it looked once more
    /// then.
    async fn until_all_ended(&mut self, deadline: Option<Instant>) -> bool {
        if self.open.is_empty() && self.items.is_empty() {
            return true;
        }
        loop {
            let is_last = deadline.is_some_and(|deadline| deadline <= Instant::now());
            if let Err(problem) = self.look().await {
                let prefix = &self.follower.prefix;
                self.streams.warn(&format!("clustersnap: {prefix}{}", problem.message));
                self.give_up(&problem);
                return true;
            }
            if self.open.is_empty() && self.items.iter().all(FollowedItem::is_over) {
                return true;
            }
            if is_last {
                return false;
            }
            let next = Instant::now() + self.follower.pause(&self.items);
            sleep_until(deadline.map_or(next, |deadline| deadline.min(next))).await;
        }
    }

    /// Looks once at all of it.
    async fn look(&mut self) -> Result<(), Problem> {
        self.settle().await?;
        for index in self.follower.look(&mut self.items).await? {
            if let Some(item) = self.items.get(index) {
                self.follower.say(&item.tell(false, self.follower.now()));
            }
        }
        Ok(())
    }

    /// Looks up what became of the open requests; those that made a snapshot are followed from now on.
    async fn settle(&mut self) -> Result<(), Problem> {
        let (settled, looked) = self.follower.settle(&mut self.open).await;
        for (row, came_to) in settled {
            match came_to {
                Ok((item, twin)) => {
                    self.items.push(item);
                    self.rows.push(row);
                    self.elsewhere.extend(twin.map(|twin| (row, twin)));
                }
                Err(problem) => self.ended.push((row, problem)),
            }
        }
        looked
    }

    /// That nothing more is known of what has not ended.
    fn give_up(&mut self, problem: &Problem) {
        let followed = self.items.iter().zip(&self.rows).filter(|(item, _)| !item.is_over());
        let of_item = |item: &FollowedItem| match item.seen {
            Some(_) => problem.clone().about(item.data()),
            None => problem.clone(),
        };
        let followed = followed.map(|(item, row)| (*row, of_item(item)));
        let open = self.open.iter().map(|(row, ..)| (*row, problem.clone()));
        self.ended.extend(followed.chain(open));
    }

    /// Tells each row how its snapshot ended, or that it did not, with the code of why it is not followed on.
    fn conclude(self, plan: &mut ChangePlan<'_>, code: Code) {
        for (row, twin) in self.elsewhere {
            if let Some(row) = plan.rows.get_mut(row) {
                row.state = PlannedState::Earlier(Earlier::Elsewhere(twin));
            }
        }
        let seen = self.items.iter().zip(self.rows).map(|(item, row)| {
            let going_on = || Problem::new(code, escape(&item.going_on())).about(item.data());
            let problem = item.problem().or_else(|| (!item.is_over()).then(going_on));
            (row, problem.map_or_else(|| Ok(item.data()), Err))
        });
        let failed = self.ended.into_iter().map(|(row, problem)| (row, Err(problem)));
        for (row, followed) in seen.chain(failed) {
            if let Some(row) = plan.rows.get_mut(row) {
                row.followed = Some(followed);
            }
        }
    }
}
