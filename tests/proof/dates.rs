//! Dates that no clock shows: no command ends without its envelope.

use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::truth::{holds_true, truth};
use super::world::*;

const DATES: [&str; 6] = [
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Mon, 01 Jan 0001 00:00:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Sat, 01 Jan 99999 00:00:00 GMT",
    "yesterday",
    "",
];

fn dated(date: &'static str, action: &'static str) -> impl Fn(&Asked, &Road) -> Back {
    move |asked, road| {
        let answer = road.pass(asked);
        let is_meant = action == "*" || asked.action == action;
        Back::Answer(if is_meant { answer.dated(date) } else { answer })
    }
}

#[test]
fn whatever_date_an_answer_has_a_create_is_told_truly() {
    let sim = Sim::start();
    let cases =
        DATES.iter().flat_map(|date| [CALLER, CLUSTERS, LOOK_UP, CREATE, "*"].map(|action| (*date, action)));
    side_by_side(cases, |(date, action)| {
        let proxy = Proxy::start(&sim.url, dated(date, action));
        let desk = Desk::new(&proxy.url);
        let index = DATES.iter().position(|other| *other == date).unwrap();
        let name = format!("date-{index}-{}", action.to_lowercase().replace('*', "all"));
        let told = desk.run(&format!("create orders --name {name} --json"));
        assert_ne!(told.code, Some(101), "{told}");
        holds_true(&told, truth(&proxy, &sim.url, &name));
        assert!(!told.words().contains("panic"), "{told}");
    });
}

#[test]
fn whatever_date_an_answer_has_every_command_ends_with_its_envelope() {
    let sim = Sim::start();
    Desk::new(&sim.url).run("create orders --name dated --json");
    let commands = ["list --json", "snapshots --json", "watch dated --json"];
    let cases = DATES.iter().flat_map(|date| commands.map(|words| (*date, words)));
    side_by_side(cases, |(date, words)| {
        let proxy = Proxy::start(&sim.url, dated(date, "*"));
        let told = Desk::new(&proxy.url).run(words);
        told.envelope();
        assert_eq!(told.code, Some(0), "{told}");
    });
}

/// The first answer to each action says that the service is not available, and has that date: whoever asks again
/// takes the service's clock from it.
fn first_unavailable(date: &'static str, status: u16, code: &'static str) -> impl Fn(&Asked, &Road) -> Back {
    move |asked, road| {
        let is_first = asked.nth == 1 && !asked.creates();
        let unavailable = || Answer::refusal(status, code, "try later");
        let answer = if is_first { unavailable() } else { road.pass(asked) };
        Back::Answer(answer.dated(date))
    }
}

#[test]
fn whatever_date_a_passing_failure_has_what_is_asked_again_is_answered() {
    let sim = Sim::start();
    Desk::new(&sim.url).run("create orders --name asked-again --json");
    for (status, code) in [(503, "ServiceUnavailable"), (400, "Throttling"), (500, "InternalFailure")] {
        side_by_side(DATES, |date| {
            let proxy = Proxy::start(&sim.url, first_unavailable(date, status, code));
            let told = Desk::new(&proxy.url).run("watch asked-again --json");
            assert_ne!(told.code, Some(101), "{told}");
            assert_eq!(told.code, Some(0), "{told}");
            told.envelope();
            let name = format!("after-{status}-{}", DATES.iter().position(|other| *other == date).unwrap());
            let proxy = Proxy::start(&sim.url, first_unavailable(date, status, code));
            let told = Desk::new(&proxy.url).run(&format!("create orders --name {name} --json"));
            assert_ne!(told.code, Some(101), "{told}");
            holds_true(&told, truth(&proxy, &sim.url, &name));
            assert_eq!(told.outcome().as_deref(), Some("created"), "{told}");
        });
    }
}
