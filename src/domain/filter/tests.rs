//! The filter against a plain reading of it, and what it says of a text that is none.

use std::sync::Arc;

use jiff::ToSpan as _;
use proptest::prelude::*;
use proptest::sample::select;

use super::FilteredList::{Clusters, History, Snapshots};
use super::*;
use crate::domain::cluster::{Cluster, Storage};
use crate::domain::cluster_id::ClusterId;
use crate::domain::engine::Capacity;
use crate::domain::snapshot::{More, Snapshot, SnapshotKind};
use crate::domain::status::SnapshotStatus;
use crate::fixtures;

fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

/// A snapshot, by what the filter can ask for.
#[derive(Clone, Debug)]
struct Plain {
    id: String,
    cluster: Option<String>,
    status: &'static str,
    kind: &'static str,
    engine: Option<&'static str>,
    region: Option<&'static str>,
    tags: Vec<(String, String)>,
    minutes_old: Option<i64>,
}

const ACCOUNT: &str = "123456789012";

impl Plain {
    fn snapshot(&self) -> Snapshot {
        let arn = |region| format!("arn:aws:rds:{region}:{ACCOUNT}:cluster-snapshot:{}", self.id);
        Snapshot {
            id: self.id.clone(),
            arn: self.region.map(arn),
            cluster: self.cluster.as_deref().map(ClusterId::reported),
            kind: SnapshotKind::reported(self.kind),
            status: SnapshotStatus::reported(self.status),
            percent: None,
            created_at: self.minutes_old.map(|minutes| now() - minutes.minutes()),
            allocated_gib: None,
            tags: self.tags.iter().map(|(key, value)| Tag::new(key, value)).collect(),
            more: Arc::new(More { engine: self.engine.map(str::to_owned), ..More::default() }),
        }
    }
}

/// The same language once more, as plainly as it can be said: each term is read anew for each row.
fn expected(filter: &str, row: &Plain) -> bool {
    filter.split_whitespace().all(|term| match term.strip_prefix('-') {
        Some(term) => !expected_of(term, row),
        None => expected_of(term, row),
    })
}

fn expected_of(term: &str, row: &Plain) -> bool {
    let has = |text: Option<&str>, part: &str| {
        text.is_some_and(|text| text.to_lowercase().contains(&part.to_lowercase()))
    };
    let family = match row.engine {
        Some("aurora-mysql") => "Aurora MySQL",
        Some("postgres") => "Multi-AZ PostgreSQL",
        _ => "",
    };
    let engine = row.engine.map(|engine| [family, engine]);
    let minutes = |text: &str| {
        let (number, unit) = text.split_at(text.len() - 1);
        let of_unit = match unit {
            "w" => 7 * 24 * 60,
            "d" => 24 * 60,
            "h" => 60,
            _ => 1,
        };
        number.parse::<i64>().expect("a number") * of_unit
    };
    if let Some(age) = term.strip_prefix("age>") {
        return row.minutes_old.is_some_and(|old| old > minutes(age));
    }
    if let Some(age) = term.strip_prefix("age<") {
        return row.minutes_old.is_some_and(|old| old < minutes(age));
    }
    match term.split_once(':') {
        Some(("status", part)) => return has(Some(row.status), part),
        Some(("type", part)) => return has(Some(row.kind), part),
        Some(("cluster", part)) => return has(row.cluster.as_deref(), part),
        Some(("region", part)) => return has(row.region, part),
        Some(("account", part)) => return has(row.region.map(|_| ACCOUNT), part),
        Some(("engine", part)) => return engine.into_iter().flatten().any(|name| has(Some(name), part)),
        _ => {}
    }
    if let Some((key, value)) = term.split_once('=') {
        return row.tags.iter().any(|tag| tag.0 == key && tag.1 == value);
    }
    let tags: Vec<String> = row.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let named = [row.id.as_str(), row.status, row.kind].into_iter().chain(row.cluster.as_deref());
    let mut texts = named.chain(engine.into_iter().flatten()).chain(tags.iter().map(String::as_str));
    match term.strip_prefix('~') {
        Some(letters) => texts.any(|text| {
            let mut text = text.chars().map(|c| c.to_ascii_lowercase());
            letters.chars().all(|letter| text.any(|c| c == letter.to_ascii_lowercase()))
        }),
        None => texts.any(|text| has(Some(text), term)),
    }
}

fn name() -> impl Strategy<Value = String> {
    "[abAB]{1,3}(-[ab12]{1,2})?"
}

fn row() -> impl Strategy<Value = Plain> {
    (
        "(rds:)?[ab]{1,3}(-[ab12]{1,3})?",
        proptest::option::of("[ab]{1,3}"),
        select(vec!["available", "creating", "failed"]),
        select(vec!["manual", "automated", "shared"]),
        select(vec![None, Some("aurora-mysql"), Some("postgres")]),
        select(vec![None, Some("eu-west-1"), Some("us-east-1")]),
        proptest::collection::vec((name(), name()), 0..3),
        proptest::option::of(0_i64..30_000),
    )
        .prop_map(|(id, cluster, status, kind, engine, region, tags, minutes_old)| Plain {
            id,
            cluster,
            status,
            kind,
            engine,
            region,
            tags,
            minutes_old,
        })
}

fn term() -> impl Strategy<Value = String> {
    let member = select(vec![
        "status:ava",
        "status:E",
        "type:manual",
        "type:a",
        "engine:mysql",
        "engine:Post",
        "engine:a",
        "region:eu-",
        "region:EAST",
        "account:1234",
        "account:9",
        "cluster:a",
        "cluster:B",
    ]);
    let age = (select(vec!["age>", "age<"]), 0_i64..400, select(vec!["m", "h", "d", "w"]));
    let positive = prop_oneof![
        3 => name(),
        2 => (name(), name()).prop_map(|(key, value)| format!("{key}={value}")),
        2 => name().prop_map(|letters| format!("~{letters}")),
        2 => member.prop_map(str::to_owned),
        2 => age.prop_map(|(sign, number, unit)| format!("{sign}{number}{unit}")),
    ];
    (positive, any::<bool>()).prop_map(|(term, excludes)| if excludes { format!("-{term}") } else { term })
}

fn filter() -> impl Strategy<Value = String> {
    proptest::collection::vec(term(), 0..4).prop_map(|terms| terms.join(" "))
}

fn fits(filter: &str, list: FilteredList, row: &impl Filterable) -> bool {
    Filter::parse(filter, list).expect("a filter").sieve(now()).lets_pass(row)
}

/// A filter that begins with a part of another's terms: what is seen while the other is typed.
fn typed() -> impl Strategy<Value = (String, String)> {
    (filter(), 0_usize..40).prop_map(|(long, cut)| (long.chars().take(cut).collect(), long))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn a_filter_lets_pass_what_a_plain_reading_of_it_does(filter in filter(), row in row()) {
        prop_assert_eq!(fits(&filter, Snapshots, &row.snapshot()), expected(&filter, &row));
    }

    #[test]
    fn a_narrower_filter_lets_nothing_pass_that_the_wider_one_does_not(
        (short, long) in typed(),
        row in row(),
    ) {
        let (Ok(wide), Ok(narrow)) = (Filter::parse(&short, Snapshots), Filter::parse(&long, Snapshots)) else { return Ok(()) };
        if narrow.narrows(&wide) && fits(&long, Snapshots, &row.snapshot()) {
            prop_assert!(fits(&short, Snapshots, &row.snapshot()), "{short:?} {long:?}");
        }
    }

    #[test]
    fn any_text_is_a_filter_or_wrong_at_a_place_in_it(text in any::<String>()) {
        if let Err(error) = Filter::parse(&text, Snapshots) {
            prop_assert!((1..=text.chars().count()).contains(&error.place), "{error}");
        }
    }
}

fn cluster() -> Cluster {
    Cluster {
        arn: Some(format!("arn:aws:rds:eu-west-1:{ACCOUNT}:cluster:orders-prod")),
        engine_version: Some("16.4".to_owned()),
        capacity: Capacity::ServerlessV2,
        created_at: Some(now() - 100.hours()),
        storage: Storage::default(),
        tags: vec![Tag::new("service", "orders"), Tag::new("Name", "Before it")],
        ..fixtures::cluster("orders-prod", "available")
    }
}

#[test]
fn a_cluster_is_found_by_all_that_is_known_of_it() {
    let fitting = [
        "",
        "ORDERS 16.4",
        "service=orders",
        "service=ord -service=ord",
        "\"Name=Before it\"",
        "engine:aurora-postgresql",
        "engine:\"Aurora PostgreSQL Serverless\"",
        "Status:AVAIL region:eu-west account:1234 cluster:orders",
        "age>4d age<5d",
        "age>1d2h",
        "~ordprd",
        "-billing",
        "rds:x -rds:x",
    ];
    for filter in fitting {
        let is_absurd = filter.contains(" -service=ord") || filter.contains(" -rds:x");
        assert_eq!(fits(filter, Clusters, &cluster()), !is_absurd, "{filter}");
    }
    for filter in ["ordprd", "service=Orders", "service=ord", "AGE<4d", "-available", "~xyz"] {
        assert!(!fits(filter, Clusters, &cluster()), "{filter}");
    }
}

#[test]
fn what_says_nothing_is_told_with_its_place() {
    let told = |text: &str| Filter::parse(text, Snapshots).expect_err(text).to_string();
    assert_eq!(told("orders  status:"), "character 9: status: has no value");
    assert_eq!(told("-"), "character 1: - says nothing");
    assert_eq!(told("größe -type:"), "character 7: -type: has no value");
    assert_eq!(told("~"), "character 1: ~ says nothing");
    assert_eq!(told("=x"), "character 1: =x says nothing");
    assert_eq!(told("a \"\""), "character 3: \"\" says nothing");
    assert_eq!(told("age>"), "character 1: age> has no value");
    for wrong in ["age>soon", "age<5", "age>-5d", "age>1mo", "age>=5d", "age>99999999999d"] {
        assert_eq!(told(wrong), format!("character 1: {wrong} has no time like 90d or 2h"));
    }
    assert_eq!(told("a Name=\"Before it"), "character 3: Name=\"Before it has no second quote");
}

#[test]
fn what_is_left_out_is_not_mistyped() {
    for (text, flaw) in [
        ("-cluter:orders", Flaw::Mistyped(Snapshots)),
        ("-env:prod", Flaw::Mistyped(Snapshots)),
        ("-tag:env=prod", Flaw::Mistyped(Snapshots)),
        ("-age:90d", Flaw::Mistyped(Snapshots)),
        ("-created<90d", Flaw::Mistyped(Snapshots)),
        ("-size>=5", Flaw::Mistyped(Snapshots)),
        ("-cluster:=orders", Flaw::Mistyped(Snapshots)),
        ("-cluster::orders", Flaw::Mistyped(Snapshots)),
        ("-cluster.orders", Flaw::Mistyped(Snapshots)),
        ("-Cluster/orders", Flaw::Mistyped(Snapshots)),
        ("-age<90d;", Flaw::NoTime),
        ("-AGE<=90d", Flaw::NoTime),
        ("-env==prod", Flaw::Mistyped(Snapshots)),
        ("-env:=prod", Flaw::Mistyped(Snapshots)),
        ("-env+=prod", Flaw::Mistyped(Snapshots)),
        ("-env=", Flaw::Mistyped(Snapshots)),
        ("-=prod", Flaw::Mistyped(Snapshots)),
        ("-env!=prod", Flaw::Mistyped(Snapshots)),
        ("-env~=prod", Flaw::Mistyped(Snapshots)),
        ("-env=prod,test", Flaw::Mistyped(Snapshots)),
        ("-env='prod'", Flaw::Mistyped(Snapshots)),
        ("-cluster:ord*", Flaw::Mistyped(Snapshots)),
        ("-(cluster:orders)", Flaw::Mistyped(Snapshots)),
        ("-cluster\u{ff1a}orders", Flaw::Mistyped(Snapshots)),
        ("-~~orders", Flaw::Mistyped(Snapshots)),
        ("--cluster:orders", Flaw::Mistyped(Snapshots)),
        ("-cluster=orders", Flaw::Mistyped(Snapshots)),
        ("-Status=available", Flaw::Mistyped(Snapshots)),
        ("-age=90d", Flaw::Mistyped(Snapshots)),
    ] {
        let error = Filter::parse(&format!("ok {text}"), Snapshots).expect_err(text);
        assert_eq!((error.place, error.flaw), (4, flaw), "{text}");
    }
    for meant in [
        "-cluster:orders",
        "-rds:orders",
        "-arn:aws:rds:eu-west-1:123456789012:cluster:orders",
        "-aws:cloudformation:stack-name=x",
        "-team:owner=me",
        "-env=prod",
        "-AGE<90d",
        "-~ordprd",
        "-mail=a@b.example",
        "-größe=ja",
        "-\"env==prod\"",
        "-\"env=\"",
        "-\"created<90d\"",
        "-\"env:prod\"",
        "-\"cluster=orders\"",
        "\"-env:prod\"",
        "cluter:orders",
    ] {
        let read = Filter::parse(meant, Snapshots);
        assert!(read.is_ok(), "{meant} {read:?}");
    }
}

#[test]
fn what_has_no_known_time_or_place_is_neither_meant_nor_left_out() {
    let bare = Cluster { arn: None, created_at: None, ..cluster() };
    for filter in ["age>1d", "age<1d", "region:eu", "account:1"] {
        assert!(!fits(filter, Clusters, &bare), "{filter}");
        assert!(fits(&format!("-{filter}"), Clusters, &bare), "-{filter}");
    }
}

#[test]
fn what_nothing_is_that_aws_reports_there_is_no_filter_unless_it_is_quoted() {
    for (value, key) in [
        ("type:manuel", FilterKey::Type),
        ("account:prod", FilterKey::Account),
        ("region:eu_west_1", FilterKey::Region),
        ("cluster:order_s", FilterKey::Cluster),
    ] {
        for sign in ["", "-"] {
            let flaw = Filter::parse(&format!("{sign}{value}"), Snapshots).expect_err(value).flaw;
            assert_eq!(flaw, Flaw::NeverThere(key), "{sign}{value}");
            assert!(Filter::parse(&format!("{sign}\"{value}\""), Snapshots).is_ok(), "{sign}{value}");
        }
    }
    for text in
        ["type:Man", "-type:back", "account:12", "-region:EU-west", "cluster:orders-1", "-status:odd_one"]
    {
        assert!(Filter::parse(text, Snapshots).is_ok(), "{text}");
    }
}

#[test]
fn what_no_row_of_a_list_has_is_no_filter_of_it() {
    let has = [
        (Clusters, "region account cluster status engine"),
        (Snapshots, "region account cluster status engine type change"),
        (History, "region account cluster status change"),
    ];
    for (list, keys) in has {
        for key in ["status", "engine", "type", "region", "account", "cluster", "change"] {
            let is_had = keys.split(' ').any(|it| it == key);
            let value = if key == "account" { "1" } else { "a" };
            let asked = format!("{key}:{value}");
            for text in [asked.clone(), format!("-{asked}"), format!("-\"{asked}\"")] {
                let read = Filter::parse(&text, list).map_err(|error| error.flaw);
                assert_eq!(read.err(), (!is_had).then_some(Flaw::NotOfList(list)), "{text} {list:?}");
            }
        }
    }
    assert_eq!(
        Filter::parse("env=prod -type:manual", Clusters).expect_err("none").to_string(),
        "character 10: -type:manual asks for what DB clusters do not have: there are age>90d, age<2h, status:X, \
         engine:X, region:X, account:X, cluster:X"
    );
}

#[test]
fn a_snapshot_is_of_the_change_that_its_tag_tells() {
    let row = Snapshot {
        tags: vec![Tag::new("rfc", "CHG-1042")].into(),
        ..fixtures::snapshot("orders-a", "orders", "available")
    };
    let key = ChangeKey("rfc".to_owned());
    for (text, is_of) in [("change:chg-1", true), ("change:CHG-2", false), ("-change:CHG-1042", false)] {
        let filter = Filter::parse(text, Snapshots).expect("a filter");
        assert_eq!(filter.sieve(now()).by_change_tag(&key).lets_pass(&row), is_of, "{text}");
        let other = ChangeKey::default();
        assert_eq!(
            filter.sieve(now()).by_change_tag(&other).lets_pass(&row),
            text.starts_with('-'),
            "{text}"
        );
    }
}
