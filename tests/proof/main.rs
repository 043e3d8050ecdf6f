//! Every word held against what the service really did: the real binary, a proxy at which things go wrong,
//! and behind it moto or the simulator.
//!
//! - `world`: a person's machine, the services, and runs of the program
//! - `truth`: whether what was told of a create is so
//! - `altered`: whether what was told of a deletion or of a change of tags is so
//! - the others: one kind of what goes wrong each
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod altered;
mod answers;
mod caps;
mod dates;
mod following;
mod last_usable;
mod lists;
mod lost;
mod marks;
mod mishaps;
mod open;
mod removal_kills;
mod removals;
mod retags;
mod screens;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;
mod truth;
mod world;

use support::pty;
