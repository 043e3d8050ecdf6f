//! What is in progress: when to look again, what an answer means, how far it is and how long it will take.
//!
//! Pure: the time is passed in, nothing is asked for here. May know the domain and nothing else.
//!
//! - [`schedule`]: how long after a look the next one is due.
//! - [`pace`]: how many requests a second. [`backoff`]: throttles, trouble, expired credentials.
//! - [`followed`]: one snapshot on its way to its end. [`presence`]: what it means that it is not listed.
//!   [`progress`]: its percentage over time.
//! - [`estimate`]: how long it will still take, from [`earlier`] snapshots or its progress.

pub mod backoff;
pub(crate) mod earlier;
pub(crate) mod estimate;
pub(crate) mod followed;
pub(crate) mod pace;
pub mod presence;
pub(crate) mod progress;
pub(crate) mod schedule;
