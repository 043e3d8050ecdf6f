//! The decision tables: what an answer means, and whose a found snapshot is. Pure functions.

use jiff::{SignedDuration, Timestamp};

use super::service::Accepted;
use crate::domain::failure::{Effect, Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::domain::tag::{Tag, TagSet};
use crate::journal::{Intent, Record, Word};

/// How long after its look-up a request can still take effect and be listed for the first time.
///
/// AWS refuses a signed request whose date is more than five minutes from its clock ("Signature Version
/// 4", IAM user guide), so even one that is stuck on the way for long, signed by a clock five minutes ahead,
/// is dead after ten. A minute of lag of the lists and two for retries come on top, and a margin.
pub const HORIZON: SignedDuration = SignedDuration::from_mins(15);

/// How far the clocks within the service may disagree: its `Date` header and a snapshot's create time
/// come from different machines.
const SERVER_DISAGREEMENT: SignedDuration = SignedDuration::from_secs(5);

/// For how long after a create the lists may not show all of it.
pub(super) const LIST_LAG: SignedDuration = SignedDuration::from_mins(1);

/// What follows from an answer to a create.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// It is being created.
    Created(Box<Accepted>),
    /// It certainly did not happen, and may be tried again.
    Retry(Failure),
    /// It did not happen, and will not; nor did a copy of it ([`is_of_the_moment`]).
    Refused(Failure),
    /// It did not happen, for what was so at that moment. If something on the way sent a copy of it a moment
    /// before, that copy may have.
    RefusedNow(Failure),
    /// It did not happen, for the service says that the name was taken before it came.
    Taken(Failure),
    /// It may have happened: the name has to be looked up, and the request never sent again.
    Unclear(Failure),
}

/// Reads an answer to a create.
///
/// That the name is taken is taken for news of someone else's snapshot at the first attempt: two programs that
/// ask at once are likelier than a proxy that sends a request twice. Later it is not: it would be the answer,
/// too, if an earlier attempt had taken effect against all that it said.
#[must_use]
pub fn next(request: &SnapshotRequest, attempt: u32, answer: Result<Accepted, Failure>) -> Next {
    match answer {
        Ok(accepted) => match contradiction(request, &accepted.snapshot) {
            None => Next::Created(Box::new(accepted)),
            Some(message) => Next::Unclear(Failure {
                kind: FailureKind::UnreadableAnswer,
                effect: Effect::Possible,
                code: None,
                message,
                request_id: accepted.request_id,
            }),
        },
        Err(failure) => match (failure.effect, failure.kind) {
            (Effect::None, FailureKind::NoConnection | FailureKind::Throttled) => Next::Retry(failure),
            (Effect::None, FailureKind::SnapshotExists) if attempt == 1 => Next::Taken(failure),
            (Effect::Possible, _) | (_, FailureKind::SnapshotExists) => Next::Unclear(failure),
            (Effect::None, _) if is_of_the_moment(&failure) => Next::RefusedNow(failure),
            (Effect::None, _) => Next::Refused(failure),
        },
    }
}

/// Whether a refusal says nothing about a copy of the request that came a moment before it.
#[must_use]
pub fn is_of_the_moment(refusal: &Failure) -> bool {
    refusal.is_of_the_moment()
}

/// How an answer of success contradicts the request: then it is no answer to it.
fn contradiction(request: &SnapshotRequest, answered: &Snapshot) -> Option<String> {
    if !answered.id.eq_ignore_ascii_case(request.snapshot.as_str()) {
        return Some(format!("the answer is about another snapshot, {}", answered.id));
    }
    let cluster = answered.cluster.as_ref()?;
    (*cluster != request.cluster).then(|| format!("the answer is about another cluster, {cluster}"))
}

/// What an answer left open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Open {
    /// Whether the request took effect: no clear answer came.
    Effect,
    /// Whether a copy of it did: this one was refused.
    Copy,
    /// Whose the name is: an attempt was refused before, and then the name was taken.
    Name,
}

/// What an answer that was journalled, or that ends the sending, left open.
#[must_use]
pub fn left_open(answer: &Failure) -> Open {
    match (answer.kind, answer.effect) {
        (FailureKind::SnapshotExists, Effect::None) => Open::Name,
        _ if is_of_the_moment(answer) => Open::Copy,
        _ => Open::Effect,
    }
}

/// What a look at the name showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sight {
    /// No snapshot of the name, when the lists had had the time to show one ([`LIST_LAG`]).
    Absent,
    /// A snapshot, and whose it seems to be.
    Found(Verdict, Box<Snapshot>),
}

/// What is certain after a look at the name; `None` if it is still open.
///
/// After a refusal an equal snapshot proves nothing: that a proxy sent the request twice is no likelier than
/// that somebody else asked for the same at that moment.
#[must_use]
pub fn certain(open: Open, answer: &Failure, sight: Sight) -> Option<Outcome> {
    let failure = answer.clone();
    Some(match (open, sight) {
        (_, Sight::Found(Verdict::CannotTell, _)) | (Open::Effect | Open::Name, Sight::Absent) => {
            return None;
        }
        (Open::Effect, Sight::Found(Verdict::Ours, snapshot)) => {
            Outcome::FoundAgain { snapshot, lost: failure }
        }
        (Open::Copy | Open::Name, Sight::Found(Verdict::Ours, snapshot)) => {
            Outcome::Unproven { snapshot, cause: failure }
        }
        (Open::Effect | Open::Name, Sight::Found(Verdict::NotOurs, by)) => {
            Outcome::Taken { by: Some(by), failure: Some(failure) }
        }
        (Open::Copy, Sight::Absent | Sight::Found(Verdict::NotOurs, _)) => Outcome::NotCreated(failure),
    })
}

/// Whose a snapshot is that was found under the name after an unclear answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This request's: it was not there before, and all that can be compared agrees.
    Ours,
    /// Certainly not this request's.
    NotOurs,
    /// Nothing decides it.
    CannotTell,
}

impl Verdict {
    /// Certainly not, if either says so; ours, only if both do.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotOurs, _) | (_, Self::NotOurs) => Self::NotOurs,
            (Self::Ours, Self::Ours) => Self::Ours,
            _ => Self::CannotTell,
        }
    }
}

/// When things were, by the server's clock; this machine's decides nothing, as it may be hours off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// When the name was free.
    pub noted: Option<Timestamp>,
    /// When the snapshot was found.
    pub seen: Option<Timestamp>,
}

/// Decides whose a snapshot is that was found under the name.
#[must_use]
pub fn verdict(request: &SnapshotRequest, times: Times, found: &Snapshot) -> Verdict {
    by_name(request, found)
        .and(by_kind(&found.kind))
        .and(by_cluster(request, found))
        .and(by_time(times.noted, found.created_at))
        .and(by_tags(&request.tags, &found.tags, age(times.seen, found)))
}

/// The same for a journalled request; one that was changed by hand decides nothing.
#[must_use]
pub fn verdict_on(intent: &Intent, seen: Option<Timestamp>, found: &Snapshot) -> Verdict {
    let times = Times { noted: intent.server_time, seen };
    let request = intent.request();
    let verdict = request.map_or(Verdict::CannotTell, |request| verdict(&request, times, found));
    if is_of_another_account(intent, found) { Verdict::CannotTell } else { verdict }
}

/// Whether a look-up was answered from another account than the request went to, as after a new login: what
/// it shows says nothing.
fn is_of_another_account(intent: &Intent, found: &Snapshot) -> bool {
    // arn:aws:rds:REGION:ACCOUNT:cluster-snapshot:NAME
    let account = found.arn.as_deref().and_then(|arn| arn.split(':').nth(4)).filter(|part| !part.is_empty());
    intent.account.as_ref().zip(account).is_some_and(|(asked, found)| asked.as_str() != found)
}

/// Whether the snapshot was begun when the request could no longer take effect. Then it says that the name
/// was free again by that time, and nothing about what the request did before.
#[must_use]
pub fn is_of_later(intent: &Intent, found: &Snapshot) -> bool {
    let begun = intent.server_time.zip(found.created_at);
    begun.is_some_and(|(noted, created)| created.duration_since(noted) > HORIZON)
}

/// How old the snapshot was when it was found.
fn age(seen: Option<Timestamp>, found: &Snapshot) -> Option<SignedDuration> {
    Some(seen?.duration_since(found.created_at?))
}

/// A look-up that answers with another name than was asked for says nothing about this one.
fn by_name(request: &SnapshotRequest, found: &Snapshot) -> Verdict {
    if found.id.eq_ignore_ascii_case(request.snapshot.as_str()) { Verdict::Ours } else { Verdict::CannotTell }
}

fn by_kind(kind: &SnapshotKind) -> Verdict {
    match kind {
        SnapshotKind::Manual => Verdict::Ours,
        SnapshotKind::Automated | SnapshotKind::AwsBackup | SnapshotKind::Shared | SnapshotKind::Public => {
            Verdict::NotOurs
        }
        SnapshotKind::Other(_) => Verdict::CannotTell,
    }
}

/// The resource id tells a cluster from a later one of its name, and stays when it is renamed.
fn by_cluster(request: &SnapshotRequest, found: &Snapshot) -> Verdict {
    let same = match (&request.cluster_resource_id, &found.cluster_resource_id, &found.cluster) {
        (Some(asked), Some(found), _) => asked == found,
        (_, _, Some(found)) => *found == request.cluster,
        (_, _, None) => return Verdict::CannotTell,
    };
    if same { Verdict::Ours } else { Verdict::NotOurs }
}

fn by_time(noted: Option<Timestamp>, created: Option<Timestamp>) -> Verdict {
    let (Some(noted), Some(created)) = (noted, created) else {
        return Verdict::CannotTell;
    };
    let after = created.duration_since(noted);
    if after < -SERVER_DISAGREEMENT || after > HORIZON {
        Verdict::NotOurs
    } else if after.is_negative() {
        Verdict::CannotTell
    } else {
        Verdict::Ours
    }
}

/// The tags of a create are there from the first. Without any, the cluster's copy-tags setting decides.
///
/// More tags than ours may come from a tool that tags what is new, or from someone else's request. A set
/// with nothing of ours, or with another value for one of our keys, was made by another request; so was
/// none at all, once the lists had their time to catch up. But that holds only of a new snapshot: later,
/// people change tags.
fn by_tags(asked: &TagSet, found: &[Tag], age: Option<SignedDuration>) -> Verdict {
    let asked_tags = asked.as_slice();
    if asked_tags.is_empty() || asked.is_carried_by(found) {
        return Verdict::Ours;
    }
    let Some(age) = age.filter(|age| *age < HORIZON) else {
        return Verdict::CannotTell;
    };
    let contradicts = |tag: &Tag| asked_tags.iter().any(|own| own.key == tag.key && own.value != tag.value);
    let has_ours = found.iter().any(|tag| asked_tags.contains(tag));
    let has_others = found.iter().any(|tag| !tag.is_reserved());
    let foreign = found.iter().any(contradicts) || (!has_ours && (has_others || age > LIST_LAG));
    if foreign { Verdict::NotOurs } else { Verdict::CannotTell }
}

/// What other requests of the same journal for the same name have to say about a snapshot that looks
/// like this one's. Two programs on one machine can send the same request in the same second: no
/// property of the snapshot tells then whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rivalry {
    /// No other request can have made it.
    None,
    /// Another request can have made it.
    Possible,
    /// The service answered another request that it made it.
    Claimed,
}

/// Reads the records of the other requests for the same name.
#[must_use]
pub fn rivalry(others: &[Record], seen: Option<Timestamp>, found: &Snapshot) -> Rivalry {
    let rivals = others.iter().filter(|other| verdict_on(&other.intent, seen, found) != Verdict::NotOurs);
    rivals
        .map(|rival| match rival.word() {
            Word::Created | Word::FoundAgain => Rivalry::Claimed,
            Word::NotCreated | Word::Refused | Word::Taken | Word::Elsewhere => Rivalry::None,
            Word::Unknown | Word::NotListed | Word::Unproven | Word::Other => Rivalry::Possible,
        })
        .max_by_key(|rivalry| match rivalry {
            Rivalry::None => 0,
            Rivalry::Possible => 1,
            Rivalry::Claimed => 2,
        })
        .unwrap_or(Rivalry::None)
}

/// A verdict in the light of other requests of the same journal.
#[must_use]
pub fn considering(verdict: Verdict, rivalry: Rivalry) -> Verdict {
    match (verdict, rivalry) {
        (Verdict::Ours, Rivalry::Claimed) => Verdict::NotOurs,
        (Verdict::Ours, Rivalry::Possible) => Verdict::CannotTell,
        (verdict, _) => verdict,
    }
}

#[cfg(test)]
#[path = "decide_tests.rs"]
mod tests;
