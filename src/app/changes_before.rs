//! What is told of a change of an earlier run: what of it was not sent, and what did not end well.

use std::collections::BTreeSet;

use crate::domain::change::{ChangeItem, ChangePlace};
use crate::domain::change_record::Achieved;
use crate::domain::context::called;
use crate::domain::record::Record;

use super::message::Before;
use super::note::{Note, Tone};

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

    /// Where those go, each place once, as it is called and with its endpoint, where that is not AWS's own.
    fn unsent_places(&self) -> String {
        let place = |item: &ChangeItem| {
            let ChangePlace { profile, region, endpoint } = &item.place;
            let at = endpoint.as_ref().map(|endpoint| format!(" at {endpoint}")).unwrap_or_default();
            called(profile.as_deref(), item.account.as_ref(), region.as_deref()) + &at
        };
        let places: BTreeSet<String> = self.unsent_items().map(place).collect();
        places.into_iter().collect::<Vec<_>>().join(", ")
    }

    /// The question about it.
    pub(crate) fn question(&self) -> Note {
        let (change, badly) = (&self.change, self.ended_badly().count());
        let also = if badly > 0 { format!(", and {badly} did not end well") } else { String::new() };
        let then = if badly > 0 && change.all_or_stop {
            "sends nothing more, as one was to stop all".to_owned()
        } else {
            let unless = if change.all_or_stop { ", unless another came to nothing" } else { "" };
            format!("sends what was not, each once, to {}{unless}", self.unsent_places())
        };
        let text = format!("Go on with {}{also}: ‹c:go_on› {then}.", self.unsent_of_all("? "));
        Note::new(Tone::Doubt, &text)
    }

    /// What is told where it is left for later.
    pub(crate) fn left(&self) -> String {
        let what = self.unsent_of_all(", ");
        format!("Left for later: {what}. ‹C:change› asks again, and so does the next start.")
    }

    /// What is told where it is let go of.
    pub(crate) fn let_go(&self) -> String {
        let (id, what) = (&self.change.id, self.unsent_of_all(", "));
        format!("Let go of {what}: nothing more of it is sent; clustersnap report {id} tells which.")
    }

    fn unsent_of_all(&self, between: &str) -> String {
        let (id, unsent, all) = (&self.change.id, self.unsent(), self.change.items.len());
        format!("{id}{between}{unsent} of {all} requests not sent in an earlier run")
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
