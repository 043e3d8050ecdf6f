//! What a person asks for on the command line, checked before anything is read from the service.

use crate::cli::CreateOptions;
use crate::domain::change_id::ChangeId;
use crate::domain::cluster::Cluster;
use crate::domain::filter::{Filter, FilteredList, Sieve};
use crate::domain::policy::Policy;
use crate::headless::create::SnapshotArgs;
use crate::headless::input;
use crate::headless::named_cluster::NamedCluster;
use crate::headless::problem::{self, Detail, Problem};

/// The most bytes of a file of clusters: ten thousand of the longest ARNs take less.
const MOST: u64 = 4 << 20;

/// What is asked for.
pub struct Wanted<'a> {
    /// The change.
    pub id: ChangeId,
    /// Which clusters.
    pub clusters: Chosen,
    /// What is asked of each of their snapshots.
    pub asked: SnapshotArgs,
    /// How it is to be done.
    pub args: &'a CreateOptions,
}

/// Which clusters are meant.
pub enum Chosen {
    /// These, wherever they are.
    Named(Vec<NamedCluster>),
    /// Those that fit.
    Fitting(Filter),
}

impl<'a> Wanted<'a> {
    /// Checks all that can be checked here. `files` are the texts of the files of tags and of clusters.
    pub fn parse(
        args: &'a CreateOptions,
        id: &str,
        files: (Option<&str>, Option<&str>),
        policy: &Policy,
    ) -> Result<Self, Problem> {
        let mut details = Vec::new();
        let id = problem::change("--change", id)?;
        let asked = SnapshotArgs::of_change(args, &id, files.0, policy, &mut details);
        let clusters = match &args.filter {
            Some(text) => Chosen::Fitting(problem::filter_that_chooses(text, FilteredList::Clusters)?),
            None => Chosen::Named(named(&args.clusters, files.1, &mut details)),
        };
        Problem::unless_fine(details)?;
        Ok(Self { id, clusters, asked, args })
    }
}

impl Chosen {
    /// Whether a cluster is one of them. The sieve is that of the filter.
    pub fn has(&self, cluster: &Cluster, sieve: Option<&mut Sieve<'_>>) -> bool {
        match self {
            Self::Named(names) => names.iter().any(|named| named.is(cluster)),
            Self::Fitting(_) => sieve.is_some_and(|sieve| sieve.lets_pass(cluster)),
        }
    }
}

/// The clusters of the command line and of the file, each once.
fn named(texts: &[String], file: Option<&str>, details: &mut Vec<Detail>) -> Vec<NamedCluster> {
    let lines = file.unwrap_or_default().lines().map(|line| line.trim_matches(['\u{feff}', ' ', '\t', '\r']));
    let lines = lines.enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let texts = texts.iter().map(|text| (None, text.as_str()));
    let words = texts.chain(lines.map(|(at, line)| (Some(at + 1), line)));
    let names = problem::each_once(words, |(line, text)| named_in(line, text), details);
    if names.is_empty() && details.is_empty() {
        details.push(Detail::new("--clusters-file", "empty", "there is no cluster in it"));
    }
    names
}

/// A cluster of the command line, or of a line of the file.
fn named_in(line: Option<usize>, text: &str) -> Result<NamedCluster, Vec<Detail>> {
    let Some(number) = line else { return NamedCluster::parse(text) };
    let named = NamedCluster::parse_as("--clusters-file", text);
    named.map_err(|details| problem::about(&format!("line {number}, {text}"), details))
}

/// Reads the file of clusters, if one was named.
pub async fn read_clusters(args: &CreateOptions) -> Result<Option<String>, Problem> {
    let Some(path) = &args.clusters_file else { return Ok(None) };
    input::text("--clusters-file", path, MOST).await.map(Some)
}
