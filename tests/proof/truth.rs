//! Whether what was told is so: the judge of every case. It knows what the service did from the service's own
//! list and from what the proxy passed on, and nothing from the program.

use super::support::proxy::Proxy;
use super::support::query::snapshots;
use super::world::Told;

/// What is so about one request.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    /// How many creates left the machine.
    pub sent: usize,
    /// How many of them made a snapshot.
    pub made: usize,
    /// Whether the service lists a snapshot of the name.
    pub is_listed: bool,
}

/// What is so about the request for a name that went through a proxy of its own to a service.
pub fn truth(proxy: &Proxy, service: &str, name: &str) -> Truth {
    Truth {
        sent: proxy.creates(name).len(),
        made: proxy.made(name),
        is_listed: snapshots(service).iter().any(|snapshot| snapshot.name == name),
    }
}

/// Words that advise to ask for another one.
const ADVICE: [&str; 7] = [
    "choose another",
    "another name",
    "proposes another",
    "request another",
    "request it anew",
    "with --name",
    "ask for another",
];

/// Panics if anything that was told is not so.
#[track_caller]
pub fn holds_true(told: &Told, truth: Truth) {
    let context = format!("{truth:?}, but: {told}");
    let outcome = told.outcome();
    let is_ours = truth.made > 0;
    assert!(truth.made <= 1, "made twice: {context}");
    match outcome.as_deref() {
        Some("created" | "found_again") => assert!(is_ours, "false success: {context}"),
        Some("taken") => assert!(truth.is_listed && !is_ours, "not taken: {context}"),
        Some("not_created") => assert_eq!(truth.sent, 0, "something left: {context}"),
        Some("not_listed") => assert!(!truth.is_listed, "it is listed: {context}"),
        Some("unproven") => assert!(truth.is_listed, "it is not there: {context}"),
        Some("refused" | "unknown" | "elsewhere") | None => {}
        Some(other) => panic!("no such word as {other}: {context}"),
    }
    let is_success = matches!(outcome.as_deref(), Some("created" | "found_again"));
    assert_eq!(told.code == Some(0), is_success, "the exit code says something else: {context}");
    assert_eq!(
        told.code == Some(3) && told.error() == "SNAPSHOT_EXISTS",
        outcome.as_deref() == Some("taken")
    );
    words_hold_true(told, truth, &context);
}

/// Panics if a sentence is not so.
#[track_caller]
fn words_hold_true(told: &Told, truth: Truth, context: &str) {
    let words = told.words();
    // These speak of a second time.
    let once = words.replace("nothing was sent twice", "").replace("nothing was sent again", "");
    if truth.sent > 0 {
        assert!(!once.contains("nothing was sent"), "something was: {context}");
        assert!(!once.contains("nothing left this machine"), "something did: {context}");
    }
    if truth.made > 0 {
        assert!(!words.contains("not created"), "it was: {context}");
        let advised = words.replace("do not request another", "");
        let advice = ADVICE.iter().find(|advice| advised.contains(**advice));
        assert!(advice.is_none(), "advises {advice:?} though ours is there: {context}");
        assert!(!words.contains("not this request's"), "it is: {context}");
        assert!(!words.contains("was there before this request"), "it was not: {context}");
    } else {
        assert!(!words.contains("it is this request's"), "it is not: {context}");
    }
}
