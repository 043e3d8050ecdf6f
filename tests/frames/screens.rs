//! Every screen, in its usual state.

use clustersnap::app::effect::Effect;
use clustersnap::app::message::Msg;
use clustersnap::app::request_id::RequestId;
use clustersnap::domain::account::AccountId;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::domain::outcome::Outcome;
use clustersnap::domain::record::Entry;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use clustersnap::sim::fleet::Fleet;

use super::shown::text;
use super::stage::{Stage, color, past, plain};

/// A new name that is the same in every run.
pub const NAME: &str = "orders-before-upgrade";

scene!(list, async |_: &mut Stage| {});
scene!(filter, async |stage: &mut Stage| {
    stage.press("/").await;
    stage.type_text("orders").await;
});
scene!(filter_without_a_match, async |stage: &mut Stage| {
    stage.press("/").await;
    stage.type_text("no such cluster").await;
});
scene!(filter_without_a_match_that_is_kept, async |stage: &mut Stage| {
    stage.press("/").await;
    stage.type_text("no such cluster").await;
    stage.press("enter").await;
});
scene!(filter_by_a_status_that_none_has, async |stage: &mut Stage| {
    stage.press("/").await;
    stage.type_text("status:avialable").await;
});
scene!(snapshots_filtered_by_a_status_that_none_has, async |stage: &mut Stage| {
    stage.press("v /").await;
    stage.type_text("status:avialable").await;
});
scene!(filter_that_says_nothing, async |stage: &mut Stage| {
    stage.press("/").await;
    stage.type_text("orders -status:").await;
});
scene!(details, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press("d").await;
});
scene!(snapshots, async |stage: &mut Stage| {
    stage.press("v o").await;
});
scene!(snapshots_of_which_some_are_hidden_above_and_below, async |stage: &mut Stage| {
    stage.press("v o ctrl-f").await;
});
scene!(snapshots_filtered, async |stage: &mut Stage| {
    stage.press("v /").await;
    stage.type_text("orders env=prod").await;
});
scene!(snapshot, async |stage: &mut Stage| {
    stage.press("v enter").await;
});
scene!(evidence, async |stage: &mut Stage| {
    to_review(stage).await;
    stage.press("y esc").await;
    stage.wait(60).await;
    stage.press("tab e").await;
    stage.wait(10).await;
});
scene!(form, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press("s").await;
});
scene!(form_with_a_broken_name, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press("s ctrl-u").await;
    stage.type_text("orders_prod--2026").await;
    stage.press("ctrl-s").await;
});
scene!(form_with_bad_tags, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press("s ctrl-n").await;
    stage.type_text("aws:x").await;
    stage.press("ctrl-n").await;
    stage.type_text("Owner").await;
    stage.press("tab").await;
    stage.type_text("tab\u{202e}").await;
});
scene!(review, async |stage: &mut Stage| to_review(stage).await);
scene!(created, async |stage: &mut Stage| {
    to_review(stage).await;
    stage.press("y").await;
    stage.wait(12).await;
});
scene!(usable, async |stage: &mut Stage| {
    to_review(stage).await;
    stage.press("y").await;
    stage.wait(90).await;
});
scene!(review_after_the_journal_refused, async |stage: &mut Stage| {
    to_review(stage).await;
    let id = submit(stage);
    let failure = Failure::local(
        FailureKind::Journal,
        "cannot write /home/dba/.local/state/clustersnap/journal.jsonl: No space left on device (os error 28)",
    );
    stage.update(Msg::Submitted(id, Outcome::NotCreated(failure)));
});
scene!(quitting_with_a_request_under_way, async |stage: &mut Stage| {
    to_review(stage).await;
    submit(stage);
    stage.press("ctrl-c").await;
});
scene!(history, async |stage: &mut Stage| stage.press("h").await);
scene!(history_of_a_cluster, async |stage: &mut Stage| {
    stage.press("h /").await;
    stage.type_text("Orders").await;
});
scene!(history_of_a_refusal, async |stage: &mut Stage| stage.press("h j j j").await);
scene!(history_details, async |stage: &mut Stage| stage.press("h j j j j d").await);
scene!(help, async |stage: &mut Stage| stage.press("?").await);
scene!(help_searched, async |stage: &mut Stage| {
    stage.press("? /").await;
    stage.type_text("clipb").await;
    stage.press("ctrl-u").await;
    stage.type_text("tags").await;
});
scene!(key_that_does_nothing, async |stage: &mut Stage| {
    to_review(stage).await;
    stage.type_text("é").await;
});
scene!(messages, async |stage: &mut Stage| {
    to_review(stage).await;
    stage.press("y").await;
    stage.wait(90).await;
    stage.press("esc r y m").await;
});
scene!(messages_before_there_are_any, async |stage: &mut Stage| stage.press("m").await);
scene!(actions, async |stage: &mut Stage| {
    stage.press(":").await;
    stage.type_text("tag").await;
});

pub async fn to_orders(stage: &mut Stage) {
    stage.press("/").await;
    stage.type_text("orders-prod").await;
    stage.press("enter").await;
}

/// Presses the key that submits, and leaves the request under way.
pub fn submit(stage: &mut Stage) -> RequestId {
    let effects = stage.press_only("y");
    let [Effect::Submit { id, .. }, ..] = effects.as_slice() else { panic!("{effects:?}") };
    *id
}

pub async fn to_review(stage: &mut Stage) {
    to_orders(stage).await;
    stage.press("s ctrl-u").await;
    stage.type_text(NAME).await;
    stage.press("ctrl-s").await;
}

#[tokio::test(start_paused = true)]
async fn every_screen_survives_every_size() {
    for size in [(1, 1), (2, 3), (10, 4), (20, 8), (200, 60), (300, 5)] {
        for keys in ["?", "d", "s", "s ctrl-n", "s ctrl-s", "s ctrl-s y", "/", "tab", "h", "h /", "h d"] {
            let mut stage = Stage::list(size, color()).await;
            stage.press(keys).await;
            stage.frame();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_history_names_account_and_region_where_its_requests_differ_in_them() {
    for is_elsewhere in [false, true] {
        let mut stage = Stage::list((140, 26), color()).await;
        let effects = stage.press_only("h");
        let Some(Effect::ReadHistory(id, _)) = effects.first() else { panic!("{effects:?}") };
        let mut page = past();
        if let (true, Some((_, Entry::Request(newest)))) = (is_elsewhere, page.entries.first_mut()) {
            newest.intent.account = AccountId::reported("222222222222");
            newest.intent.region = Some("us-east-1".to_owned());
        }
        stage.update(Msg::History(*id, Ok(Some(page))));
        let shown = text(&stage.frame());
        let has =
            |words: [&str; 2]| shown.lines().skip(1).any(|line| words.iter().all(|word| line.contains(word)));
        let told =
            [["ACCOUNT", "REGION"], ["222222222222", "us-east-1"], ["123456789012", "eu-west-1"]].map(has);
        assert_eq!(told, [is_elsewhere; 3], "{shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_footer_says_what_esc_does_at_the_next_press() {
    let footer = |stage: &Stage| text(&stage.frame()).lines().last().unwrap_or_default().to_owned();
    for (keys, first, then) in [
        ("v space", "esc drop the marks", "esc back"),
        ("? / t enter", "esc drop the filter", "esc back"),
        ("v space /", "esc drop the filter", "esc drop the marks"),
        ("h enter", "esc back", "esc back"),
    ] {
        let mut stage = Stage::list((120, 40), color()).await;
        stage.press(keys).await;
        assert!(footer(&stage).contains(first), "{keys}: {}", footer(&stage));
        stage.press("esc").await;
        assert!(footer(&stage).contains(then), "{keys}, esc: {}", footer(&stage));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_is_told_on_the_smallest_terminals_too() {
    let denied = FaultyAnswer::error(403, "AccessDenied", "User is not authorized");
    for size in [(20, 5), (40, 7)] {
        let faults = FaultScript::new(vec![Fault::on("CreateDBClusterSnapshot").answer(denied.clone())]);
        let mut stage = Stage::of_fleet((80, 24), plain(), Fleet::demo(), faults).await;
        stage.press("s ctrl-s y").await;
        stage.resize(size).await;
        let shown = text(&stage.frame());
        assert!(shown.lines().any(|line| line.starts_with(" x Refuse")), "{size:?}\n{shown}");
    }
}
