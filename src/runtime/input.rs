//! Keys, pastes and focus changes, read on a thread of its own.
//!
//! The thread is never joined: it may sit in a read for ever. A terminal that is gone ends it, and
//! [`watch_hang_up`], on another thread, sees that too while this one waits for room in the channel.
//!
//! What arrives at once, faster than anyone types, is a paste that the terminal did not mark, or keys that a
//! slow link has gathered. Text of some length is handed on as text, and of the rest is told that it came so:
//! none of it confirms anything.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use tokio::sync::mpsc;

use super::decode::{Decoder, Input, Patience};
use super::keyboard::keyboard;

/// How long the rest of a sequence may take that can be nothing else.
const TAIL_WAIT: Duration = Duration::from_secs(2);
/// How long after the last byte of a burst more of it may come.
const BURST_WAIT: Duration = Duration::from_millis(3);
/// How long after a long burst of text its next piece may come, over a slow link.
const PIECE_WAIT: Duration = Duration::from_millis(100);
/// From this many characters on, a burst may be one piece of several: links and terminals cut at more.
const PIECE: usize = 256;
/// From this many keys on, a burst with a line break inside it is text.
const TEXT_WITH_BREAK: usize = 3;
/// From this many keys on, a burst without one is.
const TEXT: usize = 8;
/// The most keys that one that is held down leaves behind in a link that stood still for some seconds.
const LONGEST_REPEAT: usize = 256;
/// A burst is handed on in pieces of about this many inputs.
const LONGEST_BURST: usize = 1 << 16;
/// How many inputs may wait for the program.
const WAITING_INPUTS: usize = 256;

/// An input, and when it arrived: the program may be busy with a frame until it comes to it.
pub struct Arrived {
    /// What it is.
    pub input: Input,
    /// When it was read.
    pub at: Instant,
}

/// Starts the reader; an escape may be the start of a sequence for `escape_wait`. The channel closes when the
/// terminal is gone.
pub fn start(escape_wait: Duration) -> std::io::Result<mpsc::Receiver<Arrived>> {
    let (sender, receiver) = mpsc::channel(WAITING_INPUTS);
    std::thread::Builder::new().name("input".to_owned()).spawn(move || read(&sender, escape_wait))?;
    Ok(receiver)
}

/// Calls `on_hang_up` when the terminal goes away, with or without a SIGHUP.
pub fn watch_hang_up(on_hang_up: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name("hang-up".to_owned()).spawn(move || {
        // Asked about nothing, poll reports the hang-up alone: keys do not wake this thread.
        while !matches!(wait(PollFlags::empty(), None), Ready::Gone) {}
        on_hang_up();
    })?;
    Ok(())
}

enum Ready {
    Yes,
    TimedOut,
    Gone,
}

fn wait(flags: PollFlags, timeout: Option<Duration>) -> Ready {
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    loop {
        let mut fds = [PollFd::from_borrowed_fd(keyboard(), flags)];
        match poll(&mut fds, timeout.as_ref()) {
            Ok(0) => return Ready::TimedOut,
            Ok(_) if fds[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => {
                return Ready::Gone;
            }
            Ok(_) => return Ready::Yes,
            Err(Errno::INTR) => {}
            Err(_) => return Ready::Gone,
        }
    }
}

fn read(sender: &mpsc::Sender<Arrived>, escape_wait: Duration) {
    let mut decoder = Decoder::default();
    let mut bursts = Bursts::default();
    let mut bytes = [0; 4096];
    loop {
        let patience = decoder.patience().map(|patience| match patience {
            Patience::Escape => escape_wait,
            Patience::Tail => TAIL_WAIT,
        });
        let burst = match wait(PollFlags::IN, patience) {
            Ready::Gone => return,
            Ready::TimedOut => decoder.expire(),
            Ready::Yes => match read_burst(&mut decoder, &mut bytes) {
                Some(burst) => burst,
                None => return,
            },
        };
        let at = Instant::now();
        for input in bursts.tell(burst, at) {
            if sender.blocking_send(Arrived { input, at }).is_err() {
                return;
            }
        }
    }
}

/// What arrives at once; `None` if the terminal is gone.
fn read_burst(decoder: &mut Decoder, bytes: &mut [u8]) -> Option<Vec<Input>> {
    let mut burst = Vec::new();
    loop {
        let count = loop {
            match rustix::io::read(keyboard(), &mut *bytes) {
                Ok(0) => return None,
                Ok(count) => break count,
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(_) => return None,
            }
        };
        burst.extend(decoder.feed(bytes.get(..count)?));
        // A single key is not kept waiting for more.
        let patience = if burst.len() < TEXT_WITH_BREAK { Duration::ZERO } else { BURST_WAIT };
        if burst.len() > LONGEST_BURST || !matches!(wait(PollFlags::IN, Some(patience)), Ready::Yes) {
            return Some(burst);
        }
    }
}

/// Tells text and keys of bursts from keys that stand alone.
#[derive(Debug, Default)]
struct Bursts {
    /// When a burst of text was seen last that may go on.
    text_at: Option<Instant>,
}

impl Bursts {
    /// What arrived at once, as what it is.
    fn tell(&mut self, inputs: Vec<Input>, now: Instant) -> Vec<Input> {
        let goes_on = self.text_at.is_some_and(|at| now.saturating_duration_since(at) < PIECE_WAIT);
        // That the terminal has the focus is told beside a key, as tmux does at an attach, and makes no burst of it.
        let pressed = inputs.iter().filter(|input| !matches!(input, Input::Focus(_))).count();
        if pressed < 2 && !goes_on {
            return inputs;
        }
        let mut told = Vec::with_capacity(inputs.len());
        let mut run = Vec::new();
        for input in inputs {
            match typed_char(&input) {
                // At the start of a run, a line break is the key that ends what was before it.
                Some('\n') if run.is_empty() => told.extend(in_burst(&input)),
                Some(_) => run.push(input),
                None => {
                    self.end_run(&std::mem::take(&mut run), goes_on, now, &mut told);
                    told.push(input);
                }
            }
        }
        self.end_run(&run, goes_on, now, &mut told);
        told
    }

    fn end_run(&mut self, run: &[Input], goes_on: bool, now: Instant, told: &mut Vec<Input>) {
        let text: String = run.iter().filter_map(typed_char).collect();
        if is_text(&text) || goes_on && !text.is_empty() {
            self.text_at = (goes_on || run.len() >= PIECE).then_some(now);
            told.push(Input::Burst(text));
        } else {
            told.extend(run.iter().filter_map(in_burst));
        }
    }
}

fn in_burst(input: &Input) -> Option<Input> {
    match input {
        Input::Key(key) => Some(Input::KeyInBurst(*key)),
        _ => None,
    }
}

fn is_text(text: &str) -> bool {
    let has_inner_break = text.trim_end_matches('\n').contains('\n');
    let least = if has_inner_break { TEXT_WITH_BREAK } else { TEXT };
    // A key that repeats over a slow link arrives at once too.
    let count = text.chars().count();
    let is_repeat = count <= LONGEST_REPEAT && text.chars().zip(text.chars().skip(1)).all(|(a, b)| a == b);
    count >= least && !is_repeat
}

/// The text that a key would be if it was pasted.
fn typed_char(input: &Input) -> Option<char> {
    let Input::Key(KeyEvent { code, modifiers, .. }) = input else { return None };
    match code {
        KeyCode::Char('j') if *modifiers == KeyModifiers::CONTROL => Some('\n'),
        KeyCode::Char(c) if (*modifiers - KeyModifiers::SHIFT).is_empty() => Some(*c),
        KeyCode::Enter => Some('\n'),
        KeyCode::Tab => Some('\t'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Vec<Input> {
        Decoder::default().feed(text.as_bytes())
    }

    fn told(text: &str) -> Vec<Input> {
        Bursts::default().tell(typed(text), Instant::now())
    }

    fn text(text: &str) -> Input {
        Input::Burst(text.to_owned())
    }

    #[test]
    fn text_that_arrives_at_once_is_text_on_every_terminal() {
        assert_eq!(told("y\rn"), [text("y\nn")]);
        assert_eq!(told("orders-prod"), [text("orders-prod")]);
        assert_eq!(told("3 days before Friday\r"), [text("3 days before Friday\n")]);
        let cleared: Vec<Input> = typed("\x15").into_iter().chain([text("before-the-upgrade")]).collect();
        assert_eq!(told("\x15before-the-upgrade"), cleared);
    }

    #[test]
    fn what_hands_slow_links_and_scripts_do_stays_keys_that_came_at_once() {
        for keys in ["/ord\r", "jjjjjjjjjjjj", "ab", "\r\r\r\r\r\r\r\r\r", "jjj\x1b[A\rjjjjjjjj"] {
            let shown: Vec<Input> = told(keys)
                .into_iter()
                .map(|input| if let Input::KeyInBurst(key) = input { Input::Key(key) } else { input })
                .collect();
            assert_eq!(shown, typed(keys), "{keys:?}");
            let texts = typed(keys).iter().filter_map(typed_char).count();
            let in_burst = told(keys).iter().filter(|input| matches!(input, Input::KeyInBurst(_))).count();
            assert_eq!(in_burst, texts, "{keys:?}");
        }
        assert_eq!(told("j"), typed("j"));
    }

    #[test]
    fn a_key_beside_a_change_of_the_focus_stands_alone() {
        for keys in ["\x1b[Iq", "q\x1b[O"] {
            assert_eq!(told(keys), typed(keys), "{keys:?}");
        }
        assert!(told("\x1b[Iyy").iter().any(|input| matches!(input, Input::KeyInBurst(_))));
    }

    #[test]
    fn the_last_piece_of_a_paste_is_text_and_a_key_after_a_while_is_a_key() {
        let (mut bursts, now) = (Bursts::default(), Instant::now());
        let long = "three days before Friday ".repeat(20);
        assert_eq!(bursts.tell(typed(&long), now), [text(&long)]);
        assert_eq!(bursts.tell(typed("y"), now + PIECE_WAIT / 2), [text("y")]);
        assert_eq!(bursts.tell(typed("y"), now + PIECE_WAIT * 2), typed("y"));
    }

    #[test]
    fn a_held_key_is_a_key_and_thousands_of_one_character_are_text() {
        let jjj = Bursts::default().tell(typed(&"j".repeat(200)), Instant::now());
        assert!(jjj.iter().all(|input| matches!(input, Input::KeyInBurst(_))), "{jjj:?}");
        let text = "a".repeat(10_000);
        assert_eq!(Bursts::default().tell(typed(&text), Instant::now()), [Input::Burst(text)]);
    }
}
