//! Where credentials come from, in words: found as for a request, with nothing asked and no secret named.

use super::super::environment::profiles::Profiles;
use super::plan::{AssumedRole, CredentialPlan, CredentialSource};
use crate::domain::account::{AccountId, Arn};
use crate::domain::failure::Failure;
use crate::domain::profile::Profile;

/// The place that the credentials of the profile in use come from, and the roles that are assumed with them.
///
/// # Errors
/// `Configuration` or `NoCredentials`: what stands there cannot be used.
pub(in super::super) fn described(profiles: &Profiles) -> Result<String, Failure> {
    let CredentialPlan { base, roles } = CredentialPlan::of(profiles)?;
    let (_, how) = words(&base.source);
    let assumed = |role: &AssumedRole| format!("; then the role {} (profile {})", role.arn, role.profile);
    let roles: String = roles.iter().map(assumed).collect();
    Ok(format!("{how}, from {}{roles}", base.origin))
}

/// The profiles of the files, each with where its credentials come from and what its account is, as far as the files
/// say it.
pub(in super::super) fn summaries(profiles: &Profiles) -> Vec<Profile> {
    profiles.names().map(|name| summary(&profiles.choose(name), name)).collect()
}

fn summary(profiles: &Profiles, name: &str) -> Profile {
    let region = profiles.get("region").map(str::to_owned);
    let (account, credentials) = match CredentialPlan::of(profiles) {
        Ok(plan) => (account(&plan), in_short(&plan)),
        Err(failure) => (None, format!("cannot be used: {}", failure.message)),
    };
    Profile { name: name.to_owned(), account, credentials, region, is_demo: false }
}

/// The account that the last credentials belong to, where an ARN or the profile names it.
fn account(plan: &CredentialPlan) -> Option<AccountId> {
    let of_arn = |arn: &str| Arn::reported(Some(arn))?.account;
    if let Some(role) = plan.roles.last() {
        return of_arn(&role.arn);
    }
    match &plan.base.source {
        CredentialSource::Sso(sso) => AccountId::reported(&sso.account),
        CredentialSource::WebIdentity(identity) => of_arn(&identity.role),
        CredentialSource::Login { arn, .. } => of_arn(arn),
        CredentialSource::Keys(_)
        | CredentialSource::Process(_)
        | CredentialSource::Container
        | CredentialSource::Instance => None,
    }
}

fn in_short(plan: &CredentialPlan) -> String {
    let (base, _) = words(&plan.base.source);
    let name = |role: &AssumedRole| role.arn.rsplit('/').next().unwrap_or_default().to_owned();
    plan.roles.iter().fold(base.to_owned(), |told, role| format!("{told}, role {}", name(role)))
}

/// How credentials are got: in short, and in full.
fn words(source: &CredentialSource) -> (&'static str, &'static str) {
    match source {
        CredentialSource::Keys(_) => ("keys", "keys"),
        CredentialSource::WebIdentity(_) => ("web identity", "a web identity token"),
        CredentialSource::Sso(_) => ("SSO", "IAM Identity Center (SSO)"),
        CredentialSource::Login { .. } => ("aws login", "a session of aws login"),
        CredentialSource::Process(_) => ("process", "a credential_process"),
        CredentialSource::Container => ("container", "a container's role"),
        CredentialSource::Instance => ("instance", "an instance's role"),
    }
}
