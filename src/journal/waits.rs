//! Requests that wait for their cluster: one small file each, beside the journal, so that a restart can ask
//! whether they are still meant. A running program keeps the lock of its files; a file whose lock is free
//! belongs to a program that ended.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::wait::Wait;

use super::saved::SavedRequest;
use super::{Journal, JournalError, file, lock};

const PREFIX: &str = "waiting-";
const SUFFIX: &str = ".json";
/// No such file is longer: 50 tags of the longest.
const MAX_BYTES: u64 = 1 << 20;

/// The file of a request that waits, kept for as long as this lives.
#[derive(Debug)]
pub struct WaitFile {
    path: PathBuf,
    // Its lock says that a program still waits.
    _file: File,
}

/// What a file says.
#[derive(Serialize, Deserialize)]
struct Saved {
    token: String,
    since: Timestamp,
    until: Timestamp,
    region: Option<String>,
    url: String,
    account: Option<String>,
    #[serde(flatten)]
    request: SavedRequest,
}

impl Journal {
    /// Writes down that a request waits; it is on disk when this returns.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub fn keep(&self, wait: &Wait) -> Result<WaitFile, JournalError> {
        let name = format!("{PREFIX}{}{SUFFIX}", wait.token);
        let path = self.folder.join(&name);
        let folder = file::folder_for_writing(&self.folder)?;
        let mut file = file::file_for_writing(&folder, &name, &path)?;
        lock::exclusive(&file, &path)?;
        let wrong = |source| JournalError::io(&path, "write", source);
        let text = serde_json::to_vec(&Saved::of(wait)).map_err(|source| wrong(source.into()))?;
        file.write_all(&text).map_err(wrong)?;
        file.sync_data().map_err(wrong)?;
        file::sync_names(&folder, &self.folder)?;
        Ok(WaitFile { path, _file: file })
    }

    /// The requests that waited in programs that have ended, and that no other has taken up. What cannot be
    /// read is left alone: it is nobody's request.
    #[must_use]
    pub fn kept_before(&self) -> Vec<(Wait, WaitFile)> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut found: Vec<(Wait, WaitFile)> = names
            .filter(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX))
            .filter_map(|name| self.take_up(&name))
            .collect();
        found.sort_by_key(|(wait, _)| wait.since);
        found
    }

    fn take_up(&self, name: &str) -> Option<(Wait, WaitFile)> {
        let path = self.folder.join(name);
        let file = file::file_for_reading(&self.folder, name, &path).ok()??;
        file.try_lock().ok()?;
        let mut text = Vec::new();
        (&file).take(MAX_BYTES).read_to_end(&mut text).ok()?;
        let wait = serde_json::from_slice::<Saved>(&text).ok()?.wait()?;
        (name == format!("{PREFIX}{}{SUFFIX}", wait.token)).then_some((wait, WaitFile { path, _file: file }))
    }
}

impl WaitFile {
    /// Lets go of the request: nobody will be asked about it any more.
    ///
    /// # Errors
    /// If the file cannot be removed.
    pub fn drop_request(self) -> Result<(), JournalError> {
        std::fs::remove_file(&self.path).map_err(|source| JournalError::io(&self.path, "remove", source))
    }
}

impl Saved {
    fn of(wait: &Wait) -> Self {
        Self {
            token: wait.token.clone(),
            since: wait.since,
            until: wait.until,
            region: wait.region.clone(),
            url: wait.url.clone(),
            account: wait.account.clone(),
            request: SavedRequest::of(&wait.request),
        }
    }

    /// The request, parsed anew: the file can have been edited.
    fn wait(self) -> Option<Wait> {
        // An older version drew the number only when it sent; the token is as good, and nobody else's.
        let request = self.request.request(&self.token)?;
        Some(Wait {
            token: self.token,
            request,
            since: self.since,
            until: self.until,
            region: self.region,
            url: self.url,
            account: self.account,
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::domain::cluster_id::ClusterId;
    use crate::domain::mark::RequestNumber;
    use crate::domain::request::SnapshotRequest;
    use crate::domain::snapshot_id::SnapshotId;
    use crate::domain::tag::TagSet;

    fn wait(token: &str) -> Wait {
        Wait {
            token: token.to_owned(),
            request: SnapshotRequest {
                number: RequestNumber::new(Timestamp::UNIX_EPOCH, 1),
                cluster: ClusterId::parse("orders").unwrap(),
                cluster_resource_id: Some("cluster-X".to_owned()),
                snapshot: SnapshotId::parse("orders-1").unwrap(),
                tags: TagSet::parse([("owner", "größe = 1")]).unwrap(),
                mark: None,
                change: None,
            },
            since: Timestamp::from_second(1_000).unwrap(),
            until: Timestamp::from_second(5_000).unwrap(),
            region: Some("eu-west-1".to_owned()),
            url: "https://rds.eu-west-1.amazonaws.com".to_owned(),
            account: None,
        }
    }

    #[test]
    fn a_request_is_offered_again_only_after_its_program_has_ended_and_until_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("state"));
        assert!(journal.kept_before().is_empty());
        let kept = journal.keep(&wait("a1")).unwrap();
        let mode = std::fs::metadata(&kept.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(journal.kept_before().is_empty(), "its program still waits");
        drop(kept);
        let mut again = journal.kept_before();
        assert_eq!(again.first().map(|(wait, _)| wait), Some(&wait("a1")));
        assert!(journal.kept_before().is_empty(), "one program has taken it up");
        again.remove(0).1.drop_request().unwrap();
        assert!(journal.kept_before().is_empty());
    }

    #[test]
    fn what_is_no_valid_request_is_not_offered() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("state"));
        drop(journal.keep(&wait("a1")).unwrap());
        let path = folder.path().join("state/waiting-a1.json");
        let text = std::fs::read_to_string(&path).unwrap();
        for broken in ["", "{", &text.replace("orders-1", "orders--1"), &text.replace("a1", "../b")] {
            std::fs::write(&path, broken).unwrap();
            assert!(journal.kept_before().is_empty(), "{broken}");
        }
    }
}
