//! How the form of a change shares out its rows. Both the core and the view ask here, so they cannot disagree.

use crate::app::drafts::change::ChangeDraft;
use crate::app::drafts::fields::Field;

/// From this height of the body on there is room for hints and blank rows.
const ROOMY: u16 = 14;

/// The heights of the form's parts, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangeLayout {
    /// Whether there is room for hints, blank rows and column headings.
    pub is_roomy: bool,
    /// The id of the change.
    pub change: u16,
    /// The template of the names.
    pub name: u16,
    /// The heading of the tags.
    pub heading: u16,
    /// The tags: that of the change where there is room, those that are typed, and the mark.
    pub tags: u16,
    /// The most that there is for what is known before the review, with its heading.
    pub checks: u16,
}

impl ChangeLayout {
    /// Shares out the rows of the body: where they are scarce, what has the focus has more of them. The checks have
    /// what the tags leave, of which there is half as a rule: so nothing moves when one comes or goes.
    pub fn of(draft: &ChangeDraft, body: u16) -> Self {
        let is_roomy = body >= ROOMY;
        let focus = draft.fields.focus;
        let of_field = |field| match (is_roomy, focus == field) {
            (true, _) => 3,
            (false, true) => 2,
            (false, false) => 1,
        };
        let (change, name) = (of_field(Field::Change), of_field(Field::Name));
        let heading = if is_roomy { 2 } else { 1 };
        let rest = body.saturating_sub(change + name + heading + 1);
        // The tag of the change stands among them.
        let wanted = u16::try_from(draft.fields.tags.count()).unwrap_or(u16::MAX).max(1).saturating_add(1);
        let tags = wanted.min(match (is_roomy, focus) {
            (false, _) => rest,
            (true, Field::Review) => rest.div_ceil(4),
            (true, _) => rest.div_ceil(2),
        });
        let checks = if is_roomy { rest - tags } else { 0 };
        Self { is_roomy, change, name, heading, tags, checks }
    }

    /// Whether the tag of the change has a row.
    pub fn shows_change(&self) -> bool {
        self.tags > if self.is_roomy { 1 } else { 2 }
    }

    /// How many of the other tags are shown at once.
    pub fn other_tags(&self) -> usize {
        usize::from(self.tags - u16::from(self.shows_change()))
    }
}
