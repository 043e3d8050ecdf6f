//! clustersnap: manual snapshots of Amazon Aurora and Multi-AZ DB clusters, exactly once.
//!
//! The rooms, from the inside out; a room knows only those above it, and `tests/architecture.rs`
//! holds them to it:
//!
//! - [`domain`]: values and their rules. Knows nobody: no I/O, no clock, no terminal, no AWS.
//! - [`sim`]: an embedded RDS with two doors, in-process and HTTP. Knows [`domain`]'s rules, no other room.
//! - [`submit`]: one confirmed request, one outcome. Knows no AWS and no screen.

pub mod domain;
pub mod sim;
pub mod submit;
