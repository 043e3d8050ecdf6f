//! Commands for a person to paste, with the options that lead to the same place: without them they would ask another
//! account. There are none in the demo, which ends with the program.

use crate::cli::Global;
use crate::domain::change_id::ChangeId;
use crate::domain::command::{here, own, watch};
use crate::domain::record::{Entry, Record};
use crate::domain::text::escape;
use crate::session::Session;

/// What is said in the demo in place of a command.
const OF_DEMO: &str = "This was the embedded simulator: what it shows ends with the program.";

/// The command that looks up what an entry of the journal left open, in its place. Where that has no profile, another
/// shell may ask as somebody else: the account tells.
pub fn watch_entry(entry: &Entry) -> String {
    let (account, profile, region) = entry.place();
    let url = given_url(entry.endpoint(), region);
    let options = [("--profile", profile), ("--region", region), ("--endpoint-url", url)];
    let command = own(vec!["watch".to_owned()], &options);
    match account.filter(|_| profile.is_none()) {
        Some(account) => format!("{command}, asked as account {},", escape(account.as_str())),
        None => command,
    }
}

/// The URL that a request went to, where somebody gave it: AWS's own for the Region is found without.
fn given_url<'a>(url: &'a str, region: Option<&str>) -> Option<&'a str> {
    let is_own = |region: &str| {
        ["rds", "rds-fips"].iter().any(|host| url.starts_with(&format!("https://{host}.{region}.")))
    };
    Some(url).filter(|url| url.contains("://") && !region.is_some_and(is_own))
}

/// The URL of all, if it is one.
fn url_of_all<'a>(mut urls: impl Iterator<Item = Option<&'a str>>) -> Option<&'a str> {
    let first = urls.next()??;
    urls.all(|url| url == Some(first)).then_some(first)
}

/// The command that looks up what is open of a change, where this command was told to look.
pub fn watch_change(change: &ChangeId, open: &[&Record], global: &Global) -> String {
    let urls = open.iter().map(|record| given_url(&record.intent.endpoint, record.intent.region.as_deref()));
    let url = global.endpoint_url.as_deref().or_else(|| url_of_all(urls));
    let profiles = global.profiles.iter().map(|name| ("--profile", Some(name.as_str())));
    let regions = global.regions.iter().map(|name| ("--region", Some(name.as_str())));
    let others = [("--places", global.places.as_deref()), ("--endpoint-url", url)];
    let options: Vec<_> = profiles.chain(regions).chain(others).collect();
    own(vec!["watch".to_owned(), "--change".to_owned(), change.to_string()], &options)
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
    let url = url_of_all(places.iter().map(|place| place.endpoint.as_deref()));
    let words = vec!["watch".to_owned(), "--change".to_owned(), change.to_string()];
    format!("To go on following: {}", own(words, &[("--endpoint-url", url)]))
}

/// How to make room in a quota that is used up.
pub fn make_room(session: &Session) -> String {
    let words = ["delete", "--filter", "'type:manual age>90d'", "--keep-last", "3", "--dry-run"];
    match here(session.target(), words.map(str::to_owned).to_vec()) {
        Some(command) => format!("What can be deleted to make room: {command}"),
        None => "The embedded simulator has a quota too: its snapshots go with the program.".to_owned(),
    }
}
