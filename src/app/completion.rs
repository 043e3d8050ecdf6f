//! What is told when snapshots end, and how those are told who do not look.

use std::time::Duration;

use crate::domain::ending::Took;
use crate::domain::notify::Notify;
use crate::domain::text::{escape, length};
use crate::track::presence::Absence;

use super::effect::{Effect, Effects};
use super::note::{Note, Tone};
use super::place::Place;
use super::place::followed::{FollowedSnapshot, State};

/// Says how snapshots ended.
#[must_use]
pub fn note(ended: &[FollowedSnapshot]) -> Note {
    let told: Vec<(Tone, String)> = ended.iter().map(tell).collect();
    let is_bad = told.iter().any(|(tone, _)| *tone == Tone::Bad);
    let text: Vec<String> = told.into_iter().map(|(_, text)| text).collect();
    Note::new(if is_bad { Tone::Bad } else { Tone::Good }, &text.join(" "))
}

/// What is done for those who do not look, in the ways that the configuration leaves on.
#[must_use]
pub fn alarms(ended: &[FollowedSnapshot], place: &Place, notify: &Notify) -> Effects {
    let mut effects = Vec::new();
    if notify.bell {
        effects.push(Effect::Bell);
    }
    if notify.desktop {
        let body = match ended {
            [only] => format!("{} is {}", only.id, word(only)),
            many => {
                let well = many.iter().filter(|row| word(row) == "available").count();
                format!("snapshots: {well} available, {} not", many.len() - well)
            }
        };
        effects.push(Effect::Notify { title: "clustersnap".to_owned(), body });
    }
    if !notify.command.is_empty() {
        effects.extend(
            ended
                .iter()
                .map(|row| Effect::RunCommand { command: notify.command.clone(), facts: facts(row, place) }),
        );
    }
    effects
}

/// The title of the window: the counts of what is followed.
#[must_use]
pub fn title<'a>(rows: impl Iterator<Item = &'a FollowedSnapshot>) -> String {
    let mut counts =
        [("sending", 0), ("not known", 0), ("creating", 0), ("available", 0), ("failed", 0), ("gone", 0)];
    for row in rows {
        let word = match word(row) {
            counted @ ("available" | "sending" | "not known") => counted,
            "disappeared" | "deleted" => "gone",
            _ if row.is_open() => "creating",
            _ => "failed",
        };
        counts.iter_mut().filter(|(name, _)| *name == word).for_each(|(_, count)| *count += 1);
    }
    let told = counts.iter().filter(|(_, count)| *count > 0);
    let told: Vec<String> = told.map(|(word, count)| format!("{count} {word}")).collect();
    match told.as_slice() {
        [] => "clustersnap".to_owned(),
        told => format!("{} - clustersnap", told.join(", ")),
    }
}

/// The facts about a snapshot that has ended, for the environment of a command.
fn facts(row: &FollowedSnapshot, place: &Place) -> Vec<(&'static str, String)> {
    // What only was seen later than it happened has no length to pass on.
    let took = row.took().and_then(Took::observed);
    let facts = [
        ("CLUSTERSNAP_SNAPSHOT", Some(row.id.clone())),
        ("CLUSTERSNAP_CLUSTER", row.cluster.clone()),
        ("CLUSTERSNAP_STATUS", Some(word(row).to_owned())),
        ("CLUSTERSNAP_ARN", row.snapshot().and_then(|snapshot| snapshot.arn.clone())),
        ("CLUSTERSNAP_ACCOUNT", place.account()),
        ("CLUSTERSNAP_REGION", place.target().region.clone()),
        ("CLUSTERSNAP_ELAPSED_SECONDS", took.map(|took| took.as_secs().to_string())),
        ("CLUSTERSNAP_MESSAGE", Some(tell(row).1)),
    ];
    // No text from outside can do more in there than be read; a NUL could not even be passed on.
    facts.into_iter().map(|(name, fact)| (name, escape(&fact.unwrap_or_default()))).collect()
}

/// How it stands with a snapshot, in one word, the service's own where it has one.
fn word(row: &FollowedSnapshot) -> &str {
    match &row.state {
        State::Listed(snapshot) => snapshot.status.as_str(),
        State::Gone(Absence::Deleted) => "deleted",
        State::Gone(_) => "disappeared",
        State::Submitting(_) => "sending",
        State::Unknown(_) => "not known",
        State::NotListed(_) => "creating",
    }
}

/// Says how a snapshot ended, and what that means.
fn tell(row: &FollowedSnapshot) -> (Tone, String) {
    match &row.state {
        State::Listed(snapshot) if snapshot.status.is_usable() => {
            (Tone::Good, format!("{} is available: it can be restored from now on.{}", row.id, how_long(row)))
        }
        State::Gone(Absence::Deleted) => {
            (Tone::Neutral, format!("{} was deleted at AWS, not by clustersnap.", row.id))
        }
        State::Gone(_) => (
            Tone::Bad,
            format!(
                "{}: {}. It is not looked for any more, but should a list have it again, it is followed on. AWS \
                 CloudTrail may say why.",
                row.id,
                row.followed.presence.absences().map(|missed| missed.verdict()).unwrap_or_default()
            ),
        ),
        State::Listed(snapshot) => {
            let status = &snapshot.status;
            (Tone::Bad, format!("{} is {status}: it cannot be restored.{}", row.id, row.what_to_do()))
        }
        State::Submitting(_) | State::Unknown(_) | State::NotListed(_) => {
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
