//! What was confirmed in this run to be done to snapshots that are there: deleted, or tagged anew; each once, some of a
//! place at a time, and what became of it.

use crate::domain::alteration::{AlterationTerms, Altered, AlteredKind, Deed};
use crate::domain::snapshot::Snapshot;

use super::request_id::{PlaceId, RequestId};

/// What was confirmed, the last order at the end.
#[derive(Debug, Default)]
pub struct Alterations {
    /// The orders.
    pub rows: Vec<AlterationOrder>,
    /// Where those begin that were confirmed last.
    pub newest: usize,
}

/// One thing that is done to one snapshot.
#[derive(Debug)]
pub struct AlterationOrder {
    /// Its place.
    pub place: PlaceId,
    /// The snapshot as it was shown: nothing is done to another one of its name.
    pub snapshot: Snapshot,
    /// What is done.
    pub deed: Deed,
    /// On which terms.
    pub terms: AlterationTerms,
    /// How far it is.
    pub stage: AlterationStage,
}

/// How far an order is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlterationStage {
    /// Its turn has not come: nothing was sent.
    Queued,
    /// It is under way.
    UnderWay(RequestId),
    /// What became of it, as far as that is known.
    Over(RequestId, Box<Altered>),
}

impl AlterationStage {
    /// Whether it was sent under this id.
    pub fn is_of(&self, id: RequestId) -> bool {
        matches!(self, Self::UnderWay(its) | Self::Over(its, _) if *its == id)
    }
}

/// How an order stands, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlterationStanding {
    /// Something else than was wanted.
    Wrong,
    /// It is not known what became of it.
    Unknown,
    /// It was not sent yet, or is under way.
    Open,
    /// It is as was wanted.
    Done,
}

impl AlterationOrder {
    /// How it stands.
    pub fn standing(&self) -> AlterationStanding {
        match &self.stage {
            AlterationStage::Queued | AlterationStage::UnderWay(_) => AlterationStanding::Open,
            AlterationStage::Over(_, altered) if altered.kind.is_as_wanted(&self.deed) => {
                AlterationStanding::Done
            }
            AlterationStage::Over(_, altered) if altered.kind == AlteredKind::Unknown => {
                AlterationStanding::Unknown
            }
            AlterationStage::Over(..) => AlterationStanding::Wrong,
        }
    }
}

impl Alterations {
    /// Takes what was confirmed together.
    pub fn take(&mut self, orders: impl IntoIterator<Item = AlterationOrder>) {
        self.newest = self.rows.len();
        self.rows.extend(orders);
    }

    /// Whether something was confirmed and is not over.
    pub fn are_open(&self) -> bool {
        self.rows.iter().any(|order| order.standing() == AlterationStanding::Open)
    }
}
