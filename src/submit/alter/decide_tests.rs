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
    assert_eq!(before_word(&Deed::Delete, None), "not done", "a look or two prove no absence");
}

#[test]
fn an_unclear_answer_is_settled_by_what_has_the_name() {
    for (what, snapshot, _, expected) in found() {
        assert_eq!(after_words(&Deed::Delete, Some(&snapshot)), expected, "{what}");
    }
    assert_eq!(after_words(&Deed::Delete, None), ["open"; 2], "absent once");
}

/// What so many looks over so many seconds say that did not find it.
fn missed(looks: u32, seconds: i64, answer: &Failure) -> &'static str {
    let unlisted = Some(Unlisted {
        looks,
        ..Unlisted::once_more(Some(Unlisted::once_more(None, at(100), None)), at(100 + seconds), None)
    });
    let seen = AlterationLook { unlisted, ..AlterationLook::once(None, at(100 + seconds)) };
    after(&asked(Deed::Delete), seen, answer).map_or("open", |altered| altered.kind.short())
}

fn refused(kind: FailureKind) -> Failure {
    Failure { code: Some("Code".to_owned()), ..Failure::local(kind, "refused") }
}

#[test]
fn only_three_looks_over_two_minutes_or_the_service_itself_say_that_it_is_gone() {
    for (looks, seconds, expected) in
        [(1, 0, "open"), (9, 119, "open"), (2, 9_000, "open"), (3, 120, "gone"), (3, -120, "open")]
    {
        assert_eq!(missed(looks, seconds, &lost()), expected, "{looks} looks over {seconds} s");
    }
    let missing = refused(FailureKind::SnapshotNotFound);
    assert_eq!(
        [(1, 9), (2, 1), (2, 2)].map(|(looks, s)| missed(looks, s, &missing)),
        ["open", "open", "gone"]
    );
    let denied = refused(FailureKind::AccessDenied);
    assert_eq!([(2, 2), (3, 120)].map(|(looks, s)| missed(looks, s, &denied)), ["open", "gone"]);
}

#[test]
fn what_is_there_after_a_refusal_was_refused() {
    for (what, snapshot, _, expected) in found() {
        let seen = AlterationLook { is_dead: true, ..AlterationLook::once(Some(&snapshot), at(100)) };
        let word =
            after(&asked(Deed::Delete), seen, &refused(FailureKind::AccessDenied)).unwrap().kind.short();
        let is_told = ["deleting", "replaced"].contains(&expected[0]);
        assert_eq!(word, if is_told { expected[0] } else { "refused" }, "{what}");
    }
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
    let words = |answered: Snapshot| contradiction(&asked, &answered);
    assert_eq!(words(shown()), None);
    assert_eq!(words(Snapshot { arn: None, id: "X".to_owned(), ..shown() }), None);
    assert!(words(Snapshot { id: "y".to_owned(), ..shown() }).unwrap().ends_with("another snapshot, y"));
    let elsewhere = fixtures::snapshot_arn("eu-west-1", "999999999999", "x");
    assert!(words(Snapshot { arn: Some(elsewhere), ..shown() }).unwrap().contains("999999999999"));
}
