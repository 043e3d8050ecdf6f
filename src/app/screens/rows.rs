//! The rows of a list out of the catalogues: which state of those it shows, and how wide its texts are. Both change with
//! what is known only, so that a frame or a key costs the same however long the list is.

use crate::app::place::Place;
use crate::app::place::pages::Pages;
use crate::app::places::CatalogRow;
use crate::app::request_id::PlaceId;
use crate::domain::filter::Filterable;
use crate::domain::page::Row;
use crate::domain::text::{escaped, width};

/// The state of the catalogues that a list was made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp {
    versions: Vec<(PlaceId, u64)>,
    count: usize,
}

impl Stamp {
    /// The state of these lists now.
    pub(super) fn of<'a, T: Row + Filterable + PartialEq + 'a>(
        places: impl Iterator<Item = &'a Place>,
        list: impl Fn(&'a Place) -> (&'a Pages<T>, u64),
    ) -> Self {
        let mut stamp = Self::default();
        for place in places {
            let (pages, version) = list(place);
            stamp.versions.push((place.id, pages.version + version));
            stamp.count += pages.items.len();
        }
        stamp
    }

    /// Whether a list of this state is worth being made anew for another one. While pages arrive, it is when it has
    /// grown by a tenth.
    pub(super) fn is_old(&self, now: &Self, is_growing: bool) -> bool {
        self != now && (!is_growing || now.count > self.count + self.count / 10)
    }
}

/// Leaves the rows that fit: of those that are there after a narrower filter, of all otherwise. In the memory that the
/// rows have, for it is done at each key.
pub(super) fn keep(
    rows: &mut Vec<CatalogRow>,
    all: &[CatalogRow],
    is_narrower: bool,
    mut fits: impl FnMut(&CatalogRow) -> bool,
) {
    if is_narrower {
        rows.retain(fits);
    } else {
        rows.clear();
        rows.extend(all.iter().filter(|row| fits(row)));
    }
}

/// The columns that the longest of some texts takes, by its bytes.
pub fn longest(texts: impl Iterator<Item = impl AsRef<str>>) -> u16 {
    let longest = texts.max_by_key(|text| text.as_ref().len());
    let columns = longest.map(|text| width(&escaped(text.as_ref()))).unwrap_or_default();
    u16::try_from(columns).unwrap_or(u16::MAX)
}
