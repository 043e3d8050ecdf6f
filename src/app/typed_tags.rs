//! The tags of the requests that were made here lately: what one types for a snapshot is often what the next one gets.

use std::collections::{HashMap, HashSet};

use crate::domain::cluster::Cluster;
use crate::domain::policy::Policy;
use crate::domain::record::Record;
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
    /// Takes tags that were given in this run for a cluster, or for several: by no name then.
    pub fn note(&mut self, cluster: &str, tags: impl Iterator<Item = Tag>) {
        self.rows.splice(0..0, tags.map(|tag| (cluster.to_owned(), tag)));
        self.rows.truncate(MOST);
    }

    /// Takes requests that the journal has, the newest first: each is older than those of this run.
    pub fn remember<'a>(&mut self, past: impl Iterator<Item = &'a Record>) {
        for intent in past.map(|record| &record.intent) {
            let own = intent.tags.iter().filter(|tag| Some(&tag.key) != intent.mark.as_ref());
            let all = own.map(|tag| (intent.cluster.clone(), tag.clone()));
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
