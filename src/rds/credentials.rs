//! Whose requests they are: credentials, found within a time limit, kept until shortly before their
//! end, and never shown.
//!
//! They are resolved before a request is begun and not within it, so that a slow SSO refresh does not
//! use up the time of a create, and so that a failure to find any is told in its own words.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use aws_config::SdkConfig;
use aws_config::imds;
use aws_config::imds::client::error::ImdsError;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_smithy_runtime_api::client::result::ConnectorError;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::contain::contained;
use super::error::{chain, find};
use super::options::{CREDENTIALS, CREDENTIALS_MARGIN};
use super::place::keys;
use super::place::profiles::Profiles;
use super::place::variable;
use super::providers;
use crate::domain::failure::{Failure, FailureKind};

/// Keeps the credentials of a client; its clones share them.
#[derive(Clone)]
pub(super) struct Keeper(Arc<Inner>);

struct Inner {
    source: Source,
    latest: Mutex<Option<Latest>>,
}

/// Where credentials come from.
pub(super) enum Source {
    /// The environment, files and services of this machine.
    Machine(Box<Machine>),
    /// Given once and for all: the embedded simulator's, which checks none.
    Given(Credentials),
    /// Those that another keeper had at one moment, for all calls of one request.
    Pinned { credentials: Credentials, of: Keeper },
}

/// What is needed to look for credentials on this machine.
pub(super) struct Machine {
    /// For the SDK's own sources of credentials.
    pub(super) config: ProviderConfig,
    /// For the roles that are assumed from credentials of a `credential_process`.
    pub(super) roles: SdkConfig,
    pub(super) profiles: Profiles,
    pub(super) metadata: imds::Client,
}

/// The result of the latest search, and when it ended.
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
    pub(super) fn new(source: Source) -> Self {
        Self(Arc::new(Inner { source, latest: Mutex::new(None) }))
    }

    /// Makes sure that there are credentials. Requests that ask at the same time share one search and
    /// its result; later ones search again, also after a failure.
    pub(super) async fn ready(&self) -> Result<(), Failure> {
        self.current().await.map(|_| ())
    }

    /// A keeper of the credentials of this moment: of one request no call is made as somebody else.
    pub(super) async fn pinned(&self) -> Result<Self, Failure> {
        let credentials = self.current().await?;
        Ok(Self::new(Source::Pinned { credentials, of: self.root().clone() }))
    }

    /// Forgets the credentials, because the service does not accept them (any more). Pinned ones stay, but
    /// where they are from they are looked for anew.
    pub(super) async fn forget(&self) {
        *self.root().0.latest.lock().await = None;
    }

    /// The keeper that finds the credentials: where these are pinned, the one that they are of.
    fn root(&self) -> &Self {
        match &self.0.source {
            Source::Pinned { of, .. } => of,
            Source::Machine(_) | Source::Given(_) => self,
        }
    }

    /// Adds what to do about it to a failure for which new credentials are needed.
    pub(super) fn advise(&self, failure: Failure) -> Failure {
        let Source::Machine(machine) = &self.root().0.source else { return failure };
        match machine.profiles.renewal() {
            Some(command) if failure.kind == FailureKind::ExpiredCredentials => {
                let message = format!("{}; run: {command}", failure.message);
                Failure { message, ..failure }
            }
            _ => failure,
        }
    }

    async fn current(&self) -> Result<Credentials, Failure> {
        let machine = match &self.0.source {
            Source::Given(credentials) | Source::Pinned { credentials, .. } => return Ok(credentials.clone()),
            Source::Machine(machine) => machine,
        };
        let asked = Instant::now();
        let mut latest = self.0.latest.lock().await;
        let kept = match latest.as_ref() {
            Some(Latest { result: Ok(credentials), .. }) if lasts(credentials, CREDENTIALS_MARGIN) => {
                return Ok(credentials.clone());
            }
            Some(Latest { at, result: Err(failure) }) if *at >= asked => return Err(failure.clone()),
            Some(Latest { result: Ok(credentials), .. }) => Some(credentials.clone()),
            _ => None,
        };
        let result = machine.search().await;
        if let (Err(_), Some(kept)) = (&result, kept)
            && lasts(&kept, std::time::Duration::ZERO)
        {
            return Ok(kept);
        }
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
fn lasts(credentials: &Credentials, margin: std::time::Duration) -> bool {
    credentials.expiry().is_none_or(|end| end > SystemTime::now() + margin)
}

impl Machine {
    async fn search(&self) -> Result<Credentials, Failure> {
        match tokio::time::timeout(CREDENTIALS, contained(self.find())).await {
            Ok(Ok(found)) => found,
            Ok(Err(broken)) => Err(Failure::local(
                FailureKind::Broken,
                format!("while getting the credentials of {}: {broken}", self.profiles.describe()),
            )),
            Err(_) => Err(self.too_late()),
        }
    }

    /// Asks every place in turn. Everything is read anew, so that what was put right is found.
    async fn find(&self) -> Result<Credentials, Failure> {
        let profiles = self.profiles.again().await?;
        profiles.check_keys()?;
        let found = providers::ask(self, profiles).await.map_err(|error| self.explain(&error))?;
        self.sendable(&found)?;
        Ok(found)
    }

    /// Checks that credentials can be sent, naming where they are from.
    fn sendable(&self, credentials: &Credentials) -> Result<(), Failure> {
        let (id, secret) = (credentials.access_key_id(), credentials.secret_access_key());
        keys::check(id, secret, credentials.session_token()).map_err(|wrong| {
            let is_of_environment = variable("AWS_ACCESS_KEY_ID").is_some_and(|variable| variable == id);
            let origin = if is_of_environment {
                "the credentials in the environment".to_owned()
            } else {
                format!("the credentials of {}", self.profiles.describe())
            };
            Failure::local(FailureKind::Configuration, format!("{origin}: {wrong}"))
        })
    }

    fn explain(&self, error: &CredentialsError) -> Failure {
        if let Some(refused) = find::<Failure>(error) {
            return refused.clone();
        }
        let cause = chain(error);
        // The metadata service comes last: where it is asked, nothing else had any.
        let metadata_failed = find::<ImdsError>(error).is_some();
        if metadata_failed || matches!(error, CredentialsError::CredentialsNotLoaded(_)) {
            return self.none_found();
        }
        let describe = format!("{}: {cause}", self.profiles.describe());
        if find::<ConnectorError>(error).is_some() {
            return Failure::local(FailureKind::NoConnection, format!("while getting credentials: {cause}"));
        }
        if let Some(command) = self.profiles.renewal() {
            return Failure::local(FailureKind::ExpiredCredentials, format!("{describe}; run: {command}"));
        }
        let kind = if cause.contains("Expired") || cause.contains("expired") {
            FailureKind::ExpiredCredentials
        } else if cause.contains("AccessDenied") {
            FailureKind::AccessDenied
        } else {
            FailureKind::Configuration
        };
        Failure::local(kind, describe)
    }

    fn none_found(&self) -> Failure {
        let half = match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
            (Some(_), None) => "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not; ",
            (None, Some(_)) => "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not; ",
            _ => "",
        };
        let environment = if self.profiles.is_chosen {
            ""
        } else {
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, "
        };
        let advice = self.profiles.renewal().unwrap_or_else(|| "aws configure".to_owned());
        Failure::local(
            FailureKind::NoCredentials,
            format!(
                "{half}looked for {environment}{}, and the container and instance metadata services; run: \
                 {advice}, or name another profile with --profile",
                self.profiles.describe(),
            ),
        )
    }

    fn too_late(&self) -> Failure {
        let seconds = CREDENTIALS.as_secs();
        let who = match self.profiles.process() {
            Some(_) => format!("the credential_process of {}", self.profiles.describe()),
            None => format!("the places where credentials are looked for ({})", self.profiles.describe()),
        };
        Failure::local(
            FailureKind::NoCredentials,
            format!("{who} gave no answer within {seconds} s; if it asks something, run it in a shell first"),
        )
    }
}
