//! A list out of the catalogues of the places: its filter, the rows that fit in the order shown, and its cursor. Rows are
//! made anew only where what is known or wanted has changed, so that a frame or a key costs the same however long it is.

use crate::app::cursor::{Cursor, Motion};
use crate::app::place::Place;
use crate::app::place::pages::Pages;
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::filter::{Filter, Filterable, FilteredList};
use crate::domain::page::Row;
use crate::domain::snapshot::Snapshot;

use super::Text;
use super::filter_line::FilterLine;

/// What the catalogues list.
pub trait Listed: Row + Filterable + PartialEq + Sized + 'static {
    /// What one is known by in its place.
    type Id: Clone + PartialEq;
    /// Which list is theirs.
    const LIST: FilteredList;

    /// What this one is known by.
    fn id(&self) -> &Self::Id;

    /// All of a place that are known.
    fn of(place: &Place) -> &Pages<Self>;
}

impl Listed for Cluster {
    type Id = ClusterId;
    const LIST: FilteredList = FilteredList::Clusters;

    fn id(&self) -> &ClusterId {
        &self.id
    }

    fn of(place: &Place) -> &Pages<Self> {
        &place.catalog.clusters
    }
}

impl Listed for Snapshot {
    type Id = String;
    const LIST: FilteredList = FilteredList::Snapshots;

    fn id(&self) -> &String {
        &self.id
    }

    fn of(place: &Place) -> &Pages<Self> {
        &place.catalog.snapshots
    }
}

/// Where something stands in the catalogue of a place.
#[derive(Clone, Copy, Debug)]
pub struct CatalogRow {
    /// The place.
    pub place: PlaceId,
    /// Small, for there are a hundred thousand: a list has at most 200,000 rows.
    index: u32,
}

impl CatalogRow {
    /// What stands there.
    pub(super) fn get<T: Listed>(self, world: &World) -> Option<&T> {
        T::of(world.at(self.place)).items.get(self.index())
    }

    fn index(self) -> usize {
        usize::try_from(self.index).unwrap_or(usize::MAX)
    }
}

/// What is known of a place, with its rows.
pub(super) fn of_place<T: Listed>(place: &Place) -> impl Iterator<Item = (CatalogRow, &T)> {
    let rows = T::of(place).items.iter().enumerate();
    rows.map(|(index, one)| {
        (CatalogRow { place: place.id, index: u32::try_from(index).unwrap_or(u32::MAX) }, one)
    })
}

/// A list out of the catalogues.
#[derive(Debug)]
pub struct CatalogList<T: Listed> {
    /// The filter; while it has fuzzy words, the best match comes first.
    pub filter: FilterLine,
    /// The rows that fit, in the order shown.
    pub rows: Vec<CatalogRow>,
    /// The cursor.
    pub cursor: Cursor<(PlaceId, T::Id)>,
    /// All of them in the order, without the filter, and the state of the catalogues that they were sorted by.
    sorted: Vec<CatalogRow>,
    stamp: Stamp,
    /// For which filter the rows are.
    filtered: Filter,
}

impl<T: Listed> Default for CatalogList<T> {
    fn default() -> Self {
        Self::with(String::new())
    }
}

impl<T: Listed> CatalogList<T> {
    /// A list with a filter, before it is arranged.
    pub(super) fn with(filter: String) -> Self {
        Self {
            filter: FilterLine::of(T::LIST, filter),
            rows: Vec::new(),
            cursor: Cursor::default(),
            sorted: Vec::new(),
            stamp: Stamp::default(),
            filtered: Filter::default(),
        }
    }

    /// What is under the cursor, and its place.
    pub fn chosen<'a>(&self, world: &'a World) -> Option<(PlaceId, &'a T)> {
        let row = *self.rows.get(self.cursor.at())?;
        Some((row.place, row.get(world)?))
    }

    /// How many there are without the filter, as far as is known.
    pub fn count(&self) -> usize {
        self.sorted.len()
    }

    /// What is shown in so many rows: each with its place, and whether the cursor is on it.
    pub fn visible<'a>(
        &self,
        rows: u16,
        world: &'a World,
    ) -> impl Iterator<Item = (bool, (&'a Place, &'a T))> + Clone {
        let shown = self.rows.iter().enumerate().skip(self.cursor.offset()).take(usize::from(rows));
        shown.filter_map(|(at, row)| {
            Some((at == self.cursor.at(), (world.at(row.place), row.get::<T>(world)?)))
        })
    }

    /// What each row is known by.
    pub(super) fn keys(&self, world: &World) -> Vec<(PlaceId, T::Id)> {
        (0..self.rows.len()).filter_map(|at| Self::key(&self.rows, world, at)).collect()
    }

    /// What the row at an index is known by.
    fn key(rows: &[CatalogRow], world: &World, at: usize) -> Option<(PlaceId, T::Id)> {
        let row = *rows.get(at)?;
        Some((row.place, row.get::<T>(world)?.id().clone()))
    }

    /// Moves the cursor.
    pub(super) fn go(&mut self, motion: Motion, world: &World) {
        let rows = &self.rows;
        self.cursor.go(motion, rows.len(), world.layout.body_rows(), |at| Self::key(rows, world, at));
    }

    /// Puts the cursor on a row.
    pub(super) fn put(&mut self, at: usize, world: &World) {
        let rows = &self.rows;
        self.cursor.put(at, rows.len(), world.layout.body_rows(), |at| Self::key(rows, world, at));
    }

    /// Brings the cursor into the rows that are shown.
    pub(super) fn fit(&mut self, world: &World) {
        self.cursor.fit(self.rows.len(), world.layout.body_rows());
    }

    /// Takes text for the filter; whether another one is in force then. The cursor goes to the first that fits.
    pub(super) fn take_text(&mut self, text: Text<'_>) -> bool {
        let is_new = self.filter.is_open && self.filter.take(text);
        if is_new {
            self.cursor = Cursor::default();
        }
        is_new
    }

    /// Has all rows sorted anew when they are arranged next.
    pub(super) fn reorder(&mut self) {
        self.stamp = Stamp::default();
    }

    /// Makes the rows anew as far as something has changed: all of them, by `rows` in the order shown, where the
    /// catalogues of these places are others than before, or what `version` tells of them. The cursor stays on what it is
    /// on. Returns whether the rows that fit may be others.
    pub(super) fn arrange<'a>(
        &mut self,
        places: &[&'a Place],
        version: impl Fn(&Place) -> u64,
        world: &World,
        rows: impl FnOnce() -> Vec<(CatalogRow, &'a T)>,
    ) -> bool {
        let stamp = Stamp::of::<T>(places, version);
        let is_growing = places.iter().any(|place| T::of(place).is_growing());
        let is_old = self.stamp.is_old(&stamp, is_growing);
        let is_other = is_old || self.filtered != *self.filter.filter();
        if is_old {
            self.stamp = stamp;
            // Not collected from them: that would keep their memory, of which a row needs a half.
            self.sorted.clear();
            self.sorted.extend(rows().into_iter().map(|(row, _)| row));
        }
        if is_other {
            self.filter_rows(is_old, world);
        }
        let is_whole = places.iter().all(|place| !T::of(place).is_loading());
        let (rows, room) = (&self.rows, world.layout.body_rows());
        // Without a copy of what it is known by: there are a hundred thousand.
        let is = |at: usize, (place, id): &(PlaceId, T::Id)| {
            let row = rows.get(at).filter(|row| row.place == *place);
            row.and_then(|row| row.get::<T>(world)).map(T::id) == Some(id)
        };
        self.cursor.follow(rows.len(), room, is_whole, |at| Self::key(rows, world, at), is);
        is_other
    }

    /// Leaves what fits the filter. After a narrower one only what was left is looked at, unless all were sorted anew.
    fn filter_rows(&mut self, is_sorted_anew: bool, world: &World) {
        let filter = self.filter.filter();
        // The best match of a fuzzy filter comes first, so that its rows have no order of their own.
        let is_narrower = !is_sorted_anew && filter.narrows(&self.filtered) && !self.filtered.is_ranked();
        let mut sieve = filter.sieve(world.now.at()).by_change_tag(&world.policy.change_key);
        let mut score = |row: &CatalogRow| {
            let list = T::of(world.at(row.place));
            sieve.score(list.items.get(row.index())?, list.text(row.index()))
        };
        if filter.is_ranked() {
            let looked_at = if is_narrower { &self.rows } else { &self.sorted };
            let scored = looked_at.iter().filter_map(|row| Some((score(row)?, *row)));
            let mut scored: Vec<(u32, CatalogRow)> = scored.collect();
            // A stable sort: equal matches keep the list's order.
            scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
            self.rows = scored.into_iter().map(|(_, row)| row).collect();
        } else if is_narrower {
            self.rows.retain(|row| score(row).is_some());
        } else {
            // In the memory that the rows have, for it is done at each key.
            self.rows.clear();
            self.rows.extend(self.sorted.iter().filter(|row| score(row).is_some()));
        }
        self.filtered = filter.clone();
    }
}

/// The state of the catalogues that a list was made of.
#[derive(Debug, Default, PartialEq, Eq)]
struct Stamp {
    /// Of each list where its rows stand, and which state it is of.
    stands: Vec<(PlaceId, u64)>,
    versions: Vec<u64>,
    count: usize,
}

impl Stamp {
    /// The state of these places' lists now.
    fn of<T: Listed>(places: &[&Place], version: impl Fn(&Place) -> u64) -> Self {
        let mut stamp = Self::default();
        for place in places {
            let list = T::of(place);
            stamp.stands.push((place.id, list.moved));
            stamp.versions.push(list.version + version(place));
            stamp.count += list.items.len();
        }
        stamp
    }

    /// Whether a list of this state is to be made anew for another one. While pages arrive, that is worth it when it has
    /// grown by a tenth; where rows stand elsewhere, what is shown would be others.
    fn is_old(&self, now: &Self, is_growing: bool) -> bool {
        let has_grown = now.count > self.count + self.count / 10;
        self.stands != now.stands || (self != now && (!is_growing || has_grown))
    }
}
