//! Answers of the service: which are taken, and what follows from them. Late ones are dropped.

use crate::domain::cluster::Cluster;
use crate::domain::context::{Caller, Place};
use crate::domain::failure::Failure;
use crate::domain::page::Page;
use crate::domain::snapshot::Snapshot;

use super::effect::{Effect, Effects};
use super::layout::Layout;
use super::looking_back::LookingBack;
use super::message::Msg;
use super::notes::{Note, Tone};
use super::pages::is_passing;
use super::polling::Polling;
use super::requests::{Reading, RequestId};
use super::{App, Connection, Now, Screen};

impl App {
    pub(super) fn on_answer(&mut self, msg: Msg, now: &Now) -> Effects {
        match msg {
            Msg::Connected(id, answer) => return self.on_connected(id, answer, now),
            Msg::Caller(id, answer) => return self.on_caller(id, answer, now),
            Msg::Clusters(id, answer) => return self.on_clusters(id, answer, now),
            Msg::Snapshots(id, answer) => return self.on_snapshots(id, answer, now),
            Msg::Polled(id, answer) => return self.on_polled(id, answer, now),
            Msg::Discovered(id, answer) => return self.on_discovered(id, answer, now),
            Msg::Events(id, answer) => return self.on_events(id, answer, now),
            Msg::Cluster(id, answer) => {
                if let Some(effects) = self.on_look(id, &answer, now) {
                    return effects;
                }
                return self.on_cluster(id, answer, now);
            }
            Msg::History(id, answer) => self.on_history(id, answer),
            Msg::OpenRequests(id, answer) => self.on_open_requests(id, answer, now),
            Msg::Step(id, step) => self.on_step(id, step, now),
            Msg::Submitted(id, outcome) => {
                let mut effects = self.on_outcome(id, &outcome, now);
                effects.extend(self.end_launched(id));
                self.want_open_requests();
                if matches!(self.screen, Screen::Form(_)) {
                    // What AWS refused may have changed since it was read: the state, the quota.
                    self.want_what_is_shown(now);
                }
                return effects;
            }
            Msg::WaitsBefore(waits) => return self.on_waits_before(waits, now),
            Msg::Recovered(recovered) => {
                self.want_open_requests();
                return self.on_recovered(&recovered, now);
            }
            Msg::Told(text) => self.note = Some(Note::new(Tone::Neutral, &text)),
            Msg::Quota(id, answer) => {
                self.quota.finish(id, answer);
            }
            Msg::Key(_)
            | Msg::KeyInBurst(_)
            | Msg::Burst(_)
            | Msg::Paste(_)
            | Msg::Mouse(_)
            | Msg::Resize(..)
            | Msg::Focus(_)
            | Msg::Tick => {}
        }
        Vec::new()
    }

    /// Reads everything anew, or connects anew where there is no connection.
    pub(super) fn refresh(&mut self, now: &Now) -> Effects {
        match &self.connection {
            Connection::Connecting(_) => Vec::new(),
            Connection::Failed(_) => self.connect(false),
            Connection::Ready(_) => {
                self.polling.backoff.lift();
                self.read_everything(now)
            }
        }
    }

    /// Connects anew.
    pub(super) fn connect(&mut self, demo: bool) -> Effects {
        let id = self.ids.issue();
        self.connection = Connection::Connecting(id);
        vec![Effect::Connect { id, demo }]
    }

    fn on_connected(&mut self, id: RequestId, answer: Result<Place, Failure>, now: &Now) -> Effects {
        if self.connection != Connection::Connecting(id) {
            return Vec::new();
        }
        match answer {
            Ok(place) => {
                self.connection = Connection::Ready(place);
                self.forget_questions();
                self.read_everything(now)
            }
            Err(failure) => {
                self.connection = Connection::Failed(failure);
                Vec::new()
            }
        }
    }

    /// Lets go of what was asked through another connection: its answers do not come any more.
    pub(super) fn forget_questions(&mut self) {
        self.polling = Polling::default();
        self.pane.in_flight = None;
        self.looking_back = LookingBack::default();
        self.caller.in_flight = None;
        self.cluster_read = Reading::default();
        self.quota = Reading::default();
        self.waits.forget_looks();
        self.catalog.stop();
    }

    pub(super) fn read_everything(&mut self, now: &Now) -> Effects {
        self.catalog.begin(now.mono);
        // A key that is held down asks no more often.
        if self.caller.in_flight.is_some() || !self.polling.caller_pace.take(now.mono) {
            return Vec::new();
        }
        vec![self.ask_caller()]
    }

    /// Asks who the caller is.
    pub(super) fn ask_caller(&mut self) -> Effect {
        let caller = self.ids.issue();
        self.caller.begin(caller);
        Effect::ReadCaller(caller)
    }

    /// Takes who it is that asks: after a new login it may be somebody of another account.
    fn on_caller(&mut self, id: RequestId, answer: Result<Caller, Failure>, now: &Now) -> Effects {
        let account = |app: &Self| app.caller.value.as_ref().map(|caller| caller.account.clone());
        let (before, is_known) = (account(self), answer.is_ok());
        if !self.caller.finish(id, answer) {
            return Vec::new();
        }
        let after = account(self).filter(|_| is_known);
        let mut effects = match (&before, &after) {
            (Some(before), Some(account)) if before != account => self.turn_to(account, before, now),
            _ => Vec::new(),
        };
        if let Some(account) = after {
            effects.extend(self.believe_absences(&account));
        }
        effects
    }

    fn on_clusters(&mut self, id: RequestId, answer: Result<Page<Cluster>, Failure>, now: &Now) -> Effects {
        if let (true, Ok(page)) = (self.catalog.clusters.awaits(id), &answer)
            && let (Some(account), Some(before)) = (self.turned_to(&page.items), self.account())
        {
            return self.turn_to(&account, &before, now);
        }
        let failed_before = self.catalog.clusters.failure.is_some();
        if !self.catalog.clusters.take(id, answer, now) {
            return Vec::new();
        }
        let failure = self.catalog.clusters.failure.clone();
        let effects = self.on_page("clusters", failure, failed_before, now);
        self.arrange();
        effects
    }

    fn on_snapshots(&mut self, id: RequestId, answer: Result<Page<Snapshot>, Failure>, now: &Now) -> Effects {
        let is_first_page = self.catalog.snapshots.is_at_first_page();
        let failed_before = self.catalog.snapshots.failure.is_some();
        let seen = answer.as_ref().map(|page| page.items.clone()).unwrap_or_default();
        if !self.catalog.take_snapshots(id, answer, now) {
            return Vec::new();
        }
        let mut effects = self.notice(&seen, now);
        if !self.catalog.snapshots.is_loading() {
            self.schedule_discovery(now);
            self.work_out();
        } else if is_first_page {
            self.discover_now(now);
        }
        let failure = self.catalog.snapshots.failure.clone();
        effects.extend(self.on_page("snapshots", failure, failed_before, now));
        self.arrange();
        effects
    }

    /// What follows from a page of a list, or from its failure.
    fn on_page(&mut self, what: &str, failure: Option<Failure>, failed_before: bool, now: &Now) -> Effects {
        let Some(failure) = failure else { return self.on_good_answer(now) };
        // A pause has a banner of its own, and without a cluster the list itself says it.
        if !failed_before && !failure.kind.is_credentials() && !self.catalog.clusters.items.is_empty() {
            self.tell_failed_read(what, &failure);
        }
        if is_passing(&failure) || failure.kind.is_credentials() {
            self.on_bad_answer(failure, now);
        }
        Vec::new()
    }

    fn tell_failed_read(&mut self, what: &str, failure: &Failure) {
        let is_loading = self.catalog.clusters.is_loading() || self.catalog.snapshots.is_loading();
        let is_tried = is_passing(failure) && is_loading;
        let next = if is_tried { "It is tried again by itself." } else { "r tries again." };
        let text = format!(
            "The {what} could not be read to their end. What was read before stays. {next} {failure}."
        );
        self.note = Some(Note::new(Tone::Bad, &text));
    }

    fn on_cluster(
        &mut self,
        id: RequestId,
        answer: Result<Option<Box<Cluster>>, Failure>,
        now: &Now,
    ) -> Effects {
        if !self.cluster_read.finish(id, answer) || self.cluster_read.failure.is_some() {
            return Vec::new();
        }
        let read = self.cluster_read.value.take().flatten();
        if let (Some(account), Some(before)) = (self.turned_to(read.as_deref()), self.account()) {
            return self.turn_to(&account, &before, now);
        }
        match (read, &self.cluster_read_of) {
            (Some(cluster), _) => self.catalog.note_cluster(*cluster),
            (None, Some(gone)) => self.catalog.forget_cluster(gone),
            (None, None) => {}
        }
        self.arrange();
        Vec::new()
    }

    /// Makes the list's rows anew.
    pub(super) fn arrange(&mut self) {
        let room = Layout::of(self).list_rows();
        self.list.arrange(&self.catalog, room);
        self.arrange_snapshots();
        self.fit();
    }
}
