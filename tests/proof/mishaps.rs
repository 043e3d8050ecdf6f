//! What goes wrong with a request for a snapshot that is there, or with its answer, on the way: the cases of deletions
//! and of changes of tags are driven alike.

use super::altered::{Fate, listed, word};
use super::support::proxy::{Answer, Asked, Back, Proxy, Road};
use super::support::query::Listed;
use super::world::*;

/// What a test does to the requests for the snapshot of a name.
pub type Meddle = fn(&Asked, &Road) -> Back;

/// What goes wrong, what is said of it in the end, and how many requests leave.
pub type Case = (&'static str, Meddle, &'static str, usize);

/// A case under way: its snapshot has its name.
pub struct Mishap<'a> {
    pub name: &'static str,
    pub expected: &'static str,
    pub service: &'a str,
    pub proxy: Proxy,
    pub desk: Desk,
    before: Listed,
    sent: usize,
}

impl Mishap<'_> {
    /// What became of it, by requests of these actions.
    pub fn fate(&self, actions: &[&str]) -> Fate {
        Fate::of(&self.before, actions, &self.proxy, self.service)
    }

    /// Panics if another word was told, or another number of requests left.
    #[track_caller]
    pub fn ends_as_expected(&self, told: &Told, fate: &Fate) {
        let so = (word(told, self.name), fate.sent);
        assert_eq!((so.0.as_str(), so.1), (self.expected, self.sent), "{fate:?}\n{told}");
    }
}

/// The names of cases.
pub fn names(cases: &[Case]) -> Vec<&'static str> {
    cases.iter().map(|(name, ..)| *name).collect()
}

/// Each case at a desk of its own, side by side.
pub fn each_case(cases: &'static [Case], service: &str, judge: impl Fn(&Mishap) + Send + Sync) {
    side_by_side(names(cases), |name| {
        let (_, meddle, expected, sent) = *cases.iter().find(|case| case.0 == name).unwrap();
        let before = listed(service, name).unwrap();
        let proxy = Proxy::start(service, meddle);
        let desk = Desk::new(&proxy.url);
        judge(&Mishap { name, expected, service, proxy, desk, before, sent });
    });
}

/// Whether it is the look at the snapshot alone, and no list.
pub fn is_look(asked: &Asked) -> bool {
    asked.action == LOOK_UP && !asked.snapshot().is_empty()
}

pub fn login() -> Answer {
    Answer::page("200 OK", "<html><title>Log in</title></html>")
}

pub fn throttle() -> Answer {
    Answer::refusal(400, "Throttling", "Rate exceeded")
}

pub fn internal() -> Answer {
    Answer::refusal(500, "InternalFailure", "An internal error has occurred")
}

pub fn denied(action: &str) -> Answer {
    Answer::refusal(403, "AccessDenied", &format!("not authorized to perform: rds:{action}"))
}
