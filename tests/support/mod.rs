//! What tests with strangers share: the Python packages, and servers that end with their test.
//!
//! A test binary takes it with `#[path = "../support/mod.rs"] mod support;`.

pub mod servers;
pub mod venv;
