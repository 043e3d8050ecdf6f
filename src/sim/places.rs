//! Where a request belongs: the account of whoever signed it, in the Region that it is signed for.
//!
//! What there is in a place is made from the fleet when the place is first asked for, as if it had been
//! there since the simulator started. Nothing of one place is in another.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::account::partition;

use super::fleet::{ClusterSpec, Fleet};
use super::query::Scope;
use super::state::PlaceState;

/// One account in one Region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountRegion {
    /// The account's number.
    pub account: String,
    /// The Region.
    pub region: String,
}

impl AccountRegion {
    /// An ARN of this place; the resource is as `cluster:orders`.
    pub(crate) fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{resource}", partition(&self.region), self.region, self.account)
    }

    /// The ARN of whoever calls, whose account and partition are this place's.
    pub(crate) fn caller(&self, fleet: &Fleet) -> String {
        let own = fleet.caller.replace(&fleet.account, &self.account);
        own.replacen("arn:aws:", &format!("arn:{}:", partition(&self.region)), 1)
    }

    /// Whether a fleet's cluster is in this place.
    pub(crate) fn has(&self, spec: &ClusterSpec) -> bool {
        let is = |named: &Option<String>, own: &str| named.as_deref().is_none_or(|named| named == own);
        is(&spec.account, &self.account) && is(&spec.region, &self.region)
    }

    /// Whether a fleet's cluster belongs to another account, which shares its snapshots with this one.
    pub(crate) fn is_foreign(&self, spec: &ClusterSpec) -> bool {
        spec.owner.as_ref().is_some_and(|owner| *owner != self.account)
    }

    /// The place that a fleet's cluster belongs to, seen from this one.
    pub(crate) fn of_owner(&self, spec: &ClusterSpec) -> Self {
        let account = spec.owner.as_ref().unwrap_or(&self.account).clone();
        Self { account, region: self.region.clone() }
    }
}

/// The account that an access key names: the twelve digits at its end, as in `SIM111111111111`.
pub(super) fn of_key(access_key: &str) -> Option<&str> {
    let account = access_key.get(access_key.len().checked_sub(12)?..)?;
    account.bytes().all(|byte| byte.is_ascii_digit()).then_some(account)
}

/// All places, and whose access keys are whose.
#[derive(Debug)]
pub struct SimulatedPlaces {
    fleet: Fleet,
    started: Timestamp,
    states: BTreeMap<AccountRegion, PlaceState>,
}

impl SimulatedPlaces {
    /// No place yet: each comes when it is asked for.
    pub(crate) fn new(fleet: Fleet, started: Timestamp) -> Self {
        Self { fleet, started, states: BTreeMap::new() }
    }

    /// What it was started with.
    pub(super) fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// Where a request belongs.
    pub(crate) fn place_of(&self, scope: &Scope) -> AccountRegion {
        let given = self.fleet.accounts.get(&scope.access_key).map(String::as_str);
        let account = given.or_else(|| of_key(&scope.access_key)).unwrap_or(&self.fleet.account);
        AccountRegion {
            account: account.to_owned(),
            region: scope.region.as_ref().unwrap_or(&self.fleet.region).clone(),
        }
    }

    /// An access key belongs to an account from now on.
    pub fn give_key(&mut self, access_key: &str, account: &str) {
        self.fleet.accounts.insert(access_key.to_owned(), account.to_owned());
    }

    /// What there is in a place.
    pub fn at(&mut self, place: &AccountRegion) -> &mut PlaceState {
        let Self { fleet, started, states } = self;
        states.entry(place.clone()).or_insert_with(|| PlaceState::new(fleet, place.clone(), *started))
    }

    /// What there is in each place that was asked for.
    pub fn all(&mut self) -> impl Iterator<Item = &mut PlaceState> {
        self.states.values_mut()
    }
}
