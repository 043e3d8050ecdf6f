//! `clustersnap tag`: tags that snapshots get, and tags that they lose, afterwards.

use jiff::Timestamp;
use serde::Serialize;

use super::choice::ChosenSnapshots;
use super::ground;
use super::row::{AlterationItem, AlterationRow, AlteredData};
use super::{AlterationPlan, look};
use crate::cli::{self, Global};
use crate::domain::alteration::{AlterationTerms, Deed};
use crate::domain::failure::Failure;
use crate::domain::policy::Policy;
use crate::domain::retag::{Retag, RetagItem};
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;
use crate::domain::text::escape;
use crate::headless::config::policy;
use crate::headless::create::typed_tags;
use crate::headless::interrupts::Interrupts;
use crate::headless::problem::{Code, Problem, tag_details};
use crate::headless::streams::{Stop, Streams};
use crate::headless::table;

/// What an interruption means for what was not done.
const LEFT: &str = "The same command does what is left: tags that are as wanted already are left alone.";

type TagPlan<'a> = AlterationPlan<'a, RetagItem>;
type TagRow<'a> = AlterationRow<'a, RetagItem>;

/// A snapshot, for a program.
#[derive(Serialize)]
struct TagRowData {
    id: String,
    arn: Option<String>,
    cluster: Option<String>,
    /// As they will be, or were asked to be.
    tags: Vec<Tag>,
    #[serde(flatten)]
    altered: AlteredData,
}

/// Changes tags; returns the exit code.
pub async fn run(args: &cli::TagOptions, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let mut interrupts = Interrupts::new()?;
    let policy = policy(streams);
    let (names, retag) = words(args, &policy)?;
    let (choice, deed) = (ChosenSnapshots::parse(&names, args.filter.as_deref())?, retag.deed());
    let answers = look(global, args.dry_run, &policy, streams, &mut interrupts).await?;
    choice.check_found(&answers)?;
    let now = Timestamp::now();
    let rows =
        ground::plan(&answers, &policy, now, |ground| ground.retag(choice.chooser(now, &policy), &retag));
    let plan = AlterationPlan { rows, answers: &answers, choice: &choice, deed: &deed, streams };
    for row in plan.altered() {
        for key in row.item.absent(&args.remove) {
            streams.say(&format!("{} has no tag {} to take away.", row.name, escape(key)));
        }
    }
    let stopped = if plan.count().await > 0 && !args.dry_run {
        plan.check_production(&args.confirm)?;
        // Few that were named need no count.
        if args.filter.is_some() || args.yes.is_some() {
            streams.say(&telling(&plan));
            plan.confirm(args.yes, "tag", &mut interrupts).await?;
        }
        plan.send(|| LEFT.to_owned(), &mut interrupts).await
    } else if args.dry_run {
        plan.held_back(&args.confirm)
    } else {
        plan.other_count_than_none(args.yes, "tag")
    };
    let data: Vec<TagRowData> = plan.rows.iter().map(|row| TagRowData::of(row, &deed)).collect();
    plan.conclude(&telling(&plan), &data, stopped)
}

/// The names of snapshots, and what is wanted of their tags.
fn words(args: &cli::TagOptions, policy: &Policy) -> Result<(Vec<String>, Retag), Problem> {
    let is_tag = |word: &&String| word.contains('=');
    let (tags, names): (Vec<&String>, Vec<&String>) = args.words.iter().partition(is_tag);
    let (names, tags): (Vec<String>, Vec<String>) =
        (names.into_iter().cloned().collect(), tags.into_iter().cloned().collect());
    let mut details = Vec::new();
    let add = typed_tags("KEY=VALUE", &tags, &mut details);
    Problem::unless_fine(details)?;
    let remove = &args.remove;
    if add.is_empty() && remove.is_empty() {
        let why = "it takes a tag to add, KEY=VALUE, or to take away, -KEY";
        return Err(Problem::parameter("KEY=VALUE", "required", why));
    }
    let retag = Retag::parse(add, remove, policy);
    Ok((names, retag.map_err(|problems| Problem::invalid(tag_details("KEY=VALUE", &problems)))?))
}

fn telling(plan: &TagPlan<'_>) -> String {
    let cells = |row: &TagRow<'_>| {
        let RetagItem { snapshot, tags, .. } = &row.item;
        let cluster = snapshot.cluster.as_ref().map_or_else(table::dash, ToString::to_string);
        vec![snapshot.id.clone(), cluster, row.what(plan.deed, || plan.deed.words()), table::tags(tags)]
    };
    let rows = plan.rows.iter().map(|row| (row.is_in(), cells(row)));
    plan.answers.table_to_confirm(&["SNAPSHOT", "CLUSTER", "WHAT", "TAGS"], rows)
}

impl AlterationItem for RetagItem {
    fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    fn why_not(&self) -> Option<String> {
        self.why_not.clone()
    }

    fn code_of_staying(&self) -> Option<Code> {
        Some(Code::ValidationError)
    }

    fn terms(&self) -> AlterationTerms {
        AlterationTerms::default()
    }

    fn unconfirmed(&self) -> Option<&Failure> {
        self.unconfirmed.as_ref()
    }
}

impl TagRowData {
    fn of(row: &TagRow<'_>, deed: &Deed) -> Self {
        let RetagItem { snapshot, tags, .. } = &row.item;
        Self {
            id: snapshot.id.clone(),
            arn: snapshot.arn.clone(),
            cluster: snapshot.cluster.as_ref().map(ToString::to_string),
            tags: tags.clone(),
            altered: row.data(deed),
        }
    }
}
