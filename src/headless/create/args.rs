//! What a person asks for on the command line, checked before anything is read from the service.

use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::app::proof::LOST;
use crate::cli::CreateOptions;
use crate::domain::change;
use crate::domain::change_id::ChangeId;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::Caller;
use crate::domain::mark::MarkKey;
use crate::domain::naming::{self, NameParts, Template, TemplateError};
use crate::domain::policy::Policy;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::{self, MAX_TAGS, Tag, TagProblems, TagSet, overlay};
use crate::domain::tag_text::{self, TagTextError};
use crate::domain::text::escape;
use crate::headless::input;
use crate::headless::named_cluster::NamedCluster;
use crate::headless::problem::{Detail, Problem, id_details, tag_details};
use crate::headless::streams::Streams;
use crate::submit::fresh_number;

/// The most bytes of a file of tags: 50 tags in any alphabet take a fraction.
const MAX_TAGS_FILE: u64 = 1 << 20;

/// What is asked for.
#[derive(Debug)]
pub struct CreateArgs {
    /// The cluster.
    pub cluster: NamedCluster,
    /// What is asked of its snapshot.
    pub asked: SnapshotArgs,
}

/// What is asked of a snapshot, of whichever cluster it is.
#[derive(Debug, Default)]
pub struct SnapshotArgs {
    name: Option<SnapshotId>,
    /// What a name is made of in place of the configuration's, if that was given.
    template: Option<Template>,
    /// Tags of the file and the command line; those that came later win.
    tags: Vec<Tag>,
    takes_cluster_tags: bool,
    takes_mark: bool,
    /// The change that it is for.
    change: Option<ChangeId>,
}

impl CreateArgs {
    /// Checks all that can be checked here. `file` is the text of the file of tags, if one was named.
    pub fn parse(args: &CreateOptions, file: Option<&str>, mark: &MarkKey) -> Result<Self, Problem> {
        let mut details = Vec::new();
        let named = args.clusters.first().map_or("", String::as_str);
        let cluster = NamedCluster::parse(named).map_err(|wrong| details.extend(wrong)).ok();
        if args.clusters.len() > 1 {
            let message = "several clusters are one change: --change gives its id";
            details.push(Detail::new("--change", "required", message));
        }
        let is_other = |id: &ClusterId, name: &&str| !name.eq_ignore_ascii_case(id.as_str());
        if let Some(NamedCluster { id, .. }) = &cluster
            && let Some(other) = args.confirm.as_deref().filter(|name| is_other(id, name))
        {
            let message = format!("{other} is not {id}, the cluster of this request");
            details.push(Detail::new("--confirm", "not-confirmed", &message));
        }
        let name = args.name.as_deref().and_then(|name| {
            SnapshotId::parse(name).map_err(|problems| details.extend(id_details("--name", &problems))).ok()
        });
        let asked = SnapshotArgs { name, ..SnapshotArgs::parse(args, file, mark, &mut details) };
        match cluster {
            Some(cluster) if details.is_empty() => Ok(Self { cluster, asked }),
            _ => Err(Problem::invalid(details)),
        }
    }
}

impl SnapshotArgs {
    /// Checks tags and times. What is wrong goes to the `details`.
    fn parse(args: &CreateOptions, file: Option<&str>, mark: &MarkKey, details: &mut Vec<Detail>) -> Self {
        let mut tags = file.map(|text| from_file(text, mark, details)).unwrap_or_default();
        let typed = typed_tags("--tag", &args.tags, details);
        overlay(&mut tags, checked("--tag", typed, mark, details));
        if args.timeout.is_some() && !(args.wait || args.when_available) {
            let message = "goes with --wait or --when-available";
            details.push(Detail::new("--timeout", "nothing-to-wait-for", message));
        }
        let (takes_cluster_tags, takes_mark) = (!args.no_cluster_tags, !args.no_mark);
        Self { tags, takes_cluster_tags, takes_mark, ..Self::default() }
    }

    /// What is asked of each snapshot of a change. What is wrong goes to the `details`.
    pub fn of_change(
        args: &CreateOptions,
        id: &ChangeId,
        file: Option<&str>,
        policy: &Policy,
        details: &mut Vec<Detail>,
    ) -> Self {
        let asked = Self::parse(args, file, &policy.mark_key, details);
        let is_other = |tag: &&Tag| tag.key == policy.change_key.0 && tag.value != id.as_str();
        if let Some(other) = asked.tags.iter().find(is_other) {
            let message = format!("{} is the tag of the change, and --change says {id}", other.key);
            details.push(Detail::new("--tag", "duplicate-key", &message));
        }
        let unusable = |error: TemplateError| {
            details.push(Detail::new("--name", "not-a-template", &error.to_string()));
        };
        let template = args.name.as_deref().and_then(|name| Template::parse(name).map_err(unusable).ok());
        Self { template, change: Some(id.clone()), ..asked }
    }

    /// Whether a name has to be proposed, by a template that counts.
    pub fn counts(&self, policy: &Policy) -> bool {
        self.name.is_none() && self.template(policy).to_string().contains("{seq}")
    }

    fn template<'a>(&'a self, policy: &'a Policy) -> &'a Template {
        self.template.as_ref().unwrap_or(&policy.name_template)
    }

    /// The request, now that the cluster is known.
    ///
    /// The tags are always given in full, the cluster's own and the configuration's included: any tag given
    /// turns the copying of the cluster's tags off for that snapshot.
    /// `taken` are names that are known to be, `at` is the local time for a name.
    pub fn request(
        &self,
        cluster: &Cluster,
        policy: &Policy,
        caller: Option<&Caller>,
        taken: &[String],
        at: DateTime,
    ) -> Result<SnapshotRequest, Problem> {
        let number = fresh_number(Timestamp::now());
        let own = || policy.mark_key.givable(&cluster.tags);
        let mut tags = if self.takes_cluster_tags { own() } else { Vec::new() };
        overlay(&mut tags, policy.tags.clone());
        match &self.change {
            Some(id) => tags = change::tags(tags, &self.tags, &policy.change_key, id),
            None => overlay(&mut tags, self.tags.clone()),
        }
        let missing = policy.missing(&tags).map(|key| {
            Detail::new("--tag", "required", &format!("the configuration requires the tag {key}"))
        });
        Problem::unless_fine(missing.collect())?;
        let ticket = tags.iter().find(|tag| tag.key.eq_ignore_ascii_case("ticket"));
        let ticket = ticket.map(|tag| tag.value.clone());
        let ticket = ticket.or_else(|| self.change.as_ref().map(ToString::to_string));
        let mark = policy.mark_key.tag(&number).filter(|_| self.takes_mark);
        if let Some(mark) = mark.as_ref().filter(|_| tags.len() == MAX_TAGS) {
            let message = format!(
                "the mark {} would be tag {} of at most {MAX_TAGS}; --no-mark sends this request without: {LOST}",
                mark.key,
                MAX_TAGS + 1
            );
            return Err(Problem::parameter("tags", "no-room-for-the-mark", &message));
        }
        let (tags, mark) = TagSet::marked(tags, mark).map_err(|problems| {
            let hint =
                "With the cluster's own tags these cannot be given; --no-cluster-tags leaves those out";
            Problem::invalid(tag_details("tags", &problems)).and(hint)
        })?;
        let proposed = || {
            let parts = NameParts {
                cluster: &cluster.id,
                at,
                ticket: ticket.as_deref(),
                user: caller.map(|caller| naming::user_of(&caller.arn)),
                engine_version: cluster.engine_version.as_deref(),
            };
            let is_taken = |name: &str| taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
            let name = self.template(policy).propose(&parts, is_taken);
            SnapshotId::parse(&name).map_err(|problems| Problem::invalid(id_details("--name", &problems)))
        };
        let snapshot = self.name.clone().map_or_else(proposed, Ok)?;
        Ok(SnapshotRequest {
            number,
            cluster: cluster.id.clone(),
            cluster_resource_id: cluster.resource_id.clone(),
            snapshot,
            tags,
            mark,
            change: self.change.clone(),
        })
    }
}

/// Says what there is to know of how the file of tags was read, if one was named.
pub fn say_remarks(args: &CreateOptions, file: Option<&str>, mark: &MarkKey, streams: Streams) {
    let Some((path, text)) = args.tags_file.as_ref().zip(file) else { return };
    // What cannot be read is told as an error.
    let Ok(tags) = tag_text::parse(text) else { return };
    let mut remarks = tag_text::remarks(text, &tags);
    let given = givable(text, tags.clone(), mark);
    let left_out: Vec<&str> =
        tags.iter().filter(|tag| !given.contains(tag)).map(|tag| tag.key.as_str()).collect();
    if !left_out.is_empty() {
        let keys = left_out.join(", ");
        remarks.push(format!("{keys} left out: AWS's own, or the mark of the request that made it"));
    }
    for remark in remarks {
        streams.say(&escape(&format!("--tags-file {}: {remark}.", path.display())));
    }
}

/// Reads the file of tags, if one was named.
pub async fn read_tags_file(args: &CreateOptions) -> Result<Option<String>, Problem> {
    let Some(path) = &args.tags_file else { return Ok(None) };
    input::text("--tags-file", path, MAX_TAGS_FILE).await.map(Some)
}

/// The tags of a file that a request can be given. What AWS prints of a cluster or snapshot has tags that nobody typed:
/// AWS's own, and the mark of another request; anywhere else such a tag was meant, and is refused.
fn givable(text: &str, tags: Vec<Tag>, mark: &MarkKey) -> Vec<Tag> {
    if tag_text::is_printed_by_aws(text) { mark.givable(&tags) } else { tags }
}

fn from_file(text: &str, mark: &MarkKey, details: &mut Vec<Detail>) -> Vec<Tag> {
    match tag_text::parse(text) {
        Ok(tags) => checked("--tags-file", givable(text, tags, mark), mark, details),
        Err(error) => {
            details.push(Detail::new("--tags-file", "unreadable", &error.to_string()));
            Vec::new()
        }
    }
}

/// The tags that were typed, each as one word.
pub fn typed_tags(parameter: &str, options: &[String], details: &mut Vec<Detail>) -> Vec<Tag> {
    let mut tags = Vec::new();
    for (index, option) in options.iter().enumerate() {
        match tag_text::line(option) {
            Ok(given) => tags.extend(given),
            Err(error) => {
                let rule =
                    if matches!(error, TagTextError::NoEquals { .. }) { "no-equals" } else { "blanks" };
                let message = format!("tag {}: {}", index + 1, error.without_line());
                details.push(Detail { at: Some(index), ..Detail::new(parameter, rule, &message) });
            }
        }
    }
    tags
}

/// The tags, whose problems go to the `details`.
pub fn checked(parameter: &str, tags: Vec<Tag>, mark: &MarkKey, details: &mut Vec<Detail>) -> Vec<Tag> {
    let mut problems = tag::problems(&tags);
    problems.extend(mark.problems(&tags));
    if !problems.is_empty() {
        details.extend(tag_details(parameter, &TagProblems(problems)));
    }
    tags
}
