//! The list of DB clusters: filter, order, cursor.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use tui_input::Input;

use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::engine::EngineFamily;

use super::super::catalog::Catalog;
use super::super::list::{Cursor, Motion};

/// By which column the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By identifier.
    #[default]
    Identifier,
    /// By engine, then identifier.
    Engine,
    /// By status, then identifier.
    Status,
    /// By the age of the last usable snapshot, the oldest and the clusters without any first.
    LastUsable,
}

impl Order {
    fn next(self) -> Self {
        match self {
            Self::Identifier => Self::Engine,
            Self::Engine => Self::Status,
            Self::Status => Self::LastUsable,
            Self::LastUsable => Self::Identifier,
        }
    }

    /// The order in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::Engine => "engine",
            Self::Status => "status",
            Self::LastUsable => "last usable snapshot",
        }
    }
}

/// The state of the list.
#[derive(Debug, Default)]
pub struct ClusterList {
    /// The filter's text; empty shows everything.
    pub filter: Input,
    /// The order; while a filter is set, the best match comes first instead.
    pub order: Order,
    /// Indices into the catalogue's clusters, in the order shown.
    pub rows: Vec<usize>,
    /// The cursor.
    pub cursor: Cursor<ClusterId>,
}

impl ClusterList {
    /// The cluster under the cursor.
    #[must_use]
    pub fn chosen<'a>(&self, catalog: &'a Catalog) -> Option<&'a Cluster> {
        self.rows.get(self.cursor.at()).and_then(|index| catalog.clusters.items.get(*index))
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion, catalog: &Catalog, room: usize) {
        let rows = &self.rows;
        self.cursor.go(motion, rows.len(), room, |at| id_at(rows, catalog, at));
    }

    /// Puts the cursor on a row.
    pub fn put(&mut self, at: usize, catalog: &Catalog, room: usize) {
        let rows = &self.rows;
        self.cursor.put(at, rows.len(), room, |at| id_at(rows, catalog, at));
    }

    /// Sorts by the next column.
    pub fn sort_next(&mut self, catalog: &Catalog, room: usize) {
        self.order = self.order.next();
        self.arrange(catalog, room);
    }

    /// Takes a changed filter: the cursor goes to the best match.
    pub fn refilter(&mut self, catalog: &Catalog, room: usize) {
        self.cursor = Cursor::default();
        self.arrange(catalog, room);
    }

    /// Drops the filter; the cursor stays on its cluster.
    pub fn drop_filter(&mut self, catalog: &Catalog, room: usize) {
        self.filter.reset();
        self.arrange(catalog, room);
    }

    /// Makes the rows anew after something changed; the cursor stays on its cluster.
    pub fn arrange(&mut self, catalog: &Catalog, room: usize) {
        let shown = |index: &usize| {
            let cluster = catalog.clusters.items.get(*index);
            cluster.is_some_and(|cluster| !matches!(cluster.family, EngineFamily::Foreign(_)))
        };
        self.rows = (0..catalog.clusters.items.len()).filter(shown).collect();
        self.sort(catalog);
        self.match_filter(catalog);
        let (rows, is_whole) = (&self.rows, !catalog.clusters.is_loading());
        self.cursor.follow(rows.len(), room, is_whole, |at| id_at(rows, catalog, at));
    }

    fn sort(&mut self, catalog: &Catalog) {
        let order = self.order;
        self.rows.sort_by_cached_key(|index| {
            let cluster = catalog.clusters.items.get(*index);
            let id = cluster.map(|cluster| cluster.id.clone());
            let column = cluster.map(|cluster| match order {
                Order::Identifier => String::new(),
                Order::Engine => cluster.engine(),
                Order::Status => cluster.status.as_str().to_owned(),
                // RFC 3339 sorts as text; no snapshot at all sorts before any.
                Order::LastUsable => {
                    catalog.last_usable_of(&cluster.id).map(|at| at.to_string()).unwrap_or_default()
                }
            });
            (column, id)
        });
    }

    fn match_filter(&mut self, catalog: &Catalog) {
        if self.filter.value().trim().is_empty() {
            return;
        }
        let pattern = Pattern::parse(self.filter.value(), CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, usize)> = self
            .rows
            .iter()
            .filter_map(|index| {
                let cluster = catalog.clusters.items.get(*index)?;
                let text = format!("{} {} {}", cluster.id, cluster.engine(), cluster.status);
                let score = pattern.score(Utf32Str::new(&text, &mut buffer), &mut matcher)?;
                Some((score, *index))
            })
            .collect();
        // A stable sort: equal matches keep the list's order.
        scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        self.rows = scored.into_iter().map(|(_, index)| index).collect();
    }
}

/// What a row is.
fn id_at<'a>(rows: &[usize], catalog: &'a Catalog, at: usize) -> Option<&'a ClusterId> {
    rows.get(at).and_then(|index| catalog.clusters.items.get(*index)).map(|cluster| &cluster.id)
}
