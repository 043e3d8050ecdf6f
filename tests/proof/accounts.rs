//! Whose account answers: it changes under way, or cannot be learnt.

use std::os::unix::fs::PermissionsExt as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::support::query::{create, snapshots};
use super::truth::{holds_true, truth};
use super::world::*;

/// The other account.
const OTHER: &str = "999999999999";

fn other_account() -> Sim {
    Sim::with(
        &format!("account = \"{OTHER}\"\ncaller = \"arn:aws:sts::{OTHER}:assumed-role/dba/bastion-1\""),
        &[],
    )
}

/// Credentials of one account until a file is there, and then of the other, from a program that is asked
/// again each time: they last for less than two minutes.
const TURNING: &str = r#"#!/bin/sh
key=AKIDEXAMPLE
[ -e "$HOME/turned" ] && key=AKIDOTHER
end=$(date -u -d '+90 seconds' +%Y-%m-%dT%H:%M:%SZ)
echo "{\"Version\":1,\"AccessKeyId\":\"$key\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\"Expiration\":\"$end\"}"
"#;

/// Runs a command with credentials from [`TURNING`].
fn with_turning_credentials(desk: &Desk, words: &str) -> Told {
    let script = desk.home.path().join("turning.sh");
    std::fs::write(&script, TURNING).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    let config = format!("[default]\nregion = eu-west-1\ncredential_process = {}\n", script.display());
    desk.file(".aws/config", &config);
    let mut command = desk.command(words);
    for name in ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] {
        command.env_remove(name);
    }
    Running::start(&mut command).ends_or_is_told_to(|_| false)
}

#[test]
fn credentials_that_turn_to_another_account_under_way_make_no_snapshot_there() {
    let (one, other) = (Sim::start(), other_account());
    side_by_side([CALLER, CLUSTERS, LOOK_UP], |turns_after| {
        let name = format!("turns-{}", turns_after.to_lowercase());
        let desk = Desk::new("");
        let (turned, elsewhere) = (desk.home.path().join("turned"), other.url.clone());
        let proxy = Proxy::start(&one.url, move |asked: &Asked, road: &Road| {
            let is_other = asked.is_signed_with("AKIDOTHER");
            let answer = if is_other { road.pass_to(&elsewhere, asked) } else { road.pass(asked) };
            if asked.action == turns_after {
                std::fs::write(&turned, "").unwrap();
            }
            Back::Answer(answer)
        });
        let desk = desk.at(&proxy.url);
        let told = with_turning_credentials(&desk, &format!("create orders --name {name} --json"));
        let there = snapshots(&other.url).into_iter().any(|snapshot| snapshot.name == name);
        // From the first look at the cluster on it is one account's.
        assert!(!there || turns_after == CALLER, "made in an account that was never looked at: {told}");
        holds_true(&told, truth(&proxy, if there { &other.url } else { &one.url }, &name));
        if told.code == Some(0) {
            let account = if there { OTHER } else { ACCOUNT };
            assert_eq!(told.envelope()["data"]["account"], account, "{told}");
        }
    });
}

/// A service behind one address that is another account's from an action on; STS does not answer any more by
/// then.
fn changes_at(action: &'static str, other: &Sim) -> impl Fn(&Asked, &Road) -> Back + use<> {
    let (elsewhere, has_changed) = (other.url.clone(), AtomicBool::new(false));
    move |asked, road| {
        if asked.action == action {
            has_changed.store(true, Ordering::SeqCst);
        }
        match has_changed.load(Ordering::SeqCst) {
            false => honest(asked, road),
            true if asked.action == CALLER => {
                Back::Answer(Answer::refusal(503, "ServiceUnavailable", "try later"))
            }
            true => Back::Answer(road.pass_to(&elsewhere, asked)),
        }
    }
}

#[test]
fn an_answer_from_another_account_than_was_looked_at_is_told_as_such() {
    let (one, other) = (Sim::start(), other_account());
    side_by_side([LOOK_UP, CREATE], |action| {
        let name = format!("changes-{}", action.to_lowercase());
        let proxy = Proxy::start(&one.url, changes_at(action, &other));
        let desk = Desk::new(&proxy.url);
        let told = desk.run(&format!("create orders --name {name} --json"));
        assert_ne!(told.code, Some(0), "{told}");
        assert!(told.words().contains(OTHER), "where it is, is told: {told}");
        // What is noticed in time is not sent.
        let word = if proxy.made(&name) == 0 { "not_created" } else { "elsewhere" };
        assert_eq!(told.outcome().as_deref(), Some(word), "{told}");
        assert!(word == "elsewhere" || proxy.creates(&name).is_empty(), "{told}");
        assert!(action != CREATE || word == "elsewhere", "{told}");
        assert!(word != "elsewhere" || desk.words(&name).last().is_some_and(|last| last == word));
    });
}

#[test]
fn what_another_account_lists_or_does_not_settles_nothing() {
    let (one, other) = (Sim::start(), other_account());
    // The answer is lost; from then on the other account answers, which has that name, or not.
    side_by_side(["lost-and-absent", "lost-and-anothers", "never-made-and-anothers"], |name| {
        if name != "lost-and-absent" {
            create(&other.url, "orders", name, &[("owner", "dba")]);
        }
        let (elsewhere, has_changed) = (other.url.clone(), AtomicBool::new(false));
        let proxy = Proxy::start(&one.url, move |asked: &Asked, road: &Road| {
            if asked.creates() {
                has_changed.store(true, Ordering::SeqCst);
                if name != "never-made-and-anothers" {
                    road.pass(asked);
                }
                return Back::Nothing;
            }
            if has_changed.load(Ordering::SeqCst) {
                return Back::Answer(road.pass_to(&elsewhere, asked));
            }
            honest(asked, road)
        });
        let desk = Desk::new(&proxy.url);
        let told = desk
            .start(&format!("create orders --name {name} --json"))
            .ends_or_is_told_to(|_| proxy.arrived(CREATE) > 0 && proxy.arrived(LOOK_UP) > 4);
        let word = told.outcome().unwrap_or("unknown".to_owned());
        assert!(["unknown", "unproven", "elsewhere"].contains(&word.as_str()), "{told}");
        assert_ne!(told.code, Some(0), "{told}");
        let words = told.words();
        assert!(!words.contains("it is this request's") && !words.contains("another name"), "{told}");
    });
}

#[test]
fn a_request_that_was_made_without_sts_is_not_gone_because_another_account_does_not_list_it() {
    let (one, other) = (Sim::start(), other_account());
    side_by_side(
        [("s1", "watch s1 --json", true), ("s2", "watch --json", true), ("s3", "watch --json", false)],
        |case| {
            let (name, watch, is_known_later) = case;
            let proxy = Proxy::start(&one.url, denied);
            let desk = Desk::new(&proxy.url);
            let told = desk.run(&format!("create slow --name {name} --json"));
            holds_true(&told, truth(&proxy, &one.url, name));
            assert_eq!(told.outcome().as_deref(), Some("created"), "{told}");
            let elsewhere = other.url.clone();
            proxy.now(move |asked, road| {
                if asked.action == CALLER && !is_known_later {
                    return denied(asked, road);
                }
                Back::Answer(road.pass_to(&elsewhere, asked))
            });
            let looked = proxy.arrived(LOOK_UP);
            let mut watching = desk.start(watch);
            watching.ends_before(Duration::from_secs(14), |_| proxy.arrived(LOOK_UP) > looked + 3);
            let watched = watching.ends_or_is_told_to(|_| true);
            assert!(!desk.ends().contains(&"gone".to_owned()), "{watched}");
            let words = watched.words();
            for false_word in ["cannot be restored", "not listed any more", "lists it no more", "\"gone\""] {
                assert!(!words.contains(false_word), "{watched}");
            }
        },
    );
}

/// STS refuses.
fn denied(asked: &Asked, road: &Road) -> Back {
    if asked.action == CALLER {
        let why = "not authorized to perform sts:GetCallerIdentity";
        return Back::Answer(Answer::refusal(403, "AccessDenied", why));
    }
    honest(asked, road)
}

/// What becomes of the question who the caller is.
fn sts(how: &'static str) -> impl Fn(&Asked, &Road) -> Back {
    move |asked, road| match (asked.action == CALLER, how) {
        (false, _) => honest(asked, road),
        (_, "denied") => denied(asked, road),
        (_, "unavailable") => Back::Answer(Answer::refusal(503, "ServiceUnavailable", "try later")),
        (_, "hangs") => {
            std::thread::sleep(Duration::from_mins(1));
            Back::Nothing
        }
        _ => Back::Nothing,
    }
}

#[test]
fn without_sts_everything_works_and_the_account_is_that_of_the_clusters_arn() {
    let sim = Sim::start();
    side_by_side(["denied", "unavailable", "dropped", "hangs"], |how| {
        let (proxy, name) = (Proxy::start(&sim.url, sts(how)), format!("no-sts-{how}"));
        let desk = Desk::new(&proxy.url);
        let told = desk.run(&format!("create orders --name {name} --json"));
        holds_true(&told, truth(&proxy, &sim.url, &name));
        assert_eq!(told.outcome().as_deref(), Some("created"), "{told}");
        assert_eq!(told.envelope()["data"]["account"], ACCOUNT, "{told}");
        let watched = desk.run(&format!("watch {name} --json"));
        assert_eq!(watched.code, Some(0), "{watched}");
        assert_eq!(watched.envelope()["data"]["status"], "available", "{watched}");
        assert_eq!(desk.journal()[0]["account"], ACCOUNT, "{:?}", desk.journal());
    });
}

#[test]
fn without_sts_a_lost_answer_is_found_again_at_once_and_by_the_next_start() {
    let service = moto();
    side_by_side(["at-once", "next-start"], |name| {
        let is_killed = name == "next-start";
        let proxy = Proxy::start(&service, |asked: &Asked, road: &Road| {
            let back = denied(asked, road);
            if asked.creates() { Back::Nothing } else { back }
        });
        let desk = Desk::new(&proxy.url);
        let mut running = desk.start(&format!("create orders --name {name} --json"));
        running.ends_before(Duration::from_secs(20), |_| is_killed && proxy.made(name) > 0);
        if is_killed {
            drop(running.kill());
            let watched = desk.run(&format!("watch {name} --json"));
            assert_eq!(watched.code, Some(0), "{watched}");
        } else {
            let told = running.ends_or_is_told_to(|_| false);
            holds_true(&told, truth(&proxy, &service, name));
        }
        assert_eq!(desk.words(name).last().map(String::as_str), Some("found_again"));
    });
}

#[test]
fn what_waits_for_its_cluster_in_one_account_is_sent_in_no_other() {
    let (one, other) = (Sim::start(), other_account());
    side_by_side([("waits-alone", ""), ("waits-in-change", "--change CHG-1 --yes")], |(name, options)| {
        let (elsewhere, has_changed) = (other.url.clone(), AtomicBool::new(false));
        let proxy = Proxy::start(&one.url, move |asked: &Asked, road: &Road| {
            if has_changed.load(Ordering::SeqCst) {
                return Back::Answer(road.pass_to(&elsewhere, asked));
            }
            if asked.creates() {
                has_changed.store(true, Ordering::SeqCst);
                return Back::Answer(Answer::refusal(400, "InvalidDBClusterStateFault", "not available"));
            }
            honest(asked, road)
        });
        let desk = Desk::new(&proxy.url);
        let told = desk.run(&format!("create orders --name {name} --when-available --timeout 1m {options}"));
        assert!(snapshots(&other.url).iter().all(|snapshot| snapshot.name != name), "{told}");
        assert_ne!(told.code, Some(0), "{told}");
        assert!(told.words().contains("another account now"), "{told}");
        let words = told.words().to_lowercase().replace("nothing was sent again", "");
        assert!(!words.contains("nothing was sent"), "one was, and was refused: {told}");
    });
}

#[test]
fn what_was_reviewed_line_by_line_for_one_account_is_sent_in_no_other() {
    let (one, other) = (Sim::start(), other_account());
    let proxy = Proxy::start(&one.url, changes_at("DescribeAccountAttributes", &other));
    let desk = Desk::new(&proxy.url);
    let answers = desk.home.path().join("answers");
    std::fs::write(&answers, "orders\nreviewed\n\nyes\n").unwrap();
    let mut command = desk.command("--linear");
    command.stdin(std::fs::File::open(&answers).unwrap());
    let told = Running::start(&mut command).ends_or_is_told_to(|_| false);
    assert!(told.err.contains("Account   123456789012"), "{told}");
    assert!(told.words().contains("another account now"), "{told}");
    assert_eq!(proxy.arrived(CREATE), 0, "{told}");
}
