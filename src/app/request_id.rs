//! Names of what is asked in this run, by which answers find whoever asked.

/// Names a place of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub u16);

/// Names one request of this run; answers carry it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId {
    place: Option<PlaceId>,
    number: u64,
}

impl RequestId {
    /// The place that asked; `None` if it is about this machine, as the journal is.
    #[must_use]
    pub fn place(self) -> Option<PlaceId> {
        self.place
    }
}

/// Hands out request ids.
#[derive(Debug, Default)]
pub struct RequestIds {
    place: Option<PlaceId>,
    issued: u64,
}

impl RequestIds {
    /// Ids for what a place asks.
    pub(crate) fn of(place: PlaceId) -> Self {
        Self { place: Some(place), issued: 0 }
    }

    /// A new id, never handed out before.
    pub(crate) fn issue(&mut self) -> RequestId {
        self.issued += 1;
        RequestId { place: self.place, number: self.issued }
    }
}
