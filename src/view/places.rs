//! Which place something is of: two columns of every list, where it is not the same for all of its rows; and the places
//! that cannot be read.

use ratatui::layout::Rect;

use crate::app::place::Place;
use crate::domain::policy::PolicyStanding;

use super::paint::Paint;
use super::table::{Cell, Column, longest};
use super::theme::Role;

/// Something of a place.
pub type Of<'p, T> = (&'p Place, &'p T);

/// The columns of the account and of the Region, each where the places of a list differ in it.
pub fn columns<'p, T: 'p>(places: &[&'p Place], rank: u8) -> impl Iterator<Item = Column<'p, Of<'p, T>>> {
    let column = |head, text: fn(&Place) -> String, short: fn(&Place) -> String| {
        let texts: Vec<String> = places.iter().map(|place| text(place)).collect();
        let (least, most) = (longest(places.iter().map(|place| short(place))), longest(texts.iter()));
        let differs = texts.windows(2).any(|pair| pair[0] != pair[1]);
        let cell = move |(place, _): &Of<'p, T>, width| {
            Cell::Text(Role::Quiet, if width < most { short(place) } else { text(place) })
        };
        differs.then(|| Column::new(head, (least, most), rank, cell))
    };
    let short = |place: &Place| place.account().unwrap_or_else(|| account(place));
    [column("ACCOUNT", account, short), column("REGION", region, region)].into_iter().flatten()
}

/// The account and, where one was named, the profile by which it is asked.
pub fn account(place: &Place) -> String {
    let profile = place.target().profile.as_deref();
    match (place.account(), profile) {
        (Some(account), Some(profile)) => format!("{account} {profile}"),
        (Some(account), None) => account,
        (None, profile) => profile.unwrap_or("not known").to_owned(),
    }
}

/// The Region, as far as it is known.
pub fn region(place: &Place) -> String {
    place.target().region.clone().unwrap_or_else(|| "not known".to_owned())
}

/// The mark of what is production, or of what nothing may be sent to.
pub fn mark(standing: PolicyStanding) -> Option<(Role, &'static str)> {
    match standing {
        PolicyStanding { is_production: true, .. } => Some((Role::Bad, "!")),
        PolicyStanding { is_read_only: true, .. } => Some((Role::Doubt, "=")),
        PolicyStanding { .. } => None,
    }
}

/// Each place that cannot be read, on a line of its own; the last line counts those that have none.
pub fn draw_failed(paint: &mut Paint<'_>, area: Rect) {
    let failed = paint.world.places.failed();
    let room = usize::from(area.height);
    for (index, (row, (place, failure))) in area.rows().zip(&failed).enumerate() {
        let rest = failed.len() - index;
        let is_last = index + 1 == room;
        let told = match rest {
            2.. if is_last => format!("{rest} places cannot be read; r tries again"),
            _ => {
                format!("{}: {}. r tries again. {}", place.label(), failure.kind.headline(), failure.words())
            }
        };
        paint.line(row, 1, &[(Role::Bad, paint.symbols().cross), (Role::Plain, " ")]);
        paint.cell(row, 3, area.width.saturating_sub(4), Role::Plain, &told);
    }
}
