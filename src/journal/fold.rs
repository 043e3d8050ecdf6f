//! From lines to records: an intent with what became of it.

use std::collections::HashMap;
use std::io::BufRead as _;

use serde::Deserialize;

use super::entry::{Ended, FailureLine, Intent, OutcomeLine};
use crate::domain::cluster::Encryption;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::{Caller, Place};
use crate::domain::failure::{Effect, Failure, FailureKind};
use crate::domain::past::{Past, PastRequest, Word};
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::status::SnapshotStatus;

/// One request, with what became of it and how its snapshot ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What was asked.
    pub intent: Intent,
    /// What became of it; `None` if the program was ended before it knew.
    pub outcome: Option<OutcomeLine>,
    /// How the snapshot ended; `None` if it was not seen to end.
    pub ended: Option<Ended>,
}

impl Record {
    /// What became of it, in one word.
    #[must_use]
    pub fn word(&self) -> Word {
        self.outcome.as_ref().map_or(Word::Unknown, |line| line.outcome)
    }

    /// Whether it is not known what became of the request: it has to be looked up.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        self.word() == Word::Unknown
    }

    /// Whether the request made a snapshot that was not seen to end: it has to be followed.
    #[must_use]
    pub fn is_unfinished(&self) -> bool {
        matches!(self.word(), Word::Created | Word::FoundAgain) && self.ended.is_none()
    }

    /// The snapshot that the request made, as it was answered or found then.
    #[must_use]
    pub fn made(&self) -> Option<Snapshot> {
        if !matches!(self.word(), Word::Created | Word::FoundAgain) {
            return None;
        }
        let intent = &self.intent;
        let line = self.outcome.as_ref()?.snapshot.as_ref()?;
        Some(Snapshot {
            id: intent.snapshot.clone(),
            arn: line.arn.clone(),
            cluster: line.cluster.as_deref().map(ClusterId::reported),
            cluster_resource_id: intent.cluster_resource_id.clone(),
            kind: SnapshotKind::Manual,
            status: SnapshotStatus::reported(&line.status),
            percent: None,
            created_at: line.created_at,
            engine: None,
            engine_version: None,
            allocated_gib: None,
            more: std::sync::Arc::default(),
            encryption: Encryption::Unknown,
            tags: intent.tags(),
        })
    }

    /// The record as people look it up.
    #[must_use]
    pub fn past(&self) -> PastRequest {
        let Self { intent, outcome, ended } = self;
        let snapshot = outcome.as_ref().and_then(|line| line.snapshot.as_ref());
        PastRequest {
            number: intent.number.clone(),
            at: intent.at,
            server_ahead_s: intent.server_ahead_s,
            asked_at: intent.server_time,
            caller: intent.caller.clone(),
            account: intent.account.clone(),
            profile: intent.profile.clone(),
            region: intent.region.clone(),
            endpoint: intent.endpoint.clone(),
            cluster: intent.cluster.clone(),
            snapshot: intent.snapshot.clone(),
            tags: intent.tags(),
            word: self.word(),
            known_at: outcome.as_ref().map(|line| line.at),
            request_id: outcome.as_ref().and_then(|line| line.request_id.clone()),
            // Whether it is a refusal or an answer that was lost, the word tells.
            failure: outcome.as_ref().and_then(|line| line.failure.as_ref()).map(FailureLine::failure),
            arn: snapshot.and_then(|line| line.arn.clone()),
            begun_at: snapshot.and_then(|line| line.created_at),
            attempts: outcome.as_ref().and_then(|line| line.attempts),
            ended: ended.as_ref().map(Ended::ending),
            version: intent.version.clone(),
        }
    }

    /// Why it is not known what became of the request.
    #[must_use]
    pub fn cause(&self) -> Failure {
        let noted = self.outcome.as_ref().and_then(|line| line.failure.as_ref());
        noted.map_or_else(
            || Failure {
                effect: Effect::Possible,
                ..Failure::local(
                    FailureKind::LostAnswer,
                    "its outcome was not written down: the run that sent it has ended, or is still at work",
                )
            },
            FailureLine::failure,
        )
    }
}

/// All that the journal says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The requests, in the order they were made.
    pub records: Vec<Record>,
    /// How many lines could not be read: torn by a loss of power, or not the program's. They stay in
    /// the file.
    pub unreadable: usize,
}

impl History {
    /// What has to be looked up or followed for a place: not settled, or created and not ended.
    pub fn open_at<'a>(
        &'a self,
        place: &'a Place,
        caller: Option<&'a Caller>,
    ) -> impl Iterator<Item = &'a Record> {
        self.records.iter().filter(move |record| {
            (record.is_unsettled() || record.is_unfinished()) && record.intent.is_of(place, caller)
        })
    }

    /// All of it as people look it up, the newest first.
    #[must_use]
    pub fn past(&self) -> Past {
        Past { requests: self.records.iter().rev().map(Record::past).collect(), unreadable: self.unreadable }
    }

    /// Folds the lines of a journal.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut folding = Folding::default();
        let (mut rest, mut line) = (bytes, Vec::new());
        // Several times as fast as `split`, and reading from memory cannot fail.
        while rest.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let text = line.trim_ascii();
            if !text.is_empty() && folding.take(text).is_err() {
                folding.history.unreadable += 1;
            }
            line.clear();
        }
        folding.history
    }
}

/// What kind of line it is. A kind of a newer version is no error: it is left alone.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Intent,
    Outcome,
    Ended,
    #[serde(other)]
    Newer,
}

impl Kind {
    /// The program's own lines begin with their kind; in others it is looked for, which takes as long as
    /// to read them.
    fn of(line: &[u8]) -> Result<Self, serde_json::Error> {
        const OWN: [(&[u8], Kind); 3] = [
            (br#"{"kind":"intent","#, Kind::Intent),
            (br#"{"kind":"outcome","#, Kind::Outcome),
            (br#"{"kind":"ended","#, Kind::Ended),
        ];
        match OWN.iter().find(|(start, _)| line.starts_with(start)) {
            Some((_, kind)) => Ok(*kind),
            None => serde_json::from_slice::<Head>(line).map(|head| head.kind),
        }
    }
}

#[derive(Deserialize)]
struct Head {
    kind: Kind,
}

#[derive(Default)]
struct Folding {
    history: History,
    by_number: HashMap<String, usize>,
}

impl Folding {
    fn take(&mut self, line: &[u8]) -> Result<(), serde_json::Error> {
        match Kind::of(line)? {
            Kind::Intent => self.intent(serde_json::from_slice(line)?),
            Kind::Outcome => self.outcome(serde_json::from_slice(line)?),
            Kind::Ended => self.ended(serde_json::from_slice(line)?),
            Kind::Newer => {}
        }
        Ok(())
    }

    fn intent(&mut self, intent: Intent) {
        self.by_number.insert(intent.number.clone(), self.history.records.len());
        self.history.records.push(Record { intent, outcome: None, ended: None });
    }

    fn outcome(&mut self, line: OutcomeLine) {
        if let Some(record) = self.record(&line.number) {
            let weight = |line: &OutcomeLine| line.outcome.weight();
            if record.outcome.as_ref().is_none_or(|earlier| weight(earlier) <= weight(&line)) {
                record.outcome = Some(line);
            }
        }
    }

    fn ended(&mut self, line: Ended) {
        if let Some(record) = self.record(&line.number) {
            record.ended = Some(match record.ended.take() {
                Some(earlier) => earlier.and(line),
                None => line,
            });
        }
    }

    fn record(&mut self, number: &str) -> Option<&mut Record> {
        self.by_number.get(number).and_then(|at| self.history.records.get_mut(*at))
    }
}
