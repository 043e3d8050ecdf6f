//! What a person can do here, without leaving the program, so that there are credentials again.

use std::fmt;
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

/// How many digits a code of an MFA device has.
const DIGITS: usize = 6;

/// The digits of a code, as far as they are typed. They are shown to nobody.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Digits(String);

impl Digits {
    /// Takes a character, if it is one more digit.
    pub fn push(&mut self, c: char) {
        if c.is_ascii_digit() && !self.is_whole() {
            self.0.push(c);
        }
    }

    /// Lets go of the last one.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// How many there are.
    pub(crate) fn typed(&self) -> usize {
        self.0.len()
    }

    /// Whether they are a code.
    pub(crate) fn is_whole(&self) -> bool {
        self.typed() == DIGITS
    }

    /// The digits, for whoever sends them.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digits(..)")
    }
}

/// The command that logs in anew as a profile, for a shell.
pub(crate) fn login_command(profile: &str) -> String {
    format!("aws sso login --profile {}", quote(profile))
}
