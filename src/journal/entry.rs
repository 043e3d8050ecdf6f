//! The lines of the journal. `assets/journal.md` describes them for other readers: keep the two in step.
//!
//! A line may gain members, never lose or change one: journals of many years are read by any version.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::domain::account::{AccountId, Arn};
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::{Caller, Place};
use crate::domain::ending::Ending;
use crate::domain::failure::{Effect, Failure, FailureKind};
use crate::domain::mark::RequestNumber;
use crate::domain::outcome::Outcome;
use crate::domain::past::Word;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::{Tag, TagSet};
use crate::domain::wait::Wait;

/// The most characters of a message that a line keeps: an answer can be a web page.
const MAX_MESSAGE_CHARS: usize = 2_000;

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Entry {
    /// Something is about to be sent.
    Intent(Box<Intent>),
    /// What became of it.
    Outcome(Box<OutcomeLine>),
    /// How the snapshot ended.
    Ended(Ended),
}

/// What is about to be sent, by whom, where and when. On disk before anything leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The request's number, which the later lines repeat.
    pub number: String,
    /// When, by this machine's clock.
    pub at: Timestamp,
    /// The server's clock (its `Date` header, whole seconds) when it said that the name was free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Timestamp>,
    /// How far the server's clock was ahead of this machine's, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_ahead_s: Option<i64>,
    /// The caller's ARN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// The account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The profile, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The Region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The URL that the request goes to.
    pub endpoint: String,
    /// The cluster.
    pub cluster: String,
    /// The cluster's resource id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster_resource_id: Option<String>,
    /// The snapshot's identifier.
    pub snapshot: String,
    /// The tags, in the order given.
    #[serde(default)]
    pub tags: Vec<TagLine>,
    /// The key of the tag that carries the number; absent if the request was sent without a mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// The version of the program.
    #[serde(default)]
    pub version: String,
}

/// A tag in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagLine {
    /// The tag key.
    pub key: String,
    /// The tag value.
    pub value: String,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeLine {
    /// The request's number.
    pub number: String,
    /// When it was known, by this machine's clock.
    pub at: Timestamp,
    /// What became of it, in one word.
    pub outcome: Word,
    /// The service's request id, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What failed, or what happened to the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureLine>,
    /// The snapshot that was created, found again, has the name, or may be this request's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotLine>,
    /// How many times the request was sent; only what certainly did not happen is sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
}

/// A failure in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailureLine {
    /// What kind of failure.
    pub kind: FailureKind,
    /// The service's error code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The service's message, or the cause on this side, cut where it is long; not escaped.
    pub message: String,
    /// The service's request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Whether the service itself refused, in its own words and to their end.
    #[serde(default, skip_serializing_if = "is_false")]
    pub refused: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_false(value: &bool) -> bool {
    !value
}

/// A snapshot in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotLine {
    /// The Amazon Resource Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The cluster that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// When it was begun, by the server's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Its status when it was seen.
    pub status: String,
}

/// How a snapshot ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The request's number.
    pub number: String,
    /// When the end was seen, by this machine's clock.
    pub at: Timestamp,
    /// The final status in the service's words, or `gone`.
    pub status: String,
    /// The server's clock at that look. Lines of versions before it was there tell no duration: their times are
    /// this machine's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Timestamp>,
    /// When it was last seen in progress, if it was watched, by the same clock as `server_time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_at: Option<Timestamp>,
    /// When it was finished, by RDS's own event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Timestamp>,
    /// How long it took in milliseconds, on the monotonic clock of the program that sent the request and watched
    /// to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub watched_ms: Option<u64>,
}

impl Intent {
    /// The line for a request that is about to be sent.
    #[must_use]
    pub fn new(
        request: &SnapshotRequest,
        place: &Place,
        caller: Option<&Caller>,
        account: Option<&AccountId>,
        at: Timestamp,
        server_time: Option<Timestamp>,
    ) -> Self {
        let tag = |tag: &Tag| TagLine { key: tag.key.clone(), value: tag.value.clone() };
        Self {
            number: request.number.to_string(),
            at,
            server_time,
            server_ahead_s: server_time.map(|server| server.as_second() - at.as_second()),
            caller: caller.map(|caller| caller.arn.clone()),
            account: account
                .cloned()
                .or_else(|| caller.and_then(|caller| AccountId::reported(&caller.account))),
            profile: place.profile.clone(),
            region: place.region.clone(),
            endpoint: place.url(),
            cluster: request.cluster.as_str().to_owned(),
            cluster_resource_id: request.cluster_resource_id.clone(),
            snapshot: request.snapshot.as_str().to_owned(),
            tags: request.tags.as_slice().iter().map(tag).collect(),
            mark: request.mark.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The request, or `None` if the line was changed by hand into one that could not be sent.
    #[must_use]
    pub fn request(&self) -> Option<SnapshotRequest> {
        let tags = self.tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str()));
        Some(SnapshotRequest {
            number: RequestNumber::journalled(&self.number),
            cluster: ClusterId::parse(&self.cluster).ok()?,
            cluster_resource_id: self.cluster_resource_id.clone(),
            snapshot: SnapshotId::parse(&self.snapshot).ok()?,
            tags: TagSet::parse(tags).ok()?,
            mark: self.mark.clone(),
        })
    }

    /// The tags that were given.
    pub(super) fn tags(&self) -> Vec<Tag> {
        self.tags.iter().map(|tag| Tag::new(tag.key.as_str(), tag.value.as_str())).collect()
    }

    /// Whether the request went where requests go now: same Region, and the same account as far as both are
    /// known. By which URL the Region is reached says nothing: one endpoint has many spellings.
    #[must_use]
    pub fn is_of(&self, place: &Place, caller: Option<&Caller>) -> bool {
        let account = caller.and_then(|caller| AccountId::reported(&caller.account));
        may_be_same(self.account.as_ref(), account.as_ref()) && self.region == place.region
    }

    /// Whether this is what became of a request that waited: it was sent then.
    #[must_use]
    pub fn carries_out(&self, wait: &Wait) -> bool {
        let account = wait.account.as_deref().and_then(AccountId::reported);
        self.at >= wait.since
            && self.snapshot == wait.request.snapshot.as_str()
            && self.region == wait.region
            && may_be_same(self.account.as_ref(), account.as_ref())
    }

    /// Whether another request went to the same place for the same name.
    #[must_use]
    pub fn competes_with(&self, other: &Self) -> bool {
        self.number != other.number
            && may_be_same(self.account.as_ref(), other.account.as_ref())
            && self.region == other.region
            && self.snapshot == other.snapshot
    }

    /// How long ago it was sent at the least: the shorter of the spans by the server's clock, where both its ends
    /// are known by that, and by this machine's. Either can be off, and what is too old to appear is given up.
    #[must_use]
    pub fn age(&self, now: Timestamp, server_now: Option<Timestamp>) -> SignedDuration {
        let here = now.duration_since(self.at);
        let there = self.server_time.zip(server_now).map(|(then, now)| now.duration_since(then));
        there.map_or(here, |there| there.min(here)).max(SignedDuration::ZERO)
    }
}

/// Whether two requests may have gone to one account: an account that is not known may be any.
fn may_be_same(one: Option<&AccountId>, other: Option<&AccountId>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

impl OutcomeLine {
    /// The line for an outcome.
    #[must_use]
    pub fn new(number: &str, at: Timestamp, outcome: &Outcome, attempts: Option<u32>) -> Self {
        let seen = match outcome {
            Outcome::Taken { by, .. } => by.as_deref(),
            Outcome::Unproven { snapshot, .. } | Outcome::Elsewhere { snapshot, .. } => Some(&**snapshot),
            other => other.snapshot(),
        };
        Self {
            number: number.to_owned(),
            at,
            outcome: outcome.word(),
            request_id: outcome.request_id().map(str::to_owned),
            failure: outcome.failure().map(FailureLine::new),
            snapshot: seen.map(SnapshotLine::new),
            attempts,
        }
    }
}

impl OutcomeLine {
    /// The ARN of the snapshot that the request made, where the line has one.
    pub(super) fn arn_of_own(&self) -> Option<Arn> {
        let is_own = matches!(self.outcome, Word::Created | Word::FoundAgain | Word::Elsewhere);
        let snapshot = self.snapshot.as_ref().filter(|_| is_own)?;
        Arn::reported(snapshot.arn.as_deref())
    }

    /// Older versions said `not_created` also of what the service itself had refused.
    pub(super) fn in_todays_words(mut self: Box<Self>) -> Box<Self> {
        let is_refusal = self.failure.as_ref().is_some_and(|failure| failure.refused);
        if self.outcome == Word::NotCreated && is_refusal {
            self.outcome = Word::Refused;
        }
        self
    }
}

impl Ended {
    /// The line for an end.
    #[must_use]
    pub fn new(number: &str, ending: &Ending) -> Self {
        Self {
            number: number.to_owned(),
            at: ending.seen_at,
            status: ending.status.clone(),
            server_time: ending.server_time,
            open_at: ending.open_at,
            finished_at: ending.finished_at,
            watched_ms: ending.watched.and_then(|watched| watched.as_millis().try_into().ok()),
        }
    }

    /// The end again.
    #[must_use]
    pub fn ending(&self) -> Ending {
        Ending {
            status: self.status.clone(),
            seen_at: self.at,
            server_time: self.server_time,
            open_at: self.open_at,
            finished_at: self.finished_at,
            watched: self.watched_ms.map(Duration::from_millis),
        }
    }

    /// Takes a later line on the same snapshot: two programs may have seen its end, and one of them may have
    /// taken it for gone. Whoever saw the end first knows best when it was; an event can be told later.
    pub(super) fn and(self, later: Self) -> Self {
        let (first, second) = (self.ending(), later.ending());
        match (first.is_gone(), second.is_gone()) {
            (true, _) => later,
            (false, true) => self,
            (false, false) if self.status != later.status => later,
            (false, false) => Self {
                open_at: self.open_at.or(later.open_at),
                finished_at: later.finished_at.or(self.finished_at),
                watched_ms: self.watched_ms.or(later.watched_ms),
                ..self
            },
        }
    }
}

impl FailureLine {
    fn new(failure: &Failure) -> Self {
        Self {
            kind: failure.kind,
            code: failure.code.clone(),
            message: failure.message.chars().take(MAX_MESSAGE_CHARS).collect(),
            request_id: failure.request_id.clone(),
            refused: failure.effect == Effect::None && failure.code.is_some(),
        }
    }

    /// The failure again; its effect is clear only where the service refused.
    pub(super) fn failure(&self) -> Failure {
        Failure {
            kind: self.kind,
            effect: if self.refused { Effect::None } else { Effect::Possible },
            code: self.code.clone(),
            message: self.message.clone(),
            request_id: self.request_id.clone(),
        }
    }
}

impl SnapshotLine {
    fn new(snapshot: &Snapshot) -> Self {
        Self {
            arn: snapshot.arn.clone(),
            cluster: snapshot.cluster.as_ref().map(|cluster| cluster.as_str().to_owned()),
            created_at: snapshot.created_at,
            status: snapshot.status.as_str().to_owned(),
        }
    }
}

impl Word {
    /// How much the word is worth beside another one on the same request: the mark on the snapshot and an answer
    /// that it is created beat every other word, whichever was written first, for two running programs can both
    /// write one. Of equals the last counts.
    pub(super) fn weight(self) -> u8 {
        match self {
            Self::Other | Self::Unknown => 0,
            Self::NotListed | Self::Unproven => 1,
            Self::Taken => 2,
            Self::NotCreated | Self::Refused => 3,
            Self::FoundAgain | Self::Elsewhere => 4,
            Self::Created => 5,
        }
    }
}
