//! What came of each cluster of a change, for programs and for people.

use serde::Serialize;

use super::confirm;
use super::plan::{ChangePlan, PlannedCluster, PlannedState};
use crate::domain::change::ChangeItem;
use crate::domain::command;
use crate::domain::earlier::Earlier;
use crate::domain::snapshot::Snapshot;
use crate::domain::text::{escape, escaped_lines};
use crate::headless::create::dry_run::CheckData;
use crate::headless::json::{self, SnapshotData};
use crate::headless::problem::{self, Code, Problem};
use crate::headless::settling;
use crate::headless::streams::{Stop, Streams, read_or_not, result, shown};
use crate::headless::table;

/// What came of a cluster, for a program.
#[derive(Serialize)]
struct ItemData {
    success: bool,
    /// In a word.
    result: &'static str,
    change: String,
    profile: Option<String>,
    #[serde(flatten)]
    snapshot: SnapshotData,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Problem>,
    /// Of a dry run: what is known before the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<Vec<CheckData>>,
    /// Of a dry run: the same request for the AWS command line.
    #[serde(rename = "aws_command", skip_serializing_if = "Option::is_none")]
    equivalent: Option<String>,
}

/// Tells what would be sent; returns the exit code.
pub fn of_dry_run(plan: &ChangePlan<'_>, streams: Streams) -> Result<u8, Stop> {
    let whole = plan.refuse_whole().err().or_else(|| confirm::unconfirmed(plan));
    let mut data = items(plan);
    for (row, data) in plan.rows.iter().zip(&mut data) {
        let Some(item) = row.item() else { continue };
        data.checks = Some(row.checks.iter().map(CheckData::of).collect());
        let is_to_send = matches!(row.state, PlannedState::ToSend(_));
        data.equivalent = is_to_send.then(|| command::cli(row.session.target(), &item.request));
    }
    let worst = worst(whole.as_ref(), &data, plan);
    if streams.json {
        read_or_not(result(&json::answer(&data, worst, &plan.answers.incomplete)))?;
    } else {
        let commands: Vec<String> =
            data.iter().filter_map(|data| data.equivalent.as_deref()).flat_map(escaped_lines).collect();
        let table = confirm::table(plan);
        let commands = commands.join("\n");
        let text = format!("Nothing is created. The requests:\n\n{table}\n\n{}", shown(&commands));
        read_or_not(result(&text))?;
    }
    Ok(conclude(worst, streams))
}

/// Tells what came of each; returns the exit code.
pub fn of_sending(
    plan: &ChangePlan<'_>,
    interrupted: Option<&Problem>,
    streams: Streams,
) -> Result<u8, Stop> {
    let data = items(plan);
    let worst = worst(interrupted, &data, plan);
    let text = if streams.json {
        json::answer(&data, worst, &plan.answers.incomplete)
    } else {
        to_table(plan, &data)
    };
    match result(&text) {
        Ok(()) | Err(Stop::Unread) => {}
        // What was sent was sent, whoever reads of it.
        Err(Stop::Problem(unwritten)) => {
            let (count, id) = (succeeded(plan, &data), &plan.wanted.id);
            let told = format!("{count}; {}. clustersnap report {id} tells the rest", unwritten.message);
            return Err(match worst {
                Some(worst) => Problem::new(worst.code, format!("{}. {told}", worst.message)),
                None => Problem::new(unwritten.code, told),
            }
            .into());
        }
    }
    if let (Some(ended), Some(worst)) = (interrupted, worst)
        && ended.code != worst.code
    {
        streams.warn(&format!("clustersnap: {}", ended.message));
    }
    Ok(conclude(worst, streams))
}

fn conclude(worst: Option<&Problem>, streams: Streams) -> u8 {
    let Some(worst) = worst else { return 0 };
    streams.warn(&format!("clustersnap: {}", worst.to_text()));
    worst.code.exit()
}

/// What the command ends with.
fn worst<'a>(
    whole: Option<&'a Problem>,
    data: &'a [ItemData],
    plan: &'a ChangePlan<'_>,
) -> Option<&'a Problem> {
    let of_items = data.iter().filter_map(|item| item.error.as_ref());
    problem::worst(whole.into_iter().chain(of_items).chain(plan.answers.problems()))
}

fn items(plan: &ChangePlan<'_>) -> Vec<ItemData> {
    let item = |row: &PlannedCluster<'_>| {
        let (result, snapshot) = standing(row);
        let (mut snapshot, mut error) = match snapshot {
            Ok(snapshot) => (snapshot, None),
            Err(problem) => (requested(row), Some(problem)),
        };
        if let Some(told) = error.as_mut().and_then(|problem| problem.snapshot.take()) {
            snapshot = *told;
        }
        if snapshot.origin.is_none() {
            snapshot = snapshot.asked_through(row.session, None);
        }
        ItemData {
            success: error.is_none(),
            result,
            change: plan.wanted.id.to_string(),
            profile: row.session.target().profile.as_deref().map(escape),
            snapshot,
            error,
            checks: None,
            equivalent: None,
        }
    };
    plan.rows.iter().map(item).collect()
}

/// What came of a row in a word, and its snapshot or the problem that it is.
fn standing(row: &PlannedCluster<'_>) -> (&'static str, Result<SnapshotData, Problem>) {
    let followed = row.followed.clone();
    // Where it could not be followed any more, what was known before stays so.
    let or = |known: Result<SnapshotData, Problem>| match followed {
        Some(Err(problem)) if problem.snapshot.is_none() => Err(match known {
            Ok(data) => problem.about(data),
            Err(before) => Problem { snapshot: before.snapshot, ..problem },
        }),
        followed => followed.unwrap_or(known),
    };
    match &row.state {
        PlannedState::ToSend(item) => ("to_send", Ok(SnapshotData::requested(&item.request))),
        PlannedState::Blocked(_, problem) | PlannedState::Unsent(_, problem) => {
            ("not_sent", Err(problem.clone()))
        }
        PlannedState::UnderWay(item) => ("under_way", Err(under_way(item))),
        PlannedState::Sent(item, submitted) => {
            let (session, request, outcome) = (row.session, &item.request, &submitted.outcome);
            let data = || settling::data(session, request, outcome);
            let problem = settling::failed(session, request, outcome);
            let known = problem.map_or_else(|| Ok(data()), Err);
            let told = settling::with_origin(or(known), data().origin.as_ref());
            (if submitted.sent > 0 { "sent" } else { "not_sent" }, told)
        }
        PlannedState::Earlier(earlier) => of_earlier(earlier, or),
    }
}

fn of_earlier(
    earlier: &Earlier,
    or: impl FnOnce(Result<SnapshotData, Problem>) -> Result<SnapshotData, Problem>,
) -> (&'static str, Result<SnapshotData, Problem>) {
    let of = |snapshot: &Snapshot| Ok(SnapshotData::from(snapshot));
    match earlier {
        Earlier::Made(record, listed) => {
            let made = listed.as_deref().cloned().or_else(|| record.made());
            let known = made.as_ref().map_or_else(|| Ok(SnapshotData::default()), of);
            ("made_before", or(known))
        }
        Earlier::Elsewhere(snapshot) => ("made_elsewhere", or(of(snapshot))),
        Earlier::Young(snapshot) => ("young_enough", of(snapshot)),
        Earlier::Open(_) | Earlier::Missing(..) => {
            let words = escape(&earlier.to_string());
            let known = or(Err(Problem::new(Code::OutcomeUnknown, words)));
            (if known.is_ok() { "made_before" } else { "open" }, known)
        }
    }
}

fn under_way(item: &ChangeItem) -> Problem {
    let name = &item.request.snapshot;
    let words =
        format!("{name} was under way: its outcome is not known. The journal has it; watch settles it");
    Problem::new(Code::OutcomeUnknown, words)
}

/// What is known of the snapshot that a row asks for.
fn requested(row: &PlannedCluster<'_>) -> SnapshotData {
    let data = match (&row.state, row.item()) {
        (_, Some(item)) => SnapshotData::requested(&item.request),
        (PlannedState::Earlier(Earlier::Open(record) | Earlier::Missing(record, _)), _) => {
            record.intent.request().map(|request| SnapshotData::requested(&request)).unwrap_or_default()
        }
        _ => SnapshotData { cluster: Some(row.cluster.id.to_string()), ..SnapshotData::default() },
    };
    data.asked_through(row.session, None)
}

/// For how many of the clusters all went well.
fn succeeded(plan: &ChangePlan<'_>, data: &[ItemData]) -> String {
    let succeeded = data.iter().filter(|item| item.success).count();
    format!("{succeeded} of {} of {}", data.len(), plan.wanted.id)
}

fn to_table(plan: &ChangePlan<'_>, data: &[ItemData]) -> String {
    let cells = |(row, item): (&PlannedCluster<'_>, &ItemData)| {
        let id = if item.snapshot.id.is_empty() { table::dash() } else { item.snapshot.id.clone() };
        let status = item.snapshot.status.clone().unwrap_or_else(table::dash);
        let told =
            item.error.as_ref().map_or_else(|| words(item.result).to_owned(), |error| error.message.clone());
        vec![row.cluster.id.to_string(), id, status, told]
    };
    let rows = plan.rows.iter().zip(data).map(|of| (of.0.is_in(), cells(of)));
    let table = plan.answers.table(&["CLUSTER", "SNAPSHOT", "STATUS", "RESULT"], rows, None);
    format!("{table}\n{}", succeeded(plan, data))
}

fn words(result: &str) -> &'static str {
    match result {
        "sent" => "requested",
        "made_before" => "requested before",
        "made_elsewhere" => "requested by another program or machine",
        "young_enough" => "young enough, not requested",
        _ => "not sent",
    }
}
