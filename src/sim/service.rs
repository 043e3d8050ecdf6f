//! The service behind both doors: it counts calls, finds out where they belong and what goes wrong with
//! them, and has them carried out.

use std::collections::BTreeMap;

use http::Method;
use jiff::Timestamp;

use super::actions::{Operation, create_by_another, delete_by_another};
use super::answering::{self, FAULT_NAMESPACE};
use super::errors::ApiError;
use super::faults::{Fault, FaultScript, FaultyAnswer, Happens};
use super::fleet::Fleet;
use super::places::{AccountRegion, SimulatedPlaces};
use super::query::{Params, SimRequest};
use super::reply::Reply;
use super::state::PlaceState;
use super::xml::Element;
use crate::domain::mark::MARK_KEY;
use crate::domain::tag::Tag;

/// Everything that a simulator knows, but for the time.
#[derive(Debug)]
pub struct SimulatedService {
    /// What there is, and where.
    pub places: SimulatedPlaces,
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
    place: AccountRegion,
    operation: Operation,
    params: Params,
}

/// One call: how it is known, and when it arrived.
#[derive(Clone, Debug)]
pub struct Call {
    /// The request id.
    pub id: String,
    /// The moment.
    pub now: Timestamp,
}

impl SimulatedService {
    /// A service that starts now.
    pub(crate) fn new(fleet: Fleet, faults: FaultScript, now: Timestamp) -> Self {
        let places = SimulatedPlaces::new(fleet, now);
        Self { places, faults, calls: BTreeMap::new(), requests: 0, late: Vec::new() }
    }

    /// How many calls of an action arrived.
    pub(crate) fn calls(&self, action: &str) -> u64 {
        self.calls.get(action).copied().unwrap_or_default()
    }

    /// Answers a request.
    pub fn handle(&mut self, request: &SimRequest, now: Timestamp) -> Reply {
        self.catch_up(now);
        self.requests += 1;
        let call = Call { id: self.request_id(), now };
        if request.method != Method::GET && request.method != Method::POST {
            return answering::unknown_operation(&call);
        }
        self.answer(request, &request.params(), &call)
    }

    /// Refuses a request that is larger than a door reads.
    pub fn refuse_as_too_large(&mut self, most: usize, now: Timestamp) -> Reply {
        self.requests += 1;
        answering::refusal(&ApiError::too_large(most), &Call { id: self.request_id(), now })
    }

    fn request_id(&self) -> String {
        format!("{:08x}-5ec5-4c1a-9d0b-{:012x}", self.requests, self.requests * 0x9e37_79b9)
    }

    fn answer(&mut self, request: &SimRequest, params: &Params, call: &Call) -> Reply {
        let action = params.raw("Action").unwrap_or_default();
        let count = self.calls.entry(action.to_owned()).or_default();
        *count += 1;
        let fault = self.faults.of_call(action, *count);
        let scope = request.scope(params);
        if let Some(account) = &fault.account {
            self.places.give_key(&scope.access_key, account);
        }
        let place = self.places.place_of(&scope);
        self.send_rival(&fault, &place, params, call.now);
        // An operation is looked for before anybody asks who calls.
        let (namespace, result) = match Operation::find(params) {
            Err(error) => (FAULT_NAMESPACE, Err(error)),
            Ok(known) if !request.has_credentials(params) => {
                (known.namespace, Err(ApiError::missing_authentication()))
            }
            Ok(known) => (known.namespace, self.deliver(known, &fault, &place, params, call)),
        };
        answering::reply(&fault, result, namespace, call)
    }

    /// Carries out what was held up on its way until now, and what happens in the account by itself.
    pub fn catch_up(&mut self, now: Timestamp) {
        let mut due: Vec<_> = self.late.extract_if(.., |late| late.at <= now).collect();
        due.sort_by_key(|late| late.at);
        for late in due {
            // Nobody is left to be told what became of it.
            let _ = late.operation.perform(self.places.at(&late.place), &late.params, late.at, "");
        }
        self.places.all().for_each(|state| state.bury(now));
        if let Some(tagger) = &self.faults.tagger {
            self.places.all().for_each(|state| state.retag(tagger, now));
        }
    }

    fn send_rival(&mut self, fault: &Fault, place: &AccountRegion, params: &Params, now: Timestamp) {
        let Some(rival) = &fault.rival else { return };
        let given = |own: &Option<String>, name| own.clone().or_else(|| params.get(name).map(str::to_owned));
        let tags = if rival.same_tags { params.tags().unwrap_or_default() } else { Vec::new() };
        // Nobody else draws the number of a request.
        let tags = tags.into_iter().filter(|(key, _)| *key != MARK_KEY);
        let tags = tags.map(|(key, value)| Tag::new(key, value)).collect();
        if let Some(name) = given(&rival.identifier, "DBClusterSnapshotIdentifier")
            && let Some(cluster) = given(&rival.cluster, "DBClusterIdentifier")
        {
            let state = self.places.at(place);
            if rival.replaces {
                delete_by_another(state, &name, now);
            }
            create_by_another(state, &name, &cluster, tags, now);
        }
    }

    fn deliver(
        &mut self,
        operation: Operation,
        fault: &Fault,
        place: &AccountRegion,
        params: &Params,
        Call { id, now }: &Call,
    ) -> Result<Element, ApiError> {
        let state = self.places.at(place);
        if fault.delivered_twice {
            // What sent the copy keeps its answer to itself.
            let _ = operation.perform(state, params, *now, "");
        }
        if *fault.answers() == FaultyAnswer::LoopingMarker {
            return operation.perform(state, &params.clone().without("Marker"), *now, id);
        }
        let happens = fault.happens();
        if let Happens::After(period) = happens {
            let at = now.checked_add(period.simulated()).unwrap_or(Timestamp::MAX);
            self.late.push(Late { at, place: place.clone(), operation, params: params.clone() });
        }
        let perform = |state: &mut PlaceState| operation.perform(state, params, *now, id);
        match happens {
            Happens::Now => state.with_lag(fault.lag, perform),
            Happens::Never | Happens::After(_) => state.clone().with_lag(fault.lag, perform),
        }
    }
}
