//! The screens, one file each: its state, its cursor, its filter, and what its keys mean. A screen looks at the
//! [`World`] and acts on it; which screen comes next it only says ([`Next`]).
//!
//! A new screen is a file here and one line in the list below (and a file of the view that draws it).

pub(crate) mod ages;
pub(crate) mod alterations;
pub(crate) mod catalog_list;
pub(crate) mod change;
pub(crate) mod change_form;
pub(crate) mod change_review;
pub(crate) mod chooser;
pub(crate) mod clusters;
pub(crate) mod code;
pub(crate) mod details;
pub(crate) mod filter_line;
pub(crate) mod form;
pub(crate) mod help;
pub(crate) mod history;
pub(crate) mod login;
pub(crate) mod messages;
pub(crate) mod page;
pub(crate) mod palette;
pub(crate) mod pane;
pub(crate) mod past;
pub(crate) mod removal;
pub(crate) mod retag;
pub mod review;
pub(crate) mod snapshot;
pub mod snapshots;
pub(crate) mod typed;
pub(crate) mod widths;

use tui_input::InputRequest;

use filter_line::FilterLine;

use crate::domain::cluster_id::ClusterId;
use crate::domain::context;
use crate::domain::renewal::Renewal;
use crate::domain::snapshot::Snapshot;

use super::action::Action;
use super::cursor::{ListCursor, Motion};
use super::drafts::DraftId;
use super::keymap::Focus;
use super::note::Note;
use super::prompt::Prompt;
use super::request_id::{PlaceId, RequestId};
use super::world::World;

/// What a screen wants after a key.
#[derive(Debug)]
pub enum Next {
    /// It stays as it is.
    Stay,
    /// The key is none of its own: what the program does with it everywhere is done.
    Pass,
    /// Another screen comes over it.
    Push(Box<AnyScreen>),
    /// Another screen comes in the place of this one and of those below it.
    Instead(Box<AnyScreen>),
    /// A question lies over it.
    Ask(Prompt),
    /// Back to the screen below.
    Pop,
    /// Back to the list of clusters.
    Home,
    /// Back to the screen below, where an action is done.
    Run(Action),
    /// These places are shown from now on, and no others.
    Open(Vec<context::Target>),
}

/// How a screen shares out its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A table, with the pane below as large as it gets.
    Home,
    /// A table with headings.
    Table,
    /// The form.
    Form,
    /// Lines of text.
    Text,
    /// Lines of text that hide another screen for a moment.
    Cover,
}

/// The identifier of something, and its ARN where that is known.
pub type Names = (String, Option<String>);

/// Text for a field.
#[derive(Clone, Copy, Debug)]
pub enum Text<'a> {
    /// A key that edits.
    Key(InputRequest),
    /// What came at once without being marked as a paste: typed text, whatever is in it.
    Burst(&'a str),
    /// What was pasted.
    Pasted(&'a str),
}

/// What every screen can be asked.
pub trait Screen {
    /// Where the keys go.
    fn focus(&self, world: &World) -> Focus;

    /// How its rows are shared out: those of a table, unless it is something else.
    fn shape(&self) -> Shape {
        Shape::Table
    }

    /// Does what a key means.
    fn act(&mut self, _action: Action, _world: &mut World) -> Next {
        Next::Pass
    }

    /// Moves the cursor, or scrolls.
    fn go(&mut self, _motion: Motion, _world: &World) {}

    /// Takes text for the field that has the focus; whether there is one.
    fn take_text(&mut self, _text: Text<'_>, _world: &mut World) -> bool {
        false
    }

    /// The place that it, or what is under its cursor, is about; `None` if it is about none.
    fn place(&self, world: &World) -> Option<PlaceId> {
        self.about(world).map(|(place, _)| place)
    }

    /// Whether it is about something of a place.
    fn is_of(&self, place: PlaceId, world: &World) -> bool {
        self.place(world) == Some(place)
    }

    /// The cluster that it is about, and its place.
    fn about(&self, _world: &World) -> Option<(PlaceId, ClusterId)> {
        None
    }

    /// The cluster that a key is about, and its place.
    fn in_hand(&self, world: &World) -> Option<(PlaceId, ClusterId)> {
        self.about(world)
    }

    /// The snapshot under its cursor, and its place.
    fn snapshot(&self, _world: &World) -> Option<(PlaceId, Snapshot)> {
        None
    }

    /// What is copied of what is under its cursor.
    ///
    /// # Errors
    /// Why there is nothing, in a sentence.
    fn names(&self, _world: &World) -> Result<Names, String> {
        Err("There is nothing here to copy.".to_owned())
    }

    /// Whether it has a row for something that is being done to a snapshot.
    fn shows_alteration(&self, _id: RequestId, _world: &World) -> bool {
        false
    }

    /// Whether it is a plan for the marked snapshots: a mark that was made for it goes with it.
    fn is_plan(&self) -> bool {
        false
    }

    /// What it asks for, so that there are credentials again.
    fn renewal(&self) -> Option<Renewal> {
        None
    }

    /// Whether it has a row for the request that waits under a token.
    fn has_wait(&self, _token: &str, _world: &World) -> bool {
        false
    }

    /// The draft that it shows.
    fn draft(&self, _world: &World) -> Option<DraftId> {
        None
    }

    /// The filter of what it lists.
    fn filter(&self) -> Option<&FilterLine> {
        None
    }

    /// Whether it says itself what this note says.
    fn says(&self, _note: &Note, _world: &World) -> bool {
        false
    }

    /// Whether it has nothing to show.
    fn is_empty(&self, _world: &World) -> bool {
        false
    }

    /// Whether a key of its own does something as it stands: only then it is offered.
    fn offers(&self, _action: Action) -> bool {
        true
    }

    /// What a key of its own does where it takes back what it did, in a word or two for the footer.
    fn undoes(&self, _action: Action, _world: &World) -> Option<&'static str> {
        None
    }

    /// How many of what it lists are marked.
    fn marked(&self, _world: &World) -> usize {
        0
    }

    /// Takes it that what is known has changed.
    fn renew(&mut self, _world: &World) {}

    /// Brings cursor and first line into what there is and into the rows that are shown.
    fn fit(&mut self, _world: &mut World) {}
}

/// Makes the type that is any of the screens.
macro_rules! screens {
    ($($name:ident($screen:ty)),+ $(,)?) => {
        /// Any of the screens but the list of clusters, which lies below all of them.
        #[derive(Debug)]
        pub enum AnyScreen {
            $(#[doc = concat!("See [`", stringify!($screen), "`].")] $name($screen),)+
        }

        impl AnyScreen {
            /// What it can be asked.
            pub(crate) fn as_screen(&self) -> &dyn Screen {
                match self { $(Self::$name(screen) => screen,)+ }
            }

            /// The same, to change it.
            pub fn as_screen_mut(&mut self) -> &mut dyn Screen {
                match self { $(Self::$name(screen) => screen,)+ }
            }
        }

        $(impl From<$screen> for AnyScreen {
            fn from(screen: $screen) -> Self {
                Self::$name(screen)
            }
        }

        impl From<$screen> for Next {
            fn from(screen: $screen) -> Self {
                Self::Push(Box::new(screen.into()))
            }
        })+
    };
}

screens! {
    ChangeForm(change_form::ChangeForm),
    ChangeReview(change_review::ChangeReview),
    Change(change::ChangeScreen),
    Removal(removal::Removal),
    Retag(retag::RetagScreen),
    Alterations(alterations::AlterationScreen),
    Form(form::FormScreen),
    Review(review::Review),
    History(history::History),
    Snapshots(snapshots::Snapshots),
    Page(page::DetailsPage),
    Help(help::Help),
    Messages(messages::Messages),
    Palette(palette::Palette),
    Chooser(chooser::Chooser),
    Code(code::CodeScreen),
    Login(login::Login),
}

/// Brings the first line that is shown of a text into what there is: none is hidden above while there is room for it.
pub(super) fn fit(first: &mut usize, len: usize, room: usize) {
    *first = (*first).min(len.saturating_sub(room));
}

/// Scrolls a text of `len` lines, of which `room` are shown at once.
pub(super) fn scroll(first: &mut usize, motion: Motion, len: usize, room: usize) {
    let mut shown = ListCursor { at: *first, offset: 0 };
    shown.go(motion, len.saturating_sub(room) + 1, room);
    *first = shown.at;
}
