//! How the form shares out its rows. Both the core and the view ask here, so they cannot disagree.

use crate::app::drafts::fields::Field;
use crate::app::drafts::form::Form;
use crate::app::world::World;

use super::checks;

/// From this height of the body on the form has blank rows and column headings.
const ROOMY_FORM: u16 = 14;

/// The heights of the form's parts, in rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormLayout {
    /// Whether there is room for blank rows and column headings.
    pub is_roomy: bool,
    /// Label, identifier and hint; the heading of the tags.
    pub top: u16,
    /// The rows of tags.
    pub tags: u16,
    /// What is known before the request, with its heading.
    pub checks: u16,
    /// The button that leads to the review.
    pub button: u16,
}

impl FormLayout {
    /// Shares out the rows of the body: where they are scarce, what has the focus has more of them.
    pub fn of(world: &World, form: &Form, body: u16) -> Self {
        let is_roomy = body >= ROOMY_FORM;
        let focus = form.fields.focus;
        let is_in_tags = matches!(focus, Field::Key(_) | Field::Value(_) | Field::OwnTags | Field::AddTag);
        // On the fewest rows the identifier gives way to the tags where those have the focus, and else their heading to
        // the button: with it stands the worst of what is known.
        let top = match body {
            ROOMY_FORM.. => 6,
            ..6 if is_in_tags => 1,
            ..5 => 3,
            _ => 4,
        };
        let top = top.min(body);
        let button = u16::from(body > top);
        let rest = body - top - button;
        let all = checks::checks(world, form);
        let rows = u16::try_from(checks::rows(&all, world.viewport.0).len()).unwrap_or(u16::MAX);
        let wanted = rows.saturating_add(if is_roomy { 2 } else { 1 });
        let wanted_tags = u16::try_from(form.fields.tags.count()).unwrap_or(u16::MAX).max(1);
        if wanted_tags.saturating_add(wanted) <= rest {
            return Self { is_roomy, top, tags: wanted_tags, checks: wanted, button };
        }
        let checks = if form.fields.focus == Field::Review {
            wanted.min(rest.saturating_sub(1))
        } else {
            wanted.min(rest.saturating_sub(wanted_tags).max(rest / 2))
        };
        Self { is_roomy, top, tags: rest - checks, checks, button }
    }
}
