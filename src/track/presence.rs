//! What it means that a snapshot which is followed is not in an answer. Lists are eventually consistent: a
//! look or two that miss it say nothing.
//!
//! The pane, `watch`, `create --wait` and the recovery at the start all ask here.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::account::AccountId;
use crate::domain::listing::{LIST_LAG, means_gone};
use crate::domain::status::SnapshotStatus;
use crate::domain::text::length;

/// What became of a snapshot that is not there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// It was being deleted, and is gone.
    Deleted,
    /// It was there, or should have been, and is not.
    Disappeared,
    /// A later snapshot has its name.
    Replaced,
}

/// The looks in a row that missed a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed {
    /// How many.
    pub looks: u32,
    /// When the first was, by this machine's clock: to tell it, never to measure with.
    pub since: Timestamp,
    first: Duration,
    last: Duration,
}

/// Whether a snapshot that is followed is there, as far as looks have told.
#[derive(Clone, Debug, Default)]
pub struct Presence {
    begun: Duration,
    is_known: bool,
    missed: Option<Missed>,
    is_replaced: bool,
    /// Whether an answer that missed it was of no account that is known to be its own.
    is_elsewhere: bool,
}

impl Presence {
    /// Of a snapshot that is followed from a moment of the monotonic clock on.
    pub(crate) fn new(begun: Duration) -> Self {
        Self { begun, ..Self::default() }
    }

    /// A look found it: whatever was concluded from missing it is taken back.
    pub fn found(&mut self) {
        self.is_known = true;
        self.missed = None;
        self.is_replaced = false;
        self.is_elsewhere = false;
    }

    /// A look found a later snapshot of its account under its name, which only one can have: there is no lag in that.
    pub(crate) fn replaced(&mut self) -> Absence {
        self.is_replaced = true;
        Absence::Replaced
    }

    /// What the looks say, once the snapshot is called gone.
    pub(crate) fn verdict(&self) -> Option<String> {
        if self.is_replaced {
            return Some("it is gone, and another snapshot has its name now".to_owned());
        }
        self.missed.map(Missed::verdict)
    }

    /// A look by its identifier, at `now` on the monotonic clock and `at` by the date, missed it. It is an absence
    /// only if the answer is `theirs` of the account that the snapshot is known to be of. Returns what became of it, once
    /// it was missed so often and for so long that it is not there; it may still come back.
    pub fn missed(
        &mut self,
        own: Option<&AccountId>,
        theirs: Option<&AccountId>,
        last: Option<&SnapshotStatus>,
        (now, at): (Duration, Timestamp),
    ) -> Option<Absence> {
        self.is_elsewhere = own.is_none() || own != theirs;
        if self.is_elsewhere {
            return None;
        }
        let before = self.missed.unwrap_or(Missed { looks: 0, since: at, first: now, last: now });
        let missed = Missed { looks: before.looks.saturating_add(1), last: now, ..before };
        self.missed = Some(missed);
        let is_over = means_gone(missed.looks, missed.time());
        // What no list has had yet may be lagging as long as lists can.
        let may_lag = !self.is_known && now.saturating_sub(self.begun) < LIST_LAG.unsigned_abs();
        if !is_over || may_lag {
            return None;
        }
        let was_being_deleted = matches!(last, Some(SnapshotStatus::Deleting | SnapshotStatus::Deleted));
        Some(if was_being_deleted { Absence::Deleted } else { Absence::Disappeared })
    }

    /// Whether a list had it at any time: what none has had yet may only be new.
    pub(crate) fn was_listed(&self) -> bool {
        self.is_known
    }

    /// The looks that missed it since it was last listed, if there are any.
    pub(crate) fn absences(&self) -> Option<Missed> {
        self.missed
    }

    /// Whether the last look that missed it says nothing, because the account of the answer is not the
    /// snapshot's, or is not known.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.is_elsewhere
    }
}

impl Missed {
    /// The time from the first look that missed it to the last.
    pub(crate) fn time(&self) -> Duration {
        self.last.saturating_sub(self.first)
    }

    fn verdict(self) -> String {
        format!(
            "AWS answers {} times over {} that there is no such snapshot",
            self.looks,
            length(self.time())
        )
    }

    /// What they say until then; `since` is the clock of the first.
    pub(crate) fn so_far(&self, since: &str) -> String {
        format!("not listed since {since} ({})", self.count())
    }

    /// What they say of one that no list has had yet.
    pub(crate) fn not_yet(&self) -> String {
        format!("no list has it yet ({}): new ones may take a while", self.count())
    }

    fn count(&self) -> String {
        let looks = if self.looks == 1 { "look" } else { "looks" };
        format!("{} {looks}", self.looks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(text: &str) -> Option<AccountId> {
        AccountId::reported(text)
    }

    /// The verdicts of looks at these seconds, all of which miss it.
    fn looks(presence: &mut Presence, seconds: &[u64]) -> Vec<Option<Absence>> {
        let own = account("1");
        let miss = |second: &u64| {
            let now = (Duration::from_secs(*second), Timestamp::UNIX_EPOCH);
            presence.missed(own.as_ref(), own.as_ref(), Some(&SnapshotStatus::Creating), now)
        };
        seconds.iter().map(miss).collect()
    }

    const GONE: Option<Absence> = Some(Absence::Disappeared);

    #[test]
    fn one_that_was_listed_is_gone_after_three_looks_over_two_minutes() {
        let mut presence = Presence::new(Duration::ZERO);
        presence.found();
        let told = looks(&mut presence, &[1000, 1005, 1010, 1119, 1120]);
        assert_eq!(told, [None; 4].into_iter().chain([GONE]).collect::<Vec<_>>());
        let missed = presence.absences().expect("it was missed");
        assert_eq!(missed.verdict(), "AWS answers 5 times over 2 min that there is no such snapshot");
        assert_eq!(missed.so_far("14:05"), "not listed since 14:05 (5 looks)");
    }

    #[test]
    fn two_looks_are_too_few_however_long() {
        let mut presence = Presence::new(Duration::ZERO);
        presence.found();
        assert_eq!(looks(&mut presence, &[0, 9000, 9001]), [None, None, GONE]);
    }

    #[test]
    fn one_that_no_list_has_had_may_lag_for_ten_minutes() {
        let mut presence = Presence::new(Duration::from_secs(100));
        assert_eq!(looks(&mut presence, &[101]), [None]);
        let missed = presence.absences().expect("it was missed");
        assert!(!presence.was_listed());
        assert_eq!(missed.not_yet(), "no list has it yet (1 look): new ones may take a while");
        let told = looks(&mut presence, &[105, 300, 699, 700]);
        assert_eq!(told, [None, None, None, GONE]);
    }

    #[test]
    fn being_listed_once_takes_everything_back() {
        let mut presence = Presence::new(Duration::ZERO);
        presence.found();
        assert_eq!(looks(&mut presence, &[0, 60, 120]).last(), Some(&GONE));
        presence.found();
        assert_eq!(presence.absences(), None);
        assert_eq!(looks(&mut presence, &[125]), [None]);
    }

    #[test]
    fn an_answer_of_another_account_or_of_nobody_knows_whose_is_no_absence() {
        let mut presence = Presence::new(Duration::ZERO);
        presence.found();
        for (own, theirs) in [("1", "2"), ("1", ""), ("", "1"), ("", "")] {
            for second in [0, 1000, 2000, 3000] {
                let now = (Duration::from_secs(second), Timestamp::UNIX_EPOCH);
                let verdict = presence.missed(account(own).as_ref(), account(theirs).as_ref(), None, now);
                assert_eq!(verdict, None, "{own:?} {theirs:?}");
            }
        }
        assert!(presence.is_elsewhere() && presence.absences().is_none());
    }

    #[test]
    fn what_was_being_deleted_is_no_riddle() {
        let mut presence = Presence::new(Duration::ZERO);
        presence.found();
        let own = account("1");
        let deleting = SnapshotStatus::Deleting;
        let verdicts = [0, 60, 120].map(|second| {
            let now = (Duration::from_secs(second), Timestamp::UNIX_EPOCH);
            presence.missed(own.as_ref(), own.as_ref(), Some(&deleting), now)
        });
        assert_eq!(verdicts.last(), Some(&Some(Absence::Deleted)));
    }
}
