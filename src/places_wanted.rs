//! Which places the command line asks for: profiles times Regions, or a set of the configuration.
//!
//! It names places only. Whether there is such a profile or Region shows when [`crate::session`] connects.

use std::collections::HashSet;

use thiserror::Error;

use crate::cli::Global;
use crate::config::{Loaded, PlaceEntry};
use crate::domain::text::{escape, shown_path};
use crate::rds::ServiceOptions;

/// Why the command line names no places, or too many.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlacesError {
    /// The option is there, and names nothing: a variable that is not set, mostly.
    #[error("it is empty: leave it out, or name one")]
    Empty(&'static str),
    /// A set and its members were named.
    #[error("--places names profiles and Regions already: leave out --profile and --region, or --places")]
    SetAndOptions,
    /// There is no such set, or it cannot be understood.
    #[error("there is no set {name} in the table [places] of {file}; {known}")]
    UnknownSet {
        /// The name that was given, escaped.
        name: String,
        /// The configuration, escaped.
        file: String,
        /// What there is, or what is wrong with it; safe to show.
        known: String,
    },
    /// More than one place, for what concerns one.
    #[error("this concerns one place, and {} are named: {}", .0.len(), .0.join(", "))]
    Several(Vec<String>),
}

impl PlacesError {
    /// The options that it is about.
    pub(crate) fn options(&self) -> &'static str {
        match self {
            Self::Empty(option) => option,
            Self::SetAndOptions | Self::UnknownSet { .. } => "--places",
            Self::Several(_) => "--profile, --region, --places",
        }
    }
}

/// The places that are asked for, in the order in which they were named, each once; never empty. The
/// configuration is read only where a set is named.
///
/// # Errors
/// When a set is named that the configuration has not, or its members as well.
pub fn wanted(global: &Global, load: impl FnOnce() -> Loaded) -> Result<Vec<ServiceOptions>, PlacesError> {
    Ok(of(global, named(global, load)?))
}

/// The places of profiles and Regions with the other options, each once.
pub(crate) fn of(global: &Global, named: Vec<Named>) -> Vec<ServiceOptions> {
    let mut known = HashSet::new();
    let new = named.into_iter().filter(|place| known.insert(place.clone()));
    new.map(|(profile, region)| ServiceOptions {
        profile,
        region,
        endpoint_url: global.endpoint_url.clone(),
        read_only: global.read_only,
        ..ServiceOptions::default()
    })
    .collect()
}

/// The one place that is asked for.
///
/// # Errors
/// When more than one is named.
pub fn only(mut places: Vec<ServiceOptions>) -> Result<ServiceOptions, PlacesError> {
    match places.pop() {
        Some(place) if places.is_empty() => Ok(place),
        last => Err(PlacesError::Several(places.iter().chain(&last).map(name).collect())),
    }
}

/// A place in words, as it was named: `prod/eu-west-1`; safe to show.
pub(crate) fn name(place: &ServiceOptions) -> String {
    escape(&words(place.profile.as_deref(), place.region.as_deref()))
}

/// A profile and a Region in words, as they are given.
pub(crate) fn words(profile: Option<&str>, region: Option<&str>) -> String {
    let words: Vec<&str> = [profile, region].into_iter().flatten().filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "the default profile".to_owned() } else { words.join("/") }
}

/// A profile and a Region, where they are named.
pub type Named = (Option<String>, Option<String>);

fn named(global: &Global, load: impl FnOnce() -> Loaded) -> Result<Vec<Named>, PlacesError> {
    // The AWS command line refuses such a Region too; a profile without a name is none to it.
    if !global.regions.is_empty() && global.regions.iter().all(String::is_empty) {
        return Err(PlacesError::Empty("--region"));
    }
    if global.places.as_ref().is_some_and(|name| name.trim().is_empty()) {
        return Err(PlacesError::Empty("--places"));
    }
    let Some(name) = &global.places else {
        return Ok(product(&options(&global.profiles), &options(&global.regions)));
    };
    if !global.profiles.is_empty() || !global.regions.is_empty() {
        return Err(PlacesError::SetAndOptions);
    }
    let loaded = load();
    let set = loaded.config.places.iter().find(|set| set.name == *name);
    let set = set.ok_or_else(|| unknown(name, &loaded))?;
    let of = |entry: &PlaceEntry| product(std::slice::from_ref(&entry.profile), &options(&entry.regions));
    Ok(set.entries.iter().flat_map(of).collect())
}

/// Names as options: without any, what holds by itself. An empty one says nothing beside others.
fn options(names: &[String]) -> Vec<Option<String>> {
    let given: Vec<_> = names.iter().filter(|name| !name.is_empty()).collect();
    if given.is_empty() { vec![None] } else { given.into_iter().cloned().map(Some).collect() }
}

fn product(profiles: &[Option<String>], regions: &[Option<String>]) -> Vec<Named> {
    let of = |profile: &Option<String>| {
        let profile = profile.clone();
        regions.iter().map(move |region| (profile.clone(), region.clone()))
    };
    profiles.iter().flat_map(of).collect()
}

fn unknown(name: &str, loaded: &Loaded) -> PlacesError {
    let sets: Vec<String> = loaded.config.places.iter().map(|set| escape(&set.name)).collect();
    let mut known =
        if sets.is_empty() { "there is none".to_owned() } else { format!("there are: {}", sets.join(", ")) };
    // A set that is wrong is left out, and this is where its name is missed.
    for problem in loaded.warnings() {
        known = format!("{known}; {problem}");
    }
    let file = loaded.path.as_deref().map_or_else(|| "the configuration".to_owned(), shown_path);
    PlacesError::UnknownSet { name: escape(name), file, known }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::config;

    /// What `--profile` and `--region` name, each as words.
    fn product_of(profiles: &str, regions: &str) -> Vec<String> {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        let global = Global { profiles: words(profiles), regions: words(regions), ..Global::default() };
        wanted(&global, Loaded::default).unwrap().iter().map(name).collect()
    }

    /// What a set of a file names.
    fn set(name: &str, file: &str, profiles: &[&str]) -> Result<Vec<String>, PlacesError> {
        let profiles = profiles.iter().map(ToString::to_string).collect();
        let global = Global { places: Some(name.to_owned()), profiles, ..Global::default() };
        let (config, problems) = config::parse(file);
        let load = || Loaded { config, problems, path: Some("c.toml".into()), is_there: true };
        Ok(wanted(&global, load)?.iter().map(super::name).collect())
    }

    #[test]
    fn places_are_the_product_of_profiles_and_regions_in_order_and_once() {
        assert_eq!(product_of("", ""), ["the default profile"]);
        assert_eq!(product_of("", "eu-west-1"), ["eu-west-1"]);
        assert_eq!(
            product_of("prod dr prod", "eu-west-1 eu-central-1 eu-west-1"),
            ["prod/eu-west-1", "prod/eu-central-1", "dr/eu-west-1", "dr/eu-central-1"]
        );
    }

    #[test]
    fn an_empty_name_says_nothing_beside_others() {
        let regions = vec!["eu-west-1".to_owned(), String::new()];
        assert_eq!(options(&regions), [Some("eu-west-1".to_owned())]);
        for names in [vec![String::new()], vec![String::new(), String::new()]] {
            let global = Global { profiles: names.clone(), ..Global::default() };
            assert_eq!(named(&global, Loaded::default), Ok(vec![(None, None)]));
            let global = Global { regions: names, ..Global::default() };
            assert_eq!(wanted(&global, Loaded::default), Err(PlacesError::Empty("--region")));
        }
        for name in ["", " "] {
            let global = Global { places: Some(name.to_owned()), ..Global::default() };
            assert_eq!(wanted(&global, Loaded::default), Err(PlacesError::Empty("--places")));
        }
    }

    #[test]
    fn a_set_is_what_its_entries_say() {
        let file = "[places]\nall = [\"prod/eu-west-1\", \"dr/eu-west-1, eu-central-1\", \"own\", \"/us-east-1\", \
                    \"org/admin/\", \"prod/eu-west-1\"]\n";
        assert_eq!(
            set("all", file, &[]).unwrap(),
            ["prod/eu-west-1", "dr/eu-west-1", "dr/eu-central-1", "own", "us-east-1", "org/admin"]
        );
        assert_eq!(set("all", file, &["x"]), Err(PlacesError::SetAndOptions));
    }

    #[test]
    fn an_unknown_set_is_told_with_those_that_there_are_and_what_is_wrong_with_others() {
        let file = "[places]\nall = [\"prod/eu-west-1\"]\nbroken = [\"prod/EU-WEST-1\"]\n";
        for (name, said) in [
            ("broken", "c.toml:3: places: broken: \"EU-WEST-1\" is not the name of a Region"),
            ("none", "there is no set none in the table [places] of c.toml; there are: all"),
        ] {
            let error = set(name, file, &[]).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn what_concerns_one_place_is_told_of_all_that_were_named() {
        let place =
            |region: &str| ServiceOptions { region: Some(region.to_owned()), ..ServiceOptions::default() };
        assert_eq!(only(vec![place("a")]).unwrap().region.as_deref(), Some("a"));
        let error = only(vec![place("a"), place("b")]).unwrap_err().to_string();
        assert_eq!(error, "this concerns one place, and 2 are named: a, b");
    }
}
