//! Questions, each put in one request and its answer handed on: the core keeps the rate.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::question::{Answer, Question};
use crate::app::request_id::RequestId;
use crate::domain::failure::Failure;
use crate::domain::page::SnapshotScope;
use crate::names;

use super::connection::Connection;
use super::recovery;

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
            let page = reader.snapshots_page(&SnapshotScope::Region, marker.as_deref()).await?;
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
            let listed = reader.snapshots_named(&names).await?.listed;
            recovery::take_back(connection, &listed, answers).await;
            Answer::Named(listed)
        }
        Question::Cluster(cluster) => Answer::Cluster(reader.cluster(&cluster).await?.map(Box::new)),
        Question::Quota => Answer::Quota(reader.quota().await?),
        Question::Followed(ids) => {
            let answer = reader.snapshots_named(&ids).await?;
            Answer::Followed(connection.session.listing(answer, ids.len()).await)
        }
        Question::Events { minutes, marker } => {
            Answer::Events(reader.events_page(minutes, marker.as_deref()).await?)
        }
    })
}
