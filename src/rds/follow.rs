//! The calls that are made again and again without a key: one request each, never repeated below, so that
//! whoever keeps the rate knows it.

use aws_sdk_rds::config::{Builder, Config};
use aws_sdk_rds::types::{Filter, SourceType};

use super::client::Client;
use super::convert;
use super::error::unreadable;
use super::options;
use super::reads::{PAGE, page};
use super::witness::Witness;
use crate::domain::event::SnapshotEvent;
use crate::domain::failure::Failure;
use crate::domain::page::Page;
use crate::domain::snapshot::Snapshot;

impl Client {
    /// Looks up to 100 DB cluster snapshots of any type up. What is not there is not in the answer.
    ///
    /// # Errors
    /// What failed.
    pub async fn follow(&self, ids: &[String]) -> Result<Vec<Snapshot>, Failure> {
        let filter = Filter::builder().name("db-cluster-snapshot-id").set_values(Some(ids.to_vec())).build();
        let witness = Witness::default();
        let call = self
            .rds()
            .describe_db_cluster_snapshots()
            .filters(filter)
            .max_records(PAGE)
            .customize()
            .config_override(once())
            .interceptor(witness.clone())
            .send();
        let answer = self.ask(&witness, call).await?;
        let page = page(answer.db_cluster_snapshots(), convert::snapshot, answer.marker())?;
        // What would be on a further page must not be taken for gone.
        if page.next.is_some() {
            return Err(unreadable("the answer has more snapshots than were asked for", None));
        }
        Ok(page.items)
    }

    /// Lists one page of the manual DB cluster snapshots of the Region.
    ///
    /// # Errors
    /// What failed.
    pub async fn manual_page(&self, marker: Option<&str>) -> Result<Page<Snapshot>, Failure> {
        let witness = Witness::default();
        let call = self
            .rds()
            .describe_db_cluster_snapshots()
            .snapshot_type("manual")
            .max_records(PAGE)
            .set_marker(marker.map(str::to_owned))
            .customize()
            .config_override(once())
            .interceptor(witness.clone())
            .send();
        let answer = self.ask(&witness, call).await?;
        page(answer.db_cluster_snapshots(), convert::snapshot, answer.marker())
    }

    /// Lists one page of the events of DB cluster snapshots of the last minutes.
    ///
    /// # Errors
    /// What failed.
    pub async fn events_page(
        &self,
        minutes: u16,
        marker: Option<&str>,
    ) -> Result<Page<SnapshotEvent>, Failure> {
        let witness = Witness::default();
        let call = self
            .rds()
            .describe_events()
            .source_type(SourceType::DbClusterSnapshot)
            .duration(i32::from(minutes))
            .max_records(PAGE)
            .set_marker(marker.map(str::to_owned))
            .customize()
            .config_override(once())
            .interceptor(witness.clone())
            .send();
        let answer = self.ask(&witness, call).await?;
        let items = answer.events().iter().filter_map(convert::event).collect();
        let next = answer.marker().filter(|marker| !marker.is_empty()).map(str::to_owned);
        Ok(Page { items, next })
    }
}

fn once() -> Builder {
    Config::builder().retry_config(options::create_retries()).timeout_config(options::read_timeouts())
}
