//! Changes by the journal of this machine: what was asked for one, and the file of one that is under way.

use jiff::Timestamp;

use super::{asked, blocking};
use crate::domain::alteration::AlterationRecord;
use crate::domain::change::{Change, ChangeItem};
use crate::domain::change_id::ChangeId;
use crate::domain::change_record::keep_done_to;
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
        let unsent = unsent_of(&journal, id, &requests).await;
        let altered = altered_of(&journal, &requests).await?;
        Ok(Self { requests, unsent, altered })
    }

    /// What was not sent, of clusters for which nothing of the change was.
    pub fn unsent_clusters(&self) -> impl Iterator<Item = &ChangeItem> {
        let is_of = |item: &ChangeItem, Record { intent, .. }: &Record| {
            intent.cluster == item.request.cluster.as_str()
                && item.may_be_of(intent.account.as_ref(), intent.region.as_deref())
        };
        self.unsent.iter().filter(move |item| !self.requests.iter().any(|record| is_of(item, record)))
    }

    /// Whether there is nothing of it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.unsent.is_empty()
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

/// What the journal has of these requests: each is found by its number, however long the journal is.
///
/// # Errors
/// If the journal is there and cannot be read.
pub async fn sent_of(journal: &Journal, items: &[ChangeItem]) -> Result<Vec<Record>, JournalError> {
    let numbers: Vec<String> = items.iter().map(|item| item.request.number.to_string()).collect();
    asked(journal, move |journal| {
        numbers.iter().filter_map(|number| journal.record(number).transpose()).collect()
    })
    .await
}

/// What programs that have ended had been told to send, with its files: for a change, or for all.
pub async fn kept(journal: &Journal, id: Option<&ChangeId>) -> Vec<(Change, KeptFile)> {
    let id = id.cloned();
    let read = blocking(journal.clone(), move |journal| journal.changes_kept_before(id.as_ref())).await;
    read.unwrap_or_default()
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
) -> Result<Option<KeptFile>, JournalError> {
    blocking(journal.clone(), move |journal| journal.keep_change(&change, in_place_of, &own))
        .await
        .transpose()
}

/// What programs were told to send for a change and did not, as far as the journal has it: these are its requests.
pub async fn unsent_of(journal: &Journal, id: &ChangeId, requests: &[Record]) -> Vec<ChangeItem> {
    let id = id.clone();
    let told = blocking(journal.clone(), move |journal| journal.changes_told(&id)).await.unwrap_or_default();
    let is_sent = |item: &ChangeItem| {
        requests.iter().any(|record| record.intent.number == item.request.number.as_str())
    };
    told.into_iter().flat_map(|change| change.items).filter(|item| !is_sent(item)).collect()
}
