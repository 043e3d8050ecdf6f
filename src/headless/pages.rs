//! Lists read to their end.

use std::collections::HashSet;

use super::problem::{Code, Problem};
use crate::domain::cluster::Cluster;
use crate::domain::failure::Failure;
use crate::domain::page::{Page, SnapshotScope};
use crate::domain::snapshot::Snapshot;
use crate::rds::Client;

/// Reads every DB cluster.
///
/// # Errors
/// What failed; half a list is none.
pub async fn clusters(client: &Client) -> Result<Vec<Cluster>, Problem> {
    let mut pages = Pages::default();
    loop {
        let page = client.clusters_page(pages.marker.as_deref()).await;
        if pages.take(page)? {
            return Ok(pages.items);
        }
    }
}

/// Reads every DB cluster snapshot of a scope.
///
/// # Errors
/// What failed; half a list is none.
pub async fn snapshots(client: &Client, scope: &SnapshotScope) -> Result<Vec<Snapshot>, Problem> {
    let mut pages = Pages::default();
    loop {
        let page = client.snapshots_page(scope, pages.marker.as_deref()).await;
        if pages.take(page)? {
            return Ok(pages.items);
        }
    }
}

/// What was read of a list so far.
struct Pages<T> {
    items: Vec<T>,
    marker: Option<String>,
    seen: HashSet<String>,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self { items: Vec::new(), marker: None, seen: HashSet::new() }
    }
}

impl<T> Pages<T> {
    /// Takes a page; whether it was the last. A marker that comes again would lead in a circle for ever.
    fn take(&mut self, page: Result<Page<T>, Failure>) -> Result<bool, Problem> {
        let page = page?;
        self.items.extend(page.items);
        self.marker = page.next;
        match &self.marker {
            Some(marker) if !self.seen.insert(marker.clone()) => {
                let message =
                    "The list leads in a circle: a page's marker came twice, so the rest is not known";
                Err(Problem::new(Code::Network, message))
            }
            marker => Ok(marker.is_none()),
        }
    }
}
