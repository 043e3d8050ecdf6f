//! What is read from the service, and when: the lists, what a form shows, how far the snapshots in progress
//! are, and which were begun elsewhere. At most one request a second, whatever is on the screen and
//! whichever keys are pressed; only a submission waits for nobody ([`crate::submit`]).

use std::collections::HashSet;
use std::time::Duration;

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Listing;
use crate::domain::page::Page;
use crate::domain::snapshot::Snapshot;
use crate::track::backoff::{Backoff, Standing};
use crate::track::batch;
use crate::track::pace::Pace;
use crate::track::schedule::{FAST, jittered};

use super::effect::{Effect, Effects};
use super::keymap::Focus;
use super::requests::RequestId;
use super::{App, Connection, Now};

/// How often the Region is searched for snapshots that were begun elsewhere.
const DISCOVERY: Duration = Duration::from_mins(1);
/// The same while the terminal does not have the focus.
const DISCOVERY_UNFOCUSED: Duration = Duration::from_mins(5);

/// How it stands with what is read from the service.
#[derive(Debug, Default)]
pub struct Polling {
    /// Throttles, trouble and pauses.
    pub backoff: Backoff,
    pace: Pace,
    /// The pace of asking who the caller is, which is another service's.
    pub(super) caller_pace: Pace,
    discovery: Discovery,
}

/// The search for snapshots that were begun elsewhere: page by page, so that it can be paced.
#[derive(Debug, Default)]
struct Discovery {
    in_flight: Option<RequestId>,
    due: Option<Duration>,
    next_page: Option<String>,
    pages: HashSet<String>,
}

/// Something that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Cluster,
    Quota,
    Poll,
    Availability,
    Clusters,
    Discovery,
    Snapshots,
    Events,
}

/// A question that is open.
#[derive(Clone, Copy, Debug)]
struct Due {
    question: Question,
    /// Since when the answer is wanted: what has waited longest comes first.
    since: Duration,
    /// From when on it may be asked.
    from: Duration,
}

impl App {
    /// When the next question is due, on the monotonic clock; `None` while nothing is to be asked.
    #[must_use]
    pub fn next_question(&self, now: &Now) -> Option<Duration> {
        self.questions(now).map(|due| due.from).min()
    }

    /// When the snapshots in progress are looked at next, on the monotonic clock.
    #[must_use]
    pub fn next_poll(&self, now: &Now) -> Option<Duration> {
        self.questions(now).find(|due| due.question == Question::Poll).map(|due| due.from)
    }

    /// What a person has to do before the program can go on asking.
    #[must_use]
    pub fn banner(&self) -> Option<String> {
        let backoff = &self.polling.backoff;
        let failure = backoff.failure().filter(|_| backoff.standing() == Standing::Paused)?;
        let refreshes =
            matches!(self.focus(), Focus::Clusters | Focus::Pane | Focus::Details | Focus::Snapshots);
        let now = if refreshes { " r tries now." } else { "" };
        // What to do comes first: on the smallest screens the end is cut.
        Some(format!(
            "Paused: {}.{now} {} Snapshots go on at AWS; they are followed again once the credentials work.",
            failure.kind.clause(),
            failure.words()
        ))
    }

    pub(super) fn on_tick(&mut self, now: &Now) -> Effects {
        self.end_late_waits(now)
    }

    /// Asks what has waited longest, if anything may be asked now.
    pub(super) fn ask(&mut self, now: &Now) -> Option<Effect> {
        let due = self.questions(now).filter(|due| due.from <= now.mono).min_by_key(|due| due.since)?;
        if !self.polling.pace.take(now.mono) {
            return None;
        }
        let id = self.ids.issue();
        Some(match due.question {
            Question::Cluster => {
                self.cluster_read.begin(id);
                Effect::ReadCluster(id, self.cluster_read_of.clone()?)
            }
            Question::Quota => {
                self.quota.begin(id);
                Effect::ReadQuota(id)
            }
            Question::Poll => {
                let rows = batch::next(&self.pane.dues(now, self.is_focused));
                Effect::Poll(id, self.pane.ask(id, &rows, now))
            }
            Question::Availability => return self.look(id),
            Question::Clusters => Effect::ReadClusters(id, self.catalog.clusters.ask(id)),
            Question::Discovery => {
                self.polling.discovery.in_flight = Some(id);
                Effect::Discover(id, self.polling.discovery.next_page.clone())
            }
            Question::Snapshots => Effect::ReadSnapshots(id, self.catalog.snapshots.ask(id)),
            Question::Events => self.ask_events(id),
        })
    }

    pub(super) fn on_polled(
        &mut self,
        id: RequestId,
        answer: Result<Listing, Failure>,
        now: &Now,
    ) -> Effects {
        let Some((_, asked)) = self.pane.in_flight.take_if(|(asked, _)| *asked == id) else {
            return Vec::new();
        };
        self.pane.jitter = self.jitter();
        match answer {
            Ok(look) => {
                let ended = self.pane.take(&asked, &look, now);
                self.note_estimates(now);
                let mut effects = self.on_ended(&ended, now);
                self.fit();
                effects.extend(self.on_good_answer(now));
                effects
            }
            Err(failure) => {
                // What is on the screen is another account's then: the answer clears it away.
                let is_elsewhere = failure.kind == FailureKind::OtherAccount;
                self.on_bad_answer(failure, now);
                if is_elsewhere { vec![self.ask_caller()] } else { Vec::new() }
            }
        }
    }

    pub(super) fn on_discovered(
        &mut self,
        id: RequestId,
        answer: Result<Page<Snapshot>, Failure>,
        now: &Now,
    ) -> Effects {
        if self.polling.discovery.in_flight.take_if(|asked| *asked == id).is_none() {
            return Vec::new();
        }
        match answer {
            Ok(page) => {
                for snapshot in &page.items {
                    self.catalog.note(snapshot);
                }
                let mut effects = self.notice(&page.items, now);
                self.arrange();
                self.turn_page(page.next, now);
                effects.extend(self.on_good_answer(now));
                effects
            }
            Err(failure) => {
                self.on_bad_answer(failure, now);
                Vec::new()
            }
        }
    }

    /// Follows what is in progress among snapshots that a list has, and tells of what has ended.
    pub(super) fn notice(&mut self, listed: &[Snapshot], now: &Now) -> Effects {
        let ended: Vec<usize> =
            listed.iter().filter_map(|snapshot| self.pane.notice(snapshot, now)).collect();
        let mut effects = self.on_ended(&ended, now);
        if self.pane.open_count() > 0 {
            effects.extend(self.look_back(now));
        }
        effects
    }

    /// Sets the next search of the Region.
    pub(super) fn schedule_discovery(&mut self, now: &Now) {
        let pause = if self.is_focused { DISCOVERY } else { DISCOVERY_UNFOCUSED };
        let due = now.mono + jittered(pause, self.jitter());
        self.polling.discovery = Discovery { due: Some(due), ..Discovery::default() };
    }

    /// Searches the Region for manual snapshots now, because a list of all of them will take a while.
    pub(super) fn discover_now(&mut self, now: &Now) {
        if self.polling.discovery.in_flight.is_none() {
            self.polling.discovery = Discovery { due: Some(now.mono), ..Discovery::default() };
        }
    }

    /// Takes a failure that holds for everything that is read.
    pub(super) fn on_bad_answer(&mut self, failure: Failure, now: &Now) {
        let jitter = self.jitter();
        let dues = self.pane.dues(now, self.is_focused);
        // What was asked last is due last: the time until then is the usual interval.
        let interval = dues.iter().map(|(_, due)| due.saturating_sub(now.mono)).max().unwrap_or(FAST);
        self.polling.backoff.failed(failure, interval.max(FAST), now.mono, jitter);
        // Where nothing else is to be asked, the search is what finds out whether it goes on.
        self.polling.discovery.due = Some(now.mono);
        self.fit();
    }

    /// Takes note that the service answers. After a pause everything is read anew: who it is that asks
    /// may have changed.
    pub(super) fn on_good_answer(&mut self, now: &Now) -> Effects {
        if self.polling.backoff.well() {
            self.fit();
            return self.read_everything(now);
        }
        Vec::new()
    }

    /// Goes on with the next page of the search; one that comes round again ends it.
    fn turn_page(&mut self, next: Option<String>, now: &Now) {
        let discovery = &mut self.polling.discovery;
        match next {
            Some(marker) if discovery.pages.insert(marker.clone()) => {
                discovery.next_page = Some(marker);
                discovery.due = Some(now.mono);
            }
            Some(_) => {
                let message = "the list of manual snapshots leads in a circle: its rest is not known";
                self.on_bad_answer(Failure::local(FailureKind::UnreadableAnswer, message), now);
                self.schedule_discovery(now);
            }
            None => self.schedule_discovery(now),
        }
    }

    /// What is to be asked, and when: after the last failure's pause, and at most once a second. What a person
    /// waits for in a form is not held up by the pause.
    fn questions(&self, now: &Now) -> impl Iterator<Item = Due> {
        let (polling, events) = (&self.polling, &self.looking_back);
        let is_probing = polling.backoff.standing() == Standing::Paused && self.is_asking();
        let can_ask = matches!(self.connection, Connection::Ready(_)) && !is_probing;
        let poll = self.pane.in_flight.is_none();
        let poll = poll.then(|| self.pane.dues(now, self.is_focused).iter().map(|(_, due)| *due).min());
        let free = polling.pace.free_at();
        let unpaused = free.max(polling.backoff.until());
        [
            (self.cluster_read.wanted, free, Question::Cluster),
            (self.quota.wanted, free, Question::Quota),
            (poll.flatten(), unpaused, Question::Poll),
            (self.next_look(), unpaused, Question::Availability),
            (self.catalog.clusters.due(), unpaused, Question::Clusters),
            (
                polling.discovery.due.filter(|_| polling.discovery.in_flight.is_none()),
                unpaused,
                Question::Discovery,
            ),
            (self.catalog.snapshots.due(), unpaused, Question::Snapshots),
            (events.due.filter(|_| events.in_flight.is_none()), unpaused, Question::Events),
        ]
        .into_iter()
        .filter(move |_| can_ask)
        .filter_map(|(since, from, question)| {
            since.map(|since| Due { question, since, from: from.max(since) })
        })
    }

    /// Whether an answer is awaited that would tell that the credentials work again.
    fn is_asking(&self) -> bool {
        let in_flight = [self.polling.discovery.in_flight, self.looking_back.in_flight];
        self.pane.in_flight.is_some()
            || in_flight.iter().any(Option::is_some)
            || self.catalog.clusters.is_asking()
            || self.catalog.snapshots.is_asking()
    }
}
