//! The requests that wait until their cluster is available: for what, since when, and until when.

use ratatui::layout::Rect;

use crate::app::waiting::Waiting;
use crate::app::{App, Now};

use super::paint::{Paint, row};
use super::theme::Role;
use super::words::{clock, minute, short};

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, area: Rect, now: &Now) {
    for (index, waiting) in (0..area.height).zip(&app.waits.rows) {
        let symbol = paint.symbols().half;
        let told = told(waiting, now);
        paint.line(row(area, index), 1, &[(Role::Doubt, symbol), (Role::Plain, " "), (Role::Plain, &told)]);
    }
}

fn told(waiting: &Waiting, now: &Now) -> String {
    let wait = &waiting.wait;
    let state = match (&waiting.failure, &waiting.status) {
        (Some(failure), _) => format!("not looked at: {}", failure.kind.headline().to_lowercase()),
        (None, Some(status)) => format!("it is {status}"),
        (None, None) => "looking".to_owned(),
    };
    let is_today = wait.until.to_zoned(now.wall.time_zone().clone()).date() == now.wall.date();
    let until = if is_today { clock(wait.until, &now.wall) } else { minute(wait.until, &now.wall) };
    let looked = waiting.looked_at.map(|at| crate::app::screens::pane::age(at, now.at()));
    let looked = looked.map(|ago| format!(", looked {} ago", short(ago))).unwrap_or_default();
    let (snapshot, cluster) = (&wait.request.snapshot, &wait.request.cluster);
    format!("{snapshot} waits for {cluster}: {state}; until {until}{looked}  (W drops it)")
}
