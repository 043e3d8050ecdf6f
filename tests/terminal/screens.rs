//! Screens that hold much, with the real binary: the snapshots of a Region, details beside the list, fifty
//! tags.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::{ClusterSpec, Fleet};
use serde_json::Value;

use super::END;
use super::pty::{Session, clustersnap_at};
use super::support::cases::side_by_side;
use super::support::servers::{Served, simulated};

/// A service with a fleet, and the program on it.
struct Desk {
    session: Session,
    _served: Served,
    _home: tempfile::TempDir,
}

fn start(fleet: Fleet, (columns, rows): (u16, u16)) -> Desk {
    let home = tempfile::tempdir().expect("a folder");
    let (_, served) = simulated(fleet, FaultScript::default(), 1.0);
    let command = clustersnap_at(&served.url, home.path(), &[]);
    let session = Session::start(command, columns, rows);
    Desk { session, _served: served, _home: home }
}

/// What was last sent to the clipboard.
fn copied(session: &Session) -> String {
    let bytes = String::from_utf8_lossy(&session.since(0)).into_owned();
    let (_, last) = bytes.rsplit_once("\x1b]52;c;").expect("something was copied");
    let (base64, _) = last.split_once('\x07').expect("the sequence ends");
    String::from_utf8(decoded(base64)).expect("text")
}

fn decoded(base64: &str) -> Vec<u8> {
    let value = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let sextets: Vec<u8> = base64.bytes().filter(|c| *c != b'=').map(value).collect();
    let bits = |group: &[u8]| group.iter().fold(0_u32, |bits, six| bits << 6 | u32::from(*six));
    sextets
        .chunks(4)
        .flat_map(|group| {
            let bytes = (bits(group) << (6 * (4 - group.len()))).to_be_bytes();
            bytes[1..group.len()].to_vec()
        })
        .collect()
}

#[test]
fn the_snapshots_of_the_region_are_listed_sorted_filtered_opened_and_copied_as_evidence() {
    let mut desk = start(Fleet::demo(), (120, 40));
    let session = &mut desk.session;
    session.wait_for("orders-prod");
    session.send("v");
    session.wait_for("Snapshots  35, 1 FAILED: 27 automated");
    session.wait_for("newest first");
    session.send("o");
    session.wait_for("oldest first");
    session.wait_until("the oldest under the cursor", |screen| {
        screen.contents().lines().any(|line| line.contains('▌') && line.contains("93 d ago"))
    });
    session.send("/legacy failed");
    session.wait_for("1 of ");
    session.send("\r\r");
    session.wait_for("Snapshot  legacy-crm-20261120");
    session.wait_for("Status          failed");
    for member in ["ARN", "Resource id", "Storage type", "Encryption", "AZs", "VPC", "License model", "Tags"]
    {
        assert!(session.screen().contains(member), "{member} in:\n{}", session.screen());
    }
    session.send("e");
    session.wait_for("Evidence  legacy-crm-20261120");
    session.send("y");
    session.wait_for("as text");
    session.settle(Duration::from_millis(200));
    let text = copied(session);
    assert!(
        text.contains("Snapshot:        legacy-crm-20261120\n")
            && text.contains("Requested by:    not known (not in this machine's journal)"),
        "{text}"
    );
    session.send("Y");
    session.wait_for("as JSON");
    session.settle(Duration::from_millis(200));
    let json: Value = serde_json::from_str(&copied(session)).expect("JSON");
    assert_eq!(json["snapshot"], "legacy-crm-20261120");
    assert!(json["arn"].as_str().is_some_and(|arn| arn.starts_with("arn:aws:rds:eu-west-1:")), "{json}");
    session.send("\x1b");
    session.wait_for("Snapshot  legacy-crm-20261120");
    session.send("\x1b");
    session.wait_for("1 of ");
    session.send("q");
    session.wait_for("q quit");
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
}

#[test]
fn details_stand_beside_the_list_where_its_names_stay_whole_and_follow_the_cursor() {
    for (size, is_beside) in
        [((150, 34), true), ((200, 50), true), ((120, 40), false), ((100, 40), false), ((150, 24), false)]
    {
        let Desk { session, .. } = &mut start(Fleet::demo(), size);
        session.wait_for("orders-reporting");
        session.wait_for("warehouse");
        for cluster in ["accounts-eu", "billing", "checkout-prod"] {
            session.wait_until(&format!("{cluster} at {size:?}, details beside: {is_beside}"), |screen| {
                let contents = screen.contents();
                let has_details = contents.contains(&format!("DB cluster  {cluster}"));
                let cursor = contents.lines().any(|line| line.contains('▌') && line.contains(cluster));
                cursor && has_details == is_beside
            });
            session.send("j");
        }
    }
}

#[test]
fn long_names_that_differ_at_their_ends_can_be_told_apart_at_every_width() {
    let name = |end: &str| format!("acme-production-orders-aurora-postgresql-writer-eu-west-1-{end}");
    let clusters: Vec<ClusterSpec> =
        ["a01", "a02"].map(|end| ClusterSpec::new(&name(end), "aurora-postgresql", "16.4")).into();
    for size in [(40, 12), (80, 24), (120, 40), (140, 40), (200, 40)] {
        let fleet = Fleet { clusters: clusters.clone(), ..Fleet::default() };
        let Desk { session, .. } = &mut start(fleet, size);
        session.wait_until(&format!("both ends at {size:?}"), |screen| {
            let contents = screen.contents();
            contents.contains("-a01") && contents.contains("-a02")
        });
    }
}

#[test]
fn fifty_tags_are_pasted_walked_through_and_reviewed_on_every_terminal() {
    // The mark of the request is the fiftieth.
    let tags: Vec<String> = (1..=49).map(|n| format!("key-{n:02}=value-{n:02}")).collect();
    let all: BTreeSet<String> = (1..=49).map(|n| format!("key-{n:02}")).collect();
    let mut fleet = Fleet::demo();
    fleet.clusters.retain(|cluster| cluster.identifier == "orders-prod");
    fleet.clusters[0].tags.clear();
    side_by_side([(80, 24), (40, 10), (120, 40)], |size| {
        let Desk { session, .. } = &mut start(fleet.clone(), size);
        session.wait_for("orders-prod");
        session.send("s");
        session.wait_for("New snapshot of");
        session.send(&format!("\x0e\x1b[200~{}\x1b[201~", tags.join("\r")));
        session.wait_for("50/50");
        assert_eq!(walk(session, "\x1b[A", &all), all, "in the form at {size:?}");
        session.send("\x13");
        session.wait_for("Review");
        assert_eq!(walk(session, "j", &all), all, "in the review at {size:?}");
        session.send("\x03");
        assert_eq!(session.wait_for_end(END), 0);
    });
}

/// Walks from row to row until all keys of tags were seen, or for 200 rows; those that were seen.
fn walk(session: &mut Session, key: &str, all: &BTreeSet<String>) -> BTreeSet<String> {
    let mut seen = BTreeSet::from_iter(keys_on(session));
    for _ in 0..200 {
        if seen == *all {
            break;
        }
        let (before, since) = (session.screen(), Instant::now());
        session.send(key);
        // The next key comes once the frame of this one is there: of two in one frame, a row would never be seen.
        while session.screen() == before && since.elapsed() < Duration::from_secs(2) {
            std::thread::sleep(Duration::from_millis(2));
        }
        seen.extend(keys_on(session));
    }
    seen
}

fn keys_on(session: &Session) -> Vec<String> {
    let screen = session.screen();
    let words = screen.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    words.filter(|word| word.len() == 6 && word.starts_with("key-")).map(str::to_owned).collect()
}
