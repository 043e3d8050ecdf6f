//! That a list has nothing in it: said with the places that were looked at, for an empty table tells neither.

use super::places::{Answers, Found};
use super::streams::Streams;
use crate::domain::text::escape;
use crate::session::Session;

/// Says that nothing of a kind was found, and where. Who the caller is stays untold where it cannot be asked.
pub async fn say<T>(streams: Streams, answers: &Answers<T>, what: &str) {
    match answers.found.as_slice() {
        [] => {}
        [Found { session, .. }] => say_of(streams, session, what).await,
        several => streams.say(&escape(&format!("{what} in the {} places that answered.", several.len()))),
    }
}

async fn say_of(streams: Streams, session: &Session, what: &str) {
    let account = match session.caller() {
        Some(caller) => Some(caller.account),
        None => session.read_caller().await.ok().map(|caller| caller.account),
    };
    let account = account.map(|account| format!("account {account}, ")).unwrap_or_default();
    let place = session.target();
    let region = place.region.clone().unwrap_or_default();
    let url = if place.is_demo { ", the embedded simulator" } else { "" };
    streams.say(&escape(&format!("{what} in {account}Region {region}{url}.")));
}
