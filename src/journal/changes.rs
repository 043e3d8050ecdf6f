//! Changes that are under way: one small file each, so that the next start finds what a program that was ended had been
//! told to send.
//!
//! A file says what is to be sent; what was sent, and what became of it, only the journal tells, by the numbers of the
//! requests. What was confirmed and is not to be sent any more, and which clusters were left out, the journal has no line
//! of: a file keeps that for whoever asks for a report.

use crate::domain::change::{AT_WORK, AskedPlace, Change, ChangeItem};
use crate::domain::change_id::ChangeId;

use super::kept::{KeptFile, name};
use super::{Journal, JournalError, file};

/// What the names of their files begin with.
const SORT: &str = "change";
/// The same of those of which nothing is to be sent any more.
const ENDED: &str = "ended";

impl Journal {
    /// Writes down what a change is to send; it is on disk when this returns. It takes the place of the files of the
    /// same change that were taken up; `own` are the tokens of others that this program works on.
    ///
    /// # Errors
    /// `AtWork` if another program works on the same change, and whatever else stands in the way.
    pub fn keep_change(
        &self,
        change: &Change,
        in_place_of: Vec<KeptFile>,
        own: &[String],
    ) -> Result<KeptFile, JournalError> {
        let folder = file::folder_for_writing(&self.folder)?;
        // Of two programs that begin with one change at the same moment, the second one sees the first one's file.
        let _alone = self.locked(&folder)?;
        self.refuse_second(change, &in_place_of, own)?;
        let kept = KeptFile::write(&folder, &self.folder, &name(SORT, &change.token), change)?;
        for earlier in in_place_of {
            earlier.remove()?;
        }
        Ok(kept)
    }

    /// The changes of programs that have ended, and that no other has taken up, the oldest first; those of one id, if
    /// there is one. What cannot be read is left alone: nothing was sent of it.
    pub(crate) fn changes_kept_before(&self, id: Option<&ChangeId>) -> Vec<(Change, KeptFile)> {
        let mut found: Vec<(Change, KeptFile)> = Vec::new();
        for (change, file) in self.change_files() {
            if id.is_some_and(|id| change.id != *id) || !file.take_up() {
                continue;
            }
            if change.items.is_empty() {
                // Its program ended before it knew what to send.
                let _ = file.remove();
            } else {
                found.push((change, file));
            }
        }
        found.sort_by_key(|(change, _)| change.since);
        found
    }

    /// Lets go of the file of a change of which nothing is to be sent any more; what is in `change` was not, and stays
    /// written down: in the file that this gives.
    ///
    /// # Errors
    /// If a file cannot be written or removed.
    pub fn end_change(
        &self,
        file: Option<KeptFile>,
        change: &Change,
    ) -> Result<Option<KeptFile>, JournalError> {
        let mut ended = None;
        if !change.items.is_empty() || !change.left_out.is_empty() {
            let folder = file::folder_for_writing(&self.folder)?;
            let _alone = self.locked(&folder)?;
            ended = Some(KeptFile::write(&folder, &self.folder, &name(ENDED, &change.token), change)?);
        }
        file.map_or(Ok(()), KeptFile::remove)?;
        Ok(ended)
    }

    /// What programs were told to send for a change, at work or not; it may have been sent.
    pub(crate) fn changes_told(&self, id: &ChangeId) -> Vec<Change> {
        let mut told: Vec<_> = self.change_files().filter(|(change, _)| change.id == *id).collect();
        for (change, _) in told.iter_mut().filter(|(_, file)| !file.take_up()) {
            change.items.iter_mut().for_each(|item| item.why = Some(AT_WORK.to_owned()));
        }
        told.into_iter().map(|(change, _)| change).collect()
    }

    /// What was not sent of a change, each time that it was over; of the same clusters, it may have been sent since.
    pub(crate) fn changes_ended(&self, id: &ChangeId) -> Vec<Change> {
        self.files_of(ENDED).map(|(change, _)| change).filter(|change| change.id == *id).collect()
    }

    /// The changes that are over of which something was not sent, whose programs have ended, and that nobody was told of
    /// since: from now on they count as told.
    ///
    /// # Errors
    /// If a file cannot be written.
    pub(crate) fn take_untold(&self) -> Result<Vec<Change>, JournalError> {
        let untold = self.files_of(ENDED).filter(|(change, file)| change.is_untold && file.take_up());
        let untold: Vec<Change> = untold.map(|(change, _)| change).collect();
        for change in &untold {
            self.end_change(None, &Change { is_untold: false, ..change.clone() })?;
        }
        Ok(untold)
    }

    /// Forgets which of these places of a change that is over could not be read: they were read since, or are written down
    /// anew.
    ///
    /// # Errors
    /// If a file cannot be written or removed.
    pub(crate) fn forget_unread(&self, id: &ChangeId, asked: &[AskedPlace]) -> Result<(), JournalError> {
        let ended: Vec<(Change, KeptFile)> =
            self.files_of(ENDED).filter(|(change, _)| change.id == *id).collect();
        for (mut change, file) in ended {
            if change.left_out.extract_if(.., |out| out.is_of_place(asked)).count() > 0 {
                // Written in its place, or removed where nothing is left to say.
                if self.end_change(None, &change)?.is_none() {
                    file.remove()?;
                }
            }
        }
        Ok(())
    }

    /// The ids of all changes that have something still to send, whether a program works on them or not.
    pub(crate) fn changes_under_way(&self) -> Vec<ChangeId> {
        self.change_files().map(|(change, _)| change.id).collect()
    }

    /// Refuses to begin with a change that another program works on.
    fn refuse_second(
        &self,
        change: &Change,
        taken_up: &[KeptFile],
        own: &[String],
    ) -> Result<(), JournalError> {
        for (other, file) in self.change_files() {
            let is_own = own.contains(&other.token) || taken_up.iter().any(|own| own.path == file.path);
            if other.id == change.id && !is_own && !file.take_up() {
                return Err(JournalError::AtWork { change: change.id.clone() });
            }
        }
        Ok(())
    }

    /// Every change that has something to send, with its file. What cannot be read is left alone.
    fn change_files(&self) -> impl Iterator<Item = (Change, KeptFile)> {
        self.files_of(SORT)
    }

    fn files_of(&self, sort: &'static str) -> impl Iterator<Item = (Change, KeptFile)> {
        self.kept_files(sort, |change: &Change| &change.token).filter(|(change, _)| is_whole(change))
    }
}

/// Whether a change is one that was written here: its file can have been edited. Each request has a number, by which the
/// journal tells whether it was sent.
fn is_whole(change: &Change) -> bool {
    let is_whole = |item: &ChangeItem| {
        !item.request.number.as_str().is_empty() && item.request.change.as_ref() == Some(&change.id)
    };
    ChangeId::parse(change.id.as_str()).is_ok() && change.items.iter().all(is_whole)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use jiff::Timestamp;

    use super::*;
    use crate::domain::account::AccountId;
    use crate::domain::change::{ChangePlace, LeftOut};
    use crate::domain::cluster_id::ClusterId;
    use crate::domain::mark::RequestNumber;
    use crate::domain::request::SnapshotRequest;
    use crate::domain::snapshot_id::SnapshotId;
    use crate::domain::tag::TagSet;

    fn change(id: &str, token: &str, clusters: &[&str]) -> Change {
        let id = ChangeId::parse(id).unwrap();
        let item = |cluster: &&str| ChangeItem {
            place: ChangePlace { region: Some("eu-west-1".to_owned()), ..ChangePlace::default() },
            account: AccountId::reported("123456789012"),
            request: SnapshotRequest {
                number: RequestNumber::journalled(&format!("{token}-{cluster}")),
                cluster: ClusterId::parse(cluster).unwrap(),
                cluster_resource_id: None,
                snapshot: SnapshotId::parse(&format!("{cluster}-1")).unwrap(),
                tags: TagSet::parse([("owner", "größe = 1")]).unwrap(),
                mark: Some("clustersnap:request".to_owned()),
                change: Some(id.clone()),
            },
            when_available: true,
            why: None,
        };
        let items = clusters.iter().map(item).collect();
        let since = Timestamp::from_second(1_000).unwrap();
        let left_out = vec![LeftOut {
            place: ChangePlace::default(),
            account: None,
            cluster: "reports".to_owned(),
            why: "stopped".to_owned(),
            is_requested: false,
        }];
        Change { id, token: token.to_owned(), since, items, all_or_stop: true, left_out, is_untold: false }
    }

    fn journal() -> (tempfile::TempDir, Journal) {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("state"));
        (folder, journal)
    }

    #[test]
    fn a_change_is_found_again_only_after_its_program_has_ended_and_until_it_is_dropped() {
        let (_folder, journal) = journal();
        assert!(journal.changes_kept_before(None).is_empty());
        let wanted = change("CHG/1", "t1", &["a", "b"]);
        let kept = journal.keep_change(&wanted, Vec::new(), &[]).unwrap();
        let mode = std::fs::metadata(&kept.path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(journal.changes_kept_before(None).is_empty(), "its program still works on it");
        drop(kept);
        assert!(journal.changes_kept_before(Some(&ChangeId::parse("other").unwrap())).is_empty());
        let mut again = journal.changes_kept_before(Some(&wanted.id));
        assert_eq!(again.first().map(|(change, _)| change), Some(&wanted));
        assert!(journal.changes_kept_before(None).is_empty(), "one program has taken it up");
        again.remove(0).1.remove().unwrap();
        assert!(journal.changes_kept_before(None).is_empty());
    }

    #[test]
    fn what_was_not_sent_of_a_change_that_is_over_is_asked_about_by_nobody_and_stays_written_down() {
        let (_folder, journal) = journal();
        let wanted = change("CHG-1", "t1", &["a", "b"]);
        let kept = journal.keep_change(&wanted, Vec::new(), &[]).unwrap();
        let unsent = Change { items: wanted.items[1..].to_vec(), ..wanted.clone() };
        drop(journal.end_change(Some(kept), &unsent).unwrap());
        assert!(journal.changes_kept_before(None).is_empty() && journal.changes_told(&wanted.id).is_empty());
        assert_eq!(journal.changes_ended(&wanted.id), [unsent]);
        assert!(journal.changes_ended(&ChangeId::parse("CHG-2").unwrap()).is_empty());
        let kept = journal.keep_change(&change("CHG-2", "t2", &["a"]), Vec::new(), &[]).unwrap();
        let nothing = Change { items: Vec::new(), left_out: Vec::new(), ..change("CHG-2", "t2", &[]) };
        journal.end_change(Some(kept), &nothing).unwrap();
        assert_eq!(std::fs::read_dir(&journal.folder).unwrap().count(), 2, "the journal, and CHG-1");
    }

    #[test]
    fn what_nobody_was_told_of_a_change_that_is_over_is_given_once_and_only_after_its_program_has_ended() {
        let (_folder, journal) = journal();
        let told = change("CHG-1", "t1", &["a"]);
        drop(journal.end_change(None, &told).unwrap());
        let untold = Change { is_untold: true, ..change("CHG-2", "t2", &["a"]) };
        let ended = journal.end_change(None, &untold).unwrap();
        assert!(journal.take_untold().unwrap().is_empty(), "who confirmed it has it on the screen");
        drop(ended);
        assert_eq!(journal.take_untold().unwrap(), vec![untold.clone()]);
        assert!(journal.take_untold().unwrap().is_empty());
        assert_eq!(journal.changes_ended(&untold.id), [Change { is_untold: false, ..untold }]);
    }

    #[test]
    fn one_program_works_on_a_change_and_what_it_took_up_goes_on_in_a_new_file() {
        let (_folder, journal) = journal();
        let first = journal.keep_change(&change("CHG-1", "t1", &["a"]), Vec::new(), &[]).unwrap();
        let second = change("CHG-1", "t2", &["b"]);
        let refused = journal.keep_change(&second, Vec::new(), &[]).unwrap_err();
        assert!(matches!(refused, JournalError::AtWork { .. }), "{refused}");
        let beside = journal.keep_change(&second, Vec::new(), &["t1".to_owned()]).unwrap();
        beside.remove().unwrap();
        let other = journal.keep_change(&change("CHG-2", "t3", &["a"]), Vec::new(), &[]).unwrap();
        drop((first, other));
        let taken = journal.changes_kept_before(Some(&second.id)).into_iter().map(|(_, file)| file).collect();
        drop(journal.keep_change(&second, taken, &[]).unwrap());
        let mut left: Vec<String> =
            journal.changes_kept_before(None).into_iter().map(|(change, _)| change.token).collect();
        left.sort();
        assert_eq!(left, ["t2", "t3"]);
    }

    #[test]
    fn one_that_would_be_too_long_to_be_read_again_is_not_begun() {
        let (_folder, journal) = journal();
        let names: Vec<String> = (0..500).map(|number| format!("c{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let refused = journal.keep_change(&change("CHG-1", "t1", &names), Vec::new(), &[]).unwrap_err();
        assert!(refused.to_string().contains("too large"), "{refused}");
        assert!(journal.changes_under_way().is_empty());
    }

    #[test]
    fn what_is_no_whole_change_is_left_alone() {
        let (folder, journal) = journal();
        drop(journal.keep_change(&change("CHG-1", "t1", &["a"]), Vec::new(), &[]).unwrap());
        let path = folder.path().join("state/change-t1.json");
        let text = std::fs::read_to_string(&path).unwrap();
        for broken in [
            "",
            "{",
            &text.replace("a-1", "a--1"),
            &text.replace("\"t1\"", "\"../b\""),
            &text.replacen("CHG-1", "C", 1),
        ] {
            std::fs::write(&path, broken).unwrap();
            assert!(journal.changes_kept_before(None).is_empty(), "{broken}");
        }
    }
}
