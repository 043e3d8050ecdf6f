//! The tags of the requests that were made here lately: what one types for a snapshot is often what the next one gets.

use std::collections::{HashMap, HashSet};

use crate::domain::cluster::Cluster;
use crate::domain::policy::Policy;
use crate::domain::record::Record;
use crate::domain::request::SnapshotRequest;
use crate::domain::tag::Tag;

/// How many are remembered.
const MOST: usize = 200;

/// Tags that were given to requests, the newest first.
#[derive(Debug, Default)]
pub struct TypedTags {
    /// Each with the cluster that it was given for; with none where it was given for several.
    rows: Vec<(String, Tag)>,
}

impl TypedTags {
    /// Takes a request of this run.
    pub fn note(&mut self, request: &SnapshotRequest) {
        self.rows
            .splice(0..0, rows(request.cluster.as_str(), request.tags.as_slice(), request.mark.as_ref()));
        self.rows.truncate(MOST);
    }

    /// Takes tags that were given to all requests of a change, whatever their clusters have themselves.
    pub fn note_given(&mut self, tags: impl Iterator<Item = Tag>) {
        self.rows.splice(0..0, tags.map(|tag| (String::new(), tag)));
        self.rows.truncate(MOST);
    }

    /// Takes requests that the journal has, the newest first: each is older than those of this run.
    pub fn remember<'a>(&mut self, past: impl Iterator<Item = &'a Record>) {
        for intent in past.map(|record| &record.intent) {
            let all = rows(&intent.cluster, &intent.tags, intent.mark.as_ref());
            let new: Vec<_> = all.filter(|row| !self.rows.contains(row)).collect();
            self.rows.extend(new);
        }
        self.rows.truncate(MOST);
    }

    /// Those that a person gave: less what the cluster has itself by what is known now, and what the program gives.
    pub fn given<'a, 'c>(
        &'a self,
        clusters: impl Iterator<Item = &'c Cluster>,
        policy: &Policy,
    ) -> Vec<&'a Tag> {
        let names: HashSet<&str> = self.rows.iter().map(|(cluster, _)| cluster.as_str()).collect();
        let asked = clusters.filter(|cluster| names.contains(cluster.id.as_str()));
        let own: HashMap<&str, &[Tag]> =
            asked.map(|cluster| (cluster.id.as_str(), cluster.tags.as_slice())).collect();
        let is_given = |(cluster, tag): &&(String, Tag)| {
            let is_own = own.get(cluster.as_str()).is_some_and(|own| own.contains(tag));
            !is_own && policy.mark_key.0.as_ref() != Some(&tag.key) && tag.key != policy.change_key.0
        };
        self.rows.iter().filter(is_given).map(|(_, tag)| tag).collect()
    }
}

/// Tags that were given for a cluster, less the mark.
fn rows<'a>(
    cluster: &'a str,
    tags: &'a [Tag],
    mark: Option<&'a String>,
) -> impl Iterator<Item = (String, Tag)> + 'a {
    let given = tags.iter().filter(move |tag| Some(&tag.key) != mark);
    given.map(move |tag| (cluster.to_owned(), tag.clone()))
}
