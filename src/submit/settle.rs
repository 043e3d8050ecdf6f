//! Settling what was left unknown: in the background, and from the journal at the next start.

use jiff::Timestamp;

use super::decide::{HORIZON, Verdict, is_of_later};
use super::reconcile::judge;
use super::recorder::Recorder;
use super::service::Service;
use crate::domain::failure::Failure;
use crate::domain::outcome::Outcome;
use crate::domain::snapshot_id::SnapshotId;
use crate::journal::{Entry, Intent, Journal, OutcomeLine};

/// Looks up once what became of a request whose outcome is not known, and journals it if it is now.
///
/// `cause` is why it is not known ([`crate::journal::Record::cause`]). The outcome stays unknown while the
/// request may still take effect, and as long as the look-up fails; to be called again after a while. After
/// [`HORIZON`] every answer settles it. Sends nothing that changes anything.
pub async fn settle<S: Service>(
    service: &S,
    journal: Option<&Journal>,
    intent: &Intent,
    cause: Failure,
    clock: impl Fn() -> Timestamp,
) -> Outcome {
    let recorder = Recorder::new(journal);
    let outcome = look(service, &recorder, intent, cause, &clock).await;
    if outcome.is_settled() {
        let line = OutcomeLine::new(&intent.number, clock(), &outcome, None);
        // If it cannot be written, the next start settles it again, to the same word.
        let _ = recorder.write(Entry::Outcome(Box::new(line))).await;
    }
    outcome
}

async fn look<S: Service>(
    service: &S,
    recorder: &Recorder,
    intent: &Intent,
    cause: Failure,
    clock: &impl Fn() -> Timestamp,
) -> Outcome {
    let since = intent.at;
    let Ok(id) = SnapshotId::parse(&intent.snapshot) else {
        return Outcome::Unknown { since, cause };
    };
    let Ok(sighting) = service.look_up(&id).await else {
        return Outcome::Unknown { since, cause };
    };
    let looked_at = clock();
    // Where the account is not known, the look-up may have been in another one: only the request's own
    // snapshot is certain then.
    let knows_account = intent.account.is_some();
    let is_dead = knows_account && intent.age(looked_at, sighting.server_time) > HORIZON;
    let not_listed = |cause| Outcome::NotListed { since, looked_at, cause };
    let Some(snapshot) = sighting.snapshot.map(Box::new) else {
        return if is_dead { not_listed(cause) } else { Outcome::Unknown { since, cause } };
    };
    match judge(recorder, intent, sighting.server_time, &snapshot).await {
        Verdict::Ours => Outcome::FoundAgain { snapshot, lost: cause },
        Verdict::NotOurs if is_dead && is_of_later(intent, &snapshot) => not_listed(cause),
        Verdict::NotOurs if knows_account => Outcome::Taken { by: Some(snapshot), failure: Some(cause) },
        Verdict::CannotTell if is_dead => Outcome::Unproven { snapshot, cause },
        Verdict::NotOurs | Verdict::CannotTell => Outcome::Unknown { since, cause },
    }
}
