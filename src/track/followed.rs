//! One snapshot that is followed to its end: whether it is there, how old it is, when to look again, and what
//! is known of its end. The pane, `watch` and `create --wait` follow by this.
//!
//! Inside of a process time is what the monotonic clock says; what goes to the journal for other processes
//! is the server's. Where the two disagree (a machine that slept, a proxy with a clock of its own), neither is
//! told.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::presence::{Absence, Presence};
use super::progress::Progress;
use super::schedule;
use crate::domain::account::AccountId;
use crate::domain::ending::{Begun, Ending, GONE, Took, is_watched};
use crate::domain::failure;
use crate::domain::listing::Listing;
use crate::domain::snapshot::Snapshot;

/// By how much the two clocks may disagree: the server's tells whole seconds, and answers take their time.
const SLACK: SignedDuration = SignedDuration::from_secs(5);
/// The part by which they may disagree besides, on long stretches.
const DRIFT: i32 = 100;

/// The moment of a look, on every clock that there is.
#[derive(Clone, Copy, Debug)]
pub struct LookMoment {
    /// The monotonic clock of this process.
    pub mono: Duration,
    /// The date on this machine: to tell the moment, never to measure with.
    pub at: Timestamp,
    /// The server's clock in the answer, if it said.
    pub server: Option<Timestamp>,
}

/// What is known of a snapshot from looking at it.
#[derive(Clone, Debug, Default)]
pub struct Followed {
    account: Option<AccountId>,
    /// Whether it is there.
    pub presence: Presence,
    /// Its percentage so far.
    pub progress: Progress,
    begun: Duration,
    /// When this process had the answer to the request that made it.
    sent: Option<Duration>,
    /// Its age at a moment of the monotonic clock.
    aged: Option<(Duration, Duration)>,
    /// The first look with the server's clock, by which both clocks are compared.
    first: Option<(Duration, Timestamp)>,
    /// The last look that saw it in progress.
    open: Option<LookMoment>,
    ending: Option<Ending>,
    /// When it was begun by the list that had it ended: another one of its name was begun at another time.
    created_at: Option<Timestamp>,
    /// When it was begun by what an earlier process was answered.
    recalled_at: Option<Timestamp>,
    /// The end as it was journalled last.
    noted: Option<Ending>,
}

/// What a look at a snapshot came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look<'a> {
    /// It is listed like this.
    Listed(&'a Snapshot),
    /// It is not listed; what became of it, if that is known.
    Missed(Option<Absence>),
}

impl Followed {
    /// A snapshot that is followed from a moment of the monotonic clock on.
    pub fn new(begun: Duration) -> Self {
        Self { presence: Presence::new(begun), begun, ..Self::default() }
    }

    /// Notes which account it is of, where that is known otherwise than by its own ARN.
    pub fn belongs_to(&mut self, account: Option<AccountId>) {
        self.account = account.or(self.account.take());
    }

    /// Which account it is of, where that is known.
    pub fn account(&self) -> Option<&AccountId> {
        self.account.as_ref()
    }

    /// Whether it is of its account that a snapshot was found: another account's of its name is another one.
    pub fn is_own(&self, found: &Snapshot) -> bool {
        match (&self.account, found.account()) {
            (Some(own), Some(theirs)) => *own == theirs,
            _ => true,
        }
    }

    /// Whether a snapshot of its name was made after it had ended, and was deleted.
    pub fn is_replaced_by(&self, found: &Snapshot) -> bool {
        self.created_at.zip(found.created_at).is_some_and(|(own, theirs)| own != theirs)
    }

    /// Takes it from the answer that its request got at this moment. That is no list: lists may still lag.
    pub fn answered(&mut self, snapshot: &Snapshot, now: &LookMoment) {
        self.sent = Some(now.mono);
        self.aged = Some((Duration::ZERO, now.mono));
        self.see(snapshot, now);
    }

    /// Takes it as it was answered to an earlier process.
    pub fn recalled(&mut self, snapshot: &Snapshot) {
        self.belongs_to(snapshot.account());
        self.recalled_at = snapshot.created_at;
    }

    /// Takes how an earlier process saw it: a list had it then.
    pub fn listed_before(&mut self, ended: Option<&Ending>) {
        self.presence.found();
        self.ending = ended.cloned();
        self.noted = ended.cloned();
    }

    /// Takes it as a list has it.
    pub fn listed(&mut self, snapshot: &Snapshot, now: &LookMoment) {
        self.presence.found();
        self.see(snapshot, now);
        self.created_at = snapshot.created_at.filter(|_| snapshot.status.is_final());
    }

    /// Takes what an answer tells of the snapshot of this identifier; `last` is how it was listed last, and `is_it` what
    /// else a found one has to be.
    pub fn look<'a>(
        &mut self,
        id: &str,
        answer: &'a Listing,
        last: Option<&Snapshot>,
        is_it: impl FnOnce(&Snapshot) -> bool,
        now: &LookMoment,
    ) -> Look<'a> {
        let is_own = |found: &&Snapshot| self.is_own(found) && !self.is_replaced_by(found) && is_it(found);
        match answer.find(id).filter(is_own) {
            Some(found) => {
                self.listed(found, now);
                Look::Listed(found)
            }
            None if answer.find(id).is_some_and(|found| self.has_given_way_to(found, last)) => {
                self.end_as_gone(now);
                Look::Missed(Some(self.presence.replaced()))
            }
            None => Look::Missed(self.missed(answer.account.as_ref(), last, now)),
        }
    }

    /// Whether what was found under its name is a later one of its account. An earlier one is an old list's.
    fn has_given_way_to(&self, found: &Snapshot, last: Option<&Snapshot>) -> bool {
        let own = self.created_at.or(last.and_then(|last| last.created_at)).or(self.recalled_at);
        self.account.is_some()
            && self.account == found.account()
            && own.zip(found.created_at).is_some_and(|(own, theirs)| own < theirs)
    }

    fn end_as_gone(&mut self, now: &LookMoment) {
        let ended = self.ending.take().unwrap_or_else(|| end_of(GONE, now));
        self.ending = Some(ended.then_gone(now.at));
    }

    /// Takes that an answer of an account does not have it; `last` is how it was listed last.
    fn missed(
        &mut self,
        theirs: Option<&AccountId>,
        last: Option<&Snapshot>,
        now: &LookMoment,
    ) -> Option<Absence> {
        let status = last.map(|snapshot| &snapshot.status);
        let verdict = self.presence.missed(self.account.as_ref(), theirs, status, (now.mono, now.at));
        if verdict.is_some() {
            self.end_as_gone(now);
        }
        verdict
    }

    /// Its age; `None` while no look has told it.
    pub fn age(&self, now: Duration) -> Option<Duration> {
        self.aged.map(|(age, at)| age + now.saturating_sub(at))
    }

    /// Its age; for how long it is followed, where that is not known.
    pub fn age_or_time(&self, now: Duration) -> Duration {
        self.age(now).unwrap_or_else(|| now.saturating_sub(self.begun))
    }

    /// How long after a look the next one is due.
    pub fn interval(&self, is_focused: bool, now: Duration, jitter: u8) -> Duration {
        let age = self.age_or_time(now);
        let unmoved = self.progress.unmoved(age);
        let percent = self.progress.points().last().map_or(0, |point| point.percent);
        schedule::kept(schedule::interval(age, percent, unmoved), is_focused, jitter)
    }

    /// How it ended, if it was seen to.
    pub fn ending(&self) -> Option<&Ending> {
        self.ending.as_ref()
    }

    /// The end that is to be journalled: one that was not noted yet.
    pub fn end_to_note(&self) -> Option<&Ending> {
        self.ending.as_ref().filter(|ending| self.noted.as_ref() != Some(ending))
    }

    /// Notes the end as it is now; returns it, if it was not noted yet.
    pub fn note_end(&mut self) -> Option<Ending> {
        let ending = self.end_to_note()?.clone();
        self.noted = Some(ending.clone());
        Some(ending)
    }

    /// Takes when it was finished by an event of RDS.
    pub fn finished(&mut self, at: Timestamp) {
        if let Some(ending) = &mut self.ending {
            ending.finished_at = Some(at);
        }
    }

    /// Takes why it cannot be restored, by an event of RDS.
    pub fn explained(&mut self, why: &str) {
        if let Some(ending) = &mut self.ending {
            ending.why = Some(failure::cut(why));
        }
    }

    /// How long its making took, as far as that can be told.
    pub fn took(&self, begun: Begun) -> Option<Took> {
        self.ending.as_ref()?.took(begun)
    }

    fn see(&mut self, snapshot: &Snapshot, now: &LookMoment) {
        if self.account.is_none() {
            self.account = snapshot.account();
        }
        if self.aged.is_none() {
            let age =
                snapshot.created_at.zip(now.server).map(|(created, server)| server.duration_since(created));
            // A snapshot of the future has a clock of its own: its age is not known.
            self.aged = age
                .and_then(|age| Duration::try_from(age + SLACK).ok())
                .map(|age| (age.saturating_sub(SLACK.unsigned_abs()), now.mono));
        }
        self.first = self.first.or_else(|| now.server.map(|server| (now.mono, server)));
        if let Some(percent) = snapshot.percent {
            let age = self.age_or_time(now.mono);
            self.progress.observe(percent, age);
        }
        if snapshot.status.is_final() {
            match &mut self.ending {
                // A list that has it takes back that it is gone.
                Some(ending) if ending.status == snapshot.status.as_str() => ending.gone_at = None,
                _ => self.ending = Some(self.end(snapshot.status.as_str(), now)),
            }
        } else {
            self.ending = None;
            self.open = Some(*now);
        }
    }

    /// The end that a look saw.
    fn end(&self, status: &str, now: &LookMoment) -> Ending {
        if !self.clocks_agree(now) {
            return Ending { server_time: None, ..end_of(status, now) };
        }
        let open = self.open.map(|open| open.mono);
        let watched = self.sent.map(|sent| now.mono.saturating_sub(sent));
        let watched =
            watched.zip(open).filter(|(took, open)| is_watched(now.mono.saturating_sub(*open), *took));
        let open_at = self.open.and_then(|open| open.server);
        Ending { watched: watched.map(|(took, _)| took), open_at, ..end_of(status, now) }
    }

    fn clocks_agree(&self, now: &LookMoment) -> bool {
        let Some(((mono, server), here)) = self.first.zip(now.server) else { return true };
        let by_mono = SignedDuration::try_from(now.mono.saturating_sub(mono)).unwrap_or_default();
        let apart = here.duration_since(server).saturating_sub(by_mono);
        apart.abs() <= SLACK.saturating_add(by_mono / DRIFT)
    }
}

fn end_of(status: &str, now: &LookMoment) -> Ending {
    Ending::seen(status, now.at, now.server)
}

#[cfg(test)]
#[path = "followed_tests.rs"]
mod tests;
