//! Exactly once, and never a false word about it: the whole way from a confirmed request through the
//! journal, the real AWS SDK and the simulator's in-process door, on paused time.
//!
//! The one thing that no test here can ask for: an identical request of another machine (same name, cluster
//! and tags) in the seconds between look-up and answer, while the answer is lost. Nothing that AWS lists
//! tells the two apart. On one machine the journal does: see [`twins`].
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fault_matrix;
mod lost_journal;
mod property;
mod settling;
mod soft_signals;
mod truth;
mod twins;
mod world;
