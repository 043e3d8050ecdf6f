//! Answers of the service: which are taken, and what follows from them. Late ones are dropped.

use crate::domain::cluster::Cluster;
use crate::domain::context::{Caller, Place};
use crate::domain::failure::Failure;
use crate::domain::page::{Page, SnapshotScope};
use crate::domain::snapshot::Snapshot;

use super::catalog::Catalog;
use super::effect::{Effect, Effects};
use super::layout::Layout;
use super::message::Msg;
use super::notes::{Note, Tone};
use super::requests::RequestId;
use super::screens::pane::State;
use super::{App, Connection, Now, Screen};

impl App {
    pub(super) fn on_answer(&mut self, msg: Msg, now: &Now) -> Effects {
        match msg {
            Msg::Connected(id, answer) => return self.on_connected(id, answer),
            Msg::Caller(id, answer) => return self.on_caller(id, answer),
            Msg::Clusters(id, answer) => self.on_clusters(id, answer, now),
            Msg::Snapshots(id, answer) => return self.on_snapshots(id, answer, now),
            Msg::Polled(id, answer) => return self.on_polled(id, answer, now),
            Msg::Discovered(id, answer) => return self.on_discovered(id, answer, now),
            Msg::Events(id, answer) => return self.on_events(id, answer, now),
            Msg::Cluster(id, answer) => {
                if let Some(effects) = self.on_look(id, &answer, now) {
                    return effects;
                }
                self.on_cluster(id, answer);
            }
            Msg::History(id, answer) => self.on_history(id, answer),
            Msg::Step(id, step) => self.pane.step(id, step),
            Msg::Submitted(id, outcome) => {
                let mut effects = self.on_outcome(id, &outcome, now);
                effects.extend(self.end_launched(id));
                if matches!(self.screen, Screen::Form(_)) {
                    // What AWS refused may have changed since it was read: the state, the quota.
                    effects.extend(self.look_again());
                }
                return effects;
            }
            Msg::WaitsBefore(waits) => return self.on_waits_before(waits, now),
            Msg::Recovered(recovered) => return self.on_recovered(&recovered, now),
            Msg::Told(text) => self.note = Some(Note::new(Tone::Neutral, &text)),
            Msg::Quota(id, answer) => {
                self.quota.finish(id, answer);
            }
            Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_) | Msg::Resize(..) | Msg::Focus(_) | Msg::Tick => {}
        }
        Vec::new()
    }

    /// Reads everything anew, or connects anew where there is no connection.
    pub(super) fn refresh(&mut self) -> Effects {
        match &self.connection {
            Connection::Connecting(_) => Vec::new(),
            Connection::Failed(_) => self.connect(false),
            Connection::Ready(_) => {
                self.polling.backoff.lift();
                self.read_everything()
            }
        }
    }

    /// Connects anew.
    pub(super) fn connect(&mut self, demo: bool) -> Effects {
        let id = self.ids.issue();
        self.connection = Connection::Connecting(id);
        vec![Effect::Connect { id, demo }]
    }

    fn on_connected(&mut self, id: RequestId, answer: Result<Place, Failure>) -> Effects {
        if self.connection != Connection::Connecting(id) {
            return Vec::new();
        }
        match answer {
            Ok(place) => {
                self.connection = Connection::Ready(place);
                self.read_everything()
            }
            Err(failure) => {
                self.connection = Connection::Failed(failure);
                Vec::new()
            }
        }
    }

    pub(super) fn read_everything(&mut self) -> Effects {
        let (caller, clusters, snapshots) = (self.ids.issue(), self.ids.issue(), self.ids.issue());
        self.caller.begin(caller);
        self.catalog.clusters.begin(clusters);
        self.catalog.snapshots.begin(snapshots);
        vec![
            Effect::ReadCaller(caller),
            Effect::ReadClusters(clusters),
            Effect::ReadSnapshots(snapshots, SnapshotScope::Region),
        ]
    }

    /// Takes who it is that asks. After a new login it may be somebody of another account: nothing that
    /// was read before may stay on the screen then.
    fn on_caller(&mut self, id: RequestId, answer: Result<Caller, Failure>) -> Effects {
        let before = self.caller.value.as_ref().map(|caller| caller.account.clone());
        if !self.caller.finish(id, answer) {
            return Vec::new();
        }
        let account = self.caller.value.as_ref().map(|caller| caller.account.clone());
        if before.is_none() || before == account {
            return Vec::new();
        }
        self.catalog = Catalog::default();
        self.pane.rows.retain(|row| matches!(row.state, State::Submitting(_)));
        self.arrange();
        let text = format!("The credentials are those of account {} now.", account.unwrap_or_default());
        self.note = Some(Note::new(Tone::Doubt, &text));
        self.read_everything()
    }

    fn on_clusters(&mut self, id: RequestId, answer: Result<Page<Cluster>, Failure>, now: &Now) {
        let failure = answer.as_ref().err().cloned();
        if self.catalog.clusters.take(id, answer, now.at()) {
            self.tell_failed_read("clusters", failure.as_ref(), !self.catalog.clusters.items.is_empty());
            self.arrange();
        }
    }

    fn on_snapshots(&mut self, id: RequestId, answer: Result<Page<Snapshot>, Failure>, now: &Now) -> Effects {
        let is_first_page = self.catalog.snapshots.is_at_first_page();
        let (seen, failure) = match &answer {
            Ok(page) => (page.items.clone(), None),
            Err(failure) => (Vec::new(), Some(failure.clone())),
        };
        let is_last = answer.as_ref().map_or(true, |page| page.next.is_none());
        if !self.catalog.take_snapshots(id, answer, now.at()) {
            return Vec::new();
        }
        let effects = self.notice(&seen, now);
        if failure.is_none() {
            self.polling.backoff.well();
        }
        if is_last {
            self.schedule_discovery(now);
            self.work_out();
        } else if is_first_page {
            self.discover_now(now);
        }
        self.tell_failed_read("snapshots", failure.as_ref(), !self.catalog.clusters.items.is_empty());
        if let Some(failure) = failure.filter(|failure| failure.kind.is_credentials()) {
            self.on_bad_answer(failure, now);
        }
        self.arrange();
        effects
    }

    /// Tells that a list could not be read, where the list itself leaves no room to say it. A pause has
    /// a banner of its own.
    fn tell_failed_read(&mut self, what: &str, failure: Option<&Failure>, is_something_shown: bool) {
        let is_told = |failure: &&Failure| is_something_shown && !failure.kind.is_credentials();
        if let Some(failure) = failure.filter(is_told) {
            let text = format!(
                "The {what} could not be read to the end. {failure} - what was read before stays; r tries again."
            );
            self.note = Some(Note::new(Tone::Bad, &text));
        }
    }

    fn on_cluster(&mut self, id: RequestId, answer: Result<Option<Box<Cluster>>, Failure>) {
        if !self.cluster_read.finish(id, answer) || self.cluster_read.failure.is_some() {
            return;
        }
        match (self.cluster_read.value.take().flatten(), &self.cluster_read_of) {
            (Some(cluster), _) => self.catalog.note_cluster(*cluster),
            (None, Some(gone)) => self.catalog.forget_cluster(gone),
            (None, None) => {}
        }
        self.arrange();
    }

    /// Makes the list's rows anew.
    pub(super) fn arrange(&mut self) {
        let room = Layout::of(self).list_rows();
        self.list.arrange(&self.catalog, room);
        self.arrange_snapshots();
        self.fit();
    }
}
