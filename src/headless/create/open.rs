//! The journal is asked first: what is open on this machine for the same name or the same cluster, whichever
//! program asked for it.

use jiff::Zoned;

use super::Creating;
use crate::domain::age::clock;
use crate::domain::mark::{Marked, RequestNumber};
use crate::domain::outcome::Outcome;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::preflight::{Relation, missing_words, open_words, related};
use crate::domain::record::Record;
use crate::domain::request::SnapshotRequest;
use crate::domain::text::escape;
use crate::headless::streams::Stop;
use crate::submit::Submitted;

impl Creating<'_> {
    /// Tells of open requests for the same cluster, and settles one for the same name instead of sending
    /// another: its outcome, unless that leaves the name to be had.
    pub async fn settle_open(&mut self, request: &SnapshotRequest) -> Result<Option<Submitted>, Stop> {
        let (session, needs_journal) = (self.session, !self.consent.without_journal);
        let read = async {
            let open = session.unsettled_requests().await;
            // Nothing will be sent then, and why not is told with that.
            let is_told = needs_journal && open.is_err() && session.check_journal().await.is_err();
            (open, is_told)
        };
        let (open, is_told) = tokio::select! {
            read = read => read,
            () = self.interrupts.next() => return Err(self.interrupted_between().into()),
        };
        let open = match open {
            Ok(open) => {
                if open.lines_missing > 0 {
                    self.streams.say(&format!("{}.", missing_words(open.lines_missing)));
                }
                open.records
            }
            Err(_) if is_told => return Ok(None),
            Err(error) => {
                self.streams.warn(&format!(
                    "The journal cannot be read, so it is not known whether a request for {} or {} is open: {error}.",
                    request.snapshot, request.cluster
                ));
                return Ok(None);
            }
        };
        let others = open.iter().filter(|record| record.intent.number != request.number.as_str());
        for (relation, record) in related(others, request.snapshot.as_str(), request.cluster.as_str()) {
            let now = Zoned::now();
            let told = escape(&open_words(&record.intent, &clock(record.intent.asked_at(), &now), &now));
            match relation {
                Relation::SameName => {
                    self.streams
                        .say(&format!("{told} It is looked up first, and nothing is sent meanwhile."));
                    if let Some(settled) = self.settle_instead(record, request).await? {
                        return Ok(Some(settled));
                    }
                    self.consent.told.push(RequestNumber::journalled(&record.intent.number));
                }
                Relation::SameCluster => {
                    self.consent.told.push(RequestNumber::journalled(&record.intent.number));
                    self.streams
                        .say(&format!("{told} This request makes another snapshot of the same cluster."));
                }
            }
        }
        Ok(None)
    }

    /// What became of an earlier request for the same that AWS had refused, where the snapshot that has the name is
    /// proved to be of that one: a copy of it was carried out.
    pub async fn taken_back(
        &mut self,
        request: &SnapshotRequest,
        submitted: Submitted,
    ) -> Result<Submitted, Stop> {
        let Outcome::Taken { by: Some(by), .. } = &submitted.outcome else { return Ok(submitted) };
        // A journal that cannot be read proves nothing.
        let named = self.session.requests_named(request.snapshot.as_str()).await.unwrap_or_default();
        let made_it = |record: &Record| {
            let earlier = record.intent.request();
            earlier.and_then(|earlier| earlier.marked(&by.tags)) == Some(Marked::ThisRequest)
        };
        let is_it = |record: &&Record| {
            record.kind() == OutcomeKind::Refused && is_same(record, request) && made_it(record)
        };
        match named.iter().find(is_it) {
            Some(record) => Ok(self.settle_instead(record, request).await?.unwrap_or(submitted)),
            None => Ok(submitted),
        }
    }

    /// Looks up what became of an earlier request for the same name. `None` if the name is to be had after all.
    async fn settle_instead(
        &mut self,
        record: &Record,
        request: &SnapshotRequest,
    ) -> Result<Option<Submitted>, Stop> {
        let look = self.session.settle(&record.intent, record.cause());
        let looked = tokio::select! {
            looked = look => looked,
            () = self.interrupts.next() => return Err(self.interrupted_between().into()),
        };
        let unknown = |failed| record.unsettled(failed);
        let outcome = match looked.unwrap_or_else(unknown) {
            // The same name for something else: the earlier request has it.
            Outcome::Created { snapshot, .. } | Outcome::FoundAgain { snapshot, .. }
                if !is_same(record, request) =>
            {
                Outcome::Taken { by: Some(snapshot), failure: None }
            }
            outcome => outcome,
        };
        Ok(match outcome {
            Outcome::NotCreated(_) | Outcome::Refused(_) | Outcome::NotListed { .. } => None,
            outcome => Some(Submitted { outcome, intent: Some(record.intent.clone()), sent: 0 }),
        })
    }
}

/// Whether an earlier request asked for the same: cluster, and tags but for the mark.
fn is_same(record: &Record, request: &SnapshotRequest) -> bool {
    let Some(earlier) = record.intent.request() else { return false };
    earlier.cluster == request.cluster && earlier.own_tags().eq(request.own_tags())
}
