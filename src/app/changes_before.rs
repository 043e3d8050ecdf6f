//! What is told of a change of an earlier run: what of it was not sent, and what did not end well.

use crate::domain::change::{ChangeItem, ChangePlace};
use crate::domain::change_record::Achieved;
use crate::domain::context::called;
use crate::domain::record::Record;

use super::message::Before;
use super::note::{Note, Tone};

impl Before {
    /// How many of its requests were not sent.
    pub(crate) fn unsent(&self) -> usize {
        self.change.items.len().saturating_sub(self.sent.len())
    }

    /// Where those go that were not sent, each place once, as it is called.
    pub(crate) fn unsent_places(&self) -> Vec<String> {
        let is_sent = |item: &ChangeItem| {
            self.sent.iter().any(|record| record.intent.number == item.request.number.as_str())
        };
        let label = |item: &ChangeItem| {
            let ChangePlace { profile, region, .. } = &item.place;
            called(profile.as_deref(), item.account.as_ref(), region.as_deref())
        };
        let mut labels: Vec<String> =
            self.change.items.iter().filter(|item| !is_sent(item)).map(label).collect();
        labels.sort();
        labels.dedup();
        labels
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

    /// What is told of those.
    pub(crate) fn told(&self) -> Option<Note> {
        let first = self.ended_badly().next()?;
        let (count, id) = (self.ended_badly().count(), &self.change.id);
        let cause = first.failure_in_words().map(|failure| format!(", {failure}")).unwrap_or_default();
        let others = if count > 1 { format!("; and {} more", count - 1) } else { String::new() };
        let unsent = match self.unsent() {
            0 => String::new(),
            1 => "1 was not sent. ".to_owned(),
            unsent => format!("{unsent} were not sent. "),
        };
        let text = format!(
            "Change {id} of an earlier run: {count} of its {} requests did not end well: {} ({}{cause}){others}. \
             {unsent}clustersnap report {id} tells all of it.",
            self.change.items.len(),
            first.intent.snapshot,
            first.result()
        );
        Some(Note::new(Tone::Bad, &text))
    }
}
