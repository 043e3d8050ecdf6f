//! `clustersnap watch`: snapshots followed to their end, and open requests to their outcome. `place`: what is followed
//! in one place. `change`: the snapshots of a change.

mod change;
mod place;

use futures_util::future::{join_all, try_join_all};
use tokio::time::sleep;

use super::alter;
use super::gaps::say_gaps;
use super::hints::how_to_go_on;
use super::interrupts::{Interrupts, interrupted};
use super::json;
use super::named_snapshot::NamedSnapshot;
use super::places::{self, Answers, Found, Incomplete, name_of};
use super::problem::{Code, Problem, each_once};
use super::settling;
use super::streams::{Stop, Streams, result};
use crate::cli::{Global, WatchOptions};
use crate::domain::context::Caller;
use crate::domain::listing::LIST_LAG;
use crate::domain::record::Record;
use crate::domain::text::length;
use crate::session::{Session, TURN};
use place::Watching;

/// What an interruption means for what is watched: nothing.
const STILL_GOING: &str =
    "Nothing at AWS is stopped by that: what is being created goes on, and nothing was sent again.";

/// How to go on where there are several places.
const SAME_COMMAND: &str = "The same command goes on following.";

/// What the journal has open in a place.
struct OpenHere {
    /// Of how many deletions and changes of tags it is not known what became.
    altering: usize,
    requests: Vec<Record>,
}

/// Follows in every place; returns the exit code: that of the first end that was not good, the highest of the places'.
pub async fn run(args: &WatchOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let followed = match &args.change {
        Some(id) => Box::pin(change::run(id, global, streams)).await,
        None => Box::pin(follow(args, global, streams)).await,
    };
    match followed {
        // Nobody reads any more: it ends before the end, quietly.
        Err(Stop::Unread) => Ok(Code::Interrupted.exit()),
        followed => followed,
    }
}

/// Follows what is named, or all there is to follow.
async fn follow(args: &WatchOptions, global: &Global, streams: Streams) -> Result<u8, Stop> {
    let names = names(&args.snapshots)?;
    let mut interrupts = Interrupts::new()?;
    let ask = async |session: &Session| {
        let altering = alter::ground::settle_open(session, streams).await;
        take_back_refusals(session, streams, &names).await;
        Ok(OpenHere { altering, requests: open_requests(session, streams, &names).await? })
    };
    let asking = async {
        let is_whole = say_gaps(global, streams).await;
        Ok::<_, Problem>((is_whole, places::ask_each(global, streams, None, ask).await?))
    };
    let (is_whole, answers) = interrupts.during(STILL_GOING, Box::pin(asking)).await?;
    let (mut exit, are_several) = (exit_of_failed(&answers, streams)?, answers.are_several);
    // Those of other snapshots than are named concern nobody who waits for these.
    let altering = answers.found.iter().map(|found| found.value.altering).sum::<usize>();
    let unknown = unknown(altering).filter(|_| names.is_empty());
    if let Some(problem) = &unknown {
        exit = exit.max(problem.code.exit());
        if streams.json {
            result(&json::not_done(problem))?;
        }
        if streams.is_quiet() {
            streams.warn(&format!("clustersnap: {}", problem.message));
        }
    }
    let mut watching: Vec<Watching> = answers
        .found
        .iter()
        .map(|found| Watching::new(&found.session, streams, found.value.requests.clone(), are_several))
        .collect();
    let begun = join_all(watching.iter_mut().map(|place| Box::pin(place.begin(&names))));
    let begun = interrupts.during(STILL_GOING, Box::pin(async { Ok::<_, Stop>(begun.await) })).await?;
    for (place, begun) in watching.iter_mut().zip(begun) {
        exit = exit.max(place.concluded(begun.map(|()| 0))?);
    }
    let failed = watching.extract_if(.., |place| place.has_failed).map(|place| name_of(place.session));
    let unread: Vec<String> = answers.incomplete.iter().map(Incomplete::place).chain(failed).collect();
    found_somewhere(&names, &watching, unread.first())?;
    let is_all = unread.is_empty();
    if watching.iter().all(Watching::is_empty) {
        if !watching.is_empty() {
            streams.say(&nothing(unknown.as_ref(), is_whole, is_all));
        }
        return Ok(exit);
    }
    Ok(exit.max(until_all_ended(&mut watching, &mut interrupts, &go_on(&answers, &names)).await?))
}

/// That it is not known what became of so many deletions and changes of tags, if there are any.
fn unknown(altering: usize) -> Option<Problem> {
    let requests = match altering {
        0 => return None,
        1 => "a request".to_owned(),
        several => format!("{several} requests"),
    };
    let words =
        format!("what became of {requests} to delete or tag is not known yet: the next watch looks again");
    Some(Problem::new(Code::OutcomeUnknown, words))
}

/// That there is nothing to follow. That nothing is open takes a journal that can be read to its end, and all places.
fn nothing(unknown: Option<&Problem>, is_whole: bool, is_all: bool) -> String {
    let here = if is_all { "here" } else { "in the places that could be read" };
    let open = match unknown {
        Some(problem) => format!("; {}", problem.message),
        None if is_whole && is_all => format!(", and no request is open {here}"),
        None => String::new(),
    };
    format!("Nothing is being created {here}{open}.")
}

/// Tells a program of the places that failed; gives the exit code that this makes.
fn exit_of_failed<T>(answers: &Answers<T>, streams: Streams) -> Result<u8, Stop> {
    for place in answers.incomplete.iter().filter(|_| streams.json) {
        result(&json::failed(place))?;
    }
    Ok(answers.exit())
}

/// Follows in all places at the same time; the highest of their exit codes.
async fn until_all_ended(
    watching: &mut [Watching<'_>],
    interrupts: &mut Interrupts,
    go_on: &str,
) -> Result<u8, Stop> {
    let all = try_join_all(watching.iter_mut().map(|place| {
        Box::pin(async {
            let ended = place.until_all_ended().await;
            place.concluded(ended)
        })
    }));
    tokio::select! {
        ended = all => Ok(ended?.into_iter().max().unwrap_or_default()),
        () = interrupts.next() => Err(interrupted(&format!("{STILL_GOING} {go_on}")).into()),
    }
}

/// How to go on following.
fn go_on(answers: &Answers<OpenHere>, names: &[NamedSnapshot]) -> String {
    match answers.found.as_slice() {
        [Found { session, .. }] if !answers.are_several => {
            how_to_go_on(session, names.iter().map(NamedSnapshot::words))
        }
        _ => SAME_COMMAND.to_owned(),
    }
}

/// Refuses a name that no place has, as far as they could be read.
fn found_somewhere(
    names: &[NamedSnapshot],
    watching: &[Watching],
    unread: Option<&String>,
) -> Result<(), Problem> {
    let is_nowhere = |name: &&NamedSnapshot| watching.iter().all(|place| place.missing.contains(name));
    let Some(name) = names.iter().find(is_nowhere).filter(|_| !watching.is_empty()) else { return Ok(()) };
    let unread = unread.map(|place| format!("; {place} could not be read, and may have it"));
    let message = format!(
        "AWS lists no DB cluster snapshot {} where it was looked for{}; one that was begun in the last {} may not be \
         listed yet",
        name.words(),
        unread.unwrap_or_default(),
        length(LIST_LAG.unsigned_abs())
    );
    Err(Problem::parameter("SNAPSHOT", "not-found", &message))
}

fn names(texts: &[String]) -> Result<Vec<NamedSnapshot>, Problem> {
    let mut details = Vec::new();
    let names = each_once(texts.iter().map(String::as_str), NamedSnapshot::parse, &mut details);
    Problem::unless_fine(details)?;
    Ok(names)
}

/// Looks once whether what AWS refused a while ago is there after all, made by a copy of the request: then the
/// journal has it among what is followed.
async fn take_back_refusals(session: &Session, streams: Streams, names: &[NamedSnapshot]) {
    let open = session.open_requests().await.unwrap_or_default().records;
    let is_refused = |record: &&Record| !record.is_unsettled() && !record.is_unfinished();
    let is_meant = |record: &&Record| is_named(record, names);
    for record in open.iter().filter(is_refused).filter(is_meant) {
        // What cannot be looked at now stays refused.
        let _ = settling::look_again(session, record, streams).await;
        sleep(TURN).await;
    }
}

/// Whether a record is of one of these names, if there are any.
fn is_named(record: &Record, names: &[NamedSnapshot]) -> bool {
    names.is_empty() || names.iter().any(|name| name.may_be_of(&record.intent))
}

/// What the journal has open here, of these names if there are any; and of those that are named, the requests
/// whose snapshots were seen to end: they may be otherwise by now.
async fn open_requests(
    session: &Session,
    streams: Streams,
    names: &[NamedSnapshot],
) -> Result<Vec<Record>, Problem> {
    let mut open = match session.open_requests().await {
        Ok(open) => open.records,
        Err(error) => {
            streams.warn(&format!("The journal of earlier requests cannot be read: {error}."));
            return Ok(Vec::new());
        }
    };
    open.retain(|record| record.is_unsettled() || record.is_unfinished());
    open.retain(|record| is_named(record, names));
    for name in names {
        let requests = session.requests_named(name.id.as_str()).await.unwrap_or_default();
        open.extend(requests.into_iter().filter(|record| record.ended.is_some() && record.made().is_some()));
    }
    if !open.is_empty() {
        let caller = find_caller(session, streams).await?;
        open.retain(|record| record.intent.is_of(session.target(), caller.as_ref()));
    }
    Ok(open)
}

/// Who asks, to tell which requests of the journal are this account's. It is not needed to follow what is named, so
/// where STS cannot be asked, the account is that of a cluster's own ARN, or not known.
async fn find_caller(session: &Session, streams: Streams) -> Result<Option<Caller>, Problem> {
    if let Some(caller) = session.find_caller().await {
        return Ok(Some(caller));
    }
    let account = session.client().account_of_clusters().await?;
    if account.is_none() {
        streams.say(
            "Which account answers is not known: neither STS nor the ARN of a cluster tells it. So it is not known \
             either which requests of the journal are this account's; those that may be are looked up.",
        );
    }
    Ok(account.map(|account| Caller { account, arn: String::new() }))
}
