//! What is learnt of earlier snapshots: how long they took, and why one failed. From the events of the
//! service and the journal; without them the program only says less.

use std::collections::HashSet;
use std::time::Duration;

use crate::domain::account::AccountId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::Place;
use crate::domain::ending::Ending;
use crate::domain::event::SnapshotEvent;
use crate::domain::evidence::Evidence;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::page::Page;
use crate::domain::record::{Intent, OutcomeLine, Record, RecordPage};
use crate::domain::snapshot::Snapshot;
use crate::track::earlier::Earlier;
use crate::track::estimate::{Estimate, estimate};

use super::effect::{Effect, Effects};
use super::endings::another;
use super::keymap::Focus;
use super::notes::{Note, Tone};
use super::pages::is_passing;
use super::requests::RequestId;
use super::screens::pane::Tracked;
use super::{App, Now};

/// For how long the service keeps events.
const EVERYTHING: u16 = 14 * 24 * 60;
/// From how long ago on events are read again once a snapshot has ended.
const LATEST: u16 = 60;
/// The most pages of events that are read in a row.
const MOST_PAGES: usize = 50;
/// How long after an end its event is looked for: it may come a little later.
const EVENT_LAG: Duration = Duration::from_secs(5);

/// How often in a row events are asked for again where no answer comes, and by how much later each time.
const MOST_MISSED: u32 = 20;
const AGAIN: Duration = Duration::from_secs(5);

/// How it stands with looking back.
#[derive(Debug, Default)]
pub struct LookingBack {
    /// What is known of earlier snapshots.
    pub earlier: Earlier,
    pub(super) in_flight: Option<RequestId>,
    pub(super) due: Option<Duration>,
    next_page: Option<String>,
    pages: HashSet<String>,
    missed: u32,
    is_begun: bool,
    is_complete: bool,
}

impl App {
    /// How long a snapshot will still take, if there is ground to say so.
    #[must_use]
    pub fn estimate(&self, row: &Tracked, now: &Now) -> Option<Estimate> {
        if !row.is_open() {
            return None;
        }
        let cluster = row.cluster.as_deref().map(ClusterId::reported);
        let earlier = cluster.map(|cluster| self.looking_back.earlier.durations(&cluster, row.began));
        let followed = &row.followed;
        estimate(&earlier.unwrap_or_default(), &followed.progress, followed.age(now.mono)?)
    }

    /// Whether there is room for all that is known of the snapshot under the pane's cursor.
    #[must_use]
    pub fn has_story(&self) -> bool {
        self.note.is_none() && self.focus() == Focus::Pane
    }

    /// What can be shown about how a snapshot came about.
    #[must_use]
    pub fn evidence(&self, snapshot: &Snapshot) -> Evidence {
        let earlier = &self.looking_back.earlier;
        let watched = || {
            let row = self.pane.rows.iter().find(|row| row.id == snapshot.id)?;
            row.followed.ending().filter(|_| snapshot.status.is_usable()).cloned()
        };
        let ending: Option<Ending> = earlier.ending(snapshot).or_else(watched);
        Evidence::new(snapshot, earlier.requested_as(snapshot), ending.as_ref())
    }

    /// Reads the journal and the events, the first time that something is in progress.
    pub(super) fn look_back(&mut self, now: &Now) -> Effects {
        if self.looking_back.is_begun {
            return Vec::new();
        }
        self.looking_back.is_begun = true;
        self.looking_back.due = Some(now.mono);
        vec![Effect::ReadHistory(self.ids.issue(), None)]
    }

    /// Looks for the events of what has just ended.
    pub(super) fn look_back_again(&mut self, now: &Now) {
        let looking = &mut self.looking_back;
        if looking.in_flight.is_none() && looking.due.is_none() {
            looking.due = Some(now.mono + EVENT_LAG);
        }
    }

    /// Asks for the next page of events.
    pub(super) fn ask_events(&mut self, id: RequestId) -> Effect {
        let looking = &mut self.looking_back;
        looking.in_flight = Some(id);
        looking.due = None;
        let minutes = if looking.is_complete { LATEST } else { EVERYTHING };
        Effect::ReadEvents { id, minutes, marker: looking.next_page.clone() }
    }

    pub(super) fn on_events(
        &mut self,
        id: RequestId,
        answer: Result<Page<SnapshotEvent>, Failure>,
        now: &Now,
    ) -> Effects {
        let looking = &mut self.looking_back;
        if looking.in_flight.take_if(|asked| *asked == id).is_none() {
            return Vec::new();
        }
        match answer {
            Ok(page) => {
                page.items.iter().for_each(|event| looking.earlier.note_event(event));
                let is_new = |marker: &String| looking.pages.insert(marker.clone());
                looking.next_page = page.next.filter(is_new).filter(|_| looking.pages.len() < MOST_PAGES);
                looking.missed = 0;
                if looking.next_page.is_some() {
                    looking.due = Some(now.mono);
                } else {
                    looking.is_complete = true;
                    looking.pages.clear();
                    self.work_out();
                }
                self.on_good_answer(now)
            }
            // The permission is not needed for anything else: without it the program only says less.
            Err(failure) if failure.kind == FailureKind::Throttled || failure.kind.is_credentials() => {
                looking.due = Some(now.mono);
                self.on_bad_answer(failure, now);
                Vec::new()
            }
            // A link that was lost comes back, and the rest of the events is still there.
            Err(failure) if is_passing(&failure) && looking.missed < MOST_MISSED => {
                looking.missed += 1;
                looking.due = Some(now.mono + AGAIN * looking.missed);
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }

    /// Takes what the journal says of requests to this place.
    pub(super) fn remember(&mut self, past: &RecordPage) {
        let Some(place) = self.place() else { return };
        let region = place.region.clone();
        let account = self.account().as_deref().and_then(AccountId::reported);
        let is_here = |request: &&Record| {
            let Intent { region: theirs, account: of, .. } = &request.intent;
            *theirs == region && *of == account
        };
        // The journal has the newest first, and of one name the newest counts.
        for request in past.records.iter().filter(is_here).rev() {
            self.looking_back.earlier.note_request(request);
        }
        self.work_out();
    }

    /// Takes what became of a request of this run: without a journal it is known only here.
    pub(super) fn remember_outcome(&mut self, id: RequestId, outcome: &Outcome) {
        let Some(snapshot) = outcome.snapshot() else { return };
        let Some(row) = self.pane.rows.iter().find(|row| row.submission == Some(id)) else { return };
        let caller = self.caller.value.as_ref();
        let place = self.place();
        // The journal, where there is one, tells of it in full; here is what the snapshot itself says.
        let key = self.policy.mark_key.0.as_ref();
        let mark = key.and_then(|key| snapshot.tags.iter().find(|tag| tag.key == *key));
        let intent = Intent {
            number: mark.map(|mark| mark.value.clone()).unwrap_or_default(),
            mark: mark.map(|mark| mark.key.clone()),
            at: row.began,
            server_time: None,
            server_ahead_s: None,
            caller: caller.map(|caller| caller.arn.clone()),
            account: caller.and_then(|caller| AccountId::reported(&caller.account)),
            profile: place.and_then(|place| place.profile.clone()),
            region: place.and_then(|place| place.region.clone()),
            endpoint: place.map(Place::url).unwrap_or_default(),
            cluster: row.cluster.clone().unwrap_or_default(),
            cluster_resource_id: None,
            snapshot: row.id.clone(),
            tags: snapshot.tags.clone(),
            version: String::new(),
        };
        let outcome = OutcomeLine::new(&intent.number, row.began, outcome, None);
        let request = Record { intent, outcome: Some(outcome), ended: None };
        self.looking_back.earlier.note_request(&request);
    }

    /// Works out how long the snapshots of each cluster took.
    pub(super) fn work_out(&mut self) {
        self.looking_back.earlier.work_out(self.catalog.snapshots.items.iter());
        self.renew_card();
        for row in &mut self.pane.rows {
            let finished = row.snapshot().and_then(|snapshot| self.looking_back.earlier.finished(snapshot));
            if let Some(at) = finished {
                row.followed.finished(at);
            }
            let is_bad = |snapshot: &&Snapshot| snapshot.status.is_final() && !snapshot.status.is_usable();
            let Some(snapshot) = row.snapshot().filter(is_bad) else { continue };
            let why = self.looking_back.earlier.trouble(snapshot).map(str::to_owned);
            if row.why.is_none()
                && let Some(why) = &why
            {
                let (status, next) = (&snapshot.status, another(row));
                let told = format!("{} is {status}: it cannot be restored.{next} AWS says: {why}", row.id);
                self.note = Some(Note::new(Tone::Bad, &told));
            }
            row.why = why;
        }
    }
}
