//! What is known of the requests that are open, before another one is made.

use jiff::{Timestamp, Zoned};

use super::{Check, Subject, Verdict, check};
use crate::domain::age::ago;
use crate::domain::failure::Failure;
use crate::domain::mark::RequestNumber;
use crate::domain::record::{HERE, Intent, Record};

/// What is known of the requests that are open.
#[derive(Clone, Debug)]
pub struct Open<'a> {
    /// Those of the journal, as far as it was read.
    pub records: Vec<&'a Record>,
    /// How many lines of it could not be read.
    pub lines_missing: usize,
    /// Why it could not be read the last time.
    pub unreadable: Option<&'a str>,
    /// Why it cannot be written.
    pub unwritable: Option<&'a Failure>,
    /// Whether it can be sent without the journal by a word of the person, once that refused it.
    pub may_do_without: bool,
    /// Whether this program has one for the same name, sent or waiting.
    pub is_under_way: bool,
    /// How the time is told at which one was sent.
    pub sent: fn(Timestamp, &Zoned) -> String,
}

/// How an open request stands to one that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// It is for the same name: it is settled, and nothing is sent meanwhile.
    SameName,
    /// It is for another snapshot of the same cluster.
    SameCluster,
}

/// What is open: a request for the same name would be settled instead of sent.
#[must_use]
pub fn of_open(open: &Open<'_>, name: &str, cluster: &str, now: &Zoned) -> Vec<Check> {
    let about = |verdict, text: &str, brief: &str| check(Subject::Journal, verdict, text, brief);
    let told = |(relation, record): (Relation, &Record)| {
        let text = open_words(&record.intent, &(open.sent)(record.intent.asked_at(), now), now);
        match relation {
            Relation::SameName => about(Verdict::Blocks, &text, "a request for it is open"),
            Relation::SameCluster => about(Verdict::Doubt, &text, "another request is open"),
        }
    };
    let mut checks: Vec<Check> = related(open.records.iter().copied(), name, cluster).map(told).collect();
    if open.is_under_way && !checks.iter().any(|check| check.verdict == Verdict::Blocks) {
        let text = "A request for a snapshot of this name is under way or waits.";
        checks.push(about(Verdict::Blocks, text, "a request for it is open"));
    }
    if let Some(failure) = open.unwritable {
        let verdict = if open.may_do_without { Verdict::Doubt } else { Verdict::Blocks };
        let text = format!("the journal cannot be written: {}", failure.message);
        let unwritable = about(verdict, &text, "journal not writable");
        checks.push(Check { failure: Some(failure.clone()), ..unwritable });
    }
    if let Some(why) = open.unreadable {
        let text = format!("the journal cannot be read, so an open request cannot be told of: {why}");
        checks.push(about(Verdict::Unknown, &text, "journal not readable"));
    }
    if open.lines_missing > 0 {
        checks.push(about(Verdict::Unknown, &missing_words(open.lines_missing), "journal damaged"));
    }
    if checks.is_empty() {
        checks.push(about(Verdict::Fine, "can be written, and has no open request for this cluster", ""));
    }
    checks
}

/// That lines of the journal cannot be read, in a clause.
#[must_use]
pub fn missing_words(lines: usize) -> String {
    let (lines, of_them) =
        if lines == 1 { ("1 line", "it is") } else { (&*format!("{lines} lines"), "one of them is") };
    format!("{lines} of the journal cannot be read, so it is not known whether {of_them} an open request")
}

/// The requests of which it is not known what became of them, and that are for the same name or the same cluster.
pub fn related<'a>(
    open: impl IntoIterator<Item = &'a Record>,
    name: &str,
    cluster: &str,
) -> impl Iterator<Item = (Relation, &'a Record)> {
    open.into_iter().filter(|record| record.is_unsettled()).filter_map(move |record| {
        if record.intent.snapshot == name {
            Some((Relation::SameName, record))
        } else {
            (record.intent.cluster == cluster).then_some((Relation::SameCluster, record))
        }
    })
}

/// The numbers of such requests.
pub fn numbers<'a>(related: impl Iterator<Item = (Relation, &'a Record)>) -> Vec<RequestNumber> {
    related.map(|(_, open)| RequestNumber::journalled(&open.intent.number)).collect()
}

/// That a request is open, in a sentence, with the time that it was sent in words.
#[must_use]
pub fn open_words(intent: &Intent, sent: &str, now: &Zoned) -> String {
    let Intent { snapshot, cluster, server_time, .. } = intent;
    let ago = ago(intent.asked_at(), now.timestamp());
    let by = if server_time.is_some() { String::new() } else { format!(" {HERE}") };
    format!("A request sent {ago}{by} ({sent}) is open: {snapshot} of {cluster} may exist already.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::age::short_clock;
    use crate::domain::preflight::name::{beside_open, of_name};
    use crate::domain::preflight::{Known, Subject};
    use crate::fixtures;

    #[test]
    fn a_name_that_is_not_listed_is_not_called_free_where_a_request_for_it_is_open() {
        let record = fixtures::open(fixtures::intent("n", "orders", "mine", Timestamp::UNIX_EPOCH));
        let now = Zoned::default();
        let told = |name: &str, records: Vec<&Record>, is_under_way| {
            let open = Open {
                records,
                lines_missing: 0,
                unreadable: None,
                unwritable: None,
                may_do_without: false,
                is_under_way,
                sent: short_clock,
            };
            let check = beside_open(of_name(name, Known::Is(None), &now), &open, name, &now);
            assert_eq!(check.subject, Subject::Name);
            (check.verdict, check.text)
        };
        assert_eq!(told("mine", vec![], false), (Verdict::Fine, "free".to_owned()));
        assert_eq!(told("other", vec![&record], false), (Verdict::Fine, "free".to_owned()));
        let (verdict, text) = told("mine", vec![&record], false);
        assert_eq!(
            (verdict, text.as_str()),
            (Verdict::Doubt, "not listed; the open request may have taken it")
        );
        assert_eq!(told("mine", vec![], true).0, Verdict::Doubt);
    }

    #[test]
    fn of_a_damaged_journal_nothing_is_said_that_nobody_tried() {
        let sent = short_clock;
        let (records, unreadable, unwritable) = (Vec::new(), None, None);
        let open = Open {
            records,
            lines_missing: 1,
            unreadable,
            unwritable,
            may_do_without: false,
            is_under_way: false,
            sent,
        };
        let told = of_open(&open, "mine", "orders", &Zoned::default());
        assert_eq!(told.first().map(|check| check.text.as_str()), Some(&*missing_words(1)));
    }
}
