//! What is known before the request is made: what certainly stands in the way, what is doubtful, and the
//! facts. Unknown is told as unknown.

use jiff::Timestamp;

use crate::app::drafts::form::Form;
use crate::app::drafts::tags::TagTable;
use crate::app::keymap::Focus;
use crate::app::place::Place;
use crate::app::proof::{self, LOST};
use crate::app::telling::{Reader, said};
use crate::app::world::World;
use crate::domain::age::ago;
use crate::domain::cluster::{Cluster, Encryption, told_size};
use crate::domain::failure::{Failure, FailureKind};
pub use crate::domain::preflight::Verdict;
use crate::domain::preflight::{Check, Subject};
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::text::{self, escaped};

use super::blockers::{Blocker, blockers, judged};

/// How many columns of a row are beside the words of a check.
const BESIDE_WORDS: u16 = 5;

/// Something that is known, or not, before the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormCheck {
    /// What it means for the request.
    pub verdict: Verdict,
    /// The check in words. Text in it comes from outside and is not yet safe to show.
    pub text: String,
    /// The same in a few words, where it counts before the review; `None` of what is a fact only.
    pub brief: Option<String>,
    /// Whether the answer is still waited for.
    pub is_asked: bool,
}

impl FormCheck {
    /// A check that counts if it stands in the way or is doubtful.
    pub fn new(verdict: Verdict, text: String) -> Self {
        let brief = (verdict <= Verdict::Doubt).then(|| text.clone());
        Self { verdict, text, brief, is_asked: false }
    }

    /// The same, told in other words where there is room for a few only.
    pub fn brief(self, brief: impl Into<String>) -> Self {
        Self { brief: Some(brief.into()), ..self }
    }
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

/// Puts checks into rows of a width: what blocks or is long has rows of its own, as many as its words need, and the
/// others stand two in a row.
pub fn rows(checks: &[FormCheck], width: u16) -> Vec<Vec<CheckLine>> {
    let half = usize::from(width / 2).saturating_sub(7);
    let mut rows: Vec<Vec<CheckLine>> = Vec::new();
    let mut is_open = false;
    for FormCheck { verdict, text, .. } in checks {
        let (text, blocks) = (escaped(text), *verdict == Verdict::Blocks);
        if blocks || text::width(&text) > half {
            let lines = text::wrap(&text, usize::from(width.saturating_sub(BESIDE_WORDS)));
            let verdicts = std::iter::once(Some(*verdict)).chain(std::iter::repeat(None));
            let line = |(text, verdict)| vec![CheckLine { verdict, blocks, text }];
            rows.extend(lines.into_iter().zip(verdicts).map(line));
            is_open = false;
            continue;
        }
        let line = CheckLine { verdict: Some(*verdict), blocks, text: text.into_owned() };
        match rows.last_mut() {
            Some(row) if is_open => row.push(line),
            _ => rows.push(vec![line]),
        }
        is_open = !is_open && width >= 60;
    }
    rows
}

/// Everything that is known before the request, in the order of reading.
pub fn checks(world: &World, form: &Form) -> Vec<FormCheck> {
    let (place, now) = (world.at(form.place), world.now.at());
    let cluster = place.catalog.cluster(&form.cluster);
    let judged = judged(world, form);
    let of = |subject: Subject| {
        // What stands in the way is told as an obstacle, and with the name itself whether it is free.
        let is_told = move |check: &&Check| match subject {
            _ if check.subject != subject || check.verdict == Verdict::Blocks => false,
            Subject::Name => false,
            Subject::Journal => check.verdict != Verdict::Fine,
            Subject::Credentials | Subject::Cluster | Subject::Quota => true,
        };
        judged.iter().filter(is_told).map(told)
    };
    let mut checks = of_draft(world, form, &judged);
    checks.extend(of(Subject::Journal));
    checks.extend(form.refusal.as_ref().map(refusal_check));
    checks.extend(mark_check(form));
    checks.extend(
        missing_permissions(place, &judged)
            .into_iter()
            .map(|text| FormCheck::new(Verdict::Doubt, text).brief("a permission is missing")),
    );
    checks.extend(name_check(form, &judged));
    checks.extend(of(Subject::Cluster).chain(of(Subject::Quota)));
    checks.push(last_usable_check(place, form, now));
    if let Some(cluster) = cluster {
        checks.push(restorable_check(cluster, now));
        checks.push(encryption_check(cluster));
        checks
            .extend(told_size(cluster.storage.allocated_gib).map(|gib| fact(format!("{gib} GiB allocated"))));
    }
    if world.is_production(place, Some(&form.cluster)) {
        let text = "PRODUCTION: to send it, the cluster's name has to be typed".to_owned();
        checks.push(FormCheck::new(Verdict::Doubt, text));
    }
    checks.extend(of(Subject::Credentials));
    checks.push(target_check(place));
    named(checks, world)
}

/// The same, with the keys in force where they name any.
pub fn named(checks: Vec<FormCheck>, world: &World) -> Vec<FormCheck> {
    let told = |text: &str| world.keymap.told(text, Focus::Form).into_owned();
    let named =
        |it: FormCheck| FormCheck { text: told(&it.text), brief: it.brief.as_deref().map(told), ..it };
    checks.into_iter().map(named).collect()
}

/// What stands in the way of the draft as it is.
fn of_draft(world: &World, form: &Form, judged: &[Check]) -> Vec<FormCheck> {
    let blocks = |blocker: Blocker| FormCheck::new(Verdict::Blocks, blocker.text).brief(blocker.brief);
    let is_new = |blocker: &Blocker| blocker.is_of_new_tag(&form.fields);
    let (new, told): (Vec<_>, Vec<_>) = blockers(world, form, judged).into_iter().partition(is_new);
    let mut checks: Vec<FormCheck> = told.into_iter().map(blocks).collect();
    let new = new.first().map(|_| FormCheck::new(Verdict::Doubt, "the new tag has no key yet".to_owned()));
    checks.extend(new.map(|check| check.brief("a tag has no key yet")));
    checks
}

fn told(judged: &Check) -> FormCheck {
    let Check { verdict, text, brief, is_asked, .. } = judged.clone();
    FormCheck { verdict, text, brief: Some(brief).filter(|brief| !brief.is_empty()), is_asked }
}

/// Why a name that is not listed may not be free all the same.
pub fn doubt_of_name(world: &World, form: &Form) -> Option<String> {
    let is_doubt = |check: &Check| check.subject == Subject::Name && check.verdict == Verdict::Doubt;
    judged(world, form).into_iter().find(is_doubt).map(|check| check.text)
}

/// Whether the name is free, as long as that is not certain.
fn name_check(form: &Form, judged: &[Check]) -> Option<FormCheck> {
    SnapshotId::parse(form.fields.name.value()).ok()?;
    let is_open = |verdict| matches!(verdict, Verdict::Doubt | Verdict::Unknown);
    let name = judged.iter().find(|it| it.subject == Subject::Name && is_open(it.verdict))?;
    Some(FormCheck { text: format!("name: {}", name.text), ..told(name) })
}

/// What AWS refused, or what was found out before it was sent, when this draft was last confirmed.
fn refusal_check(failure: &Failure) -> FormCheck {
    if !failure.is_by_the_service() {
        let text = format!("Last time not created: {}. {}", failure.kind.clause(), said(failure));
        return FormCheck::new(Verdict::Doubt, text).brief("not created last time");
    }
    let why = match failure.missing_permission() {
        Some(permission) => format!("{permission} is missing"),
        None => failure.kind.clause(),
    };
    // Where that says all, AWS's own words are among the messages.
    let is_told = failure.missing_permission().is_some() || failure.kind == FailureKind::QuotaExceeded;
    let words = if is_told { String::new() } else { format!(" {}", said(failure)) };
    FormCheck::new(Verdict::Doubt, format!("Last time AWS refused: {why}.{words}")).brief("refused last time")
}

/// Where the request goes.
fn target_check(place: &Place) -> FormCheck {
    let target = place.target();
    let region = target.region.as_deref().unwrap_or("no Region");
    let at = match &target.endpoint {
        _ if target.is_demo => "the simulator",
        Some(endpoint) => endpoint,
        None => "AWS's endpoint",
    };
    fact(format!("in {region}, {at}"))
}

fn last_usable_check(place: &Place, form: &Form, now: Timestamp) -> FormCheck {
    // A newer one may be on a page that was not read yet.
    let is_whole = place.catalog.snapshots.complete_at.is_some();
    let last = if is_whole { "last usable snapshot" } else { "last usable snapshot so far" };
    match place.catalog.last_usable_of(&form.cluster, form.resource_id.as_deref()) {
        Some(at) => fact(format!("{last} {}", ago(at, now))),
        None if is_whole => fact("no usable snapshot of it is listed".to_owned()),
        None if place.catalog.snapshots.failure.is_some() => FormCheck::new(
            Verdict::Unknown,
            "last usable snapshot not known: the list was not read".to_owned(),
        ),
        None => FormCheck::new(Verdict::Unknown, "last usable snapshot: still loading".to_owned()),
    }
}

/// The permissions that were found missing on the way, each once; not those that what is judged names.
pub fn missing_permissions(place: &Place, judged: &[Check]) -> Vec<String> {
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
        if !told.contains(&text) && !judged.iter().any(|check| check.text.contains(&permission)) {
            told.push(text);
        }
    }
    told
}

fn fact(text: String) -> FormCheck {
    FormCheck::new(Verdict::Fact, text)
}

/// What is to be known of the mark: that there is none, or that it may be what was refused.
fn mark_check(form: &Form) -> Option<FormCheck> {
    let Some(mark) = form.fields.tags.mark(&form.number) else { return no_mark(&form.fields.tags) };
    proof::refused(form.refusal.as_ref()?, &mark.key, Reader::Form)?;
    let text = "the mark may be what was refused: ‹ctrl-y:toggle_mark› leaves it out; then nothing proves whose snapshot it is";
    Some(FormCheck::new(Verdict::Doubt, text.to_owned()).brief("the mark may be what was refused"))
}

/// That there is no mark, where a person left it out: where the configuration turns it off, that was decided for all.
pub fn no_mark(tags: &TagTable) -> Option<FormCheck> {
    let text = format!("no mark: {LOST}; ‹ctrl-y:toggle_mark› brings it back");
    let check = FormCheck::new(Verdict::Doubt, text).brief("no mark: nothing proves whose snapshot it is");
    (tags.mark.0.is_some() && !tags.with_mark).then_some(check)
}

fn restorable_check(cluster: &Cluster, now: Timestamp) -> FormCheck {
    let storage = &cluster.storage;
    match (storage.restorable_from, storage.restorable_to) {
        (Some(from), Some(to)) => {
            let (from, to) = (ago(from, now), ago(to, now));
            let from = if to.ends_with(" ago") { from.trim_end_matches(" ago") } else { &from };
            fact(format!("restorable from {from} to {to}"))
        }
        _ => FormCheck::new(Verdict::Unknown, "point-in-time window not known".to_owned()),
    }
}

fn encryption_check(cluster: &Cluster) -> FormCheck {
    let encryption = &cluster.storage.encryption;
    let verdict = match encryption {
        Encryption::Unknown => Verdict::Unknown,
        Encryption::Kms(_) | Encryption::ServiceOwned | Encryption::None => Verdict::Fact,
    };
    FormCheck::new(verdict, encryption.describe())
}
