//! What is done to a snapshot that is there: it is deleted, or its tags are changed; and what became of that.
//!
//! The journal keeps both as lines of their own kinds, which older versions skip. A snapshot is known by its ARN
//! and its create time, both the service's: another one under the name has another time. Text in them comes from
//! outside and is not yet safe to show.

mod outcome;

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::account::{AccountId, Arn, may_be_same};
use super::context::{Caller, Target};
use super::failure::Failure;
use super::listing::Unlisted;
use super::policy::Policy;
use super::record::{self, Fact, Value};
use super::snapshot::Snapshot;
use super::tag::Tag;

pub use outcome::{Altered, AlteredKind, AlteredLine};

/// What is done to a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "does", rename_all = "snake_case")]
pub enum Deed {
    /// It is deleted.
    Delete,
    /// Its tags are changed.
    Tag {
        /// The tags that it gets, in place of those of the same keys.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        add: Vec<Tag>,
        /// The keys of the tags that it loses.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<String>,
    },
    /// A word of a newer version of the program.
    #[serde(other)]
    Other,
}

impl Deed {
    /// Whether tags are as this deed leaves them; never of a deletion.
    #[must_use]
    pub fn is_done_to(&self, tags: &[Tag]) -> bool {
        match self {
            Self::Tag { add, remove } => {
                add.iter().all(|tag| tags.contains(tag))
                    && remove.iter().all(|key| tags.iter().all(|tag| tag.key != *key))
            }
            Self::Delete | Self::Other => false,
        }
    }

    /// What is done, in a few words.
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Delete => "delete".to_owned(),
            Self::Tag { add, remove } => {
                let add = add.iter().map(|tag| format!("{}={}", tag.key, tag.value));
                let remove = remove.iter().map(|key| format!("-{key}"));
                format!("tag {}", add.chain(remove).collect::<Vec<_>>().join(" "))
            }
            Self::Other => "see the journal".to_owned(),
        }
    }
}

/// One confirmed alteration of one snapshot: on disk before anything leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alteration {
    /// Its number, which the later lines repeat.
    pub number: String,
    /// When, by this machine's clock, which can have been off: [`Self::asked_at`] is what is told.
    pub at: Timestamp,
    /// The server's clock (its `Date` header, whole seconds) when it showed the snapshot right before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_time: Option<Timestamp>,
    /// The caller's ARN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// The profile, where one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// The Region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The URL that the request goes to.
    pub endpoint: String,
    /// The snapshot's identifier.
    pub snapshot: String,
    /// The snapshot's ARN, which names its account.
    pub arn: String,
    /// When the snapshot was begun, by the server's clock.
    pub created_at: Timestamp,
    /// The cluster that it is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cluster: Option<String>,
    /// The mark that it carries, if it carries one: the tag by which its request is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mark: Option<Tag>,
    /// What is done to it.
    #[serde(flatten)]
    pub deed: Deed,
    /// What stood before it and was said by name ([`super::removal::Guard::word`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub despite: Vec<String>,
    /// The version of the program.
    #[serde(default)]
    pub version: String,
    /// Whether it is looked at again right before whether it is the last usable one; not written down.
    #[serde(skip)]
    pub leaves_few: bool,
}

/// What the plan said of an alteration that was confirmed by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlterationTerms {
    /// What stood before it and was said by name, each in a word ([`super::removal::Guard::word`]).
    pub despite: Vec<String>,
    /// Whether it deletes a usable snapshot of a cluster that few would remain of.
    pub leaves_few: bool,
}

impl Alteration {
    /// An alteration of a snapshot as it was shown; `None` if AWS does not say its ARN or its create time, so that
    /// nothing tells it from another one of its name.
    #[must_use]
    pub fn of(
        snapshot: &Snapshot,
        deed: Deed,
        number: String,
        at: Timestamp,
        policy: &Policy,
    ) -> Option<Self> {
        Some(Self {
            number,
            at,
            server_time: None,
            caller: None,
            profile: None,
            region: None,
            endpoint: String::new(),
            snapshot: snapshot.id.clone(),
            arn: snapshot.arn.clone()?,
            created_at: snapshot.created_at?,
            cluster: snapshot.cluster.as_ref().map(ToString::to_string),
            mark: snapshot.tags.iter().find(|tag| policy.mark_key.is_marks(&tag.key)).cloned(),
            deed,
            despite: Vec::new(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            leaves_few: false,
        })
    }

    /// The same by the terms on which it was confirmed.
    #[must_use]
    pub fn on(self, terms: AlterationTerms) -> Self {
        Self { despite: terms.despite, leaves_few: terms.leaves_few, ..self }
    }

    /// The same with who asks and where it goes.
    #[must_use]
    pub fn asked_by(self, caller: Option<&Caller>, place: &Target) -> Self {
        let account = self.account();
        // Who asked last may have been of an account that the credentials have left.
        let caller = caller.filter(|caller| may_be_same(Some(&caller.account), account.as_ref()));
        Self {
            caller: caller.map(|caller| caller.arn.clone()),
            profile: place.profile.clone(),
            region: place.region.clone(),
            endpoint: place.url(),
            ..self
        }
    }

    /// The account that the ARN names.
    pub(crate) fn account(&self) -> Option<AccountId> {
        Arn::reported(Some(&self.arn))?.account
    }

    /// Whether it went where requests go now: same Region, and the same account as far as both are known.
    pub(crate) fn is_of(&self, place: &Target, caller: Option<&Caller>) -> bool {
        may_be_same(self.account().as_ref(), caller.map(|caller| &caller.account))
            && self.region == place.region
    }

    /// When it was asked, by the server's clock where that is known.
    pub(crate) fn asked_at(&self) -> Timestamp {
        self.server_time.unwrap_or(self.at)
    }

    /// The same, with the clock that tells it.
    pub(crate) fn requested(&self) -> Value {
        Value::noted(self.server_time, self.at)
    }

    /// The later of what the two clocks say of that: for what must not be taken for older than it may be.
    pub(crate) fn at_the_latest(&self) -> Timestamp {
        self.asked_at().max(self.at)
    }

    /// How long ago it was sent at the least, by this machine's clock and by the server's.
    pub(crate) fn age(&self, now: Timestamp, server_now: Option<Timestamp>) -> SignedDuration {
        record::time_since((self.at, self.server_time), (now, server_now))
    }
}

/// An alteration, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlterationRecord {
    /// What was asked.
    pub asked: Alteration,
    /// What became of it; `None` if the program was ended before it knew.
    pub outcome: Option<AlteredLine>,
}

impl AlterationRecord {
    /// What became of it, in one word.
    #[must_use]
    pub fn kind(&self) -> AlteredKind {
        self.outcome.as_ref().map_or(AlteredKind::Unknown, |line| line.outcome)
    }

    /// Whether it has to be looked up: it is not known what became of it.
    pub(crate) fn is_open(&self) -> bool {
        self.kind() == AlteredKind::Unknown
    }

    /// Whether it is a deletion of which it is not known what became.
    pub(crate) fn is_open_deletion(&self) -> bool {
        self.asked.deed == Deed::Delete && self.is_open()
    }

    /// Whether it is a deletion, and carried out or under way.
    pub(crate) fn has_deleted(&self) -> bool {
        self.asked.deed == Deed::Delete && matches!(self.kind(), AlteredKind::Deleting | AlteredKind::Gone)
    }

    /// Whether it was done to this very snapshot: another one of the name was begun at another time.
    pub(crate) fn is_of_snapshot(&self, snapshot: &Snapshot) -> bool {
        snapshot.arn.as_ref() == Some(&self.asked.arn) && snapshot.created_at == Some(self.asked.created_at)
    }

    /// Whether it is a deletion that left, and that no clear answer of the service came to: until it is too old for
    /// that, it may still take effect on whatever has the name then.
    #[must_use]
    pub fn may_still_delete(&self) -> bool {
        let is_answered = self.outcome.as_ref().is_some_and(|line| {
            line.attempts == Some(0) || line.failure.as_ref().is_none_or(Failure::is_by_the_service)
        });
        self.asked.deed == Deed::Delete && !is_answered
    }

    /// What failed, or what happened to the answer.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.outcome.as_ref()?.failure.as_ref()
    }

    /// Why it is not known what became of it.
    pub(crate) fn cause(&self) -> Failure {
        self.failure().cloned().unwrap_or_else(Failure::unwritten)
    }

    /// How often it was sent, as far as the journal says.
    pub(crate) fn sent(&self) -> Option<u32> {
        self.outcome.as_ref()?.attempts
    }

    /// The looks that did not find its snapshot, if it is open and the last did not.
    #[must_use]
    pub fn unlisted(&self) -> Option<Unlisted> {
        self.outcome.as_ref().filter(|_| self.is_open())?.unlisted
    }

    /// What became of it, as it is told of one that was just done.
    pub(crate) fn told(&self) -> Altered {
        let line = self.outcome.as_ref();
        Altered {
            failure: self.failure().cloned(),
            request_id: line.and_then(|line| line.request_id.clone()),
            sent: self.sent().unwrap_or(1),
            ..Altered::new(self.kind())
        }
    }

    /// What became of it, for a column: with what was to be done, so that it is not taken for the end of a snapshot that
    /// was requested.
    pub(crate) fn result(&self) -> Cow<'static, str> {
        let short = self.kind().short();
        let deed = match (self.kind(), &self.asked.deed) {
            (AlteredKind::Tagged | AlteredKind::Another | AlteredKind::Other, _) | (_, Deed::Other) => {
                return short.into();
            }
            (_, Deed::Delete) => "deletion",
            (_, Deed::Tag { .. }) => "tags",
        };
        let colon = match self.kind() {
            AlteredKind::NotDone | AlteredKind::Refused | AlteredKind::Unknown => "",
            _ => ":",
        };
        format!("{deed}{colon} {short}").into()
    }

    /// All that is known of it: what became of it, then the rest in the order that it happened.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let Self { asked, outcome } = self;
        let text = |name, value: &str| Some((name, Value::Text(value.to_owned())));
        let known = |name, value| Some((name, Value::known(value)));
        let account = asked.account().map(|account| account.to_string());
        let region = asked.region.as_deref().unwrap_or("not known");
        let despite = asked.despite.join(", ");
        let id = outcome.as_ref().and_then(|line| line.request_id.as_deref());
        let sent = self.sent().map(|sent| match sent {
            0 => "never".to_owned(),
            1 => "once".to_owned(),
            _ => format!("{sent} times"),
        });
        let facts = [
            text("Snapshot", &asked.snapshot),
            text("To do", &asked.deed.words()),
            text("Outcome", self.sentence()),
            self.unlisted().map(|looks| ("Unlisted since", Value::noted(looks.server_since, looks.since))),
            self.failure().and_then(|failure| text("Cause", &failure.to_string())),
            known("Cluster", asked.cluster.as_deref()),
            Some(("Requested", asked.requested())),
            known("Requested by", asked.caller.as_deref()),
            known("Account", account.as_deref()),
            text("Region", &format!("{region}   {}", asked.endpoint)),
            asked.profile.as_ref().and_then(|profile| text("Profile", profile)),
            text("Despite", &despite).filter(|_| !despite.is_empty()),
            outcome.as_ref().map(|line| ("Outcome known", Value::HereAt(line.at))),
            id.and_then(|id| text("AWS request id", id)),
            sent.and_then(|sent| text("Sent", &sent)),
            text("ARN", &asked.arn),
            Some(("Created", Value::At(asked.created_at))),
            text("Request number", &asked.number),
        ];
        facts.into_iter().flatten().collect()
    }

    /// All that is known of it, as text for a change ticket: safe to show, times in UTC.
    pub(crate) fn ticket(&self) -> String {
        record::ticket("Change of a DB cluster snapshot", &self.asked.version, self.facts())
    }

    /// What became of it, in a sentence.
    pub(crate) fn sentence(&self) -> &'static str {
        self.kind().sentence(&self.asked.deed, self.sent() == Some(0))
    }

    /// Takes what a look found that left it open: the next one counts on.
    pub(crate) fn stays_open(&mut self, altered: &Altered) {
        let at = self.outcome.as_ref().map_or(self.asked.at, |line| line.at);
        self.became(AlteredLine::altered(&self.asked.number, at, altered, self.sent()));
    }

    /// Takes what became of it, unless something worth more is known.
    pub(crate) fn became(&mut self, line: AlteredLine) {
        line.follow(&mut self.outcome, AlteredKind::weight);
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
