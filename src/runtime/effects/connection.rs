//! A connection to the service, with the journal that belongs to it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::requests::RequestId;
use crate::domain::context::Caller;
use crate::domain::failure::Failure;
use crate::journal::{Journal, JournalError};
use crate::rds::{self, Client};
use crate::sim::{Simulator, in_process};

use super::{Current, Options};

/// A client, and what goes with it.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) client: Client,
    /// `None` with the embedded simulator, which leaves no trace on this machine.
    pub(super) journal: Option<Result<Journal, JournalError>>,
    /// Snapshots of journalled requests that were not seen to end, with the requests' numbers.
    pub(super) followed: Mutex<HashMap<String, String>>,
    caller: OnceLock<Caller>,
    /// For which accounts the journal was looked through; `None` while it is not known which it is.
    recovered: Mutex<HashSet<Option<String>>>,
}

impl Connection {
    /// Asks who the caller is; the answer is kept for the journal.
    pub(super) async fn read_caller(&self) -> Result<Caller, Failure> {
        let answer = self.client.caller().await;
        if let Ok(caller) = &answer {
            // Credentials can be renewed, but not for another account under the same client.
            let _ = self.caller.set(caller.clone());
        }
        answer
    }

    /// Who the caller is, as far as it is known.
    pub(super) fn caller(&self) -> Option<&Caller> {
        self.caller.get()
    }

    /// Whether the journal is still to be looked through for the account; true once.
    pub(super) fn begins_recovery(&self) -> bool {
        let account = self.caller().map(|caller| caller.account.clone());
        self.recovered.lock().unwrap_or_else(PoisonError::into_inner).insert(account)
    }

    /// Whether the embedded simulator answers.
    pub(super) fn is_demo(&self) -> bool {
        self.client.place().is_demo
    }

    /// The journal, if there is one that can be used.
    pub(super) fn journal(&self) -> Option<&Journal> {
        self.journal.as_ref().and_then(|journal| journal.as_ref().ok())
    }

    /// Notes that the snapshot of a journalled request is to be seen to its end.
    pub(super) fn follow(&self, snapshot: &str, number: &str) {
        let mut followed = self.followed.lock().unwrap_or_else(PoisonError::into_inner);
        followed.insert(snapshot.to_owned(), number.to_owned());
    }
}

/// Makes a connection the current one, and tells of it.
pub(super) async fn connect(
    id: RequestId,
    demo: bool,
    options: Options,
    current: Current,
    answers: mpsc::Sender<Msg>,
) {
    let connected = if demo { Ok(demo_client(&options).await) } else { client(&options).await };
    let answer = connected.map(|client| {
        let place = client.place().clone();
        let connection = Connection {
            journal: (!place.is_demo).then(Journal::open_default),
            client,
            followed: Mutex::default(),
            caller: OnceLock::new(),
            recovered: Mutex::default(),
        };
        *current.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(connection));
        place
    });
    let _ = answers.send(Msg::Connected(id, answer)).await;
}

async fn client(options: &Options) -> Result<Client, Failure> {
    let options = rds::Options {
        profile: options.profile.clone(),
        region: options.region.clone(),
        endpoint_url: options.endpoint_url.clone(),
        read_only: options.read_only,
    };
    Client::connect(&options).await
}

/// A client of the embedded simulator, of which there is one in a run.
async fn demo_client(options: &Options) -> Client {
    static SIMULATOR: OnceLock<Arc<Simulator>> = OnceLock::new();
    let is_read_only = options.read_only;
    let make = move || {
        let simulator = SIMULATOR.get_or_init(|| Arc::new(Simulator::demo()));
        Client::demo(in_process::connector(Arc::clone(simulator)), is_read_only)
    };
    // The fleet is parsed and the TLS of a client prepared: milliseconds that no key should wait for.
    match tokio::task::spawn_blocking(make).await {
        Ok(client) => client,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}
