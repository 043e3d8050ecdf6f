//! One confirmed alteration of a snapshot that is there, one outcome: look right before, journal, send, look.
//!
//! `DeleteDBClusterSnapshot` knows a name and no condition, so all that can be done is to look at the very snapshot
//! right before, and to send nothing unless it is the one that was shown: the same ARN, the same create time, no
//! other mark. What remains is the moment between that look and the request, and an answer that is about another
//! snapshot is told. A further request follows only what certainly did not happen, and only after another look.

mod decide;
mod settle;
mod table;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::reconcile::{LOOK, Pauses, note_look};
use super::recorder::Recorder;
use super::send::{has_left, pause_before_next};
use super::service::{Service, Sighting};
use super::table::{AfterFailure, after_failure};
use super::{SECOND_LOOK, staleness};
use crate::domain::alteration::{Alteration, AlterationRecord, Altered, AlteredKind, AlteredLine, Deed};
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::{LEAST_TIME, Unlisted};
use crate::domain::outcome::Step;
use crate::domain::removal::{Guard, is_last_usable};
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::Tag;
use crate::journal::{Journal, Line};
use decide::AlterationLook;

pub use settle::settle;

/// The longest that may pass between the look and the request: another snapshot can take the name meanwhile.
const MAX_STALENESS: SignedDuration = SignedDuration::from_secs(10);
/// How long to look after the answer was lost, longer only while it is not listed; what is not known then, a later look
/// settles.
const WINDOW: Duration = Duration::from_mins(1);

/// Makes one confirmed alteration into one outcome. Without a journal only for the embedded simulator.
///
/// The service's credentials must stay the same from the first look to the last. `clock` is this machine's.
/// The future must be driven to its end; to drop it is to end the program at that point.
pub async fn alter<S: Service>(
    service: &S,
    journal: Option<&Journal>,
    asked: Alteration,
    clock: impl Fn() -> Timestamp,
    mut on_step: impl FnMut(Step),
) -> Altered {
    let Ok(id) = SnapshotId::parse(&asked.snapshot) else {
        let failure =
            Failure::local(FailureKind::InvalidParameter, "not the identifier of a manual snapshot");
        return Altered::new(AlteredKind::NotDone).because(failure);
    };
    let recorder = Recorder::new(journal);
    let mut work = Work { service, recorder, id, asked, clock, sent: 0, is_journalled: false };
    let altered = work.run(&mut on_step).await;
    let altered = Altered { sent: work.sent, ..altered };
    if work.is_journalled
        && let Err(cause) = work.note(&altered).await
    {
        on_step(Step::NotRecorded { cause });
    }
    altered
}

/// An alteration at work.
struct Work<'a, S, C> {
    service: &'a S,
    recorder: Recorder,
    id: SnapshotId,
    asked: Alteration,
    clock: C,
    sent: u32,
    is_journalled: bool,
}

impl<S: Service, C: Fn() -> Timestamp> Work<'_, S, C> {
    async fn run(&mut self, on_step: &mut impl FnMut(Step)) -> Altered {
        let begun = Instant::now();
        // What the service said of an attempt counts more than why no other followed.
        let mut refusal: Option<Failure> = None;
        // Tags are overwritten, so what may have happened is done again after another look.
        let mut doubt: Option<Failure> = None;
        let mut attempt = 0;
        loop {
            on_step(Step::LookingUp);
            if let Err(altered) = self.prepare(on_step).await {
                return match (altered.kind, doubt, refusal) {
                    (AlteredKind::NotDone, Some(doubt), _) => self.unclear(doubt, on_step).await,
                    // What was sent may be why it is not listed, whatever was answered.
                    (AlteredKind::NotDone, None, Some(refusal)) if is_not_listed(&altered) => {
                        self.unclear(refusal, on_step).await
                    }
                    (AlteredKind::NotDone, None, Some(refusal)) => refused(refusal),
                    _ => altered,
                };
            }
            attempt += 1;
            on_step(Step::Sending { attempt });
            let failure = match self.send().await {
                Ok(altered) => return altered,
                Err(failure) => failure,
            };
            if failure.is_by_the_service() {
                refusal = Some(failure.clone());
            }
            let pause = match after_failure(failure.refused, failure.kind, FailureKind::SnapshotNotFound) {
                AfterFailure::Unclear if self.asked.deed == Deed::Delete => {
                    return self.unclear(failure, on_step).await;
                }
                AfterFailure::Unclear => {
                    doubt = Some(failure.clone());
                    pause_before_next(attempt, begun.elapsed())
                }
                AfterFailure::Retry => pause_before_next(attempt, begun.elapsed()),
                AfterFailure::Refused => None,
            };
            let Some(pause) = pause else {
                return match doubt {
                    Some(doubt) => self.unclear(then_refused(doubt, &failure), on_step).await,
                    None => self.refused(refusal.unwrap_or(failure), on_step).await,
                };
            };
            let after_ms = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
            on_step(Step::Retrying { cause: failure, after_ms });
            sleep(pause).await;
        }
    }

    /// Looks right before, and journals what is about to leave; what became of it, if nothing may.
    async fn prepare(&mut self, on_step: &mut impl FnMut(Step)) -> Result<(), Altered> {
        let not_done = |failure| Altered::new(AlteredKind::NotDone).because(failure);
        self.service.ready().await.map_err(not_done)?;
        if self.is_kept_as_last()
            && let Some(snapshot) = self.look_before().await?.0.snapshot
        {
            self.look_at_others(&snapshot, &[]).await.map_err(not_done)?;
        }
        // The others may have taken their time.
        let (sighting, now) = self.look_before().await?;
        if !self.is_journalled {
            (self.asked.at, self.asked.server_time) = (now, sighting.server_time);
            on_step(Step::Journalling);
            let line = Line::Alteration(Box::new(self.asked.clone()));
            if let Err(failure) = self.recorder.write(line).await {
                let altered = not_done(failure);
                // The line may be there all the same, unsynced: then this one says that nothing was sent.
                let _ = self.note(&altered).await;
                return Err(altered);
            }
            self.is_journalled = true;
            if self.asked.deed == Deed::Delete {
                self.recorder.second_deletion(&self.asked).await.map_err(not_done)?;
                self.leave_one(sighting.snapshot.as_ref()).await.map_err(not_done)?;
            }
        }
        match staleness(now, (self.clock)(), MAX_STALENESS) {
            Some(failure) => Err(not_done(failure)),
            None => Ok(()),
        }
    }

    /// Looks at it, and when that was; what became of it, if nothing may leave.
    async fn look_before(&self) -> Result<(Sighting, Timestamp), Altered> {
        let look = async || {
            let seen = self.service.look_up(&self.id).await.map_err(unseen);
            seen.map_err(|failure| Altered::new(AlteredKind::NotDone).because(failure))
        };
        let mut sighting = look().await?;
        if sighting.snapshot.is_none() {
            sleep(SECOND_LOOK).await;
            sighting = look().await?;
        }
        let now = (self.clock)();
        // Until when a tag keeps it, the service's clock tells: this machine's can be off.
        let seen = AlterationLook::once(sighting.snapshot.as_ref(), sighting.server_time.unwrap_or(now));
        decide::before(&self.asked, seen).map_or(Ok((sighting, now)), Err)
    }

    /// Whether it stays if it is the last usable one of its cluster: where the plan left few, unless it was said by name.
    fn is_kept_as_last(&self) -> bool {
        self.asked.leaves_few && !is_named_as_last(&self.asked)
    }

    /// Looks at the others once more, if another program of this machine deletes one of them: of two at the same moment,
    /// the second to be written down is certain to see the first.
    async fn leave_one(&self, snapshot: Option<&Snapshot>) -> Result<(), Failure> {
        let Some(snapshot) = snapshot.filter(|_| self.is_kept_as_last()) else { return Ok(()) };
        let mut deleted = self.recorder.other_deletions(&self.asked).await?;
        // Who named the last one knows that none remains.
        deleted.retain(|one| !is_named_as_last(&one.asked));
        if deleted.is_empty() { Ok(()) } else { self.look_at_others(snapshot, &deleted).await }
    }

    /// Looks whether a usable one would remain besides it and these, as it is now: others delete, too.
    async fn look_at_others(&self, snapshot: &Snapshot, deleted: &[AlterationRecord]) -> Result<(), Failure> {
        // Those of a cluster that was renamed stand under several names.
        let named = self.asked.cluster.as_deref().map(ClusterId::reported);
        for cluster in named.iter().map(Some).chain([None]) {
            let listed = match self.service.manual_snapshots(cluster).await {
                Err(failure) if failure.kind == FailureKind::ClusterNotFound => Vec::new(),
                listed => listed.map_err(unseen)?,
            };
            let stays = |it: &Snapshot| !deleted.iter().any(|one| one.is_of_snapshot(it));
            let listed: Vec<Snapshot> = listed.into_iter().filter(stays).collect();
            if !is_last_usable(snapshot, &listed) {
                return Ok(());
            }
        }
        let message = format!("{} is {} now", self.asked.snapshot, Guard::LastUsable);
        Err(Failure::local(FailureKind::Kept, message))
    }

    /// One attempt.
    async fn send(&mut self) -> Result<Altered, Failure> {
        let deed = self.asked.deed.clone();
        let altered = match &deed {
            Deed::Delete => {
                let answer = self.service.delete_once(&self.id).await;
                let (snapshot, request_id) = self.counted(answer)?;
                let about =
                    snapshot.as_ref().and_then(|answered| decide::contradiction(&self.asked, answered));
                if let Some(about) = about {
                    let message = format!("it is about {about}");
                    let failure = Failure::unclear(FailureKind::UnreadableAnswer, message);
                    return Err(Failure { request_id, ..failure });
                }
                let is_another =
                    snapshot.as_ref().is_some_and(|answered| decide::is_about_another(&self.asked, answered));
                let kind = if is_another { AlteredKind::Another } else { AlteredKind::Deleting };
                let altered = Altered { request_id, ..Altered::new(kind) };
                snapshot.into_iter().fold(altered, Altered::seeing)
            }
            Deed::Tag { add, remove } => {
                let mut altered = Altered::new(AlteredKind::Tagged);
                if !add.is_empty() {
                    let answer = self.service.add_tags(&self.asked.arn, add).await;
                    altered.request_id = self.counted(answer)?;
                }
                if !remove.is_empty() {
                    let answer = self.service.remove_tags(&self.asked.arn, remove).await;
                    altered.request_id = self.counted(answer).map_err(|failure| half_done(failure, add))?;
                }
                altered
            }
            Deed::Other => {
                return Err(Failure::local(FailureKind::Broken, "a deed of a newer version"));
            }
        };
        Ok(altered)
    }

    /// Counts a request that left this machine, or may have.
    fn counted<T>(&mut self, answer: Result<T, Failure>) -> Result<T, Failure> {
        self.sent += u32::from(has_left(&answer));
        answer
    }

    /// Refused, but perhaps for what a copy of the request did: a look tells.
    async fn refused(&self, refusal: Failure, on_step: &mut impl FnMut(Step)) -> Altered {
        if !refusal.is_by_the_service() {
            return refused(refusal);
        }
        let look = timeout(LOOK, self.service.look_up(&self.id)).await;
        let Ok(Ok(Sighting { snapshot, .. })) = look else { return refused(refusal) };
        if snapshot.is_none() {
            return self.unclear(refusal, on_step).await;
        }
        let seen = AlterationLook::once(snapshot.as_ref(), (self.clock)());
        decide::after(&self.asked, seen, &refusal).unwrap_or_else(|| refused(refusal))
    }

    /// Looks until it is known what happened, within bounds.
    async fn unclear(&self, answer: Failure, on_step: &mut impl FnMut(Step)) -> Altered {
        on_step(Step::Reconciling { cause: answer.clone() });
        let unknown = Altered::new(AlteredKind::Unknown).because(answer.clone());
        let mut so_far = Altered { sent: self.sent, ..unknown };
        // Should the program end now, the next start knows what the answer was.
        let _ = self.note(&so_far).await;
        let (begun, begun_at) = (Instant::now(), (self.clock)());
        let mut pauses = Pauses::until(begun + WINDOW);
        let mut failed = None;
        loop {
            let looked = timeout_at(pauses.deadline, self.service.look_up(&self.id)).await;
            let Ok(look) = looked else { break };
            note_look(&mut failed, look.as_ref().err(), &answer, on_step);
            if let Ok(Sighting { snapshot, server_time }) = look {
                // No clock that is set meanwhile makes an absence longer.
                let now = begun_at + begun.elapsed();
                let once_more = || Unlisted::once_more(so_far.unlisted, now, server_time);
                let unlisted = snapshot.is_none().then(once_more);
                let seen = AlterationLook { unlisted, ..AlterationLook::once(snapshot.as_ref(), now) };
                if let Some(altered) = decide::after(&self.asked, seen, &answer) {
                    return altered;
                }
                let before = std::mem::replace(&mut so_far.unlisted, unlisted);
                if Unlisted::is_news(before, unlisted) {
                    let _ = self.note(&so_far).await;
                }
                if before.is_none() && unlisted.is_some() && begun.elapsed() < WINDOW {
                    pauses.deadline = pauses.deadline.max(Instant::now() + LEAST_TIME + LOOK);
                }
            }
            if !pauses.pass().await {
                break;
            }
        }
        Altered { look: failed.map(Box::new), ..so_far }
    }

    async fn note(&self, altered: &Altered) -> Result<(), Failure> {
        let line = AlteredLine::altered(&self.asked.number, (self.clock)(), altered, Some(altered.sent));
        self.recorder.write(Line::Altered(Box::new(line))).await
    }
}

/// Why nothing was sent, where a look failed.
fn unseen(failure: Failure) -> Failure {
    let failure = failure.reworded(|words| format!("it could not be looked at: {words}"));
    Failure { refused: true, ..failure }
}

/// Whether nothing was done because it is not listed.
fn is_not_listed(altered: &Altered) -> bool {
    altered.failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::SnapshotNotFound)
}

/// The outcome of what the service refused, or of which nothing left.
fn refused(failure: Failure) -> Altered {
    let kind = if failure.is_by_the_service() { AlteredKind::Refused } else { AlteredKind::NotDone };
    Altered::new(kind).because(failure)
}

/// What came of the request before, with what AWS itself said to the same once more: it may be what a person can mend.
fn then_refused(doubt: Failure, failure: &Failure) -> Failure {
    if !failure.is_by_the_service() || *failure == doubt {
        return doubt;
    }
    let join = |words: &str| if words.is_empty() { String::new() } else { format!("{words}; ") };
    doubt.reworded(|words| format!("{}sent again, it was refused: {failure}", join(words)))
}

/// The tags were given; taking others away failed, or may have been done.
fn half_done(failure: Failure, add: &[Tag]) -> Failure {
    if add.is_empty() {
        return failure;
    }
    let others = if failure.refused {
        "not those taken away that were to be"
    } else {
        "it is not known whether those were taken away that were to be"
    };
    failure.reworded(|words| format!("the tags were added, and {others}: {words}"))
}

/// Whether whoever confirmed it said by name that it is its cluster's last usable one.
fn is_named_as_last(asked: &Alteration) -> bool {
    asked.despite.iter().any(|word| word == Guard::LastUsable.word())
}
