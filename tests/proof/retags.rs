//! Changes of tags whose request or answer goes wrong on the way: what `tag` says is held against the tags that the
//! service then has, and those of a new snapshot of the name stay as they are.

use super::altered::*;
use super::mishaps::*;
use super::support::proxy::{Asked, Back, Road};
use super::support::query::{Listed, create, delete, tag};
use super::world::*;

fn fleet(names: &[&str]) -> String {
    let snapshot = |name: &&str| {
        format!(
            "[[cluster.snapshot]]\nidentifier = \"{name}\"\nkind = \"manual\"\nage = \"9d\"\n\
             tags = {{ owner = \"dba\", old = \"1\", \"clustersnap:request\" = \"{MARKED}\" }}\n"
        )
    };
    let snapshots: String = names.iter().map(snapshot).collect();
    format!(
        "snapshot_quota = 1000\n[[cluster]]\nidentifier = \"orders\"\nengine = \"aurora-postgresql\"\n\
         snapshot_takes = \"10h\"\n{snapshots}"
    )
}

/// The number of the request that made them, as their mark.
const MARKED: &str = "20260101T000000Z-0123456789abcdef";

/// The request that gives tags, or the one that takes them away, the first time.
fn is_first(asked: &Asked, action: &str) -> bool {
    asked.action == action && asked.nth == 1
}

/// The first request of an action is carried out, and this comes back.
fn done_and(action: &str, asked: &Asked, road: &Road, back: impl Fn() -> Back) -> Back {
    let answer = road.pass(asked);
    if is_first(asked, action) { back() } else { Back::Answer(answer) }
}

/// The first request of an action does not come to the service, and this comes back.
fn lost_and(action: &str, asked: &Asked, road: &Road, back: impl Fn() -> Back) -> Back {
    if is_first(asked, action) { back() } else { honest(asked, road) }
}

/// The first request of an action is refused.
fn refused(action: &str, asked: &Asked, road: &Road) -> Back {
    lost_and(action, asked, road, || Back::Answer(denied(ADD_TAGS)))
}

/// Every request of an action is lost.
fn never(action: &str, asked: &Asked, road: &Road) -> Back {
    if asked.action == action { Back::Nothing } else { honest(asked, road) }
}

fn twice(asked: &Asked, road: &Road) -> Back {
    let answer = road.pass(asked);
    Back::Answer(if [ADD_TAGS, REMOVE_TAGS].contains(&asked.action.as_str()) {
        road.pass(asked)
    } else {
        answer
    })
}

/// Another snapshot takes the name right before the look.
fn replaced(asked: &Asked, road: &Road) -> Back {
    if is_look(asked) && listed(road.upstream(), asked.snapshot()).is_some_and(|it| it.status == "available")
    {
        delete(road.upstream(), asked.snapshot());
        create(road.upstream(), "orders", asked.snapshot(), &[("owner", "bob")]);
    }
    honest(asked, road)
}

/// Somebody gives the same key another value once the request is carried out and its answer lost.
fn overwritten(asked: &Asked, road: &Road) -> Back {
    done_and(ADD_TAGS, asked, road, || {
        tag(road.upstream(), asked.snapshot(), &[("ticket", "CHG-9")]);
        Back::Nothing
    })
}

const CASES: &[Case] = &[
    ("honest", honest, "tagged", 2),
    ("add-lost-done", |asked, road| done_and(ADD_TAGS, asked, road, || Back::Nothing), "tagged", 3),
    ("add-lost-undone", |asked, road| lost_and(ADD_TAGS, asked, road, || Back::Nothing), "tagged", 3),
    ("remove-lost-done", |asked, road| done_and(REMOVE_TAGS, asked, road, || Back::Nothing), "tagged", 2),
    ("remove-lost-undone", |asked, road| lost_and(REMOVE_TAGS, asked, road, || Back::Nothing), "tagged", 4),
    (
        "internal-done",
        |asked, road| done_and(ADD_TAGS, asked, road, || Back::Answer(internal())),
        "tagged",
        3,
    ),
    ("login-undone", |asked, road| lost_and(ADD_TAGS, asked, road, || Back::Answer(login())), "tagged", 3),
    ("throttled", |asked, road| lost_and(ADD_TAGS, asked, road, || Back::Answer(throttle())), "tagged", 3),
    ("delivered-twice", twice, "tagged", 2),
    ("overwritten", overwritten, "tagged", 3),
    ("denied", |asked, road| refused(ADD_TAGS, asked, road), "refused", 1),
    ("half-denied", |asked, road| refused(REMOVE_TAGS, asked, road), "refused", 2),
    ("never", |asked, road| never(ADD_TAGS, asked, road), "open", 3),
    ("replaced", replaced, "replaced", 0),
];

/// Whether the tags are as they were asked for, and what else was there is there.
fn is_as_asked(now: &Listed) -> bool {
    let has = |key: &str, value: &str| now.tags.contains(&(key.to_owned(), value.to_owned()));
    let is_kept = has("owner", "dba") && has("clustersnap:request", MARKED);
    is_kept && has("ticket", "CHG-1") && now.tags.iter().all(|(key, _)| key != "old")
}

#[test]
fn whatever_becomes_of_a_change_of_tags_or_its_answer_each_word_is_so() {
    let sim = Sim::of(&fleet(&names(CASES)), &[]);
    each_case(CASES, &sim.url, |mishap| {
        let Mishap { name, expected, proxy, desk, .. } = mishap;
        // Tags are overwritten: what is unclear is done again after another look, ever later.
        let told = desk
            .start(&format!("tag {name} ticket=CHG-1 -old --json"))
            .ends_or_is_told_to(|_| proxy.arrived(ADD_TAGS) == 3);
        let fate = mishap.fate(&[ADD_TAGS, REMOVE_TAGS]);
        let is_so = fate.itself.as_ref().is_some_and(is_as_asked);
        tags_hold_true(&told, desk, name, &fate, is_so);
        mishap.ends_as_expected(&told, &fate);
        if *name == "replaced" {
            let new = listed(&sim.url, name).unwrap();
            assert_eq!(new.tags, [("owner".to_owned(), "bob".to_owned())], "the new one's are its own");
        }
        if *expected == "open" {
            proxy.now(honest);
            // The same command does what is left.
            let again = desk.run(&format!("tag {name} ticket=CHG-1 -old --json"));
            assert!(listed(&sim.url, name).as_ref().is_some_and(is_as_asked), "{again}");
            assert_eq!((again.code, word(&again, name).as_str()), (Some(0), "tagged"), "{again}");
        }
    });
}
