//! Requests that wait until their cluster is available: armed on the review, looked after here, and
//! submitted once, by the same way as any other.

mod whose;

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::cluster::Cluster;
use crate::domain::failure::Failure;
use crate::domain::request::SnapshotRequest;
use crate::domain::status::{ClusterStatus, Readiness};
use crate::domain::wait::Wait;
use crate::track::availability;
use crate::track::schedule::jittered;

use super::account::account_of;
use super::effect::{Effect, Effects};
use super::keymap::Focus;
use super::notes::{Note, Tone};
use super::requests::RequestId;
use super::screens::pane::age;
use super::{App, Now, Overlay, Screen};

/// For how long a request may wait; the person chooses one.
const PATIENCE: [Duration; 8] = [
    Duration::from_mins(15),
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(4),
    Duration::from_hours(8),
    Duration::from_hours(12),
    Duration::from_hours(24),
];
/// Which of them stands there at first.
const USUAL: usize = 2;

/// The requests that wait.
#[derive(Debug)]
pub struct Waits {
    /// Those of this run, the oldest first.
    pub rows: Vec<Waiting>,
    /// Those of an earlier run, about which the person is asked; the first one first.
    pub before: Vec<Wait>,
    /// This machine's time zone when they were found.
    zone: TimeZone,
    patience: usize,
    launched: Vec<(RequestId, String)>,
}

/// A request that waits.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The request, and until when it may be sent.
    pub wait: Wait,
    /// The cluster's status when it was last looked at.
    pub status: Option<ClusterStatus>,
    /// When that was.
    pub looked_at: Option<Timestamp>,
    /// Why the last look failed.
    pub failure: Option<Failure>,
    /// How many looks in a row did not find the cluster, and whose answer that was is known.
    absences: u8,
    /// Whether the last look did not find the cluster, or found another one, and whose answer that was is asked for.
    is_doubtful: bool,
    due: Duration,
    in_flight: Option<RequestId>,
}

impl Default for Waits {
    fn default() -> Self {
        Self {
            rows: Vec::new(),
            before: Vec::new(),
            zone: TimeZone::UTC,
            patience: USUAL,
            launched: Vec::new(),
        }
    }
}

impl Waits {
    /// For how long a request may wait if it is armed now.
    #[must_use]
    pub fn patience(&self) -> Duration {
        PATIENCE.get(self.patience).copied().unwrap_or_default()
    }

    /// Lets go of looks whose answers do not come any more.
    pub(super) fn forget_looks(&mut self) {
        self.rows.iter_mut().for_each(|row| row.in_flight = None);
    }

    /// Chooses a longer or shorter time.
    pub fn choose(&mut self, longer: bool) {
        let next = if longer { self.patience + 1 } else { self.patience.saturating_sub(1) };
        self.patience = next.min(PATIENCE.len() - 1);
    }
}

impl App {
    /// Whether the cluster of a request is busy now, so that the request can wait for it.
    #[must_use]
    pub fn is_busy(&self, request: &SnapshotRequest) -> bool {
        let cluster = self.catalog.cluster(&request.cluster);
        cluster.is_some_and(|cluster| cluster.status.readiness() == Readiness::Busy)
    }

    /// Lets the request under review wait until its cluster is available.
    pub(super) fn arm(&mut self, now: &Now) -> Effects {
        let (Screen::Review(request), Some(place)) = (&self.screen, self.place()) else { return Vec::new() };
        let (request, region, url) = (*request.clone(), place.region.clone(), place.url());
        let random = u32::from_le_bytes([self.jitter(), self.jitter(), self.jitter(), self.jitter()]);
        let wait = Wait {
            token: format!("{:x}-{random:08x}", now.at().as_millisecond()),
            request,
            since: now.at(),
            until: now.at() + self.waits.patience(),
            region,
            url,
            account: self.account(),
        };
        self.drafts.wait(&wait.request.number, &wait.token);
        self.screen = Screen::Clusters;
        let text = format!(
            "Nothing is sent yet: {} is submitted as soon as {} is available, while clustersnap runs, until \
             {}. W in the list drops it.",
            wait.request.snapshot,
            wait.request.cluster,
            clock_at(wait.until, now.wall.time_zone())
        );
        self.note = Some(Note::new(Tone::Neutral, &text));
        let keep = Effect::KeepWait(wait.clone());
        self.wait_for(wait, now);
        vec![keep]
    }

    /// Lets go of a waiting request: that of the cluster under the cursor, else the oldest.
    pub(super) fn disarm(&mut self) -> Effects {
        let cluster = match &self.screen {
            Screen::Details(id) => Some(id.clone()),
            _ => self.list.chosen(&self.catalog).map(|cluster| cluster.id.clone()),
        };
        let of_cluster = |row: &Waiting| Some(&row.wait.request.cluster) == cluster.as_ref();
        let at = self.waits.rows.iter().position(of_cluster).unwrap_or(0);
        if at >= self.waits.rows.len() {
            self.note = Some(Note::new(Tone::Neutral, "No request waits."));
            return Vec::new();
        }
        self.end_wait(at, Tone::Neutral, "dropped; nothing was sent")
    }

    /// Asks about requests that waited in an earlier run. One whose time is over is let go of.
    pub(super) fn on_waits_before(&mut self, waits: Vec<Wait>, now: &Now) -> Effects {
        let (open, over): (Vec<Wait>, Vec<Wait>) = waits.into_iter().partition(|wait| wait.until > now.at());
        self.waits.before.extend(open);
        self.waits.zone = now.wall.time_zone().clone();
        let names: Vec<&str> = over.iter().map(|wait| wait.request.snapshot.as_str()).collect();
        if !names.is_empty() {
            let text = format!(
                "Not sent: {}. The time to wait ended while clustersnap was not running. s requests it anew.",
                names.join(", ")
            );
            self.note = Some(Note::new(Tone::Bad, &text));
        }
        over.into_iter().map(|wait| Effect::DropWait(wait.token)).collect()
    }

    /// Opens the question about a request of an earlier run, where no key that is meant for something else can
    /// answer it.
    pub(super) fn ask_about_waits(&mut self) {
        let is_at_rest =
            self.overlay.is_none() && matches!(self.focus_below(), Focus::Clusters | Focus::Pane);
        if is_at_rest && !self.waits.before.is_empty() {
            self.overlay = Some(Overlay::WaitAgain);
        }
    }

    /// Takes the answer to the question about a request of an earlier run; `None` leaves it for later.
    pub(super) fn answer_wait(&mut self, again: Option<bool>, now: &Now) -> Effects {
        if self.waits.before.is_empty() {
            self.overlay = None;
            return Vec::new();
        }
        let wait = self.waits.before.remove(0);
        if self.waits.before.is_empty() {
            self.overlay = None;
        }
        match again {
            Some(true) => {
                self.wait_for(wait, now);
                Vec::new()
            }
            Some(false) => vec![Effect::DropWait(wait.token)],
            None => Vec::new(),
        }
    }

    /// The question about the first request of an earlier run.
    #[must_use]
    pub fn wait_question(&self) -> Option<Note> {
        let wait = self.waits.before.first().filter(|_| self.overlay == Some(Overlay::WaitAgain))?;
        // The question first: on the smallest screens the end is cut.
        let text = format!(
            "Wait again? In an earlier run {} was to be submitted as soon as {} is available, until {}. Nothing \
             was sent.",
            wait.request.snapshot,
            wait.request.cluster,
            clock_at(wait.until, &self.waits.zone)
        );
        Some(Note::new(Tone::Doubt, &text))
    }

    /// What is told to the person: a question that is open, else how the request on the screen stands, else
    /// what happened last.
    #[must_use]
    pub fn shown_note(&self) -> Option<Note> {
        let question = self.leaving_question().or_else(|| self.wait_question());
        question.or_else(|| self.note_of_step()).or_else(|| self.note.clone())
    }

    /// When a cluster is to be looked at for a request that waits, on the monotonic clock.
    pub(super) fn next_look(&self) -> Option<Duration> {
        self.waits_here().filter(|(_, row)| row.in_flight.is_none()).map(|(_, row)| row.due).min()
    }

    /// Looks at the cluster of the request that is due.
    pub(super) fn look(&mut self, id: RequestId) -> Option<Effect> {
        let here = self.waits_here().filter(|(_, row)| row.in_flight.is_none());
        let at = here.min_by_key(|(_, row)| row.due).map(|(at, _)| at)?;
        let row = self.waits.rows.get_mut(at)?;
        row.in_flight = Some(id);
        Some(Effect::ReadCluster(id, row.wait.request.cluster.clone()))
    }

    /// Takes the look at a cluster, if it was one; what follows from it.
    pub(super) fn on_look(
        &mut self,
        id: RequestId,
        answer: &Result<Option<Box<Cluster>>, Failure>,
        now: &Now,
    ) -> Option<Effects> {
        let at = self.waits.rows.iter().position(|row| row.in_flight == Some(id))?;
        let jitter = self.jitter();
        let row = self.waits.rows.get_mut(at)?;
        row.in_flight = None;
        row.due = now.mono + jittered(availability::interval(age(row.wait.since, now.at())), jitter);
        let cluster = match answer {
            Err(failure) => {
                row.failure = Some(failure.clone());
                return Some(self.end_late_waits(now));
            }
            Ok(Some(cluster)) if row.is_meant(cluster) => cluster,
            Ok(_) => {
                // It may be another account that answers now: that says nothing of this one's clusters.
                row.is_doubtful = true;
                let mut effects = self.end_late_waits(now);
                effects.push(self.ask_caller());
                return Some(effects);
            }
        };
        (row.failure, row.absences, row.is_doubtful) = (None, 0, false);
        row.looked_at = Some(now.at());
        row.status = Some(cluster.status.clone());
        let is_another = row.is_another(cluster);
        let (is_late, is_ready) =
            (row.wait.until <= now.at(), cluster.status.readiness() == Readiness::Ready);
        let turned = self.account().zip(account_of(cluster)).filter(|(before, found)| before != found);
        let mut effects = turned.map_or_else(Vec::new, |(before, found)| self.turn_to(&found, &before, now));
        self.catalog.note_cluster((**cluster).clone());
        self.arrange();
        if is_another {
            let why = "the cluster of this name is another one now; nothing was sent";
            effects.extend(self.end_wait(at, Tone::Bad, why));
        } else if is_late {
            effects.extend(self.end_late_waits(now));
        } else if is_ready {
            effects.extend(self.launch(at, now));
        }
        Some(effects)
    }

    /// Gives up on requests whose time is over.
    pub(super) fn end_late_waits(&mut self, now: &Now) -> Effects {
        let mut effects = Vec::new();
        while let Some(at) = self.waits.rows.iter().position(|row| row.wait.until <= now.at()) {
            effects.extend(self.end_wait(
                at,
                Tone::Bad,
                "the cluster was not available in time; nothing was sent",
            ));
        }
        effects
    }

    /// Lets go of what was kept of a request that now has an outcome: from here on the journal has it.
    pub(super) fn end_launched(&mut self, id: RequestId) -> Option<Effect> {
        let at = self.waits.launched.iter().position(|(launched, _)| *launched == id)?;
        Some(Effect::DropWait(self.waits.launched.remove(at).1))
    }

    fn wait_for(&mut self, wait: Wait, now: &Now) {
        let row = Waiting {
            wait,
            status: None,
            looked_at: None,
            failure: None,
            absences: 0,
            is_doubtful: false,
            due: now.mono,
            in_flight: None,
        };
        self.waits.rows.push(row);
        self.fit();
    }

    /// Submits a request whose cluster is available.
    fn launch(&mut self, at: usize, now: &Now) -> Effects {
        let Waiting { wait, .. } = self.waits.rows.remove(at);
        let id = self.ids.issue();
        self.pane.submit(id, &wait.request, now);
        self.drafts.send(&wait.request.number, id);
        let text = format!("{} is available: submitting {}.", wait.request.cluster, wait.request.snapshot);
        self.note = Some(Note::new(Tone::Neutral, &text));
        self.waits.launched.push((id, wait.token));
        self.fit();
        let account = wait.account.or_else(|| self.account());
        vec![Effect::Submit { id, request: wait.request, account, without_journal: false }]
    }

    fn end_wait(&mut self, at: usize, tone: Tone, why: &str) -> Effects {
        let Waiting { wait, .. } = self.waits.rows.remove(at);
        let text = format!("{} does not wait any more: {why}.", wait.request.snapshot);
        self.note = Some(Note::new(tone, &text));
        self.drafts.reopen_waiting(&wait.token);
        self.fit();
        vec![Effect::DropWait(wait.token)]
    }

    /// The requests that wait in this place. Those for another account than the one that answers are looked after too:
    /// so it is seen when their own answers again.
    fn waits_here(&self) -> impl Iterator<Item = (usize, &Waiting)> {
        let place = self.place();
        let is_here = move |row: &Waiting| place.is_some_and(|place| row.wait.is_for(place, None));
        self.waits.rows.iter().enumerate().filter(move |(_, row)| is_here(row))
    }
}

/// A moment on this machine's clock and in UTC, to the minute.
fn clock_at(at: Timestamp, zone: &TimeZone) -> String {
    let here = at.to_zoned(zone.clone()).strftime("%H:%M %:z").to_string();
    format!("{here} ({} UTC)", at.strftime("%H:%M"))
}
