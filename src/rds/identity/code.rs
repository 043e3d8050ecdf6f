//! The code of an MFA device: kept in memory only, sent once, for all places of a run.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use aws_credential_types::Credentials;

/// A code that was given for this run, and the sessions that it was exchanged for. Its clones are the same code.
#[derive(Clone, Default)]
pub struct MfaCode(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    code: Option<String>,
    sessions: HashMap<String, Credentials>,
}

impl MfaCode {
    /// The digits that a person read off their device.
    #[must_use]
    pub fn new(digits: &str) -> Self {
        let code = Some(digits.trim().to_owned()).filter(|code| !code.is_empty());
        Self(Arc::new(Mutex::new(Kept { code, ..Kept::default() })))
    }

    /// Whether there is one, or was one that was exchanged for a session.
    pub(super) fn is_given(&self) -> bool {
        self.with(|kept| kept.code.is_some() || !kept.sessions.is_empty())
    }

    /// Takes the code, which works once.
    pub(super) fn take(&self) -> Option<String> {
        self.with(|kept| kept.code.take())
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
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
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
