//! The form for a new snapshot: its name and its tags, each parsed at every key.

use tui_input::{Input, InputRequest};

use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::{self, IdProblem, SnapshotId};
use crate::domain::status::Readiness;
use crate::domain::tag::{self, Tag, TagDoubt, TagProblem, TagSet};

use super::super::catalog::{Catalog, NameUse};

/// The most characters of a paste that a field takes: enough for any valid text and to see that it
/// was too long, and not a megabyte.
const MAX_PASTED_CHARS: usize = 512;

/// A draft of a request. It stays until its snapshot is created, however often the form is left.
#[derive(Debug, Clone)]
pub struct Form {
    /// The cluster.
    pub cluster: ClusterId,
    /// The cluster's resource id, where known.
    pub resource_id: Option<String>,
    /// The typed identifier.
    pub name: Input,
    /// The rows of tags.
    pub tags: Vec<TagRow>,
    /// Whether the cluster's own tags are among the rows.
    pub with_cluster_tags: bool,
    /// The field that has the focus.
    pub focus: Field,
    /// The first row of tags that is shown.
    pub offset: usize,
    /// What the service refused when this draft was last sent.
    pub refusal: Option<Failure>,
    /// What a paste or a key changed on the way, for the person to know.
    pub remark: Option<String>,
    removed: Vec<(usize, TagRow)>,
}

/// A row of the table of tags.
#[derive(Debug, Clone)]
pub struct TagRow {
    /// The typed key.
    pub key: Input,
    /// The typed value.
    pub value: Input,
    /// Where the row came from.
    pub origin: Origin,
}

/// Where a tag came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The cluster has it.
    Cluster,
    /// A person typed it.
    Typed,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The identifier.
    Name,
    /// The key of a row of tags.
    Key(usize),
    /// The value of a row of tags.
    Value(usize),
}

/// Why a draft cannot be reviewed yet: one line, for the person.
pub type Blocker = String;

impl Form {
    /// A new draft with a proposed identifier and the cluster's own tags.
    #[must_use]
    pub fn new(cluster: &Cluster, proposed: String) -> Self {
        let mut form = Self {
            cluster: cluster.id.clone(),
            resource_id: cluster.resource_id.clone(),
            name: Input::new(proposed),
            tags: Vec::new(),
            with_cluster_tags: false,
            focus: Field::Name,
            offset: 0,
            refusal: None,
            remark: None,
            removed: Vec::new(),
        };
        form.toggle_cluster_tags(cluster);
        form
    }

    /// Takes the cluster's own tags (less AWS's) into the table, or out of it.
    pub fn toggle_cluster_tags(&mut self, cluster: &Cluster) {
        self.with_cluster_tags = !self.with_cluster_tags;
        self.tags.retain(|row| row.origin == Origin::Typed);
        if self.with_cluster_tags {
            let own = tag::givable(&cluster.tags).into_iter();
            let own = own.filter(|tag| !self.tags.iter().any(|row| row.key.value() == tag.key));
            let own: Vec<TagRow> = own.map(|tag| TagRow::new(tag, Origin::Cluster)).collect();
            self.tags.splice(0..0, own);
        }
        self.focus = Field::Name;
        self.removed.clear();
    }

    /// Edits the text of the field that has the focus.
    pub fn edit(&mut self, request: InputRequest) {
        self.remark = None;
        if let Some(input) = self.input_mut() {
            let changed = input.handle(request).is_some_and(|change| change.value);
            if changed {
                self.note_change();
            }
        }
    }

    /// Puts pasted text into the field that has the focus: line breaks and tabs become nothing at the
    /// ends and a space within, and the person is told what was changed.
    pub fn paste(&mut self, text: &str) {
        let kept: String = text.trim().chars().take(MAX_PASTED_CHARS).collect();
        let one_line: String =
            kept.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
        let cut = text.trim().chars().count() > MAX_PASTED_CHARS;
        self.remark = match (cut, text.trim() != text, one_line != kept) {
            (true, _, _) => Some(format!("The paste was cut to {MAX_PASTED_CHARS} characters.")),
            (_, _, true) => Some("Line breaks and tabs in the paste became spaces.".to_owned()),
            (_, true, _) => Some("Blank space around the paste was left out.".to_owned()),
            _ => None,
        };
        if let Some(input) = self.input_mut() {
            let before: String = input.value().chars().take(input.cursor()).collect();
            let after: String = input.value().chars().skip(input.cursor()).collect();
            let cursor = before.chars().count() + one_line.chars().count();
            *input = Input::new(format!("{before}{one_line}{after}")).with_cursor(cursor);
            self.note_change();
        }
    }

    /// Replaces the identifier.
    pub fn rename(&mut self, name: String) {
        self.name = Input::new(name);
        self.focus = Field::Name;
        self.note_change();
    }

    /// Adds an empty row of tags and goes to its key.
    pub fn add_tag(&mut self) {
        self.tags.push(TagRow::new(Tag::new("", ""), Origin::Typed));
        self.focus = Field::Key(self.tags.len() - 1);
    }

    /// Removes the row of tags that has the focus.
    pub fn remove_tag(&mut self) {
        let (Field::Key(row) | Field::Value(row)) = self.focus else { return };
        if row < self.tags.len() {
            self.removed.push((row, self.tags.remove(row)));
            self.refusal = None;
        }
        self.focus = match row.min(self.tags.len().wrapping_sub(1)) {
            _ if self.tags.is_empty() => Field::Name,
            row => Field::Key(row),
        };
    }

    /// Brings the last removed row of tags back.
    pub fn undo_remove(&mut self) {
        if let Some((row, tag)) = self.removed.pop() {
            let row = row.min(self.tags.len());
            self.tags.insert(row, tag);
            self.focus = Field::Key(row);
        }
    }

    /// Goes to the next field, or the previous one; round at the ends.
    pub fn go(&mut self, forward: bool) {
        let fields = 1 + 2 * self.tags.len();
        let at = match self.focus {
            Field::Name => 0,
            Field::Key(row) => 1 + 2 * row,
            Field::Value(row) => 2 + 2 * row,
        };
        let at = if forward { at + 1 } else { at + fields - 1 } % fields;
        self.focus = match at {
            0 => Field::Name,
            at if at % 2 == 1 => Field::Key((at - 1) / 2),
            at => Field::Value((at - 2) / 2),
        };
    }

    /// Brings the focused row of tags into the `room` rows that are shown.
    pub fn fit(&mut self, room: usize) {
        let row = match self.focus {
            Field::Name => 0,
            Field::Key(row) | Field::Value(row) => row,
        };
        let room = room.max(1);
        self.offset = self.offset.clamp(row.saturating_sub(room - 1), row);
    }

    /// The typed tags.
    #[must_use]
    pub fn typed_tags(&self) -> Vec<Tag> {
        self.tags.iter().map(|row| Tag::new(row.key.value(), row.value.value())).collect()
    }

    /// The ticket that the tags name, for a proposed identifier.
    #[must_use]
    pub fn ticket(&self) -> Option<String> {
        let row = self.tags.iter().find(|row| row.key.value().eq_ignore_ascii_case("ticket"));
        row.map(|row| row.value.value().to_owned())
    }

    /// Every rule that the identifier breaks.
    #[must_use]
    pub fn name_problems(&self) -> Vec<IdProblem> {
        snapshot_id::problems(self.name.value())
    }

    /// Every rule that a tag breaks.
    #[must_use]
    pub fn tag_problems(&self) -> Vec<TagProblem> {
        tag::problems(&self.typed_tags())
    }

    /// What a person should look at twice among the tags.
    #[must_use]
    pub fn tag_doubts(&self) -> Vec<(usize, TagDoubt)> {
        tag::doubts(&self.typed_tags())
    }

    /// The request, or why there is none yet. Nothing is ever sent while anything is invalid.
    ///
    /// # Errors
    /// One line for each certain obstacle.
    pub fn request(&self, catalog: &Catalog) -> Result<SnapshotRequest, Vec<Blocker>> {
        let mut blockers = Vec::new();
        let snapshot = SnapshotId::parse(self.name.value());
        if let Err(problems) = &snapshot {
            blockers.push(format!("The identifier breaks a rule: {problems}."));
        }
        let tags = self.typed_tags();
        let tags = TagSet::parse(tags.iter().map(|tag| (tag.key.as_str(), tag.value.as_str())));
        if let Err(problems) = &tags {
            blockers.extend(problems.0.first().map(|problem| format!("A rule is broken at {problem}.")));
        }
        if let NameUse::Taken(taken) = catalog.name_use(self.name.value()) {
            blockers.push(format!("The name is taken by a snapshot that is {}.", taken.status));
        }
        let cluster = catalog.cluster(&self.cluster);
        if let Some(status) = cluster.map(|cluster| &cluster.status)
            && matches!(status.readiness(), Readiness::Busy | Readiness::NotReady)
        {
            blockers.push(format!(
                "{} is {status}, and AWS takes snapshots of available clusters only. ctrl-r looks again.",
                self.cluster
            ));
        }
        match (snapshot, tags) {
            (Ok(snapshot), Ok(tags)) if blockers.is_empty() => Ok(SnapshotRequest {
                cluster: self.cluster.clone(),
                cluster_resource_id: self.resource_id.clone(),
                snapshot,
                tags,
            }),
            _ => Err(blockers),
        }
    }

    /// Whether the last refusal is about the identifier; else it is about the tags or the whole.
    #[must_use]
    pub fn refusal_is_about_name(&self) -> bool {
        self.refusal.as_ref().is_some_and(|failure| {
            failure.kind == FailureKind::SnapshotExists
                || failure.message.contains("DBClusterSnapshotIdentifier")
        })
    }

    fn input_mut(&mut self) -> Option<&mut Input> {
        match self.focus {
            Field::Name => Some(&mut self.name),
            Field::Key(row) => self.tags.get_mut(row).map(|row| &mut row.key),
            Field::Value(row) => self.tags.get_mut(row).map(|row| &mut row.value),
        }
    }

    fn note_change(&mut self) {
        self.refusal = None;
        if let Field::Key(row) | Field::Value(row) = self.focus
            && let Some(row) = self.tags.get_mut(row)
        {
            row.origin = Origin::Typed;
        }
    }
}

impl TagRow {
    fn new(tag: Tag, origin: Origin) -> Self {
        Self { key: Input::new(tag.key), value: Input::new(tag.value), origin }
    }
}
