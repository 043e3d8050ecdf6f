//! The screens while something is loading, empty, read in part, refused, not known or hostile.
#![expect(clippy::unused_async, reason = "scenes are set and played by async functions")]

use std::time::Duration;

use clustersnap::app::Appearance;
use clustersnap::app::effect::Effect;
use clustersnap::app::message::{Msg, Recovered};
use clustersnap::app::note::{Note, Tone};
use clustersnap::app::question::Question;
use clustersnap::app::request_id::PlaceId;
use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::domain::mark::RequestNumber;
use clustersnap::domain::outcome::{Outcome, Step};
use clustersnap::domain::pattern::{Pattern, Patterns};
use clustersnap::domain::policy::Policy;
use clustersnap::domain::request::SnapshotRequest;
use clustersnap::domain::snapshot_id::SnapshotId;
use clustersnap::domain::tag::TagSet;
use clustersnap::domain::wait::Wait;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use clustersnap::sim::fleet::{ClusterSpec, Fleet};

use super::screens::{submit, to_orders, to_review};
use super::stage::Stage;

type Size = (u16, u16);

/// The demo's fleet, where one action always fails.
pub(super) fn failing(action: &'static str, answer: FaultyAnswer) -> impl AsyncFn(Size, Appearance) -> Stage {
    faulty(vec![Fault::on(action).answer(answer)])
}

fn faulty(faults: Vec<Fault>) -> impl AsyncFn(Size, Appearance) -> Stage {
    async move |size, look| Stage::of_fleet(size, look, Fleet::demo(), FaultScript::new(faults.clone())).await
}

pub(super) fn denied(action: &str) -> FaultyAnswer {
    let message = format!(
        "User: arn:aws:sts::123456789012:assumed-role/dba/bastion-1 is not authorized to perform: rds:{action} \
         because no identity-based policy allows the rds:{action} action"
    );
    FaultyAnswer::error(403, "AccessDenied", &message)
}

fn expired() -> FaultyAnswer {
    FaultyAnswer::error(403, "ExpiredToken", "The security token included in the request is expired")
}

async fn still(_: &mut Stage) {}

// The list of clusters.

/// Connected, and nothing answered yet.
async fn unanswered(size: Size, look: Appearance) -> Stage {
    let (mut stage, effects) = Stage::opening(size, look, "");
    let Some(Effect::Connect { id, .. }) = effects.first() else { panic!("{effects:?}") };
    let place = stage.place();
    stage.update(Msg::Connected(*id, Ok(place)));
    stage
}

async fn opening(size: Size, look: Appearance) -> Stage {
    Stage::opening(size, look, "").0
}

async fn refused_at_the_start(size: Size, look: Appearance) -> Stage {
    let (mut stage, effects) = Stage::opening(size, look, "");
    let Some(Effect::Connect { id, .. }) = effects.first() else { panic!("{effects:?}") };
    let failure =
        Failure::local(FailureKind::NoCredentials, "Looked in AWS_ACCESS_KEY_ID, and found nothing.");
    stage.update(Msg::Connected(*id, Err(failure)));
    stage
}

async fn without_clusters(size: Size, look: Appearance) -> Stage {
    Stage::of_fleet(size, look, Fleet { clusters: Vec::new(), ..Fleet::demo() }, FaultScript::default()).await
}

/// Two hundred and fifty clusters, of which only the first page can be read.
async fn in_part(size: Size, look: Appearance) -> Stage {
    let denied = Fault::on("DescribeDBClusters").calls(2, u64::MAX).answer(denied("DescribeDBClusters"));
    Stage::of_fleet(size, look, Fleet::generated(250), FaultScript::new(vec![denied])).await
}

scene!(list_before_anything_is_known, opening, still);
scene!(list_without_credentials, refused_at_the_start, still);
scene!(list_loading, unanswered, still);
scene!(list_empty, without_clusters, still);
scene!(list_in_part, in_part, still);
scene!(list_denied, failing("DescribeDBClusters", denied("DescribeDBClusters")), still);
scene!(list_without_a_connection, failing("DescribeDBClusters", FaultyAnswer::Refuse), still);
scene!(
    list_without_snapshots,
    failing("DescribeDBClusterSnapshots", denied("DescribeDBClusterSnapshots")),
    still
);
scene!(
    list_not_read_anew,
    faulty(vec![Fault::on("DescribeDBClusters").calls(2, 9).answer(denied("DescribeDBClusters"))]),
    async |stage: &mut Stage| {
        stage.press("r").await;
        stage.wait(3).await;
    }
);
scene!(
    list_paused,
    faulty(vec![Fault::on("*").calls(2, u64::MAX).answer(expired())]),
    async |stage: &mut Stage| stage.wait(20).await
);
scene!(
    list_paused_with_something_else_to_tell,
    faulty(vec![Fault::on("*").calls(2, u64::MAX).answer(expired())]),
    async |stage: &mut Stage| {
        stage.wait(20).await;
        stage.press("y").await;
    }
);
scene!(list_hostile, hostile, still);

// Details, snapshots, history.

scene!(details_loading, unanswered_snapshots, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press("d").await;
});
scene!(details_hostile, hostile, async |stage: &mut Stage| stage.press("d").await);
scene!(snapshots_loading, unanswered_snapshots, async |stage: &mut Stage| stage.press("v").await);
scene!(snapshots_empty, without_clusters, async |stage: &mut Stage| stage.press("v").await);
scene!(
    snapshots_denied,
    failing("DescribeDBClusterSnapshots", denied("DescribeDBClusterSnapshots")),
    async |stage: &mut Stage| stage.press("v").await
);
scene!(snapshots_without_credentials, refused_at_the_start, async |stage: &mut Stage| stage.press("v").await);
scene!(snapshots_before_anything_is_known, opening, async |stage: &mut Stage| {
    stage.press_only("v");
});
scene!(snapshots_hostile, hostile, async |stage: &mut Stage| stage.press("v").await);
scene!(snapshot_hostile, hostile, async |stage: &mut Stage| stage.press("v enter").await);
scene!(evidence_where_little_is_known, async |stage: &mut Stage| stage.press("v e").await);
scene!(history_unreadable, async |stage: &mut Stage| {
    let id = history_asked(stage);
    stage.update(Msg::History(id, Err("/home/dba/.local/state/clustersnap: Permission denied".to_owned())));
});
scene!(history_empty, async |stage: &mut Stage| {
    let id = history_asked(stage);
    stage.update(Msg::History(id, Ok(Some(clustersnap::domain::record::RecordPage::default()))));
});
scene!(history_of_the_demo, async |stage: &mut Stage| {
    let id = history_asked(stage);
    stage.update(Msg::History(id, Ok(None)));
});

fn history_asked(stage: &mut Stage) -> clustersnap::app::request_id::RequestId {
    let effects = stage.press_only("h");
    effects
        .iter()
        .find_map(|effect| match effect {
            Effect::ReadHistory(id, _) => Some(*id),
            _ => None,
        })
        .expect("the journal is read")
}

/// The clusters are there, their snapshots are not.
async fn unanswered_snapshots(size: Size, look: Appearance) -> Stage {
    let (mut stage, effects) = Stage::opening(size, look, "");
    stage.unanswered = |question| matches!(question, Question::Snapshots(_));
    stage.perform(effects).await;
    stage.wait(4).await;
    stage
}

// The form and the review.

scene!(form_asking, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press_only("s");
});
scene!(form_of_a_busy_cluster, async |stage: &mut Stage| {
    to(stage, "ledger").await;
    stage.press("s").await;
});
scene!(form_of_a_stopped_cluster, async |stage: &mut Stage| {
    to(stage, "search-index").await;
    stage.press("s").await;
});
scene!(form_with_a_taken_name, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press("s ctrl-u").await;
    stage.type_text("checkout-prod-chg-2207").await;
});
scene!(
    form_where_nothing_can_be_read,
    faulty(vec![
        Fault::on("DescribeDBClusters").calls(2, u64::MAX).answer(denied("DescribeDBClusters")),
        Fault::on("DescribeAccountAttributes").answer(denied("DescribeAccountAttributes")),
    ]),
    async |stage: &mut Stage| {
        to_orders(stage).await;
        stage.press("s").await;
    }
);
scene!(form_with_fifty_tags, async |stage: &mut Stage| with_fifty_tags(stage).await);
scene!(form_after_a_refusal, failing("CreateDBClusterSnapshot", quota()), async |stage: &mut Stage| {
    to_review(stage).await;
    stage.press("y").await;
});
scene!(form_hostile, hostile, async |stage: &mut Stage| {
    stage.press("s ctrl-u").await;
    stage.type_text("\u{202e}\u{1b}[31mаb").await;
});
scene!(review_of_a_busy_cluster, async |stage: &mut Stage| {
    to(stage, "ledger").await;
    stage.press("s ctrl-s").await;
});
scene!(review_of_production, in_production, async |stage: &mut Stage| {
    to_review(stage).await;
    stage.press("y").await;
    stage.type_text("orders-pr").await;
});
scene!(review_of_production_after_a_wrong_name, in_production, async |stage: &mut Stage| {
    to_review(stage).await;
    stage.press("y").await;
    stage.type_text("billing").await;
    stage.press("enter").await;
});
scene!(review_with_fifty_tags, async |stage: &mut Stage| {
    with_fifty_tags(stage).await;
    stage.press("ctrl-s end").await;
});
scene!(review_hostile, hostile, async |stage: &mut Stage| stage.press("s ctrl-s").await);

fn quota() -> FaultyAnswer {
    FaultyAnswer::error(400, "SnapshotQuotaExceeded", "Cannot create more than 100 manual snapshots")
}

async fn to(stage: &mut Stage, cluster: &str) {
    stage.press("/").await;
    stage.type_text(cluster).await;
    stage.press("enter").await;
}

pub(super) async fn with_fifty_tags(stage: &mut Stage) {
    to_orders(stage).await;
    stage.press("s ctrl-u").await;
    stage.type_text(super::screens::NAME).await;
    stage.press("ctrl-n").await;
    let tags: Vec<String> = (1..=45).map(|n| format!("key-{n:02}=value {n}")).collect();
    stage.say(Msg::Paste(tags.join("\n"))).await;
}

scene!(form_with_a_required_tag_that_is_offered, async |stage: &mut Stage| {
    stage.app.world.policy.required_tags = vec!["sunset".to_owned()];
    to_orders(stage).await;
    stage.press("s ctrl-s").await;
});

async fn in_production(size: Size, look: Appearance) -> Stage {
    let production = Patterns { clusters: vec![Pattern::new("*-prod")], ..Patterns::default() };
    let mut stage = Stage::list(size, look).await;
    stage.app.world.policy = Policy { production, ..Policy::default() };
    stage
}

// A request under way, and what becomes of it.

scene!(sending, async |stage: &mut Stage| under_way(stage, Step::Sending { attempt: 1 }).await);
scene!(retrying, async |stage: &mut Stage| {
    let cause = Failure::local(FailureKind::Throttled, "Rate exceeded");
    under_way(stage, Step::Retrying { cause, after_ms: 1_700 }).await;
});
scene!(looking_after_a_lost_answer, async |stage: &mut Stage| {
    let cause = Failure::local(FailureKind::LostAnswer, "connection closed before message completed");
    under_way(stage, Step::Reconciling { cause }).await;
});
scene!(looks_that_fail_after_a_lost_answer, async |stage: &mut Stage| {
    let cause = Failure {
        code: Some("ExpiredToken".to_owned()),
        ..Failure::local(
            FailureKind::ExpiredCredentials,
            "The security token included in the request is expired",
        )
    };
    under_way(stage, Step::LookFailed { cause }).await;
});
scene!(confirming_a_refusal, async |stage: &mut Stage| {
    let refusal = Failure {
        code: Some("InvalidDBClusterStateFault".to_owned()),
        request_id: Some("7b02c4aa-91".to_owned()),
        ..Failure::local(FailureKind::InvalidState, "DB cluster is in backing-up state")
    };
    under_way(stage, Step::Confirming { refusal }).await;
});
scene!(
    not_known_yet,
    faulty(vec![Fault::on("CreateDBClusterSnapshot").happened(false).answer(FaultyAnswer::Drop)]),
    async |stage: &mut Stage| {
        to_review(stage).await;
        stage.press("y").await;
    }
);
scene!(quitting_while_an_outcome_is_not_known, async |stage: &mut Stage| {
    let cause = Failure::local(FailureKind::LostAnswer, "");
    let outcome = Outcome::Unknown { since: stage.now().at(), cause, look: None };
    stage.update(Msg::Recovered(PlaceId(0), vec![Recovered::new("orders-nightly", "orders-prod", outcome)]));
    stage.press("q").await;
});
scene!(a_snapshot_that_failed, failing_snapshots, async |stage: &mut Stage| {
    stage.press("s ctrl-s y").await;
    stage.wait(60).await;
    stage.press("tab").await;
});
scene!(a_request_that_waits, async |stage: &mut Stage| {
    to(stage, "ledger").await;
    stage.press("s ctrl-u").await;
    stage.type_text("ledger-before-upgrade").await;
    stage.press("ctrl-s w").await;
    stage.wait(2).await;
});
scene!(a_request_that_waited_in_an_earlier_run, async |stage: &mut Stage| {
    let now = stage.now().at();
    let request = SnapshotRequest {
        number: RequestNumber::new(now, 1),
        cluster: ClusterId::reported("ledger"),
        cluster_resource_id: None,
        snapshot: SnapshotId::parse("ledger-before-upgrade").expect("an identifier"),
        tags: TagSet::default(),
        mark: None,
        change: None,
    };
    let wait = Wait {
        token: "1".to_owned(),
        request,
        since: now,
        until: now + Duration::from_hours(1),
        region: None,
        url: String::new(),
        account: None,
    };
    stage.update(Msg::WaitsBefore(PlaceId(0), vec![wait]));
});

/// A cluster whose snapshots fail half-way.
async fn failing_snapshots(size: Size, look: Appearance) -> Stage {
    let mut fleet = Fleet::demo();
    fleet.clusters.retain(|cluster| cluster.identifier == "orders-prod");
    for cluster in &mut fleet.clusters {
        cluster.snapshot_takes = Some(clustersnap::sim::clock::Period::seconds(20));
        cluster.snapshot_fails_at = Some(50);
    }
    Stage::of_fleet(size, look, fleet, FaultScript::default()).await
}

async fn under_way(stage: &mut Stage, step: Step) {
    to_review(stage).await;
    let id = submit(stage);
    stage.update(Msg::Step(id, step));
}

// Text that wants to drive the terminal.

/// A cluster whose every text wants to.
async fn hostile(size: Size, look: Appearance) -> Stage {
    const RED: &str = "\u{9b}31mred";
    const WIDE: &str = "\u{5bbd}\u{5bbd}e\u{301}\u{1f468}\u{200d}\u{1f469}";
    const BACK: &str = "\u{202e}kcab";
    let mut spec = ClusterSpec::new("orders", "aurora-postgresql", RED);
    spec.members = vec![format!("{BACK}{WIDE}")];
    spec.backup_window = format!("{WIDE}{RED}");
    spec.storage_type = Some(format!("{RED}{BACK}"));
    spec.tags = [
        (format!("{BACK}key"), format!("{RED}value")),
        (WIDE.to_owned(), "\u{200b}\u{feff}\u{2066}".to_owned()),
        ("]52;c;ZXZpbA==".to_owned(), "<&\"'$(reboot)".to_owned()),
    ]
    .into();
    let mut odd = ClusterSpec::new("zz-odd", "aurora-mysql", WIDE);
    odd.status = format!("{BACK}{RED}");
    let fleet = Fleet {
        caller: format!("arn:aws:sts::123456789012:assumed-role/dba/{RED}{BACK}"),
        clusters: vec![spec, odd],
        ..Fleet::default()
    };
    let mut stage = Stage::of_fleet(size, look, fleet, FaultScript::default()).await;
    let tags = vec![clustersnap::domain::tag::Tag::new(format!("{BACK}key"), format!("{RED}value"))];
    stage.simulator.create_by_another("orders-hostile", "orders", tags);
    stage.wait(70).await;
    stage.say(Msg::Told(Note::new(Tone::Neutral, &format!("{RED} {BACK} {WIDE} is told")))).await;
    stage
}
