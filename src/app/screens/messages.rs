//! What was told so far, the newest first.

use jiff::Timestamp;

use crate::app::cursor::Motion;
use crate::app::keymap::Focus;
use crate::app::note::{Note, Tone};
use crate::app::world::World;
use crate::domain::text::wrap;

use super::{Screen, Shape, fit, scroll};

/// The messages.
#[derive(Debug, Default)]
pub struct Messages {
    /// The first line that is shown.
    pub first: usize,
}

/// A line of the screen. Its text is safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MessageRow {
    /// When something was told, and how it was meant.
    Told(Tone, Timestamp),
    /// A line of what was told.
    Text(String),
}

/// The lines.
pub fn rows(world: &World) -> Vec<MessageRow> {
    let room = usize::from(world.viewport.0.saturating_sub(4));
    let mut rows = Vec::new();
    for (at, note) in world.notices.messages() {
        rows.push(MessageRow::Told(note.tone, *at));
        let text = world.keymap.told(&note.text, Focus::Messages);
        rows.extend(wrap(&text, room).into_iter().map(MessageRow::Text));
    }
    rows
}

impl Screen for Messages {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Messages
    }

    /// The newest is its first row.
    fn says(&self, note: &Note, world: &World) -> bool {
        world.notices.messages().next().is_some_and(|(_, newest)| newest == note)
    }

    fn shape(&self) -> Shape {
        Shape::Cover
    }

    fn fit(&mut self, world: &mut World) {
        fit(&mut self.first, rows(world).len(), world.layout.body_rows());
    }

    fn go(&mut self, motion: Motion, world: &World) {
        scroll(&mut self.first, motion, rows(world).len(), world.layout.body_rows());
    }
}
