//! What a panic in any task does: the terminal comes back first, then one line says what broke.

use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::domain::text;

use super::terminal;

/// The exit code after a panic, the one that Rust programs have.
pub const EXIT_CODE: u8 = 101;

/// Installs the hook. `ended` is notified after a panic: the screen is gone, so the program ends.
pub fn install(ended: &Arc<Notify>) {
    let ended = Arc::clone(ended);
    std::panic::set_hook(Box::new(move |info| {
        terminal::leave();
        // A terminal that is gone takes no message, and there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{}", report(info));
        ended.notify_one();
    }));
}

fn report(info: &PanicHookInfo<'_>) -> String {
    let message = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    format!(
        "clustersnap broke: {} ({}). Start it again: it looks up every request that its journal has open.",
        text::escape(message),
        text::escape(&place)
    )
}
