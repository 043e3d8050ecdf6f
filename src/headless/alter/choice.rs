//! Which snapshots a command line means: by names, by a filter, or by both, which then both have to fit.

use jiff::Timestamp;

use super::ground::KnownSnapshots;
use crate::domain::account::Arn;
use crate::domain::filter::{Filter, FilteredList};
use crate::domain::policy::Policy;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::text::length;
use crate::headless::named_snapshot::NamedSnapshot;
use crate::headless::places::Answers;
use crate::headless::problem::{self, Detail, Problem, about, id_details};

/// Which snapshots are meant.
#[derive(Debug)]
pub struct ChosenSnapshots {
    names: Vec<String>,
    filter: Filter,
}

impl ChosenSnapshots {
    /// Checks all that can be checked here. One of the two has to be there, and to say something.
    pub fn parse(names: &[String], filter: Option<&str>) -> Result<Self, Problem> {
        let mut details: Vec<Detail> = names.iter().flat_map(|name| name_details(name)).collect();
        let parsed =
            filter.map(|text| problem::filter_that_chooses(text, FilteredList::Snapshots)).transpose()?;
        if parsed.is_none() && names.is_empty() {
            details.push(Detail::new("SNAPSHOT", "required", "it takes a snapshot or a --filter"));
        }
        Problem::unless_fine(details)?;
        Ok(Self { names: names.to_vec(), filter: parsed.unwrap_or_default() })
    }

    /// Whether a snapshot was said by its name, its identifier or its ARN.
    pub fn names(&self, snapshot: &Snapshot) -> bool {
        self.names.iter().any(|name| is_name_of(name, snapshot))
    }

    /// What tells whether a snapshot is meant.
    pub fn chooser<'a>(&'a self, now: Timestamp, policy: &'a Policy) -> impl FnMut(&Snapshot) -> bool + 'a {
        let mut sieve = self.filter.sieve(now).by_change_tag(&policy.change_key);
        move |snapshot| (self.names.is_empty() || self.names(snapshot)) && sieve.lets_pass(snapshot)
    }

    /// Refuses a name that no place has, and one that several have or may have: the ARN tells them apart.
    pub fn check_found(&self, answers: &Answers<KnownSnapshots>) -> Result<(), Problem> {
        found_once("SNAPSHOT", &self.names, answers)
    }
}

/// Refuses names of an option that no place has, or several, or that a place may have that could not be read.
pub fn found_once(
    parameter: &str,
    names: &[String],
    answers: &Answers<KnownSnapshots>,
) -> Result<(), Problem> {
    if answers.found.is_empty() {
        // Nothing is done, and why is told of each place.
        return Ok(());
    }
    let detail = |name: &String| {
        let (rule, message) = doubt(name, answers)?;
        Some(Detail::new(parameter, rule, &message))
    };
    Problem::unless_fine(names.iter().filter_map(detail).collect())
}

/// Why a name does not mean one snapshot: the rule, and its words.
fn doubt(name: &str, answers: &Answers<KnownSnapshots>) -> Option<(&'static str, String)> {
    let rows = answers.found.iter().flat_map(|found| &found.value.snapshots);
    let count = rows.filter(|row| is_name_of(name, row)).count();
    let is_arn = Arn::reported(Some(name)).is_some();
    match (count, answers.incomplete.first()) {
        (_, Some(unread)) if !is_arn => {
            let (place, too) = (unread.place(), if count > 0 { ", too" } else { "" });
            Some((
                "ambiguous",
                format!(
                    "{place} could not be read, and may have a snapshot {name}{too}; an ARN tells which is meant"
                ),
            ))
        }
        (0, None) => Some(("not-found", not_found(name, answers))),
        (0 | 1, _) => None,
        _ => Some((
            "ambiguous",
            format!("{count} places have a snapshot {name}; its ARN tells which is meant"),
        )),
    }
}

/// That a name is not listed, where it was looked for, and that lists lag where one of that name was just requested.
fn not_found(name: &str, answers: &Answers<KnownSnapshots>) -> String {
    let mut requests = answers.found.iter().flat_map(|found| &found.value.open);
    let requested = requests.find(|record| {
        let seen = record.seen().and_then(|seen| seen.arn.as_deref());
        [Some(record.intent.snapshot.as_str()), seen]
            .into_iter()
            .flatten()
            .any(|it| it.eq_ignore_ascii_case(name))
    });
    let age = requested.map(|record| record.intent.age(Timestamp::now(), None));
    let lag = age.map(|age| {
        format!("; it was requested {} ago, and a new one may not be listed yet", length(age.unsigned_abs()))
    });
    format!("no DB cluster snapshot {name} is listed in {}{}", answers.looked_at(), lag.unwrap_or_default())
}

fn is_name_of(name: &str, snapshot: &Snapshot) -> bool {
    name.eq_ignore_ascii_case(&snapshot.id)
        || snapshot.arn.as_ref().is_some_and(|arn| name.eq_ignore_ascii_case(arn))
}

/// What is wrong with a text as the name of a snapshot of any type: those with a colon only AWS gives.
fn name_details(name: &str) -> Vec<Detail> {
    if name.starts_with("arn:") {
        return NamedSnapshot::parse(name).err().unwrap_or_default();
    }
    if name.contains(':') {
        return Vec::new();
    }
    let problems = SnapshotId::parse(name).err();
    problems.map(|problems| about(name, id_details("SNAPSHOT", &problems))).unwrap_or_default()
}
