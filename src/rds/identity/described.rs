//! Where credentials come from, in words: found as for a request, with nothing asked and no secret named.

use super::super::environment::profiles::Profiles;
use super::plan::{Plan, Role, Source};
use crate::domain::failure::Failure;

/// The place that the credentials of the profile in use come from, and the roles that are assumed with them; `None` if
/// there is none.
///
/// # Errors
/// `Configuration` or `NoCredentials`: what stands there cannot be used.
pub(in super::super) fn described(profiles: &Profiles) -> Result<Option<String>, Failure> {
    let Some(Plan { base, roles }) = Plan::of(profiles)? else { return Ok(None) };
    let how = match &base.source {
        Source::Keys(_) => "keys",
        Source::WebIdentity(_) => "a web identity token",
        Source::Sso(_) => "IAM Identity Center (SSO)",
        Source::Login { .. } => "a session of aws login",
        Source::Process(_) => "a credential_process",
        Source::Container => "a container's role",
        Source::Instance => "an instance's role",
    };
    let assumed = |role: &Role| format!("; then the role {} (profile {})", role.arn, role.profile);
    let roles: String = roles.iter().map(assumed).collect();
    Ok(Some(format!("{how}, from {}{roles}", base.origin)))
}
