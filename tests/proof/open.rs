//! Requests that were left open, and what is asked while they are; and requests that are ended under way.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::support::query::snapshots;
use super::truth::{holds_true, truth};
use super::world::*;

/// Holds back the answer to a create, which the service carries out, or not.
fn held(happens: bool) -> impl Fn(&Asked, &Road) -> Back {
    move |asked, road| {
        if !asked.creates() {
            return honest(asked, road);
        }
        if happens {
            road.pass(asked);
        }
        std::thread::sleep(Duration::from_mins(1));
        Back::Nothing
    }
}

/// A desk at which a create was killed while its answer was held back.
fn killed(service: &str, name: &str, happens: bool) -> (Desk, Proxy) {
    let proxy = Proxy::start(service, held(happens));
    let desk = Desk::new(&proxy.url);
    let mut running = desk.start(&format!("create orders --name {name} --json"));
    let is_on_its_way = |_: &Running| if happens { proxy.made(name) > 0 } else { proxy.arrived(CREATE) > 0 };
    assert!(!running.ends_before(Duration::from_secs(20), is_on_its_way), "it ended by itself");
    running.kill();
    proxy.now(honest);
    (desk, proxy)
}

#[test]
fn the_same_request_again_settles_the_open_one_and_sends_nothing() {
    let sim = Sim::start();
    for (service, kind) in [(sim.url.clone(), "sim"), (moto(), "moto")] {
        side_by_side([("again-made", true), ("again-not-made", false)], |(name, happens)| {
            let name = format!("{name}-{kind}");
            let (desk, proxy) = killed(&service, &name, happens);
            let looked = proxy.arrived(LOOK_UP);
            let running = desk.start(&format!("create orders --name {name} --json"));
            let told = running.ends_or_is_told_to(|_| proxy.arrived(LOOK_UP) > looked + 3);
            assert_eq!(proxy.creates(&name).len(), 1, "sent again: {told}");
            holds_true(&told, truth(&proxy, &service, &name));
            let word = if happens { "found_again" } else { "unknown" };
            assert_eq!(told.outcome().unwrap_or("unknown".to_owned()), word, "{told}");
        });
    }
}

#[test]
fn an_open_request_of_the_cluster_or_the_name_is_told_before_anything_else() {
    let sim = Sim::start();
    let cases = [
        ("other-name", "create orders --name other-name-2 --json"),
        ("proposed-name", "create orders --json"),
        ("dry-other-name", "create orders --name dry-2 --dry-run --json"),
        ("dry-same-name", "create orders --name dry-same-name --dry-run --json"),
        ("other-cluster", "create billing --name other-cluster --json"),
        ("dry-other-cluster", "create billing --name dry-other-cluster --dry-run --json"),
    ];
    side_by_side(cases, |(name, words)| {
        let (desk, proxy) = killed(&sim.url, name, false);
        let looked = proxy.arrived(LOOK_UP);
        let told = desk.start(words).ends_or_is_told_to(|_| proxy.arrived(LOOK_UP) > looked + 3);
        assert!(told.words().contains(name), "{told}");
        let words = told.words();
        let is_told =
            ["open", "not known", "unknown", "earlier request"].iter().any(|word| words.contains(word));
        assert!(is_told, "nothing is said of the open request: {told}");
        assert_eq!(proxy.creates(name).len(), 1, "the name was sent again: {told}");
    });
}

#[test]
fn a_name_that_is_open_for_one_cluster_is_not_claimed_for_another() {
    let sim = Sim::start();
    let (desk, proxy) = killed(&sim.url, "of-two", true);
    let looked = proxy.arrived(LOOK_UP);
    let running = desk.start("create billing --name of-two --json");
    let told = running.ends_or_is_told_to(|_| proxy.arrived(LOOK_UP) > looked + 3);
    assert_ne!(told.code, Some(0), "{told}");
    assert_eq!(proxy.creates("of-two").len(), 1, "{told}");
}

/// How the endpoints of two programs on one machine are written, and whether they mark their requests.
#[derive(Clone, Copy, Debug)]
struct Rivals(&'static str, &'static str, bool);

#[test]
fn of_two_requests_on_one_machine_at_most_the_one_that_made_it_claims_the_snapshot() {
    let service = moto();
    let rivals = [
        Rivals("127.0.0.1", "localhost", true),
        Rivals("127.0.0.1", "localhost", false),
        Rivals("[::1]", "127.0.0.1", true),
        Rivals("localhost", "[::1]", false),
        Rivals("127.0.0.1", "127.0.0.1", false),
    ];
    let numbered: Vec<(usize, Rivals)> = rivals.into_iter().enumerate().collect();
    side_by_side(numbered, |(index, Rivals(first, second, is_marked))| {
        let name = format!("rivals-{index}");
        // Both look the name up before either sends; the first create never comes to the service, the second
        // does, and neither is answered.
        let (looking, sent) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let proxies = [(first, false), (second, true)].map(|(host, happens)| {
            let (looking, sent) = (Arc::clone(&looking), Arc::clone(&sent));
            let address: std::net::IpAddr = match host {
                "[::1]" => std::net::Ipv6Addr::LOCALHOST.into(),
                _ => std::net::Ipv4Addr::LOCALHOST.into(),
            };
            let mut proxy = Proxy::at(address, &service, move |asked: &Asked, road: &Road| {
                if asked.action == LOOK_UP && asked.nth == 1 {
                    both(&looking);
                }
                if !asked.creates() {
                    return honest(asked, road);
                }
                if happens {
                    road.pass(asked);
                }
                both(&sent);
                Back::Nothing
            });
            proxy.url = proxy.url.replace("127.0.0.1", host);
            proxy
        });
        let [one, other] = &proxies;
        let mut desk = Desk::new(&one.url);
        if !is_marked {
            desk = desk.without_marks();
        }
        let words = format!("create orders --name {name} --no-cluster-tags --tag a=b --json");
        let first = desk.start(&words);
        desk.url.clone_from(&other.url);
        let second = desk.start(&words);
        let looked = |proxy: &Proxy| proxy.arrived(LOOK_UP) > 3;
        let first = std::thread::scope(|scope| {
            let waiting = scope.spawn(|| second.ends_or_is_told_to(|_| looked(other)));
            [first.ends_or_is_told_to(|_| looked(one)), waiting.join().unwrap()]
        });
        for (told, proxy) in first.iter().zip(&proxies) {
            holds_true(told, truth(proxy, &service, &name));
        }
        let successes = first.iter().filter(|told| told.code == Some(0)).count();
        assert!(successes <= 1, "both claim it: {}\n{}", first[0], first[1]);
    });
}

/// Waits until both have come here, or for a while if the other does not.
fn both(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::SeqCst);
    let deadline = Instant::now() + Duration::from_secs(3);
    while count.load(Ordering::SeqCst) < 2 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn interrupted_after_a_refusal_nobody_is_told_that_nothing_was_sent() {
    let sim = Sim::start();
    let cases = [
        ("busy-int", Signal::INT, "--when-available --json"),
        ("busy-term", Signal::TERM, "--when-available --json"),
        ("busy-plain", Signal::INT, "--when-available"),
    ];
    side_by_side(cases, |(name, signal, options)| {
        let proxy = Proxy::start(&sim.url, |asked: &Asked, road: &Road| {
            let busy = "the database cluster orders isn't currently in the available state.";
            if asked.creates() {
                return Back::Answer(Answer::refusal(400, "InvalidDBClusterStateFault", busy));
            }
            honest(asked, road)
        });
        let desk = Desk::new(&proxy.url);
        let mut running = desk.start(&format!("create orders --name {name} {options}"));
        // Once it waits on, or looks whether a copy was carried out.
        let mut since = None;
        running.ends_before(Duration::from_secs(20), |running| {
            if since.is_none() && proxy.arrived(CREATE) > 0 {
                since = Some(Instant::now());
            }
            running.err().contains("Waiting on") || since.is_some_and(|at| at.elapsed().as_secs() > 8)
        });
        running.signal(signal);
        let told = running.ends_or_is_told_to(|_| false);
        assert!(proxy.arrived(CREATE) > 0);
        let words = told.words().replace("nothing was sent again", "");
        assert!(!words.contains("nothing was sent"), "{told}");
        assert_eq!(told.code, Some(130), "{told}");
        assert!(!desk.words(name).contains(&"not_created".to_owned()), "{:?}", desk.words(name));
        assert!(snapshots(&sim.url).iter().all(|snapshot| snapshot.name != name));
    });
}
