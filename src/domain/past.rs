//! Requests of the past, as people look them up: what was asked, by whom, when, and what became of it.
//!
//! The journal keeps them; the screen, the commands and the clipboard tell of them in the words of this
//! file. Text in them comes from outside and is not yet safe to show, but for [`PastRequest::ticket`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ending::{Begun, Ending, Took};
use super::failure::Failure;
use super::mark::Proof;
use super::tag::Tag;
use super::text::escape;

/// What became of a request, in one word. See [`super::outcome::Outcome`] for what each means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// The service said that it creates the snapshot.
    Created,
    /// The answer was lost, and the snapshot found again.
    FoundAgain,
    /// Nothing left this machine.
    NotCreated,
    /// The service itself refused the request.
    Refused,
    /// The service answered with a snapshot of another account or Region.
    Elsewhere,
    /// The name belongs to a snapshot that the request did not make.
    Taken,
    /// It may still appear.
    Unknown,
    /// No snapshot is listed that the request can have made, and none can appear any more.
    NotListed,
    /// A snapshot of the name is there, and nothing proves whose it is.
    Unproven,
    /// A word of a newer version of the program.
    #[serde(other)]
    Other,
}

impl Word {
    /// What became of the request, for a column.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::FoundAgain => "found again",
            Self::NotCreated => "not created",
            Self::Refused => "refused",
            Self::Elsewhere => "made elsewhere",
            Self::Taken => "name taken",
            Self::Unknown => "not known yet",
            Self::NotListed => "not there",
            Self::Unproven => "cannot be told",
            Self::Other => "see the journal",
        }
    }

    /// What became of the request, in a sentence.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Created => "AWS answered that it creates the snapshot.",
            Self::FoundAgain => "Created: no clear answer came, and the snapshot was found again.",
            Self::NotCreated => "Not created: nothing was sent.",
            Self::Refused => "AWS refused the request.",
            Self::Elsewhere => {
                "AWS answered with a snapshot of another account or Region than was confirmed."
            }
            Self::Taken => "Not created: the name belongs to a snapshot that this request did not make.",
            Self::Unknown => "Not known yet: it may have been carried out. Every start looks it up again.",
            Self::NotListed => {
                "AWS lists no snapshot of this name, and the request is too old to take effect any more."
            }
            Self::Unproven => {
                "A snapshot of the name is there, and nothing proves whether this request made it."
            }
            Self::Other => "A newer version of clustersnap wrote what this one cannot read.",
        }
    }
}

/// One request of the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastRequest {
    /// The request's number in the journal.
    pub number: String,
    /// When it was asked, by this machine's clock.
    pub at: Timestamp,
    /// How far the server's clock was ahead of this machine's, in seconds.
    pub server_ahead_s: Option<i64>,
    /// The server's clock (its `Date` header) just before the request left.
    pub asked_at: Option<Timestamp>,
    /// The caller's ARN.
    pub caller: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The profile, where one was named.
    pub profile: Option<String>,
    /// The Region.
    pub region: Option<String>,
    /// The URL that it went to.
    pub endpoint: String,
    /// The key of the tag that carries the number; `None` if it was sent without a mark.
    pub mark: Option<String>,
    /// The DB cluster.
    pub cluster: String,
    /// The DB cluster snapshot identifier.
    pub snapshot: String,
    /// The tags that were given.
    pub tags: Vec<Tag>,
    /// What became of it.
    pub word: Word,
    /// When that was known; `None` if it never was.
    pub known_at: Option<Timestamp>,
    /// The service's request id.
    pub request_id: Option<String>,
    /// Why it failed, or what happened to the answer.
    pub failure: Option<Failure>,
    /// The ARN of the snapshot that it made, or that has the name.
    pub arn: Option<String>,
    /// When that snapshot was begun, by the server's clock.
    pub begun_at: Option<Timestamp>,
    /// How many times it was sent.
    pub attempts: Option<u32>,
    /// How the snapshot was seen to end.
    pub ended: Option<Ending>,
    /// The version of clustersnap that asked.
    pub version: String,
}

/// A part of what is known of a request: its name and its value.
pub type Fact = (&'static str, Value);

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A moment; who shows it knows the time zone.
    At(Timestamp),
}

impl Value {
    /// The value for a text that is copied: a moment in UTC.
    #[must_use]
    pub fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::At(at) => format!("{at:.0}"),
        }
    }
}

impl PastRequest {
    /// What became of it, for a column: how the snapshot ended, where there is one that did.
    #[must_use]
    pub fn fate(&self) -> &str {
        match &self.ended {
            Some(ending) => &ending.status,
            // AWS's yes is only the beginning, and no end was seen.
            None if self.word == Word::Created => "begun",
            None => self.word.short(),
        }
    }

    /// When the making of the snapshot began, by the clocks that know it.
    #[must_use]
    pub fn begun(&self) -> Begun {
        Begun { created_at: self.begun_at, asked_at: self.asked_at }
    }

    /// How long it took, as far as that can be told; `None` if it was not seen to end, or is gone.
    #[must_use]
    pub fn took(&self) -> Option<Took> {
        self.ended.as_ref()?.took(self.begun())
    }

    /// What proves that the snapshot is this request's; `None` if it is not known to have made one.
    #[must_use]
    pub fn proof(&self) -> Option<Proof> {
        match self.word {
            Word::Created => Some(Proof::Answer),
            Word::FoundAgain => Some(self.mark.clone().map_or(Proof::Nothing, Proof::Tag)),
            _ => None,
        }
    }

    /// All that is known of it but for its tags, in the order that it happened.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let text = |name, value: &str| Some((name, Value::Text(value.to_owned())));
        let known =
            |name, value: Option<&String>| (name, Value::Text(value.map_or("not known", |v| v).into()));
        let at = |name, at: Option<Timestamp>| at.map(|at| (name, Value::At(at)));
        let region = self.region.as_deref().unwrap_or("not known");
        let sent = self.attempts.map(|attempts| match attempts {
            0 => "never".to_owned(),
            1 => "once".to_owned(),
            _ => format!("{attempts} times; none before the last was carried out"),
        });
        let clocks = self.server_ahead_s.filter(|ahead| *ahead != 0);
        let facts = [
            text("Snapshot", &self.snapshot),
            text("Cluster", &self.cluster),
            at("Asked", Some(self.at)),
            Some(known("Asked by", self.caller.as_ref())),
            Some(known("Account", self.account.as_ref())),
            text("Region", &format!("{region}   {}", self.endpoint)),
            self.profile.as_ref().and_then(|profile| text("Profile", profile)),
            text("Outcome", self.word.sentence()),
            self.proof().and_then(|proof| text("Proved by", &proof.words())),
            self.failure.as_ref().and_then(|failure| text("Cause", &failure.to_string())),
            at("Outcome known", self.known_at),
            self.request_id.as_ref().and_then(|id| text("AWS request id", id)),
            sent.and_then(|sent| text("Sent", &sent)),
            self.arn.as_ref().and_then(|arn| text("ARN", arn)),
            at("Created", self.begun_at),
            self.ended.as_ref().and_then(|ending| text("Ended", &ending.status)),
            at("Finished", self.ended.as_ref().and_then(|ending| ending.finished_at)),
            at("End seen", self.ended.as_ref().map(|ending| ending.seen_at)),
            self.took().and_then(|took| text("Duration", &took.words())),
            clocks.and_then(|ahead| text("AWS's clock", &told_clock(ahead))),
            text("Journal number", &self.number),
        ];
        facts.into_iter().flatten().collect()
    }

    /// All that is known of it, as text for a change ticket: safe to show, times in UTC.
    #[must_use]
    pub fn ticket(&self) -> String {
        let tags: Vec<String> = self.tags.iter().map(|tag| format!("{}={}", tag.key, tag.value)).collect();
        let tags = if tags.is_empty() { "none given".to_owned() } else { tags.join(", ") };
        let line = |(name, value): Fact| format!("{:<16}{}", format!("{name}:"), escape(&value.into_text()));
        let facts = self.facts().into_iter().chain([("Tags", Value::Text(tags))]);
        let lines: Vec<String> = facts.map(line).collect();
        format!("DB cluster snapshot request (clustersnap {})\n{}\n", escape(&self.version), lines.join("\n"))
    }
}

fn told_clock(ahead_s: i64) -> String {
    let direction = if ahead_s > 0 { "ahead of" } else { "behind" };
    format!("{} s {direction} this machine's", ahead_s.unsigned_abs())
}

/// Where a request stands in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(pub u64);

/// Requests of the past: the newest ones, or the newest before a position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// The requests, the newest first.
    pub requests: Vec<PastRequest>,
    /// Before which position older ones go on; `None` if there are none.
    pub older: Option<Position>,
    /// How many requests there are in all.
    pub total: usize,
    /// How many lines of the journal could not be read; they stay in it.
    pub unreadable: usize,
}
