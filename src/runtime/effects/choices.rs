//! Which profiles and Regions can be opened: read from the files of AWS, and from what was chosen earlier.

use tokio::sync::mpsc;

use crate::app::message::Msg;
use crate::app::request_id::RequestId;
use crate::choices;
use crate::domain::failure::Failure;
use crate::domain::profile::Choices;
use crate::rds;

/// Reads them, and sends them.
pub(super) async fn read(id: RequestId, answers: mpsc::Sender<Msg>) {
    // Nobody takes it once the loop is over.
    let _ = answers.send(Msg::Choices(id, found().await)).await;
}

async fn found() -> Result<Choices, Failure> {
    let used = tokio::task::spawn_blocking(choices::used).await.unwrap_or_default();
    let regions = rds::regions().iter().map(|region| (*region).to_owned()).collect();
    Ok(Choices { profiles: rds::profiles().await?, regions, used })
}
