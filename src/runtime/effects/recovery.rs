//! What the journal has to say at the start, and what it is told later.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::app::message::{Msg, Recovered};
use crate::app::note::{About, Note, Tone};
use crate::app::request_id::RequestId;
use crate::domain::account::Arn;
use crate::domain::alteration::{Alteration, AlterationRecord, AlteredKind, Deed};
use crate::domain::earlier::Earlier;
use crate::domain::ending::Ending;
use crate::domain::failure::Failure;
use crate::domain::listing::HORIZON;
use crate::domain::outcome::Outcome;
use crate::domain::preflight::missing_words;
use crate::domain::record::{Intent, Position, Record};
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::Tag;
use crate::domain::text;
use crate::session::{self, TURN};

use super::connection::Connection;

/// So many are named where it is told what became of several.
const NAMED: usize = 3;
/// The first and the longest gap between two look-ups of a request whose outcome is not known.
pub(super) const FIRST_GAP: Duration = Duration::from_secs(5);
const LONGEST_GAP: Duration = Duration::from_mins(1);

/// Looks up what became of requests that an earlier run, or another program, left open here, tells of
/// it, says when it has told all, and goes on looking for what is still not known. Returns what could not be looked at
/// now, and is to be taken up later.
pub(super) async fn recover(connection: &Arc<Connection>, answers: &mpsc::Sender<Msg>) -> Vec<Record> {
    if connection.is_demo() || !connection.begins_recovery() {
        return Vec::new();
    }
    let read = async {
        connection.session.journal_to_write()?;
        Ok::<_, Failure>(connection.session.open_requests().await?)
    };
    let open = match read.await {
        Ok(open) => {
            if open.lines_missing > 0 {
                let told = format!("{}. History tells what can be read.", missing_words(open.lines_missing));
                let _ = answers.send(Msg::Told(Note::new(Tone::Doubt, &told))).await;
            }
            open.records
        }
        Err(Failure { message, .. }) => {
            let told = format!(
                "The journal of earlier requests cannot be read: {message}. So it is not known whether one of them \
                 is still open."
            );
            let _ = answers.send(Msg::Told(Note::new(Tone::Bad, &told))).await;
            return Vec::new();
        }
    };
    // A journal that cannot be read was told of.
    let altered = connection.session.open_alterations().await.unwrap_or_default();
    if let Some(told) = tell_open(&altered) {
        let names = altered.iter().map(|one| one.asked.snapshot.clone()).collect();
        let about = Some(About::Snapshots(connection.place, names));
        let _ = answers.send(Msg::Told(Note { about, ..Note::new(Tone::Doubt, &told) })).await;
    }
    let altered = altered.into_iter().map(|record| LeftOpen::Alteration(Box::new(record), None)).collect();
    tokio::spawn(look_on(Arc::clone(connection), altered, Duration::ZERO, answers.clone()));
    expect_back(connection).await;
    let (unfinished, mut unsettled): (Vec<Record>, Vec<Record>) =
        open.into_iter().partition(Record::is_unfinished);
    // What is looked up so already is told of by that.
    unsettled.retain(|record| !connection.remembered().looked_for.contains(&record.intent.number));
    let (mut recovered, unknown) = look_at(connection, unsettled).await;
    // That a refused request stays refused was told when it was refused.
    recovered.retain(|found| !matches!(found.outcome, Outcome::Refused(_)));
    let followed = follow_unfinished(connection, &unfinished, answers).await;
    let left = if followed.is_some() { Vec::new() } else { unfinished };
    recovered.extend(followed.unwrap_or_default());
    if !recovered.is_empty() {
        let _ = answers.send(Msg::Recovered(connection.place, recovered)).await;
    }
    tokio::spawn(look_on(Arc::clone(connection), unknown, FIRST_GAP, answers.clone()));
    if left.is_empty() {
        let _ = answers.send(Msg::EarlierKnown(connection.place)).await;
    }
    left
}

/// Takes up the snapshots of earlier requests that could not be read, as soon as they can be: until then nobody knows
/// whether what is being made is theirs. Ends with the loop.
pub(super) async fn recover_later(connection: &Connection, left: &[Record], answers: &mpsc::Sender<Msg>) {
    let mut gap = FIRST_GAP;
    while !left.is_empty() && is_on_after(&mut gap, answers).await {
        let Some(recovered) = follow_unfinished(connection, left, answers).await else { continue };
        if !recovered.is_empty() {
            let _ = answers.send(Msg::Recovered(connection.place, recovered)).await;
        }
        let _ = answers.send(Msg::EarlierKnown(connection.place)).await;
        return;
    }
}

/// That it is not known what became of deletions and changes of tags that were asked for earlier.
fn tell_open(open: &[AlterationRecord]) -> Option<String> {
    let of = |is_deletion: bool| {
        let of_kind = open.iter().filter(|one| (one.asked.deed == Deed::Delete) == is_deletion);
        let names: Vec<String> = of_kind.map(|one| text::escape(&one.asked.snapshot)).collect();
        let what = if is_deletion { "deleted" } else { "changed the tags of" };
        let them = if names.len() == 1 { "it" } else { "them" };
        let rest = match names.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let first = names[..names.len().min(NAMED)].join(", ");
        (!names.is_empty()).then(|| format!("{first}{rest}: not known yet whether AWS {what} {them}."))
    };
    let told: Vec<String> = [of(true), of(false)].into_iter().flatten().collect();
    let end = "It is looked up again and again, and nothing is sent again. The history has the rest.";
    (!told.is_empty()).then(|| format!("Earlier: {} {end}", told.join(" ")))
}

/// Something of which it is not known what became, and the order of this run that it is of, if it is of one.
pub(super) enum LeftOpen {
    /// A request, and why it is not known.
    Request(Box<Intent>, Failure, Option<RequestId>),
    /// A deletion or a change of tags.
    Alteration(Box<AlterationRecord>, Option<RequestId>),
}

impl LeftOpen {
    fn number(&self) -> &str {
        match self {
            Self::Request(intent, ..) => &intent.number,
            Self::Alteration(record, _) => &record.asked.number,
        }
    }

    /// Looks once; what is to be told, once it is known. That a request stays refused is no news.
    async fn look(&mut self, connection: &Connection) -> Option<Vec<Msg>> {
        match self {
            Self::Request(intent, cause, of) => {
                let outcome = look(connection, intent, cause.clone()).await;
                is_last_word(intent, &outcome).then(|| match (outcome, of) {
                    (Outcome::Refused(_), _) => Vec::new(),
                    (outcome, Some(id)) => vec![Msg::Submitted(*id, outcome)],
                    (outcome, None) => vec![Msg::Recovered(connection.place, vec![tale(intent, outcome)])],
                })
            }
            Self::Alteration(record, of) => {
                let altered = connection.session.settle_alteration(record).await.ok()?;
                if altered.kind == AlteredKind::Unknown {
                    record.stays_open(&altered);
                    return None;
                }
                let Alteration { snapshot, deed, .. } = &record.asked;
                let told = format!("{}: {}", text::escape(snapshot), altered.words(deed));
                let tone = if altered.kind.is_as_wanted(deed) { Tone::Good } else { Tone::Bad };
                let note = Note::new(tone, &told).about(connection.place, snapshot);
                let of = of.map(|id| Msg::Altered(id, Box::new(altered)));
                Some(of.into_iter().chain([Msg::Told(note), Msg::JournalGrew]).collect())
            }
        }
    }
}

/// Looks by turns what became of requests: what is told of them now, and what is to be looked up further.
pub(super) async fn look_at(
    connection: &Connection,
    records: impl IntoIterator<Item = Record>,
) -> (Vec<Recovered>, Vec<LeftOpen>) {
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for (at, record) in records.into_iter().enumerate() {
        if at > 0 {
            tokio::time::sleep(TURN).await;
        }
        let outcome = look(connection, &record.intent, record.cause()).await;
        let is_last = is_last_word(&record.intent, &outcome);
        found.push(tale(&record.intent, outcome));
        if !is_last {
            let cause = record.cause();
            unknown.push(LeftOpen::Request(Box::new(record.intent), cause, None));
        }
    }
    (found, unknown)
}

/// Looks by turns, for the first time after a gap, until it is known what became of each, and tells it. What is looked
/// up so already is left to that. Ends with the loop.
pub(super) async fn look_on(
    connection: Arc<Connection>,
    mut open: Vec<LeftOpen>,
    mut gap: Duration,
    answers: mpsc::Sender<Msg>,
) {
    open.retain(|one| connection.remembered().looked_for.insert(one.number().to_owned()));
    while !open.is_empty() && is_on_after(&mut gap, &answers).await {
        let mut still = Vec::new();
        for (at, mut one) in open.into_iter().enumerate() {
            if at > 0 {
                tokio::time::sleep(TURN).await;
            }
            let Some(told) = one.look(&connection).await else {
                still.push(one);
                continue;
            };
            connection.remembered().looked_for.remove(one.number());
            for msg in told {
                let _ = answers.send(msg).await;
            }
        }
        open = still;
    }
}

/// Waits for a gap between two look-ups, of which the next is longer; whether the loop goes on.
async fn is_on_after(gap: &mut Duration, answers: &mpsc::Sender<Msg>) -> bool {
    let now = std::mem::replace(gap, (*gap * 2).clamp(FIRST_GAP, LONGEST_GAP));
    tokio::select! {
        () = tokio::time::sleep(now) => true,
        () = answers.closed() => false,
    }
}

/// Reads a page of the journal for the person to look at. That needs no connection: the journal of requests is
/// there also when the credentials have run out.
pub(super) async fn history(id: RequestId, before: Option<Position>, is_demo: bool) -> Option<Msg> {
    let read = if is_demo { Ok(None) } else { session::past(before).await.map(Some) };
    Some(Msg::History(id, read.map_err(|error| error.to_string())))
}

/// Reads what begins at some positions of the journal.
pub(super) async fn entries(id: RequestId, positions: Vec<Position>) -> Option<Msg> {
    let read = session::entries_at(positions).await;
    Some(Msg::Entries(id, read.map_err(|error| error.to_string())))
}

/// Journals how the snapshot of a journalled request ended.
pub(super) async fn note_end(
    connection: &Connection,
    snapshot: &str,
    ending: &Ending,
    answers: &mpsc::Sender<Msg>,
) {
    let followed = connection.remembered().followed.get(snapshot).cloned();
    if let Some(number) = followed
        && let Err(error) = connection.session.note_end(&number, ending).await
    {
        let told = ending.unwritten(snapshot, &error.to_string());
        let _ = answers.send(Msg::Told(Note::new(Tone::Doubt, &told))).await;
    }
}

/// Journals the end of a snapshot that had ended when it was first looked at.
async fn note_first_seen(
    connection: &Connection,
    number: &str,
    snapshot: &Snapshot,
    server_time: Option<Timestamp>,
) {
    let ending = Ending {
        finished_at: connection.session.finished_at(snapshot).await,
        ..Ending::seen(snapshot.status.as_str(), Timestamp::now(), server_time)
    };
    // If it cannot be written down, the next start sees it again.
    let _ = connection.session.note_end(number, &ending).await;
}

/// Remembers whose snapshots were found to be gone: a list may take that back.
async fn expect_back(connection: &Connection) {
    let found = connection.session.gone_requests().await;
    connection.remembered().gone.extend(found.into_iter().map(|record| record.intent));
}

/// Takes back that a snapshot is gone, where a list has it all the same.
pub(super) async fn take_back(connection: &Connection, listed: &[Snapshot], answers: &mpsc::Sender<Msg>) {
    for snapshot in listed.iter().filter(|snapshot| snapshot.status.is_final()) {
        let back = connection.remembered().back(snapshot);
        if let Some(intent) = back {
            note_first_seen(connection, &intent.number, snapshot, None).await;
            let _ = answers.send(Msg::JournalGrew).await;
        }
    }
}

/// Takes up the snapshots of earlier requests that were not seen to end; `None` where they cannot be read now. Whether
/// one that is not listed is gone is not told by this one look: it is followed on.
async fn follow_unfinished(
    connection: &Connection,
    records: &[Record],
    answers: &mpsc::Sender<Msg>,
) -> Option<Vec<Recovered>> {
    let ids: Vec<SnapshotId> =
        records.iter().filter_map(|record| SnapshotId::parse(&record.intent.snapshot).ok()).collect();
    if ids.is_empty() {
        return Some(Vec::new());
    }
    let answer = connection.session.client().snapshots_named(&ids).await.ok()?;
    let look = connection.session.listing(answer, ids.len()).await;
    let mut recovered = Vec::new();
    for record in records {
        let Record { intent, outcome, .. } = record;
        let made = record.made();
        let own = made.as_ref().and_then(|made| Arn::reported(made.arn.as_deref())?.account);
        // Another account's lists say nothing of it, and its namesake there is another snapshot.
        if own.is_some() && look.account.is_some() && own != look.account {
            continue;
        }
        let listed = look.find(&intent.snapshot).cloned();
        if let Some(another) = listed.as_ref().filter(|snapshot| intent.is_not_of(snapshot)) {
            if intent.has_given_way_to(another) {
                let _ = connection.session.note_replaced(intent, look.server_time).await;
                let told = Note::new(Tone::Bad, &format!("Earlier request: {}.", intent.replaced_words()));
                let _ = answers.send(Msg::Told(told.about(connection.place, &intent.snapshot))).await;
            }
            continue;
        }
        connection.follow(&intent.snapshot, &intent.number);
        if let Some(snapshot) = listed.as_ref().filter(|snapshot| snapshot.status.is_final()) {
            note_first_seen(connection, &intent.number, snapshot, look.server_time).await;
        }
        let is_listed = listed.is_some();
        let Some(snapshot) = listed.or(made) else { continue };
        let request_id = outcome.as_ref().and_then(|line| line.request_id.clone());
        let outcome = Outcome::Created { snapshot: Box::new(snapshot), request_id };
        recovered.push(Recovered { is_listed, ..tale(intent, outcome) });
    }
    Some(recovered)
}

/// Whether nothing that is looked up later can change an outcome. A refusal is taken back for as long as a copy
/// of the request, sent by something on the way, can appear.
fn is_last_word(intent: &Intent, outcome: &Outcome) -> bool {
    let is_young = intent.age(Timestamp::now(), None) < HORIZON;
    match outcome {
        Outcome::Refused(refusal) => !(refusal.is_of_the_moment() && is_young),
        outcome => outcome.is_settled(),
    }
}

async fn look(connection: &Connection, intent: &Intent, cause: Failure) -> Outcome {
    let settled = connection.session.settle(intent, cause.clone()).await;
    let unknown = |failed| Outcome::Unknown { since: intent.asked_at(), cause, look: Some(Box::new(failed)) };
    let outcome = settled.unwrap_or_else(unknown);
    if let Some(snapshot) = outcome.snapshot() {
        connection.follow(&intent.snapshot, &intent.number);
        if snapshot.status.is_final() {
            note_first_seen(connection, &intent.number, snapshot, None).await;
        }
    }
    outcome
}

/// What became of a request, for the person who comes back to it.
fn tale(intent: &Intent, outcome: Outcome) -> Recovered {
    // The journal can have been edited by anyone who may.
    let mark = intent.mark.as_deref().map(|key| Tag::new(key, intent.number.as_str()));
    let twin = intent.request().and_then(|request| Earlier::by_twin(&request, &outcome));
    Recovered {
        mark,
        twin,
        ..Recovered::new(text::escape(&intent.snapshot), text::escape(&intent.cluster), outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Policy;
    use crate::fixtures::{self, ACCOUNT, snapshot_arn};

    fn open(name: &str, deed: Deed) -> AlterationRecord {
        let snapshot = Snapshot {
            arn: Some(snapshot_arn("eu-west-1", ACCOUNT, name)),
            created_at: Timestamp::from_second(1_700_000_000).ok(),
            ..fixtures::snapshot(name, "orders", "available")
        };
        let asked = Alteration::of(&snapshot, deed, name.to_owned(), Timestamp::now(), &Policy::default());
        AlterationRecord { asked: asked.expect("it can be told from others"), outcome: None }
    }

    #[test]
    fn what_an_earlier_run_left_open_of_a_clean_up_is_told_by_name_and_count() {
        assert_eq!(tell_open(&[]), None);
        let mut left: Vec<AlterationRecord> =
            ["b0", "o1", "o2", "o3"].into_iter().map(|name| open(name, Deed::Delete)).collect();
        left.push(open("t1", Deed::Tag { add: vec![Tag::new("a", "b")], remove: Vec::new() }));
        let told = tell_open(&left).unwrap_or_default();
        assert!(told.contains("b0, o1, o2 and 1 more: not known yet whether AWS deleted them."), "{told}");
        assert!(told.contains("t1: not known yet whether AWS changed the tags of it."), "{told}");
    }
}
