//! The refreshing pane on a clock of its own: how often it asks, what it makes of the answers, and that
//! nothing the service says or refuses to say leads it astray.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::unchecked_time_subtraction, reason = "a test fails by panicking")]

mod loading;
mod many;
mod rates;
mod setbacks;
mod statuses;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;
mod world;

use support::fixtures;
