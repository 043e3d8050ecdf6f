//! The calls that change nothing. Each is one page or one answer; whoever follows markers reads them into a
//! [`PageGuard`].

use aws_sdk_rds::types::{Filter, SourceType};
use jiff::Timestamp;

use super::call_probe::probed;
use super::client::Client;
use super::convert;
use super::error::unreadable;
use crate::domain::account::AccountId;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::Caller;
use crate::domain::event::SnapshotEvent;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Listing;
use crate::domain::page::{Page, PageGuard, Quota, SnapshotScope};
use crate::domain::snapshot::{Snapshot, SnapshotKind};

/// The most rows that the service gives in a page.
const PAGE: i32 = 100;
/// What the markers of the list of AWS Backup's begin with: no marker of the service has this character.
const BACKUP: &str = "\u{1}awsbackup";
/// For how many minutes the service keeps events.
const EVENTS_KEPT: i32 = 14 * 24 * 60;
/// The most values that the service takes in a filter.
const FILTER_VALUES: usize = 100;

impl Client {
    /// Asks who the credentials belong to.
    ///
    /// # Errors
    /// What failed; reads have no effect, whatever the failure says.
    pub async fn caller(&self) -> Result<Caller, Failure> {
        let answer = self.ask(probed!(self.sts()?.get_caller_identity())).await?;
        match (answer.account().and_then(AccountId::reported), answer.arn()) {
            (Some(account), Some(arn)) => Ok(Caller { account, arn: arn.to_owned() }),
            _ => Err(unreadable("the answer names no account or no caller", None)),
        }
    }

    /// Lists one page of DB clusters, those of Neptune and DocumentDB included.
    ///
    /// # Errors
    /// What failed.
    pub async fn clusters_page(&self, marker: Option<&str>) -> Result<Page<Cluster>, Failure> {
        let call = self.rds().describe_db_clusters().max_records(PAGE);
        let answer = self.ask(probed!(call.set_marker(marker.map(str::to_owned)))).await?;
        page(answer.db_clusters(), convert::cluster, answer.marker())
    }

    /// The account that the ARNs of clusters name, which are always the caller's own; one request, never repeated below.
    ///
    /// # Errors
    /// Why there are no credentials that AWS takes. After any other failure it only is not known.
    pub async fn account_of_clusters(&self) -> Result<Option<AccountId>, Failure> {
        match self.once().clusters_page(None).await {
            Ok(page) => Ok(page.items.iter().find_map(Cluster::account)),
            Err(failure) if failure.kind.is_credentials() => Err(failure),
            Err(_) => Ok(None),
        }
    }

    /// Looks one DB cluster up; `None` if there is none of that name.
    ///
    /// # Errors
    /// What failed.
    pub async fn cluster(&self, id: &ClusterId) -> Result<Option<Cluster>, Failure> {
        let call = self.rds().describe_db_clusters().db_cluster_identifier(id.as_str());
        let answer = match self.ask(probed!(call)).await {
            Err(failure) if failure.kind == FailureKind::ClusterNotFound => return Ok(None),
            answer => answer?,
        };
        match page(answer.db_clusters(), convert::cluster, None)?.items.into_iter().next() {
            Some(cluster) if cluster.id != *id => Err(unreadable("it is about another cluster", None)),
            found => Ok(found),
        }
    }

    /// Lists one page of the DB cluster snapshots of a scope, with their tags. Behind the last of all types come those of
    /// AWS Backup: it is not documented whether a list without a type has them.
    ///
    /// # Errors
    /// What failed.
    pub async fn snapshots_page(
        &self,
        scope: &SnapshotScope,
        marker: Option<&str>,
    ) -> Result<Page<Snapshot>, Failure> {
        let cluster = match scope {
            SnapshotScope::Region => None,
            SnapshotScope::Cluster(id) => Some(id.clone()),
            SnapshotScope::Manual | SnapshotScope::Kind(..) => return self.page_of_list(scope, marker).await,
        };
        if let Some(rest) = marker.and_then(|marker| marker.strip_prefix(BACKUP)) {
            let backups = SnapshotScope::Kind(SnapshotKind::AwsBackup, cluster);
            let marker = Some(rest).filter(|rest| !rest.is_empty());
            let mut page = self.page_of_list(&backups, marker).await?;
            page.next = page.next.map(|next| format!("{BACKUP}{next}"));
            return Ok(page);
        }
        let mut page = self.page_of_list(scope, marker).await?;
        page.next = page.next.or_else(|| Some(BACKUP.to_owned()));
        Ok(page)
    }

    /// One page as the service has it: without a type manual and automated ones, and those that other accounts share if
    /// it is told to.
    async fn page_of_list(
        &self,
        scope: &SnapshotScope,
        marker: Option<&str>,
    ) -> Result<Page<Snapshot>, Failure> {
        let call = self.rds().describe_db_cluster_snapshots().max_records(PAGE);
        let call = match scope {
            SnapshotScope::Region => call.include_shared(true),
            SnapshotScope::Manual => call.snapshot_type("manual"),
            SnapshotScope::Cluster(id) => call.db_cluster_identifier(id.as_str()),
            SnapshotScope::Kind(kind, cluster) => call
                .snapshot_type(kind.as_str())
                .set_db_cluster_identifier(cluster.as_ref().map(|id| id.as_str().to_owned())),
        };
        let answer = self.ask(probed!(call.set_marker(marker.map(str::to_owned)))).await?;
        page(answer.db_cluster_snapshots(), convert::snapshot, answer.marker())
    }

    /// Looks DB cluster snapshots of any type up by names as they were listed: up to 100 in one call, none in none. What is
    /// not there is not in the answer.
    ///
    /// # Errors
    /// What failed.
    pub async fn snapshots_named(&self, names: &[impl AsRef<str>]) -> Result<Listing, Failure> {
        let mut found = Vec::new();
        let mut server_time = None;
        for of_type in by_type(names) {
            let (mut rows, mut guard) = (Vec::new(), PageGuard::default());
            let mut marker = None;
            loop {
                let (page, time) = match self.snapshots_filtered(&of_type, marker).await {
                    // A filter that finds nothing is no failure, whichever way that is said.
                    Err(failure) if failure.kind == FailureKind::SnapshotNotFound => break,
                    answer => answer?,
                };
                server_time = time;
                marker = guard.take(page, &mut rows)?;
                if marker.is_none() {
                    break;
                }
            }
            found.extend(rows);
        }
        Ok(Listing::answered(found, server_time))
    }

    /// One page of the snapshots of these names, and the server's clock.
    async fn snapshots_filtered(
        &self,
        (kind, ids): &(Option<&'static str>, Vec<String>),
        marker: Option<String>,
    ) -> Result<(Page<Snapshot>, Option<Timestamp>), Failure> {
        let filter = Filter::builder().name("db-cluster-snapshot-id").set_values(Some(ids.clone())).build();
        let call = self.rds().describe_db_cluster_snapshots().filters(filter).max_records(PAGE);
        let call = call.set_snapshot_type(kind.map(str::to_owned));
        let (probe, call) = probed!(call.set_marker(marker));
        let answer = self.ask((probe.clone(), call)).await?;
        let page = page(answer.db_cluster_snapshots(), convert::snapshot, answer.marker())?;
        Ok((page, probe.seen().server_time))
    }

    /// Asks for the quota of manual DB cluster snapshots; `None` if the service does not tell.
    ///
    /// # Errors
    /// What failed.
    pub async fn quota(&self) -> Result<Option<Quota>, Failure> {
        let answer = self.ask(probed!(self.rds().describe_account_attributes())).await?;
        let quota = answer
            .account_quotas()
            .iter()
            .find(|quota| quota.account_quota_name() == Some("ManualClusterSnapshots"));
        Ok(quota.and_then(|quota| {
            Some(Quota { used: quota.used()?.try_into().ok()?, max: quota.max()?.try_into().ok()? })
        }))
    }

    /// Lists the events of one DB cluster snapshot that the service keeps: a handful, on one page.
    ///
    /// # Errors
    /// What failed.
    pub async fn events_of(&self, id: &str) -> Result<Vec<SnapshotEvent>, Failure> {
        let call = self.rds().describe_events().source_type(SourceType::DbClusterSnapshot);
        let answer = self.ask(probed!(call.source_identifier(id).duration(EVENTS_KEPT))).await?;
        Ok(answer.events().iter().filter_map(convert::event).collect())
    }

    /// Lists one page of the events of DB cluster snapshots of the last minutes; the service keeps 14 days.
    ///
    /// # Errors
    /// What failed.
    pub async fn events_page(
        &self,
        minutes: u16,
        marker: Option<&str>,
    ) -> Result<Page<SnapshotEvent>, Failure> {
        let call = self.rds().describe_events().source_type(SourceType::DbClusterSnapshot);
        let call = call.duration(minutes.into()).max_records(PAGE).set_marker(marker.map(str::to_owned));
        let answer = self.ask(probed!(call)).await?;
        let items = answer.events().iter().filter_map(convert::event).collect();
        let next = answer.marker().filter(|marker| !marker.is_empty()).map(str::to_owned);
        Ok(Page { items, next })
    }
}

/// Names, no more at once than the service takes, with the type to ask for them by: AWS Backup's, which begin alike, may
/// be in no list without one.
fn by_type(names: &[impl AsRef<str>]) -> Vec<(Option<&'static str>, Vec<String>)> {
    let names = names.iter().map(|name| name.as_ref().to_owned());
    let (backups, others): (Vec<String>, Vec<String>) =
        names.partition(|name| name.starts_with("awsbackup:"));
    let of =
        |kind, names: &[String]| names.chunks(FILTER_VALUES).map(|names| (kind, names.to_vec())).collect();
    let (others, backups): (Vec<_>, Vec<_>) = (of(None, &others), of(Some("awsbackup"), &backups));
    [others, backups].concat()
}

/// Converts a page; an answer with a row that has no identifier is not taken for a list.
fn page<T, U>(
    rows: &[T],
    convert: impl Fn(&T) -> Option<U>,
    marker: Option<&str>,
) -> Result<Page<U>, Failure> {
    let nameless = |row: usize| unreadable(format!("row {} of the list has no identifier", row + 1), None);
    let items = rows.iter().enumerate().map(|(row, one)| convert(one).ok_or_else(|| nameless(row)));
    let items = items.collect::<Result<Vec<U>, Failure>>()?;
    Ok(Page { items, next: marker.filter(|marker| !marker.is_empty()).map(str::to_owned) })
}
