//! Changes of many clusters, clean-ups and tags afterwards.

use clustersnap::app::effect::Effect;
use clustersnap::app::message::{Before, Msg};
use clustersnap::app::question::{Answer, Question};
use clustersnap::domain::alteration::{Alteration, AlterationRecord, Deed};
use clustersnap::domain::change::{Change, ChangeItem, ChangePlace};
use clustersnap::domain::change_id::ChangeId;
use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::domain::mark::RequestNumber;
use clustersnap::domain::pattern::{Pattern, Patterns};
use clustersnap::domain::policy::Policy;
use clustersnap::domain::record::OpenRecords;
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use clustersnap::sim::fleet::Fleet;

use jiff::SignedDuration;

use super::fixtures;
use super::shown::text;
use super::stage::{Stage, color};

/// The form of a change of all clusters, with its id typed.
pub async fn to_form(stage: &mut Stage) {
    stage.press("* s").await;
    stage.type_text("CHG-1042").await;
    stage.wait(4).await;
}

scene!(clusters_that_are_marked, async |stage: &mut Stage| {
    stage.press("space j space").await;
});
scene!(form_of_a_change, async |stage: &mut Stage| {
    to_form(stage).await;
});
scene!(form_of_a_change_whose_names_are_all_the_same, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("tab ctrl-u").await;
    stage.type_text("before-upgrade").await;
});
scene!(review_of_a_change, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("ctrl-s").await;
});
scene!(review_of_a_change_with_some_left_out, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("ctrl-s x j space").await;
});
scene!(review_of_a_change_that_stops_at_a_failure, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("ctrl-s x o").await;
});
scene!(review_of_a_change_of_which_all_is_left_out, async |stage: &mut Stage| {
    stage.press("j j j j j j j j j space s").await;
    stage.type_text("CHG-1042").await;
    stage.press("ctrl-s space").await;
});
scene!(review_of_a_change_that_the_quota_does_not_hold, nearly_full, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("ctrl-s x").await;
});
scene!(change_right_after_it_was_confirmed, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("ctrl-s x y").await;
});
scene!(change_of_which_all_that_was_sent_is_usable, async |stage: &mut Stage| {
    stage.press("j j j j j j j j space space s").await;
    stage.type_text("CHG-1042").await;
    stage.press("ctrl-s x y").await;
    stage.wait(400).await;
});
scene!(clean_up_of_two_that_is_confirmed, async |stage: &mut Stage| {
    to_plan(stage).await;
    stage.press("j n").await;
    stage.type_text("billing-month-end-2026-10").await;
    stage.press("enter y").await;
});
scene!(review_of_a_change_of_production, async |stage: &mut Stage| {
    let pattern = Pattern::new("*");
    stage.app.world.policy.production = Patterns { clusters: vec![pattern], ..Patterns::default() };
    to_form(stage).await;
    stage.press("ctrl-s x y").await;
    stage.type_text("10 CHG").await;
});
scene!(change_under_way, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("ctrl-s x y").await;
    stage.wait(5).await;
});
scene!(requests_that_wait_beside_the_list, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("ctrl-s x y").await;
    stage.wait(5).await;
    stage.press("esc tab").await;
});
scene!(change_of_which_a_wait_is_dropped, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("ctrl-s x y").await;
    stage.wait(5).await;
    stage.press("W").await;
});
scene!(change_of_which_two_came_to_nothing, partly_refused, async |stage: &mut Stage| {
    to_form(stage).await;
    stage.press("ctrl-s y").await;
    stage.wait(200).await;
});
scene!(clean_up, async |stage: &mut Stage| {
    to_plan(stage).await;
});
scene!(clean_up_of_which_nothing_can_be_deleted, async |stage: &mut Stage| {
    stage.press("v /").await;
    stage.type_text("type:automated").await;
    stage.press("enter * x").await;
});
scene!(clean_up_of_one_whose_deletion_got_no_clear_answer, async |stage: &mut Stage| {
    to_manual(stage).await;
    stage.press("*").await;
    let effects = stage.press_only("x");
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::ReadOpenRequests(id) => Some(*id),
        _ => None,
    });
    let listed = &stage.app.world.place_mut().catalog.snapshots.items;
    let snapshot = listed.iter().find(|it| it.id == "orders-prod-before-16-4").expect("it is listed").clone();
    let at = stage.now().wall.timestamp() - SignedDuration::from_mins(3);
    let asked_for = Alteration::of(&snapshot, Deed::Delete, "n".to_owned(), at, &Policy::default());
    let open = AlterationRecord { asked: asked_for.expect("it is told apart"), outcome: None };
    let known = OpenRecords { deletions: vec![open], ..OpenRecords::default() };
    stage.update(Msg::OpenRequests(asked.expect("the journal is asked"), Ok(known)));
});
scene!(clean_up_that_is_confirmed, async |stage: &mut Stage| {
    to_plan(stage).await;
    stage.press("y").await;
});
scene!(clean_up_of_one_that_is_said_by_name, async |stage: &mut Stage| {
    to_plan(stage).await;
    stage.press("j n").await;
    stage.type_text("billing-month-end-2026-10").await;
    stage.press("enter").await;
});
scene!(tags_afterwards, async |stage: &mut Stage| {
    to_manual(stage).await;
    stage.press("* t").await;
    stage.type_text("keep-until=2027-01-31 -ticket").await;
});
scene!(tags_afterwards_of_which_none_has_the_key_and_the_list_is_scrolled, async |stage: &mut Stage| {
    to_manual(stage).await;
    stage.press("* t").await;
    stage.type_text("env=prod -approved").await;
    stage.press("down down").await;
});
scene!(tags_afterwards_where_none_can_be_changed, async |stage: &mut Stage| {
    stage.press("v /").await;
    stage.type_text("type:shared").await;
    stage.press("enter * t").await;
    stage.type_text("env=prod").await;
});
scene!(form_of_a_change_with_many_tags, async |stage: &mut Stage| {
    to_form(stage).await;
    for at in 0..9 {
        stage.press("ctrl-n").await;
        stage.type_text(&format!("key-{at}")).await;
    }
});

async fn to_manual(stage: &mut Stage) {
    stage.press("v /").await;
    stage.type_text("type:manual").await;
    stage.press("enter").await;
}

async fn to_plan(stage: &mut Stage) {
    to_manual(stage).await;
    stage.press("* x").await;
}

/// The demo's fleet in an account that takes ten manual snapshots.
async fn nearly_full(size: (u16, u16), look: clustersnap::app::Appearance) -> Stage {
    let fleet = Fleet { snapshot_quota: 10, ..Fleet::demo() };
    Stage::of_fleet(size, look, fleet, FaultScript::new(Vec::new())).await
}

/// Three clusters; of the first snapshot nothing can be made, and the second request is refused.
async fn partly_refused(size: (u16, u16), look: clustersnap::app::Appearance) -> Stage {
    let mut fleet = Fleet::demo();
    fleet.clusters.retain(|it| ["orders-prod", "billing", "accounts-eu"].contains(&it.identifier.as_str()));
    for cluster in &mut fleet.clusters {
        cluster.snapshot_takes = Some(clustersnap::sim::clock::Period::seconds(20));
        cluster.snapshot_fails_at = (cluster.identifier == "accounts-eu").then_some(50);
    }
    let denied =
        FaultyAnswer::error(403, "AccessDenied", "not authorized to perform: rds:CreateDBClusterSnapshot");
    let refused = Fault::on("CreateDBClusterSnapshot").calls(2, 2).answer(denied);
    Stage::of_fleet(size, look, fleet, FaultScript::new(vec![refused])).await
}

/// A request of a change of an earlier run, in the place of a profile.
fn left(cluster: &str, profile: &str, account: Option<&str>) -> ChangeItem {
    let since = "2026-11-23T01:58:00Z".parse().expect("a time");
    let request = SnapshotRequest {
        number: RequestNumber::new(since, 1),
        cluster: ClusterId::reported(cluster),
        cluster_resource_id: None,
        snapshot: SnapshotId::parse(&format!("{cluster}-1")).expect("an identifier"),
        tags: TagSet::default(),
        mark: None,
        change: ChangeId::parse("CHG-7").ok(),
    };
    let region = Some("eu-west-1".to_owned());
    let place = ChangePlace { profile: Some(profile.to_owned()), region, endpoint: None };
    let account = account.map(fixtures::account_id);
    ChangeItem { place, account, request, when_available: false, why: None }
}

/// Goes on with a change of an earlier run of which nothing was sent.
fn go_on(stage: &mut Stage, items: Vec<ChangeItem>) -> Vec<Effect> {
    let change = Change {
        id: ChangeId::parse("CHG-7").expect("an id"),
        token: "1".to_owned(),
        since: stage.now().at(),
        items,
        all_or_stop: false,
        is_untold: false,
        left_out: Vec::new(),
    };
    stage.update(Msg::ChangesBefore(vec![Before { change, sent: Vec::new() }]));
    stage.press_only("c")
}

#[tokio::test(start_paused = true)]
async fn the_rows_of_a_change_say_in_which_account_they_are_also_where_there_is_little_room() {
    let mut stage = Stage::list((50, 16), color()).await;
    let cluster = "payments-of-european-customers-reporting";
    let of = |account| left(cluster, account, Some(account));
    go_on(&mut stage, vec![of("111111111111"), of("222222222222")]);
    stage.press_only("C");
    let shown = text(&stage.frame());
    assert!(shown.contains("111111111111 not sent") && shown.contains("222222222222 not sent"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_request_of_a_place_that_cannot_be_asked_is_not_said_to_have_its_turn() {
    let mut stage = Stage::list((100, 26), color()).await;
    let effects = go_on(&mut stage, vec![left("orders", "dr", None)]);
    let Some(Effect::Connect { id, .. }) = effects.first() else { panic!("{effects:?}") };
    stage.update(Msg::Connected(*id, Err(Failure::local(FailureKind::NoCredentials, "none"))));
    stage.press_only("C");
    let shown = text(&stage.frame());
    assert!(shown.contains("not sent yet no AWS credentials were found"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn the_key_that_drops_a_wait_is_told_where_it_drops_that_one() {
    let mut stage = Stage::list((140, 26), color()).await;
    stage.press("j j j s ctrl-s w").await;
    let has_key = |stage: &mut Stage| text(&stage.frame()).contains("; W drops it");
    assert!(has_key(&mut stage), "{}", text(&stage.frame()));
    stage.press("k").await;
    assert!(!has_key(&mut stage), "{}", text(&stage.frame()));
}

#[tokio::test(start_paused = true)]
async fn what_was_confirmed_for_an_account_is_not_told_as_that_of_the_one_that_answers_now() {
    let mut stage = Stage::list((140, 26), color()).await;
    stage.press("space s").await;
    stage.type_text("CHG-7").await;
    stage.press("ctrl-s y esc").await;
    stage.wait(2).await;
    let asked = stage.press_only("r");
    let caller = asked.iter().find_map(|effect| match effect {
        Effect::Ask(id, Question::Caller) => Some(*id),
        _ => None,
    });
    let other = Answer::Caller(fixtures::caller("999999999999"));
    stage.update(Msg::Answered(caller.expect("who asks"), Ok(other)));
    stage.press_only("C");
    let shown = text(&stage.frame());
    let row = shown.lines().find(|line| line.contains(" accounts-eu ")).expect("its row");
    assert!(row.contains("123456789012") && row.contains("account 999999999999 answers now"), "{shown}");
    assert!(row.contains("not followed"), "{shown}");
    let title = shown.lines().find(|line| line.contains("CHG-7")).expect("its title");
    assert!(title.contains("1 not followed") && !title.contains("NOT KNOWN"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_of_an_account_is_not_told_as_that_of_the_one_that_answers_now() {
    let mut stage = Stage::list((140, 26), color()).await;
    to_plan(&mut stage).await;
    stage.press("y").await;
    let asked = text(&stage.frame());
    let (_, count) = asked.split_once("Type ").expect("the count is typed");
    stage.type_text(count.split(' ').next().expect("a count")).await;
    stage.press("enter").await;
    assert!(!text(&stage.frame()).contains("ACCOUNT"), "{}", text(&stage.frame()));
    for cluster in &mut stage.app.world.place_mut().catalog.clusters.items {
        cluster.arn = cluster.arn.as_deref().map(|arn| arn.replace("123456789012", "999999999999"));
    }
    let shown = text(&stage.frame());
    assert!(shown.contains("ACCOUNT") && shown.contains("123456789012"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_key_that_drops_a_wait_is_offered_where_it_drops_one() {
    let mut stage = Stage::list((140, 26), color()).await;
    stage.press("j j j s ctrl-s w").await;
    assert!(text(&stage.frame()).contains("W drop"), "{}", text(&stage.frame()));
    stage.press("k").await;
    assert!(!text(&stage.frame()).contains("W drop"), "{}", text(&stage.frame()));
}

#[tokio::test(start_paused = true)]
async fn the_demo_is_offered_on_the_list_of_clusters_alone() {
    // While the clusters are still read nobody knows whether there are none.
    let (mut stage, effects) = Stage::opening((140, 26), color(), "");
    assert!(!text(&stage.frame()).contains("D demo"), "{}", text(&stage.frame()));
    let [Effect::Connect { id, .. }, ..] = effects.as_slice() else { panic!("{effects:?}") };
    stage.update(Msg::Connected(*id, Err(Failure::local(FailureKind::NoCredentials, "none"))));
    assert!(text(&stage.frame()).contains("D demo"), "{}", text(&stage.frame()));
    stage.press("v").await;
    assert!(!text(&stage.frame()).contains("D demo"), "{}", text(&stage.frame()));
}

#[tokio::test(start_paused = true)]
async fn the_review_of_a_change_says_that_the_mark_is_left_out_on_any_screen() {
    for size in [(140, 40), (50, 16)] {
        let mut stage = Stage::list(size, color()).await;
        stage.press("space s ctrl-y").await;
        stage.type_text("CHG-7").await;
        stage.press("ctrl-s").await;
        let shown = text(&stage.frame());
        assert!(shown.contains("nothing proves"), "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_requested_for_a_cluster_no_name_is_copied_and_no_arn_missed() {
    let mut stage = Stage::list((140, 26), color()).await;
    stage.press("space j space s").await;
    stage.type_text("CHG-7").await;
    stage.press("ctrl-s space y").await;
    stage.press("G y").await;
    let shown = text(&stage.frame());
    assert!(shown.contains("Nothing is requested here for this cluster."), "{shown}");
}
