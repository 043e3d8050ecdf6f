//! What the journal has of the change that is being written: nothing is asked for twice under one id.

use crate::domain::alteration::AlterationRecord;
use crate::domain::change_id::ChangeId;
use crate::domain::earlier::Journalled;
use crate::domain::record::Record;

use super::request_id::RequestId;

/// The requests of a change, as far as they are known.
#[derive(Debug, Default)]
pub struct ChangeRequests {
    wanted: Option<ChangeId>,
    /// What the journal has, or why it cannot be read; `None` until it has told.
    read: Option<Result<Journalled, String>>,
    in_flight: Option<RequestId>,
}

impl ChangeRequests {
    /// Wants those of a change read anew.
    pub fn want(&mut self, id: ChangeId) {
        *self = Self { wanted: Some(id), ..Self::default() };
    }

    /// Asks for them with an id, if they are wanted.
    pub fn ask(&mut self, id: impl FnOnce() -> RequestId) -> Option<(RequestId, ChangeId)> {
        let change = self.wanted.take()?;
        self.in_flight = Some(id());
        self.in_flight.map(|id| (id, change))
    }

    /// Takes what the journal says.
    pub fn take(&mut self, id: RequestId, answer: Result<Journalled, String>) {
        if self.in_flight.take_if(|asked| *asked == id).is_some() {
            self.read = Some(answer);
        }
    }

    /// Those that the journal has.
    pub fn known(&self) -> &[Record] {
        self.journalled().map(|journalled| journalled.requests.as_slice()).unwrap_or_default()
    }

    /// What was deleted from this machine lately.
    pub fn deleted(&self) -> &[AlterationRecord] {
        self.journalled().map(|journalled| journalled.deleted.as_slice()).unwrap_or_default()
    }

    fn journalled(&self) -> Option<&Journalled> {
        self.read.as_ref()?.as_ref().ok()
    }

    /// Why they are not known, if they could not be read: a clause. Text in it comes from outside.
    pub fn failure(&self) -> Option<String> {
        let why = self.read.as_ref()?.as_ref().err()?;
        Some(format!("what this change has already is not known: {why}"))
    }

    /// Why nothing is sent before they are known, if so: a sentence. Text in it comes from outside.
    pub fn obstacle(&self) -> Option<String> {
        match self.read {
            None => Some("Not yet: the journal is asked what this change has already.".to_owned()),
            Some(_) => self.failure().map(|why| format!("Not sent: {why}.")),
        }
    }
}
