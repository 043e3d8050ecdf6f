//! Which place something is of: two columns of every list, where it is not the same for all of its rows; and the places
//! that cannot be read.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use crate::app::keymap::Action;
use crate::app::place::Place;
use crate::app::telling;
use crate::domain::account::AccountId;
use crate::domain::policy::PolicyStanding;

use super::paint::Paint;
use super::table::{Cell, Column, longest};
use super::theme::Role;

/// Something of a place.
pub type Of<'p, T> = (&'p Place, &'p T);

/// A place in words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceWords {
    /// The account and, where one was named, the profile by which it is asked.
    pub account: String,
    /// The account alone.
    pub short: String,
    /// The Region.
    pub region: String,
}

impl PlaceWords {
    pub fn of(place: &Place) -> Self {
        Self::of_account(place, place.account())
    }

    /// The same of something that is an account's, whichever answers there by now.
    pub fn of_account(place: &Place, own: Option<AccountId>) -> Self {
        let account = account_words(place, own.as_ref());
        let short = own.map_or_else(|| account.clone(), |own| own.to_string());
        Self { account, short, region: region(place) }
    }

    pub fn not_known() -> Self {
        let [account, short, region] = ["not known"; 3].map(str::to_owned);
        Self { account, short, region }
    }
}

/// The columns of the account and of the Region, each where the places of a list differ in it.
pub fn columns<'p, T: 'p>(places: &[&'p Place], rank: u8) -> impl Iterator<Item = Column<'p, Of<'p, T>>> {
    let words = places.iter().map(|place| PlaceWords::of(place)).collect();
    columns_of(&words, |(place, _): &Of<'p, T>| PlaceWords::of(place), (rank, rank))
}

/// The same of a list whose rows say of themselves where they are: with the rank of what tells places apart, and of what
/// only says more of them.
pub fn columns_of<'p, T: 'p, F: Fn(&T) -> PlaceWords + Copy + 'p>(
    places: &BTreeSet<PlaceWords>,
    of: F,
    (apart, more): (u8, u8),
) -> impl Iterator<Item = Column<'p, T>> + use<'p, T, F> {
    let count = |part: fn(&PlaceWords) -> &str| places.iter().map(part).collect::<BTreeSet<_>>().len();
    let [accounts, shorts, regions] =
        [count(|it| &it.account), count(|it| &it.short), count(|it| &it.region)];
    let all = places.iter().map(|it| (&it.short, &it.region)).collect::<BTreeSet<_>>().len();
    // Where the accounts alone tell all apart, the Regions give way, or else these to those.
    let account = if shorts == all || regions < all { apart } else { more };
    let region = if shorts == all { more } else { apart };
    let most = longest(places.iter().map(|it| &it.account));
    let least = longest(places.iter().map(|it| &it.short));
    let account = (accounts > 1).then(|| {
        Column::new("ACCOUNT", (least, most), account, move |row: &T, width| {
            let words = of(row);
            Cell::Text(Role::Quiet, if width < most { words.short } else { words.account })
        })
    });
    let wide = longest(places.iter().map(|it| &it.region));
    let region = (regions > 1)
        .then(|| Column::text("REGION", (wide, wide), region, move |row: &T| (Role::Quiet, of(row).region)));
    [account, region].into_iter().flatten()
}

/// An account and, where one was named, the profile by which it is asked.
fn account_words(place: &Place, account: Option<&AccountId>) -> String {
    let profile = place.target().profile.as_deref();
    match (account, profile) {
        (Some(account), Some(profile)) => format!("{account} {profile}"),
        (Some(account), None) => account.to_string(),
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
    let refreshes =
        paint.world.keymap.rows(paint.ui.focus(paint.world)).any(|row| row.binding.action == Action::Refresh);
    let again =
        if refreshes { "‹r:refresh› tries again" } else { "‹r:refresh› in the list tries again" };
    let again = paint.told(again);
    let room = usize::from(area.height);
    for (index, (row, (place, failure))) in area.rows().zip(&failed).enumerate() {
        let rest = failed.len() - index;
        let is_last = index + 1 == room;
        let told = match rest {
            2.. if is_last => format!("{rest} places cannot be read; {again}"),
            _ => {
                format!("{}: {}. {again}. {}", place.label(), failure.kind.headline(), telling::said(failure))
            }
        };
        paint.line(row, 1, &[(Role::Bad, paint.symbols().cross), (Role::Plain, " ")]);
        paint.cell(row, 3, area.width.saturating_sub(4), Role::Plain, &told);
    }
}
