//! The core, a service that answers at once, and a clock that only moves when nothing is left to do.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use clustersnap::app::effect::Effect;
use clustersnap::app::message::Msg;
use clustersnap::app::question::{Answer, Question};
use clustersnap::app::request_id::PlaceId;
use clustersnap::app::{App, Now, Settings};
use clustersnap::domain::account::AccountId;
use clustersnap::domain::cluster::Encryption;
use clustersnap::domain::context::{Caller, Target};
use clustersnap::domain::event::SnapshotEvent;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::domain::listing::Listing;
use clustersnap::domain::page::Page;
use clustersnap::domain::snapshot::{More, Snapshot};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::fixtures::{self, ACCOUNT, cluster, place, snapshot_arn};

pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_mins(1);
pub const HOUR: Duration = Duration::from_hours(1);

/// The simulated service: every snapshot by its name, as a function of the time.
type Story = Box<dyn Fn(Duration) -> Option<Snapshot>>;

pub struct World {
    pub app: App,
    pub time: Duration,
    /// When the program asked RDS something, on the clock.
    pub asked: Vec<Duration>,
    /// The same of each place.
    of_places: BTreeMap<PlaceId, Asked>,
    /// How many pages of the list of snapshots it asked for, and of the manual ones.
    pub pages: (usize, usize),
    /// The names that it looked up by themselves.
    pub named: Vec<String>,
    /// Everything else that it wanted done.
    pub done: Vec<(Duration, Effect)>,
    /// When the service fails, and how.
    pub trouble: Box<dyn Fn(Duration) -> Option<FailureKind>>,
    /// The account whose lists polls are known to be of.
    pub account: Option<AccountId>,
    /// By how much the date of this machine is off.
    pub date_is_off: SignedDuration,
    /// The events that the service keeps, besides those of the snapshots that are told of.
    pub events: Vec<SnapshotEvent>,
    /// Why these cannot be asked for.
    pub events_fail: Option<FailureKind>,
    stories: BTreeMap<String, Story>,
}

/// When the program asked a place.
#[derive(Default)]
struct Asked {
    /// Each request to RDS, and each throttle.
    all: Vec<(Duration, Heard)>,
    /// The requests that nobody waited for.
    quiet: Vec<Duration>,
    /// When it asked who the caller is.
    callers: Vec<Duration>,
}

/// What passed between the program and the service.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Heard {
    Request,
    Throttle,
}

impl World {
    /// A program that has just been started.
    pub fn new() -> Self {
        Self::started(Duration::ZERO, [])
    }

    /// A program that is started at a moment at which there are these snapshots.
    pub fn started(time: Duration, stories: impl IntoIterator<Item = (String, Story)>) -> Self {
        Self::of_regions(&["eu-west-1"], time, stories)
    }

    /// The same in several Regions, which have the same snapshots.
    pub fn of_regions(
        regions: &[&str],
        time: Duration,
        stories: impl IntoIterator<Item = (String, Story)>,
    ) -> Self {
        let target = |region: &&str| Target { profile: Some("prod".to_owned()), ..place(region) };
        let places = regions.iter().map(target).collect();
        let (app, effects) = App::new(Settings { places, seed: 7, ..Settings::default() }, (120, 40));
        let mut world = Self {
            app,
            time,
            asked: Vec::new(),
            of_places: BTreeMap::new(),
            pages: (0, 0),
            named: Vec::new(),
            done: Vec::new(),
            trouble: Box::new(|_| None),
            account: AccountId::reported("123456789012"),
            date_is_off: SignedDuration::ZERO,
            events: Vec::new(),
            events_fail: None,
            stories: stories.into_iter().collect(),
        };
        world.perform(effects);
        world
    }

    /// A program that was started after these snapshots had been begun.
    pub fn with(stories: impl IntoIterator<Item = (String, Story)>) -> Self {
        let mut world = Self::new();
        world.stories.extend(stories);
        world.press('r');
        // Page by page, one a second.
        let pages = world.stories.len().div_ceil(100).max(1);
        world.pass(3 * SECOND * u32::try_from(pages).unwrap());
        world
    }

    pub fn add(&mut self, name: &str, story: Story) {
        self.stories.insert(name.to_owned(), story);
    }

    pub fn press(&mut self, key: char) {
        use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
        let (code, modifiers) = match key {
            '\x1b' => (KeyCode::Esc, KeyModifiers::NONE),
            '\x0c' => (KeyCode::Char('l'), KeyModifiers::CONTROL),
            '\t' => (KeyCode::Tab, KeyModifiers::NONE),
            key => (KeyCode::Char(key), KeyModifiers::NONE),
        };
        self.tell(Msg::Key(KeyEvent::new(code, modifiers)));
    }

    pub fn now(&self) -> Now {
        let date = at(self.time) + self.date_is_off;
        Now { wall: date.to_zoned(TimeZone::UTC), mono: self.time }
    }

    pub fn tell(&mut self, msg: Msg) {
        let effects = self.app.update(msg, &self.now());
        self.perform(effects);
    }

    /// Lets time pass.
    pub fn pass(&mut self, length: Duration) {
        let end = self.time + length;
        loop {
            let wake = self.app.wake_in(&self.now()).unwrap_or(HOUR).max(Duration::from_millis(1));
            if self.time + wake > end {
                self.time = end;
                return;
            }
            self.time += wake;
            self.tell(Msg::Tick);
        }
    }

    /// How often something was asked from a moment on.
    pub fn asked_since(&self, start: Duration) -> usize {
        self.asked.iter().filter(|at| **at >= start).count()
    }

    /// Panics if a place was asked more than five times a second, but for a hundred at once where no throttle forbade
    /// that, more than half as often after one, or twice a second where nobody waited.
    pub fn holds_the_pace(&self) {
        for asked in self.of_places.values() {
            for pair in asked.quiet.windows(2).chain(asked.callers.windows(2)) {
                assert!(pair[1] - pair[0] >= SECOND, "{pair:?}");
            }
            keeps_to_the_bucket(&asked.all);
        }
    }

    /// The words of the row of a snapshot: its status and percentage.
    pub fn status(&self, name: &str) -> String {
        let row = self.app.world.place().followed.rows.iter().find(|row| row.id == name);
        format!("{:?}", row.map(|row| &row.state))
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in &effects {
            self.note(effect);
        }
        for effect in effects {
            let answer = self.answer(&effect);
            if let Some(answer) = answer {
                self.note_throttle(&effect, &answer);
                self.tell(answer);
            } else {
                self.done.push((self.time, effect));
            }
        }
    }

    /// The page behind a marker.
    fn page(&self, marker: Option<&str>) -> Page<Snapshot> {
        let start: usize = marker.map_or(0, |marker| marker.parse().unwrap());
        let stories = self.stories.values().skip(start).take(100);
        let items = stories.filter_map(|story| story(self.time)).collect();
        let next = (start + 100 < self.stories.len()).then(|| (start + 100).to_string());
        Page { items, next }
    }

    fn note(&mut self, effect: &Effect) {
        let Effect::Ask(id, question) = effect else { return };
        let asked = self.of_places.entry(id.place().unwrap()).or_default();
        if *question == Question::Caller {
            return asked.callers.push(self.time);
        }
        self.asked.push(self.time);
        asked.all.push((self.time, Heard::Request));
        if matches!(question, Question::ManualSnapshots(_) | Question::Followed(_) | Question::Events { .. })
        {
            asked.quiet.push(self.time);
        }
    }

    fn note_throttle(&mut self, effect: &Effect, answer: &Msg) {
        let Effect::Ask(id, question) = effect else { return };
        let is_throttled =
            matches!(answer, Msg::Answered(_, Err(failure)) if failure.kind == FailureKind::Throttled);
        if is_throttled && *question != Question::Caller {
            let asked = self.of_places.entry(id.place().unwrap()).or_default();
            asked.all.push((self.time, Heard::Throttle));
        }
    }

    fn answer(&mut self, effect: &Effect) -> Option<Msg> {
        let trouble =
            (self.trouble)(self.time).map(|kind| Failure::local(kind, "aws sso login --profile prod"));
        let told = |name: &String| self.stories.get(name).and_then(|story| story(self.time));
        let listed = || -> Vec<Snapshot> { self.stories.keys().filter_map(told).collect() };
        Some(match effect {
            Effect::Connect { id, to } => Msg::Connected(*id, Ok((**to).clone())),
            Effect::Ask(id, Question::Caller) => {
                let caller =
                    Caller { account: AccountId::reported("123456789012").unwrap(), arn: String::new() };
                Msg::Answered(*id, trouble.map_or(Ok(Answer::Caller(caller)), Err))
            }
            Effect::Ask(id, Question::Clusters(_)) => Msg::Answered(
                *id,
                trouble.map_or(Ok(Answer::Clusters(whole(vec![cluster("orders", "available")]))), Err),
            ),
            Effect::Ask(id, Question::Snapshots(marker)) => {
                let page = self.page(marker.as_deref());
                self.pages.0 += 1;
                Msg::Answered(*id, trouble.map_or(Ok(Answer::Snapshots(page)), Err))
            }
            Effect::Ask(id, Question::ManualSnapshots(marker)) => {
                let page = self.page(marker.as_deref());
                self.pages.1 += 1;
                Msg::Answered(*id, trouble.map_or(Ok(Answer::ManualSnapshots(page)), Err))
            }
            Effect::Ask(id, Question::Named(names)) => {
                let found: Vec<Snapshot> = names.iter().filter_map(told).collect();
                self.named.extend(names.iter().cloned());
                Msg::Answered(*id, trouble.map_or(Ok(Answer::Named(found)), Err))
            }
            Effect::Ask(id, Question::Followed(ids)) => {
                assert!((1..=100).contains(&ids.len()), "{} in one call", ids.len());
                let look = Listing {
                    listed: ids.iter().filter_map(told).collect(),
                    account: self.account.clone(),
                    server_time: Some(at(self.time)),
                };
                Msg::Answered(*id, trouble.map_or(Ok(Answer::Followed(look)), Err))
            }
            Effect::Ask(id, Question::Cluster(_)) => {
                Msg::Answered(*id, trouble.map_or(Ok(Answer::Cluster(None)), Err))
            }
            Effect::Ask(id, Question::Quota) => {
                Msg::Answered(*id, trouble.map_or(Ok(Answer::Quota(None)), Err))
            }
            Effect::Ask(id, Question::Events { minutes, .. }) => {
                let since = at(self.time) - SignedDuration::from_mins(i64::from(*minutes));
                let begun = listed().iter().filter_map(begun).filter(|event| event.at >= since).collect();
                let events = [self.events.clone(), begun].concat();
                let trouble =
                    trouble.or(self.events_fail.map(|kind| Failure::local(kind, "rds:DescribeEvents")));
                Msg::Answered(*id, trouble.map_or(Ok(Answer::Events(whole(events))), Err))
            }
            _ => return None,
        })
    }
}

/// Panics if what was heard breaks the rule of the bucket: five a second flow in, a hundred have room, a throttle empties
/// it, and not more than three a second come in the two seconds after one.
fn keeps_to_the_bucket(heard: &[(Duration, Heard)]) {
    let (each, room) = (SECOND / 5, 20 * SECOND);
    let (mut filled, mut last, mut throttled) = (room, Duration::ZERO, None);
    for (number, (at, what)) in heard.iter().enumerate() {
        filled = (filled + (*at - last)).min(room);
        last = *at;
        if *what == Heard::Throttle {
            (filled, throttled) = (Duration::ZERO, Some(*at));
            continue;
        }
        let since = |from: Duration| heard[..number].iter().filter(|(at, _)| *at > from).count();
        assert!(filled >= each, "request {number}: {heard:?}");
        assert!(
            throttled.is_none_or(|from| *at > from + 2 * SECOND || since(from) < 6),
            "request {number}: {heard:?}"
        );
        filled -= each;
    }
}

/// A moment on the clock of the service, which is that of this machine.
pub fn at(time: Duration) -> Timestamp {
    let epoch: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
    epoch + SignedDuration::try_from(time).unwrap()
}

/// A snapshot of the cluster `orders`, begun at a time.
pub fn snapshot(name: &str, began: Duration, status: &str, percent: u8) -> Snapshot {
    Snapshot {
        arn: Some(snapshot_arn("eu-west-1", ACCOUNT, name)),
        percent: Some(percent),
        created_at: Some(at(began)),
        allocated_gib: Some(1),
        more: Arc::new(More {
            engine: Some("aurora-postgresql".to_owned()),
            engine_version: Some("16.4".to_owned()),
            encryption: Encryption::None,
            ..More::default()
        }),
        ..fixtures::snapshot(name, "orders", status)
    }
}

/// A snapshot that is made at an even speed.
pub fn steady(name: &str, began: Duration, takes: Duration) -> (String, Story) {
    let name = name.to_owned();
    let story = {
        let name = name.clone();
        move |time: Duration| {
            let percent = time.checked_sub(began)?.as_secs_f64() / takes.as_secs_f64() * 100.0;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 100")]
            let percent = percent.min(100.0) as u8;
            let status = if percent == 100 { "available" } else { "creating" };
            Some(snapshot(&name, began, status, percent))
        }
    };
    (name, Box::new(story))
}

/// The event of its beginning.
fn begun(snapshot: &Snapshot) -> Option<SnapshotEvent> {
    let message = "Creating manual cluster snapshot".to_owned();
    Some(SnapshotEvent { snapshot: snapshot.id.clone(), at: snapshot.created_at?, message })
}

fn whole<T>(items: Vec<T>) -> Page<T> {
    Page { items, next: None }
}
