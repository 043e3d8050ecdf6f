//! Where a person is: the stack of screens, of which the top has the keys, and the way back. What a key does that no
//! screen has for its own is done here.

use super::action::Action;
use super::cursor::Motion;
use super::drafts::DraftId;
use super::drafts::change::ChangeDraft;
use super::effect::Effect;
use super::keymap::{FORM, Focus};
use super::message::Mouse;
use super::note::{About, Note, Tone};
use super::prompt::{self, Prompt};
use super::renewals;
use super::request_id::{PlaceId, RequestId};
use super::screens::change::ChangeScreen;
use super::screens::change_form;
use super::screens::chooser::{self, Choice};
use super::screens::clusters::{Clusters, NO_CLUSTER};
use super::screens::code::CodeScreen;
use super::screens::help::Help;
use super::screens::history::{self, History};
use super::screens::login::Login;
use super::screens::messages::Messages;
use super::screens::page::{self, PageOf};
use super::screens::palette::Palette;
use super::screens::review::Review;
use super::screens::{AnyScreen, Next, Screen, Shape, Text, form, snapshots};
use super::world::World;
use crate::domain::context;
use crate::domain::renewal::Renewal;

/// Rows of a turn of the mouse's wheel.
const TURN: usize = 3;

/// Where a person is.
#[derive(Debug, Default)]
pub struct Ui {
    /// The list of clusters, which lies below all other screens.
    pub home: Clusters,
    /// That list as it was of other places, with its filter, order and cursor.
    left: Vec<(Vec<PlaceId>, Clusters)>,
    stack: Vec<AnyScreen>,
    /// The question that lies over them.
    pub prompt: Option<Prompt>,
    /// What was said last of keys and text that do not answer it.
    said: String,
}

impl Ui {
    /// Where a person is at the start.
    pub fn of(world: &World) -> Self {
        Self { home: Clusters::of(world), ..Self::default() }
    }

    /// The screen on top; `None` if it is the list of clusters.
    pub fn top(&self) -> Option<&AnyScreen> {
        self.stack.last()
    }

    /// What the screen on top can be asked.
    pub fn screen(&self) -> &dyn Screen {
        self.stack.last().map_or(&self.home, AnyScreen::as_screen)
    }

    /// The screen on top but for one that covers it for a moment.
    pub fn covered(&self) -> &dyn Screen {
        let uncovered =
            self.stack.iter().rev().map(AnyScreen::as_screen).find(|it| it.shape() != Shape::Cover);
        uncovered.unwrap_or(&self.home)
    }

    /// Whether the list of clusters is what lies on top, whatever covers it for a moment.
    pub fn is_home(&self) -> bool {
        self.covered().shape() == Shape::Home
    }

    /// Where the keys go.
    pub fn focus(&self, world: &World) -> Focus {
        match self.prompt {
            Some(Prompt::Leaving) => Focus::Leaving,
            Some(Prompt::WaitAgain(_)) => Focus::WaitAgain,
            Some(Prompt::GoOn) => Focus::GoOn,
            None => self.screen().focus(world),
        }
    }

    /// The draft that is on the screen.
    pub fn draft(&self, world: &World) -> Option<DraftId> {
        self.covered().draft(world)
    }

    /// What is told to the person: a question that is open, else how the request on the screen stands, else what is
    /// wrong with the filter, else what happened last.
    pub fn note(&self, world: &World) -> Option<Note> {
        let question = self.prompt.and_then(|prompt| prompt.note(world)?.followed_by(&self.said).into());
        let review = || self.reviews().last().and_then(|review| review.note(world));
        let filter = || self.screen().filter()?.doubt_below(world.viewport.0);
        let doubt = || filter().map(|doubt| Note::new(Tone::Doubt, &doubt));
        let told = || world.notices.note().filter(|note| !self.screen().says(note, world));
        let told = || told().map(|note| note.before_others(world.notices.waiting()));
        let note = question.or_else(review).or_else(doubt).or_else(told)?;
        Some(Note { text: world.keymap.told(&note.text, self.focus(world)).into_owned(), ..note })
    }

    /// Whether a request is on the screen while it is under way.
    pub fn shows_sending(&self, id: RequestId) -> bool {
        self.reviews().any(|review| review.sent == Some(id))
    }

    /// The history, if it is open.
    pub fn history_mut(&mut self) -> Option<&mut History> {
        self.stack.iter_mut().find_map(|screen| match screen {
            AnyScreen::History(history) => Some(history),
            _ => None,
        })
    }

    /// Does what a key means.
    pub fn act(&mut self, action: Action, world: &mut World) {
        self.said.clear();
        let next = match self.prompt.take() {
            Some(prompt) if prompt.act(action, world) => Next::Stay,
            Some(_) => self.act_anywhere(action, world),
            None => match self.screen_mut().act(action, world) {
                Next::Pass => self.act_anywhere(action, world),
                next => next,
            },
        };
        self.go_on(next, world);
    }

    /// Takes text for the field that has the focus; whether there is one.
    pub fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        self.prompt.is_none() && self.screen_mut().take_text(text, world)
    }

    /// Says why a key or text did nothing here: of what does not answer a question behind that, which hides all else.
    pub fn say(&mut self, text: &str, world: &mut World) {
        if self.prompt.is_some() {
            text.clone_into(&mut self.said);
        } else {
            let about = Some(About::Keys(self.focus(world)));
            world.notices.answer(Note { about, ..Note::new(Tone::Neutral, text) });
        }
    }

    /// Takes what the mouse did. It never confirms anything.
    pub fn on_mouse(&mut self, mouse: Mouse, world: &World) {
        match mouse {
            Mouse::WheelUp => self.turn(Motion::Up, world),
            Mouse::WheelDown => self.turn(Motion::Down, world),
            Mouse::Click { row } if self.stack.is_empty() && self.prompt.is_none() => {
                self.home.click(row, world);
            }
            Mouse::Click { .. } => {}
        }
    }

    /// Takes it that what is known has changed.
    pub fn renew(&mut self, world: &World) {
        self.home.renew(world);
        self.stack.iter_mut().for_each(|screen| screen.as_screen_mut().renew(world));
    }

    /// Brings cursors and first lines into what there is and what is shown.
    pub fn fit(&mut self, world: &mut World) {
        if !self.stack.iter().any(|screen| screen.as_screen().is_plan()) {
            world.marks.leave_plan();
        }
        self.home.fit(world);
        self.stack.iter_mut().for_each(|screen| screen.as_screen_mut().fit(world));
    }

    /// Goes back to the list of clusters.
    pub fn go_home(&mut self) {
        self.stack.clear();
    }

    /// Leaves the screens that are about a place.
    pub fn leave(&mut self, place: PlaceId, world: &World) {
        let is_its = |screen: &AnyScreen| screen.as_screen().is_of(place, world);
        if let Some(at) = self.stack.iter().position(is_its) {
            self.stack.truncate(at);
        }
    }

    /// Changes the review of a request under way after its outcome. What covers it stays.
    pub fn settle(&mut self, id: RequestId, settle: impl FnOnce(&mut Review) -> Next) {
        let is_its =
            |screen: &AnyScreen| matches!(screen, AnyScreen::Review(review) if review.sent == Some(id));
        let Some(at) = self.stack.iter().position(is_its) else { return };
        let Some(AnyScreen::Review(review)) = self.stack.get_mut(at) else { return };
        match settle(review) {
            Next::Pop => {
                self.stack.remove(at);
            }
            Next::Home => {
                self.stack.drain(..=at);
            }
            _ => {}
        }
    }

    /// Opens the question about something of an earlier run, or asks for what a person can do for new credentials, where
    /// no key that is meant for something else can answer it; and asks no longer for what is not wanted any more.
    pub fn ask(&mut self, world: &World) {
        let is_wanted = |renewal: Renewal| renewals::is_wanted(&renewal, &world.places);
        self.stack.retain(|screen| screen.as_screen().renewal().is_none_or(is_wanted));
        if self.prompt.is_some() || !matches!(self.focus(world), Focus::Clusters | Focus::Pane) {
            return;
        }
        let waits = world.places.iter().find(|place| !place.waits.before.is_empty());
        let goes_on = || (!world.changes.before.is_empty()).then_some(Prompt::GoOn);
        self.prompt = waits.map(|place| Prompt::WaitAgain(place.id)).or_else(goes_on);
        if self.prompt.is_none()
            && let Some((renewal, why)) = world.renewals.next(&world.places)
        {
            self.stack.push(match renewal {
                Renewal::Code { device } => CodeScreen::new(device, why).into(),
                Renewal::Login { profile, .. } => Login::new(profile, renewal.clone(), why).into(),
            });
        }
    }

    /// Shows places. What was there of them when they were shown last is there again.
    fn open(&mut self, wanted: Vec<context::Target>, world: &mut World) {
        self.go_home();
        let before = world.places.shown_ids();
        world.open(wanted);
        let after = world.places.shown_ids();
        if before == after {
            return;
        }
        let known = self.left.iter().position(|(places, _)| *places == after);
        let home = known.map_or_else(|| Clusters::of(world), |at| self.left.remove(at).1);
        self.left.push((before, std::mem::replace(&mut self.home, home)));
        self.home.renew(world);
    }

    /// The login, if it is open.
    pub fn login_mut(&mut self) -> Option<&mut Login> {
        self.stack.iter_mut().find_map(|screen| match screen {
            AnyScreen::Login(login) => Some(login),
            _ => None,
        })
    }

    fn screen_mut(&mut self) -> &mut dyn Screen {
        self.stack.last_mut().map_or(&mut self.home, AnyScreen::as_screen_mut)
    }

    /// The place of the request under review that was not sent yet.
    pub fn reviewed(&self) -> Option<PlaceId> {
        self.reviews().find(|review| review.sent.is_none()).map(|review| review.place)
    }

    /// The places of the change under review.
    pub fn reviewed_change(&self, world: &World) -> Vec<PlaceId> {
        // Of production its count is typed before anything is sent.
        let is_reviewed = matches!(
            self.covered().focus(world),
            Focus::ChangeReview | Focus::ChangeObstructed | Focus::Typing
        );
        let draft = world.drafts.change.as_ref().filter(|_| is_reviewed);
        draft.map(ChangeDraft::places).unwrap_or_default()
    }

    fn reviews(&self) -> impl Iterator<Item = &Review> {
        self.stack.iter().filter_map(|screen| match screen {
            AnyScreen::Review(review) => Some(review),
            _ => None,
        })
    }

    /// In a field and in a question the wheel moves nothing.
    fn turn(&mut self, motion: Motion, world: &World) {
        let focus = self.focus(world);
        if FORM.contains(&focus) || matches!(focus, Focus::Typing | Focus::Leaving) {
            return;
        }
        for _ in 0..TURN {
            self.screen_mut().go(motion, world);
        }
    }

    fn act_anywhere(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::Up => self.screen_mut().go(Motion::Up, world),
            Action::Down => self.screen_mut().go(Motion::Down, world),
            Action::Top => self.screen_mut().go(Motion::Top, world),
            Action::Bottom => self.screen_mut().go(Motion::Bottom, world),
            Action::PageUp => self.screen_mut().go(Motion::PageUp, world),
            Action::PageDown => self.screen_mut().go(Motion::PageDown, world),
            Action::Help => return Help::over(self.covered().focus(world)).into(),
            Action::Messages => return Messages::default().into(),
            Action::Profiles => return chooser::open(Choice::Profiles, world),
            Action::Regions => return chooser::open(Choice::Regions, world),
            Action::Palette => return Palette::over(self.covered().focus(world)).into(),
            Action::History => {
                return history::open(self.screen().about(world).map(|(_, cluster)| cluster), world);
            }
            Action::Snapshots => return snapshots::open(self.screen().about(world), world),
            Action::Snapshot if self.stack.is_empty() && !world.marks.clusters.is_empty() => {
                return change_form::open(world);
            }
            Action::Change => return self.open_change(world),
            Action::Snapshot => match self.screen().in_hand(world) {
                Some((place, cluster)) => return form::open(place, &cluster, world),
                None => world.notices.say(NO_CLUSTER),
            },
            Action::Disarm => match self.screen().in_hand(world) {
                Some((place, cluster)) => world.places.get_mut(place).disarm(&cluster),
                None => world.notices.say(NO_CLUSTER),
            },
            Action::Evidence => return page::open(self.screen().snapshot(world), PageOf::Evidence, world),
            Action::Copy | Action::CopyArn => match self.screen().names(world) {
                Ok((name, arn)) => world.copy_one(if action == Action::Copy { Some(name) } else { arn }),
                Err(why) => world.notices.say(&why),
            },
            Action::Refresh => {
                world.renewals.ask_again();
                world.places.refresh(&world.now);
            }
            Action::Demo => demo(world),
            Action::Suspend => world.put(Effect::Suspend),
            Action::Quit if prompt::is_needed_to_leave(world) => self.prompt = Some(Prompt::Leaving),
            Action::Quit | Action::QuitAnyway => world.put(Effect::Quit),
            Action::Back => {
                if self.screen().shape() != Shape::Cover {
                    world.notices.clear();
                }
                return Next::Pop;
            }
            _ => {}
        }
        Next::Stay
    }

    /// The change that was confirmed last; and before it the question about those that were left for later.
    fn open_change(&mut self, world: &mut World) -> Next {
        self.prompt = world.changes.ask_about_later().then_some(Prompt::GoOn);
        if !world.changes.rows.is_empty() {
            return ChangeScreen::newest(world).into();
        }
        if self.prompt.is_none() {
            let told = "There is no change in this run. ‹space:mark› marks clusters, ‹s:snapshot› asks for all of them.";
            world.notices.say(told);
        }
        Next::Stay
    }

    fn go_on(&mut self, next: Next, world: &mut World) {
        match next {
            Next::Stay | Next::Pass => {}
            Next::Push(screen) => {
                // What covers a screen for a moment gives way to what comes after it; a login goes on below.
                while self.screen().shape() == Shape::Cover && self.screen().renewal().is_none() {
                    self.stack.pop();
                }
                self.stack.push(*screen);
            }
            Next::Instead(screen) => {
                self.stack.retain(|screen| screen.as_screen().renewal().is_some());
                self.stack.push(*screen);
            }
            Next::Ask(prompt) => self.prompt = Some(prompt),
            Next::Pop => {
                self.stack.pop();
            }
            Next::Home => self.go_home(),
            Next::Open(wanted) => self.open(wanted, world),
            Next::Run(action) => {
                self.stack.pop();
                // The screen below may mean other things by now.
                let focus = self.focus(world);
                if world.keymap.rows(focus).any(|row| row.binding.action == action) {
                    self.act(action, world);
                }
            }
        }
    }
}

fn demo(world: &mut World) {
    let place = world.place_mut();
    let text = if place.may_become_demo() {
        place.go_on_with_demo();
        world.notices.clear();
        "The simulator goes on here, of an account that it made up. ‹p:profiles› leads back to one of yours."
    } else {
        "The demo is offered where no cluster could be read, or there is none, and no request is open."
    };
    world.notices.say(text);
}
