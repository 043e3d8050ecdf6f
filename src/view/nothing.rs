//! What stands on a screen that has nothing to show. What is said of a list holds for the state that it is in, and for no
//! other.

use ratatui::layout::Rect;

use crate::app::place::pages::Pages;
use crate::app::place::{ConnectionState, Place};
use crate::app::screens::filter_line::FilterLine;
use crate::app::telling::permission;
use crate::domain::failure::{Failure, FailureKind, LOOK_AT_CLOCK};
use crate::domain::filter::Filterable;
use crate::domain::text::{quoted, wrap};

use super::paint::{Paint, below};
use super::places::region;
use super::table::{HiddenRows, hidden};
use super::theme::Role;

/// How it stands with a list that the service has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListState {
    /// The configuration is being read.
    Connecting,
    /// There is no connection to ask over.
    Unconnected,
    /// No answer came yet.
    Reading,
    /// The answer was a failure.
    Unread,
    /// It was read, and is empty.
    Empty,
}

/// What a list is called, and that there is nothing to list.
pub struct ListWords {
    plural: &'static str,
    none: &'static str,
    /// Whether the demo is offered where it cannot be read.
    offers_demo: bool,
}

/// The list of clusters.
pub const CLUSTERS: ListWords =
    ListWords { plural: "clusters", none: "no Aurora or Multi-AZ DB cluster", offers_demo: true };
/// The list of snapshots.
pub const SNAPSHOTS: ListWords =
    ListWords { plural: "snapshots", none: "no DB cluster snapshot", offers_demo: false };

impl ListWords {
    /// What is told of a list of a Region in a state, with why it could not be read.
    fn sentence(&self, state: ListState, region: &str, why: &str) -> String {
        let Self { plural, none, .. } = self;
        match state {
            ListState::Connecting => "Reading the AWS configuration of this machine.".to_owned(),
            ListState::Unconnected => format!("{why}, so no {plural} were read."),
            ListState::Reading => format!("Loading the {plural} of {region}. The keys answer meanwhile."),
            ListState::Unread => format!("{why}: the {plural} could not be read."),
            ListState::Empty => format!("There is {none} in {region} for this account."),
        }
    }

    /// The same of one of several places, in a few words.
    fn in_short<'w>(&'w self, state: ListState, why: &'w str) -> &'w str {
        match state {
            ListState::Connecting => "connecting",
            ListState::Reading => "loading",
            ListState::Empty => self.none,
            ListState::Unconnected | ListState::Unread => why,
        }
    }
}

/// What is told of lists of these places, none of which has anything to show.
pub fn of_places<'p, T: 'p>(
    places: &[&'p Place],
    list: impl Fn(&'p Place) -> &'p Pages<T>,
    words: &ListWords,
) -> (Role, Vec<String>) {
    let stands = |place: &'p Place| {
        let (state, failure) = listing(place, list(place));
        (state, failure, failure.map(|failure| failure.kind.headline()).unwrap_or_default())
    };
    let [only] = places else {
        let in_short = |place: &&'p Place| {
            let (state, _, why) = stands(place);
            format!("{}: {}.", place.label(), words.in_short(state, why))
        };
        return (Role::Plain, places.iter().map(in_short).collect());
    };
    let (state, failure, why) = stands(only);
    let mut lines = vec![words.sentence(state, &region(only), why)];
    match failure {
        Some(failure) => {
            lines.extend(what_to_do(only, failure, list(only).is_loading(), words.offers_demo));
        }
        None if state == ListState::Empty => lines.push(ELSEWHERE.to_owned()),
        None => {}
    }
    let is_on_its_way = matches!(state, ListState::Connecting | ListState::Reading);
    (if is_on_its_way { Role::Quiet } else { Role::Plain }, lines)
}

/// What is told of rows that a filter hides, all of them: a status that it asks for and that none of them has may be
/// mistyped.
pub fn of_filtered<'r, T: Filterable + 'r>(
    filter: &FilterLine,
    told: &str,
    rows: impl Iterator<Item = &'r T>,
) -> Vec<String> {
    let mut lines = vec![told.to_owned()];
    if let Some((wanted, statuses)) = filter.filter().status_of_none(rows) {
        let statuses: Vec<String> = statuses.iter().map(|status| quoted(status)).collect();
        lines.push(format!("None here is {}: they are {}.", quoted(wanted), statuses.join(", ")));
    }
    lines
}

/// How it stands with a list of a place, and why it could not be read.
pub fn listing<'p, T>(place: &'p Place, list: &'p Pages<T>) -> (ListState, Option<&'p Failure>) {
    let failure = list.failure.as_ref();
    match (&place.connection, failure) {
        (ConnectionState::Connecting(_), _) => (ListState::Connecting, failure),
        (ConnectionState::Failed(failure), _) => (ListState::Unconnected, Some(failure)),
        (ConnectionState::Ready(_), _) if list.complete_at.is_some() => (ListState::Empty, failure),
        (ConnectionState::Ready(_), Some(_)) => (ListState::Unread, failure),
        (ConnectionState::Ready(_), None) => (ListState::Reading, None),
    }
}

/// What to do where a place was read, and is empty.
pub const ELSEWHERE: &str =
    "Another profile or Region? ‹p:profiles› and ‹R:regions› go there. ‹r:refresh› looks again.";

/// What to do about a failure of a place, and then what it says of itself: on the smallest screens there is no room for
/// the end.
fn what_to_do(place: &Place, failure: &Failure, is_loading: bool, offers_demo: bool) -> Vec<String> {
    let mut lines = vec![match failure.kind {
        _ if failure.kind.is_passing() && is_loading => "Tried again by itself; ‹r:refresh› tries now.".to_owned(),
        FailureKind::AccessDenied => match failure.missing_permission() {
            Some(permission) => format!("Ask for {permission}, then press ‹r:refresh›."),
            None => format!("{} Then press ‹r:refresh›.", permission(failure)),
        },
        FailureKind::Forbidden => {
            "Ask whoever administers the account or the organization, then press ‹r:refresh›.".to_owned()
        }
        FailureKind::NoConnection => "Check the network and the proxy, then press ‹r:refresh›.".to_owned(),
        FailureKind::SignatureTime => format!("{LOOK_AT_CLOCK} Then press ‹r:refresh›."),
        kind if kind.wants_credentials() => {
            "Log in or renew them in another shell, then press ‹r:refresh›. For variables of the environment: quit, export \
             them, and start again."
                .to_owned()
        }
        _ => "Put it right in another shell, then press ‹r:refresh›.".to_owned(),
    }];
    if is_about_the_place(failure) {
        lines.push("‹p:profiles› goes to another profile, ‹R:regions› to another Region.".to_owned());
        if offers_demo && !place.target().is_demo {
            lines.push(
                "‹D:demo› goes on with the embedded simulator instead: no account, no network.".to_owned(),
            );
        }
    }
    lines.push(String::new());
    lines.extend(failure.message.lines().map(quoted));
    lines.extend(Some(failure.reference()).filter(|reference| !reference.is_empty()));
    lines
}

/// Whether another place, or the demo, is a way on.
fn is_about_the_place(failure: &Failure) -> bool {
    use FailureKind::{Configuration, NoConnection, NoCredentials, NoRegion};
    matches!(failure.kind, NoRegion | NoCredentials | Configuration | NoConnection)
        || failure.kind.is_credentials()
}

/// What stands in the place of what is not there, in the lines that it takes.
pub struct Told {
    role: Role,
    lines: Vec<String>,
}

impl Told {
    /// Breaks lines for a body; the blank ones give way where there is no room for all.
    pub fn new(role: Role, lines: &[String], paint: &Paint<'_>, body: Rect) -> Self {
        let room = usize::from(body.width.saturating_sub(4));
        let mut lines: Vec<String> = lines.iter().flat_map(|line| wrap(&paint.told(line), room)).collect();
        if lines.len() > usize::from(body.height) {
            lines.retain(|line| !line.is_empty());
        }
        Self { role, lines }
    }

    /// How many lines there is no room for.
    pub fn hidden(&self, body: Rect) -> HiddenRows {
        hidden(self.lines.len(), 0, body)
    }

    /// Draws it.
    pub fn draw(&self, paint: &mut Paint<'_>, body: Rect) {
        let top = usize::from(body.height > 6 && self.lines.len() < usize::from(body.height));
        for (row, line) in below(body, top).rows().zip(&self.lines) {
            paint.line(row, 3, &[(self.role, line)]);
        }
    }
}

/// Draws what is told where there is nothing.
pub fn draw(text: &str, role: Role, paint: &mut Paint<'_>, body: Rect) {
    Told::new(role, &[text.to_owned()], paint, body).draw(paint, body);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_never_said_not_to_be_there_and_what_failed_never_to_be_on_its_way() {
        use ListState::{Connecting, Empty, Reading, Unconnected, Unread};
        for (state, words) in [Connecting, Unconnected, Reading, Unread, Empty]
            .into_iter()
            .flat_map(|state| [(state, CLUSTERS), (state, SNAPSHOTS)])
        {
            let told = words.sentence(state, "eu-west-1", "It failed");
            assert_eq!(told.contains("There is no"), state == Empty, "{told}");
            let is_on_its_way = told.starts_with("Reading") || told.starts_with("Loading");
            assert_eq!(is_on_its_way, matches!(state, Connecting | Reading), "{told}");
            assert_eq!(told.contains("It failed"), matches!(state, Unconnected | Unread), "{told}");
        }
    }
}
