//! Several accounts and Regions behind one simulator, told apart by who signs for where.

use super::*;

/// Two accounts by access key; what names no account and no Region is everywhere.
const PLACES: &str = r#"
[accounts]
AKIAPROD = "111111111111"
AKIASTAGE = "222222222222"

[[cluster]]
identifier = "orders"
engine = "aurora-postgresql"
automated_snapshots = 2

[[cluster]]
identifier = "only-prod"
engine = "mysql"
account = "111111111111"

[[cluster]]
identifier = "only-frankfurt"
engine = "mysql"
region = "eu-central-1"

[[cluster.snapshot]]
identifier = "frankfurt-1"
age = "1d"

[[cluster]]
identifier = "only-there"
engine = "mysql"
account = "222222222222"
region = "eu-central-1"

[[cluster]]
identifier = "partner"
engine = "mysql"
owner = "222222222222"

[[cluster.snapshot]]
identifier = "handover"
age = "1d"
"#;

const DEFAULT: &str = "123456789012";

fn places() -> Arc<Simulator> {
    simulator(Fleet::from_toml(PLACES).unwrap(), vec![])
}

fn at(sim: &Arc<Simulator>, access_key: &str, region: &str) -> Client {
    let config = config(Duration::from_secs(10))
        .region(Region::new(region.to_owned()))
        .credentials_provider(Credentials::new(access_key, "secret", None, None, "test"))
        .http_client(in_process::connector(Arc::clone(sim)));
    Client::from_conf(config.build())
}

async fn clusters(rds: &Client) -> Vec<String> {
    let answer = rds.describe_db_clusters().send().await.unwrap();
    answer.db_clusters().iter().map(|cluster| cluster.db_cluster_arn().unwrap().to_owned()).collect()
}

fn arns(partition: &str, region: &str, account: &str, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("arn:{partition}:rds:{region}:{account}:cluster:{name}")).collect()
}

async fn snapshots(rds: &Client, kind: &str) -> Vec<String> {
    let answer = rds.describe_db_cluster_snapshots().snapshot_type(kind).send().await.unwrap();
    let names = answer.db_cluster_snapshots().iter().map(|s| s.db_cluster_snapshot_arn().unwrap());
    names.map(str::to_owned).collect()
}

#[tokio::test(start_paused = true)]
async fn each_account_and_region_has_its_own_clusters_under_its_own_arns() {
    let sim = places();
    for (key, region, partition, account, names) in [
        ("AKIAOTHER", "eu-west-1", "aws", DEFAULT, &["orders"][..]),
        ("AKIAPROD", "eu-west-1", "aws", "111111111111", &["only-prod", "orders"]),
        ("AKIASTAGE", "us-east-1", "aws", "222222222222", &["orders", "partner"]),
        ("AKIAPROD", "eu-central-1", "aws", "111111111111", &["only-frankfurt", "only-prod", "orders"]),
        (
            "AKIASTAGE",
            "eu-central-1",
            "aws",
            "222222222222",
            &["only-frankfurt", "only-there", "orders", "partner"],
        ),
        ("AKIAOTHER", "cn-north-1", "aws-cn", DEFAULT, &["orders"]),
        ("AKIAOTHER", "us-gov-west-1", "aws-us-gov", DEFAULT, &["orders"]),
        ("AKIAOTHER", "eusc-de-east-1", "aws-eusc", DEFAULT, &["orders"]),
        ("AKIAOTHER", "us-iso-east-1", "aws-iso", DEFAULT, &["orders"]),
    ] {
        let found = clusters(&at(&sim, key, region)).await;
        assert_eq!(found, arns(partition, region, account, names), "{key} {region}");
    }
}

#[tokio::test(start_paused = true)]
async fn namesakes_in_different_places_have_different_resource_ids() {
    let sim = places();
    let mut ids = std::collections::BTreeSet::new();
    for key in ["AKIAPROD", "AKIASTAGE", "AKIAOTHER"] {
        for region in ["eu-west-1", "us-east-1"] {
            let rds = at(&sim, key, region);
            let orders = rds.describe_db_clusters().db_cluster_identifier("orders").send().await.unwrap();
            ids.insert(orders.db_clusters()[0].db_cluster_resource_id().unwrap().to_owned());
        }
    }
    assert_eq!(ids.len(), 6, "{ids:?}");
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_where_it_was_made_and_nowhere_else() {
    let sim = places();
    let (here, there) = (at(&sim, "AKIAPROD", "eu-west-1"), at(&sim, "AKIAPROD", "us-east-1"));
    let theirs = at(&sim, "AKIASTAGE", "eu-west-1");
    let made = create(&here, "orders", "one").await.unwrap();
    let arn = "arn:aws:rds:eu-west-1:111111111111:cluster-snapshot:one";
    assert_eq!(made.db_cluster_snapshot_arn(), Some(arn));
    assert_eq!(snapshots(&here, "manual").await, [arn]);
    assert_eq!((snapshots(&there, "manual").await, snapshots(&theirs, "manual").await.len()), (vec![], 1));
    for elsewhere in [&there, &theirs] {
        let named = elsewhere.list_tags_for_resource().resource_name(arn).send().await;
        assert_eq!(code(named), "InvalidParameterValue", "an ARN of another account or Region");
        let made = create(elsewhere, "orders", "one").await.unwrap();
        assert_ne!(made.db_cluster_snapshot_arn(), Some(arn), "the name is free there");
    }
    let quota = here.describe_account_attributes().send().await.unwrap();
    assert_eq!(quota.account_quotas().last().unwrap().used(), Some(1));
    assert_eq!((sim.creates(), sim.snapshots_named("one").len()), (3, 3));
}

#[tokio::test(start_paused = true)]
async fn whoever_shares_a_snapshot_has_it_as_his_own() {
    let sim = places();
    let arn = "arn:aws:rds:eu-west-1:222222222222:cluster-snapshot:handover";
    let shared = at(&sim, "AKIAPROD", "eu-west-1");
    assert_eq!(
        (snapshots(&shared, "shared").await, snapshots(&shared, "manual").await.len()),
        (vec![arn.to_owned()], 0)
    );
    let own = at(&sim, "AKIASTAGE", "eu-west-1");
    assert_eq!(
        (snapshots(&own, "shared").await.len(), snapshots(&own, "manual").await),
        (0, vec![arn.to_owned()])
    );
}

#[tokio::test(start_paused = true)]
async fn a_place_that_is_first_asked_for_late_is_as_old_as_the_others() {
    let sim = places();
    let one =
        |rds: Client| async move { rds.describe_db_clusters().send().await.unwrap().db_clusters.unwrap() };
    let first = one(at(&sim, "AKIAPROD", "eu-west-1")).await;
    pass(3_600).await;
    let second = one(at(&sim, "AKIAPROD", "us-east-1")).await;
    assert_eq!(first[0].cluster_create_time(), second[0].cluster_create_time());
}

#[tokio::test(start_paused = true)]
async fn sts_names_the_account_of_the_access_key_in_any_region() {
    let sim = places();
    for (key, account) in
        [("AKIAPROD", "111111111111"), ("AKIASTAGE", "222222222222"), ("AKIAOTHER", DEFAULT)]
    {
        let config = aws_sdk_sts::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-west-2"))
            .credentials_provider(Credentials::new(key, "secret", None, None, "test"))
            .http_client(in_process::connector(Arc::clone(&sim)))
            .build();
        let caller = aws_sdk_sts::Client::from_conf(config).get_caller_identity().send().await.unwrap();
        let arn = format!("arn:aws:sts::{account}:assumed-role/dba/bastion-1");
        assert_eq!((caller.account(), caller.arn()), (Some(account), Some(arn.as_str())));
    }
}

#[tokio::test(start_paused = true)]
async fn tags_and_keys_are_those_of_the_partition() {
    let rds = at(&places(), "AKIAPROD", "cn-north-1");
    let listed = rds.describe_db_clusters().send().await.unwrap();
    let key = listed.db_clusters()[0].kms_key_id().unwrap();
    assert!(key.starts_with("arn:aws-cn:kms:cn-north-1:111111111111:key/"), "{key}");
    let made = create(&rds, "orders", "one").await.unwrap();
    let arn = made.db_cluster_snapshot_arn.unwrap();
    rds.list_tags_for_resource().resource_name(arn).send().await.unwrap();
}
