//! The connection to a place, and what goes on over it.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::app::message::Msg;
use crate::app::request_id::{PlaceId, RequestId};
use crate::domain::account::AccountId;
use crate::domain::context::{self, Caller};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::policy::Policy;
use crate::domain::record::Intent;
use crate::domain::snapshot::Snapshot;
use crate::names::ListedNames;
use crate::rds::{self, Client};
use crate::session::Session;

use super::listed::SeenNames;

/// A session, and what this program remembers with it.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) place: PlaceId,
    pub(super) session: Session,
    /// The session's client for what the core asks for, one request at a time.
    pub(super) reader: Client,
    remembered: Mutex<Remembered>,
    /// The lists that the screen is reading.
    pub(super) clusters: SeenNames,
    pub(super) snapshots: SeenNames,
}

/// What is remembered of the journalled requests of an account.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// The numbers of those that are followed, by their snapshots.
    pub(super) followed: HashMap<String, String>,
    /// Those whose snapshots were found to be gone, the newest first: a list may still take that back.
    pub(super) gone: Vec<Intent>,
    /// The numbers of what is looked up again and again.
    pub(super) looked_for: HashSet<String>,
    /// For which accounts the journal was looked through; `None` while it is not known which it is: that is for any.
    recovered: HashSet<Option<AccountId>>,
}

impl Remembered {
    /// Lets go of what was followed for another account: its names are other snapshots in this one. What is looked up
    /// again and again goes on.
    fn forget(&mut self) {
        let looked_for = std::mem::take(&mut self.looked_for);
        *self = Self { looked_for, ..Self::default() };
    }

    /// The request whose snapshot was found to be gone and is there again.
    pub(super) fn back(&mut self, snapshot: &Snapshot) -> Option<Intent> {
        let is_it = |intent: &Intent| intent.snapshot == snapshot.id && !intent.is_not_of(snapshot);
        let at = self.gone.iter().position(is_it)?;
        Some(self.gone.remove(at))
    }
}

impl Connection {
    /// What is remembered of journalled requests.
    pub(super) fn remembered(&self) -> MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the journal is still to be looked through for the account; true once.
    pub(super) fn begins_recovery(&self) -> bool {
        let account = self.session.account();
        let recovered = &mut self.remembered().recovered;
        !recovered.contains(&None) && recovered.insert(account)
    }

    /// Whether the embedded simulator answers.
    pub(super) fn is_demo(&self) -> bool {
        self.session.target().is_demo
    }

    /// Asks who the caller is.
    pub(super) async fn read_caller(&self) -> Result<Caller, Failure> {
        let before = self.session.account();
        let caller = self.session.read_caller().await?;
        if before.is_some_and(|before| before != caller.account) {
            self.remembered().forget();
        }
        Ok(caller)
    }

    /// Notes that the snapshot of a journalled request is to be seen to its end.
    pub(super) fn follow(&self, snapshot: &str, number: &str) {
        self.remembered().followed.insert(snapshot.to_owned(), number.to_owned());
    }
}

/// That there is no connection.
pub(super) fn none() -> Failure {
    Failure::local(FailureKind::NoConnection, "there is no connection yet")
}

/// What goes on in a place: its connection, if there is one, and what is asked over it.
#[derive(Debug, Default)]
pub(super) struct Link {
    current: Current,
    pub(super) reads: JoinSet<()>,
}

/// The connection that is in use, if there is one.
type Current = Arc<Mutex<Option<Arc<Connection>>>>;

impl Link {
    /// The connection that is in use.
    pub(super) fn connection(&self) -> Result<Arc<Connection>, Failure> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        current.ok_or_else(none)
    }

    /// Connects anew; what is asked over the connection before is let go of.
    pub(super) fn connect(
        &mut self,
        id: RequestId,
        to: context::Target,
        (chosen, policy): (rds::ServiceOptions, Policy),
        answers: mpsc::Sender<Msg>,
    ) {
        self.reads.abort_all();
        let Some(place) = id.place() else { return };
        let context::Target { profile, region, endpoint: endpoint_url, is_demo, .. } = to;
        let chosen = rds::ServiceOptions { profile, region, endpoint_url, ..chosen };
        let current = Arc::clone(&self.current);
        self.reads.spawn(async move {
            let answer = connect(place, is_demo, &chosen, policy, &current).await;
            let _ = answers.send(Msg::Connected(id, answer)).await;
        });
    }
}

/// Makes a connection the current one.
async fn connect(
    of: PlaceId,
    is_demo: bool,
    chosen: &rds::ServiceOptions,
    policy: Policy,
    current: &Current,
) -> Result<context::Target, Failure> {
    Session::connect(is_demo, chosen, Some(policy)).await.map(|session| {
        let place = session.target().clone();
        let reader = session.client().once();
        let connection = Connection {
            place: of,
            session,
            reader,
            remembered: Mutex::default(),
            clusters: SeenNames::new(ListedNames::Clusters),
            snapshots: SeenNames::new(ListedNames::Snapshots),
        };
        *current.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(connection));
        place
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::fixtures::{account_id, intent, snapshot};

    #[test]
    fn of_two_requests_for_a_name_that_are_gone_the_later_one_is_expected_back() {
        let gone =
            ["later", "earlier"].map(|number| intent(number, "orders", "nightly", Timestamp::UNIX_EPOCH));
        let mut remembered = Remembered { gone: gone.to_vec(), ..Remembered::default() };
        let listed = snapshot("nightly", "orders", "available");
        let numbers = [(); 3].map(|()| remembered.back(&listed).map(|intent| intent.number));
        assert_eq!(numbers, [Some("later".to_owned()), Some("earlier".to_owned()), None]);
    }

    #[test]
    fn for_another_account_the_journal_is_read_anew_and_nothing_is_looked_up_twice() {
        let mut remembered = Remembered::default();
        remembered.looked_for.insert("1".to_owned());
        remembered.recovered.insert(Some(account_id("111111111111")));
        remembered.forget();
        assert!(remembered.recovered.is_empty() && remembered.looked_for.contains("1"));
    }
}
