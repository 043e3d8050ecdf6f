//! The table of what is about to be sent, and the yes to it: typed at a terminal, or given on the command line.

use super::plan::{ChangePlan, PlannedCluster, PlannedState};
use super::wanted::Wanted;
use crate::domain::preflight::Verdict;
use crate::domain::text::escape;
use crate::headless::asking::Asking;
use crate::headless::create::preflight;
use crate::headless::interrupts::Interrupts;
use crate::headless::places::Where;
use crate::headless::problem::{Code, Problem};
use crate::headless::streams::{self, Stop, Streams};
use crate::headless::table;

/// Refuses what nobody can be asked about, before anything is read.
pub fn refuse_unasked(wanted: &Wanted<'_>) -> Result<(), Problem> {
    if wanted.args.yes || streams::can_ask() {
        return Ok(());
    }
    let message = "there is no terminal to ask at: --yes sends the change without asking";
    Err(Problem::parameter("--yes", "required", message))
}

/// Asks whether it is to be sent; whether that holds for production too.
pub async fn ask(plan: &ChangePlan<'_>, interrupts: &mut Interrupts, streams: Streams) -> Result<bool, Stop> {
    let wanted = plan.wanted;
    let sent = plan.to_send().count();
    let (change, is_given) = (words(plan), wanted.args.confirm.is_some());
    let unconfirmed = unconfirmed(plan);
    let is_open = unconfirmed.is_some() && !is_given;
    if let Some(problem) = unconfirmed.filter(|_| is_given || wanted.args.yes) {
        return Err(problem.into());
    }
    if wanted.args.yes {
        for row in plan.rows.iter().filter(|row| matches!(row.state, PlannedState::ToSend(_))) {
            let doubts = told(row, |verdict| verdict == Verdict::Doubt);
            if !doubts.is_empty() {
                streams.say(&format!("{}: {}", escape(row.cluster.id.as_str()), doubts.join("; ")));
            }
        }
        return Ok(is_given);
    }
    streams.warn(&table(plan));
    let mut asking = Asking::new(streams, interrupts);
    let (expected, question) = if is_open {
        (change.clone(), format!("PRODUCTION. Type the change and its count, {change}, to send {sent}"))
    } else {
        (sent.to_string(), format!("Type {sent} to send {sent}"))
    };
    let answer = asking.ask(&escape(&format!("{question}, anything else leaves"))).await?;
    if answer.trim() == expected {
        return Ok(is_given || is_open);
    }
    Err(Problem::new(Code::Interrupted, "Left. Nothing was sent.").into())
}

/// What confirms the change for production: its name, and how many clusters it has.
fn words(plan: &ChangePlan<'_>) -> String {
    format!("{}:{}", plan.wanted.id, plan.rows.len())
}

/// Why the command line confirms something else, or not what it has to for production.
pub fn unconfirmed(plan: &ChangePlan<'_>) -> Option<Problem> {
    let change = words(plan);
    let refuse = |rule, message: String| Some(Problem::parameter("--confirm", rule, &message));
    match plan.wanted.args.confirm.as_deref() {
        Some(given) if given == change => None,
        Some(other) => refuse(
            "not-confirmed",
            format!("{other} is not {change}: the change, and how many clusters it has"),
        ),
        None => {
            let guarded = plan.rows.iter().filter(|row| row.is_unconfirmed);
            let guarded: Vec<&str> = guarded.map(|row| row.cluster.id.as_str()).collect();
            let which = guarded.join(", ");
            (!guarded.is_empty())
                .then(|| format!("production, or it is not known: {which}; it takes --confirm {change}"))
                .and_then(|message| refuse("required", message))
        }
    }
}

/// What is about to be sent, and what stands against it. Safe to show.
pub fn table(plan: &ChangePlan<'_>) -> String {
    let cells = |row: &PlannedCluster<'_>| {
        let Where { account, region } = row.is_in();
        let name = row.item().map(|item| item.request.snapshot.to_string());
        vec![
            row.cluster.id.to_string(),
            account.map_or_else(table::dash, |account| account.to_string()),
            region.unwrap_or_else(table::dash),
            name.unwrap_or_else(table::dash),
            against(row),
        ]
    };
    // Account and Region also where all rows agree: whoever confirms has to see where it goes.
    let headings = ["CLUSTER", "ACCOUNT", "REGION", "SNAPSHOT", "STANDS AGAINST IT"];
    let rows: Vec<Vec<String>> = plan.rows.iter().map(cells).collect();
    table::lay_out(&headings, rows, None)
}

/// What stands against a request, in words.
fn against(row: &PlannedCluster<'_>) -> String {
    match &row.state {
        PlannedState::Earlier(earlier) => format!("not sent: {earlier}"),
        PlannedState::Blocked(_, problem) => format!("not sent: {}", problem.message),
        _ => {
            let told = told(row, |verdict| matches!(verdict, Verdict::Doubt | Verdict::Unknown));
            if told.is_empty() { "nothing known".to_owned() } else { told.join("; ") }
        }
    }
}

/// What is known before a request, of these verdicts.
fn told(row: &PlannedCluster<'_>, is_told: impl Fn(Verdict) -> bool) -> Vec<String> {
    row.checks.iter().filter(|check| is_told(check.verdict)).map(preflight::words).collect()
}
