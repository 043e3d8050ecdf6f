//! What the program wants done in the world. Plain data: `runtime` does it.

use crate::domain::ending::Ending;
use crate::domain::mark::RequestNumber;
use crate::domain::record::Position;
use crate::domain::request::SnapshotRequest;
use crate::domain::wait::Wait;

use super::question::Question;
use super::request_id::RequestId;

/// Something to do. Every effect with a [`RequestId`] is answered by messages that carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read the configuration and make a client; of the embedded simulator if `demo`.
    Connect {
        /// Whose answer it is.
        id: RequestId,
        /// Whether to serve the embedded simulator.
        demo: bool,
    },
    /// Put a question to the service, once; it is answered by [`Msg::Answered`](super::message::Msg::Answered).
    Ask(RequestId, Question),
    /// Read the newest requests of the journal, or the newest before a position.
    ReadHistory(RequestId, Option<Position>),
    /// Read which requests of the journal it is not known of what became, by whichever program.
    ReadOpenRequests(RequestId),
    /// Look once what became of these requests of the journal; answered by what is recovered.
    LookUp(Vec<RequestNumber>),
    /// Submit a confirmed request. One confirmation makes one such effect.
    Submit {
        /// Whose steps and outcome they are.
        id: RequestId,
        /// The request.
        request: SnapshotRequest,
        /// The account that the person saw when they confirmed it, if it was known: it goes to no other.
        account: Option<String>,
        /// Whether the person said to go on without the journal, for this one request.
        without_journal: bool,
    },
    /// Keep a request that waits for its cluster, so that a restart can ask about it.
    KeepWait(Wait),
    /// Journal how the snapshot of a journalled request was seen to end.
    NoteEnd {
        /// The snapshot's identifier.
        snapshot: String,
        /// The end.
        ending: Ending,
    },
    /// Let go of a request that was kept, by its token.
    DropWait(String),
    /// Hand text to the terminal's clipboard.
    Copy(String),
    /// Ring the terminal's bell.
    Bell,
    /// Show a notification on the desktop, by way of the terminal.
    Notify {
        /// Its title.
        title: String,
        /// Its text.
        body: String,
    },
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
