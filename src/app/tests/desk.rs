//! For tests: a person at the keyboard, and a service that answers when told to.

use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::cluster::Cluster;
use crate::domain::outcome::Outcome;
use crate::domain::page::Page;
use crate::domain::policy::Policy;
use crate::domain::snapshot::Snapshot;
use crate::domain::tag::Tag;
use crate::fixtures::{self, ACCOUNT, place};
use crate::keys;

use super::super::drafts::form::Form;
use super::super::effect::{Effect, Effects};
use super::super::message::Msg;
use super::super::question::{Answer, Question};
use super::super::request_id::RequestId;
use super::super::screens::AnyScreen;
use super::super::screens::history::History;
use super::super::world::World;
use super::super::{App, Now, Settings};
use crate::domain::request::SnapshotRequest;

/// A person at the keyboard, with a service that answers when told to.
pub(super) struct Desk {
    pub(super) app: App,
    pub(super) now: Now,
    pub(super) effects: Effects,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self::with(Policy::default())
    }

    /// A desk in a place with a policy.
    pub(super) fn with(policy: Policy) -> Self {
        Self::started(Settings { policy, ..Settings::default() })
    }

    /// A desk at a program that was started so.
    pub(super) fn started(settings: Settings) -> Self {
        let (app, effects) = App::new(settings, (80, 24));
        let at: Timestamp = "2026-11-23T01:58:00Z".parse().expect("a time");
        let now = Now { wall: at.to_zoned(TimeZone::UTC), mono: Duration::ZERO };
        Self { app, now, effects }
    }

    /// A desk with the clusters and snapshots of a small Region on the screen.
    pub(super) fn ready() -> Self {
        Self::new().connected()
    }

    /// The same, with the clusters and snapshots of a small Region on the screen.
    pub(super) fn connected(self) -> Self {
        let mut desk = self;
        let connect = desk.sent(|effect| match effect {
            Effect::Connect { id, .. } => Some(*id),
            _ => None,
        });
        desk.say(Msg::Connected(connect, Ok(place("eu-west-1"))));
        let clusters = desk.clusters_asked();
        let items = vec![
            cluster("billing", "available"),
            cluster("orders-prod", "available"),
            cluster("busy", "backing-up"),
        ];
        desk.say(Msg::Answered(clusters, Ok(Answer::Clusters(Page { items, next: None }))));
        let snapshots = desk.asked(|effect| match effect {
            Effect::Ask(id, Question::Snapshots(_)) => Some(*id),
            _ => None,
        });
        let items = vec![snapshot("taken", "orders-prod", "available")];
        desk.say(Msg::Answered(snapshots, Ok(Answer::Snapshots(Page { items, next: None }))));
        desk
    }

    pub(super) fn say(&mut self, msg: Msg) {
        self.effects = self.app.update(msg, &self.now);
    }

    pub(super) fn press(&mut self, keys: &str) {
        for key in keys::keys(keys) {
            self.say(Msg::Key(key));
        }
    }

    pub(super) fn type_text(&mut self, text: &str) {
        for key in keys::text(text) {
            self.say(Msg::Key(key));
        }
    }

    pub(super) fn wait(&mut self, time: Duration) {
        self.now.mono += time;
        self.now.wall = self.now.wall.checked_add(time).expect("a time");
        self.say(Msg::Tick);
    }

    pub(super) fn sent<T>(&self, pick: impl Fn(&Effect) -> Option<T>) -> T {
        self.effects.iter().find_map(pick).expect("the effect was asked for")
    }

    /// The question who asks, once it is put.
    pub(super) fn caller_asked(&mut self) -> RequestId {
        self.asked(|effect| match effect {
            Effect::Ask(id, Question::Caller) => Some(*id),
            _ => None,
        })
    }

    /// Lets time pass, if it has to, until something is asked for.
    pub(super) fn asked<T>(&mut self, pick: impl Fn(&Effect) -> Option<T>) -> T {
        for _ in 0..10 {
            if let Some(found) = self.effects.iter().find_map(&pick) {
                return found;
            }
            self.wait(Duration::from_secs(1));
        }
        panic!("it was not asked for");
    }

    pub(super) fn clusters_asked(&mut self) -> RequestId {
        self.asked(|effect| match effect {
            Effect::Ask(id, Question::Clusters(_)) => Some(*id),
            _ => None,
        })
    }

    /// The question for the snapshots, which comes after the clusters were read.
    pub(super) fn snapshots_asked(&mut self) -> RequestId {
        let clusters = self.clusters_asked();
        let items = self.app.world.place().catalog.clusters.items.clone();
        self.say(Msg::Answered(clusters, Ok(Answer::Clusters(Page { items, next: None }))));
        self.asked(|effect| match effect {
            Effect::Ask(id, Question::Snapshots(_)) => Some(*id),
            _ => None,
        })
    }

    pub(super) fn submitted(&self) -> RequestId {
        self.sent(|effect| match effect {
            Effect::Submit { id, .. } => Some(*id),
            _ => None,
        })
    }

    pub(super) fn note(&self) -> String {
        let World { notices, keymap, .. } = &self.app.world;
        let text = notices.note().map(|note| note.text.as_str()).unwrap_or_default();
        keymap.told(text, self.app.focus()).into_owned()
    }

    /// The draft on the screen.
    pub(super) fn form(&self) -> &Form {
        let draft = self.app.ui.draft(&self.app.world).and_then(|draft| self.app.world.drafts.get(draft));
        draft.expect("the form is on the screen")
    }

    /// What is offered to complete the field that has the focus.
    pub(super) fn offer(&self) -> Option<String> {
        let Some(AnyScreen::Form(form)) = self.app.ui.top() else { panic!("{:?}", self.app.ui.top()) };
        form.offer(&self.app.world)
    }

    /// What is doubtful about each cluster of the change that is reviewed.
    pub(super) fn doubts_of_change(&self) -> Vec<String> {
        let Some(AnyScreen::ChangeReview(review)) = self.app.ui.top() else {
            panic!("{:?}", self.app.ui.top())
        };
        review.asked.iter().map(|one| one.doubts.join("; ")).collect()
    }

    /// The request under review.
    pub(super) fn review(&self) -> &SnapshotRequest {
        let Some(AnyScreen::Review(review)) = self.app.ui.top() else { panic!("{:?}", self.app.ui.top()) };
        &review.request
    }

    /// The history on the screen.
    pub(super) fn history(&self) -> &History {
        let Some(AnyScreen::History(history)) = self.app.ui.top() else { panic!("{:?}", self.app.ui.top()) };
        history
    }

    /// The screen in a word.
    pub(super) fn screen(&self) -> &'static str {
        match self.app.ui.top() {
            None => "clusters",
            Some(AnyScreen::Form(_)) => "form",
            Some(AnyScreen::Review(review)) if review.sent.is_some() => "sending",
            Some(AnyScreen::Review(_)) => "review",
            Some(_) => "another",
        }
    }
}

pub(super) fn cluster(id: &str, status: &str) -> Cluster {
    Cluster {
        arn: Some(format!("arn:aws:rds:eu-west-1:{ACCOUNT}:cluster:{id}")),
        resource_id: Some(format!("cluster-{id}")),
        engine_version: Some("16.4".to_owned()),
        copies_tags: Some(true),
        tags: vec![Tag::new("owner", "dba"), Tag::new("aws:cloudformation:stack-name", "x")],
        ..fixtures::cluster(id, status)
    }
}

pub(super) fn snapshot(id: &str, cluster: &str, status: &str) -> Snapshot {
    let created_at = "2026-11-23T01:58:01Z".parse().ok();
    Snapshot { percent: Some(0), created_at, ..fixtures::snapshot(id, cluster, status) }
}

pub(super) fn created(id: &str) -> Outcome {
    Outcome::Created { snapshot: Box::new(snapshot(id, "orders-prod", "creating")), request_id: None }
}
