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
