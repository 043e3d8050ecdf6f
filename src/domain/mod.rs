//! Values and their rules: what a DB cluster, a DB cluster snapshot, an identifier, a tag, a request
//! and an outcome are.
//!
//! This room knows no other. No I/O, no clock, no terminal, no AWS: time is always passed in.
//! Parse, don't validate: a [`request::SnapshotRequest`] can only be made of parsed parts.

pub mod account;
pub(crate) mod age;
pub mod alteration;
pub mod change;
pub mod change_id;
pub mod change_record;
pub mod cluster;
pub mod cluster_id;
pub mod command;
pub mod context;
pub mod earlier;
pub mod ending;
pub mod engine;
pub mod event;
pub(crate) mod evidence;
pub mod failure;
pub mod filter;
pub mod listing;
pub mod mark;
pub(crate) mod naming;
pub(crate) mod notify;
pub mod outcome;
pub mod outcome_kind;
pub mod page;
pub mod pattern;
pub mod policy;
pub mod preflight;
pub mod profile;
pub mod record;
pub mod removal;
pub mod renewal;
pub mod request;
pub mod retag;
pub mod shared;
pub mod snapshot;
pub mod snapshot_id;
pub mod status;
pub mod tag;
pub(crate) mod tag_text;
pub mod text;
pub mod wait;
