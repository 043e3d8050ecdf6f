//! The requests that wait until their cluster is available: for what, since when, and until when.

use ratatui::layout::Rect;

use crate::app::Now;
use crate::app::arrangement::waits;
use crate::app::keymap::Focus;
use crate::app::place::Place;
use crate::app::place::waits::Waiting;
use crate::app::ui::Ui;
use crate::app::world::World;

use super::paint::{Paint, row};
use super::theme::Role;
use super::words::short_clock;

pub fn draw(world: &World, ui: &Ui, paint: &mut Paint<'_, '_>, area: Rect, now: &Now) {
    for (index, (place, waiting)) in (0..area.height).zip(waits(world, ui)) {
        let symbol = paint.symbols().half;
        let told = told(world, ui, place, waiting, now);
        paint.line(row(area, index), 1, &[(Role::Doubt, symbol), (Role::Plain, " "), (Role::Plain, &told)]);
    }
}

fn told(world: &World, ui: &Ui, place: &Place, waiting: &Waiting, now: &Now) -> String {
    let wait = &waiting.wait;
    let (snapshot, cluster) = (&wait.request.snapshot, &wait.request.cluster);
    let account = place.account();
    let state = match (&waiting.failure, &waiting.status) {
        _ if let Some(other) = waiting.other_account(account.as_deref()) => format!("for account {other}"),
        (Some(failure), _) => format!("{cluster}: {}", failure.kind.clause()),
        (None, Some(status)) => format!("{cluster} is {status}"),
        (None, None) => format!("looking at {cluster}"),
    };
    let until = short_clock(wait.until, &now.wall);
    // The clock, not how long ago: so the line changes only with a look.
    let looked = waiting.looked_at.map(|at| format!(", looked {}", short_clock(at, &now.wall)));
    let looked = looked.unwrap_or_default();
    let drops = match ui.focus(world) {
        Focus::Clusters | Focus::Pane | Focus::Details => " (W drops it)",
        _ => "",
    };
    format!("waits until {until}: {state}{drops}: {snapshot}{looked}")
}
