//! Frames on their way to the terminal, written by a thread of its own.
//!
//! A stalled SSH link blocks a write for minutes. Then no further frame is drawn, and everything else
//! goes on: keys are taken, answers come in, a create reaches its outcome, quitting works.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

use tokio::sync::Notify;

use super::terminal;

/// The way out for frames. One at a time.
#[derive(Debug)]
pub struct Output {
    /// Each with the turn that it was drawn in.
    frames: SyncSender<(Vec<u8>, u64)>,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    is_busy: AtomicBool,
    is_gone: AtomicBool,
    changed: Notify,
}

impl Output {
    /// Starts the writer.
    pub fn start() -> io::Result<Self> {
        let (frames, waiting) = sync_channel::<(Vec<u8>, u64)>(1);
        let shared = Arc::new(Shared::default());
        let writer = Arc::clone(&shared);
        std::thread::Builder::new().name("output".to_owned()).spawn(move || {
            for (frame, turn) in waiting {
                if terminal::write(&frame, turn).is_err() {
                    writer.is_gone.store(true, Ordering::SeqCst);
                }
                writer.is_busy.store(false, Ordering::SeqCst);
                writer.changed.notify_one();
            }
        })?;
        Ok(Self { frames, shared })
    }

    /// Whether the last frame is still on its way.
    pub(crate) fn is_busy(&self) -> bool {
        self.shared.is_busy.load(Ordering::SeqCst)
    }

    /// Whether the terminal refused a frame: it is gone.
    pub(crate) fn is_gone(&self) -> bool {
        self.shared.is_gone.load(Ordering::SeqCst)
    }

    /// Hands a frame to the writer. To be called only while it is not busy.
    pub fn send(&self, frame: Vec<u8>) {
        self.shared.is_busy.store(true, Ordering::SeqCst);
        // The writer ends only with the program.
        let _ = self.frames.try_send((frame, terminal::turn()));
    }

    /// Resolves when a frame has been written since the last time.
    pub async fn written(&self) {
        self.shared.changed.notified().await;
    }
}
