//! The wait for the end: of the doubt about the outcome, and of the snapshot's making.

use std::slice::{from_mut, from_ref};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::Creating;
use crate::domain::outcome::Outcome;
use crate::domain::record::Intent;
use crate::domain::request::SnapshotRequest;
use crate::domain::text::escape;
use crate::headless::follow::{FollowedItem, Follower};
use crate::headless::hints::how_to_go_on;
use crate::headless::interrupts::{LAST_LOOK, until};
use crate::headless::json::SnapshotData;
use crate::headless::problem::{Code, Problem};
use crate::headless::settling;
use crate::headless::streams::{Stop, Streams};
use crate::submit::Submitted;

/// How long to wait between two look-ups of a request whose outcome is not known.
const DOUBT_PAUSE: Duration = Duration::from_secs(10);
/// How often a bar is drawn anew: it tells seconds.
const DRAW: Duration = Duration::from_secs(1);

impl Creating<'_> {
    /// Looks an unknown outcome up until it is known. It stays unknown when the time is over.
    pub async fn settled(
        &mut self,
        request: &SnapshotRequest,
        submitted: &Submitted,
    ) -> Result<Outcome, Stop> {
        let outcome = &submitted.outcome;
        let (Outcome::Unknown { cause, .. }, Some(intent)) = (outcome, &submitted.intent) else {
            return Ok(outcome.clone());
        };
        self.streams.say(&settling::words_while_looking(request, outcome));
        let (session, streams) = (self.session, self.streams);
        let look_up = async {
            let mut follower = Follower::new(session, streams, String::new());
            loop {
                sleep(DOUBT_PAUSE).await;
                if let Some(settled) = follower.look_up(intent, cause).await? {
                    return Ok(settled);
                }
            }
        };
        let looked = tokio::select! {
            biased;
            () = self.interrupts.next() => Err(Problem::new(Code::Interrupted, "Interrupted")),
            () = until(self.deadline) => {
                let looked = self.last_look(session.settle(intent, cause.clone())).await;
                Ok(looked.and_then(Result::ok).unwrap_or_else(|| outcome.clone()))
            }
            looked = look_up => looked,
        };
        let data = || settling::data(session, request, outcome);
        looked.map_err(|why| why.and(&self.standing(request, outcome)).about(data()).into())
    }

    /// Follows the snapshot of a request to its end.
    pub async fn followed(
        &mut self,
        request: &SnapshotRequest,
        outcome: &Outcome,
        intent: Option<&Intent>,
    ) -> Result<SnapshotData, Problem> {
        let intent = intent.filter(|_| !self.consent.without_journal).cloned();
        let streams = self.streams;
        let mut follower = Follower::new(self.session, streams, String::new());
        let mut item = FollowedItem::new(request.snapshot.clone(), intent, follower.now());
        let to_the_end = async {
            follower.begin(&mut item, outcome).await;
            if item.result().is_none() {
                draw(streams, &item, true, follower.now());
            }
            loop {
                if let Some(result) = item.result() {
                    return result;
                }
                let due = Instant::now() + follower.pause(from_ref(&item));
                while streams.draws() && Instant::now() + DRAW < due {
                    sleep(DRAW).await;
                    draw(streams, &item, false, follower.now());
                }
                sleep_until(due).await;
                let is_news = !follower.look(from_mut(&mut item)).await?.is_empty();
                draw(streams, &item, is_news, follower.now());
            }
        };
        let (code, why) = tokio::select! {
            biased;
            () = self.interrupts.next() => (Code::Interrupted, "Interrupted"),
            () = until(self.deadline) => (Code::Timeout, "--timeout is over"),
            ended = to_the_end => {
                streams.end_progress();
                return ended;
            }
        };
        if code == Code::Timeout {
            // What cannot be looked at now is as it was seen last.
            let _ = self.last_look(follower.look(from_mut(&mut item))).await;
            if item.result().is_some() {
                draw(streams, &item, true, follower.now());
            }
        }
        streams.end_progress();
        item.result().unwrap_or_else(|| {
            let go_on = how_to_go_on(self.session, std::iter::once(&item.id));
            let message = escape(&format!("{why}. {}.", item.going_on()));
            Err(Problem::new(code, format!("{message} {go_on}")).about(item.data()))
        })
    }

    /// Looks once more, though the time is over.
    async fn last_look<T>(&mut self, look: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.interrupts.next() => None,
            looked = timeout(LAST_LOOK, look) => looked.ok(),
        }
    }
}

fn draw(streams: Streams, item: &FollowedItem, is_news: bool, now: Duration) {
    streams.progress(&item.tell(streams.draws(), now), is_news);
}
