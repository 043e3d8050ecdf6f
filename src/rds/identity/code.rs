//! The code of an MFA device: kept in memory only, sent once, for all places of a run.
//!
//! Places that look for credentials at the same time take turns, so that the session that one of them gets for the
//! code serves the others.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_credential_types::Credentials;

use crate::domain::failure::Failure;
use crate::domain::renewal::Renewal;

/// A code that was given for this run, and the sessions that it was exchanged for. Its clones are the same code.
#[derive(Clone, Default)]
pub struct MfaCode(Arc<Shared>);

#[derive(Default)]
struct Shared {
    kept: Mutex<Kept>,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Kept {
    code: Option<Code>,
    /// Why the last code was refused, until there is another.
    refusal: Option<Failure>,
    sessions: HashMap<String, Credentials>,
}

struct Code {
    /// The serial of the device that it is of.
    device: String,
    digits: String,
}

impl MfaCode {
    /// Gives a code to all places: the digits that a person read off the device of that serial, and of no other.
    pub fn give(&self, device: &str, digits: &str) {
        let code = Code { device: device.to_owned(), digits: digits.trim().to_owned() };
        let code = Some(code).filter(|code| !code.digits.is_empty());
        self.with(|kept| (kept.code, kept.refusal) = (code, None));
    }

    /// Waits until no other place is getting a session, and keeps the others waiting until it is dropped.
    pub(super) async fn turn(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.turn.lock().await
    }

    /// Whether there is one, or was one that was exchanged for a session.
    pub(super) fn is_given(&self) -> bool {
        self.with(|kept| kept.code.is_some() || !kept.sessions.is_empty())
    }

    /// Takes the code of a device, which works once.
    pub(super) fn take(&self, device: &str) -> Option<String> {
        self.with(|kept| kept.code.take_if(|code| code.device == device)).map(|code| code.digits)
    }

    /// Notes that a code was refused: whoever asks for it after that is told so.
    pub(super) fn refuse(&self, failure: Failure) {
        self.with(|kept| kept.refusal = Some(failure));
    }

    /// Why the last code was refused, if it was one that renews this.
    pub(super) fn refusal(&self, renewal: &Renewal) -> Option<Failure> {
        self.with(|kept| kept.refusal.clone().filter(|it| it.renewal.as_deref() == Some(renewal)))
    }

    /// Whether there is or was a session of something whose name begins so.
    pub(super) fn had_session(&self, begin: &str) -> bool {
        self.with(|kept| kept.sessions.keys().any(|of| of.starts_with(begin)))
    }

    /// The session that a code was exchanged for, by what it is a session of, if it has not ended.
    pub(super) fn session(&self, of: &str) -> Option<Credentials> {
        let session = self.with(|kept| kept.sessions.get(of).cloned())?;
        let lasts = session.expiry().is_none_or(|end| end > SystemTime::now());
        lasts.then_some(session)
    }

    pub(super) fn keep(&self, of: String, session: Credentials) {
        self.with(|kept| kept.sessions.insert(of, session));
    }

    fn with<T>(&self, work: impl FnOnce(&mut Kept) -> T) -> T {
        work(&mut self.0.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MfaCode(..)")
    }
}

/// Two are the same if they are the same code of the same run.
impl PartialEq for MfaCode {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for MfaCode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_taken_once_and_for_its_own_device_only() {
        let code = MfaCode::default();
        code.give("one", " 123456\n");
        assert_eq!(code.take("two"), None);
        assert_eq!(code.take("one").as_deref(), Some("123456"));
        assert_eq!(code.take("one"), None);
    }
}
