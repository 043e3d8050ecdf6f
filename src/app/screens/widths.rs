//! How many columns of the terminal the texts of a list need, column by column.

use std::collections::BTreeSet;

use crate::app::world::World;
use crate::domain::cluster::{Cluster, told_engine, told_size};
use crate::domain::cluster_id::ClusterId;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::tag;

use super::clusters::group_of;
use crate::domain::text::{escaped, width};

/// How many columns of the terminal the longest text of each column needs, in the list of clusters.
#[derive(Clone, Copy, Debug, Default)]
pub struct ClusterWidths {
    /// The identifiers.
    pub names: u16,
    /// The statuses.
    pub statuses: u16,
    /// The engines.
    pub engines: u16,
    /// The engines where there is little room.
    pub short_engines: u16,
    /// The groups.
    pub groups: u16,
    /// The tags in one line.
    pub tags: u16,
}

impl ClusterWidths {
    /// What the texts of these clusters need.
    pub(super) fn of<'a>(all: &(impl Iterator<Item = &'a Cluster> + Clone), world: &World) -> Self {
        let clusters = || all.clone();
        Self {
            names: longest(clusters().map(|cluster| cluster.id.as_str())),
            statuses: longest(clusters().map(|cluster| cluster.status.as_str())),
            engines: longest(clusters().map(Cluster::engine)),
            short_engines: longest(clusters().map(Cluster::shortest_engine)),
            groups: longest(clusters().filter_map(|cluster| group_of(cluster, world))),
            tags: longest(clusters().map(|cluster| tag::in_one_line(&cluster.tags))),
        }
    }
}

/// How many columns of the terminal the longest text of each column needs, in the list of snapshots.
#[derive(Clone, Copy, Debug, Default)]
pub struct SnapshotWidths {
    /// The identifiers.
    pub names: u16,
    /// Those of snapshots that are not another account's.
    pub own_names: u16,
    /// The statuses.
    pub statuses: u16,
    /// The types.
    pub kinds: u16,
    /// The clusters.
    pub clusters: u16,
    /// The sizes; none where no snapshot has one that says something.
    pub sizes: u16,
    /// The engines with their versions.
    pub engines: u16,
    /// The same where there is little room.
    pub short_engines: u16,
    /// The tags in one line.
    pub tags: u16,
}

impl SnapshotWidths {
    /// What the texts of these snapshots need.
    pub(super) fn of<'a>(all: impl Iterator<Item = &'a Snapshot> + Clone) -> Self {
        let own = all.clone().filter(|it| it.kind != SnapshotKind::Shared);
        let sizes = all.clone().filter_map(|it| told_size(it.allocated_gib));
        let engines: BTreeSet<(Option<&str>, Option<&str>)> =
            all.clone().map(|it| (it.more.engine.as_deref(), it.more.engine_version.as_deref())).collect();
        let engine =
            |is_short| longest(engines.iter().map(|(name, version)| told_engine(*name, *version, is_short)));
        let tags = all
            .clone()
            .max_by_key(|it| it.tags.iter().map(|tag| tag.key.len() + tag.value.len() + 2).sum::<usize>());
        Self {
            names: longest(all.clone().map(|it| &it.id)),
            own_names: longest(own.map(|it| &it.id)),
            statuses: longest(all.clone().map(|it| it.status.as_str())),
            kinds: longest(all.clone().map(|it| it.kind.as_str())),
            clusters: longest(all.filter_map(|it| it.cluster.as_ref()).map(ClusterId::as_str)),
            sizes: longest(sizes.max().map(gib).into_iter()),
            engines: engine(false),
            short_engines: engine(true),
            tags: longest(tags.map(|it| tag::in_one_line(&it.tags)).into_iter()),
        }
    }
}

/// A size in words.
pub fn gib(gib: i32) -> String {
    format!("{gib} GiB")
}

/// The columns that the longest of some texts takes.
pub fn longest(texts: impl Iterator<Item = impl AsRef<str>>) -> u16 {
    let columns = texts.fold(0, |most, text| {
        let text = text.as_ref();
        // Most are of one byte a column: they are not looked at character by character.
        if text.len() <= most && text.is_ascii() { most } else { most.max(width(&escaped(text))) }
    });
    u16::try_from(columns).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::longest;

    #[test]
    fn the_longest_is_what_takes_the_most_columns_in_whichever_alphabet() {
        assert_eq!(longest(["שלום", "owner", "部署"].iter()), 5);
        assert_eq!(longest(["cost", "東京本社"].iter()), 8);
        assert_eq!(longest(["a\u{202e}", "four"].iter()), 9, "as it is shown: a\\u{{202e}}");
    }
}
