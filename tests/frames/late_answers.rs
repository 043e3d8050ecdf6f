//! A program with many accounts and Regions, and a service whose answers come when they are let.

use std::collections::BTreeMap;
use std::time::Duration;

use clustersnap::app::effect::{Effect, Effects};
use clustersnap::app::message::Msg;
use clustersnap::app::question::{Answer, Question};
use clustersnap::app::request_id::PlaceId;
use clustersnap::app::{App, Now, Settings};
use clustersnap::domain::account::AccountId;
use clustersnap::domain::cluster::Cluster;
use clustersnap::domain::context::Target;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::domain::outcome::Outcome;
use clustersnap::domain::page::Page;
use clustersnap::domain::profile::{Choices, Profile};
use clustersnap::domain::snapshot::Snapshot;
use clustersnap::view;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::{fixtures, keys};

const SIZE: (u16, u16) = (100, 24);
const PROFILES: [(&str, &str); 4] =
    [("ada", "111111111111"), ("bob", "222222222222"), ("cyd", "333333333333"), ("dot", "444444444444")];
const REGIONS: [&str; 3] = ["eu-west-1", "eu-central-1", "us-east-1"];

/// A program with several places, and a service whose answers come when they are let.
pub struct Fleet {
    pub app: App,
    pub now: Now,
    pub waiting: Vec<Effect>,
    /// Which place each was opened as.
    pub opened: BTreeMap<PlaceId, Target>,
    pub random: fastrand::Rng,
}

/// What everything of a place has in its name.
fn sign(account: &str, region: &str) -> String {
    let own: String = account.chars().take(3).collect();
    format!("{own}-{region}")
}

impl Fleet {
    pub fn new(seed: u64) -> Self {
        let places = vec![Target { profile: Some("ada".to_owned()), ..Target::default() }];
        let (app, effects) = App::new(Settings { places, seed, ..Settings::default() }, SIZE);
        let at: Timestamp = "2026-11-23T01:58:00Z".parse().expect("a time");
        let now = Now { wall: at.to_zoned(TimeZone::UTC), mono: Duration::ZERO };
        let random = fastrand::Rng::with_seed(seed);
        let mut fleet = Self { app, now, waiting: Vec::new(), opened: BTreeMap::new(), random };
        fleet.take(effects);
        fleet
    }

    fn take(&mut self, effects: Effects) {
        let is_answered = |effect: &Effect| {
            matches!(
                effect,
                Effect::Connect { .. } | Effect::Ask(..) | Effect::Submit { .. } | Effect::ReadChoices
            )
        };
        self.waiting.extend(effects.into_iter().filter(is_answered));
    }

    pub fn say(&mut self, msg: Msg) {
        let effects = self.app.update(msg, &self.now);
        self.take(effects);
    }

    pub fn press(&mut self, line: &str) {
        keys::keys(line).for_each(|key| self.say(Msg::Key(key)));
    }

    pub fn type_text(&mut self, text: &str) {
        keys::text(text).for_each(|key| self.say(Msg::Key(key)));
    }

    pub fn wait(&mut self) {
        let second = Duration::from_millis(1100);
        self.now.mono += second;
        self.now.wall = self.now.wall.checked_add(second).expect("a time");
        self.say(Msg::Tick);
    }

    /// Lets the answer to one of the questions come, whichever was asked first.
    pub fn answer(&mut self, at: usize) {
        let effect = self.waiting.remove(at);
        let msg = self.reply(effect);
        self.say(msg);
    }

    pub fn answer_all(&mut self) {
        for _ in 0..40 {
            while !self.waiting.is_empty() {
                self.answer(0);
            }
            self.wait();
            if self.waiting.is_empty() {
                return;
            }
        }
    }

    /// The choice of profiles or Regions is read from files, at once.
    pub fn answer_choices(&mut self) {
        while let Some(at) = self.waiting.iter().position(|effect| matches!(effect, Effect::ReadChoices)) {
            self.answer(at);
        }
    }

    pub fn reply(&mut self, effect: Effect) -> Msg {
        match effect {
            Effect::Connect { id, to } => {
                let region = to.region.clone().unwrap_or_else(|| REGIONS[0].to_owned());
                let resolved = Some(format!("https://rds.{region}.amazonaws.com"));
                let place = Target { region: Some(region), resolved, ..*to };
                self.opened.insert(id.place().expect("a place"), place.clone());
                Msg::Connected(id, Ok(place))
            }
            Effect::Ask(id, question) => {
                let fails = self.random.u8(..10) == 0;
                let answer = self.answer_of(id.place().expect("a place"), question);
                let failure = || Failure::local(FailureKind::NoConnection, "no route to host");
                Msg::Answered(id, if fails { Err(failure()) } else { Ok(answer) })
            }
            Effect::Submit { id, request, account, .. } => {
                let of = &self.opened[&id.place().expect("a place")];
                let own = account_of(of);
                assert_eq!(
                    account.as_ref().map(AccountId::as_str),
                    Some(own),
                    "the account that was confirmed"
                );
                let region = of.region.as_deref().expect("a Region");
                assert!(request.cluster.as_str().starts_with(&sign(own, region)), "{request:?} to {of:?}");
                let snapshot = snapshot(own, region, request.snapshot.as_str(), request.cluster.as_str());
                Msg::Submitted(id, Outcome::Created { snapshot: Box::new(snapshot), request_id: None })
            }
            Effect::ReadChoices => Msg::Choices(Ok(choices())),
            other => panic!("nobody answers {other:?}"),
        }
    }

    fn answer_of(&self, place: PlaceId, question: Question) -> Answer {
        let of = &self.opened[&place];
        let (account, region) = (account_of(of), of.region.as_deref().expect("a Region"));
        let clusters = || ["orders", "billing", "ledger"].map(|name| cluster(account, region, name)).to_vec();
        let snapshots = || {
            let name = |kind: &str| format!("{}-{kind}", sign(account, region));
            vec![snapshot(account, region, &name("snap"), &name("orders"))]
        };
        match question {
            Question::Caller => Answer::Caller(fixtures::caller(account)),
            Question::Clusters(_) => Answer::Clusters(Page { items: clusters(), next: None }),
            Question::Snapshots(_) => Answer::Snapshots(Page { items: snapshots(), next: None }),
            Question::ManualSnapshots(_) => Answer::ManualSnapshots(Page { items: snapshots(), next: None }),
            Question::Named(_) => Answer::Named(Vec::new()),
            Question::Cluster(id) => {
                Answer::Cluster(clusters().into_iter().find(|cluster| cluster.id == id).map(Box::new))
            }
            Question::Quota => Answer::Quota(None),
            Question::Followed(ids) => {
                let listed = ids.iter().map(|id| {
                    let cluster = format!("{}-orders", sign(account, region));
                    snapshot(account, region, id, &cluster)
                });
                Answer::Followed(clustersnap::domain::listing::Listing {
                    listed: listed.collect(),
                    account: clustersnap::domain::account::AccountId::reported(account),
                    server_time: None,
                })
            }
            Question::Events { .. } => Answer::Events(Page { items: Vec::new(), next: None }),
        }
    }

    /// Lets all answers come, and none fail, but those of one place.
    pub fn answer_all_but(&mut self, stalled: Option<PlaceId>) {
        let comes = |effect: &Effect| match effect {
            Effect::Ask(id, _) => stalled.is_none() || id.place() != stalled,
            _ => true,
        };
        while let Some(at) = self.waiting.iter().position(comes) {
            let msg = match self.waiting.remove(at) {
                Effect::Ask(id, question) => {
                    Msg::Answered(id, Ok(self.answer_of(id.place().expect("a place"), question)))
                }
                other => self.reply(other),
            };
            self.say(msg);
        }
    }

    /// Lets half a minute pass.
    pub fn pass(&mut self, stalled: Option<PlaceId>) {
        for _ in 0..27 {
            self.wait();
            self.answer_all_but(stalled);
        }
    }

    pub fn screen(&self) -> Vec<String> {
        let mut terminal = Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).expect("a terminal");
        terminal.draw(|frame| view::draw(&self.app, frame, &self.now)).expect("a frame");
        let buffer = terminal.backend().buffer();
        let row = |y| (0..SIZE.0).map(|x| buffer[(x, y)].symbol()).collect::<String>();
        (0..SIZE.1).map(row).collect()
    }

    /// What stands on the screen is of the places that are shown, each thing beside its own account and Region; and
    /// what a screen is about is of the place in the header.
    pub fn check(&self, step: usize) {
        let screen = self.screen();
        let header = &screen[0];
        let world = &self.app.world;
        let shown: Vec<(String, String)> = world
            .places
            .shown()
            .map(|place| {
                let target = place.target();
                (account_of(target).to_owned(), target.region.clone().unwrap_or_default())
            })
            .collect();
        let signs: Vec<String> = shown.iter().map(|(account, region)| sign(account, region)).collect();
        for (y, line) in screen.iter().enumerate().skip(1) {
            for (_, account) in PROFILES {
                for region in REGIONS {
                    let sign = sign(account, region);
                    if !line.contains(&format!("{sign}-")) {
                        continue;
                    }
                    // What is followed in a place that was left stays in the pane, with its place beside it.
                    let told = format!("step {step}, row {y}: {line}\n{}", screen.join("\n"));
                    let is_left = !signs.contains(&sign);
                    // What is the same for all of them needs no column.
                    let (one_account, one_region) =
                        (shown.iter().all(|(of, _)| of == account), shown.iter().all(|(_, of)| of == region));
                    let names_place = (one_account || line.contains(account))
                        && (one_region || line.contains(&format!(" {region} ")));
                    assert!(
                        !is_left || names_place || is_message(line),
                        "of a place that is not shown: {told}"
                    );
                }
            }
        }
        // The screen on top, where it is about one place.
        if let Some(at) = self.app.ui.screen().place(world) {
            let place = world.at(at);
            if let (Some(account), Some(region)) = (place.account(), place.target().region.clone()) {
                assert!(
                    header.contains(account.as_str()) && header.contains(&region),
                    "step {step}: {header}"
                );
            }
        }
        if let Some((at, cluster)) = self.app.ui.screen().about(world) {
            let place = world.at(at);
            let region = place.target().region.clone().unwrap_or_default();
            let account = account_of(place.target());
            assert!(cluster.as_str().starts_with(&sign(account, &region)), "step {step}: {cluster}");
        }
    }
}

/// Messages name the place that they are of.
fn is_message(line: &str) -> bool {
    PROFILES.iter().any(|(profile, _)| line.contains(&format!("{profile} ")))
}

fn account_of(place: &Target) -> &'static str {
    let profile = place.profile.as_deref().unwrap_or("ada");
    PROFILES.iter().find(|(name, _)| *name == profile).map(|(_, account)| *account).expect("a profile")
}

fn cluster(account: &str, region: &str, name: &str) -> Cluster {
    let id = format!("{}-{name}", sign(account, region));
    Cluster {
        arn: Some(format!("arn:aws:rds:{region}:{account}:cluster:{id}")),
        ..fixtures::cluster(&id, "available")
    }
}

fn snapshot(account: &str, region: &str, id: &str, cluster: &str) -> Snapshot {
    Snapshot {
        arn: Some(fixtures::snapshot_arn(region, account, id)),
        created_at: "2026-11-23T01:58:00Z".parse().ok(),
        percent: Some(10),
        ..fixtures::snapshot(id, cluster, "creating")
    }
}

fn choices() -> Choices {
    let profile = |(name, account): (&str, &str)| Profile {
        name: name.to_owned(),
        account: AccountId::reported(account),
        credentials: "keys".to_owned(),
        region: None,
        is_demo: false,
    };
    let regions = REGIONS.map(str::to_owned).to_vec();
    Choices { profiles: PROFILES.map(profile).to_vec(), regions, used: Vec::new() }
}
