//! The answer to a create is lost, or is another one's: whose the snapshot of that name is.

use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::support::query::{create, tag, untag};
use super::truth::{holds_true, truth};
use super::world::*;

/// Tags as they are written in a table of cases.
type Tags = &'static [(&'static str, &'static str)];

/// The number of another request, as the mark of somebody else's snapshot.
const ANOTHER: &str = "20260101T000000Z-0123456789abcdef";

/// Runs a command at a desk, at which the answer to its create is lost. Once the name was looked up twice after
/// it, it is told to end: what is not said by then is not known.
fn told(desk: &Desk, proxy: &Proxy, words: &str) -> Told {
    let mut after = None;
    desk.start(words).ends_or_is_told_to(|_| {
        let looked = proxy.arrived(LOOK_UP);
        if after.is_none() && proxy.arrived(CREATE) > 0 {
            after = Some(looked);
        }
        after.is_some_and(|after| looked > after + 2)
    })
}

/// Loses the answer to a create that never came to the service, and does something instead.
fn instead(of: impl Fn(&Asked, &Road) + Send + Sync + 'static) -> impl Fn(&Asked, &Road) -> Back {
    move |asked, road| {
        if asked.creates() {
            of(asked, road);
            return Back::Nothing;
        }
        honest(asked, road)
    }
}

/// Loses the answer to a create that was carried out, and does something right after it.
fn after(it: impl Fn(&Asked, &Road) + Send + Sync + 'static) -> impl Fn(&Asked, &Road) -> Back {
    move |asked, road| {
        let answer = road.pass(asked);
        if asked.creates() {
            it(asked, road);
            return Back::Nothing;
        }
        Back::Answer(answer)
    }
}

/// Both services: an own simulator, and moto.
fn services() -> [(&'static str, String, Option<Sim>); 2] {
    let sim = Sim::start();
    [("sim", sim.url.clone(), Some(sim)), ("moto", moto(), None)]
}

#[test]
fn a_snapshot_that_somebody_else_made_is_never_called_this_requests() {
    for (kind, service, _sim) in services() {
        // What was asked for, and the tags of the snapshot that is there instead.
        let cases: [(&str, &str, Tags); 4] = [
            ("no-tags-asked", "--no-cluster-tags", &[("owner", "bob")]),
            ("no-tags-at-all", "--no-cluster-tags", &[]),
            ("the-same-tags", "--no-cluster-tags --tag ticket=CHG-1", &[("ticket", "CHG-1")]),
            ("other-tags", "--tag ticket=CHG-1", &[("ticket", "CHG-2"), ("owner", "bob")]),
        ];
        side_by_side(cases, |(case, options, tags)| {
            let name = format!("bobs-{case}");
            let bobs = name.clone();
            let proxy = Proxy::start(
                &service,
                instead(move |_, road| create(road.upstream(), "orders", &bobs, tags)),
            );
            let desk = Desk::new(&proxy.url);
            let told = told(&desk, &proxy, &format!("create orders --name {name} {options} --json"));
            let truth = truth(&proxy, &service, &name);
            assert_eq!((truth.sent, truth.made, truth.is_listed), (1, 0, true), "{kind}");
            holds_true(&told, truth);
            assert_eq!(told.outcome().unwrap_or("unproven".to_owned()), "unproven", "{told}");
            assert!(!desk.words(&name).iter().any(|word| word == "taken" || word == "found_again"));
        });
    }
}

#[test]
fn a_snapshot_with_the_mark_of_another_request_or_of_another_cluster_is_anothers() {
    let sim = Sim::start();
    let cases: [(&str, &str, Tags); 3] = [
        ("marked-by-bob", "orders", &[(MARK, ANOTHER)]),
        ("marked-by-bob-with-our-tags", "orders", &[("owner", "dba"), (MARK, ANOTHER)]),
        ("of-another-cluster", "billing", &[("owner", "dba")]),
    ];
    side_by_side(cases, |(name, cluster, tags)| {
        let proxy = Proxy::start(
            &sim.url,
            instead(move |asked, road| create(road.upstream(), cluster, asked.snapshot(), tags)),
        );
        let desk = Desk::new(&proxy.url);
        let told = told(&desk, &proxy, &format!("create orders --name {name} --json"));
        holds_true(&told, truth(&proxy, &sim.url, name));
        assert_eq!(told.outcome().as_deref(), Some("taken"), "{told}");
    });
}

#[test]
fn no_clock_takes_a_snapshot_away_from_the_request_that_made_it() {
    for (kind, service, _sim) in services() {
        side_by_side([-86_400, -3_600, -10, 10, 3_600, 86_400], |seconds: i64| {
            let lost = after(|_, _| {});
            let proxy = Proxy::start(&service, move |asked: &Asked, road: &Road| match lost(asked, road) {
                Back::Answer(answer) => Back::Answer(answer.off(seconds)),
                other => other,
            });
            let desk = Desk::new(&proxy.url);
            let way = if seconds < 0 { "behind" } else { "ahead" };
            let name = format!("clock-{way}-{}", seconds.abs());
            let told = told(&desk, &proxy, &format!("create orders --name {name} --json"));
            holds_true(&told, truth(&proxy, &service, &name));
            assert_eq!(told.outcome().as_deref(), Some("found_again"), "{kind}: {told}");
        });
    }
}

#[test]
fn what_tags_new_things_takes_no_snapshot_away_from_the_request_that_made_it() {
    type Tagger = fn(&str, &str);
    let cases: [(&str, Tagger); 4] = [
        ("overwrites", |url, name| tag(url, name, &[("owner", "platform"), ("ticket", "none")])),
        ("adds", |url, name| tag(url, name, &[("cost-centre", "4711"), ("auto:tagged", "yes")])),
        ("removes", |url, name| untag(url, name, &["owner", "ticket"])),
        ("replaces", |url, name| {
            untag(url, name, &["owner", "ticket"]);
            tag(url, name, &[("managed-by", "platform")]);
        }),
    ];
    for (kind, service, _sim) in services() {
        side_by_side(cases.map(|(what, tagger)| (what, tagger)), |(what, tagger)| {
            let proxy =
                Proxy::start(&service, after(move |asked, road| tagger(road.upstream(), asked.snapshot())));
            let desk = Desk::new(&proxy.url);
            let name = format!("tagger-{what}");
            let told = told(&desk, &proxy, &format!("create orders --name {name} --tag ticket=CHG-1 --json"));
            holds_true(&told, truth(&proxy, &service, &name));
            assert_eq!(told.outcome().as_deref(), Some("found_again"), "{kind}: {told}");
        });
    }
}

#[test]
fn where_the_mark_is_gone_too_nothing_proves_whose_it_is_and_nothing_denies_it() {
    for (_, service, _sim) in services() {
        side_by_side(["all-gone", "all-others"], |name| {
            let proxy = Proxy::start(
                &service,
                after(move |asked, road| {
                    untag(road.upstream(), asked.snapshot(), &["owner", MARK]);
                    if name == "all-others" {
                        tag(road.upstream(), asked.snapshot(), &[("owner", "platform")]);
                    }
                }),
            );
            let desk = Desk::new(&proxy.url);
            let told = told(&desk, &proxy, &format!("create orders --name {name} --json"));
            holds_true(&told, truth(&proxy, &service, name));
            assert_eq!(told.outcome().unwrap_or("unproven".to_owned()), "unproven", "{told}");
            assert!(!desk.words(name).contains(&"taken".to_owned()), "{:?}", desk.words(name));
        });
    }
}

/// Delivers a create twice, and hands back what the second one was answered.
fn twice(asked: &Asked, road: &Road) -> Back {
    let first = road.pass(asked);
    Back::Answer(if asked.creates() { road.pass(asked) } else { first })
}

#[test]
fn a_request_that_a_proxy_delivers_twice_is_found_again() {
    for (kind, service, _sim) in services() {
        side_by_side(["twice", "twice-and-retagged"], |name| {
            let proxy = Proxy::start(&service, move |asked: &Asked, road: &Road| {
                let back = twice(asked, road);
                if asked.creates() && name == "twice-and-retagged" {
                    tag(road.upstream(), name, &[("owner", "platform")]);
                }
                back
            });
            let desk = Desk::new(&proxy.url);
            let told = desk.run(&format!("create orders --name {name} --json"));
            assert_eq!((proxy.passed(name), proxy.made(name)), (2, 1), "{kind}");
            holds_true(&told, truth(&proxy, &service, name));
            assert_eq!(told.outcome().as_deref(), Some("found_again"), "{kind}: {told}");
            assert_eq!(desk.words(name).last().map(String::as_str), Some("found_again"));
        });
    }
}

#[test]
fn without_a_mark_a_request_that_was_delivered_twice_is_neither_claimed_nor_given_away() {
    for (_, service, _sim) in services() {
        side_by_side(["unmarked-twice", "unmarked-no-tags-twice"], |name| {
            let proxy = Proxy::start(&service, twice);
            let desk = Desk::new(&proxy.url).without_marks();
            let tags = if name == "unmarked-twice" { "" } else { "--no-cluster-tags" };
            let told = told(&desk, &proxy, &format!("create orders --name {name} {tags} --json"));
            holds_true(&told, truth(&proxy, &service, name));
            assert_eq!(told.outcome().unwrap_or("unproven".to_owned()), "unproven", "{told}");
            assert!(!told.words().contains("certain"), "nothing is: {told}");
        });
    }
}

#[test]
fn that_the_name_exists_at_the_first_attempt_is_told_soon_and_judged_by_the_mark() {
    let sim = Sim::start();
    let cases: [(&str, Tags, &str); 2] = [
        ("first-by-bob", &[("owner", "bob")], "unproven"),
        ("first-by-a-request", &[(MARK, ANOTHER)], "taken"),
    ];
    side_by_side(cases, |(name, tags, word)| {
        let proxy = Proxy::start(&sim.url, move |asked: &Asked, road: &Road| {
            if asked.creates() {
                create(road.upstream(), "orders", name, tags);
            }
            honest(asked, road)
        });
        let desk = Desk::new(&proxy.url);
        let told = told(&desk, &proxy, &format!("create orders --name {name} --json"));
        holds_true(&told, truth(&proxy, &sim.url, name));
        // What AWS said is told, though nothing is known yet.
        assert!(told.outcome().is_some() || told.err.contains("exists already"), "{told}");
        assert_eq!(told.outcome().unwrap_or("unproven".to_owned()), word, "{told}");
        assert!(word == "taken" || !told.words().contains("another name"), "{told}");
    });
}

#[test]
fn a_colleagues_equal_request_minutes_later_is_not_taken_for_one_that_was_lost() {
    let sim = Sim::start();
    // By hand with the same tags, or with this program; with marks, or without.
    let cases = [("by-hand", true), ("with-this-program", true), ("by-hand-unmarked", false)];
    side_by_side(cases, |(name, is_marked)| {
        let proxy = Proxy::start(&sim.url, instead(|_, _| {}));
        let desk = Desk::new(&proxy.url);
        let desk = if is_marked { desk } else { desk.without_marks() };
        let mut running = desk.start(&format!("create orders --name {name} --json"));
        let _ = running.ends_before(std::time::Duration::from_secs(20), |_| proxy.arrived(CREATE) > 0);
        drop(running.kill());
        desk.ages(jiff::SignedDuration::from_mins(10));
        if name == "with-this-program" {
            let colleague = Desk::new(&sim.url).run(&format!("create orders --name {name} --json"));
            assert_eq!(colleague.outcome().as_deref(), Some("created"), "{colleague}");
        } else {
            create(&sim.url, "orders", name, &[("owner", "dba")]);
        }
        proxy.now(honest);
        let looked = proxy.arrived(LOOK_UP);
        let watch = desk.start(&format!("watch {name} --json"));
        let watched = watch.ends_or_is_told_to(|_| proxy.arrived(LOOK_UP) > looked + 2);
        let words = watched.words();
        assert!(!words.contains("found again") && !words.contains("it is this request's"), "{watched}");
        assert!(!desk.words(name).contains(&"found_again".to_owned()), "{:?}", desk.words(name));
        if name == "with-this-program" {
            assert_eq!(desk.words(name).last().map(String::as_str), Some("taken"), "{watched}");
        } else {
            assert!(!desk.words(name).contains(&"taken".to_owned()), "{watched}");
        }
    });
}

#[test]
fn a_refusal_says_what_aws_said_and_not_that_nothing_was_created() {
    let sim = Sim::with("list_lag = \"6s\"", &[]);
    // A copy made the snapshot, or none did.
    let busy = "the database cluster orders isn't currently in the available state.";
    let cases = [
        ("refused-copy", "InvalidDBClusterStateFault", true),
        ("refused-alone", "InvalidDBClusterStateFault", false),
        ("expired-copy", "ExpiredToken", true),
    ];
    side_by_side(cases, |(name, code, is_copied)| {
        let proxy = Proxy::start(&sim.url, move |asked: &Asked, road: &Road| {
            if !asked.creates() {
                return honest(asked, road);
            }
            if is_copied {
                road.pass(asked);
            }
            Back::Answer(Answer::refusal(if code == "ExpiredToken" { 403 } else { 400 }, code, busy))
        });
        let desk = Desk::new(&proxy.url);
        let told = told(&desk, &proxy, &format!("create orders --name {name} --json"));
        holds_true(&told, truth(&proxy, &sim.url, name));
        assert_eq!(told.outcome().as_deref(), Some("refused"), "{told}");
        assert!(told.words().contains(&code.to_lowercase()), "{told}");
        // Once the lists show what the copy made, the mark takes the refusal back.
        if is_copied {
            std::thread::sleep(std::time::Duration::from_secs(6));
            let watched = desk
                .start(&format!("watch {name} --json"))
                .ends_or_is_told_to(|_| desk.words(name).contains(&"found_again".to_owned()));
            assert_eq!(desk.words(name).last().map(String::as_str), Some("found_again"), "{watched}");
        }
    });
}
