//! What the README shows, made of real frames.

use std::path::PathBuf;

use clustersnap::app::Appearance;
use clustersnap::app::theme::Theme;

use super::changes::to_form;
use super::screens::{NAME, to_orders, to_review};
use super::shown;
use super::stage::{Stage, color};

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

/// The main job from its list to a snapshot that can be restored, as one picture that moves.
#[tokio::test(start_paused = true)]
async fn the_picture_of_the_job_shows_what_the_program_shows() {
    let mut stage = Stage::list((100, 26), color()).await;
    let mut frames = vec![stage.frame()];
    to_orders(&mut stage).await;
    stage.press("s").await;
    frames.push(stage.frame());
    stage.press("ctrl-u").await;
    stage.type_text(NAME).await;
    stage.press("ctrl-s").await;
    frames.push(stage.frame());
    stage.press("y esc").await;
    stage.wait(20).await;
    frames.push(stage.frame());
    stage.wait(60).await;
    frames.push(stage.frame());
    assert!(shown::text(frames.last().expect("a frame")).contains("usable"));
    check_picture("job", &shown::moving_svg(&frames));
}

#[tokio::test(start_paused = true)]
async fn the_pictures_show_a_change_of_many_clusters() {
    let mut stage = Stage::list((100, 26), color()).await;
    to_form(&mut stage).await;
    stage.press("ctrl-s x").await;
    check_picture("change-review", &shown::svg(&stage.frame(), false));
    stage.press("y").await;
    stage.wait(25).await;
    check_picture("change", &shown::svg(&stage.frame(), false));
}

#[tokio::test(start_paused = true)]
async fn the_pictures_show_every_theme() {
    for name in Theme::names() {
        let theme = Theme::named(name).expect("a theme");
        let mut stage = Stage::list((100, 26), Appearance { theme, ..color() }).await;
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
