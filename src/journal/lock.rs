//! The lock that running programs share the journal under, for as long as one line takes.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::error::JournalError;
use crate::domain::text::shown_path;

/// How long to wait between two tries.
const PAUSE: Duration = Duration::from_millis(5);
/// How long to try: a stopped program (SIGSTOP) could keep the lock for ever.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until nobody else reads or writes.
pub(super) fn exclusive(file: &File, path: &Path) -> Result<(), JournalError> {
    acquire(path, PATIENCE, || file.try_lock())
}

/// Waits until nobody else writes.
pub(super) fn shared(file: &File, path: &Path) -> Result<(), JournalError> {
    acquire(path, PATIENCE, || file.try_lock_shared())
}

fn acquire(
    path: &Path,
    patience: Duration,
    mut lock: impl FnMut() -> Result<(), TryLockError>,
) -> Result<(), JournalError> {
    let mut waited = Duration::ZERO;
    loop {
        match lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(source)) => return Err(JournalError::io(path, "lock", source)),
            Err(TryLockError::WouldBlock) if waited < patience => {
                sleep(PAUSE);
                waited += PAUSE;
            }
            Err(TryLockError::WouldBlock) => {
                return Err(JournalError::Locked { path: shown_path(path), seconds: patience.as_secs() });
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_waited_for_but_not_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let (ours, theirs) = (File::create(&path).unwrap(), File::create(&path).unwrap());
        theirs.lock().unwrap();
        let patience = Duration::from_millis(50);
        let locked = acquire(&path, patience, || ours.try_lock_shared());
        assert!(matches!(locked, Err(JournalError::Locked { .. })), "{locked:?}");

        std::thread::scope(|scope| {
            scope.spawn(|| {
                sleep(Duration::from_millis(50));
                theirs.unlock().unwrap();
            });
            exclusive(&ours, &path).unwrap();
        });
        assert!(matches!(theirs.try_lock_shared(), Err(TryLockError::WouldBlock)));
    }
}
