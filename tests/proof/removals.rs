//! Deletions whose request or answer goes wrong on the way, and a new snapshot that takes the name: what `delete`
//! says is held against what the service then has, and no snapshot goes but the one that was shown.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use super::altered::*;
use super::mishaps::*;
use super::support::clock::hurried;
use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::support::query::{Listed, create, delete, tag};
use super::support::servers::Moto;
use super::support::venv::Venv;
use super::world::*;

/// A fleet with an old snapshot of each case, and one that is never meant.
fn fleet(settings: &str, names: &[&str]) -> String {
    let clusters = ["orders", "instant"].map(|cluster| {
        let takes = if cluster == "orders" { "10h" } else { "0s" };
        format!(
            "[[cluster]]\nidentifier = \"{cluster}\"\nengine = \"aurora-postgresql\"\nsnapshot_takes = \"{takes}\"\n"
        )
    });
    let snapshot = |name: &str, days: u32| {
        format!("[[cluster.snapshot]]\nidentifier = \"{name}\"\nkind = \"manual\"\nage = \"{days}d\"\n")
    };
    let snapshots: String = names.iter().map(|name| snapshot(name, 100)).collect();
    let [orders, instant] = clusters;
    format!("{settings}\nsnapshot_quota = 1000\n{instant}{orders}{}{snapshots}", snapshot("keep", 1))
}

/// What is done to the deletion; everything else is passed on.
fn at_the_deletion(asked: &Asked, road: &Road, it: impl Fn() -> Back) -> Back {
    if asked.action == DELETE { it() } else { honest(asked, road) }
}

/// The deletion is carried out, and this comes back.
fn done_and(asked: &Asked, road: &Road, back: impl Fn(Answer) -> Back) -> Back {
    at_the_deletion(asked, road, || back(road.pass(asked)))
}

/// The deletion does not come to the service, and this comes back.
fn lost_and(asked: &Asked, road: &Road, back: impl Fn() -> Back) -> Back {
    at_the_deletion(asked, road, back)
}

/// Only the first deletion is answered so; what follows is passed on.
fn first_and(asked: &Asked, road: &Road, answer: &Answer) -> Back {
    if asked.nth > 1 { honest(asked, road) } else { lost_and(asked, road, || Back::Answer(answer.clone())) }
}

fn half(answer: &Answer) -> Back {
    let text = answer.text();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", text.len());
    Back::Bytes([head.as_bytes(), &text.as_bytes()[..text.len() / 2]].concat())
}

fn missing() -> Answer {
    Answer::refusal(404, "DBClusterSnapshotNotFoundFault", "DBClusterSnapshot not found")
}

fn busy() -> Answer {
    Answer::refusal(400, "InvalidDBClusterSnapshotStateFault", "it is not in the available state")
}

fn expired() -> Answer {
    Answer::refusal(403, "ExpiredToken", "The security token included in the request is expired")
}

/// Somebody deletes what has the name, and makes another of it.
fn replace(road: &Road, cluster: &str, name: &str) {
    delete(road.upstream(), name);
    create(road.upstream(), cluster, name, &[]);
}

const CASES: &[Case] = &[
    ("honest", honest, "deleting", 1),
    ("slow-answer", |asked, road| done_and(asked, road, |answer| wait(answer, 3)), "deleting", 1),
    ("lost-done", |asked, road| done_and(asked, road, |_| Back::Nothing), "open", 1),
    ("lost-undone", |asked, road| lost_and(asked, road, || Back::Nothing), "open", 1),
    ("cut-off-done", |asked, road| done_and(asked, road, |answer| half(&answer)), "open", 1),
    ("login-done", |asked, road| done_and(asked, road, |_| Back::Answer(login())), "open", 1),
    ("login-undone", |asked, road| lost_and(asked, road, || Back::Answer(login())), "open", 1),
    ("garbage-done", |asked, road| done_and(asked, road, |_| Back::Bytes(vec![0xff; 400])), "open", 1),
    ("internal-done", |asked, road| done_and(asked, road, |_| Back::Answer(internal())), "open", 1),
    ("internal-undone", |asked, road| lost_and(asked, road, || Back::Answer(internal())), "open", 1),
    ("gateway-done", |asked, road| done_and(asked, road, |_| Back::Answer(page("504"))), "open", 1),
    ("gateway-undone", |asked, road| lost_and(asked, road, || Back::Answer(page("502"))), "open", 1),
    ("throttled-once", |asked, road| first_and(asked, road, &throttle()), "deleting", 2),
    ("throttled-done", |asked, road| done_and(asked, road, |_| Back::Answer(throttle())), "open", 1),
    ("missing-done", |asked, road| done_and(asked, road, |_| Back::Answer(missing())), "gone", 1),
    ("missing-undone", |asked, road| lost_and(asked, road, || Back::Answer(missing())), "open", 1),
    ("busy-done", |asked, road| done_and(asked, road, |_| Back::Answer(busy())), "open", 1),
    ("busy-undone", |asked, road| lost_and(asked, road, || Back::Answer(busy())), "refused", 1),
    ("expired-done", |asked, road| done_and(asked, road, |_| Back::Answer(expired())), "open", 1),
    ("expired-undone", |asked, road| lost_and(asked, road, || Back::Answer(expired())), "refused", 1),
    ("denied-done", |asked, road| done_and(asked, road, |_| Back::Answer(denied(DELETE))), "open", 1),
    ("denied-undone", |asked, road| lost_and(asked, road, || Back::Answer(denied(DELETE))), "refused", 1),
    ("delivered-twice", twice, "gone", 1),
    ("deleted-before", deleted_before_the_look, "not_done", 0),
    ("kept-before", kept_before_the_look, "not_done", 0),
    ("look-fails", |asked, road| look_and(asked, road, |_| Back::Answer(page("503"))), "not_done", 0),
    ("replaced-before", |asked, road| replaced_before_the_look("orders", asked, road), "replaced", 0),
    ("replaced-available", |asked, road| replaced_before_the_look("instant", asked, road), "replaced", 0),
    ("replaced-at-retry", replaced_at_the_retry, "replaced", 1),
    ("replaced-in-between", replaced_after_the_look, "replaced", 1),
    ("replaced-after", replaced_after_the_request, "replaced", 1),
    ("replaced-lost", replaced_instead, "replaced", 1),
    ("instant-in-between", replaced_by_one_that_is_available, "another", 1),
];

fn wait(answer: Answer, seconds: u64) -> Back {
    std::thread::sleep(Duration::from_secs(seconds));
    Back::Answer(answer)
}

fn page(status: &str) -> Answer {
    Answer::page(&format!("{status} Bad"), "<html>no answer from the service</html>")
}

fn look_and(asked: &Asked, road: &Road, back: impl Fn(&Asked) -> Back) -> Back {
    if is_look(asked) { back(asked) } else { honest(asked, road) }
}

fn twice(asked: &Asked, road: &Road) -> Back {
    at_the_deletion(asked, road, || {
        road.pass(asked);
        Back::Answer(road.pass(asked))
    })
}

fn deleted_before_the_look(asked: &Asked, road: &Road) -> Back {
    if is_look(asked) && listed(road.upstream(), asked.snapshot()).is_some() {
        delete(road.upstream(), asked.snapshot());
    }
    honest(asked, road)
}

fn kept_before_the_look(asked: &Asked, road: &Road) -> Back {
    if is_look(asked) {
        tag(road.upstream(), asked.snapshot(), &[("keep-until", "2999-12-31")]);
    }
    honest(asked, road)
}

/// The new one is being created at the look, or available already.
fn replaced_before_the_look(cluster: &str, asked: &Asked, road: &Road) -> Back {
    if is_look(asked) && listed(road.upstream(), asked.snapshot()).is_some_and(|it| is_old(&it)) {
        replace(road, cluster, asked.snapshot());
    }
    honest(asked, road)
}

/// Whether it is the one that was there from the beginning: those of tests are of today.
fn is_old(snapshot: &Listed) -> bool {
    let created: Timestamp = snapshot.created.parse().unwrap();
    Timestamp::now().duration_since(created) > SignedDuration::from_hours(24)
}

fn replaced_at_the_retry(asked: &Asked, road: &Road) -> Back {
    at_the_deletion(asked, road, || {
        replace(road, "orders", asked.snapshot());
        Back::Answer(throttle())
    })
}

fn replaced_after_the_look(asked: &Asked, road: &Road) -> Back {
    if asked.action == DELETE {
        replace(road, "orders", asked.snapshot());
    }
    honest(asked, road)
}

fn replaced_after_the_request(asked: &Asked, road: &Road) -> Back {
    done_and(asked, road, |_| {
        create(road.upstream(), "orders", asked.snapshot(), &[]);
        Back::Nothing
    })
}

fn replaced_instead(asked: &Asked, road: &Road) -> Back {
    at_the_deletion(asked, road, || {
        replace(road, "orders", asked.snapshot());
        Back::Nothing
    })
}

/// What no look can keep from happening: the new one is there, available, when the request arrives.
fn replaced_by_one_that_is_available(asked: &Asked, road: &Road) -> Back {
    if asked.action == DELETE {
        replace(road, "instant", asked.snapshot());
    }
    honest(asked, road)
}

/// Deletes at a desk. What is not said after four looks that follow the request is not known: then it is told to
/// end.
fn told(desk: &Desk, proxy: &Proxy, name: &str) -> Told {
    let mut looks_before = None;
    desk.start(&format!("delete {name} --yes 1 --json")).ends_or_is_told_to(|_| {
        let looks = proxy.asked(LOOK_UP, name).len();
        if looks_before.is_none() && !proxy.asked(DELETE, name).is_empty() {
            looks_before = Some(looks);
        }
        looks_before.is_some_and(|before| looks > before + 3)
    })
}

#[test]
fn whatever_becomes_of_a_deletion_or_its_answer_each_word_is_so_and_no_other_snapshot_goes() {
    let sim = Sim::of(&fleet("", &names(CASES)), &[]);
    each_case(CASES, &sim.url, |mishap| {
        let told = told(&mishap.desk, &mishap.proxy, mishap.name);
        let fate = mishap.fate(&[DELETE]);
        deletion_holds_true(&told, &mishap.desk, mishap.name, &fate);
        mishap.ends_as_expected(&told, &fate);
        // A new one of the name went only where nothing could have told.
        let is_made_anew = mishap.name.starts_with("replaced");
        assert_eq!(fate.has_other, is_made_anew, "{fate:?}\n{told}");
        if mishap.expected == "open" {
            a_later_command_settles_it(&mishap.desk, &mishap.proxy, mishap.name, fate.itself.is_none());
        }
    });
    assert!(listed(&sim.url, "keep").is_some());
}

/// Once the request is too old to take effect, it is known that it was not done; or that it was, once looks have missed
/// it for long enough. Nothing is sent again.
fn a_later_command_settles_it(desk: &Desk, proxy: &Proxy, name: &str, is_done: bool) {
    proxy.now(honest);
    if is_done {
        looks_until_gone(desk, name);
    } else {
        desk.ages(SignedDuration::from_mins(21));
        let later = desk.run(&format!("delete {name} --dry-run"));
        let said = format!("{name}: not done: no clear answer came, the request is too old to take effect");
        assert!(later.words().contains(&said), "{later}");
        assert_eq!(desk.words(name).last().map(String::as_str), Some("not_done"), "{later}");
    }
    assert_eq!(proxy.asked(DELETE, name).len(), 1);
}

/// Looks of later commands, minutes apart: the third at the latest tells that it is gone.
fn looks_until_gone(desk: &Desk, name: &str) {
    for _ in 0..3 {
        desk.ages(SignedDuration::from_mins(3));
        let looked = desk.run("delete keep --dry-run");
        if looked.words().contains(&format!("{name}: it is not there any more")) {
            break;
        }
        assert!(looked.words().contains(&format!("{name}: not known yet")), "{looked}");
    }
    assert_eq!(desk.words(name).last().map(String::as_str), Some("gone"));
}

#[test]
fn a_deletion_that_takes_its_time_is_known_by_its_status() {
    let names = ["lost", "twice", "throttled"];
    let sim = Sim::of(&fleet("delete_takes = \"1h\"", &names), &[]);
    side_by_side(names, |name| {
        let before = listed(&sim.url, name).unwrap();
        let proxy = Proxy::start(&sim.url, move |asked: &Asked, road: &Road| match name {
            "lost" => done_and(asked, road, |_| Back::Nothing),
            "twice" => twice(asked, road),
            _ => done_and(asked, road, |_| Back::Answer(throttle())),
        });
        let desk = Desk::new(&proxy.url);
        let told = told(&desk, &proxy, name);
        let fate = Fate::of(&before, &[DELETE], &proxy, &sim.url);
        deletion_holds_true(&told, &desk, name, &fate);
        assert_eq!((word(&told, name).as_str(), fate.sent, fate.done), ("deleting", 1, 1), "{told}");
        // Asked once more, it is told that it goes already, and nothing is sent.
        let again = desk.run(&format!("delete {name} --yes 1 --json"));
        assert!(again.words().contains("it is being deleted already"), "{again}");
        assert_eq!(proxy.asked(DELETE, name).len(), 1, "{again}");
    });
}

/// A way to a service that holds deletions up until they are released.
fn held_up(sim: &Sim) -> (Proxy, Arc<AtomicBool>) {
    let is_released = Arc::new(AtomicBool::new(false));
    let gate = Arc::clone(&is_released);
    let proxy = Proxy::start(&sim.url, move |asked: &Asked, road: &Road| {
        let begun = Instant::now();
        while asked.action == DELETE && !gate.load(Ordering::SeqCst) {
            assert!(begun.elapsed() < Duration::from_secs(30), "nobody let it go");
            std::thread::sleep(Duration::from_millis(5));
        }
        honest(asked, road)
    });
    (proxy, is_released)
}

#[test]
fn a_request_that_arrives_after_the_program_ended_is_told_of_later() {
    let sim = Sim::of(&fleet("", &["late"]), &[]);
    let (proxy, is_released) = held_up(&sim);
    let desk = Desk::new(&proxy.url);
    let before = listed(&sim.url, "late").unwrap();
    let told = desk.start("delete late --yes 1 --json").ends_or_is_told_to(|_| proxy.arrived(DELETE) > 0);
    deletion_holds_true(&told, &desk, "late", &Fate::of(&before, &[DELETE], &proxy, &sim.url));
    let watched = desk.run("watch");
    assert!(watched.words().contains("late: not known yet"), "{watched}");
    is_released.store(true, Ordering::SeqCst);
    let deadline = Instant::now() + Duration::from_secs(10);
    while proxy.done(DELETE, "late") == 0 {
        assert!(Instant::now() < deadline, "it arrives");
        std::thread::sleep(Duration::from_millis(5));
    }
    let watched = desk.run("watch");
    assert!(watched.words().contains("late: not known yet"), "{watched}");
    assert!(watched.words().contains("aws does not list it (1 look)"), "{watched}");
    looks_until_gone(&desk, "late");
    assert_eq!(proxy.asked(DELETE, "late").len(), 1);
}

#[test]
fn no_second_deletion_is_sent_while_it_is_not_known_what_became_of_the_first() {
    let sim = Sim::of(&fleet("", &["late"]), &[]);
    let (proxy, is_released) = held_up(&sim);
    let desk = Desk::new(&proxy.url);
    desk.start("delete late --yes 1 --json").ends_or_is_told_to(|_| proxy.arrived(DELETE) > 0);
    let again = desk.run("delete late --even late --yes 1 --json");
    assert_eq!((again.code, again.error().as_str()), (Some(4), "OUTCOME_UNKNOWN"), "{again}");
    assert!(
        again.words().contains("got no clear answer, and may take effect within 20 min of that"),
        "{again}"
    );
    assert_eq!(row(&again, "late")["guards"], serde_json::json!(["open_deletion"]), "{again}");
    // Neither by a filter, of which that is no failure.
    let again = desk.run("delete --filter age>90d --yes 0 --json");
    assert_eq!((again.code, row(&again, "late")["verdict"].as_str()), (Some(0), Some("refused")), "{again}");
    assert_eq!(proxy.asked(DELETE, "late").len(), 1, "{again}");
    is_released.store(true, Ordering::SeqCst);
}

#[test]
fn no_snapshot_is_made_under_a_name_while_an_earlier_deletion_may_still_hit_it() {
    let sim = Sim::of(&fleet("", &["late"]), &[]);
    let (proxy, is_released) = held_up(&sim);
    let desk = Desk::new(&proxy.url);
    desk.start("delete late --yes 1 --json").ends_or_is_told_to(|_| proxy.arrived(DELETE) > 0);
    // Somebody else deletes it: the name is free, and the request is still on its way.
    delete(&sim.url, "late");
    looks_until_gone(&desk, "late");
    for command in
        ["create instant --name late --json", "create instant --name late --without-journal --json"]
    {
        let refused = desk.run(command);
        assert!(refused.words().contains("it would delete this one"), "{command}: {refused}");
    }
    assert!(listed(&sim.url, "late").is_none() && proxy.asked("CreateDBClusterSnapshot", "late").is_empty());
    is_released.store(true, Ordering::SeqCst);
    // Another name is free at once; this one once the request is too old.
    let other = desk.run("create instant --name other --json");
    assert!(listed(&sim.url, "other").is_some(), "{other}");
    desk.ages(jiff::SignedDuration::from_mins(21));
    let made = desk.run("create instant --name late --json");
    assert!(listed(&sim.url, "late").is_some(), "{made}");
}

#[test]
fn moto_deletes_once_whatever_becomes_of_the_answer() {
    let server = Moto::hurried(&Venv::ready());
    let moto = server.url.clone();
    server.make_cluster("orders", &[]);
    let names = ["gone-honest", "gone-lost", "gone-twice", "gone-internal"];
    names.into_iter().chain(["gone-not"]).for_each(|name| create(&moto, "orders", name, &[]));
    side_by_side(names, |name| {
        let before = listed(&moto, name).unwrap();
        let proxy = Proxy::start(&moto, move |asked: &Asked, road: &Road| match name {
            "gone-lost" => done_and(asked, road, |_| Back::Nothing),
            "gone-twice" => twice(asked, road),
            "gone-internal" => done_and(asked, road, |_| Back::Answer(internal())),
            _ => honest(asked, road),
        });
        let desk = Desk::new(&proxy.url);
        let told = if name == "gone-lost" {
            // It looks for as long as it takes: two minutes, by clocks that run fast on both sides.
            let mut running = Running::start(&mut hurried(desk.command("delete gone-lost --yes 1 --json")));
            assert!(running.ends_in(Duration::from_mins(3)), "{}", running.err());
            running.told()
        } else {
            told(&desk, &proxy, name)
        };
        let fate = Fate::of(&before, &[DELETE], &proxy, &moto);
        deletion_holds_true(&told, &desk, name, &fate);
        let expected = match name {
            "gone-honest" => "deleting",
            "gone-internal" => "open",
            _ => "gone",
        };
        assert_eq!((word(&told, name).as_str(), fate.sent, fate.done), (expected, 1, 1), "{told}");
    });
    assert!(listed(&moto, "gone-not").is_some());
}
