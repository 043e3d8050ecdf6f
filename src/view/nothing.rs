//! What stands on a screen that has nothing to show: one table of screens and of the states that each can be in, so that
//! none has to make do with the words of another. What it says holds for that state, and for no other.

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
#[cfg_attr(test, derive(strum::EnumIter))]
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
    /// The filter hides all of it.
    Filtered,
    /// So does the last one that was, while what is typed is none.
    FilteredBefore,
}

impl ListState {
    /// Of what a filter hides all of.
    pub fn filtered(filter: &FilterLine) -> Self {
        if filter.doubt().is_some() { Self::FilteredBefore } else { Self::Filtered }
    }

    /// How it is meant.
    pub fn role(self) -> Role {
        match self {
            Self::Connecting | Self::Reading => Role::Quiet,
            Self::Unconnected | Self::Unread | Self::Empty | Self::Filtered | Self::FilteredBefore => {
                Role::Plain
            }
        }
    }
}

/// How it stands with the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum JournalState {
    /// It is being read.
    Reading,
    /// It cannot be read.
    Unread,
    /// There is none of the demo.
    NotKept,
    /// Nothing was requested yet.
    Empty,
    /// Nothing that was read fits the filter, and there are older requests.
    GoingOn,
    /// The filter hides all of it.
    Filtered,
    /// So does the last one that was, while what is typed is none.
    FilteredBefore,
}

/// How it stands with the profiles and Regions of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(strum::EnumIter))]
pub enum ChoicesState {
    /// The files of AWS are being read.
    Reading,
    /// They cannot be read.
    Unread,
    /// They name none.
    Empty,
    /// None has what is typed in its name.
    Filtered,
}

/// A screen that has nothing to show, with its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// The list of clusters.
    Clusters(ListState),
    /// The list of snapshots.
    Snapshots(ListState),
    /// The requests of the past.
    History(JournalState),
    /// The choice of profiles and Regions.
    Choices(ChoicesState),
    /// The details of a cluster that is not listed any more.
    Details,
    /// The messages.
    Messages,
    /// The help, searched.
    Help,
}

/// What the words speak of.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmptyFacts<'a> {
    /// The Region, or the Regions.
    pub region: &'a str,
    /// ` of CLUSTER`, where it is about one.
    pub of: &'a str,
    /// Why something failed, safe to show.
    pub why: &'a str,
}

impl Nothing {
    /// What is told.
    pub fn words(self, facts: EmptyFacts<'_>) -> String {
        let EmptyFacts { region, of, why } = facts;
        match self {
            Self::Clusters(ListState::Connecting) => "Reading the AWS configuration of this machine.".to_owned(),
            Self::Clusters(ListState::Unconnected) => format!("{why}, so no clusters were read."),
            Self::Clusters(ListState::Reading) => {
                format!("Loading the DB clusters of {region}. The keys answer meanwhile.")
            }
            Self::Clusters(ListState::Unread) => format!("{why}."),
            Self::Clusters(ListState::Empty) => {
                format!("There is no Aurora or Multi-AZ DB cluster in {region} for this account.")
            }
            Self::Clusters(ListState::Filtered) => "No cluster matches the filter. ‹esc:back› drops it.".to_owned(),
            Self::Clusters(ListState::FilteredBefore) => {
                "No cluster matches the last filter that could be used, which is in force. ‹esc:back› drops it.".to_owned()
            }
            Self::Snapshots(ListState::Connecting) => {
                "The snapshots are read as soon as the AWS configuration of this machine is.".to_owned()
            }
            Self::Snapshots(ListState::Unconnected) => format!("{why}, so no snapshots were read."),
            Self::Snapshots(ListState::Reading) => "Reading the snapshots.".to_owned(),
            Self::Snapshots(ListState::Unread) => format!("The snapshots could not be read: {why}."),
            Self::Snapshots(ListState::Empty) => {
                format!("AWS lists no DB cluster snapshot{of} of any type in {region}.")
            }
            Self::Snapshots(ListState::Filtered) => {
                "No snapshot matches the filter.".to_owned()
            }
            Self::Snapshots(ListState::FilteredBefore) => {
                "No snapshot matches the last filter that could be used, which is in force."
                    .to_owned()
            }
            Self::History(JournalState::Reading) => "Reading the journal.".to_owned(),
            Self::History(JournalState::Unread) => format!(
                "The journal cannot be read: {why}. Make it and its folder readable and writable for you, then press \
                 ‹r:refresh›; or start again with another XDG_STATE_HOME. Where it cannot be written either, nothing is sent \
                 without your word for it."
            ),
            Self::History(JournalState::NotKept) => {
                "The embedded simulator leaves no trace on this machine, so there is no journal of the demo."
                    .to_owned()
            }
            Self::History(JournalState::Empty) => {
                "The journal of this user on this machine is empty. Requests are written there before they are sent."
                    .to_owned()
            }
            Self::History(JournalState::GoingOn) => "Looking through the older requests.".to_owned(),
            Self::History(JournalState::Filtered) => "No request matches the filter.".to_owned(),
            Self::History(JournalState::FilteredBefore) => {
                "No request matches the last filter that could be used, which is in force."
                    .to_owned()
            }
            Self::Choices(ChoicesState::Reading) => "Reading the files of AWS.".to_owned(),
            Self::Choices(ChoicesState::Unread) => {
                format!("The files of AWS cannot be read: {why}. ‹esc:back› goes back.")
            }
            Self::Choices(ChoicesState::Empty) => {
                "There is no profile in the files of AWS on this machine. ‹esc:back› goes back.".to_owned()
            }
            Self::Choices(ChoicesState::Filtered) => "Nothing has this in its name. ‹esc:back› goes back.".to_owned(),
            Self::Details => "This cluster is not listed any more. ‹esc:back› goes back.".to_owned(),
            Self::Messages => "No messages yet. The last 100 are kept until you quit.".to_owned(),
            Self::Help => "No key does this. ‹esc:back› shows all keys.".to_owned(),
        }
    }

    /// The same of one of several places, in a few words.
    pub fn in_short(self, why: &str) -> String {
        let words = match self {
            Self::Clusters(ListState::Connecting) | Self::Snapshots(ListState::Connecting) => "connecting",
            Self::Clusters(ListState::Reading) | Self::Snapshots(ListState::Reading) => "loading",
            Self::Clusters(ListState::Empty) => "no Aurora or Multi-AZ DB cluster",
            Self::Snapshots(ListState::Empty) => "no DB cluster snapshot",
            Self::Clusters(ListState::Unconnected | ListState::Unread)
            | Self::Snapshots(ListState::Unconnected | ListState::Unread) => why,
            // These are of no place.
            Self::Clusters(ListState::Filtered | ListState::FilteredBefore)
            | Self::Snapshots(ListState::Filtered | ListState::FilteredBefore)
            | Self::History(_)
            | Self::Choices(_)
            | Self::Details
            | Self::Messages
            | Self::Help => return self.words(EmptyFacts::default()),
        };
        format!("{words}.")
    }
}

/// What is told of lists of these places, none of which has anything to show.
pub fn of_places<T>(
    places: &[&Place],
    list: impl Fn(&Place) -> &Pages<T>,
    nothing: fn(ListState) -> Nothing,
) -> (Role, Vec<String>) {
    let [only] = places else {
        let in_short = |place: &&Place| {
            let (state, failure) = listing(place, list(place));
            let why = failure.map(|failure| failure.kind.headline()).unwrap_or_default();
            format!("{}: {}", place.label(), nothing(state).in_short(why))
        };
        return (Role::Plain, places.iter().map(in_short).collect());
    };
    let (state, failure) = listing(only, list(only));
    let why = failure.map(|failure| match nothing(state) {
        // It stands within a sentence.
        Nothing::Snapshots(ListState::Unread) => failure.kind.clause(),
        _ => failure.kind.headline().to_owned(),
    });
    let facts = EmptyFacts { region: &region(only), why: &why.unwrap_or_default(), of: "" };
    let mut lines = vec![nothing(state).words(facts)];
    match failure {
        Some(failure) => {
            let offers_demo = matches!(nothing(state), Nothing::Clusters(_));
            lines.extend(what_to_do(only, failure, list(only).is_loading(), offers_demo));
        }
        None if state == ListState::Empty => lines.push(ELSEWHERE.to_owned()),
        None => {}
    }
    (state.role(), lines)
}

/// What is told of rows that a filter hides, all of them: a status that it asks for and that none of them has may be
/// mistyped.
pub fn of_filtered<'r, T: Filterable + 'r>(
    filter: &FilterLine,
    nothing: fn(ListState) -> Nothing,
    rows: impl Iterator<Item = &'r T>,
) -> Vec<String> {
    let mut lines = vec![nothing(ListState::filtered(filter)).words(EmptyFacts::default())];
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

/// Draws what is told where there is nothing, and why something failed.
pub fn draw(nothing: Nothing, why: &str, role: Role, paint: &mut Paint<'_>, body: Rect) {
    let words = nothing.words(EmptyFacts { why, ..EmptyFacts::default() });
    Told::new(role, &[words], paint, body).draw(paint, body);
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use strum::IntoEnumIterator as _;

    use super::*;

    fn all() -> Vec<Nothing> {
        let mut all = vec![Nothing::Details, Nothing::Messages, Nothing::Help];
        all.extend(ListState::iter().flat_map(|state| [Nothing::Clusters(state), Nothing::Snapshots(state)]));
        all.extend(JournalState::iter().map(Nothing::History));
        all.extend(ChoicesState::iter().map(Nothing::Choices));
        all
    }

    #[test]
    fn every_state_of_every_screen_has_words_of_its_own() {
        let facts = EmptyFacts { region: "eu-west-1", of: "", why: "It failed" };
        let words: Vec<String> = all().into_iter().map(|nothing| nothing.words(facts)).collect();
        let different: HashSet<&String> = words.iter().collect();
        assert_eq!(different.len(), words.len(), "{words:#?}");
    }

    #[test]
    fn where_esc_goes_back_once_the_filter_has_not_the_keys_it_is_not_said_to_drop_that() {
        for nothing in all().into_iter().filter(|it| !matches!(it, Nothing::Clusters(_))) {
            let told = nothing.words(EmptyFacts::default());
            assert!(!told.contains("‹esc:back› drops"), "{told}");
        }
    }

    #[test]
    fn what_is_not_read_is_never_said_not_to_be_there_and_what_failed_never_to_be_on_its_way() {
        for nothing in all() {
            let facts = EmptyFacts { region: "eu-west-1", of: "", why: "It failed" };
            let told = nothing.words(facts);
            let claims_absence = ["There is no", "AWS lists no", "machine is empty"];
            let is_read = matches!(
                nothing,
                Nothing::Clusters(ListState::Empty)
                    | Nothing::Snapshots(ListState::Empty)
                    | Nothing::History(JournalState::Empty)
                    | Nothing::Choices(ChoicesState::Empty)
            );
            assert_eq!(claims_absence.iter().any(|claim| told.contains(claim)), is_read, "{told}");
            let is_on_its_way = ["Reading", "Loading", "Looking"].iter().any(|word| told.starts_with(word));
            assert!(!is_on_its_way || !told.contains("It failed"), "{told}");
        }
    }
}
