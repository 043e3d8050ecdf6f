//! The snapshot of one cluster, followed until it is usable or has failed.
//!
//! An execution's history holds 25,000 events, of which each look takes about nine: the pauses grow with the time that
//! has gone by, so that forty clusters can be followed for hours in one execution.

use serde_json::{Map, Value, json};
use strum::IntoEnumIterator as _;

use super::jsonata::{expression, literal, literals};
use super::{cluster, seen};
use crate::domain::ending::GONE;
use crate::domain::listing::LIST_LAG;
use crate::domain::status::SnapshotStatus;
use crate::submit::table::Ownership;

pub(super) const WAIT: &str = "Wait for the snapshot";
const LOOK: &str = "Look how far it is";
const USABLE: &str = "Is it usable?";

/// The first pauses between two looks, in seconds.
const FIRST: u64 = 30;
/// The longest pause, in seconds.
const LONGEST: u64 = 1_800;
/// A pause is this part of the time that has gone by.
const SHARE: u64 = 5;
/// For how long a snapshot is followed, in seconds.
const LIMIT: u64 = 12 * 3_600;

/// The states from a snapshot that is being made to its end; `usable` is what follows where it can be restored.
pub(super) fn states(mark_key: &str, usable: &str, states: &mut Map<String, Value>) {
    let pauses = pauses();
    states.insert(
        WAIT.to_owned(),
        json!({ "Type": "Wait", "Seconds": expression(&format!("{pauses:?}[$polls]")), "Next": LOOK }),
    );
    states.insert(LOOK.to_owned(), look(mark_key));
    states.insert(USABLE.to_owned(), ended(pauses.len(), usable));
}

fn look(mark_key: &str) -> Value {
    let polls = expression("$polls + 1");
    let seen = json!({ "polls": polls, "look": expression(&seen::look(mark_key)) });
    cluster::read_name((&seen, USABLE), (&json!({ "polls": polls }), USABLE))
}

fn ended(polls: usize, usable: &str) -> Value {
    let own = [Ownership::Ours, Ownership::CannotTell].map(<&str>::from);
    let own = format!("$look.whose in {}", literals(own));
    let others: Vec<SnapshotStatus> =
        SnapshotStatus::iter().filter(|status| status.is_final() && !status.is_usable()).collect();
    let others = others.iter().map(SnapshotStatus::as_str);
    let end = |when: &str, status: &str, next: &str| {
        json!({
            "Condition": expression(when),
            "Assign": { "end": expression(&format!(
                "{{ \"status\": {status}, \"at\": $look.at, \"open_at\": $look.before }}"
            )) },
            "Next": next,
        })
    };
    let is = |statuses: String| format!("{own} and $look.seen.status in {statuses}");
    json!({
        "Type": "Choice",
        "Choices": [
            end(&is(literals([SnapshotStatus::Available.as_str()])), "$look.seen.status", usable),
            end(&is(literals(others)), "$look.seen.status", cluster::TELL),
            end(&format!("$look.whose = \"absent\" and $look.times >= {}", gone_after()), &literal(GONE), cluster::TELL),
            {
                "Condition": expression(&format!("$polls >= {polls}")),
                "Next": cluster::TELL,
            },
        ],
        "Default": WAIT,
    })
}

/// The pauses between the looks, in seconds.
fn pauses() -> Vec<u64> {
    let mut pauses = Vec::new();
    let mut gone_by = 0;
    while gone_by < LIMIT {
        let pause = (gone_by / SHARE).clamp(FIRST, LONGEST);
        pauses.push(pause);
        gone_by += pause;
    }
    pauses
}

/// After how many looks in a row that miss it a snapshot is gone: so many that lists have caught up at any time.
fn gone_after() -> usize {
    let lag = LIST_LAG.unsigned_abs().as_secs();
    let mut gone_by = 0;
    let before = pauses().into_iter().take_while(|pause| {
        let is_before = gone_by < lag;
        gone_by += pause;
        is_before
    });
    before.count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The events of a look: of the pause three, of the task five, of the choice two.
    const EVENTS: usize = 10;
    /// Of what comes before and after, with some looks after a lost answer.
    const REST: usize = 120;

    #[test]
    fn forty_clusters_fit_into_the_history_of_one_execution() {
        assert!((pauses().len() * EVENTS + REST) * super::super::AT_A_TIME < 25_000, "{}", pauses().len());
        assert!(pauses().iter().sum::<u64>() >= LIMIT);
    }

    #[test]
    fn nothing_is_called_gone_while_lists_may_lag() {
        let seen_after: u64 = pauses().iter().take(gone_after() - 1).sum();
        assert!(seen_after >= LIST_LAG.unsigned_abs().as_secs());
    }
}
