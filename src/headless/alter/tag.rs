//! `clustersnap tag`: tags that snapshots get, and tags that they lose, afterwards.

use jiff::Timestamp;
use serde::Serialize;

use super::choice::ChosenSnapshots;
use super::ground::{self, KnownSnapshots};
use super::sending::{self, ConfirmedAlteration};
use super::{NOTHING_SENT, check_production, code_of, conclude, confirm, problem_of};
use crate::cli::{self, Global};
use crate::domain::alteration::{Altered, AlteredKind, Deed};
use crate::domain::policy::Policy;
use crate::domain::retag::{Retag, RetagItem};
use crate::domain::text::escape;
use crate::headless::create::{policy, refuse_at_once};
use crate::headless::interrupts::{Interrupts, interrupted};
use crate::headless::json::{TagData, tags};
use crate::headless::places::{self, Answers, Where};
use crate::headless::problem::{Code, Detail, Problem, tag_details};
use crate::headless::streams::{Stop, Streams};
use crate::headless::{nothing, table};
use crate::session::Session;

/// A snapshot in its place, and what became of it.
struct TagRow<'a> {
    session: &'a Session,
    place: usize,
    item: RetagItem,
    outcome: Option<Altered>,
}

/// A snapshot, for a program.
#[derive(Serialize)]
struct TagRowData {
    id: String,
    arn: Option<String>,
    cluster: Option<String>,
    /// As they will be, or were asked to be.
    tags: Vec<TagData>,
    why: Option<String>,
    outcome: Option<AlteredKind>,
    message: Option<String>,
    request_id: Option<String>,
    #[serde(rename = "aws_code")]
    service_code: Option<String>,
    #[serde(flatten)]
    place: Where,
}

/// Changes tags; returns the exit code.
pub async fn run(args: &cli::TagOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let mut interrupts = Interrupts::new()?;
    let policy = policy(streams);
    let (names, retag) = words(args, &policy)?;
    let choice = ChosenSnapshots::parse(&names, args.filter.as_deref())?;
    if !args.dry_run {
        refuse_at_once(global, &policy)?;
    }
    let asking = places::ask_each_to(global, streams, Some(&policy), async |session| {
        Box::pin(ground::look(session, streams)).await
    });
    let answers = interrupts.during(NOTHING_SENT, Box::pin(asking)).await?;
    let mut rows = rows(&choice, &retag, &policy, &answers)?;
    let count = rows.iter().filter(|row| row.item.why_not.is_none()).count();
    if rows.is_empty() {
        nothing::say(streams, &answers, "No snapshot fits").await;
    }
    let mut stopped = None;
    if count > 0 && !args.dry_run {
        let tagged = rows.iter().map(|row| &row.item).filter(|item| item.why_not.is_none());
        check_production(tagged.map(|item| (&item.snapshot, item.unconfirmed.as_ref())), &args.confirm)?;
        // Few that were named need no count.
        if args.filter.is_some() || args.yes.is_some() {
            streams.say(&telling(&rows, answers.are_several, &retag));
            confirm(streams, &mut interrupts, count, args.yes, "tag").await?;
        }
        if tag(&mut rows, &retag, streams, &mut interrupts).await {
            let left = "The same command does what is left: tags that are as wanted already are left alone.";
            let problem = interrupted(left);
            streams.warn(&problem.message);
            stopped = Some(problem);
        }
    }
    let deed = retag.deed();
    let data: Vec<TagRowData> = rows.iter().map(|row| TagRowData::of(row, &retag)).collect();
    let problems = rows.iter().filter_map(|row| row.problem(&choice, &deed)).chain(stopped).collect();
    conclude(streams, &telling(&rows, answers.are_several, &retag), &data, problems, &answers.incomplete)
}

/// The names of snapshots, and what is wanted of their tags.
fn words(args: &cli::TagOptions, policy: &Policy) -> Result<(Vec<String>, Retag), Problem> {
    let (mut names, mut add) = (Vec::new(), Vec::new());
    for word in &args.words {
        match word.split_once('=') {
            Some(tag) => add.push(tag),
            None => names.push(word.clone()),
        }
    }
    let remove = &args.remove;
    if add.is_empty() && remove.is_empty() {
        let detail =
            Detail::new("KEY=VALUE", "required", "it takes a tag to add, KEY=VALUE, or to take away, -KEY");
        return Err(Problem::invalid(vec![detail]));
    }
    let retag = Retag::parse(&add, remove, policy);
    Ok((names, retag.map_err(|problems| Problem::invalid(tag_details("KEY=VALUE", &problems)))?))
}

fn rows<'a>(
    choice: &ChosenSnapshots,
    retag: &Retag,
    policy: &Policy,
    answers: &'a Answers<KnownSnapshots>,
) -> Result<Vec<TagRow<'a>>, Problem> {
    if answers.incomplete.is_empty() {
        choice.check_found(&ground::listed(answers))?;
    }
    let now = Timestamp::now();
    Ok(ground::each(answers, policy, now, |place, session, ground| {
        let row = |item| TagRow { session, place, item, outcome: None };
        ground.retag(choice.chooser(now), retag).into_iter().map(row).collect()
    }))
}

/// Tags what can be tagged; whether it was told to end before the end.
async fn tag(rows: &mut [TagRow<'_>], retag: &Retag, streams: Streams, interrupts: &mut Interrupts) -> bool {
    let (is_interrupted, outcomes) = {
        let tagged = rows.iter().filter(|row| row.item.why_not.is_none());
        let orders: Vec<ConfirmedAlteration<'_>> = tagged
            .map(|row| {
                ConfirmedAlteration::new(row.session, row.place, &row.item.snapshot, retag.deed(), &[])
            })
            .collect();
        let is_interrupted = sending::send(&orders, streams, interrupts).await;
        (is_interrupted, orders.into_iter().map(|order| order.outcome.into_inner()).collect::<Vec<_>>())
    };
    for (row, outcome) in rows.iter_mut().filter(|row| row.item.why_not.is_none()).zip(outcomes) {
        row.outcome = outcome;
    }
    is_interrupted
}

fn telling(rows: &[TagRow<'_>], are_several: bool, retag: &Retag) -> String {
    let mut headings = vec!["SNAPSHOT", "CLUSTER", "WHAT", "TAGS"];
    let mut cells: Vec<Vec<String>> = rows.iter().map(|row| row.cells(retag)).collect();
    let places: Vec<Where> = rows.iter().filter(|_| are_several).map(TagRow::place).collect();
    places::put_before(&mut headings, &mut cells, &places);
    table::lay_out(&headings, &cells, |_, cell| cell.to_owned())
}

impl TagRow<'_> {
    fn place(&self) -> Where {
        Where::of(self.item.snapshot.arn.as_deref(), self.session)
    }

    fn cells(&self, retag: &Retag) -> Vec<String> {
        let RetagItem { snapshot, why_not, .. } = &self.item;
        let what = match (&self.outcome, why_not) {
            (Some(outcome), _) if code_of(outcome).is_none() => outcome.kind.short().to_owned(),
            (Some(outcome), _) => format!("{}: {}", outcome.kind.short(), outcome.words(&retag.deed())),
            (None, Some(why)) => format!("stays: {why}"),
            (None, None) => retag.deed().words(),
        };
        let cluster = snapshot.cluster.as_ref().map_or_else(table::dash, ToString::to_string);
        vec![snapshot.id.clone(), cluster, what, table::tags(&self.item.tags)]
    }

    /// Why the command failed because of this one, if it did.
    fn problem(&self, choice: &ChosenSnapshots, deed: &Deed) -> Option<Problem> {
        let snapshot = &self.item.snapshot;
        if let Some(outcome) = &self.outcome {
            return problem_of(&snapshot.id, outcome, &outcome.words(deed));
        }
        let why = self.item.why_not.as_ref().filter(|_| choice.names(snapshot))?;
        Some(Problem::new(Code::ValidationError, escape(&format!("{} stays: {why}", snapshot.id))))
    }
}

impl TagRowData {
    fn of(row: &TagRow<'_>, retag: &Retag) -> Self {
        let RetagItem { snapshot, tags: wanted, why_not, .. } = &row.item;
        let failure = row.outcome.as_ref().and_then(|outcome| outcome.failure.as_ref());
        Self {
            id: snapshot.id.clone(),
            arn: snapshot.arn.clone(),
            cluster: snapshot.cluster.as_ref().map(ToString::to_string),
            tags: tags(wanted),
            why: why_not.as_ref().map(|why| escape(why)),
            outcome: row.outcome.as_ref().map(|outcome| outcome.kind),
            message: row.outcome.as_ref().map(|outcome| outcome.words(&retag.deed())),
            request_id: row.outcome.as_ref().and_then(|outcome| outcome.request_id.clone()),
            service_code: failure.and_then(|failure| failure.code.clone()),
            place: row.place(),
        }
    }
}
