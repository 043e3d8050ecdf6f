//! What is told when snapshots end, and how those are told who do not look.

use std::time::Duration;

use crate::domain::ending::Took;
use crate::domain::outcome_kind::OutcomeKind;
use crate::domain::text::{escape, length};
use crate::track::presence::Absence;

use super::effect::{Effect, Effects};
use super::keymap::Focus;
use super::note::{Note, Tone};
use super::overrides::Keymap;
use super::place::Place;
use super::place::followed::{FollowedSnapshot, FollowedState, Weight};
use super::place::submitting::Settled;
use super::request_id::PlaceId;
use super::world::World;

/// Says how snapshots of a place ended: each that did not end well by itself, which may go before the others do, and
/// then the rest.
pub fn notes(ended: &[FollowedSnapshot], place: PlaceId) -> Vec<Note> {
    let (well, badly): (Vec<_>, Vec<_>) =
        worst_first(ended.iter()).into_iter().partition(|row| row.weight() == Weight::Usable);
    let note = |row: &FollowedSnapshot| {
        let (tone, text) = tell(row);
        Note::new(tone, &text).about(place, &row.id)
    };
    let mut notes: Vec<Note> = badly.into_iter().map(note).collect();
    match well.as_slice() {
        [] => {}
        [only] => notes.push(note(only)),
        several => {
            let texts: Vec<String> = several.iter().map(|row| tell(row).1).collect();
            notes.push(Note::new(Tone::Good, &texts.join(" ")));
        }
    }
    notes
}

fn worst_first<'a>(ended: impl Iterator<Item = &'a FollowedSnapshot>) -> Vec<&'a FollowedSnapshot> {
    let mut rows: Vec<&FollowedSnapshot> = ended.collect();
    rows.sort_by_key(|row| row.weight());
    rows
}

/// What is done for those who do not look when snapshots have ended. That somebody else's is gone alarms nobody.
pub fn alarms(ended: &[FollowedSnapshot], of: PlaceId, world: &World) -> Effects {
    let ended = worst_first(ended.iter().filter(|row| !row.is_others_gone()));
    let body = match ended.as_slice() {
        [] => return Effects::new(),
        [only] => match word(only) {
            verb @ ("failed" | "disappeared") => format!("{} {verb}", only.id),
            state => format!("{} is {state}", only.id),
        },
        many => format!("snapshots: {}", counts(many.iter().copied())),
    };
    alarm(body, ended.into_iter().map(facts), of, world)
}

/// The same when a request came to nothing, or nobody knows to what.
pub fn alarms_of_request(
    settled: &Settled,
    kind: OutcomeKind,
    told: &Note,
    of: PlaceId,
    world: &World,
) -> Effects {
    let body = format!("{}: {}", settled.snapshot, kind.short());
    let facts = Facts {
        snapshot: settled.snapshot.clone(),
        cluster: Some(settled.cluster.clone()),
        status: kind.short().to_owned(),
        arn: None,
        elapsed: None,
        message: told.text.clone(),
    };
    alarm(body, std::iter::once(facts), of, world)
}

/// Bell, notification and command, as far as the configuration leaves them on.
fn alarm(body: String, facts: impl Iterator<Item = Facts>, of: PlaceId, world: &World) -> Effects {
    let World { notify, keymap, .. } = world;
    let mut effects = Vec::new();
    if notify.bell {
        effects.push(Effect::Bell);
    }
    if notify.desktop {
        effects.push(Effect::Notify(body));
    }
    if !notify.command.is_empty() {
        let facts = facts.map(|facts| facts.of_place(world.at(of), keymap));
        effects.extend(facts.map(|facts| Effect::RunCommand { command: notify.command.clone(), facts }));
    }
    effects
}

/// The title of the window: the counts of what is followed.
pub fn title<'a>(rows: impl Iterator<Item = &'a FollowedSnapshot>) -> String {
    match counts(rows).as_str() {
        "" => "clustersnap".to_owned(),
        told => format!("{told} - clustersnap"),
    }
}

/// How many there are of each kind, the worst first: where it is cut, the end is missed least.
fn counts<'a>(rows: impl Iterator<Item = &'a FollowedSnapshot>) -> String {
    const WORDS: [&str; 7] =
        ["failed", "disappeared", "not known", "sending", "creating", "available", "deleted"];
    let mut counts = WORDS.map(|word| (word, 0));
    for row in rows {
        let word = match word(row) {
            counted if WORDS.contains(&counted) => counted,
            _ if row.is_open() => "creating",
            _ => "failed",
        };
        counts.iter_mut().filter(|(name, _)| *name == word).for_each(|(_, count)| *count += 1);
    }
    let told = counts.iter().filter(|(_, count)| *count > 0);
    told.map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

/// The facts about a snapshot that has ended, for the environment of a command.
fn facts(row: &FollowedSnapshot) -> Facts {
    // What only was seen later than it happened has no length to pass on.
    let took = row.took().and_then(Took::observed);
    Facts {
        snapshot: row.id.clone(),
        cluster: row.cluster.clone(),
        status: word(row).to_owned(),
        arn: row.snapshot().and_then(|snapshot| snapshot.arn.clone()),
        elapsed: took.map(|took| took.as_secs().to_string()),
        message: tell(row).1,
    }
}

/// What a command is told; what is not known is empty.
struct Facts {
    snapshot: String,
    cluster: Option<String>,
    status: String,
    arn: Option<String>,
    elapsed: Option<String>,
    message: String,
}

impl Facts {
    /// The same in its environment. No text from outside can do more there than be read; a NUL could not even be
    /// passed on.
    fn of_place(self, place: &Place, keymap: &Keymap) -> Vec<(&'static str, String)> {
        let message = keymap.told(&self.message, Focus::Clusters).into_owned();
        let facts = [
            ("CLUSTERSNAP_SNAPSHOT", Some(self.snapshot)),
            ("CLUSTERSNAP_CLUSTER", self.cluster),
            ("CLUSTERSNAP_STATUS", Some(self.status)),
            ("CLUSTERSNAP_ARN", self.arn),
            ("CLUSTERSNAP_ACCOUNT", place.account().map(|account| account.to_string())),
            ("CLUSTERSNAP_REGION", place.target().region.clone()),
            ("CLUSTERSNAP_ELAPSED_SECONDS", self.elapsed),
            ("CLUSTERSNAP_MESSAGE", Some(message)),
        ];
        facts.into_iter().map(|(name, fact)| (name, escape(&fact.unwrap_or_default()))).collect()
    }
}

/// How it stands with a snapshot, in one word, the service's own where it has one.
fn word(row: &FollowedSnapshot) -> &str {
    match &row.state {
        FollowedState::Listed(snapshot) => snapshot.status.as_str(),
        FollowedState::Gone(Absence::Deleted) => "deleted",
        FollowedState::Gone(_) => "disappeared",
        FollowedState::Submitting(_) => "sending",
        FollowedState::Unknown => "not known",
        FollowedState::NotListed(_) => "creating",
    }
}

/// Says how a snapshot ended, and what that means.
fn tell(row: &FollowedSnapshot) -> (Tone, String) {
    match &row.state {
        FollowedState::Listed(snapshot) if snapshot.status.is_usable() => {
            (Tone::Good, format!("{} is available: it can be restored from now on.{}", row.id, how_long(row)))
        }
        FollowedState::Gone(Absence::Deleted) => (Tone::Neutral, format!("{} was deleted.", row.id)),
        FollowedState::Gone(absence) => {
            let tone = if row.is_others_gone() { Tone::Doubt } else { Tone::Bad };
            let verdict = row.followed.presence.verdict().unwrap_or_default();
            let then = match absence {
                Absence::Replaced => "",
                _ => " It is not looked for any more, but should a list have it again, it is followed on.",
            };
            (tone, format!("{}: {verdict}.{then} AWS CloudTrail may say why.", row.id))
        }
        FollowedState::Listed(snapshot) => {
            let status = &snapshot.status;
            (Tone::Bad, format!("{}: {status}, so it cannot be restored.{}", row.id, row.what_to_do()))
        }
        FollowedState::Submitting(_) | FollowedState::Unknown | FollowedState::NotListed(_) => {
            (Tone::Neutral, format!("{} is in progress.", row.id))
        }
    }
}

/// How long it took and how good the first estimate was, or how late it was first seen.
fn how_long(row: &FollowedSnapshot) -> String {
    let took = match row.took() {
        Some(Took::Observed(took, _)) => took,
        Some(took @ Took::FirstSeen(Some(_))) => return format!(" It was {}.", took.words()),
        Some(Took::FirstSeen(None)) | None => return String::new(),
    };
    let told = |least: Duration, most: Duration| format!("{} to {}", length(least), length(most));
    let verdict = match row.first_estimate {
        Some((least, most)) if (least..=most).contains(&took) => {
            format!(" (estimated {})", told(least, most))
        }
        Some((least, most)) => format!(" (estimated {}, wrongly)", told(least, most)),
        None => String::new(),
    };
    format!(" It took {}{verdict}.", length(took))
}
