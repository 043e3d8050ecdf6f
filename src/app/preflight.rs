//! The checks before a request, out of what a place and the journal are known to hold: the form and the review read
//! the same list.

use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;
use crate::domain::preflight::{self, AccountStanding, Check, Facts, Known, Waiting};

use super::request_id::PlaceId;
use super::world::World;

/// Everything that the domain judges before a request for a snapshot of this name, in the order of reading; after what
/// AWS refused of it the last time. The cluster comes with its resource id as the person saw it.
pub fn checks(
    world: &World,
    of: PlaceId,
    (cluster, resource_id): (&ClusterId, Option<&str>),
    name: &str,
    refusal: Option<&Failure>,
) -> Vec<Check> {
    let place = world.at(of);
    // Names are stored in lower case.
    let name = name.to_ascii_lowercase();
    let quota = match (place.quota.value, &place.quota.failure) {
        (Some(quota), _) => Known::Is(quota),
        (None, Some(failure)) => Known::Failed(failure),
        (None, None) => Known::Asking,
    };
    let refused = place.refused_credentials().map(AccountStanding::Refused);
    let facts = Facts {
        account: refused.unwrap_or_else(|| place.account_standing(cluster)),
        caller: place.caller.value.as_ref(),
        cluster_id: cluster.as_str(),
        resource_id,
        cluster: place.catalog.cluster(cluster),
        stale: place.unread(cluster),
        waiting: Waiting::Offered,
        name: &name,
        taken_by: place.catalog.taken_by(&name),
        unlisted: place.catalog.not_relisted(&name),
        quota,
        open: world.open_requests.facts(place, &name),
        refusal,
    };
    preflight::checks(&facts, &world.now.wall)
}

/// The guard that holds every request for the cluster back, if there is one.
pub fn guard(world: &World, of: PlaceId, cluster: &ClusterId) -> Option<String> {
    let place = world.at(of);
    if let Some(broken) = &world.policy.broken {
        return Some(format!(
            "A guard cannot be understood, so nothing is sent: {broken}. Put it right and start again."
        ));
    }
    if place.target().is_read_only {
        return Some("Started with --read-only: nothing that changes anything is sent.".to_owned());
    }
    let is_named = world.standing(place, Some(cluster)).is_read_only;
    is_named.then(|| {
        "The configuration's [read_only] names it: nothing that changes anything is sent.".to_owned()
    })
}
