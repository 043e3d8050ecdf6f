//! Frames of every screen and state, as snapshots that a person has reviewed; pictures for the README.
//!
//! `INSTA_UPDATE=always cargo test --test frames` writes them anew; look at the difference before you
//! commit it.

mod hostile;
#[path = "../support/hostile.rs"]
mod hostile_text;
mod shown;
mod stage;

use std::path::PathBuf;

use clustersnap::app::Look;
use clustersnap::app::effect::Effect;
use clustersnap::app::message::Msg;
use clustersnap::app::requests::RequestId;
use clustersnap::app::theme::Theme;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::domain::outcome::Outcome;
use stage::{Stage, color, plain};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (40, 10)];

/// A new name that is the same in every run.
const NAME: &str = "orders-before-upgrade";

/// Shows a scene at every size in colour, and once in ASCII without colour.
macro_rules! scene {
    ($name:ident, $play:expr) => {
        #[tokio::test(start_paused = true)]
        async fn $name() {
            for size in SIZES {
                let mut stage = Stage::list(size, color()).await;
                ($play)(&mut stage).await;
                let name = format!("{}-{}x{}", stringify!($name), size.0, size.1);
                insta::assert_snapshot!(name, shown::text_and_styles(&stage.frame()));
            }
            let mut stage = Stage::list((80, 24), plain()).await;
            ($play)(&mut stage).await;
            insta::assert_snapshot!(format!("{}-ascii", stringify!($name)), shown::text(&stage.frame()));
        }
    };
}

scene!(list, async |_: &mut Stage| {});
scene!(filter, async |stage: &mut Stage| {
    stage.press("/").await;
    stage.type_text("orders").await;
});
scene!(filter_without_a_match, async |stage: &mut Stage| {
    stage.press("/").await;
    stage.type_text("no such cluster").await;
});
scene!(details, async |stage: &mut Stage| {
    to_orders(stage).await;
    stage.press("d").await;
});
scene!(snapshots, async |stage: &mut Stage| {
    stage.press("v o").await;
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
scene!(history_details, async |stage: &mut Stage| stage.press("h j j j j d").await);
scene!(help, async |stage: &mut Stage| stage.press("?").await);
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

async fn to_orders(stage: &mut Stage) {
    stage.press("/").await;
    stage.type_text("orders-prod").await;
    stage.press("enter").await;
}

/// Presses the key that submits, and leaves the request under way.
fn submit(stage: &mut Stage) -> RequestId {
    let effects = stage.press_only("y");
    let [Effect::Submit { id, .. }, ..] = effects.as_slice() else { panic!("{effects:?}") };
    *id
}

async fn to_review(stage: &mut Stage) {
    to_orders(stage).await;
    stage.press("s ctrl-u").await;
    stage.type_text(NAME).await;
    stage.press("ctrl-s").await;
}

#[tokio::test(start_paused = true)]
async fn before_anything_is_known_the_screen_says_so() {
    let (stage, _) = Stage::opening((80, 24), color(), "");
    insta::assert_snapshot!(shown::text(&stage.frame()));
}

#[tokio::test(start_paused = true)]
async fn without_credentials_the_screen_says_what_to_do() {
    let (mut stage, effects) = Stage::opening((80, 24), color(), "");
    let Some(clustersnap::app::effect::Effect::Connect { id, .. }) = effects.first() else {
        panic!("{effects:?}")
    };
    let failure =
        Failure::local(FailureKind::NoCredentials, "Looked in AWS_ACCESS_KEY_ID, and found nothing.");
    stage.update(Msg::Connected(*id, Err(failure)));
    insta::assert_snapshot!(shown::text(&stage.frame()));
}

#[tokio::test(start_paused = true)]
async fn a_failed_refresh_keeps_the_list_with_its_age() {
    let faults = r#"
        [[fault]]
        action = "DescribeDBClusters"
        calls = "2-9"
        answer = { kind = "error", status = 403, code = "AccessDenied", message = "not authorized to perform: rds:DescribeDBClusters" }
    "#;
    let mut stage = Stage::list_with((80, 24), color(), faults).await;
    stage.press("r").await;
    insta::assert_snapshot!(shown::text(&stage.frame()));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_outcome_is_told_as_such() {
    let faults = r#"
        [[fault]]
        action = "CreateDBClusterSnapshot"
        happened = false
        answer = { kind = "drop" }
    "#;
    let mut stage = Stage::list_with((80, 24), color(), faults).await;
    to_review(&mut stage).await;
    stage.press("y").await;
    insta::assert_snapshot!(shown::text(&stage.frame()));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_comes_back_into_the_form() {
    let faults = r#"
        [[fault]]
        action = "CreateDBClusterSnapshot"
        answer = { kind = "error", status = 400, code = "SnapshotQuotaExceeded", message = "Cannot create more than 100 manual snapshots" }
    "#;
    let mut stage = Stage::list_with((80, 24), color(), faults).await;
    to_review(&mut stage).await;
    stage.press("y").await;
    insta::assert_snapshot!(shown::text(&stage.frame()));
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

/// Writes a picture where there is none or where it is asked for; fails when one is out of date.
fn check_picture(name: &str, picture: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("assets/screenshots/{name}.svg"));
    if is_update() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        std::fs::write(&path, picture).expect("a picture can be written");
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, picture, "{name}.svg is out of date: INSTA_UPDATE=always cargo test --test frames");
}

#[tokio::test(start_paused = true)]
async fn the_pictures_show_what_the_program_shows() {
    let mut stage = Stage::list((100, 26), color()).await;
    to_orders(&mut stage).await;
    stage.press("s").await;
    check_picture("form", &shown::svg(&stage.frame(), false));
    to_review(&mut stage).await;
    check_picture("review", &shown::svg(&stage.frame(), false));
    stage.press("y esc").await;
    stage.wait(12).await;
    check_picture("clusters", &shown::svg(&stage.frame(), false));
}

#[tokio::test(start_paused = true)]
async fn the_pictures_show_every_theme() {
    for name in Theme::names() {
        let theme = Theme::named(name).expect("a theme");
        let mut stage = Stage::list((100, 26), Look { theme, ..color() }).await;
        to_review(&mut stage).await;
        stage.press("y esc").await;
        stage.wait(12).await;
        check_picture(&format!("theme-{name}"), &shown::svg(&stage.frame(), name.ends_with("light")));
    }
}

#[tokio::test(start_paused = true)]
async fn the_readme_shows_what_the_program_shows() {
    let mut stage = Stage::list((80, 24), color()).await;
    to_review(&mut stage).await;
    stage.press("y esc").await;
    stage.wait(12).await;
    let frame = shown::text(&stage.frame());
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("the README can be read");
    let (before, rest) = readme.split_once("```text\n").expect("the README has a frame");
    let (kept, after) = rest.split_once("\n```").expect("the frame ends");
    if is_update() {
        std::fs::write(&path, format!("{before}```text\n{frame}\n```{after}"))
            .expect("the README can be written");
    } else {
        assert_eq!(
            kept, frame,
            "the README's frame is out of date: INSTA_UPDATE=always cargo test --test frames"
        );
    }
}

/// Whether what is kept is to be written anew.
fn is_update() -> bool {
    std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always")
}
