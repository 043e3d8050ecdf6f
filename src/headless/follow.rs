//! Snapshots followed to their end: one look for all of them, at [`crate::track`]'s pace.
//!
//! It takes more than a lost link to give up: the snapshot goes on being made meanwhile. `open`: requests whose outcome
//! is looked up first.

mod open;

use std::slice::from_mut;
use std::time::Duration;

use jiff::{Timestamp, Zoned};
use tokio::time::{Instant, sleep};

use super::hints::how_to_go_on;
use super::json::{EndData, SnapshotData};
use super::problem::{Code, Problem};
use super::streams::Streams;
use crate::domain::account::may_be_same;
use crate::domain::age::short_clock;
use crate::domain::ending::{Begun, Ending, Took};
use crate::domain::event::EVENT_LAG;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Listing;
use crate::domain::outcome::Outcome;
use crate::domain::record::{Intent, Record};
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::text::{escape, length};
use crate::session::{Session, TURN};
use crate::track::backoff::Backoff;
use crate::track::followed::{Followed, Look, LookMoment};
use crate::track::schedule;
pub use open::OpenRequest;

/// For how long no look may succeed before it is given up.
const SILENCE: Duration = Duration::from_mins(15);
/// How many characters the bar has.
const BAR: usize = 24;

/// A snapshot that is followed.
#[derive(Debug)]
pub struct FollowedItem {
    /// Its identifier.
    pub id: SnapshotId,
    /// The journal's request for it.
    intent: Option<Intent>,
    /// As it was seen last.
    pub seen: Option<Snapshot>,
    followed: Followed,
    /// Whether it was told that it is not listed.
    is_missing_told: bool,
    /// Whether RDS was asked why it cannot be restored.
    is_why_asked: bool,
}

impl FollowedItem {
    /// A snapshot to follow from a moment on, with its request if the journal has that.
    pub fn new(id: SnapshotId, intent: Option<Intent>, now: Duration) -> Self {
        let mut followed = Followed::new(now);
        followed.belongs_to(intent.as_ref().and_then(|intent| intent.account.clone()));
        Self { id, intent, seen: None, followed, is_missing_told: false, is_why_asked: false }
    }

    /// The snapshot of a request of the journal, with what that has of it; `None` if the line was changed by hand into
    /// one that could not be sent.
    pub fn requested(record: &Record, now: Duration) -> Option<Self> {
        let id = SnapshotId::parse(&record.intent.snapshot).ok()?;
        let mut item = Self::new(id, Some(record.intent.clone()), now).recalled(record.made().as_ref());
        if record.listed_at().is_some() && !record.is_gone() {
            item.followed.listed_before(record.ended.as_ref());
        }
        Some(item)
    }

    /// A snapshot that a list had just now: should the first look miss it, it was there.
    pub fn listed(found: &Snapshot, now: Duration) -> Option<Self> {
        let mut item = Self::new(SnapshotId::parse(&found.id).ok()?, None, now).recalled(Some(found));
        item.followed.listed_before(None);
        Some(item)
    }

    /// The same, as an earlier process was answered.
    pub(crate) fn recalled(mut self, made: Option<&Snapshot>) -> Self {
        if let Some(made) = made {
            self.followed.recalled(made);
        }
        self
    }

    /// Takes the answer that its request got at this moment, or the list in which it was found again.
    pub fn take_outcome(&mut self, outcome: &Outcome, now: &LookMoment) {
        let Some(made) = outcome.snapshot() else { return };
        match outcome {
            Outcome::Created { .. } => self.followed.answered(made, now),
            _ => self.followed.listed(made, now),
        }
        self.seen = Some(made.clone());
    }

    /// How it ended, if it was seen to.
    pub fn end(&self) -> Option<&Ending> {
        self.followed.ending()
    }

    fn took(&self) -> Option<Took> {
        let created_at = self.seen.as_ref().and_then(|snapshot| snapshot.created_at);
        let asked_at = self.intent.as_ref().and_then(|intent| intent.server_time);
        self.followed.took(Begun { created_at, asked_at })
    }

    /// Whether nothing more is waited for: it has ended, and the last look that tells something had it, or it is gone.
    pub fn is_over(&self) -> bool {
        let is_there = self.seen.is_some() && self.followed.presence.absences().is_none();
        self.end().is_some_and(|end| end.is_gone() || is_there)
    }

    fn is_available(&self) -> bool {
        let is_there = self.end().is_some_and(|end| !end.is_gone());
        is_there && self.seen.as_ref().is_some_and(|seen| seen.status.is_usable())
    }

    /// What is known of it while it is not over.
    pub fn going_on(&self) -> String {
        match self.end() {
            None => format!("{} goes on being created, as far as is known", self.id),
            Some(end) => {
                format!("{} was {} when it was seen last, and is not listed now", self.id, end.standing())
            }
        }
    }

    /// The snapshot for a program.
    pub fn data(&self) -> SnapshotData {
        let known = self.seen.as_ref().map(SnapshotData::from);
        let data =
            known.unwrap_or_else(|| SnapshotData { id: self.id.to_string(), ..SnapshotData::default() });
        let Some(end) = self.end() else { return data };
        SnapshotData {
            status: Some(end.standing().to_owned()),
            ended: Some(EndData::new(Some(end), self.took())),
            ..data
        }
    }

    /// How it ended, or the problem that this is; `None` while it is not over.
    pub fn result(&self) -> Option<Result<SnapshotData, Problem>> {
        self.is_over().then(|| self.problem().map_or_else(|| Ok(self.data()), Err))
    }

    /// The problem that its end is, if it is one.
    pub fn problem(&self) -> Option<Problem> {
        let end = self.end().filter(|_| self.is_over() && !self.is_available())?;
        let message = match (self.followed.presence.verdict().filter(|_| end.is_gone()), &end.why) {
            (Some(verdict), _) => format!("{}: {verdict}; AWS CloudTrail may say why", self.id),
            (None, None) => format!("{} is {}: it cannot be restored", self.id, end.standing()),
            (None, Some(why)) => {
                format!("{} is {}: it cannot be restored. AWS says: {why}", self.id, end.standing())
            }
        };
        Some(Problem::new(Code::SnapshotFailed, escape(&message)).about(self.data()))
    }

    /// How far it is, for a person.
    pub fn tell(&self, as_bar: bool, now: Duration) -> String {
        let percent = self.seen.as_ref().and_then(|snapshot| snapshot.percent);
        let status = match (self.end(), &self.seen) {
            (Some(end), _) if self.is_over() => end.standing(),
            (_, Some(snapshot)) if !self.is_missing() => snapshot.status.as_str(),
            _ if self.followed.presence.was_listed() => "not listed",
            _ => "not listed yet",
        };
        let shown = percent.map_or_else(|| "progress not known".to_owned(), |percent| format!("{percent} %"));
        let bar = if as_bar { format!("  {}", bar(percent.unwrap_or(0))) } else { String::new() };
        let time = match (self.end(), self.took()) {
            (Some(_), Some(took @ Took::FirstSeen(_))) if self.is_available() => {
                format!("  usable, {}", took.words())
            }
            (Some(_), took) => took.map(|took| format!("  {}", took.words())).unwrap_or_default(),
            (None, _) => self.followed.age(now).map(|age| format!("  {}", length(age))).unwrap_or_default(),
        };
        escape(&format!("{}  {status}{bar}  {shown}{time}", self.id))
    }

    /// Whether the last look missed it.
    fn is_missing(&self) -> bool {
        self.followed.presence.is_elsewhere() || self.followed.presence.absences().is_some()
    }

    /// Takes what a look saw of it; whether that is news.
    fn take(&mut self, answer: &Listing, now: &LookMoment) -> bool {
        let state =
            |it: &Self| (it.end().cloned(), it.seen.as_ref().map(|seen| (seen.status.clone(), seen.percent)));
        let before = state(self);
        let is_it = |found: &Snapshot| !self.intent.as_ref().is_some_and(|intent| intent.is_not_of(found));
        let look = self.followed.look(self.id.as_str(), answer, self.seen.as_ref(), is_it, now);
        if let Look::Listed(found) = look {
            self.seen = Some(found.clone());
        }
        before != state(self)
    }

    /// What is to be said about its not being listed, once for as long as that lasts.
    fn missing_words(&mut self) -> Option<String> {
        if !self.is_missing() {
            self.is_missing_told = false;
            return None;
        }
        let presence = &self.followed.presence;
        let told = match presence.absences() {
            Some(missed) if missed.looks > 1 && !presence.was_listed() => {
                format!("{}: {}; it is followed on", self.id, missed.not_yet())
            }
            Some(missed) if missed.looks > 1 => {
                let since = short_clock(missed.since, &Zoned::now());
                format!("{} is {}; it is followed on", self.id, missed.so_far(&since))
            }
            None => format!(
                "{} is not listed, but the account of these lists is not known to be its own: that proves nothing. \
                 It is followed on",
                self.id
            ),
            // One look can miss what the next one has.
            Some(_) => return None,
        };
        (!self.is_over() && !std::mem::replace(&mut self.is_missing_told, true)).then_some(told)
    }
}

fn bar(percent: u8) -> String {
    let full = usize::from(percent) * BAR / 100;
    format!("[{}{}]", "#".repeat(full), ".".repeat(BAR.saturating_sub(full)))
}

/// Looks at snapshots until they have ended.
pub struct Follower<'a> {
    session: &'a Session,
    streams: Streams,
    backoff: Backoff,
    begun: Instant,
    /// Up to when the service was not missed.
    heard: Instant,
    /// What is said begins with, where several places are looked at.
    pub prefix: String,
    /// Whether it was told that a look-up failed: the first of a row is.
    is_miss_told: bool,
}

impl<'a> Follower<'a> {
    /// A follower, of a place where the service answered just now. What it says begins with the prefix.
    pub fn new(session: &'a Session, streams: Streams, prefix: String) -> Self {
        let (begun, backoff) = (Instant::now(), Backoff::default());
        Self { session, streams, backoff, begun, heard: begun, prefix, is_miss_told: false }
    }

    /// Says something of its place.
    pub fn say(&self, text: &str) {
        self.streams.say(&format!("{}{text}", self.prefix));
    }

    /// The moment on the follower's monotonic clock.
    pub fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    /// This moment, with the server's clock where an answer told it.
    pub fn moment(&self, server: Option<Timestamp>) -> LookMoment {
        LookMoment { mono: self.now(), at: Timestamp::now(), server }
    }

    /// Looks once at all, also at those that have ended: a usable one can be deleted, and one that is gone come back;
    /// the indices of those that changed.
    pub async fn look(&mut self, items: &mut [FollowedItem]) -> Result<Vec<usize>, Problem> {
        let ids: Vec<SnapshotId> = items.iter().map(|item| item.id.clone()).collect();
        let look = match asked_anew(async || self.session.client().snapshots_named(&ids).await).await {
            Ok(answer) => self.session.listing(answer, ids.len()).await,
            Err(failure) => return self.missed(failure, items).map(|()| Vec::new()),
        };
        let own = self.session.account();
        if !may_be_same(look.account.as_ref(), own.as_ref()) {
            let failure =
                Failure::local(FailureKind::OtherAccount, "what is followed is not of this account");
            return self.missed(failure, items).map(|()| Vec::new());
        }
        if self.backoff.failure().is_some() {
            self.say("The service answers again.");
        }
        self.backoff.well();
        let now = self.moment(look.server_time);
        let mut changed = Vec::new();
        for (index, item) in items.iter_mut().enumerate() {
            if item.take(&look, &now) {
                changed.push(index);
            }
            if let Some(words) = item.missing_words() {
                self.say(&format!("{}.", escape(&words)));
            }
            self.note_end(item).await;
        }
        self.ask_why(items).await;
        Ok(changed)
    }

    /// Asks RDS why those that cannot be restored are so, each once: its event may come a little later than the end.
    async fn ask_why(&self, items: &mut [FollowedItem]) {
        let is_bad = |item: &FollowedItem| {
            let is_unexplained = item.end().is_some_and(|end| end.why.is_none());
            is_unexplained
                && !item.is_why_asked
                && item.seen.as_ref().is_some_and(|it| it.status.is_failure())
        };
        let mut pause = EVENT_LAG;
        for item in items.iter_mut().filter(|item| is_bad(item)) {
            sleep(std::mem::replace(&mut pause, TURN)).await;
            item.is_why_asked = true;
            let Some(seen) = &item.seen else { continue };
            if let Some(why) = self.session.trouble_of(seen).await {
                item.followed.explained(&why);
                self.note_end(item).await;
            }
        }
    }

    /// Takes the outcome of the request for a snapshot that is followed: it may have ended with it.
    pub async fn begin(&self, item: &mut FollowedItem, outcome: &Outcome) {
        item.take_outcome(outcome, &self.moment(None));
        self.note_end(item).await;
        self.ask_why(from_mut(item)).await;
    }

    /// Journals an end. What was not watched to its end, RDS is asked about.
    async fn note_end(&self, item: &mut FollowedItem) {
        if item.followed.end_to_note().is_none() {
            return;
        }
        let was_watched = item.took().is_none_or(|took| took.observed().is_some()) || !item.is_over();
        if let Some(seen) = item.seen.as_ref().filter(|seen| !was_watched && seen.status.is_usable())
            && let Some(at) = self.session.finished_at(seen).await
        {
            item.followed.finished(at);
        }
        if let (Some(ending), Some(intent)) = (item.followed.note_end(), &item.intent)
            && let Err(error) = self.session.note_end(&intent.number, &ending).await
        {
            let told = ending.unwritten(item.id.as_str(), &error.to_string());
            self.streams.warn(&format!("{}{told}", self.prefix));
        }
    }

    /// How long to wait before the next look: what is due first takes the others along.
    pub fn pause(&self, items: &[FollowedItem]) -> Duration {
        if self.backoff.failure().is_some() {
            return self.backoff.until().saturating_sub(self.now());
        }
        self.interval(items)
    }

    fn missed(&mut self, failure: Failure, items: &[FollowedItem]) -> Result<(), Problem> {
        if self.backoff.failure().is_none() {
            // Counted from the first look that fails: this program may have been stopped since the last answer.
            self.heard = Instant::now();
        }
        let is_over = self.heard.elapsed() > SILENCE;
        if is_over || !Code::from(failure.kind).may_pass() {
            let left = items.iter().filter(|item| !item.is_over()).map(|item| &item.id);
            return Err(Problem::from(failure).and(&how_to_go_on(self.session, left)));
        }
        if self.backoff.failure().is_none() {
            self.say(&format!("{failure}. Trying again; the snapshot goes on at AWS."));
        }
        let interval = self.interval(items);
        self.backoff.failed(failure, interval, self.now(), fastrand::u8(..));
        Ok(())
    }

    /// How long to wait after a look that went well.
    fn interval(&self, items: &[FollowedItem]) -> Duration {
        let open = items.iter().filter(|item| !item.is_over());
        let of = |item: &FollowedItem| item.followed.interval(true, self.now(), fastrand::u8(..));
        open.map(of).min().unwrap_or(schedule::FAST)
    }
}

/// An answer; where the credentials have run out, that with those that are there by now: a snapshot may take longer than
/// they last.
async fn asked_anew<T>(ask: impl AsyncFn() -> Result<T, Failure>) -> Result<T, Failure> {
    match ask().await {
        Err(failure) if failure.kind.is_credentials() => ask().await,
        answer => answer,
    }
}
