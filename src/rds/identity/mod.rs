//! Whose requests they are: credentials, found as by the AWS command line.
//!
//! The order is decided here, and so is what an error means; credentials are fetched by aws-config's providers, and
//! by the SDK's clients where those cannot be told an endpoint, a code of an MFA device or how long a session is to
//! last (STS, SSO).
//!
//! - `plan`: where credentials come from, before anything is asked.
//! - `machine`: carries a plan out. `sts`, `sso`, `services`, `process`: its steps. `code`: a code of an MFA device.
//! - `cache`: what the AWS command line has got already.
//! - `described`: a plan in words. `keeper`: credentials kept until shortly before their end.

mod cache;
pub(super) mod code;
mod described;
pub(super) mod keeper;
pub(super) mod machine;
mod plan;
mod process;
mod services;
mod sso;
mod sts;

use crate::domain::failure::{Failure, SideEffect};
pub(super) use described::{described, summaries};

/// A failure to get credentials, with what was being done. Whatever became of that call, nothing of the request that
/// the credentials are for has left.
fn while_getting(step: &str, failure: Failure) -> Failure {
    Failure { effect: SideEffect::None, ..failure.reworded(|words| format!("{step}: {words}")) }
}
