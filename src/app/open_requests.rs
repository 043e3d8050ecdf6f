//! The journal is asked first: requests of this machine, by any program, of which it is not known what became.

use std::time::Duration;

use crate::domain::account::may_be_same;
use crate::domain::age::short_clock;
use crate::domain::alteration::AlterationRecord;
use crate::domain::change_id::ChangeId;
use crate::domain::mark::RequestNumber;
use crate::domain::preflight::{Open, numbers, related};
use crate::domain::record::{OpenRecords, Record};
use crate::domain::request::SnapshotRequest;

use super::Now;
use super::place::Place;
use super::place::followed::FollowedSnapshot;
use super::places::Places;
use super::request_id::RequestId;

/// How old may be what is shown of them before it is read anew.
const FRESH: Duration = Duration::from_secs(5);

/// What is known of the open requests of this machine.
#[derive(Debug, Default)]
pub struct OpenRequests {
    known: OpenRecords,
    /// Why the journal could not be read the last time.
    problem: Option<String>,
    in_flight: Option<RequestId>,
    is_wanted: bool,
    /// When they were read last, on the clock that never jumps.
    read_at: Option<Duration>,
    /// When they are read anew by themselves, while somebody looks at them.
    due: Option<Duration>,
}

impl OpenRequests {
    /// Wants them read anew.
    pub fn want(&mut self) {
        self.is_wanted = true;
    }

    /// Wants them read anew every few seconds for as long as a person is about to send something: another program may
    /// send meanwhile.
    pub fn keep_fresh(&mut self, is_looked_at: bool, now: &Now) {
        self.due = self.read_at.filter(|_| is_looked_at && self.in_flight.is_none()).map(|at| at + FRESH);
        self.is_wanted |= self.due.take_if(|due| *due <= now.mono).is_some();
    }

    /// When they are read anew by themselves, on the clock that never jumps.
    pub fn due(&self) -> Option<Duration> {
        self.due
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
    pub fn take(&mut self, id: RequestId, answer: Result<OpenRecords, String>, now: &Now) {
        if self.in_flight.take_if(|asked| *asked == id).is_none() {
            return;
        }
        self.read_at = Some(now.mono);
        self.problem = answer.as_ref().err().cloned();
        if let Ok(known) = answer {
            self.known = known;
        }
    }

    /// What is known of those to a place, however their endpoint was spelled, and of a request from here for a name.
    pub fn facts(&self, place: &Place, name: &str) -> Open<'_> {
        Open {
            records: self.beside(place).collect(),
            lines_missing: self.known.lines_missing,
            unreadable: self.problem.as_deref(),
            unwritable: self.known.unwritable.as_ref().filter(|_| self.problem.is_none()),
            may_do_without: true,
            is_under_way: place.is_requested(name),
            sent: short_clock,
        }
    }

    /// The deletions of which it is not known what became, in whichever place.
    pub fn deletions(&self) -> &[AlterationRecord] {
        &self.known.deletions
    }

    /// The changes that have something still to send, by whichever program.
    pub fn changes(&self) -> &[ChangeId] {
        &self.known.changes
    }

    /// The numbers of the open requests for a snapshot of this name.
    pub fn numbers(&self, place: &Place, name: &str) -> Vec<RequestNumber> {
        // Names are stored in lower case.
        let name = name.to_ascii_lowercase();
        numbers(related(self.of(place), &name, ""))
    }

    /// The numbers of those that are told of with a request to a place: for the same name or cluster.
    pub fn told(&self, place: &Place, request: &SnapshotRequest) -> Vec<RequestNumber> {
        numbers(related(self.of(place), request.snapshot.as_str(), request.cluster.as_str()))
    }

    /// The open requests to these places of which nobody has told yet what is known: they are looked up once it is known
    /// who asks.
    pub fn untold<'a>(&'a self, places: impl Iterator<Item = &'a Place>) -> Vec<&'a Record> {
        let mut untold: Vec<&Record> = Vec::new();
        for place in places.filter(|place| !place.followed.knows_earlier) {
            let is_shown = |open: &Record| {
                place.followed.rows.iter().any(|row| row.id.eq_ignore_ascii_case(&open.intent.snapshot))
            };
            for open in self.of(place).filter(|open| !is_shown(open)) {
                if untold.iter().all(|known| known.intent.number != open.intent.number) {
                    untold.push(open);
                }
            }
        }
        untold
    }

    /// The open requests to places that are not among these: nobody looks for them here. One whose place was turned to
    /// another account since has a row there.
    pub fn elsewhere(&self, places: &Places) -> Vec<&Record> {
        let is_left = |open: &Record, place: &Place| {
            let is_its = |row: &FollowedSnapshot| {
                row.id == open.intent.snapshot
                    && place.left_behind(row).is_some_and(|account| open.intent.account == Some(account))
            };
            open.intent.region == place.target().region && place.followed.rows.iter().any(is_its)
        };
        let is_here = |open: &Record| places.iter().any(|place| is_of(open, place) || is_left(open, place));
        let unsettled = self.known.records.iter().filter(|open| open.is_unsettled());
        unsettled.filter(|open| !is_here(open)).collect()
    }

    /// The open requests to a place.
    pub(crate) fn of(&self, place: &Place) -> impl Iterator<Item = &Record> {
        self.beside(place).filter(|record| record.is_unsettled())
    }

    /// The same, and those that made a snapshot a moment ago, which lists may not have yet.
    fn beside(&self, place: &Place) -> impl Iterator<Item = &Record> {
        self.known.records.iter().filter(move |record| is_of(record, place))
    }
}

/// Whether a request went to a place, or may have: an account that is not known may be any.
fn is_of(open: &Record, place: &Place) -> bool {
    let account = place.account();
    may_be_same(open.intent.account.as_ref(), account.as_ref()) && open.intent.region == place.target().region
}
