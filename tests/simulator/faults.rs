//! Every fault, as the SDK sees it, and whether the action was carried out.

use aws_smithy_types::retry::ErrorKind;
use clustersnap::domain::tag::Tag;
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{FaultyAnswer, Rival};

use super::*;

/// One create with a fault; gives what became of it, and how many took effect.
async fn tried(fault: Fault) -> (String, u64) {
    let sim = simulator(fleet(), vec![fault]);
    let outcome = seen(&client(&sim)).await;
    assert_eq!(sim.calls(CREATE), 1);
    (outcome, sim.creates())
}

/// What the SDK makes of the answer to a create.
pub async fn seen(client: &Client) -> String {
    match create(client, "orders", "a").await {
        Ok(_) => "ok".to_owned(),
        Err(SdkError::DispatchFailure(why)) if why.is_timeout() => "timeout".to_owned(),
        Err(SdkError::DispatchFailure(why)) if why.is_io() => "no connection".to_owned(),
        Err(SdkError::DispatchFailure(why)) if why.as_other() == Some(ErrorKind::TransientError) => {
            "broken".to_owned()
        }
        Err(SdkError::TimeoutError(_)) => "timeout".to_owned(),
        Err(SdkError::ResponseError(_)) => "response".to_owned(),
        Err(why) => format!("{} {}", why.raw_response().unwrap().status(), why.code().unwrap_or("none")),
    }
}

/// Every answer that can be given, and what the SDK makes of it.
pub fn answers() -> Vec<(FaultyAnswer, &'static str)> {
    vec![
        (FaultyAnswer::Drop, "broken"),
        (FaultyAnswer::Hang, "timeout"),
        (FaultyAnswer::Truncate { percent: 50 }, "response"),
        (FaultyAnswer::Garbage, "200 none"),
        (FaultyAnswer::body(200, ""), "200 none"),
        (FaultyAnswer::body(200, "<html><title>Login</title></html>"), "200 none"),
        (FaultyAnswer::body(502, "<html>Bad Gateway</html>"), "502 none"),
        (FaultyAnswer::error(500, "InternalFailure", "x"), "500 InternalFailure"),
        (FaultyAnswer::error(503, "ServiceUnavailable", "x"), "503 ServiceUnavailable"),
        (FaultyAnswer::error(504, "GatewayTimeout", "x"), "504 GatewayTimeout"),
        (FaultyAnswer::error(400, "Throttling", "Rate exceeded"), "400 Throttling"),
        (FaultyAnswer::error(403, "ExpiredToken", "x"), "403 ExpiredToken"),
        (FaultyAnswer::Drip { bytes: 16, every: Period::seconds(1) }, "timeout"),
    ]
}

#[tokio::test(start_paused = true)]
async fn every_fault_is_seen_alike_whether_the_action_happened_or_not() {
    for (answer, seen) in answers() {
        for happened in [false, true] {
            let fault = Fault::on(CREATE).answer(answer.clone()).happened(happened);
            assert_eq!(tried(fault).await, (seen.to_owned(), u64::from(happened)), "{answer:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_connection_is_known_never_to_have_been_made() {
    let fault = Fault::on(CREATE).answer(FaultyAnswer::Refuse).happened(true);
    assert_eq!(tried(fault).await, ("no connection".to_owned(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_delay_shorter_than_the_timeout_is_only_slow() {
    let slow = |seconds| Fault::on(CREATE).delay(Period::seconds(seconds));
    assert_eq!(tried(slow(9)).await, ("ok".to_owned(), 1));
    assert_eq!(tried(slow(11)).await, ("timeout".to_owned(), 1));
    assert_eq!(tried(slow(11).happened(false)).await, ("timeout".to_owned(), 0));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_held_up_takes_effect_when_nobody_waits_any_more() {
    let fault = Fault::on(CREATE).answer(FaultyAnswer::Drop).happens_after(Period::seconds(30));
    let sim = simulator(fleet(), vec![fault]);
    create(&client(&sim), "orders", "a").await.unwrap_err();
    pass(29).await;
    assert_eq!((sim.creates(), sim.has_snapshot("a")), (0, false));
    pass(1).await;
    assert_eq!((sim.creates(), sim.has_snapshot("A")), (1, true));
}

#[tokio::test(start_paused = true)]
async fn a_rival_takes_the_name_just_before() {
    let fault = Fault::on(CREATE).rival(Rival { cluster: Some("cursed".into()), ..Rival::default() });
    let sim = simulator(fleet(), vec![fault]);
    let rds = client(&sim);
    assert_eq!(code(create(&rds, "orders", "a").await), "DBClusterSnapshotAlreadyExistsFault");
    let list = rds.describe_db_cluster_snapshots().send().await.unwrap();
    assert_eq!(list.db_cluster_snapshots()[0].db_cluster_identifier(), Some("cursed"));
    assert_eq!(sim.creates(), 0);
}

#[tokio::test(start_paused = true)]
async fn somebody_else_may_take_a_name_at_any_moment() {
    let sim = simulator(fleet(), vec![]);
    sim.create_by_another("A", "cursed", vec![Tag::new("who", "another")]);
    sim.create_by_another("a", "orders", vec![]);
    let rds = client(&sim);
    assert_eq!(code(create(&rds, "orders", "a").await), "DBClusterSnapshotAlreadyExistsFault");
    let list = rds.describe_db_cluster_snapshots().send().await.unwrap();
    let [one] = list.db_cluster_snapshots() else { panic!("one snapshot: {list:?}") };
    assert_eq!((one.db_cluster_identifier(), one.tag_list()[0].value()), (Some("cursed"), Some("another")));
    assert_eq!(sim.creates(), 0);
}

#[tokio::test(start_paused = true)]
async fn progress_can_go_backwards() {
    let percent =
        |call, text| Fault::on("DescribeDBClusterSnapshots").call(call).edit("PercentProgress", Some(text));
    let rds = client(&simulator(fleet(), vec![percent(1, "101"), percent(2, "7")]));
    create(&rds, "orders", "a").await.unwrap();
    for expected in [101, 7, 0] {
        let list = rds.describe_db_cluster_snapshots().send().await.unwrap();
        assert_eq!(list.db_cluster_snapshots()[0].percent_progress(), Some(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn a_fault_strikes_the_call_it_is_for() {
    let throttle = FaultyAnswer::error(400, "Throttling", "Rate exceeded");
    let sim = simulator(fleet(), vec![Fault::on(CREATE).call(2).answer(throttle)]);
    let rds = client(&sim);
    create(&rds, "orders", "a").await.unwrap();
    assert_eq!(code(create(&rds, "orders", "b").await), "Throttling");
    create(&rds, "orders", "c").await.unwrap();
    sim.set_faults(FaultScript::default());
    assert_eq!((sim.calls(CREATE), sim.creates()), (3, 2));
}

#[tokio::test(start_paused = true)]
async fn answers_can_be_made_to_say_anything() {
    let fault = Fault::on(CREATE)
        .edit("DBClusterSnapshotIdentifier", Some("somebody-elses\u{202e}"))
        .edit("PercentProgress", Some("-1"))
        .edit("SnapshotCreateTime", None);
    let snapshot = create(&client(&simulator(fleet(), vec![fault])), "orders", "a").await.unwrap();
    assert_eq!(snapshot.db_cluster_snapshot_identifier(), Some("somebody-elses\u{202e}"));
    assert_eq!(snapshot.percent_progress(), Some(-1));
    assert_eq!(snapshot.snapshot_create_time(), None);
}

#[tokio::test(start_paused = true)]
async fn a_marker_can_lead_to_its_own_page() {
    let fault = Fault::on("DescribeDBClusters").answer(FaultyAnswer::LoopingMarker);
    let rds = client(&simulator(fleet(), vec![fault]));
    let first = rds.describe_db_clusters().send().await.unwrap();
    let second = rds.describe_db_clusters().marker(first.marker().unwrap()).send().await.unwrap();
    assert_eq!((first.marker(), first.db_clusters().len()), (second.marker(), 3));
}

#[tokio::test(start_paused = true)]
async fn a_clock_off_by_an_hour_shows_in_the_date_and_in_create_times() {
    let sim =
        simulator(fleet(), vec![Fault::on(CREATE).answer(FaultyAnswer::error(500, "InternalFailure", "x"))]);
    let failed = create(&client(&sim), "orders", "a").await.unwrap_err();
    let date = failed.raw_response().unwrap().headers().get("date");
    assert_eq!(date, Some("Mon, 23 Nov 2026 02:00:00 GMT"));
}
