//! `watch --change`: the snapshots of a change, in the places that it was sent to. It ends well only when each of its
//! clusters has a usable one.

use tokio::time::sleep;

use super::place::Watching;
use super::{SAME_COMMAND, STILL_GOING, exit_of_failed, until_all_ended};
use crate::cli::Global;
use crate::domain::account::{AccountId, Arn};
use crate::domain::alteration::AlterationRecord;
use crate::domain::change::{ChangeItem, LeftOut};
use crate::domain::change_id::{ChangeId, ChangeKey};
use crate::domain::change_record::{Achieved, by_cluster, is_deleted};
use crate::domain::cluster_id::ClusterId;
use crate::domain::earlier::is_of_change;
use crate::domain::mark::is_marked_beside;
use crate::domain::page::SnapshotScope;
use crate::domain::record::Record;
use crate::domain::snapshot::Snapshot;
use crate::domain::text::escape;
use crate::headless::config::policy;
use crate::headless::gaps::say_gaps;
use crate::headless::interrupts::Interrupts;
use crate::headless::places::{self, Answers};
use crate::headless::problem::{self, Code, Problem};
use crate::headless::streams::{Stop, Streams, result, shown};
use crate::headless::{json, pages};
use crate::journal::JournalError;
use crate::places_wanted::{self, words};
use crate::rds::ServiceOptions;
use crate::session::Session;
use crate::session::changes::ChangeHistory;
use crate::track::schedule;

/// Follows a change; returns the exit code.
pub async fn run(id: &str, global: &Global, streams: Streams) -> Result<u8, Stop> {
    let id = problem::change("--change", id)?;
    let policy = policy(streams);
    let mut interrupts = Interrupts::new()?;
    let beginning = async {
        let asked = if global.demo { ChangeHistory::default() } else { history(&id).await? };
        // Once: the code of an MFA device works once.
        let named = places_of(global, &asked).await?;
        say_gaps(global, streams).await;
        Ok::<_, Stop>((asked, named))
    };
    let (mut asked, named) = interrupts.during(STILL_GOING, Box::pin(beginning)).await?;
    loop {
        let reading = places::ask_all(global.demo, named.clone(), streams, None, async |session| {
            known_by_tags(session, &id, &policy.change_key, &asked).await
        });
        let answers = interrupts.during(STILL_GOING, Box::pin(reading)).await?;
        if answers.found.iter().all(|found| found.value.is_empty())
            && asked.is_empty()
            && answers.incomplete.is_empty()
        {
            return Err(not_known(&id, policy.broken.as_deref()).into());
        }
        let exit = follow(&asked, &answers, &mut interrupts, streams).await?;
        if !asked.is_at_work() {
            if exit == 0 {
                streams.say(&format!("All snapshots that are known of {id} are usable."));
            }
            return Ok(exit);
        }
        interrupts.during(STILL_GOING, Box::pin(until_there_is_more(&id, &asked))).await?;
        asked = interrupts.during(STILL_GOING, history(&id)).await?;
    }
}

/// Follows what is known of a change by now; the exit code.
async fn follow(
    asked: &ChangeHistory,
    answers: &Answers<Vec<Snapshot>>,
    interrupts: &mut Interrupts,
    streams: Streams,
) -> Result<u8, Stop> {
    let mut exit = exit_of_failed(answers, streams)?;
    let mut watching = watching(asked, answers, streams);
    for problem in not_followed(asked, answers) {
        exit = exit.max(problem.code.exit());
        let text = if streams.json { json::not_done(&problem) } else { shown(&problem.message).into_owned() };
        result(&text)?;
    }
    Ok(exit.max(until_all_ended(&mut watching, interrupts, SAME_COMMAND).await?))
}

/// The snapshots of a change by their tags. What is gone, or was deleted from here, says nothing of its cluster any more.
async fn known_by_tags(
    session: &Session,
    id: &ChangeId,
    key: &ChangeKey,
    asked: &ChangeHistory,
) -> Result<Vec<Snapshot>, Problem> {
    session.find_caller().await;
    let mut tagged = tagged(session, id, key).await?;
    tagged.retain(|snapshot| {
        let is_it = |one: &AlterationRecord| one.has_deleted() && one.is_of_snapshot(snapshot);
        let is_gone = snapshot.status.is_lost() && !snapshot.status.is_failure();
        !is_gone && !asked.altered.iter().any(is_it)
    });
    Ok(tagged)
}

/// That nothing is known of a change; which tag tells of it may be what is wrong in the configuration.
fn not_known(id: &ChangeId, broken: Option<&str>) -> Problem {
    let known = format!("nothing is known of the change {id}, by this machine's journal or by tags");
    let message = match broken {
        None => known,
        Some(broken) => format!("{known}; the tag may be another than was looked for: {broken}"),
    };
    Problem::parameter("--change", "not-found", &message)
}

/// Waits until a program that is at work on a change has sent more of it, or has ended.
async fn until_there_is_more(id: &ChangeId, before: &ChangeHistory) -> Result<(), JournalError> {
    loop {
        let now = ChangeHistory::read(id).await?;
        if !now.is_at_work() || now.unsent.len() != before.unsent.len() {
            return Ok(());
        }
        sleep(schedule::FAST).await;
    }
}

/// What the journal has of a change: of its requests the one that counts for each cluster.
async fn history(id: &ChangeId) -> Result<ChangeHistory, JournalError> {
    let mut history = ChangeHistory::read(id).await?;
    history.requests = by_cluster(&history.requests).into_iter().cloned().collect();
    Ok(history)
}

/// The places that are named, else those that the change was to be sent to.
async fn places_of(global: &Global, asked: &ChangeHistory) -> Result<Vec<ServiceOptions>, Problem> {
    let is_named = !global.profiles.is_empty() || !global.regions.is_empty() || global.places.is_some();
    if is_named || asked.is_empty() {
        return crate::headless::named(global).await;
    }
    let sent = asked.requests.iter().map(|record| (&record.intent.profile, &record.intent.region));
    let unsent = asked.unsent.iter().map(|item| &item.place);
    let others = unsent.chain(asked.left_out.iter().map(|out| &out.place));
    let named = sent.chain(others.map(|place| (&place.profile, &place.region)));
    let named = named.map(|(profile, region)| (profile.clone(), region.clone())).collect();
    crate::headless::with_code(global, places_wanted::of(global, named)).await
}

/// The snapshots that carry the change and a request's mark, which is not that of their cluster.
async fn tagged(session: &Session, id: &ChangeId, key: &ChangeKey) -> Result<Vec<Snapshot>, Problem> {
    let mut listed = pages::snapshots(session.client(), &SnapshotScope::Manual).await?;
    listed.retain(|snapshot| is_of_change(snapshot, id, key));
    if listed.is_empty() {
        return Ok(listed);
    }
    let clusters = pages::clusters(session.client()).await?;
    listed.retain(|snapshot| {
        let cluster = clusters.iter().find(|cluster| snapshot.cluster.as_ref() == Some(&cluster.id));
        cluster.is_none_or(|cluster| is_marked_beside(&snapshot.tags, &cluster.tags))
    });
    Ok(listed)
}

/// What is followed: what the journal has of each place, and of other clusters there what only the tags tell of.
fn watching<'a>(
    asked: &ChangeHistory,
    answers: &'a Answers<Vec<Snapshot>>,
    streams: Streams,
) -> Vec<Watching<'a>> {
    let of_place = |found: &'a places::Found<Vec<Snapshot>>| {
        let is_followed = |record: &&Record| {
            let may_be_there =
                Achieved::by(record) >= Achieved::Unknown && !is_deleted(record, &asked.altered);
            may_be_there && is_of(record, &found.session)
        };
        let open: Vec<Record> = asked.requests.iter().filter(is_followed).cloned().collect();
        let is_requested = |tagged: &Snapshot| {
            let cluster = tagged.cluster.as_ref().map(ClusterId::as_str);
            open.iter().any(|record| cluster == Some(&record.intent.cluster))
        };
        let others = found.value.iter().filter(|tagged| !tagged.status.is_failure() && !is_requested(tagged));
        let others: Vec<&Snapshot> = others.collect();
        let mut watching = Watching::new(&found.session, streams, open, answers.are_several);
        watching.begin_with(others.into_iter());
        watching
    };
    answers.found.iter().map(of_place).collect()
}

fn is_of(record: &Record, session: &Session) -> bool {
    record.intent.is_of(session.target(), session.caller().as_ref())
}

/// What keeps the change from being done, and is not followed: each is a problem. None is where the tags tell that the
/// cluster has a snapshot of the change.
fn not_followed(asked: &ChangeHistory, answers: &Answers<Vec<Snapshot>>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let has_one = |cluster: &str, account: Option<&AccountId>, region: Option<&str>| {
        let mut tagged = answers.found.iter().flat_map(|found| &found.value);
        tagged.any(|tagged| {
            !tagged.status.is_failure()
                && tagged.cluster.as_ref().is_some_and(|of| of.as_str() == cluster)
                && Arn::reported(tagged.arn.as_deref()).is_some_and(|arn| arn.may_be_in(account, region))
        })
    };
    for record in &asked.requests {
        let is_here = answers.found.iter().any(|found| is_of(record, &found.session));
        let intent = &record.intent;
        let achieved = Achieved::by(record);
        if has_one(&intent.cluster, intent.account.as_ref(), intent.region.as_deref()) {
            continue;
        }
        let (code, why) = match achieved {
            _ if is_deleted(record, &asked.altered) => {
                (Code::SnapshotFailed, format!("{} was deleted afterwards", intent.snapshot))
            }
            Achieved::Nothing => {
                let why = record.failure().map(|failure| format!(": {failure}")).unwrap_or_default();
                (Code::NotReady, format!("{}{why}", record.kind().short()))
            }
            Achieved::Doubtful => {
                (Code::OutcomeUnknown, format!("{}: {}", intent.snapshot, record.kind().sentence()))
            }
            Achieved::Failed => (Code::SnapshotFailed, format!("{} is {}", intent.snapshot, record.result())),
            _ if !is_here => {
                let place = intent.region.as_deref().unwrap_or("a Region that is not known");
                let account =
                    intent.account.as_ref().map(|account| format!(" of {account}")).unwrap_or_default();
                (
                    Code::NotReady,
                    format!("{} was not looked at: no place answered for {place}{account}", intent.snapshot),
                )
            }
            _ => continue,
        };
        problems.push(Problem::new(code, escape(&format!("{}: {why}", intent.cluster))));
    }
    // What cannot be restored of another request, where its cluster has no other one.
    for failed in answers.found.iter().flat_map(|found| &found.value).filter(|it| it.status.is_failure()) {
        let arn = Arn::reported(failed.arn.as_deref());
        let (account, region) = arn.map(|arn| (arn.account, arn.region)).unwrap_or_default();
        let cluster = failed.cluster.as_ref().map(ClusterId::as_str).unwrap_or_default();
        let is_told = asked.requests.iter().any(|record| record.intent.snapshot == failed.id);
        if !is_told && !has_one(cluster, account.as_ref(), region.as_deref()) {
            let why = format!("{cluster}: {} is {}", failed.id, failed.status);
            problems.push(Problem::new(Code::SnapshotFailed, escape(&why)));
        }
    }
    let is_missing = |item: &&ChangeItem| {
        let (place, cluster) = (&item.place, item.request.cluster.as_str());
        !has_one(cluster, item.account.as_ref(), place.region.as_deref())
    };
    for item in asked.unsent_clusters().filter(is_missing) {
        let why = item.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        let why = format!("{}: {} was not sent{why}", item.request.cluster, item.request.snapshot);
        problems.push(Problem::new(Code::NotReady, escape(&why)));
    }
    // What was requested apart from the change has what it needs by that.
    let is_missing = |out: &&LeftOut| {
        !out.is_requested && !has_one(&out.cluster, out.account.as_ref(), out.place.region.as_deref())
    };
    for out in asked.left_out.iter().filter(is_missing) {
        let why = if out.is_place() {
            let place = words(out.place.profile.as_deref(), out.place.region.as_deref());
            format!("{place}: nothing was sent there: {}", out.why)
        } else {
            format!("{}: nothing was sent for it: {}", out.cluster, out.why)
        };
        problems.push(Problem::new(Code::NotReady, escape(&why)));
    }
    problems
}
