//! All that is known of a request of the past, for the screen, the commands and the clipboard.

use jiff::{Timestamp, Zoned};

use super::super::account::AccountId;
use super::super::age::told_at;
use super::super::text::escape;
use super::{Intent, Record};

/// A part of what is known of a request: its name and its value.
pub type Fact = (&'static str, Value);

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A moment by the service's clock; who shows it knows the time zone.
    At(Timestamp),
    /// A moment by this machine's clock as it was then, which can have been off.
    HereAt(Timestamp),
}

/// What is said behind a moment of which no more is known.
pub const HERE: &str = "by this machine's clock";

impl Value {
    /// A text, or that it is not known.
    pub(crate) fn known(text: Option<&str>) -> Self {
        Self::Text(text.unwrap_or("not known").to_owned())
    }

    /// A moment that was noted by this machine's clock, by the server's where that is known.
    pub(crate) fn noted(server_time: Option<Timestamp>, at: Timestamp) -> Self {
        server_time.map_or(Self::HereAt(at), Self::At)
    }

    /// The value for a text that is copied: a moment in UTC.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::At(at) => format!("{at:.0}"),
            Self::HereAt(at) => format!("{at:.0} {HERE}"),
        }
    }

    /// The value for a person who reads it now.
    pub(crate) fn told(self, now: &Zoned) -> String {
        match self {
            Self::Text(text) => text,
            Self::At(at) => told_at(at, now),
            Self::HereAt(at) => format!("{} {HERE}", told_at(at, now)),
        }
    }
}

impl Intent {
    /// When it was requested, by the clock that tells it.
    pub(crate) fn requested(&self) -> Value {
        Value::noted(self.server_time, self.at)
    }
}

impl Record {
    /// All that is known of it but for its tags: what became of it, then the rest in the order that it happened.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        let Self { intent, outcome, ended } = self;
        let text = |name, value: &str| Some((name, Value::Text(value.to_owned())));
        let known = |name, value| Some((name, Value::known(value)));
        let at = |name, at: Option<Timestamp>| at.map(|at| (name, Value::At(at)));
        let here = |name, at: Option<Timestamp>| at.map(|at| (name, Value::HereAt(at)));
        let seen_at = ended.as_ref().map(|ending| Value::noted(ending.server_time, ending.seen_at));
        let region = intent.region.as_deref().unwrap_or("not known");
        let sent = outcome.as_ref().and_then(|line| line.attempts).map(|attempts| match attempts {
            0 => "never".to_owned(),
            1 => "once".to_owned(),
            _ => format!("{attempts} times; none before the last was carried out"),
        });
        let clocks = intent.server_ahead_s.filter(|ahead| *ahead != 0);
        let facts = [
            text("Snapshot", &intent.snapshot),
            text("Outcome", self.kind().sentence()),
            self.proof().and_then(|proof| text("Proved by", &proof.words())),
            self.failure_in_words().and_then(|words| text("Cause", &words)),
            ended.as_ref().and_then(|ending| text("Ended", &ending.status)),
            ended.as_ref().and_then(|ending| text("AWS says", ending.why.as_deref()?)),
            here("Found gone", ended.as_ref().and_then(|ending| ending.gone_at)),
            text("Cluster", &intent.cluster),
            Some(("Requested", intent.requested())),
            known("Requested by", intent.caller.as_deref()),
            known("Account", intent.account.as_ref().map(AccountId::as_str)),
            text("Region", &format!("{region}   {}", intent.endpoint)),
            intent.profile.as_ref().and_then(|profile| text("Profile", profile)),
            here("Outcome known", outcome.as_ref().map(|line| line.at)),
            self.request_id().and_then(|id| text("AWS request id", id)),
            sent.and_then(|sent| text("Sent", &sent)),
            self.seen().and_then(|seen| text("ARN", seen.arn.as_deref()?)),
            at("Created", self.begun().created_at),
            at("Finished", ended.as_ref().and_then(|ending| ending.finished_at)),
            seen_at.map(|seen_at| ("End seen", seen_at)),
            self.took().and_then(|took| text("Duration", &took.as_length())),
            clocks.and_then(|ahead| text("AWS's clock", &told_clock(ahead))),
            text("Request number", &intent.number),
        ];
        facts.into_iter().flatten().collect()
    }

    /// All that is known of it, as text for a change ticket: safe to show, times in UTC.
    pub(crate) fn ticket(&self) -> String {
        let Intent { tags, version, .. } = &self.intent;
        let tags: Vec<String> = tags.iter().map(|tag| format!("{}={}", tag.key, tag.value)).collect();
        let tags = if tags.is_empty() { "none given".to_owned() } else { tags.join(", ") };
        let facts = self.facts().into_iter().chain([("Tags requested", Value::Text(tags))]);
        ticket("DB cluster snapshot request", version, facts)
    }
}

/// Facts as text for a change ticket: safe to show, times in UTC.
pub(in crate::domain) fn ticket(
    heading: &str,
    version: &str,
    facts: impl IntoIterator<Item = Fact>,
) -> String {
    let line = |(name, value): Fact| format!("{:<16}{}", format!("{name}:"), escape(&value.into_text()));
    let lines: Vec<String> = facts.into_iter().map(line).collect();
    format!("{heading} (clustersnap {})\n{}\n", escape(version), lines.join("\n"))
}

fn told_clock(ahead_s: i64) -> String {
    let direction = if ahead_s > 0 { "ahead of" } else { "behind" };
    format!("{} s {direction} this machine's", ahead_s.unsigned_abs())
}
