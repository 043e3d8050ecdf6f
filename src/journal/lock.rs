//! The lock that running programs share the journal under, for as long as one line takes.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::error::{JournalError, shown};

/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_millis(5);
/// How long to try: a stopped program (SIGSTOP) could keep the lock for ever.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until nobody else reads or writes.
pub(super) fn exclusive(file: &File, path: &Path) -> Result<(), JournalError> {
    acquire(path, || file.try_lock())
}

/// Waits until nobody else writes.
pub(super) fn shared(file: &File, path: &Path) -> Result<(), JournalError> {
    acquire(path, || file.try_lock_shared())
}

fn acquire(path: &Path, mut lock: impl FnMut() -> Result<(), TryLockError>) -> Result<(), JournalError> {
    let mut waited = Duration::ZERO;
    loop {
        match lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(source)) => return Err(JournalError::io(path, "lock", source)),
            Err(TryLockError::WouldBlock) if waited < PATIENCE => {
                sleep(PAUSE);
                waited += PAUSE;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::Locked { path: shown(path), seconds: PATIENCE.as_secs() });
            }
        }
    }
}
