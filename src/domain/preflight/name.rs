//! Whether the name of a snapshot can be had, as far as is known.

use jiff::Zoned;

use super::open::{Open, related};
use super::{Check, Facts, Known, Subject, Verdict, asking, check, of_failure};
use crate::domain::age::{ago, told_at};
use crate::domain::record::Record;
use crate::domain::snapshot::Snapshot;

/// Whether the name can be had.
pub(super) fn of_name(name: &str, taken_by: Known<'_, Option<&Snapshot>>, now: &Zoned) -> Check {
    let about = |verdict, text: &str, brief: &str| check(Subject::Name, verdict, text, brief);
    match taken_by {
        Known::Asking => asking(Subject::Name, "asking", "the name: not known"),
        Known::Failed(failure) => {
            let what = "the name could not be looked up";
            of_failure(about(Verdict::Blocks, what, "the name: not known"), failure)
        }
        Known::Is(None) => about(Verdict::Fine, "free", ""),
        Known::Is(Some(by)) => {
            let since = by.created_at.map(|at| format!(", begun {}", told_at(at, now))).unwrap_or_default();
            let text = format!("{name} is taken by a snapshot that is {}{since}", by.status);
            about(Verdict::Blocks, &text, "the name is taken")
        }
    }
}

/// A name that is not in a list which could not be read again may have been taken since, and where it was not read at all
/// no answer comes.
pub(super) fn as_listed(name: Check, facts: &Facts<'_>) -> Check {
    match (facts.unlisted, name.verdict) {
        (Some(failure), Verdict::Fine) => {
            let what = "was free; the list could not be read anew";
            of_failure(check(Subject::Name, Verdict::Doubt, what, "the name: not known"), failure)
        }
        (Some(_), Verdict::Unknown) => {
            let text = "whether it is free is not known, the list was not read".to_owned();
            Check { text, is_asked: false, ..name }
        }
        _ => name,
    }
}

/// A name that is not listed is not free where a request for it is open, which may have taken it, nor where one has made
/// the snapshot just now.
pub(super) fn beside_open(name: Check, open: &Open<'_>, of: &str, now: &Zoned) -> Check {
    let is_sent = related(open.records.iter().copied(), of, "").next().is_some();
    let age = |record: &Record| record.intent.age(now.timestamp(), None);
    let has_made = |record: &&&Record| record.intent.snapshot == of && record.may_be_unlisted(age(record));
    let text = match (name.verdict, open.records.iter().find(has_made)) {
        (Verdict::Fine | Verdict::Doubt, _) if is_sent => {
            "not listed; the open request may have taken it".to_owned()
        }
        (Verdict::Fine, _) if open.is_under_way => {
            "not listed; a request for it is under way or waits".to_owned()
        }
        (Verdict::Fine, Some(made)) => {
            format!(
                "not listed; a request of this machine created it {}",
                ago(made.intent.asked_at(), now.timestamp())
            )
        }
        _ => return name,
    };
    check(Subject::Name, Verdict::Doubt, &text, "the name: not known")
}
