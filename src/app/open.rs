//! The journal is asked first: requests of this machine, by any program, of which it is not known what became.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::cluster_id::ClusterId;
use crate::domain::mark::RequestNumber;
use crate::domain::request::SnapshotRequest;

use super::effect::{Effect, Effects};
use super::notes::{Note, Tone};
use super::requests::RequestId;
use super::screens::form::checks::{Check, Verdict};
use super::screens::pane::{State, Tracked};
use super::{App, Now, Screen};

/// A request of which it is not known what became, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRequest {
    /// Its number.
    pub number: RequestNumber,
    /// The cluster's identifier.
    pub cluster: String,
    /// The snapshot's identifier.
    pub snapshot: String,
    /// The account, if it was known.
    pub account: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// When it was asked, by this machine's clock.
    pub at: Timestamp,
}

/// What is known of the open requests of this machine.
#[derive(Debug)]
pub struct OpenRequests {
    requests: Vec<OpenRequest>,
    /// Why the journal could not be read the last time.
    problem: Option<String>,
    in_flight: Option<RequestId>,
    is_wanted: bool,
    /// This machine's time zone.
    zone: TimeZone,
}

impl Default for OpenRequests {
    fn default() -> Self {
        Self { requests: Vec::new(), problem: None, in_flight: None, is_wanted: false, zone: TimeZone::UTC }
    }
}

impl App {
    /// Wants the open requests read anew, where they are told of.
    pub(super) fn want_open_requests(&mut self) {
        self.open.is_wanted |= matches!(self.screen, Screen::Form(_) | Screen::Review(_));
    }

    /// Asks for the open requests, if they are wanted.
    pub(super) fn ask_open_requests(&mut self) -> Option<Effect> {
        if !std::mem::take(&mut self.open.is_wanted) {
            return None;
        }
        let id = self.ids.issue();
        self.open.in_flight = Some(id);
        Some(Effect::ReadOpenRequests(id))
    }

    /// Takes what the journal says.
    pub(super) fn on_open_requests(
        &mut self,
        id: RequestId,
        answer: Result<Vec<OpenRequest>, String>,
        now: &Now,
    ) {
        if self.open.in_flight.take_if(|asked| *asked == id).is_none() {
            return;
        }
        self.open.zone = now.wall.time_zone().clone();
        self.open.problem = answer.as_ref().err().cloned();
        if let Ok(requests) = answer {
            self.open.requests = requests;
        }
        self.fit();
    }

    /// What the journal says that a person has to know before a request for a snapshot of this name.
    #[must_use]
    pub fn open_checks(&self, cluster: &ClusterId, name: &str) -> Vec<Check> {
        let mut checks: Vec<Check> = self
            .open_here()
            .filter(|open| open.cluster == cluster.as_str() && !open.is_named(name))
            .map(|open| Check { verdict: Verdict::Doubt, text: self.told_open(open) })
            .collect();
        if let Some(problem) = &self.open.problem {
            let text = format!("the journal cannot be read, so an open request cannot be told of: {problem}");
            checks.push(Check { verdict: Verdict::Doubt, text });
        }
        checks
    }

    /// Why no request for a snapshot of this name may be sent: one is open already. It is settled by looking what
    /// became of it, not by sending another.
    #[must_use]
    pub fn open_obstacle(&self, name: &str) -> Option<String> {
        let journalled = self.open_here().find(|open| open.is_named(name)).map(|open| self.told_open(open));
        let known_here = || {
            let text = "A request for a snapshot of this name is under way or waits.";
            self.is_requested(name).then(|| text.to_owned())
        };
        journalled.or_else(known_here)
    }

    /// Whether a request for the same snapshot as the one under review is open.
    #[must_use]
    pub fn has_open_twin(&self, request: &SnapshotRequest) -> bool {
        self.open_obstacle(request.snapshot.as_str()).is_some()
    }

    /// Looks what became of the open requests for a snapshot of this name.
    pub(super) fn look_up_open(&mut self, name: &str) -> Effects {
        let numbers: Vec<RequestNumber> =
            self.open_here().filter(|open| open.is_named(name)).map(|open| open.number.clone()).collect();
        self.want_open_requests();
        // What is on its way from here settles itself.
        let is_sending = |row: &Tracked| matches!(row.state, State::Submitting(_)) && row.id == name;
        if numbers.is_empty() || self.pane.rows.iter().any(is_sending) {
            return Vec::new();
        }
        let text = format!("Looking what became of the request for {name}; nothing is sent.");
        self.note = Some(Note::new(Tone::Neutral, &text));
        vec![Effect::LookUp(numbers)]
    }

    /// The open requests to this account and Region, however their endpoint was spelled.
    fn open_here(&self) -> impl Iterator<Item = &OpenRequest> {
        let (account, region) = (self.account(), self.place().and_then(|place| place.region.clone()));
        self.open.requests.iter().filter(move |open| {
            let is_account = account.is_none() || open.account.is_none() || open.account == account;
            is_account && open.region == region
        })
    }

    fn told_open(&self, open: &OpenRequest) -> String {
        let at = |at: Timestamp| at.to_zoned(self.open.zone.clone());
        let is_today = at(open.at).date() == at(self.heard_at).date();
        let format = if is_today { "%H:%M" } else { "%Y-%m-%d %H:%M" };
        format!(
            "A request for {} (snapshot {}) of {} is open: it is not known yet whether it was carried out.",
            open.cluster,
            open.snapshot,
            at(open.at).strftime(format)
        )
    }
}

impl OpenRequest {
    fn is_named(&self, name: &str) -> bool {
        self.snapshot.eq_ignore_ascii_case(name)
    }
}
