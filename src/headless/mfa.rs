//! The code of an MFA device, before anything else: asked for where somebody sits at a terminal, read where `-`
//! stands for it. The screen, the linear mode and the commands take it from the command line's options alike.

use std::io::{self, Read, Write as _};
use std::sync::{Mutex, PoisonError};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::blocking;
use super::interrupts::{NOTHING_SENT, interrupted};
use super::problem::Problem;
use super::streams::can_ask;
use crate::cli::Global;
use crate::domain::text::escape;
use crate::rds::{Client, MfaCode, ServiceOptions};

/// The most that is read of a code: one has six digits.
const MOST: usize = 64;

/// The code that a role of these places asks for, if one does: of the device that the first of them names, which the
/// question names too. Another device's is asked for on the screen.
///
/// # Errors
/// When the code cannot be read, or whoever was asked wanted to leave.
pub(super) async fn code(global: &Global, places: &[ServiceOptions]) -> Result<MfaCode, Problem> {
    let unreadable = |error: io::Error| Problem::parameter("--mfa-code", "unreadable", &error.to_string());
    let given = global.mfa_code.clone();
    let code = MfaCode::default();
    if global.demo || (given.is_none() && !can_ask()) {
        return Ok(code);
    }
    let Some(device) = Client::device(places).await else { return Ok(code) };
    let name = device.clone();
    let digits = blocking(move || match given.as_deref() {
        Some("-") => Ok(line(io::stdin().lock(), |_| ()).map_err(unreadable)?.unwrap_or_default()),
        Some(given) => Ok(given.to_owned()),
        None => ask(&name).map_err(unreadable)?.ok_or_else(|| interrupted(NOTHING_SENT)),
    });
    code.give(&device, &digits.await?);
    Ok(code)
}

/// Asks for a code, and shows a star for each digit; `None` if whoever was asked wants to leave.
fn ask(device: &str) -> io::Result<Option<String>> {
    let mut stderr = io::stderr();
    // Before the question is there, so that nothing of the answer is shown.
    let quiet = Quiet::new()?;
    write!(stderr, "Code of the MFA device {}: ", escape(device))?;
    stderr.flush()?;
    let read = line(io::stdin().lock(), |text| {
        // Where nothing can be shown any more, the code is read all the same.
        let _ = write!(io::stderr(), "{text}").and_then(|()| io::stderr().flush());
    });
    drop(quiet);
    read
}

/// Reads a line, key by key, and no more than that; `None` at control-c or control-d.
fn line(mut input: impl Read, show: impl Fn(&str)) -> io::Result<Option<String>> {
    let mut code = String::new();
    let mut key = [0];
    while input.read(&mut key)? == 1 {
        match key[0] {
            b'\r' | b'\n' => return Ok(Some(code)),
            0x03 | 0x04 => return Ok(None),
            0x08 | 0x7f if code.pop().is_some() => show("\u{8} \u{8}"),
            digit if digit.is_ascii_graphic() && code.len() < MOST => {
                code.push(char::from(digit));
                show("*");
            }
            _ => {}
        }
    }
    Ok(Some(code).filter(|code| !code.is_empty()))
}

/// How the terminal was before it was made quiet, while it is.
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

/// A terminal that shows nothing of what is typed, until this is dropped.
struct Quiet;

impl Quiet {
    fn new() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        let made = Self;
        tcsetattr(io::stdin(), OptionalActions::Flush, &quiet)?;
        Ok(made)
    }
}

/// Gives the terminal back as it was, if a question was left open: whoever waits for its answer is left behind where
/// the program is told to end.
pub(super) fn give_back() {
    let before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(before) = before {
        // A terminal that is gone has no settings to give back.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &before);
        let _ = writeln!(io::stderr());
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        give_back();
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_key_by_key_and_can_be_left() {
        let of = |keys: &[u8]| line(keys, |_| ()).unwrap();
        assert_eq!(of(b"123456\n789").as_deref(), Some("123456"));
        assert_eq!(of(b"12x\x7f3\r").as_deref(), Some("123"));
        assert_eq!(of(b"123\x1b[A456").as_deref(), Some("123[A456"));
        assert_eq!((of(b"12\x03"), of(b"\x04"), of(b"")), (None, None, None));
    }
}
