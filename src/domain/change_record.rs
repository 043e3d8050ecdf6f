//! What the requests of a change came to, cluster by cluster, by what the journal has of them.

use super::account::may_be_same;
use super::alteration::AlterationRecord;
use super::change::ChangeItem;
use super::outcome_kind::OutcomeKind;
use super::record::Record;
use super::snapshot::is_one_beginning;
use super::status::SnapshotStatus;

/// What a request of a change came to; the order is that of worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Achieved {
    /// There is no snapshot: it was refused, or not sent.
    Nothing,
    /// There was one, and it cannot be restored or is gone.
    Failed,
    /// There is a snapshot, or may be one, and nothing tells any more whether the request made it.
    Doubtful,
    /// It is not known yet what became of the request.
    Unknown,
    /// The snapshot is being made, as far as is known.
    Making,
    /// The snapshot was seen to be usable.
    Usable,
}

impl Achieved {
    /// What a request came to.
    pub(crate) fn by(record: &Record) -> Self {
        if record.is_unsettled() {
            return Self::Unknown;
        }
        if record.is_unfinished() {
            return Self::Making;
        }
        if matches!(record.kind(), OutcomeKind::Unproven | OutcomeKind::Elsewhere | OutcomeKind::Other) {
            return Self::Doubtful;
        }
        match (record.made(), &record.ended) {
            (Some(_), Some(ending)) if SnapshotStatus::reported(ending.standing()).is_usable() => {
                Self::Usable
            }
            (Some(_), _) => Self::Failed,
            (None, _) => Self::Nothing,
        }
    }

    /// The word for it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Nothing => "not made",
            Self::Failed => "failed",
            Self::Doubtful => "cannot be told",
            Self::Unknown => "not known",
            Self::Making => "being made",
            Self::Usable => "usable",
        }
    }
}

/// The request that counts for each cluster, in the order in which the first one for it was made: the last that made a
/// snapshot or may have, for it was sent because those before it did not count any more; where none did, the last.
pub(crate) fn by_cluster<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<&'a Record> {
    let may_have_made = |record: &Record| Achieved::by(record) >= Achieved::Doubtful;
    counting(records, |earlier, record| may_have_made(record) || !may_have_made(earlier))
}

/// The newest request for each cluster, in the order in which the first one for it was made.
pub(crate) fn newest_by_cluster<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<&'a Record> {
    counting(records, |_, _| true)
}

fn counting<'a>(
    records: impl IntoIterator<Item = &'a Record>,
    goes_before: impl Fn(&Record, &Record) -> bool,
) -> Vec<&'a Record> {
    let mut counting: Vec<&Record> = Vec::new();
    for record in records {
        match counting.iter_mut().find(|other| is_same_cluster(other, record)) {
            Some(other) if goes_before(other, record) => *other = record,
            Some(_) => {}
            None => counting.push(record),
        }
    }
    counting
}

/// Whether another request of its change made a snapshot of an item's cluster, or may have: the item is needless then.
pub(crate) fn is_replaced(item: &ChangeItem, requests: &[Record]) -> bool {
    requests.iter().any(|record| {
        let intent = &record.intent;
        intent.number != item.request.number.as_str()
            && intent.cluster == item.request.cluster.as_str()
            && item.may_be_of(intent.account.as_ref(), intent.region.as_deref())
            && Achieved::by(record) >= Achieved::Doubtful
    })
}

/// What was done to the snapshot that a request made, in the order of `altered`.
pub fn done_to<'a>(
    record: &Record,
    altered: &'a [AlterationRecord],
) -> impl Iterator<Item = &'a AlterationRecord> {
    let (intent, created) = (&record.intent, record.begun().created_at);
    altered.iter().filter(move |done| {
        let asked = &done.asked;
        // Another one of the name was begun at another time.
        let is_later = || match asked.server_time.zip(intent.server_time) {
            Some((asked, requested)) => asked > requested,
            None => asked.at > intent.at,
        };
        let is_itself = created == Some(asked.created_at)
            || (is_later() && created.is_none_or(|created| is_one_beginning(created, asked.created_at)));
        let is_account = may_be_same(asked.account().as_ref(), intent.account.as_ref());
        asked.snapshot == intent.snapshot && asked.region == intent.region && is_account && is_itself
    })
}

/// Leaves what was done to the snapshots that these requests made.
pub fn keep_done_to(altered: &mut Vec<AlterationRecord>, requests: &[Record]) {
    let is_done_to =
        |one: &AlterationRecord, record: &Record| done_to(record, std::slice::from_ref(one)).next().is_some();
    altered.retain(|one| requests.iter().any(|record| is_done_to(one, record)));
}

/// Whether the snapshot of a request was deleted afterwards, or is being deleted, as far as the journal tells.
pub(crate) fn is_deleted(record: &Record, altered: &[AlterationRecord]) -> bool {
    done_to(record, altered).any(AlterationRecord::has_deleted)
}

fn is_same_cluster(one: &Record, other: &Record) -> bool {
    let (one, other) = (&one.intent, &other.intent);
    one.account == other.account && one.region == other.region && one.cluster == other.cluster
}
