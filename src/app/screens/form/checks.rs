//! What is known before the request is made: what certainly stands in the way, what is doubtful, and the
//! facts. Unknown is told as unknown.

use jiff::Timestamp;

use crate::app::place::Place;
use crate::app::place::account::AccountStanding;
use crate::app::place::catalog::NameUse;
use crate::app::proof::{self, LOST};
use crate::app::telling::Reader;
use crate::app::world::World;
use crate::domain::age::ago;
use crate::domain::cluster::{Cluster, Encryption, told_size};
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;
use crate::domain::naming;
pub use crate::domain::preflight::Verdict;
use crate::domain::preflight::judge_quota;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::status::Readiness;
use crate::domain::tag::{MAX_TAGS, Tag, TagSet};
use crate::domain::text::{self, escaped, truncate};

use crate::app::drafts::form::{Field, Form};

/// How much of the encryption is told.
const KEY_COLUMNS: usize = 30;
/// A usable snapshot younger than this may be what is needed already.
const RECENT_HOURS: i64 = 4;

/// Something that is known, or not, before the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it means for the request.
    pub verdict: Verdict,
    /// The check in words. Text in it comes from outside and is not yet safe to show.
    pub text: String,
}

/// Why a draft cannot be reviewed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// The reason: a sentence for the person.
    pub text: String,
    /// The field in which it can be mended, if it is one.
    pub field: Option<Field>,
}

/// Puts checks into rows of a width: what blocks and what is long has a row of its own, the others stand
/// two in a row.
#[must_use]
pub fn rows(checks: &[Check], width: u16) -> Vec<Vec<&Check>> {
    let half = usize::from(width / 2).saturating_sub(7);
    let mut rows: Vec<Vec<&Check>> = Vec::new();
    let mut is_open = false;
    for check in checks {
        let is_short = check.verdict != Verdict::Blocks && text::width(&escaped(&check.text)) <= half;
        match rows.last_mut() {
            Some(row) if is_open && is_short => {
                row.push(check);
                is_open = false;
            }
            _ => {
                rows.push(vec![check]);
                is_open = is_short && width >= 60;
            }
        }
    }
    rows
}

/// Everything that is known before the request, in the order of reading.
#[must_use]
pub fn checks(world: &World, form: &Form, now: Timestamp) -> Vec<Check> {
    let blocks = |blocker: Blocker| check(Verdict::Blocks, blocker.text);
    let mut checks: Vec<Check> = blockers(world, form).into_iter().map(blocks).collect();
    let place = world.at(form.place);
    let doubts = world.open_requests.doubts(place, &form.cluster, form.name.value(), now);
    checks.extend(doubts.into_iter().map(|text| check(Verdict::Doubt, text)));
    if let Some(refusal) = &form.refusal {
        checks.push(check(Verdict::Doubt, format!("Last time: not created. {refusal}")));
    }
    checks.extend(mark_check(form));
    checks.extend(missing_permissions(place).into_iter().map(|text| check(Verdict::Doubt, text)));
    let cluster = place.catalog.cluster(&form.cluster);
    checks.extend(cluster.and_then(|cluster| state_check(place, cluster)));
    checks.extend(quota_check(place));
    checks.push(last_usable_check(world, form, now));
    if let Some(cluster) = cluster {
        checks.push(restorable_check(cluster, now));
        checks.push(encryption_check(cluster));
        checks.push(size_check(cluster));
    }
    checks.extend(place_checks(world, form));
    checks
}

/// The request of a draft, or why there is none yet. Nothing is ever sent while anything is invalid.
///
/// # Errors
/// Each certain obstacle.
pub fn request_of(world: &World, form: &Form) -> Result<SnapshotRequest, Vec<Blocker>> {
    let blockers = blockers(world, form);
    let mark = form.tags.mark(&form.number);
    let key = mark.as_ref().map(|mark| mark.key.clone());
    let tags: Vec<Tag> = form.tags.tags().into_iter().chain(mark).collect();
    let tags = TagSet::parse(tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())));
    match (SnapshotId::parse(form.name.value()), tags) {
        (Ok(snapshot), Ok(tags)) if blockers.is_empty() => Ok(SnapshotRequest {
            number: form.number.clone(),
            cluster: form.cluster.clone(),
            cluster_resource_id: form.resource_id.clone(),
            snapshot,
            tags,
            mark: key,
        }),
        _ => Err(blockers),
    }
}

/// What certainly stands in the way of a request. A cluster that is busy does not: its request can be
/// reviewed, and submitted as soon as the cluster is available.
#[must_use]
pub fn blockers(world: &World, form: &Form) -> Vec<Blocker> {
    let mut blockers = name_blockers(world, form);
    for problem in form.tags.problems() {
        let text = format!("A rule is broken at {problem}.");
        blockers.push(Blocker { text, field: Some(Field::Key(problem.row)) });
    }
    if form.tags.rows.len() == MAX_TAGS && form.tags.count() > MAX_TAGS {
        let text = format!(
            "{MAX_TAGS} tags and the mark are one too many. ctrl-y leaves the mark out: then {LOST}. Or remove a tag."
        );
        blockers.push(Blocker { text, field: None });
    }
    for (key, row) in form.tags.missing() {
        let text = match row {
            Some(_) => format!("The tag {key} is required and has no value yet."),
            None => format!("The tag {key} is required: ctrl-n adds it."),
        };
        blockers.push(Blocker { text, field: row.map(Field::Value).or(Some(Field::AddTag)) });
    }
    let mut block = |text: String| blockers.push(Blocker { text, field: None });
    match world.at(form.place).catalog.cluster(&form.cluster) {
        None => block(format!("The cluster {} does not exist any more.", form.cluster)),
        Some(cluster) if cluster.status.readiness() == Readiness::NotReady => {
            block(format!("The cluster is {}; it must be available. ctrl-l looks again.", cluster.status));
        }
        Some(_) => {}
    }
    if let Some(Some(quota)) = world.at(form.place).quota.value
        && judge_quota(quota) == Verdict::Blocks
    {
        block(format!("The quota of manual snapshots is used up: {quota}; ctrl-l looks again."));
    }
    if let Some(broken) = &world.policy.broken {
        block(format!(
            "A guard cannot be understood, so nothing is sent: {broken}. Put it right and start again."
        ));
    }
    let place = world.at(form.place);
    if place.target().is_read_only {
        block("Started with --read-only: nothing that changes anything is sent.".to_owned());
    } else if world.standing(place, Some(&form.cluster)).is_read_only {
        block("The configuration's [read_only] names it: nothing that changes anything is sent.".to_owned());
    }
    blockers
}

fn name_blockers(world: &World, form: &Form) -> Vec<Blocker> {
    let name = form.name.value();
    let block = |text: String| vec![Blocker { text, field: Some(Field::Name) }];
    if let Err(problems) = SnapshotId::parse(name) {
        return block(format!("The identifier breaks a rule: {problems}."));
    }
    if let NameUse::Taken(taken) = world.at(form.place).catalog.name_use(name) {
        return block(format!("The name is taken by a snapshot that is {}.", taken.status));
    }
    match world.open_obstacle(form.place, name) {
        Some(open) => block(format!("{open} ctrl-l looks what became of it.")),
        None => Vec::new(),
    }
}

fn place_checks(world: &World, form: &Form) -> Vec<Check> {
    let mut checks = Vec::new();
    if world.is_production(world.at(form.place), Some(&form.cluster)) {
        let text = "PRODUCTION: the cluster's name has to be typed to submit".to_owned();
        checks.push(check(Verdict::Doubt, text));
    }
    checks.push(account_check(world.at(form.place), &form.cluster));
    let target = world.at(form.place).target();
    let region = target.region.as_deref().unwrap_or("no Region");
    let at = match &target.endpoint {
        _ if target.is_demo => "the simulator",
        Some(endpoint) => endpoint,
        None => "AWS's endpoint",
    };
    checks.push(check(Verdict::Fact, format!("in {region}, {at}")));
    checks
}

fn account_check(place: &Place, cluster: &ClusterId) -> Check {
    let user = |account: &str| {
        let caller = place.caller.value.as_ref().filter(|caller| caller.account == account);
        caller.map(|caller| naming::user_of(&caller.arn).to_owned())
    };
    match place.account_standing(cluster) {
        AccountStanding::Known(account) => match user(&account) {
            Some(user) => check(Verdict::Fact, format!("as {account} {user}")),
            None => check(Verdict::Fact, format!("in account {account}, caller not known")),
        },
        AccountStanding::Unverified(account, _) => {
            check(Verdict::Doubt, format!("account {account} cannot be verified now"))
        }
        AccountStanding::Disputed(account, caller) => {
            let text = format!("cluster of {account}, credentials of {}", caller.account);
            check(Verdict::Doubt, text)
        }
        AccountStanding::Unknown(_) => check(Verdict::Unknown, "account and caller not known".to_owned()),
        AccountStanding::Asking => check(Verdict::Unknown, "account: asking".to_owned()),
    }
}

fn state_check(place: &Place, cluster: &Cluster) -> Option<Check> {
    let status = &cluster.status;
    if place.cluster_read.has_failed_for(&cluster.id) {
        let text = format!("cluster was {status}; it could not be read anew");
        return Some(check(Verdict::Doubt, text));
    }
    match status.readiness() {
        Readiness::Ready => Some(check(Verdict::Fine, format!("cluster {status}"))),
        Readiness::Busy => {
            Some(check(Verdict::Doubt, format!("cluster {status}: the review offers to wait for it")))
        }
        Readiness::Unknown => {
            let text = format!("cluster {status}: whether AWS takes a snapshot now is not known");
            Some(check(Verdict::Unknown, text))
        }
        // It is told as an obstacle.
        Readiness::NotReady => None,
    }
}

fn quota_check(place: &Place) -> Option<Check> {
    match (&place.quota.value, &place.quota.failure) {
        (Some(Some(quota)), _) => match judge_quota(*quota) {
            // It is told as an obstacle.
            Verdict::Blocks => None,
            verdict => Some(check(verdict, quota.to_string())),
        },
        (Some(None), _) => Some(check(Verdict::Unknown, "quota: the account does not report one".to_owned())),
        (None, Some(failure)) => {
            let text = format!("quota not known: {}", failure.kind.clause());
            Some(check(Verdict::Unknown, text))
        }
        (None, None) => Some(check(Verdict::Unknown, "quota: asking".to_owned())),
    }
}

fn last_usable_check(world: &World, form: &Form, now: Timestamp) -> Check {
    // A newer one may be on a page that was not read yet.
    let is_whole = world.at(form.place).catalog.snapshots.complete_at.is_some();
    let last = if is_whole { "last usable snapshot" } else { "last usable snapshot so far" };
    match world.at(form.place).catalog.last_usable_of(&form.cluster) {
        Some(at) if now.duration_since(at).as_hours() < RECENT_HOURS => {
            check(Verdict::Doubt, format!("{last} only {}", ago(at, now)))
        }
        Some(at) => check(Verdict::Fact, format!("{last} {}", ago(at, now))),
        None if world.at(form.place).catalog.snapshots.complete_at.is_some() => {
            check(Verdict::Fact, "no usable snapshot of it is listed".to_owned())
        }
        None if world.at(form.place).catalog.snapshots.failure.is_some() => {
            check(Verdict::Unknown, "last usable snapshot not known: the list was not read".to_owned())
        }
        None => check(Verdict::Unknown, "last usable snapshot: still loading".to_owned()),
    }
}

/// The permissions that were found missing on the way, each once.
fn missing_permissions(place: &Place) -> Vec<String> {
    let failures = [
        &place.caller.failure,
        &place.quota.failure,
        &place.cluster_read.failure,
        &place.catalog.clusters.failure,
        &place.catalog.snapshots.failure,
    ];
    let mut told: Vec<String> = Vec::new();
    for permission in failures.into_iter().flatten().filter_map(Failure::missing_permission) {
        let text = format!("permission missing: {permission}");
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told
}

fn check(verdict: Verdict, text: String) -> Check {
    Check { verdict, text }
}

/// What is to be known of the mark: that there is none, or that it may be what was refused.
fn mark_check(form: &Form) -> Option<Check> {
    let Some(mark) = form.tags.mark(&form.number) else {
        // Where the configuration turns it off, that was decided for all.
        form.tags.mark.0.as_ref()?;
        let text = "no mark: nothing proves whose the snapshot is, should the answer be lost";
        return Some(check(Verdict::Doubt, text.to_owned()));
    };
    proof::refused(form.refusal.as_ref()?, &mark.key, Reader::Form)?;
    let text = "maybe for the mark: ctrl-y leaves it out; then nothing proves whose it is";
    Some(check(Verdict::Doubt, text.to_owned()))
}

fn restorable_check(cluster: &Cluster, now: Timestamp) -> Check {
    let storage = &cluster.storage;
    match (storage.restorable_from, storage.restorable_to) {
        (Some(from), Some(to)) => {
            let text = format!("restorable {} to {}", ago(from, now), ago(to, now));
            check(Verdict::Fact, text)
        }
        _ => check(Verdict::Unknown, "point-in-time window not known".to_owned()),
    }
}

fn encryption_check(cluster: &Cluster) -> Check {
    let encryption = &cluster.storage.encryption;
    let verdict = match encryption {
        Encryption::Unknown => Verdict::Unknown,
        Encryption::Kms(_) | Encryption::ServiceOwned | Encryption::None => Verdict::Fact,
    };
    // The start of a key's id tells it; the details have it whole.
    let text = encryption.describe();
    check(verdict, truncate(&text, KEY_COLUMNS, "...").into_owned())
}

fn size_check(cluster: &Cluster) -> Check {
    match told_size(cluster.storage.allocated_gib) {
        Some(gib) => check(Verdict::Fact, format!("{gib} GiB allocated")),
        None => check(Verdict::Unknown, "size: Aurora does not tell".to_owned()),
    }
}
