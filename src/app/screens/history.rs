//! The requests of the past: what was asked, by whom, when, and what became of it.

use tui_input::Input;

use crate::domain::record::{Position, Record, RecordPage};

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
    /// The question for older requests than are known.
    older_in_flight: Option<RequestId>,
    /// How many requests are known without gaps, and before which position older ones go on then: of those behind
    /// them only what the filter let pass was kept.
    whole: Option<(usize, Option<Position>)>,
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
    Read(RecordPage),
}

impl Known {
    fn requests(&self) -> &[Record] {
        if let Self::Read(past) = self { &past.records } else { &[] }
    }
}

/// What a row is.
fn number_at<'a>(rows: &[usize], known: &'a Known, at: usize) -> Option<&'a String> {
    rows.get(at).and_then(|index| known.requests().get(*index)).map(|request| &request.intent.number)
}

impl History {
    /// Every request that is known.
    #[must_use]
    pub fn requests(&self) -> &[Record] {
        self.known.requests()
    }

    /// The request under the cursor.
    #[must_use]
    pub fn chosen(&self) -> Option<&Record> {
        self.rows.get(self.cursor.at()).and_then(|index| self.requests().get(*index))
    }

    /// Makes the rows anew; the cursor stays on its request.
    pub fn arrange(&mut self, room: usize) {
        let is_shown = self.lets_pass();
        let rows = self.requests().iter().enumerate().filter(|(_, request)| is_shown(request));
        self.rows = rows.map(|(index, _)| index).collect();
        let (rows, known) = (&self.rows, &self.known);
        self.cursor.follow(rows.len(), room, true, |at| number_at(rows, known, at));
    }

    /// Whether there are requests that were not read.
    #[must_use]
    pub fn has_older(&self) -> bool {
        matches!(&self.known, Known::Read(RecordPage { older: Some(_), .. }))
    }

    fn lets_pass(&self) -> impl Fn(&Record) -> bool + use<> {
        let filter = self.filter.value().trim().to_lowercase();
        move |request| request.intent.cluster.to_lowercase().contains(&filter)
    }

    /// Before which position older requests are to be read: the cursor is less than a screenful from the end.
    fn wants_older(&self, room: usize) -> Option<Position> {
        let Known::Read(past) = &self.known else { return None };
        let is_near_the_end = self.cursor.at() + 2 * room >= self.rows.len();
        let is_asked = self.in_flight.is_some() || self.older_in_flight.is_some();
        past.older.filter(|_| is_near_the_end && !is_asked && self.problem.is_none())
    }

    /// Takes the newest requests. What is known of older ones stays where it goes on behind them.
    fn take_newest(&mut self, mut newest: RecordPage) {
        if let Known::Read(before) = std::mem::take(&mut self.known)
            && let Some(last) = newest.records.last()
            && let Some(at) =
                before.records.iter().position(|request| request.intent.number == last.intent.number)
            && newest.older.is_some()
        {
            let count = newest.records.len();
            self.whole = self.whole.map(|(whole, older)| ((whole + count).saturating_sub(at + 1), older));
            newest.records.extend(before.records.into_iter().skip(at + 1));
            newest.older = before.older;
        } else {
            self.whole = None;
        }
        self.known = Known::Read(newest);
    }

    /// Takes older requests: of years of them only those that are looked for.
    fn take_older(&mut self, mut older: RecordPage) {
        let is_shown = self.lets_pass();
        let Known::Read(past) = &mut self.known else { return };
        let count = older.records.len();
        older.records.retain(is_shown);
        if older.records.len() < count {
            self.whole.get_or_insert((past.records.len(), past.older));
        }
        past.records.extend(older.records);
        past.older = older.older;
    }

    /// Forgets what another filter let pass.
    fn forget_sifted(&mut self) {
        self.older_in_flight = None;
        if let (Some((whole, older)), Known::Read(past)) = (self.whole.take(), &mut self.known) {
            past.records.truncate(whole);
            past.older = older;
        }
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
        rows.push(Row::Heading(format!("Tags  {}", request.intent.tags.len())));
        rows.extend(request.intent.tags.iter().map(|tag| Row::Tag(tag.key.clone(), tag.value.clone())));
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
        self.history.forget_sifted();
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
        self.history.older_in_flight = None;
        vec![Effect::ReadHistory(id, None)]
    }

    /// Reads it anew if it is on the screen, because there is something new in it.
    pub(in super::super) fn renew_history(&mut self) -> Effects {
        match self.screen {
            Screen::History | Screen::Record => self.read_history(),
            _ => Vec::new(),
        }
    }

    /// Takes what the journal says.
    pub(in super::super) fn on_history(&mut self, id: RequestId, answer: Result<Option<RecordPage>, String>) {
        let is_older = self.history.older_in_flight == Some(id);
        if let (Ok(Some(past)), false) = (&answer, is_older) {
            self.remember(past);
        }
        let history = &mut self.history;
        if history.in_flight != Some(id) && !is_older {
            return;
        }
        (history.in_flight, history.older_in_flight) = (None, None);
        history.problem = answer.as_ref().err().cloned();
        match answer {
            Ok(Some(past)) if is_older => history.take_older(past),
            Ok(Some(past)) => history.take_newest(past),
            Ok(None) => history.known = Known::NotKept,
            Err(_) => {}
        }
        self.arrange_history();
    }

    /// Asks for older requests where the cursor comes near the end of those that are known.
    pub(in super::super) fn ask_older_history(&mut self) -> Effects {
        let room = Layout::of(self).list_rows();
        match (&self.screen, self.history.wants_older(room)) {
            (Screen::History, Some(before)) => {
                let id = self.ids.issue();
                self.history.older_in_flight = Some(id);
                vec![Effect::ReadHistory(id, Some(before))]
            }
            _ => Vec::new(),
        }
    }

    /// Takes a change of the filter: the cursor goes to the newest request that fits.
    pub(in super::super) fn refilter_history(&mut self) {
        self.history.cursor = Cursor::default();
        self.history.forget_sifted();
        self.arrange_history();
    }

    /// What the keys of the screen's own do.
    pub(in super::super) fn act_in_history(&mut self, action: Action) -> Effects {
        match action {
            Action::Filter => self.history.is_filtering = true,
            Action::KeepFilter => self.history.is_filtering = false,
            Action::Refresh => return self.read_history(),
            Action::Details if self.history.chosen().is_some() => {
                self.screen = Screen::Record;
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
        let (name, ticket) = (request.intent.snapshot.clone(), request.ticket());
        let told =
            format!("What is known of {name} was sent to the terminal's clipboard, as text for a ticket.");
        self.send_copy(ticket, &told)
    }

    fn arrange_history(&mut self) {
        let room = Layout::of(self).list_rows();
        self.history.arrange(room);
    }
}
