//! What can happen to the program: keys, time, and answers. Plain data.

use std::path::PathBuf;

use crate::domain::alteration::Altered;
use crate::domain::change::Change;
use crate::domain::context::Target;
use crate::domain::earlier::{Earlier, Journalled};
use crate::domain::failure::Failure;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::profile::Choices;
use crate::domain::record::{Entry, OpenRecords, Position, Record, RecordPage};
use crate::domain::tag::Tag;
use crate::domain::wait::Wait;

use super::keymap::KeyEvent;
use super::note::Note;
use super::question::Answer;
use super::request_id::{PlaceId, RequestId};

/// What a mouse can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The wheel was turned away from the person.
    WheelUp,
    /// The wheel was turned towards the person.
    WheelDown,
    /// The first button was pressed on a cell, counted from 0.
    Click {
        /// Its row.
        row: u16,
    },
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed or repeats.
    Key(KeyEvent),
    /// A key that came at once with others, as a paste without marks does: it confirms nothing.
    KeyInBurst(KeyEvent),
    /// Text came at once without being marked as a paste: text for a field, never keys.
    Burst(String),
    /// Text was pasted: it is text for a field, never keys.
    Paste(String),
    /// The mouse did something.
    Mouse(Mouse),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The terminal gained or lost the focus.
    Focus(bool),
    /// The time that the program asked to be woken at has come.
    Tick,
    /// The configuration was read and a client made of it, or not.
    Connected(RequestId, Result<Target, Failure>),
    /// What the service answers to a question.
    Answered(RequestId, Result<Answer, Failure>),
    /// The journal of requests, `None` if none is kept; or why it cannot be read.
    History(RequestId, Result<Option<RecordPage>, String>),
    /// What begins at some positions of the journal; or why it cannot be read.
    Entries(RequestId, Result<Vec<(Position, Entry)>, String>),
    /// Which profiles and Regions can be opened, or why their files cannot be read.
    Choices(Result<Choices, Failure>),
    /// The requests of the journal of which it is not known what became, or why it cannot be read.
    OpenRequests(RequestId, Result<OpenRecords, String>),
    /// What the journal has of the change that is being written, or why it cannot be read.
    ChangeRequests(RequestId, Result<Journalled, String>),
    /// A submission reached a step.
    Step(RequestId, Step),
    /// A submission has an outcome; an unknown one may be followed by a settled one.
    Submitted(RequestId, Outcome),
    /// Requests of an earlier run (or another program's) to a place that were still open, and what became of them.
    Recovered(PlaceId, Vec<Recovered>),
    /// Requests to a place that waited for their cluster in an earlier run.
    WaitsBefore(PlaceId, Vec<Wait>),
    /// The wait of a token in a place could not be written down, and why.
    WaitUnwritten(PlaceId, String, String),
    /// What became of what was done to a snapshot.
    Altered(RequestId, Box<Altered>),
    /// Whether the change of a token is written down, or why it is not.
    ChangeKept(String, Result<(), String>),
    /// The journal has a line that no other message tells of.
    JournalGrew,
    /// All that earlier runs left open in a place was told.
    EarlierKnown(PlaceId),
    /// Changes that earlier runs were in the middle of.
    ChangesBefore(Vec<Before>),
    /// The login that was started said a line.
    LoginSaid(RequestId, String),
    /// The login that was started has ended, well or not.
    LoginEnded(RequestId, Result<(), String>),
    /// The file of a login has changed.
    LoginChanged(PathBuf),
    /// Something to tell that belongs to nothing on the screen.
    Told(Note),
    /// The answer to a key that took a while.
    Replied(Note),
}

impl Msg {
    /// Whether the journal has more since.
    pub(crate) fn grows_journal(&self) -> bool {
        matches!(
            self,
            Self::JournalGrew
                | Self::Step(_, Step::Sending { .. })
                | Self::Submitted(..)
                | Self::Recovered(..)
                | Self::Altered(..)
        )
    }

    /// Whether a person did it.
    pub(crate) fn is_by_hand(&self) -> bool {
        matches!(self, Self::Key(_) | Self::KeyInBurst(_) | Self::Burst(_) | Self::Paste(_) | Self::Mouse(_))
    }
}

/// A request of an earlier run whose outcome was open.
#[derive(Clone, Debug)]
pub struct Recovered {
    /// The snapshot's identifier.
    pub snapshot: String,
    /// The cluster's identifier.
    pub cluster: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether a list has the snapshot that it made: one that is not listed at the moment is followed on.
    pub is_listed: bool,
    /// The tag by which its snapshot is known; `None` if it was sent without a mark.
    pub mark: Option<Tag>,
    /// What another program or machine made for the same change and cluster, where it came to nothing by that.
    pub twin: Option<Earlier>,
}

impl Recovered {
    /// What became of a request without a mark, whose snapshot is listed if it made one.
    pub fn new(snapshot: impl Into<String>, cluster: impl Into<String>, outcome: Outcome) -> Self {
        let (snapshot, cluster) = (snapshot.into(), cluster.into());
        Self { snapshot, cluster, outcome, is_listed: true, mark: None, twin: None }
    }
}

/// A change that an earlier run was in the middle of.
#[derive(Debug, Clone)]
pub struct Before {
    /// The change, as it was confirmed.
    pub change: Change,
    /// What the journal has of its requests.
    pub sent: Vec<Record>,
}
