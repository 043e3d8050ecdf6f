//! What is told to the person: what was told last, which stays until it is replaced, read or not so any more, and the
//! last hundred messages with their times. What comes by itself covers neither an error nor the answer to a key.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;

use super::Now;
use super::keymap::Focus;
use super::note::{About, Note, Tone};
use super::request_id::PlaceId;
use crate::domain::account::AccountId;

/// How many messages are kept.
const MOST: usize = 100;
/// What came by itself stays so long at least, whatever is typed meanwhile, and so does the answer to a key, whatever
/// comes: nobody has read it before.
const TIME_TO_READ: Duration = Duration::from_secs(5);

/// What is told.
#[derive(Debug, Default)]
pub struct Notices {
    /// What was told last, or stands because it is worse.
    note: Option<Note>,
    /// What came by itself and may not cover what stands: it is shown once that is put away, one after the other.
    held: Vec<Note>,
    kept: VecDeque<(Timestamp, Note)>,
    /// The one that is on the screen, so that it is kept once.
    shown: Option<Note>,
    /// How the one in sight came.
    came: Option<Came>,
    /// Who told the one in sight, if it was told just now.
    fresh: Option<By>,
    /// The keys that were said to do nothing, and where.
    dead_keys: Vec<(Focus, char)>,
}

/// Why something is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// A person pressed a key: it is the answer.
    Hand,
    /// It came by itself.
    Itself,
}

/// How a note came, and when, on the clock that never jumps.
#[derive(Clone, Copy, Debug)]
struct Came {
    by: By,
    at: Duration,
}

impl Notices {
    /// What is in sight.
    pub fn note(&self) -> Option<&Note> {
        self.note.as_ref()
    }

    /// Answers a key.
    pub fn tell(&mut self, tone: Tone, text: &str) {
        self.answer(Note::new(tone, text));
    }

    /// Tells what a key did or could not do.
    pub fn say(&mut self, text: &str) {
        self.tell(Tone::Neutral, text);
    }

    /// Answers a key.
    pub fn answer(&mut self, note: Note) {
        self.note = Some(note);
        self.fresh = Some(By::Hand);
    }

    /// Tells what came by itself. What is about the same gives way to it; an error does not, nor the answer to a key
    /// that nobody can have read yet: then it is a message, and what is no less urgent is shown afterwards.
    pub fn news(&mut self, note: Note, now: &Now) {
        self.held.retain(|held| !held.gives_way_to(&note));
        let is_answer = self.is_answer(now);
        match self.note.as_ref().filter(|stands| !stands.gives_way_to(&note)).map(|stands| stands.tone) {
            Some(stands) if stands < Tone::Doubt && is_answer => self.hold(note, now),
            Some(Tone::Bad) if note.tone == Tone::Bad => self.hold(note, now),
            Some(stands) if stands > note.tone && note.tone >= Tone::Doubt => self.hold(note, now),
            Some(stands) if stands >= Tone::Doubt && stands > note.tone => self.add(note, now.at()),
            _ => {
                let unread = self.note.take().filter(|stood| self.is_unread(stood, now));
                self.held.extend(unread.filter(|stood| !stood.gives_way_to(&note)));
                self.note = Some(note);
                self.fresh = Some(By::Itself);
            }
        }
    }

    /// Tells at once that the answers in a place are another account's: all of it on the screen is another thing then.
    /// What nobody can have read there yet, and what came of elsewhere, is shown after it.
    pub fn overturn(&mut self, note: Note, place: PlaceId, before: &AccountId, now: &Now) {
        let came = self.came.filter(|came| came.by == By::Itself);
        let is_of = |note: &Note| note.about.as_ref().is_some_and(|about| about.is_of(place));
        let stood = self.note.take().filter(|stood| {
            stood.tone >= Tone::Doubt
                && if is_of(stood) { self.is_unread(stood, now) } else { came.is_some() }
        });
        self.held.splice(0..0, stood);
        for held in self.held.iter_mut().filter(|held| is_of(held)) {
            *held = held.of_account(before);
        }
        self.note = Some(note);
        self.fresh = Some(By::Itself);
    }

    /// Keeps what there is no room to show yet: of what is not urgent one, the last.
    fn hold(&mut self, note: Note, now: &Now) {
        self.add(note.clone(), now.at());
        if note.tone >= Tone::Doubt {
            self.held.retain(|held| held.tone >= Tone::Doubt);
            self.held.push(note);
        } else if self.held.iter().all(|held| held.tone <= note.tone) {
            self.held = vec![note];
        }
    }

    /// The next of what is held: the worst, and of equals the first.
    fn next_held(&mut self) -> Option<Note> {
        let worst = self.held.iter().map(|held| held.tone).max()?;
        let at = self.held.iter().position(|held| held.tone == worst)?;
        Some(self.held.remove(at))
    }

    /// How many that a person should know of wait behind what is in sight.
    pub fn waiting(&self) -> usize {
        self.held.iter().filter(|held| held.tone >= Tone::Doubt).count()
    }

    /// Whether something in sight is urgent, came by itself and cannot have been read yet.
    fn is_unread(&self, note: &Note, now: &Now) -> bool {
        let is_new = self.fresh == Some(By::Itself) || self.is_in_time(By::Itself, now);
        note.tone >= Tone::Doubt && is_new
    }

    /// Takes back what is not so any more, if it is still in sight.
    pub fn take_back(&mut self, text: &str) {
        let text = Note::new(Tone::Bad, text).text;
        self.end_where(|note| note.text == text);
    }

    /// Takes back what is told of something that is over.
    pub fn end(&mut self, about: &About) {
        self.end_where(|note| note.about.as_ref().is_some_and(|of| of.is_touched_by(about)));
    }

    /// Takes back what is told of keys where the focus is no more.
    pub fn leave_for(&mut self, focus: Focus) {
        self.end_where(|note| matches!(note.about, Some(About::Keys(at)) if at != focus));
    }

    fn end_where(&mut self, is_over: impl Fn(&Note) -> bool) {
        if self.note.take_if(|note| is_over(note)).is_some() {
            self.came = None;
        }
        self.held.retain(|held| !is_over(held));
    }

    /// Puts away what was told.
    pub fn clear(&mut self) {
        self.note = None;
    }

    /// Keeps what is told among the messages; `before` is the note before what happened. A key does not put away for
    /// good what came by itself just now; and what could not be shown is, once there is room.
    pub fn keep(&mut self, is_by_hand: bool, before: Option<Note>, now: &Now) {
        let unread = before.filter(|_| is_by_hand && self.is_in_time(By::Itself, now));
        match (unread, &self.note) {
            (Some(unread), None) => self.note = Some(unread),
            (Some(unread), Some(answer))
                if unread.tone >= Tone::Doubt && *answer != unread && !answer.gives_way_to(&unread) =>
            {
                self.held.insert(0, unread);
            }
            _ => {}
        }
        if let Some(by) = self.fresh.take() {
            self.came = Some(Came { by, at: now.mono });
        }
        if self.note.as_ref().is_none_or(|note| note.tone < Tone::Doubt && !self.is_answer(now))
            && let Some(held) = self.next_held()
        {
            self.came = Some(Came { by: By::Itself, at: now.mono });
            self.shown = Some(held.clone());
            self.note = Some(held);
        }
        if self.shown != self.note {
            self.shown.clone_from(&self.note);
            if let Some(note) = self.note.clone() {
                self.add(note, now.at());
            }
        }
    }

    /// Takes it that what stands is behind a question now: its time to be read begins once that is answered.
    pub fn hide(&mut self, now: &Now) {
        if let Some(came) = &mut self.came {
            came.at = now.mono;
        }
    }

    /// When what could not be shown yet may be, on the clock that never jumps.
    pub fn due(&self) -> Option<Duration> {
        let came = self.came.filter(|came| !self.held.is_empty() && came.by == By::Hand)?;
        self.note.as_ref().filter(|note| note.tone < Tone::Doubt).map(|_| came.at + TIME_TO_READ)
    }

    /// Whether what is in sight is the answer to a key that nobody can have read yet.
    fn is_answer(&self, now: &Now) -> bool {
        self.fresh == Some(By::Hand) || (self.fresh.is_none() && self.is_in_time(By::Hand, now))
    }

    /// Whether the last one came so, and too lately to have been read.
    fn is_in_time(&self, by: By, now: &Now) -> bool {
        self.came.is_some_and(|came| came.by == by && now.mono.saturating_sub(came.at) < TIME_TO_READ)
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
    pub fn messages(&self) -> impl ExactSizeIterator<Item = &(Timestamp, Note)> {
        self.kept.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::account_id;
    use jiff::tz::TimeZone;

    fn at(second: i64) -> Now {
        Now {
            wall: Timestamp::from_second(second).expect("a time").to_zoned(TimeZone::UTC),
            mono: Duration::from_secs(second.unsigned_abs()),
        }
    }

    /// What is in sight after each of these, a second apart, and an update: news, or a key with its answer.
    fn in_sight(told: &[(By, Note)], then: i64) -> String {
        let mut notices = Notices::default();
        for (second, (by, note)) in (0..).zip(told) {
            let before = notices.note().cloned();
            match by {
                By::Itself => notices.news(note.clone(), &at(second)),
                By::Hand => notices.answer(note.clone()),
            }
            notices.keep(*by == By::Hand, before, &at(second));
        }
        let before = notices.note().cloned();
        notices.keep(false, before, &at(then));
        notices.note().map(|note| note.text.clone()).unwrap_or_default()
    }

    fn bad(text: &str) -> (By, Note) {
        (By::Itself, Note::new(Tone::Bad, text))
    }

    fn good(text: &str) -> (By, Note) {
        (By::Itself, Note::new(Tone::Good, text))
    }

    fn answer(text: &str) -> (By, Note) {
        (By::Hand, Note::new(Tone::Neutral, text))
    }

    #[test]
    fn news_covers_neither_an_error_nor_an_answer_that_nobody_can_have_read() {
        assert_eq!(in_sight(&[bad("a failed"), good("b is usable")], 60), "a failed");
        assert_eq!(in_sight(&[bad("a failed"), bad("b failed")], 60), "a failed");
        assert_eq!(in_sight(&[answer("copied"), bad("a failed")], 2), "copied");
        assert_eq!(in_sight(&[answer("copied"), good("a is usable"), bad("b failed")], 60), "b failed");
        assert_eq!(in_sight(&[answer("copied"), bad("b failed"), good("a is usable")], 60), "b failed");
        assert_eq!(in_sight(&[bad("a failed"), answer("copied")], 2), "copied");
        assert_eq!(in_sight(&[bad("a failed"), answer("copied")], 60), "a failed", "nobody had read it");
    }

    #[test]
    fn what_waits_is_shown_once_there_is_room_and_the_program_wakes_for_it() {
        let mut notices = Notices::default();
        notices.say("copied");
        notices.keep(true, None, &at(0));
        assert_eq!(notices.due(), None);
        notices.news(bad("a failed").1, &at(1));
        assert_eq!(notices.due(), Some(TIME_TO_READ));
        let before = notices.note().cloned();
        notices.clear();
        notices.keep(true, before, &at(2));
        assert_eq!(notices.note().map(|note| note.text.as_str()), Some("a failed"));
        assert_eq!(notices.messages().len(), 2, "each is a message once");
    }

    #[test]
    fn of_several_that_have_no_room_each_is_shown_in_its_turn_and_counted_until_then() {
        let mut notices = Notices::default();
        let told = [bad("a failed"), bad("b failed"), good("c is usable"), bad("d failed")];
        for (second, (_, note)) in (0..).zip(told) {
            let before = notices.note().cloned();
            notices.news(note, &at(second));
            notices.keep(false, before, &at(second));
        }
        notices.news(Note::new(Tone::Doubt, "e is not known"), &at(4));
        let mut seen = Vec::new();
        for second in [10, 20, 30, 40, 50] {
            seen.push((notices.note().map(|note| note.text.clone()).unwrap_or_default(), notices.waiting()));
            let before = notices.note().cloned();
            notices.clear();
            notices.keep(true, before, &at(second));
        }
        let seen: Vec<(&str, usize)> = seen.iter().map(|(text, waiting)| (text.as_str(), *waiting)).collect();
        let each = [("a failed", 3), ("b failed", 2), ("d failed", 1), ("e is not known", 0), ("", 0)];
        assert_eq!(seen, each);
    }

    #[test]
    fn that_another_account_answers_is_in_sight_at_once_and_what_was_not_read_comes_after_it() {
        let turned = || Note::new(Tone::Doubt, "another account");
        let of = |text: &str| Note::new(Tone::Bad, text).about(PlaceId(0), "x");
        // What stands, how long, and what is shown after the news of the account.
        let cases = [
            (of("x was refused"), 60, ""),
            (of("x was refused"), 1, "Of account 1111: x was refused"),
            (bad("y failed elsewhere").1, 60, "y failed elsewhere"),
        ];
        for (stands, after, then) in cases {
            let mut notices = Notices::default();
            notices.news(stands, &at(0));
            notices.keep(false, None, &at(0));
            notices.overturn(turned(), PlaceId(0), &account_id("1111"), &at(after));
            notices.keep(false, None, &at(after));
            assert_eq!(notices.note(), Some(&turned()));
            notices.clear();
            notices.keep(true, Some(turned()), &at(after + 60));
            assert_eq!(notices.note().map_or("", |note| note.text.as_str()), then);
        }
        let mut notices = Notices::default();
        notices.tell(Tone::Bad, "Not sent: it is stopped.");
        notices.keep(true, None, &at(0));
        notices.overturn(turned(), PlaceId(0), &account_id("1111"), &at(1));
        notices.keep(false, None, &at(1));
        assert_eq!((notices.note(), notices.waiting()), (Some(&turned()), 0), "its screen is gone");
    }

    #[test]
    fn what_is_told_of_something_gives_way_to_what_is_told_later_of_it_and_goes_with_it() {
        let of = |tone, text: &str| (By::Itself, Note::new(tone, text).about(PlaceId(0), "x"));
        let sent = of(Tone::Doubt, "x is sent again");
        assert_eq!(in_sight(&[sent.clone(), good("y is usable")], 60), "x is sent again");
        assert_eq!(in_sight(&[sent, of(Tone::Good, "x is created")], 60), "x is created");
        let mut notices = Notices::default();
        notices.news(bad("y failed").1, &at(0));
        notices.news(of(Tone::Bad, "x failed").1, &at(1));
        notices.end(&About::Snapshot(PlaceId(0), "x".to_owned()));
        notices.clear();
        notices.keep(true, None, &at(9));
        assert_eq!(notices.note(), None);
    }

    #[test]
    fn the_last_hundred_are_kept_each_once_and_the_newest_first() {
        let mut notices = Notices::default();
        for number in 0..150 {
            let before = notices.note.take();
            notices.tell(Tone::Good, &format!("message {number}"));
            notices.keep(false, before, &at(number));
            notices.keep(false, notices.note.clone(), &at(number + 1));
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
