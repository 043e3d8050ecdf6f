//! One look at snapshots by their identifiers: what is listed, and what makes it worth something that the
//! others are not.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::account::{AccountId, Arn};
use super::snapshot::Snapshot;
use super::text::length;

/// For how long a snapshot that is there may be missing from lists. AWS documents no bound: lists are
/// "eventually consistent". This is an assumption, and the only place where it is written.
pub const LIST_LAG: SignedDuration = SignedDuration::from_mins(10);

/// How long after its look-up a request can still take effect.
///
/// AWS refuses a signed request whose date is more than five minutes from its clock ("Signature Version
/// 4", IAM user guide), so even one that is stuck on the way for long, signed by a clock five minutes ahead,
/// is dead after ten.
const TAKES_EFFECT: SignedDuration = SignedDuration::from_mins(10);

/// How long after its look-up a request can still take effect and be listed for the first time.
pub const HORIZON: SignedDuration = SignedDuration::from_mins(TAKES_EFFECT.as_mins() + LIST_LAG.as_mins());

/// How many looks in a row must miss a snapshot before it is called gone.
const LEAST_LOOKS: u32 = 3;
/// Over how long they must have missed it.
pub const LEAST_TIME: Duration = Duration::from_mins(2);

/// Whether so many looks in a row over so long, all of which missed a snapshot, say that it is gone: lists lag, so a look
/// or two, or many within seconds, do not.
pub(crate) fn means_gone(looks: u32, time: Duration) -> bool {
    looks >= LEAST_LOOKS && time >= LEAST_TIME
}

/// The looks in a row, of whichever programs, that did not find a snapshot in its own account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unlisted {
    /// When the first was, by this machine's clock.
    pub since: Timestamp,
    /// When the last was, by this machine's clock.
    pub until: Timestamp,
    /// The server's clock (its `Date` header, whole seconds) at the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_since: Option<Timestamp>,
    /// The server's clock at the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_until: Option<Timestamp>,
    /// How many.
    pub looks: u32,
}

impl Unlisted {
    /// One more look that did not find it, now by this machine's clock and by the server's.
    pub(crate) fn once_more(before: Option<Self>, now: Timestamp, server_now: Option<Timestamp>) -> Self {
        let (until, server_until) = (now, server_now);
        let first = Self { since: now, until, server_since: server_now, server_until, looks: 0 };
        let before = before.unwrap_or(first);
        Self { until, server_until, looks: before.looks.saturating_add(1), ..before }
    }

    /// Whether they say that it is gone.
    pub(crate) fn is_gone(&self) -> bool {
        means_gone(self.looks, self.time())
    }

    /// Whether there were so many of them, over so long.
    pub(crate) fn were(&self, looks: u32, time: Duration) -> bool {
        self.looks >= looks && self.time() >= time
    }

    /// Whether a look is to be written down: the first ones that do not find it, and one that does.
    pub(crate) fn is_news(before: Option<Self>, now: Option<Self>) -> bool {
        now.map_or(before.is_some(), |looks| looks.looks <= LEAST_LOOKS)
    }

    /// What they say, in a sentence.
    pub(crate) fn words(&self) -> String {
        match self.looks {
            1 => "AWS does not list it (1 look).".to_owned(),
            looks => format!("AWS has not listed it for {} ({looks} looks).", length(self.time())),
        }
    }

    /// Over how long they were at the least, by this machine's clock and by the server's: either can have been set.
    fn time(&self) -> Duration {
        let span = |since: Timestamp, until: Timestamp| {
            Duration::try_from(until.duration_since(since)).unwrap_or_default()
        };
        let here = span(self.since, self.until);
        let there = self.server_since.zip(self.server_until).map(|(since, until)| span(since, until));
        there.map_or(here, |there| there.min(here))
    }
}

/// What was answered to a look at some snapshots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Those of them that are listed.
    pub listed: Vec<Snapshot>,
    /// The account whose lists these are, as far as it is known: in another one it means nothing that a
    /// snapshot is missing.
    pub account: Option<AccountId>,
    /// The server's clock when it answered (its `Date` header, whole seconds), if it said. Of an answer that took
    /// several calls, the last one's.
    pub server_time: Option<Timestamp>,
}

impl Listing {
    /// What was answered, with the account that all ARNs of RDS in it name.
    ///
    /// RDS lists by credentials, so what it lists without being asked for what others share is the caller's own,
    /// whoever the caller was thought to be. An answer without an ARN, as an empty list, does not say whose it is and
    /// proves no absence by itself, nor does one whose ARNs disagree.
    pub(crate) fn answered(listed: Vec<Snapshot>, server_time: Option<Timestamp>) -> Self {
        let account = account(listed.iter().map(|snapshot| snapshot.arn.as_deref()));
        Self { listed, account, server_time }
    }

    /// The snapshot of an identifier, if it is listed.
    pub(crate) fn find(&self, id: &str) -> Option<&Snapshot> {
        self.listed.iter().find(|snapshot| snapshot.id.eq_ignore_ascii_case(id))
    }
}

/// The account that all ARNs of RDS among these name; `None` if there is none, or more than one.
fn account<'a>(arns: impl Iterator<Item = Option<&'a str>>) -> Option<AccountId> {
    let mut accounts =
        arns.filter_map(Arn::reported).filter(|arn| arn.service == "rds").filter_map(|arn| arn.account);
    let first = accounts.next()?;
    accounts.all(|other| other == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(arns: &[Option<&str>]) -> Option<String> {
        account(arns.iter().copied()).map(|account| account.to_string())
    }

    #[test]
    fn looks_that_do_not_find_it_are_counted_and_the_first_ones_are_news() {
        let at = |second| Timestamp::from_second(second).unwrap_or_default();
        let once_more = |before, second| Unlisted::once_more(before, at(second), None);
        let one = once_more(None, 0);
        let three = once_more(Some(once_more(Some(one), 60)), 119);
        assert_eq!(one.words(), "AWS does not list it (1 look).");
        assert_eq!(three.words(), "AWS has not listed it for 1 min 59 s (3 looks).");
        let four = once_more(Some(three), 120);
        assert_eq!((one.is_gone(), three.is_gone(), four.is_gone()), (false, false, true));
        let is_news = |before, now| Unlisted::is_news(before, now);
        assert!(is_news(None, Some(one)) && is_news(Some(one), Some(three)) && is_news(Some(four), None));
        assert!(!is_news(Some(three), Some(four)) && !is_news(None, None));
    }

    #[test]
    fn the_account_is_that_of_the_arns_which_agree() {
        let (a, b) = ("arn:aws:rds:eu-west-1:111111111111:cluster:a", "arn:aws-cn:rds::111111111111:x:b");
        let other = "arn:aws:rds:eu-west-1:222222222222:cluster:a";
        assert_eq!(of(&[Some(a), None, Some(b)]).as_deref(), Some("111111111111"));
        assert_eq!(of(&[Some(a), Some(other)]), None);
        assert_eq!(
            of(&[None, Some("no ARN"), Some("arn:aws:iam::1:user/a"), Some("arn:aws:rds:r::x:y")]),
            None
        );
        assert_eq!(of(&[]), None);
    }
}
