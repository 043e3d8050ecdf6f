//! The request on its way. Told to end, it still gets a bounded time to reach its outcome.

use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;

use super::Creating;
use crate::app::telling;
use crate::domain::outcome::{Outcome, Step};
use crate::domain::request::SnapshotRequest;
use crate::domain::text::length;
use crate::headless::hints::how_to_go_on;
use crate::headless::interrupts::interrupted;
use crate::headless::json::SnapshotData;
use crate::headless::problem::Problem;
use crate::headless::settling;
use crate::headless::streams::{Stop, Streams};
use crate::submit::Submitted;

/// How long a request under way may take to its outcome after the program was told to end. What is not
/// known then stays open in the journal, and the next look at it settles it.
pub const LAST_OUTCOME: Duration = Duration::from_secs(10);

/// That several were under way when the program was told to end.
pub fn nothing_more_begins() -> String {
    let seconds = LAST_OUTCOME.as_secs();
    format!("Interrupted: nothing more begins; waiting up to {seconds} s for what is under way.")
}

/// How often it is shown that a look-up goes on, and after how many of these on a line of its own.
const TICK: Duration = Duration::from_secs(1);
const TICKS_A_LINE: u32 = 15;

impl Creating<'_> {
    /// Submits the request, for the account of the cluster that was looked at first.
    pub async fn send(&mut self, request: &SnapshotRequest) -> Result<Submitted, Stop> {
        let streams = self.streams;
        let latest = RefCell::new(Step::LookingUp);
        let on_step = |step: Step| {
            tell(streams, &step, request.snapshot.as_str());
            *latest.borrow_mut() = step;
        };
        let mut submission = pin!(self.session.submit(request.clone(), self.consent.clone(), on_step));
        let mut ticks = 0;
        loop {
            tokio::select! {
                submitted = &mut submission => {
                    if ticks > 0 {
                        streams.end_progress();
                    }
                    return Ok(submitted);
                }
                () = self.interrupts.next() => break,
                () = tokio::time::sleep(TICK) => {
                    ticks = tell_look(streams, &latest.borrow(), request.snapshot.as_str(), ticks);
                }
            }
        }
        if *latest.borrow() == Step::LookingUp {
            // To drop it here is to end the program here: of this sending nothing was written or sent.
            return Err(self.interrupted_between().into());
        }
        streams.warn(&format!(
            "Interrupted while the request is under way: waiting up to {} s for its outcome.",
            LAST_OUTCOME.as_secs()
        ));
        let outcome = tokio::select! {
            ended = tokio::time::timeout(LAST_OUTCOME, &mut submission) => ended.ok(),
            // Asked twice, it does not wait: the journal has what is needed.
            () = self.interrupts.next() => None,
        };
        Err(self.interrupted_with(request, outcome.map(|submitted| submitted.outcome)).into())
    }

    fn interrupted_with(&self, request: &SnapshotRequest, outcome: Option<Outcome>) -> Problem {
        let name = request.snapshot.as_str();
        if let Some(outcome) = outcome {
            let data = settling::data(self.session, request, &outcome);
            return interrupted(&self.standing(request, &outcome)).about(data);
        }
        let words = if self.consent.without_journal {
            telling::unjournalled(name)
        } else {
            let go_on = how_to_go_on(self.session, std::iter::once(name));
            format!("It is not known whether {name} was created. {go_on}")
        };
        interrupted(&words).about(SnapshotData::requested(request).asked_through(self.session, None))
    }
}

/// Shows that the look-up after an answer goes on; gives for how many ticks it has. Who wants to hear of errors only
/// hears why it takes so long.
fn tell_look(streams: Streams, step: &Step, name: &str, ticks: u32) -> u32 {
    let note = match step {
        Step::Reconciling { .. } | Step::Confirming { .. } | Step::LookFailed { .. } => {
            telling::step(step, name)
        }
        _ => return 0,
    };
    if !streams.is_quiet() {
        let passed = length(TICK * (ticks + 1));
        let text = match step {
            Step::LookFailed { .. } => format!("{name}  not known after {passed}: the look-ups fail"),
            _ => format!("{name}  looked up for {passed} so far"),
        };
        streams.progress(&text, (ticks + 1).is_multiple_of(TICKS_A_LINE));
    } else if let Some(note) = note.filter(|_| ticks == 0) {
        streams.warn(&note.text);
    }
    ticks + 1
}

/// Tells of the steps that a person should know of: not of those that take a moment.
pub fn tell(streams: Streams, step: &Step, name: &str) {
    match (step, telling::step(step, name)) {
        (Step::Sending { attempt: 2.. }, _) => streams.say(&format!("{name} is being sent again.")),
        (Step::NotRecorded { .. }, Some(note)) => streams.warn(&note.text),
        (_, Some(note)) => streams.say(&note.text),
        (_, None) => {}
    }
}
