//! One confirmed request, one outcome, exactly once: preflight, journal, send, reconcile.
//!
//! The decision tables are pure functions. This room knows neither AWS nor the screen.

pub mod service;
