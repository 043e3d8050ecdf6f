//! A table: columns that share a width out between them, and the rows below their heads.
//!
//! Knows nothing of what stands in it: a screen says which columns there are, what they need, and in which order they
//! give way.

use std::borrow::Borrow;

use ratatui::layout::{Layout, Rect};

use crate::domain::text;

pub use crate::app::screens::widths::longest;

use super::paint::Paint;
use super::theme::Role;
use crate::app::cursor::ListCursor;

/// Before the first column is the room of the cursor.
const MARGIN: u16 = 3;
/// What an identifier keeps on the smallest terminal: cut in its middle, fewer columns tell too little.
pub const LEAST_NAME: u16 = 20;
/// So many columns of an identifier at most are written anew when the cursor comes or goes: a move stays cheap over
/// SSH.
const CHOSEN: usize = 32;

/// What stands in a cell.
pub enum Cell {
    /// Text, cut at its end where there is no room.
    Text(Role, String),
    /// An identifier, cut in its middle: they often differ at their ends only.
    Name(String),
    /// A bar of so many percent, where they are known.
    Bar(Role, Option<u8>),
}

/// What a cell shows of a row, in so many columns.
type Show<'a, T> = Box<dyn Fn(&T, u16) -> Cell + 'a>;

/// A column.
pub struct Column<'a, T> {
    /// What stands above it.
    pub head: &'a str,
    /// The fewest columns of the terminal that are of use to it, and all that it can use; its head has room in any
    /// case.
    pub width: (u16, u16),
    /// At which place it has its room. Those of the lowest rank have the fewest columns first; what is left over goes
    /// to them in the same order.
    pub rank: u8,
    /// What it shows of a row.
    pub cell: Show<'a, T>,
}

impl<'a, T> Column<'a, T> {
    /// A column of which each cell knows how wide it is.
    pub fn new(head: &'a str, width: (u16, u16), rank: u8, cell: impl Fn(&T, u16) -> Cell + 'a) -> Self {
        Self { head, width, rank, cell: Box::new(cell) }
    }

    /// A column of text.
    pub fn text(
        head: &'a str,
        width: (u16, u16),
        rank: u8,
        cell: impl Fn(&T) -> (Role, String) + 'a,
    ) -> Self {
        Self::new(head, width, rank, move |item, _| {
            let (role, text) = cell(item);
            Cell::Text(role, text)
        })
    }

    /// A column of text of which what fits is shown: from the longest way to say it to the shortest.
    pub fn told(
        head: &'a str,
        width: (u16, u16),
        rank: u8,
        cell: impl Fn(&T) -> (Role, Vec<String>) + 'a,
    ) -> Self {
        Self::new(head, width, rank, move |item, room| {
            let (role, texts) = cell(item);
            Cell::Text(role, fitting(&texts, room).to_owned())
        })
    }

    /// A column of identifiers, of which the longest takes so many columns.
    pub fn name(head: &'a str, width: (u16, u16), rank: u8, cell: impl Fn(&T) -> String + 'a) -> Self {
        Self::new(head, width, rank, move |item, _| Cell::Name(cell(item)))
    }

    fn need(&self) -> Need {
        let least = self.width.0.max(text_width(self.head));
        Need { rank: self.rank, least, most: self.width.1.max(least) }
    }
}

/// What a column needs of the room, whatever stands in it.
struct Need {
    rank: u8,
    least: u16,
    most: u16,
}

/// The first of several ways to say something that a room holds, else the last.
pub fn fitting<S: AsRef<str>>(texts: &[S], room: u16) -> &str {
    let fits = |text: &&S| text_width(text.as_ref()) <= room;
    texts.iter().find(fits).or(texts.last()).map_or("", AsRef::as_ref)
}

/// The least and the most columns that are of use to what is told in several ways, from the longest to the shortest.
pub fn told_width(told: impl Iterator<Item = Vec<String>> + Clone) -> (u16, u16) {
    let most = longest(told.clone().filter_map(|ways| ways.into_iter().next()));
    (longest(told.filter_map(|mut ways| ways.pop())), most)
}

fn text_width(text: &str) -> u16 {
    u16::try_from(text::width(text)).unwrap_or(u16::MAX)
}

/// The width of the identifiers that a table is about: two fifths of it before anything else has room, if the longest
/// needs so much, and whole with a blank behind it from what is left over.
pub fn name_width(longest: u16, table: u16) -> (u16, u16) {
    (LEAST_NAME.max(table / 5 * 2).min(longest), longest.saturating_add(1))
}

/// How many rows are above and below those that are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HiddenRows {
    above: usize,
    below: usize,
}

/// How many of so many rows are above and below those that there is room for, from the first one shown on.
pub fn hidden(len: usize, first: usize, room: Rect) -> HiddenRows {
    HiddenRows { above: first.min(len), below: len.saturating_sub(first + usize::from(room.height)) }
}

impl HiddenRows {
    /// Whether all are shown.
    pub fn is_none(self) -> bool {
        self == Self::default()
    }

    /// How many there are, from the longest way to say it to the shortest.
    pub fn ways(self) -> [String; 3] {
        let told = [(self.above, "above"), (self.below, "below")].into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told.map(|(count, word)| format!("{count} {word}")).collect();
        let all = self.above + self.below;
        [told.join(", "), format!("{all} more"), format!("+{all}")]
    }
}

/// How wide a table is that cuts nothing, with a blank behind it.
pub fn whole_width<T>(columns: &[Column<'_, T>]) -> u16 {
    together(columns.iter().map(|column| column.need().most)).saturating_add(MARGIN)
}

/// A mark of a row, in the column between the cursor and what stands first.
type Mark<'a, T> = Box<dyn Fn(&T) -> Option<(Role, &'static str)> + 'a>;

/// The columns that there is room for, each with where it begins and how wide it is.
pub struct Table<'a, T> {
    columns: Vec<(Column<'a, T>, Rect)>,
    mark: Mark<'a, T>,
    is_chosen: Box<dyn Fn(&T) -> bool + 'a>,
}

impl<'a, T> Table<'a, T> {
    /// Lays out columns, in the order in which they stand, in a width.
    pub fn new(columns: Vec<Column<'a, T>>, width: u16) -> Self {
        let row = Rect::new(MARGIN, 0, width.saturating_sub(MARGIN), 1);
        // The last column needs no blank behind it.
        let room = row.width.saturating_add(1);
        let widths = share(columns.iter().map(Column::need).collect(), room);
        let areas = Layout::horizontal(widths.iter().copied().flatten()).spacing(1).split(row);
        let shown = columns.into_iter().zip(widths).filter_map(|(column, width)| width.map(|_| column));
        let columns = shown.zip(areas.iter().copied()).collect();
        Self { columns, mark: Box::new(|_| None), is_chosen: Box::new(|_| false) }
    }

    /// The same where a person has marked some rows.
    pub fn chosen(self, is_chosen: impl Fn(&T) -> bool + 'a) -> Self {
        Self { is_chosen: Box::new(is_chosen), ..self }
    }

    /// The same with a mark at some rows.
    pub fn marked(self, mark: impl Fn(&T) -> Option<(Role, &'static str)> + 'a) -> Self {
        Self { mark: Box::new(mark), ..self }
    }

    /// Whether a text stands whole in the column of a head.
    pub fn has_room(&self, head: &str, text: &str) -> bool {
        self.columns.iter().any(|(column, area)| column.head == head && text_width(text) <= area.width)
    }

    /// Writes the heads.
    pub fn heads(&self, paint: &mut Paint<'_>, row: Rect) {
        for (column, area) in &self.columns {
            paint.cell(row, area.x, area.width, Role::Quiet, column.head);
        }
    }

    /// Writes the rows from the cursor's first on.
    pub fn listed<B: Borrow<T>>(&self, paint: &mut Paint<'_>, body: Rect, items: &[B], cursor: &ListCursor) {
        let items = items.iter().enumerate().skip(cursor.offset);
        self.rows(paint, body, items.map(|(at, item)| (at == cursor.at, item.borrow())));
    }

    /// Writes a row for each item.
    pub fn rows<B: Borrow<T>>(
        &self,
        paint: &mut Paint<'_>,
        body: Rect,
        items: impl Iterator<Item = (bool, B)>,
    ) {
        for (row, (is_cursor, item)) in body.rows().zip(items) {
            self.row(paint, row, is_cursor, item.borrow());
        }
    }

    /// Writes a row, with the cursor before it or not.
    pub fn row(&self, paint: &mut Paint<'_>, row: Rect, is_cursor: bool, item: &T) {
        let is_chosen = (self.is_chosen)(item);
        if is_chosen {
            paint.line(row, 0, &[(Role::Accent, paint.symbols().chosen)]);
        }
        if is_cursor {
            paint.line(row, 1, &[(Role::Accent, paint.symbols().cursor)]);
        }
        if let Some((role, symbol)) = (self.mark)(item) {
            paint.line(row, 2, &[(role, symbol)]);
        }
        for (column, area) in &self.columns {
            match (column.cell)(item, area.width) {
                Cell::Text(role, text) => paint.cell(row, area.x, area.width, role, &text),
                Cell::Name(text) => {
                    let role = if is_chosen { Role::Accent } else { Role::Plain };
                    if is_cursor && column.rank == 0 {
                        paint.chosen_name(row, area.x, area.width, (role, CHOSEN), &text);
                    } else {
                        paint.name(row, area.x, area.width, role, &text);
                    }
                }
                Cell::Bar(role, Some(percent)) => paint.bar(row, *area, role, percent),
                Cell::Bar(_, None) => {}
            }
        }
    }
}

/// How wide each column is, none where there is no room for it: by their ranks, each that still fits beside those before
/// it has its least, and what is left over goes to the lowest rank first. The first one is cut where it does not fit.
fn share(needs: Vec<Need>, room: u16) -> Vec<Option<u16>> {
    let mut widths = vec![None; needs.len()];
    let mut by_rank: Vec<(Need, &mut Option<u16>)> = needs.into_iter().zip(&mut widths).collect();
    by_rank.sort_by_key(|(need, _)| need.rank);
    let mut free = room;
    for (at, (need, width)) in by_rank.iter_mut().enumerate() {
        let wanted = need.least.saturating_add(1);
        if at == 0 || wanted <= free {
            free = free.saturating_sub(wanted);
            **width = Some(need.least);
        }
    }
    for (need, width) in by_rank.into_iter().filter_map(|(need, width)| Some((need, width.as_mut()?))) {
        let more = need.most.saturating_sub(*width).min(free);
        *width += more;
        free -= more;
    }
    widths
}

/// How wide columns are together, with a blank behind each.
fn together(widths: impl Iterator<Item = u16>) -> u16 {
    widths.fold(0, |sum, width| sum.saturating_add(width).saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column<'static, ()>> {
        let column = |head, width, rank| Column::text(head, width, rank, |()| (Role::Plain, String::new()));
        vec![
            column("ID", (24, 40), 0),
            column("ENGINE", (15, 30), 3),
            column("STATUS", (10, 12), 1),
            column("AGE", (8, 8), 2),
        ]
    }

    fn shared(width: u16) -> Vec<(&'static str, u16, u16)> {
        let table = Table::new(columns(), width);
        table.columns.iter().map(|(column, area)| (column.head, area.x, area.width)).collect()
    }

    #[test]
    fn what_is_hidden_above_and_below_is_counted_with_what_is_shown_to_the_whole() {
        let ways = |len, first, height| hidden(len, first, Rect { height, ..Rect::default() }).ways();
        let told = |len, first, height| ways(len, first, height)[0].clone();
        assert_eq!(told(12, 0, 12), "");
        assert_eq!(told(12, 0, 5), "7 below");
        assert_eq!(told(12, 3, 5), "3 above, 4 below");
        assert_eq!(told(12, 7, 5), "7 above");
        assert_eq!(told(0, 0, 0), "");
        assert_eq!(ways(12, 3, 5)[1..], ["7 more", "+7"]);
    }

    #[test]
    fn what_matters_most_has_its_room_first_and_what_is_left_in_the_same_order() {
        assert_eq!(shared(120), [("ID", 3, 40), ("ENGINE", 44, 30), ("STATUS", 75, 12), ("AGE", 88, 8)]);
        assert_eq!(shared(80), [("ID", 3, 40), ("ENGINE", 44, 15), ("STATUS", 60, 11), ("AGE", 72, 8)]);
        assert_eq!(shared(62), [("ID", 3, 39), ("STATUS", 43, 10), ("AGE", 54, 8)], "no room for the engine");
        assert_eq!(shared(40), [("ID", 3, 26), ("STATUS", 30, 10)]);
        assert_eq!(shared(20), [("ID", 3, 17)]);
    }

    #[test]
    fn what_has_no_room_takes_none_from_what_matters_less_and_fits() {
        let column = |head, width, rank| Column::text(head, width, rank, |()| (Role::Plain, String::new()));
        let columns =
            || vec![column("ID", (16, 17), 0), column("PLACE", (24, 24), 1), column("AGE", (7, 7), 2)];
        let shown = |width| {
            let table = Table::new(columns(), width);
            table.columns.iter().map(|(column, _)| column.head).collect::<Vec<_>>()
        };
        assert_eq!(
            (shown(40), shown(44), shown(60)),
            (vec!["ID", "AGE"], vec!["ID", "PLACE"], vec!["ID", "PLACE", "AGE"])
        );
    }

    #[test]
    fn columns_never_meet_and_nothing_is_cut_beside_free_room() {
        for width in 0..200 {
            let shared = shared(width);
            let mut end = 2;
            for (head, start, wide) in &shared {
                assert!(*start == end + 1 && start + wide <= width.max(3), "{head} of {width}: {shared:?}");
                end = start + wide;
            }
            let is_whole = shared.iter().zip([40, 30, 12, 8]).all(|((_, _, wide), most)| *wide == most);
            assert!(shared.len() < 4 || is_whole || end == width, "{width}: {shared:?}");
        }
    }
}
