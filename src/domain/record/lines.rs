//! What a record is made of: what was asked, and what became of it, as the journal keeps them.
//!
//! A line may gain members, never lose or change one: journals of many years are read by any version.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::super::account::{AccountId, Arn, may_be_same};
use super::super::change_id::ChangeId;
use super::super::cluster_id::ClusterId;
use super::super::context::{Caller, Target};
use super::super::failure::{self, Failure};
use super::super::listing::{HORIZON, Unlisted};
use super::super::mark::{Marked, RequestNumber};
use super::super::outcome::Outcome;
use super::super::outcome_kind::OutcomeKind;
use super::super::request::SnapshotRequest;
use super::super::snapshot::Snapshot;
use super::super::snapshot_id::SnapshotId;
use super::super::tag::{Tag, TagSet};
use super::super::text::escape;
use super::super::wait::Wait;

/// What is about to be sent, by whom, where and when. On disk before anything leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The request's number, which the later lines repeat.
    pub number: String,
    /// When, by this machine's clock, which can have been off: [`Self::asked_at`] is what is told.
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
    pub tags: Vec<Tag>,
    /// The key of the tag that carries the number; absent if the request was sent without a mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<String>,
    /// The change that it belongs to, where it was asked for as a part of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<ChangeId>,
    /// The version of the program.
    #[serde(default)]
    pub version: String,
}

/// What became of a request, or of what was asked to be done to a snapshot: each has words of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeLine<Kind = OutcomeKind> {
    /// The request's number.
    pub number: String,
    /// When it was known, by this machine's clock.
    pub at: Timestamp,
    /// What became of it, in one word.
    pub outcome: Kind,
    /// The service's request id, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// What failed, or what happened to the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The snapshot that was created, found again, has the name, or may be this request's; or that it was done to, as
    /// it was seen last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotLine>,
    /// How many times the request was sent; only what certainly did not happen is sent again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// Of what is not known yet: the looks that did not find its snapshot, if the last did not. Counted to the third.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlisted: Option<Unlisted>,
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

impl Intent {
    /// The line for a request that is about to be sent.
    #[must_use]
    pub fn new(
        request: &SnapshotRequest,
        place: &Target,
        caller: Option<&Caller>,
        account: Option<&AccountId>,
        at: Timestamp,
        server_time: Option<Timestamp>,
    ) -> Self {
        // Who asked last may have been of an account that the credentials have left.
        let caller = caller.filter(|caller| may_be_same(Some(&caller.account), account));
        Self {
            number: request.number.to_string(),
            at,
            server_time,
            server_ahead_s: server_time.map(|server| server.as_second() - at.as_second()),
            caller: caller.map(|caller| caller.arn.clone()),
            account: account.cloned().or_else(|| Some(caller?.account.clone())),
            profile: place.profile.clone(),
            region: place.region.clone(),
            endpoint: place.url(),
            cluster: request.cluster.as_str().to_owned(),
            cluster_resource_id: request.cluster_resource_id.clone(),
            snapshot: request.snapshot.as_str().to_owned(),
            tags: request.tags.as_slice().to_vec(),
            mark: request.mark.clone(),
            change: request.change.clone(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// The request, or `None` if the line was changed by hand into one that could not be sent.
    pub(crate) fn request(&self) -> Option<SnapshotRequest> {
        Some(SnapshotRequest {
            number: RequestNumber::journalled(&self.number),
            cluster: ClusterId::parse(&self.cluster).ok()?,
            cluster_resource_id: self.cluster_resource_id.clone(),
            snapshot: SnapshotId::parse(&self.snapshot).ok()?,
            tags: TagSet::try_from(self.tags.clone()).ok()?,
            mark: self.mark.clone(),
            change: self.change.clone(),
        })
    }

    /// Whether the request went where requests go now: same Region, and the same account as far as both are
    /// known. By which URL the Region is reached says nothing: one endpoint has many spellings.
    #[must_use]
    pub fn is_of(&self, place: &Target, caller: Option<&Caller>) -> bool {
        may_be_same(self.account.as_ref(), caller.map(|caller| &caller.account))
            && self.region == place.region
    }

    /// Whether this is what became of a request that waited: it was sent then.
    pub(crate) fn carries_out(&self, wait: &Wait) -> bool {
        self.number == wait.request.number.as_str()
    }

    /// Whether another request went to the same place for the same name.
    pub(crate) fn competes_with(&self, other: &Self) -> bool {
        self.went_where(other) && self.snapshot == other.snapshot
    }

    /// Whether another request went to the same place for the same name, or for a snapshot of the same cluster.
    pub(crate) fn is_beside(&self, other: &Self) -> bool {
        self.went_where(other) && (self.snapshot == other.snapshot || self.cluster == other.cluster)
    }

    /// Whether another request may have gone to the same place.
    fn went_where(&self, other: &Self) -> bool {
        self.number != other.number
            && may_be_same(self.account.as_ref(), other.account.as_ref())
            && self.region == other.region
    }

    /// Whether a snapshot of the name is another than the one that the request made: by its mark, or if that says
    /// nothing, because it was begun when the request could no longer take effect, by clocks that may be off.
    pub(crate) fn is_not_of(&self, found: &Snapshot) -> bool {
        let marked = self.request().and_then(|request| request.marked(&found.tags));
        let begun = self.server_time.zip(found.created_at);
        let is_later = |(noted, created): (Timestamp, Timestamp)| created.duration_since(noted) > HORIZON;
        marked.map_or(begun.is_some_and(is_later), |marked| marked == Marked::AnotherRequest)
    }

    /// Whether a snapshot of the name took the place of the one that the request made: another one of its account, which
    /// was begun after the name was free for this request. An earlier one is an old list's.
    pub(crate) fn has_given_way_to(&self, found: &Snapshot) -> bool {
        let is_own = self.account.is_some() && self.account == found.account();
        is_own && self.is_not_of(found) && found.created_at.is_some_and(|begun| begun > self.asked_at())
    }

    /// That its snapshot has given way to another one, in a clause that is safe to show.
    pub(crate) fn replaced_words(&self) -> String {
        let Self { snapshot, number, .. } = self;
        escape(&format!(
            "the snapshot {snapshot} that request {number} made is gone, and another one has its name now"
        ))
    }

    /// When it was requested, by the server's clock where that is known.
    pub(crate) fn asked_at(&self) -> Timestamp {
        self.server_time.unwrap_or(self.at)
    }

    /// The later of what the two clocks say of that: for what must not be taken for older than it may be.
    pub(crate) fn at_the_latest(&self) -> Timestamp {
        self.asked_at().max(self.at)
    }

    /// How long ago it was sent at the least, by this machine's clock and by the server's.
    pub(crate) fn age(&self, now: Timestamp, server_now: Option<Timestamp>) -> SignedDuration {
        time_since((self.at, self.server_time), (now, server_now))
    }
}

/// How long ago something was sent at the least: the shorter of the spans by the server's clock, where its beginning
/// is known by that, and by this machine's. Either can be off, and what is too old to take effect is given up.
pub(in crate::domain) fn time_since(
    (sent, server_time): (Timestamp, Option<Timestamp>),
    (now, server_now): (Timestamp, Option<Timestamp>),
) -> SignedDuration {
    let here = now.duration_since(sent);
    let there = server_time.map(|then| server_now.unwrap_or(now).duration_since(then));
    there.map_or(here, |there| there.min(here)).max(SignedDuration::ZERO)
}

impl<Kind: Copy> OutcomeLine<Kind> {
    /// Takes the place of what was known, unless that is worth more. Who settles it later did not send it.
    pub(in crate::domain) fn follow(mut self, known: &mut Option<Self>, weight: fn(Kind) -> u8) {
        if let Some(earlier) = known {
            if weight(earlier.outcome) > weight(self.outcome) {
                return;
            }
            self.attempts = self.attempts.or(earlier.attempts);
        }
        *known = Some(self);
    }
}

impl OutcomeLine {
    /// The line for an outcome.
    #[must_use]
    pub fn new(number: &str, at: Timestamp, outcome: &Outcome, attempts: Option<u32>) -> Self {
        Self {
            number: number.to_owned(),
            at,
            outcome: outcome.kind(),
            request_id: outcome.request_id().map(failure::cut),
            failure: outcome.failure().map(Failure::kept),
            snapshot: outcome.seen().map(SnapshotLine::new),
            attempts,
            unlisted: None,
        }
    }

    /// The ARN of the snapshot that the request made, where the line has one.
    pub(crate) fn arn_of_own(&self) -> Option<Arn> {
        let is_own =
            matches!(self.outcome, OutcomeKind::Created | OutcomeKind::FoundAgain | OutcomeKind::Elsewhere);
        let snapshot = self.snapshot.as_ref().filter(|_| is_own)?;
        Arn::reported(snapshot.arn.as_deref())
    }

    /// Older versions said `not_created` also of what the service itself had refused: with its code.
    pub(crate) fn in_todays_words(mut self: Box<Self>) -> Box<Self> {
        let is_refusal = self.failure.as_ref().is_some_and(|failure| failure.code.is_some());
        if self.outcome == OutcomeKind::NotCreated && is_refusal {
            self.outcome = OutcomeKind::Refused;
        }
        self
    }

    /// Older versions said `found_again` also of a snapshot that carried no mark of the request: nothing proves that.
    pub(super) fn no_stronger_than_proved(mut self, intent: &Intent) -> Self {
        if self.outcome == OutcomeKind::FoundAgain && intent.mark.is_none() {
            self.outcome = OutcomeKind::Unproven;
        }
        self
    }
}

impl SnapshotLine {
    /// The snapshot as it was seen.
    pub(crate) fn new(snapshot: &Snapshot) -> Self {
        Self {
            arn: snapshot.arn.clone(),
            cluster: snapshot.cluster.as_ref().map(|cluster| cluster.as_str().to_owned()),
            created_at: snapshot.created_at,
            status: failure::cut(snapshot.status.as_str()),
        }
    }
}
