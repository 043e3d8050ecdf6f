//! The cursor of a list that may be longer than its room.

/// A cursor and the first row that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListCursor {
    /// Index of the row under the cursor.
    pub at: usize,
    /// Index of the first row shown.
    pub offset: usize,
}

/// A move of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
    /// A screenful up.
    PageUp,
    /// A screenful down.
    PageDown,
}

impl ListCursor {
    /// Moves within `len` rows, of which `room` are shown at once.
    pub fn go(&mut self, motion: Motion, len: usize, room: usize) {
        let last = len.saturating_sub(1);
        self.at = match motion {
            Motion::Up => self.at.saturating_sub(1),
            Motion::Down => self.at + 1,
            Motion::Top => 0,
            Motion::Bottom => last,
            Motion::PageUp => self.at.saturating_sub(room.max(1)),
            Motion::PageDown => self.at + room.max(1),
        }
        .min(last);
        self.fit(len, room);
    }

    /// Puts the cursor on a row.
    pub fn put(&mut self, at: usize, len: usize, room: usize) {
        self.at = at;
        self.fit(len, room);
    }

    /// Brings the cursor into `len` rows, and the row under it into the `room` that is shown.
    pub fn fit(&mut self, len: usize, room: usize) {
        let room = room.max(1);
        self.at = self.at.min(len.saturating_sub(1));
        let highest = self.at.saturating_sub(room - 1);
        self.offset = self.offset.clamp(highest, self.at).min(len.saturating_sub(room).max(highest));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_under_the_cursor_is_always_shown() {
        let mut cursor = ListCursor::default();
        for motion in
            [Motion::Bottom, Motion::Up, Motion::PageUp, Motion::Top, Motion::PageDown, Motion::Down]
        {
            cursor.go(motion, 250, 10);
            assert!(cursor.offset <= cursor.at && cursor.at < cursor.offset + 10, "{motion:?} {cursor:?}");
        }
        cursor.go(Motion::Bottom, 250, 10);
        assert_eq!((cursor.at, cursor.offset), (249, 240));
        cursor.fit(3, 10);
        assert_eq!((cursor.at, cursor.offset), (2, 0));
        cursor.fit(0, 0);
        assert_eq!((cursor.at, cursor.offset), (0, 0));
    }
}
