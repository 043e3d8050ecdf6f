//! Rows under headings, as wide as what is in them. Text from outside is escaped here.

use std::borrow::Cow;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use jiff::Timestamp;

use super::streams::{Streams, shown};
use crate::domain::age;
use crate::domain::preflight::Verdict;
use crate::domain::tag::Tag;
use crate::domain::text::{escaped, width as columns_of};

/// Lays rows out in columns; those below STATUS are words in their colours, if these streams are to have them.
pub fn lay_out(headings: &[&str], mut rows: Vec<Vec<String>>, colors: Option<Streams>) -> String {
    for cell in rows.iter_mut().flatten() {
        if let Cow::Owned(safe) = escaped(cell) {
            *cell = safe;
        }
        if let Cow::Owned(safe) = shown(cell) {
            *cell = safe;
        }
    }
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| columns_of(cell));
        cells.chain(headings.get(column).map(|heading| columns_of(heading))).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let lay = |line: &mut String, cells: &mut dyn Iterator<Item = &str>, colors: Option<Streams>| {
        let mut gap = 0;
        for ((cell, heading), width) in cells.zip(headings).zip(&widths) {
            line.push_str(&" ".repeat(gap));
            match colors.filter(|_| *heading == "STATUS") {
                Some(streams) => line.push_str(&streams.status(cell)),
                None => line.push_str(cell),
            }
            gap = width.saturating_sub(columns_of(cell)) + 2;
        }
    };
    let mut table = String::new();
    lay(&mut table, &mut headings.iter().copied(), None);
    for row in &rows {
        table.push('\n');
        lay(&mut table, &mut row.iter().map(String::as_str), colors);
    }
    table
}

/// What stands above a column that was chosen: its name.
pub fn heading(column: &impl ValueEnum) -> String {
    match column.to_possible_value().as_ref().map_or("", PossibleValue::get_name) {
        "id" => "IDENTIFIER".to_owned(),
        name => name.to_uppercase().replace('-', " "),
    }
}

/// What stands where there is nothing to show.
pub fn dash() -> String {
    "-".to_owned()
}

/// What a check means, in a word or two.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Fine | Verdict::Fact => "ok",
        Verdict::Doubt => "look twice",
        Verdict::Unknown => "not known",
        Verdict::Blocks => "failed",
    }
}

/// A time, to the second.
pub fn time(at: Option<Timestamp>) -> String {
    at.map_or_else(dash, |at| format!("{at:.0}"))
}

/// How long ago a time was.
pub fn ago(at: Option<Timestamp>, now: Timestamp) -> String {
    at.map_or_else(dash, |at| age::ago(at, now))
}

/// Tags in one cell.
pub fn tags(tags: &[Tag]) -> String {
    told_tags(tags).unwrap_or_else(dash)
}

/// Tags in one line, if there are any.
pub fn told_tags<'a>(tags: impl IntoIterator<Item = &'a Tag>) -> Option<String> {
    let told: Vec<String> = tags.into_iter().map(|tag| format!("{}={}", tag.key, tag.value)).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// Names and values, one a line, the values in a column. What has no value is left out.
pub fn fields(pairs: &[(&str, Option<String>)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let lines = pairs.iter().filter_map(|(name, value)| {
        value.as_ref().map(|value| format!("{name:<width$}  {}", shown(&escaped(value))))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them_and_hostile_text_is_escaped() {
        let rows = vec![
            vec!["日本語".to_owned(), "available".to_owned()],
            vec!["a\u{1b}b".to_owned(), "creating".to_owned()],
        ];
        let table = lay_out(&["NAME", "STATUS"], rows, None);
        assert_eq!(table, "NAME      STATUS\n日本語    available\na\\u{1b}b  creating");
    }
}
