//! The review of a request: everything that will be sent, and the same as other tools would send it.

use crate::app::account::Standing;
use crate::app::{App, Screen};
use crate::domain::command;
use crate::domain::context::Place;
use crate::domain::request::SnapshotRequest;
use crate::domain::text::{escape, wrap};

use super::form::tags::untagged;

/// The column at which values stand.
pub const VALUE: u16 = 15;
/// The column at which everything begins.
pub const MARGIN: u16 = 3;

/// A line of the review. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What the value is, on its first line.
    pub name: &'static str,
    /// The value.
    pub text: String,
    /// What kind of line it is.
    pub kind: Kind,
}

/// What kind of line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Part of the request.
    Fact,
    /// A warning.
    Warning,
    /// Part of the equivalent command.
    Command,
}

/// The lines of the review, for a width.
#[must_use]
pub fn rows(app: &App, request: &SnapshotRequest) -> Vec<Row> {
    let width = app.viewport.0;
    let mut rows = Vec::new();
    let mut add = |name: &'static str, text: &str, kind: Kind| {
        let margin = if kind == Kind::Command { MARGIN } else { VALUE };
        let room = usize::from(width.saturating_sub(margin + 1));
        for (index, text) in wrap(&escape(text), room).into_iter().enumerate() {
            rows.push(Row { name: if index == 0 { name } else { "" }, text, kind });
        }
    };
    // What is under way is in the journal itself.
    let is_under_way = matches!(app.screen, Screen::Sending(..));
    let name = request.snapshot.as_str();
    if let Some(obstacle) = app.open_obstacle(name).filter(|_| !is_under_way) {
        add(
            "OPEN",
            &format!("{obstacle} l looks what became of it; nothing is sent before that is known."),
            Kind::Warning,
        );
    }
    for check in app.open_checks(&request.cluster, name).iter().filter(|_| !is_under_way) {
        add("OPEN", &check.text, Kind::Warning);
    }
    if app.is_production(Some(&request.cluster)) {
        add("PRODUCTION", "to submit, the cluster's name has to be typed", Kind::Warning);
    }
    if app.is_busy(request) {
        let minutes = app.waits.patience().as_secs() / 60;
        let time = if minutes < 60 { format!("{minutes} min") } else { format!("{} h", minutes / 60) };
        let status = app.catalog.cluster(&request.cluster).map(|cluster| cluster.status.to_string());
        let state = status.map(|status| format!("it is {status}: ")).unwrap_or_default();
        let text = format!("{state}w submits as soon as it is available, within {time}; + and - change that");
        add("BUSY", &text, Kind::Warning);
    }
    if let Some(text) = told_account(&app.account_standing(&request.cluster)) {
        add("ACCOUNT", &text, Kind::Warning);
    }
    for (name, value) in facts(app, request) {
        add(name, &value, Kind::Fact);
    }
    let tags = request.tags.as_slice();
    if tags.is_empty() {
        let copies = app.catalog.cluster(&request.cluster).and_then(|cluster| cluster.copies_tags);
        add("Tags", untagged(copies), Kind::Fact);
    }
    for (index, tag) in tags.iter().enumerate() {
        let name = if index == 0 { "Tags" } else { "" };
        add(name, &format!("{} = {}", tag.key, tag.value), Kind::Fact);
    }
    let proof = match &request.mark {
        Some(key) => format!("its tag {key}"),
        None => "nothing: it is sent without a mark, so nothing will prove whose it is".to_owned(),
    };
    add("Proved by", &proof, Kind::Fact);
    // What is under way is not to be sent a second time by hand.
    if let Some(place) = app.place().filter(|_| !is_under_way) {
        add("", "", Kind::Command);
        let key = if app.typed.is_none() { "; c copies it whole" } else { "" };
        add("", &format!("# The same with the AWS command line{key}:"), Kind::Command);
        for line in command::cli(place, request).lines() {
            add("", line, Kind::Command);
        }
    }
    rows
}

/// What a person has to know of the account before they confirm anything.
fn told_account(standing: &Standing<'_>) -> Option<String> {
    Some(match standing {
        Standing::Known(_) | Standing::Asking => return None,
        Standing::Unverified(account, failure) => {
            format!("confirmed for {account}, which cannot be verified now: {}", failure.kind.clause())
        }
        Standing::Disputed(account, caller) => {
            format!(
                "the cluster is of {account}, the credentials are of {}: sent to {account} only",
                caller.account
            )
        }
        Standing::Unknown(failure) => {
            format!("not known, and it cannot be found out now: {}", failure.kind.clause())
        }
    })
}

fn facts(app: &App, request: &SnapshotRequest) -> [(&'static str, String); 4] {
    let account = match app.account_standing(&request.cluster) {
        Standing::Known(account) | Standing::Unverified(account, _) | Standing::Disputed(account, _) => {
            let caller = app.caller.value.as_ref().filter(|caller| caller.account == account);
            caller.map_or(account.clone(), |caller| format!("{account}   {}", caller.arn))
        }
        Standing::Unknown(failure) => format!("not known: {}", failure.kind.headline()),
        Standing::Asking => "not known yet".to_owned(),
    };
    let place = app.place();
    let region = place.and_then(|place| place.region.clone()).unwrap_or_default();
    let url = match place {
        Some(place) if place.is_demo => "the embedded simulator".to_owned(),
        place => place.map(Place::url).unwrap_or_default(),
    };
    let cluster = app.catalog.cluster(&request.cluster).map_or_else(
        || request.cluster.to_string(),
        |cluster| format!("{}   {}, {}", cluster.id, cluster.engine(), cluster.status),
    );
    [
        // What is asked comes first: on the smallest screens it is what fits, and the header has the rest.
        ("Snapshot", request.snapshot.to_string()),
        ("Cluster", cluster),
        ("Account", account),
        ("Region", format!("{region}   {url}")),
    ]
}
