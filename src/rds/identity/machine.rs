//! Carries a plan out: the first credentials, then the roles that are assumed from them.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use jiff::Timestamp;

use super::super::contain::contained;
use super::super::environment::keys;
use super::super::environment::metadata::Metadata;
use super::super::environment::profiles::Profiles;
use super::super::environment::variable;
use super::super::options::CREDENTIALS;
use super::super::sdk;
use super::code::MfaCode;
use super::plan::{AssumedRole, Base, CredentialPlan, CredentialSource};
use super::{cache, login, process, services, sso, sts, while_getting};
use crate::domain::command::quote;
use crate::domain::failure::{Failure, FailureKind};

/// What is needed to look for credentials on this machine.
pub(in super::super) struct Machine {
    pub(in super::super) http: SharedHttpClient,
    /// The Region that STS is asked in.
    pub(in super::super) region: String,
    pub(in super::super) profiles: Profiles,
    pub(in super::super) metadata: Metadata,
    pub(in super::super) mfa: MfaCode,
}

/// Whether the profile in use is who asks, so that whoever names it asks as the same. The credentials of the environment
/// come before a profile that a variable names, and not before one that is chosen.
pub(in super::super) fn is_who_asks(profiles: &Profiles) -> bool {
    profiles.is_chosen
        || CredentialPlan::of(profiles) == CredentialPlan::of(&profiles.choose(profiles.name()))
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
        let step = Step::default();
        match tokio::time::timeout(CREDENTIALS, contained(self.find(&step))).await {
            Ok(Ok(found)) => found,
            Ok(Err(broken)) => Err(Failure::local(
                FailureKind::Broken,
                format!("while getting the credentials of {}: {broken}", self.profiles.describe()),
            )),
            Err(_) => Err(step.too_late()),
        }
    }

    async fn find(&self, step: &Step) -> Result<Credentials, Failure> {
        step.note(&self.profiles.describe(), WaitsFor::Files);
        let profiles = self.profiles.again().await?;
        let plan = CredentialPlan::of(&profiles)?;
        let (kept, roles) = start(&plan.roles);
        let mut credentials = match kept {
            Some(session) => session,
            None => self.first(&profiles, &plan, step).await?,
        };
        usable(&credentials, &plan.base.origin)?;
        for role in roles {
            let of = role.step();
            step.note(&of, WaitsFor::Service);
            let config = sdk::of_service(&self.http, &profiles, "sts", &self.region)?;
            credentials = sts::assume(&config, credentials, role, &self.mfa).await?;
            usable(&credentials, &of)?;
        }
        Ok(credentials)
    }

    /// Gets the first credentials.
    async fn first(
        &self,
        profiles: &Profiles,
        plan: &CredentialPlan,
        step: &Step,
    ) -> Result<Credentials, Failure> {
        let Base { source, origin } = &plan.base;
        let is_process = matches!(source, CredentialSource::Process(_));
        step.note(origin, if is_process { WaitsFor::Process } else { WaitsFor::Service });
        let service = |name, region: &str| sdk::of_service(&self.http, profiles, name, region);
        match source {
            CredentialSource::Keys(keys) => Ok(keys.clone()),
            CredentialSource::WebIdentity(identity) => {
                sts::exchange(&service("sts", &self.region)?, identity, origin).await
            }
            CredentialSource::Sso(login) => {
                let (oidc, portal) = (service("sso_oidc", &login.region)?, service("sso", &login.region)?);
                sso::credentials(&oidc, &portal, login, origin).await
            }
            CredentialSource::Login { arn, profile } => {
                let signin = |region: Option<&str>| service("signin", region.unwrap_or(&self.region));
                login::credentials(signin, arn, (origin, profile)).await
            }
            CredentialSource::Process(words) => process::run(words)
                .await
                .map_err(|error| Failure::local(FailureKind::Configuration, format!("{origin}: {error}"))),
            CredentialSource::Container => services::container(&self.http, origin).await,
            CredentialSource::Instance => {
                services::instance(&self.metadata).await.map_err(|failure| match plan.roles.first() {
                    Some(role) => while_getting(&role.step(), while_getting(origin, failure)),
                    None => self.none_found(&failure.message),
                })
            }
        }
    }

    /// The command that renews what the credentials are made from, if there is one.
    pub(super) fn renewal(&self) -> Option<String> {
        match CredentialPlan::of(&self.profiles).ok()?.base.source {
            CredentialSource::Sso(login) => Some(login.login_command()),
            CredentialSource::Login { profile, .. } => Some(login::login_command(&profile)),
            _ => None,
        }
    }

    /// `why` is what the metadata service answered.
    fn none_found(&self, why: &str) -> Failure {
        let half = match (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
            (None, Some(_)) => "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not; ",
            _ => "",
        };
        let (environment, named) = if self.profiles.is_chosen {
            ("", format!(" --profile {}", quote(self.profiles.name())))
        } else {
            ("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, ", String::new())
        };
        let message = format!(
            "{half}looked for {environment}{}, and the container and instance metadata services ({why}); run: aws \
             configure{named}, or name another profile with --profile",
            self.profiles.describe(),
        );
        Failure::local(FailureKind::NoCredentials, message)
    }
}

/// What is waited for while credentials are looked for.
#[derive(Default)]
struct Step(Mutex<Option<(String, WaitsFor)>>);

#[derive(Clone, Copy)]
enum WaitsFor {
    Files,
    Process,
    Service,
}

impl Step {
    fn note(&self, of: &str, waiting: WaitsFor) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((of.to_owned(), waiting));
    }

    /// That it took too long.
    fn too_late(&self) -> Failure {
        let seconds = CREDENTIALS.as_secs();
        let step = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (kind, message) = match step {
            Some((of, WaitsFor::Service)) => (
                FailureKind::LostAnswer,
                format!("{of}: no answer within the {seconds} s for all credentials"),
            ),
            Some((of, WaitsFor::Process)) => (
                FailureKind::NoCredentials,
                format!(
                    "the credential_process of {of} gave no answer within {seconds} s; if it asks something, run it \
                     in a shell first"
                ),
            ),
            Some((of, WaitsFor::Files)) => {
                (FailureKind::Configuration, format!("{of}: not read within {seconds} s"))
            }
            None => (FailureKind::Configuration, format!("nothing was read within {seconds} s")),
        };
        Failure::local(kind, message)
    }
}

/// Checks that credentials can be sent and have not ended, naming where they are from.
fn usable(credentials: &Credentials, origin: &str) -> Result<(), Failure> {
    let (id, secret) = (credentials.access_key_id(), credentials.secret_access_key());
    keys::check(id, secret, credentials.session_token())
        .map_err(|wrong| Failure::local(FailureKind::Configuration, format!("{origin}: {wrong}")))?;
    match credentials.expiry() {
        Some(end) if end <= SystemTime::now() => {
            let end = Timestamp::try_from(end).map(|end| format!(", at {end}")).unwrap_or_default();
            let message = format!("{origin}: the credentials given have ended{end}");
            Err(Failure::local(FailureKind::ExpiredCredentials, message))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_waited_for_too_long_is_named() {
        for (waiting, kind, words) in [
            (WaitsFor::Service, FailureKind::LostAnswer, "a: no answer within the 30 s for all credentials"),
            (
                WaitsFor::Process,
                FailureKind::NoCredentials,
                "the credential_process of a gave no answer within 30 s",
            ),
            (WaitsFor::Files, FailureKind::Configuration, "a: not read within 30 s"),
        ] {
            let step = Step::default();
            step.note("the first", WaitsFor::Files);
            step.note("a", waiting);
            let failure = step.too_late();
            assert_eq!(failure.kind, kind);
            assert!(failure.message.starts_with(words), "{}", failure.message);
        }
    }
}
