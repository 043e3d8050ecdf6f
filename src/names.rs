//! The names that were listed last, for completion in the shell: no key press there may wait for AWS.
//!
//! One file in the cache folder, readable by its owner alone. Whatever is wrong with it, there are no names: it
//! is no fact, and nothing else is made of it. This room knows the domain only; its calls block.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::domain::cluster::Cluster;
use crate::domain::context;
use crate::domain::snapshot::Snapshot;
use crate::xdg;

/// The most places that are kept, those that were listed last.
const MAX_PLACES: usize = 32;
/// The most names of a kind that are kept of a place, the first ones by the alphabet, and the most bytes that are read: a
/// shell asks at each tab.
pub const MAX_NAMES: usize = 5000;
const MAX_BYTES: u64 = 8 << 20;
const FILE_NAME: &str = "names.json";

/// What is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names {
    /// By profile and Region, the one that was listed last first.
    pub places: Vec<PlaceNames>,
}

/// The names of one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceNames {
    /// The AWS profile, as it was named.
    pub profile: String,
    /// The Region.
    pub region: String,
    /// Identifiers of DB clusters.
    pub clusters: BTreeSet<String>,
    /// Identifiers of DB cluster snapshots.
    pub snapshots: BTreeSet<String>,
}

/// What was listed to its end.
#[derive(Debug, PartialEq, Eq)]
pub enum ListedNames {
    /// The DB clusters of the place.
    Clusters(BTreeSet<String>),
    /// The DB cluster snapshots of the place.
    Snapshots(BTreeSet<String>),
    /// Some of these: the others are what they were.
    SomeSnapshots(BTreeSet<String>),
}

/// The names of DB clusters that are RDS's own.
pub(crate) fn of_clusters(clusters: &[Cluster]) -> BTreeSet<String> {
    let own = clusters.iter().filter(|cluster| !cluster.family.is_foreign());
    own.map(|cluster| cluster.id.to_string()).collect()
}

/// The names of DB cluster snapshots.
pub(crate) fn of_snapshots(snapshots: &[Snapshot]) -> BTreeSet<String> {
    snapshots.iter().map(|snapshot| snapshot.id.clone()).collect()
}

/// What a variable of the environment says, if it says something.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The profile that holds with these options.
pub(crate) fn profile(named: Option<&str>) -> String {
    let of_environment = || variable("AWS_PROFILE").or_else(|| variable("AWS_DEFAULT_PROFILE"));
    named.map(str::to_owned).or_else(of_environment).unwrap_or_else(|| "default".to_owned())
}

/// Keeps names; the demo leaves no trace. That it could not is not worth a word: completion offers less.
pub fn keep(place: &context::Target, seen: ListedNames) {
    // Lists of several places end together, and each adds to what is there.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(path) = path().filter(|_| !place.is_demo) else { return };
    let known = read(&path);
    let region = place.region.clone().unwrap_or_default();
    let names = with(known.clone(), profile(place.profile.as_deref()), region, seen);
    if names != known
        && let Err(error) = write(&path, &names)
    {
        tracing::debug!(%error, "the names for completion were not kept");
    }
}

/// The names that were kept.
pub(crate) fn kept() -> Names {
    path().map(|path| read(&path)).unwrap_or_default()
}

fn path() -> Option<PathBuf> {
    xdg::cache_folder().map(|folder| folder.join(FILE_NAME))
}

fn with(mut names: Names, profile: String, region: String, seen: ListedNames) -> Names {
    let known = names.places.iter().position(|place| place.profile == profile && place.region == region);
    let fresh = || PlaceNames { profile, region, ..PlaceNames::default() };
    let mut place = known.map_or_else(fresh, |at| names.places.remove(at));
    let bounded = |names: BTreeSet<String>| names.into_iter().take(MAX_NAMES).collect();
    match seen {
        ListedNames::Clusters(names) => place.clusters = bounded(names),
        ListedNames::Snapshots(names) => place.snapshots = bounded(names),
        ListedNames::SomeSnapshots(names) => place.snapshots = bounded(&place.snapshots | &names),
    }
    names.places.insert(0, place);
    names.places.truncate(MAX_PLACES);
    names
}

fn read(path: &Path) -> Names {
    let read = xdg::read_some(path, MAX_BYTES).ok();
    read.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

fn write(path: &Path, names: &Names) -> io::Result<()> {
    xdg::replace(path, &serde_json::to_vec(names)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_part_of_a_list_takes_nothing_away() {
        let with = |kept, seen| with(kept, "a".to_owned(), "r".to_owned(), seen);
        let kept = with(Names::default(), ListedNames::Snapshots(names(&["s1", "s2"])));
        let kept = with(kept, ListedNames::SomeSnapshots(names(&["s3"])));
        assert_eq!(kept.places[0].snapshots, names(&["s1", "s2", "s3"]));
        assert_eq!(with(kept, ListedNames::Snapshots(names(&["s3"]))).places[0].snapshots, names(&["s3"]));
    }

    #[test]
    fn a_place_keeps_its_names_of_each_kind_and_the_last_comes_first() {
        let place = |profile: &str, clusters: &[&str], snapshots: &[&str]| PlaceNames {
            profile: profile.to_owned(),
            region: "r".to_owned(),
            clusters: names(clusters),
            snapshots: names(snapshots),
        };
        let (clusters, snapshots) =
            (|of| ListedNames::Clusters(names(of)), |of| ListedNames::Snapshots(names(of)));
        let kept = with(Names::default(), "a".to_owned(), "r".to_owned(), clusters(&["c1", "c2"]));
        let kept = with(kept, "b".to_owned(), "r".to_owned(), snapshots(&["s"]));
        assert_eq!(kept.places, [place("b", &[], &["s"]), place("a", &["c1", "c2"], &[])]);
        let kept = with(kept, "a".to_owned(), "r".to_owned(), clusters(&["c3"]));
        assert_eq!(kept.places, [place("a", &["c3"], &[]), place("b", &[], &["s"])]);
    }
}
