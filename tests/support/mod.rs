//! What tests with strangers share: the Python packages, servers that end with their test, and what stands
//! between a program and a service.
//!
//! A test binary takes it with `#[path = "../support/mod.rs"] mod support;`.

pub mod cases;
pub mod clock;
pub mod node;
pub mod proxy;
pub mod query;
pub mod servers;
pub mod venv;
