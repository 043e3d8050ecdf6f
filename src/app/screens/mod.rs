//! One file per screen: its state and its transitions.

pub mod clusters;
pub mod details;
pub mod form;
pub mod help;
pub mod history;
pub mod messages;
pub mod palette;
pub mod pane;
pub mod review;
pub mod snapshot_rows;
pub mod snapshots;
