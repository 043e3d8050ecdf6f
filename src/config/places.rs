//! Sets of places by name: `all-prod = ["prod/eu-west-1", "dr/eu-west-1,eu-central-1"]`.

use toml::de::DeValue;

use super::value::{Wrong, list, read_texts, rows, shown_table, text};
use super::{Config, guards};

/// Places that are asked for by one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceSet {
    /// Its name.
    pub name: String,
    /// What belongs to it, in the order of the file; never empty.
    pub entries: Vec<PlaceEntry>,
}

/// A profile with its Regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceEntry {
    /// The profile; `None` is the one that holds without an option.
    pub profile: Option<String>,
    /// The Regions; none is the profile's own.
    pub regions: Vec<String>,
}

impl PlaceEntry {
    /// Reads `PROFILE/REGION,...`. The last slash divides, for a profile's name may have others.
    fn parse(entry: &str) -> Result<Self, String> {
        let (profile, regions) = entry.rsplit_once('/').unwrap_or((entry, ""));
        let regions: Vec<String> = if regions.trim().is_empty() {
            Vec::new()
        } else {
            regions.split(',').map(|region| region.trim().to_owned()).collect()
        };
        let profile = Some(profile.trim().to_owned()).filter(|profile| !profile.is_empty());
        if let Some(region) = regions.iter().find(|region| !is_region(region)) {
            return Err(format!("\"{region}\" is not the name of a Region"));
        }
        if profile.is_none() && regions.is_empty() {
            return Err("an entry names neither a profile nor a Region".to_owned());
        }
        Ok(Self { profile, regions })
    }
}

/// Whether a text can be the name of a Region: which ones there are only AWS knows.
fn is_region(name: &str) -> bool {
    name.contains('-')
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// Takes the sets. One with anything wrong in it is left out whole: half of what a name stands for is not what
/// was asked for by it.
pub(super) fn take_places(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    let DeValue::Table(table) = value else { return vec![Wrong::kind(value)] };
    let mut wrong = Vec::new();
    for (name, value) in rows(table) {
        let begin = value.span().start;
        let (entries, mut problems) = read_texts(value.get_ref(), PlaceEntry::parse);
        if entries.is_empty() && problems.is_empty() {
            problems.push(Wrong { at: None, said: "an empty list stands there".to_owned() });
        }
        // The one guard that is a list, below the table whose header it should stand above.
        if guards::is_like(name.get_ref(), "required_tags") {
            problems.push(Wrong { at: None, said: "required_tags stands above all tables".to_owned() });
        }
        if problems.is_empty() {
            config.places.push(PlaceSet { name: name.get_ref().to_string(), entries });
        }
        wrong.extend(problems.into_iter().map(|problem| Wrong {
            at: problem.at.or(Some(begin)),
            said: format!("{}: {}", name.get_ref(), problem.said),
        }));
    }
    wrong
}

/// The sets as they stand in a file.
pub(super) fn show_places(config: &Config) -> String {
    let shown = |entry: &PlaceEntry| {
        format!("{}/{}", entry.profile.as_deref().unwrap_or_default(), entry.regions.join(","))
    };
    let row = |set: &PlaceSet| {
        let entries: Vec<String> = set.entries.iter().map(shown).collect();
        (text(&set.name), list(entries.iter().map(String::as_str)))
    };
    shown_table(config.places.iter().map(row))
}
