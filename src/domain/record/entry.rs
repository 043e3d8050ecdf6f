//! An entry of the journal: a request for a snapshot, or what was done to one that is there.

use std::borrow::Cow;

use jiff::Timestamp;

use super::super::account::AccountId;
use super::super::alteration::AlterationRecord;
use super::super::failure::Failure;
use super::{Fact, Record};

/// What the lines of one number are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A request for a snapshot.
    Request(Record),
    /// What is done to a snapshot that is there.
    Alteration(AlterationRecord),
}

impl Entry {
    /// What is said of it, whichever it is.
    fn either<'a, T>(
        &'a self,
        of_request: impl FnOnce(&'a Record) -> T,
        of_alteration: impl FnOnce(&'a AlterationRecord) -> T,
    ) -> T {
        match self {
            Self::Request(record) => of_request(record),
            Self::Alteration(record) => of_alteration(record),
        }
    }

    /// The number that its lines carry.
    pub(crate) fn number(&self) -> &str {
        self.either(|request| &request.intent.number, |alteration| &alteration.asked.number)
    }

    /// When it was asked, by the server's clock where that is known.
    pub(crate) fn at(&self) -> Timestamp {
        self.either(|request| request.intent.asked_at(), |alteration| alteration.asked.asked_at())
    }

    /// Whether it was certainly asked before a moment: by both clocks, for this machine's alone can have been off.
    pub(crate) fn is_before(&self, moment: Timestamp) -> bool {
        let (server_time, latest) = match self {
            Self::Request(record) => (record.intent.server_time, record.intent.at_the_latest()),
            Self::Alteration(record) => (record.asked.server_time, record.asked.at_the_latest()),
        };
        server_time.is_some() && latest < moment
    }

    /// The snapshot's identifier.
    pub(crate) fn snapshot(&self) -> &str {
        self.either(|request| &request.intent.snapshot, |alteration| &alteration.asked.snapshot)
    }

    /// The cluster's identifier, where it is known.
    pub(crate) fn cluster(&self) -> Option<&str> {
        self.either(
            |request| Some(request.intent.cluster.as_str()),
            |alteration| alteration.asked.cluster.as_deref(),
        )
    }

    /// Where it was asked, as far as it is known: account, profile and Region.
    pub(crate) fn place(&self) -> (Option<AccountId>, Option<&str>, Option<&str>) {
        let (account, profile, region) = match self {
            Self::Request(Record { intent, .. }) => (intent.account.clone(), &intent.profile, &intent.region),
            Self::Alteration(AlterationRecord { asked, .. }) => {
                (asked.account(), &asked.profile, &asked.region)
            }
        };
        (account, profile.as_deref(), region.as_deref())
    }

    /// The URL that it was sent to.
    pub(crate) fn endpoint(&self) -> &str {
        self.either(|request| &request.intent.endpoint, |alteration| &alteration.asked.endpoint)
    }

    /// The ARN of who asked, where it is known.
    pub(crate) fn caller(&self) -> Option<&str> {
        self.either(
            |request| request.intent.caller.as_deref(),
            |alteration| alteration.asked.caller.as_deref(),
        )
    }

    /// The service's request id of what was sent last, where it is known.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.either(Record::request_id, |alteration| alteration.outcome.as_ref()?.request_id.as_deref())
    }

    /// What failed, if something did.
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.either(Record::failure, AlterationRecord::failure)
    }

    /// What became of it, in a word or two.
    pub(crate) fn result(&self) -> Cow<'_, str> {
        match self {
            Self::Request(record) => record.result(),
            Self::Alteration(record) => record.result(),
        }
    }

    /// What became of it, in a sentence.
    pub(crate) fn sentence(&self) -> &'static str {
        self.either(|request| request.kind().sentence(), AlterationRecord::sentence)
    }

    /// All that is known of it but for the tags of a request: what became of it first.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        self.either(Record::facts, AlterationRecord::facts)
    }

    /// All that is known of it, as text for a change ticket: safe to show, times in UTC.
    pub(crate) fn ticket(&self) -> String {
        self.either(Record::ticket, AlterationRecord::ticket)
    }

    /// The request, if it is one.
    pub(crate) fn as_request(&self) -> Option<&Record> {
        if let Self::Request(record) = self { Some(record) } else { None }
    }

    /// The request, if it is one.
    #[must_use]
    pub fn request(self) -> Option<Record> {
        if let Self::Request(record) = self { Some(record) } else { None }
    }

    /// The alteration, if it is one.
    #[must_use]
    pub fn alteration(self) -> Option<AlterationRecord> {
        if let Self::Alteration(record) = self { Some(record) } else { None }
    }
}
