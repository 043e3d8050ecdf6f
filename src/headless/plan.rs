//! `clustersnap plan`: the template with which AWS itself takes the snapshots.
//!
//! It asks nobody anything: what is wrong with the words of the plan is told here, the rest shows where it runs.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use jiff::Timestamp;
use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use super::config::warn;
use super::create::checked;
use super::problem::{self, Code, Detail, Problem};
use super::streams::{Stop, Streams, result};
use crate::cli::{AnswerOptions, PlanOptions};
use crate::config;
use crate::domain::account::Arn;
use crate::domain::change_id::ChangeId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::filter::FilteredList;
use crate::domain::naming::Template;
use crate::domain::policy::Policy;
use crate::domain::tag::{MAX_TAGS, Tag, overlay};
use crate::plan::schedule::{Schedule, ScheduleError};
use crate::plan::{self, NotPlannable, Plan, PlannedClusters};

/// The tag that names the change in a name's `{ticket}`.
const TICKET: &str = "ticket";

/// The most bytes of a template that CloudFormation takes without a bucket for it.
const MOST: usize = 51_200;

/// Prints the template or writes it into a file; returns the exit code.
pub fn run(args: &PlanOptions) -> Result<u8, Stop> {
    let loaded = config::load();
    warn(&loaded);
    let plan = read(args, &loaded.config.policy)?;
    let template = plan::template(&plan).map_err(|error| {
        let parameter = match error {
            NotPlannable::Name(_) => "--name",
            NotPlannable::Filter(_) => "--filter",
            NotPlannable::TooMany(_) => "CLUSTER",
        };
        Problem::parameter(parameter, "not-in-a-plan", &error.to_string())
    })?;
    let text = text(&template)?;
    if text.len() > MOST {
        let told =
            format!("The template has {} bytes, more than {MOST}: deploy it with --s3-bucket.", text.len());
        Streams::new(AnswerOptions::default()).say(&told);
    }
    match &args.out {
        Some(path) if path.as_os_str() != "-" => write(path, &text)?,
        _ => result(&text)?,
    }
    Ok(0)
}

/// The template as text: laid out, if CloudFormation takes it from a file then, else on one line.
fn text(template: &Value) -> Result<String, Problem> {
    let mut laid_out = Vec::new();
    let formatter = PrettyFormatter::with_indent(b" ");
    let written = template.serialize(&mut Serializer::with_formatter(&mut laid_out, formatter));
    written.map_err(|error| Problem::new(Code::Internal, error.to_string()))?;
    match String::from_utf8(laid_out) {
        Ok(text) if text.len() <= MOST => Ok(text),
        _ => Ok(template.to_string()),
    }
}

/// Readable by its owner alone, as every file of this program: it names clusters.
fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    let written = file.and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.write_all(b"\n")
    });
    written.map_err(|error| {
        let message = format!("{}: {error}", path.display());
        Problem::parameter("--out", "unwritable", &message)
    })
}

/// A cluster of a plan. Where it runs is where it is deployed: an account and a Region in its words would say nothing.
fn cluster(text: &str) -> Result<ClusterId, Vec<Detail>> {
    let cluster = problem::cluster("CLUSTER", text).map_err(|details| problem::about(text, details))?;
    if text.starts_with("arn:") {
        let message = format!(
            "{text} names an account and a Region, and a plan works where it is deployed: give the identifier, and deploy \
             it there"
        );
        return Err(vec![Detail::new("CLUSTER", "an-arn", &message)]);
    }
    Ok(cluster)
}

/// Checks all words of the plan, and tells all that is wrong with them.
fn read(args: &PlanOptions, policy: &Policy) -> Result<Plan, Problem> {
    if let Some(broken) = &policy.broken {
        let message = format!("{broken}; put it right, and a plan can hold to it");
        return Err(Failure::local(FailureKind::Guarded, message).into());
    }
    let mut details = Vec::new();
    let clusters = if let Some(text) = &args.filter {
        PlannedClusters::Fitting(problem::filter(Some(text), FilteredList::Clusters)?)
    } else {
        let texts = args.clusters.iter().map(String::as_str);
        PlannedClusters::Named(problem::each_once(texts, cluster, &mut details))
    };
    let schedule = match (&args.at, &args.cron) {
        (Some(at), _) => ("--at", Schedule::at(at, Timestamp::now())),
        (None, cron) => {
            let read = |text| Schedule::cron(text, Timestamp::now());
            ("--cron", cron.as_deref().map_or(Err(ScheduleError::NotSixFields), read))
        }
    };
    let schedule = taken(schedule.0, schedule.1, &mut details);
    let change = taken("--change", ChangeId::parse(&args.change), &mut details);
    let name = match &args.name {
        Some(text) => taken("--name", Template::parse(text), &mut details),
        None => Some(policy.name_template.clone()),
    };
    if args.to.as_deref().is_some_and(|arn| !is_topic(arn)) {
        let message = "not the ARN of a standard topic (arn:aws:sns:REGION:ACCOUNT:NAME)";
        details.push(Detail::new("--to", "not-a-topic", message));
    }
    let mark_key = policy.mark_key.0.clone().ok_or_else(|| {
        let message = "a plan needs the mark, and the configuration turns it off ([proof] key)";
        Problem::parameter("proof.key", "no-mark", message)
    })?;
    let tags = tags(&args.change, policy, &mut details);
    match (schedule, change, name) {
        (Some(schedule), Some(change), Some(name)) if details.is_empty() => Ok(Plan {
            clusters,
            schedule,
            change,
            name,
            required_tags: policy.missing(&tags).cloned().collect(),
            tags,
            read_only: policy.read_only.clone(),
            mark_key,
            keep_last: args.keep_last,
            topic: args.to.clone(),
        }),
        _ => Err(Problem::invalid(details)),
    }
}

fn taken<T, E: std::fmt::Display>(
    parameter: &str,
    result: Result<T, E>,
    details: &mut Vec<Detail>,
) -> Option<T> {
    result.map_err(|error| details.push(Detail::new(parameter, "invalid", &error.to_string()))).ok()
}

/// The tags of the configuration, and the change: also by the key by which the commands know what is of one.
fn tags(change: &str, policy: &Policy, details: &mut Vec<Detail>) -> Vec<Tag> {
    let mut tags = policy.tags.clone();
    overlay(&mut tags, [TICKET, &policy.change_key.0].map(|key| Tag::new(key, change)).to_vec());
    let tags = checked("tags", tags, &policy.mark_key, details);
    if tags.len() >= MAX_TAGS {
        let message = format!("with the mark there are more than {MAX_TAGS}");
        details.push(Detail::new("tags", "no-room-for-the-mark", &message));
    }
    tags
}

fn is_topic(text: &str) -> bool {
    text.parse::<Arn>().is_ok_and(|arn| {
        // Only the name of a FIFO topic has a dot, and that wants more than is sent.
        let is_topic = !arn.resource.contains([':', '.']);
        arn.service == "sns" && arn.region.is_some() && arn.account.is_some() && is_topic
    })
}
