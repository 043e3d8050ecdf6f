//! The configuration: one TOML file, `$XDG_CONFIG_HOME/clustersnap/config.toml`, by default under `~/.config`.
//!
//! A file that is broken never keeps anyone from starting: what is wrong with it is reported by line, and for each
//! setting that is wrong the default holds. Where what is wrong is, or may be, a guard (what is production, read-only,
//! required or part of a change), [`Policy::broken`] says so, and nothing is sent. `settings` is the one table from
//! which the file is read and shown, `assets/config.toml` what each setting means. This room knows the domain and what
//! of the screen program can be chosen, and never writes.

mod guards;
mod places;
mod read;
mod requests;
mod screen;
mod settings;
mod value;

use std::path::{Path, PathBuf};

use crate::app::overrides::Keymap;
use crate::app::settings::ListSettings;
use crate::domain::notify::Notify;
use crate::domain::policy::Policy;
use crate::domain::text::{line_of, shown_path};

pub use places::{PlaceEntry, PlaceSet};
pub use read::parse;
pub use screen::ScreenSettings;
pub use settings::{DOCUMENTED, shown};

/// No configuration is longer: something else was put in its place.
const MAX_BYTES: u64 = 1 << 20;
/// The most problems that are told without being asked for: a wrong file in this place must not fill the screen.
const MAX_WARNINGS: usize = 20;

/// Everything that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// What is wanted of every request.
    pub policy: Policy,
    /// Sets of places by name.
    pub places: Vec<PlaceSet>,
    /// How a person wants to be told that a snapshot has ended.
    pub notify: Notify,
    /// How the screen program looks and listens.
    pub screen: ScreenSettings,
    /// The keys of the screen program.
    pub keymap: Keymap,
    /// How the screen program begins its list of DB clusters.
    pub list: ListSettings,
}

/// Something that is wrong with the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// The line, from 1; `None` if it is about the whole file.
    pub line: Option<usize>,
    /// What is wrong, and what may stand there. Safe to show.
    pub said: String,
    /// Whether it is, or may be, about what holds requests back.
    pub is_guard: bool,
}

/// A configuration, and how it came about.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    /// The settings in force.
    pub config: Config,
    /// The file; `None` if no home directory is known.
    pub path: Option<PathBuf>,
    /// Whether the file is there.
    pub is_there: bool,
    /// What is wrong with the file.
    pub problems: Vec<ConfigProblem>,
}

impl Loaded {
    /// What is wrong, one line each, with the file and the line.
    pub(crate) fn report(&self) -> Vec<String> {
        let path = self.path.as_deref().map(shown_path).unwrap_or_default();
        self.problems.iter().map(|problem| problem.told(&path)).collect()
    }

    /// The same for whoever has not asked: the first of it, and where the rest is told.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let mut lines = self.report();
        let more = lines.split_off(MAX_WARNINGS.min(lines.len())).len();
        if more > 0 {
            lines.push(format!("and {more} more: clustersnap config check tells all"));
        }
        lines
    }

    /// What is wrong, for a few lines on a screen: the first of it, and where the rest is told.
    pub(crate) fn summary(&self) -> Option<String> {
        let report = self.report();
        let (first, more) = report.split_first()?;
        let more = match more.len() {
            0 => String::new(),
            n => format!(" And {n} more: clustersnap config check tells all."),
        };
        if let Some(broken) = &self.config.policy.broken {
            return Some(format!(
                "What is production, read-only, required or of a change cannot be read in the configuration, so nothing is \
                 sent: \
                 {broken}. Put it right and start again.{more}"
            ));
        }
        Some(format!("In the configuration, the rest of which is in force: {first}.{more}"))
    }
}

impl ConfigProblem {
    /// What is wrong, with the file and the line.
    fn told(&self, path: &str) -> String {
        match self.line {
            Some(line) => format!("{path}:{line}: {}", self.said),
            None => format!("{path}: {}", self.said),
        }
    }
}

/// Reads the configuration of the person who runs the program. An absent file is an empty one.
pub(crate) fn load() -> Loaded {
    let folder = crate::xdg::config_folder();
    folder.map_or_else(Loaded::default, |folder| load_from(folder.join("config.toml")))
}

/// Reads the configuration in a file.
pub(crate) fn load_from(path: PathBuf) -> Loaded {
    // What stands in a file that cannot be read may be a guard.
    let whole = |said: String| vec![ConfigProblem { line: None, said, is_guard: true }];
    let (is_there, mut config, problems) = match read_text(&path) {
        Ok(None) => (false, Config::default(), Vec::new()),
        Ok(Some(text)) => {
            let (config, problems) = parse(&text);
            (true, config, problems)
        }
        Err(problem) => (true, Config::default(), whole(problem)),
    };
    let broken = problems.iter().find(|problem| problem.is_guard);
    config.policy.broken = broken.map(|problem| problem.told(&shown_path(&path)));
    Loaded { config, path: Some(path), is_there, problems }
}

fn read_text(path: &Path) -> Result<Option<String>, String> {
    use std::io::ErrorKind;
    let unread = |error: std::io::Error| format!("cannot be read: {error}");
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return what_is_in_the_way(path).map_or(Ok(None), Err);
        }
        Err(error) => return Err(unread(error)),
    };
    // A pipe or a device in the place of the file could be read for ever.
    if !meta.is_file() {
        return Err("is not a plain file".to_owned());
    }
    let bytes = crate::xdg::read_some(path, MAX_BYTES + 1).map_err(unread)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > MAX_BYTES) {
        return Err(format!("has more than {MAX_BYTES} bytes"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => {
            let line = line_of(error.as_bytes(), error.utf8_error().valid_up_to());
            Err(format!("is not UTF-8 in line {line}"))
        }
    }
}

/// Why a file that is not found may be meant to be there all the same: somebody put a link in its place or on the way
/// to it, which leads nowhere, or something else where a folder belongs.
fn what_is_in_the_way(path: &Path) -> Option<String> {
    let found = path.ancestors().find(|part| part.symlink_metadata().is_ok())?;
    let what = match found.metadata() {
        Ok(meta) if meta.is_dir() => return None,
        Ok(_) => "is no folder",
        Err(_) => "is a link that leads nowhere",
    };
    Some(format!("cannot be read: {} {what}", shown_path(found)))
}

#[cfg(test)]
mod tests;
