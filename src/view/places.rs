//! Which place something is of: two columns of every list, where it is not the same for all of its rows.

use crate::app::place::Place;

use super::table::{Column, longest};
use super::theme::Role;

/// Something of a place.
pub type Of<'p, T> = (&'p Place, &'p T);

/// The columns of the account and of the Region, each where the places of a list differ in it.
pub fn columns<'p, T: 'p>(places: &[&'p Place], rank: u8) -> impl Iterator<Item = Column<'p, Of<'p, T>>> {
    let column = |head, text: fn(&Place) -> String| {
        let texts: Vec<String> = places.iter().map(|place| text(place)).collect();
        let width = longest(texts.iter());
        let differs = texts.windows(2).any(|pair| pair[0] != pair[1]);
        let cell = move |(place, _): &Of<'p, T>| (Role::Quiet, text(place));
        differs.then(|| Column::text(head, (width.min(12), width), rank, cell))
    };
    [column("ACCOUNT", account), column("REGION", region)].into_iter().flatten()
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
