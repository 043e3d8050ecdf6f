//! Whose requests they are: credentials, found as by the AWS command line.
//!
//! The order is decided here, and so is what an error means. Services of AWS are asked by the SDK's clients, those of
//! the machine by plain requests.
//!
//! - `plan`: where credentials come from, before anything is asked.
//! - `machine`: carries a plan out. `sts`, `sso`, `login` (with `dpop`), `services`, `process`: its steps. `code`: a code
//!   of an MFA device.
//! - `given`: credentials in JSON. `cache`: what the AWS command line has got already.
//! - `described`: a plan in words. `keeper`: credentials kept until shortly before their end.

mod cache;
pub(super) mod code;
mod described;
mod dpop;
mod given;
pub(super) mod keeper;
mod login;
pub(super) mod machine;
mod plan;
mod process;
mod services;
mod sso;
mod sts;

use crate::domain::failure::Failure;
pub(super) use described::{described, summaries};

/// A failure to get credentials, with what was being done. Whatever became of that call, nothing of the request that
/// the credentials are for has left.
fn while_getting(step: &str, failure: Failure) -> Failure {
    Failure { refused: true, ..failure.reworded(|words| format!("{step}: {words}")) }
}
