//! What is told when snapshots end.

use crate::track::presence::Absence;

use super::App;
use super::notes::{Note, Tone};
use super::screens::pane::{State, Tracked};

impl App {
    /// Tells of the rows of the pane that have ended.
    pub(super) fn on_ended(&mut self, rows: &[usize]) {
        let ended: Vec<Tracked> = rows.iter().filter_map(|at| self.pane.rows.get(*at)).cloned().collect();
        for snapshot in ended.iter().filter_map(Tracked::snapshot) {
            self.catalog.note(snapshot);
        }
        let told: Vec<(Tone, String)> = ended.iter().map(tell).collect();
        let is_bad = told.iter().any(|(tone, _)| *tone == Tone::Bad);
        let text: Vec<String> = told.into_iter().map(|(_, text)| text).collect();
        if !text.is_empty() {
            let tone = if is_bad { Tone::Bad } else { Tone::Good };
            self.note = Some(Note::new(tone, &text.join(" ")));
        }
    }
}

/// Says how a snapshot ended, and what that means.
fn tell(row: &Tracked) -> (Tone, String) {
    match &row.state {
        State::Listed(snapshot) if snapshot.status.is_usable() => {
            (Tone::Good, format!("{} is available: it can be restored from now on.", row.id))
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
