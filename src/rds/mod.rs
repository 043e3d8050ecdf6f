//! AWS: the calls, and what their answers mean. The only room that names `aws_*`.
//!
//! Everything that leaves this room is in the words of [`crate::domain`]; every answer has a meaning
//! there, whatever the service says, and a failure tells whether the request can have taken effect.
//! The room decides nothing and shows nothing: it does not retry what changes anything (one
//! [`create_once`](crate::submit::service::Service::create_once) is one request on the wire), does not
//! follow markers into a list that loops, and escapes no text; that is the business of its callers.
//!
//! - [`options`]: what a person may choose, and every timeout and retry in one table. `patience`: what a limit is to
//!   a program that was stopped.
//! - `environment`: what this machine says of who asks and where, read as the AWS command line reads it.
//! - `identity`: whose requests they are: credentials, in the AWS command line's order, with a time limit.
//! - `sdk`: what the SDK's clients are made with.
//! - `fetch`: a plain request, to the services of a machine.
//! - [`http`]: the way out. `connection`: how a host is reached, past the proxy or by a `tunnel` through it.
//! - `harmless`: answers as the SDK may see them. `mend`: those that it cannot read. `contain`: where its panics end.
//! - `guard`: `--read-only`, where requests leave. `call_probe`: what was seen of a request.
//! - [`certificate`]: who issued the certificate that a host shows. `distrust`: why one is not accepted, in words.
//! - [`origins`]: what of this machine decided on all that, in words.
//! - [`client`], `reads`, `service`: the calls. `convert`: SDK types to domain types. `error`: failures;
//!   `foreign`: what something other than AWS answered.

mod call_probe;
pub mod certificate;
pub mod client;
mod connection;
mod contain;
mod convert;
mod distrust;
mod environment;
mod error;
mod fetch;
mod foreign;
mod guard;
mod harmless;
pub mod http;
mod identity;
mod mend;
pub mod options;
pub mod origins;
mod patience;
mod reads;
mod sdk;
mod service;
mod tunnel;

pub use client::Client;
pub use identity::code::MfaCode;
pub use options::ServiceOptions;
pub use origins::Origins;

use crate::domain::failure::Failure;
use crate::domain::profile::Profile;

/// The profiles of the files of AWS, by name. Asks nobody.
///
/// # Errors
/// `Configuration`: a file is none of its grammar.
pub async fn profiles() -> Result<Vec<Profile>, Failure> {
    let profiles = environment::profiles::Profiles::all().await?;
    Ok(identity::summaries(&profiles))
}

/// The Regions that are known here; AWS opens new ones.
pub(crate) fn regions() -> &'static [&'static str] {
    &environment::region::KNOWN
}
