//! The texts of a long list that words are looked for in, one behind the other in one piece of memory: a hundred thousand
//! are looked through at each key, and would be found one by one all over it. What many rows have in common is kept
//! once.

use crate::domain::filter::Haystack;

use super::index::{Index, index, number};
use super::pages::retain;

/// The texts of rows.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// What the rows have for their own.
    own: String,
    rows: Vec<RowText>,
    /// How much of it no row has any more.
    unused: usize,
    common: Vec<String>,
    index: Index,
}

/// Where the text of a row is.
#[derive(Clone, Copy, Debug)]
struct RowText {
    start: u32,
    end: u32,
    common: u32,
}

impl Texts {
    /// The text of a row.
    pub(super) fn get(&self, at: usize) -> Haystack<&str> {
        let Some(row) = self.rows.get(at) else { return Haystack::default() };
        let own = self.own.get(index(row.start)..index(row.end)).unwrap_or_default();
        Haystack { own, common: self.common.get(index(row.common)).map_or("", String::as_str) }
    }

    /// Takes the text of a row behind the others.
    pub(super) fn push(&mut self, text: Haystack<&str>) {
        let row = self.append(text);
        self.rows.push(row);
    }

    /// Takes another text for a row.
    pub(super) fn replace(&mut self, at: usize, text: Haystack<&str>) {
        self.unused += self.get(at).own.len();
        self.rows[at] = self.append(text);
        if self.unused > self.own.len() / 2 || self.common.len() > 2 * self.rows.len() {
            self.close_up();
        }
    }

    /// Keeps the texts of some rows.
    pub(super) fn retain(&mut self, kept: &[bool]) {
        retain(&mut self.rows, kept);
        self.close_up();
    }

    /// Gives back the memory that was taken for more of them.
    pub(super) fn shrink(&mut self) {
        self.own.shrink_to_fit();
        self.rows.shrink_to_fit();
    }

    fn append(&mut self, text: Haystack<&str>) -> RowText {
        let start = number(self.own.len());
        self.own.push_str(text.own);
        RowText { start, end: number(self.own.len()), common: self.common(text.common) }
    }

    /// Where a text is that many rows have in common.
    fn common(&mut self, text: &str) -> u32 {
        let Self { common, index, .. } = self;
        let known = index.find(text, |at| common.get(at).map(String::as_str));
        let at = known.unwrap_or_else(|| {
            common.push(text.to_owned());
            index.insert(common.len() - 1, |at| common.get(at).map(String::as_str));
            common.len() - 1
        });
        number(at)
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

    fn text<'a>(own: &'a str, common: &'a str) -> Haystack<&'a str> {
        Haystack { own, common }
    }

    #[test]
    fn each_row_has_the_text_that_it_was_given_last() {
        let mut texts = Texts::default();
        for row in 0..100 {
            texts.push(text(&format!("row {row}"), "rows"));
        }
        for round in 0..1000 {
            texts.replace(round % 100, text(&format!("round {round}"), &format!("of {}", round / 10)));
        }
        assert!(texts.own.len() < 3 * 100 * "round 999".len(), "what is not used is let go of");
        assert!(texts.common.len() <= 200, "here too: {}", texts.common.len());
        let kept: Vec<bool> = (0..100).map(|row| row % 2 == 1).collect();
        texts.retain(&kept);
        texts.shrink();
        let all: Vec<(&str, &str)> = (0..51).map(|at| (texts.get(at).own, texts.get(at).common)).collect();
        let expected: Vec<(String, String)> = (0..50)
            .map(|at| 900 + 2 * at + 1)
            .map(|round| (format!("round {round}"), format!("of {}", round / 10)))
            .collect();
        let expected: Vec<(&str, &str)> =
            expected.iter().map(|(own, common)| (own.as_str(), common.as_str())).collect();
        assert_eq!(all[..50], expected);
        assert_eq!(all[50], ("", ""));
        assert_eq!(texts.common.len(), 10, "each text once");
    }
}
