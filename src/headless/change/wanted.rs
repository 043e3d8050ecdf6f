//! What a person asks for on the command line, checked before anything is read from the service.

use std::time::Duration;

use crate::cli::CreateOptions;
use crate::domain::change_id::{ChangeId, NotAChangeId};
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::filter::{Filter, Sieve};
use crate::domain::policy::Policy;
use crate::headless::create::SnapshotArgs;
use crate::headless::input;
use crate::headless::problem::{self, Code, Detail, Problem, cluster_details};

/// The most bytes of a file of clusters: ten thousand of the longest ARNs take less.
const MOST: u64 = 4 << 20;

/// What is asked for.
pub struct Wanted {
    /// The change.
    pub id: ChangeId,
    /// Which clusters.
    pub clusters: Chosen,
    /// What is asked of each of their snapshots.
    pub asked: SnapshotArgs,
    /// How the request for them is to be confirmed in production, if that was given.
    pub confirm: Option<String>,
    /// Whether nobody is to be asked.
    pub is_confirmed: bool,
    /// Whether what stands against one stands against all.
    pub all_or_stop: bool,
    /// Whether busy clusters are waited for.
    pub when_available: bool,
    /// How young a snapshot has to be that makes another one needless.
    pub unless_within: Option<Duration>,
}

/// Which clusters are meant.
pub enum Chosen {
    /// These, wherever they are.
    NamedCluster(Vec<NamedCluster>),
    /// Those that fit.
    Fitting(Filter),
}

/// A cluster, as it was named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedCluster {
    /// Its identifier.
    pub id: ClusterId,
    /// Its ARN, if it was named by that.
    pub arn: Option<String>,
}

impl Wanted {
    /// Checks all that can be checked here. `files` are the texts of the files of tags and of clusters.
    pub fn parse(
        args: &CreateOptions,
        id: &str,
        files: (Option<&str>, Option<&str>),
        policy: &Policy,
    ) -> Result<Self, Problem> {
        let mut details = Vec::new();
        let unusable = |error: NotAChangeId| Problem::parameter("--change", "invalid", &error.to_string());
        let id = ChangeId::parse(id).map_err(unusable)?;
        let asked = SnapshotArgs::of_change(args, &id, files.0, policy, &mut details);
        let clusters = match &args.filter {
            Some(text) => Chosen::Fitting(problem::filter(Some(text))?),
            None => Chosen::NamedCluster(named(&args.clusters, files.1, &mut details)),
        };
        if !details.is_empty() {
            return Err(Problem::invalid(details));
        }
        Ok(Self {
            id,
            clusters,
            asked,
            confirm: args.confirm.clone(),
            is_confirmed: args.yes,
            all_or_stop: args.all_or_stop,
            when_available: args.when_available,
            unless_within: args.unless_within,
        })
    }
}

impl Chosen {
    /// Whether a cluster is one of them. The sieve is that of the filter.
    pub fn has(&self, cluster: &Cluster, sieve: Option<&mut Sieve<'_>>) -> bool {
        match self {
            Self::NamedCluster(names) => names.iter().any(|named| named.is(cluster)),
            Self::Fitting(_) => sieve.is_some_and(|sieve| sieve.lets_pass(cluster)),
        }
    }
}

impl NamedCluster {
    /// A cluster as it is named, by identifier or ARN.
    pub fn parse(text: &str) -> Result<Self, Vec<Detail>> {
        let id = ClusterId::parse(text).map_err(|error| cluster_details("CLUSTER", &error))?;
        Ok(Self { id, arn: text.starts_with("arn:").then(|| text.to_owned()) })
    }

    /// Whether it is this one: by its ARN in that account and Region only.
    pub fn is(&self, cluster: &Cluster) -> bool {
        let is_arn = |arn: &String| cluster.arn.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(arn));
        self.id == cluster.id && self.arn.as_ref().is_none_or(is_arn)
    }

    /// How it was named, for a message.
    pub fn words(&self) -> &str {
        self.arn.as_deref().unwrap_or(self.id.as_str())
    }
}

/// The clusters of the command line and of the file, each once.
fn named(texts: &[String], file: Option<&str>, details: &mut Vec<Detail>) -> Vec<NamedCluster> {
    let lines = file.unwrap_or_default().lines().map(|line| line.trim_matches(['\u{feff}', ' ', '\t', '\r']));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut names: Vec<NamedCluster> = Vec::new();
    for text in texts.iter().map(String::as_str).chain(lines) {
        match NamedCluster::parse(text) {
            Ok(name) if names.contains(&name) => {}
            Ok(name) => names.push(name),
            Err(wrong) => details.extend(wrong),
        }
    }
    if names.is_empty() && details.is_empty() {
        details.push(Detail::new("--clusters-file", "empty", "there is no cluster in it"));
    }
    names
}

/// Reads the file of clusters, if one was named.
pub async fn read_clusters(args: &CreateOptions) -> Result<Option<String>, Problem> {
    let Some(path) = args.clusters_file.clone() else { return Ok(None) };
    let is_input = |path: &std::path::Path| path == std::path::Path::new("-");
    if is_input(&path) && args.tags_file.as_deref().is_some_and(is_input) {
        let message = "standard input cannot be the file of tags and that of clusters";
        return Err(Problem::parameter("--clusters-file", "usage", message));
    }
    let read = tokio::task::spawn_blocking(move || {
        let bytes = input::read("--clusters-file", &path, MOST)?;
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to() + 1;
            let message = format!("{}: from byte {at} on it is no text", path.to_string_lossy());
            Problem::parameter("--clusters-file", "not-text", &message)
        })
    });
    let lost = |_| Err(Problem::new(Code::Internal, "the file of clusters was not read to its end"));
    read.await.unwrap_or_else(lost).map(Some)
}
