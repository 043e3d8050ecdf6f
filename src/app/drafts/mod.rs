//! The drafts. Each is of one request, not of a cluster: what becomes of a request reaches its own draft, and
//! while it is under way another one of the same cluster can be written.

pub(crate) mod change;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod name;
pub(crate) mod tags;

use std::collections::BTreeSet;

use crate::domain::cluster_id::ClusterId;
use crate::domain::mark::RequestNumber;

use crate::app::request_id::{PlaceId, RequestId};
use change::ChangeDraft;
use form::Form;

/// Names a draft of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DraftId(u64);

/// The drafts, in the order in which a cluster's are opened: the next one comes last.
#[derive(Debug, Default)]
pub struct Drafts {
    /// The change that is being written.
    pub change: Option<ChangeDraft>,
    rows: Vec<Draft>,
    issued: u64,
}

#[derive(Debug)]
struct Draft {
    id: DraftId,
    form: Form,
    state: State,
}

/// Where a draft stands.
#[derive(Debug, PartialEq, Eq)]
enum State {
    /// It is being written.
    Open,
    /// Its request waits for its cluster, under this token.
    Waits(String),
    /// Its request was sent, and its outcome is not known.
    Sent(RequestId),
}

impl Drafts {
    /// Takes a new draft.
    pub fn add(&mut self, form: Form) -> DraftId {
        self.issued += 1;
        let id = DraftId(self.issued);
        self.rows.push(Draft { id, form, state: State::Open });
        id
    }

    /// A draft.
    pub fn get(&self, id: DraftId) -> Option<&Form> {
        self.rows.iter().find(|draft| draft.id == id).map(|draft| &draft.form)
    }

    /// A draft, to change it.
    pub fn get_mut(&mut self, id: DraftId) -> Option<&mut Form> {
        self.rows.iter_mut().find(|draft| draft.id == id).map(|draft| &mut draft.form)
    }

    /// How many drafts of a cluster of a place are being written.
    pub fn open_count(&self, place: PlaceId, cluster: &ClusterId) -> usize {
        self.rows.iter().filter(|draft| draft.is_open_of(place, cluster)).count()
    }

    /// The draft of a cluster that is to be opened next, if one is being written. Opened, it becomes the last in
    /// turn.
    pub fn take_turn(&mut self, place: PlaceId, cluster: &ClusterId) -> Option<DraftId> {
        let at = self.rows.iter().rposition(|draft| draft.is_open_of(place, cluster))?;
        let draft = self.rows.remove(at);
        let id = draft.id;
        self.rows.insert(0, draft);
        Some(id)
    }

    /// The draft of a request that is under review.
    pub fn of_number(&self, number: &RequestNumber) -> Option<DraftId> {
        self.rows.iter().find(|draft| draft.form.number == *number).map(|draft| draft.id)
    }

    /// The draft of a request that was sent.
    pub fn of_submission(&self, id: RequestId) -> Option<DraftId> {
        self.rows.iter().find(|draft| draft.state == State::Sent(id)).map(|draft| draft.id)
    }

    /// Notes that the request of a number was sent.
    pub fn send(&mut self, number: &RequestNumber, id: RequestId) {
        self.set(State::Sent(id), |draft| draft.form.number == *number);
    }

    /// Notes that the request of a number waits.
    pub fn wait(&mut self, number: &RequestNumber, token: &str) {
        self.set(State::Waits(token.to_owned()), |draft| draft.form.number == *number);
    }

    /// Opens the draft of a wait again that was let go of.
    pub fn reopen_waiting(&mut self, token: &str) {
        self.set(State::Open, |draft| matches!(&draft.state, State::Waits(its) if its == token));
    }

    fn set(&mut self, state: State, is_meant: impl Fn(&Draft) -> bool) {
        if let Some(draft) = self.rows.iter_mut().find(|draft| is_meant(draft)) {
            draft.state = state;
        }
    }

    /// Opens a draft again whose request came to nothing; what is sent next is another request.
    pub fn reopen(&mut self, id: DraftId, number: RequestNumber) {
        let Some(at) = self.rows.iter().position(|draft| draft.id == id) else { return };
        let mut draft = self.rows.remove(at);
        draft.state = State::Open;
        draft.form.number = number;
        self.rows.push(draft);
    }

    /// Lets go of a draft.
    pub fn remove(&mut self, id: DraftId) {
        self.rows.retain(|draft| draft.id != id);
    }

    /// Takes those of a place for the same of another one.
    pub fn move_to(&mut self, place: PlaceId, from: PlaceId) {
        let of_drafts = self.rows.iter_mut().map(|draft| &mut draft.form.place);
        let of_change =
            self.change.iter_mut().flat_map(|change| &mut change.parts).map(|part| &mut part.place);
        of_drafts.chain(of_change).filter(|of| **of == from).for_each(|of| *of = place);
        if let Some(change) = &mut self.change {
            let mut seen = BTreeSet::new();
            change.parts.retain(|part| seen.insert((part.place, part.cluster.clone())));
        }
    }

    /// Lets go of those of a place; of a change that has clusters there, too.
    pub fn clear_of(&mut self, place: PlaceId) {
        self.rows.retain(|draft| draft.form.place != place);
        self.change.take_if(|change| change.places().contains(&place));
    }

    /// Whether there are none.
    #[cfg(test)]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

impl Draft {
    fn is_open_of(&self, place: PlaceId, cluster: &ClusterId) -> bool {
        self.state == State::Open && self.form.place == place && self.form.cluster == *cluster
    }
}
