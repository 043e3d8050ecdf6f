//! The journal as the submission uses it: off the async threads, and possibly not at all.

use jiff::{Timestamp, Zoned};

use crate::domain::age::clock;
use crate::domain::alteration::{Alteration, AlterationRecord};
use crate::domain::change_record::is_deleted;
use crate::domain::earlier::SeenOfChange;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::{HORIZON, LIST_LAG};
use crate::domain::outcome::Outcome;
use crate::domain::policy::Confirmation;
use crate::domain::record::{Entry, Intent, OutcomeLine, Record};
use crate::domain::removal::Refusal;
use crate::domain::text::length;
use crate::journal::{Journal, JournalError, Line};
use crate::submit::preflight::{self, LastLook};
use crate::submit::{Consent, Submission};

/// A journal, or none because the person said so.
pub(super) struct Recorder {
    journal: Option<Journal>,
}

impl Recorder {
    pub(super) fn new(journal: Option<&Journal>) -> Self {
        Self { journal: journal.cloned() }
    }

    /// Puts a line on disk.
    pub(super) async fn write(&self, line: Line) -> Result<(), Failure> {
        self.blocking(move |journal| journal.append(&line)).await.unwrap_or(Ok(()))
    }

    /// Puts on disk what became of a request, and how often it was sent, if that is known.
    pub(super) async fn outcome(
        &self,
        number: &str,
        at: Timestamp,
        outcome: &Outcome,
        sent: Option<u32>,
    ) -> Result<(), Failure> {
        self.write(Line::Outcome(Box::new(OutcomeLine::new(number, at, outcome, sent)))).await
    }

    /// The other requests of this journal for the same name. A journal that cannot be read has none to show:
    /// that only leaves open what they would have decided.
    pub(super) async fn rivals(&self, intent: &Intent) -> Vec<Record> {
        self.read_rivals(intent).await.unwrap_or_default()
    }

    async fn read_rivals(&self, intent: &Intent) -> Result<Vec<Record>, Failure> {
        let competes = intent.clone();
        let read = self.blocking(move |journal| {
            let named = journal.named(&competes.snapshot)?.into_iter();
            Ok(named.filter(|record| competes.competes_with(&record.intent)).collect())
        });
        Ok(read.await.transpose()?.unwrap_or_default())
    }

    /// What the journal has of a number by now: another program may have written it a moment ago.
    pub(super) async fn entry(&self, number: &str) -> Option<Entry> {
        let number = number.to_owned();
        self.blocking(move |journal| journal.entry(&number)).await?.ok()?
    }

    /// Why no request for this name is sent although no list has it: an earlier one made it a moment ago, and it was not
    /// deleted from this machine since. Where that cannot be read, none is sent.
    pub(super) async fn just_made(&self, intent: &Intent) -> Result<(), Failure> {
        let age = |record: &Record| record.intent.age(intent.at, intent.server_time);
        let mut made = self.read_rivals(intent).await?;
        made.retain(|record| record.may_be_unlisted(age(record)));
        let Some(made) = made.pop() else { return Ok(()) };
        let since = made.intent.at;
        let altered = self.blocking(move |journal| journal.alterations_since(since)).await;
        if is_deleted(&made, &altered.and_then(Result::ok).unwrap_or_default()) {
            return Ok(());
        }
        let until = made.intent.at_the_latest().saturating_add(LIST_LAG).unwrap_or(Timestamp::MAX);
        let message = format!(
            "{} was created {} ago by a request of this machine, and lists may lag. If it was deleted since, take \
             another name, or wait until {}",
            intent.snapshot,
            length(age(&made).unsigned_abs()),
            clock(until, &Zoned::now())
        );
        Err(Failure::local(FailureKind::MadeJustNow, message))
    }

    /// Why a request is not sent although it is written down: one that was written down before it is open for the same
    /// name or cluster, and whoever confirmed this one was not told of it. Looked at only now, one of two programs that
    /// confirm at the same moment is certain to see the other's. Where it cannot be read any more, none is sent.
    pub(super) async fn untold(&self, intent: &Intent, submission: &Submission) -> Result<(), Failure> {
        let Consent { told, confirmation, .. } = &submission.consent;
        let reading = self.blocking(Journal::unsettled_requests).await;
        let Some(open) = reading.transpose()? else { return Ok(()) };
        let before = open.records.into_iter().take_while(|record| record.intent.number != intent.number);
        let is_told = |record: &Record| told.iter().any(|number| number.as_str() == record.intent.number);
        let holds = |other: &Intent| match confirmation {
            Confirmation::Person => intent.is_beside(other),
            Confirmation::Command(_) => intent.competes_with(other),
        };
        let mut untold = before.filter(|it| holds(&it.intent) && !is_told(it));
        let Some(Record { intent: first, .. }) = untold.next() else { return Ok(()) };
        let message = format!(
            "{} of {}, sent {} ago, may exist already",
            first.snapshot,
            first.cluster,
            length(first.age(intent.at, intent.server_time).unsigned_abs())
        );
        Err(Failure::local(FailureKind::OpenRequest, message))
    }

    /// What becomes of a request whose change has something for its cluster already: by the lines before its own, or by
    /// what was listed. It is the rule by which the change was confirmed, asked again where the request leaves: much can
    /// have happened since. Where the journal cannot be read, nothing is sent.
    pub(super) async fn of_change(
        &self,
        intent: &Intent,
        submission: &Submission,
        ground: &LastLook,
    ) -> Option<Outcome> {
        let id = submission.request.change.clone()?;
        let (of, since) = (id.clone(), intent.at - LIST_LAG);
        let read =
            self.blocking(move |journal| Ok((journal.of_change(&of)?, journal.alterations_since(since)?)));
        let (requests, altered) = match read.await {
            None => Default::default(),
            Some(Ok(read)) => read,
            Some(Err(failure)) => return Some(Outcome::NotCreated(failure)),
        };
        let before = requests.iter().take_while(|record| record.intent.number != intent.number);
        let before = before.filter(|record| intent.is_beside(&record.intent)).collect();
        let moment = (intent.at, Some(intent.at));
        let seen = SeenOfChange::of(&id, before, &altered, &ground.listed, &submission.policy, moment);
        let cluster = (&submission.request.cluster, intent.cluster_resource_id.as_ref());
        let earlier = seen.earlier_of(cluster, intent.account.as_ref(), &ground.cluster_tags)?;
        Some(preflight::needless(submission, earlier))
    }

    /// Why a deletion is not sent although it is written down: it is not known what became of one of the same snapshot that
    /// was written down before. As with [`Self::untold`], one of two programs is certain to see the other's.
    pub(super) async fn second_deletion(&self, asked: &Alteration) -> Result<(), Failure> {
        let Some(open) = self.blocking(Journal::open_alterations).await else { return Ok(()) };
        let open = open?.into_iter().take_while(|it| it.asked.number != asked.number);
        let is_it = |it: &Alteration| it.arn == asked.arn && it.created_at == asked.created_at;
        let mut earlier = open.filter(|it| it.is_open_deletion() && is_it(&it.asked));
        let Some(earlier) = earlier.next() else { return Ok(()) };
        let refusal = Refusal::OpenDeletion(earlier.asked.age(asked.at, asked.server_time));
        Err(Failure::local(FailureKind::SnapshotState, refusal.to_string()))
    }

    /// The deletions of other snapshots of the same cluster that are carried out, or were written down before and may be.
    pub(super) async fn other_deletions(&self, asked: &Alteration) -> Result<Vec<AlterationRecord>, Failure> {
        let since = asked.at - HORIZON;
        let read = self
            .blocking(move |journal| Ok((journal.open_alterations()?, journal.alterations_since(since)?)));
        let Some(read) = read.await else { return Ok(Vec::new()) };
        let (open, recent) = read?;
        let before = open.into_iter().take_while(|it| it.asked.number != asked.number);
        let before = before.filter(AlterationRecord::is_open_deletion);
        let all = before.chain(recent.into_iter().filter(AlterationRecord::has_deleted));
        Ok(all.filter(|it| it.asked.cluster == asked.cluster && it.asked.number != asked.number).collect())
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Journal) -> Result<T, JournalError> + Send + 'static,
    ) -> Option<Result<T, Failure>> {
        let journal = self.journal.clone()?;
        let done = tokio::task::spawn_blocking(move || work(&journal)).await;
        // The thread ends early only when the runtime does: then it is not known that the line is there.
        let lost = |_| Failure::local(FailureKind::Journal, "the program is ending");
        Some(done.map_err(lost).and_then(|result| result.map_err(Failure::from)))
    }
}
