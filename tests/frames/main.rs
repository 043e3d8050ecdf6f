//! Frames of every screen and state, as snapshots that a person has reviewed; pictures for the README.
//!
//! `INSTA_UPDATE=always cargo test --test frames` writes them anew; look at the difference before you
//! commit it.

mod hostile;
mod late_answers;
mod pictures;
mod places;
#[macro_use]
mod scene;
mod changes;
mod proof;
mod screens;
mod shown;
mod states;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;

use support::fixtures;
use support::hostile as hostile_text;
use support::keys;
use support::stage;
