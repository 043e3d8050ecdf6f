//! The journal is asked first: requests of this machine, by any program, of which it is not known what became.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::cluster_id::ClusterId;
use crate::domain::mark::RequestNumber;

use super::Now;
use super::message::OpenRequest;
use super::place::Place;
use super::request_id::RequestId;

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
    pub fn take(&mut self, id: RequestId, answer: Result<Vec<OpenRequest>, String>, now: &Now) {
        if self.in_flight.take_if(|asked| *asked == id).is_none() {
            return;
        }
        self.zone = now.wall.time_zone().clone();
        self.problem = answer.as_ref().err().cloned();
        if let Ok(requests) = answer {
            self.requests = requests;
        }
    }

    /// What the journal says that a person has to know before a request for a snapshot of this name.
    #[must_use]
    pub fn doubts(&self, place: &Place, cluster: &ClusterId, name: &str, at: Timestamp) -> Vec<String> {
        let others = self.at(place).filter(|open| open.cluster == cluster.as_str() && !open.is_named(name));
        let mut doubts: Vec<String> = others.map(|open| self.told(open, at)).collect();
        if let Some(problem) = &self.problem {
            doubts
                .push(format!("the journal cannot be read, so an open request cannot be told of: {problem}"));
        }
        doubts
    }

    /// Why no request for a snapshot of this name may be sent: one is open already. It is settled by looking what
    /// became of it, not by sending another.
    #[must_use]
    pub fn obstacle(&self, place: &Place, name: &str, at: Timestamp) -> Option<String> {
        let journalled = self.at(place).find(|open| open.is_named(name)).map(|open| self.told(open, at));
        let known_here = || {
            let text = "A request for a snapshot of this name is under way or waits.";
            place.is_requested(name).then(|| text.to_owned())
        };
        journalled.or_else(known_here)
    }

    /// The numbers of the open requests for a snapshot of this name.
    #[must_use]
    pub fn numbers(&self, place: &Place, name: &str) -> Vec<RequestNumber> {
        self.at(place).filter(|open| open.is_named(name)).map(|open| open.number.clone()).collect()
    }

    /// The open requests to a place, however their endpoint was spelled.
    fn at(&self, place: &Place) -> impl Iterator<Item = &OpenRequest> {
        let (account, region) = (place.account(), place.target().and_then(|target| target.region.clone()));
        self.requests.iter().filter(move |open| {
            let is_account = account.is_none() || open.account.is_none() || open.account == account;
            is_account && open.region == region
        })
    }

    fn told(&self, open: &OpenRequest, now: Timestamp) -> String {
        let at = |at: Timestamp| at.to_zoned(self.zone.clone());
        let is_today = at(open.at).date() == at(now).date();
        let format = if is_today { "%H:%M" } else { "%Y-%m-%d %H:%M" };
        format!(
            "A request for {} (snapshot {}) of {} is open: it is not known yet whether it was carried out.",
            open.cluster,
            open.snapshot,
            at(open.at).strftime(format)
        )
    }
}
