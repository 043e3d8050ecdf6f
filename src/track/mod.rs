//! What is in progress: when to look again. Pure, with the time passed in.

pub mod schedule;
