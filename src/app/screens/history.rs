//! The requests of the past: what was asked, by whom, when, and what became of it.

use tui_input::Input;

use crate::domain::past::{Past, PastRequest};

use super::super::effect::{Effect, Effects};
use super::super::keymap::Action;
use super::super::layout::Layout;
use super::super::list::{Cursor, Motion};
use super::super::requests::RequestId;
use super::super::{App, Screen};
use super::details::{self, Row};

/// The state of the screen.
#[derive(Debug, Default)]
pub struct History {
    /// What is known; it stays while it is read anew, and if that fails.
    pub known: Known,
    /// Why it could not be read the last time.
    pub problem: Option<String>,
    /// Only requests for clusters with this text in their identifiers; empty shows all.
    pub filter: Input,
    /// Whether the filter takes the keys.
    pub is_filtering: bool,
    /// Indices into the requests, in the order shown.
    pub rows: Vec<usize>,
    /// The cursor.
    pub cursor: Cursor<String>,
    /// The first line of the details that is shown.
    pub details: usize,
    in_flight: Option<RequestId>,
}

/// What is known of the requests of the past.
#[derive(Debug, Default)]
pub enum Known {
    /// Nothing yet.
    #[default]
    Nothing,
    /// That there is no journal: the embedded simulator leaves no trace.
    NotKept,
    /// What the journal says.
    Read(Past),
}

impl Known {
    fn requests(&self) -> &[PastRequest] {
        if let Self::Read(past) = self { &past.requests } else { &[] }
    }
}

/// What a row is.
fn number_at<'a>(rows: &[usize], known: &'a Known, at: usize) -> Option<&'a String> {
    rows.get(at).and_then(|index| known.requests().get(*index)).map(|request| &request.number)
}

impl History {
    /// Every request that is known.
    #[must_use]
    pub fn requests(&self) -> &[PastRequest] {
        self.known.requests()
    }

    /// The request under the cursor.
    #[must_use]
    pub fn chosen(&self) -> Option<&PastRequest> {
        self.rows.get(self.cursor.at()).and_then(|index| self.requests().get(*index))
    }

    /// Makes the rows anew; the cursor stays on its request.
    pub fn arrange(&mut self, room: usize) {
        let filter = self.filter.value().trim().to_lowercase();
        let is_shown = |request: &PastRequest| request.cluster.to_lowercase().contains(&filter);
        let rows = self.requests().iter().enumerate().filter(|(_, request)| is_shown(request));
        self.rows = rows.map(|(index, _)| index).collect();
        let (rows, known) = (&self.rows, &self.known);
        self.cursor.follow(rows.len(), room, true, |at| number_at(rows, known, at));
    }

    /// Moves the cursor.
    pub fn go(&mut self, motion: Motion, room: usize) {
        let (rows, known) = (&self.rows, &self.known);
        self.cursor.go(motion, rows.len(), room, |at| number_at(rows, known, at));
    }

    /// The lines of the details of the request under the cursor, on so many columns: what is to be read in
    /// full is wrapped, not cut.
    #[must_use]
    pub fn detail_rows(&self, columns: u16) -> Vec<Row> {
        let Some(request) = self.chosen() else { return Vec::new() };
        let facts = request.facts().into_iter();
        let mut rows: Vec<Row> = facts.flat_map(|fact| details::value(fact, columns)).collect();
        rows.push(Row::Heading(format!("Tags  {}", request.tags.len())));
        rows.extend(request.tags.iter().map(|tag| Row::Tag(tag.key.clone(), tag.value.clone())));
        rows
    }
}

impl App {
    /// Opens the screen, from the details of a cluster with that cluster's requests only, and reads the
    /// journal anew.
    pub(in super::super) fn open_history(&mut self) -> Effects {
        let filter = match &self.screen {
            Screen::Details(cluster) => cluster.to_string(),
            _ => String::new(),
        };
        self.history.filter = Input::new(filter);
        self.history.is_filtering = false;
        self.history.cursor = Cursor::default();
        self.screen = Screen::History;
        self.note = None;
        self.arrange_history();
        self.read_history()
    }

    /// Reads the journal anew.
    pub(in super::super) fn read_history(&mut self) -> Effects {
        let id = self.ids.issue();
        self.history.in_flight = Some(id);
        vec![Effect::ReadHistory(id)]
    }

    /// Reads it anew if it is on the screen, because there is something new in it.
    pub(in super::super) fn renew_history(&mut self) -> Effects {
        match self.screen {
            Screen::History | Screen::PastRequest => self.read_history(),
            _ => Vec::new(),
        }
    }

    /// Takes what the journal says.
    pub(in super::super) fn on_history(&mut self, id: RequestId, answer: Result<Option<Past>, String>) {
        if let Ok(Some(past)) = &answer {
            self.remember(past);
        }
        if self.history.in_flight != Some(id) {
            return;
        }
        self.history.in_flight = None;
        self.history.problem = answer.as_ref().err().cloned();
        match answer {
            Ok(Some(past)) => self.history.known = Known::Read(past),
            Ok(None) => self.history.known = Known::NotKept,
            Err(_) => {}
        }
        self.arrange_history();
    }

    /// Takes a change of the filter: the cursor goes to the newest request that fits.
    pub(in super::super) fn refilter_history(&mut self) {
        self.history.cursor = Cursor::default();
        self.arrange_history();
    }

    /// What the keys of the screen's own do.
    pub(in super::super) fn act_in_history(&mut self, action: Action) -> Effects {
        match action {
            Action::Filter => self.history.is_filtering = true,
            Action::KeepFilter => self.history.is_filtering = false,
            Action::Refresh => return self.read_history(),
            Action::Details if self.history.chosen().is_some() => {
                self.screen = Screen::PastRequest;
                self.history.details = 0;
            }
            Action::Details => self.nothing_there("There is no request under the cursor."),
            Action::Copy => return self.copy_past_request(),
            _ => {}
        }
        Vec::new()
    }

    /// Copies the request under the cursor as text for a change ticket.
    fn copy_past_request(&mut self) -> Effects {
        let Some(request) = self.history.chosen() else {
            self.nothing_there("There is no request under the cursor.");
            return Vec::new();
        };
        let (name, ticket) = (request.snapshot.clone(), request.ticket());
        let told =
            format!("What is known of {name} was sent to the terminal's clipboard, as text for a ticket.");
        self.send_copy(ticket, &told)
    }

    fn arrange_history(&mut self) {
        let room = Layout::of(self).list_rows();
        self.history.arrange(room);
    }
}
