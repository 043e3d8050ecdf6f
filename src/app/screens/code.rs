//! The code of an MFA device, asked for where a session has ended or a place was opened that wants one. Its digits are
//! shown to nobody, and let go of once they were handed on.

use tui_input::InputRequest;

use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::keymap::Focus;
use crate::app::world::World;
use crate::domain::renewal::{Digits, Renewal};

use super::{Next, Screen, Shape, Text};

/// The code that is asked for.
#[derive(Debug)]
pub struct CodeScreen {
    /// The device that it is of, by its serial.
    pub device: String,
    /// Why it is asked for. Text from outside, not escaped.
    pub why: String,
    digits: Digits,
}

impl CodeScreen {
    /// Asks for a code of a device.
    pub fn new(device: &str, why: &str) -> Self {
        Self { device: device.to_owned(), why: why.to_owned(), digits: Digits::default() }
    }

    /// How many digits are typed.
    pub fn typed(&self) -> usize {
        self.digits.typed()
    }

    fn wanted(&self) -> Renewal {
        Renewal::Code { device: self.device.clone() }
    }

    fn give(&mut self, world: &mut World) -> Next {
        if !self.digits.is_whole() {
            world.notices.say("A code has six digits.");
            return Next::Stay;
        }
        let digits = std::mem::take(&mut self.digits);
        world.put(Effect::GiveCode { device: self.device.clone(), digits });
        let World { renewals, places, now, .. } = world;
        renewals.done(self.wanted(), places, now);
        world.notices.say("The code is tried, once, for all places that want one of this device.");
        Next::Pop
    }
}

impl Screen for CodeScreen {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Code
    }

    fn shape(&self) -> Shape {
        Shape::Cover
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::GiveCode => self.give(world),
            Action::Back => {
                world.renewals.put_off(self.wanted());
                Next::Pop
            }
            _ => Next::Pass,
        }
    }

    fn renewal(&self) -> Option<Renewal> {
        Some(self.wanted())
    }

    fn take_text(&mut self, text: Text<'_>, _world: &mut World) -> bool {
        match text {
            Text::Key(InputRequest::InsertChar(c)) => self.digits.push(c),
            Text::Key(InputRequest::DeletePrevChar) => self.digits.pop(),
            Text::Key(InputRequest::DeleteLine | InputRequest::DeletePrevWord) => {
                self.digits = Digits::default();
            }
            Text::Key(_) => {}
            Text::Burst(text) | Text::Pasted(text) => text.chars().for_each(|c| self.digits.push(c)),
        }
        true
    }
}
