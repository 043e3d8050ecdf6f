//! Which snapshots a command line means: by names, by a filter, or by both, which then both have to fit.

use jiff::Timestamp;

use crate::domain::filter::{Filter, FilteredList};
use crate::domain::policy::Policy;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::headless::problem::{self, Detail, Problem, id_details};

/// Which snapshots are meant.
#[derive(Debug)]
pub struct ChosenSnapshots {
    names: Vec<String>,
    filter: Filter,
}

impl ChosenSnapshots {
    /// Checks all that can be checked here. One of the two has to be there, and to say something.
    pub fn parse(names: &[String], filter: Option<&str>) -> Result<Self, Problem> {
        let mut details = Vec::new();
        for name in names {
            details.extend(name_details(name));
        }
        let parsed = problem::filter(filter, FilteredList::Snapshots)?;
        if filter.is_some() && parsed.tests().next().is_none() {
            details.push(Detail::new(
                "--filter",
                "not-a-filter",
                "it says nothing, and so means every snapshot",
            ));
        }
        if filter.is_none() && names.is_empty() {
            details.push(Detail::new("SNAPSHOT", "required", "it takes a snapshot or a --filter"));
        }
        if details.is_empty() {
            Ok(Self { names: names.to_vec(), filter: parsed })
        } else {
            Err(Problem::invalid(details))
        }
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

    /// Refuses a name that no place has, and one that several have: the ARN tells them apart.
    pub fn check_found(&self, places: &[&[Snapshot]]) -> Result<(), Problem> {
        found_once("SNAPSHOT", &self.names, places)
    }
}

/// Refuses names of an option that no place has, or several.
pub fn found_once(parameter: &str, names: &[String], places: &[&[Snapshot]]) -> Result<(), Problem> {
    let mut details = Vec::new();
    for name in names {
        let found = places.iter().flat_map(|place| place.iter()).filter(|row| is_name_of(name, row)).count();
        match found {
            0 => details.push(Detail::new(
                parameter,
                "not-found",
                &format!("there is no DB cluster snapshot {name}"),
            )),
            1 => {}
            count => {
                let message = format!("{count} places have a snapshot {name}; its ARN tells which is meant");
                details.push(Detail::new(parameter, "ambiguous", &message));
            }
        }
    }
    if details.is_empty() { Ok(()) } else { Err(Problem::invalid(details)) }
}

fn is_name_of(name: &str, snapshot: &Snapshot) -> bool {
    name.eq_ignore_ascii_case(&snapshot.id)
        || snapshot.arn.as_ref().is_some_and(|arn| name.eq_ignore_ascii_case(arn))
}

/// What is wrong with a text as the name of a snapshot of any type: those with a colon only AWS gives.
fn name_details(name: &str) -> Vec<Detail> {
    if name.contains(':') {
        return Vec::new();
    }
    SnapshotId::parse(name).err().map(|problems| id_details("SNAPSHOT", &problems)).unwrap_or_default()
}
