//! `clustersnap create`: one request, one outcome, and if so asked the wait for its end.
//!
//! - `args`: what was asked for, checked. `cluster`: whether the cluster takes a snapshot.
//! - `open`: what the journal has open for the same cluster or name, asked first.
//! - `preflight`: every check before a request. `dry_run`: these and nothing else.
//! - `sending`: the request on its way. `wait`: to the end.

mod args;
pub mod cluster;
pub mod dry_run;
mod open;
pub mod preflight;
pub mod sending;
mod wait;

use std::path::{Path, PathBuf};

use jiff::Zoned;
use tokio::time::Instant;

use super::config::policy;
use super::hints::how_to_go_on;
use super::interrupts::{self, Interrupts, NOTHING_SENT, interrupted};
use super::json::{self, SnapshotData};
use super::problem::{Code, Problem};
use super::streams::{Stop, Streams, result};
use super::{change, connect, pages, ready, settling, table};
use crate::app::telling;
use crate::cli::{CreateOptions, Global};
use crate::domain::cluster::Cluster;
use crate::domain::context::Target;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::outcome::Outcome;
use crate::domain::page::SnapshotScope;
use crate::domain::policy::{Confirmation, Policy};
use crate::domain::request::SnapshotRequest;
use crate::domain::tag::Tag;
use crate::domain::text::escape;
use crate::session::{Consent, Session};
use crate::submit::Submitted;
use cluster::{ClusterWait, is_over, pause, told_or_again};
use preflight::CheckTerms;

pub use args::{CreateArgs, SnapshotArgs, checked, read_tags_file, say_remarks, typed_tags};

/// A create under way: who asks, how, and until when.
pub struct Creating<'a> {
    /// The connection.
    pub session: &'a Session,
    /// Where it answers.
    pub streams: Streams,
    /// What may end it.
    pub interrupts: &'a mut Interrupts,
    /// Until when it waits.
    pub deadline: Option<Instant>,
    /// What is wanted of every request.
    pub policy: Policy,
    /// Whether it waits for a busy cluster.
    pub when_available: bool,
    /// What was said with the request, but for the account; with how the last sending ended, if it was refused and is
    /// to be sent again.
    pub consent: Consent,
    /// The request as it is, where it was shown or sent before: a copy of what was sent may have been carried out, and
    /// another name would make a second snapshot.
    pub request: Option<SnapshotRequest>,
    /// How many times it was sent so far.
    pub sent: u32,
}

/// Creates a snapshot; returns the exit code.
pub async fn run(args: &CreateOptions, global: &Global) -> Result<u8, Stop> {
    refuse_shared_input(args, global)?;
    if let Some(id) = &args.change {
        return Box::pin(change::run(args, id, global)).await;
    }
    let streams = Streams::new(args.answer);
    let mut interrupts = Interrupts::new()?;
    let deadline = interrupts::deadline(args.timeout);
    let file = interrupts.during(NOTHING_SENT, read_tags_file(args)).await?;
    let policy = policy(streams);
    let wanted = CreateArgs::parse(args, file.as_deref(), &policy.mark_key)?;
    say_remarks(args, file.as_deref(), &policy.mark_key, streams);
    if !args.dry_run {
        refuse_at_once(global, &policy)?;
    }
    let session = interrupts.during(NOTHING_SENT, Box::pin(connect(global, Some(policy.clone())))).await?;
    if let Some(within) = args.unless_within {
        let young = Box::pin(ready::young_snapshot(&session, &wanted.cluster, within));
        if let Some((snapshot, words)) = interrupts.during(NOTHING_SENT, young).await? {
            streams.say(&words);
            let data = SnapshotData::from(&snapshot).asked_through(&session, None);
            let data = SnapshotData { is_dry: args.dry_run, ..data };
            result(&if streams.json { json::done(&data) } else { text(&session, &data) })?;
            return Ok(0);
        }
    }
    let confirmation = Confirmation::Command(args.confirm.clone());
    if args.dry_run {
        let terms = CheckTerms { is_waited_for: args.when_available, without_journal: args.without_journal };
        let dry_run = Box::pin(dry_run::run(&session, &wanted, &policy, &confirmation, streams, terms));
        return interrupts.during(NOTHING_SENT, dry_run).await;
    }
    let mut creating = Creating {
        session: &session,
        streams,
        interrupts: &mut interrupts,
        deadline,
        policy,
        when_available: args.when_available,
        consent: Consent {
            without_journal: args.without_journal,
            look_until: if args.no_confirm { Some(Instant::now()) } else { deadline },
            confirmation,
            ..Consent::default()
        },
        request: None,
        sent: 0,
    };
    let (request, submitted) = Box::pin(creating.ask(&wanted)).await?;
    creating.conclude(&request, submitted, args.wait).await
}

/// Refuses to read standard input for two things: the first would get all of it, and tell what it cannot use, as a code.
fn refuse_shared_input(args: &CreateOptions, global: &Global) -> Result<(), Problem> {
    let is_input = |path: &Option<PathBuf>| path.as_deref() == Some(Path::new("-"));
    let readers = [
        ("--mfa-code", global.mfa_code.as_deref() == Some("-")),
        ("--tags-file", is_input(&args.tags_file)),
        ("--clusters-file", is_input(&args.clusters_file)),
    ];
    let mut named = readers.into_iter().filter(|(_, is_read)| *is_read).map(|(option, _)| option);
    match (named.next(), named.next()) {
        (Some(first), Some(second)) => {
            let message = format!("standard input cannot be that of {first} too");
            Err(Problem::parameter(second, "usage", &message))
        }
        _ => Ok(()),
    }
}

/// Refuses what nothing could be sent of, before anything is read.
pub fn refuse_at_once(global: &Global, policy: &Policy) -> Result<(), Problem> {
    let refuse = |kind, why: String| Err(Problem::from(Failure::local(kind, why)));
    match &policy.broken {
        _ if global.read_only => refuse(FailureKind::ReadOnly, "started with --read-only".to_owned()),
        Some(broken) => refuse(FailureKind::Guarded, broken.clone()),
        None => Ok(()),
    }
}

/// The request for what is wanted, with a proposed name if none was given.
///
/// Names that are taken are asked for only where the template counts on: otherwise a second request within
/// the same minute is refused, for it is more likely a mistake than meant.
async fn request(
    session: &Session,
    wanted: &CreateArgs,
    cluster: &Cluster,
    policy: &Policy,
) -> Result<SnapshotRequest, Problem> {
    let taken: Vec<String> = if wanted.asked.counts(policy) {
        let listed = Box::pin(pages::snapshots(session.client(), &SnapshotScope::Manual)).await?;
        listed.into_iter().map(|snapshot| snapshot.id).collect()
    } else {
        Vec::new()
    };
    wanted.asked.request(cluster, policy, session.caller().as_ref(), &taken, Zoned::now().datetime())
}

impl Creating<'_> {
    /// From what is wanted to an outcome. A cluster that turns out to be busy after all, where that is to be
    /// waited for, makes it begin again: nothing was created then.
    pub async fn ask(&mut self, wanted: &CreateArgs) -> Result<(SnapshotRequest, Submitted), Stop> {
        let mut wait = ClusterWait {
            session: self.session,
            cluster: &wanted.cluster,
            account: self.consent.account.clone(),
            resource_id: self.request.as_ref().and_then(|request| request.cluster_resource_id.clone()),
            was_found: false,
            when_available: self.when_available,
            deadline: self.deadline,
        };
        let mut refused: Option<Submitted> = None;
        loop {
            let ready = wait.until_ready(async || {}, |words| self.streams.say(words));
            let ready = tokio::select! {
                ready = Box::pin(ready) => ready,
                () = self.interrupts.next() => return Err(self.interrupted_between().into()),
            };
            let cluster = match ready {
                Ok(cluster) => cluster,
                Err(problem) => {
                    return match (refused, self.request.take()) {
                        // What left and was refused is told as that.
                        (Some(refused), Some(sent)) if is_over(self.deadline) => Ok((sent, refused)),
                        _ => Err(problem.and(&self.sent_so_far()).into()),
                    };
                }
            };
            self.consent.account.clone_from(&wait.account);
            let request = if let Some(request) = &self.request {
                request.clone()
            } else {
                tokio::select! {
                    request = request(self.session, wanted, &cluster, &self.policy) => request?,
                    () = self.interrupts.next() => return Err(self.interrupted_between().into()),
                }
            };
            if request.tags.as_slice().is_empty() && cluster.copies_tags == Some(true) {
                self.streams
                    .say("The cluster copies its tags to snapshots that are given none: so AWS will.");
            }
            if let Some(open) = self.settle_open(&request).await? {
                return Ok((request, open));
            }
            let submitted = self.send(&request).await?;
            if submitted.sent > 0 {
                self.sent += submitted.sent;
                self.request = Some(request.clone());
            }
            let submitted = self.taken_back(&request, submitted).await?;
            let may_wait = self.when_available && !is_over(self.deadline);
            let say = |words: &str| self.streams.say(&format!("{}: {words}", request.snapshot));
            if let Some(told) = told_or_again(&mut refused, submitted, may_wait, say) {
                return Ok((request, told));
            }
            wait.was_found = true;
            self.consent.earlier = refused.as_ref().and_then(|refused| refused.outcome.failure().cloned());
            tokio::select! {
                () = pause(self.deadline) => {}
                () = self.interrupts.next() => return Err(self.interrupted_between().into()),
            }
        }
    }

    /// Tells what became of the request, after its end if that is to be waited for.
    pub async fn conclude(
        &mut self,
        request: &SnapshotRequest,
        submitted: Submitted,
        waits: bool,
    ) -> Result<u8, Stop> {
        let outcome = if waits { self.settled(request, &submitted).await? } else { submitted.outcome };
        let unjournalled = self.unjournalled(request, &outcome);
        if let Some(problem) = unjournalled.or_else(|| settling::problem(self.session, request, &outcome)) {
            return Err(problem.into());
        }
        if matches!(outcome, Outcome::FoundAgain { .. }) {
            self.streams.say(&settling::words(request, &outcome));
        }
        let mut data = settling::data(self.session, request, &outcome);
        let unusable = settling::unusable(self.session, request, &outcome);
        // One that failed at once has ended: that is written down, and RDS asked why.
        let has_failed = outcome.snapshot().is_some_and(|made| made.status.is_failure());
        if waits && outcome.snapshot().is_some() || has_failed {
            let followed = self.followed(request, &outcome, submitted.intent.as_ref()).await;
            let followed = followed.map_err(|problem| match problem.snapshot {
                Some(_) => problem,
                None => problem.about(data.clone()),
            });
            data = settling::with_origin(followed, data.origin.as_ref())?;
        } else if let Some(problem) = unusable {
            return Err(problem.into());
        }
        let text = if self.streams.json { json::done(&data) } else { text(self.session, &data) };
        match result(&text) {
            Ok(()) | Err(Stop::Unread) => Ok(0),
            // The snapshot is there, whoever reads of it; but a result that is lost is a failure.
            Err(Stop::Problem(problem)) => {
                let told = format!(
                    "{} was created, but its result is not told: {}",
                    request.snapshot, problem.message
                );
                Err(Problem { message: told, ..*problem }.into())
            }
        }
    }

    /// The problem that an outcome is which is not known, of a request that no journal has.
    fn unjournalled(&self, request: &SnapshotRequest, outcome: &Outcome) -> Option<Problem> {
        let Outcome::Unknown { cause, .. } = outcome else { return None };
        let words = format!("{}. {cause}", telling::unjournalled(request.snapshot.as_str()));
        let problem =
            self.consent.without_journal.then(|| Problem::new(Code::OutcomeUnknown, escape(&words)))?;
        Some(problem.because(cause).about(settling::data(self.session, request, outcome)))
    }

    /// That it was told to end while no request was under way.
    fn interrupted_between(&self) -> Problem {
        interrupted(&self.sent_so_far())
    }

    /// What was sent up to now, while no request is under way.
    fn sent_so_far(&self) -> String {
        let Some(last) = &self.consent.earlier else { return NOTHING_SENT.to_owned() };
        let times = if self.sent == 1 { "once".to_owned() } else { format!("{} times", self.sent) };
        format!("The request for the snapshot was sent {times} and refused; nothing is under way. {last}.")
    }

    /// What is known of a request that was sent, and how to go on with it.
    fn standing(&self, request: &SnapshotRequest, outcome: &Outcome) -> String {
        let words = settling::words(request, outcome);
        match self.unjournalled(request, outcome) {
            Some(problem) => problem.message,
            None if outcome.snapshot().is_some() || !outcome.is_settled() => {
                format!("{words} {}", how_to_go_on(self.session, std::iter::once(&request.snapshot)))
            }
            None => words,
        }
    }
}

/// A snapshot that was asked for, for a person.
fn text(session: &Session, data: &SnapshotData) -> String {
    let origin = data.origin.as_ref();
    let status = data.status.as_deref().unwrap_or("not known");
    table::fields(&[
        ("Snapshot", Some(data.id.clone())),
        ("Status", Some(status.to_owned())),
        ("Cluster", data.cluster.clone()),
        ("Place", Some(place(session.target()))),
        ("Account", origin.and_then(|origin| Some(origin.account.as_ref()?.to_string()))),
        ("Tags", Some(tags(&data.tags))),
        ("ARN", data.arn.clone()),
        ("Request", origin.and_then(|origin| origin.request_id.clone())),
    ])
}

/// The tags in one line.
pub fn tags<'a>(tags: impl IntoIterator<Item = &'a Tag>) -> String {
    table::told_tags(tags).unwrap_or_else(|| "none".to_owned())
}

/// Where requests go, in one line.
fn place(place: &Target) -> String {
    let region = place.region.clone().unwrap_or_default();
    let demo = if place.is_demo { ", the embedded simulator" } else { "" };
    let endpoint = place.endpoint.as_ref().map(|url| format!(", {url}")).unwrap_or_default();
    format!("{region}{endpoint}{demo}")
}
