//! Settling what was left unknown: in the background, and from the journal at the next start.

use jiff::{SignedDuration, Timestamp};

use super::MAX_STALENESS;
use super::decide::{self, HORIZON, LIST_LAG, Open, Sight, Verdict, certain, is_of_later};
use super::reconcile::judge;
use super::recorder::Recorder;
use super::service::Service;
use crate::domain::failure::Failure;
use crate::domain::outcome::Outcome;
use crate::domain::snapshot_id::SnapshotId;
use crate::journal::{Entry, Intent, Journal, OutcomeLine};

/// How long after its look-up a refused request that is not listed certainly was not carried out by a copy
/// either: all its attempts, and the lag of the lists.
const REFUSAL_HOLDS: SignedDuration = SignedDuration::from_secs(MAX_STALENESS.as_secs() + LIST_LAG.as_secs());

/// Looks up once what became of a request whose outcome is not known, and journals it if it is now.
///
/// `cause` is why it is not known ([`crate::journal::Record::cause`]). The outcome stays unknown while the
/// request may still take effect, and as long as the look-up fails; to be called again after a while. After
/// [`HORIZON`] every answer settles it. Sends nothing that changes anything.
///
/// # Errors
/// Why the name could not be looked up: its outcome is as unknown as before.
pub async fn settle<S: Service>(
    service: &S,
    journal: Option<&Journal>,
    intent: &Intent,
    cause: Failure,
    clock: impl Fn() -> Timestamp,
) -> Result<Outcome, Failure> {
    let recorder = Recorder::new(journal);
    let outcome = look(service, &recorder, intent, cause, &clock).await?;
    if outcome.is_settled() {
        let line = OutcomeLine::new(&intent.number, clock(), &outcome, None);
        // If it cannot be written, the next start settles it again, to the same word.
        let _ = recorder.write(Entry::Outcome(Box::new(line))).await;
    }
    Ok(outcome)
}

async fn look<S: Service>(
    service: &S,
    recorder: &Recorder,
    intent: &Intent,
    cause: Failure,
    clock: &impl Fn() -> Timestamp,
) -> Result<Outcome, Failure> {
    let since = intent.at;
    let Ok(id) = SnapshotId::parse(&intent.snapshot) else {
        return Ok(Outcome::Unknown { since, cause });
    };
    let sighting = service.look_up(&id).await?;
    let looked_at = clock();
    let age = intent.age(looked_at, sighting.server_time);
    if sighting.snapshot.is_none() && age <= REFUSAL_HOLDS {
        return Ok(Outcome::Unknown { since, cause });
    }
    // Where the account is not known, or may be another one by now, only the request's own snapshot is certain.
    let account = service.account().await;
    let knows_account =
        intent.account.as_ref().zip(account).is_some_and(|(asked, now)| asked.as_str() == now);
    let is_dead = knows_account && age > HORIZON;
    let open = decide::left_open(&cause);
    let is_refused = open == Open::Copy && knows_account && age > REFUSAL_HOLDS;
    let nothing_made = |cause: Failure| {
        if is_refused { Outcome::NotCreated(cause) } else { Outcome::NotListed { since, looked_at, cause } }
    };
    let Some(snapshot) = sighting.snapshot.map(Box::new) else {
        let is_certain = is_dead || is_refused;
        return Ok(if is_certain { nothing_made(cause) } else { Outcome::Unknown { since, cause } });
    };
    let verdict = judge(recorder, intent, sighting.server_time, &snapshot).await;
    Ok(match verdict {
        Verdict::NotOurs if is_dead && is_of_later(intent, &snapshot) => nothing_made(cause),
        Verdict::CannotTell if is_dead => Outcome::Unproven { snapshot, cause },
        Verdict::NotOurs if !knows_account => Outcome::Unknown { since, cause },
        _ => certain(open, &cause, Sight::Found(verdict, snapshot))
            .unwrap_or(Outcome::Unknown { since, cause }),
    })
}
