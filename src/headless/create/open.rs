//! The journal is asked first: what is open on this machine for the same name or the same cluster, whichever
//! program asked for it.

use jiff::Zoned;

use super::Creating;
use crate::domain::age::clock;
use crate::domain::outcome::Outcome;
use crate::domain::record::Record;
use crate::domain::request::SnapshotRequest;
use crate::domain::text::escape;
use crate::headless::streams::Stop;
use crate::session::Session;
use crate::submit::Submitted;

impl Creating<'_> {
    /// Tells of open requests for the same cluster, and settles one for the same name instead of sending
    /// another: its outcome, unless that leaves the name to be had.
    ///
    /// # Errors
    /// That it was interrupted.
    pub async fn settle_open(&mut self, request: &SnapshotRequest) -> Result<Option<Submitted>, Stop> {
        let open = match self.session.open_requests().await {
            Ok(open) => open,
            Err(error) => {
                self.streams.warn(&format!(
                    "The journal cannot be read, so it is not known whether a request for {} or {} is open: {error}.",
                    request.snapshot, request.cluster
                ));
                return Ok(None);
            }
        };
        let is_another = |record: &&Record| record.intent.number != request.number.as_str();
        for record in open.iter().filter(is_another).filter(|record| record.is_unsettled()) {
            if record.intent.snapshot == request.snapshot.as_str() {
                self.streams.say(&about(record, "It is looked up first, and nothing is sent meanwhile."));
                if let Some(settled) = self.settle_instead(record, request).await? {
                    return Ok(Some(settled));
                }
            } else if record.intent.cluster == request.cluster.as_str() {
                self.streams.say(&about(record, "This request makes another snapshot of the same cluster."));
            }
        }
        Ok(None)
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
        let unknown = |_| Outcome::Unknown { since: record.intent.at, cause: record.cause() };
        let outcome = match looked.unwrap_or_else(unknown) {
            // The same name for something else: the earlier request has it.
            Outcome::FoundAgain { snapshot, .. } if !is_same(record, request) => {
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

/// What the journal has open for the same name or cluster, to be told before a request is reviewed.
pub async fn for_review(session: &Session, snapshot: &str, cluster: &str) -> Vec<String> {
    let open = match session.open_requests().await {
        Ok(open) => open,
        Err(error) => {
            return vec![format!("The journal cannot be read, so what is open is not known: {error}.")];
        }
    };
    let is_same = |record: &&Record| {
        record.is_unsettled() && (record.intent.snapshot == snapshot || record.intent.cluster == cluster)
    };
    open.iter().filter(is_same).map(|record| about(record, "")).collect()
}

/// Tells of an open request, and what follows from it.
pub fn about(record: &Record, then: &str) -> String {
    let intent = &record.intent;
    let at = clock(intent.at, &Zoned::now());
    let (snapshot, cluster) = (escape(&intent.snapshot), escape(&intent.cluster));
    format!(
        "A request for {snapshot} of {cluster}, sent {at}, is open: it is not known whether it was carried out. {then}"
    )
}
