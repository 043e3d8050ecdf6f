//! Whose requests they are: credentials, found within a time limit, kept until shortly before their
//! end, and never shown.
//!
//! They are resolved before a request is begun and not within it, so that a slow SSO refresh does not
//! use up the time of a create, and so that a failure to find any is told in its own words.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::super::options::CREDENTIALS_MARGIN;
use super::machine::Machine;
use crate::domain::failure::{Failure, FailureKind};

/// Keeps the credentials of a client; its clones share them.
#[derive(Clone)]
pub(in super::super) struct Keeper(Arc<Inner>);

struct Inner {
    source: HeldCredentials,
    latest: Mutex<Option<Latest>>,
}

/// Where credentials come from.
pub(in super::super) enum HeldCredentials {
    /// The environment, files and services of this machine.
    Machine(Box<Machine>),
    /// Given once and for all: the embedded simulator's, which checks none.
    Given(Credentials),
    /// Those that another keeper had at one moment, for all calls of one request.
    Pinned { credentials: Credentials, of: Keeper },
}

/// How long what there is serves at least, after a search for what lasts longer: each attempt of a call asks for
/// credentials, and a search that hangs would take the time of them all.
const SERVES: Duration = Duration::from_mins(1);

/// What the latest search found, or could not replace, and when it ended.
struct Latest {
    at: Instant,
    result: Result<Credentials, Failure>,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeper(..)")
    }
}

impl Keeper {
    pub(in super::super) fn new(source: HeldCredentials) -> Self {
        Self(Arc::new(Inner { source, latest: Mutex::new(None) }))
    }

    /// Makes sure that there are credentials. Requests that ask at the same time share one search and
    /// its result; later ones search again, also after a failure.
    pub(in super::super) async fn ready(&self) -> Result<(), Failure> {
        self.current().await.map(|_| ())
    }

    /// A keeper of the credentials of this moment: of one request no call is made as somebody else.
    pub(in super::super) async fn pinned(&self) -> Result<Self, Failure> {
        let credentials = self.current().await?;
        Ok(Self::new(HeldCredentials::Pinned { credentials, of: self.root().clone() }))
    }

    /// Forgets the credentials, because the service does not accept them (any more). Pinned ones stay, but
    /// where they are from they are looked for anew.
    pub(in super::super) async fn forget(&self) {
        *self.root().0.latest.lock().await = None;
    }

    /// The keeper that finds the credentials: where these are pinned, the one that they are of.
    fn root(&self) -> &Self {
        match &self.0.source {
            HeldCredentials::Pinned { of, .. } => of,
            HeldCredentials::Machine(_) | HeldCredentials::Given(_) => self,
        }
    }

    /// Adds what to do about it to a failure for which new credentials are needed.
    pub(in super::super) fn advise(&self, failure: Failure) -> Failure {
        let HeldCredentials::Machine(machine) = &self.root().0.source else { return failure };
        match machine.renewal() {
            Some(command) if failure.kind == FailureKind::ExpiredCredentials => {
                failure.reworded(|words| format!("{words}; run: {command}"))
            }
            _ => failure,
        }
    }

    async fn current(&self) -> Result<Credentials, Failure> {
        let machine = match &self.0.source {
            HeldCredentials::Given(credentials) | HeldCredentials::Pinned { credentials, .. } => {
                return Ok(credentials.clone());
            }
            HeldCredentials::Machine(machine) => machine,
        };
        let asked = Instant::now();
        let mut latest = self.0.latest.lock().await;
        let kept = match latest.as_ref() {
            Some(Latest { at, result: Ok(credentials) })
                if lasts(credentials, CREDENTIALS_MARGIN)
                    || (lasts(credentials, Duration::ZERO) && at.elapsed() < SERVES) =>
            {
                return Ok(credentials.clone());
            }
            Some(Latest { at, result: Err(failure) }) if *at >= asked => return Err(failure.clone()),
            Some(Latest { result: Ok(credentials), .. }) => Some(credentials.clone()),
            _ => None,
        };
        let found = Box::pin(machine.search()).await;
        let result = found.or_else(|failure| kept.filter(|kept| lasts(kept, Duration::ZERO)).ok_or(failure));
        *latest = Some(Latest { at: Instant::now(), result: result.clone() });
        result
    }
}

impl ProvideCredentials for Keeper {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            self.current().await.map_err(CredentialsError::provider_error)
        })
    }
}

/// Whether credentials still last for a while.
fn lasts(credentials: &Credentials, margin: Duration) -> bool {
    credentials.expiry().is_none_or(|end| end > SystemTime::now() + margin)
}
