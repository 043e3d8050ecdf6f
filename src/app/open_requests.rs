//! The journal is asked first: requests of this machine, by any program, of which it is not known what became.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::domain::age::short_clock;
use crate::domain::mark::RequestNumber;
use crate::domain::preflight::{Open, Verdict, of_open, related};
use crate::domain::record::Record;

use super::Now;
use super::place::Place;
use super::request_id::RequestId;

/// What is known of the open requests of this machine.
#[derive(Debug)]
pub struct OpenRequests {
    requests: Vec<Record>,
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

impl OpenRequests {
    /// Wants them read anew.
    pub fn want(&mut self) {
        self.is_wanted = true;
    }

    /// Asks for them with an id, if they are wanted.
    pub fn ask(&mut self, id: impl FnOnce() -> RequestId) -> Option<RequestId> {
        if std::mem::take(&mut self.is_wanted) {
            self.in_flight = Some(id());
            return self.in_flight;
        }
        None
    }

    /// Takes what the journal says.
    pub fn take(&mut self, id: RequestId, answer: Result<Vec<Record>, String>, now: &Now) {
        if self.in_flight.take_if(|asked| *asked == id).is_none() {
            return;
        }
        self.zone = now.wall.time_zone().clone();
        self.problem = answer.as_ref().err().cloned();
        if let Ok(requests) = answer {
            self.requests = requests;
        }
    }

    /// What is known of those to a place, however their endpoint was spelled, and of a request from here for a name.
    #[must_use]
    pub fn facts(&self, place: &Place, name: &str) -> Open<'_> {
        Open {
            records: self.of(place).collect(),
            unreadable: self.problem.as_deref(),
            unwritable: None,
            is_under_way: place.is_requested(name),
            sent: short_clock,
        }
    }

    /// Why no request for a snapshot of this name may be sent: one is open already. It is settled by looking what
    /// became of it, not by sending another.
    #[must_use]
    pub fn obstacle(&self, place: &Place, name: &str, at: Timestamp) -> Option<String> {
        let name = name.to_ascii_lowercase();
        let mut checks = of_open(&self.facts(place, &name), &name, "", &self.here(at)).into_iter();
        checks.find(|check| check.verdict == Verdict::Blocks).map(|check| check.text)
    }

    /// A moment as this machine's clock tells it.
    #[must_use]
    pub fn here(&self, at: Timestamp) -> Zoned {
        at.to_zoned(self.zone.clone())
    }

    /// The numbers of the open requests for a snapshot of this name.
    #[must_use]
    pub fn numbers(&self, place: &Place, name: &str) -> Vec<RequestNumber> {
        // Names are stored in lower case.
        let name = name.to_ascii_lowercase();
        let open = related(self.of(place), &name, "");
        open.map(|(_, open)| RequestNumber::journalled(&open.intent.number)).collect()
    }

    /// The open requests to a place.
    pub(crate) fn of(&self, place: &Place) -> impl Iterator<Item = &Record> {
        let (account, region) = (place.account(), place.target().region.clone());
        self.requests.iter().filter(move |open| {
            let theirs = open.intent.account.as_ref().map(ToString::to_string);
            let is_account = account.is_none() || theirs.is_none() || theirs == account;
            is_account && open.intent.region == region
        })
    }
}
