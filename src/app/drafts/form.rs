//! The form for a new snapshot: its name and its tags, each parsed at every key.

use tui_input::{Input, InputRequest};

use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::mark::RequestNumber;
use crate::domain::policy::Policy;

use crate::app::request_id::PlaceId;

use super::name;
use super::tags::TagTable;

/// A draft of a request. It stays until its snapshot is created, however often the form is left.
#[derive(Debug, Clone)]
pub struct Form {
    /// The number of the request that it becomes.
    pub number: RequestNumber,
    /// The place of its cluster.
    pub place: PlaceId,
    /// The cluster.
    pub cluster: ClusterId,
    /// The cluster's resource id, where known.
    pub resource_id: Option<String>,
    /// The typed identifier.
    pub name: Input,
    /// The tags.
    pub tags: TagTable,
    /// What has the focus.
    pub focus: Field,
    /// The first row of tags that is shown.
    pub offset: usize,
    /// What the service refused when this draft was last sent.
    pub refusal: Option<Failure>,
}

/// What can have the focus in the form, in the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The identifier.
    Name,
    /// The switch for the cluster's own tags.
    OwnTags,
    /// The button that adds a row of tags.
    AddTag,
    /// The key of a row of tags.
    Key(usize),
    /// The value of a row of tags.
    Value(usize),
    /// The button that leads to the review.
    Review,
}

/// A way to go from one field to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the next in the order of reading; from the last to the first.
    Next,
    /// To the previous one.
    Previous,
    /// To what stands below.
    Down,
    /// To what stands above.
    Up,
}

impl Form {
    /// A new draft with the tags that it begins with.
    #[must_use]
    pub fn new(number: RequestNumber, place: PlaceId, cluster: &Cluster, policy: &Policy) -> Self {
        Self {
            number,
            place,
            cluster: cluster.id.clone(),
            resource_id: cluster.resource_id.clone(),
            name: Input::default(),
            tags: TagTable::new(cluster, policy),
            focus: Field::Name,
            offset: 0,
            refusal: None,
        }
    }

    /// Edits the text of the field that has the focus.
    pub fn edit(&mut self, request: InputRequest) {
        let field = self.focus;
        let Some(input) = self.input().filter(|input| name::field_has_room(input, request)) else { return };
        let mut edited = input.clone();
        let changed = edited.handle(request).is_some_and(|change| change.value);
        if changed {
            self.tags.before_edit(field);
            self.refusal = None;
        }
        if let Some(input) = self.input_mut() {
            *input = edited;
        }
        if changed {
            self.tags.after_edit(field);
        }
    }

    /// Puts a piece of typed text where the focus is, as it is.
    pub fn insert(&mut self, text: &str) {
        let field = self.focus;
        self.refusal = None;
        self.tags.before_edit(field);
        if let Some(input) = self.input_mut() {
            *input = name::put_in(input, text);
        }
        self.tags.after_edit(field);
    }

    /// Puts pasted text where the focus is; returns what was changed on the way, for the person to know.
    pub fn paste(&mut self, text: &str) -> Option<String> {
        self.refusal = None;
        // Terminals send a carriage return for each line break of a paste.
        let text = &text.replace("\r\n", "\n").replace('\r', "\n");
        if self.focus == Field::Name {
            let (name, remark) = name::pasted(&self.name, text);
            self.name = name;
            return remark;
        }
        let (focus, remark) = self.tags.paste(self.focus, text);
        self.focus = focus;
        remark
    }

    /// Replaces the identifier.
    pub fn rename(&mut self, name: String) {
        self.name = Input::new(name);
        self.focus = Field::Name;
        self.refusal = None;
    }

    /// Adds an empty row of tags and goes to its key.
    pub fn add_tag(&mut self) {
        self.focus = Field::Key(self.tags.add(self.focus));
    }

    /// Removes the row of tags that has the focus.
    pub fn remove_tag(&mut self) {
        let (Field::Key(row) | Field::Value(row)) = self.focus else { return };
        self.tags.remove(row);
        self.refusal = None;
        let last = self.tags.rows.len().checked_sub(1);
        self.focus = last.map_or(Field::AddTag, |last| Field::Key(row.min(last)));
    }

    /// Takes back the last change of the tags; returns whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(focus) = self.tags.undo() else { return false };
        self.focus = focus;
        true
    }

    /// Takes the cluster's own tags into the table, or out of it.
    pub fn toggle_own_tags(&mut self, cluster: &Cluster) {
        self.tags.toggle_own(cluster);
        self.focus = Field::OwnTags;
        self.refusal = None;
    }

    /// Takes the mark out of the request, or back into it.
    pub fn toggle_mark(&mut self) {
        self.tags.with_mark = !self.tags.with_mark;
        self.refusal = None;
    }

    /// Goes to another field.
    pub fn go(&mut self, way: Way) {
        let rows = self.tags.rows.len();
        self.focus = match (way, self.focus) {
            (Way::Down, Field::Key(row)) if row + 1 < rows => Field::Key(row + 1),
            (Way::Down, Field::Value(row)) if row + 1 < rows => Field::Value(row + 1),
            (Way::Down, Field::Key(_) | Field::Value(_)) => Field::Review,
            (Way::Down, Field::OwnTags | Field::AddTag) if rows == 0 => Field::Review,
            (Way::Down, Field::OwnTags) => Field::Key(0),
            (Way::Down, Field::AddTag) => Field::Value(0),
            (Way::Up, Field::Key(0)) => Field::OwnTags,
            (Way::Up, Field::Value(0)) => Field::AddTag,
            (Way::Up, Field::Key(row)) => Field::Key(row - 1),
            (Way::Up, Field::Value(row)) => Field::Value(row - 1),
            (Way::Up, Field::AddTag) => Field::Name,
            (Way::Up, Field::Review) if rows > 0 => Field::Key(rows - 1),
            (Way::Next | Way::Down, _) => self.at(self.position() + 1),
            (Way::Previous | Way::Up, _) => self.at(self.position() + self.field_count() - 1),
        };
    }

    /// Goes to a field, if it is there.
    pub fn go_to(&mut self, field: Field) {
        self.focus = match field {
            Field::Key(row) | Field::Value(row) if row >= self.tags.rows.len() => Field::AddTag,
            field => field,
        };
    }

    /// Brings the focused row of tags into the `room` rows that are shown.
    pub fn fit(&mut self, room: usize) {
        let count = self.tags.count();
        let row = match self.focus {
            // Below the last row stands the mark, which never has the focus.
            Field::Key(row) | Field::Value(row) if row + 1 == self.tags.rows.len() && room > 1 => count - 1,
            Field::Key(row) | Field::Value(row) => row,
            Field::Review => self.offset,
            Field::Name | Field::OwnTags | Field::AddTag => 0,
        };
        let room = room.max(1);
        let row = row.min(count.saturating_sub(1));
        let highest = row.saturating_sub(room - 1);
        self.offset = self.offset.clamp(highest, row).min(count.saturating_sub(room).max(highest));
    }

    /// The ticket that the tags name, for a proposed identifier.
    #[must_use]
    pub fn ticket(&self) -> Option<&str> {
        let row = self.tags.rows.iter().find(|row| row.key.value().eq_ignore_ascii_case("ticket"));
        row.map(|row| row.value.value())
    }

    /// Whether the last refusal is about the identifier; else it is about the tags or the whole.
    #[must_use]
    pub fn refusal_is_about_name(&self) -> bool {
        self.refusal.as_ref().is_some_and(|failure| {
            failure.kind == FailureKind::SnapshotExists
                || failure.message.contains("DBClusterSnapshotIdentifier")
        })
    }

    /// The text that has the focus; `None` on a switch or button.
    #[must_use]
    pub fn input(&self) -> Option<&Input> {
        match self.focus {
            Field::Name => Some(&self.name),
            Field::Key(row) => self.tags.rows.get(row).map(|row| &row.key),
            Field::Value(row) => self.tags.rows.get(row).map(|row| &row.value),
            Field::OwnTags | Field::AddTag | Field::Review => None,
        }
    }

    fn input_mut(&mut self) -> Option<&mut Input> {
        match self.focus {
            Field::Name => Some(&mut self.name),
            Field::Key(row) => self.tags.rows.get_mut(row).map(|row| &mut row.key),
            Field::Value(row) => self.tags.rows.get_mut(row).map(|row| &mut row.value),
            Field::OwnTags | Field::AddTag | Field::Review => None,
        }
    }

    fn field_count(&self) -> usize {
        4 + 2 * self.tags.rows.len()
    }

    fn position(&self) -> usize {
        match self.focus {
            Field::Name => 0,
            Field::OwnTags => 1,
            Field::AddTag => 2,
            Field::Key(row) => 3 + 2 * row,
            Field::Value(row) => 4 + 2 * row,
            Field::Review => self.field_count() - 1,
        }
    }

    fn at(&self, position: usize) -> Field {
        match position % self.field_count() {
            0 => Field::Name,
            1 => Field::OwnTags,
            2 => Field::AddTag,
            last if last == self.field_count() - 1 => Field::Review,
            at if at % 2 == 1 => Field::Key((at - 3) / 2),
            at => Field::Value((at - 4) / 2),
        }
    }
}
