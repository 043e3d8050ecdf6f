//! What certainly stands in the way of a draft, and the request that it makes where nothing does.

use crate::app::drafts::fields::{Field, Fields};
use crate::app::drafts::form::Form;
use crate::app::preflight;
use crate::app::proof::LOST;
use crate::app::telling::capitalized;
use crate::app::world::World;
use crate::domain::preflight::{Check, Subject, Verdict};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::{MAX_TAGS, TagSet};

/// Why a draft cannot be reviewed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// The reason: a sentence for the person.
    pub text: String,
    /// The same in a few words.
    pub brief: String,
    /// The same where nothing else of it is in sight; no age is in it, for it stays as it was told.
    pub note: String,
    /// The field in which it can be mended, if it is one.
    pub field: Option<Field>,
}

impl Blocker {
    /// A reason that is told everywhere in the same words.
    pub fn new(text: String, field: Option<Field>) -> Self {
        Self { brief: text.trim_end_matches('.').to_owned(), note: text.clone(), text, field }
    }

    /// Whether it is about a new tag that has the focus: nothing to complain of before it is left.
    pub fn is_of_new_tag(&self, fields: &Fields) -> bool {
        matches!(self.field, Some(Field::Key(row)) if fields.tags.is_new(row, fields.focus))
    }

    /// The same, told in other words where there is room for a few only.
    pub fn brief(self, brief: impl Into<String>) -> Self {
        Self { brief: brief.into(), ..self }
    }
}

/// What every request is judged by before it is made, after what AWS said of this one the last time.
pub(super) fn judged(world: &World, form: &Form) -> Vec<Check> {
    let name = form.fields.name.value();
    let cluster = (&form.cluster, form.resource_id.as_deref());
    preflight::checks(world, form.place, cluster, name, form.refusal.as_ref())
}

/// The request of a draft, or why there is none yet. Nothing is ever sent while anything is invalid.
///
/// # Errors
/// Each certain obstacle.
pub fn request_of(world: &World, form: &Form) -> Result<SnapshotRequest, Vec<Blocker>> {
    let blockers = blockers(world, form, &judged(world, form));
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
/// cluster that is busy does not: its request can be reviewed, and sent as soon as the cluster is available.
pub(super) fn blockers(world: &World, form: &Form, judged: &[Check]) -> Vec<Blocker> {
    let is_name = SnapshotId::parse(form.fields.name.value());
    let mut blockers = Vec::new();
    if let Err(problems) = &is_name {
        // Which one is told under the field.
        let text = "The identifier breaks a rule: see under it.".to_owned();
        let note = format!("The identifier breaks a rule: {problems}.");
        blockers
            .push(Blocker { note, ..Blocker::new(text, Some(Field::Name)).brief("the name breaks a rule") });
    }
    blockers.extend(tag_blockers(form));
    let certain = judged.iter().filter(|check| check.verdict == Verdict::Blocks);
    for check in certain.filter(|check| is_name.is_ok() || !is_about_name(check.subject)) {
        let (hint, field) = match check.subject {
            Subject::Name => ("; ‹ctrl-t:propose_name› proposes a free name.", Some(Field::Name)),
            Subject::Journal => (" ‹ctrl-l:look_again› looks up what became of it.", Some(Field::Name)),
            Subject::Cluster | Subject::Quota | Subject::Credentials => {
                (". ‹ctrl-l:look_again› looks again.", None)
            }
        };
        let blocker = Blocker::new(format!("{}{hint}", check.text), field).brief(&*check.brief);
        let note = match check.subject {
            Subject::Journal => format!("A request for this name is open or waits.{hint}"),
            Subject::Name => format!("The name is taken{hint}"),
            _ => blocker.text.clone(),
        };
        blockers.push(Blocker { note, ..blocker });
    }
    blockers.extend(preflight::guard(world, form.place, &form.cluster).map(|text| Blocker::new(text, None)));
    // What can be mended in the name comes first.
    blockers.sort_by_key(|blocker| blocker.field != Some(Field::Name));
    blockers
}

fn is_about_name(subject: Subject) -> bool {
    matches!(subject, Subject::Name | Subject::Journal)
}

fn tag_blockers(form: &Form) -> Vec<Blocker> {
    let mut blockers = Vec::new();
    // What no row of the tags tells comes first.
    if form.fields.tags.rows.len() == MAX_TAGS && form.fields.tags.count() > MAX_TAGS {
        let text = format!(
            "{MAX_TAGS} tags and the mark are one too many. ‹ctrl-y:toggle_mark› leaves the mark out: then {LOST}. Or \
             remove a tag."
        );
        blockers.push(Blocker::new(text, None).brief("one tag too many"));
    }
    for problem in form.fields.tags.problems() {
        let text = capitalized(&format!("{}.", form.fields.tags.told(&problem)));
        blockers.push(Blocker::new(text, Some(Field::Key(problem.row))).brief("a tag breaks a rule"));
    }
    for (key, row) in form.fields.tags.missing() {
        let text = match row {
            Some(_) => format!("Tag {key} is required and has no value yet."),
            None => format!("Tag {key} is required: ‹ctrl-n:add_tag› adds it."),
        };
        blockers.push(Blocker::new(text, row.map(Field::Value).or(Some(Field::AddTag))));
    }
    blockers
}
