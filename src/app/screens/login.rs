//! A login that has ended, or that there never was: the command that logs in, which can be started from here, and what
//! it says.

use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::keymap::Focus;
use crate::app::request_id::RequestId;
use crate::app::world::World;
use crate::domain::renewal::{Renewal, login_command};

use super::{Next, Screen, Shape};

/// How many lines of what the command says are kept.
const MOST_LINES: usize = 200;

/// The login.
#[derive(Debug)]
pub struct Login {
    renewal: Renewal,
    /// Why it is offered. Text from outside, not escaped.
    pub why: String,
    /// The command, for a shell.
    pub command: String,
    /// How it stands with the command.
    pub state: LoginState,
    /// What it says, not escaped.
    pub said: Vec<String>,
    profile: String,
}

/// How it stands with a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoginState {
    /// It can be started.
    Offered,
    /// It runs.
    Running(RequestId),
    /// It ended well: whether there are credentials now is being looked at.
    Done,
    /// It ended well, and the credentials are not to be had all the same.
    InVain,
    /// It could not be started, or ended badly; why.
    Failed(String),
}

impl Login {
    /// Offers to log in as a profile.
    pub fn new(profile: &str, renewal: Renewal, why: &str) -> Self {
        Self {
            renewal,
            why: why.to_owned(),
            command: login_command(profile),
            state: LoginState::Offered,
            said: Vec::new(),
            profile: profile.to_owned(),
        }
    }

    /// Takes a line of what the command says.
    pub fn take_line(&mut self, id: RequestId, line: String) {
        if self.state == LoginState::Running(id) && self.said.len() < MOST_LINES {
            self.said.push(line);
        }
    }

    /// Takes how the command ended.
    pub fn take_end(&mut self, id: RequestId, end: Result<(), String>, world: &mut World) {
        if self.state != LoginState::Running(id) {
            return;
        }
        match end {
            Ok(()) => {
                self.state = LoginState::Done;
                let World { renewals, places, now, .. } = world;
                renewals.done(self.renewal.clone(), places, now);
            }
            Err(why) => self.state = LoginState::Failed(why),
        }
    }

    /// Takes it that the credentials are not to be had: after a login that ended well, in vain.
    pub fn take_failure(&mut self, renewal: &Renewal, why: &str) {
        if self.state == LoginState::Done && self.renewal == *renewal {
            (self.state, self.why) = (LoginState::InVain, why.to_owned());
        }
    }

    fn start(&mut self, world: &mut World) {
        if matches!(self.state, LoginState::Running(_)) {
            return;
        }
        let id = world.issue();
        self.state = LoginState::Running(id);
        self.said.clear();
        world.put(Effect::LogIn(id, self.profile.clone()));
    }
}

impl Screen for Login {
    fn focus(&self, _world: &World) -> Focus {
        Focus::Login
    }

    fn shape(&self) -> Shape {
        Shape::Cover
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::LogIn => self.start(world),
            Action::Copy => {
                let told = format!("Sent to the terminal's clipboard: {}", self.command);
                world.copy(self.command.clone(), &told);
            }
            Action::Back => {
                if matches!(self.state, LoginState::Running(_)) {
                    world.put(Effect::EndLogin);
                }
                world.renewals.put_off(self.renewal.clone());
                return Next::Pop;
            }
            _ => return Next::Pass,
        }
        Next::Stay
    }

    fn renewal(&self) -> Option<Renewal> {
        Some(self.renewal.clone())
    }
}
