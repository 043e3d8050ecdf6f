//! The testkit: what tests share. Keys by name, values to begin with, the program in an environment of its own and in a
//! terminal of its own, the simulator behind its HTTP door, Python packages, and what stands between a program and a
//! service.
//!
//! A test binary takes all of it with `#[path = "../support/mod.rs"] mod support;`.

pub mod cases;
pub mod cells;
pub mod clock;
pub mod demo;
pub mod felt;
pub mod fixtures;
pub mod hostile;
pub mod keys;
pub mod node;
pub mod past;
pub mod program;
pub mod proxy;
pub mod pty;
pub mod query;
pub mod servers;
pub mod stage;
pub mod thirty;
pub mod venv;
pub mod world;
pub mod years;
