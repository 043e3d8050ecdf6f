//! The places that are open, and the one that the screens are about. Each answer goes to the place that asked.

use super::place::Place;
use super::request_id::PlaceId;

/// The places that are open.
#[derive(Debug)]
pub struct Places {
    rows: Vec<Place>,
    current: usize,
}

impl Places {
    /// One place, which the screens are about.
    #[must_use]
    pub fn one(place: Place) -> Self {
        Self { rows: vec![place], current: 0 }
    }

    /// The place that the screens are about.
    ///
    /// # Panics
    /// Never: there is always one.
    #[must_use]
    pub fn current(&self) -> &Place {
        &self.rows[self.current]
    }

    /// The same, to ask something of it.
    ///
    /// # Panics
    /// Never: there is always one.
    pub fn current_mut(&mut self) -> &mut Place {
        &mut self.rows[self.current]
    }

    /// The ids of the places.
    pub fn ids(&self) -> impl Iterator<Item = PlaceId> + use<> {
        (0..self.rows.len()).filter_map(|at| u16::try_from(at).ok().map(PlaceId))
    }

    /// The place of an id.
    #[must_use]
    pub fn get(&self, id: PlaceId) -> Option<&Place> {
        self.rows.get(usize::from(id.0))
    }

    /// The same, to ask something of it.
    pub fn get_mut(&mut self, id: PlaceId) -> Option<&mut Place> {
        self.rows.get_mut(usize::from(id.0))
    }

    /// Every place.
    pub fn iter(&self) -> impl Iterator<Item = &Place> {
        self.rows.iter()
    }

    /// Every place, to ask something of it.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        self.rows.iter_mut()
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
            let mut place = Place::new(PlaceId(id), None, false, MarkKey::default(), 7);
            let effects = place.take_effects();
            let [Effect::Connect { id, .. }] = effects.as_slice() else { panic!("{effects:?}") };
            let target = context::Place { region: Some(region.to_owned()), ..context::Place::default() };
            place.connected(*id, Ok(target), &now(0));
            rows.push(place);
        }
        Places { rows, current: 0 }
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
        let ids: Vec<PlaceId> = places.ids().collect();
        let mut questions = Vec::new();
        for id in &ids {
            questions.extend(asked(places.get_mut(*id).expect("the place"), 0));
        }
        let [first, second] = questions.as_slice() else { panic!("{questions:?}") };
        assert_eq!((first.place(), second.place()), (Some(ids[0]), Some(ids[1])), "each at its own pace");
        let throttled = Failure::local(FailureKind::Throttled, "slow down");
        places.get_mut(ids[0]).expect("the place").answered(*first, Err(throttled), &now(0));
        let page = Page { items: Vec::new(), next: None };
        let other = places.get_mut(ids[1]).expect("the place");
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
