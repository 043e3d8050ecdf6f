//! The title of a list: how many there are and, at its end, how many rows are hidden and how fresh it is. Each is told
//! as fully as there is room for.

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::place::Place;
use crate::app::place::pages::Pages;
use crate::app::screens::filter_line::FilterLine;

use super::paint::{Paint, Piece};
use super::table::HiddenRows;
use super::theme::Role;
use super::words::short_clock;

/// Pieces of a line.
pub type Pieces = Vec<(Role, String)>;

/// Writes a title from a column on. Both the counts and what is told at the end go from the longest to the shortest: the
/// counts are shortened first, but to the shortest only where what is told at the end is as short as it can be.
pub fn draw(
    paint: &mut Paint<'_>,
    row: Rect,
    column: u16,
    hidden: &HiddenRows,
    (counts, ends): (&[Pieces], &[Pieces]),
) {
    static NONE: Pieces = Pieces::new();
    let both = if row.width < 60 { 4 } else { 5 };
    let fits = |way: &str, count: &Pieces, end: &Pieces| {
        let beside = match (hidden.is_none(), end.is_empty()) {
            (true, true) => 0,
            (true, false) => 2,
            (false, true) => paint.columns_of(way) + 2,
            (false, false) => paint.columns_of(way) + both,
        };
        column + paint.columns_of_all(count) + paint.columns_of_all(end) + beside <= row.width
    };
    let ways = hidden.ways();
    let mut found = ways.iter().filter_map(|way| longest(counts, ends, |count, end| fits(way, count, end)));
    let (count, end) = found.next().unwrap_or((counts.last().unwrap_or(&NONE), &NONE));
    let column = paint.line(row, column, count);
    paint.title_ends(row, column, hidden, end);
}

/// The longest that fit.
fn longest<'a>(
    counts: &'a [Pieces],
    ends: &'a [Pieces],
    fits: impl Fn(&Pieces, &Pieces) -> bool,
) -> Option<(&'a Pieces, &'a Pieces)> {
    let (more, last) = counts.split_at(counts.len().saturating_sub(1));
    for counts in [more, last] {
        for end in ends {
            if let Some(count) = counts.iter().find(|count| fits(count, end)) {
                return Some((count, end));
            }
        }
    }
    None
}

/// Writes the title of a list that is filtered: where there is no room for all, the heading gives way to the filter and
/// to how many rows are hidden.
pub fn draw_filtered(
    paint: &mut Paint<'_>,
    row: Rect,
    heading: &[Piece<'_>],
    (count, filter): (&str, &FilterLine),
    (hidden, told): (&HiddenRows, Piece<'_>),
) {
    let end = if hidden.is_none() { 1 } else { 2 + paint.columns_of(&hidden.ways()[2]) };
    let typed = paint.columns_of(count) + 1 + paint.columns_of(filter.input.value());
    let has_room = 1 + paint.columns_of_all(heading) + typed + end <= row.width;
    let column = if has_room { paint.line(row, 1, heading) } else { 1 };
    let column = paint.filter(row, column, count, filter);
    paint.title_end(row, column, hidden, told);
}

/// How many there are of each kind, but for those of which there is none.
pub fn counted<'a>(counts: impl IntoIterator<Item = (Role, usize, &'a str)>) -> Pieces {
    let counts = counts.into_iter().filter(|(_, count, _)| *count > 0);
    counts.map(|(role, count, word)| (role, format!("  {count} {word}"))).collect()
}

/// What is said of a number of what these lists have, that may not be all.
pub fn more_to_come<'a, T: 'a>(lists: impl Iterator<Item = &'a Pages<T>>) -> &'static str {
    let (mut is_growing, mut is_whole) = (false, true);
    for list in lists {
        is_growing |= list.is_growing();
        is_whole &= list.complete_at.is_some();
    }
    match (is_growing, is_whole) {
        (true, _) => " loaded, more may come",
        (false, false) => " loaded, not all",
        (false, true) => "",
    }
}

/// How many of all a filter leaves, with what is said of a number that may not be all; nothing where none was read yet.
pub fn left(shown: usize, all: usize, more: &str) -> String {
    if all == 0 && !more.is_empty() { String::new() } else { format!("{shown} of {all}{more}  ") }
}

/// What is told at the end, of lists that stand so and are in this order: of the worst.
pub fn ends(standing: impl Iterator<Item = Pieces>, order: &str) -> Vec<Pieces> {
    let standing = standing.max_by_key(Vec::len).unwrap_or_default();
    let order = (Role::Quiet, order.to_owned());
    let Some(longest) = standing.first() else { return vec![vec![order], Pieces::new()] };
    let both = vec![longest.clone(), (Role::Plain, "   ".to_owned()), order];
    std::iter::once(both).chain(standing.iter().map(|told| vec![told.clone()])).collect()
}

/// The same in a word, where a filter needs the room.
pub fn in_short(standing: impl Iterator<Item = Pieces>) -> (Role, String) {
    standing.max_by_key(Vec::len).and_then(|mut told| told.pop()).unwrap_or((Role::Quiet, String::new()))
}

/// How a list of a place stands that was read whole once, if it may not be as AWS has it now: from the longest way to
/// say it to the shortest.
pub fn standing<T>(place: &Place, list: &Pages<T>, now: &Now) -> Pieces {
    let Some(at) = list.complete_at else { return Pieces::new() };
    let (at, is_paused) = (short_clock(at, &now.wall), place.questions.backoff.is_paused());
    let stale = |role| (role, "stale".to_owned());
    match &list.failure {
        Some(failure) => {
            let told = format!("as of {at}; could not be read again");
            let whole = format!("{told}: {}", failure.kind.clause());
            vec![(Role::Bad, whole), (Role::Bad, told), stale(Role::Bad)]
        }
        None if is_paused => vec![(Role::Doubt, format!("as of {at}")), stale(Role::Doubt)],
        None if list.is_loading() => vec![(Role::Quiet, "reading anew".to_owned())],
        None => Pieces::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Pieces {
        vec![(Role::Plain, text.to_owned())]
    }

    fn chosen(room: usize, standing: &[(Role, String)]) -> String {
        let counts = ["13, 3 hidden (Neptune)", "13, 3 hidden", "13"].map(plain);
        let told = |pieces: &Pieces| pieces.iter().map(|(_, text)| text.as_str()).collect::<String>();
        let ends = ends(std::iter::once(standing.to_vec()), "sorted");
        let found = longest(&counts, &ends, |count, end| told(count).len() + told(end).len() <= room);
        found.map_or_else(|| "none".to_owned(), |(count, end)| format!("{}|{}", told(count), told(end)))
    }

    #[test]
    fn an_order_gives_way_to_how_many_are_hidden_and_how_old_the_list_is_does_not() {
        let told = [28, 18, 12, 8, 1].map(|room| chosen(room, &[]));
        assert_eq!(
            told,
            ["13, 3 hidden (Neptune)|sorted", "13, 3 hidden|sorted", "13, 3 hidden|", "13|sorted", "none"]
        );
        let stale = [(Role::Bad, "as of 01:58 UTC".to_owned()), (Role::Bad, "stale".to_owned())];
        let told = [36, 27, 17, 7, 1].map(|room| chosen(room, &stale));
        assert_eq!(
            told,
            [
                "13, 3 hidden|as of 01:58 UTC   sorted",
                "13, 3 hidden|as of 01:58 UTC",
                "13, 3 hidden|stale",
                "13|stale",
                "none"
            ]
        );
    }
}
