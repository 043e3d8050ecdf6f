//! The clusters of a run, chosen when it runs: a filter as an expression over what `DescribeDBClusters` reports.
//!
//! Only what the service itself reports can be asked there. Plain words, likeness and the names of engines are this
//! program's own, and are refused rather than taken for something else.

use serde_json::{Map, Value, json};

use super::cluster;
use super::jsonata::{expression, literal, literals};
use crate::domain::engine::EngineFamily;
use crate::domain::filter::{Filter, FilterKey, Test};

pub(super) const CHOOSE: &str = "List the clusters";
const MORE: &str = "Are there more clusters?";

/// A part of a filter that cannot be asked where a plan runs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAtRunTime {
    /// Nothing is asked: every cluster would fit.
    #[error("an empty filter fits every cluster: say which are meant")]
    Everything,
    /// A plain word.
    #[error(
        "{0}: a plain word is looked for by this program only; a plan takes key=value, cluster:{0} or status:{0}"
    )]
    Word(String),
    /// A likeness.
    #[error("~{0}: likeness is known to this program only; a plan takes key=value or cluster:{0}")]
    Likeness(String),
    /// A member that has no equal there.
    #[error("{0}:{1}: a plan takes key=value, cluster:, status:, region:, account: and age only")]
    Member(FilterKey, String),
}

/// The condition under which a cluster `$c` fits.
pub(super) fn condition(filter: &Filter) -> Result<String, NotAtRunTime> {
    let mut tests = Vec::new();
    for (excludes, test) in filter.tests() {
        let test = format!("(({}) = true)", fits(test)?);
        tests.push(if excludes { format!("$not({test})") } else { test });
    }
    if tests.is_empty() { Err(NotAtRunTime::Everything) } else { Ok(tests.join(" and ")) }
}

fn fits(test: &Test) -> Result<String, NotAtRunTime> {
    let contains = |what: &str, part: &str| format!("$contains($lowercase({what}), {})", literal(part));
    let age = "$millis() - $toMillis($c.ClusterCreateTime)";
    Ok(match test {
        Test::Tag(tag) => {
            format!("$count($c.TagList[Key = {} and Value = {}]) > 0", literal(&tag.key), literal(&tag.value))
        }
        Test::Member(FilterKey::Cluster, part) => contains("$c.DbClusterIdentifier", part),
        Test::Member(FilterKey::Status, part) => contains("$c.Status", part),
        Test::Member(FilterKey::Region, part) => contains("$split($c.DbClusterArn, \":\")[3]", part),
        Test::Member(FilterKey::Account, part) => contains("$split($c.DbClusterArn, \":\")[4]", part),
        Test::Older(length) => format!("{age} > {}", length.as_millis()),
        Test::Younger(length) => format!("{age} < {}", length.as_millis()),
        Test::Word(word) => return Err(NotAtRunTime::Word(word.clone())),
        Test::Fuzzy(atom) => return Err(NotAtRunTime::Likeness(atom.needle_text().to_string())),
        Test::Member(member @ (FilterKey::Engine | FilterKey::Type | FilterKey::Change), part) => {
            return Err(NotAtRunTime::Member(*member, part.clone()));
        }
    })
}

/// The states that list the clusters, page by page, and keep the names of those that fit.
pub(super) fn states(condition: &str, next: &str, broken: &str, states: &mut Map<String, Value>) {
    let foreign = [EngineFamily::Neptune, EngineFamily::DocumentDb];
    let foreign = literals(foreign.iter().map(EngineFamily::reported_name));
    let fitting = format!(
        "$append($clusters, [$filter($states.result.DbClusters, function($c) {{ \
         $not($c.Engine in {foreign}) and {condition} }}).DbClusterIdentifier])"
    );
    let mut choose = cluster::read_page("describeDBClusters", "", "page", ("clusters", &fitting));
    choose["Comment"] =
        json!("Twenty at a time: with their tags they have to fit into the 256 KiB of a state.");
    choose["Catch"] = json!([{
        "ErrorEquals": ["States.ALL"],
        "Assign": { "clusters": [] },
        "Output": expression("$states.errorOutput"),
        "Next": broken,
    }]);
    choose["Output"] = json!({});
    choose["Next"] = json!(MORE);
    states.insert(CHOOSE.to_owned(), choose);
    states.insert(MORE.to_owned(), cluster::more("page", CHOOSE, next));
}
