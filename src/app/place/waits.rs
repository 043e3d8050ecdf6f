//! Requests that wait until their cluster is available: armed on the review, looked after here, and
//! submitted once, by the same way as any other.

use std::time::Duration;

use jiff::{Timestamp, Zoned};

use crate::domain::account::AccountId;
use crate::domain::age::short_clock;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;
use crate::domain::mark::RequestNumber;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::status::{ClusterStatus, Readiness};
use crate::domain::wait::Wait;
use crate::track::schedule::{jittered, of_waiting};

use crate::app::Now;
use crate::app::effect::Effect;
use crate::app::note::{Note, Tone};
use crate::app::request_id::RequestId;
use crate::app::wait_time::WaitTime;

use super::followed::age;
use super::questions::QuestionSubject;
use super::submitting::Settled;
use super::{News, Place};

/// How many looks in a row have to miss the cluster before it counts as gone.
const ABSENCES: u8 = 2;

/// The requests that wait.
#[derive(Debug, Default)]
pub struct Waits {
    /// Those of this run, the oldest first.
    pub rows: Vec<WaitingRequest>,
    /// Those of an earlier run, about which the person is asked; the first one first.
    pub before: Vec<Wait>,
    /// When they were found, by this machine's clock.
    found: Zoned,
    launched: Vec<(RequestId, String)>,
}

/// A request that waits.
#[derive(Debug, Clone)]
pub struct WaitingRequest {
    /// The request, and until when it may be sent.
    pub wait: Wait,
    /// The cluster's status when it was last looked at.
    pub status: Option<ClusterStatus>,
    /// When that was.
    pub looked_at: Option<Timestamp>,
    /// Why the last look failed.
    pub failure: Option<Failure>,
    /// Whether it could not be written down: then it is over with the program.
    pub is_unwritten: bool,
    /// The open requests that were shown when it was armed.
    told: Vec<RequestNumber>,
    /// How many looks in a row did not find the cluster, and whose answer that was is known.
    absences: u8,
    /// Whether the last look did not find the cluster, or found another one, and whose answer that was is asked for.
    is_doubtful: bool,
    due: Duration,
}

impl Waits {
    /// Whether a request for a snapshot of this name waits.
    pub fn is_for(&self, name: &str) -> bool {
        self.rows.iter().any(|row| row.wait.request.snapshot.as_str().eq_ignore_ascii_case(name))
    }

    /// The cluster that the wait of a token waits for.
    pub fn cluster_of(&self, token: &str) -> Option<ClusterId> {
        self.rows.get(self.at(token)?).map(|row| row.wait.request.cluster.clone())
    }

    fn at(&self, token: &str) -> Option<usize> {
        self.rows.iter().position(|row| row.wait.token == token)
    }

    /// The question about the first request of an earlier run.
    pub fn question(&self) -> Option<Note> {
        let wait = self.before.first()?;
        // What is so and the question first: on the smallest screens the end is cut.
        let text = format!(
            "Nothing was sent for {}. Wait again for {}, until {}? The run that waited until it is available ended \
             before.",
            wait.request.snapshot,
            wait.request.cluster,
            short_clock(wait.until, &self.found)
        );
        Some(Note::new(Tone::Doubt, &text))
    }
}

impl WaitingRequest {
    /// The account that it waits for, if another one answers now.
    pub fn other_account(&self, answering: Option<&AccountId>) -> Option<&AccountId> {
        let account = self.wait.account.as_ref()?;
        answering.filter(|answering| *answering != account).map(|_| account)
    }

    /// That its time is over, and what was known of its cluster last: a clause. Whether that was available in between,
    /// nobody knows.
    fn late(&self) -> String {
        let last = match (&self.failure, &self.status) {
            (Some(failure), _) => format!("; the last look at its cluster failed: {}", failure.kind.clause()),
            (None, Some(status)) => format!("; its cluster was {status} when it was looked at last"),
            (None, None) => String::new(),
        };
        format!("its time is over{last}; nothing was sent")
    }

    /// Whether a cluster that was found says something of the one that is meant: it is of the wait's account, or,
    /// where that cannot be told, has the same resource id.
    fn is_meant(&self, cluster: &Cluster) -> bool {
        match (&self.wait.account, cluster.account()) {
            (Some(account), Some(found)) => *account == found,
            _ => !self.is_another(cluster),
        }
    }

    /// Whether a cluster of the same name is another one.
    fn is_another(&self, cluster: &Cluster) -> bool {
        let meant = &self.wait.request.cluster_resource_id;
        meant.is_some() && cluster.resource_id.is_some() && *meant != cluster.resource_id
    }
}

impl Waits {
    /// What is told of requests that wait for an account which does not answer any more; empty if there are none.
    pub(super) fn told_of(&self, account: &AccountId) -> String {
        let of_account = |row: &&WaitingRequest| row.wait.account.as_ref() == Some(account);
        let names: Vec<&str> =
            self.rows.iter().filter(of_account).map(|row| row.wait.request.snapshot.as_str()).collect();
        let wait = match names.len() {
            0 => return String::new(),
            1 => "waits",
            _ => "wait",
        };
        format!(
            " {} {wait} on for account {account}: that goes on when {account} answers again.",
            names.join(", ")
        )
    }
}

impl Place {
    /// Lets a confirmed request wait until its cluster is available; returns the wait's token. `told` are the open
    /// requests that were shown with it.
    pub fn arm(
        &mut self,
        request: &SnapshotRequest,
        told: Vec<RequestNumber>,
        wait_time: WaitTime,
        now: &Now,
    ) -> String {
        let target = self.target();
        let (region, url) = (target.region.clone(), target.url());
        let random = self.random.u32(..);
        let wait = Wait {
            token: format!("{:x}-{random:08x}", now.at().as_millisecond()),
            request: request.clone(),
            since: now.at(),
            until: now.at() + wait_time.length(),
            region,
            url,
            account: self.account(),
        };
        self.effects.push(Effect::KeepWait(self.id, wait.clone()));
        let token = wait.token.clone();
        self.wait_for(wait, told, now);
        token
    }

    /// Tells that a request waits; for what, and until when, stands in a line of its own.
    pub fn tell_wait(&mut self, snapshot: &SnapshotId) {
        let text =
            format!("Nothing is sent yet: {snapshot} is sent by itself, but only while clustersnap runs.");
        self.tell_of(snapshot.as_str(), Tone::Neutral, &text);
    }

    /// Lets go of the oldest waiting request of a cluster, of no other's.
    pub fn disarm(&mut self, cluster: &ClusterId) {
        let of_cluster = |row: &WaitingRequest| row.wait.request.cluster == *cluster;
        if let Some(at) = self.waits.rows.iter().position(of_cluster) {
            return self.end_wait(at, Tone::Neutral, "dropped; nothing was sent");
        }
        let text =
            format!("No request waits for {cluster}: ‹W:disarm› drops that of the cluster under the cursor.");
        self.tell(Tone::Neutral, &text);
    }

    /// Lets go of the waiting request of a token; why, in a clause.
    pub fn drop_wait(&mut self, token: &str, why: &str) {
        if let Some(at) = self.waits.at(token) {
            self.end_wait(at, Tone::Neutral, &format!("{why}; nothing was sent"));
        }
    }

    /// Takes it that a wait could not be written down. It goes on all the same, and it is told.
    pub fn lose_wait(&mut self, token: &str, why: &str) {
        let Some(row) = self.waits.at(token).and_then(|at| self.waits.rows.get_mut(at)) else { return };
        row.is_unwritten = true;
        let name = row.wait.request.snapshot.to_string();
        let told = format!("{name} waits, but only until you quit, for it could not be written down: {why}.");
        self.tell_of(&name, Tone::Bad, &told);
    }

    /// Takes the requests that waited in an earlier run, to ask about them. One whose time is over is let go of.
    pub fn take_earlier_waits(&mut self, waits: Vec<Wait>, now: &Now) {
        let (open, over): (Vec<Wait>, Vec<Wait>) = waits.into_iter().partition(|wait| wait.until > now.at());
        self.waits.before.extend(open);
        self.waits.found = now.wall.clone();
        let names: Vec<&str> = over.iter().map(|wait| wait.request.snapshot.as_str()).collect();
        if !names.is_empty() {
            let text = format!(
                "Not sent: {}. The time to wait is over. ‹s:snapshot› requests it anew.",
                names.join(", ")
            );
            self.tell(Tone::Bad, &text);
        }
        self.effects.extend(over.into_iter().map(|wait| Effect::DropWait(wait.token)));
    }

    /// Takes the answer to the question about the first request of an earlier run; `None` leaves it for later. So does
    /// what holds every request for its cluster back, a sentence: the wait would be over by that.
    pub fn answer_wait(&mut self, again: Option<bool>, held: Option<String>, now: &Now) {
        if self.waits.before.is_empty() {
            return;
        }
        let wait = self.waits.before.remove(0);
        let name = wait.request.snapshot.clone();
        match again {
            Some(true) if held.is_none() => self.wait_for(wait, Vec::new(), now),
            Some(false) => {
                self.effects.push(Effect::DropWait(wait.token));
                let told = format!("{name} does not wait any more: dropped; nothing was sent.");
                self.tell_of(name.as_str(), Tone::Neutral, &told);
            }
            _ => {
                let held = held.map(|held| format!("{held} ")).unwrap_or_default();
                let told = format!(
                    "{held}{name} is left for later: nothing is sent, and the next start in its place asks again."
                );
                self.tell_of(name.as_str(), Tone::Neutral, &told);
            }
        }
    }

    /// Gives up on requests whose time is over.
    pub fn end_late_waits(&mut self, now: &Now) {
        while let Some(at) = self.waits.rows.iter().position(|row| row.wait.until <= now.at()) {
            let why = self.waits.rows[at].late();
            self.end_wait(at, Tone::Bad, &why);
        }
    }

    /// Lets go of what was kept of a request that now has an outcome: from here on the journal has it.
    pub(super) fn end_launched(&mut self, id: RequestId) {
        if let Some(at) = self.waits.launched.iter().position(|(launched, _)| *launched == id) {
            self.effects.push(Effect::DropWait(self.waits.launched.remove(at).1));
        }
    }

    /// The clusters that are to be looked at for requests that wait, and when on the monotonic clock. Those for
    /// another account than the one that answers are looked after too: so it is seen when their own answers again.
    pub(super) fn looks(&self) -> Vec<(QuestionSubject, Duration)> {
        let target = self.target();
        let here = self.waits.rows.iter().filter(|row| row.wait.is_in(target));
        here.map(|row| (QuestionSubject::Availability(row.wait.token.clone()), row.due)).collect()
    }

    /// Takes the look at the cluster of a wait.
    pub(super) fn on_look(&mut self, token: &str, answer: Result<Option<Box<Cluster>>, Failure>, now: &Now) {
        let jitter = self.jitter();
        let found = self.waits.at(token).and_then(|at| Some((at, self.waits.rows.get_mut(at)?)));
        let Some((at, row)) = found else { return };
        row.due = now.mono + jittered(of_waiting(age(row.wait.since, now.at())), jitter);
        let cluster = match answer {
            Err(failure) => {
                row.failure = Some(failure);
                return self.end_late_waits(now);
            }
            Ok(Some(cluster)) if row.is_meant(&cluster) => cluster,
            Ok(_) => {
                // It may be another account that answers now: that says nothing of this one's clusters.
                row.is_doubtful = true;
                self.end_late_waits(now);
                return self.ask_caller();
            }
        };
        (row.failure, row.absences, row.is_doubtful) = (None, 0, false);
        row.looked_at = Some(now.at());
        row.status = Some(cluster.status.clone());
        let is_another = row.is_another(&cluster);
        let (is_late, is_ready) =
            (row.wait.until <= now.at(), cluster.status.readiness() == Readiness::Ready);
        let turned = self.account().zip(cluster.account()).filter(|(before, found)| before != found);
        if let Some((before, found)) = turned {
            self.turn_to(&found, &before, now);
        }
        self.catalog.note_cluster(*cluster);
        self.news.push(News::Changed);
        if is_another {
            self.end_wait(at, Tone::Bad, "the cluster of this name is another one now; nothing was sent");
        } else if is_late {
            self.end_late_waits(now);
        } else if is_ready {
            self.launch(at, now);
        }
    }

    /// Takes it that an account answers. A cluster that is not there, or is another one, ends a wait only by answers of
    /// the wait's own account, and by more than one: lists lag.
    pub(super) fn believe_absences(&mut self, account: &AccountId) {
        for row in &mut self.waits.rows {
            let is_own = row.wait.account.as_ref() == Some(account);
            row.absences += u8::from(std::mem::take(&mut row.is_doubtful) && is_own);
        }
        while let Some(at) = self.waits.rows.iter().position(|row| row.absences >= ABSENCES) {
            let cluster = self.waits.rows[at].wait.request.cluster.clone();
            self.end_wait(at, Tone::Bad, "the cluster does not exist any more; nothing was sent");
            // The list that has it is older than the looks.
            self.catalog.forget_cluster(&cluster);
            self.news.push(News::Changed);
        }
    }

    /// Takes what else was read of the clusters that are waited for: one that is not busy any more is looked at at once.
    pub(super) fn heed_clusters(&mut self, now: &Now) {
        let list = &self.catalog.clusters;
        let is_whole = list.complete_at.is_some() && !list.is_loading();
        for row in &mut self.waits.rows {
            match self.catalog.cluster(&row.wait.request.cluster) {
                Some(read) if row.is_meant(read) && row.status.as_ref() != Some(&read.status) => {
                    (row.status, row.looked_at) = (Some(read.status.clone()), Some(now.at()));
                    if read.status.readiness() != Readiness::Busy || row.is_another(read) {
                        row.due = now.mono;
                    }
                }
                None if is_whole => row.due = now.mono,
                Some(_) | None => {}
            }
        }
    }

    fn wait_for(&mut self, wait: Wait, told: Vec<RequestNumber>, now: &Now) {
        self.waits.rows.push(WaitingRequest {
            wait,
            told,
            status: None,
            is_unwritten: false,
            looked_at: None,
            failure: None,
            absences: 0,
            is_doubtful: false,
            due: now.mono,
        });
    }

    /// Submits a request whose cluster is available.
    fn launch(&mut self, at: usize, now: &Now) {
        let WaitingRequest { wait, told, .. } = self.waits.rows.remove(at);
        let text = format!("{} is available: sending {}.", wait.request.cluster, wait.request.snapshot);
        self.tell_of(wait.request.snapshot.as_str(), Tone::Neutral, &text);
        let account = wait.account.or_else(|| self.account());
        let id = self.send(&wait.request, (account, told), false, now);
        self.news.push(News::Launched(wait.request.number, id));
        self.waits.launched.push((id, wait.token));
    }

    fn end_wait(&mut self, at: usize, tone: Tone, why: &str) {
        let WaitingRequest { wait, .. } = self.waits.rows.remove(at);
        let (snapshot, cluster) = (wait.request.snapshot.to_string(), wait.request.cluster.to_string());
        let told = format!("{snapshot} does not wait any more: {why}.");
        let note = Note::new(tone, &told).about(self.id, &snapshot);
        self.news.push(if tone == Tone::Bad {
            News::CameToNothing(Settled { snapshot, cluster, not_recorded: None, left_behind: None }, note)
        } else {
            News::Told(note)
        });
        self.questions.forget(&QuestionSubject::Availability(wait.token.clone()));
        self.news.push(News::WaitOver(wait.token.clone()));
        self.effects.push(Effect::DropWait(wait.token));
    }
}
