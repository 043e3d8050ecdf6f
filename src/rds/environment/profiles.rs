//! The profiles of the configuration files, and the one in use.
//!
//! They are what botocore makes of the files: in the configuration file the names of sections are split as a shell
//! would, in the credentials file they are taken as they are; of two sections of one profile the later one holds; and
//! the credentials file's keys come before the other's.

use std::collections::BTreeMap;
use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ini::{self, Double, Ini, IniValue, Section};
use super::{blocking, expand, files, order, set_to, shlex};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::text::line_of;

/// The profiles of this machine and which of them is in use.
#[derive(Clone)]
pub(crate) struct Profiles {
    config: File,
    credentials: File,
    /// Shared by the profiles that are looked at one after the other.
    sections: Arc<Sections>,
    /// The name that was asked for, or `default`.
    name: String,
    /// Whether any name was asked for.
    is_asked: bool,
    /// Whether it was chosen for this run, and so comes before credentials in the environment.
    pub(crate) is_chosen: bool,
}

/// What stands in both files, by kind and name.
#[derive(Default)]
struct Sections {
    by_name: BTreeMap<String, ProfileKeys>,
    sso_sessions: BTreeMap<String, Section>,
    services: BTreeMap<String, Section>,
}

/// One of the two files.
#[derive(Clone, Debug, Default)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    /// Whether it is there and was read.
    pub(crate) is_read: bool,
    /// Why it was left out, if it was: the AWS command line goes on without a file that it cannot open.
    pub(crate) unread: Option<String>,
}

/// What both files say of a profile.
#[derive(Clone, Default)]
pub(crate) struct ProfileKeys {
    pub(crate) config: Option<Section>,
    pub(crate) credentials: Option<Section>,
}

impl fmt::Debug for Profiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profiles(..)")
    }
}

impl Profiles {
    /// Reads the configuration and credentials files, and finds the profile in use.
    ///
    /// # Errors
    /// `Configuration`: a file is none of its grammar, or has no profile of the name that was asked for.
    pub(crate) async fn read(chosen: Option<&str>) -> Result<Self, Failure> {
        let chosen = chosen.filter(|name| !name.is_empty()).map(str::to_owned);
        blocking(move || Self::read_now(chosen)).await
    }

    /// Reads every profile, also where none has the name that was asked for.
    ///
    /// # Errors
    /// `Configuration`: a file is none of its grammar.
    pub(crate) async fn all() -> Result<Self, Failure> {
        blocking(|| Self::read_files(None)).await
    }

    /// The names of the profiles, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.sections.by_name.keys().map(String::as_str)
    }

    /// The same files, with another profile in use as if it had been chosen for this run.
    pub(crate) fn choose(&self, name: &str) -> Self {
        Self { name: name.to_owned(), is_asked: true, is_chosen: true, ..self.clone() }
    }

    /// Reads the same profile anew.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) async fn again(&self) -> Result<Self, Failure> {
        Self::read(self.is_chosen.then_some(self.name.as_str())).await
    }

    fn read_now(chosen: Option<String>) -> Result<Self, Failure> {
        let asked = chosen.clone().map(|name| (name, "--profile")).or_else(of_environment);
        let profiles = Self::read_files(chosen)?;
        match asked {
            Some((_, origin)) if !profiles.sections.by_name.contains_key(&profiles.name) => {
                Err(profiles.unknown(origin))
            }
            _ => Ok(profiles),
        }
    }

    fn read_files(chosen: Option<String>) -> Result<Self, Failure> {
        let is_chosen = chosen.is_some();
        let asked = chosen.or_else(|| of_environment().map(|(name, _)| name));
        let (config, config_text) = file("AWS_CONFIG_FILE", "~/.aws/config")?;
        let (credentials, credentials_text) = file("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")?;
        let name = asked.as_deref().unwrap_or("default").to_owned();
        let sections = Arc::new(Sections::of(config_text, credentials_text));
        Ok(Self { config, credentials, sections, name, is_asked: asked.is_some(), is_chosen })
    }

    /// The name of the profile in use.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The name of the profile in use, if one was asked for.
    pub(crate) fn asked_for(&self) -> Option<&str> {
        self.is_asked.then_some(self.name.as_str())
    }

    /// A property of the profile in use.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.profile(&self.name)?.get(key)
    }

    /// What a variable says, even if that is nothing, else a property of the profile in use.
    pub(crate) fn setting(&self, name: &str, key: &str) -> Option<String> {
        set_to(name).or_else(|| self.get(key).map(str::to_owned))
    }

    /// A switch of the environment or the profile in use; everything but `true` is off.
    pub(crate) fn is_on(&self, name: &str, key: &str) -> bool {
        self.setting(name, key).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A profile of a name.
    pub(crate) fn profile(&self, name: &str) -> Option<&ProfileKeys> {
        self.sections.by_name.get(name)
    }

    /// A profile of a name, with the name as it is kept here.
    pub(crate) fn entry(&self, name: &str) -> Option<(&str, &ProfileKeys)> {
        self.sections.by_name.get_key_value(name).map(|(name, profile)| (name.as_str(), profile))
    }

    /// An `[sso-session NAME]` of the configuration file.
    pub(crate) fn sso_session(&self, name: &str) -> Option<&Section> {
        self.sections.sso_sessions.get(name)
    }

    /// A `[services NAME]` of the configuration file.
    pub(crate) fn services(&self, name: &str) -> Option<&Section> {
        self.sections.services.get(name)
    }

    /// The profile in use and where it is looked for, in words.
    pub(crate) fn describe(&self) -> String {
        self.describe_of(&self.name)
    }

    /// A profile and where it is looked for, in words.
    pub(crate) fn describe_of(&self, name: &str) -> String {
        format!(
            "profile {name} of {} and {}{}",
            self.config.path.display(),
            self.credentials.path.display(),
            self.unread()
        )
    }

    /// The two files, each with its section of a profile.
    pub(crate) fn sides(&self, name: &str) -> [(&File, Option<&Section>); 2] {
        let profile = self.profile(name);
        [
            (&self.config, profile.and_then(|profile| profile.config.as_ref())),
            (&self.credentials, profile.and_then(|profile| profile.credentials.as_ref())),
        ]
    }

    /// Where the configuration file is.
    pub(crate) fn config_path(&self) -> &Path {
        &self.config.path
    }

    /// Checks that a profile, and what it names, stands once in each file. What stands there twice is no trouble for
    /// whoever does without it.
    ///
    /// # Errors
    /// `Configuration`, with file and line.
    pub(crate) fn check_single(&self, name: &str) -> Result<(), Failure> {
        let named = |key| self.profile(name).and_then(|profile| profile.get(key));
        let sections = self.sides(name).into_iter().chain([
            (&self.config, named("sso_session").and_then(|name| self.sso_session(name))),
            (&self.config, named("services").and_then(|name| self.services(name))),
        ]);
        let doubles = sections.into_iter().find_map(|(file, section)| {
            let double: &Double = section?.double.as_ref()?;
            Some(format!("{}, {double}", file.path.display()))
        });
        match doubles {
            Some(message) => Err(Failure::local(FailureKind::Configuration, message)),
            None => Ok(()),
        }
    }

    /// The files that could not be read, in words.
    fn unread(&self) -> String {
        let told =
            |file: &File| Some(format!("; {} was left out: {}", file.path.display(), file.unread.as_ref()?));
        [&self.config, &self.credentials].into_iter().filter_map(told).collect()
    }

    fn unknown(&self, origin: &str) -> Failure {
        let known: Vec<&str> = self.names().collect();
        let known = if known.is_empty() {
            "there are no profiles in them".to_owned()
        } else {
            format!("the profiles in them are: {}", known.join(", "))
        };
        let message = format!(
            "there is no profile '{}' ({origin}) in {} or {}; {known}{}",
            self.name,
            self.config.path.display(),
            self.credentials.path.display(),
            self.unread(),
        );
        Failure::local(FailureKind::Configuration, message)
    }
}

impl Sections {
    /// Sorts the sections of both files by their kinds.
    fn of(config: Ini, credentials: Ini) -> Self {
        let mut sections = Self::default();
        for section in config.sections {
            let second = || {
                let mut words = shlex::split(&section.name)?;
                (words.len() == 2).then(|| words.remove(1))
            };
            if section.name == "default" {
                sections.by_name.entry("default".to_owned()).or_default().config = Some(section);
            } else if section.name.starts_with("profile") {
                if let Some(name) = second() {
                    sections.by_name.entry(name).or_default().config = Some(section);
                }
            } else if section.name.starts_with("sso-session") {
                sections.sso_sessions.extend(second().map(|name| (name, section)));
            } else if section.name.starts_with("services") {
                sections.services.extend(second().map(|name| (name, section)));
            }
        }
        for section in credentials.sections {
            let name = section.name.clone();
            sections.by_name.entry(name).or_default().credentials = Some(section);
        }
        sections
    }
}

impl ProfileKeys {
    /// A property; that of the credentials file comes first.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        [&self.credentials, &self.config].into_iter().flatten().find_map(|section| section.text(key))
    }

    /// Whether it has a key of that name, whatever its value.
    pub(crate) fn has(&self, key: &str) -> bool {
        [&self.credentials, &self.config].into_iter().flatten().any(|section| section.get(key).is_some())
    }
}

impl Section {
    /// The value of a key, if it is text.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            IniValue::Text(text) => Some(text),
            IniValue::Block(_) => None,
        }
    }

    /// The value of a key in the block below another.
    pub(crate) fn in_block(&self, block: &str, key: &str) -> Option<&str> {
        match self.get(block)? {
            IniValue::Block(pairs) => {
                pairs.iter().rfind(|(own, _)| own == key).map(|(_, value)| value.as_str())
            }
            IniValue::Text(_) => None,
        }
    }
}

/// The profile that the environment asks for, and by which variable.
fn of_environment() -> Option<(String, &'static str)> {
    order::PROFILE.into_iter().find_map(|variable| Some((set_to(variable)?, variable)))
}

/// The file that a variable names.
///
/// # Errors
/// `Configuration`: it is found by other rules than those here. As a file that is not there it would be left out without
/// a word, and whoever stands elsewhere would ask.
fn named(name: &str) -> Result<Option<PathBuf>, Failure> {
    let refuse =
        |why: &str| Err(Failure::local(FailureKind::Configuration, format!("{name} names a file {why}")));
    let Some(value) = std::env::var_os(name) else { return Ok(None) };
    let Some(text) = value.to_str() else {
        return refuse("by a path that is not UTF-8 text, which is not read here; name it by another path");
    };
    let path = expand::path(text);
    if expand::is_of_another(&path) {
        return refuse("in the home of another user, which is not looked up here; write its path in full");
    }
    Ok(Some(path))
}

/// Reads a file: that of a variable, even if that is empty, or the usual one.
fn file(name: &str, default: &str) -> Result<(File, Ini), Failure> {
    let path = named(name)?.unwrap_or_else(|| expand::path(default));
    let refuse =
        |why: String| Failure::local(FailureKind::Configuration, format!("{} {why}", path.display()));
    let found = std::fs::metadata(&path);
    if found.as_ref().is_ok_and(|it| !(it.is_file() || it.is_dir() || path == Path::new("/dev/null"))) {
        // A pipe is empty when it is read again, and whoever stands elsewhere would ask.
        return Err(refuse("is no ordinary file; put what is in it into one, or name another".to_owned()));
    }
    // What cannot even be looked at, as a loop of links or a home that is away, is passed over like what is not there.
    let is_out_of_reach = found.is_err();
    let bytes = match found.and_then(|_| files::read(&path)) {
        Ok(bytes) => bytes,
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => {
                return Ok((File { path, ..File::default() }, Ini::default()));
            }
            kind if is_out_of_reach
                || matches!(kind, ErrorKind::PermissionDenied | ErrorKind::IsADirectory) =>
            {
                let unread = Some(error.to_string());
                return Ok((File { path, is_read: false, unread }, Ini::default()));
            }
            _ => return Err(refuse(format!("cannot be read: {error}"))),
        },
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
        refuse(format!("is not UTF-8 text, from line {line}"))
    })?;
    let ini = ini::parse(&text).map_err(|error| refuse(format!("cannot be used: {error}")))?;
    Ok((File { path, is_read: true, unread: None }, ini))
}
