//! Settling what was left unknown, from the journal at the next start.

use jiff::Timestamp;

use super::decide::{self, AlterationLook};
use crate::domain::alteration::{AlterationRecord, Altered, AlteredKind, AlteredLine};
use crate::domain::failure::Failure;
use crate::domain::listing::{HORIZON, Unlisted};
use crate::domain::record::Entry;
use crate::domain::snapshot_id::SnapshotId;
use crate::journal::{Journal, Line};
use crate::submit::recorder::Recorder;
use crate::submit::service::Service;

/// Looks once what became of an alteration whose outcome is not known, and journals it if it is now, unless the journal
/// has it by then. Sends nothing that changes anything.
///
/// # Errors
/// Why it could not be looked at: its outcome is as unknown as before.
pub async fn settle<S: Service>(
    service: &S,
    journal: Option<&Journal>,
    record: &AlterationRecord,
    clock: impl Fn() -> Timestamp,
) -> Result<Altered, Failure> {
    let asked = &record.asked;
    let cause = record.cause();
    let sent = record.sent().unwrap_or(1);
    let open = Altered { sent, ..Altered::new(AlteredKind::Unknown).because(cause.clone()) };
    let Ok(id) = SnapshotId::parse(&asked.snapshot) else { return Ok(open) };
    let sighting = service.look_up(&id).await?;
    let recorder = Recorder::new(journal);
    // Whoever sent it may be at work still, and have been answered meanwhile.
    let by_now = recorder.entry(&asked.number).await.and_then(Entry::alteration);
    if let Some(settled) = by_now.filter(|by_now| !by_now.is_open()) {
        return Ok(settled.told());
    }
    let now = clock();
    let before = record.unlisted();
    let is_of_its_account = match &sighting.snapshot {
        Some(seen) => seen.arn.as_ref().is_none_or(|arn| *arn == asked.arn),
        None => is_answered_by_its_account(service, record).await,
    };
    if !is_of_its_account {
        // Another account's list says nothing, whether it has a snapshot of the name or none.
        return Ok(Altered { unlisted: before, ..open });
    }
    let is_missed = sighting.snapshot.is_none();
    let unlisted = is_missed.then(|| Unlisted::once_more(before, now, sighting.server_time));
    let is_dead = asked.age(now, sighting.server_time) > HORIZON;
    let seen = AlterationLook { unlisted, is_dead, ..AlterationLook::once(sighting.snapshot.as_ref(), now) };
    let (altered, is_news) = match decide::after(asked, seen, &cause) {
        Some(altered) => (Altered { sent, ..altered }, true),
        None => (Altered { unlisted, ..open }, Unlisted::is_news(before, unlisted)),
    };
    if is_news {
        let line = AlteredLine::altered(&asked.number, now, &altered, None);
        // If it cannot be written, the next start settles it again, to the same word.
        let _ = recorder.write(Line::Altered(Box::new(line))).await;
    }
    Ok(altered)
}

/// Whether the account that the snapshot is of is the one that answers.
async fn is_answered_by_its_account<S: Service>(service: &S, record: &AlterationRecord) -> bool {
    let own = record.asked.account();
    own.is_some() && own == service.account().await
}
