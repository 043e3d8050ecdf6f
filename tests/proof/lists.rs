//! Lists whose pages do not end, or say the same again.

use std::collections::HashSet;
use std::time::Duration;

use super::support::proxy::{Asked, Back, Proxy, Road};
use super::world::*;

/// What is wrong with the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pages {
    /// Each leads to a further one, and all are the first.
    EverNew,
    /// The same, with rows that no other page has.
    EverNewRows,
    /// Three pages that are the same.
    Repeated,
}

fn served(pages: Pages, action: &'static str) -> impl Fn(&Asked, &Road) -> Back {
    move |asked, road| {
        let is_listed = asked.action == action && asked.field("DBClusterSnapshotIdentifier").is_none();
        if !is_listed {
            return honest(asked, road);
        }
        let answer = road.pass(asked);
        let answer = match pages {
            Pages::EverNewRows if action == CLUSTERS => {
                answer.with("Identifier>slow<", &format!("Identifier>slow-{}<", asked.nth))
            }
            Pages::EverNewRows => answer.with("Identifier>old<", &format!("Identifier>old-{}<", asked.nth)),
            _ => answer,
        };
        if pages == Pages::Repeated && asked.nth >= 3 {
            return Back::Answer(answer);
        }
        let result = format!("<{action}Result>");
        let marked = format!("{result}<Marker>page-{}</Marker>", asked.nth);
        Back::Answer(answer.with(&result, &marked))
    }
}

/// The simulator ignores no marker, so the pages are made of first ones.
fn without_marker(meddle: impl Fn(&Asked, &Road) -> Back) -> impl Fn(&Asked, &Road) -> Back {
    move |asked, road| meddle(&asked.without("Marker"), road)
}

#[test]
fn a_list_ends_and_has_each_thing_once() {
    let fleet = "[[cluster]]\nidentifier = \"slow\"\nengine = \"mysql\"\n\
                 snapshot = [{ identifier = \"old\", age = \"5m\" }]\n\
                 [[cluster]]\nidentifier = \"orders\"\nengine = \"mysql\"\n";
    let sim = Sim::of(fleet, &[]);
    let commands = [
        ("list --json", CLUSTERS),
        ("snapshots --json", LOOK_UP),
        ("snapshots slow --json", LOOK_UP),
        ("watch --json", LOOK_UP),
    ];
    let kinds = [Pages::EverNew, Pages::EverNewRows, Pages::Repeated];
    let cases = kinds.into_iter().flat_map(|pages| commands.map(|(words, action)| (pages, words, action)));
    side_by_side(cases, |(pages, words, action)| {
        let proxy = Proxy::start(&sim.url, without_marker(served(pages, action)));
        let desk = Desk::new(&proxy.url);
        let mut running = desk.start(words);
        assert!(running.ends_in(Duration::from_mins(1)), "it does not end");
        let told = running.told();
        if words.starts_with("watch") && told.code == Some(0) {
            return;
        }
        let envelope = told.envelope();
        if pages == Pages::Repeated || told.code == Some(0) {
            assert_eq!(told.code, Some(0), "{told}");
            let ids: Vec<&str> =
                envelope["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect();
            let once: HashSet<&str> = ids.iter().copied().collect();
            assert_eq!(ids.len(), once.len(), "{words}: {ids:?}");
        }
        assert!(
            pages != Pages::EverNewRows || told.code != Some(0),
            "a list without an end has none: {told}"
        );
    });
}
