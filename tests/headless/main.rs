//! The commands without a screen: the real binary, its streams and its exit codes, against the simulator
//! and moto.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arns;
mod clocks;
mod commands;
mod doctor;
mod errors;
mod every_shell;
mod files;
mod filters;
mod fleet;
mod following;
mod guards;
mod inputs;
mod interrupts;
mod jobs;
mod linear;
mod places;
mod removing;
mod removing_judges;
mod removing_names;
mod shells;
mod strangers;
mod streams;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;
mod typed;

use support::pty;
use support::world;
