//! The service behind both doors: it counts calls, finds out where they belong and what goes wrong with
//! them, and has them carried out.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::actions;
use super::answering::reply;
use super::errors::ApiError;
use super::faults::{Answer, Fault, FaultScript, Happens};
use super::fleet::Fleet;
use super::places::{Place, Places};
use super::query::{Params, SimRequest};
use super::reply::Reply;
use super::state::State;
use super::xml::Element;
use crate::domain::mark::MARK_KEY;
use crate::domain::tag::Tag;

/// Everything that a simulator knows, but for the time.
#[derive(Debug)]
pub struct Service {
    /// What there is, and where.
    pub places: Places,
    /// What goes wrong.
    pub faults: FaultScript,
    calls: BTreeMap<String, u64>,
    requests: u64,
    late: Vec<Late>,
}

/// A request that was held up on its way.
#[derive(Debug)]
struct Late {
    at: Timestamp,
    place: Place,
    params: Params,
}

impl Service {
    /// A service that starts now.
    #[must_use]
    pub fn new(fleet: Fleet, faults: FaultScript, now: Timestamp) -> Self {
        let places = Places::new(fleet, now);
        Self { places, faults, calls: BTreeMap::new(), requests: 0, late: Vec::new() }
    }

    /// How many calls of an action arrived.
    #[must_use]
    pub fn calls(&self, action: &str) -> u64 {
        self.calls.get(action).copied().unwrap_or_default()
    }

    /// Answers a request.
    pub fn handle(&mut self, request: &SimRequest, now: Timestamp) -> Reply {
        self.catch_up(now);
        self.requests += 1;
        let request_id = format!("{:08x}-5ec5-4c1a-9d0b-{:012x}", self.requests, self.requests * 0x9e37_79b9);
        let params = request.params();
        let action = params.get("Action").unwrap_or_default();
        let call = self.calls.entry(action.to_owned()).or_default();
        *call += 1;
        let fault = self.faults.of_call(action, *call);
        let scope = request.scope(&params);
        if let Some(account) = &fault.account {
            self.places.give_key(&scope.access_key, account);
        }
        let place = self.places.place_of(&scope);
        self.send_rival(&fault, &place, &params, now);
        let result = if request.has_credentials(&params) {
            self.deliver(&fault, &place, &params, now, &request_id)
        } else {
            Err(ApiError::missing_authentication())
        };
        reply(&fault, result, now, &request_id)
    }

    /// Carries out what was held up on its way until now, and what happens in the account by itself.
    pub fn catch_up(&mut self, now: Timestamp) {
        let mut due: Vec<_> = self.late.extract_if(.., |late| late.at <= now).collect();
        due.sort_by_key(|late| late.at);
        for late in due {
            // Nobody is left to be told what became of it.
            let _ = actions::perform(self.places.at(&late.place), &late.params, late.at, "");
        }
        if let Some(tagger) = self.faults.tagger() {
            self.places.all().for_each(|state| state.retag(tagger, now));
        }
    }

    fn send_rival(&mut self, fault: &Fault, place: &Place, params: &Params, now: Timestamp) {
        let Some(rival) = &fault.rival else { return };
        let given = |own: &Option<String>, name| own.clone().or_else(|| params.get(name).map(str::to_owned));
        let tags = if rival.same_tags { params.tags() } else { Vec::new() };
        // Nobody else draws the number of a request.
        let tags = tags.into_iter().filter(|(key, _)| *key != MARK_KEY);
        let tags = tags.map(|(key, value)| Tag::new(key, value)).collect();
        if let Some(name) = given(&rival.identifier, "DBClusterSnapshotIdentifier")
            && let Some(cluster) = given(&rival.cluster, "DBClusterIdentifier")
        {
            actions::create_by_another(self.places.at(place), &name, &cluster, tags, now);
        }
    }

    fn deliver(
        &mut self,
        fault: &Fault,
        place: &Place,
        params: &Params,
        now: Timestamp,
        request_id: &str,
    ) -> Result<Element, ApiError> {
        let state = self.places.at(place);
        if fault.delivered_twice {
            // Whoever sent the copy keeps its answer to himself.
            let _ = actions::perform(state, params, now, "");
        }
        if *fault.answers() == Answer::LoopingMarker {
            return actions::perform(state, &params.without("Marker"), now, request_id);
        }
        let happens = fault.happens();
        if let Happens::After(period) = happens {
            let at = now.checked_add(period.simulated()).unwrap_or(Timestamp::MAX);
            self.late.push(Late { at, place: place.clone(), params: params.clone() });
        }
        let perform = |state: &mut State| actions::perform(state, params, now, request_id);
        match happens {
            Happens::Now => state.with_lag(fault.lag, perform),
            Happens::Never | Happens::After(_) => state.clone().with_lag(fault.lag, perform),
        }
    }
}
