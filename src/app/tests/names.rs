//! What has the name of a snapshot that was requested, or followed: it is in the list, and followed while it is made.

use std::time::Duration;

use jiff::Timestamp;

use crate::domain::listing::Listing;
use crate::domain::outcome::Outcome;
use crate::domain::snapshot::Snapshot;
use crate::fixtures::{ACCOUNT, snapshot_arn};

use super::super::effect::Effect;
use super::super::message::Msg;
use super::super::question::{Answer, Question};
use super::desk::{Desk, created, snapshot};

const NAME: &str = "orders-prod-20261123-0158";

/// The snapshot of the name that was begun at a second.
fn begun(second: i64, status: &str) -> Snapshot {
    Snapshot {
        created_at: Timestamp::from_second(1_795_000_000 + second).ok(),
        arn: Some(snapshot_arn("eu-west-1", ACCOUNT, NAME)),
        ..snapshot(NAME, "orders-prod", status)
    }
}

/// A request for the name, on its way.
fn requested() -> (Desk, super::RequestId) {
    let mut desk = Desk::ready();
    desk.press("j j s ctrl-s y");
    let id = desk.submitted();
    (desk, id)
}

#[test]
fn what_took_the_name_is_followed_while_it_is_made() {
    let (mut desk, id) = requested();
    let by = Some(Box::new(begun(0, "creating")));
    desk.say(Msg::Submitted(id, Outcome::Taken { by, failure: None }));
    let rows = &desk.app.world.place().followed.rows;
    let told: Vec<_> = rows.iter().map(|row| (row.id.as_str(), row.submission, row.is_open())).collect();
    assert_eq!(told, [(NAME, None, true)], "the pane says that nothing is in progress");
}

#[test]
fn what_took_the_name_of_one_that_was_deleted_stands_in_its_place() {
    let (mut desk, id) = requested();
    desk.say(Msg::Submitted(id, created(NAME)));
    for (listed, told) in
        [(begun(0, "available"), "available"), (begun(60, "creating"), "another snapshot has its name")]
    {
        desk.wait(Duration::from_mins(5));
        let poll = desk.asked(|effect| match effect {
            Effect::Ask(id, Question::Followed(_)) => Some(*id),
            _ => None,
        });
        desk.say(Msg::Answered(poll, Ok(Answer::Followed(Listing::answered(vec![listed], None)))));
        assert!(desk.note().contains(told), "{}", desk.note());
    }
    let place = desk.app.world.place();
    let in_list = place.catalog.named(NAME).map(|it| it.status.to_string());
    assert_eq!(in_list.as_deref(), Some("creating"), "the later one is in the list");
    let open: Vec<_> =
        place.followed.rows.iter().map(|row| (row.submission.is_some(), row.is_open())).collect();
    assert_eq!(open, [(true, false), (false, true)], "the later one is followed, and nobody's request here");
}
