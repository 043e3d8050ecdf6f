//! What is told of a change of an earlier run: what of it was not sent, and what did not end well.

use crate::domain::change::{ChangeItem, ChangePlace};
use crate::domain::change_record::Achieved;
use crate::domain::context::called;
use crate::domain::record::Record;

use super::message::Before;
use super::note::{Note, Tone};
use super::places::Places;

impl Before {
    /// How many of its requests were not sent.
    pub(crate) fn unsent(&self) -> usize {
        self.unsent_items().count()
    }

    /// Those. Of a change that is over, what waits for its cluster is asked about apart.
    pub(crate) fn unsent_items(&self) -> impl Iterator<Item = &ChangeItem> {
        let is_sent = |item: &&ChangeItem| {
            self.sent.iter().any(|record| record.intent.number == item.request.number.as_str())
        };
        let is_apart = |item: &&ChangeItem| self.is_over() && item.why.is_none();
        self.change.items.iter().filter(move |item| !is_sent(item) && !is_apart(item))
    }

    /// Where those go that were not sent, each place once, as it is called and with its endpoint, where that is not AWS's
    /// own.
    pub(crate) fn unsent_places(&self) -> Vec<(String, Option<String>)> {
        let place = |item: &ChangeItem| {
            let ChangePlace { profile, region, endpoint } = &item.place;
            (called(profile.as_deref(), item.account.as_ref(), region.as_deref()), endpoint.clone())
        };
        let mut places: Vec<(String, Option<String>)> = self.unsent_items().map(place).collect();
        places.sort();
        places.dedup();
        places
    }

    /// The question about it. Where what it sends goes is said, unless that is the only place that is shown.
    pub(crate) fn question(&self, places: &Places) -> Note {
        let wanted = self.unsent_places();
        let shown: Vec<(String, Option<String>)> =
            places.shown().map(|place| (place.label(), place.target().endpoint.clone())).collect();
        let told = |(label, endpoint): &(String, Option<String>)| {
            if shown.iter().any(|(_, own)| own == endpoint) {
                return label.clone();
            }
            format!("{label} at {}", endpoint.as_deref().unwrap_or("AWS's own endpoint"))
        };
        let to = if wanted == shown && shown.len() == 1 {
            String::new()
        } else {
            format!(" to {}", wanted.iter().map(told).collect::<Vec<_>>().join(", "))
        };
        let (change, badly) = (&self.change, self.ended_badly().count());
        let also = if badly > 0 { format!(", and {badly} did not end well") } else { String::new() };
        let then = match (self.unsent(), badly > 0 && change.all_or_stop) {
            (_, true) => "‹c:go_on› sends nothing more, as one was to stop all".to_owned(),
            (1, _) => format!("‹c:go_on› sends it{to}, once"),
            (unsent, _) => format!("‹c:go_on› sends those {unsent}{to}, each once"),
        };
        let text = format!(
            "Go on with {}? {} of its {} requests {} not sent in an earlier run{also}: {then}.",
            change.id,
            self.unsent(),
            change.items.len(),
            if self.unsent() == 1 { "was" } else { "were" }
        );
        Note::new(Tone::Doubt, &text)
    }

    /// What is told where it is left for later.
    pub(crate) fn left(&self) -> String {
        format!(
            "Left for later: {}. ‹C:change› asks again, and so does the next start.",
            self.unsent_of_all()
        )
    }

    /// What is told where it is let go of.
    pub(crate) fn let_go(&self) -> String {
        let stays = if self.unsent() == 1 { "is" } else { "are" };
        let (id, unsent) = (&self.change.id, self.unsent_of_all());
        format!("Let go of {unsent}, and {stays} not any more: clustersnap report {id} tells which.")
    }

    fn unsent_of_all(&self) -> String {
        let (id, unsent, all) = (&self.change.id, self.unsent(), self.change.items.len());
        let were = if unsent == 1 { "was" } else { "were" };
        format!("{id}, of which {unsent} of {all} requests {were} not sent")
    }

    /// Its requests of which the journal knows that they have no usable snapshot, or nothing proves that they have. What
    /// is still open is told once it is known.
    pub fn ended_badly(&self) -> impl Iterator<Item = &Record> {
        self.sent.iter().filter(|record| Achieved::by(record) < Achieved::Unknown)
    }

    /// Whether nothing more of it is to be sent: it is told of, and nothing is asked.
    pub(crate) fn is_over(&self) -> bool {
        self.change.is_untold
    }

    /// What is told of those, and of what was not sent of one that is over.
    pub(crate) fn told(&self) -> Option<Note> {
        let (badly, unsent) = (self.badly(), self.not_sent());
        if badly.is_none() && (unsent.is_none() || !self.is_over()) {
            return None;
        }
        let id = &self.change.id;
        let told: Vec<String> = badly.into_iter().chain(unsent).collect();
        let text = format!(
            "Change {id} of an earlier run: {}. clustersnap report {id} tells all of it.",
            told.join(". ")
        );
        Some(Note::new(Tone::Bad, &text))
    }

    fn badly(&self) -> Option<String> {
        let first = self.ended_badly().next()?;
        let count = self.ended_badly().count();
        let cause = first.failure_in_words().map(|failure| format!(", {failure}")).unwrap_or_default();
        let others = if count > 1 { format!("; and {} more", count - 1) } else { String::new() };
        // Of one that is over, what ended well is not written down.
        let all = if self.is_over() { String::new() } else { format!("{} ", self.change.items.len()) };
        Some(format!(
            "{count} of its {all}requests did not end well: {} ({}{cause}){others}",
            first.intent.snapshot,
            first.result()
        ))
    }

    fn not_sent(&self) -> Option<String> {
        let why = self.unsent_items().find_map(|item| item.why.as_deref());
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        match self.unsent() {
            0 => None,
            1 => Some(format!("1 request was not sent{why}")),
            unsent => Some(format!("{unsent} requests were not sent{why}")),
        }
    }
}
