//! From lines to records: an intent with what became of it.

use std::collections::HashMap;

use jiff::Timestamp;

use serde::Deserialize;

use super::entry::{Ended, FailureLine, Intent, OutcomeLine};
use crate::domain::cluster::Encryption;
use crate::domain::cluster_id::ClusterId;
use crate::domain::ending::GONE;
use crate::domain::failure::{Effect, Failure, FailureKind};
use crate::domain::past::{PastRequest, Position, Word};
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

    /// Whether its snapshot was found to be gone, which can be taken back.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.ended.as_ref().is_some_and(|ended| ended.status == GONE)
    }

    /// Whether the service refused it for what was so at that moment, when it was asked at or after a time: a copy
    /// of it that something on the way sent before may still appear.
    #[must_use]
    pub fn is_refused_since(&self, since: Timestamp) -> bool {
        self.word() == Word::Refused && self.intent.at >= since && self.cause().is_of_the_moment()
    }

    /// Whether it has to be looked up or followed. A refusal for what was so at the moment counts for as long as
    /// its request was asked at or after `refused_since`.
    #[must_use]
    pub fn is_open(&self, refused_since: Timestamp) -> bool {
        self.is_unsettled() || self.is_unfinished() || self.is_refused_since(refused_since)
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
            account: intent.account.as_ref().map(ToString::to_string),
            profile: intent.profile.clone(),
            region: intent.region.clone(),
            endpoint: intent.endpoint.clone(),
            mark: intent.mark.clone(),
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
    /// The requests, in the order in which they were made; one that was sent anew stands where that was.
    pub records: Vec<Record>,
    /// How many lines could not be read: torn by a loss of power, or not the program's. They stay in
    /// the file.
    pub unreadable: usize,
}

/// A line of the journal that says something.
pub(super) enum Line {
    Intent(Box<Intent>),
    Outcome(Box<OutcomeLine>),
    Ended(Ended),
    /// Of a kind that a newer version writes: it is left alone.
    Newer,
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

impl Line {
    /// Reads a line.
    pub(super) fn parse(line: &[u8]) -> Result<Self, serde_json::Error> {
        Ok(match Kind::of(line)? {
            Kind::Intent => Self::Intent(serde_json::from_slice(line)?),
            Kind::Outcome => {
                Self::Outcome(serde_json::from_slice::<Box<OutcomeLine>>(line)?.in_todays_words())
            }
            Kind::Ended => Self::Ended(serde_json::from_slice(line)?),
            Kind::Newer => Self::Newer,
        })
    }

    /// Whether a line can be an intent, without reading all of it.
    pub(super) fn is_intent(line: &[u8]) -> bool {
        matches!(Kind::of(line), Ok(Kind::Intent))
    }

    /// The number of the request that the line is about.
    pub(super) fn number(&self) -> Option<&str> {
        match self {
            Self::Intent(intent) => Some(&intent.number),
            Self::Outcome(line) => Some(&line.number),
            Self::Ended(line) => Some(&line.number),
            Self::Newer => None,
        }
    }
}

impl Record {
    /// A request of which nothing but its intent is known.
    pub(super) fn asked(intent: Intent) -> Self {
        Self { intent, outcome: None, ended: None }
    }

    /// Takes what became of the request, unless something worth more is known. Where the ARN of what it made says
    /// it, that is where it went.
    pub(super) fn became(&mut self, line: OutcomeLine) {
        let weight = |line: &OutcomeLine| line.outcome.weight();
        if self.outcome.as_ref().is_some_and(|earlier| weight(earlier) > weight(&line)) {
            return;
        }
        if let Some(arn) = line.arn_of_own() {
            self.intent.account = self.intent.account.take().or(arn.account);
            self.intent.region = self.intent.region.take().or(arn.region);
        }
        self.outcome = Some(line);
    }

    /// Takes how its snapshot was seen to end, besides what is known of that.
    pub(super) fn ended_with(&mut self, line: Ended) {
        self.ended = Some(match self.ended.take() {
            Some(earlier) => earlier.and(line),
            None => line,
        });
    }
}

/// Puts the lines of a journal together, in the order in which they stand there.
#[derive(Default)]
pub(super) struct Folding {
    /// Each record with where its intent stands; `None` where a later intent of its number took its place.
    records: Vec<Option<(Position, Record)>>,
    by_number: HashMap<String, usize>,
    unreadable: usize,
}

impl Folding {
    /// Takes the line that begins at a place, if it is not blank.
    pub(super) fn take(&mut self, at: Position, line: &[u8]) {
        if let Some(line) = self.read(line) {
            self.put(at, line);
        }
    }

    /// Reads a line, and counts it if it cannot be read; `None` also for a blank one.
    pub(super) fn read(&mut self, line: &[u8]) -> Option<Line> {
        let text = line.trim_ascii();
        if text.is_empty() {
            return None;
        }
        let line = Line::parse(text).ok();
        self.unreadable += usize::from(line.is_none());
        line
    }

    /// Puts a line to the others of its request.
    pub(super) fn put(&mut self, at: Position, line: Line) {
        match line {
            Line::Intent(intent) => self.intent(at, *intent),
            Line::Outcome(line) => {
                if let Some(record) = self.record(&line.number) {
                    record.became(*line);
                }
            }
            Line::Ended(line) => {
                if let Some(record) = self.record(&line.number) {
                    record.ended_with(line);
                }
            }
            Line::Newer => {}
        }
    }

    /// A number that is there already is the same confirmed request, sent anew: what became of it is open again.
    fn intent(&mut self, at: Position, intent: Intent) {
        let earlier = self.by_number.insert(intent.number.clone(), self.records.len());
        if let Some(earlier) = earlier.and_then(|earlier| self.records.get_mut(earlier)) {
            *earlier = None;
        }
        self.records.push(Some((at, Record::asked(intent))));
    }

    fn record(&mut self, number: &str) -> Option<&mut Record> {
        let at = self.by_number.get(number)?;
        self.records.get_mut(*at)?.as_mut().map(|(_, record)| record)
    }

    /// The records with where their intents stand, in that order, and how many lines could not be read.
    pub(super) fn records(self) -> (Vec<(Position, Record)>, usize) {
        (self.records.into_iter().flatten().collect(), self.unreadable)
    }
}
