//! What each action does, and what it refuses.

use aws_sdk_rds::types::{Filter, SourceType, Tag};
use aws_smithy_types::DateTime;

use super::*;

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build()
}

fn pairs(tags: &[Tag]) -> Vec<(&str, &str)> {
    tags.iter().map(|tag| (tag.key().unwrap(), tag.value().unwrap())).collect()
}

fn filter(name: &str, values: &[&str]) -> Filter {
    let values = values.iter().map(ToString::to_string).collect();
    Filter::builder().name(name).set_values(Some(values)).build()
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_created_progresses_and_becomes_available() {
    let sim = simulator(fleet(), vec![]);
    let rds = client(&sim);
    let snapshot = create(&rds, "ORDERS", "Orders-1").await.unwrap();
    assert_eq!(snapshot.db_cluster_snapshot_identifier(), Some("orders-1"));
    assert_eq!(snapshot.db_cluster_identifier(), Some("orders"));
    assert_eq!((snapshot.status(), snapshot.percent_progress()), (Some("creating"), Some(0)));
    assert_eq!(snapshot.snapshot_create_time(), Some(&DateTime::from_secs(1_795_399_200)));
    let look = || async {
        let list = rds.describe_db_cluster_snapshots().db_cluster_snapshot_identifier("ORDERS-1").send();
        let one = list.await.unwrap().db_cluster_snapshots.unwrap().remove(0);
        (one.status.unwrap(), one.percent_progress.unwrap())
    };
    pass(63).await;
    assert_eq!(look().await, ("creating".to_owned(), 63));
    pass(37).await;
    assert_eq!(look().await, ("available".to_owned(), 100));
    assert_eq!((sim.creates(), sim.calls(CREATE)), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_cursed_snapshot_fails_where_it_is_told_to() {
    let rds = client(&simulator(fleet(), vec![]));
    create(&rds, "cursed", "c").await.unwrap();
    pass(200).await;
    let answer = rds.describe_db_cluster_snapshots().send().await.unwrap();
    let snapshot = &answer.db_cluster_snapshots()[0];
    assert_eq!((snapshot.status(), snapshot.percent_progress()), (Some("failed"), Some(63)));
    assert_eq!(
        code(rds.delete_db_cluster_snapshot().db_cluster_snapshot_identifier("c").send().await),
        "InvalidDBClusterSnapshotStateFault"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refused_create_says_why_in_aws_s_words_and_takes_no_effect() {
    let sim = simulator(Fleet { snapshot_quota: 1, ..fleet() }, vec![]);
    let rds = client(&sim);
    let bad = create(&rds, "orders", "a--b").await.unwrap_err();
    assert_eq!(bad.code(), Some("InvalidParameterValue"));
    assert!(bad.message().unwrap().starts_with("The parameter DBClusterSnapshotIdentifier is not a valid"));
    assert_eq!(bad.raw_response().unwrap().status().as_u16(), 400);
    assert!(bad.raw_response().unwrap().headers().get("x-amzn-RequestId").is_some());
    assert_eq!(code(create(&rds, "nowhere", "a").await), "DBClusterNotFoundFault");
    assert_eq!(code(create(&rds, "busy", "a").await), "InvalidDBClusterStateFault");
    assert_eq!(sim.creates(), 0);
    create(&rds, "orders", "a").await.unwrap();
    assert_eq!(code(create(&rds, "orders", "A").await), "DBClusterSnapshotAlreadyExistsFault");
    assert_eq!(code(create(&rds, "orders", "b").await), "SnapshotQuotaExceeded");
    pass(100).await;
    assert_eq!(code(create(&rds, "busy", "b").await), "SnapshotQuotaExceeded");
    rds.delete_db_cluster_snapshot().db_cluster_snapshot_identifier("a").send().await.unwrap();
    create(&rds, "busy", "b").await.unwrap();
    assert_eq!(sim.creates(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_cluster_s_tags_are_copied_only_if_none_is_given() {
    let rds = client(&simulator(fleet(), vec![]));
    let copied = create(&rds, "orders", "a").await.unwrap();
    assert_eq!(pairs(copied.tag_list()), [("owner", "dba")]);
    let request = rds.create_db_cluster_snapshot().db_cluster_identifier("orders");
    let given = request.db_cluster_snapshot_identifier("b").tags(tag("ticket", "CHG-1 a=b é"));
    let given = given.send().await.unwrap().db_cluster_snapshot.unwrap();
    assert_eq!(pairs(given.tag_list()), [("ticket", "CHG-1 a=b é")]);
}

#[tokio::test(start_paused = true)]
async fn tags_are_added_replaced_listed_and_removed() {
    let rds = client(&simulator(fleet(), vec![]));
    let arn = create(&rds, "orders", "a").await.unwrap().db_cluster_snapshot_arn.unwrap();
    let add = rds.add_tags_to_resource().resource_name(&arn).tags(tag("owner", "me")).tags(tag("k", ""));
    add.send().await.unwrap();
    let list = rds.list_tags_for_resource().resource_name(&arn).send().await.unwrap();
    assert_eq!(pairs(list.tag_list()), [("owner", "me"), ("k", "")]);
    rds.remove_tags_from_resource().resource_name(&arn).tag_keys("owner").send().await.unwrap();
    let list = rds.list_tags_for_resource().resource_name(&arn).send().await.unwrap();
    assert_eq!(pairs(list.tag_list()), [("k", "")]);
    let bad = rds.add_tags_to_resource().resource_name(&arn).tags(tag("aws:x", "y"));
    assert_eq!(code(bad.send().await), "InvalidParameterValue");
    let absent = rds.list_tags_for_resource().resource_name(format!("{arn}-not"));
    assert_eq!(code(absent.send().await), "DBSnapshotNotFound");
}

#[tokio::test(start_paused = true)]
async fn a_list_lags_behind_while_the_truth_does_not() {
    let lag = clustersnap::sim::clock::Period::seconds(45);
    let rds = client(&simulator(Fleet { list_lag: lag, ..fleet() }, vec![]));
    create(&rds, "orders", "a").await.unwrap();
    pass(44).await;
    let one = || rds.describe_db_cluster_snapshots().db_cluster_snapshot_identifier("a").send();
    assert_eq!(code(one().await), "DBClusterSnapshotNotFoundFault");
    assert_eq!(code(create(&rds, "orders", "a").await), "DBClusterSnapshotAlreadyExistsFault");
    pass(1).await;
    assert_eq!(one().await.unwrap().db_cluster_snapshots().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn two_hundred_and_fifty_clusters_come_in_three_pages() {
    let sim = simulator(Fleet::generated(250), vec![]);
    let rds = client(&sim);
    let all: Result<Vec<_>, _> = rds.describe_db_clusters().into_paginator().items().send().collect().await;
    let names: std::collections::BTreeSet<_> =
        all.unwrap().into_iter().map(|cluster| cluster.db_cluster_identifier.unwrap()).collect();
    assert_eq!((names.len(), sim.calls("DescribeDBClusters")), (250, 3));
}

#[tokio::test(start_paused = true)]
async fn snapshots_are_selected_by_kind_cluster_and_filter() {
    let rds = client(&simulator(Fleet::demo(), vec![]));
    let list = || rds.describe_db_cluster_snapshots();
    let count =
        |answer: aws_sdk_rds::operation::describe_db_cluster_snapshots::DescribeDbClusterSnapshotsOutput| {
            answer.db_cluster_snapshots().len()
        };
    let manual = count(list().snapshot_type("manual").send().await.unwrap());
    let automated = count(list().snapshot_type("automated").send().await.unwrap());
    assert!(manual > 5 && automated > 10);
    assert_eq!(count(list().send().await.unwrap()), manual + automated);
    assert_eq!(count(list().include_shared(true).send().await.unwrap()), manual + automated + 1);
    let of = list().snapshot_type("manual").db_cluster_identifier("Orders-Prod").send().await.unwrap();
    assert_eq!(count(of), 2);
    let filtered = list()
        .filters(filter("db-cluster-id", &["orders-prod", "billing"]))
        .filters(filter("snapshot-type", &["manual"]));
    assert_eq!(count(filtered.send().await.unwrap()), 3);
    let case = list().filters(filter("db-cluster-id", &["Orders-Prod"])).send().await.unwrap();
    assert_eq!(count(case), 0);
    let both = list().db_cluster_identifier("a").db_cluster_snapshot_identifier("b");
    assert_eq!(code(both.send().await), "InvalidParameterCombination");
    assert_eq!(code(list().filters(filter("colour", &["red"])).send().await), "InvalidParameterValue");
    let many: Vec<String> = (0..101).map(|n| format!("s{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let many = list().filters(filter("db-cluster-snapshot-id", &many));
    assert_eq!(code(many.send().await), "InvalidParameterValue");
}

#[tokio::test(start_paused = true)]
async fn the_demo_fleet_has_every_kind_of_cluster() {
    let rds = client(&simulator(Fleet::demo(), vec![]));
    let answer = rds.describe_db_clusters().send().await.unwrap();
    let all = answer.db_clusters();
    let has = |what: &dyn Fn(&aws_sdk_rds::types::DbCluster) -> bool| all.iter().filter(|c| what(c)).count();
    assert!((12..=20).contains(&all.len()), "{}", all.len());
    assert_eq!(has(&|c| matches!(c.engine(), Some("neptune" | "docdb"))), 3);
    assert!(has(&|c| c.serverless_v2_scaling_configuration().is_some()) > 0);
    assert!(has(&|c| c.engine_mode() == Some("serverless")) > 0);
    assert!(has(&|c| c.cluster_scalability_type().is_some_and(|t| t.as_str() == "limitless")) > 0);
    assert!(has(&|c| c.global_cluster_identifier().is_some()) > 0);
    assert!(has(&|c| c.db_cluster_instance_class().is_some()) > 1);
    assert!(has(&|c| c.status() != Some("available")) > 2);
    assert!(
        all.iter()
            .flat_map(aws_sdk_rds::types::DbCluster::tag_list)
            .any(|tag| tag.key().unwrap().starts_with("aws:"))
    );
    let snapshots = rds.describe_db_cluster_snapshots().send().await.unwrap();
    let creating = snapshots.db_cluster_snapshots().iter().filter(|s| s.status() == Some("creating"));
    assert_eq!(creating.count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_busy_cluster_becomes_available_after_a_while() {
    let rds = client(&simulator(fleet(), vec![]));
    assert_eq!(code(create(&rds, "busy", "a").await), "InvalidDBClusterStateFault");
    pass(30).await;
    assert!(create(&rds, "busy", "a").await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn events_tell_when_a_snapshot_was_begun_and_finished() {
    let rds = client(&simulator(fleet(), vec![]));
    create(&rds, "orders", "a").await.unwrap();
    let ask = || rds.describe_events().source_type(SourceType::DbClusterSnapshot).source_identifier("a");
    assert_eq!(ask().send().await.unwrap().events().len(), 1);
    pass(100).await;
    let answer = ask().send().await.unwrap();
    let [begun, done] = answer.events() else { panic!("two events: {answer:?}") };
    assert_eq!(done.date().unwrap().secs() - begun.date().unwrap().secs(), 100);
    pass(3_601).await;
    assert_eq!(ask().send().await.unwrap().events().len(), 0);
    assert_eq!(ask().duration(120).send().await.unwrap().events().len(), 2);
    let alone = rds.describe_events().source_identifier("a").send().await;
    assert_eq!(code(alone), "InvalidParameterCombination");
}

#[tokio::test(start_paused = true)]
async fn the_quota_is_counted_and_the_caller_is_named() {
    let sim = simulator(fleet(), vec![]);
    let rds = client(&sim);
    create(&rds, "orders", "a").await.unwrap();
    let answer = rds.describe_account_attributes().send().await.unwrap();
    let quota = |quota: &&aws_sdk_rds::types::AccountQuota| {
        quota.account_quota_name() == Some("ManualClusterSnapshots")
    };
    let quota = answer.account_quotas().iter().find(quota).unwrap();
    assert_eq!((quota.used(), quota.max()), (Some(1), Some(100)));
    let config = aws_sdk_sts::Config::builder()
        .behavior_version(aws_sdk_sts::config::BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "secret", None, None, "test"))
        .http_client(in_process::connector(sim))
        .build();
    let caller = aws_sdk_sts::Client::from_conf(config).get_caller_identity().send().await.unwrap();
    assert_eq!(caller.account(), Some("123456789012"));
}

#[tokio::test(start_paused = true)]
async fn what_it_does_not_simulate_is_an_invalid_action() {
    let rds = client(&simulator(fleet(), vec![]));
    assert_eq!(code(rds.describe_db_instances().send().await), "InvalidAction");
}

#[tokio::test(start_paused = true)]
async fn a_create_takes_no_arn_for_its_cluster_and_a_name_alone_finds_no_automated_snapshot() {
    let rds = client(&simulator(Fleet::demo(), vec![]));
    let found = rds.describe_db_clusters().db_cluster_identifier("orders-prod").send().await.unwrap();
    let arn = found.db_clusters()[0].db_cluster_arn().unwrap();
    let made = rds.create_db_cluster_snapshot().db_cluster_identifier(arn);
    let refused = made.db_cluster_snapshot_identifier("by-arn").send().await.unwrap_err();
    assert!(refused.as_service_error().unwrap().is_db_cluster_not_found_fault(), "{refused:?}");
    let automated = rds.describe_db_cluster_snapshots().snapshot_type("automated").send().await.unwrap();
    let name = automated.db_cluster_snapshots()[0].db_cluster_snapshot_identifier().unwrap();
    let named = || rds.describe_db_cluster_snapshots().db_cluster_snapshot_identifier(name);
    assert!(
        named()
            .send()
            .await
            .unwrap_err()
            .as_service_error()
            .unwrap()
            .is_db_cluster_snapshot_not_found_fault()
    );
    assert_eq!(named().snapshot_type("automated").send().await.unwrap().db_cluster_snapshots().len(), 1);
}
