//! What is known of a place before anything in it is altered.

use jiff::Timestamp;

use super::row::{AlterationItem, AlterationRow};
use crate::cli::KindChoice;
use crate::domain::alteration::{AlterationRecord, AlteredKind};
use crate::domain::change_id::ChangeId;
use crate::domain::cluster::Cluster;
use crate::domain::policy::Policy;
use crate::domain::record::{OpenRecords, Record};
use crate::domain::removal::{RemovalGround, open_changes};
use crate::domain::snapshot::Snapshot;
use crate::domain::text::escape;
use crate::headless::places::{self, Answers};
use crate::headless::problem::{Code, Problem};
use crate::headless::streams::Streams;
use crate::headless::{pages, snapshots};
use crate::journal::{Journal, JournalError};
use crate::session::Session;

/// What was read of a place.
pub struct KnownSnapshots {
    /// All its snapshots, of every type.
    pub snapshots: Vec<Snapshot>,
    clusters: Option<Vec<Cluster>>,
    /// The requests that the journal has open there.
    pub open: Vec<Record>,
    deletions: Vec<AlterationRecord>,
    changes: Vec<ChangeId>,
}

/// Reads all that a plan rests on, and settles first what earlier alterations left open.
pub async fn look(session: &Session, streams: Streams) -> Result<KnownSnapshots, Problem> {
    // What is altered is known by its ARN; who asks only adds to the journal.
    session.find_caller().await;
    settle_open(session, streams).await;
    let client = session.client();
    let (listed, clusters) =
        tokio::join!(snapshots::read(client, KindChoice::All, None), pages::clusters(client));
    let listed = listed?;
    if let Err(problem) = &clusters {
        streams.say(&format!(
            "{}: the clusters could not be read, so their tags are not known: {}",
            places::name_of(session),
            problem.message
        ));
    }
    let unread = |error: JournalError| {
        Problem::new(
            Code::Internal,
            format!("the journal cannot be read, so it is not known what is open: {error}"),
        )
    };
    let OpenRecords { records: open, deletions, .. } = session.open_requests().await.map_err(unread)?;
    let changes = open_changes(&open, &listed, Timestamp::now());
    Ok(KnownSnapshots { snapshots: listed, clusters: clusters.ok(), open, deletions, changes })
}

/// Looks once what became of what was left open, and tells it; gives of how many it is still not known.
pub async fn settle_open(session: &Session, streams: Streams) -> usize {
    let mut records = session.open_alterations().await.unwrap_or_default();
    if session.caller().is_none() && !records.is_empty() {
        // Those of another account are none of this place.
        session.find_caller().await;
        records = session.open_alterations().await.unwrap_or_default();
    }
    let mut open = 0;
    for record in records {
        let name = format!("{}: {}", places::name_of(session), escape(&record.asked.snapshot));
        let settled = session.settle_alteration(&record).await;
        open += usize::from(settled.as_ref().map_or(true, |altered| altered.kind == AlteredKind::Unknown));
        streams.say(&match settled {
            Ok(altered) => format!("{name}: {}", altered.words(&record.asked.deed)),
            Err(failure) => {
                format!("What became of an earlier request for {name} could not be looked up: {failure}")
            }
        });
    }
    open
}

/// The changes that are not over, in any of the places, and those that have something still to send.
fn changes(answers: &Answers<KnownSnapshots>) -> Vec<ChangeId> {
    let of_places = answers.found.iter().flat_map(|found| found.value.changes.iter().cloned());
    let journal = answers.found.iter().find_map(|found| found.session.journal());
    of_places.chain(journal.map(Journal::changes_under_way).unwrap_or_default()).collect()
}

/// The plan over all places, one place after the other.
pub fn plan<'a, T: AlterationItem>(
    answers: &'a Answers<KnownSnapshots>,
    policy: &Policy,
    now: Timestamp,
    mut of_place: impl FnMut(&RemovalGround<'_>) -> Vec<T>,
) -> Vec<AlterationRow<'a, T>> {
    let changes = changes(answers);
    let mut all = Vec::new();
    for (place, found) in answers.found.iter().enumerate() {
        let KnownSnapshots { snapshots, clusters, open, deletions, .. } = &found.value;
        let account = found.session.account();
        let ground = RemovalGround {
            place: found.session.target(),
            account: account.as_ref(),
            snapshots,
            clusters: clusters.as_deref(),
            open,
            deletions,
            changes: &changes,
            policy,
            now,
        };
        let items = of_place(&ground).into_iter();
        let are_several = answers.are_several;
        all.extend(items.map(|item| AlterationRow::new(&found.session, place, are_several, item)));
    }
    all
}
