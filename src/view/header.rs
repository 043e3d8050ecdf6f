//! The first row: who asks, and where. It always names the account, the Region, and the endpoint where
//! that is not AWS's.

use ratatui::layout::Rect;

use crate::app::{App, Connection, Screen};

use super::paint::Paint;
use super::theme::Role;

pub fn draw(app: &App, paint: &mut Paint<'_, '_>, row: Rect) {
    let narrow = row.width < 60;
    let mut pieces: Vec<(Role, String)> = Vec::new();
    if !narrow {
        pieces.push((Role::Heading, "clustersnap".to_owned()));
    }
    pieces.push((Role::Plain, account(app, narrow)));
    let place = app.place();
    let region = place.and_then(|place| place.region.clone()).unwrap_or_else(|| "no Region".to_owned());
    pieces.push((Role::Plain, region));
    let cluster = match &app.screen {
        Screen::Clusters
        | Screen::History
        | Screen::PastRequest
        | Screen::Snapshots
        | Screen::Snapshot
        | Screen::Evidence => None,
        Screen::Details(cluster) | Screen::Form(cluster) => Some(cluster),
        Screen::Review(request) | Screen::Sending(_, request) => Some(&request.cluster),
    };
    if app.is_production(cluster) {
        pieces.push((Role::Bad, "PRODUCTION".to_owned()));
    }
    if place.is_some_and(|place| place.is_demo) {
        pieces.push((Role::Doubt, "DEMO".to_owned()));
    } else if let Some(endpoint) = place.and_then(|place| place.endpoint.clone()) {
        pieces.push((Role::Doubt, endpoint));
    }
    if place.is_some_and(|place| place.is_read_only) {
        pieces.push((Role::Doubt, "READ-ONLY".to_owned()));
    }
    let mut column = 1;
    for (role, text) in &pieces {
        column = paint.line(row, column, &[(*role, text)]) + if narrow { 1 } else { 3 };
    }
    paint.right(row, column, &[(Role::Accent, "?"), (Role::Quiet, " help")]);
}

/// The account and, where there is room, by which name it is asked.
fn account(app: &App, narrow: bool) -> String {
    let Some(caller) = &app.caller.value else {
        let is_waiting =
            app.caller.in_flight.is_some() || matches!(app.connection, Connection::Connecting(_));
        return if is_waiting { "account: asking".to_owned() } else { "account unknown".to_owned() };
    };
    if narrow {
        return caller.account.clone();
    }
    let profile = app.place().and_then(|place| place.profile.clone());
    // `arn:aws:sts::123456789012:assumed-role/dba/bastion-1`: what stands behind the last colon.
    let resource = caller.arn.rsplit(':').next().unwrap_or_default();
    let name = profile.unwrap_or_else(|| resource.trim_start_matches("assumed-role/").to_owned());
    format!("{} {name}", caller.account)
}
