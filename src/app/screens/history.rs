//! The requests of the past: what was asked, by whom, when, and what became of it; and all that is known of one.

use std::ops::Range;

use crate::app::action::Action;
use crate::app::cursor::{Cursor, Motion};
use crate::app::effect::Effect;
use crate::app::keymap::Focus;
use crate::app::layout::PageLayout;
use crate::app::request_id::RequestId;
use crate::app::world::World;
use crate::domain::cluster_id::ClusterId;
use crate::domain::filter::FilteredList;
use crate::domain::record::{Entry, Position, Record, RecordPage};

use super::details::{self, DetailsRow};
use super::filter_line::FilterLine;
use super::past::{NEAR, Past};
use super::{Next, Screen, Shape, Text, fit, scroll};

/// What is said where there is no request for a key.
const NO_REQUEST: &str = "There is no request under the cursor.";

/// The requests of the past.
#[derive(Debug)]
pub struct History {
    /// What is known; it stays while it is read anew, and if that fails.
    pub known: KnownHistory,
    /// Why it could not be read the last time.
    pub problem: Option<String>,
    /// The filter.
    pub filter: FilterLine,
    /// Indices into the requests, in the order shown.
    pub rows: Vec<usize>,
    /// The cursor.
    pub cursor: Cursor<String>,
    /// The first line that is shown of the details of the request under the cursor, if those are open.
    pub opened: Option<usize>,
    /// The question that the journal is asked, and whether it is for older requests than are known; else for the newest.
    in_flight: Option<(RequestId, bool)>,
    /// Whether the journal has grown since the newest were asked for.
    has_grown: bool,
    /// The question for requests near the cursor that were let go of, and where those stand.
    again_in_flight: Option<(RequestId, Vec<Position>)>,
}

/// Opens the screen, with the requests for a cluster only if one is given, and reads the journal.
pub fn open(of: Option<ClusterId>, world: &mut World) -> Next {
    let text = of.map(|cluster| format!("cluster:{cluster}")).unwrap_or_default();
    let mut history = History {
        known: KnownHistory::default(),
        problem: None,
        filter: FilterLine::of(FilteredList::History, text),
        rows: Vec::new(),
        cursor: Cursor::default(),
        opened: None,
        in_flight: None,
        has_grown: false,
        again_in_flight: None,
    };
    world.notices.clear();
    history.read(world);
    history.into()
}

impl Screen for History {
    fn focus(&self, _world: &World) -> Focus {
        match (self.opened, self.filter.is_open) {
            (Some(_), _) => Focus::Record,
            (None, true) => Focus::HistoryFilter,
            (None, false) => Focus::History,
        }
    }

    fn shape(&self) -> Shape {
        if self.opened.is_some() { Shape::Text } else { Shape::Table }
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            action if self.filter.act(action) => {}
            Action::Refresh => self.read(world),
            Action::Details if self.chosen().is_some() => self.opened = Some(0),
            Action::Details => world.notices.say(NO_REQUEST),
            Action::Copy => self.copy(world),
            Action::Back if self.opened.take().is_some() => world.notices.clear(),
            Action::Back if self.filter.is_open => {
                world.notices.clear();
                self.filter.clear();
                self.refilter(world);
            }
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn go(&mut self, motion: Motion, world: &World) {
        if let Some(mut first) = self.opened {
            let len = self.detail_rows(world.page()).len();
            scroll(&mut first, motion, len, world.layout.body_rows());
            self.opened = Some(first);
            return;
        }
        let number = |at| number(&self.known, &self.rows, at).map(str::to_owned);
        self.cursor.go(motion, self.rows.len(), world.layout.rows_above_story(), number);
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        if self.filter.is_open && self.filter.take(text) {
            self.refilter(world);
        }
        self.filter.is_open
    }

    fn filter(&self) -> Option<&FilterLine> {
        Some(&self.filter)
    }

    fn is_empty(&self, _world: &World) -> bool {
        self.opened.is_none() && self.rows.is_empty()
    }

    fn fit(&mut self, world: &mut World) {
        self.cursor.fit(self.rows.len(), world.layout.rows_above_story());
        if let Some(mut first) = self.opened {
            fit(&mut first, self.detail_rows(world.page()).len(), world.layout.body_rows());
            self.opened = Some(first);
        }
    }
}

/// What is known of the requests of the past.
#[derive(Debug, Default)]
pub enum KnownHistory {
    /// Nothing yet.
    #[default]
    Nothing,
    /// That there is no journal: the embedded simulator leaves no trace.
    NotKept,
    /// What the journal says.
    Read(Past),
}

impl KnownHistory {
    fn entry(&self, index: usize) -> Option<&Entry> {
        if let Self::Read(past) = self { past.entry(index) } else { None }
    }
}

/// What the request of a row is known by.
fn number<'a>(known: &'a KnownHistory, rows: &[usize], at: usize) -> Option<&'a str> {
    known.entry(*rows.get(at)?).map(Entry::number)
}

impl History {
    /// What the journal says, if it was read.
    pub fn past(&self) -> Option<&Past> {
        if let KnownHistory::Read(past) = &self.known { Some(past) } else { None }
    }

    /// The request of a row; `None` while it is read again.
    pub fn entry(&self, row: usize) -> Option<&Entry> {
        self.rows.get(row).and_then(|index| self.known.entry(*index))
    }

    /// The rows near the cursor, by which columns are as wide as they are: a move costs the same however many there are.
    pub fn near(&self) -> Range<usize> {
        let at = self.cursor.at();
        at.saturating_sub(NEAR)..at.saturating_add(NEAR).min(self.rows.len())
    }

    /// The request under the cursor.
    pub fn chosen(&self) -> Option<&Entry> {
        self.entry(self.cursor.at())
    }

    /// Reads the journal anew.
    pub fn read(&mut self, world: &mut World) {
        let id = world.issue();
        self.in_flight = Some((id, false));
        self.has_grown = false;
        world.put(Effect::ReadHistory(id, None));
    }

    /// Takes it that the journal has more than was read: it is read anew, once what is asked already is answered.
    pub fn grow(&mut self, world: &mut World) {
        if matches!(self.in_flight, Some((_, false))) {
            self.has_grown = true;
        } else {
            self.read(world);
        }
    }

    /// Asks for older requests where the cursor comes near the end of those that are known, and again for those near
    /// it that were let go of.
    pub fn read_on(&mut self, world: &mut World) {
        let room = world.layout.rows_above_story();
        if let Some(before) = self.wants_older(room) {
            let id = world.issue();
            self.in_flight = Some((id, true));
            world.put(Effect::ReadHistory(id, Some(before)));
        }
        let missing = self.missing(room);
        if !missing.is_empty() {
            let id = world.issue();
            self.again_in_flight = Some((id, missing.clone()));
            world.put(Effect::ReadEntries(id, missing));
        }
    }

    /// Where the requests stand that are to be read again: a screenful above and below those that are shown too.
    fn missing(&self, room: usize) -> Vec<Position> {
        let KnownHistory::Read(past) = &self.known else { return Vec::new() };
        if self.again_in_flight.is_some() || self.problem.is_some() {
            return Vec::new();
        }
        let first = self.cursor.offset().saturating_sub(room).min(self.rows.len());
        let last = (self.cursor.offset() + 2 * room).min(self.rows.len());
        past.missing(self.rows.get(first..last).unwrap_or_default())
    }

    /// Takes requests that were asked for again.
    pub fn take_again(
        &mut self,
        id: RequestId,
        answer: Result<Vec<(Position, Entry)>, String>,
        world: &World,
    ) {
        let Some((_, asked)) = self.again_in_flight.take_if(|(asked, _)| *asked == id) else { return };
        self.problem = answer.as_ref().err().cloned();
        if let (KnownHistory::Read(past), Ok(entries)) = (&mut self.known, answer) {
            past.take_again(&asked, entries);
        }
        self.arrange(world);
    }

    /// Whether an answer is the newest requests, which were asked for here.
    pub fn awaits_newest(&self, id: RequestId) -> bool {
        self.in_flight == Some((id, false))
    }

    /// Takes what the journal says; `None` if none is kept.
    pub fn take(&mut self, id: RequestId, answer: Result<Option<RecordPage>, String>, world: &mut World) {
        let Some((_, is_older)) = self.in_flight.take_if(|(asked, _)| *asked == id) else { return };
        self.problem = answer.as_ref().err().cloned();
        match answer {
            Ok(Some(older)) if is_older => {
                if let KnownHistory::Read(past) = &mut self.known {
                    past.take_older(older, &mut self.filter.filter().sieve(world.now.at()));
                }
            }
            Ok(Some(past)) => self.take_newest(past),
            Ok(None) => self.known = KnownHistory::NotKept,
            Err(_) => {}
        }
        self.arrange(world);
        if self.has_grown {
            self.read(world);
        }
    }

    /// Makes the rows anew; the cursor stays on its request. Where that is not listed any more, its details go with it:
    /// they would be those of another one.
    fn arrange(&mut self, world: &World) {
        let mut sieve = self.filter.filter().sieve(world.now.at());
        match &mut self.known {
            KnownHistory::Read(past) => past.fitting(&mut sieve, &mut self.rows),
            KnownHistory::Nothing | KnownHistory::NotKept => self.rows.clear(),
        }
        let number = |at: usize| number(&self.known, &self.rows, at);
        let (len, room) = (self.rows.len(), world.layout.rows_above_story());
        let key = |at: usize| number(at).map(str::to_owned);
        let before = self.cursor.on().cloned();
        self.cursor.follow(len, room, true, key, |at, on| number(at) == Some(on.as_str()));
        if len == 0 || self.cursor.on() != before.as_ref() {
            self.opened = None;
        }
        if let KnownHistory::Read(past) = &mut self.known {
            past.let_go(&self.rows, self.cursor.at());
        }
    }

    /// Takes a change of the filter: the cursor goes to the newest request that fits.
    fn refilter(&mut self, world: &World) {
        self.cursor = Cursor::default();
        self.in_flight.take_if(|(_, is_older)| *is_older);
        self.again_in_flight = None;
        if let KnownHistory::Read(past) = &mut self.known {
            past.forget_sifted();
        }
        self.arrange(world);
    }

    /// Copies the request under the cursor as text for a change ticket.
    fn copy(&self, world: &mut World) {
        let Some(request) = self.chosen() else { return world.notices.say(NO_REQUEST) };
        let name = request.snapshot();
        let told =
            format!("What is known of {name} was sent to the terminal's clipboard, as text for a ticket.");
        world.copy(request.ticket(), &told);
    }

    /// Whether there are requests that were not read.
    pub fn has_older(&self) -> bool {
        self.past().is_some_and(|past| past.older.is_some())
    }

    /// Before which position older requests are to be read: the cursor is less than a screenful from the end.
    fn wants_older(&self, room: usize) -> Option<Position> {
        let KnownHistory::Read(past) = &self.known else { return None };
        let is_near_the_end = self.cursor.at() + 2 * room >= self.rows.len();
        past.older.filter(|_| is_near_the_end && self.in_flight.is_none() && self.problem.is_none())
    }

    /// Takes the newest requests. What is known of older ones stays where it goes on behind them.
    fn take_newest(&mut self, newest: RecordPage) {
        let mut newest = Past::from(newest);
        if let KnownHistory::Read(before) = std::mem::take(&mut self.known) {
            newest.go_on_with(before);
        }
        self.known = KnownHistory::Read(newest);
    }

    /// The lines of the details of the request under the cursor: what is to be read in full is
    /// wrapped, not cut.
    pub fn detail_rows(&self, page: PageLayout<'_>) -> Vec<DetailsRow> {
        let Some(request) = self.chosen() else { return Vec::new() };
        let facts = request.facts().into_iter();
        let mut rows: Vec<DetailsRow> = facts.flat_map(|fact| details::value(fact, page)).collect();
        if let Entry::Request(Record { intent, .. }) = request {
            // What the journal has: those of a snapshot that was found can be others.
            rows.extend(details::tags("Tags requested", &intent.tags, page));
        }
        rows
    }
}
