//! A question, and the line that answers it.

use std::io::Write as _;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Stdin};

use super::interrupts::{Interrupts, NOTHING_SENT, interrupted};
use super::problem::{Code, Problem};
use super::streams::{Stop, Streams};

/// The most bytes that are read of an answer: fifty tags in one line have half of that.
const MOST: u64 = 64 * 1024;

/// Asks on standard error, reads from standard input.
pub struct Asking<'a> {
    streams: Streams,
    interrupts: &'a mut Interrupts,
    input: BufReader<Stdin>,
}

impl<'a> Asking<'a> {
    /// Nothing is asked yet.
    pub fn new(streams: Streams, interrupts: &'a mut Interrupts) -> Self {
        Self { streams, interrupts, input: BufReader::new(tokio::io::stdin()) }
    }

    /// Says something; text from outside in it has to be escaped.
    pub fn say(&self, text: &str) {
        self.streams.say(text);
    }

    /// Does something that may be given up at any point, until told to end.
    pub async fn during<T>(&mut self, work: impl Future<Output = Result<T, Problem>>) -> Result<T, Stop> {
        self.interrupts.during(NOTHING_SENT, work).await
    }

    /// Asks for a line; that there is none is an end.
    pub async fn ask(&mut self, question: &str) -> Result<String, Stop> {
        if let Some(answer) = self.answer(question).await? {
            return Ok(answer);
        }
        self.streams.say("");
        Err(Problem::new(Code::Interrupted, format!("The input ended. {NOTHING_SENT}")).into())
    }

    /// Asks for a line; `None` where the input ends in place of one.
    pub async fn answer(&mut self, question: &str) -> Result<Option<String>, Stop> {
        let mut errors = std::io::stderr();
        let _ = write!(errors, "{question}: ").and_then(|()| errors.flush());
        let mut line = Vec::new();
        let mut input = (&mut self.input).take(MOST);
        let read = tokio::select! {
            read = input.read_until(b'\n', &mut line) => read,
            () = self.interrupts.next() => {
                self.streams.say("");
                return Err(interrupted(NOTHING_SENT).into());
            }
        };
        match read {
            Ok(0) => Ok(None),
            Ok(read) if read as u64 == MOST => {
                let message = format!("An answer has {MOST} bytes at most. {NOTHING_SENT}");
                Err(Problem::new(Code::ValidationError, message).into())
            }
            Ok(_) => {
                let text = String::from_utf8_lossy(&line);
                Ok(Some(text.trim_end_matches(['\n', '\r']).to_owned()))
            }
            Err(error) => {
                let message = format!("The answer cannot be read: {error}. {NOTHING_SENT}");
                Err(Problem::new(Code::Internal, message).into())
            }
        }
    }
}
