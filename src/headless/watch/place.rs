//! What is watched in one place.

use tokio::time::sleep;

use crate::app::telling::capitalized;
use crate::domain::listing::Listing;
use crate::domain::page::SnapshotScope;
use crate::domain::record::Record;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::text::escape;
use crate::headless::follow::{FollowedItem, Follower, OpenRequest};
use crate::headless::json;
use crate::headless::named_snapshot::NamedSnapshot;
use crate::headless::pages;
use crate::headless::places::{self, Incomplete};
use crate::headless::problem::{Code, Problem};
use crate::headless::streams::{Stop, Streams, result, shown};
use crate::session::Session;

/// What is watched in a place.
pub struct Watching<'a> {
    /// The connection.
    pub session: &'a Session,
    streams: Streams,
    /// Whether it was given up.
    pub has_failed: bool,
    /// The names that were asked for and are not here.
    pub missing: Vec<NamedSnapshot>,
    /// What was asked for here before, and is followed by its request.
    unfinished: Vec<Record>,
    follower: Follower<'a>,
    items: Vec<FollowedItem>,
    unsettled: Vec<OpenRequest<()>>,
    first_problem: Option<Code>,
}

impl<'a> Watching<'a> {
    /// What the journal has open of a place, and nothing else yet.
    pub fn new(session: &'a Session, streams: Streams, open: Vec<Record>, are_several: bool) -> Self {
        let (unsettled, unfinished): (Vec<Record>, Vec<Record>) =
            open.into_iter().partition(Record::is_unsettled);
        let unsettled = unsettled.into_iter().map(|record| {
            let cause = record.cause();
            ((), record.intent, cause)
        });
        Self {
            session,
            streams,
            follower: Follower::new(session, streams, places::prefix(session, are_several)),
            has_failed: false,
            missing: Vec::new(),
            unfinished,
            items: Vec::new(),
            unsettled: unsettled.collect(),
            first_problem: None,
        }
    }

    /// What an end means for the command: where there are other places, one that failed is told and ends nothing else.
    pub fn concluded(&mut self, ended: Result<u8, Stop>) -> Result<u8, Stop> {
        match ended {
            Err(Stop::Problem(problem)) if !self.follower.prefix.is_empty() => {
                self.has_failed = true;
                let place = Incomplete::of(self.session, *problem);
                self.streams.warn(&format!("clustersnap: {}", place.line()));
                if self.streams.json {
                    result(&json::failed(&place))?;
                }
                Ok(place.problem.code.exit())
            }
            ended => ended,
        }
    }

    /// Finds what there is to watch, and tells where it stands.
    pub async fn begin(&mut self, names: &[NamedSnapshot]) -> Result<(), Stop> {
        let mut ids: Vec<SnapshotId> = Vec::new();
        for name in names {
            if !ids.contains(&name.id) {
                ids.push(name.id.clone());
            }
        }
        let mut listed = Vec::new();
        if names.is_empty() {
            listed = pages::snapshots(self.session.client(), &SnapshotScope::Manual).await?;
            listed.retain(|snapshot| !snapshot.status.is_final());
            ids.extend(listed.iter().filter_map(|snapshot| SnapshotId::parse(&snapshot.id).ok()));
        }
        let ended: Vec<Record> = self.unfinished.extract_if(.., |record| record.ended.is_some()).collect();
        let answer = self.session.client().snapshots_named(&ids).await.map_err(Problem::from)?;
        self.let_go_of_replaced(&answer, names.is_empty()).await?;
        let found = answer.listed;
        self.begin_with_requests(&mut ids);
        let is_pending =
            |id: &SnapshotId| self.unsettled.iter().any(|((), intent, _)| intent.snapshot == id.as_str());
        let is_here = |name: &NamedSnapshot| {
            found.iter().any(|found| name.is(found))
                || self.unsettled.iter().any(|((), intent, _)| name.may_be_of(intent))
                || self.items.iter().any(|item| item.id == name.id)
        };
        let (here, missing): (Vec<_>, Vec<_>) = names.iter().cloned().partition(is_here);
        ids.retain(|id| names.is_empty() || here.iter().any(|name| name.id == *id));
        self.missing = missing;
        for id in ids {
            if !is_pending(&id) {
                let now = self.follower.now();
                let found = found.iter().chain(&listed).find(|it| it.id.eq_ignore_ascii_case(id.as_str()));
                // Another one of the name was begun at another time.
                let is_its = |record: &&Record| {
                    let created = found.and_then(|it| it.created_at);
                    record.intent.snapshot == id.as_str() && record.begun().created_at == created
                };
                let requested =
                    ended.iter().rfind(is_its).and_then(|record| FollowedItem::requested(record, now));
                let listed = || found.and_then(|found| FollowedItem::listed(found, now));
                let item = requested.or_else(listed);
                self.items.push(item.unwrap_or_else(|| FollowedItem::new(id, None, now)));
            }
        }
        Ok(())
    }

    /// Lets go of what was asked for here before and has given way to another snapshot of its name. Who names that wants to
    /// know of the one that is there.
    async fn let_go_of_replaced(&mut self, answer: &Listing, is_all: bool) -> Result<(), Stop> {
        let is_gone = |record: &mut Record| {
            let found = answer.find(&record.intent.snapshot);
            found.is_some_and(|found| record.intent.has_given_way_to(found))
        };
        for Record { intent, .. } in self.unfinished.extract_if(.., is_gone).collect::<Vec<_>>() {
            // Should it not be written, the next look sees the same.
            let _ = self.session.note_replaced(&intent, answer.server_time).await;
            let told = capitalized(&intent.replaced_words());
            if is_all {
                self.fail(&Problem::new(Code::SnapshotFailed, told))?;
            } else {
                self.follower.say(&format!("{told}. That one is followed."));
            }
        }
        Ok(())
    }

    /// Takes what was asked for here before out of the identifiers, and follows it by its request.
    fn begin_with_requests(&mut self, ids: &mut Vec<SnapshotId>) {
        for record in std::mem::take(&mut self.unfinished) {
            let Some(item) = FollowedItem::requested(&record, self.follower.now()) else { continue };
            ids.retain(|other| *other != item.id);
            self.items.push(item);
        }
        self.tell_doubts();
    }

    /// Follows what was asked for here before, and these snapshots that another machine asked for.
    pub fn begin_with<'s>(&mut self, others: impl Iterator<Item = &'s Snapshot>) {
        self.begin_with_requests(&mut Vec::new());
        let now = self.follower.now();
        self.items.extend(others.filter_map(|found| FollowedItem::listed(found, now)));
    }

    /// Whether there is nothing to follow.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty() && self.unsettled.is_empty()
    }

    /// Tells of open requests whose account is not known: they can stay open for as long as nothing is found.
    fn tell_doubts(&self) {
        for ((), intent, _) in self.unsettled.iter().filter(|((), intent, _)| intent.account.is_none()) {
            self.follower.say(&format!(
                "{} was requested in an account that is not known, so if it is not listed that proves nothing: it is \
                 looked up until it is found, or until this is ended.",
                escape(&intent.snapshot)
            ));
        }
    }

    /// Follows until all have ended.
    pub async fn until_all_ended(&mut self) -> Result<u8, Stop> {
        loop {
            self.settle().await?;
            for index in self.follower.look(&mut self.items).await? {
                self.tell(index)?;
            }
            if self.unsettled.is_empty() && self.items.iter().all(FollowedItem::is_over) {
                return Ok(self.first_problem.map_or(0, Code::exit));
            }
            sleep(self.follower.pause(&self.items)).await;
        }
    }

    /// Looks up what became of the open requests. Those that made a snapshot are followed from now on.
    async fn settle(&mut self) -> Result<(), Stop> {
        let (settled, looked) = self.follower.settle(&mut self.unsettled).await;
        for ((), came_to) in settled {
            match came_to {
                Ok((item, _)) => self.items.push(item),
                Err(problem) => self.fail(&problem)?,
            }
        }
        Ok(looked?)
    }

    /// A line for a snapshot that changed.
    fn tell(&mut self, index: usize) -> Result<(), Stop> {
        let Some(item) = self.items.get(index) else { return Ok(()) };
        if let Some(mut problem) = item.problem() {
            problem.snapshot = problem.snapshot.map(|data| Box::new(data.in_place_of(self.session)));
            return self.fail(&problem);
        }
        let data = item.data().in_place_of(self.session);
        let text = if self.streams.json {
            json::done(&data)
        } else {
            shown(&format!("{}{}", self.follower.prefix, item.tell(false, self.follower.now()))).into_owned()
        };
        result(&text)
    }

    /// Tells an end that is not good.
    pub fn fail(&mut self, problem: &Problem) -> Result<(), Stop> {
        self.first_problem.get_or_insert(problem.code);
        let text = if self.streams.json {
            json::not_done(problem)
        } else {
            shown(&format!("{}{}", self.follower.prefix, problem.message)).into_owned()
        };
        result(&text)
    }
}
