//! The request of one cluster: sent once, and after anything but a clear yes looked up until it is known what happened.
//!
//! The engine itself never sends it again: the task has no `Retry`. What certainly did not happen, a throttle, is sent
//! again by states of its own, after a look, as `submit` does.

use serde_json::{Map, Value, json};

use super::jsonata::{expression, first_of, literal};
use super::{cluster, seen, waiting};
use crate::domain::failure::FailureKind;
use crate::domain::listing::HORIZON;
use crate::domain::outcome_kind::OutcomeKind;
use crate::submit::decide::TAGS_LAG;
use crate::submit::table::{self, AfterFailure, Moment};
use crate::submit::{MAX_ATTEMPTS, SECOND_LOOK};

pub(super) const SEND: &str = "Send the request, once";
const ANSWER: &str = "What was answered?";
const LOOK: &str = "Look what became of it";
const WHOSE: &str = "Whose is what has the name?";
const PAUSE: &str = "Wait before the next look";
const AGAIN: &str = "Wait before it is sent again";

/// Errors of the service by what their names have in them, and what they mean. The names are those of the AWS SDK for
/// Java 2, by which Step Functions calls errors; case does not count.
const NAMES: &[(&str, FailureKind)] = &[
    ("throttl", FailureKind::Throttled),
    ("requestlimitexceeded", FailureKind::Throttled),
    ("snapshotalreadyexists", FailureKind::SnapshotExists),
    ("invaliddbcluster", FailureKind::InvalidState),
    ("snapshotquotaexceeded", FailureKind::QuotaExceeded),
    ("dbclusternotfound", FailureKind::ClusterNotFound),
];

/// Errors that have no name of their own, by what their texts have in them.
const TEXTS: &[(&str, FailureKind)] = &[
    ("rate exceeded", FailureKind::Throttled),
    ("not authorized", FailureKind::AccessDenied),
    ("token", FailureKind::ExpiredCredentials),
];

/// The states from the request to what became of it.
pub(super) fn states(mark_key: &str, tags: &str, states: &mut Map<String, Value>) {
    states.insert(SEND.to_owned(), send(mark_key, tags));
    states.insert(ANSWER.to_owned(), answer());
    states.insert(LOOK.to_owned(), look(mark_key));
    states.insert(WHOSE.to_owned(), whose());
    states.insert(PAUSE.to_owned(), pause());
    states.insert(AGAIN.to_owned(), again());
}

fn send(mark_key: &str, tags: &str) -> Value {
    let attempts = expression("$attempts + 1");
    json!({
        "Type": "Task",
        "Comment": "No Retry: a second request would hide what became of the first. Whatever is caught is looked up.",
        "Resource": cluster::action("createDBClusterSnapshot"),
        "Arguments": {
            "DbClusterIdentifier": expression("$states.input.cluster"),
            "DbClusterSnapshotIdentifier": expression("$states.input.snapshot"),
            "Tags": expression(&format!(
                "$append({tags}, [{{ \"Key\": {}, \"Value\": $states.input.number }}])",
                literal(mark_key)
            )),
        },
        "Assign": {
            "attempts": attempts,
            "looks": 0,
            "answer": expression(&seen::answer(mark_key)),
            "look": expression(&seen::answered()),
        },
        "Catch": [{
            "ErrorEquals": ["States.ALL"],
            "Assign": {
                "attempts": attempts,
                "looks": 0,
                "answer": expression(&failed()),
                "look": expression("{ \"whose\": \"not_looked\", \"seen\": {}, \"at\": $now(), \"times\": 0 }"),
            },
            "Output": expression("$states.input"),
            "Next": ANSWER,
        }],
        "Output": expression("$states.input"),
        "Next": ANSWER,
    })
}

/// A failure as the journal has it: its kind, its name, its words, and whether it is an answer of the service. Only
/// such a one is a refusal; whatever else broke, and whatever has another form than expected, leaves it open.
pub(super) fn failure(after: &str) -> String {
    let matching = |what: &str, rows: &[(&str, FailureKind)]| {
        let row = |(part, kind): &(&str, FailureKind)| {
            (format!("$contains({what}, {})", literal(part)), literal(&seen::kind(*kind)))
        };
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let mut rows = vec![("$not($refused)".to_owned(), literal(&seen::kind(FailureKind::LostAnswer)))];
    rows.extend(matching("$name", NAMES));
    rows.extend(matching("$words", TEXTS));
    let kind = first_of(rows, &literal(&seen::kind(FailureKind::Other)));
    format!(
        "( $cause := $exists($states.errorOutput.Cause) ? $string($states.errorOutput.Cause) : \"\"; \
         $words := $lowercase($cause); $name := $lowercase($states.errorOutput.Error); \
         $refused := $contains($words, /service: rds, status code: 40[0-4]/); \
         $kind := {kind}; \
         $failure := {{ \"kind\": $kind, \"code\": $states.errorOutput.Error, \
         \"message\": $substring($cause, 0, 300), \"refused\": $refused, \
         \"request_id\": ($match($cause, /Request ID: ([A-Za-z0-9-]+)/).groups)[0] }}; {after} )"
    )
}

/// What a failed create means, by the table.
fn failed() -> String {
    let word = |refused, kind| match table::after_failure(refused, kind, FailureKind::SnapshotExists) {
        AfterFailure::Retry => "\"retry\"",
        AfterFailure::Refused => "\"refused\"",
        AfterFailure::Unclear => "\"unclear\"",
    };
    let kinds = [FailureKind::Throttled, FailureKind::SnapshotExists];
    let mut rows = vec![("$not($refused)".to_owned(), word(false, FailureKind::Other).to_owned())];
    rows.extend(
        kinds.map(|kind| (format!("$kind = {}", literal(&seen::kind(kind))), word(true, kind).to_owned())),
    );
    let word = first_of(rows, word(true, FailureKind::Other));
    failure(&format!("{{ \"word\": {word}, \"failure\": $failure }}"))
}

fn answer() -> Value {
    json!({
        "Type": "Choice",
        "Choices": [
            cluster::outcome("$answer.word = \"created\"", OutcomeKind::Created, waiting::WAIT),
        ],
        "Default": LOOK,
    })
}

fn look(mark_key: &str) -> Value {
    let looks = expression("$looks + 1");
    let seen = json!({ "looks": looks, "look": expression(&seen::look(mark_key)) });
    let failed = json!({ "looks": looks, "look": expression(seen::NO_LOOK) });
    cluster::read_name((&seen, WHOSE), (&failed, WHOSE))
}

/// The table of what a found snapshot makes of a request that was sent, and what is left where nothing is found.
fn whose() -> Value {
    let moments = [
        ("$answer.word in [\"refused\", \"retry\"] and ", Moment::Refused),
        ("$answer.word = \"unclear\" and ", Moment::Unclear { is_late: false }),
        // Listed at two looks in a row, so that a mark would have been listed too.
        ("$answer.word = \"unclear\" and $look.times > 1 and ", Moment::Unclear { is_late: true }),
    ];
    let mut choices: Vec<Value> =
        moments.into_iter().flat_map(|(when, moment)| cluster::found(when, moment)).collect();
    let open = open_pauses();
    choices.extend([
        cluster::outcome("$answer.word = \"refused\"", OutcomeKind::Refused, cluster::TELL),
        json!({
            "Condition": expression(&format!("$answer.word = \"retry\" and $attempts < {MAX_ATTEMPTS}")),
            "Next": AGAIN,
        }),
        cluster::outcome("$answer.word = \"retry\"", OutcomeKind::Refused, cluster::TELL),
        json!({ "Condition": expression(&format!("$looks <= {}", open.len())), "Next": PAUSE }),
        cluster::outcome(
            "$look.whose = \"absent\" and $look.times > 1",
            OutcomeKind::NotListed,
            cluster::TELL,
        ),
        cluster::outcome("true", OutcomeKind::Unknown, cluster::TELL),
    ]);
    json!({ "Type": "Choice", "Choices": choices, "Default": cluster::TELL })
}

fn pause() -> Value {
    json!({
        "Type": "Wait",
        "Seconds": expression(&format!("{:?}[$looks - 1]", open_pauses())),
        "Next": LOOK,
    })
}

fn again() -> Value {
    json!({
        "Type": "Wait",
        "Comment": "A throttle: it certainly did not happen, and the name was looked up since.",
        "Seconds": expression("$round($power(2, $attempts) * (1 + $random()))"),
        "Next": SEND,
    })
}

/// The pauses between the looks after an unclear answer, in seconds: the first as long as a mark may lag behind its
/// snapshot, each twice as long as the one before, until nothing can appear any more; then a last look, to make sure.
fn open_pauses() -> Vec<u64> {
    let mut pauses = vec![TAGS_LAG.unsigned_abs().as_secs()];
    while pauses.iter().sum::<u64>() < HORIZON.unsigned_abs().as_secs() {
        let last = pauses.last().copied().unwrap_or_default();
        pauses.push(last * 2);
    }
    pauses.push(SECOND_LOOK.as_secs());
    pauses
}
