//! Where requests go and what is trusted on the way: profile, Region, endpoint and trusted roots of
//! this machine.
//!
//! Each is read and checked before the SDK meets it, because the SDK passes over much of what is
//! wrong (a file that is not UTF-8 counts as empty, an unknown profile as one without a Region) and
//! panics over some of it (a bundle of certificates that cannot be read). Reads files and the
//! environment; sends nothing but a question to the instance metadata service.

pub(super) mod endpoint;
pub(super) mod files;
pub(super) mod keys;
pub(super) mod profiles;
pub(super) mod region;
pub(super) mod sources;
pub(super) mod trust;

/// A variable of the environment, if it is set and not empty.
pub(super) fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?.to_string_lossy().into_owned();
    if value.is_empty() { None } else { Some(value) }
}
