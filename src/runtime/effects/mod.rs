//! What the core wants done, done: each effect on a task of its own, answered by messages.
//!
//! Each place has a connection of its own. Reads may be cancelled, and are when another connection to the place is
//! asked for. A submission never is: it keeps the connection that it began with, and goes on after the loop has
//! ended.

mod changes;
mod choices;
mod command;
mod connection;
mod kept;
mod listed;
mod login;
mod open;
mod reads;
mod recovery;
mod submission;
mod waits;

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::app::effect::Effect;
use crate::app::message::Msg;
use crate::app::question::Question;
use crate::app::request_id::{PlaceId, RequestId};
use crate::cli::Global;
use crate::domain::context::Target;
use crate::domain::failure::Failure;
use crate::domain::policy::Policy;
use crate::domain::request::SnapshotRequest;
use crate::rds;
use crate::session::Consent;

use super::clipboard;
use super::last_words::LastWords;
use connection::{Connection, Link};
use kept::KeptFiles;
use submission::OutcomeTelling;

/// What the program was started with.
#[derive(Clone, Debug, Default)]
pub struct StartOptions {
    /// Whether to serve the embedded simulator: no credentials, no network, no file.
    pub demo: bool,
    /// The places that were named, in order, each once; never none.
    pub places: Vec<rds::ServiceOptions>,
    /// Whether nothing but ASCII may be shown.
    pub ascii: bool,
}

impl StartOptions {
    /// What the command line asks for, with the places that it names.
    #[must_use]
    pub fn new(global: &Global, places: Vec<rds::ServiceOptions>) -> Self {
        Self { demo: global.demo, places, ascii: global.ascii }
    }

    /// The places as given, before anything was read.
    pub(crate) fn given(&self) -> Vec<Target> {
        let given = |options: &rds::ServiceOptions| Target {
            profile: options.profile.clone(),
            region: options.region.clone(),
            endpoint: options.endpoint_url.clone(),
            is_demo: self.demo,
            is_read_only: options.read_only,
            ..Target::default()
        };
        self.places.iter().map(given).collect()
    }

    /// What holds for every place, whichever its profile and Region are.
    fn common(&self) -> rds::ServiceOptions {
        self.places.first().cloned().unwrap_or_default()
    }
}

/// The world outside the core.
#[derive(Debug)]
pub struct OutsideWorld {
    options: StartOptions,
    /// What may hold requests back.
    policy: Policy,
    answers: mpsc::Sender<Msg>,
    /// A sender for each request that is under way, and one of its own.
    under_way: mpsc::Sender<()>,
    last_words: LastWords,
    links: HashMap<PlaceId, Link>,
    /// What is read of this machine.
    reads: JoinSet<()>,
    /// The files of the requests that wait and of the changes under way.
    kept: KeptFiles,
    /// The login that was started, ended when another is or nobody wants it.
    login: JoinSet<()>,
    /// One command of the configuration at a time.
    commands: Arc<tokio::sync::Mutex<()>>,
}

impl OutsideWorld {
    /// A world that answers into `answers`. The receiver hears of each request whose outcome is known; it is closed
    /// when none is under way and the world is gone.
    #[must_use]
    pub fn new(
        options: StartOptions,
        policy: Policy,
        answers: mpsc::Sender<Msg>,
        last_words: LastWords,
    ) -> (Self, mpsc::Receiver<()>) {
        let (under_way, receiver) = mpsc::channel(64);
        let (links, reads) = (HashMap::new(), JoinSet::new());
        let kept = KeptFiles::default();
        let (login, commands) = (JoinSet::new(), Arc::default());
        (
            Self { options, policy, answers, under_way, last_words, links, reads, kept, login, commands },
            receiver,
        )
    }

    /// Gives text to tmux, which tells what became of it. Returns at once.
    pub fn copy_to_tmux(&mut self, text: String) {
        self.read(async { Some(Msg::Replied(clipboard::give_to_tmux(text).await)) });
    }

    /// Starts an effect. Returns at once.
    pub fn perform(&mut self, effect: Effect) {
        // What has ended is let go.
        while self.reads.try_join_next().is_some() {}
        let answers = self.answers.clone();
        match effect {
            Effect::Connect { id, to } => {
                let Some(place) = id.place() else { return };
                self.links.entry(place).or_default().connect(
                    id,
                    *to,
                    (self.options.common(), self.policy.clone()),
                    answers,
                );
            }
            Effect::Ask(id, question) => self.ask(id, question),
            Effect::ReadHistory(id, before) => self.read(recovery::history(id, before, self.is_demo())),
            Effect::ReadEntries(id, positions) => self.read(recovery::entries(id, positions)),
            Effect::ReadChoices => self.read(choices::read(self.options.demo)),
            Effect::NoteChoice(profile, region) => {
                let profile = crate::names::profile(profile.as_deref());
                tokio::task::spawn_blocking(move || crate::choices::note(profile, region));
            }
            Effect::ReadOpenRequests(id) => self.read(open::read(id, self.is_demo())),
            Effect::ReadChange(id, change) => self.read(changes::read(id, change, self.is_demo())),
            Effect::LookUp(place, numbers) => {
                let Some(link) = self.links.get_mut(&place) else { return };
                link.reads.spawn(open::look_up(link.connection(), numbers, answers));
            }
            Effect::Submit { id, request, account, without_journal, told } => {
                let confirmed = Consent { account, without_journal, told, ..Consent::default() };
                self.submit(id, request, confirmed);
            }
            // Nothing waits in a place of which nothing was read.
            Effect::KeepWait(place, wait) => {
                if let Ok(connection) = self.connection(Some(place)) {
                    tokio::spawn(waits::keep(self.kept.clone(), connection, wait, answers));
                }
            }
            Effect::DropWait(token) => {
                tokio::spawn(self.kept.clone().drop_file(token));
            }
            Effect::EndChange(change) => {
                tokio::spawn(changes::end(self.kept.clone(), change));
            }
            Effect::Alter { id, snapshot, deed, terms } => {
                let connection = self.connection(id.place());
                tokio::spawn(submission::alter(connection, id, (*snapshot, deed, terms), self.telling()));
            }
            Effect::KeepChange(change) => {
                tokio::spawn(changes::keep(self.kept.clone(), change, answers));
            }
            Effect::ReadChanges => self.read(changes::recover(self.kept.clone())),
            Effect::NoteEnd { place, snapshot, ending } => {
                if let Ok(connection) = self.connection(Some(place)) {
                    tokio::spawn(async move {
                        recovery::note_end(&connection, &snapshot, &ending, &answers).await;
                        // Nobody takes it once the loop is over.
                        let _ = answers.send(Msg::JournalGrew).await;
                    });
                }
            }
            Effect::GiveCode { device, digits } => {
                self.options.common().mfa_code.give(&device, digits.reveal());
            }
            Effect::LogIn(id, profile) => {
                self.login.abort_all();
                self.login.spawn(login::run(id, profile, answers));
            }
            Effect::EndLogin => self.login.abort_all(),
            Effect::WatchLogin(file) => self.read(login::watch(file)),
            Effect::RunCommand { command, facts } => {
                // Like a submission it is not cut short by another connection.
                tokio::spawn(command::run(command, facts, Arc::clone(&self.commands), answers));
            }
            // The loop's own.
            Effect::Copy(_)
            | Effect::Bell
            | Effect::Notify(_)
            | Effect::SetTitle(_)
            | Effect::Suspend
            | Effect::Quit => {}
        }
    }

    /// Reads something of this machine on a task of its own, and hands on what it comes to, if it comes to anything.
    fn read(&mut self, read: impl Future<Output = Option<Msg>> + Send + 'static) {
        let answers = self.answers.clone();
        self.reads.spawn(async move {
            if let Some(msg) = read.await {
                // Nobody takes it once the loop is over.
                let _ = answers.send(msg).await;
            }
        });
    }

    fn ask(&mut self, id: RequestId, question: Question) {
        let Some(link) = id.place().and_then(|place| self.links.get_mut(&place)) else { return };
        while link.reads.try_join_next().is_some() {}
        let (connection, answers) = (link.connection(), self.answers.clone());
        let kept = (question == Question::Caller).then(|| self.kept.clone());
        link.reads.spawn(async move {
            reads::ask(connection.clone(), id, question, answers.clone()).await;
            // Whoever asks is known now: what an earlier run left open can be looked after.
            if let (Some(kept), Ok(connection)) = (kept, connection) {
                let left = recovery::recover(&connection, &answers).await;
                waits::recover(kept, &connection, &answers).await;
                recovery::recover_later(&connection, &left, &answers).await;
            }
        });
    }

    fn submit(&self, id: RequestId, request: SnapshotRequest, confirmed: Consent) {
        let connection = self.connection(id.place());
        tokio::spawn(submission::submit(connection, id, request, confirmed, self.telling()));
    }

    fn telling(&self) -> OutcomeTelling {
        OutcomeTelling {
            answers: self.answers.clone(),
            last_words: self.last_words.clone(),
            under_way: self.under_way.clone(),
        }
    }

    fn connection(&self, place: Option<PlaceId>) -> Result<Arc<Connection>, Failure> {
        let link = place.and_then(|place| self.links.get(&place));
        link.map_or_else(|| Err(connection::none()), Link::connection)
    }

    /// Whether the embedded simulator answers in every place: it leaves no trace on this machine.
    fn is_demo(&self) -> bool {
        let connected = || self.links.values().filter_map(|link| link.connection().ok());
        let is_any = connected().next().is_some();
        if is_any { connected().all(|connection| connection.is_demo()) } else { self.options.demo }
    }
}
