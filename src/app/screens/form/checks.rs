//! What is known before the request is made: what certainly stands in the way, what is doubtful, and the
//! facts. Unknown is told as unknown.

use jiff::Timestamp;

use crate::app;
use crate::app::place::Place;
use crate::app::proof::{self, LOST};
use crate::app::telling::Reader;
use crate::app::world::World;
use crate::domain::age::ago;
use crate::domain::cluster::{Cluster, Encryption, told_size};
use crate::domain::failure::Failure;
pub use crate::domain::preflight::Verdict;
use crate::domain::preflight::{self, Subject};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::{MAX_TAGS, TagSet};
use crate::domain::text::{self, escaped, truncate};

use crate::app::drafts::fields::Field;
use crate::app::drafts::form::Form;

/// How much of the encryption is told.
const KEY_COLUMNS: usize = 30;
/// How many columns of a row are beside the words of a check.
const BESIDE_WORDS: u16 = 5;

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

/// What of a check stands in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckLine {
    /// What the check means, where it begins; `None` in its further rows.
    pub verdict: Option<Verdict>,
    /// Whether it blocks.
    pub blocks: bool,
    /// The words. Safe to show.
    pub text: String,
}

/// Puts checks into rows of a width: what blocks has rows of its own, as many as its words need, what is long has one,
/// and the others stand two in a row.
#[must_use]
pub fn rows(checks: &[Check], width: u16) -> Vec<Vec<CheckLine>> {
    let half = usize::from(width / 2).saturating_sub(7);
    let mut rows: Vec<Vec<CheckLine>> = Vec::new();
    let mut is_open = false;
    for Check { verdict, text } in checks {
        let (text, blocks) = (escaped(text), *verdict == Verdict::Blocks);
        if blocks {
            let lines = text::wrap(&text, usize::from(width.saturating_sub(BESIDE_WORDS)));
            let verdicts = std::iter::once(Some(*verdict)).chain(std::iter::repeat(None));
            let line = |(text, verdict)| vec![CheckLine { verdict, blocks, text }];
            rows.extend(lines.into_iter().zip(verdicts).map(line));
            is_open = false;
            continue;
        }
        let is_short = text::width(&text) <= half;
        let line = CheckLine { verdict: Some(*verdict), blocks, text: text.into_owned() };
        match rows.last_mut() {
            Some(row) if is_open && is_short => {
                row.push(line);
                is_open = false;
            }
            _ => {
                rows.push(vec![line]);
                is_open = is_short && width >= 60;
            }
        }
    }
    rows
}

/// Everything that is known before the request, in the order of reading.
#[must_use]
pub fn checks(world: &World, form: &Form, now: Timestamp) -> Vec<Check> {
    let place = world.at(form.place);
    let judged = judged(world, form, now);
    let of = |subject: Subject| {
        // What stands in the way is told as an obstacle, and with the name itself whether it is free.
        let is_told = move |check: &&preflight::Check| {
            check.subject == subject
                && check.verdict != Verdict::Blocks
                && (subject != Subject::Journal || check.verdict != Verdict::Fine)
        };
        judged.iter().filter(is_told).map(|judged| check(judged.verdict, judged.text.clone()))
    };
    let blocks = |blocker: Blocker| check(Verdict::Blocks, blocker.text);
    // A tag that is being typed is nothing to complain of before it is left.
    let fields = &form.fields;
    let is_new = |blocker: &Blocker| matches!(blocker.field, Some(Field::Key(row)) if fields.tags.is_new(row, fields.focus));
    let (new, told): (Vec<_>, Vec<_>) = blockers(world, form, &judged).into_iter().partition(is_new);
    let mut checks: Vec<Check> = told.into_iter().map(blocks).collect();
    checks.extend(new.first().map(|_| check(Verdict::Doubt, "the new tag has no key yet".to_owned())));
    checks.extend(of(Subject::Journal));
    if let Some(refusal) = &form.refusal {
        checks.push(check(Verdict::Doubt, format!("Last time: not created. {refusal}")));
    }
    checks.extend(mark_check(form));
    checks.extend(missing_permissions(place).into_iter().map(|text| check(Verdict::Doubt, text)));
    checks.extend(of(Subject::Cluster).chain(of(Subject::Quota)));
    checks.push(last_usable_check(place, form, now));
    if let Some(cluster) = place.catalog.cluster(&form.cluster) {
        checks.push(restorable_check(cluster, now));
        checks.push(encryption_check(cluster));
        checks.push(size_check(cluster));
    }
    if world.is_production(place, Some(&form.cluster)) {
        let text = "PRODUCTION: the cluster's name has to be typed to submit".to_owned();
        checks.push(check(Verdict::Doubt, text));
    }
    checks.extend(of(Subject::Credentials));
    checks.push(target_check(place));
    checks
}

/// What every request is judged by before it is made.
fn judged(world: &World, form: &Form, now: Timestamp) -> Vec<preflight::Check> {
    app::preflight::checks(world, form.place, &form.cluster, form.fields.name.value(), now)
}

/// The request of a draft, or why there is none yet. Nothing is ever sent while anything is invalid.
///
/// # Errors
/// Each certain obstacle.
pub fn request_of(world: &World, form: &Form) -> Result<SnapshotRequest, Vec<Blocker>> {
    let blockers = blockers(world, form, &judged(world, form, world.heard_at));
    let table = &form.fields.tags;
    match (
        SnapshotId::parse(form.fields.name.value()),
        TagSet::marked(table.tags(), table.mark(&form.number)),
    ) {
        (Ok(snapshot), Ok((tags, mark))) if blockers.is_empty() => Ok(SnapshotRequest {
            number: form.number.clone(),
            cluster: form.cluster.clone(),
            cluster_resource_id: form.resource_id.clone(),
            snapshot,
            tags,
            mark,
            change: None,
        }),
        _ => Err(blockers),
    }
}

/// What certainly stands in the way of a request: what is wrong in the draft, then what the request is judged by. A
/// cluster that is busy does not: its request can be reviewed, and submitted as soon as the cluster is available.
fn blockers(world: &World, form: &Form, judged: &[preflight::Check]) -> Vec<Blocker> {
    let is_name = SnapshotId::parse(form.fields.name.value());
    let mut blockers = Vec::new();
    if let Err(problems) = &is_name {
        let text = format!("The identifier breaks a rule: {problems}.");
        blockers.push(Blocker { text, field: Some(Field::Name) });
    }
    blockers.extend(tag_blockers(form));
    let certain = judged.iter().filter(|check| check.verdict == Verdict::Blocks);
    for check in certain.filter(|check| is_name.is_ok() || !is_about_name(check.subject)) {
        let (hint, field) = match check.subject {
            Subject::Name => (".", Some(Field::Name)),
            Subject::Journal => (" ctrl-l looks what became of it.", Some(Field::Name)),
            Subject::Cluster | Subject::Quota | Subject::Credentials => (". ctrl-l looks again.", None),
        };
        blockers.push(Blocker { text: format!("{}{hint}", check.text), field });
    }
    blockers.extend(
        app::preflight::guard(world, form.place, &form.cluster).map(|text| Blocker { text, field: None }),
    );
    // What can be mended in the name comes first.
    blockers.sort_by_key(|blocker| blocker.field != Some(Field::Name));
    blockers
}

fn is_about_name(subject: Subject) -> bool {
    matches!(subject, Subject::Name | Subject::Journal)
}

fn tag_blockers(form: &Form) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    for problem in form.fields.tags.problems() {
        let text = format!("A rule is broken at {problem}.");
        blockers.push(Blocker { text, field: Some(Field::Key(problem.row)) });
    }
    if form.fields.tags.rows.len() == MAX_TAGS && form.fields.tags.count() > MAX_TAGS {
        let text = format!(
            "{MAX_TAGS} tags and the mark are one too many. ctrl-y leaves the mark out: then {LOST}. Or remove a tag."
        );
        blockers.push(Blocker { text, field: None });
    }
    for (key, row) in form.fields.tags.missing() {
        let text = match row {
            Some(_) => format!("The tag {key} is required and has no value yet."),
            None => format!("The tag {key} is required: ctrl-n adds it."),
        };
        blockers.push(Blocker { text, field: row.map(Field::Value).or(Some(Field::AddTag)) });
    }
    blockers
}

/// Where the request goes.
fn target_check(place: &Place) -> Check {
    let target = place.target();
    let region = target.region.as_deref().unwrap_or("no Region");
    let at = match &target.endpoint {
        _ if target.is_demo => "the simulator",
        Some(endpoint) => endpoint,
        None => "AWS's endpoint",
    };
    check(Verdict::Fact, format!("in {region}, {at}"))
}

fn last_usable_check(place: &Place, form: &Form, now: Timestamp) -> Check {
    // A newer one may be on a page that was not read yet.
    let is_whole = place.catalog.snapshots.complete_at.is_some();
    let last = if is_whole { "last usable snapshot" } else { "last usable snapshot so far" };
    match place.catalog.last_usable_of(&form.cluster) {
        Some(at) => check(Verdict::Fact, format!("{last} {}", ago(at, now))),
        None if place.catalog.snapshots.complete_at.is_some() => {
            check(Verdict::Fact, "no usable snapshot of it is listed".to_owned())
        }
        None if place.catalog.snapshots.failure.is_some() => {
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
    let Some(mark) = form.fields.tags.mark(&form.number) else {
        // Where the configuration turns it off, that was decided for all.
        form.fields.tags.mark.0.as_ref()?;
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
        // It never does: nothing to find out, and nothing to look at twice.
        None => check(Verdict::Fact, "size: Aurora does not tell".to_owned()),
    }
}
