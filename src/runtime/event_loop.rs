//! The loop: drain what happened, update the core, draw once if something visible may have changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use crossterm::event::KeyEvent;
use jiff::Zoned;
use ratatui::Terminal;
use ratatui::layout::Rect;
use tokio::sync::{Notify, mpsc};

use crate::app::effect::Effect;
use crate::app::message::Msg;
use crate::app::note::{Note, Tone};
use crate::app::{App, Now, Settings, TerminalKind};
use crate::config;
use crate::submit;
use crate::view;

use super::alone::Alone;
use super::backend::FrameBackend;
use super::decode::Input;
use super::effects::{OutsideWorld, StartOptions};
use super::frame_rate::FrameRate;
use super::input::Arrived;
use super::last_words::LastWords;
use super::output::Output;
use super::signals::{Notice, Signals};
use super::{clipboard, input, mouse, notice, panics, signals, terminal, terminal_kind};

/// How many inputs and answers are taken between two frames, so that a flood does not hold up the frame.
const DRAIN: usize = 1024;
/// A core that wants to be woken at once, again and again, gets this pause.
const LEAST_WAKE: Duration = Duration::from_millis(10);
/// How many answers may wait.
const WAITING_ANSWERS: usize = 256;

/// The exit code once the terminal is gone: SIGHUP is signal 1, which would have ended the program with this.
const HUNG_UP: u8 = 128 + 1;

/// The interactive program at work.
pub struct Loop {
    app: App,
    world: OutsideWorld,
    terminal: Terminal<FrameBackend>,
    output: Output,
    pace: FrameRate,
    started: Instant,
    /// What is written with the next frame, before it.
    ahead: Vec<u8>,
    /// What sets the window's title, once it was set.
    title: Vec<u8>,
    /// Whether something visible may have changed, and whether a key did it.
    is_dirty: bool,
    is_for_key: bool,
    inputs: mpsc::Receiver<Arrived>,
    answers: mpsc::Receiver<Msg>,
    signals: Signals,
    hung_up: Arc<Notify>,
    panicked: Arc<Notify>,
    /// The exit code, once something has ended it.
    ending: Option<u8>,
    listens_to_mouse: bool,
    terminal_kind: TerminalKind,
    alone: Alone,
}

impl Loop {
    /// Draws the first frame, before anything else is done, and starts what is to be done first.
    ///
    /// Returns the last words of requests that are still under way when the loop ends, too.
    pub fn start(
        options: StartOptions,
        started: Instant,
        signals: Signals,
        panicked: Arc<Notify>,
    ) -> anyhow::Result<(Self, mpsc::Receiver<()>, LastWords)> {
        let size = terminal::size().context("no size of the terminal")?;
        let loaded = config::load();
        let told = loaded.summary();
        let screen_settings = loaded.config.screen;
        let terminal_kind = TerminalKind::detect();
        let settings = Settings {
            terminal: terminal_kind,
            places: options.given(),
            seed: submit::random(),
            look: terminal_kind::look(options.ascii || screen_settings.ascii, screen_settings.theme),
            policy: loaded.config.policy,
            notify: loaded.config.notify,
            keymap: loaded.config.keymap,
            stay: screen_settings.stay,
            list: loaded.config.list,
            told,
        };
        let policy = settings.policy.clone();
        let (app, effects) = App::new(settings, size);
        let (answers_in, answers) = mpsc::channel(WAITING_ANSWERS);
        let last_words = LastWords::default();
        let (world, under_way) = OutsideWorld::new(options, policy, answers_in, last_words.clone());
        let Ok(screen) = Terminal::new(FrameBackend::new(size));
        let mut this = Self {
            app,
            world,
            terminal: screen,
            output: Output::start().context("no thread for the screen")?,
            pace: FrameRate::default(),
            started,
            ahead: [terminal::ENTER, &modes(screen_settings.mouse)].concat(),
            listens_to_mouse: screen_settings.mouse,
            title: Vec::new(),
            is_dirty: true,
            is_for_key: false,
            inputs: input::start(screen_settings.escape_wait).context("no thread for the keys")?,
            answers,
            signals,
            hung_up: Arc::new(Notify::new()),
            panicked,
            ending: None,
            terminal_kind,
            alone: Alone::default(),
        };
        this.draw();
        let hung_up = Arc::clone(&this.hung_up);
        input::watch_hang_up(move || hung_up.notify_one()).context("no thread for the hang-up")?;
        this.perform(effects);
        Ok((this, under_way, last_words))
    }

    /// Runs until something ends it; returns the exit code that a shell expects.
    pub async fn run(mut self) -> u8 {
        loop {
            self.drain();
            if let Some(ending) = self.ending {
                return ending;
            }
            let now = self.now();
            let until_frame = self.pace.wait(now.mono, self.is_for_key);
            let can_draw = self.is_dirty && !self.output.is_busy();
            if can_draw && until_frame.is_zero() {
                self.draw();
                continue;
            }
            let wake = self.app.wake_in(&now).map(|wake| wake.max(LEAST_WAKE));
            tokio::select! {
                biased;
                notice = self.signals.next() => self.on_notice(notice),
                () = self.hung_up.notified() => self.ending = Some(HUNG_UP),
                () = self.panicked.notified() => self.ending = Some(panics::EXIT_CODE),
                input = self.inputs.recv() => self.on_input(input),
                Some(answer) = self.answers.recv() => self.update(answer),
                () = self.output.written() => self.on_written(),
                () = tokio::time::sleep(until_frame), if can_draw => {}
                () = wait(self.alone.wait(now.mono)) => self.release(),
                () = wait(wake) => self.update(Msg::Tick),
            }
        }
    }

    /// Takes what is there already, so that many causes make one frame.
    fn drain(&mut self) {
        for _ in 0..DRAIN {
            let Ok(input) = self.inputs.try_recv() else { break };
            self.on_input(Some(input));
        }
        for _ in 0..DRAIN {
            let Ok(answer) = self.answers.try_recv() else { break };
            self.update(answer);
        }
    }

    fn on_notice(&mut self, notice: Notice) {
        match notice {
            Notice::End(signal) => self.ending = Some(128 + signal),
            Notice::Suspend => self.suspend(),
            Notice::Continued => self.resume(),
            Notice::Resized => self.resize(),
        }
    }

    fn on_input(&mut self, arrived: Option<Arrived>) {
        // The reader ends only with the terminal.
        let Some(Arrived { input, at }) = arrived else {
            self.ending = Some(HUNG_UP);
            return;
        };
        if !matches!(input, Input::Mouse(_) | Input::Focus(_)) {
            self.end_wait();
        }
        match input {
            Input::Key(key) => self.on_key(key, at),
            Input::KeyInBurst(key) => self.press(Msg::KeyInBurst(key)),
            Input::Burst(text) => self.press(Msg::Burst(text)),
            Input::Paste(text) => self.update(Msg::Paste(text)),
            Input::Mouse(mouse) if self.listens_to_mouse => self.update(Msg::Mouse(mouse)),
            Input::Mouse(_) => {}
            Input::Focus(is_focused) => self.update(Msg::Focus(is_focused)),
        }
    }

    /// A key that would confirm something waits for a moment, to see whether it stands alone. How soon it came after
    /// others is told by when it arrived, however long a frame took meanwhile.
    fn on_key(&mut self, key: KeyEvent, at: Instant) {
        let (now, focus) = (self.now().mono, self.app.focus());
        let is_quick = self.alone.is_quick(at.saturating_duration_since(self.started), focus);
        if !self.app.confirms(key) {
            self.press(Msg::Key(key));
        } else if is_quick {
            self.press(Msg::KeyInBurst(key));
        } else {
            self.alone.hold(key, now);
        }
    }

    /// What comes so soon after a key that waits shows that it does not stand alone.
    fn end_wait(&mut self) {
        if let Some(key) = self.alone.take() {
            self.press(Msg::KeyInBurst(key));
        }
    }

    /// Nothing came after the key that waited.
    fn release(&mut self) {
        if let Some(key) = self.alone.take() {
            self.press(Msg::Key(key));
        }
    }

    fn press(&mut self, msg: Msg) {
        self.is_for_key = true;
        self.update(msg);
    }

    fn on_written(&mut self) {
        if self.output.is_gone() {
            self.ending = Some(HUNG_UP);
        }
    }

    fn suspend(&mut self) {
        if signals::can_suspend() {
            terminal::leave();
            signals::suspend();
        } else {
            let told = "There is no shell to go back to: this terminal runs clustersnap alone.";
            self.update(Msg::Replied(Note::new(Tone::Neutral, told)));
        }
    }

    fn resume(&mut self) {
        match terminal::enter() {
            Err(_) => {
                self.ending = Some(HUNG_UP);
                return;
            }
            Ok(true) => self.ahead.extend_from_slice(terminal::ENTER),
            // Stopped and continued without its doing: the alternate screen and the title are still there.
            Ok(false) => {}
        }
        self.ahead.extend(modes(self.listens_to_mouse));
        self.ahead.extend_from_slice(&self.title);
        self.terminal.backend_mut().forget_cursor();
        self.resize();
    }

    /// Takes the terminal's size and draws everything anew: what another program or a narrower window
    /// left on it is not known.
    fn resize(&mut self) {
        let Ok(size) = terminal::size() else {
            self.ending = Some(HUNG_UP);
            return;
        };
        self.terminal.backend_mut().set_size(size);
        // Not `Terminal::clear`: it asks the terminal for its cursor and races the reader of keys.
        let Ok(()) = self.terminal.resize(Rect::new(0, 0, size.0, size.1));
        self.update(Msg::Resize(size.0, size.1));
    }

    fn update(&mut self, msg: Msg) {
        let now = self.now();
        let effects = self.app.update(msg, &now);
        self.is_dirty = true;
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Suspend => self.suspend(),
                Effect::Quit => self.ending = Some(0),
                Effect::Copy(text) if self.terminal_kind == TerminalKind::Tmux => {
                    self.world.copy_to_tmux(text);
                }
                Effect::Copy(text) => self.ahead.extend(clipboard::sequence(&text, self.terminal_kind)),
                Effect::Bell => self.ahead.extend(notice::BELL),
                Effect::Notify(body) => {
                    self.ahead.extend(notice::desktop("clustersnap", &body, self.terminal_kind));
                }
                Effect::SetTitle(title) => {
                    self.title = notice::title(&title, self.terminal_kind);
                    self.ahead.extend_from_slice(&self.title);
                }
                other => self.world.perform(other),
            }
        }
    }

    /// Draws a frame and hands it on; nothing is written if nothing changed.
    fn draw(&mut self) {
        let now = self.now();
        let Ok(_) = self.terminal.draw(|frame| view::draw(&self.app, frame, &now));
        let frame = self.terminal.backend_mut().take();
        if frame.is_some() || !self.ahead.is_empty() {
            let mut bytes = std::mem::take(&mut self.ahead);
            bytes.extend(frame.unwrap_or_default());
            self.output.send(bytes);
        }
        self.pace.drawn(now.mono);
        self.is_dirty = false;
        self.is_for_key = false;
    }

    fn now(&self) -> Now {
        Now { wall: Zoned::now(), mono: self.started.elapsed() }
    }
}

/// What sets the terminal up.
fn modes(listens_to_mouse: bool) -> Vec<u8> {
    let mouse = if listens_to_mouse { mouse::ON } else { b"" };
    [terminal::MODES, mouse].concat()
}

/// Sleeps; for ever if there is nothing to wait for.
async fn wait(duration: Option<Duration>) {
    match duration {
        Some(duration) => tokio::time::sleep(duration).await,
        None => std::future::pending().await,
    }
}
