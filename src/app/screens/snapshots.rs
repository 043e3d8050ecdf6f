//! All snapshots of the Region or of one cluster, whoever made them; all that is known of one; and its
//! evidence card.

use jiff::Timestamp;
use tui_input::Input;

use crate::domain::cluster_id::ClusterId;
use crate::domain::evidence::Evidence;
use crate::domain::snapshot::{Snapshot, SnapshotKind};

use super::super::catalog::Catalog;
use super::super::effect::Effects;
use super::super::keymap::{Action, Focus};
use super::super::layout::Layout;
use super::super::list::{Cursor, Motion};
use super::super::notes::{Note, Tone};
use super::super::{App, Now, Screen};
use super::snapshot_rows;

/// What is said where there is nothing to open.
const NOT_LISTED: &str = "AWS lists no snapshot here that could be shown.";

/// By what the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The newest first.
    #[default]
    Newest,
    /// The oldest first: what could be cleaned up.
    Oldest,
    /// By identifier.
    Identifier,
    /// By cluster, the newest first.
    Cluster,
    /// By size, the largest first.
    Size,
    /// By type, the oldest first.
    Kind,
}

impl Order {
    fn next(self) -> Self {
        match self {
            Self::Newest => Self::Oldest,
            Self::Oldest => Self::Identifier,
            Self::Identifier => Self::Cluster,
            Self::Cluster => Self::Size,
            Self::Size => Self::Kind,
            Self::Kind => Self::Newest,
        }
    }

    /// The order in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Newest => "newest first",
            Self::Oldest => "oldest first",
            Self::Identifier => "by identifier",
            Self::Cluster => "by cluster",
            Self::Size => "largest first",
            Self::Kind => "by type, oldest first",
        }
    }
}

/// The state of the list, and of what is opened from it.
#[derive(Debug, Default)]
pub struct SnapshotList {
    /// The cluster whose snapshots are shown; all of the Region's if `None`.
    pub of: Option<ClusterId>,
    /// What is looked for: every word has to be in the names, the type, the status, the engine or a tag.
    pub filter: Input,
    /// Whether the filter takes the keys.
    pub is_filtering: bool,
    /// The order.
    pub order: Order,
    /// Indices into the catalogue's snapshots, in the order shown.
    pub rows: Vec<usize>,
    /// The cursor.
    pub cursor: Cursor<String>,
    /// How many there are of each type, without the filter.
    pub counts: Vec<(SnapshotKind, usize)>,
    /// When the manual ones were begun, the oldest first.
    pub manual: Vec<Timestamp>,
    /// The first line of the details or the card that is shown.
    pub first: usize,
    /// The snapshot whose details are shown.
    pub opened: Option<Box<Snapshot>>,
    /// The card that is shown.
    pub card: Option<Box<Evidence>>,
    /// In the order shown, each with the text that the filter looks in.
    sorted: Vec<(usize, Box<str>)>,
    /// How many snapshots the catalogue had when they were sorted.
    known: usize,
    /// The screens to go back to.
    trail: Vec<Screen>,
}

impl SnapshotList {
    /// The snapshot under the cursor.
    #[must_use]
    pub fn chosen<'a>(&self, catalog: &'a Catalog) -> Option<&'a Snapshot> {
        self.rows.get(self.cursor.at()).and_then(|index| catalog.snapshots.items.get(*index))
    }

    /// Sorts anew after the catalogue changed. While pages arrive, that is not done for each of them.
    fn sort(&mut self, catalog: &Catalog, room: usize) {
        let items = &catalog.snapshots.items;
        self.known = items.len();
        let is_shown = |snapshot: &Snapshot| self.of.is_none() || snapshot.cluster == self.of;
        let mut rows: Vec<usize> =
            items.iter().enumerate().filter(|(_, it)| is_shown(it)).map(|it| it.0).collect();
        let item = |index: &usize| &items[*index];
        let newest = |index: &usize| std::cmp::Reverse(item(index).created_at);
        match self.order {
            Order::Newest => rows.sort_by_key(newest),
            Order::Oldest => rows.sort_by_key(|index| item(index).created_at),
            Order::Identifier => rows.sort_by(|a, b| item(a).id.cmp(&item(b).id)),
            Order::Cluster => {
                rows.sort_by(|a, b| (&item(a).cluster, newest(a)).cmp(&(&item(b).cluster, newest(b))));
            }
            Order::Size => rows.sort_by_key(|index| std::cmp::Reverse(item(index).allocated_gib)),
            Order::Kind => rows.sort_by(|a, b| {
                let key = |index| (item(index).kind.as_str(), item(index).created_at);
                key(a).cmp(&key(b))
            }),
        }
        self.counts.clear();
        self.manual.clear();
        for snapshot in rows.iter().map(item) {
            match self.counts.iter_mut().find(|(kind, _)| *kind == snapshot.kind) {
                Some((_, count)) => *count += 1,
                None => self.counts.push((snapshot.kind.clone(), 1)),
            }
            self.manual.extend(snapshot.created_at.filter(|_| snapshot.kind == SnapshotKind::Manual));
        }
        self.manual.sort_unstable();
        self.counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        self.sorted = rows.into_iter().map(|index| (index, haystack(&items[index]))).collect();
        self.filter_rows(None);
        self.follow(catalog, room);
    }

    /// Keeps the cursor on its snapshot after the rows changed.
    fn follow(&mut self, catalog: &Catalog, room: usize) {
        let (rows, is_whole) = (&self.rows, !catalog.snapshots.is_loading());
        self.cursor.follow(rows.len(), room, is_whole, |at| id_at(rows, catalog, at));
    }

    /// Leaves what every word of the filter is in. After a longer filter only what was left is looked at.
    fn filter_rows(&mut self, before: Option<&str>) {
        let filter = self.filter.value().to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        let is_longer = before.is_some_and(|before| !before.is_empty() && filter.starts_with(before));
        let kept: Option<std::collections::HashSet<usize>> = (is_longer
            && self.rows.len() < self.sorted.len() / 4)
            .then(|| self.rows.iter().copied().collect());
        let fits = |index: usize, text: &str| {
            kept.as_ref().is_none_or(|kept| kept.contains(&index))
                && words.iter().all(|word| text.contains(word))
        };
        let fitting = self.sorted.iter().filter(|(index, text)| fits(*index, text));
        self.rows = fitting.map(|(index, _)| *index).collect();
    }
}

/// What a row is.
fn id_at<'a>(rows: &[usize], catalog: &'a Catalog, at: usize) -> Option<&'a String> {
    rows.get(at).and_then(|index| catalog.snapshots.items.get(*index)).map(|snapshot| &snapshot.id)
}

/// What the filter looks in, in lower case.
fn haystack(snapshot: &Snapshot) -> Box<str> {
    let mut text = snapshot.id.to_lowercase();
    let mut add = |part: &str| {
        text.push(' ');
        text.push_str(&part.to_lowercase());
    };
    add(snapshot.cluster.as_ref().map_or("", ClusterId::as_str));
    add(snapshot.kind.as_str());
    add(snapshot.status.as_str());
    add(snapshot.engine.as_deref().unwrap_or_default());
    for tag in &snapshot.tags {
        add(&format!("{}={}", tag.key, tag.value));
    }
    text.into_boxed_str()
}

impl App {
    /// Opens the list: of the cluster whose details are shown, else of the Region.
    pub(in super::super) fn open_snapshots(&mut self) {
        let of = match &self.screen {
            Screen::Details(cluster) => Some(cluster.clone()),
            _ => None,
        };
        let trail = vec![std::mem::replace(&mut self.screen, Screen::Snapshots)];
        let order = self.snapshots.order;
        self.snapshots = SnapshotList { of, order, trail, ..SnapshotList::default() };
        self.note = None;
        self.sort_snapshots();
    }

    /// Takes a change of the catalogue. While pages arrive, the list is sorted when it has grown by a tenth.
    pub(in super::super) fn arrange_snapshots(&mut self) {
        let known = self.snapshots.known;
        let has_grown = self.catalog.snapshots.items.len() > known + known / 10;
        let is_loading = self.catalog.snapshots.is_loading();
        if matches!(self.screen, Screen::Snapshots | Screen::Snapshot) && (!is_loading || has_grown) {
            self.sort_snapshots();
        }
    }

    fn sort_snapshots(&mut self) {
        let room = Layout::of(self).list_rows();
        self.snapshots.sort(&self.catalog, room);
    }

    /// Takes a change of the filter: the cursor goes to the first that fits.
    pub(in super::super) fn refilter_snapshots(&mut self, before: &str) {
        let room = Layout::of(self).list_rows();
        self.snapshots.filter_rows(Some(before));
        self.snapshots.cursor = Cursor::default();
        self.snapshots.follow(&self.catalog, room);
    }

    /// Moves the cursor, or scrolls what is opened.
    pub(in super::super) fn go_in_snapshots(&mut self, motion: Motion) {
        let layout = Layout::of(self);
        if self.screen == Screen::Snapshots {
            let SnapshotList { cursor, rows, .. } = &mut self.snapshots;
            let key = |at| id_at(rows, &self.catalog, at);
            cursor.go(motion, rows.len(), layout.list_rows(), key);
        } else {
            let len = self.details_rows().len();
            super::super::keys::scroll(&mut self.snapshots.first, motion, len, layout.body_rows());
        }
    }

    /// What the keys of these screens do.
    pub(in super::super) fn act_in_snapshots(&mut self, action: Action, now: &Now) -> Effects {
        match action {
            Action::Filter => self.snapshots.is_filtering = true,
            Action::KeepFilter => self.snapshots.is_filtering = false,
            Action::Sort => {
                self.snapshots.order = self.snapshots.order.next();
                // Whoever sorts wants to see what comes first.
                self.snapshots.cursor = Cursor::default();
                self.sort_snapshots();
            }
            Action::Details => {
                if let Some(snapshot) = self.snapshot_in_hand() {
                    self.snapshots.opened = Some(Box::new(snapshot));
                    self.open_from_here(Screen::Snapshot);
                } else {
                    self.nothing_there(NOT_LISTED);
                }
            }
            Action::Evidence => {
                if let Some(snapshot) = self.snapshot_in_hand() {
                    self.snapshots.card = Some(Box::new(self.evidence(&snapshot)));
                    self.snapshots.opened = Some(Box::new(snapshot));
                    self.open_from_here(Screen::Evidence);
                    return self.look_back(now);
                }
                self.nothing_there(NOT_LISTED);
            }
            Action::Copy | Action::CopyArn => return self.copy_from_snapshots(action == Action::CopyArn),
            Action::Back => self.back_from_snapshots(),
            _ => {}
        }
        Vec::new()
    }

    /// The card again, after something more became known.
    pub(in super::super) fn renew_card(&mut self) {
        if let (Screen::Evidence, Some(snapshot)) = (&self.screen, &self.snapshots.opened) {
            self.snapshots.card = Some(Box::new(self.evidence(snapshot)));
        }
    }

    fn open_from_here(&mut self, screen: Screen) {
        let here = std::mem::replace(&mut self.screen, screen);
        if matches!(here, Screen::Clusters | Screen::Details(_)) {
            self.snapshots.trail.clear();
        }
        self.snapshots.trail.push(here);
        self.snapshots.first = 0;
        self.note = None;
    }

    fn back_from_snapshots(&mut self) {
        self.note = None;
        if self.snapshots.is_filtering {
            self.snapshots.is_filtering = false;
            self.snapshots.filter.reset();
            self.sort_snapshots();
            return;
        }
        self.screen = self.snapshots.trail.pop().unwrap_or(Screen::Clusters);
        self.snapshots.first = 0;
        self.arrange_snapshots();
    }

    /// The snapshot that a key is about: opened, under the cursor, or under the cursor of the pane.
    fn snapshot_in_hand(&self) -> Option<Snapshot> {
        match (self.focus(), &self.screen) {
            (Focus::Pane, _) => self.pane.chosen()?.snapshot().cloned(),
            (_, Screen::Snapshots) => self.snapshots.chosen(&self.catalog).cloned(),
            _ => self.snapshots.opened.as_deref().cloned(),
        }
    }

    fn copy_from_snapshots(&mut self, is_second: bool) -> Effects {
        let (text, told) = match (&self.screen, &self.snapshots.card, self.snapshot_in_hand()) {
            (Screen::Evidence, Some(card), _) if is_second => {
                (card.to_json(), "The card, as JSON,".to_owned())
            }
            (Screen::Evidence, Some(card), _) => (card.to_text(), "The card, as text,".to_owned()),
            (_, _, Some(Snapshot { arn: Some(arn), .. })) if is_second => (arn.clone(), arn),
            (_, _, Some(_)) if is_second => {
                self.note = Some(Note::new(Tone::Neutral, "The ARN is not known."));
                return Vec::new();
            }
            (_, _, Some(snapshot)) => (snapshot.id.clone(), snapshot.id),
            (_, _, None) => return Vec::new(),
        };
        self.send_copy(text, &format!("{told} was sent to the terminal's clipboard."))
    }

    /// The lines of the opened snapshot or card.
    #[must_use]
    pub fn snapshot_rows(&self) -> Vec<super::details::Row> {
        let room = self.viewport.0;
        match (&self.screen, &self.snapshots.opened, &self.snapshots.card) {
            (Screen::Evidence, _, Some(card)) => snapshot_rows::card(card, room),
            (_, Some(snapshot), _) => snapshot_rows::rows(snapshot, room),
            _ => Vec::new(),
        }
    }
}
