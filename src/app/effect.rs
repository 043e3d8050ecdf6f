//! What the program wants done in the world. Plain data: `runtime` does it.

use std::path::PathBuf;

use crate::domain::account::AccountId;
use crate::domain::alteration::{AlterationTerms, Deed};
use crate::domain::change::Change;
use crate::domain::change_id::ChangeId;
use crate::domain::context::Target;
use crate::domain::ending::Ending;
use crate::domain::mark::RequestNumber;
use crate::domain::record::Position;
use crate::domain::renewal::Digits;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::wait::Wait;

use super::question::Question;
use super::request_id::{PlaceId, RequestId};

/// Something to do. Every effect with a [`RequestId`] is answered by messages that carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read the configuration and make a client for a place, or one of the embedded simulator.
    Connect {
        /// Whose answer it is.
        id: RequestId,
        /// The profile and Region as they were asked for.
        to: Box<Target>,
    },
    /// Put a question to the service, once; it is answered by [`Msg::Answered`](super::message::Msg::Answered).
    Ask(RequestId, Question),
    /// Read the newest requests of the journal, or the newest before a position.
    ReadHistory(RequestId, Option<Position>),
    /// Read what begins at some positions of the journal.
    ReadEntries(RequestId, Vec<Position>),
    /// Read which profiles and Regions can be opened.
    ReadChoices,
    /// Note that a place was chosen, by its profile, if one was named, and its Region.
    NoteChoice(Option<String>, String),
    /// Read which requests of the journal it is not known of what became, by whichever program.
    ReadOpenRequests(RequestId),
    /// Read what the journal has of a change, wherever it went.
    ReadChange(RequestId, ChangeId),
    /// Look once in a place what became of these requests of the journal; answered by what is recovered.
    LookUp(PlaceId, Vec<RequestNumber>),
    /// Submit a confirmed request. One confirmation makes one such effect.
    Submit {
        /// Whose steps and outcome they are.
        id: RequestId,
        /// The request.
        request: SnapshotRequest,
        /// The account that the person saw when they confirmed it, if it was known: it goes to no other.
        account: Option<AccountId>,
        /// Whether the person said to go on without the journal, for this one request.
        without_journal: bool,
        /// The open requests for the same name or cluster that they were shown.
        told: Vec<RequestNumber>,
    },
    /// Keep a request that waits for its cluster, so that a restart can ask about it.
    KeepWait(PlaceId, Wait),
    /// Do something to the snapshot that was shown, once.
    Alter {
        /// The order.
        id: RequestId,
        /// The snapshot, as it was shown.
        snapshot: Box<Snapshot>,
        /// What is done to it.
        deed: Deed,
        /// On which terms.
        terms: AlterationTerms,
    },
    /// Write down what a change is to send, before anything of it is.
    KeepChange(Change),
    /// Let go of a change of which nothing is to be sent any more: what was not sent of it stays written down.
    EndChange(Change),
    /// Find the changes of earlier runs of which something was not sent.
    ReadChanges,
    /// Journal how the snapshot of a journalled request was seen to end.
    NoteEnd {
        /// The place that it is of.
        place: PlaceId,
        /// The snapshot's identifier.
        snapshot: String,
        /// The end.
        ending: Ending,
    },
    /// Let go of a request that was kept, by its token.
    DropWait(String),
    /// Give the code of an MFA device to all connections, to be sent once.
    GiveCode {
        /// The device, by its serial.
        device: String,
        /// The digits.
        digits: Digits,
    },
    /// Start `aws sso login` for a profile; answered by what it says and how it ends.
    LogIn(RequestId, String),
    /// End the login that was started.
    EndLogin,
    /// Say when the file of a login changes, once.
    WatchLogin(PathBuf),
    /// Hand text to the terminal's clipboard.
    Copy(String),
    /// Ring the terminal's bell.
    Bell,
    /// Show a notification with this text on the desktop, by way of the terminal.
    Notify(String),
    /// Give the terminal's window a title.
    SetTitle(String),
    /// Run the command of the configuration, without a shell.
    RunCommand {
        /// The program and its arguments.
        command: Vec<String>,
        /// What is put into its environment, by name.
        facts: Vec<(&'static str, String)>,
    },
    /// Stop, and give the terminal back until the shell says to go on.
    Suspend,
    /// End the program.
    Quit,
}

/// The effects of one message.
pub type Effects = Vec<Effect>;
