//! Whose the answers are: the account, as far as it is known, and by what.

use crate::app::Now;
use crate::app::note::{Note, Tone};
use crate::domain::account::AccountId;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::Caller;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::preflight::AccountStanding;
use crate::track::backoff::BackoffState;

use super::catalog::Catalog;
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
        backoff.failure().filter(|_| backoff.standing() == BackoffState::Paused)
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

    /// Takes it that another account answers, as after a new login: nothing that was read or drafted before may stay
    /// on the screen then, and nothing confirmed be sent.
    pub(super) fn turn_to(&mut self, account: &AccountId, before: &AccountId, now: &Now) {
        self.forget_questions();
        self.catalog = Catalog::default();
        self.caller.value.take_if(|caller| caller.account != *account);
        self.followed.rows.retain(|row| row.state.is_unsettled());
        self.followed.knows_earlier = false;
        let waits = self.waits.told_of(before);
        let text = format!(
            "The credentials belong to account {account} now (before: {before}). Everything is read anew; drafts \
             and marks for {before} are gone, and its snapshots are not followed here any more.{waits}"
        );
        self.news.push(News::TurnedToAnother(before.clone(), Note::new(Tone::Doubt, &text)));
        self.read_everything(now);
    }
}
