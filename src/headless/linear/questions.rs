//! The form's questions: which cluster, which name, which tags.

use jiff::{Timestamp, Zoned};

use super::describe;
use crate::app::proof::LOST;
use crate::domain::cluster::Cluster;
use crate::domain::filter::{Filter, FilteredList};
use crate::domain::naming::{self, NameParts};
use crate::domain::policy::Policy;
use crate::domain::preflight::not_available;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::status::Readiness;
use crate::domain::tag::{self, MAX_TAGS, Tag, TagSet, overlay};
use crate::domain::tag_text;
use crate::domain::text::escape;
use crate::headless::asking::Asking;
use crate::headless::problem::{Problem, tag_details};
use crate::headless::streams::Stop;
use crate::session::Session;
use crate::submit::fresh_number;
use crate::submit::service::Service as _;

/// What the answers come to.
pub struct LinearDraft {
    /// The cluster.
    pub cluster: Cluster,
    /// Whether to wait until it is available.
    pub when_available: bool,
    /// The request, as it will be sent.
    pub request: SnapshotRequest,
}

/// The form: who is asked, and what the answers are held against.
pub struct LinearForm<'a> {
    /// Where it is asked.
    pub asking: Asking<'a>,
    /// The connection.
    pub session: &'a Session,
    /// What is wanted of every request.
    pub policy: &'a Policy,
}

impl LinearForm<'_> {
    /// Asks until there is something to review.
    pub async fn ask_all(&mut self, clusters: &[Cluster]) -> Result<LinearDraft, Stop> {
        let (cluster, when_available) = loop {
            let cluster = pick(&mut self.asking, clusters).await?;
            match cluster.status.readiness() {
                Readiness::Ready | Readiness::Unknown => break (cluster, false),
                Readiness::Busy => {
                    let question = format!(
                        "{} is {}. Wait until it is available, then create? yes or no",
                        cluster.id,
                        escape(cluster.status.as_str())
                    );
                    if self.asking.ask(&question).await?.trim().eq_ignore_ascii_case("yes") {
                        break (cluster, true);
                    }
                }
                Readiness::NotReady => self.asking.say(&format!("{}.", escape(&not_available(cluster)))),
            }
        };
        let snapshot = self.name(cluster).await?;
        let number = fresh_number(Timestamp::now());
        let (tags, mark) = self.tags(cluster, self.policy.mark_key.tag(&number)).await?;
        let (tags, mark) = TagSet::marked(tags, mark)
            .map_err(|problems| Problem::invalid(tag_details("tags", &problems)))?;
        let request = SnapshotRequest {
            number,
            cluster: cluster.id.clone(),
            cluster_resource_id: cluster.resource_id.clone(),
            snapshot,
            tags,
            mark,
            change: None,
        };
        Ok(LinearDraft { cluster: cluster.clone(), when_available, request })
    }

    async fn name(&mut self, cluster: &Cluster) -> Result<SnapshotId, Stop> {
        let Self { asking, session, policy } = self;
        let caller = session.caller();
        let parts = NameParts {
            cluster: &cluster.id,
            at: Zoned::now().datetime(),
            ticket: None,
            user: caller.as_ref().map(|caller| naming::user_of(&caller.arn)),
            engine_version: cluster.engine_version.as_deref(),
        };
        let mut taken: Vec<String> = Vec::new();
        let mut proposal = policy.name_template.propose(&parts, |_| false);
        loop {
            let answer = asking.ask(&format!("Snapshot identifier [{proposal}]")).await?;
            let text = if answer.is_empty() { proposal.clone() } else { answer };
            let id = match SnapshotId::parse(&text) {
                Ok(id) => id,
                Err(problems) => {
                    for problem in problems.0 {
                        asking.say(&format!("Character {}: {}.", problem.at + 1, problem.rule));
                    }
                    continue;
                }
            };
            let look = async { session.client().look_up(&id).await.map_err(Problem::from) };
            let found = asking.during(look).await?;
            let Some(by) = found.snapshot else {
                if text != id.as_str() {
                    asking.say(&format!("Stored as {id}."));
                }
                return Ok(id);
            };
            asking.say(&format!("{id} is taken by a snapshot that is {}.", escape(by.status.as_str())));
            taken.push(id.to_string());
            proposal = policy.name_template.propose(&parts, |name| taken.iter().any(|taken| taken == name));
        }
    }

    /// Asks for changes of the tags until there are none; the mark can only be left out.
    async fn tags(
        &mut self,
        cluster: &Cluster,
        mut mark: Option<Tag>,
    ) -> Result<(Vec<Tag>, Option<Tag>), Stop> {
        let Self { asking, policy, .. } = self;
        let mut tags = policy.mark_key.givable(&cluster.tags);
        overlay(&mut tags, policy.tags.clone());
        let mut origin = "the cluster's own and the configuration's";
        loop {
            say_tags(asking, &tags, mark.as_ref(), origin);
            for problem in problems(policy, &tags, mark.as_ref()) {
                asking.say(&problem);
            }
            let question = "Tag to add or change as KEY=VALUE, -KEY to remove, or nothing to go on";
            let answer = asking.ask(question).await?;
            if answer.is_empty() {
                if let Some(missing) = policy.missing(&tags).next() {
                    asking.say(&escape(&format!("The configuration requires the tag {missing}.")));
                } else if problems(policy, &tags, mark.as_ref()).is_empty() {
                    return Ok((tags, mark));
                }
                continue;
            }
            let mut changed = tags.clone();
            match (tag_text::line(&answer), answer.strip_prefix('-')) {
                (Ok(given), _) => overlay(&mut changed, given),
                (Err(_), Some(key)) if mark.as_ref().is_some_and(|mark| mark.key == key) => {
                    mark = None;
                    asking.say(&format!("Without the mark {LOST}."));
                }
                (Err(_), Some(key)) if !tags.iter().any(|tag| tag.key == key) => {
                    asking.say(&escape(&format!("There is no tag {key}.")));
                    continue;
                }
                (Err(_), Some(key)) => changed.retain(|tag| tag.key != key),
                (Err(error), None) => {
                    asking.say(&format!("Not taken: {}.", error.without_line()));
                    continue;
                }
            }
            // What was wrong before (a tag of the cluster's) may stay until it is removed.
            let wrong = problems(policy, &changed, mark.as_ref());
            if wrong.len() > problems(policy, &tags, mark.as_ref()).len() {
                for problem in wrong {
                    asking.say(&problem);
                }
            } else {
                (tags, origin) = (changed, "changed");
            }
        }
    }
}

async fn pick<'a>(asking: &mut Asking<'_>, clusters: &'a [Cluster]) -> Result<&'a Cluster, Stop> {
    let mut offered: Vec<&Cluster> = Vec::new();
    loop {
        let question = if offered.is_empty() {
            "Cluster, or a part of its name, or ? for all"
        } else {
            "Number, or a part of the name"
        };
        let answer = asking.ask(question).await?;
        let answer = answer.trim();
        let chosen = answer.parse::<usize>().ok().and_then(|number| offered.get(number.checked_sub(1)?));
        if let Some(cluster) = chosen {
            return Ok(cluster);
        }
        if answer.is_empty() {
            continue;
        }
        if let Some(exact) = clusters.iter().find(|cluster| answer.eq_ignore_ascii_case(cluster.id.as_str()))
        {
            return Ok(exact);
        }
        let text = if answer == "?" { "" } else { answer };
        let filter = match Filter::parse(text, FilteredList::Clusters) {
            Ok(filter) => filter,
            Err(problem) => {
                asking.say(&escape(&format!("That is no filter. {problem}.")));
                continue;
            }
        };
        let mut sieve = filter.sieve(Timestamp::now());
        offered = clusters.iter().filter(|cluster| sieve.lets_pass(*cluster)).collect();
        match offered.as_slice() {
            [] => asking.say("No cluster fits that."),
            [only] => {
                asking.say(&escape(&describe(only)));
                return Ok(only);
            }
            several => {
                for (index, cluster) in several.iter().enumerate() {
                    asking.say(&format!("{}. {}", index + 1, escape(&describe(cluster))));
                }
            }
        }
    }
}

fn say_tags(asking: &Asking<'_>, tags: &[Tag], mark: Option<&Tag>, origin: &str) {
    let all: Vec<&Tag> = tags.iter().chain(mark).collect();
    if all.is_empty() {
        asking.say("No tags.");
    } else {
        asking.say(&format!("Tags, {} of {MAX_TAGS}, {origin}:", all.len()));
    }
    for tag in all {
        asking.say(&escape(&format!("{}={}", tag.key, tag.value)));
    }
    if let Some(mark) = mark {
        let key = escape(&mark.key);
        asking.say(&format!("The last is this request's number, the mark; -{key} leaves it out."));
    }
}

/// What is wrong with the tags, each safe to show.
fn problems(policy: &Policy, tags: &[Tag], mark: Option<&Tag>) -> Vec<String> {
    let mut found = tag::problems(tags);
    found.extend(policy.mark_key.problems(tags));
    let mut told: Vec<String> = found.iter().map(ToString::to_string).collect();
    if let Some(mark) = mark.filter(|_| tags.len() == MAX_TAGS) {
        told.push(format!(
            "{MAX_TAGS} tags and the mark are one too many: remove one, or -{}: then {LOST}.",
            escape(&mark.key)
        ));
    }
    told
}
