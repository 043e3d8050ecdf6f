//! The same rooms without a screen: one module for each command.
//!
//! What a command has to say goes to standard output, what went wrong to standard error.

pub mod config;
pub mod sim;
