//! Which profiles and Regions can be opened: read from the files of AWS, and from what was chosen earlier.

use crate::app::message::Msg;
use crate::choices;
use crate::domain::account::AccountId;
use crate::domain::failure::Failure;
use crate::domain::profile::{Choices, Profile};
use crate::rds;
use crate::sim::demo::{DEMO_PLACES, DemoPlace};

/// Reads them.
pub(super) async fn read(is_demo: bool) -> Option<Msg> {
    let found = if is_demo { Ok(of_demo()) } else { found().await };
    Some(Msg::Choices(found))
}

async fn found() -> Result<Choices, Failure> {
    let used = tokio::task::spawn_blocking(choices::used).await.unwrap_or_default();
    Ok(Choices { profiles: rds::profiles().await?, regions: regions(), used })
}

/// The places of the demo, which reads no file.
fn of_demo() -> Choices {
    let profile = |place: &DemoPlace| Profile {
        name: place.profile.to_owned(),
        account: AccountId::reported(place.account),
        credentials: "the embedded simulator".to_owned(),
        region: Some(place.region.to_owned()),
        is_demo: true,
    };
    let profiles = DEMO_PLACES.iter().map(profile).collect();
    Choices { profiles, regions: regions(), used: Vec::new() }
}

fn regions() -> Vec<String> {
    rds::regions().iter().map(|region| (*region).to_owned()).collect()
}
