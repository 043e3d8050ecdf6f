//! A panic in code of others, met inside one call, ends that call and not the program.
//!
//! What is known to make the AWS SDK panic is kept from it (`harmless`, `credentials`). This is for what is
//! not known. The panic hook stays silent for it: the one of the screen program would end the program.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::panic::{self, AssertUnwindSafe, Location};
use std::sync::Once;
use std::task::Poll;

thread_local! {
    /// Whether this thread is inside of a call.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// Where the last panic inside of a call was.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// A panic that was caught, with its place in the sources. What it says is left out: it may quote a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the code that makes the calls broke at {0}; report it")]
pub(super) struct Broken(String);

/// Drives a future to its end, or to its panic.
pub(super) async fn contained<T>(call: impl Future<Output = T>) -> Result<T, Broken> {
    install_hook();
    let mut call = Box::pin(call);
    poll_fn(|cx| {
        let before = INSIDE.replace(true);
        // What the panic left half-done belongs to the call, which is never polled again.
        let polled = panic::catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(cx)));
        INSIDE.set(before);
        match polled {
            Ok(Poll::Ready(answer)) => Poll::Ready(Ok(answer)),
            Ok(Poll::Pending) => Poll::Pending,
            Err(_) => {
                let place = PLACE.take().unwrap_or_else(|| "an unknown place".to_owned());
                tracing::error!(place, "a call panicked");
                Poll::Ready(Err(Broken(place)))
            }
        }
    })
    .await
}

/// Puts a hook before the one that there is, once: for a panic inside of a call it only notes the place.
fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if INSIDE.get() {
                PLACE.set(info.location().map(place));
            } else {
                hook(info);
            }
        }));
    });
}

/// A place in the sources, without the folders of the machine that built them.
fn place(location: &Location<'_>) -> String {
    let file = location.file();
    let parts: Vec<&str> = file.rsplit(['/', '\\']).take(4).collect();
    let file = parts.into_iter().rev().collect::<Vec<_>>().join("/");
    format!("{file}:{}", location.line())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_in_a_call_is_its_result_and_names_its_place_but_not_its_words() {
        let broken = contained(async {
            tokio::task::yield_now().await;
            assert!(std::env::args().count() == 0, "s3cr3t");
        });
        let broken = broken.await.expect_err("it panics").to_string();
        assert!(broken.contains("rds/contain.rs:") && !broken.contains("s3cr3t"), "{broken}");
        assert!(!INSIDE.get());
        assert_eq!(contained(async { 1 }).await, Ok(1));
    }
}
