//! The screens where it is about proof: the mark, open requests, and whose the account is.

use clustersnap::app::Appearance;
use clustersnap::app::effect::Effect;
use clustersnap::app::message::Msg;
use clustersnap::domain::account::AccountId;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::domain::record::{Intent, OpenRecords};

use super::fixtures::{self, ACCOUNT, intent};
use super::screens::{NAME, to_orders, to_review};
use super::stage::Stage;
use super::states::{denied, failing, with_fifty_tags};

scene!(form_without_room_for_the_mark, async |stage: &mut Stage| {
    with_fifty_tags(stage).await;
    stage.press("ctrl-n").await;
    stage.type_text("one-more").await;
    stage.press("ctrl-s").await;
});
scene!(form_without_the_mark, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press("s ctrl-y").await;
});
scene!(
    form_after_a_refusal_of_the_mark,
    failing("CreateDBClusterSnapshot", denied("AddTagsToResource")),
    async |stage: &mut Stage| {
        to_review(stage).await;
        stage.press("y").await;
    }
);
scene!(review_without_the_mark, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press("s ctrl-u").await;
    stage.type_text(NAME).await;
    stage.press("ctrl-y ctrl-s").await;
});
/// Goes to the review of a snapshot of this name while a request for another one of the cluster is open.
async fn to_review_beside_an_open_request(stage: &mut Stage, name: &str) {
    to_orders(stage).await;
    stage.press("s ctrl-u").await;
    stage.type_text(name).await;
    let effects = stage.press_only("ctrl-s");
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::ReadOpenRequests(id) => Some(*id),
        _ => None,
    });
    let (account, region) = (AccountId::reported(ACCOUNT), stage.place().region);
    let at = "2026-11-23T01:05:00Z".parse().expect("a time");
    let open = fixtures::open(Intent {
        account,
        region,
        server_time: Some(at),
        ..intent("n", "orders-prod", NAME, at)
    });
    stage.update(Msg::OpenRequests(
        asked.expect("the journal is asked"),
        Ok(OpenRecords { records: vec![open], ..OpenRecords::default() }),
    ));
}

/// Connected, with requests of earlier runs that are open, while it is not known yet who asks.
#[expect(clippy::unused_async, reason = "scenes are set and played by async functions")]
async fn left_open(size: (u16, u16), look: Appearance) -> Stage {
    let (mut stage, effects) = Stage::opening(size, look, "");
    let Some(Effect::Connect { id, .. }) = effects.first() else { panic!("{effects:?}") };
    let place = stage.place();
    let effects = stage.update(Msg::Connected(*id, Ok(place)));
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::ReadOpenRequests(id) => Some(*id),
        _ => None,
    });
    let region = stage.place().region;
    let at = "2026-11-23T01:05:00Z".parse().expect("a time");
    let open = |number, name| {
        fixtures::open(Intent { region: region.clone(), ..intent(number, "orders-prod", name, at) })
    };
    let records = vec![open("n", NAME), open("m", "orders-again")];
    let known = OpenRecords { records, ..OpenRecords::default() };
    stage.update(Msg::OpenRequests(asked.expect("the journal is asked"), Ok(known)));
    stage
}

scene!(requests_of_earlier_runs_before_it_is_known_who_asks, left_open, async |_: &mut Stage| {});
scene!(review_of_a_name_for_which_a_request_is_open, async |stage: &mut Stage| {
    to_review_beside_an_open_request(stage, NAME).await;
});
scene!(form_beside_an_open_request, async |stage: &mut Stage| {
    to_review_beside_an_open_request(stage, "orders-again").await;
    stage.press("esc").await;
});
scene!(review_for_an_account_that_cannot_be_verified, async |stage: &mut Stage| {
    to_review(stage).await;
    for cluster in &mut stage.app.world.place_mut().catalog.clusters.items {
        cluster.arn = None;
    }
    stage.app.world.place_mut().caller.failure =
        Some(Failure::local(FailureKind::NoConnection, "no route to sts"));
});
