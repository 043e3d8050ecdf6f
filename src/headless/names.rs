//! The names that were listed last, for completion in the shell: no key press there may wait for AWS.
//!
//! One file in the cache folder, readable by its owner alone. Whatever is wrong with it, there are no names: it
//! is no fact, and nothing else is made of it.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::Global;
use crate::domain::cluster::Cluster;
use crate::domain::snapshot::Snapshot;
use crate::session::Session;

/// The most places that are kept, those that were listed last.
const MAX_PLACES: usize = 32;
/// The most names of a kind that are kept of a place, and the most bytes that are read: a shell asks at each tab.
const MAX_NAMES: usize = 5000;
const MAX_BYTES: u64 = 8 << 20;
const FILE_NAME: &str = "names.json";

/// What is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Names {
    /// By profile and Region, the one that was listed last first.
    pub places: Vec<Place>,
}

/// The names of one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The AWS profile, as it was named.
    pub profile: String,
    /// The Region.
    pub region: String,
    /// Identifiers of DB clusters.
    pub clusters: BTreeSet<String>,
    /// Identifiers of DB cluster snapshots.
    pub snapshots: BTreeSet<String>,
}

/// What was listed.
pub struct Seen {
    clusters: Option<BTreeSet<String>>,
    snapshots: Option<BTreeSet<String>>,
}

impl Seen {
    /// All DB clusters of the place.
    pub fn clusters(clusters: &[Cluster]) -> Self {
        let names = clusters.iter().map(|cluster| cluster.id.to_string()).take(MAX_NAMES).collect();
        Self { clusters: Some(names), snapshots: None }
    }

    /// Snapshots of the place.
    pub fn snapshots(snapshots: &[Snapshot]) -> Self {
        let names = snapshots.iter().map(|snapshot| snapshot.id.clone()).take(MAX_NAMES).collect();
        Self { clusters: None, snapshots: Some(names) }
    }
}

/// The profile that holds with these options.
pub fn profile(named: Option<&str>) -> String {
    let variable = || std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
    named.map(str::to_owned).or_else(variable).unwrap_or_else(|| "default".to_owned())
}

/// Keeps names; the demo leaves no trace. That it could not is not worth a word: completion offers less.
pub fn keep(session: &Session, global: &Global, seen: Seen) {
    let Some(path) = path().filter(|_| !session.place().is_demo) else { return };
    let region = session.place().region.clone().unwrap_or_default();
    let profile = profile(global.profile.as_deref());
    if let Err(error) = write(&path, &with(read(&path), profile, region, seen)) {
        tracing::debug!(%error, "the names for completion were not kept");
    }
}

/// The names that were kept.
pub fn kept() -> Names {
    path().map(|path| read(&path)).unwrap_or_default()
}

fn path() -> Option<PathBuf> {
    crate::xdg::cache_folder().map(|folder| folder.join(FILE_NAME))
}

fn with(mut names: Names, profile: String, region: String, seen: Seen) -> Names {
    let known = names.places.iter().position(|place| place.profile == profile && place.region == region);
    let fresh = || Place { profile, region, ..Place::default() };
    let mut place = known.map_or_else(fresh, |at| names.places.remove(at));
    place.clusters = seen.clusters.unwrap_or(place.clusters);
    if let Some(snapshots) = seen.snapshots {
        place.snapshots = snapshots;
    }
    names.places.insert(0, place);
    names.places.truncate(MAX_PLACES);
    names
}

fn read(path: &Path) -> Names {
    let read = || -> io::Result<Names> {
        let mut text = Vec::new();
        fs::File::open(path)?.take(MAX_BYTES).read_to_end(&mut text)?;
        Ok(serde_json::from_slice(&text)?)
    };
    read().unwrap_or_default()
}

/// Another program that reads meanwhile sees the old names or the new ones.
fn write(path: &Path, names: &Names) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("/"));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let beside = folder.join(format!("{FILE_NAME}.{}", std::process::id()));
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    let written = file.write_all(&serde_json::to_vec(names)?).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // What is there in part would be in the way.
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_place_keeps_its_names_of_each_kind_and_the_last_comes_first() {
        let place = |profile: &str, clusters: &[&str], snapshots: &[&str]| Place {
            profile: profile.to_owned(),
            region: "r".to_owned(),
            clusters: names(clusters),
            snapshots: names(snapshots),
        };
        let seen = |clusters: Option<&[&str]>, snapshots: Option<&[&str]>| Seen {
            clusters: clusters.map(names),
            snapshots: snapshots.map(names),
        };
        let kept = with(Names::default(), "a".to_owned(), "r".to_owned(), seen(Some(&["c1", "c2"]), None));
        let kept = with(kept, "b".to_owned(), "r".to_owned(), seen(None, Some(&["s"])));
        assert_eq!(kept.places, [place("b", &[], &["s"]), place("a", &["c1", "c2"], &[])]);
        let kept = with(kept, "a".to_owned(), "r".to_owned(), seen(Some(&["c3"]), None));
        assert_eq!(kept.places, [place("a", &["c3"], &[]), place("b", &[], &["s"])]);
    }
}
