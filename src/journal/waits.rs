//! Requests that wait for their cluster: one small file each, so that a restart can ask whether they are still meant.

use crate::domain::mark::RequestNumber;
use crate::domain::wait::Wait;

use super::kept::{KeptFile, name};
use super::{Journal, JournalError, file};

/// What the names of their files begin with.
const SORT: &str = "waiting";

impl Journal {
    /// Writes down that a request waits; it is on disk when this returns.
    ///
    /// # Errors
    /// Whatever stands in the way.
    pub fn keep(&self, wait: &Wait) -> Result<KeptFile, JournalError> {
        let folder = file::folder_for_writing(&self.folder)?;
        let _alone = self.locked(&folder)?;
        KeptFile::write(&folder, &self.folder, &name(SORT, &wait.token), wait)
    }

    /// The requests that waited in programs that have ended, and that no other has taken up: those that are meant, the
    /// others are left to whom they are for.
    pub(crate) fn kept_before(&self, is_meant: impl Fn(&Wait) -> bool) -> Vec<(Wait, KeptFile)> {
        let kept = self.kept_files(SORT, |wait: &Wait| &wait.token).filter(|(wait, _)| is_meant(wait));
        let mut found: Vec<(Wait, KeptFile)> = kept.filter(|(_, file)| file.take_up()).collect();
        for (wait, _) in &mut found {
            // An older version drew the number only when it sent; the token is as good, and nobody else's.
            if wait.request.number.as_str().is_empty() {
                wait.request.number = RequestNumber::journalled(&wait.token);
            }
        }
        found.sort_by_key(|(wait, _)| wait.since);
        found
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use jiff::Timestamp;

    use super::*;
    use crate::domain::cluster_id::ClusterId;
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
        assert!(journal.kept_before(|_| true).is_empty());
        let kept = journal.keep(&wait("a1")).unwrap();
        let mode = std::fs::metadata(&kept.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(journal.kept_before(|_| true).is_empty(), "its program still waits");
        drop(kept);
        let of_another = |wait: &Wait| wait.region.as_deref() == Some("us-east-1");
        assert!(journal.kept_before(of_another).is_empty(), "it is for another place, and left to that");
        let mut again = journal.kept_before(|_| true);
        assert_eq!(again.first().map(|(wait, _)| wait), Some(&wait("a1")));
        assert!(journal.kept_before(|_| true).is_empty(), "one program has taken it up");
        again.remove(0).1.remove().unwrap();
        assert!(journal.kept_before(|_| true).is_empty());
    }

    #[test]
    fn what_could_not_be_written_whole_leaves_no_file_of_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("state"));
        journal.check().unwrap();
        // A folder stands where the new file is to be written.
        std::fs::create_dir(folder.path().join("state/kept.new")).unwrap();
        journal.keep(&wait("a1")).unwrap_err();
        assert!(!folder.path().join("state/waiting-a1.json").exists());
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
            assert!(journal.kept_before(|_| true).is_empty(), "{broken}");
        }
    }
}
