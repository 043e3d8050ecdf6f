//! The wait for the end: of the doubt about the outcome, and of the snapshot's making.

use std::slice::{from_mut, from_ref};
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use super::Creating;
use crate::domain::outcome::Outcome;
use crate::domain::record::Intent;
use crate::domain::request::SnapshotRequest;
use crate::domain::text::escape;
use crate::headless::follow::{FollowedItem, Follower};
use crate::headless::hints::how_to_go_on;
use crate::headless::interrupts::{LAST_LOOK, interrupted, until};
use crate::headless::json::SnapshotData;
use crate::headless::problem::{Code, Problem};
use crate::headless::settling;
use crate::headless::streams::Stop;
use crate::submit::Submitted;

/// How long to wait between two look-ups of a request whose outcome is not known.
const DOUBT_PAUSE: Duration = Duration::from_secs(10);
/// How often a bar is drawn anew: it tells seconds.
const DRAW: Duration = Duration::from_secs(1);

/// Why a wait ended.
enum Woken {
    Due,
    Late,
    Interrupted,
}

impl Creating<'_> {
    /// Looks an unknown outcome up until it is known. It stays unknown when the time is over.
    pub async fn settled(
        &mut self,
        request: &SnapshotRequest,
        submitted: &Submitted,
    ) -> Result<Outcome, Stop> {
        let mut outcome = submitted.outcome.clone();
        let (Outcome::Unknown { cause, .. }, Some(intent)) = (&submitted.outcome, &submitted.intent) else {
            return Ok(outcome);
        };
        self.streams.say(&settling::words_while_looking(request, &outcome));
        let mut is_miss_told = false;
        while !outcome.is_settled() {
            match self.wake_at(Instant::now() + DOUBT_PAUSE).await {
                Woken::Due => match self.session.settle(intent, cause.clone()).await {
                    Ok(settled) => outcome = settled,
                    Err(failure) if !std::mem::replace(&mut is_miss_told, true) => {
                        self.streams.say(&settling::missed(request.snapshot.as_str(), &failure));
                    }
                    Err(_) => {}
                },
                Woken::Late => {
                    let looked = self.last_look(self.session.settle(intent, cause.clone())).await;
                    return Ok(looked.and_then(Result::ok).unwrap_or(outcome));
                }
                Woken::Interrupted => {
                    let go_on = how_to_go_on(self.session, std::iter::once(&request.snapshot));
                    let words = match self.unjournalled(request, &outcome) {
                        Some(problem) => problem.message,
                        None => format!("{} {go_on}", settling::words(request, &outcome)),
                    };
                    let problem = interrupted(&words);
                    return Err(problem.about(settling::data(self.session, request, &outcome)).into());
                }
            }
        }
        Ok(outcome)
    }

    /// Follows the snapshot of a request to its end.
    pub async fn followed(
        &mut self,
        request: &SnapshotRequest,
        outcome: &Outcome,
        intent: Option<&Intent>,
    ) -> Result<SnapshotData, Problem> {
        let intent = intent.filter(|_| !self.consent.without_journal).cloned();
        let mut follower = Follower::new(self.session, self.streams, String::new());
        let mut item = FollowedItem::new(request.snapshot.clone(), intent, follower.now());
        follower.begin(&mut item, outcome).await;
        if let Some(result) = item.result() {
            return result;
        }
        let mut due = Instant::now() + follower.pause(from_ref(&item));
        self.draw(&item, true, follower.now());
        loop {
            match self.wake_at(if self.streams.draws() { due.min(Instant::now() + DRAW) } else { due }).await
            {
                Woken::Due if Instant::now() < due => self.draw(&item, false, follower.now()),
                Woken::Due => {
                    let is_news = !follower.look(from_mut(&mut item)).await?.is_empty();
                    self.draw(&item, is_news, follower.now());
                    if let Some(result) = item.result() {
                        self.streams.end_progress();
                        return result;
                    }
                    due = Instant::now() + follower.pause(from_ref(&item));
                }
                Woken::Late => {
                    // What cannot be looked at now is as it was seen last.
                    let _ = self.last_look(follower.look(from_mut(&mut item))).await;
                    let given_up = || Err(self.given_up(&item, Code::Timeout, "--timeout is over"));
                    return item.result().map_or_else(given_up, |result| {
                        self.draw(&item, true, follower.now());
                        self.streams.end_progress();
                        result
                    });
                }
                Woken::Interrupted => return Err(self.given_up(&item, Code::Interrupted, "Interrupted")),
            }
        }
    }

    /// Looks once more, though the time is over.
    async fn last_look<T>(&mut self, look: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.interrupts.next() => None,
            looked = timeout(LAST_LOOK, look) => looked.ok(),
        }
    }

    fn given_up(&self, item: &FollowedItem, code: Code, why: &str) -> Problem {
        self.streams.end_progress();
        let go_on = how_to_go_on(self.session, std::iter::once(&item.id));
        let message = escape(&format!("{why}. {}.", item.going_on()));
        Problem::new(code, format!("{message} {go_on}")).about(item.data())
    }

    fn draw(&self, item: &FollowedItem, is_news: bool, now: Duration) {
        self.streams.progress(&item.tell(self.streams.draws(), now), is_news);
    }

    async fn wake_at(&mut self, due: Instant) -> Woken {
        tokio::select! {
            biased;
            () = self.interrupts.next() => Woken::Interrupted,
            () = until(self.deadline) => Woken::Late,
            () = sleep_until(due) => Woken::Due,
        }
    }
}
