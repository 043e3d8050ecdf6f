//! What a person can do here, without leaving the program, so that there are credentials again.

use std::path::PathBuf;

use super::command::quote;

/// What a person can do for new credentials.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Renewal {
    /// Give a code of an MFA device.
    Code {
        /// The device, by its serial.
        device: String,
    },
    /// Log in with `aws sso login`.
    Login {
        /// The profile to log in as.
        profile: String,
        /// The file that a login leaves; another login changes it.
        file: PathBuf,
    },
}

/// The command that logs in anew as a profile, for a shell.
#[must_use]
pub fn login_command(profile: &str) -> String {
    format!("aws sso login --profile {}", quote(profile))
}
