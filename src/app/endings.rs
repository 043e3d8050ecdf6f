//! What is told when snapshots end.

use std::time::Duration;

use crate::domain::text::span;
use crate::track::presence::Absence;

use super::effect::Effects;
use super::notes::{Note, Tone};
use super::screens::pane::{State, Tracked, age};
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
            if snapshot.status.is_usable() {
                self.looking_back.earlier.note_available(&row.id, row.open_at, now.at());
            }
        }
        self.look_back_again(now);
        let told: Vec<(Tone, String)> = ended.iter().map(tell).collect();
        let is_bad = told.iter().any(|(tone, _)| *tone == Tone::Bad);
        let text: Vec<String> = told.into_iter().map(|(_, text)| text).collect();
        let tone = if is_bad { Tone::Bad } else { Tone::Good };
        self.note = Some(Note::new(tone, &text.join(" ")));
        Vec::new()
    }

    /// Keeps what the first estimate of each snapshot said, to tell at its end how good it was.
    pub(super) fn note_estimates(&mut self, now: &Now) {
        for at in 0..self.pane.rows.len() {
            let Some(row) = self.pane.rows.get(at).filter(|row| row.foretold.is_none()) else { continue };
            let Some(estimate) = self.estimate(row, now) else { continue };
            let age = age(row.began, now.at());
            if let Some(row) = self.pane.rows.get_mut(at) {
                row.foretold = Some((age + estimate.least, age + estimate.most));
            }
        }
    }
}

/// Says how a snapshot ended, and what that means.
fn tell(row: &Tracked) -> (Tone, String) {
    match &row.state {
        State::Listed(snapshot) if snapshot.status.is_usable() => {
            (Tone::Good, format!("{} is available: it can be restored from now on.{}", row.id, how_long(row)))
        }
        State::Gone(Absence::Deleted) => (Tone::Neutral, format!("{} was deleted.", row.id)),
        State::Gone(_) => (
            Tone::Bad,
            format!("{} is not listed any more, and nothing here says why: look in AWS CloudTrail.", row.id),
        ),
        State::Listed(snapshot) => {
            (Tone::Bad, format!("{} is {}: it cannot be restored.", row.id, snapshot.status))
        }
        State::Submitting(_) | State::Unknown(_) | State::NotListedYet => {
            (Tone::Neutral, format!("{} is in progress.", row.id))
        }
    }
}

/// How long it took, and how good the first estimate was; nothing if its making was not watched.
fn how_long(row: &Tracked) -> String {
    let (Some(ended), Some(_)) = (row.ended, row.open_at) else { return String::new() };
    let took = age(row.began, ended);
    let told = |least: Duration, most: Duration| format!("{} to {}", span(least), span(most));
    let verdict = match row.foretold {
        Some((least, most)) if (least..=most).contains(&took) => {
            format!(", as was foretold: {}", told(least, most))
        }
        Some((least, most)) => format!("; {} had been foretold", told(least, most)),
        None => String::new(),
    };
    format!(" It took {}{verdict}.", span(took))
}
