//! The cursor of a list that may be longer than its room, and whose rows come, go and change places.

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

    /// Brings the cursor into `len` rows, and the row under it into the `room` that is shown.
    pub fn fit(&mut self, len: usize, room: usize) {
        let room = room.max(1);
        self.at = self.at.min(len.saturating_sub(1));
        let highest = self.at.saturating_sub(room - 1);
        self.offset = self.offset.clamp(highest, self.at).min(len.saturating_sub(room).max(highest));
    }
}

/// The cursor of a list whose rows come, go and change places: it stays on what it was on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor<K> {
    row: ListCursor,
    /// What it is on. Nothing until a person moved it, or the list was whole: what is read before is not looked at
    /// yet, and the first row stays the first.
    on: Option<K>,
}

impl<K> Default for Cursor<K> {
    fn default() -> Self {
        Self { row: ListCursor::default(), on: None }
    }
}

impl<K> Cursor<K> {
    /// Index of the row under the cursor.
    pub fn at(&self) -> usize {
        self.row.at
    }

    /// What it is on, once that is known.
    pub fn on(&self) -> Option<&K> {
        self.on.as_ref()
    }

    /// Index of the first row shown.
    pub fn offset(&self) -> usize {
        self.row.offset
    }

    /// The row under it, and the first row shown.
    pub fn row(&self) -> &ListCursor {
        &self.row
    }

    /// Moves within `len` rows, of which `room` are shown at once; `key` is what one is known by.
    pub fn go(&mut self, motion: Motion, len: usize, room: usize, key: impl Fn(usize) -> Option<K>) {
        self.row.go(motion, len, room);
        self.on = key(self.row.at);
    }

    /// Puts the cursor on a row.
    pub fn put(&mut self, at: usize, len: usize, room: usize, key: impl Fn(usize) -> Option<K>) {
        self.row.at = at;
        self.row.fit(len, room);
        self.on = key(self.row.at);
    }

    /// Takes a change of the rows: goes where what it was on is now, which `is` tells; if that is gone, stays where it
    /// was. While `is_whole` is false more rows are to come.
    pub fn follow(
        &mut self,
        len: usize,
        room: usize,
        is_whole: bool,
        key: impl Fn(usize) -> Option<K>,
        is: impl Fn(usize, &K) -> bool,
    ) {
        if let Some(on) = &self.on
            && !is(self.row.at, on)
            && let Some(at) = (0..len).find(|at| is(*at, on))
        {
            self.row.at = at;
        }
        self.row.fit(len, room);
        if is_whole && len > 0 {
            self.on = key(self.row.at);
        }
    }

    /// Brings the row under it into the `room` that is shown.
    pub fn fit(&mut self, len: usize, room: usize) {
        self.row.fit(len, room);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_stays_on_what_it_is_on_and_where_it_is_if_that_is_gone() {
        let mut cursor: Cursor<char> = Cursor::default();
        let follow = |cursor: &mut Cursor<char>, rows: &str, is_whole| {
            let rows: Vec<char> = rows.chars().collect();
            let key = |at: usize| rows.get(at).copied();
            cursor.follow(rows.len(), 3, is_whole, key, |at, letter| key(at) == Some(*letter));
            key(cursor.at())
        };
        assert_eq!(follow(&mut cursor, "b", false), Some('b'));
        assert_eq!(follow(&mut cursor, "abc", false), Some('a'), "the first, while more are to come");
        assert_eq!(follow(&mut cursor, "abc", true), Some('a'));
        assert_eq!(follow(&mut cursor, "0abc", true), Some('a'), "a row came");
        assert_eq!(follow(&mut cursor, "cb0a", true), Some('a'), "sorted anew");
        assert!(cursor.offset() <= cursor.at() && cursor.at() < cursor.offset() + 3);
        assert_eq!(follow(&mut cursor, "cb0", true), Some('0'), "it is gone");
        assert_eq!(follow(&mut cursor, "", true), None);
        assert_eq!(follow(&mut cursor, "cb0", true), Some('0'), "an empty list is forgotten");
    }

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
