//! The rows of a list out of the catalogues: which state of those it shows, and how wide its texts are. Both change with
//! what is known only, so that a frame or a key costs the same however long the list is.

use std::collections::HashMap;

use crate::app::place::Place;
use crate::app::place::pages::Pages;
use crate::app::places::Places;
use crate::app::request_id::PlaceId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::filter::Filterable;
use crate::domain::page::Row;
use crate::domain::text::{escaped, width};

/// The state of the catalogues that a list was made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    versions: Vec<(PlaceId, u64)>,
    count: usize,
}

impl Stamp {
    /// The state of these lists now.
    pub(super) fn of<'a, T: Row + Filterable + PartialEq + 'a>(
        places: impl Iterator<Item = &'a Place>,
        list: impl Fn(&'a Place) -> (&'a Pages<T>, u64),
    ) -> Self {
        let mut stamp = Self::default();
        for place in places {
            let (pages, version) = list(place);
            stamp.versions.push((place.id, pages.version + version));
            stamp.count += pages.items.len();
        }
        stamp
    }

    /// Whether a list of this state is worth being made anew for another one. While pages arrive, it is when it has
    /// grown by a tenth.
    pub(super) fn is_old(&self, now: &Self, is_growing: bool) -> bool {
        self != now && (!is_growing || now.count > self.count + self.count / 10)
    }
}

/// How many snapshots of this account each cluster has, and the state of the catalogues that they were counted in.
#[derive(Debug, Default)]
pub(super) struct SnapshotCounts {
    of: HashMap<PlaceId, HashMap<ClusterId, usize>>,
    stamp: Stamp,
}

impl SnapshotCounts {
    /// Counts them anew, if there are others now.
    pub(super) fn renew(&mut self, places: &Places) {
        let stamp = Stamp::of(places.shown(), |place| (&place.catalog.snapshots, 0));
        let is_growing = places.shown().any(|place| place.catalog.snapshots.is_growing());
        if !self.stamp.is_old(&stamp, is_growing) {
            return;
        }
        self.stamp = stamp;
        self.of.clear();
        for place in places.shown() {
            let of = self.of.entry(place.id).or_default();
            let own = place.catalog.snapshots.items.iter().filter(|one| !one.kind.is_foreign());
            for cluster in own.filter_map(|one| one.cluster.as_ref()) {
                match of.get_mut(cluster) {
                    Some(count) => *count += 1,
                    None => {
                        of.insert(cluster.clone(), 1);
                    }
                }
            }
        }
    }

    /// How many of a cluster there are.
    pub(super) fn count(&self, place: PlaceId, cluster: &ClusterId) -> usize {
        self.of.get(&place).and_then(|of| of.get(cluster)).copied().unwrap_or_default()
    }
}

/// The columns that the longest of some texts takes, by its bytes.
pub fn longest(texts: impl Iterator<Item = impl AsRef<str>>) -> u16 {
    let longest = texts.max_by_key(|text| text.as_ref().len());
    let columns = longest.map(|text| width(&escaped(text.as_ref()))).unwrap_or_default();
    u16::try_from(columns).unwrap_or(u16::MAX)
}
