//! `clustersnap delete`: a plan first, then its confirmation by the count, then one deletion after the other.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::choice::{self, ChosenSnapshots};
use super::ground;
use super::row::{AlterationItem, AlterationRow, AlteredData};
use super::{AlterationPlan, look, snapshots};
use crate::cli::{DeleteOptions, Global};
use crate::domain::alteration::{AlterationTerms, AlteredKind, Deed};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::removal::{Guard, Refusal, RemovalItem, RemovalVerdict, RemovalWish};
use crate::domain::snapshot::Snapshot;
use crate::headless::config::policy;
use crate::headless::interrupts::Interrupts;
use crate::headless::problem::Code;
use crate::headless::streams::{Stop, Streams};
use crate::headless::table;

type RemovalPlan<'a> = AlterationPlan<'a, RemovalItem>;
type RemovalRow<'a> = AlterationRow<'a, RemovalItem>;

/// A snapshot of the plan, for a program.
#[derive(Serialize)]
struct RemovalRowData {
    id: String,
    created_at: Option<Timestamp>,
    arn: Option<String>,
    cluster: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    status: String,
    age_s: Option<i64>,
    remaining: Option<usize>,
    verdict: &'static str,
    guards: Vec<&'static str>,
    overridden: Vec<&'static str>,
    #[serde(flatten)]
    altered: AlteredData,
}

/// Plans and deletes; returns the exit code.
pub async fn run(args: &DeleteOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let mut interrupts = Interrupts::new()?;
    let choice = ChosenSnapshots::parse(&args.snapshots, args.filter.as_deref())?;
    let policy = policy(streams);
    let answers = look(global, args.dry_run, &policy, streams, &mut interrupts).await?;
    choice.check_found(&answers)?;
    choice::found_once("--even", &args.even, &answers)?;
    let (now, wish) = (Timestamp::now(), RemovalWish { keep_last: args.keep_last, even: &args.even });
    let rows =
        ground::plan(&answers, &policy, now, |ground| ground.plan(choice.chooser(now, &policy), &wish));
    let plan = AlterationPlan { rows, answers: &answers, choice: &choice, deed: &Deed::Delete, streams };
    let stopped = if plan.count().await > 0 && !args.dry_run {
        plan.check_production(&args.confirm)?;
        streams.say(&telling(&plan));
        streams.say(&summary(&plan));
        plan.confirm(args.yes, "delete", &mut interrupts).await?;
        plan.send(|| what_was_begun(&plan), &mut interrupts).await
    } else {
        streams.say(&summary(&plan));
        if args.dry_run {
            plan.held_back(&args.confirm)
        } else {
            plan.other_count_than_none(args.yes, "delete")
        }
    };
    let data: Vec<RemovalRowData> = plan.rows.iter().map(RemovalRowData::of).collect();
    plan.conclude(&telling(&plan), &data, stopped)
}

/// What an interruption means for what was begun.
fn what_was_begun(plan: &RemovalPlan<'_>) -> String {
    let deleted: Vec<&RemovalRow<'_>> = plan.altered().collect();
    let unbegun = deleted.iter().filter(|row| !row.is_begun.get() && row.outcome.get().is_none()).count();
    let done = deleted
        .iter()
        .filter(|row| row.outcome.get().is_some_and(|it| it.kind.is_as_wanted(&Deed::Delete)))
        .count();
    let is_open = |row: &&&RemovalRow<'_>| {
        row.is_begun.get() && row.outcome.get().is_none_or(|it| it.kind == AlteredKind::Unknown)
    };
    let open = match deleted.iter().filter(is_open).count() {
        0 => String::new(),
        open => {
            let are = if open == 1 { "it is" } else { "they are" };
            format!(" Of {} it is not known whether {are} deleted: the same command looks.", snapshots(open))
        }
    };
    format!("{} of {} deleted, {unbegun} not begun.{open}", done, snapshots(deleted.len()))
}

/// The count of what is deleted and of what stays, and how to say by name what is guarded.
fn summary(plan: &RemovalPlan<'_>) -> String {
    let count = plan.altered().count();
    let is_guarded = plan.rows.iter().any(|row| row.item.is_guarded());
    let hint = if is_guarded { " What is guarded takes its name: --even SNAPSHOT." } else { "" };
    format!("{count} to delete, {} stay.{hint}", plan.rows.len() - count)
}

fn telling(plan: &RemovalPlan<'_>) -> String {
    let now = Timestamp::now();
    let cells = |row: &RemovalRow<'_>| {
        let RemovalItem { snapshot, remaining, .. } = &row.item;
        vec![
            snapshot.id.clone(),
            snapshot.cluster.as_ref().map_or_else(table::dash, ToString::to_string),
            table::ago(snapshot.created_at, now),
            remaining.map_or_else(table::dash, |count| count.to_string()),
            row.what(&Deed::Delete, || planned(&row.item)),
        ]
    };
    let headings = ["SNAPSHOT", "CLUSTER", "AGE", "USABLE LEFT", "WHAT"];
    plan.answers.table_to_confirm(&headings, plan.rows.iter().map(|row| (row.is_in(), cells(row))))
}

/// What is to be done, in a line.
fn planned(item: &RemovalItem) -> String {
    if item.overridden.is_empty() {
        return "delete".to_owned();
    }
    let despite: Vec<String> = item.overridden.iter().map(ToString::to_string).collect();
    format!("delete, said by name: {}", despite.join("; "))
}

impl AlterationItem for RemovalItem {
    fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    fn why_not(&self) -> Option<String> {
        self.why_not()
    }

    fn code_of_staying(&self) -> Option<Code> {
        match &self.verdict {
            RemovalVerdict::Kept(_) => None,
            RemovalVerdict::Refused(Refusal::Held(Failure { kind: FailureKind::ReadOnly, .. })) => {
                Some(Code::ReadOnly)
            }
            RemovalVerdict::Refused(Refusal::OpenDeletion(_)) => Some(Code::OutcomeUnknown),
            _ => Some(Code::ValidationError),
        }
    }

    fn terms(&self) -> AlterationTerms {
        self.terms()
    }

    fn unconfirmed(&self) -> Option<&Failure> {
        self.unconfirmed.as_ref()
    }
}

impl RemovalRowData {
    fn of(row: &RemovalRow<'_>) -> Self {
        let RemovalItem { snapshot, age, verdict, overridden, remaining, .. } = &row.item;
        let words = |guards: &[Guard]| guards.iter().map(Guard::word).collect();
        let (verdict, guards) = match verdict {
            RemovalVerdict::Delete => ("delete", Vec::new()),
            RemovalVerdict::Kept(_) => ("kept", Vec::new()),
            RemovalVerdict::Guarded(guards) => ("guarded", words(guards)),
            RemovalVerdict::Refused(refusal) => ("refused", vec![refusal.word()]),
        };
        Self {
            id: snapshot.id.clone(),
            created_at: snapshot.created_at,
            arn: snapshot.arn.clone(),
            cluster: snapshot.cluster.as_ref().map(ToString::to_string),
            kind: snapshot.kind.to_string(),
            status: snapshot.status.to_string(),
            age_s: age.map(|age: SignedDuration| age.as_secs()),
            remaining: *remaining,
            verdict,
            guards,
            overridden: words(overridden),
            altered: row.data(&Deed::Delete),
        }
    }
}
