//! The search for snapshots that were begun elsewhere. The list has those that there were when it was read. After that
//! the events of the last minutes say once a minute which names to look up, and a round through the manual snapshots
//! finds what events do not tell: a page a minute, so that it is the same however many there are.
//!
//! Events only say where to look: that there is none of a snapshot means nothing.

use std::collections::HashSet;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::app::Now;
use crate::app::question::Question;
use crate::domain::event::{Milestone, SnapshotEvent};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::LIST_LAG;
use crate::domain::page::Page;
use crate::domain::snapshot::Snapshot;
use crate::track::schedule::{MOST, jittered};

use super::pages::Reading;
use super::questions::QuestionSubject;
use super::{News, Place};

/// How often events are asked for, and how long after a page of a round the next one is.
const MINUTE: Duration = Duration::from_mins(1);
/// The same while nobody watches.
const UNWATCHED: Duration = Duration::from_mins(5);
/// How often a round begins; where events cannot be asked, one follows the other.
const ROUND: Duration = Duration::from_mins(15);
/// By how much later than it happened an event may be listed, in minutes.
const LATE: u64 = 5;
/// For how many minutes events are kept.
const KEPT: u64 = 14 * 24 * 60;
/// How far the time of an event and that of its snapshot may be apart.
const APART: SignedDuration = SignedDuration::from_mins(2);

/// How far the search has come.
#[derive(Debug, Default)]
pub(super) struct Search {
    round: Reading,
    round_begun: Duration,
    events: Reading,
    /// When the list was last begun to be read.
    list_begun: Option<(Duration, Timestamp)>,
    /// From when on events are to be heard of, on both clocks: one may stand still, the other may be set.
    since: Option<(Duration, Timestamp)>,
    /// Since when they are being asked for, page by page.
    asking_since: Option<(Duration, Timestamp)>,
    /// Whether they cannot be asked for.
    is_denied: bool,
    /// The events that were heard of, this time and the time before.
    heard: HashSet<(String, Timestamp)>,
    heard_before: HashSet<(String, Timestamp)>,
    /// The names that are to be looked up, each with since when.
    names: Vec<(String, Duration)>,
}

impl Search {
    /// Takes it that the list is being read from now on: once it is complete, it has everything that there is.
    pub(super) fn list_begins(&mut self, now: &Now) {
        self.list_begun = Some((now.mono, now.at()));
    }

    /// The question for the next page of the round.
    pub(super) fn round_question(&mut self, now: &Now) -> Question {
        let marker = self.round.marker();
        if marker.is_none() {
            self.round_begun = now.mono;
        }
        Question::ManualSnapshots(marker)
    }

    /// The question for the next page of the latest events.
    pub(super) fn events_question(&mut self, now: &Now) -> Question {
        let (mono, wall) = *self.asking_since.get_or_insert((now.mono, now.at()));
        let passed = self.since.map_or(Duration::ZERO, |(since, at)| {
            let by_date = Duration::try_from(wall.duration_since(at)).unwrap_or_default();
            mono.saturating_sub(since).max(by_date)
        });
        let minutes = (passed.as_secs().div_ceil(60) + LATE).min(KEPT);
        let minutes = u16::try_from(minutes).unwrap_or(u16::MAX);
        Question::Events { minutes, marker: self.events.marker() }
    }

    /// The question for names that events told of.
    pub(super) fn names_question(&self) -> Option<Question> {
        let names: Vec<String> = self.names.iter().take(MOST).map(|(name, _)| name.clone()).collect();
        (!names.is_empty()).then_some(Question::Named(names))
    }

    /// Lets go of names that were found, and of those that were looked for long enough.
    fn found(&mut self, found: &[Snapshot], now: &Now) {
        let lag = Duration::try_from(LIST_LAG).unwrap_or_default();
        self.names.retain(|(name, since)| {
            let is_found = found.iter().any(|snapshot| snapshot.id.eq_ignore_ascii_case(name));
            !is_found && now.mono.saturating_sub(*since) < lag
        });
    }
}

impl Place {
    /// Sets the next search of the Region, after its list was read.
    pub(super) fn schedule_search(&mut self, now: &Now) {
        let Search { since, list_begun, .. } = self.search;
        let is_complete = self.catalog.snapshots.failure.is_none();
        let since = if is_complete { list_begun } else { since.or(list_begun) };
        self.search = Search { since, list_begun, round_begun: now.mono, ..Search::default() };
        // What is under way was asked for what was known before.
        for subject in
            [QuestionSubject::ManualSnapshots, QuestionSubject::Begun, QuestionSubject::LatestEvents]
        {
            self.questions.forget(&subject);
        }
        self.want_events(now);
        self.want_round(now);
    }

    fn want_events(&mut self, now: &Now) {
        let pause = if self.is_watched { MINUTE } else { UNWATCHED };
        let due = now.mono + jittered(pause, self.jitter());
        self.questions.want_at(QuestionSubject::LatestEvents, due);
    }

    /// Wants the first page of the next round.
    fn want_round(&mut self, now: &Now) {
        let pause = if self.search.is_denied { MINUTE } else { ROUND };
        let due = (self.search.round_begun + pause).max(now.mono + MINUTE);
        self.questions.want_at(QuestionSubject::ManualSnapshots, due);
    }

    /// Takes a page of the latest events.
    pub(super) fn on_latest_events(&mut self, answer: Result<Page<SnapshotEvent>, Failure>, now: &Now) {
        let taken = answer.and_then(|page| {
            for event in &page.items {
                self.hear(event, now);
            }
            self.search.events.take(page.next, page.items.len())
        });
        match taken {
            Ok(true) => self.questions.want(QuestionSubject::LatestEvents, now.mono),
            Ok(false) => {
                let search = &mut self.search;
                search.since = search.asking_since.take();
                search.heard_before = std::mem::take(&mut search.heard);
                if !search.names.is_empty() {
                    self.questions.want(QuestionSubject::Begun, now.mono);
                }
                self.want_events(now);
            }
            Err(failure) => return self.on_no_events(failure, now),
        }
        self.on_good_answer(now);
    }

    /// Takes it that events could not be asked for. What passes by itself is asked again from the same moment on.
    fn on_no_events(&mut self, failure: Failure, now: &Now) {
        self.search.events = Reading::default();
        self.search.asking_since = None;
        let is_unreadable = failure.kind == FailureKind::UnreadableAnswer;
        if failure.kind.is_credentials() || (failure.kind.is_passing() && !is_unreadable) {
            self.want_events(now);
            self.on_bad_answer(failure, now);
        } else {
            self.search.is_denied = true;
            self.want_round(now);
        }
    }

    /// Takes an event: whether its snapshot is to be looked up.
    fn hear(&mut self, event: &SnapshotEvent, now: &Now) {
        let Some(milestone) = event.milestone() else { return };
        let key = (event.snapshot.to_ascii_lowercase(), event.at);
        let is_new = !self.search.heard_before.contains(&key);
        let name = key.0.clone();
        if !self.search.heard.insert(key) || !is_new {
            return;
        }
        self.durations.earlier.note_event(event);
        if !self.is_known(event, milestone) {
            let names = &mut self.search.names;
            if !names.iter().any(|(known, _)| *known == name) {
                names.push((name, now.mono));
            }
        }
    }

    /// Whether what an event tells of is known already.
    fn is_known(&self, event: &SnapshotEvent, milestone: Milestone) -> bool {
        let is_it = |id: &str| id.eq_ignore_ascii_case(&event.snapshot);
        if self.followed.rows.iter().any(|row| row.is_open() && is_it(&row.id)) {
            return true;
        }
        let Some(known) = self.catalog.named(&event.snapshot) else { return false };
        let is_of_it = match milestone {
            // A name can be used again after a snapshot was deleted.
            Milestone::Begun => known.created_at.is_some_and(|created| created + APART >= event.at),
            Milestone::Finished => true,
        };
        is_of_it && known.status.is_final()
    }

    /// Takes what is listed of the names that events told of. What is not there may only be late.
    pub(super) fn on_begun(&mut self, answer: Result<Vec<Snapshot>, Failure>, now: &Now) {
        match answer {
            Ok(found) => {
                self.search.found(&found, now);
                self.take_seen(&found, now);
                self.on_good_answer(now);
            }
            Err(failure) => {
                self.questions.want(QuestionSubject::Begun, now.mono);
                self.on_bad_answer(failure, now);
            }
        }
    }

    /// Takes a page of a round.
    pub(super) fn on_manual(&mut self, answer: Result<Page<Snapshot>, Failure>, now: &Now) {
        let page = match answer {
            Ok(page) => page,
            Err(failure) => {
                self.questions.want(QuestionSubject::ManualSnapshots, now.mono + MINUTE);
                return self.on_bad_answer(failure, now);
            }
        };
        self.take_seen(&page.items, now);
        match self.search.round.take(page.next, page.items.len()) {
            Ok(true) => self.questions.want_at(QuestionSubject::ManualSnapshots, now.mono + MINUTE),
            Ok(false) => self.want_round(now),
            Err(failure) => {
                self.want_round(now);
                return self.on_bad_answer(failure, now);
            }
        }
        self.on_good_answer(now);
    }

    /// Takes snapshots to the list as they were seen outside of it.
    pub(super) fn take_to_list<'a>(&mut self, seen: impl IntoIterator<Item = &'a Snapshot>) {
        for snapshot in seen {
            if self.is_of_another(snapshot) {
                continue;
            }
            let known = self.catalog.named(&snapshot.id).map(|known| &known.status);
            if known != Some(&snapshot.status) && !matches!(self.news.last(), Some(News::Changed)) {
                self.news.push(News::Changed);
            }
            self.catalog.note(snapshot);
        }
    }

    /// Takes snapshots that were seen outside a read of the list.
    fn take_seen(&mut self, seen: &[Snapshot], now: &Now) {
        self.take_to_list(seen);
        self.notice(seen, now);
    }
}
