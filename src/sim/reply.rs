//! What a door has to send, and how: whole, cut off, drop by drop, or not at all.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::Sleep;

use super::faults::FaultyAnswer;

/// An answer, complete.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers, without a length.
    pub headers: Vec<(&'static str, String)>,
    /// The whole body.
    pub body: Bytes,
    /// How long a door waits before it does anything.
    pub delay: Duration,
    /// How the door sends it: whole, unless it is one of those that come in part, slowly or not at all.
    pub delivery: FaultyAnswer,
}

impl Reply {
    /// The body as it goes over the wire.
    pub(crate) fn wire_body(&self) -> WireBody {
        let (chunks, pause, broken) = match &self.delivery {
            FaultyAnswer::Truncate { percent } => {
                let length = self.body.len() * usize::from(*percent) / 100;
                let length = length.min(self.body.len().saturating_sub(1));
                (vec![self.body.slice(..length)], Duration::ZERO, true)
            }
            FaultyAnswer::Drip { bytes, every } => {
                let chunks = self.body.chunks(*bytes.max(&1)).map(|chunk| self.body.slice_ref(chunk));
                (chunks.collect(), every.real(), false)
            }
            _ => (vec![self.body.clone()], Duration::ZERO, false),
        };
        WireBody { chunks: chunks.into(), pause, broken, timer: None }
    }
}

/// How long a connection stays open after the last byte before it breaks: without it, the server
/// would break it before what it has in hand is sent.
const BEFORE_BREAKING: Duration = Duration::from_millis(50);

/// A body that may come slowly, and may break off.
#[derive(Debug)]
pub struct WireBody {
    chunks: VecDeque<Bytes>,
    pause: Duration,
    broken: bool,
    timer: Option<Pin<Box<Sleep>>>,
}

impl Body for WireBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let body = self.get_mut();
        if let Some(timer) = &mut body.timer {
            ready!(timer.as_mut().poll(cx));
            body.timer = None;
        }
        let Some(chunk) = body.chunks.pop_front() else {
            let end = std::mem::take(&mut body.broken).then(broken_connection);
            return Poll::Ready(end.map(Err));
        };
        let pause = if body.broken { BEFORE_BREAKING } else { body.pause };
        if !pause.is_zero() {
            body.timer = Some(Box::pin(tokio::time::sleep(pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

/// The error of a connection that broke.
pub(crate) fn broken_connection() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the simulator broke the connection")
}
