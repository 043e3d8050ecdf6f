//! Settling what was left unknown, from the journal at the next start.

use jiff::Timestamp;
use tokio::time::sleep;

use super::AlterService;
use super::decide::{self, AlterationLook};
use crate::domain::alteration::{AlterationRecord, Altered, AlteredKind, AlteredLine};
use crate::domain::failure::Failure;
use crate::domain::snapshot_id::SnapshotId;
use crate::journal::{Journal, Line};
use crate::submit::SECOND_LOOK;
use crate::submit::decide::HORIZON;
use crate::submit::recorder::Recorder;

/// Looks once what became of an alteration whose outcome is not known, and journals it if it is now. Sends nothing
/// that changes anything.
///
/// # Errors
/// Why it could not be looked at: its outcome is as unknown as before.
pub async fn settle<S: AlterService>(
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
    let now = clock();
    let is_dead = asked.age(now, sighting.server_time) > HORIZON;
    let is_certainly_absent = sighting.snapshot.is_none() && is_absent(service, record, &id).await?;
    let seen = AlterationLook {
        is_certainly_absent,
        is_dead,
        ..AlterationLook::once(sighting.snapshot.as_ref(), now)
    };
    let Some(altered) = decide::after(asked, seen, &cause) else { return Ok(open) };
    let altered = Altered { sent, ..altered };
    let line = AlteredLine::altered(&asked.number, clock(), &altered, None);
    // If it cannot be written, the next start settles it again, to the same word.
    let _ = Recorder::new(journal).write(Line::Altered(Box::new(line))).await;
    Ok(altered)
}

/// Whether it is absent at a second look too, in the account that the snapshot is of.
async fn is_absent<S: AlterService>(
    service: &S,
    record: &AlterationRecord,
    id: &SnapshotId,
) -> Result<bool, Failure> {
    let own = record.asked.account();
    if own.is_none() || own != service.account().await {
        return Ok(false);
    }
    sleep(SECOND_LOOK).await;
    Ok(service.look_up(id).await?.snapshot.is_none())
}
