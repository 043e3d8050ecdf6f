//! A place: one account and Region, and everything that is known of it. It has its own questions, pace, failures,
//! followed snapshots and waits, so that several can live side by side.
//!
//! Knows no screen: what is to be done and what is to be told is put out ([`Place::take_effects`],
//! [`Place::take_news`]) and taken by whoever holds it.

pub(crate) mod account;
mod answers;
pub(crate) mod catalog;
mod cluster_read;
mod demo;
pub(crate) mod durations;
pub(crate) mod followed;
mod followed_snapshot;
mod index;
mod name;
pub(crate) mod pages;
pub(crate) mod questions;
mod search;
pub(crate) mod submitting;
mod texts;
pub(crate) mod waits;

use std::time::Duration;

use crate::domain::account::AccountId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::{self, Caller};
use crate::domain::event::EVENT_LAG;
use crate::domain::failure::Failure;
use crate::domain::mark::{MarkKey, RequestNumber};
use crate::domain::page::Quota;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::status::Readiness;

use super::Now;
use super::effect::{Effect, Effects};
use super::note::{About, Note, Tone};
use super::question::Question;
use super::request_id::{PlaceId, RequestId, RequestIds};
use super::settings::Stay;
use super::telling;

use catalog::Catalog;
use cluster_read::ClusterRead;
use durations::Durations;
use followed::{FollowedSnapshot, FollowedSnapshots, FollowedState};
use questions::{Due, QuestionSubject, Questions, Remote};
use search::Search;
use submitting::Settled;
use waits::Waits;

/// Where the connection to the service stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// The configuration is being read.
    Connecting(RequestId),
    /// There is a client for this profile, Region and endpoint.
    Ready(context::Target),
    /// There is none; why.
    Failed(Failure),
}

/// Something that a place has to say.
#[derive(Clone, Debug)]
pub enum News {
    /// Something to tell.
    Told(Note),
    /// A request that waited came to nothing by itself, and what is told of it.
    CameToNothing(Settled, Note),
    /// What was told of this is not so any more.
    Over(About),
    /// What is known of clusters, of snapshots, or of how these came about has changed.
    Changed,
    /// These snapshots have ended.
    Ended(Vec<FollowedSnapshot>),
    /// Another account answers than this one before: what was drafted for that is for nobody.
    TurnedToAnother(AccountId, Note),
    /// A wait is over without a request, by its token: its draft is to be had again.
    WaitOver(String),
    /// The request of a wait is sent now.
    Launched(RequestNumber, RequestId),
}

/// Everything that is known of one account and Region.
#[expect(clippy::struct_excessive_bools, reason = "who needs it: each by itself, and several at a time")]
#[derive(Debug)]
pub struct Place {
    /// Its name in this run.
    pub id: PlaceId,
    /// Where the connection stands.
    pub connection: ConnectionState,
    /// The profile, Region and endpoint that were asked for.
    given: context::Target,
    /// Who the caller is.
    pub caller: Remote<Caller>,
    /// The clusters and snapshots.
    pub catalog: Catalog,
    /// When the list of clusters was last begun to be read, on the monotonic clock.
    clusters_begun: Duration,
    /// The quota of manual snapshots.
    pub quota: Remote<Option<Quota>>,
    /// The last read of the cluster of a form.
    pub cluster_read: ClusterRead,
    /// The snapshots that are followed.
    pub followed: FollowedSnapshots,
    /// The requests that wait until their cluster is available.
    pub waits: Waits,
    /// What is known of earlier snapshots.
    pub durations: Durations,
    /// What is wanted of the service, and what is in flight.
    pub questions: Questions,
    /// Whether the lists show it: of one that was left only what is followed there is looked after.
    pub is_shown: bool,
    /// Whether a change of an earlier run is gone on with in it: what became of that its lists tell, shown or not.
    pub is_of_change: bool,
    /// Whether the review of a change that is open has clusters of it, shown or not.
    pub is_reviewed: bool,
    /// Whether somebody looks: a terminal without the focus is served more slowly.
    pub is_watched: bool,
    search: Search,
    /// The name that is typed, once it is to be looked up.
    name: Option<SnapshotId>,
    mark_key: MarkKey,
    ids: RequestIds,
    random: fastrand::Rng,
    effects: Effects,
    news: Vec<News>,
}

impl Place {
    /// A place as it starts; the first thing that it wants is a connection.
    pub fn new(id: PlaceId, given: context::Target, mark_key: MarkKey, seed: u64) -> Self {
        let mut ids = RequestIds::of(id);
        let first = ids.issue();
        let effects = vec![Effect::Connect { id: first, to: Box::new(given.clone()) }];
        Self {
            id,
            connection: ConnectionState::Connecting(first),
            given,
            caller: Remote::default(),
            catalog: Catalog::default(),
            clusters_begun: Duration::ZERO,
            quota: Remote::default(),
            cluster_read: ClusterRead::default(),
            followed: FollowedSnapshots::default(),
            waits: Waits::default(),
            durations: Durations::default(),
            questions: Questions::default(),
            is_shown: true,
            is_of_change: false,
            is_reviewed: false,
            is_watched: true,
            search: Search::default(),
            name: None,
            mark_key,
            ids,
            random: fastrand::Rng::with_seed(seed),
            effects,
            news: Vec::new(),
        }
    }

    /// What is to be done.
    pub fn take_effects(&mut self) -> Effects {
        std::mem::take(&mut self.effects)
    }

    /// What is to be told, in the order in which it came about.
    pub fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// The profile, Region and endpoint that are in use, or those that were asked for.
    pub fn target(&self) -> &context::Target {
        match &self.connection {
            ConnectionState::Ready(target) => target,
            ConnectionState::Connecting(_) | ConnectionState::Failed(_) => &self.given,
        }
    }

    /// What people call it: its profile, or else its account, and its Region.
    pub fn label(&self) -> String {
        let context::Target { profile, region, .. } = self.target();
        context::called(profile.as_deref(), self.account().as_ref(), region.as_deref())
    }

    /// Why its clusters cannot be read, or not be read anew.
    pub fn trouble(&self) -> Option<&Failure> {
        match &self.connection {
            ConnectionState::Failed(failure) => Some(failure),
            ConnectionState::Connecting(_) | ConnectionState::Ready(_) => {
                self.catalog.clusters.failure.as_ref()
            }
        }
    }

    /// What was asked for when it was opened.
    pub fn given(&self) -> &context::Target {
        &self.given
    }

    /// Why it cannot be asked anything, or could not be the last time.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.connection {
            ConnectionState::Failed(failure) => Some(failure),
            ConnectionState::Ready(_) => self.questions.backoff.failure(),
            ConnectionState::Connecting(_) => None,
        }
    }

    /// Connects anew.
    pub fn connect(&mut self) {
        let id = self.ids.issue();
        self.followed.knows_earlier = false;
        self.connection = ConnectionState::Connecting(id);
        self.effects.push(Effect::Connect { id, to: Box::new(self.given.clone()) });
    }

    /// Reads everything anew, or connects anew where there is no connection.
    pub fn refresh(&mut self, now: &Now) {
        match &self.connection {
            ConnectionState::Connecting(_) => {}
            ConnectionState::Failed(_) => self.connect(),
            ConnectionState::Ready(_) => {
                self.questions.backoff.lift();
                self.read_everything(now);
            }
        }
    }

    /// Reads everything anew with new credentials: what was asked before, with those that were, counts no longer.
    pub fn renew(&mut self, now: &Now) {
        if matches!(self.connection, ConnectionState::Ready(_)) {
            let (form, quota) = (self.cluster_read.of.clone(), std::mem::take(&mut self.quota));
            self.forget_questions();
            // What it says stands against sending until it is read anew.
            self.quota = quota;
            if self.is_reviewed {
                self.want_for_change(now);
            } else if let Some(cluster) = form {
                self.want_for_form(&cluster, now);
            }
        }
        self.refresh(now);
    }

    /// Whether an answer is still waited for.
    pub fn awaits(&self, id: RequestId) -> bool {
        self.connection == ConnectionState::Connecting(id) || self.questions.is_asked(id)
    }

    /// Lets what ended well a while ago leave the pane.
    pub fn let_go(&mut self, stay: Stay, now: &Now) {
        self.followed.let_go(&self.mark_key, stay, now);
    }

    /// Asks what may be asked now, and what has waited longest first.
    pub fn ask(&mut self, now: &Now) {
        loop {
            let due = self.due(now).into_iter().filter(|due| due.from <= now.mono);
            let order = |a: &Due, b: &Due| (a.since, &a.subject).cmp(&(b.since, &b.subject));
            let Some(Due { subject, .. }) = due.min_by(order) else { return };
            if !self.questions.take_turn(&subject, now.mono) {
                return;
            }
            match self.question(&subject, now) {
                Some(question) => self.put(subject, question),
                // Nothing is to be asked of it any more: left as wanted, it would take every turn.
                None => self.questions.forget(&subject),
            }
        }
    }

    /// When the next question is due, on the monotonic clock; `None` while nothing is to be asked.
    pub fn next_question(&self, now: &Now) -> Option<Duration> {
        self.due(now).into_iter().map(|due| due.from).min()
    }

    /// When the snapshots in progress are looked at next, on the monotonic clock.
    pub fn next_poll(&self, now: &Now) -> Option<Duration> {
        self.due(now).into_iter().find(|due| due.subject == QuestionSubject::Followed).map(|due| due.from)
    }

    /// What a person has to do before the place can go on asking; `refreshes` is whether `r` is a key for that.
    pub fn banner(&self, refreshes: bool) -> Option<String> {
        self.refused_credentials().map(|failure| telling::paused(failure, refreshes))
    }

    /// Whether a request for a snapshot of this name is under way from here, or waits.
    pub fn is_requested(&self, name: &str) -> bool {
        self.waits.is_for(name) || self.followed.is_requested(name)
    }

    /// Whether the cluster is busy now, so that a request can wait for it.
    pub fn is_busy(&self, cluster: &ClusterId) -> bool {
        self.catalog.cluster(cluster).is_some_and(|cluster| cluster.status.readiness() == Readiness::Busy)
    }

    fn due(&self, now: &Now) -> Vec<Due> {
        if !matches!(self.connection, ConnectionState::Ready(_)) {
            return Vec::new();
        }
        let poll = self.followed.next_due(now, self.is_watched).map(|due| (QuestionSubject::Followed, due));
        let mut due = self.questions.due(poll.into_iter().chain(self.looks()));
        let is_reviewed = |due: &Due| self.is_reviewed && due.subject.is_of_review();
        let has_lists = self.is_shown || self.is_of_change;
        due.retain(|due| has_lists || !due.subject.is_of_lists() || is_reviewed(due));
        let clusters = &self.catalog.clusters;
        if clusters.is_loading() && clusters.failure.is_none() {
            // A person sees those first.
            due.retain(|due| due.subject != QuestionSubject::Snapshots);
        }
        due
    }

    /// Asks who the caller is.
    pub(super) fn ask_caller(&mut self) {
        self.put(QuestionSubject::Caller, Question::Caller);
    }

    fn put(&mut self, subject: QuestionSubject, question: Question) {
        let id = self.ids.issue();
        self.questions.ask(id, subject);
        self.effects.push(Effect::Ask(id, question));
    }

    fn question(&mut self, subject: &QuestionSubject, now: &Now) -> Option<Question> {
        Some(match subject {
            QuestionSubject::Caller => Question::Caller,
            QuestionSubject::Cluster => Question::Cluster(self.cluster_read.of.clone()?),
            QuestionSubject::Quota => Question::Quota,
            QuestionSubject::Name => Question::Named(vec![self.name.as_ref()?.to_string()]),
            QuestionSubject::Followed => Question::Followed(self.followed.ask(now, self.is_watched)),
            QuestionSubject::Availability(token) => Question::Cluster(self.waits.cluster_of(token)?),
            QuestionSubject::Clusters => Question::Clusters(self.catalog.clusters.marker()),
            QuestionSubject::LatestEvents => self.search.events_question(now),
            QuestionSubject::Begun => self.search.names_question()?,
            QuestionSubject::ManualSnapshots => self.search.round_question(now),
            QuestionSubject::Snapshots => Question::Snapshots(self.catalog.snapshots.marker()),
            QuestionSubject::Events => self.durations.question(),
        })
    }

    fn tell(&mut self, tone: Tone, text: &str) {
        self.news.push(News::Told(Note::new(tone, text)));
    }

    /// Tells something of a snapshot, or of the request for it.
    fn tell_of(&mut self, snapshot: &str, tone: Tone, text: &str) {
        self.news.push(News::Told(Note::new(tone, text).about(self.id, snapshot)));
    }

    fn jitter(&mut self) -> u8 {
        self.random.u8(..)
    }

    /// Follows what is in progress among snapshots that a list has, and tells of what has ended.
    fn notice(&mut self, listed: &[Snapshot], now: &Now) {
        let ended: Vec<usize> =
            listed.iter().filter_map(|snapshot| self.followed.notice(snapshot, now)).collect();
        self.take_ended(&ended, now);
        if self.followed.open_count() > 0 {
            self.look_back(now);
        }
    }

    /// Takes it that some of the followed snapshots have ended.
    fn take_ended(&mut self, rows: &[usize], now: &Now) {
        let ended: Vec<FollowedSnapshot> =
            rows.iter().filter_map(|at| self.followed.rows.get(*at)).cloned().collect();
        if ended.is_empty() {
            return;
        }
        for row in &ended {
            if let Some(ending) = row.followed.ending() {
                self.durations.earlier.note_ending(&row.id, ending);
            }
            if matches!(row.state, FollowedState::Gone(_)) {
                // The list that has it is older than what its looks tell, and so is the count.
                self.catalog.forget_snapshot(&row.id);
                self.recount(now);
                self.news.push(News::Changed);
            }
        }
        if !self.questions.is_in_flight(&QuestionSubject::Events) {
            self.questions.want(QuestionSubject::Events, now.mono + EVENT_LAG);
        }
        self.news.push(News::Ended(ended));
    }
}
