//! Whose the answers are: the account, as far as it is known, and by what.

use crate::app::Now;
use crate::app::note::{Note, Tone};
use crate::app::question::Answer;
use crate::domain::account::AccountId;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::Caller;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::preflight::AccountStanding;
use crate::domain::snapshot::Snapshot;

use super::followed::FollowedSnapshot;
use super::{News, Place};

impl Place {
    /// The account, if it is known. A cluster's own ARN has it first: that is always the caller's, and takes no other
    /// service and no permission.
    pub fn account(&self) -> Option<AccountId> {
        let caller = || self.caller.value.as_ref().map(|caller| caller.account.clone());
        self.arn_account(None).or_else(caller)
    }

    /// Whether this certainly is the account and Region that another place is.
    pub fn is_same_as(&self, other: &Self) -> bool {
        let (here, there) = (self.target(), other.target());
        let account = self.account();
        account.is_some()
            && account == other.account()
            && (&here.region, here.url()) == (&there.region, there.url())
    }

    /// What is known of the account that a request for a cluster goes to.
    pub fn account_standing(&self, cluster: &ClusterId) -> AccountStanding<'_> {
        match (self.arn_account(Some(cluster)), &self.caller.value, &self.caller.failure) {
            (Some(account), Some(caller), None) if caller.account != account => {
                AccountStanding::Disputed(account, caller)
            }
            (Some(account), ..) => AccountStanding::Known(account),
            (None, Some(caller), None) => AccountStanding::Known(caller.account.clone()),
            (None, Some(caller), Some(failure)) => {
                AccountStanding::Unverified(caller.account.clone(), failure)
            }
            (None, None, Some(failure)) => AccountStanding::NotFoundOut(failure),
            (None, None, None) => AccountStanding::Asking,
        }
    }

    /// Why AWS takes nothing that is signed with the credentials, as it answered last.
    pub fn refused_credentials(&self) -> Option<&Failure> {
        let backoff = &self.questions.backoff;
        backoff.failure().filter(|_| backoff.is_paused())
    }

    /// The banner where there is one short line for it.
    pub fn banner_in_short(&self) -> Option<String> {
        let why = match self.refused_credentials()?.kind {
            FailureKind::ExpiredCredentials => "credentials expired".to_owned(),
            FailureKind::BadCredentials => "credentials not accepted".to_owned(),
            FailureKind::NoCredentials => "no credentials found".to_owned(),
            kind => kind.clause(),
        };
        Some(format!("Paused: {why}"))
    }

    /// Who asks, if they are of the account that is shown.
    pub fn caller_shown(&self) -> Option<&Caller> {
        let account = self.account();
        self.caller.value.as_ref().filter(|caller| Some(&caller.account) == account.as_ref())
    }

    /// The account of a cluster by its ARN; without a cluster, of those that are listed.
    fn arn_account(&self, cluster: Option<&ClusterId>) -> Option<AccountId> {
        match cluster {
            Some(cluster) => self.catalog.cluster(cluster).and_then(Cluster::account),
            None => self.catalog.clusters.items.iter().find_map(Cluster::account),
        }
    }

    /// The account of listed clusters, if it is another one than that of those that are known.
    pub(super) fn turned_to<'a>(&self, listed: impl IntoIterator<Item = &'a Cluster>) -> Option<AccountId> {
        let before = self.arn_account(None)?;
        listed.into_iter().find_map(Cluster::account).filter(|account| *account != before)
    }

    /// Whether a snapshot is another account's than the one that answers here, though it is listed as its own.
    pub fn is_of_another(&self, seen: &Snapshot) -> bool {
        !seen.kind.is_foreign() && self.is_another(seen.account().as_ref())
    }

    /// The account of a request of which nothing belongs here any more: another one answers since it was sent.
    pub fn left_behind(&self, row: &FollowedSnapshot) -> Option<AccountId> {
        let account = row.followed.account().filter(|_| row.state.is_unsettled());
        account.filter(|account| self.is_another(Some(account))).cloned()
    }

    fn is_another(&self, account: Option<&AccountId>) -> bool {
        account.zip(self.account().as_ref()).is_some_and(|(theirs, own)| theirs != own)
    }

    /// An answer, unless it is another account's, as after a new login: then it is found out whose the answers are, and
    /// nothing of it is shown as this one's.
    pub(super) fn of_this_account(&mut self, answer: Answer, now: &Now) -> Result<Answer, Failure> {
        let is_any = |seen: &[Snapshot]| seen.iter().any(|snapshot| self.is_of_another(snapshot));
        let is_elsewhere = match &answer {
            Answer::Snapshots(page) | Answer::ManualSnapshots(page) => is_any(&page.items),
            Answer::Named(seen) => is_any(seen),
            Answer::Followed(look) => self.is_another(look.account.as_ref()),
            _ => false,
        };
        if !is_elsewhere {
            return Ok(answer);
        }
        self.ask_caller();
        self.read_clusters(now);
        Err(Failure::local(FailureKind::OtherAccount, "what is listed is not of this account"))
    }

    /// Takes it that another account answers, as after a new login: nothing that was read or drafted before may stay
    /// on the screen then, and nothing confirmed be sent.
    pub(super) fn turn_to(&mut self, account: &AccountId, before: &AccountId, now: &Now) {
        self.forget_questions();
        self.catalog.clear();
        self.caller.value.take_if(|caller| caller.account != *account);
        let mut rows = std::mem::take(&mut self.followed).rows;
        rows.retain(|row| row.state.is_unsettled());
        for row in rows.iter_mut().filter(|row| row.followed.account().is_none()) {
            row.followed.belongs_to(Some(before.clone()));
        }
        self.followed.rows = rows;
        let waits = self.waits.told_of(before);
        let text = format!(
            "The credentials belong to account {account} now (before: {before}). Everything is read anew; drafts \
             and marks for {before} are gone, and its snapshots are not followed here any more.{waits}"
        );
        self.news.push(News::TurnedToAnother(before.clone(), Note::new(Tone::Doubt, &text)));
        self.read_everything(now);
    }
}
