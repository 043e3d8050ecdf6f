//! What is told to the person: what was told last, which stays until it is replaced or read, and the last hundred
//! messages with their times.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::Now;
use super::keymap::Focus;
use super::note::{Note, Tone};

/// How many messages are kept.
const MOST: usize = 100;
/// What came by itself stays so long at least, whatever is typed meanwhile: nobody has read it before.
const TIME_TO_READ: Duration = Duration::from_secs(5);

/// What is told.
#[derive(Debug, Default)]
pub struct Notices {
    /// What was told last.
    pub note: Option<Note>,
    kept: VecDeque<(Timestamp, Note)>,
    /// The one that is on the screen, so that it is kept once.
    shown: Option<Note>,
    /// When the last one came, on the clock that never jumps, if it came by itself.
    came_at: Option<Duration>,
    /// The keys that were said to do nothing, and where.
    dead_keys: Vec<(Focus, char)>,
}

impl Notices {
    /// Tells something.
    pub fn tell(&mut self, tone: Tone, text: &str) {
        self.note = Some(Note::new(tone, text));
    }

    /// Tells what a key did or could not do.
    pub fn say(&mut self, text: &str) {
        self.tell(Tone::Neutral, text);
    }

    /// Tells what came by itself: what is more urgent and was not put away yet stays in sight, and this is a message only.
    pub fn news(&mut self, note: Note, at: Timestamp) {
        let is_covered = |shown: &Note| shown.tone >= Tone::Doubt && shown.tone > note.tone;
        if self.note.as_ref().is_some_and(is_covered) {
            self.add(note, at);
        } else {
            self.note = Some(note);
        }
    }

    /// Takes back what is not so any more, if it is still in sight.
    pub fn take_back(&mut self, text: &str) {
        let text = Note::new(Tone::Bad, text).text;
        self.note.take_if(|note| note.text == text);
    }

    /// Puts away what was told.
    pub fn clear(&mut self) {
        self.note = None;
    }

    /// Keeps what is told among the messages; `before` is the note before what happened. A key that would put a note
    /// away which came by itself just now does not.
    pub fn keep(&mut self, is_by_hand: bool, before: Option<Note>, now: &Now) {
        if self.note.is_some() && self.note != before {
            self.came_at = (!is_by_hand).then_some(now.mono);
        }
        let is_unread = self.came_at.is_some_and(|at| now.mono.saturating_sub(at) < TIME_TO_READ);
        if is_by_hand && is_unread && self.note.is_none() {
            self.note = before;
        }
        if self.shown != self.note {
            self.shown.clone_from(&self.note);
            if let Some(note) = self.note.clone() {
                self.add(note, now.at());
            }
        }
    }

    /// Takes note of a key that does nothing on a screen; whether that is the first time.
    pub fn is_first_dead_key(&mut self, focus: Focus, key: char) -> bool {
        let is_first = !self.dead_keys.contains(&(focus, key));
        if is_first {
            self.dead_keys.push((focus, key));
        }
        is_first
    }

    /// Keeps what there is no room to show.
    pub fn add(&mut self, note: Note, at: Timestamp) {
        self.kept.push_front((at, note));
        self.kept.truncate(MOST);
    }

    /// The messages so far, the newest first.
    #[must_use]
    pub fn messages(&self) -> impl ExactSizeIterator<Item = &(Timestamp, Note)> {
        self.kept.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn the_last_hundred_are_kept_each_once_and_the_newest_first() {
        let mut notices = Notices::default();
        let now = |second: i64| Now {
            wall: Timestamp::from_second(second).expect("a time").to_zoned(TimeZone::UTC),
            mono: Duration::from_secs(second.unsigned_abs()),
        };
        for number in 0..150 {
            let before = notices.note.take();
            notices.tell(Tone::Good, &format!("message {number}"));
            notices.keep(false, before, &now(number));
            notices.keep(false, notices.note.clone(), &now(number + 1));
        }
        let kept: Vec<(i64, &str)> =
            notices.messages().map(|(at, note)| (at.as_second(), note.text.as_str())).collect();
        assert_eq!((kept.len(), kept[0], kept[99].1), (100, (149, "message 149"), "message 50"));
    }

    #[test]
    fn a_key_that_does_nothing_is_told_of_once_on_each_screen() {
        let mut notices = Notices::default();
        assert!(notices.is_first_dead_key(Focus::Clusters, 'x'));
        assert!(!notices.is_first_dead_key(Focus::Clusters, 'x'));
        assert!(notices.is_first_dead_key(Focus::Details, 'x'));
    }
}
