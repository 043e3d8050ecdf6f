//! What the core wants done, done: each effect on a task of its own, answered by messages.
//!
//! Reads may be cancelled, and are when another connection is asked for. A submission never is: it keeps
//! the connection that it began with, and goes on after the loop has ended.

mod command;
mod connection;
mod listed;
mod open;
mod reads;
mod recovery;
mod submission;
mod waits;

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::app::effect::Effect;
use crate::app::message::Msg;
use crate::app::question::Question;
use crate::cli::Global;
use crate::domain::context::Place;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::policy::Policy;
use crate::rds;
use crate::session::Confirmed;

use super::clipboard;
use super::last_words::LastWords;
use connection::Connection;
use submission::Telling;
use waits::Waits;

/// What the program was started with.
#[derive(Clone, Debug, Default)]
pub struct StartOptions {
    /// Whether to serve the embedded simulator: no credentials, no network, no file.
    pub demo: bool,
    /// The places that were named, in order, each once; never none.
    pub places: Vec<rds::Options>,
    /// Whether nothing but ASCII may be shown.
    pub ascii: bool,
    /// What may hold requests back; without it none is sent.
    pub policy: Option<Policy>,
}

impl StartOptions {
    /// What the command line asks for, with the places that it names.
    #[must_use]
    pub fn new(global: &Global, places: Vec<rds::Options>) -> Self {
        Self { demo: global.demo, places, ascii: global.ascii, policy: None }
    }

    /// The first place as given, before anything was read.
    #[must_use]
    pub fn place(&self) -> Place {
        let first = self.first();
        Place {
            profile: first.profile,
            region: first.region,
            endpoint: first.endpoint_url,
            resolved: None,
            is_demo: self.demo,
            is_read_only: first.read_only,
        }
    }

    /// What the first place is connected with.
    pub(super) fn first(&self) -> rds::Options {
        self.places.first().cloned().unwrap_or_default()
    }
}

/// The connection that is in use, if there is one.
type Current = Arc<Mutex<Option<Arc<Connection>>>>;

/// The world outside the core.
#[derive(Debug)]
pub struct World {
    options: StartOptions,
    answers: mpsc::Sender<Msg>,
    /// A sender for each request that is under way, and one of its own.
    under_way: mpsc::Sender<()>,
    last_words: LastWords,
    current: Current,
    reads: JoinSet<()>,
    waits: Waits,
    /// One command of the configuration at a time.
    commands: Arc<tokio::sync::Mutex<()>>,
}

impl World {
    /// A world that answers into `answers`. The receiver hears of each request whose outcome is known; it is closed
    /// when none is under way and the world is gone.
    #[must_use]
    pub fn new(
        options: StartOptions,
        answers: mpsc::Sender<Msg>,
        last_words: LastWords,
    ) -> (Self, mpsc::Receiver<()>) {
        let (under_way, receiver) = mpsc::channel(64);
        let (current, reads) = (Current::default(), JoinSet::new());
        let (waits, commands) = (Waits::default(), Arc::default());
        (Self { options, answers, under_way, last_words, current, reads, waits, commands }, receiver)
    }

    /// Gives text to tmux, which tells what became of it. Returns at once.
    pub fn copy_to_tmux(&mut self, text: String) {
        let answers = self.answers.clone();
        self.reads.spawn(async move {
            // The loop is over when nobody takes it.
            let _ = answers.send(Msg::Told(clipboard::give_to_tmux(text).await)).await;
        });
    }

    /// Starts an effect. Returns at once.
    pub fn perform(&mut self, effect: Effect) {
        // What has ended is let go.
        while self.reads.try_join_next().is_some() {}
        let answers = self.answers.clone();
        let connection = self.connection();
        match effect {
            Effect::Connect { id, demo } => {
                self.reads.abort_all();
                let (options, current) = (self.options.clone(), Arc::clone(&self.current));
                self.reads.spawn(connection::connect(id, demo, options, current, answers));
            }
            Effect::Ask(id, question) => {
                let waits = (question == Question::Caller).then(|| self.waits.clone());
                self.reads.spawn(async move {
                    reads::ask(connection.clone(), id, question, answers.clone()).await;
                    // Whoever asks is known now: what an earlier run left open can be looked after.
                    if let (Some(waits), Ok(connection)) = (waits, connection) {
                        recovery::recover(&connection, &answers).await;
                        waits.recover(&connection, &answers).await;
                    }
                });
            }
            Effect::ReadHistory(id, before) => {
                let is_demo =
                    connection.as_ref().map_or(self.options.demo, |connection| connection.is_demo());
                self.reads.spawn(recovery::history(id, before, is_demo, answers));
            }
            Effect::ReadOpenRequests(id) => {
                self.reads.spawn(open::read(connection, id, answers));
            }
            Effect::LookUp(numbers) => {
                self.reads.spawn(open::look_up(connection, numbers, answers));
            }
            Effect::Submit { id, request, account, without_journal } => {
                let telling = Telling {
                    answers,
                    last_words: self.last_words.clone(),
                    under_way: self.under_way.clone(),
                };
                tokio::spawn(submission::submit(
                    connection,
                    id,
                    request,
                    Confirmed { account, without_journal, ..Confirmed::default() },
                    telling,
                ));
            }
            Effect::KeepWait(wait) => {
                if let Ok(connection) = connection {
                    tokio::spawn(self.waits.clone().keep(connection, wait, answers));
                }
            }
            Effect::DropWait(token) => {
                tokio::spawn(self.waits.clone().drop_request(token));
            }
            Effect::NoteEnd { snapshot, ending } => {
                if let Ok(connection) = connection {
                    tokio::spawn(async move { recovery::note_end(&connection, &snapshot, &ending).await });
                }
            }
            Effect::RunCommand { command, facts } => {
                // Like a submission it is not cut short by another connection.
                tokio::spawn(command::run(command, facts, Arc::clone(&self.commands), answers));
            }
            // The loop's own.
            Effect::Copy(_)
            | Effect::Bell
            | Effect::Notify { .. }
            | Effect::SetTitle(_)
            | Effect::Suspend
            | Effect::Quit => {}
        }
    }

    fn connection(&self) -> Result<Arc<Connection>, Failure> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        current.ok_or_else(|| Failure::local(FailureKind::NoConnection, "there is no connection yet"))
    }
}
