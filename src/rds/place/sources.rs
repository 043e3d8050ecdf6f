//! What a profile's credentials come from, as far as this program has to know it: whether from a
//! `credential_process`, and by way of which roles; and which files the SDK reads for them.

use std::path::{Path, PathBuf};

use aws_config::profile::Profile;

use super::profiles::Profiles;
use super::{files, variable};
use crate::domain::failure::{Failure, FailureKind};

/// A `credential_process`, and the roles that are assumed from its credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    /// The command.
    pub(crate) command: String,
    /// The roles, the first to be assumed first.
    pub(crate) roles: Vec<Role>,
}

/// A role to assume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) arn: String,
    pub(crate) external_id: Option<String>,
    pub(crate) session_name: Option<String>,
}

impl Profiles {
    /// The `credential_process` that the credentials of the profile in use come from, if they do. As the SDK
    /// follows it: a role's source with keys of its own ends the chain, and so do the other sources that come
    /// before a process.
    pub(crate) fn process(&self) -> Option<Process> {
        let mut roles = Vec::new();
        let mut visited = Vec::new();
        let mut name = self.name();
        loop {
            let profile = self.profile(name)?;
            let has_keys = profile.get("aws_access_key_id").is_some();
            if visited.contains(&name) || !visited.is_empty() && has_keys {
                return None;
            }
            visited.push(name);
            let source = match role(profile) {
                Some(role) => {
                    roles.push(role);
                    profile.get("source_profile")?
                }
                None => name,
            };
            if source == name {
                roles.reverse();
                return command(profile).map(|command| Process { command, roles });
            }
            name = source;
        }
    }

    /// Checks the size of the files that the SDK reads for a profile's credentials: a token for a role, and what
    /// a login to SSO or the console left.
    ///
    /// # Errors
    /// `Configuration`: one of them is no ordinary file, or too large.
    pub(crate) fn check_token_files(&self) -> Result<(), Failure> {
        for (_, profile) in self.chain() {
            if let Some(path) = profile.get("web_identity_token_file") {
                check_token_file("web_identity_token_file", Path::new(path))?;
            }
        }
        let home = PathBuf::from(variable("HOME").unwrap_or_default());
        for folder in [".aws/sso/cache", ".aws/login/cache"] {
            files::check_folder(&home.join(folder))
                .map_err(|(path, error)| refused("the login's token", &path, &error))?;
        }
        Ok(())
    }
}

/// Checks the size of a file that the SDK reads a token from.
///
/// # Errors
/// `Configuration`: it is no ordinary file, or too large.
pub(crate) fn check_token_file(origin: &str, path: &Path) -> Result<(), Failure> {
    files::check(path).map_err(|error| refused(origin, path, &error))
}

fn refused(origin: &str, path: &Path, error: &std::io::Error) -> Failure {
    let message = format!("{origin} names {}: {error}", path.display());
    Failure::local(FailureKind::Configuration, message)
}

/// The role that a profile assumes with the credentials of another.
fn role(profile: &Profile) -> Option<Role> {
    let get = |key: &str| profile.get(key).map(str::to_owned);
    if profile.get("web_identity_token_file").is_some() {
        return None;
    }
    Some(Role {
        arn: get("role_arn")?,
        external_id: get("external_id"),
        session_name: get("role_session_name"),
    })
}

/// The command, where nothing that the SDK asks first stands beside it.
fn command(profile: &Profile) -> Option<String> {
    const BEFORE: [&str; 8] = [
        "credential_source",
        "web_identity_token_file",
        "sso_account_id",
        "sso_region",
        "sso_role_name",
        "sso_start_url",
        "sso_session",
        "login_session",
    ];
    let is_asked_first = BEFORE.iter().any(|key| profile.get(key).is_some());
    profile.get("credential_process").filter(|_| !is_asked_first).map(str::to_owned)
}
