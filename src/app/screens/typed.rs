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
    pub fn new(wanted: String, then: T) -> Self {
        Self { wanted, text: Input::default(), then }
    }

    /// What was asked for, if it is typed. If something else is, `nothing` says what was not done for it, and it is asked
    /// for anew: so the next letters are no keys.
    pub fn confirmed(asked: &mut Option<Self>, nothing: &str, world: &mut World) -> Option<Self> {
        world.notices.clear();
        if let Some(right) = asked.take_if(|asked| asked.text.value() == asked.wanted) {
            return Some(right);
        }
        let asked = asked.as_mut()?;
        let (typed, wanted) = (std::mem::take(&mut asked.text), &asked.wanted);
        let text =
            format!("{nothing}: '{}' is not {wanted}. Type it again; ‹esc:back› goes back.", typed.value());
        world.notices.tell(Tone::Bad, &text);
        None
    }

    /// Whether what was confirmed, and what is done then, is the same now; if not, `nothing` says what was not done for it.
    pub fn is_still(&self, nothing: &str, (wanted, then): &(String, T), world: &mut World) -> bool
    where
        T: PartialEq,
    {
        let is_same = (&self.wanted, &self.then) == (wanted, then);
        if !is_same {
            let text = format!("{nothing}: what was confirmed is not the same any more. Look again.");
            world.notices.tell(Tone::Bad, &text);
        }
        is_same
    }

    /// Takes what is typed, if something is asked for; whether it is.
    pub fn take(asked: &mut Option<Self>, text: Text<'_>, world: &mut World) -> bool {
        let Some(asked) = asked else { return false };
        if let Text::Key(_) = text {
            take_line(&mut asked.text, text);
            world.notices.clear();
        } else {
            world.notices.say(&format!("A paste confirms nothing: type {}.", asked.wanted));
        }
        true
    }
}
