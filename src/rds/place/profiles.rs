//! The profiles of the configuration files, and the one in use.

use std::path::{Path, PathBuf};

use aws_config::profile::{Profile, ProfileFileLoadError, ProfileSet};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

use super::super::error::chain;
use super::{files, keys, variable};
use crate::domain::failure::{Failure, FailureKind};

/// How many profiles a `source_profile` is followed through.
const MAX_SOURCES: usize = 8;

/// The profiles of this machine and which of them is in use.
#[derive(Clone, Debug)]
pub(crate) struct Profiles {
    set: ProfileSet,
    files: [PathBuf; 2],
    /// What is in the files, for the SDK to read: it would read a file to its end, however far that is.
    contents: EnvConfigFiles,
    name: String,
    /// Whether it was chosen for this run, and so comes before credentials in the environment.
    pub(crate) is_chosen: bool,
}

impl Profiles {
    /// Reads the configuration and credentials files.
    ///
    /// # Errors
    /// `Configuration`: a file cannot be read or parsed, or has no profile of the name that was asked for.
    pub(crate) async fn read(chosen: Option<&str>) -> Result<Self, Failure> {
        let files =
            [file("AWS_CONFIG_FILE", ".aws/config"), file("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")];
        let [config, credentials] = &files;
        let contents = EnvConfigFiles::builder()
            .with_contents(EnvConfigFileKind::Config, text(EnvConfigFileKind::Config, config).await?)
            .with_contents(
                EnvConfigFileKind::Credentials,
                text(EnvConfigFileKind::Credentials, credentials).await?,
            )
            .build();
        let asked = chosen.map(|name| (name.to_owned(), "--profile"));
        let asked = asked.or_else(|| Some((variable("AWS_PROFILE")?, "AWS_PROFILE")));
        let name = asked.as_ref().map_or("default", |(name, _)| name).to_owned();
        let set = parsed(&contents, Some(name.clone()))
            .await
            .map_err(|error| Failure::local(FailureKind::Configuration, chain(&error)))?;
        let profiles = Self { set, files, contents, name, is_chosen: chosen.is_some() };
        match asked {
            Some((_, origin)) if profiles.set.get_profile(&profiles.name).is_none() => {
                Err(profiles.unknown(origin))
            }
            _ => Ok(profiles),
        }
    }

    /// Reads the same profile anew.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) async fn again(&self) -> Result<Self, Failure> {
        Self::read(self.is_chosen.then_some(self.name.as_str())).await
    }

    /// The contents of the files, for the SDK.
    pub(crate) fn contents(&self) -> EnvConfigFiles {
        self.contents.clone()
    }

    /// The name of the profile in use.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// A property of the profile in use, if it is set and not empty.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.set.get(key).filter(|value| !value.is_empty())
    }

    /// The profile in use and where it is looked for, in words.
    pub(crate) fn describe(&self) -> String {
        let [config, credentials] = &self.files;
        format!("profile {} of {} and {}", self.name, config.display(), credentials.display())
    }

    /// A profile of a name.
    pub(super) fn profile(&self, name: &str) -> Option<&Profile> {
        self.set.get_profile(name)
    }

    /// The profile in use and those that its credentials come from, each with its name; a circle ends.
    pub(super) fn chain(&self) -> impl Iterator<Item = (&str, &Profile)> {
        let first = self.set.get_profile(&self.name).map(|profile| (self.name.as_str(), profile));
        std::iter::successors(first, |(_, profile)| {
            let name = profile.get("source_profile")?;
            Some((name, self.set.get_profile(name)?))
        })
        .take(MAX_SOURCES)
    }

    /// Checks the keys in the files that credentials are made from: the SDK sends those of a source profile
    /// without handing them out.
    ///
    /// # Errors
    /// `Configuration`: some cannot be sent.
    pub(crate) fn check_keys(&self) -> Result<(), Failure> {
        for (name, profile) in self.chain() {
            let key = |key: &str| profile.get(key).unwrap_or_default();
            keys::check(
                key("aws_access_key_id"),
                key("aws_secret_access_key"),
                profile.get("aws_session_token"),
            )
            .map_err(|wrong| {
                let [config, credentials] = &self.files;
                let (config, credentials) = (config.display(), credentials.display());
                let message = format!("profile {name} of {config} and {credentials}: {wrong}");
                Failure::local(FailureKind::Configuration, message)
            })?;
        }
        Ok(())
    }

    /// The command that renews what the profile's credentials are made from, if there is one.
    pub(crate) fn renewal(&self) -> Option<String> {
        self.chain().find_map(|(name, profile)| {
            let is_sso = profile.get("sso_session").is_some() || profile.get("sso_start_url").is_some();
            let login = || profile.get("login_session").map(|_| "aws login");
            let command = is_sso.then_some("aws sso login").or_else(login)?;
            Some(format!("{command} --profile {}", quoted(name)))
        })
    }

    /// Why the profile cannot be used by this program, if it cannot: the SDK for Rust does not ask for
    /// the code of an MFA device (aws-sdk-rust#527), and would fail with an unhelpful `AccessDenied`.
    pub(crate) fn needs_code(&self) -> Option<Failure> {
        // As the SDK does: a role is assumed from its source, and a source with keys of its own needs none.
        let mut own = self.chain().enumerate().take_while(|(at, (_, profile))| {
            profile.get("role_arn").is_some() && (*at == 0 || profile.get("aws_access_key_id").is_none())
        });
        let asks = |(_, (name, profile)): (usize, (&'_ str, &'_ Profile))| {
            Some((name.to_owned(), profile.get("mfa_serial")?.to_owned()))
        };
        let (asking, device) = own.find_map(asks)?;
        let name = quoted(&self.name);
        let by =
            if asking == self.name { String::new() } else { format!(", by its source_profile {asking},") };
        Some(Failure::local(
            FailureKind::Configuration,
            format!(
                "profile {} asks{by} for a code of the MFA device {device}, which this program cannot ask for; get \
                 temporary credentials first, with: eval \"$(aws configure export-credentials --profile {name} \
                 --format env)\", then start again without --profile",
                self.name,
            ),
        ))
    }

    fn unknown(&self, origin: &str) -> Failure {
        let mut known: Vec<&str> = self.set.profiles().collect();
        known.sort_unstable();
        let known = if known.is_empty() {
            "there are no profiles in them".to_owned()
        } else {
            format!("the profiles in them are: {}", known.join(", "))
        };
        let [config, credentials] = &self.files;
        Failure::local(
            FailureKind::Configuration,
            format!(
                "there is no profile '{}' ({origin}) in {} or {}; {known}",
                self.name,
                config.display(),
                credentials.display(),
            ),
        )
    }
}

/// The path of a configuration file: as the environment says, or in the home folder.
fn file(name: &str, default: &str) -> PathBuf {
    let home = || PathBuf::from(variable("HOME").unwrap_or_else(|| "~".to_owned()));
    match variable(name) {
        None => home().join(default),
        Some(path) => match path.strip_prefix("~/") {
            Some(rest) => home().join(rest),
            None => PathBuf::from(path),
        },
    }
}

/// Reads a configuration file, which is an empty one where there is none, and checks that it can be parsed. The
/// SDK takes one that cannot be read or is not UTF-8 for an empty one, too, and does not name one that it cannot
/// parse.
async fn text(kind: EnvConfigFileKind, path: &Path) -> Result<String, Failure> {
    let refuse =
        |why: String| Err(Failure::local(FailureKind::Configuration, format!("{} {why}", path.display())));
    let file = path.to_owned();
    let bytes = tokio::task::spawn_blocking(move || files::read(&file)).await;
    let bytes = match bytes.unwrap_or_else(|ended| Err(std::io::Error::other(ended))) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(String::new()),
        Err(error) => return refuse(format!("cannot be read: {error}")),
    };
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.as_bytes().iter().take(error.utf8_error().valid_up_to());
            let line = valid.filter(|byte| **byte == b'\n').count() + 1;
            return refuse(format!("is not UTF-8 text, from line {line}"));
        }
    };
    match parsed(&EnvConfigFiles::builder().with_contents(kind, &*text).build(), None).await {
        Ok(_) => Ok(text),
        Err(error) => refuse(format!("cannot be used: {}", chain(&error))),
    }
}

async fn parsed(contents: &EnvConfigFiles, name: Option<String>) -> Result<ProfileSet, ProfileFileLoadError> {
    aws_config::profile::load(&Fs::real(), &Env::real(), contents, name.map(Into::into)).await
}

/// A profile's name as a shell takes it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/@+".contains(c);
    if !name.is_empty() && name.chars().all(plain) {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profiles_name_is_quoted_for_a_shell_only_where_it_must_be() {
        assert_eq!(quoted("prod-eu"), "prod-eu");
        assert_eq!(quoted("my prod"), "'my prod'");
        assert_eq!(quoted("a'b"), r"'a'\''b'");
    }
}
