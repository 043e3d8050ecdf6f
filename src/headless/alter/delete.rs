//! `clustersnap delete`: a plan first, then its confirmation by the count, then one deletion after the other.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::choice::{self, ChosenSnapshots};
use super::ground::{self, KnownSnapshots};
use super::sending::{self, ConfirmedAlteration};
use super::{NOTHING_SENT, check_production, code_of, conclude, confirm, problem_of, snapshots};
use crate::cli::{DeleteOptions, Global};
use crate::domain::alteration::{Altered, AlteredKind, Deed};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::policy::Policy;
use crate::domain::removal::{Guard, Refusal, RemovalItem, RemovalVerdict, RemovalWish};
use crate::domain::text::escape;
use crate::headless::create::{policy, refuse_at_once};
use crate::headless::interrupts::{Interrupts, interrupted};
use crate::headless::places::{self, Answers, Where};
use crate::headless::problem::{Code, Problem};
use crate::headless::streams::{Stop, Streams};
use crate::headless::{nothing, table};
use crate::session::Session;

/// An item of the plan in its place, and what became of it.
struct RemovalRow<'a> {
    session: &'a Session,
    place: usize,
    item: RemovalItem,
    outcome: Option<Altered>,
    is_begun: bool,
}

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
    why: Option<String>,
    outcome: Option<AlteredKind>,
    message: Option<String>,
    request_id: Option<String>,
    #[serde(rename = "aws_code")]
    service_code: Option<String>,
    #[serde(flatten)]
    place: Where,
}

/// Plans and deletes; returns the exit code.
pub async fn run(args: &DeleteOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let mut interrupts = Interrupts::new()?;
    let choice = ChosenSnapshots::parse(&args.snapshots, args.filter.as_deref())?;
    let policy = policy(streams);
    if !args.dry_run {
        refuse_at_once(global, &policy)?;
    }
    let asking = places::ask_each_to(global, streams, Some(&policy), async |session| {
        Box::pin(ground::look(session, streams)).await
    });
    let answers = interrupts.during(NOTHING_SENT, Box::pin(asking)).await?;
    let mut rows = plan(args, &choice, &policy, &answers)?;
    let told = telling(&rows, answers.are_several);
    let count = rows.iter().filter(|row| row.item.is_deleted()).count();
    if rows.is_empty() {
        nothing::say(streams, &answers, "No snapshot fits").await;
    }
    let mut stopped = None;
    if count > 0 && !args.dry_run {
        let deleted = rows.iter().map(|row| &row.item).filter(|item| item.is_deleted());
        check_production(deleted.map(|item| (&item.snapshot, item.unconfirmed.as_ref())), &args.confirm)?;
        streams.say(&told);
        streams.say(&summary(&rows));
        confirm(streams, &mut interrupts, count, args.yes, "delete").await?;
        if delete(&mut rows, streams, &mut interrupts).await {
            let problem = interrupted(&what_was_begun(&rows));
            streams.warn(&problem.message);
            stopped = Some(problem);
        }
    } else {
        streams.say(&summary(&rows));
    }
    let data: Vec<RemovalRowData> = rows.iter().map(RemovalRowData::of).collect();
    let problems = rows.iter().filter_map(|row| row.problem(&choice)).chain(stopped).collect();
    conclude(streams, &telling(&rows, answers.are_several), &data, problems, &answers.incomplete)
}

/// The plan over all places.
fn plan<'a>(
    args: &DeleteOptions,
    choice: &ChosenSnapshots,
    policy: &Policy,
    answers: &'a Answers<KnownSnapshots>,
) -> Result<Vec<RemovalRow<'a>>, Problem> {
    let listed = ground::listed(answers);
    if answers.incomplete.is_empty() {
        choice.check_found(&listed)?;
    }
    choice::found_once("--even", &args.even, &listed)?;
    let now = Timestamp::now();
    let wish = RemovalWish { keep_last: args.keep_last, even: &args.even };
    Ok(ground::each(answers, policy, now, |place, session, ground| {
        let row = |item| RemovalRow { session, place, item, outcome: None, is_begun: false };
        ground.plan(choice.chooser(now), &wish).into_iter().map(row).collect()
    }))
}

/// Deletes what the plan deletes; whether it was told to end before the end.
async fn delete(rows: &mut [RemovalRow<'_>], streams: Streams, interrupts: &mut Interrupts) -> bool {
    let (is_interrupted, outcomes) = {
        let deleted = rows.iter().filter(|row| row.item.is_deleted());
        let orders: Vec<ConfirmedAlteration<'_>> = deleted
            .map(|row| {
                let item = &row.item;
                ConfirmedAlteration::new(
                    row.session,
                    row.place,
                    &item.snapshot,
                    Deed::Delete,
                    &item.overridden,
                )
            })
            .collect();
        let is_interrupted = sending::send(&orders, streams, interrupts).await;
        let outcomes: Vec<_> =
            orders.into_iter().map(|order| (order.is_begun.get(), order.outcome.into_inner())).collect();
        (is_interrupted, outcomes)
    };
    for (row, (is_begun, outcome)) in rows.iter_mut().filter(|row| row.item.is_deleted()).zip(outcomes) {
        (row.is_begun, row.outcome) = (is_begun, outcome);
    }
    is_interrupted
}

/// What an interruption means for what was begun.
fn what_was_begun(rows: &[RemovalRow<'_>]) -> String {
    let deleted: Vec<&RemovalRow<'_>> = rows.iter().filter(|row| row.item.is_deleted()).collect();
    let unbegun = deleted.iter().filter(|row| !row.is_begun).count();
    let done =
        deleted.iter().filter(|row| row.outcome.as_ref().is_some_and(|it| it.kind.is_as_wanted())).count();
    let is_open = |row: &&&RemovalRow<'_>| {
        row.is_begun && row.outcome.as_ref().is_none_or(|it| it.kind == AlteredKind::Unknown)
    };
    let open = match deleted.iter().filter(is_open).count() {
        0 => String::new(),
        1 => " Of 1 snapshot it is not known whether it is deleted: the same command looks.".to_owned(),
        open => {
            format!(
                " Of {} it is not known whether they are deleted: the same command looks.",
                snapshots(open)
            )
        }
    };
    format!("{} of {} deleted, {unbegun} not begun.{open}", done, snapshots(deleted.len()))
}

/// The count of what is deleted and of what stays, and how to say by name what is guarded.
fn summary(rows: &[RemovalRow<'_>]) -> String {
    let count = rows.iter().filter(|row| row.item.is_deleted()).count();
    let is_guarded = rows.iter().any(|row| matches!(row.item.verdict, RemovalVerdict::Guarded(_)));
    let hint = if is_guarded { " What is guarded takes its name: --even SNAPSHOT." } else { "" };
    format!("{count} to delete, {} stay.{hint}", rows.len() - count)
}

fn telling(rows: &[RemovalRow<'_>], are_several: bool) -> String {
    let now = Timestamp::now();
    let mut headings = vec!["SNAPSHOT", "CLUSTER", "AGE", "USABLE LEFT", "WHAT"];
    let mut cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells(now)).collect();
    let places: Vec<Where> = rows.iter().filter(|_| are_several).map(RemovalRow::place).collect();
    places::put_before(&mut headings, &mut cells, &places);
    table::lay_out(&headings, &cells, |_, cell| cell.to_owned())
}

impl RemovalRow<'_> {
    fn place(&self) -> Where {
        Where::of(self.item.snapshot.arn.as_deref(), self.session)
    }

    fn cells(&self, now: Timestamp) -> Vec<String> {
        let RemovalItem { snapshot, remaining, .. } = &self.item;
        vec![
            snapshot.id.clone(),
            snapshot.cluster.as_ref().map_or_else(table::dash, ToString::to_string),
            table::ago(snapshot.created_at, now),
            remaining.map_or_else(table::dash, |count| count.to_string()),
            self.what(),
        ]
    }

    /// What becomes of it, or became, in a line.
    fn what(&self) -> String {
        if let Some(outcome) = &self.outcome {
            return match code_of(outcome) {
                None => outcome.kind.short().to_owned(),
                Some(_) => format!("{}: {}", outcome.kind.short(), outcome.words(&Deed::Delete)),
            };
        }
        match self.item.why_not() {
            Some(why) => format!("stays: {why}"),
            None if self.item.overridden.is_empty() => "delete".to_owned(),
            None => {
                let despite: Vec<String> = self.item.overridden.iter().map(ToString::to_string).collect();
                format!("delete, said by name: {}", despite.join("; "))
            }
        }
    }

    /// Why the command failed because of this one, if it did: it was not deleted although it was sent, or said by
    /// its name. What a filter found and the plan leaves is no failure.
    fn problem(&self, choice: &ChosenSnapshots) -> Option<Problem> {
        let snapshot = &self.item.snapshot;
        if let Some(outcome) = &self.outcome {
            return problem_of(&snapshot.id, outcome, &outcome.words(&Deed::Delete));
        }
        let is_meant = choice.names(snapshot);
        let why = self.item.why_not().filter(|_| is_meant)?;
        let code = match &self.item.verdict {
            RemovalVerdict::Kept(_) => return None,
            RemovalVerdict::Refused(Refusal::Held(Failure { kind: FailureKind::ReadOnly, .. })) => {
                Code::ReadOnly
            }
            _ => Code::ValidationError,
        };
        Some(Problem::new(code, escape(&format!("{} stays: {why}", snapshot.id))))
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
        let failure = row.outcome.as_ref().and_then(|outcome| outcome.failure.as_ref());
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
            why: row.item.why_not().map(|why| escape(&why)),
            outcome: row.outcome.as_ref().map(|outcome| outcome.kind),
            message: row.outcome.as_ref().map(|outcome| outcome.words(&Deed::Delete)),
            request_id: row.outcome.as_ref().and_then(|outcome| outcome.request_id.clone()),
            service_code: failure.and_then(|failure| failure.code.clone()),
            place: row.place(),
        }
    }
}
