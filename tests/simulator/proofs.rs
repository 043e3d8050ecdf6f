//! Faults that spoil what a proof stands on: dates, tags, deliveries, lists, accounts.

use aws_sdk_rds::types::{Filter, Tag};
use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{FaultyAnswer, Tagger};

use super::*;

const LOOK_UP: &str = "DescribeDBClusterSnapshots";
const OTHER: &str = "210987654321";

fn tags(snapshot: &aws_sdk_rds::types::DbClusterSnapshot) -> Vec<(&str, &str)> {
    snapshot.tag_list().iter().map(|tag| (tag.key().unwrap(), tag.value().unwrap())).collect()
}

async fn listed(rds: &Client) -> Vec<aws_sdk_rds::types::DbClusterSnapshot> {
    rds.describe_db_cluster_snapshots().send().await.unwrap().db_cluster_snapshots.unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_date_can_be_off_while_create_times_are_right() {
    for (fault, date) in [
        (Fault::on("*").date_off_s(86_400), "Tue, 24 Nov 2026 02:00:00 GMT"),
        (Fault::on(CREATE).date_off_s(-10), "Mon, 23 Nov 2026 01:59:50 GMT"),
        (Fault::on(CREATE).date("Fri, 31 Dec 9999 23:59:59 GMT"), "Fri, 31 Dec 9999 23:59:59 GMT"),
    ] {
        let sim = simulator(fleet(), vec![fault.clone()]);
        let rds = client(&sim);
        let refused = create(&rds, "nowhere", "a").await.unwrap_err();
        assert_eq!(refused.raw_response().unwrap().headers().get("date"), Some(date));
        sim.set_faults(FaultScript::default());
        let made = create(&rds, "orders", "a").await.unwrap();
        assert_eq!(made.snapshot_create_time().unwrap().secs(), 1_795_399_200, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_auto_tagger_changes_each_new_snapshot_a_while_later() {
    let tagger = Tagger {
        after: Duration::from_millis(200).into(),
        remove: vec!["ticket".to_owned()],
        set: [("owner".to_owned(), "bot".to_owned())].into(),
        ..Tagger::default()
    };
    let sim = simulator(Fleet::demo(), vec![]);
    sim.set_faults(FaultScript { tagger: Some(tagger), ..FaultScript::default() });
    let rds = client(&sim);
    let before = listed(&rds).await;
    let tag = |key, value| Tag::builder().key(key).value(value).build();
    let request = rds.create_db_cluster_snapshot().db_cluster_identifier("billing");
    let request = request.db_cluster_snapshot_identifier("ours").tags(tag("owner", "me"));
    let made = request.tags(tag("ticket", "1")).tags(tag("mark", "x")).send().await.unwrap();
    assert_eq!(tags(&made.db_cluster_snapshot.unwrap()), [("owner", "me"), ("ticket", "1"), ("mark", "x")]);
    sim.create_by_another("another", "billing", vec![]);
    let named = |name: &'static str| {
        let look = rds.describe_db_cluster_snapshots().db_cluster_snapshot_identifier(name).send();
        async move { look.await.unwrap().db_cluster_snapshots.unwrap().remove(0) }
    };
    pass(3).await;
    assert_eq!(tags(&named("ours").await), [("owner", "bot"), ("mark", "x")]);
    assert_eq!(tags(&named("another").await), [("owner", "bot")]);
    let arn = named("ours").await.db_cluster_snapshot_arn.unwrap();
    rds.add_tags_to_resource().resource_name(arn).tags(tag("ticket", "2")).send().await.unwrap();
    assert_eq!(tags(&named("ours").await).last(), Some(&("ticket", "2")), "it comes once");
    let new = ["ours", "another"];
    let is_new = |id: Option<&str>| id.is_some_and(|id| new.contains(&id));
    let mut after = listed(&rds).await;
    after.retain(|snapshot| !is_new(snapshot.db_cluster_snapshot_identifier()));
    let all = |list: &[aws_sdk_rds::types::DbClusterSnapshot]| -> Vec<_> {
        list.iter().map(|snapshot| snapshot.tag_list().to_vec()).collect()
    };
    assert_eq!(all(&before), all(&after), "old snapshots keep their tags");
}

#[tokio::test(start_paused = true)]
async fn an_answer_to_the_second_of_two_deliveries_says_that_the_name_is_taken() {
    let sim = simulator(fleet(), vec![Fault::on(CREATE).delivered_twice()]);
    let rds = client(&sim);
    assert_eq!(code(create(&rds, "orders", "a").await), "DBClusterSnapshotAlreadyExistsFault");
    assert_eq!((sim.calls(CREATE), sim.creates(), listed(&rds).await.len()), (1, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_carried_out_while_ours_is_refused() {
    let busy = FaultyAnswer::error(400, "InvalidDBClusterStateFault", "not available");
    let sim = simulator(fleet(), vec![Fault::on(CREATE).happened(true).answer(busy)]);
    assert_eq!(code(create(&client(&sim), "orders", "a").await), "InvalidDBClusterStateFault");
    assert_eq!((sim.creates(), sim.has_snapshot("a")), (1, true));
}

/// How a look-up of `a` ends by its identifier, by its cluster, by a filter and in the whole list.
async fn look_ups(rds: &Client) -> Vec<String> {
    let ask = || rds.describe_db_cluster_snapshots();
    let filter = Filter::builder().name("db-cluster-snapshot-id").values("a").build();
    let mut seen = Vec::new();
    for request in [
        ask().db_cluster_snapshot_identifier("a"),
        ask().db_cluster_identifier("orders"),
        ask().filters(filter),
        ask(),
    ] {
        seen.push(match request.send().await {
            Ok(answer) => answer.db_cluster_snapshots().len().to_string(),
            Err(why) => why.code().unwrap().to_owned(),
        });
    }
    seen
}

const ABSENT: [&str; 4] = ["DBClusterSnapshotNotFoundFault", "0", "0", "0"];

#[tokio::test(start_paused = true)]
async fn a_new_snapshot_is_missing_in_every_kind_of_look_up_while_lists_lag() {
    for lag in [0, 20, 600] {
        let fleet = Fleet { list_lag: Period::seconds(lag), ..fleet() };
        let rds = client(&simulator(fleet, vec![]));
        create(&rds, "orders", "a").await.unwrap();
        if lag > 0 {
            pass(u64::try_from(lag).unwrap() - 1).await;
            assert_eq!(look_ups(&rds).await, ABSENT, "{lag}");
            pass(1).await;
        }
        assert_eq!(look_ups(&rds).await, ["1"; 4], "{lag}");
    }
}

#[tokio::test(start_paused = true)]
async fn single_look_ups_can_lag_and_later_ones_not_or_the_other_way_round() {
    let late = |call| Fault::on(LOOK_UP).call(call).lag(Period::seconds(600));
    let rds = client(&simulator(fleet(), vec![late(2), late(3), late(5)]));
    create(&rds, "orders", "a").await.unwrap();
    assert_eq!(look_ups(&rds).await, ["1", "0", "0", "1"]);
    assert_eq!(look_ups(&rds).await, [ABSENT[0], "1", "1", "1"]);
    let fleet = Fleet { list_lag: Period::seconds(600), ..fleet() };
    let rds = client(&simulator(fleet, vec![Fault::on(LOOK_UP).call(1).lag(Period::seconds(0))]));
    create(&rds, "orders", "a").await.unwrap();
    assert_eq!(look_ups(&rds).await, ["1", "0", "0", "0"]);
}

#[tokio::test(start_paused = true)]
async fn one_look_up_answers_an_empty_list_while_the_snapshot_is_being_created() {
    let rds = client(&simulator(fleet(), vec![Fault::on(LOOK_UP).call(1).edit("DBClusterSnapshot", None)]));
    create(&rds, "orders", "a").await.unwrap();
    assert_eq!(look_ups(&rds).await, ["0", "1", "1", "1"]);
    assert_eq!(listed(&rds).await[0].status(), Some("creating"));
}

#[tokio::test(start_paused = true)]
async fn the_same_access_key_belongs_to_another_account_from_a_call_on() {
    let sim = simulator(fleet(), vec![Fault::on(CREATE).call(2).account(OTHER)]);
    let rds = client(&sim);
    create(&rds, "orders", "a").await.unwrap();
    let made = create(&rds, "orders", "b").await.unwrap();
    let arn = format!("arn:aws:rds:eu-west-1:{OTHER}:cluster-snapshot:b");
    assert_eq!(made.db_cluster_snapshot_arn(), Some(arn.as_str()));
    assert_eq!(look_ups(&rds).await, [ABSENT[0], "1", "0", "1"], "only the other account's is there");
    assert_eq!(caller(&sim).await.unwrap(), OTHER);
    assert_eq!(sim.snapshots_named("b"), [arn]);
    assert_eq!(sim.snapshots_named("A"), ["arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:a"]);
    assert_eq!((sim.creates(), sim.has_snapshot("a")), (2, true));
}

#[tokio::test(start_paused = true)]
async fn an_answer_can_be_of_another_account_and_region_of_another_type_old_and_available() {
    let arn = "arn:aws:rds:us-east-1:999999999999:cluster-snapshot:a";
    let fault = Fault::on(CREATE)
        .edit("DBClusterSnapshotArn", Some(arn))
        .edit("SnapshotType", Some("automated"))
        .edit("SnapshotCreateTime", Some("2020-01-01T00:00:00Z"))
        .edit("Status", Some("available"));
    let made = create(&client(&simulator(fleet(), vec![fault])), "orders", "a").await.unwrap();
    assert_eq!(made.db_cluster_snapshot_arn(), Some(arn));
    assert_eq!((made.snapshot_type(), made.status()), (Some("automated"), Some("available")));
    assert_eq!(made.snapshot_create_time().unwrap().secs(), 1_577_836_800);
}

#[tokio::test(start_paused = true)]
async fn sts_alone_can_be_denied_or_away() {
    for (status, wire_code) in [(403, "AccessDenied"), (503, "ServiceUnavailable")] {
        let refused = FaultyAnswer::error(status, wire_code, "no");
        let sim = simulator(fleet(), vec![Fault::on("GetCallerIdentity").answer(refused)]);
        assert_eq!(caller(&sim).await, Err(wire_code.to_owned()));
        create(&client(&sim), "orders", "a").await.unwrap();
    }
}

/// The account that STS names.
async fn caller(sim: &Arc<Simulator>) -> Result<String, String> {
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(aws_sdk_sts::config::BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"))
        .retry_config(RetryConfig::disabled())
        .http_client(in_process::connector(Arc::clone(sim)))
        .build();
    let answer = aws_sdk_sts::Client::from_conf(config).get_caller_identity().send().await;
    answer.map(|caller| caller.account.unwrap()).map_err(|why| why.code().unwrap().to_owned())
}
