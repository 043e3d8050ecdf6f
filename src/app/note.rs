//! What is told to the person: a few lines that stay until they are read or replaced.

use crate::domain::account::AccountId;
use crate::domain::text::escaped;

use super::keymap::Focus;
use super::request_id::PlaceId;

/// How a note is meant, the more urgent the later; it is told by a symbol and a word too, never by colour
/// alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    /// Something went well.
    Good,
    /// Something to know.
    Neutral,
    /// Something is not certain.
    Doubt,
    /// Something failed.
    Bad,
}

/// A few lines for the person. The text is safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How it is meant.
    pub tone: Tone,
    /// What is told.
    pub text: String,
    /// What it is about, if that can be over before it is read.
    pub about: Option<About>,
}

/// What a note is about. A later note about the same takes its place, and it goes with its cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// A snapshot of a place, or the request for it, by its identifier.
    Snapshot(PlaceId, String),
    /// Several of them: what is told of all is not so any more once there is news of one.
    Snapshots(PlaceId, Vec<String>),
    /// A list of a place that could not be read.
    List(PlaceId, &'static str),
    /// The snapshots of a place that are not all read, until they are.
    Unread(PlaceId),
    /// A cluster of a place that is read anew, until it was.
    Cluster(PlaceId),
    /// Keys that do nothing where the focus is: elsewhere they may do something.
    Keys(Focus),
}

impl About {
    /// Whether it is of a place.
    pub(crate) fn is_of(&self, id: PlaceId) -> bool {
        match self {
            Self::Snapshot(place, _)
            | Self::Snapshots(place, _)
            | Self::List(place, _)
            | Self::Unread(place)
            | Self::Cluster(place) => *place == id,
            Self::Keys(_) => false,
        }
    }

    /// Whether news of another thing are news of this.
    pub(crate) fn is_touched_by(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Snapshots(place, several), Self::Snapshot(of, one)) => {
                place == of && several.contains(one)
            }
            _ => self == other,
        }
    }
}

/// The longest text of a note.
const MAX_CHARS: usize = 4000;

impl Note {
    /// Makes a note; text from outside in it becomes safe to show.
    #[must_use]
    pub fn new(tone: Tone, text: &str) -> Self {
        // What a proxy answers may be long; the beginning tells.
        let text: String = text.chars().take(MAX_CHARS).collect();
        Self { tone, text: escaped(&text).into_owned(), about: None }
    }

    /// The same of a snapshot of a place, or of the request for it.
    pub(crate) fn about(self, place: PlaceId, snapshot: &str) -> Self {
        Self { about: Some(About::Snapshot(place, snapshot.to_owned())), ..self }
    }

    /// The same of an account that answers no more: what the place shows now is nothing of it.
    pub(crate) fn of_account(&self, account: &AccountId) -> Self {
        Self::new(self.tone, &format!("Of account {account}: {}", self.text))
    }

    /// The same with how many wait behind it, and the key that has them all.
    pub(crate) fn before_others(&self, waiting: usize) -> Self {
        let more = match waiting {
            0 => return self.clone(),
            1 => "1 more message: ‹m:messages›.".to_owned(),
            more => format!("{more} more messages: ‹m:messages›."),
        };
        // What was copied ends as it is, without a full stop.
        let end = if self.text.ends_with(['.', '?', '!']) { "" } else { ";" };
        Self { text: format!("{}{end} {more}", self.text), ..self.clone() }
    }

    /// The same with a sentence behind it, if there is one. Safe to show as well.
    pub(crate) fn followed_by(self, text: &str) -> Self {
        let blank = if text.is_empty() { "" } else { " " };
        Self { text: format!("{}{blank}{}", self.text, escaped(text)), ..self }
    }

    /// Whether a later one takes its place at once: that is news of what it is about.
    pub(crate) fn gives_way_to(&self, later: &Self) -> bool {
        self.about.as_ref().zip(later.about.as_ref()).is_some_and(|(own, of)| own.is_touched_by(of))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_wait_stands_apart_from_what_is_told_also_where_that_ends_without_a_full_stop() {
        let told = |text: &str, waiting| Note::new(Tone::Neutral, text).before_others(waiting).text;
        assert_eq!(told("Not done.", 1), "Not done. 1 more message: ‹m:messages›.");
        assert_eq!(told("Sent: orders-1", 2), "Sent: orders-1; 2 more messages: ‹m:messages›.");
        assert_eq!(told("Sent: orders-1", 0), "Sent: orders-1");
    }
}
