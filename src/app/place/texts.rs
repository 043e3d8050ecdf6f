//! The texts of a long list that words are looked for in, one behind the other in one piece of memory: a hundred thousand
//! are looked through at each key, and would be found one by one all over it.

use std::ops::Range;

/// The texts of rows.
#[derive(Debug, Default)]
pub(super) struct Texts {
    all: String,
    rows: Vec<Range<usize>>,
    /// How much of it no row has any more.
    unused: usize,
}

impl Texts {
    /// The text of a row.
    pub(super) fn get(&self, at: usize) -> &str {
        self.rows.get(at).and_then(|row| self.all.get(row.clone())).unwrap_or_default()
    }

    /// Takes the text of a row behind the others.
    pub(super) fn push(&mut self, text: &str) {
        let row = self.append(text);
        self.rows.push(row);
    }

    /// Takes another text for a row.
    pub(super) fn replace(&mut self, at: usize, text: &str) {
        self.unused += self.rows[at].len();
        self.rows[at] = self.append(text);
        if self.unused > self.all.len() / 2 {
            self.close_up();
        }
    }

    /// Keeps the texts of some rows.
    pub(super) fn retain(&mut self, kept: &[bool]) {
        let mut kept = kept.iter();
        self.rows.retain(|_| kept.next().is_none_or(|is_kept| *is_kept));
        self.close_up();
    }

    fn append(&mut self, text: &str) -> Range<usize> {
        let start = self.all.len();
        self.all.push_str(text);
        start..self.all.len()
    }

    /// Leaves out what no row has.
    fn close_up(&mut self) {
        let old = std::mem::take(self);
        for at in 0..old.rows.len() {
            self.push(old.get(at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_the_text_that_it_was_given_last() {
        let mut texts = Texts::default();
        for row in 0..100 {
            texts.push(&format!("row {row}"));
        }
        for round in 0..1000 {
            texts.replace(round % 100, &format!("round {round}"));
        }
        assert!(texts.all.len() < 3 * 100 * "round 999".len(), "what is not used is let go of");
        let kept: Vec<bool> = (0..100).map(|row| row % 2 == 1).collect();
        texts.retain(&kept);
        let all: Vec<&str> = (0..51).map(|at| texts.get(at)).collect();
        let expected: Vec<String> = (0..50).map(|at| format!("round {}", 900 + 2 * at + 1)).collect();
        assert_eq!(all[..50], expected);
        assert_eq!(all[50], "");
    }
}
