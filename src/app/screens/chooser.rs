//! The choice of other places: profiles, or Regions. Typing finds, enter goes there, space marks several that are
//! opened side by side.

use tui_input::Input;

use crate::app::action::Action;
use crate::app::cursor::{Cursor, Motion};
use crate::app::effect::Effect;
use crate::app::keymap::Focus;
use crate::app::place::Place;
use crate::app::world::World;
use crate::domain::account::AccountId;
use crate::domain::context;
use crate::domain::profile::{Choices, Profile};

use super::filter_line::take_line;
use super::{Next, Screen, Text};

/// What is chosen from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The profiles of this machine, each in the Region where it was last.
    Profiles,
    /// The Regions, for the profiles whose places are shown.
    Regions,
}

/// The choice.
#[derive(Debug)]
pub struct Chooser {
    /// What is chosen from.
    pub choice: Choice,
    /// What is looked for.
    pub input: Input,
    /// The cursor: the files may be read anew under it.
    pub cursor: Cursor<String>,
    /// The names that are marked, in the order in which they were.
    pub marked: Vec<String>,
}

/// Something that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choosable {
    /// The profile's or Region's name.
    pub name: String,
    /// What is known of a profile.
    pub profile: Option<Profile>,
    /// The Region that would be opened, where it is known.
    pub region: Option<String>,
    /// Whether it is open.
    pub is_shown: bool,
}

/// Opens the choice, and reads what there is.
pub fn open(choice: Choice, world: &mut World) -> Next {
    world.notices.clear();
    world.put(Effect::ReadChoices);
    let (input, cursor) = (Input::default(), Cursor::default());
    Chooser { choice, input, cursor, marked: Vec::new() }.into()
}

impl Screen for Chooser {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Chooser
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::Mark => self.mark(world),
            Action::Run => return self.go_there(world),
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn go(&mut self, motion: Motion, world: &World) {
        let entries = self.entries(world);
        let key = |at: usize| entries.get(at).map(|entry| entry.name.clone());
        self.cursor.go(motion, entries.len(), world.layout.body_rows(), key);
    }

    fn is_empty(&self, world: &World) -> bool {
        self.marked.is_empty() && self.entries(world).is_empty()
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        if take_line(&mut self.input, text) {
            self.go(Motion::Top, world);
        }
        true
    }

    fn fit(&mut self, world: &mut World) {
        let entries = self.entries(world);
        let key = |at: usize| entries.get(at).map(|entry| entry.name.clone());
        let is = |at: usize, on: &String| entries.get(at).is_some_and(|entry| entry.name == *on);
        self.cursor.follow(entries.len(), world.layout.body_rows(), true, key, is);
    }
}

impl Chooser {
    /// What there is that has every word of what is typed. A Region that is not known is one that AWS may have opened.
    pub fn entries(&self, world: &World) -> Vec<Choosable> {
        let Some(Ok(choices)) = &world.choices else { return Vec::new() };
        let typed = self.input.value().trim().to_ascii_lowercase();
        let fits = |text: &str| typed.split_whitespace().all(|word| text.to_lowercase().contains(word));
        match self.choice {
            Choice::Profiles => {
                let entries = choices.profiles.iter().map(|profile| of_profile(profile, choices, world));
                entries.filter(|entry| fits(&words_of(entry))).collect()
            }
            Choice::Regions => {
                let known = choices.regions_beside(world.place().target().region.as_deref());
                let entry = |name: &str| Choosable {
                    name: name.to_owned(),
                    profile: None,
                    region: Some(name.to_owned()),
                    is_shown: is_shown(world, |target| target.region.as_deref() == Some(name)),
                };
                let mut found: Vec<Choosable> =
                    known.iter().filter(|name| fits(name)).map(|name| entry(name)).collect();
                // What is open, and what was used lately, is what is looked for most.
                found.sort_by_key(|entry| !entry.is_shown);
                if is_new_region(&typed, &known) {
                    found.push(entry(&typed));
                }
                found
            }
        }
    }

    fn mark(&mut self, world: &World) {
        let Some(name) = self.in_hand(world).map(|entry| entry.name) else { return };
        match self.marked.iter().position(|marked| *marked == name) {
            Some(at) => drop(self.marked.remove(at)),
            None => self.marked.push(name),
        }
        self.go(Motion::Down, world);
    }

    fn in_hand(&self, world: &World) -> Option<Choosable> {
        self.entries(world).into_iter().nth(self.cursor.at())
    }

    /// Opens what is marked, else what is under the cursor.
    fn go_there(&self, world: &mut World) -> Next {
        let Some(Ok(choices)) = &world.choices else { return Next::Stay };
        let under_cursor = || self.in_hand(world).map(|entry| entry.name).into_iter().collect();
        let names = if self.marked.is_empty() { under_cursor() } else { self.marked.clone() };
        let wanted: Vec<context::Target> = match self.choice {
            Choice::Profiles => names.iter().map(|name| by_profile(name, choices, world)).collect(),
            Choice::Regions => by_regions(&names, world),
        };
        if wanted.is_empty() {
            world.notices.say("Nothing of this name is there to be opened.");
            return Next::Stay;
        }
        Next::Open(wanted)
    }
}

fn of_profile(profile: &Profile, choices: &Choices, world: &World) -> Choosable {
    let last = choices.last_region_of(&profile.name).map(str::to_owned);
    // The files may not say whose it is, and what it is asked as in this run has answered since.
    let mut its_places =
        world.places.iter().filter(|place| place.target().profile.as_ref() == Some(&profile.name));
    let account = profile.account.clone().or_else(|| its_places.find_map(Place::account));
    Choosable {
        name: profile.name.clone(),
        profile: Some(Profile { account, ..profile.clone() }),
        region: last.or_else(|| profile.region.clone()),
        is_shown: is_shown(world, |target| target.profile.as_ref() == Some(&profile.name)),
    }
}

fn is_shown(world: &World, is: impl Fn(&context::Target) -> bool) -> bool {
    world.places.shown().any(|place| is(place.target()))
}

fn words_of(entry: &Choosable) -> String {
    let of_profile = entry
        .profile
        .as_ref()
        .map(|profile| (profile.account.as_ref().map_or("", AccountId::as_str), &profile.credentials))
        .map(|(account, credentials)| format!("{account} {credentials}"));
    [Some(entry.name.clone()), of_profile, entry.region.clone()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether what is typed may be the name of a Region that is not known here.
fn is_new_region(typed: &str, known: &[&str]) -> bool {
    let is_label = typed.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    let has_parts = typed.split('-').count() >= 3 && typed.ends_with(|c: char| c.is_ascii_digit());
    is_label && has_parts && !known.contains(&typed)
}

/// The place of a profile, in the Region that was chosen last for it; else its own, as the AWS command line finds it.
fn by_profile(name: &str, choices: &Choices, world: &World) -> context::Target {
    let known = choices.profiles.iter().find(|profile| profile.name == name);
    // One that was opened for what an earlier run left has the endpoint of that.
    let shown = world.places.shown().next().map(|place| place.given().clone());
    context::Target {
        profile: Some(name.to_owned()),
        region: choices.last_region_of(name).map(str::to_owned),
        is_demo: known.is_some_and(|profile| profile.is_demo),
        ..shown.unwrap_or_default()
    }
}

/// The places of the profiles that are shown, in these Regions.
fn by_regions(names: &[String], world: &World) -> Vec<context::Target> {
    let mut wanted: Vec<context::Target> = Vec::new();
    for place in world.places.shown() {
        for name in names {
            let place = context::Target { region: Some(name.clone()), ..place.given().clone() };
            if !wanted.contains(&place) {
                wanted.push(place);
            }
        }
    }
    wanted
}
