//! Frames of every screen and state, as snapshots that a person has reviewed; pictures for the README.
//!
//! `INSTA_UPDATE=always cargo test --test frames` writes them anew; look at the difference before you
//! commit it.

#[path = "../support/fixtures.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod fixtures;
mod hostile;
#[path = "../support/hostile.rs"]
mod hostile_text;
#[path = "../support/keys.rs"]
mod keys;
mod pictures;
mod places;
#[macro_use]
mod scene;
mod changes;
mod proof;
mod screens;
mod shown;
mod stage;
mod states;
