//! What became of a request, in words: what happened, to what, what it means for the snapshot, and what to
//! do next, for whoever reads it where they read it.

use jiff::Zoned;

use crate::domain::age::clock;
use crate::domain::failure::{Failure, FailureKind, LOOK_AT_CLOCK};
use crate::domain::outcome::{Outcome, Step};
use crate::domain::snapshot::Snapshot;
use crate::domain::status::SnapshotStatus;
use crate::domain::text::quoted;

use super::note::{Note, Tone};
use super::proof;

/// Where the words are read: that decides what can be done next, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// At the form, which has the draft again, or at its review.
    Form,
    /// At another screen of the program.
    Screen,
    /// At any screen, of a request that has no draft, as one of an earlier run.
    Later,
    /// At any screen, of one request of a change, which has a draft for all of them only.
    Change,
    /// In a shell, of a command.
    Shell,
    /// In a shell, after the screen is gone: what a command's options would do was never asked of it.
    AfterScreen,
}

/// How what came to nothing of a change is sent after all.
const IN_CHANGE: &str =
    "To send it after all: ‹space:mark› marks its cluster, ‹s:snapshot›, and the same id.";

/// Says what became of a request.
pub fn tell(name: &str, cluster: &str, outcome: &Outcome, reader: Reader, now: &Zoned) -> Note {
    tell_marked(name, cluster, outcome, reader, None, now)
}

/// Says what became of a request, and what to do about its mark if that may be what was refused.
pub fn tell_marked(
    name: &str,
    cluster: &str,
    outcome: &Outcome,
    reader: Reader,
    mark: Option<&str>,
    now: &Zoned,
) -> Note {
    match outcome {
        Outcome::Created { snapshot, request_id } => created(name, snapshot, request_id.as_deref()),
        Outcome::FoundAgain { snapshot, lost, .. } => found_again(name, snapshot, lost),
        Outcome::NotCreated(failure) if failure.kind == FailureKind::Journal => {
            unwritten(name, failure, reader)
        }
        Outcome::NotCreated(failure) | Outcome::Refused(failure) => {
            let what = if matches!(outcome, Outcome::Refused(_)) { "Refused by AWS" } else { "Not created" };
            let advice = advice(failure, cluster, reader);
            let of_mark = mark.and_then(|key| proof::refused(failure, key, reader)).unwrap_or_default();
            refused(what, name, failure, &joined(&[&advice, &of_mark]))
        }
        Outcome::Taken { by: Some(it), .. } if !it.id.eq_ignore_ascii_case(name) => {
            proof::twin(name, cluster, it)
        }
        Outcome::Taken { by, failure } => taken(name, by.as_deref(), failure.as_ref(), reader, now),
        Outcome::Unknown { since, cause, look } => {
            let unknown = unknown(name, cluster, &clock(*since, now), cause, reader);
            let look = look.as_deref().map(failed_look).unwrap_or_default();
            Note::new(Tone::Doubt, &joined(&[&unknown, &look]))
        }
        Outcome::NotListed { looked_at, cause, .. } => Note::new(
            Tone::Doubt,
            &format!(
                "Not there: {name}. AWS lists no snapshot of this name (looked up twice, last {}), and the request \
                 is too old to take effect any more. If you still want it, request it anew. {cause}.",
                clock(*looked_at, now)
            ),
        ),
        Outcome::Elsewhere { snapshot, cause } => Note::new(
            Tone::Bad,
            &format!(
                "Not where it was confirmed for: {name}. AWS answered with {}. Look whether a snapshot of {cluster} \
                 is there before you go on. {cause}.",
                snapshot.arn.as_deref().unwrap_or("another snapshot")
            ),
        ),
        Outcome::Unproven { snapshot, cause } => Note::new(
            Tone::Doubt,
            &format!(
                "A snapshot {name} is there ({}); nothing proves whose it is, this request's or somebody else's. \
                 Compare its tags and creation time before you count on it. {cause}.",
                snapshot.status
            ),
        ),
    }
}

/// That it is not known what became of a request that no journal has.
pub(crate) fn unjournalled(name: &str) -> String {
    format!(
        "It is not known whether {name} was created, and no journal has the request: look for it in the list of \
         snapshots, for 20 min, before you ask again"
    )
}

/// What a step means for a snapshot; nothing where a few words tell it.
pub fn step(step: &Step, name: &str) -> Option<Note> {
    let text = match step {
        Step::Retrying { cause, after_ms } => {
            let (why, seconds) = (cause.kind.clause(), after_ms.div_ceil(1000));
            joined(&[&format!("{name}: {why}. It is sent again in {seconds} s."), &said(cause)])
        }
        Step::Reconciling { cause } => {
            let why = cause.kind.clause();
            let told = format!(
                "{name}: {why}. Nothing is sent again: it may have been carried out all the same, and is looked up."
            );
            joined(&[&told, &said(cause)])
        }
        Step::Confirming { refusal } => {
            let why = refusal.kind.headline();
            let told = format!(
                "{name}: refused so far. It is looked up once, in case a copy of the request got through. {why}."
            );
            joined(&[&told, &said(refusal)])
        }
        Step::LookFailed { cause } => {
            let why = why_no_look(cause);
            let told = format!(
                "{name}: what became of it is not known, and it could not be looked up: {why}. It is tried again."
            );
            joined(&[&told, &said(cause)])
        }
        Step::AccountUnverified { confirmed } => format!(
            "{name}: it was confirmed for account {confirmed}, which cannot be verified at this moment; it is sent."
        ),
        Step::NotRecorded { cause } => {
            joined(&[&format!("The journal could not record what became of {name}."), &said(cause)])
        }
        Step::LookingUp | Step::Journalling | Step::Sending { .. } => return None,
    };
    Some(Note::new(Tone::Doubt, &text))
}

fn unknown(name: &str, cluster: &str, sent: &str, cause: &Failure, reader: Reader) -> String {
    let (headline, looks, words) = (cause.kind.headline(), who_looks(reader), said(cause));
    let is_there = if cause.kind == FailureKind::SnapshotExists {
        ": it may be this request's own, if something on the way sent it before"
    } else {
        ""
    };
    format!(
        "Not known yet: {name}. Do not request another yet: it may have been carried out. {looks} \
         {headline}{is_there}. Requested for {cluster} at {sent}. {words}"
    )
}

/// That the last look-up failed, why, and what to do.
fn failed_look(failure: &Failure) -> String {
    let first = if failure.kind.wants_credentials() { "Renew the credentials first." } else { "" };
    let told = format!("The last look-up failed: {}.", why_no_look(failure));
    joined(&[&told, first, &said(failure)])
}

fn why_no_look(failure: &Failure) -> String {
    let missing = failure.missing_permission();
    missing.map_or_else(|| failure.kind.clause(), |permission| format!("{permission} is missing"))
}

/// What was not carried out, why, and what to do.
fn refused(what: &str, name: &str, failure: &Failure, next: &str) -> Note {
    let why = match failure.missing_permission() {
        Some(permission) => format!("Ask for {permission}, which is missing."),
        // That AWS refused it says nothing more.
        None if failure.kind == FailureKind::Other => String::new(),
        None => format!("{}.", failure.kind.headline()),
    };
    Note::new(Tone::Bad, &joined(&[&format!("{what}: {name}."), &why, next, &said(failure)]))
}

/// That the journal cannot be written, and so nothing was sent: the cause first, for it is mended with the disk or HOME.
fn unwritten(name: &str, failure: &Failure, reader: Reader) -> Note {
    let why = if failure.message.is_empty() { failure.kind.clause() } else { failure.message.clone() };
    let next = match reader {
        Reader::Form => {
            "Put that right, then ‹y:submit›. ‹J:submit_unwritten› sends this one without the journal: if its answer \
             is lost, nothing here knows of it."
        }
        Reader::Screen => "Put that right, then ‹s:snapshot› on the cluster opens the draft again.",
        Reader::Later | Reader::AfterScreen => "",
        Reader::Change => IN_CHANGE,
        Reader::Shell => {
            "--without-journal sends this one request all the same: if its answer is lost, nothing on this machine \
             knows of it."
        }
    };
    let what = if why.contains("journal") { "" } else { "The journal belongs there." };
    Note::new(Tone::Bad, &joined(&[&format!("Nothing was sent for {name}: {why}."), what, next]))
}

/// What the service itself says of a failure, marked as its words where there are no others among them, or the cause on
/// this side; empty if there is none.
pub fn said(failure: &Failure) -> String {
    let words = quoted(&failure.words());
    if failure.message.is_empty() {
        return words;
    }
    if failure.code.is_none() || failure.reworded {
        // Other causes begin with a name, which stays as it is.
        let is_clause = matches!(failure.kind, FailureKind::OtherAccount | FailureKind::ReadOnly);
        let is_clause = is_clause || failure.kind.is_passing() || words.starts_with("the ");
        return if is_clause || failure.reworded { capitalized(&words) } else { words };
    }
    let message = quoted(&failure.message);
    format!("AWS says: \"{}\" ({}).", message.trim_end_matches('.'), failure.reference())
}

fn created(name: &str, snapshot: &Snapshot, request_id: Option<&str>) -> Note {
    let request = request_id.map(|id| format!(" Request id {id}.")).unwrap_or_default();
    let (tone, state) = match &snapshot.status {
        SnapshotStatus::Available => (Tone::Good, "created, and available: it can be restored.".to_owned()),
        status if status.is_lost() => (Tone::Bad, format!("created, but {status}: it cannot be restored.")),
        SnapshotStatus::Other(status) => {
            (Tone::Good, format!("created, and {status}; it can be restored once it is available."))
        }
        _ => (Tone::Good, "AWS is creating it; it can be restored once it is available.".to_owned()),
    };
    Note::new(tone, &format!("{name}: {state}{request}"))
}

fn found_again(name: &str, snapshot: &Snapshot, lost: &Failure) -> Note {
    let (tone, state) = match &snapshot.status {
        status if status.is_lost() => (Tone::Bad, format!(" It is {status}: it cannot be restored.")),
        _ => (Tone::Good, String::new()),
    };
    let answer = in_place_of_an_answer(lost);
    let text =
        format!("{name}: created, and found again: a tag on it has this request's number.{state} {answer}.");
    Note::new(tone, &text)
}

fn taken(name: &str, by: Option<&Snapshot>, failure: Option<&Failure>, reader: Reader, now: &Zoned) -> Note {
    let by = by.map_or_else(String::new, |by| {
        let of = by.cluster.as_ref().map(|cluster| format!(" of {cluster}")).unwrap_or_default();
        let since = by.created_at.map(|at| format!(", created {}", clock(at, now))).unwrap_or_default();
        format!(" by a snapshot{of} that is {}{since}", by.status)
    });
    let sent = if failure.is_some() { "" } else { ", and nothing was sent" };
    let next = match reader {
        Reader::Form => "Choose another name: ‹ctrl-t:propose_name› proposes one.",
        Reader::Screen => {
            "‹s:snapshot› on the cluster opens the draft again; ‹ctrl-t:propose_name› there proposes another name."
        }
        Reader::Later | Reader::AfterScreen => "If you still want it, request it anew.",
        Reader::Change => IN_CHANGE,
        Reader::Shell => "Choose another with --name.",
    };
    let taken = format!("Not created: the name {name} is taken{by}. It is not this request's{sent}.");
    Note::new(Tone::Bad, &joined(&[&taken, next, &failure.map(said).unwrap_or_default()]))
}

fn in_place_of_an_answer(lost: &Failure) -> String {
    match lost.kind {
        FailureKind::LostAnswer | FailureKind::NotWrittenDown | FailureKind::UnreadableAnswer => {
            lost.to_string()
        }
        _ => format!("The answer had been: {lost}"),
    }
}

/// A sentence with a capital, unless it begins with a host or a path.
pub(crate) fn capitalized(sentence: &str) -> String {
    let mut chars = sentence.chars();
    match chars.next() {
        Some(first) if !sentence.split(' ').next().is_some_and(|word| word.contains(['.', '/'])) => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => sentence.to_owned(),
    }
}

/// Who goes on looking for a snapshot that is not known yet. In a shell the command that does comes after it.
fn who_looks(reader: Reader) -> &'static str {
    if matches!(reader, Reader::Shell | Reader::AfterScreen) {
        return "Nothing on this machine looks for it now; the next start in its place does, if it was journalled.";
    }
    "It is looked up again and again, and nothing is sent again."
}

/// That nothing is asked until the credentials work again; `refreshes` is whether `r` is a key for that.
pub fn paused(failure: &Failure, refreshes: bool) -> String {
    // AWS's own sentence says the same as the headline; a cause on this side says what to do.
    let renew = if failure.kind.wants_credentials() { "Renew them in another shell." } else { LOOK_AT_CLOCK };
    let (what, answer) = match (failure.code.is_some() || failure.message.is_empty(), failure.reference()) {
        (false, _) => (said(failure), String::new()),
        (true, told) if told.is_empty() => (renew.to_owned(), told),
        (true, told) => (renew.to_owned(), format!("AWS answered last: {told}.")),
    };
    let now = if refreshes { "‹r:refresh› tries again." } else { "" };
    let goes_on = "Snapshots go on at AWS; they are followed again once the credentials work.";
    // What to do comes first: on the smallest screens the end is cut.
    joined(&[&format!("Paused: {}.", failure.kind.clause()), &what, now, goes_on, &answer])
}

/// Sentences, less those that are empty.
fn joined(sentences: &[&str]) -> String {
    sentences.iter().copied().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What to do next after a failure that certainly created nothing; empty if there is nothing to say.
pub fn advice(failure: &Failure, cluster: &str, reader: Reader) -> String {
    let again = match reader {
        Reader::Form => "‹ctrl-s:review› in the form reviews it again.",
        Reader::Screen => "‹s:snapshot› on the cluster opens the draft again.",
        Reader::Change => IN_CHANGE,
        Reader::Later | Reader::Shell | Reader::AfterScreen => "",
    };
    let is_in_shell = matches!(reader, Reader::Shell | Reader::AfterScreen);
    let first = match (failure.kind, reader) {
        (FailureKind::InvalidState, Reader::Form) => {
            return format!(
                "‹ctrl-s:review› in the form reviews it again; while {cluster} is busy, ‹w:arm› there submits it as \
                 soon as it is available."
            );
        }
        (FailureKind::InvalidState, Reader::Shell) => {
            return format!(
                "{cluster} has to be available: --when-available waits until it is, for as long as --timeout says."
            );
        }
        (FailureKind::QuotaExceeded, _) if is_in_shell => "Make room, or ask AWS to raise the quota.",
        (FailureKind::QuotaExceeded, _) => {
            return "To make room: ‹v:snapshots› on the clusters lists the snapshots, ‹x:remove› there plans what to \
                    delete. Or ask AWS to raise the quota."
                .to_owned();
        }
        // It is asked for where it is named.
        (FailureKind::AccessDenied, _) if failure.missing_permission().is_some() => return String::new(),
        (FailureKind::AccessDenied, _) => return permission(failure),
        (FailureKind::ClusterNotFound | FailureKind::AnotherCluster, _) if !is_in_shell => {
            return "‹r:refresh› in the list reads it anew.".to_owned();
        }
        (FailureKind::OtherAccount, _) => return "Nothing was sent.".to_owned(),
        (FailureKind::Throttled, _) => "Try again in a minute.",
        (FailureKind::NoConnection, _) => "Check the network and the proxy.",
        (FailureKind::SignatureTime, _) => LOOK_AT_CLOCK,
        (kind, _) if kind.wants_credentials() => "Renew the credentials.",
        _ => "",
    };
    joined(&[first, again])
}

/// What it takes where AWS does not name what is missing.
const PERMISSIONS: &str = "It takes rds:DescribeDBClusterSnapshots, rds:CreateDBClusterSnapshot on the cluster and the \
                           snapshot, and with tags rds:AddTagsToResource on the snapshot.";

/// Which permission to ask for.
pub fn permission(failure: &Failure) -> String {
    failure.missing_permission().map_or(PERMISSIONS.to_owned(), |missing| format!("Ask for {missing}."))
}

#[cfg(test)]
#[path = "telling_tests.rs"]
mod tests;
