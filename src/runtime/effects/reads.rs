//! Questions, each put in one request and its answer handed on: the core keeps the rate.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::question::{Answer, Question};
use crate::app::request_id::RequestId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::page::{Page, SnapshotScope};
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::names;
use crate::rds::Client;

use super::connection::Connection;
use super::recovery;

/// What the markers of the second list begin with: no marker of the service has this character.
const BACKUP: &str = "\u{1}awsbackup";

/// Puts a question, and sends its answer.
pub(super) async fn ask(
    connected: Result<Arc<Connection>, Failure>,
    id: RequestId,
    question: Question,
    answers: mpsc::Sender<Msg>,
) {
    let answer = match connected {
        Ok(connection) => answer(&connection, question, &answers).await,
        Err(failure) => Err(failure),
    };
    // Nobody takes it once the loop is over.
    let _ = answers.send(Msg::Answered(id, answer)).await;
}

async fn answer(
    connection: &Arc<Connection>,
    question: Question,
    answers: &mpsc::Sender<Msg>,
) -> Result<Answer, Failure> {
    let (reader, place) = (&connection.reader, connection.session.target());
    Ok(match question {
        Question::Caller => Answer::Caller(connection.read_caller().await?),
        Question::Clusters(marker) => {
            let page = reader.clusters_page(marker.as_deref()).await?;
            let names = names::of_clusters(&page.items);
            connection.clusters.note(place, marker.is_none(), names, page.next.is_none());
            Answer::Clusters(page)
        }
        Question::Snapshots(marker) => {
            let page = snapshot_page(reader, marker.as_deref()).await?;
            let names = names::of_snapshots(&page.items);
            connection.snapshots.note(place, marker.is_none(), names, page.next.is_none());
            recovery::take_back(connection, &page.items, answers).await;
            Answer::Snapshots(page)
        }
        Question::ManualSnapshots(marker) => {
            let page = reader.snapshots_page(&SnapshotScope::Manual, marker.as_deref()).await?;
            recovery::take_back(connection, &page.items, answers).await;
            Answer::ManualSnapshots(page)
        }
        Question::Named(names) => {
            let listed = reader.follow(&names).await?.listed;
            recovery::take_back(connection, &listed, answers).await;
            Answer::Named(listed)
        }
        Question::Cluster(cluster) => Answer::Cluster(reader.cluster(&cluster).await?.map(Box::new)),
        Question::Quota => Answer::Quota(reader.quota().await?),
        Question::Followed(ids) => {
            let answer = reader.follow(&ids).await?;
            let look = connection.session.listing(answer, ids.len()).await;
            if connection.session.is_of_another(&look) {
                let what = "what is followed is not of this account";
                return Err(Failure::local(FailureKind::OtherAccount, what));
            }
            Answer::Followed(look)
        }
        Question::Events { minutes, marker } => {
            Answer::Events(reader.events_page(minutes, marker.as_deref()).await?)
        }
    })
}

/// Reads the page behind a marker. Behind the last of all types come those of AWS Backup: it is not
/// documented whether a list without a type has them.
async fn snapshot_page(client: &Client, marker: Option<&str>) -> Result<Page<Snapshot>, Failure> {
    if let Some(rest) = marker.and_then(|marker| marker.strip_prefix(BACKUP)) {
        let marker = Some(rest).filter(|rest| !rest.is_empty());
        let backups = SnapshotScope::Kind(SnapshotKind::AwsBackup, None);
        let mut page = client.snapshots_page(&backups, marker).await?;
        page.next = page.next.map(|next| format!("{BACKUP}{next}"));
        return Ok(page);
    }
    let mut page = client.snapshots_page(&SnapshotScope::Region, marker).await?;
    page.next = page.next.or_else(|| Some(BACKUP.to_owned()));
    Ok(page)
}
