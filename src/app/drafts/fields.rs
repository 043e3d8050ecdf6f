//! What is typed in a form: one name or the template of many, the tags, and for a change its id. Where the focus is, and
//! where it goes.

use tui_input::{Input, InputRequest};

use crate::app::cursor::ListCursor;
use crate::domain::cluster::Cluster;

use super::name::{self, MAX_FIELD_CHARS};
use super::tags::TagTable;

/// What is typed in a form, and where the focus is.
#[derive(Debug, Clone)]
pub struct Fields {
    /// The id of the change, in the form of one.
    pub change: Option<Input>,
    /// The typed identifier, or the template of the identifiers of a change.
    pub name: Input,
    /// The tags.
    pub tags: TagTable,
    /// What has the focus.
    pub focus: Field,
    /// The first row of tags that is shown.
    pub offset: usize,
}

/// What can have the focus in the form, in the order of reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The id of the change.
    Change,
    /// The identifier, or the template of the identifiers of a change.
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

impl Fields {
    /// The fields of one request, with the tags that it begins with.
    pub fn new(tags: TagTable) -> Self {
        Self { change: None, name: Input::default(), tags, focus: Field::Name, offset: 0 }
    }

    /// The fields of a change, with the template of its names and the tags that are given to all.
    pub fn of_change(template: String, tags: TagTable) -> Self {
        let change = Some(Input::default());
        Self { change, name: Input::new(template), focus: Field::Change, ..Self::new(tags) }
    }

    /// Edits the text of the field that has the focus; whether that changed it.
    pub fn edit(&mut self, request: InputRequest) -> bool {
        let field = self.focus;
        let Some(input) = self.input().filter(|input| name::has_room(input, request, MAX_FIELD_CHARS)) else {
            return false;
        };
        let mut edited = input.clone();
        let changed = edited.handle(request).is_some_and(|change| change.value);
        if changed {
            self.tags.before_edit(field);
        }
        if let Some(input) = self.input_mut() {
            *input = edited;
        }
        if changed {
            self.tags.after_edit(field);
        }
        changed
    }

    /// Puts a piece of typed text where the focus is, as it is.
    pub fn insert(&mut self, text: &str) {
        let field = self.focus;
        self.tags.before_edit(field);
        if let Some(input) = self.input_mut() {
            *input = name::put_in(input, text, MAX_FIELD_CHARS);
        }
        self.tags.after_edit(field);
    }

    /// Puts pasted text where the focus is; returns what was changed on the way, for the person to know.
    pub fn paste(&mut self, text: &str) -> Option<String> {
        // Terminals send a carriage return for each line break of a paste.
        let text = &text.replace("\r\n", "\n").replace('\r', "\n");
        match (self.focus, &mut self.change) {
            // The id of a change is known by each of its letters: another case would be another change.
            (Field::Change, Some(id)) => {
                *id = name::put_in(id, text.trim(), MAX_FIELD_CHARS);
                return None;
            }
            (Field::Name, _) => {
                let (pasted, remark) = name::pasted(&self.name, text);
                self.name = pasted;
                return remark;
            }
            _ => {}
        }
        let (focus, remark) = self.tags.paste(self.focus, text);
        self.focus = focus;
        remark
    }

    /// Adds an empty row of tags and goes to its key.
    pub fn add_tag(&mut self) {
        self.focus = Field::Key(self.tags.add(self.focus));
    }

    /// Removes the row of tags that has the focus; whether there was one.
    pub fn remove_tag(&mut self) -> bool {
        let (Field::Key(row) | Field::Value(row)) = self.focus else { return false };
        self.tags.remove(row);
        let last = self.tags.rows.len().checked_sub(1);
        self.focus = last.map_or(Field::AddTag, |last| Field::Key(row.min(last)));
        true
    }

    /// Takes back the last change of the tags; returns whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(focus) = self.tags.undo() else { return false };
        self.focus = focus;
        true
    }

    /// Takes the cluster's own tags into the table, or out of it.
    pub fn toggle_own_tags(&mut self, cluster: Option<&Cluster>) {
        self.tags.toggle_own(cluster);
        self.focus = Field::OwnTags;
    }

    /// Goes to another field.
    pub fn go(&mut self, way: Way) {
        let (rows, order) = (self.tags.rows.len(), self.order());
        let at = order.iter().position(|field| *field == self.focus).unwrap_or_default();
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
            (Way::Next | Way::Down, _) => order[(at + 1) % order.len()],
            (Way::Previous | Way::Up, _) => order[(at + order.len() - 1) % order.len()],
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
            Field::Change | Field::Name | Field::OwnTags | Field::AddTag => 0,
        };
        let mut shown = ListCursor { at: row, offset: self.offset };
        shown.fit(count, room);
        self.offset = shown.offset;
    }

    /// The text that has the focus; `None` on a switch or button.
    pub fn input(&self) -> Option<&Input> {
        match self.focus {
            Field::Change => self.change.as_ref(),
            Field::Name => Some(&self.name),
            Field::Key(row) => self.tags.rows.get(row).map(|row| &row.key),
            Field::Value(row) => self.tags.rows.get(row).map(|row| &row.value),
            Field::OwnTags | Field::AddTag | Field::Review => None,
        }
    }

    fn input_mut(&mut self) -> Option<&mut Input> {
        match self.focus {
            Field::Change => self.change.as_mut(),
            Field::Name => Some(&mut self.name),
            field => self.tags.input_mut(field),
        }
    }

    /// The fields in the order of reading.
    fn order(&self) -> Vec<Field> {
        let change = self.change.as_ref().map(|_| Field::Change);
        let tags = (0..self.tags.rows.len()).flat_map(|row| [Field::Key(row), Field::Value(row)]);
        let above = change.into_iter().chain([Field::Name, Field::OwnTags, Field::AddTag]);
        above.chain(tags).chain([Field::Review]).collect()
    }
}
