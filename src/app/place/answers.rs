//! Answers of the service: which are taken, and what follows from them. Late ones are dropped.

use crate::app::Now;
use crate::app::note::{About, Note, Tone};
use crate::app::question::Answer;
use crate::app::request_id::RequestId;
use crate::app::telling;
use crate::domain::cluster::Cluster;
use crate::domain::context::{self, Caller};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::listing::Listing;
use crate::domain::page::{Page, Quota};
use crate::domain::snapshot::Snapshot;
use crate::track::backoff::Backoff;
use crate::track::schedule::FAST;

use super::cluster_read::ClusterRead;
use super::durations::Durations;
use super::followed::FollowedState;
use super::questions::{QuestionSubject, Remote};
use super::search::Search;
use super::{ConnectionState, News, Place};

/// The answer of a kind; that of another question is no answer.
macro_rules! of {
    ($answer:expr, $kind:ident) => {
        $answer.and_then(|answer| match answer {
            Answer::$kind(answer) => Ok(answer),
            _ => Err(Failure::local(FailureKind::UnreadableAnswer, "another question's answer came")),
        })
    };
}

impl Place {
    /// Takes what became of connecting.
    pub fn connected(&mut self, id: RequestId, answer: Result<context::Target, Failure>, now: &Now) {
        if self.connection != ConnectionState::Connecting(id) {
            return;
        }
        match answer {
            Ok(target) => {
                self.connection = ConnectionState::Ready(target);
                self.questions.backoff = Backoff::default();
                self.forget_questions();
                self.read_everything(now);
            }
            Err(failure) => self.connection = ConnectionState::Failed(failure),
        }
    }

    /// Takes an answer of the service.
    pub fn answered(&mut self, id: RequestId, answer: Result<Answer, Failure>, now: &Now) {
        let Some(subject) = self.questions.answered(id) else { return };
        let is_throttled = answer.as_ref().is_err_and(|failure| failure.kind == FailureKind::Throttled);
        // Who calls is another service's to tell.
        if is_throttled && subject != QuestionSubject::Caller {
            self.questions.throttled(now.mono);
        }
        let answer = answer.and_then(|answer| self.of_this_account(answer, now));
        match subject {
            QuestionSubject::Caller => self.on_caller(of!(answer, Caller), now),
            QuestionSubject::Clusters => self.on_clusters(of!(answer, Clusters), now),
            QuestionSubject::Snapshots => self.on_snapshots(of!(answer, Snapshots), now),
            QuestionSubject::LatestEvents => self.on_latest_events(of!(answer, Events), now),
            QuestionSubject::Begun => self.on_begun(of!(answer, Named), now),
            QuestionSubject::ManualSnapshots => self.on_manual(of!(answer, ManualSnapshots), now),
            QuestionSubject::Name => self.on_name(of!(answer, Named), now),
            QuestionSubject::Cluster => self.on_cluster(of!(answer, Cluster), now),
            QuestionSubject::Availability(token) => self.on_look(&token, of!(answer, Cluster), now),
            QuestionSubject::Quota => self.on_quota(of!(answer, Quota), now),
            QuestionSubject::Followed => self.on_followed(of!(answer, Followed), now),
            QuestionSubject::Events => self.on_events(of!(answer, Events), now),
        }
    }

    /// Reads everything anew.
    pub(super) fn read_everything(&mut self, now: &Now) {
        self.read_clusters(now);
        self.read_snapshots(now);
        self.recount(now);
        // A key that is held down asks no more often.
        if !self.questions.is_in_flight(&QuestionSubject::Caller) {
            self.questions.want(QuestionSubject::Caller, now.mono);
        }
    }

    /// Reads the list of clusters anew.
    pub(super) fn read_clusters(&mut self, now: &Now) {
        if self.catalog.clusters.begin() {
            self.clusters_begun = now.mono;
            self.questions.forget(&QuestionSubject::Clusters);
            self.questions.want(QuestionSubject::Clusters, now.mono);
        }
    }

    /// Reads the list of snapshots anew.
    pub(super) fn read_snapshots(&mut self, now: &Now) {
        if self.catalog.snapshots.begin() {
            self.search.list_begins(now);
            self.name = None;
            self.questions.forget(&QuestionSubject::Snapshots);
            self.questions.want(QuestionSubject::Snapshots, now.mono);
        }
    }

    /// Lets go of what was asked through another connection: its answers do not come any more.
    pub(super) fn forget_questions(&mut self) {
        self.questions.forget_all();
        self.search = Search::default();
        self.name = None;
        self.durations = Durations::default();
        self.cluster_read = ClusterRead::default();
        self.quota = Remote::default();
        self.catalog.clusters.stop();
        self.catalog.snapshots.stop();
    }

    /// Takes who it is that asks: after a new login it may be somebody of another account.
    fn on_caller(&mut self, answer: Result<Caller, Failure>, now: &Now) {
        let account = |place: &Self| place.caller.value.as_ref().map(|caller| caller.account.clone());
        let (before, is_known) = (account(self), answer.is_ok());
        self.caller.take(answer);
        let after = account(self).filter(|_| is_known);
        if let (Some(before), Some(account)) = (&before, &after)
            && before != account
        {
            self.turn_to(account, before, now);
        }
        if let Some(account) = after {
            self.believe_absences(&account);
        }
    }

    fn on_clusters(&mut self, answer: Result<Page<Cluster>, Failure>, now: &Now) {
        if let Ok(page) = &answer
            && let (Some(account), Some(before)) = (self.turned_to(&page.items), self.account())
        {
            return self.turn_to(&account, &before, now);
        }
        let failed_before = self.catalog.clusters.failure.is_some();
        self.catalog.clusters.take(answer, now);
        self.heed_clusters(now);
        if self.catalog.clusters.is_loading() {
            self.questions.want(QuestionSubject::Clusters, now.mono);
        }
        let list = &self.catalog.clusters;
        self.on_page("clusters", list.unread_words(now), list.failure.clone(), failed_before, now);
        self.news.push(News::Changed);
    }

    fn on_snapshots(&mut self, answer: Result<Page<Snapshot>, Failure>, now: &Now) {
        let failed_before = self.catalog.snapshots.failure.is_some();
        let seen = answer.as_ref().map(|page| page.items.clone()).unwrap_or_default();
        self.catalog.take_snapshots(answer, now);
        self.notice(&seen, now);
        if self.catalog.snapshots.is_loading() {
            self.questions.want(QuestionSubject::Snapshots, now.mono);
        } else {
            self.schedule_search(now);
            self.work_out();
            self.news.push(News::Over(About::Unread(self.id)));
        }
        let list = &self.catalog.snapshots;
        self.on_page("snapshots", list.unread_words(now), list.failure.clone(), failed_before, now);
        self.news.push(News::Changed);
    }

    /// What follows from a page of a list, or from its failure.
    fn on_page(
        &mut self,
        what: &'static str,
        how_far: (&str, String),
        failure: Option<Failure>,
        failed_before: bool,
        now: &Now,
    ) {
        let Some(failure) = failure else {
            if failed_before {
                self.news.push(News::Over(About::List(self.id, what)));
            }
            return self.on_good_answer(now);
        };
        // A pause has a banner of its own, and without a cluster the list itself says it.
        // A throttle only makes a list slower. That another account answers is told once it is known which.
        let is_told =
            !failed_before && !matches!(failure.kind, FailureKind::Throttled | FailureKind::OtherAccount);
        if is_told && !failure.kind.is_credentials() && !self.catalog.clusters.items.is_empty() {
            self.tell_failed_read(what, how_far, &failure);
        }
        if failure.kind.is_passing() || failure.kind.is_credentials() {
            self.on_bad_answer(failure, now);
        }
    }

    /// Tells that a list could not be read, and what to do about it before AWS's own words: those may be cut.
    fn tell_failed_read(&mut self, what: &'static str, (far, stays): (&str, String), failure: &Failure) {
        let is_loading = self.catalog.clusters.is_loading() || self.catalog.snapshots.is_loading();
        let next = match failure.missing_permission() {
            _ if failure.kind.is_passing() && is_loading => {
                "Tried again by itself; ‹r:refresh› in the list tries now.".to_owned()
            }
            Some(permission) => format!("Ask for {permission}, then ‹r:refresh› in the list."),
            None => "‹r:refresh› in the list tries again.".to_owned(),
        };
        let (why, words) = (failure.kind.headline(), telling::said(failure));
        let text = format!("The {what} {far}. {next} {stays}{why}. {words}");
        let text = text.trim_end();
        let about = Some(About::List(self.id, what));
        self.news.push(News::Told(Note { about, ..Note::new(Tone::Bad, text) }));
    }

    fn on_quota(&mut self, answer: Result<Option<Quota>, Failure>, now: &Now) {
        self.note_credentials(answer.as_ref().err(), now);
        self.quota.take(answer);
    }

    /// Takes what an answer to a form tells of the credentials: that they do not work, or that they do again.
    fn note_credentials(&mut self, failure: Option<&Failure>, now: &Now) {
        match failure {
            None if self.refused_credentials().is_some() => self.on_good_answer(now),
            Some(failure) if failure.kind.is_credentials() => self.on_bad_answer(failure.clone(), now),
            _ => {}
        }
    }

    fn on_cluster(&mut self, answer: Result<Option<Box<Cluster>>, Failure>, now: &Now) {
        self.note_credentials(answer.as_ref().err(), now);
        self.cluster_read.failure = answer.as_ref().err().cloned();
        self.cluster_read.is_answered = true;
        self.news.push(News::Over(About::Cluster(self.id)));
        let Ok(read) = answer else { return };
        if let (Some(account), Some(before)) = (self.turned_to(read.as_deref()), self.account()) {
            return self.turn_to(&account, &before, now);
        }
        match read {
            Some(cluster) => self.catalog.note_cluster(*cluster),
            None => self.doubt_cluster(now),
        }
        self.heed_clusters(now);
        self.news.push(News::Changed);
    }

    fn on_followed(&mut self, answer: Result<Listing, Failure>, now: &Now) {
        self.followed.jitter = self.jitter();
        let listing = match answer {
            Ok(listing) => listing,
            Err(failure) => return self.on_bad_answer(failure, now),
        };
        let ended = self.followed.take(&listing, now);
        let is_taken = |seen: &&Snapshot| self.followed.rows.iter().any(|row| row.shows(seen));
        let taken: Vec<&Snapshot> = listing.listed.iter().filter(is_taken).collect();
        self.take_to_list(taken);
        self.note_estimates(now);
        // What has the name of one that is gone is a later one.
        let gone = ended.iter().filter_map(|at| self.followed.rows.get(*at));
        let gone = gone.filter(|row| matches!(row.state, FollowedState::Gone(_)));
        let later: Vec<Snapshot> = gone.filter_map(|row| listing.find(&row.id).cloned()).collect();
        self.take_ended(&ended, now);
        for snapshot in &later {
            self.see(snapshot, now);
        }
        self.on_good_answer(now);
    }

    /// Takes a failure that holds for everything that is read.
    pub(super) fn on_bad_answer(&mut self, failure: Failure, now: &Now) {
        let jitter = self.jitter();
        // What was asked last is due last: the time until then is the usual interval.
        let interval =
            self.followed.last_due(now, self.is_watched).map_or(FAST, |due| due.saturating_sub(now.mono));
        self.questions.backoff.failed(failure, interval.max(FAST), now.mono, jitter);
        // Where nothing else is to be asked, the search is what finds out whether it goes on.
        if !self.catalog.clusters.is_loading() && !self.catalog.snapshots.is_loading() {
            self.questions.want_at(QuestionSubject::ManualSnapshots, now.mono);
        }
    }

    /// Takes note that the service answers. After a pause everything is read anew: who it is that asks may have
    /// changed.
    pub(super) fn on_good_answer(&mut self, now: &Now) {
        if self.questions.backoff.well() {
            self.read_everything(now);
        }
    }
}
