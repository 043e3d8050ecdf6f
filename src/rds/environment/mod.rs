//! What this machine says of who asks and where: profile, Region, endpoint, proxy and trusted roots.
//!
//! Read with the AWS command line's grammar and in its order, so that whoever one is for `aws`, one is here; the SDK
//! never reads any of it by itself (it has another grammar and other orders, passes over much of what is wrong, and
//! panics over some of it). Reads files and the environment; sends nothing but a question to the instance metadata
//! service.
//!
//! - `order`: the order of variables, in one table.
//! - `ini`, `shlex`, `expand`, `files`: files and the text in them. `profiles`: the profiles of the files.
//! - `region`, `endpoint`, `proxy`, `trust`: where requests go, which way, and what is trusted on it.
//! - `keys`: what can be sent. `url`, `times`, `int`: how the AWS command line reads a URL, a time and a number.
//! - `metadata`: the metadata service of the instance.

use crate::domain::failure::{Failure, FailureKind};

pub(super) mod endpoint;
pub(super) mod expand;
pub(super) mod files;
pub(super) mod ini;
pub(super) mod int;
pub(super) mod keys;
pub(super) mod metadata;
pub(super) mod order;
pub(super) mod profiles;
pub(super) mod proxy;
pub(super) mod region;
pub(super) mod shlex;
pub(super) mod times;
pub(super) mod trust;
pub(super) mod url;

/// Does what may have to wait for a disk, where that holds nothing else up.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(Failure::local(FailureKind::Configuration, error.to_string())))
}

/// A variable of the environment, if it is set and not empty.
pub(super) fn variable(name: &str) -> Option<String> {
    set_to(name).filter(|value| !value.is_empty())
}

/// A variable of the environment, if it is set, be it to nothing. One that is not UTF-8 text is set all the same: were
/// it passed over, somebody else would be asked for. What is no text in it is U+FFFD, which no name has.
pub(super) fn set_to(name: &str) -> Option<String> {
    Some(std::env::var_os(name)?.to_string_lossy().into_owned())
}
