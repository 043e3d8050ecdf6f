//! The pure core: state, message, effect, update.
//!
//! No I/O, no clock, no terminal, no tokio, no AWS: `App::update` takes what happened and the time, and
//! returns what is to be done. Both are plain data.

pub(crate) mod action;
pub(crate) mod alterations;
pub(crate) mod arrangement;
pub(crate) mod asked;
pub(crate) mod change_requests;
pub(crate) mod changes;
pub(crate) mod changes_before;
pub(crate) mod completion;
pub(crate) mod cursor;
pub(crate) mod drafts;
pub mod effect;
pub mod keymap;
pub(crate) mod layout;
pub(crate) mod marks;
pub mod message;
pub mod note;
pub(crate) mod notices;
pub(crate) mod now;
pub(crate) mod open_requests;
pub(crate) mod outcomes;
pub(crate) mod overrides;
pub(crate) mod place;
pub(crate) mod places;
pub(crate) mod preflight;
pub(crate) mod prompt;
pub(crate) mod proof;
pub mod question;
pub(crate) mod renewals;
pub mod request_id;
pub mod screens;
pub(crate) mod sending;
pub(crate) mod settings;
pub(crate) mod telling;
#[cfg(test)]
mod tests;
pub mod theme;
pub(crate) mod typed_tags;
pub(crate) mod typing;
pub(crate) mod ui;
pub(crate) mod wait_time;
pub(crate) mod world;

use std::time::Duration;

use effect::{Effect, Effects};
use keymap::{Focus, KeyEvent};
use message::Msg;
use screens::form::follow_ticket;
use ui::Ui;
use world::World;

pub use now::Now;
pub use place::followed::{FollowedSnapshot, FollowedState};
pub use settings::{Appearance, Settings, TerminalKind};

/// The whole state of the program: what is known, and where the person is.
#[derive(Debug)]
pub struct App {
    /// What is known.
    pub world: World,
    /// Where the person is.
    pub ui: Ui,
    /// The title that the terminal's window was given last.
    title: String,
}

impl App {
    /// The program as it starts, and what it wants done first.
    #[must_use]
    pub fn new(settings: Settings, viewport: (u16, u16)) -> (Self, Effects) {
        let world = World::new(settings, viewport);
        let ui = Ui::of(&world);
        let mut app = Self { world, ui, title: String::new() };
        app.fit();
        let mut effects = app.world.take_effects();
        if app.world.places.iter().any(|place| !place.given().is_demo) {
            effects.push(Effect::ReadChanges);
        }
        (app, effects)
    }

    /// Takes what happened; returns what is to be done.
    pub fn update(&mut self, msg: Msg, now: &Now) -> Effects {
        self.world.now.clone_from(now);
        let (is_by_hand, before) = (msg.is_by_hand(), self.world.notices.note().cloned());
        if self.ui.prompt.is_some() {
            self.world.notices.hide(now);
        }
        // Only an answer tells whose a place is.
        let is_answer = matches!(msg, Msg::Answered(..));
        let has_grown = msg.grows_journal();
        self.take(msg);
        if let Some(history) = self.ui.history_mut().filter(|_| has_grown) {
            history.grow(&mut self.world);
        }
        self.world.notices.leave_for(self.ui.focus(&self.world));
        outcomes::take_news(&mut self.world, &mut self.ui, is_by_hand, None);
        sending::send_next(&mut self.world);
        sending::alter_next(&mut self.world);
        if is_answer {
            outcomes::hide_doubles(&mut self.world, &mut self.ui);
        }
        self.ui.ask(&self.world);
        self.ask();
        self.world.notices.keep(is_by_hand, before, now);
        self.fit();
        let mut effects = self.world.take_effects();
        effects.extend(self.retitle());
        effects
    }

    /// In how long the program wants a [`Msg::Tick`]; `None` if nothing will change by itself.
    #[must_use]
    pub fn wake_in(&self, now: &Now) -> Option<Duration> {
        let places = || self.world.places.iter();
        let due = places().filter_map(|place| place.next_question(now)).min();
        let due = due.map(|due| due.saturating_sub(now.mono));
        let is_open = places().any(|place| place.followed.open_count() > 0);
        let second = is_open.then(|| until_next_second(now));
        // Ages in the list are told in minutes.
        let has_ages = places().any(|place| place.catalog.clusters.complete_at.is_some());
        let minute = has_ages.then(|| Duration::from_mins(1));
        // What was told under a minute ago has its age in steps of ten seconds.
        let newest = self.world.notices.messages().next().map(|(at, _)| now.at().duration_since(*at));
        let fresh = newest.filter(|age| age.as_secs() < 60).map(|_| Duration::from_secs(10));
        let notice = self.world.notices.due().map(|due| due.saturating_sub(now.mono));
        let journal = self.world.open_requests.due().map(|due| due.saturating_sub(now.mono));
        [due, second, minute, fresh, notice, journal].into_iter().flatten().min()
    }

    /// Where the keys go.
    pub(crate) fn focus(&self) -> Focus {
        self.ui.focus(&self.world)
    }

    /// Whether a key, pressed now, would confirm something or press a button.
    pub(crate) fn confirms(&self, key: KeyEvent) -> bool {
        typing::confirms(key, &self.ui, &self.world)
    }

    fn take(&mut self, msg: Msg) {
        let Self { world, ui, .. } = self;
        match msg {
            Msg::Key(key) => typing::key(key, ui, world),
            Msg::KeyInBurst(key) => typing::key_in_burst(key, ui, world),
            Msg::Burst(text) => typing::burst(&text, ui, world),
            Msg::Paste(text) => typing::paste(&text, ui, world),
            Msg::Mouse(mouse) => ui.on_mouse(mouse, world),
            Msg::Resize(columns, rows) => world.viewport = (columns, rows),
            Msg::Focus(is_focused) => world.places.watch(is_focused),
            Msg::Tick => {
                let World { places, stay, now, .. } = world;
                for place in places.iter_mut() {
                    place.end_late_waits(now);
                    place.let_go(*stay, now);
                }
            }
            Msg::Told(note) => world.notices.news(note, &world.now),
            Msg::Replied(note) => world.notices.answer(note),
            answer => self.take_answer(answer),
        }
    }

    /// Takes an answer: to the place that asked, or to what is known of this machine.
    fn take_answer(&mut self, msg: Msg) {
        let Self { world, ui, .. } = self;
        if let Msg::Connected(id, Err(failure)) | Msg::Answered(id, Err(failure)) = &msg
            && id.place().is_some_and(|place| world.at(place).awaits(*id))
        {
            world.renewals.failed(failure);
            if let (Some(renewal), Some(login)) = (&failure.renewal, ui.login_mut()) {
                login.take_failure(renewal, &failure.message);
            }
        }
        match msg {
            Msg::Connected(id, answer) => {
                // Until they are looked up, they are told as what they are.
                world.open_requests.want();
                if let Some(place) = id.place() {
                    world.places.get_mut(place).connected(id, answer, &world.now);
                }
            }
            Msg::Answered(id, answer) => {
                if let Some(place) = id.place() {
                    world.places.get_mut(place).answered(id, answer, &world.now);
                }
            }
            Msg::History(id, answer) => {
                let mut history = ui.history_mut();
                // Of one name the newest request counts: older ones come after it and say nothing of it.
                let is_newest =
                    id.place().is_some() || history.as_ref().is_some_and(|it| it.awaits_newest(id));
                if let (Ok(Some(past)), true) = (&answer, is_newest) {
                    world.places.iter_mut().for_each(|place| place.remember(past));
                    world
                        .typed_tags
                        .remember(past.entries.iter().filter_map(|(_, entry)| entry.as_request()));
                }
                if let Some(history) = &mut history {
                    history.take(id, answer, world);
                }
            }
            Msg::Entries(id, answer) => {
                if let Some(history) = ui.history_mut() {
                    history.take_again(id, answer, world);
                }
            }
            Msg::Choices(answer) => world.choices = Some(answer),
            Msg::LoginSaid(id, line) => {
                if let Some(login) = ui.login_mut() {
                    login.take_line(id, line);
                }
            }
            Msg::LoginEnded(id, end) => {
                if let Some(login) = ui.login_mut() {
                    login.take_end(id, end, world);
                }
            }
            Msg::LoginChanged(file) => {
                let World { renewals, places, now, .. } = world;
                renewals.changed(&file, places, now);
            }
            Msg::OpenRequests(id, answer) => world.open_requests.take(id, answer, &world.now),
            Msg::ChangeRequests(id, answer) => world.change_requests.take(id, answer),
            Msg::Step(id, step) => outcomes::take_step(id, step, world, ui),
            Msg::Submitted(id, outcome) => {
                outcomes::take_outcome(id, &outcome, world, ui);
            }
            Msg::Recovered(place, recovered) => outcomes::take_recovered(place, &recovered, world, ui),
            Msg::EarlierKnown(place) => world.places.get_mut(place).followed.knows_earlier = true,
            Msg::Altered(id, altered) => {
                let is_shown = ui.screen().shows_alteration(id, world);
                let told = sending::altered(id, altered, world);
                if let Some(note) = told.filter(|_| !is_shown) {
                    world.notices.news(note, &world.now);
                }
                ui.renew(world);
            }
            Msg::ChangeKept(token, kept) => world.changes.kept(&token, &kept),
            Msg::ChangesBefore(changes) => {
                for note in world.changes.take_before(changes) {
                    world.notices.news(note, &world.now);
                }
            }
            Msg::WaitUnwritten(place, token, why) => world.places.get_mut(place).lose_wait(&token, &why),
            Msg::WaitsBefore(place, waits) => {
                world.places.get_mut(place).take_earlier_waits(waits, &world.now);
            }
            _ => {}
        }
    }

    /// Asks what is to be asked now.
    fn ask(&mut self) {
        let Self { world, ui, .. } = self;
        if let Some(draft) = ui.draft(world) {
            follow_ticket(draft, world);
            if let Some(form) = world.drafts.get(draft) {
                world.places.get_mut(form.place).want_name(form.fields.name.value(), &world.now);
            }
        }
        if let Some(place) = ui.reviewed() {
            world.places.get_mut(place).keep_fresh(&world.now);
        }
        let reviewed = ui.reviewed_change(world);
        let is_looked_at = ui.draft(world).is_some() || !reviewed.is_empty();
        world.open_requests.keep_fresh(is_looked_at, &world.now);
        for place in world.places.iter_mut() {
            place.is_reviewed = reviewed.contains(&place.id);
            if place.is_reviewed {
                place.keep_fresh_for_change(&world.now);
            }
            place.ask(&world.now);
            place.note_ends();
        }
        world.ask_journal();
        world.renewals.heed(&world.places);
        if let Some(file) = world.renewals.watch(&world.places) {
            world.put(Effect::WatchLogin(file));
        }
        if let Some(history) = ui.history_mut() {
            history.read_on(world);
        }
    }

    /// Shares out the rows of the terminal, and brings cursors into what is shown.
    fn fit(&mut self) {
        if let Some(place) = self.ui.covered().place(&self.world) {
            self.world.places.turn_to(place);
        }
        self.world.layout = arrangement::layout(&self.world, &self.ui);
        self.ui.fit(&mut self.world);
    }

    /// The title of the window, if it is to change.
    fn retitle(&mut self) -> Option<Effect> {
        let followed = self.world.places.followed();
        // Nothing is said until there is something to say; after that, nothing stays that is not so.
        if !self.world.notify.title || (self.title.is_empty() && followed.is_empty()) {
            return None;
        }
        let title = completion::title(followed.into_iter().map(|(_, row)| row));
        if title == self.title {
            return None;
        }
        self.title.clone_from(&title);
        Some(Effect::SetTitle(title))
    }
}

/// The time until the shown seconds change.
fn until_next_second(now: &Now) -> Duration {
    Duration::from_millis(1001 - u64::from(now.mono.subsec_millis()))
}
