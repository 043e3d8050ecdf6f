//! Whether what was told of a deletion or of a change of tags is so: the judge of every case. It knows what the
//! service did from the service's own list and from what the proxy passed on, and nothing from the program.

use serde_json::Value;

use super::support::proxy::Proxy;
use super::support::query::{Listed, snapshots};
use super::world::{Desk, Told};

pub const DELETE: &str = "DeleteDBClusterSnapshot";
pub const ADD_TAGS: &str = "AddTagsToResource";
pub const REMOVE_TAGS: &str = "RemoveTagsFromResource";

/// The snapshot that a service lists under a name.
pub fn listed(service: &str, name: &str) -> Option<Listed> {
    snapshots(service).into_iter().find(|snapshot| snapshot.name == name)
}

/// What is so about the snapshot that was meant, and the requests for it.
#[derive(Clone, Debug)]
pub struct Fate {
    /// How many requests left the machine.
    pub sent: usize,
    /// How many of them the service carried out.
    pub done: usize,
    /// The very snapshot that was meant, if the service lists it.
    pub itself: Option<Listed>,
    /// Whether the service lists another one under the name.
    pub has_other: bool,
}

impl Fate {
    /// What is so about a snapshot that was listed before, and the requests of these actions.
    pub fn of(before: &Listed, actions: &[&str], proxy: &Proxy, service: &str) -> Self {
        let now = listed(service, &before.name);
        let is_itself = now.as_ref().is_some_and(|now| now.created == before.created);
        let count = |of: &dyn Fn(&str) -> usize| actions.iter().map(|action| of(action)).sum();
        Self {
            sent: count(&|action| proxy.asked(action, &before.name).len()),
            done: count(&|action| proxy.done(action, &before.name)),
            has_other: now.is_some() && !is_itself,
            itself: now.filter(|_| is_itself),
        }
    }

    /// Whether it is there with a tag of a key.
    fn has_tag(&self, key: &str) -> bool {
        self.itself.as_ref().is_some_and(|it| it.tags.iter().any(|(tag, _)| tag == key))
    }

    /// Whether it is there, and is not about to go.
    pub fn stays(&self) -> bool {
        self.itself.as_ref().is_some_and(|it| it.status != "deleting")
    }
}

/// The row of a snapshot in what was answered.
#[track_caller]
pub fn row(told: &Told, name: &str) -> Value {
    let envelope = told.envelope();
    let rows = envelope["data"].as_array().unwrap_or_else(|| panic!("no rows: {told}"));
    rows.iter().find(|row| row["id"] == name).unwrap_or_else(|| panic!("no {name}: {told}")).clone()
}

/// What was said of a snapshot in one word; `open` if the program ended before it knew.
#[track_caller]
pub fn word(told: &Told, name: &str) -> String {
    row(told, name)["outcome"].as_str().unwrap_or("open").to_owned()
}

/// Panics if anything that was told of one deletion is not so.
#[track_caller]
pub fn deletion_holds_true(told: &Told, desk: &Desk, name: &str, fate: &Fate) {
    let context = format!("{name}, {fate:?}, but: {told}");
    let word = word(told, name);
    let stays = fate.stays();
    match word.as_str() {
        "deleting" => assert!(!stays && !fate.has_other, "it is there: {context}"),
        "gone" => assert!(fate.itself.is_none() && !fate.has_other, "it is there: {context}"),
        "replaced" => assert!(fate.itself.is_none() && fate.has_other, "not replaced: {context}"),
        "another" => assert!(fate.done > 0 && fate.itself.is_none(), "no other was deleted: {context}"),
        "not_done" => assert!(fate.done == 0 && fate.sent == 0, "something left: {context}"),
        "refused" => assert!(fate.done == 0 && fate.sent > 0 && stays, "it was done: {context}"),
        "open" | "unknown" => assert!(fate.sent > 0, "it is known that nothing left: {context}"),
        other => panic!("no such word as {other}: {context}"),
    }
    codes_hold_true(told, &word, &["deleting", "gone"], &context);
    sentences_hold_true(&told.words(), fate, &context);
    let in_journal = desk.words(name);
    let last = in_journal.last().map_or("", String::as_str);
    match word.as_str() {
        "open" | "unknown" => assert!(["", "unknown"].contains(&last), "the journal says {last}: {context}"),
        _ if fate.sent == 0 => assert!(in_journal.is_empty() || last == word, "{in_journal:?}: {context}"),
        word => assert_eq!(last, word, "the journal says something else: {context}"),
    }
}

/// Panics if anything that was told of one change of tags is not so.
#[track_caller]
pub fn tags_hold_true(told: &Told, desk: &Desk, name: &str, fate: &Fate, is_so: bool) {
    let context = format!("{name}, as asked: {is_so}, {fate:?}, but: {told}");
    let word = word(told, name);
    match word.as_str() {
        "tagged" => assert!(is_so, "its tags are not as asked: {context}"),
        "gone" => assert!(fate.itself.is_none() && !fate.has_other, "it is there: {context}"),
        "replaced" => assert!(fate.itself.is_none() && fate.has_other, "not replaced: {context}"),
        "not_done" => assert!(fate.sent == 0, "something left: {context}"),
        "refused" => assert!(!is_so && fate.sent > 0, "it was done: {context}"),
        "open" | "unknown" => assert!(fate.sent > 0, "it is known that nothing left: {context}"),
        other => panic!("no such word as {other}: {context}"),
    }
    codes_hold_true(told, &word, &["tagged"], &context);
    sentences_hold_true(&told.words(), fate, &context);
    if fate.sent > 0 && word != "open" {
        assert_eq!(desk.words(name).last(), Some(&word), "the journal says something else: {context}");
    }
}

/// Panics if the exit code and the error's code do not fit the word.
#[track_caller]
fn codes_hold_true(told: &Told, word: &str, wanted: &[&str], context: &str) {
    let is_as_wanted = wanted.contains(&word);
    assert_eq!(told.code == Some(0), is_as_wanted, "the exit code says something else: {context}");
    match word {
        "open" => assert_eq!((told.code, told.error().as_str()), (Some(130), "INTERRUPTED"), "{context}"),
        // Told to end, it came to a word in the time that was left for it.
        "unknown" => assert!([Some(4), Some(130)].contains(&told.code), "{context}"),
        "replaced" | "another" => {
            assert_eq!((told.code, told.error().as_str()), (Some(3), "SNAPSHOT_EXISTS"), "{context}");
        }
        _ => {}
    }
}

/// Panics if a sentence is not so.
#[track_caller]
fn sentences_hold_true(words: &str, fate: &Fate, context: &str) {
    let says = |sentence: &str| words.contains(sentence);
    let claims: [(&str, bool); 15] = [
        ("nothing was sent", fate.sent == 0),
        ("aws deletes it.", !fate.stays() && fate.done > 0),
        ("it was being deleted already", !fate.stays() && fate.done == 0),
        ("it is not there any more", fate.itself.is_none() && !fate.has_other),
        ("it was not listed right before", fate.itself.is_none()),
        ("cannot be proved", fate.sent > 0 && fate.itself.is_none()),
        ("another snapshot has the name now", fate.has_other && fate.itself.is_none()),
        ("it deletes another snapshot", fate.done > 0 && fate.itself.is_none()),
        ("not done:", fate.done == 0),
        ("aws refused.", fate.done < fate.sent),
        ("the tags were added, and", fate.done > 0),
        ("not those taken away that were to be", fate.has_tag("old")),
        ("not known yet", fate.sent > 0),
        (" 1 of 1 snapshot deleted", !fate.stays()),
        ("is not known whether it is deleted", fate.sent > 0),
    ];
    for (sentence, is_so) in claims {
        assert!(is_so || !says(sentence), "says {sentence:?}: {context}");
    }
}
