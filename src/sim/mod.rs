//! An embedded RDS: a state machine with its own clock, the Query/XML protocol, faults on a script.
//!
//! One [`Simulator::handle`], two doors: [`in_process`] for `--demo` and tests, where the real SDK
//! speaks to it without a socket, and [`serve`] over HTTP for `clustersnap sim`. It shares the identifier's and
//! the tags' rules with the program's own form, and nothing else: it knows no screen, no journal and
//! no client. Only [`in_process`] names `aws_*`.
//!
//! - [`fleet`]: what there is at the start; `places`: in which account and Region; `state`: what becomes of
//!   it in one; [`clock`]: its time
//! - [`query`], `xml`, [`errors`], `paging`, `filters`: the protocol
//! - `actions`: what it does; anything else is AWS's `InvalidAction`, not a guess
//! - [`demo`]: the places of `--demo`; `made_up`: clusters of places that no file tells of
//! - [`Setup`]: the simulator that a command line asks for
//! - `service`: which call it is, and where; `answering`: its reply
//! - [`faults`]: what goes wrong; [`reply`]: what the doors send

mod actions;
mod answering;
pub mod clock;
pub mod demo;
pub mod errors;
pub mod faults;
mod filters;
pub mod fleet;
mod http;
pub mod in_process;
mod made_up;
mod paging;
mod places;
pub mod query;
pub mod reply;
mod service;
mod setup;
mod state;
mod xml;

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use self::clock::{Period, SimulatedClock};
use self::faults::FaultScript;
use self::fleet::Fleet;
pub use self::http::serve;
use self::query::{Scope, SimRequest};
use self::reply::Reply;
use self::service::SimulatedService;
pub use self::setup::{Setup, SetupError, hint};
use crate::domain::tag::Tag;

/// How a simulator's time runs.
#[derive(Clone, Copy, Debug)]
pub struct SimulatorOptions {
    /// The simulated time at the start; the world's, if left out.
    pub epoch: Option<Timestamp>,
    /// How many times as fast as the world's it runs.
    pub speed: f64,
}

impl Default for SimulatorOptions {
    fn default() -> Self {
        Self { epoch: None, speed: 1.0 }
    }
}

/// An RDS in this process.
#[derive(Debug)]
pub struct Simulator {
    clock: Mutex<SimulatedClock>,
    service: Mutex<SimulatedService>,
}

impl Simulator {
    /// Starts a simulator with that fleet.
    #[must_use]
    pub fn new(fleet: Fleet, faults: FaultScript, options: SimulatorOptions) -> Self {
        let clock = SimulatedClock::start(options.epoch.unwrap_or_else(Timestamp::now), options.speed);
        let service = SimulatedService::new(fleet, faults, clock.now());
        Self { clock: Mutex::new(clock), service: Mutex::new(service) }
    }

    /// Starts the simulator of `--demo`: the fleet that is part of the program, and no faults.
    #[must_use]
    pub fn demo() -> Self {
        Self::new(Fleet::demo().everywhere(), FaultScript::default(), SimulatorOptions::default())
    }

    /// Answers a request.
    pub(crate) fn handle(&self, request: &SimRequest) -> Reply {
        let now = self.now();
        self.lock().handle(request, now)
    }

    /// Refuses a request of which a door has read more than this and will read no more.
    fn refuse_as_too_large(&self, most: usize) -> Reply {
        let now = self.now();
        self.lock().refuse_as_too_large(most, now)
    }

    /// Replaces the faults that are still to come. Calls go on being counted.
    pub fn set_faults(&self, faults: FaultScript) {
        self.lock().faults = faults;
    }

    /// Takes a snapshot as somebody else would, unchecked, in the fleet's own account and Region.
    pub fn create_by_another(&self, name: &str, cluster: &str, tags: Vec<Tag>) {
        let now = self.now();
        let mut service = self.lock();
        let place = service.places.place_of(&Scope::default());
        actions::create_by_another(service.places.at(&place), name, cluster, tags, now);
    }

    /// How many calls of an action arrived, whatever became of them.
    #[must_use]
    pub fn calls(&self, action: &str) -> u64 {
        self.lock().calls(action)
    }

    /// How many calls of `CreateDBClusterSnapshot` took effect, in any account and Region.
    #[must_use]
    pub fn creates(&self) -> u64 {
        self.caught_up().places.all().map(|state| state.created).sum()
    }

    /// Deletes a snapshot as somebody else would, unchecked, in the fleet's own account and Region.
    pub fn delete_by_another(&self, name: &str) {
        let now = self.now();
        let mut service = self.lock();
        let place = service.places.place_of(&Scope::default());
        actions::delete_by_another(service.places.at(&place), name, now);
    }

    /// Whether there is a snapshot of that name in truth, in any account and Region, whatever lists show yet.
    #[must_use]
    pub fn has_snapshot(&self, name: &str) -> bool {
        !self.snapshots_named(name).is_empty()
    }

    /// The ARNs of the snapshots of that name that there are in truth: they tell account and Region.
    #[must_use]
    pub fn snapshots_named(&self, name: &str) -> Vec<String> {
        let mut service = self.caught_up();
        let found = service.places.all().filter_map(|state| state.snapshot(name));
        found.map(|snapshot| snapshot.arn.clone()).collect()
    }

    /// The simulated time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock().now()
    }

    /// Lets so much of the simulated time pass at once.
    pub fn skip(&self, period: impl Into<Period>) {
        self.clock().skip(period.into());
    }

    fn clock(&self) -> MutexGuard<'_, SimulatedClock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, SimulatedService> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The service as it is now.
    fn caught_up(&self) -> MutexGuard<'_, SimulatedService> {
        let now = self.now();
        let mut service = self.lock();
        service.catch_up(now);
        service
    }
}
