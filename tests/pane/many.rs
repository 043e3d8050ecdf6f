//! A Region with a hundred thousand snapshots.

use std::fs;
use std::time::Duration;

use clustersnap::app::effect::Effect;
use clustersnap::app::message::Msg;
use clustersnap::app::question::{Answer, Question};
use clustersnap::app::request_id::RequestId;
use clustersnap::app::screens::AnyScreen;
use clustersnap::app::screens::snapshots::Snapshots;
use clustersnap::app::{App, Settings};
use clustersnap::domain::cluster_id::ClusterId;
use clustersnap::domain::context::Target;
use clustersnap::domain::page::Page;
use clustersnap::domain::snapshot::Snapshot;
use clustersnap::domain::tag::Tag;
use clustersnap::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::fixtures::place;
use super::world::{SECOND, World, snapshot};

const COUNT: usize = 100_000;

fn one(number: usize) -> Snapshot {
    let age = Duration::from_secs(u64::try_from(number * 7919 % COUNT).unwrap());
    Snapshot {
        cluster: Some(ClusterId::reported(&format!("cluster-{:03}", number % 500))),
        tags: vec![Tag::new("ticket", format!("CHG-{number}")), Tag::new("env", "prod")].into(),
        allocated_gib: Some(i32::try_from(number % 4000).unwrap()),
        ..snapshot(&format!("cluster-{:03}-{number:06}", number % 500), age, "available", 100)
    }
}

/// What the processor worked in this thread: what else the machine does is not counted.
fn processor() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    Duration::from_nanos(stat.split(' ').next().unwrap().parse().unwrap())
}

/// The screen.
fn screen(world: &World) -> &Snapshots {
    let Some(AnyScreen::Snapshots(screen)) = world.app.ui.top() else { panic!("{:?}", world.app.ui.top()) };
    screen
}

/// Does something, and lets time pass until the next page is asked for.
fn asked_after(world: &mut World, msg: Msg) -> RequestId {
    let mut effects = world.app.update(msg, &world.now());
    for _ in 0..10 {
        let asked = effects.iter().find_map(|effect| match effect {
            Effect::Ask(id, Question::Snapshots(_)) => Some(*id),
            _ => None,
        });
        if let Some(id) = asked {
            return id;
        }
        world.time += SECOND;
        effects = world.app.update(Msg::Tick, &world.now());
    }
    panic!("no page is asked for");
}

/// Every key in a list of a hundred thousand is answered before a person notices, pages included. A debug
/// build is some ten times slower than a release, and other tests run beside it: the bounds allow for that.
#[test]
fn a_hundred_thousand_snapshots_can_be_sorted_filtered_and_walked_through() {
    let mut world = World::new();
    let (mut app, effects) = App::new(Settings::default(), (120, 40));
    let Some(Effect::Connect { id, .. }) = effects.first() else { panic!("{effects:?}") };
    let place = Target { is_demo: true, ..place("eu-west-1") };
    let asked = app.update(Msg::Connected(*id, Ok(place)), &world.now());
    std::mem::swap(&mut world.app, &mut app);
    world.press('v');
    let clusters = asked.iter().find_map(|effect| match effect {
        Effect::Ask(id, Question::Clusters(_)) => Some(*id),
        _ => None,
    });
    let none = Page { items: Vec::new(), next: None };
    let begun = processor();
    let mut id = asked_after(&mut world, Msg::Answered(clusters.unwrap(), Ok(Answer::Clusters(none))));
    for page in 0..COUNT / 100 {
        let items = (page * 100..page * 100 + 100).map(one).collect();
        let next = (page + 1 < COUNT / 100).then(|| page.to_string());
        let is_last = next.is_none();
        let answer = Msg::Answered(id, Ok(Answer::Snapshots(Page { items, next })));
        if is_last {
            world.tell(answer);
        } else {
            id = asked_after(&mut world, answer);
        }
    }
    let pages = processor() - begun;
    assert!(pages < Duration::from_mins(1), "all pages in {pages:?}");
    assert_eq!(screen(&world).list.rows.len(), COUNT);
    assert_eq!(screen(&world).counts.kinds.len(), 1);
    let mut slowest = Duration::ZERO;
    for key in "oooooGgjGkj/chg-4711".chars() {
        let begun = processor();
        world.press(key);
        let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
        terminal.draw(|frame| view::draw(&world.app, frame, &world.now())).unwrap();
        slowest = slowest.max(processor() - begun);
    }
    assert!(slowest < Duration::from_millis(1500), "the slowest key took {slowest:?}");
    let found = &screen(&world).list.rows;
    assert!(!found.is_empty() && found.len() < 20, "{}", found.len());
}
