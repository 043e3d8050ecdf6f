//! What is to be typed before something that cannot be taken back: letter by letter, for a paste confirms nothing.

use tui_input::Input;

use crate::app::note::Tone;
use crate::app::world::World;

use super::Text;
use super::filter_line::take_line;

/// What is asked for, and typed so far.
#[derive(Debug)]
pub struct Typed<T> {
    /// What is to be typed.
    pub wanted: String,
    /// What is typed so far.
    pub text: Input,
    /// What is done when it is right.
    pub then: T,
}

impl<T> Typed<T> {
    /// Asks for a text.
    #[must_use]
    pub fn new(wanted: String, then: T) -> Self {
        Self { wanted, text: Input::default(), then }
    }

    /// Whether it is typed. If something else is, `nothing` says what was not done for it, and it begins anew.
    pub fn is_right(&mut self, nothing: &str, world: &mut World) -> bool {
        world.notices.clear();
        let typed = std::mem::take(&mut self.text);
        let is_right = typed.value() == self.wanted;
        if !is_right {
            let (typed, wanted) = (typed.value(), &self.wanted);
            let text = format!("{nothing}: '{typed}' is not {wanted}. Type it again; esc goes back.");
            world.notices.tell(Tone::Bad, &text);
        }
        is_right
    }

    /// Takes what is typed.
    pub fn take(&mut self, text: Text<'_>, world: &mut World) {
        if let Text::Key(_) = text {
            take_line(&mut self.text, text);
            world.notices.clear();
        } else {
            world.notices.say(&format!("A paste confirms nothing: type {}.", self.wanted));
        }
    }
}
