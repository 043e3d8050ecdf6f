//! What is done to snapshots that are there, by a session.

use jiff::{Timestamp, Zoned};

use super::{Session, asked};
use crate::domain::age::clock;
use crate::domain::alteration::{Alteration, AlterationRecord, AlterationTerms, Altered, AlteredKind, Deed};
use crate::domain::change_record::done_to;
use crate::domain::ending::{Ending, GONE};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::HORIZON;
use crate::domain::outcome::Step;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::journal::{Journal, JournalError};
use crate::submit::alter::{alter, settle};
use crate::submit::fresh_number;

impl Session {
    /// Does one confirmed thing to the snapshot that was shown, and to no other of its name. The future must be driven
    /// to its end; see [`crate::submit::alter::alter`].
    pub async fn alter(
        &self,
        snapshot: &Snapshot,
        deed: Deed,
        terms: AlterationTerms,
        on_step: impl FnMut(Step),
    ) -> Altered {
        let refuse = |failure| Altered::new(AlteredKind::NotDone).because(failure);
        let Some(policy) = &self.policy else {
            return refuse(Failure::local(FailureKind::Broken, "this connection is for reading only"));
        };
        let journal = match self.journal_to_write() {
            Ok(journal) => journal,
            Err(failure) => return refuse(failure),
        };
        let now = Timestamp::now();
        let asked = Alteration::of(snapshot, deed, fresh_number(now).to_string(), now, policy);
        let Some(asked) = asked else {
            let message = "its ARN or when it was created is not known, so another one could be meant";
            return refuse(Failure::local(FailureKind::UnreadableAnswer, message));
        };
        let asked = asked.on(terms).asked_by(self.caller().as_ref(), self.target());
        // One set of credentials from the look right before to the last look.
        let client = match self.client.pinned().await {
            Ok(client) => client,
            Err(failure) => return refuse(failure),
        };
        let altered = Box::pin(alter(&client, journal, asked.clone(), Timestamp::now, on_step)).await;
        self.note_deleted(asked, &altered).await;
        tracing::info!(
            snapshot = snapshot.id,
            outcome = altered.kind.short(),
            "an alteration has an outcome"
        );
        altered
    }

    /// The alterations of which it is not known what became, in this place, whichever program asked for them.
    pub async fn open_alterations(&self) -> Result<Vec<AlterationRecord>, JournalError> {
        let Some(journal) = self.journal() else { return Ok(Vec::new()) };
        let caller = self.caller();
        let mut open = asked(journal, Journal::open_alterations).await?;
        open.retain(|record| record.asked.is_of(self.target(), caller.as_ref()));
        Ok(open)
    }

    /// The deletions of this place that may still take effect, and would be that of a new snapshot of the name.
    ///
    /// # Errors
    /// If the journal cannot be read.
    pub async fn deletions_under_way(&self) -> Result<Vec<AlterationRecord>, JournalError> {
        let Some(journal) = self.journal() else { return Ok(Vec::new()) };
        let now = Timestamp::now();
        let mut recent = asked(journal, move |journal| journal.alterations_since(now - HORIZON)).await?;
        let caller = self.caller();
        recent
            .retain(|record| record.may_still_delete() && record.asked.is_of(self.target(), caller.as_ref()));
        Ok(recent)
    }

    /// Why no snapshot of this name may be made now: [`refused_for_deletion`].
    ///
    /// # Errors
    /// That reason, or that the journal cannot be read.
    pub(super) async fn refuse_before_deletion(&self, name: &SnapshotId) -> Result<(), Failure> {
        refused_for_deletion(name, &self.deletions_under_way().await?).map_or(Ok(()), Err)
    }

    /// Looks once what became of an alteration; see [`crate::submit::alter::settle`].
    pub async fn settle_alteration(&self, record: &AlterationRecord) -> Result<Altered, Failure> {
        let client = self.client.pinned().await?;
        let altered = settle(&client, self.journal(), record, Timestamp::now).await?;
        self.note_deleted(record.asked.clone(), &altered).await;
        Ok(altered)
    }

    /// Journals that what a request of this machine made ends by a deletion: nobody has to follow it any more.
    async fn note_deleted(&self, asked: Alteration, altered: &Altered) {
        let status = match (&asked.deed, altered.kind) {
            (Deed::Delete, AlteredKind::Deleting) => "deleting",
            (Deed::Delete, AlteredKind::Gone) => GONE,
            _ => return,
        };
        let mut named = self.requests_named(&asked.snapshot).await.unwrap_or_default();
        let deletion = [AlterationRecord { asked, outcome: None }];
        named.retain(|record| record.is_unfinished() && done_to(record, &deletion).next().is_some());
        for record in named {
            let ending = Ending::seen(status, Timestamp::now(), None);
            // What became of the deletion is in the journal: where this cannot be, whoever follows sees the same.
            let _ = self.note_end(&record.intent.number, &ending).await;
        }
    }
}

/// Why no snapshot of this name may be made now, if one of these deletions is of it.
pub(crate) fn refused_for_deletion(name: &SnapshotId, deletions: &[AlterationRecord]) -> Option<Failure> {
    let record = deletions.iter().find(|record| record.asked.snapshot == name.as_str())?;
    let until = record.asked.at_the_latest().saturating_add(HORIZON).unwrap_or(Timestamp::MAX);
    let until = clock(until, &Zoned::now());
    let message = format!(
        "a deletion of {name} got no clear answer and may take effect until {until}: it would delete this one. \
         Take another name, or wait"
    );
    Some(Failure::local(FailureKind::SnapshotState, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Policy;
    use crate::fixtures::{self, ACCOUNT, snapshot_arn};

    #[test]
    fn a_name_is_said_to_be_held_for_as_long_as_it_is_whichever_clock_was_off() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        let sent = at("2026-11-23T01:58:01Z");
        let snapshot = Snapshot {
            arn: Some(snapshot_arn("eu-west-1", ACCOUNT, "nightly")),
            created_at: Some(sent),
            ..fixtures::snapshot("nightly", "orders", "available")
        };
        let name = SnapshotId::parse("nightly").expect("a name");
        for (here, until) in [("2026-11-23T01:58:02Z", "02:18"), ("2026-11-23T03:58:02Z", "04:18")] {
            let asked = Alteration::of(&snapshot, Deed::Delete, "1".to_owned(), at(here), &Policy::default());
            let asked = Alteration { server_time: Some(sent), ..asked.expect("it can be told from others") };
            let told = refused_for_deletion(&name, &[AlterationRecord { asked, outcome: None }]);
            let told = told.expect("it is refused").message;
            assert!(told.contains(&format!("until 2026-11-23 {until}")), "{told}");
        }
    }
}
