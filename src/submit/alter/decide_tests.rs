//! The decision table of alterations, row by row.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use super::*;
use crate::domain::policy::Policy;
use crate::domain::tag::Tag;
use crate::fixtures;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn shown() -> Snapshot {
    Snapshot {
        arn: Some(fixtures::snapshot_arn("eu-west-1", fixtures::ACCOUNT, "x")),
        created_at: Some(at(0)),
        tags: vec![Tag::new(crate::domain::mark::MARK_KEY, "7")].into(),
        ..fixtures::snapshot("x", "orders", "available")
    }
}

fn asked(deed: Deed) -> Alteration {
    Alteration::of(&shown(), deed, "1".to_owned(), at(100), &Policy::default()).unwrap()
}

fn tagging() -> Deed {
    Deed::Tag { add: vec![Tag::new("change", "CHG-1")], remove: vec!["old".to_owned()] }
}

fn lost() -> Failure {
    Failure::local(FailureKind::LostAnswer, "lost")
}

/// What a look right before says in a word; `go` if the request may leave.
fn before_word(deed: &Deed, found: Option<&Snapshot>) -> &'static str {
    before(&asked(deed.clone()), AlterationLook::once(found, at(100)))
        .map_or("go", |altered| altered.kind.short())
}

/// What a look after an unclear answer says, of a young request and of one that is too old.
fn after_words(deed: &Deed, found: Option<&Snapshot>) -> [&'static str; 2] {
    [false, true].map(|is_dead| {
        let seen = AlterationLook { is_dead, ..AlterationLook::once(found, at(100)) };
        after(&asked(deed.clone()), seen, &lost()).map_or("open", |altered| altered.kind.short())
    })
}

/// Snapshots that can have the name, with what is said of each right before and after, for a deletion.
fn found() -> Vec<(&'static str, Snapshot, &'static str, [&'static str; 2])> {
    let status = |status: &str| Snapshot { status: SnapshotStatus::reported(status), ..shown() };
    let mark = |value: &str| Snapshot {
        tags: vec![Tag::new(crate::domain::mark::MARK_KEY, value)].into(),
        ..shown()
    };
    let elsewhere = fixtures::snapshot_arn("eu-west-1", "999999999999", "x");
    vec![
        ("itself", shown(), "go", ["open", "not done"]),
        ("copying", status("copying"), "go", ["open", "not done"]),
        ("deleting", status("deleting"), "deleting", ["deleting"; 2]),
        ("failed", status("failed"), "not done", ["open", "not done"]),
        ("another time", Snapshot { created_at: Some(at(1)), ..shown() }, "replaced", ["replaced"; 2]),
        ("an earlier time", Snapshot { created_at: Some(at(-1)), ..shown() }, "replaced", ["replaced"; 2]),
        ("no time", Snapshot { created_at: None, ..shown() }, "not done", ["open"; 2]),
        ("another mark", mark("8"), "replaced", ["replaced"; 2]),
        ("no mark", Snapshot { tags: Arc::default(), ..shown() }, "go", ["open", "not done"]),
        ("elsewhere", Snapshot { arn: Some(elsewhere), ..shown() }, "not done", ["open"; 2]),
        ("no arn", Snapshot { arn: None, ..shown() }, "not done", ["open"; 2]),
    ]
}

#[test]
fn nothing_is_deleted_but_the_very_snapshot_that_was_shown() {
    for (what, snapshot, expected, _) in found() {
        assert_eq!(before_word(&Deed::Delete, Some(&snapshot)), expected, "{what}");
    }
    assert_eq!(before_word(&Deed::Delete, None), "gone");
}

#[test]
fn an_unclear_answer_is_settled_by_what_has_the_name() {
    for (what, snapshot, _, expected) in found() {
        assert_eq!(after_words(&Deed::Delete, Some(&snapshot)), expected, "{what}");
    }
    assert_eq!(after_words(&Deed::Delete, None), ["open"; 2], "absent once");
    let seen = AlterationLook { is_certainly_absent: true, ..AlterationLook::once(None, at(100)) };
    assert_eq!(after(&asked(Deed::Delete), seen, &lost()).unwrap().kind, AlteredKind::Gone);
}

#[test]
fn tags_are_settled_by_the_tags() {
    let tagged = |tags: &[(&str, &str)]| Snapshot {
        tags: tags.iter().map(|(key, value)| Tag::new(*key, *value)).collect(),
        ..shown()
    };
    let done = tagged(&[("change", "CHG-1"), ("owner", "dba")]);
    assert_eq!(
        (before_word(&tagging(), Some(&done)), after_words(&tagging(), Some(&done))),
        ("tagged", ["tagged"; 2])
    );
    for tags in [&[("change", "CHG-2")][..], &[("change", "CHG-1"), ("old", "")], &[]] {
        let undone = tagged(tags);
        assert_eq!(before_word(&tagging(), Some(&undone)), "go", "{tags:?}");
        assert_eq!(after_words(&tagging(), Some(&undone)), ["open", "not done"], "{tags:?}");
    }
    let kept = tagged(&[("keep-until", "2999-01-01")]);
    assert_eq!(before_word(&tagging(), Some(&kept)), "go", "that keeps from deletion only");
}

#[test]
fn a_tag_that_was_given_meanwhile_keeps_unless_that_was_said_by_name() {
    let kept = Snapshot { tags: vec![Tag::new("keep-until", "2999-01-01")].into(), ..shown() };
    assert_eq!(before_word(&Deed::Delete, Some(&kept)), "not done");
    let said = Alteration { despite: vec!["keep_until".to_owned()], ..asked(Deed::Delete) };
    assert_eq!(before(&said, AlterationLook::once(Some(&kept), at(100))), None);
}

#[test]
fn an_answer_about_another_snapshot_is_seen() {
    let asked = asked(Deed::Delete);
    assert!(!is_about_another(&asked, &shown()));
    assert!(is_about_another(&asked, &Snapshot { created_at: Some(at(50)), ..shown() }));
    assert!(!is_about_another(&asked, &Snapshot { created_at: None, arn: None, ..shown() }));
}
