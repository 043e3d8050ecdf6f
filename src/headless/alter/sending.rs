//! The sending: in each place one after the other, at a pace, in all places at the same time. Told to end, what is
//! under way still gets a bounded time, and nothing more begins.

use std::cell::Cell;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until, timeout};

use super::row::{AlterationItem, AlterationRow};
use super::{AlterationPlan, snapshots};
use crate::app::telling;
use crate::domain::alteration::{Altered, Deed};
use crate::domain::outcome::Step;
use crate::headless::create::sending::{LAST_OUTCOME, nothing_more_begins};
use crate::headless::interrupts::{Interrupts, interrupted};
use crate::headless::problem::Problem;
use crate::headless::streams::Streams;

/// The least time between the beginnings of two alterations in one place: each takes a look and a request or two.
const PACE: Duration = Duration::from_millis(250);

impl<T: AlterationItem> AlterationPlan<'_, T> {
    /// Does to the rows what the plan says; gives why it ended before its end, if it was told to, with what is `left`.
    pub async fn send(&self, left: impl FnOnce() -> String, interrupts: &mut Interrupts) -> Option<Problem> {
        let streams = self.streams;
        let stopped = watch::Sender::new(false);
        let done = Cell::new(0);
        let altered: Vec<&AlterationRow<'_, T>> = self.altered().collect();
        let places = altered.iter().map(|row| row.place).max().map_or(0, |last| last + 1);
        let of_place = async |place: usize| {
            let mut next = Instant::now();
            for row in altered.iter().filter(|row| row.place == place) {
                sleep_until(next).await;
                if *stopped.borrow() {
                    return;
                }
                next = Instant::now() + PACE;
                let mut alteration = pin!(one(row, self.deed, streams));
                let outcome = tokio::select! {
                    outcome = &mut alteration => outcome,
                    () = is_told(&stopped) => {
                        if !row.is_begun.get() {
                            // To drop it here is to end the program here: nothing was written or sent.
                            return;
                        }
                        alteration.await
                    }
                };
                // Each is begun once.
                let _ = row.outcome.set(outcome);
                done.set(done.get() + 1);
                streams.progress(&format!("{} of {}", done.get(), snapshots(altered.len())), false);
            }
        };
        let mut all = Box::pin(join_all((0..places).map(of_place)));
        tokio::select! {
            _ = &mut all => {
                streams.end_progress();
                return None;
            }
            () = interrupts.next() => {
                stopped.send_replace(true);
            }
        }
        streams.end_progress();
        streams.warn(&nothing_more_begins());
        tokio::select! {
            biased;
            _ = timeout(LAST_OUTCOME, &mut all) => {}
            // Asked twice, it does not wait: the journal has what is needed.
            () = interrupts.next() => {}
        }
        let problem = interrupted(&left());
        streams.warn(&problem.message);
        Some(problem)
    }
}

/// Waits until nothing more is to begin.
async fn is_told(stopped: &watch::Sender<bool>) {
    // The sender stands where this waits: it does not go before.
    let _ = stopped.subscribe().wait_for(|is_stopped| *is_stopped).await;
}

async fn one<T: AlterationItem>(row: &AlterationRow<'_, T>, deed: &Deed, streams: Streams) -> Altered {
    let name = &row.name;
    let on_step = |step: Step| match &step {
        Step::Journalling => row.is_begun.set(true),
        Step::Retrying { .. } | Step::Reconciling { .. } | Step::LookFailed { .. } => {
            if let Some(note) = telling::step(&step, name) {
                streams.say(&note.text);
            }
        }
        Step::NotRecorded { cause } => {
            streams.warn(&format!("What became of {name} could not be written to the journal: {cause}"));
        }
        _ => {}
    };
    row.session.alter(row.item.snapshot(), deed.clone(), row.item.terms(), on_step).await
}
