//! What keys and pastes do, by where the focus is.

use crate::domain::command;

use super::bound;
use super::drafting::Confirmed;
use super::effect::{Effect, Effects};
use super::keymap::{Action, Focus, KeyEvent};
use super::layout::Layout;
use super::list::Motion;
use super::notes::{Note, Tone};
use super::screens::form::name::edit_line;
use super::screens::pane::State;
use super::screens::{help, review};
use super::{App, Clipboard, Connection, Now, Overlay, Screen};

impl App {
    pub(super) fn on_key(&mut self, key: KeyEvent, now: &Now) -> Effects {
        let focus = self.focus();
        let effects = if let Some(action) = self.keymap.action(focus, key) {
            self.act(focus, action, now)
        } else {
            self.type_key(focus, key);
            Vec::new()
        };
        self.fit();
        effects
    }

    /// A paste is text for the field that has the focus; elsewhere it is nothing.
    pub(super) fn on_paste(&mut self, text: &str) -> Effects {
        match self.focus() {
            Focus::Filter | Focus::Palette | Focus::HistoryFilter | Focus::SnapshotFilter => {
                self.type_line(self.focus(), text.trim());
            }
            Focus::Form | Focus::Tags | Focus::Buttons => {
                let mut remark = None;
                self.with_form(|form| remark = form.paste(text));
                self.note = remark.map(|remark| Note::new(Tone::Neutral, &remark));
                self.fit();
            }
            Focus::Typing => {
                let text = "A paste confirms nothing: type the cluster's name.";
                self.note = Some(Note::new(Tone::Neutral, text));
            }
            _ => {}
        }
        Vec::new()
    }

    fn type_key(&mut self, focus: Focus, key: KeyEvent) {
        let Some(request) = bound::edit(key) else { return };
        match focus {
            Focus::Filter => {
                let change = edit_line(&mut self.list.filter, request);
                if change.is_some_and(|change| change.value) {
                    self.refilter();
                }
            }
            Focus::HistoryFilter => {
                let change = edit_line(&mut self.history.filter, request);
                if change.is_some_and(|change| change.value) {
                    self.refilter_history();
                }
            }
            Focus::SnapshotFilter => {
                let before = self.snapshots.filter.value().to_lowercase();
                let change = edit_line(&mut self.snapshots.filter, request);
                if change.is_some_and(|change| change.value) {
                    self.refilter_snapshots(&before);
                }
            }
            Focus::Palette => self.type_in_palette(|input| {
                edit_line(input, request);
            }),
            Focus::Form | Focus::Tags => {
                self.with_form(|form| form.edit(request));
                self.note = None;
            }
            Focus::Typing => {
                if let Some(typed) = &mut self.typed {
                    edit_line(&mut typed.text, request);
                }
                self.note = None;
            }
            Focus::Buttons => {}
            _ => self.tell_dead_key(key),
        }
    }

    pub(super) fn act(&mut self, focus: Focus, action: Action, now: &Now) -> Effects {
        let is_history = matches!(focus, Focus::History | Focus::HistoryFilter | Focus::Record);
        let is_snapshots =
            matches!(focus, Focus::Snapshots | Focus::SnapshotFilter | Focus::OneSnapshot | Focus::Evidence)
                || (focus == Focus::Pane && matches!(action, Action::Details | Action::Evidence));
        match action {
            Action::Filter
            | Action::KeepFilter
            | Action::Sort
            | Action::Details
            | Action::Evidence
            | Action::Copy
            | Action::CopyArn
            | Action::Back
                if is_snapshots =>
            {
                return self.act_in_snapshots(action, now);
            }
            Action::Filter | Action::KeepFilter | Action::Refresh | Action::Details | Action::Copy
                if is_history =>
            {
                return self.act_in_history(action);
            }
            Action::Up => self.go(focus, Motion::Up),
            Action::Down => self.go(focus, Motion::Down),
            Action::Top => self.go(focus, Motion::Top),
            Action::Bottom => self.go(focus, Motion::Bottom),
            Action::PageUp => self.go(focus, Motion::PageUp),
            Action::PageDown => self.go(focus, Motion::PageDown),
            Action::Filter => self.is_filtering = true,
            Action::KeepFilter => self.is_filtering = false,
            Action::Sort => {
                let room = Layout::of(self).list_rows();
                self.list.sort_next(&self.catalog, room);
            }
            Action::Refresh => return self.refresh(now),
            Action::Demo => return self.demo(),
            Action::Details => self.open_details(),
            Action::Snapshot => self.open_form(now),
            Action::OtherPane => self.is_pane_focused = !self.is_pane_focused && !self.pane.rows.is_empty(),
            Action::Help => self.open(Overlay::Help),
            Action::Messages => self.open(Overlay::Messages),
            Action::Palette => self.open(Overlay::Palette),
            Action::Run => return self.run_found(now),
            Action::Suspend => return vec![Effect::Suspend],
            Action::Back if focus == Focus::WaitAgain => return self.answer_wait(None, now),
            Action::Back => self.back(),
            Action::Copy => return self.copy(false),
            Action::CopyArn => return self.copy(true),
            Action::Quit => return self.quit(),
            Action::QuitAnyway => return vec![Effect::Quit],
            Action::Review => self.review(),
            Action::History => return self.open_history(),
            Action::Snapshots => self.open_snapshots(),
            Action::Evidence => {}
            Action::Submit => return self.confirm(Confirmed::Submit, now),
            Action::SubmitUnwritten => return self.confirm(Confirmed::SubmitUnwritten, now),
            Action::Arm => return self.confirm(Confirmed::Arm, now),
            Action::WaitLonger => self.waits.choose(true),
            Action::WaitLess => self.waits.choose(false),
            Action::Disarm => return self.disarm(),
            Action::WaitAgain => return self.answer_wait(Some(true), now),
            Action::DropWait => return self.answer_wait(Some(false), now),
            Action::SubmitTyped => return self.confirm_typed(now),
            Action::CopyCommand => return self.copy_command(command::cli, "The AWS command"),
            Action::CopyCurl => return self.copy_command(command::curl, "The curl call"),
            Action::NextField
            | Action::PreviousField
            | Action::FieldDown
            | Action::FieldUp
            | Action::FieldLeft
            | Action::FieldRight
            | Action::Press
            | Action::AddTag
            | Action::RemoveTag
            | Action::Undo
            | Action::ToggleClusterTags
            | Action::ToggleMark
            | Action::LookAgain
            | Action::ProposeName => return self.act_in_form(action, now),
        }
        Vec::new()
    }

    pub(super) fn go(&mut self, focus: Focus, motion: Motion) {
        let layout = Layout::of(self);
        match focus {
            Focus::Pane => self.pane.go(motion, layout.pane_rows()),
            Focus::Details => {
                let len = self.details_rows().len();
                scroll(&mut self.details, motion, len, layout.body_rows());
            }
            Focus::History => self.history.go(motion, layout.list_rows()),
            Focus::Snapshots | Focus::OneSnapshot | Focus::Evidence => self.go_in_snapshots(motion),
            Focus::Review | Focus::Unwritten | Focus::Busy | Focus::Requested | Focus::Sending => {
                if let Screen::Review(request) | Screen::Sending(_, request) = &self.screen {
                    let len = review::rows(self, request).len();
                    scroll(&mut self.review, motion, len, layout.body_rows());
                }
            }
            Focus::Record => {
                let len = self.details_rows().len();
                scroll(&mut self.history.details, motion, len, layout.body_rows());
            }
            Focus::Help => {
                let len = help::rows(&self.keymap).len();
                scroll(&mut self.help, motion, len, layout.body_rows());
            }
            Focus::Messages => {
                let len = self.messages.rows(self.viewport.0).len();
                scroll(&mut self.messages.offset, motion, len, layout.body_rows());
            }
            Focus::Palette => self.go_in_palette(motion),
            _ => self.list.go(motion, &self.catalog, layout.list_rows()),
        }
    }

    fn demo(&mut self) -> Effects {
        if matches!(self.connection, Connection::Failed(_)) || self.catalog.clusters.items.is_empty() {
            self.note = None;
            return self.connect(true);
        }
        self.note =
            Some(Note::new(Tone::Neutral, "The demo is offered where there are no clusters to show."));
        Vec::new()
    }

    fn open_details(&mut self) {
        if let Some(cluster) = self.list.chosen(&self.catalog) {
            self.screen = Screen::Details(cluster.id.clone());
            self.details = 0;
        } else {
            self.nothing_there("There is no cluster under the cursor.");
        }
    }

    pub(super) fn nothing_there(&mut self, text: &str) {
        self.note = Some(Note::new(Tone::Neutral, text));
    }

    fn back(&mut self) {
        if self.overlay.take().is_some() || self.typed.take().is_some() {
            return;
        }
        self.note = None;
        self.screen = match std::mem::replace(&mut self.screen, Screen::Clusters) {
            Screen::Review(request) => {
                self.drafts.of_number(&request.number).map_or(Screen::Clusters, Screen::Form)
            }
            Screen::Clusters => {
                self.is_filtering = false;
                let room = Layout::of(self).list_rows();
                self.list.drop_filter(&self.catalog, room);
                Screen::Clusters
            }
            Screen::Record => Screen::History,
            Screen::History if self.history.is_filtering => {
                self.history.is_filtering = false;
                self.history.filter.reset();
                self.refilter_history();
                Screen::History
            }
            Screen::Details(_)
            | Screen::Form(_)
            | Screen::Sending(..)
            | Screen::History
            | Screen::Snapshots
            | Screen::Snapshot
            | Screen::Evidence => Screen::Clusters,
        };
    }

    fn copy(&mut self, arn: bool) -> Effects {
        let (id, its_arn) = if self.focus() == Focus::Pane {
            let Some(row) = self.pane.chosen() else { return Vec::new() };
            (row.id.clone(), row.snapshot().and_then(|snapshot| snapshot.arn.clone()))
        } else {
            let cluster = match &self.screen {
                Screen::Details(id) => self.catalog.cluster(id),
                _ => self.list.chosen(&self.catalog),
            };
            let Some(cluster) = cluster else {
                self.nothing_there("There is no cluster under the cursor.");
                return Vec::new();
            };
            (cluster.id.to_string(), cluster.arn.clone())
        };
        let text = if arn { its_arn } else { Some(id) };
        let Some(text) = text else {
            self.nothing_there("The ARN is not known.");
            return Vec::new();
        };
        let told = format!("Sent to the terminal's clipboard: {text}");
        self.send_copy(text, &told)
    }

    /// Sends text to the clipboard, if there is one, and says so. Whether a terminal takes it, none tells; where
    /// it may be lost on the way, the text is shown, to be selected by hand.
    pub(super) fn send_copy(&mut self, text: String, told: &str) -> Effects {
        let by_hand = || text.replace(" \\\n", " ").lines().map(str::trim).collect::<Vec<_>>().join(" | ");
        let note = match self.clipboard {
            Clipboard::None => format!("This terminal has no clipboard. To select by hand: {}", by_hand()),
            Clipboard::Screen => {
                let told = told.trim_end_matches('.');
                format!("{told}. GNU screen may have dropped it; to select by hand: {}", by_hand())
            }
            Clipboard::Tmux => "tmux is asked to take it.".to_owned(),
            Clipboard::Likely => told.to_owned(),
        };
        self.note = Some(Note::new(Tone::Neutral, &note));
        if self.clipboard == Clipboard::None { Vec::new() } else { vec![Effect::Copy(text)] }
    }

    fn copy_command(
        &mut self,
        write: impl Fn(&crate::domain::context::Place, &crate::domain::request::SnapshotRequest) -> String,
        what: &str,
    ) -> Effects {
        let (Screen::Review(request), Some(place)) = (&self.screen, self.place()) else { return Vec::new() };
        let text = write(place, request);
        self.send_copy(text, &format!("{what} was sent to the terminal's clipboard."))
    }

    /// Whether a request is under way.
    #[must_use]
    pub fn is_sending(&self) -> bool {
        self.pane.rows.iter().any(|row| matches!(row.state, State::Submitting(_)))
    }

    /// Ends the program; asks first while a request is under way, is not known to have ended, or waits.
    fn quit(&mut self) -> Effects {
        if self.is_sending() || self.has_unknown() || !self.waits.rows.is_empty() {
            self.overlay = Some(Overlay::Leaving);
            return Vec::new();
        }
        vec![Effect::Quit]
    }

    pub(super) fn refilter(&mut self) {
        let room = Layout::of(self).list_rows();
        self.list.refilter(&self.catalog, room);
    }
}

/// Scrolls a text of `len` lines, of which `room` are shown at once.
pub(super) fn scroll(offset: &mut usize, motion: Motion, len: usize, room: usize) {
    *offset = match motion {
        Motion::Up => offset.saturating_sub(1),
        Motion::Down => *offset + 1,
        Motion::Top => 0,
        Motion::Bottom => len,
        Motion::PageUp => offset.saturating_sub(room),
        Motion::PageDown => *offset + room,
    }
    .min(len.saturating_sub(room));
}
