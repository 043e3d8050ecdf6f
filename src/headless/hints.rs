//! Commands for a person to paste, with the options that lead to the same place: without them they would ask another
//! account. There are none in the demo, which ends with the program.

use crate::domain::change_id::ChangeId;
use crate::domain::command::{here, own, quote, watch};
use crate::domain::text::escape;
use crate::session::Session;

/// What is said in the demo in place of a command.
const OF_DEMO: &str = "This was the embedded simulator: what it shows ends with the program.";

/// The command that looks up what is open in a place of the journal.
pub fn watch_place(profile: Option<&str>, region: Option<&str>) -> String {
    own(vec!["watch".to_owned()], &[("--profile", profile), ("--region", region)])
}

/// How to go on following.
pub fn how_to_go_on(session: &Session, names: impl Iterator<Item = impl ToString>) -> String {
    match watch(session.target(), names) {
        Some(command) => format!("To go on following: {command}"),
        None => OF_DEMO.to_owned(),
    }
}

/// How to go on following a change in these places. The journal knows them, but for a URL that was given for all.
pub fn how_to_follow<'a>(change: &ChangeId, places: impl Iterator<Item = &'a Session>) -> String {
    let places: Vec<_> = places.map(Session::target).collect();
    if places.iter().any(|place| place.is_demo) {
        return OF_DEMO.to_owned();
    }
    let url = places.first().and_then(|first| first.endpoint.as_deref());
    let url = url.filter(|url| places.iter().all(|place| place.endpoint.as_deref() == Some(*url)));
    let option = url.map(|url| format!(" --endpoint-url {}", quote(url))).unwrap_or_default();
    escape(&format!("To go on following: clustersnap watch --change {change}{option}"))
}

/// How to make room in a quota that is used up.
pub fn make_room(session: &Session) -> String {
    let words = ["delete", "--filter", "'type:manual age>90d'", "--keep-last", "3", "--dry-run"];
    match here(session.target(), words.map(str::to_owned).to_vec()) {
        Some(command) => format!("What can be deleted to make room: {command}"),
        None => "The embedded simulator has a quota too: its snapshots go with the program.".to_owned(),
    }
}
