//! The sending: in each place one after the other, at a pace, in all places at the same time. Told to end, what is
//! under way still gets a bounded time, and nothing more begins.

use std::cell::Cell;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until, timeout};

use super::snapshots;
use crate::app::telling;
use crate::domain::alteration::{Altered, Deed};
use crate::domain::outcome::Step;
use crate::domain::removal::Guard;
use crate::domain::snapshot::Snapshot;
use crate::domain::text::escape;
use crate::headless::interrupts::Interrupts;
use crate::headless::streams::Streams;
use crate::session::Session;

/// The least time between the beginnings of two alterations in one place: each takes a look and a request or two.
const PACE: Duration = Duration::from_millis(250);
/// How long what is under way may take after the program was told to end.
const LAST_OUTCOME: Duration = Duration::from_secs(10);

/// One alteration that was confirmed, and what became of it.
pub struct ConfirmedAlteration<'a> {
    /// Its place.
    pub session: &'a Session,
    /// Which of the places that is.
    pub place: usize,
    /// The snapshot, as it was shown.
    pub snapshot: &'a Snapshot,
    /// What is done to it.
    pub deed: Deed,
    /// What stood before it and was said by name.
    pub despite: Vec<&'static str>,
    /// What became of it; `None` if it was not begun, or not known in time.
    pub outcome: Cell<Option<Altered>>,
    /// Whether it was begun.
    pub is_begun: Cell<bool>,
}

impl<'a> ConfirmedAlteration<'a> {
    /// An alteration that was confirmed.
    pub fn new(
        session: &'a Session,
        place: usize,
        snapshot: &'a Snapshot,
        deed: Deed,
        overridden: &[Guard],
    ) -> Self {
        let despite = overridden.iter().map(Guard::word).collect();
        let (outcome, is_begun) = (Cell::new(None), Cell::new(false));
        Self { session, place, snapshot, deed, despite, outcome, is_begun }
    }
}

/// Sends all; whether it was told to end before the end.
pub async fn send(orders: &[ConfirmedAlteration<'_>], streams: Streams, interrupts: &mut Interrupts) -> bool {
    let is_over = Cell::new(false);
    let done = Cell::new(0);
    let places = orders.iter().map(|order| order.place).max().map_or(0, |last| last + 1);
    let of_place = async |place: usize| {
        let mut next = Instant::now();
        for order in orders.iter().filter(|order| order.place == place) {
            sleep_until(next).await;
            if is_over.get() {
                return;
            }
            next = Instant::now() + PACE;
            order.is_begun.set(true);
            let altered = one(order, streams).await;
            order.outcome.set(Some(altered));
            done.set(done.get() + 1);
            streams.progress(&format!("{} of {}", done.get(), snapshots(orders.len())), false);
        }
    };
    let mut all = Box::pin(join_all((0..places).map(of_place)));
    tokio::select! {
        _ = &mut all => {
            streams.end_progress();
            return false;
        }
        () = interrupts.next() => is_over.set(true),
    }
    streams.end_progress();
    streams.warn(&format!(
        "Interrupted: nothing more begins; waiting up to {} s for what is under way.",
        LAST_OUTCOME.as_secs()
    ));
    tokio::select! {
        _ = timeout(LAST_OUTCOME, &mut all) => {}
        // Asked twice, it does not wait: the journal has what is needed.
        () = interrupts.next() => {}
    }
    true
}

async fn one(order: &ConfirmedAlteration<'_>, streams: Streams) -> Altered {
    let name = escape(&order.snapshot.id);
    let on_step = |step: Step| match &step {
        Step::Retrying { .. } | Step::Reconciling { .. } => {
            if let Some(note) = telling::step(&step, &name) {
                streams.say(&note.text);
            }
        }
        Step::NotRecorded { cause } => {
            streams.warn(&format!("What became of {name} could not be written to the journal: {cause}"));
        }
        _ => {}
    };
    let despite = order.despite.iter().map(|word| (*word).to_owned()).collect();
    order.session.alter(order.snapshot, order.deed.clone(), despite, on_step).await
}
