//! Exactly once, and never a false word about it: the whole way from a confirmed request through the
//! journal, the real AWS SDK and the simulator's in-process door, on paused time.
//!
//! An identical request of another machine in the seconds in which the answer is lost is told apart by its mark;
//! without marks nothing tells them apart, and then nothing is claimed: see `soft_signals`. On one machine the
//! journal tells them apart, too: see [`twins`].
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod deletions;
mod expiring;
mod fault_matrix;
mod lagging;
mod lost_journal;
mod property;
mod settling;
mod soft_signals;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared by tests that use different parts of it")]
mod support;
mod truth;
mod twins;
mod world;

use support::cells;
