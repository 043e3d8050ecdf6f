//! The places of this run: those that the lists show, those that were left and keep what is theirs, and the one
//! that the screen on top is about. Each answer goes to the place that asked.

use crate::domain::failure::Failure;

use super::Now;
use super::note::Note;
use super::place::Place;
use super::place::followed::FollowedSnapshot;
use super::request_id::PlaceId;

/// The places of this run. None is ever taken out: what was asked there goes on, and is there again on return.
#[derive(Debug)]
pub struct Places {
    rows: Vec<Place>,
    /// Those that the lists show, in the order in which they were opened; never empty.
    shown: Vec<PlaceId>,
    current: PlaceId,
    /// Whether the terminal has the focus, as far as it tells.
    is_watched: bool,
}

impl Places {
    /// Places, all of them shown.
    ///
    /// # Panics
    /// Without a place.
    pub fn of(rows: Vec<Place>) -> Self {
        let shown: Vec<PlaceId> = rows.iter().map(|place| place.id).collect();
        let current = shown[0];
        Self { rows, shown, current, is_watched: true }
    }

    /// The place that the screen on top is about.
    pub fn current(&self) -> &Place {
        self.get(self.current)
    }

    /// Takes it that the screen on top is about a place.
    pub fn turn_to(&mut self, place: PlaceId) {
        self.current = place;
    }

    /// The place of an id.
    ///
    /// # Panics
    /// Never: an id is handed out with its place, and none is taken out.
    pub fn get(&self, id: PlaceId) -> &Place {
        &self.rows[usize::from(id.0)]
    }

    /// The same, to ask something of it.
    ///
    /// # Panics
    /// Never: an id is handed out with its place, and none is taken out.
    pub fn get_mut(&mut self, id: PlaceId) -> &mut Place {
        &mut self.rows[usize::from(id.0)]
    }

    /// Every place of this run.
    pub fn iter(&self) -> impl Iterator<Item = &Place> {
        self.rows.iter()
    }

    /// Every place of this run, to ask something of it.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        self.rows.iter_mut()
    }

    /// The places that the lists show.
    pub fn shown(&self) -> impl Iterator<Item = &Place> {
        self.shown.iter().map(|id| self.get(*id))
    }

    /// Their ids.
    pub fn shown_ids(&self) -> Vec<PlaceId> {
        self.shown.clone()
    }

    /// Whether the lists show more than one.
    pub fn are_several(&self) -> bool {
        self.shown.len() > 1
    }

    /// Whether the lists show a place.
    pub fn shows(&self, place: PlaceId) -> bool {
        self.shown.contains(&place)
    }

    /// Adds a place, which is not shown yet; `None` after 65,536 of them.
    pub fn add(&mut self, make: impl FnOnce(PlaceId) -> Place) -> Option<PlaceId> {
        let id = PlaceId(u16::try_from(self.rows.len()).ok()?);
        self.rows.push(make(id));
        Some(id)
    }

    /// Shows these places and no others; nothing if there are none. Those that are left go on quietly with what is
    /// followed there.
    pub fn show(&mut self, places: Vec<PlaceId>) {
        let Some(first) = places.first().copied() else { return };
        self.shown = places;
        self.watch(self.is_watched);
        if !self.shows(self.current) {
            self.current = first;
        }
    }

    /// A note of a place, which says whose it is where that is not plain.
    pub fn signed(&self, place: PlaceId, note: Note) -> Note {
        if !self.are_several() && self.shows(place) {
            return note;
        }
        Note { text: format!("{}: {}", self.get(place).label(), note.text), ..note }
    }

    /// Those of several places that are shown and cannot be read, and why.
    pub fn failed(&self) -> Vec<(&Place, &Failure)> {
        if !self.are_several() {
            return Vec::new();
        }
        self.shown().filter_map(|place| Some((place, place.trouble()?))).collect()
    }

    /// Hides each place that turns out to be the same account and Region as one before it: what is there is shown
    /// once, and asked for at one pace. Returns their ids, each with that of the one that stays.
    pub fn hide_doubles(&mut self) -> Vec<(PlaceId, PlaceId)> {
        let mut doubles = Vec::new();
        for (at, id) in self.shown.iter().enumerate() {
            let place = self.get(*id);
            let earlier = self.shown[..at].iter().find(|earlier| self.get(**earlier).is_same_as(place));
            doubles.extend(earlier.map(|earlier| (*id, *earlier)));
        }
        if !doubles.is_empty() {
            let is_double = |id: &PlaceId| doubles.iter().any(|(double, _)| double == id);
            self.show(self.shown.iter().copied().filter(|id| !is_double(id)).collect());
        }
        doubles
    }

    /// What a person has to do before a place can go on asking: the one that the screen on top is about first.
    pub fn banner(&self, refreshes: bool) -> Option<String> {
        let other = |place: &Place| Some(format!("{}: {}", place.label(), place.banner(refreshes)?));
        self.current().banner(refreshes).or_else(|| self.shown().find_map(other))
    }

    /// The same where there is one short line for it: where it is comes last.
    pub fn banner_in_short(&self) -> Option<String> {
        let other = |place: &Place| Some(format!("{}: {}", place.banner_in_short()?, place.label()));
        self.current().banner_in_short().or_else(|| self.shown().find_map(other))
    }

    /// Reads everything anew in the places that the lists show.
    pub fn refresh(&mut self, now: &Now) {
        for id in self.shown.clone() {
            self.get_mut(id).refresh(now);
        }
    }

    /// Takes it that the terminal gained or lost the focus. What is not shown nobody looks at.
    pub fn watch(&mut self, is_watched: bool) {
        self.is_watched = is_watched;
        for place in &mut self.rows {
            place.is_shown = self.shown.contains(&place.id);
            place.is_watched = is_watched && place.is_shown;
        }
    }

    /// The snapshots that are followed, wherever they are, the youngest first. One account and Region that was opened
    /// twice has each once.
    pub fn followed(&self) -> Vec<(PlaceId, &FollowedSnapshot)> {
        let left = self.iter().filter(|place| !self.shows(place.id));
        let mut places: Vec<&Place> = Vec::new();
        let mut followed = Vec::new();
        for place in self.shown().chain(left).filter(|place| !place.followed.rows.is_empty()) {
            let twin = places.iter().find(|other| other.is_same_as(place));
            let is_new = |row: &&FollowedSnapshot| {
                twin.is_none_or(|twin| twin.followed.rows.iter().all(|known| known.id != row.id))
            };
            followed.extend(place.followed.rows.iter().filter(is_new).map(|row| (place.id, row)));
            places.push(place);
        }
        // In one place they are by age already.
        if places.len() > 1 {
            followed.sort_by_key(|(_, row)| std::cmp::Reverse(row.began));
        }
        followed.sort_by_key(|(_, row)| row.weight());
        followed
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::app::Now;
    use crate::app::effect::Effect;
    use crate::app::question::{Answer, Question};
    use crate::app::request_id::RequestId;
    use crate::domain::context;
    use crate::domain::failure::{Failure, FailureKind};
    use crate::domain::mark::MarkKey;
    use crate::domain::page::Page;

    fn now(second: u64) -> Now {
        let at = Timestamp::UNIX_EPOCH + Duration::from_secs(second);
        Now { wall: at.to_zoned(TimeZone::UTC), mono: Duration::from_secs(second) }
    }

    /// Two places, connected.
    fn two() -> Places {
        let mut rows = Vec::new();
        for (id, region) in [(0, "eu-west-1"), (1, "us-east-1")] {
            let mut place = Place::new(PlaceId(id), context::Target::default(), MarkKey::default(), 7);
            let effects = place.take_effects();
            let [Effect::Connect { id, .. }] = effects.as_slice() else { panic!("{effects:?}") };
            let target = context::Target { region: Some(region.to_owned()), ..context::Target::default() };
            place.connected(*id, Ok(target), &now(0));
            rows.push(place);
        }
        Places::of(rows)
    }

    /// The questions for lists of clusters that a place puts at a moment.
    fn asked(place: &mut Place, second: u64) -> Vec<RequestId> {
        place.ask(&now(second));
        let clusters = |effect: Effect| match effect {
            Effect::Ask(id, Question::Clusters(_)) => Some(id),
            _ => None,
        };
        place.take_effects().into_iter().filter_map(clusters).collect()
    }

    #[test]
    fn an_answer_reaches_the_place_that_asked_and_a_failure_of_one_slows_down_no_other() {
        let mut places = two();
        let ids: Vec<PlaceId> = places.iter().map(|place| place.id).collect();
        let mut questions = Vec::new();
        for id in &ids {
            questions.extend(asked(places.get_mut(*id), 0));
        }
        let [first, second] = questions.as_slice() else { panic!("{questions:?}") };
        assert_eq!((first.place(), second.place()), (Some(ids[0]), Some(ids[1])), "each at its own pace");
        let throttled = Failure::local(FailureKind::Throttled, "slow down");
        places.get_mut(ids[0]).answered(*first, Err(throttled), &now(0));
        let page = Page { items: Vec::new(), next: None };
        let other = places.get_mut(ids[1]);
        other.answered(*first, Ok(Answer::Clusters(page.clone())), &now(0));
        assert!(other.catalog.clusters.complete_at.is_none(), "another place's answer");
        other.answered(*second, Ok(Answer::Clusters(page)), &now(0));
        let complete: Vec<bool> =
            places.iter().map(|place| place.catalog.clusters.complete_at.is_some()).collect();
        assert_eq!(complete, [false, true]);
        let due: Vec<Duration> =
            places.iter().map(|place| place.next_question(&now(0)).expect("a question")).collect();
        assert!(due[0] > due[1], "{due:?}");
    }
}
