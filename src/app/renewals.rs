//! What a person is to be asked so that there are credentials again: once for all places that want the same.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::domain::failure::Failure;
use crate::domain::renewal::Renewal;

use super::Now;
use super::places::Places;

/// What became of asking.
#[derive(Debug, Default)]
pub struct Renewals {
    /// What a person does later: asked for again when they want everything read anew.
    put_off: HashSet<Renewal>,
    /// What was done, and not found wanting since.
    done: HashSet<Renewal>,
    /// Why it is wanted, in the words of the latest failure, whichever place's that was.
    why: HashMap<Renewal, String>,
    /// The logins whose files are watched.
    watched: HashSet<PathBuf>,
}

impl Renewals {
    /// What is to be asked for next, and why.
    pub fn next<'a>(&'a self, places: &'a Places) -> Option<(&'a Renewal, &'a str)> {
        let is_open = |renewal: &Renewal| !self.put_off.contains(renewal) && !self.done.contains(renewal);
        let (renewal, failure) = wanted(places).find(|(renewal, _)| is_open(renewal))?;
        Some((renewal, self.why.get(renewal).unwrap_or(&failure.message)))
    }

    /// Asks for it later.
    pub fn put_off(&mut self, renewal: Renewal) {
        self.put_off.insert(renewal);
    }

    /// Takes it that what no place wants any more was done: should one want it again, that is asked for.
    pub fn heed(&mut self, places: &Places) {
        self.put_off.retain(|renewal| is_wanted(renewal, places));
    }

    /// Asks again for what was put off.
    pub fn ask_again(&mut self) {
        self.put_off.clear();
    }

    /// Takes it that a person did it: the places that want it try again.
    pub fn done(&mut self, renewal: Renewal, places: &mut Places, now: &Now) {
        retry(&renewal, places, now);
        self.done.insert(renewal);
    }

    /// Takes a failure that came now: what was done did not help.
    pub fn failed(&mut self, failure: &Failure) {
        if let Some(renewal) = failure.renewal.as_deref() {
            self.done.remove(renewal);
            self.why.insert(renewal.clone(), failure.message.clone());
        }
    }

    /// A login that is wanted and not watched yet, which is watched from now on.
    pub fn watch(&mut self, places: &Places) -> Option<PathBuf> {
        let files = wanted(places).filter_map(|(renewal, _)| file(renewal));
        let new = files.map(Path::to_owned).find(|file| !self.watched.contains(file))?;
        self.watched.insert(new.clone());
        Some(new)
    }

    /// Takes it that the file of a login has changed: the places that want the login try again.
    pub fn changed(&mut self, changed: &Path, places: &mut Places, now: &Now) {
        self.watched.remove(changed);
        let renewal =
            wanted(places).map(|(renewal, _)| renewal).find(|it| file(it) == Some(changed)).cloned();
        if let Some(renewal) = renewal {
            retry(&renewal, places, now);
        }
    }
}

/// Whether a place still wants it.
pub fn is_wanted(renewal: &Renewal, places: &Places) -> bool {
    wanted(places).any(|(wanted, _)| wanted == renewal)
}

fn wanted(places: &Places) -> impl Iterator<Item = (&Renewal, &Failure)> {
    places.shown().filter_map(|place| {
        let failure = place.failure()?;
        Some((failure.renewal.as_deref()?, failure))
    })
}

fn retry(renewal: &Renewal, places: &mut Places, now: &Now) {
    for place in places.iter_mut() {
        if place.failure().and_then(|failure| failure.renewal.as_deref()) == Some(renewal) {
            place.renew(now);
        }
    }
}

fn file(renewal: &Renewal) -> Option<&Path> {
    match renewal {
        Renewal::Login { file, .. } => Some(file),
        Renewal::Code { .. } => None,
    }
}
