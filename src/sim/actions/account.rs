//! `DescribeAccountAttributes`, and `GetCallerIdentity` of STS.

use super::super::state::PlaceState;
use super::super::xml::Element;

pub fn attributes(state: &PlaceState) -> Vec<Element> {
    let instances = state.clusters.iter().map(|cluster| cluster.spec.members.len()).sum();
    let quotas = vec![
        quota("DBInstances", instances, 40),
        quota("ManualSnapshots", 0, 100),
        quota("DBClusters", state.clusters.len(), 40.max(state.clusters.len())),
        quota("ManualClusterSnapshots", state.manual_snapshots(), state.snapshot_quota),
    ];
    vec![Element::group("AccountQuotas", quotas)]
}

fn quota(name: &'static str, used: usize, max: usize) -> Element {
    let parts =
        vec![Element::text("AccountQuotaName", name), Element::text("Used", used), Element::text("Max", max)];
    Element::group("AccountQuota", parts)
}

pub fn caller(state: &PlaceState) -> Vec<Element> {
    vec![
        Element::text("Arn", &state.caller),
        Element::text("UserId", "AROAEXAMPLEEXAMPLE123:bastion-1"),
        Element::text("Account", &state.place.account),
    ]
}
