//! Carries a plan out: the first credentials, then the roles that are assumed from them.

use aws_config::imds;
use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::super::contain::contained;
use super::super::environment::keys;
use super::super::environment::profiles::Profiles;
use super::super::environment::variable;
use super::super::options::CREDENTIALS;
use super::super::sdk;
use super::code::MfaCode;
use super::plan::{AssumedRole, Base, CredentialPlan, CredentialSource};
use super::process::{self, ProcessError};
use super::{cache, services, sso, sts};
use crate::domain::failure::{Failure, FailureKind};

/// What is needed to look for credentials on this machine.
pub(in super::super) struct Machine {
    pub(in super::super) http: SharedHttpClient,
    /// The Region that STS is asked in.
    pub(in super::super) region: String,
    pub(in super::super) profiles: Profiles,
    pub(in super::super) metadata: imds::Client,
    pub(in super::super) mfa: MfaCode,
}

/// Whether the keys of the environment are used as they are.
pub(in super::super) fn is_of_environment(profiles: &Profiles) -> bool {
    !profiles.is_chosen && variable("AWS_ACCESS_KEY_ID").is_some()
}

/// The role that asks for a code of an MFA device which was not given, with the device.
fn asking(profiles: &Profiles, mfa: &MfaCode) -> Option<(AssumedRole, String)> {
    let roles = CredentialPlan::roles(profiles);
    let (_, roles) = start(&roles);
    let asking = roles.iter().find_map(|role| Some((role.clone(), role.mfa_serial.clone()?)));
    asking.filter(|_| !mfa.is_given())
}

/// Checks that no code of an MFA device is needed that was not given.
///
/// # Errors
/// Which profile asks for a code of which device. Anything else that is wrong shows when credentials are needed.
pub(in super::super) fn check_code(profiles: &Profiles, mfa: &MfaCode) -> Result<(), Failure> {
    match asking(profiles, mfa) {
        Some((role, serial)) => Err(sts::needs_code(profiles.name(), &role, &serial)),
        None => Ok(()),
    }
}

/// The MFA device that a code is to be asked of, if one is needed.
pub(in super::super) fn device(profiles: &Profiles, mfa: &MfaCode) -> Option<String> {
    asking(profiles, mfa).map(|(_, serial)| serial)
}

/// Where to begin: with a session that the AWS command line keeps, and the roles after it, or with all of them.
fn start(roles: &[AssumedRole]) -> (Option<Credentials>, &[AssumedRole]) {
    let kept = |(at, role)| Some((cache::of_role(role)?, at));
    match roles.iter().enumerate().rev().find_map(kept) {
        Some((session, at)) => (Some(session), &roles[at + 1..]),
        None => (None, roles),
    }
}

impl Machine {
    /// Gets credentials. Everything is read anew, so that what was put right is found.
    ///
    /// # Errors
    /// Why there are none, within a time limit.
    pub(super) async fn search(&self) -> Result<Credentials, Failure> {
        match tokio::time::timeout(CREDENTIALS, contained(self.find())).await {
            Ok(Ok(found)) => found,
            Ok(Err(broken)) => Err(Failure::local(
                FailureKind::Broken,
                format!("while getting the credentials of {}: {broken}", self.profiles.describe()),
            )),
            Err(_) => Err(self.too_late()),
        }
    }

    async fn find(&self) -> Result<Credentials, Failure> {
        let profiles = self.profiles.again().await?;
        let plan = CredentialPlan::of(&profiles)?.ok_or_else(|| self.none_found())?;
        let (kept, roles) = start(&plan.roles);
        let mut credentials = match kept {
            Some(session) => session,
            None => self.first(&profiles, &plan.base).await?,
        };
        sendable(&credentials, &plan.base.origin)?;
        for role in roles {
            let config = sdk::of_service(&self.http, &profiles, "sts", &self.region)?;
            credentials = sts::assume(&config, credentials, role, &self.mfa).await?;
        }
        Ok(credentials)
    }

    /// Gets the first credentials.
    async fn first(&self, profiles: &Profiles, base: &Base) -> Result<Credentials, Failure> {
        let Base { source, origin } = base;
        match source {
            CredentialSource::Keys(keys) => current(keys, origin),
            CredentialSource::WebIdentity(identity) => {
                let config = sdk::of_service(&self.http, profiles, "sts", &self.region)?;
                sts::exchange(&config, identity, origin).await
            }
            CredentialSource::Sso(login) => {
                let oidc = sdk::of_service(&self.http, profiles, "sso_oidc", &login.region)?;
                let portal = sdk::of_service(&self.http, profiles, "sso", &login.region)?;
                sso::credentials(&oidc, &portal, login, origin).await
            }
            CredentialSource::Login { arn, profile } => {
                services::console(&self.http, &self.region, arn, (origin, profile)).await
            }
            CredentialSource::Process(words) => {
                process::run(words).await.map_err(|error| of_process(origin, &error))
            }
            CredentialSource::Container => services::container(&self.http, origin).await,
            CredentialSource::Instance => {
                let found = services::instance(&sdk::providers(&self.http), &self.metadata, origin).await?;
                found.ok_or_else(|| self.none_found())
            }
        }
    }

    /// The command that renews what the credentials are made from, if there is one.
    pub(super) fn renewal(&self) -> Option<String> {
        match CredentialPlan::of(&self.profiles).ok()??.base.source {
            CredentialSource::Sso(login) => Some(login.login_command()),
            CredentialSource::Login { profile, .. } => Some(services::login_command(&profile)),
            _ => None,
        }
    }

    fn none_found(&self) -> Failure {
        let half = match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
            (None, Some(_)) => "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not; ",
            _ => "",
        };
        let environment = if self.profiles.is_chosen {
            ""
        } else {
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, "
        };
        let message = format!(
            "{half}looked for {environment}{}, and the container and instance metadata services; run: aws configure, \
             or name another profile with --profile",
            self.profiles.describe(),
        );
        Failure::local(FailureKind::NoCredentials, message)
    }

    fn too_late(&self) -> Failure {
        let plan = CredentialPlan::of(&self.profiles).ok().flatten();
        let who = match plan.map(|plan| plan.base) {
            Some(Base { source: CredentialSource::Process(_), origin }) => {
                format!("the credential_process of {origin}")
            }
            _ => format!("the places where credentials are looked for ({})", self.profiles.describe()),
        };
        let seconds = CREDENTIALS.as_secs();
        Failure::local(
            FailureKind::NoCredentials,
            format!("{who} gave no answer within {seconds} s; if it asks something, run it in a shell first"),
        )
    }
}

/// Keys that stand somewhere, unless they say that they have ended.
fn current(keys: &Credentials, origin: &str) -> Result<Credentials, Failure> {
    match keys.expiry() {
        Some(end) if end <= std::time::SystemTime::now() => {
            let message = format!("{origin}: they have ended by their own word");
            Err(Failure::local(FailureKind::ExpiredCredentials, message))
        }
        _ => Ok(keys.clone()),
    }
}

fn of_process(origin: &str, error: &ProcessError) -> Failure {
    let kind = match error {
        ProcessError::Expired(_) => FailureKind::ExpiredCredentials,
        _ => FailureKind::Configuration,
    };
    Failure::local(kind, format!("{origin}: {error}"))
}

/// Checks that credentials can be sent, naming where they are from.
fn sendable(credentials: &Credentials, origin: &str) -> Result<(), Failure> {
    let (id, secret) = (credentials.access_key_id(), credentials.secret_access_key());
    keys::check(id, secret, credentials.session_token())
        .map_err(|wrong| Failure::local(FailureKind::Configuration, format!("{origin}: {wrong}")))
}
