//! Every pair of what happened and who reads of it: no sentence says more than is so.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::*;
use crate::domain::account::AccountId;
use crate::fixtures;

/// What is so, whatever is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    /// Nothing left this machine.
    Unsent,
    /// The service refused; a copy may have been carried out.
    Refused,
    /// The request's snapshot is there.
    Ours,
    /// The name is somebody else's, and nothing of this request was carried out.
    Anothers,
    /// Anything may be so.
    Open,
}

/// What may be said only where it is so.
const CLAIMS: [(&str, &[Truth]); 12] = [
    ("nothing was sent", &[Truth::Unsent]),
    ("not created", &[Truth::Unsent, Truth::Anothers]),
    ("choose another", &[Truth::Anothers]),
    ("another name", &[Truth::Anothers]),
    ("it is not this request's", &[Truth::Anothers]),
    ("is taken", &[Truth::Anothers]),
    ("has this request's number", &[Truth::Ours]),
    ("found again", &[Truth::Ours]),
    ("aws is creating it", &[Truth::Ours]),
    ("refused by aws", &[Truth::Refused]),
    ("certainly", &[]),
    ("probably", &[]),
];

fn failure(kind: FailureKind, code: Option<&str>) -> Failure {
    Failure { code: code.map(str::to_owned), ..Failure::local(kind, "a word of AWS's") }
}

fn snapshot() -> Box<Snapshot> {
    Box::new(Snapshot {
        arn: Some(fixtures::snapshot_arn("eu-west-1", "210987654321", "nightly")),
        percent: Some(0),
        created_at: Some(Timestamp::UNIX_EPOCH),
        ..fixtures::snapshot("nightly", "orders", "creating")
    })
}

/// Every kind of outcome with every kind of failure that can lead to it, and what is so.
fn outcomes() -> Vec<(Outcome, Truth)> {
    use FailureKind as K;
    let (since, looked_at) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
    let mut all = vec![
        (Outcome::Created { snapshot: snapshot(), request_id: Some("r".to_owned()) }, Truth::Ours),
        (Outcome::Taken { by: Some(snapshot()), failure: None }, Truth::Unsent),
        (Outcome::Taken { by: None, failure: None }, Truth::Unsent),
    ];
    for kind in [K::Journal, K::Stale, K::OtherAccount, K::ReadOnly, K::NoConnection, K::NoCredentials] {
        all.push((Outcome::NotCreated(failure(kind, None)), Truth::Unsent));
    }
    let by_aws = [K::InvalidState, K::QuotaExceeded, K::ExpiredCredentials, K::AccessDenied, K::Throttled];
    for kind in by_aws {
        all.push((Outcome::Refused(failure(kind, Some("Code"))), Truth::Refused));
    }
    let open = [K::LostAnswer, K::ServerTrouble, K::UnreadableAnswer, K::SnapshotExists];
    for kind in open.into_iter().chain(by_aws) {
        let cause = failure(kind, Some("Code"));
        let by = Some(snapshot());
        all.push((Outcome::FoundAgain { snapshot: snapshot(), lost: cause.clone() }, Truth::Ours));
        all.push((Outcome::Taken { by, failure: Some(cause.clone()) }, Truth::Anothers));
        let look = Some(Box::new(cause.clone()));
        all.push((Outcome::Unknown { since, cause: cause.clone(), look: None }, Truth::Open));
        all.push((Outcome::Unknown { since, cause: cause.clone(), look }, Truth::Open));
        all.push((Outcome::NotListed { looked_at, cause: cause.clone() }, Truth::Open));
        all.push((Outcome::Unproven { snapshot: snapshot(), cause: cause.clone() }, Truth::Open));
        all.push((Outcome::Elsewhere { snapshot: snapshot(), cause }, Truth::Open));
    }
    all
}

/// Panics if a text claims what is not so. Where nothing was sent because the name was found taken, both hold.
fn says_nothing_false(text: &str, truth: Truth, is_taken: bool) {
    let said = text.to_lowercase();
    for (claim, may) in CLAIMS {
        let holds = may.contains(&truth) || (is_taken && may.contains(&Truth::Anothers));
        assert!(holds || !said.contains(claim), "'{claim}' is not so ({truth:?}): {text}");
    }
}

#[test]
fn no_outcome_is_told_in_stronger_words_than_its_facts_to_any_reader() {
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    for (outcome, truth) in outcomes() {
        let is_taken = matches!(outcome, Outcome::Taken { .. });
        for reader in
            [Reader::Form, Reader::Screen, Reader::Later, Reader::Change, Reader::Shell, Reader::AfterScreen]
        {
            let note = tell("nightly", "orders", &outcome, reader, &now);
            assert!(note.text.contains("nightly"), "it says of what: {}", note.text);
            says_nothing_false(&note.text, truth, is_taken);
            if truth == Truth::Open {
                assert_ne!(note.tone, Tone::Good, "{}", note.text);
            }
        }
        says_nothing_false(outcome.kind().sentence(), truth, is_taken);
        says_nothing_false(outcome.kind().short(), truth, is_taken);
    }
}

#[test]
fn no_step_claims_an_outcome() {
    let cause = || failure(FailureKind::InvalidState, Some("Code"));
    let steps = [
        Step::LookingUp,
        Step::Journalling,
        Step::Sending { attempt: 1 },
        Step::Retrying { cause: cause(), after_ms: 1_000 },
        Step::Reconciling { cause: cause() },
        Step::Confirming { refusal: cause() },
        Step::LookFailed { cause: cause() },
        Step::NotRecorded { cause: cause() },
    ];
    for told in steps.iter().filter_map(|step| super::step(step, "nightly")) {
        says_nothing_false(&told.text, Truth::Open, false);
    }
    let confirmed = AccountId::reported("123456789012");
    let unverified = confirmed.map(|confirmed| Step::AccountUnverified { confirmed });
    let told = unverified.and_then(|step| super::step(&step, "nightly"));
    assert!(
        told.is_some_and(
            |note| note.text.contains("123456789012") && note.text.contains("cannot be verified")
        )
    );
}

#[test]
fn what_to_do_while_credentials_do_not_work_comes_before_what_aws_answered() {
    let kind = FailureKind::ExpiredCredentials;
    let start = "Paused: the AWS credentials have expired.";
    let end = "Snapshots go on at AWS; they are followed again once the credentials work.";
    let local = Failure::local(kind, "log in: aws sso login --profile prod");
    assert_eq!(
        paused(&local, true),
        format!("{start} log in: aws sso login --profile prod. ‹r:refresh› tries again. {end}")
    );
    let by_aws = failure(kind, Some("ExpiredToken"));
    assert_eq!(
        paused(&by_aws, false),
        format!("{start} Renew them in another shell. {end} AWS answered last: ExpiredToken.")
    );
}

#[test]
fn words_of_this_program_are_never_told_as_those_of_aws() {
    let throttled = failure(FailureKind::Throttled, Some("Throttling"));
    assert_eq!(said(&throttled), "AWS says: \"a word of AWS's\" (Throttling).");
    let reworded = throttled.reworded(|words| format!("the name could not be looked up: {words}"));
    assert_eq!(said(&reworded), "The name could not be looked up: a word of AWS's (Throttling).");
    let turned = Failure::local(FailureKind::OtherAccount, "confirmed for account 1, now 2");
    assert_eq!(said(&turned), "Confirmed for account 1, now 2.");
    for reader in [Reader::Form, Reader::Screen, Reader::Change] {
        assert_eq!(advice(&turned, "orders", reader), "Nothing was sent.", "its draft is gone");
    }
}

#[test]
fn that_nothing_can_be_looked_up_is_told_with_what_is_not_known() {
    let expired = Failure {
        code: Some("ExpiredToken".to_owned()),
        ..Failure::local(FailureKind::ExpiredCredentials, "The token has expired")
    };
    let cause = Failure::local(FailureKind::LostAnswer, "reset");
    let outcome =
        Outcome::Unknown { since: Timestamp::UNIX_EPOCH, cause, look: Some(Box::new(expired.clone())) };
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    let told = tell("nightly", "orders", &outcome, Reader::Shell, &now).text;
    let look = "The last look-up failed: the AWS credentials have expired. Renew the credentials first. \
                AWS says: \"The token has expired\" (ExpiredToken).";
    assert!(told.contains("Not known yet: nightly") && told.ends_with(look), "{told}");
    let step = super::step(&Step::LookFailed { cause: expired }, "nightly").map(|note| note.text);
    let words = "it could not be looked up: the AWS credentials have expired. It is tried again.";
    assert!(step.as_deref().is_some_and(|step| step.contains(words)), "{step:?}");
}

#[test]
fn nobody_is_sent_to_a_draft_that_is_not_there() {
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    let gone = Outcome::Refused(failure(FailureKind::ClusterNotFound, Some("Code")));
    for (outcome, _) in outcomes() {
        for reader in [Reader::Later, Reader::Change, Reader::Shell, Reader::AfterScreen] {
            let told = tell_marked("nightly", "orders", &outcome, reader, Some("a word"), &now).text;
            assert!(!told.contains("draft") && !told.contains("ctrl-s"), "{reader:?}: {told}");
        }
    }
    for reader in
        [Reader::Form, Reader::Screen, Reader::Later, Reader::Change, Reader::Shell, Reader::AfterScreen]
    {
        let told = tell("nightly", "orders", &gone, reader, &now).text;
        assert_eq!(
            told.contains("‹r:refresh› in the list reads it anew."),
            !matches!(reader, Reader::Shell | Reader::AfterScreen),
            "{told}"
        );
    }
}

#[test]
fn after_the_screen_is_gone_neither_its_keys_nor_options_that_it_has_not_are_named() {
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    let kinds = [FailureKind::Journal, FailureKind::InvalidState, FailureKind::QuotaExceeded];
    let failed = kinds.map(|kind| (Outcome::NotCreated(failure(kind, None)), Truth::Unsent));
    for (outcome, _) in outcomes().into_iter().chain(failed) {
        let told = tell_marked("nightly", "orders", &outcome, Reader::AfterScreen, Some("a word"), &now).text;
        assert!(!told.contains("--") && !told.contains('‹'), "{told}");
    }
}

#[test]
fn what_was_found_again_is_told_with_the_answer_that_came_if_one_did() {
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    for (kind, end) in [
        (
            FailureKind::ServerTrouble,
            "The answer had been: AWS reports an internal error: a word of AWS's (Code).",
        ),
        (FailureKind::LostAnswer, "number. The answer was lost: a word of AWS's (Code)."),
    ] {
        let outcome = Outcome::FoundAgain { snapshot: snapshot(), lost: failure(kind, Some("Code")) };
        let told = tell("nightly", "orders", &outcome, Reader::Screen, &now).text;
        assert!(told.ends_with(end), "{told}");
    }
}

#[test]
fn a_cause_that_names_nothing_at_its_beginning_begins_as_a_sentence() {
    let now = Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
    for (kind, cause, told) in [
        (FailureKind::ReadOnly, "the configuration's [read_only] has tag a=b", "sent. The configuration's"),
        (FailureKind::ReadOnly, "started with --read-only", "sent. Started with"),
        (FailureKind::Guarded, "the tag owner is required", "sent. The tag owner"),
        (FailureKind::Guarded, "orders is production", "sent. orders is"),
    ] {
        let outcome = Outcome::NotCreated(Failure::local(kind, cause));
        let text = tell("nightly", "orders", &outcome, Reader::Shell, &now).text;
        assert!(text.contains(told), "{text}");
    }
}
