//! The pure core: state, message, effect, update.
//!
//! No I/O, no clock, no terminal, no tokio, no AWS: `App::update` takes what happened and the time, and
//! returns what is to be done. Both are plain data.

pub mod account;
pub mod action;
pub mod answers;
pub mod bound;
pub mod bursts;
pub mod catalog;
pub mod drafting;
pub mod drafts;
pub mod effect;
pub mod endings;
pub mod focus;
pub mod keymap;
pub mod keys;
pub mod layout;
pub mod list;
pub mod looking_back;
pub mod message;
pub mod mouse;
pub mod notes;
pub mod open;
pub mod overlays;
pub mod pages;
pub mod polling;
pub mod proof;
pub mod requests;
pub mod screens;
pub mod settings;
pub mod submitting;
pub mod telling;
#[cfg(test)]
mod tests;
pub mod theme;
pub mod waiting;

use std::time::Duration;

use jiff::{Timestamp, Zoned};

use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context::{Caller, Place};
use crate::domain::failure::Failure;
use crate::domain::mark::RequestNumber;
use crate::domain::notify::Notify;
use crate::domain::page::Quota;
use crate::domain::policy::Policy;

use crate::track::followed::Moment;

use bound::Keymap;
use catalog::Catalog;
use drafting::Typed;
use drafts::Drafts;
use effect::{Effect, Effects};
use looking_back::LookingBack;
use message::Msg;
use notes::{Note, Tone};
use open::OpenRequests;
use polling::Polling;
use requests::{Reading, RequestId, RequestIds};
use screens::clusters::ClusterList;
use screens::form::Form;
use screens::history::History;
use screens::messages::Messages;
use screens::palette::Palette;
use screens::pane::Pane;
use screens::snapshots::SnapshotList;
use waiting::Waits;

pub use focus::{Overlay, Screen};
pub use settings::{Clipboard, Look, Settings};

/// The time at which something happened.
#[derive(Clone, Debug)]
pub struct Now {
    /// The date and time of this machine, in its time zone.
    pub wall: Zoned,
    /// The time since the program started, on a clock that never jumps.
    pub mono: Duration,
}

impl Now {
    /// The moment, apart from any time zone.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.wall.timestamp()
    }

    /// The moment with the server's clock in the answer that came at it, if it said.
    #[must_use]
    pub fn moment(&self, server: Option<Timestamp>) -> Moment {
        Moment { mono: self.mono, at: self.at(), server }
    }
}

/// Where the connection to the service stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The configuration is being read.
    Connecting(RequestId),
    /// There is a client for this place.
    Ready(Place),
    /// There is none; why.
    Failed(Failure),
}

/// The whole state of the program.
#[derive(Debug)]
pub struct App {
    /// Where the connection stands.
    pub connection: Connection,
    /// When the last message came: for that moment the screen is laid out.
    pub heard_at: Timestamp,
    /// The place as given at the start.
    pub given_place: Option<Place>,
    /// Who the caller is.
    pub caller: Reading<Caller>,
    /// What is known of the Region.
    pub catalog: Catalog,
    /// The list of clusters.
    pub list: ClusterList,
    /// Whether the filter takes the keys.
    pub is_filtering: bool,
    /// The first line of the details that is shown.
    pub details: usize,
    /// The pane of snapshots in progress.
    pub pane: Pane,
    /// Whether the pane takes the keys.
    pub is_pane_focused: bool,
    /// The requests of the past.
    pub history: History,
    /// The list of snapshots.
    pub snapshots: SnapshotList,
    /// The screen.
    pub screen: Screen,
    /// What lies over it.
    pub overlay: Option<Overlay>,
    /// The first line of the review that is shown.
    pub review: usize,
    /// The first line of the help overlay that is shown.
    pub help: usize,
    /// What was told so far.
    pub messages: Messages,
    /// The palette of actions.
    pub palette: Palette,
    /// The keys in force.
    pub keymap: Keymap,
    /// The quota of manual snapshots.
    pub quota: Reading<Option<Quota>>,
    /// The requests that wait until their cluster is available.
    pub waits: Waits,
    /// The cluster's name as far as it is typed, while that is asked for to confirm.
    pub typed: Option<Typed>,
    /// The drafts.
    pub drafts: Drafts,
    /// The requests of this machine of which it is not known what became.
    pub open: OpenRequests,
    /// What was told last; it stays until it is replaced or read.
    pub note: Option<Note>,
    /// How things are to look.
    pub look: Look,
    /// What is wanted of every request.
    pub policy: Policy,
    /// Columns and rows of the terminal.
    pub viewport: (u16, u16),
    /// Whether the terminal has the focus.
    pub is_focused: bool,
    /// What is read from the service, and when.
    pub polling: Polling,
    /// What is known of earlier snapshots.
    pub looking_back: LookingBack,
    notify: Notify,
    clipboard: Clipboard,
    /// The title that the terminal's window was given last.
    title: String,
    ids: RequestIds,
    cluster_read: Reading<Option<Box<Cluster>>>,
    cluster_read_of: Option<ClusterId>,
    random: u64,
}

impl App {
    /// The program as it starts, and what it wants done first.
    #[must_use]
    pub fn new(settings: Settings, viewport: (u16, u16)) -> (Self, Effects) {
        let mut ids = RequestIds::default();
        let id = ids.issue();
        let app = Self {
            connection: Connection::Connecting(id),
            heard_at: Timestamp::UNIX_EPOCH,
            given_place: settings.place,
            caller: Reading::default(),
            catalog: Catalog::default(),
            list: ClusterList::default(),
            is_filtering: false,
            details: 0,
            pane: Pane::default(),
            is_pane_focused: false,
            history: History::default(),
            snapshots: SnapshotList::default(),
            screen: Screen::Clusters,
            overlay: None,
            review: 0,
            help: 0,
            messages: Messages::default(),
            palette: Palette::default(),
            keymap: settings.keymap,
            drafts: Drafts::default(),
            open: OpenRequests::default(),
            note: settings.told.map(|told| Note::new(Tone::Doubt, &told)),
            look: settings.look,
            policy: settings.policy,
            viewport,
            is_focused: true,
            polling: Polling::default(),
            looking_back: LookingBack::default(),
            notify: settings.notify,
            clipboard: settings.clipboard,
            title: String::new(),
            ids,
            cluster_read: Reading::default(),
            cluster_read_of: None,
            quota: Reading::default(),
            typed: None,
            waits: Waits::default(),
            // An odd number never becomes 0, which xorshift could not leave.
            random: settings.seed | 1,
        };
        (app, vec![Effect::Connect { id, demo: settings.demo }])
    }

    /// Takes what happened; returns what is to be done.
    pub fn update(&mut self, msg: Msg, now: &Now) -> Effects {
        self.heard_at = now.at();
        let told = (msg.is_by_hand(), self.note.clone());
        let mut effects = match msg {
            Msg::Key(key) => self.on_key(key, now),
            Msg::KeyInBurst(key) => self.on_key_in_burst(key, now),
            Msg::Burst(text) => self.on_burst(&text, now),
            Msg::Paste(text) => self.on_paste(&text),
            Msg::Mouse(mouse) => self.on_mouse(mouse),
            Msg::Resize(columns, rows) => self.on_resize(columns, rows),
            Msg::Focus(is_focused) => self.on_focus(is_focused),
            Msg::Tick => self.on_tick(now),
            answer => self.on_answer(answer, now),
        };
        self.ask_about_waits();
        effects.extend(self.ask_open_requests());
        effects.extend(self.ask(now));
        effects.extend(self.ask_older_history());
        self.keep_note(told, now);
        effects.extend(self.note_ends());
        effects.extend(self.retitle());
        effects
    }

    /// In how long the program wants a [`Msg::Tick`]; `None` if nothing will change by itself.
    #[must_use]
    pub fn wake_in(&self, now: &Now) -> Option<Duration> {
        let due = self.next_question(now).map(|due| due.saturating_sub(now.mono));
        let second = (self.pane.open_count() > 0).then(|| until_next_second(now));
        // Ages in the list are told in minutes.
        let minute = self.catalog.clusters.complete_at.map(|_| Duration::from_mins(1));
        [due, second, minute].into_iter().flatten().min()
    }

    /// The place that is in use, or the one that was asked for.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        match &self.connection {
            Connection::Ready(place) => Some(place),
            Connection::Connecting(_) | Connection::Failed(_) => self.given_place.as_ref(),
        }
    }

    /// The draft that is on the screen.
    #[must_use]
    pub fn form(&self) -> Option<&Form> {
        match &self.screen {
            Screen::Form(draft) => self.drafts.get(*draft),
            _ => None,
        }
    }

    /// The lines of the details screen; empty on any other.
    #[must_use]
    pub fn details_rows(&self) -> Vec<screens::details::Row> {
        match &self.screen {
            Screen::Details(id) => self
                .catalog
                .cluster(id)
                .map(|cluster| screens::details::rows(cluster, &self.catalog, self.viewport.0))
                .unwrap_or_default(),
            Screen::Record => self.history.detail_rows(self.viewport.0),
            Screen::Snapshot | Screen::Evidence => self.snapshot_rows(),
            _ => Vec::new(),
        }
    }

    /// The step of the request that is on the screen.
    #[must_use]
    pub fn sending_row(&self, id: RequestId) -> Option<&screens::pane::Tracked> {
        self.pane.rows.iter().find(|row| row.submission == Some(id))
    }

    fn on_resize(&mut self, columns: u16, rows: u16) -> Effects {
        self.viewport = (columns, rows);
        self.fit();
        Vec::new()
    }

    fn on_focus(&mut self, is_focused: bool) -> Effects {
        self.is_focused = is_focused;
        Vec::new()
    }

    /// Random enough for jitter and numbers: xorshift, from a seed that the system drew.
    fn random_bits(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }

    /// A number from 0 to 255.
    fn jitter(&mut self) -> u8 {
        self.random_bits().to_le_bytes()[3]
    }

    /// The number of a new request.
    pub(super) fn fresh_number(&mut self, now: &Now) -> RequestNumber {
        RequestNumber::new(now.at(), self.random_bits())
    }

    /// Brings cursors and offsets into what is there and what is shown.
    fn fit(&mut self) {
        let layout = layout::Layout::of(self);
        let (list_room, pane_room, tag_room) =
            (layout.list_rows(), layout.pane_rows(), layout.tag_rows(self));
        self.history.cursor.fit(self.history.rows.len(), list_room);
        self.list.cursor.fit(self.list.rows.len(), list_room);
        self.snapshots.cursor.fit(self.snapshots.rows.len(), list_room);
        self.pane.follow(pane_room, self.is_pane_focused);
        if let Screen::Form(draft) = &self.screen
            && let Some(form) = self.drafts.get_mut(*draft)
        {
            form.fit(tag_room);
        }
    }
}

/// The time until the shown seconds change.
fn until_next_second(now: &Now) -> Duration {
    Duration::from_millis(1001 - u64::from(now.mono.subsec_millis()))
}
