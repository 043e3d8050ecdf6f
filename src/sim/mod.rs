//! An embedded RDS: a state machine with its own clock, the Query/XML protocol, faults on a script.
//!
//! One [`Simulator::handle`], two doors: [`in_process`] for `--demo` and tests, where the real SDK
//! speaks to it without a socket, and [`serve`] over HTTP for `clustersnap sim`. It shares the identifier's and
//! the tags' rules with the program's own form, and nothing else: it knows no screen, no journal and
//! no client. Only [`in_process`] names `aws_*`.
//!
//! - [`fleet`]: what there is at the start; `state`: what becomes of it; [`clock`]: its time
//! - [`query`], `xml`, [`errors`], `paging`, `filters`: the protocol
//! - `actions`: what it does; anything else is AWS's `InvalidAction`, not a guess
//! - [`Setup`]: the simulator that a command line asks for
//! - [`faults`]: what goes wrong; [`reply`]: what the doors send

mod actions;
pub mod clock;
pub mod errors;
pub mod faults;
mod filters;
pub mod fleet;
mod http;
pub mod in_process;
mod paging;
pub mod query;
pub mod reply;
mod setup;
mod state;
mod xml;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use self::clock::{Clock, Period};
use self::errors::ApiError;
use self::faults::{Answer, Fault, FaultScript, Happens};
use self::fleet::Fleet;
pub use self::http::serve;
use self::query::{Params, SimRequest};
use self::reply::{Delivery, Reply};
pub use self::setup::{Setup, SetupError, hint};
use self::state::State;
use self::xml::Element;
use crate::domain::tag::Tag;

const RDS_NAMESPACE: &str = "http://rds.amazonaws.com/doc/2014-10-31/";
const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// How a simulator's time runs.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The simulated time at the start; the world's, if left out.
    pub epoch: Option<Timestamp>,
    /// How many times as fast as the world's it runs.
    pub speed: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self { epoch: None, speed: 1.0 }
    }
}

/// An RDS in this process.
#[derive(Debug)]
pub struct Simulator {
    clock: Mutex<Clock>,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: State,
    faults: FaultScript,
    calls: BTreeMap<String, u64>,
    requests: u64,
    late: Vec<(Timestamp, Params)>,
}

impl Simulator {
    /// Starts a simulator with that fleet.
    #[must_use]
    pub fn new(fleet: Fleet, faults: FaultScript, options: Options) -> Self {
        let clock = Clock::start(options.epoch.unwrap_or_else(Timestamp::now), options.speed);
        let state = State::new(fleet, clock.now());
        let calls = BTreeMap::new();
        Self {
            clock: Mutex::new(clock),
            inner: Mutex::new(Inner { state, faults, calls, requests: 0, late: Vec::new() }),
        }
    }

    /// Starts the simulator of `--demo`: the fleet that is part of the program, and no faults.
    #[must_use]
    pub fn demo() -> Self {
        Self::new(Fleet::demo(), FaultScript::default(), Options::default())
    }

    /// Answers a request.
    #[must_use]
    pub fn handle(&self, request: &SimRequest) -> Reply {
        let now = self.now();
        self.lock().handle(request, now)
    }

    /// Replaces the faults that are still to come. Calls go on being counted.
    pub fn set_faults(&self, faults: FaultScript) {
        self.lock().faults = faults;
    }

    /// Takes a snapshot as somebody else would, unchecked.
    pub fn create_by_another(&self, name: &str, cluster: &str, tags: Vec<Tag>) {
        let now = self.now();
        actions::create_by_another(&mut self.lock().state, name, cluster, tags, now);
    }

    /// How many calls of an action arrived, whatever became of them.
    #[must_use]
    pub fn calls(&self, action: &str) -> u64 {
        self.lock().calls.get(action).copied().unwrap_or_default()
    }

    /// How many calls of `CreateDBClusterSnapshot` took effect.
    #[must_use]
    pub fn creates(&self) -> u64 {
        let now = self.now();
        let mut inner = self.lock();
        inner.catch_up(now);
        inner.state.created
    }

    /// Whether there is a snapshot of that name in truth, whatever lists show yet.
    #[must_use]
    pub fn has_snapshot(&self, name: &str) -> bool {
        let now = self.now();
        let mut inner = self.lock();
        inner.catch_up(now);
        inner.state.snapshot(name).is_some()
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

    fn clock(&self) -> MutexGuard<'_, Clock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn handle(&mut self, request: &SimRequest, now: Timestamp) -> Reply {
        self.catch_up(now);
        self.requests += 1;
        let request_id = format!("{:08x}-5ec5-4c1a-9d0b-{:012x}", self.requests, self.requests * 0x9e37_79b9);
        let params = request.params();
        let action = params.get("Action").unwrap_or_default();
        let call = self.calls.entry(action.to_owned()).or_default();
        *call += 1;
        let fault = self.faults.of_call(action, *call).cloned().unwrap_or_else(|| Fault::on(action));
        self.send_rival(&fault, &params, now);
        let result = if request.has_credentials(&params) {
            self.carry_out(&fault, &params, now, &request_id)
        } else {
            Err(ApiError::missing_authentication())
        };
        reply(&fault, result, now, &request_id)
    }

    /// Carries out what was held up on its way until now.
    fn catch_up(&mut self, now: Timestamp) {
        let mut due: Vec<_> = self.late.extract_if(.., |(at, _)| *at <= now).collect();
        due.sort_by_key(|(at, _)| *at);
        for (at, params) in due {
            // Nobody is left to be told what became of it.
            let _ = actions::perform(&mut self.state, &params, at, "");
        }
    }

    fn send_rival(&mut self, fault: &Fault, params: &Params, now: Timestamp) {
        let Some(rival) = &fault.rival else { return };
        let given = |own: &Option<String>, name| own.clone().or_else(|| params.get(name).map(str::to_owned));
        let tags = if rival.same_tags { params.tags() } else { Vec::new() };
        let tags = tags.into_iter().map(|(key, value)| Tag::new(key, value)).collect();
        if let Some(name) = given(&rival.identifier, "DBClusterSnapshotIdentifier")
            && let Some(cluster) = given(&rival.cluster, "DBClusterIdentifier")
        {
            actions::create_by_another(&mut self.state, &name, &cluster, tags, now);
        }
    }

    fn carry_out(
        &mut self,
        fault: &Fault,
        params: &Params,
        now: Timestamp,
        request_id: &str,
    ) -> Result<Element, ApiError> {
        if fault.answer == Answer::LoopingMarker {
            return actions::perform(&mut self.state, &params.without("Marker"), now, request_id);
        }
        match fault.happens() {
            Happens::Now => actions::perform(&mut self.state, params, now, request_id),
            Happens::Never => actions::perform(&mut self.state.clone(), params, now, request_id),
            Happens::After(period) => {
                let at = now.checked_add(period.simulated()).unwrap_or(Timestamp::MAX);
                self.late.push((at, params.clone()));
                actions::perform(&mut self.state.clone(), params, now, request_id)
            }
        }
    }
}

fn reply(fault: &Fault, result: Result<Element, ApiError>, now: Timestamp, request_id: &str) -> Reply {
    let result = match &fault.answer {
        Answer::Error { status, code, message } => Err(ApiError::new(*status, code.clone(), message)),
        _ => result,
    };
    let (status, mut document) = match result {
        Ok(document) => (200, document),
        Err(error) => (error.status, error.to_element(request_id)),
    };
    for edit in &fault.edits {
        document.edit(&edit.element, edit.text.as_deref());
    }
    if fault.answer == Answer::LoopingMarker {
        document.put_in_first(Element::text("Marker", "again"));
    }
    let mut reply = Reply {
        status,
        headers: headers(now, request_id),
        body: Bytes::from(document.to_document()),
        delay: fault.delay.real(),
        delivery: Delivery::Whole,
    };
    match &fault.answer {
        Answer::Normal | Answer::Error { .. } | Answer::LoopingMarker => {}
        Answer::Body { status, body } => replace(&mut reply, *status, Bytes::from(body.clone())),
        Answer::Garbage => replace(&mut reply, 200, Bytes::from_static(b"\x00\xff\xfe<\xc3\x28>\x1b[2J")),
        Answer::Truncate { percent } => {
            let length = reply.body.len() * usize::from(*percent) / 100;
            reply.delivery = Delivery::Truncated(length.min(reply.body.len().saturating_sub(1)));
        }
        Answer::Drip { bytes, every } => {
            reply.delivery = Delivery::Dripped { bytes: *bytes, every: every.real() };
        }
        Answer::Drop => reply.delivery = Delivery::Dropped,
        Answer::Hang => reply.delivery = Delivery::Hung,
        Answer::Refuse => reply.delivery = Delivery::Refused,
    }
    reply
}

/// Puts something into an answer that does not come from AWS, so it has none of AWS's headers.
fn replace(reply: &mut Reply, status: u16, body: Bytes) {
    reply.status = status;
    reply.headers = vec![("Content-Type", "text/html".to_owned())];
    reply.body = body;
}

fn headers(now: Timestamp, request_id: &str) -> Vec<(&'static str, String)> {
    let mut headers =
        vec![("Content-Type", "text/xml".to_owned()), ("x-amzn-RequestId", request_id.to_owned())];
    // Only years beyond 9999 have no such form.
    headers.extend(DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok().map(|date| ("Date", date)));
    headers
}
