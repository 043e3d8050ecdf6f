//! The requests that wait until their cluster is available: for what, since when, and until when.

use ratatui::layout::Rect;

use crate::app::arrangement::waits;
use crate::app::keymap::Focus;
use crate::app::place::Place;
use crate::app::place::waits::WaitingRequest;

use super::paint::Paint;
use super::table::fitting;
use super::theme::Role;
use super::words::short_clock;

/// From this width on those that have no line of their own are counted in words.
const WIDE: u16 = 60;

pub fn draw(paint: &mut Paint<'_>, area: Rect) {
    let (world, ui) = (paint.world, paint.ui);
    let count = waits(world, ui).count();
    for (at, (line, (place, waiting))) in area.rows().zip(waits(world, ui)).enumerate() {
        let name = waiting.wait.request.snapshot.as_str();
        let column = paint.line(line, 1, &[(Role::Doubt, paint.symbols().half), (Role::Plain, " ")]);
        let more = if at + 1 == usize::from(area.height) { count - at - 1 } else { 0 };
        let more = match more {
            0 => String::new(),
            more if line.width < WIDE => format!(" +{more}"),
            more => format!("   and {more} more"),
        };
        let room = line.width.saturating_sub(column + 1 + paint.columns_of(&more));
        let told = told(paint, place, waiting);
        let told = fitting(&told, room.saturating_sub(paint.columns_of(name)));
        let column = paint.name(line, column, room.saturating_sub(paint.columns_of(told)), Role::Plain, name);
        paint.line(line, column, &[(Role::Plain, told), (Role::Accent, &more)]);
    }
}

/// How the cluster is that a request waits for, as far as the place can tell.
pub fn state(place: &Place, waiting: &WaitingRequest) -> String {
    match (waiting.other_account(place.account().as_ref()), &waiting.failure, &waiting.status) {
        (Some(other), ..) => format!("of account {other}"),
        (None, Some(failure), _) => failure.kind.clause(),
        (None, None, Some(status)) => status.to_string(),
        (None, None, None) => "not looked at yet".to_owned(),
    }
}

/// For what it waits, in which state that was found, until when, and which key drops it: from the longest way to say it
/// to the shortest.
fn told(paint: &Paint<'_>, place: &Place, waiting: &WaitingRequest) -> Vec<String> {
    let clock = |at| short_clock(at, &paint.now.wall);
    let wait = &waiting.wait;
    let cluster = &wait.request.cluster;
    // The clock, not how long ago: so the line changes only with a look.
    let looked = waiting.looked_at.map(|at| format!(", looked {}", clock(at)));
    let state = state(place, waiting);
    let until = clock(wait.until);
    // The screen of a change drops what its own rows have, the others the first that waits for what is in hand.
    let in_hand = paint.ui.screen().in_hand(paint.world);
    let first = place.waits.rows.iter().find(|row| row.wait.request.cluster == *cluster);
    let is_meant = in_hand.is_some_and(|(of, id)| of == place.id && id == *cluster)
        && first.is_some_and(|first| first.wait.token == wait.token);
    let drops = match paint.ui.focus(paint.world) {
        Focus::Clusters | Focus::Pane | Focus::Details if is_meant => "; ‹W:disarm› drops it",
        _ => "",
    };
    let drops = paint.told(drops);
    let least = format!(" waits for {cluster}");
    // As a note of a place says which, where that is not plain.
    let places = &paint.world.places;
    let is_plain = !places.are_several() && places.shows(place.id);
    let there = if is_plain { least.clone() } else { format!("{least} in {}", place.label()) };
    let brief = format!("{there} ({state})");
    let whole = format!("{brief}, at most until {until}");
    let seen = format!("{there} ({state}{}), at most until {until}", looked.unwrap_or_default());
    vec![
        format!("{seen}{drops}"),
        format!("{whole}{drops}"),
        whole,
        brief,
        there,
        least,
        format!(" awaits {cluster}"),
    ]
}
