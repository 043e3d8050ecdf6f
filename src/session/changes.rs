//! Changes by the journal of this machine: what was asked for one, and the file of one that is under way.

use jiff::Timestamp;

use super::asked;
use crate::domain::account::{AccountId, may_be_same};
use crate::domain::alteration::AlterationRecord;
use crate::domain::change::{AT_WORK, AskedPlace, Change, ChangeItem, ChangePlace, LeftOut};
use crate::domain::change_id::ChangeId;
use crate::domain::change_record::{is_replaced, keep_done_to};
use crate::domain::earlier::Journalled;
use crate::domain::listing::LIST_LAG;
use crate::domain::record::Record;
use crate::journal::{Journal, JournalError, KeptFile};

/// What the journal has of a change that is to be told of.
#[derive(Clone, Debug, Default)]
pub struct ChangeHistory {
    /// Every request of it, wherever it went.
    pub requests: Vec<Record>,
    /// What programs were told to send, and did not.
    pub unsent: Vec<ChangeItem>,
    /// The clusters that it was to be for, and for which it has nothing.
    pub left_out: Vec<LeftOut>,
    /// What was done afterwards to the snapshots of the requests; the newest first.
    pub altered: Vec<AlterationRecord>,
}

impl ChangeHistory {
    /// Reads it.
    ///
    /// # Errors
    /// If the journal is there and cannot be read.
    pub async fn read(id: &ChangeId) -> Result<Self, JournalError> {
        let journal = Journal::open_default()?;
        let requests = requests_of(&journal, id).await?;
        let altered = altered_of(&journal, &requests).await?;
        let mut history = Self { requests, altered, ..Self::default() };
        let (told, ended) = told_and_ended(&journal, id).await;
        let is_sent = |item: &&ChangeItem| {
            let number = item.request.number.as_str();
            history.requests.iter().any(|record| record.intent.number == number)
        };
        let unsent = told.iter().flat_map(|change| &change.items).filter(|item| !is_sent(item));
        history.unsent = unsent.cloned().collect();
        for item in ended.iter().flat_map(|change| &change.items) {
            if !history.has(item.request.cluster.as_str(), &item.place, item.account.as_ref()) {
                history.unsent.push(item.clone());
            }
        }
        for out in told.into_iter().chain(ended).flat_map(|change| change.left_out) {
            history.leave_out(out);
        }
        Ok(history)
    }

    /// What was not sent, of clusters for which nothing of the change was.
    pub fn unsent_clusters(&self) -> impl Iterator<Item = &ChangeItem> {
        let is_of = |item: &ChangeItem, record: &Record| {
            is_of(record, item.request.cluster.as_str(), &item.place, item.account.as_ref())
        };
        self.unsent.iter().filter(move |item| !self.requests.iter().any(|record| is_of(item, record)))
    }

    /// Whether a program is at work on it that may send more.
    pub(crate) fn is_at_work(&self) -> bool {
        self.unsent.iter().any(|item| item.why.as_deref() == Some(AT_WORK))
    }

    /// Whether there is something of it for a cluster: a request, or one that was not sent.
    fn has(&self, cluster: &str, place: &ChangePlace, account: Option<&AccountId>) -> bool {
        let is_unsent = |item: &ChangeItem| {
            item.request.cluster.as_str() == cluster && item.may_be_of(account, place.region.as_deref())
        };
        self.requests.iter().any(|record| is_of(record, cluster, place, account))
            || self.unsent.iter().any(is_unsent)
    }

    /// Takes a cluster that was left out, once, and only if there is nothing for it; or a place.
    fn leave_out(&mut self, out: LeftOut) {
        let of = |it: &LeftOut| {
            let profile = it.place.profile.clone().filter(|_| it.is_place());
            (it.cluster.clone(), profile, it.place.region.clone(), it.account.clone())
        };
        if !self.has(&out.cluster, &out.place, out.account.as_ref()) {
            self.left_out.retain(|other| of(other) != of(&out));
            self.left_out.push(out);
        }
    }

    /// Whether there is nothing of it.
    pub(crate) fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.unsent.is_empty() && self.left_out.is_empty()
    }
}

/// Every request of a change, wherever it went.
///
/// # Errors
/// If the journal is there and cannot be read.
pub async fn requests_of(journal: &Journal, id: &ChangeId) -> Result<Vec<Record>, JournalError> {
    let id = id.clone();
    asked(journal, move |journal| journal.of_change(&id)).await
}

/// What the journal has of a change, with what was deleted so lately that lists may still have it.
///
/// # Errors
/// If the journal is there and cannot be read.
pub async fn journalled(journal: &Journal, id: &ChangeId) -> Result<Journalled, JournalError> {
    let requests = requests_of(journal, id).await?;
    let since = Timestamp::now() - LIST_LAG;
    let deleted = asked(journal, move |journal| journal.alterations_since(since)).await?;
    Ok(Journalled { requests, deleted })
}

/// What was done, since the first of these requests, to the snapshots that they made; the newest first.
async fn altered_of(journal: &Journal, requests: &[Record]) -> Result<Vec<AlterationRecord>, JournalError> {
    let asked = requests.iter().map(|record| record.intent.asked_at().min(record.intent.at));
    let Some(since) = asked.min() else { return Ok(Vec::new()) };
    let mut altered = super::asked(journal, move |journal| journal.alterations_since(since)).await?;
    keep_done_to(&mut altered, requests);
    Ok(altered)
}

/// What programs that have ended had been told to send, with its files: for a change, or for all.
pub async fn kept(journal: &Journal, id: Option<&ChangeId>) -> Vec<(Change, KeptFile)> {
    let id = id.cloned();
    asked(journal, move |journal| journal.changes_kept_before(id.as_ref())).await
}

/// What programs that have ended had been told to send, each with what the journal has of it, and its file. Where another
/// request of the change has made a snapshot of a cluster since, none is to be sent for it.
///
/// # Errors
/// If the journal is there and cannot be read.
pub async fn left(journal: &Journal) -> Result<Vec<(Change, Vec<Record>, KeptFile)>, JournalError> {
    let mut left = Vec::new();
    for (change, file) in kept(journal, None).await {
        let (change, sent) = with_sent(journal, change).await?;
        left.push((change, sent, file));
    }
    Ok(left)
}

/// A change less what is needless of it by now, and what the journal has of the rest.
///
/// # Errors
/// If the journal is there and cannot be read.
pub async fn with_sent(journal: &Journal, mut change: Change) -> Result<(Change, Vec<Record>), JournalError> {
    let mut requests = requests_of(journal, &change.id).await?;
    change.items.retain(|item| !is_replaced(item, &requests));
    let is_asked = |number: &str| change.items.iter().any(|item| item.request.number.as_str() == number);
    requests.retain(|record| is_asked(&record.intent.number));
    Ok((change, requests))
}

/// The changes that are over of which something was not sent, each told of once.
///
/// # Errors
/// If a file cannot be written.
pub async fn take_untold(journal: &Journal) -> Result<Vec<Change>, JournalError> {
    asked(journal, Journal::take_untold).await
}

/// Writes down what a change is to send, in place of earlier files of it; `own` are the tokens of others that this
/// program works on.
///
/// # Errors
/// `AtWork` if another program works on it, and whatever else stands in the way.
pub async fn keep(
    journal: &Journal,
    change: Change,
    in_place_of: Vec<KeptFile>,
    own: Vec<String>,
) -> Result<KeptFile, JournalError> {
    asked(journal, move |journal| journal.keep_change(&change, in_place_of, &own)).await
}

/// Lets go of the file of a change of which nothing is to be sent any more; what is in `change` was not, and stays
/// written down: in the file that this gives.
///
/// # Errors
/// If a file cannot be written or removed.
pub async fn end(
    journal: &Journal,
    file: Option<KeptFile>,
    change: Change,
) -> Result<Option<KeptFile>, JournalError> {
    asked(journal, move |journal| journal.end_change(file, &change)).await
}

/// Forgets which of these places of a change could not be read. Where a file cannot be written, one is told of that was
/// read since.
pub(crate) async fn forget_unread(journal: &Journal, id: &ChangeId, asked: Vec<AskedPlace>) {
    let id = id.clone();
    let _ = super::asked(journal, move |journal| journal.forget_unread(&id, &asked)).await;
}

/// What programs were told to send for a change, and what was not sent of it each time that it was over.
async fn told_and_ended(journal: &Journal, id: &ChangeId) -> (Vec<Change>, Vec<Change>) {
    let id = id.clone();
    asked(journal, move |journal| (journal.changes_told(&id), journal.changes_ended(&id))).await
}

/// Whether a request was for a cluster.
fn is_of(record: &Record, cluster: &str, place: &ChangePlace, account: Option<&AccountId>) -> bool {
    let intent = &record.intent;
    intent.cluster == cluster
        && intent.region == place.region
        && may_be_same(intent.account.as_ref(), account)
}
