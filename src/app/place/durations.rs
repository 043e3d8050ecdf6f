//! What is learnt of earlier snapshots: how long they took, and why one failed. From the events of the service and
//! the journal; without them the program only says less.

use std::time::Duration;

use jiff::Timestamp;

use crate::app::Now;
use crate::app::effect::Effect;
use crate::app::note::{Note, Tone};
use crate::app::question::Question;
use crate::app::request_id::RequestId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::ending::Ending;
use crate::domain::event::SnapshotEvent;
use crate::domain::evidence::Evidence;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::page::Page;
use crate::domain::record::{Intent, OutcomeLine, Record, RecordPage};
use crate::domain::snapshot::Snapshot;
use crate::domain::status::SnapshotStatus;
use crate::track::earlier::EarlierSnapshots;
use crate::track::estimate::{Estimate, estimate};

use super::followed::{FollowedSnapshot, FollowedState, Weight};
use super::pages::Reading;
use super::questions::QuestionSubject;
use super::{News, Place};

/// For how long the service keeps events.
const EVERYTHING: u16 = 14 * 24 * 60;
/// From how long ago on events are read again once a snapshot has ended.
const LATEST: u16 = 60;
/// The most pages of events that are read in a row.
const MOST_PAGES: usize = 50;
/// How often in a row events are asked for again where no answer comes, and by how much later each time.
const MOST_MISSED: u32 = 20;
const AGAIN: Duration = Duration::from_secs(5);

/// What is known of earlier snapshots, and how far the events were read.
#[derive(Debug, Default)]
pub struct Durations {
    /// What is known of earlier snapshots.
    pub earlier: EarlierSnapshots,
    reading: Reading,
    missed: u32,
    is_begun: bool,
    is_complete: bool,
}

impl Durations {
    /// The question for the next page of events.
    pub(super) fn question(&self) -> Question {
        let minutes = if self.is_complete { LATEST } else { EVERYTHING };
        Question::Events { minutes, marker: self.reading.marker() }
    }

    /// Takes a page of events; returns whether there is another one to read.
    fn take(&mut self, page: Page<SnapshotEvent>) -> bool {
        page.items.iter().for_each(|event| self.earlier.note_event(event));
        self.missed = 0;
        let goes_on = self.reading.take(page.next, page.items.len()) == Ok(true);
        if goes_on && self.reading.pages() < MOST_PAGES {
            return true;
        }
        self.is_complete = true;
        self.reading = Reading::default();
        false
    }
}

impl Place {
    /// How long a snapshot will still take, if there is ground to say so.
    pub fn estimate(&self, row: &FollowedSnapshot, now: &Now) -> Option<Estimate> {
        // How long earlier ones took to be made says nothing of one that is copied or deleted.
        let is_made = |snapshot: &Snapshot| snapshot.status == SnapshotStatus::Creating;
        if !row.is_open() || !row.snapshot().is_none_or(is_made) {
            return None;
        }
        let cluster = row.cluster.as_deref().map(ClusterId::reported);
        let earlier = cluster.map(|cluster| self.durations.earlier.durations(&cluster, row.began));
        let followed = &row.followed;
        estimate(&earlier.unwrap_or_default(), &followed.progress, followed.age(now.mono)?)
    }

    /// What can be shown about how a snapshot came about.
    pub fn evidence(&self, snapshot: &Snapshot) -> Evidence {
        let earlier = &self.durations.earlier;
        let watched = || {
            let row = self.row_of(snapshot)?;
            row.followed.ending().filter(|_| row.weight() == Weight::Usable).cloned()
        };
        let ending: Option<Ending> = earlier.ending(snapshot).or_else(watched);
        let (latest, seen_at) = self.latest(snapshot).unwrap_or((snapshot, None));
        let is_listed = self.is_listed(snapshot);
        let mut evidence = Evidence::new(latest, earlier.requested_as(latest), ending.as_ref(), seen_at);
        evidence.is_listed = is_listed;
        evidence
    }

    /// What is followed of a snapshot that was seen.
    fn row_of(&self, snapshot: &Snapshot) -> Option<&FollowedSnapshot> {
        let is_it = |row: &&FollowedSnapshot| row.id == snapshot.id && !row.followed.is_replaced_by(snapshot);
        self.followed.rows.iter().find(is_it)
    }

    /// Whether the last look for a snapshot that was seen had it, as far as there was one.
    pub fn is_listed(&self, snapshot: &Snapshot) -> bool {
        match self.row_of(snapshot).map(|row| (&row.state, &row.followed.presence)) {
            Some((FollowedState::Gone(_), _)) => false,
            Some((FollowedState::NotListed(_), presence)) => !presence.was_listed(),
            Some(_) => true,
            None => self.latest(snapshot).is_some() || self.catalog.snapshots.complete_at.is_none(),
        }
    }

    /// A snapshot as it was seen last, and when that was, if it is followed; `None` where nothing is known of it any more.
    pub fn latest(&self, snapshot: &Snapshot) -> Option<(&Snapshot, Option<Timestamp>)> {
        let is_it = |other: &Snapshot| {
            let created = other.created_at.zip(snapshot.created_at);
            other.id == snapshot.id && other.arn == snapshot.arn && created.is_none_or(|(a, b)| a == b)
        };
        let followed = self.followed.rows.iter().find(|row| row.snapshot().is_some_and(is_it));
        if let Some(row) = followed {
            return Some((row.snapshot()?, row.seen_at));
        }
        self.catalog.named(&snapshot.id).filter(|listed| is_it(listed)).map(|listed| (listed, None))
    }

    /// Reads the journal and the events, the first time that something is in progress.
    pub fn look_back(&mut self, now: &Now) {
        if std::mem::replace(&mut self.durations.is_begun, true) {
            return;
        }
        self.questions.want(QuestionSubject::Events, now.mono);
        let id = self.ids.issue();
        self.effects.push(Effect::ReadHistory(id, None));
    }

    pub(super) fn on_events(&mut self, answer: Result<Page<SnapshotEvent>, Failure>, now: &Now) {
        match answer {
            Ok(page) => {
                if self.durations.take(page) {
                    self.questions.want(QuestionSubject::Events, now.mono);
                } else {
                    self.work_out();
                }
                self.on_good_answer(now);
            }
            // The permission is not needed for anything else: without it the program only says less.
            Err(failure) if failure.kind == FailureKind::Throttled || failure.kind.is_credentials() => {
                self.questions.want(QuestionSubject::Events, now.mono);
                self.on_bad_answer(failure, now);
            }
            // A link that was lost comes back, and the rest of the events is still there.
            Err(failure) if failure.kind.is_passing() && self.durations.missed < MOST_MISSED => {
                self.durations.missed += 1;
                self.questions.want(QuestionSubject::Events, now.mono + AGAIN * self.durations.missed);
            }
            Err(_) => {
                // A page that cannot be had is not begun with the next time; what was read before it counts.
                self.durations.reading = Reading::default();
                self.work_out();
            }
        }
    }

    /// Takes what the journal says of requests to this place.
    pub fn remember(&mut self, past: &RecordPage) {
        let region = self.target().region.clone();
        let account = self.account();
        let is_here = |request: &&Record| {
            let Intent { region: theirs, account: of, .. } = &request.intent;
            *theirs == region && *of == account
        };
        // The journal has the newest first, and of one name the newest counts.
        for request in past.entries.iter().filter_map(|(_, entry)| entry.as_request()).filter(is_here).rev() {
            self.durations.earlier.note_request(request);
        }
        self.work_out();
    }

    /// Takes what became of a request of this run: without a journal it is known only here.
    pub(super) fn remember_outcome(&mut self, id: RequestId, outcome: &Outcome) {
        let Some(snapshot) = outcome.snapshot() else { return };
        let Some(row) = self.followed.of(id) else { return };
        let caller = self.caller.value.as_ref();
        let target = self.target();
        // The journal, where there is one, tells of it in full; here is what the snapshot itself says.
        let key = self.mark_key.0.as_ref();
        let mark = key.and_then(|key| snapshot.tags.iter().find(|tag| tag.key == *key));
        let intent = Intent {
            number: mark.map(|mark| mark.value.clone()).unwrap_or_default(),
            mark: mark.map(|mark| mark.key.clone()),
            at: row.began,
            caller: caller.map(|caller| caller.arn.clone()),
            account: caller.map(|caller| caller.account.clone()),
            profile: target.profile.clone(),
            region: target.region.clone(),
            endpoint: target.url(),
            cluster: row.cluster.clone().unwrap_or_default(),
            snapshot: row.id.clone(),
            tags: snapshot.tags.to_vec(),
            ..Intent::default()
        };
        let outcome = OutcomeLine::new(&intent.number, row.began, outcome, None);
        let request = Record { intent, outcome: Some(outcome), ended: None };
        self.durations.earlier.note_request(&request);
    }

    /// Works out how long the snapshots of each cluster took.
    pub(super) fn work_out(&mut self) {
        self.durations.earlier.work_out(self.catalog.snapshots.items.iter());
        self.news.push(News::Changed);
        for row in &mut self.followed.rows {
            let finished = row.snapshot().and_then(|snapshot| self.durations.earlier.finished(snapshot));
            if let Some(at) = finished {
                row.followed.finished(at);
            }
            let is_bad = |snapshot: &&Snapshot| snapshot.status.is_final() && !snapshot.status.is_usable();
            let Some(snapshot) = row.snapshot().filter(is_bad) else { continue };
            let why = self.durations.earlier.trouble(snapshot).map(str::to_owned);
            if row.why.is_none()
                && let Some(why) = &why
            {
                let (status, next) = (&snapshot.status, row.what_to_do());
                let told = format!("{}: {status}, so it cannot be restored.{next} AWS says: {why}", row.id);
                self.news.push(News::Told(Note::new(Tone::Bad, &told).about(self.id, &row.id)));
            }
            if let Some(why) = &why {
                row.followed.explained(why);
            }
            row.why = why;
        }
    }

    /// Keeps what the first estimate of each snapshot said, to tell at its end how good it was.
    pub(super) fn note_estimates(&mut self, now: &Now) {
        for at in 0..self.followed.rows.len() {
            let Some(row) = self.followed.rows.get(at).filter(|row| row.first_estimate.is_none()) else {
                continue;
            };
            let Some(estimate) = self.estimate(row, now) else { continue };
            let Some(age) = row.followed.age(now.mono) else { continue };
            if let Some(row) = self.followed.rows.get_mut(at) {
                row.first_estimate = Some((age + estimate.least, age + estimate.most));
            }
        }
    }
}
