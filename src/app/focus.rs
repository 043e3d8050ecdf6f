//! Where a person is: which screen is shown, what lies over it, and where the keys go.

use crate::domain::cluster_id::ClusterId;
use crate::domain::request::SnapshotRequest;

use super::App;
use super::drafts::DraftId;
use super::keymap::Focus;
use super::requests::RequestId;
use super::screens::form::Field;

/// Which screen is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// The list of DB clusters.
    Clusters,
    /// The details of a cluster.
    Details(ClusterId),
    /// The form for a new snapshot.
    Form(DraftId),
    /// The review of a request.
    Review(Box<SnapshotRequest>),
    /// The review while its request is under way.
    Sending(RequestId, Box<SnapshotRequest>),
    /// The requests of the past.
    History,
    /// The details of the request of the past that is under the cursor.
    Record,
    /// The snapshots of the Region or of a cluster.
    Snapshots,
    /// All that is known of one of them.
    Snapshot,
    /// Its evidence card.
    Evidence,
}

/// What lies over the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The keys.
    Help,
    /// What was told so far.
    Messages,
    /// The palette of actions.
    Palette,
    /// The question whether to end although a request is under way or waits.
    Leaving,
    /// The question whether a request of an earlier run shall wait again.
    WaitAgain,
}

impl App {
    /// Where the keys go.
    #[must_use]
    pub fn focus(&self) -> Focus {
        match self.overlay {
            Some(Overlay::Help) => Focus::Help,
            Some(Overlay::Messages) => Focus::Messages,
            Some(Overlay::Palette) => Focus::Palette,
            Some(Overlay::Leaving) => Focus::Leaving,
            Some(Overlay::WaitAgain) => Focus::WaitAgain,
            None => self.focus_below(),
        }
    }

    /// Whether the keys go to a list that has nothing in it, and no filter that hides it.
    #[must_use]
    pub fn has_no_rows(&self) -> bool {
        match self.focus() {
            Focus::Clusters => self.list.rows.is_empty() && self.list.filter.value().is_empty(),
            Focus::Snapshots => self.snapshots.rows.is_empty() && self.snapshots.filter.value().is_empty(),
            Focus::History => self.history.rows.is_empty() && self.history.filter.value().is_empty(),
            _ => false,
        }
    }

    /// Where the keys would go if nothing lay over the screen.
    #[must_use]
    pub fn focus_below(&self) -> Focus {
        match &self.screen {
            Screen::Clusters if self.is_filtering => Focus::Filter,
            Screen::Clusters if self.is_pane_focused => Focus::Pane,
            Screen::Clusters => Focus::Clusters,
            Screen::Details(_) => Focus::Details,
            Screen::Form(_) => match self.form().map(|form| form.focus) {
                Some(Field::Key(_) | Field::Value(_)) => Focus::Tags,
                Some(Field::OwnTags | Field::AddTag | Field::Review) => Focus::Buttons,
                Some(Field::Name) | None => Focus::Form,
            },
            Screen::Review(_) if self.typed.is_some() => Focus::Typing,
            Screen::Review(request) if self.has_open_twin(request) => Focus::Requested,
            Screen::Review(request) if self.is_busy(request) => Focus::Busy,
            Screen::Review(request) if self.is_unwritten(request) => Focus::Unwritten,
            Screen::Review(_) => Focus::Review,
            Screen::Sending(..) => Focus::Sending,
            Screen::History if self.history.is_filtering => Focus::HistoryFilter,
            Screen::History => Focus::History,
            Screen::Record => Focus::Record,
            Screen::Snapshots if self.snapshots.is_filtering => Focus::SnapshotFilter,
            Screen::Snapshots => Focus::Snapshots,
            Screen::Snapshot => Focus::OneSnapshot,
            Screen::Evidence => Focus::Evidence,
        }
    }
}
