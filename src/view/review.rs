//! The review of a request before it is sent, and while it is under way.

use ratatui::layout::Rect;

use crate::app::App;
use crate::app::requests::RequestId;
use crate::app::screens::pane::State;
use crate::domain::command;
use crate::domain::outcome::Step;
use crate::domain::request::SnapshotRequest;
use crate::domain::text::{escape, wrap};

use super::paint::{Paint, row};
use super::theme::Role;

/// The column at which values stand.
const VALUE: u16 = 15;

pub fn draw(
    app: &App,
    request: &SnapshotRequest,
    sending: Option<RequestId>,
    paint: &mut Paint<'_, '_>,
    title: Rect,
    body: Rect,
) {
    let step = sending.map(|id| told_step(app, id));
    let (heading, state) = match &step {
        None => ("Review", "nothing is sent yet"),
        Some(step) => ("Under way", step.as_str()),
    };
    let column = paint.line(title, 1, &[(Role::Heading, heading)]);
    paint.right(title, column, &[(Role::Doubt, state)]);
    let mut line = u16::from(body.height > 10);
    for (name, value) in facts(app, request) {
        let room = usize::from(body.width.saturating_sub(VALUE + 1));
        for (index, text) in wrap(&escape(&value), room).iter().enumerate() {
            if index == 0 {
                paint.line(row(body, line), 3, &[(Role::Quiet, name)]);
            }
            paint.line(row(body, line), VALUE, &[(Role::Plain, text)]);
            line += 1;
        }
    }
    let Some(place) = app.place() else { return };
    line += 1;
    for text in command::cli(place, request).lines() {
        for part in wrap(&escape(text), usize::from(body.width.saturating_sub(4))) {
            paint.line(row(body, line), 3, &[(Role::Quiet, &part)]);
            line += 1;
        }
    }
}

fn facts(app: &App, request: &SnapshotRequest) -> Vec<(&'static str, String)> {
    let account = match (&app.caller.value, &app.caller.failure) {
        (Some(caller), _) => format!("{}   {}", caller.account, caller.arn),
        (None, Some(failure)) => format!("not known: {}", failure.kind.headline()),
        (None, None) => "not known yet".to_owned(),
    };
    let place = app.place();
    let region = place.and_then(|place| place.region.clone()).unwrap_or_default();
    let url = place.map(crate::domain::context::Place::url).unwrap_or_default();
    let cluster = app.catalog.cluster(&request.cluster).map_or_else(
        || request.cluster.to_string(),
        |cluster| format!("{}   {}, {}", cluster.id, cluster.engine(), cluster.status),
    );
    let tags = request.tags.as_slice();
    let mut told: Vec<String> = tags.iter().map(|tag| format!("{}={}", tag.key, tag.value)).collect();
    if told.is_empty() {
        told.push("none given: the cluster's copy-tags setting decides".to_owned());
    }
    vec![
        ("Account", account),
        ("Region", format!("{region}   {url}")),
        ("Cluster", cluster),
        ("Snapshot", request.snapshot.to_string()),
        ("Tags", told.join("  ")),
    ]
}

fn told_step(app: &App, id: RequestId) -> String {
    match app.sending_row(id).map(|row| &row.state) {
        Some(State::Submitting(step)) => match step {
            Step::LookingUp => "looking the name up; nothing is sent yet".to_owned(),
            Step::Journalling => "writing it to the journal; nothing is sent yet".to_owned(),
            Step::Sending { attempt: 1 } => "sending, once".to_owned(),
            Step::Sending { attempt } => format!("sending, attempt {attempt}; none before was carried out"),
            Step::Retrying { cause, after_ms } => {
                let seconds = after_ms.div_ceil(1000);
                format!("{}; not carried out, again in {seconds} s", cause.kind.headline())
            }
            Step::NotRecorded { cause } => format!("done, but not recorded: {}", cause.kind.headline()),
            Step::Reconciling { cause } => {
                format!("{}; looking for the snapshot, nothing is sent again", cause.kind.headline())
            }
        },
        _ => "not known yet; looked up on and on".to_owned(),
    }
}
