//! Cursors, which stay on what they were on.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::alteration::{Altered, AlteredKind};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::page::Page;
use crate::domain::profile::Choices;
use crate::domain::snapshot::{Snapshot, SnapshotKind};
use crate::fixtures;

use super::super::Settings;
use super::super::action::Action;
use super::super::effect::Effect;
use super::super::keymap::Focus;
use super::super::message::Msg;
use super::super::question::Answer;
use super::super::screens::AnyScreen;
use super::super::settings::Stay;
use super::checks::{at_review_of_change, kept, nothing_was_requested};
use super::desk::{Desk, cluster, snapshot};
use super::journal::{answer, past};
use super::turned::profile;

/// Lists these snapshots and no others.
pub(super) fn lists_snapshots(desk: &mut Desk, names: &[&str]) {
    desk.press("r");
    let id = desk.snapshots_asked();
    let arn = |name: &str| Some(fixtures::snapshot_arn("eu-west-1", fixtures::ACCOUNT, name));
    let of = |name: &&str| Snapshot { arn: arn(name), ..snapshot(name, "orders-prod", "available") };
    let items = names.iter().map(of).collect();
    desk.say(Msg::Answered(id, Ok(Answer::Snapshots(Page { items, next: None }))));
}

#[test]
fn the_cursor_stays_on_its_snapshot_when_another_one_appears_before_it() {
    let mut desk = Desk::ready();
    desk.press("v o o");
    lists_snapshots(&mut desk, &["b", "d"]);
    desk.press("g j");
    assert_eq!(copied(&mut desk), "d");
    lists_snapshots(&mut desk, &["a", "b", "c", "d"]);
    assert_eq!(copied(&mut desk), "d");
    lists_snapshots(&mut desk, &["a", "b"]);
    assert!(["a", "b"].contains(&copied(&mut desk).as_str()), "it is gone");
}

#[test]
fn the_cursor_of_the_pane_stays_on_its_snapshot_when_a_younger_one_is_requested() {
    let mut desk = Desk::ready();
    for name in ["first", "second"] {
        let mut made = snapshot(name, "orders-prod", "creating");
        made.percent = Some(1);
        let now = desk.now.clone();
        desk.app.world.place_mut().followed.notice(&made, &now);
    }
    desk.press("tab j");
    assert_eq!(copied(&mut desk), "second");
    desk.press("tab j j s ctrl-s y esc tab");
    assert_eq!(copied(&mut desk), "second");
}

#[test]
fn the_cursor_of_a_change_stays_on_its_cluster_while_the_rows_change_places() {
    let mut desk = at_review_of_change(7);
    desk.press("y");
    let change = kept(&desk);
    desk.say(Msg::ChangeKept(change.token, Ok(())));
    let id = desk.submitted();
    // The first row is one that waits; those that are sent stand below it.
    desk.press("j");
    let name = copied(&mut desk);
    assert!(name.starts_with("billing-"), "{name}");
    desk.press("j");
    let (below, refusal) = (copied(&mut desk), Failure::local(FailureKind::QuotaExceeded, "full"));
    desk.say(Msg::Submitted(id, Outcome::Refused(refusal)));
    assert_eq!(copied(&mut desk), below);
    desk.press("g");
    assert_eq!(copied(&mut desk), name, "what was refused stands first now");
}

#[test]
fn what_is_deleted_is_not_listed_as_available_any_more_though_the_answer_says_so() {
    let seen = || Some(Box::new(snapshot("old", "orders-prod", "available")));
    for (kind, listed) in [(AlteredKind::Deleting, vec!["deleting"]), (AlteredKind::Gone, vec![])] {
        let mut desk = Desk::ready();
        lists_snapshots(&mut desk, &["old", "other"]);
        desk.press("v /");
        desk.type_text("old");
        desk.press("enter x y 1 enter");
        let id = desk.sent(|effect| match effect {
            Effect::Alter { id, .. } => Some(*id),
            _ => None,
        });
        let altered = Altered { seen: seen(), sent: 1, ..Altered::new(kind) };
        desk.say(Msg::Altered(id, Box::new(altered)));
        let known = desk.app.world.place().catalog.named("old").map(|it| it.status.as_str());
        assert_eq!(known.into_iter().collect::<Vec<_>>(), listed);
    }
}

#[test]
fn what_is_not_listed_any_more_is_told_so_on_its_pages() {
    let mut desk = Desk::ready();
    lists_snapshots(&mut desk, &["old", "other"]);
    let seen = desk.app.world.place().catalog.named("old").cloned().expect("it is listed");
    assert!(desk.app.world.place().is_listed(&seen));
    lists_snapshots(&mut desk, &["other"]);
    assert!(!desk.app.world.place().is_listed(&seen));
    let card = desk.app.world.place().evidence(&seen).to_text();
    assert!(card.contains("not listed any more; available when it was seen last"), "{card}");
}

#[test]
fn what_is_usable_leaves_the_pane_when_the_configuration_says_and_what_failed_stays() {
    for minutes in [3, 60] {
        let stay = Stay(Duration::from_mins(minutes));
        let mut desk = Desk::started(Settings { stay, ..Settings::default() }).connected();
        for (name, status) in [("good", "available"), ("bad", "failed")] {
            let now = desk.now.clone();
            let followed = &mut desk.app.world.place_mut().followed;
            followed.notice(&snapshot(name, "orders-prod", "creating"), &now);
            followed.notice(&snapshot(name, "orders-prod", status), &now);
        }
        let names = |desk: &Desk| -> Vec<String> {
            desk.app.world.place().followed.rows.iter().map(|row| row.id.clone()).collect()
        };
        desk.wait(Duration::from_secs(minutes * 60 - 1));
        assert_eq!(names(&desk), ["good", "bad"]);
        desk.wait(Duration::from_secs(2));
        assert_eq!(names(&desk), ["bad"], "after {minutes} minutes");
    }
}

fn copied(desk: &mut Desk) -> String {
    desk.press("y");
    desk.sent(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    })
}

/// What the list of clusters has after it was read anew.
fn lists_only(desk: &mut Desk, names: &[&str]) {
    desk.press("r");
    let asked = desk.clusters_asked();
    let items = names.iter().map(|name| cluster(name, "available")).collect();
    desk.say(Msg::Answered(asked, Ok(Answer::Clusters(Page { items, next: None }))));
}

#[test]
fn what_was_marked_and_is_gone_is_told_and_not_marked_any_more() {
    let mut desk = Desk::ready();
    desk.press("*");
    lists_only(&mut desk, &["orders-prod"]);
    desk.press("s");
    assert_eq!(desk.note(), "billing, busy are not listed any more, and not in the change.");
    assert_eq!(desk.app.world.marks.clusters.len(), 1);
    let mut desk = Desk::ready();
    desk.press("space");
    lists_only(&mut desk, &["busy"]);
    desk.press("s");
    assert_eq!(desk.note(), "billing is not listed any more, and not in the change.");
    assert_eq!((desk.app.focus(), desk.app.world.marks.clusters.len()), (Focus::Clusters, 0));

    for key in ["x", "t"] {
        let mut desk = Desk::ready();
        desk.press("v space r");
        let asked = desk.snapshots_asked();
        let items = vec![snapshot("another", "orders-prod", "available")];
        desk.say(Msg::Answered(asked, Ok(Answer::Snapshots(Page { items, next: None }))));
        desk.press(key);
        assert_eq!(desk.note(), "taken is not listed any more, and not marked any more.");
        assert_eq!((desk.app.focus(), desk.app.world.marks.snapshots.len()), (Focus::Snapshots, 0));
    }
}

#[test]
fn a_later_snapshot_of_the_same_name_is_not_what_was_confirmed() {
    let list = |desk: &mut Desk, ids: &[(&str, i64)]| {
        let asked = desk.snapshots_asked();
        let begun = |second| Timestamp::from_second(second).ok();
        let of = |(id, at): &(&str, i64)| Snapshot {
            created_at: begun(1_790_000_000 + *at),
            arn: Some(fixtures::snapshot_arn("eu-west-1", fixtures::ACCOUNT, id)),
            ..snapshot(id, "orders-prod", "available")
        };
        let items = ids.iter().map(of).collect();
        desk.say(Msg::Answered(asked, Ok(Answer::Snapshots(Page { items, next: None }))));
    };
    for (is_same, told) in
        [(true, ""), (false, "Nothing was deleted: what was confirmed is not the same any more. Look again.")]
    {
        let mut desk = Desk::ready();
        desk.press("v r");
        list(&mut desk, &[("last", 9000), ("nightly", 0)]);
        desk.press("/");
        desk.type_text("nightly");
        desk.press("enter x y");
        assert_eq!(desk.app.focus(), Focus::Typing, "{:?}", desk.app.ui.top());
        // Deleted and made anew by somebody, while the count is typed.
        desk.app.world.places.refresh(&desk.now);
        list(&mut desk, &[("last", 9000), ("nightly", if is_same { 0 } else { 8000 })]);
        desk.press("1 enter");
        assert_eq!(desk.note(), told);
        assert_eq!(desk.app.world.alterations.rows.len(), usize::from(is_same));
    }
}

#[test]
fn the_details_of_a_request_that_is_listed_no_more_are_not_those_of_another() {
    let mut desk = Desk::ready();
    desk.press("h");
    answer(&mut desk, Ok(Some(past(&[("2", "billing"), ("1", "orders-prod")]))));
    desk.press("enter");
    desk.say(Msg::JournalGrew);
    answer(&mut desk, Ok(Some(past(&[("3", "busy"), ("2", "billing"), ("1", "orders-prod")]))));
    assert_eq!(desk.app.focus(), Focus::Record, "it is listed still");
    desk.say(Msg::JournalGrew);
    answer(&mut desk, Ok(Some(past(&[("3", "busy"), ("1", "orders-prod")]))));
    assert_eq!(desk.app.focus(), Focus::History);
}

#[test]
fn where_there_is_room_for_a_whole_page_none_of_it_is_above() {
    let mut desk = Desk::ready();
    let wide = (200, 200);
    for keys in ["j d", "v enter", "v e", "?", "m", "h"] {
        desk.say(Msg::Resize(40, 12));
        desk.press(keys);
        if keys == "h" {
            answer(&mut desk, Ok(Some(past(&[("2", "billing")]))));
            desk.press("enter");
        }
        desk.press("G");
        let first = |desk: &Desk| match desk.app.ui.top() {
            Some(AnyScreen::Page(page)) => page.first,
            Some(AnyScreen::Help(page)) => page.first,
            Some(AnyScreen::Messages(page)) => page.first,
            Some(AnyScreen::History(page)) => page.opened.expect("it is open"),
            other => panic!("{other:?}"),
        };
        assert!(first(&desk) > 0 || keys == "m", "{keys}");
        desk.say(Msg::Resize(wide.0, wide.1));
        assert_eq!(first(&desk), 0, "{keys}");
        desk.press("esc esc");
    }
}

#[test]
fn the_cursor_of_a_choice_stays_on_its_profile_when_the_files_are_read_anew() {
    let mut desk = Desk::ready();
    let read = |desk: &mut Desk, names: &[&str]| {
        let profiles = names.iter().map(|name| profile(name)).collect();
        desk.say(Msg::Choices(Ok(Choices { profiles, ..Choices::default() })));
    };
    desk.press("p");
    read(&mut desk, &["dev", "prod"]);
    desk.press("down");
    read(&mut desk, &["audit", "dev", "prod"]);
    desk.press("enter");
    assert_eq!(desk.app.world.place().target().profile.as_deref(), Some("prod"));
}

#[test]
fn nothing_is_confirmed_where_the_review_of_it_has_no_room() {
    let is_sent = |desk: &Desk| {
        desk.effects.iter().any(|it| matches!(it, Effect::Submit { .. } | Effect::KeepChange(_)))
    };
    for keys in ["s ctrl-s", "space s C H G - 7 ctrl-s"] {
        let mut desk = Desk::ready();
        desk.press(keys);
        if keys.starts_with("space") {
            nothing_was_requested(&mut desk);
        }
        for size in [(10, 3), (20, 5), (300, 5), (20, 60)] {
            desk.say(Msg::Resize(size.0, size.1));
            desk.press("y");
            assert!(!is_sent(&desk), "{keys} {size:?}");
            assert_eq!(desk.note(), "Not sent: no room for the review here; a larger terminal shows it.");
        }
        desk.say(Msg::Resize(40, 7));
        assert_eq!(desk.note(), "", "{keys}");
        desk.press("y");
        assert!(is_sent(&desk), "{keys}");
    }
}

#[test]
fn to_delete_one_anyway_is_offered_where_its_name_would_do_it() {
    let mut desk = Desk::ready();
    let only = Snapshot {
        arn: Some(fixtures::snapshot_arn("eu-west-1", fixtures::ACCOUNT, "only")),
        ..snapshot("only", "orders-prod", "available")
    };
    let automated =
        Snapshot { kind: SnapshotKind::Automated, ..snapshot("rds:x", "orders-prod", "available") };
    desk.press("v r");
    let asked = desk.snapshots_asked();
    let items = vec![only, automated];
    desk.say(Msg::Answered(asked, Ok(Answer::Snapshots(Page { items, next: None }))));
    desk.press("* x");
    let offered: Vec<bool> = (0..2)
        .map(|_| {
            let is_offered = desk.app.ui.screen().offers(Action::SayName);
            desk.press("j");
            is_offered
        })
        .collect();
    assert_eq!(offered, [true, false]);
}
