//! The journal is asked first: requests of this machine, by any program, of which it is not known what became.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::cluster_id::ClusterId;
use crate::domain::mark::RequestNumber;
use crate::domain::preflight::{Relation, open_words, related};
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

    /// What the journal says that a person has to know before a request for a snapshot of this name.
    #[must_use]
    pub fn doubts(&self, place: &Place, cluster: &ClusterId, name: &str, at: Timestamp) -> Vec<String> {
        let others = self.related(place, name, cluster.as_str(), Relation::SameCluster);
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
        let mut journalled = self.related(place, name, "", Relation::SameName);
        let known_here = || {
            let text = "A request for a snapshot of this name is under way or waits.";
            place.is_requested(name).then(|| text.to_owned())
        };
        journalled.next().map(|open| self.told(open, at)).or_else(known_here)
    }

    /// The numbers of the open requests for a snapshot of this name.
    #[must_use]
    pub fn numbers(&self, place: &Place, name: &str) -> Vec<RequestNumber> {
        let open = self.related(place, name, "", Relation::SameName);
        open.map(|open| RequestNumber::journalled(&open.intent.number)).collect()
    }

    /// The open requests to a place, however their endpoint was spelled, that stand so to one for a name and cluster.
    fn related(
        &self,
        place: &Place,
        name: &str,
        cluster: &str,
        wanted: Relation,
    ) -> impl Iterator<Item = &Record> {
        let (account, region) = (place.account(), place.target().region.clone());
        let here = self.requests.iter().filter(move |open| {
            let theirs = open.intent.account.as_ref().map(ToString::to_string);
            let is_account = account.is_none() || theirs.is_none() || theirs == account;
            is_account && open.intent.region == region
        });
        // Names are stored in lower case.
        let related: Vec<_> = related(here, &name.to_ascii_lowercase(), cluster).collect();
        related.into_iter().filter(move |(relation, _)| *relation == wanted).map(|(_, open)| open)
    }

    fn told(&self, open: &Record, now: Timestamp) -> String {
        let at = |at: Timestamp| at.to_zoned(self.zone.clone());
        let sent = at(open.intent.at);
        let is_today = sent.date() == at(now).date();
        let format = if is_today { "%H:%M" } else { "%Y-%m-%d %H:%M" };
        open_words(&open.intent, &sent.strftime(format).to_string())
    }
}
