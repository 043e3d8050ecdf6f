//! `DescribeEvents`: when snapshots were begun and finished, worked out from the snapshots themselves.

use jiff::{SignedDuration, Timestamp};

use super::super::errors::ApiError;
use super::super::paging;
use super::super::query::Params;
use super::super::state::{PlaceState, StoredSnapshot};
use super::super::xml::Element;
use super::{list, moment};

/// How long AWS keeps events.
const KEPT: SignedDuration = SignedDuration::from_hours(14 * 24);
/// The window when none is asked for, in minutes.
const DEFAULT_MINUTES: i64 = 60;
const CATEGORY: &str = "backup";
const SOURCE: &str = "db-cluster-snapshot";
const SOURCES: [&str; 11] = [
    "db-instance",
    "db-parameter-group",
    "db-security-group",
    "db-snapshot",
    "db-cluster",
    SOURCE,
    "custom-engine-version",
    "db-proxy",
    "blue-green-deployment",
    "db-shard-group",
    "zero-etl",
];

struct Event<'a> {
    at: Timestamp,
    message: &'static str,
    of: &'a StoredSnapshot,
}

pub fn describe(state: &PlaceState, params: &Params, now: Timestamp) -> Result<Vec<Element>, ApiError> {
    let source = params.get("SourceType");
    let name = params.get("SourceIdentifier");
    if name.is_some() && source.is_none() {
        return Err(ApiError::invalid_combination(
            "SourceType must be specified when SourceIdentifier is specified.",
        ));
    }
    if let Some(other) = source.filter(|source| !SOURCES.contains(source)) {
        return Err(ApiError::invalid_value(format!("Invalid source type: {other}")));
    }
    let (from, to) = window(params, now)?;
    let categories = params.list("EventCategories.EventCategory")?;
    let wanted = |event: &Event| {
        (from..=to).contains(&event.at)
            && source.is_none_or(|source| source == SOURCE)
            && name.is_none_or(|name| event.of.identifier.eq_ignore_ascii_case(name))
            && (categories.is_empty() || categories.contains(&CATEGORY))
    };
    let of_account = state.snapshots.iter().filter(|s| s.kind != "shared" && s.kind != "public");
    let found = of_account.chain(&state.deleted).flat_map(events_of).filter(wanted).collect();
    let page = paging::page(params, found, |event| {
        format!("{} {} {}", moment(event.at), event.of.arn, event.message)
    })?;
    Ok(list("Events", page.items.iter().map(element).collect(), page.marker))
}

fn window(params: &Params, now: Timestamp) -> Result<(Timestamp, Timestamp), ApiError> {
    let invalid =
        |text: &str, name: &str| ApiError::invalid_value(format!("Invalid value {text} for {name}."));
    let time = |name| {
        let time = |text: &str| text.parse::<Timestamp>().map_err(|_why| invalid(text, name));
        params.get(name).map(time).transpose()
    };
    let minutes = match params.get("Duration") {
        None => DEFAULT_MINUTES,
        Some(text) => {
            let minutes = text.parse().ok().filter(|minutes| *minutes > 0);
            minutes.ok_or_else(|| invalid(text, "Duration"))?
        }
    };
    let length = SignedDuration::from_secs(minutes.saturating_mul(60));
    let (from, to) = match (time("StartTime")?, time("EndTime")?) {
        (Some(from), Some(to)) if from > to => {
            return Err(ApiError::invalid_combination("StartTime must not be after EndTime."));
        }
        (Some(from), Some(to)) => (from, to),
        (Some(from), None) if params.get("Duration").is_some() => (from, after(from, length)),
        (Some(from), None) => (from, now),
        (None, Some(to)) => (after(to, -length), to),
        (None, None) => (after(now, -length), now),
    };
    Ok((from.max(after(now, -KEPT)), to.min(now)))
}

fn after(at: Timestamp, length: SignedDuration) -> Timestamp {
    at.checked_add(length).unwrap_or(if length.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
}

/// RDS-EVENT-0074 and 0075 for manual snapshots, 0168 and 0169 for automated ones.
fn events_of(snapshot: &StoredSnapshot) -> impl Iterator<Item = Event<'_>> {
    let automated = snapshot.kind == "automated";
    let begun =
        if automated { "Creating automated cluster snapshot" } else { "Creating manual cluster snapshot" };
    let done =
        if automated { "Automated cluster snapshot created" } else { "Manual cluster snapshot created" };
    let first = Event { at: snapshot.created, message: begun, of: snapshot };
    let last = snapshot.finishes().map(|at| Event { at, message: done, of: snapshot });
    // AWS documents no event for this; it stands for whatever the service may say.
    let failed = "Failed to create the cluster snapshot: the storage volume could not be read";
    let end = snapshot.fails().map(|at| Event { at, message: failed, of: snapshot });
    [first].into_iter().chain(last).chain(end)
}

fn element(event: &Event) -> Element {
    let parts = vec![
        Element::text("SourceIdentifier", &event.of.identifier),
        Element::text("SourceType", SOURCE),
        Element::text("Message", event.message),
        Element::group("EventCategories", vec![Element::text("EventCategory", CATEGORY)]),
        Element::text("Date", moment(event.at)),
        Element::text("SourceArn", &event.of.arn),
    ];
    Element::group("Event", parts)
}
