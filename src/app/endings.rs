//! What is told when snapshots end.

use std::time::Duration;

use crate::domain::ending::Took;
use crate::domain::text::{escape, length};
use crate::track::presence::Absence;

use super::effect::{Effect, Effects};
use super::notes::{Note, Tone};
use super::screens::pane::{State, Tracked};
use super::{App, Now};

impl App {
    /// Tells of the rows of the pane that have ended.
    pub(super) fn on_ended(&mut self, rows: &[usize], now: &Now) -> Effects {
        let ended: Vec<Tracked> = rows.iter().filter_map(|at| self.pane.rows.get(*at)).cloned().collect();
        if ended.is_empty() {
            return Vec::new();
        }
        for row in &ended {
            let Some(snapshot) = row.snapshot() else { continue };
            self.catalog.note(snapshot);
            if let Some(ending) = row.followed.ending() {
                self.looking_back.earlier.note_ending(&row.id, ending);
            }
        }
        self.look_back_again(now);
        let told: Vec<(Tone, String)> = ended.iter().map(tell).collect();
        let is_bad = told.iter().any(|(tone, _)| *tone == Tone::Bad);
        let text: Vec<String> = told.into_iter().map(|(_, text)| text).collect();
        let tone = if is_bad { Tone::Bad } else { Tone::Good };
        let note = Note::new(tone, &text.join(" "));
        if ended.iter().all(|row| row.submission.is_none()) {
            self.tell_of_others(note, now);
        } else {
            self.note = Some(note);
        }
        self.alarms(&ended)
    }

    /// Journals what became known of ends since the last time: the end itself, and later its event.
    pub(super) fn note_ends(&mut self) -> Effects {
        let mut effects = Vec::new();
        for row in self.pane.rows.iter_mut().filter(|row| row.submission.is_some()) {
            let Some(ending) = row.followed.ending().filter(|ending| row.noted.as_ref() != Some(ending))
            else {
                continue;
            };
            row.noted = Some(ending.clone());
            effects.push(Effect::NoteEnd { snapshot: row.id.clone(), ending: ending.clone() });
        }
        effects
    }

    /// What is done for those who do not look, in the ways that the configuration leaves on.
    fn alarms(&self, ended: &[Tracked]) -> Effects {
        let mut effects = Vec::new();
        if self.notify.bell {
            effects.push(Effect::Bell);
        }
        if self.notify.desktop {
            let body = match ended {
                [only] => format!("{} is {}", only.id, word(only)),
                many => {
                    let well = many.iter().filter(|row| word(row) == "available").count();
                    format!("snapshots: {well} available, {} not", many.len() - well)
                }
            };
            effects.push(Effect::Notify { title: "clustersnap".to_owned(), body });
        }
        if !self.notify.command.is_empty() {
            effects.extend(ended.iter().map(|row| Effect::RunCommand {
                command: self.notify.command.clone(),
                facts: self.facts(row),
            }));
        }
        effects
    }

    /// The facts about a snapshot that has ended, for the environment of a command.
    fn facts(&self, row: &Tracked) -> Vec<(&'static str, String)> {
        let account = self.account();
        // What only was seen later than it happened has no length to pass on.
        let took = row.took().and_then(Took::observed);
        let facts = [
            ("CLUSTERSNAP_SNAPSHOT", Some(row.id.clone())),
            ("CLUSTERSNAP_CLUSTER", row.cluster.clone()),
            ("CLUSTERSNAP_STATUS", Some(word(row).to_owned())),
            ("CLUSTERSNAP_ARN", row.snapshot().and_then(|snapshot| snapshot.arn.clone())),
            ("CLUSTERSNAP_ACCOUNT", account),
            ("CLUSTERSNAP_REGION", self.place().and_then(|place| place.region.clone())),
            ("CLUSTERSNAP_ELAPSED_SECONDS", took.map(|took| took.as_secs().to_string())),
            ("CLUSTERSNAP_MESSAGE", Some(tell(row).1)),
        ];
        // No text from outside can do more in there than be read; a NUL could not even be passed on.
        facts.into_iter().map(|(name, fact)| (name, escape(&fact.unwrap_or_default()))).collect()
    }

    /// The title of the window, if it is to change: the counts of the pane.
    pub(super) fn retitle(&mut self) -> Option<Effect> {
        // Nothing is said until there is something to say; after that, nothing stays that is not so.
        if !self.notify.title || (self.pane.rows.is_empty() && self.title.is_empty()) {
            return None;
        }
        let mut counts =
            [("sending", 0), ("not known", 0), ("creating", 0), ("available", 0), ("failed", 0), ("gone", 0)];
        for row in &self.pane.rows {
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
        let title = match told.as_slice() {
            [] => "clustersnap".to_owned(),
            told => format!("{} - clustersnap", told.join(", ")),
        };
        if title == self.title {
            return None;
        }
        self.title.clone_from(&title);
        Some(Effect::SetTitle(title))
    }

    /// Keeps what the first estimate of each snapshot said, to tell at its end how good it was.
    pub(super) fn note_estimates(&mut self, now: &Now) {
        for at in 0..self.pane.rows.len() {
            let Some(row) = self.pane.rows.get(at).filter(|row| row.foretold.is_none()) else { continue };
            let Some(estimate) = self.estimate(row, now) else { continue };
            let Some(age) = row.followed.age(now.mono) else { continue };
            if let Some(row) = self.pane.rows.get_mut(at) {
                row.foretold = Some((age + estimate.least, age + estimate.most));
            }
        }
    }
}

/// How it stands with a snapshot, in one word, the service's own where it has one.
fn word(row: &Tracked) -> &str {
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
fn tell(row: &Tracked) -> (Tone, String) {
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
            (Tone::Bad, format!("{} is {status}: it cannot be restored.{}", row.id, another(row)))
        }
        State::Submitting(_) | State::Unknown(_) | State::NotListed(_) => {
            (Tone::Neutral, format!("{} is in progress.", row.id))
        }
    }
}

/// What to do about a snapshot that cannot be restored.
pub(super) fn another(row: &Tracked) -> String {
    row.cluster.as_ref().map_or_else(String::new, |cluster| format!(" Take another: s on {cluster}."))
}

/// How long it took and how good the first estimate was, or how late it was first seen.
fn how_long(row: &Tracked) -> String {
    let took = match row.took() {
        Some(Took::Observed(took, _)) => took,
        Some(took @ Took::FirstSeen(Some(_))) => return format!(" It was {}.", took.words()),
        Some(Took::FirstSeen(None)) | None => return String::new(),
    };
    let told = |least: Duration, most: Duration| format!("{} to {}", length(least), length(most));
    let verdict = match row.foretold {
        Some((least, most)) if (least..=most).contains(&took) => {
            format!(" (estimated {})", told(least, most))
        }
        Some((least, most)) => format!(" (estimated {}, wrongly)", told(least, most)),
        None => String::new(),
    };
    format!(" It took {}{verdict}.", length(took))
}
