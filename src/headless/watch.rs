//! `clustersnap watch`: snapshots followed to their end, and open requests to their outcome.

use std::collections::HashSet;

use futures_util::future::{join_all, try_join_all};
use tokio::time::{Instant, sleep};

use super::alter;
use super::follow::{Follower, Item, how_to_go_on};
use super::interrupts::{Interrupts, interrupted};
use super::json;
use super::pages;
use super::places::{self, Answers, Found, Incomplete};
use super::problem::{Code, Problem, id_details};
use super::settling::{self, Missed};
use super::streams::{Stop, Streams, result};
use crate::cli::{Global, Watch};
use crate::domain::context::Caller;
use crate::domain::listing::LIST_LAG;
use crate::domain::mark::MARK_KEY;
use crate::domain::page::SnapshotScope;
use crate::domain::record::Record;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::text::{escape, length};
use crate::rds;
use crate::session::{Session, TURN};

/// What an interruption means for what is watched: nothing.
const STILL_GOING: &str =
    "Nothing at AWS is stopped by that: what is being created goes on, and nothing was sent again.";

/// Follows in every place; returns the exit code: that of the first end that was not good, the highest of the places'.
pub async fn run(args: &Watch, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let names = names(&args.snapshots)?;
    let mut interrupts = Interrupts::new()?;
    let asking = places::ask_each(global, streams, async |session| {
        alter::ground::settle_open(session, streams).await;
        take_back_refusals(session, streams, &names).await;
        open_requests(session, streams, &names).await
    });
    let mut answers = interrupts.during(STILL_GOING, Box::pin(asking)).await?;
    for place in answers.incomplete.iter().filter(|_| streams.json) {
        result(&json::failed(place))?;
    }
    let (exit, are_several) = (answers.exit(), answers.are_several);
    let take = |found: &mut Found<Vec<Record>>| std::mem::take(&mut found.value);
    let opened: Vec<Vec<Record>> = answers.found.iter_mut().map(take).collect();
    let mut watching: Vec<Watching> = answers
        .found
        .iter()
        .zip(opened)
        .map(|(found, open)| Watching::new(&found.session, streams, open, are_several))
        .collect();
    let begun = join_all(watching.iter_mut().map(|place| Box::pin(place.begin(&names))));
    let begun = interrupts.during(STILL_GOING, Box::pin(async { Ok::<_, Stop>(begun.await) })).await?;
    let mut exits = vec![exit];
    for (place, begun) in watching.iter_mut().zip(begun) {
        exits.push(place.concluded(begun.map(|()| 0))?);
    }
    found_somewhere(&names, &watching)?;
    watching.retain(|place| !place.has_failed);
    if watching.iter().all(|place| place.items.is_empty() && place.unsettled.is_empty()) {
        if !watching.is_empty() {
            streams.say("Nothing is being created here, and no request is open.");
        }
        return Ok(exits.into_iter().max().unwrap_or_default());
    }
    let all = try_join_all(watching.iter_mut().map(|place| {
        Box::pin(async {
            let ended = place.until_all_ended().await;
            place.concluded(ended)
        })
    }));
    let ended = tokio::select! {
        ended = all => ended,
        () = interrupts.next() => Err(interrupted(&format!("{STILL_GOING} {}", go_on(&answers, &names))).into()),
    };
    match ended {
        // Nobody reads any more: it ends before the end, quietly.
        Err(Stop::Unread) => Ok(Code::Interrupted.exit()),
        Err(problem) => Err(problem),
        Ok(ended) => Ok(exits.into_iter().chain(ended).max().unwrap_or_default()),
    }
}

/// How to go on following.
fn go_on(answers: &Answers<Vec<Record>>, names: &[SnapshotId]) -> String {
    match answers.found.as_slice() {
        [Found { session, .. }] if !answers.are_several => how_to_go_on(session, names),
        _ => "The same command goes on following.".to_owned(),
    }
}

/// Refuses a name that no place has.
fn found_somewhere(names: &[SnapshotId], watching: &[Watching]) -> Result<(), Problem> {
    let is_nowhere = |name: &&SnapshotId| watching.iter().all(|place| place.missing.contains(name));
    match names.iter().find(is_nowhere) {
        Some(name) if !watching.is_empty() => {
            Err(not_listed(name, &format!("in the {} places", watching.len())))
        }
        _ => Ok(()),
    }
}

fn not_listed(name: &SnapshotId, place: &str) -> Problem {
    let message = format!(
        "AWS lists no DB cluster snapshot {name} {place}; one that was begun in the last {} may not be listed yet",
        length(LIST_LAG.unsigned_abs())
    );
    Problem::parameter("SNAPSHOT", "not-found", &message)
}

fn names(texts: &[String]) -> Result<Vec<SnapshotId>, Problem> {
    let mut details = Vec::new();
    let mut names: Vec<SnapshotId> = Vec::new();
    for text in texts {
        match SnapshotId::parse(text) {
            Ok(id) if names.contains(&id) => {}
            Ok(id) => names.push(id),
            Err(problems) => details.extend(id_details("SNAPSHOT", &problems)),
        }
    }
    if details.is_empty() { Ok(names) } else { Err(Problem::invalid(details)) }
}

/// Looks once whether what AWS refused a while ago is there after all, made by a copy of the request: then the
/// journal has it among what is followed.
async fn take_back_refusals(session: &Session, streams: Streams, names: &[SnapshotId]) {
    let open = session.open_requests().await.unwrap_or_default();
    let is_refused = |record: &&Record| !record.is_unsettled() && !record.is_unfinished();
    let is_meant = |record: &&Record| is_named(record, names);
    for record in open.iter().filter(is_refused).filter(is_meant) {
        let outcome = session.settle(&record.intent, record.cause()).await;
        if let (Ok(outcome), Some(request)) = (outcome, record.intent.request())
            && outcome.kind() != record.kind()
        {
            streams.say(&settling::words(&request, &outcome));
        }
        sleep(TURN).await;
    }
}

/// Whether a record is of one of these names, if there are any.
fn is_named(record: &Record, names: &[SnapshotId]) -> bool {
    names.is_empty() || names.iter().any(|name| name.as_str() == record.intent.snapshot)
}

/// What the journal has open here, of these names if there are any; and of those that are named, what was found to be
/// gone, for that can be taken back.
async fn open_requests(
    session: &Session,
    streams: Streams,
    names: &[SnapshotId],
) -> Result<Vec<Record>, Problem> {
    let mut open = match session.open_requests().await {
        Ok(open) => open,
        Err(error) => {
            streams.warn(&format!("The journal of earlier requests cannot be read: {error}."));
            return Ok(Vec::new());
        }
    };
    open.retain(|record| record.is_unsettled() || record.is_unfinished());
    open.retain(|record| is_named(record, names));
    for name in names {
        open.extend(
            session
                .requests_named(name.as_str())
                .await
                .unwrap_or_default()
                .into_iter()
                .filter(Record::is_gone),
        );
    }
    if !open.is_empty() {
        let caller = find_caller(session, streams).await?;
        open.retain(|record| record.intent.is_of(session.target(), caller.as_ref()));
    }
    Ok(open)
}

/// Who asks, to tell which requests of the journal are this account's. It is not needed to follow what is named, so
/// where STS cannot be asked, the account is that of a cluster's own ARN, or not known.
async fn find_caller(session: &Session, streams: Streams) -> Result<Option<Caller>, Problem> {
    if let Ok(Ok(caller)) = tokio::time::timeout(rds::options::CALLER, session.read_caller()).await {
        return Ok(Some(caller));
    }
    let account = session.account_of_clusters().await?;
    if account.is_none() {
        streams.say(
            "Which account answers is not known: neither STS nor the ARN of a cluster tells it. So it is not known \
             either which requests of the journal are this account's; those that may be are looked up.",
        );
    }
    Ok(account.map(|account| Caller { account: account.to_string(), arn: String::new() }))
}

/// What is watched in a place.
struct Watching<'a> {
    session: &'a Session,
    streams: Streams,
    /// What is told begins with, where there are other places.
    prefix: String,
    /// Whether there are others.
    are_several: bool,
    /// Whether it was given up.
    has_failed: bool,
    /// The names that were asked for and are not here.
    missing: Vec<SnapshotId>,
    /// What was asked for here before, and has not ended.
    unfinished: Vec<Record>,
    /// Of which snapshots it was told what proves whose they are.
    proved: HashSet<String>,
    follower: Follower<'a>,
    items: Vec<Item>,
    unsettled: Vec<Record>,
    first_problem: Option<Code>,
    missed: Missed,
}

impl<'a> Watching<'a> {
    fn new(session: &'a Session, streams: Streams, open: Vec<Record>, are_several: bool) -> Self {
        let (unsettled, unfinished): (Vec<Record>, Vec<Record>) =
            open.into_iter().partition(Record::is_unsettled);
        let prefix = if are_several { format!("{}: ", places::name_of(session)) } else { String::new() };
        Self {
            session,
            streams,
            follower: Follower::new(session, streams, true).saying(&prefix),
            prefix,
            are_several,
            has_failed: false,
            missing: Vec::new(),
            unfinished,
            proved: HashSet::new(),
            items: Vec::new(),
            unsettled,
            first_problem: None,
            missed: Missed::default(),
        }
    }

    /// What an end means for the command: where there are other places, one that failed is told and ends nothing else.
    fn concluded(&mut self, ended: Result<u8, Stop>) -> Result<u8, Stop> {
        match ended {
            Err(Stop::Problem(problem)) if self.are_several => {
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

    fn say(&self, text: &str) {
        self.streams.say(&format!("{}{text}", self.prefix));
    }

    /// Finds what there is to watch, and tells where it stands.
    async fn begin(&mut self, names: &[SnapshotId]) -> Result<(), Stop> {
        let followed = std::mem::take(&mut self.unfinished);
        let mut ids = names.to_vec();
        if names.is_empty() {
            let listed = pages::snapshots(self.session.client(), &SnapshotScope::Manual).await?;
            let creating = listed.iter().filter(|snapshot| !snapshot.status.is_final());
            ids.extend(creating.filter_map(|snapshot| SnapshotId::parse(&snapshot.id).ok()));
        }
        let (gone, unfinished): (Vec<Record>, Vec<Record>) = followed.into_iter().partition(Record::is_gone);
        for record in unfinished {
            let Ok(id) = SnapshotId::parse(&record.intent.snapshot) else { continue };
            ids.retain(|other| *other != id);
            let made = record.made();
            let item = Item::new(id, Some(record.intent), self.follower.now()).recalled(made.as_ref());
            self.items.push(item);
        }
        self.tell_doubts();
        let found = self.session.client().snapshots_named(&ids).await.map_err(Problem::from)?.value;
        let is_pending =
            |id: &SnapshotId| self.unsettled.iter().any(|record| record.intent.snapshot == id.as_str());
        let is_listed =
            |id: &SnapshotId| found.iter().any(|found| found.id.eq_ignore_ascii_case(id.as_str()));
        let is_missing = |id: &SnapshotId| !names.is_empty() && !is_listed(id) && !is_pending(id);
        let missing: Vec<SnapshotId> = ids.iter().filter(|id| is_missing(id)).cloned().collect();
        match missing.first() {
            Some(first) if !self.are_several => {
                return Err(not_listed(first, "in this Region of this account").into());
            }
            _ => ids.retain(|id| !missing.contains(id)),
        }
        self.missing = missing;
        for id in ids {
            if !is_pending(&id) {
                let record = gone.iter().find(|record| record.intent.snapshot == id.as_str());
                let intent = record.map(|record| record.intent.clone());
                self.items.push(Item::new(id, intent, self.follower.now()));
            }
        }
        Ok(())
    }

    /// Tells of open requests whose account is not known: they can stay open for as long as nothing is found.
    fn tell_doubts(&self) {
        for record in self.unsettled.iter().filter(|record| record.intent.account.is_none()) {
            self.say(&format!(
                "{} was asked for in an account that is not known, so if it is not listed that proves nothing: it is \
                 looked up until it is found, or until this is ended.",
                escape(&record.intent.snapshot)
            ));
        }
    }

    async fn until_all_ended(&mut self) -> Result<u8, Stop> {
        loop {
            self.settle().await?;
            for index in self.follower.look(&mut self.items).await? {
                self.tell(index)?;
            }
            if self.unsettled.is_empty() && self.items.iter().all(|item| item.end().is_some()) {
                return Ok(self.first_problem.map_or(0, Code::exit));
            }
            let begun = Instant::now();
            sleep(self.follower.pause(&self.items)).await;
            // A machine that slept has news.
            tracing::debug!(waited = ?begun.elapsed(), "looking again");
        }
    }

    /// Looks up what became of the open requests. Those that made a snapshot are followed from now on.
    async fn settle(&mut self) -> Result<(), Stop> {
        for (at, record) in std::mem::take(&mut self.unsettled).into_iter().enumerate() {
            if at > 0 {
                sleep(TURN).await;
            }
            let outcome = match self.session.settle(&record.intent, record.cause()).await {
                Ok(outcome) if outcome.is_settled() => outcome,
                Ok(_) => {
                    self.unsettled.push(record);
                    continue;
                }
                // What may pass is waited for; new credentials are not.
                Err(failure) if !matches!(Code::from(failure.kind), Code::Credentials) => {
                    self.missed.tell(self.streams, &record.intent.snapshot, &failure);
                    self.unsettled.push(record);
                    continue;
                }
                Err(failure) => return Err(Problem::from(failure).into()),
            };
            // A line that was changed by hand into one that could not be sent has nothing to follow.
            let Some(request) = record.intent.request() else { continue };
            self.say(&settling::words(&request, &outcome));
            if let Some(problem) = settling::problem(self.session, &request, &outcome) {
                self.fail(&problem)?;
            } else {
                let item = Item::new(request.snapshot, Some(record.intent), self.follower.now());
                self.items.push(item.recalled(outcome.snapshot()));
            }
        }
        Ok(())
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
            format!("{}{}", self.prefix, item.tell(false, self.follower.now()))
        };
        let mark = data.tags.iter().find(|tag| tag.key == MARK_KEY);
        if let Some(mark) = mark.filter(|_| self.proved.insert(data.id.clone())) {
            // It proves whose it is from any machine, whatever this one's journal says.
            let (id, number) = (escape(&data.id), escape(&mark.value));
            self.say(&format!("{id} is proved by its tag {MARK_KEY} to be of request {number}."));
        }
        result(&text)
    }

    fn fail(&mut self, problem: &Problem) -> Result<(), Stop> {
        self.first_problem.get_or_insert(problem.code);
        let text = if self.streams.json {
            json::not_done(problem)
        } else {
            format!("{}{}", self.prefix, problem.message)
        };
        result(&text)
    }
}
