//! The core and the view on a stage: the embedded simulator answers, time stands still until it is moved,
//! and every frame is the real one.

use std::sync::Arc;
use std::time::Duration;

use clustersnap::app::effect::{Effect, Effects};
use clustersnap::app::message::Msg;
use clustersnap::app::question::{Answer, Question};
use clustersnap::app::{App, Appearance, Now, Settings};

use clustersnap::domain::earlier::Journalled;
use clustersnap::domain::failure::Failure;
use clustersnap::domain::page::SnapshotScope;
use clustersnap::rds::Client;
use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::Fleet;
use clustersnap::sim::{Simulator, SimulatorOptions, in_process};
use clustersnap::submit;
use clustersnap::view;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::demo;
use super::keys;

/// When every scene begins.
const EPOCH: &str = "2026-11-23T01:58:00Z";
/// Within so many seconds every list is read, at one request a second.
const EVERYTHING: u64 = 4;

/// How things look in a terminal that can show everything.
pub fn color() -> Appearance {
    Appearance::default()
}

/// How things look in a terminal that shows ASCII without colour.
pub fn plain() -> Appearance {
    Appearance { color: false, unicode: false, symbols: false, ..Appearance::default() }
}

pub struct Stage {
    pub app: App,
    pub simulator: Arc<Simulator>,
    client: Client,
    started: tokio::time::Instant,
    size: (u16, u16),
    /// Which questions get no answer.
    pub unanswered: fn(&Question) -> bool,
}

impl Stage {
    /// The moment before anything is known.
    pub fn opening(size: (u16, u16), look: Appearance, faults: &str) -> (Self, Effects) {
        let faults = FaultScript::from_toml(faults).expect("a script");
        Self::opening_of_fleet(size, look, Fleet::demo(), faults)
    }

    fn opening_of_fleet(
        size: (u16, u16),
        look: Appearance,
        fleet: Fleet,
        faults: FaultScript,
    ) -> (Self, Effects) {
        let epoch: Timestamp = EPOCH.parse().expect("a time");
        let options = SimulatorOptions { epoch: Some(epoch), speed: 1.0 };
        let simulator = Arc::new(Simulator::new(fleet, faults, options));
        let client = demo::client(in_process::connector(Arc::clone(&simulator)), false);
        let (app, effects) = App::new(Settings { look, ..Settings::default() }, size);
        (
            Self {
                app,
                simulator,
                client,
                started: tokio::time::Instant::now(),
                size,
                unanswered: |_| false,
            },
            effects,
        )
    }

    /// The list of clusters, with everything read.
    pub async fn list(size: (u16, u16), look: Appearance) -> Self {
        Self::list_with(size, look, "").await
    }

    /// The same, while things go wrong.
    pub async fn list_with(size: (u16, u16), look: Appearance, faults: &str) -> Self {
        let (mut stage, effects) = Self::opening(size, look, faults);
        stage.perform(effects).await;
        stage.wait(EVERYTHING).await;
        stage
    }

    /// The list of another fleet, with everything read.
    pub async fn of_fleet(size: (u16, u16), look: Appearance, fleet: Fleet, faults: FaultScript) -> Self {
        let (mut stage, effects) = Self::opening_of_fleet(size, look, fleet, faults);
        stage.perform(effects).await;
        stage.wait(EVERYTHING).await;
        stage
    }

    /// Presses keys, named and divided by blanks, and lets every effect come to its end.
    pub async fn press(&mut self, keys: &str) {
        let before = self.app.ui.draft(&self.app.world);
        for key in keys::keys(keys) {
            self.say(Msg::Key(key)).await;
        }
        let draft = self.app.ui.draft(&self.app.world);
        if draft.is_some() && draft != before {
            // What the form shows of the service is asked for at one request a second.
            self.wait(2).await;
        }
    }

    pub async fn type_text(&mut self, text: &str) {
        for key in keys::text(text) {
            self.say(Msg::Key(key)).await;
        }
    }

    pub async fn say(&mut self, msg: Msg) {
        let effects = self.update(msg);
        self.perform(effects).await;
    }

    /// Presses a key; what the core wants done then, undone.
    pub fn press_only(&mut self, key: &str) -> Effects {
        self.update(Msg::Key(keys::key(key)))
    }

    /// What the core wants done after a message, undone.
    pub fn update(&mut self, msg: Msg) -> Effects {
        let now = self.now();
        self.app.update(msg, &now)
    }

    /// Lets time pass, second by second.
    pub async fn wait(&mut self, seconds: u64) {
        for _ in 0..seconds {
            tokio::time::advance(Duration::from_secs(1)).await;
            self.say(Msg::Tick).await;
        }
    }

    /// The terminal gets another size.
    pub async fn resize(&mut self, size: (u16, u16)) {
        self.size = size;
        self.say(Msg::Resize(size.0, size.1)).await;
    }

    pub fn frame(&self) -> Buffer {
        let backend = TestBackend::new(self.size.0, self.size.1);
        let mut terminal = Terminal::new(backend).expect("a terminal");
        let now = self.now();
        terminal.draw(|frame| view::draw(&self.app, frame, &now)).expect("a frame");
        terminal.backend().buffer().clone()
    }

    /// Where requests go.
    pub fn place(&self) -> clustersnap::domain::context::Target {
        self.client.target().clone()
    }

    pub fn now(&self) -> Now {
        Now { wall: self.simulator.now().to_zoned(TimeZone::UTC), mono: self.started.elapsed() }
    }

    pub async fn perform(&mut self, effects: Effects) {
        let mut waiting = std::collections::VecDeque::from(effects);
        while let Some(effect) = waiting.pop_front() {
            for msg in self.answers(effect).await {
                waiting.extend(self.update(msg));
            }
        }
    }

    async fn answers(&self, effect: Effect) -> Vec<Msg> {
        let client = &self.client;
        match effect {
            Effect::Connect { id, .. } => vec![Msg::Connected(id, Ok(client.target().clone()))],
            Effect::Ask(_, question) if (self.unanswered)(&question) => Vec::new(),
            Effect::Ask(id, question) => vec![Msg::Answered(id, self.answer(question).await)],
            Effect::Submit { id, request, .. } => {
                let submission = demo::submission(client, request);
                let submitted =
                    submit::submit(client, None, submission, || self.simulator.now(), |_| {}).await;
                vec![Msg::Submitted(id, submitted.outcome)]
            }
            Effect::ReadChange(id, _) => vec![Msg::ChangeRequests(id, Ok(Journalled::default()))],
            Effect::ReadHistory(id, _) => vec![Msg::History(id, Ok(Some(past())))],
            _ => Vec::new(),
        }
    }

    async fn answer(&self, question: Question) -> Result<Answer, Failure> {
        let client = &self.client;
        let of = async |scope: SnapshotScope, marker: Option<String>| {
            client.snapshots_page(&scope, marker.as_deref()).await
        };
        Ok(match question {
            Question::Caller => Answer::Caller(client.caller().await?),
            Question::Clusters(marker) => Answer::Clusters(client.clusters_page(marker.as_deref()).await?),
            Question::Snapshots(marker) => {
                let mut page = of(SnapshotScope::Region, marker).await?;
                // No scene has a snapshot of AWS Backup, whose list comes behind the others'.
                page.next = page.next.filter(|next| !next.contains("awsbackup"));
                Answer::Snapshots(page)
            }
            Question::ManualSnapshots(marker) => {
                Answer::ManualSnapshots(of(SnapshotScope::Manual, marker).await?)
            }
            Question::Named(names) => Answer::Named(client.snapshots_named(&names).await?.listed),
            Question::Cluster(cluster) => Answer::Cluster(client.cluster(&cluster).await?.map(Box::new)),
            Question::Quota => Answer::Quota(client.quota().await?),
            Question::Followed(ids) => Answer::Followed(client.snapshots_named(&ids).await?),
            Question::Events { minutes, marker } => {
                Answer::Events(client.events_page(minutes, marker.as_deref()).await?)
            }
        })
    }
}

/// The requests of a journal that was written before the scene.
pub fn past() -> clustersnap::domain::record::RecordPage {
    let folder = tempfile::tempdir().expect("a folder");
    let journal = clustersnap::journal::Journal::open(folder.path());
    std::fs::write(journal.path(), include_str!("../frames/journal.jsonl")).expect("a file can be written");
    journal.page(None, 500).expect("the journal can be read")
}
