//! What the request for each cluster of a change is, and what stands against it, before anything is sent.

use std::cell::Cell;
use std::time::Duration;

use jiff::civil::DateTime;
use jiff::{Timestamp, Zoned};

use super::ground::PlaceFacts;
use super::wanted::{Chosen, Wanted};
use crate::domain::account::{AccountId, Arn};
use crate::domain::change::{ChangeItem, ChangeObstacle, ChangePlace, LeftOut, Room, obstacles};
use crate::domain::cluster::Cluster;
use crate::domain::context::Target;
use crate::domain::earlier::{Earlier, SeenOfChange, of_cluster};
use crate::domain::mark::RequestNumber;
use crate::domain::policy::{Confirmation, Policy};
use crate::domain::preflight::{Check, Known, Subject};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot::Snapshot;
use crate::domain::text::escape;
use crate::headless::create::cluster;
use crate::headless::create::preflight::{self, CheckTerms};
use crate::headless::json::SnapshotData;
use crate::headless::named_cluster::NamedCluster;
use crate::headless::places::{Answers, Found, Where};
use crate::headless::problem::{Code, Detail, Problem};
use crate::session::Session;
use crate::submit::Submitted;

/// What is to be sent, and what is not.
pub struct ChangePlan<'a> {
    /// What was asked for.
    pub wanted: &'a Wanted<'a>,
    /// What the places said.
    pub answers: &'a Answers<PlaceFacts>,
    policy: &'a Policy,
    /// The local time, for names.
    at: DateTime,
    /// A row for each cluster, in the order of their places.
    pub rows: Vec<PlannedCluster<'a>>,
}

/// A cluster of a change.
pub struct PlannedCluster<'a> {
    /// The connection to its place.
    pub session: &'a Session,
    /// Which of the places it is in.
    pub place: usize,
    /// The cluster.
    pub cluster: Cluster,
    /// What is known before the request is made.
    pub checks: Vec<Check>,
    /// The open requests that are told of with its own.
    pub told: Vec<RequestNumber>,
    /// Whether it is held back unless the change is confirmed for production.
    pub is_unconfirmed: bool,
    /// Whether its request was written down, to be sent: before, it was only looked at.
    pub is_begun: Cell<bool>,
    /// How it stands.
    pub state: PlannedState,
    /// What was seen of its snapshot after that, and how it ended.
    pub followed: Option<Result<SnapshotData, Problem>>,
}

/// How a cluster of a change stands.
pub enum PlannedState {
    /// There is something already.
    Earlier(Earlier),
    /// Something certain stands against it. Without a request it could not be made at all.
    Blocked(Option<Box<ChangeItem>>, Problem),
    /// It is to be sent.
    ToSend(Box<ChangeItem>),
    /// It was not sent, and why not.
    Unsent(Box<ChangeItem>, Problem),
    /// It was under way when the program was told to end.
    UnderWay(Box<ChangeItem>),
    /// It has an outcome.
    Sent(Box<ChangeItem>, Box<Submitted>),
}

impl PlannedCluster<'_> {
    /// Where it is.
    pub fn is_in(&self) -> Where {
        Where::of(self.cluster.arn.as_deref(), self.session)
    }

    /// Its request, if there is one.
    pub fn item(&self) -> Option<&ChangeItem> {
        match &self.state {
            PlannedState::Earlier(_) => None,
            PlannedState::Blocked(item, _) => item.as_deref(),
            PlannedState::ToSend(item)
            | PlannedState::Unsent(item, _)
            | PlannedState::UnderWay(item)
            | PlannedState::Sent(item, _) => Some(item),
        }
    }
}

impl<'a> ChangePlan<'a> {
    /// What is to be done in the places that answered.
    pub fn of(
        wanted: &'a Wanted<'a>,
        policy: &'a Policy,
        answers: &'a Answers<PlaceFacts>,
    ) -> Result<Self, Problem> {
        let mut plan = Self { wanted, answers, policy, at: Zoned::now().datetime(), rows: Vec::new() };
        let filter = if let Chosen::Fitting(filter) = &wanted.clusters { Some(filter) } else { None };
        let mut sieve = filter.map(|filter| filter.sieve(Timestamp::now()));
        for (place, found) in answers.found.iter().enumerate() {
            let PlaceFacts { before, snapshots, .. } = &found.value;
            let now = Timestamp::now();
            let seen = SeenOfChange::of(
                &wanted.id,
                before.requests.iter().collect(),
                &before.deleted,
                snapshots,
                policy,
                (now, Some(now)),
            );
            for cluster in &found.value.clusters {
                if wanted.clusters.has(cluster, sieve.as_mut()) {
                    let row = plan.row(place, found, &seen, cluster);
                    plan.rows.push(row);
                }
            }
        }
        plan.refuse_missing()?;
        Ok(plan)
    }

    fn row(
        &self,
        place: usize,
        found: &'a Found<PlaceFacts>,
        seen: &SeenOfChange<'_>,
        cluster: &Cluster,
    ) -> PlannedCluster<'a> {
        let (session, ground) = (&found.session, &found.value);
        let row = |state| PlannedCluster {
            session,
            place,
            cluster: cluster.clone(),
            checks: Vec::new(),
            told: Vec::new(),
            is_unconfirmed: false,
            is_begun: Cell::new(false),
            state,
            followed: None,
        };
        let young = || young(ground, cluster, self.wanted.args.unless_within?);
        if let Some(earlier) = seen.earlier(cluster).or_else(young) {
            return row(PlannedState::Earlier(earlier));
        }
        let request = match self.request(place, found, cluster) {
            Ok(request) => request,
            Err(problem) => return row(PlannedState::Blocked(None, problem)),
        };
        let has_name = |snapshot: &&Snapshot| snapshot.id.eq_ignore_ascii_case(request.snapshot.as_str());
        let taken_by = ground.snapshots.iter().find(has_name);
        let name = (&request.snapshot, Known::Is(taken_by));
        let is_waited_for = self.wanted.args.when_available;
        let terms = CheckTerms { is_waited_for, ..CheckTerms::default() };
        let checks = preflight::judge(session, &ground.asked, cluster, name, terms);
        let held = |confirmed| session.holds_back(&request, cluster, &Confirmation::Command(confirmed));
        let obstacle = held(Some(cluster.id.to_string())).map(Problem::from).or_else(|| {
            // The quota is counted over all of them.
            let mut certain = checks.iter().filter(|check| check.subject != Subject::Quota);
            certain.find_map(|check| preflight::problem(session, check))
        });
        let is_unconfirmed = obstacle.is_none() && held(None).is_some();
        let told = ground.asked.told(&request);
        let item = Box::new(item(session, cluster, request, self.wanted.args.when_available));
        let state = match obstacle {
            Some(problem) => PlannedState::Blocked(Some(item), problem),
            None => PlannedState::ToSend(item),
        };
        PlannedCluster { checks, told, is_unconfirmed, ..row(state) }
    }

    fn request(
        &self,
        place: usize,
        found: &Found<PlaceFacts>,
        cluster: &Cluster,
    ) -> Result<SnapshotRequest, Problem> {
        let Self { policy, at, .. } = *self;
        let mut taken: Vec<String> = Vec::new();
        if self.wanted.asked.counts(policy) {
            taken.extend(found.value.snapshots.iter().map(|snapshot| snapshot.id.clone()));
            let own = self.rows.iter().filter(|row| row.place == place).filter_map(PlannedCluster::item);
            taken.extend(own.map(|item| item.request.snapshot.to_string()));
        }
        self.wanted.asked.request(cluster, policy, found.session.caller().as_ref(), &taken, at)
    }

    /// Refuses a cluster that is nowhere, where every place answered; and a filter that nothing fits.
    fn refuse_missing(&self) -> Result<(), Problem> {
        let is_nowhere = |named: &&NamedCluster| !self.rows.iter().any(|row| named.is(&row.cluster));
        if !self.answers.incomplete.is_empty() {
            return Ok(());
        }
        match &self.wanted.clusters {
            Chosen::Fitting(_) if self.rows.is_empty() => {
                let message = "no DB cluster fits. Nothing was sent";
                Err(Problem::parameter("--filter", "not-found", message))
            }
            Chosen::Fitting(_) => Ok(()),
            Chosen::Named(names) => {
                let foreign = |name: &NamedCluster| {
                    let mut foreign = self.answers.found.iter().flat_map(|found| &found.value.foreign);
                    foreign.find(|cluster| name.is(cluster))
                };
                if let Some(foreign) = names.iter().filter(is_nowhere).find_map(foreign) {
                    return Err(cluster::foreign(foreign).and("Nothing was sent"));
                }
                let missing: Vec<&str> = names.iter().filter(is_nowhere).map(NamedCluster::words).collect();
                if missing.is_empty() {
                    return Ok(());
                }
                let message =
                    format!("There is no DB cluster {} in any place. Nothing was sent", missing.join(", "));
                Err(Problem::new(Code::ClusterNotFound, escape(&message)))
            }
        }
    }

    /// Refuses the whole of it, where not all of it can be made.
    pub fn refuse_whole(&self) -> Result<(), Problem> {
        let items: Vec<&ChangeItem> = self.to_send().collect();
        let rooms: Vec<Room> = self.answers.found.iter().filter_map(room).collect();
        let mut details = Vec::new();
        for obstacle in obstacles(&items, &rooms) {
            match obstacle {
                ChangeObstacle::NoRoom { .. } => {
                    let message = format!("{obstacle}. Nothing was sent");
                    return Err(Problem::new(Code::QuotaExceeded, escape(&message)));
                }
                ChangeObstacle::SameName { .. } => {
                    details.push(Detail::new("--name", "same-name", &obstacle.to_string()));
                }
            }
        }
        Problem::unless_fine(details)?;
        let blocked = self.rows.iter().find_map(|row| match &row.state {
            PlannedState::Blocked(_, problem) => Some(problem),
            _ => None,
        });
        let incomplete = self.answers.problems().next();
        match incomplete.or(blocked).filter(|_| self.wanted.args.all_or_stop) {
            Some(problem) => Err(problem.clone().and("By --all-or-stop nothing was sent")),
            None => Ok(()),
        }
    }

    /// What is to be sent.
    pub fn to_send(&self) -> impl Iterator<Item = &ChangeItem> {
        self.rows.iter().filter_map(|row| match &row.state {
            PlannedState::ToSend(item) => Some(&**item),
            _ => None,
        })
    }

    /// The clusters that nothing is to be sent for, as they are written down.
    pub fn left_out(&self) -> Vec<LeftOut> {
        let out = |row: &PlannedCluster<'_>| {
            let (why, is_requested) = match &row.state {
                PlannedState::Earlier(earlier) => (earlier.to_string(), true),
                PlannedState::Blocked(_, problem) => (problem.message.clone(), false),
                _ => return None,
            };
            let (place, account) = address(row.session, &row.cluster);
            Some(LeftOut { place, account, cluster: row.cluster.id.to_string(), why, is_requested })
        };
        self.rows.iter().filter_map(out).collect()
    }

    /// Whether a request is for a cluster of this plan.
    pub fn has(&self, item: &ChangeItem) -> bool {
        self.rows.iter().any(|row| {
            let region = Arn::reported(row.cluster.arn.as_deref()).and_then(|arn| arn.region);
            let region = region.or_else(|| item.place.region.clone());
            row.cluster.id == item.request.cluster
                && item.may_be_of(row.cluster.account().as_ref(), region.as_deref())
        })
    }

    /// Whether everything that was to be sent has an outcome.
    pub fn is_over(&self) -> bool {
        self.rows.iter().all(|row| match &row.state {
            PlannedState::Earlier(_) | PlannedState::Blocked(..) => true,
            PlannedState::Sent(_, submitted) => submitted.outcome.is_settled(),
            PlannedState::ToSend(_) | PlannedState::Unsent(..) | PlannedState::UnderWay(_) => false,
        })
    }
}

/// A snapshot that is young enough to make a request for its cluster needless.
fn young(ground: &PlaceFacts, cluster: &Cluster, within: Duration) -> Option<Earlier> {
    let (newest, _) = ground.clock.young(of_cluster(&ground.snapshots, cluster), within)?;
    Some(Earlier::Young(Box::new(newest.clone())))
}

fn item(session: &Session, cluster: &Cluster, request: SnapshotRequest, when_available: bool) -> ChangeItem {
    let (place, account) = address(session, cluster);
    ChangeItem { place, account, request, when_available, why: None }
}

/// What a cluster's place is written down by.
fn address(session: &Session, cluster: &Cluster) -> (ChangePlace, Option<AccountId>) {
    let Target { profile, region, endpoint, .. } = session.target().clone();
    (ChangePlace { profile, region, endpoint }, cluster.account().or_else(|| session.account()))
}

/// What a place has room for, where it tells.
fn room(found: &Found<PlaceFacts>) -> Option<Room> {
    let Found { session, value } = found;
    let quota = value.asked.quota.as_ref().ok().copied().flatten()?;
    let account = value.clusters.iter().find_map(Cluster::account);
    let account = account.or_else(|| session.account());
    Some(Room { account, region: session.target().region.clone(), quota })
}
