//! What a change would ask for each of its clusters: its name, its tags, and what stands against it; and what stands
//! against the whole of it. Worked out anew from the draft and from what is known.

use std::collections::{BTreeSet, HashSet};

use crate::domain::change::{self, ChangeItem, Room};
use crate::domain::change_id::ChangeId;
use crate::domain::cluster::Cluster;
use crate::domain::cluster_id::ClusterId;
use crate::domain::earlier::SeenOfChange;
use crate::domain::naming::Template;
use crate::domain::policy::Policy;
use crate::domain::preflight::{Check, Subject, Verdict};
use crate::domain::record::Record;
use crate::domain::request::SnapshotRequest;
use crate::domain::snapshot_id::SnapshotId;
use crate::domain::tag::TagSet;

use super::Now;
use super::drafts::change::{ChangeDraft, ClusterOfChange, places};
use super::place::Place;
use super::preflight;
use super::request_id::PlaceId;
use super::sending;
use super::world::World;

/// What is asked for one cluster of a change.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its part of the draft.
    pub part: ClusterOfChange,
    /// The snapshot's identifier; not one yet where that cannot be made.
    pub name: String,
    /// What the change has already for the cluster, in a clause: nothing is sent for it then.
    pub earlier: Option<String>,
    /// The request, where nothing in the draft stands in its way.
    pub request: Option<SnapshotRequest>,
    /// What certainly stands against it, each a clause. Text in it comes from outside and is not yet safe to show.
    pub obstacles: Vec<String>,
    /// What is doubtful about it, or not known.
    pub doubts: Vec<String>,
    /// Whether it waits until its cluster is available.
    pub waits: bool,
}

impl Asked {
    /// The cluster, and its place.
    pub fn cluster(&self) -> (PlaceId, ClusterId) {
        (self.part.place, self.part.cluster.clone())
    }

    /// Whether it is sent, or waits to be.
    pub fn is_in(&self) -> bool {
        !self.part.is_left_out && self.earlier.is_none()
    }

    /// Whether it is to be sent and cannot be.
    pub fn is_obstructed(&self) -> bool {
        self.is_in() && (!self.obstacles.is_empty() || self.request.is_none())
    }

    /// Whether it is sent, or waits to be, as it is now.
    pub fn can_be_sent(&self) -> bool {
        self.is_in() && !self.is_obstructed()
    }
}

/// The names that are proposed for the clusters of a change, in the order of the draft; none where the template is none.
pub fn names(world: &World, draft: &ChangeDraft, now: &Now) -> Vec<String> {
    let Ok(template) = Template::parse(draft.fields.name.value()) else { return Vec::new() };
    let mut given: HashSet<(PlaceId, String)> = HashSet::new();
    let one = |part: &ClusterOfChange| {
        let is_given = |name: &str| given.contains(&(part.place, name.to_owned()));
        let name = name(world, draft, part, &template, is_given, now);
        given.insert((part.place, name.clone()));
        name
    };
    draft.parts.iter().map(one).collect()
}

/// What is asked for each cluster under its name, in the order of the draft.
pub fn asked(world: &World, draft: &ChangeDraft, names: &[String]) -> Vec<Asked> {
    let id = draft.id().ok();
    let seen: Vec<(PlaceId, SeenOfChange<'_>)> =
        id.iter().flat_map(|id| draft.places().into_iter().map(|of| (of, seen(world, id, of)))).collect();
    let earlier = |part: &ClusterOfChange| {
        let (_, seen) = seen.iter().find(|(of, _)| *of == part.place)?;
        earlier(world, id.as_ref()?, seen, part)
    };
    let one =
        |(part, name): (&ClusterOfChange, &String)| of_part(world, draft, part, name.clone(), earlier(part));
    draft.parts.iter().zip(names).map(one).collect()
}

/// What stands against the whole of those that can be sent, each a clause.
pub fn against_all(world: &World, asked: &[Asked]) -> Vec<String> {
    let item = |one: &Asked| Some(sending::to_keep(world.at(one.part.place), one.request.clone()?));
    let items: Vec<ChangeItem> = asked.iter().filter(|one| one.can_be_sent()).filter_map(item).collect();
    let room = |place: PlaceId| {
        let place = world.at(place);
        let account = place.account();
        Some(Room { account, region: place.target().region.clone(), quota: place.quota.value?? })
    };
    let rooms: Vec<Room> = places(asked.iter().map(|one| &one.part)).into_iter().filter_map(room).collect();
    change::obstacles(&items.iter().collect::<Vec<_>>(), &rooms).iter().map(ToString::to_string).collect()
}

/// Whether the template tells the clusters of a place apart by itself.
pub fn tells_apart(draft: &ChangeDraft) -> bool {
    let places: Vec<PlaceId> = draft.parts.iter().map(|part| part.place).collect();
    let are_several = places.windows(2).any(|pair| pair[0] == pair[1]);
    let text = draft.fields.name.value();
    !are_several || text.contains("{cluster}") || text.contains("{seq}")
}

fn name(
    world: &World,
    draft: &ChangeDraft,
    part: &ClusterOfChange,
    template: &Template,
    is_given: impl Fn(&str) -> bool,
    now: &Now,
) -> String {
    let place = world.at(part.place);
    let tags = draft.fields.tags.tags();
    let ticket = tags.iter().find(|tag| tag.key.eq_ignore_ascii_case("ticket")).map(|tag| tag.value.as_str());
    let change =
        draft.fields.change.as_ref().map(|typed| typed.value().trim()).filter(|typed| !typed.is_empty());
    let parts = place.name_parts(&part.cluster, now.wall.datetime(), ticket.or(change));
    template.propose(&parts, |name| is_given(name) || place.is_used(name))
}

fn of_part(
    world: &World,
    draft: &ChangeDraft,
    part: &ClusterOfChange,
    name: String,
    earlier: Option<(String, String)>,
) -> Asked {
    let place = world.at(part.place);
    let mut one = Asked {
        part: part.clone(),
        name,
        earlier: None,
        request: None,
        obstacles: Vec::new(),
        doubts: Vec::new(),
        waits: place.is_busy(&part.cluster),
    };
    if let Some((name, words)) = earlier {
        return Asked { name, earlier: Some(words), ..one };
    }
    for check in preflight::checks(world, part.place, (&part.cluster, None), &one.name, None) {
        match check.verdict {
            // The quota is counted over the whole.
            _ if check.subject == Subject::Quota => {}
            // Its row names the cluster.
            Verdict::Blocks if check.subject == Subject::Cluster => {
                one.obstacles.push(not_ready(place, &part.cluster));
            }
            Verdict::Blocks => one.obstacles.push(check.text),
            // That it is busy is what it waits for.
            Verdict::Doubt if check.subject == Subject::Cluster && check.failure.is_none() => {}
            Verdict::Doubt | Verdict::Unknown if check.subject == Subject::Name => {
                one.doubts.push(format!("name: {}", check.text));
            }
            Verdict::Doubt | Verdict::Unknown => one.doubts.push(check.text),
            Verdict::Fine | Verdict::Fact => {}
        }
    }
    one.obstacles.extend(preflight::guard(world, part.place, &part.cluster));
    if let Some(cluster) = place.catalog.cluster(&part.cluster) {
        match request(draft, part, cluster, &one.name, &world.policy) {
            Ok(request) => one.request = Some(request),
            Err(problem) => one.obstacles.push(problem),
        }
    }
    one
}

/// Why a cluster takes no snapshot as it is: a clause of which it is the subject.
fn not_ready(place: &Place, cluster: &ClusterId) -> String {
    place.catalog.cluster(cluster).map_or_else(
        || "does not exist any more".to_owned(),
        |cluster| format!("{}; must be available", cluster.status),
    )
}

/// The clusters of a draft that take no snapshot as they are, whatever is typed: each with why.
pub fn held_back(world: &World, draft: &ChangeDraft) -> Vec<(String, String)> {
    let why = |part: &ClusterOfChange| {
        let checks = preflight::checks(world, part.place, (&part.cluster, None), "", None);
        let is_so = |check: &Check| check.subject == Subject::Cluster && check.verdict == Verdict::Blocks;
        let held = checks.iter().any(is_so).then(|| not_ready(world.at(part.place), &part.cluster));
        held.or_else(|| preflight::guard(world, part.place, &part.cluster))
    };
    draft.parts.iter().filter_map(|part| Some((part.cluster.to_string(), why(part)?))).collect()
}

/// What is known of the change in a place.
fn seen<'w>(world: &'w World, id: &ChangeId, of: PlaceId) -> SeenOfChange<'w> {
    let place = world.at(of);
    let went_there = |it: &&Record| it.intent.is_of(place.target(), place.caller.value.as_ref());
    let requests = world.change_requests.known().iter().filter(went_there).collect();
    let deleted = world.change_requests.deleted();
    let list = &place.catalog.snapshots;
    let moment = (world.now.at(), list.complete_at);
    SeenOfChange::of(id, requests, deleted, &list.items, &world.policy, moment)
}

/// What the change has already for a cluster: the snapshot's identifier, and a clause.
fn earlier(
    world: &World,
    id: &ChangeId,
    seen: &SeenOfChange<'_>,
    part: &ClusterOfChange,
) -> Option<(String, String)> {
    let place = world.at(part.place);
    if let Some(item) = world.changes.asked_before(id, (part.place, &part.cluster), &world.places) {
        let name = item.request().snapshot.to_string();
        return Some((name.clone(), format!("{name} was confirmed for it under this id before")));
    }
    let found = seen.earlier(place.catalog.cluster(&part.cluster)?)?;
    Some((found.name().to_owned(), found.to_string()))
}

/// The request for a cluster, or what is wrong with it.
fn request(
    draft: &ChangeDraft,
    part: &ClusterOfChange,
    cluster: &Cluster,
    name: &str,
    policy: &Policy,
) -> Result<SnapshotRequest, String> {
    let snapshot =
        SnapshotId::parse(name).map_err(|problems| format!("the identifier breaks a rule: {problems}"))?;
    let id = draft.id().map_err(|problem| format!("the id of the change: {problem}"))?;
    let table = &draft.fields.tags;
    let own = if table.with_own { table.mark.givable(&cluster.tags) } else { Vec::new() };
    let tags = change::tags(own, &table.given().collect::<Vec<_>>(), &policy.change_key, &id);
    if let Some(key) = policy.missing(&tags).next() {
        return Err(format!("the tag {key} is required and has no value"));
    }
    let (tags, mark) =
        TagSet::marked(tags, table.mark(&part.number)).map_err(|problems| format!("its tags: {problems}"))?;
    Ok(SnapshotRequest {
        number: part.number.clone(),
        cluster: cluster.id.clone(),
        cluster_resource_id: cluster.resource_id.clone(),
        snapshot,
        tags,
        mark,
        change: Some(id),
    })
}

/// How many tags every snapshot of a change gets, and the most that one of these gets with its cluster's own.
pub fn tag_counts<'p>(
    world: &World,
    draft: &ChangeDraft,
    parts: impl Iterator<Item = &'p ClusterOfChange>,
) -> (usize, usize) {
    let table = &draft.fields.tags;
    let mut all: BTreeSet<String> = table.given().map(|tag| tag.key).collect();
    all.insert(world.policy.change_key.0.clone());
    all.extend(table.mark.0.iter().filter(|_| table.with_mark).cloned());
    let with_own = |part: &ClusterOfChange| {
        let cluster = world.at(part.place).catalog.cluster(&part.cluster).filter(|_| table.with_own)?;
        let own = table.mark.givable(&cluster.tags);
        Some(all.len() + own.iter().filter(|tag| !all.contains(&tag.key)).count())
    };
    (all.len(), parts.filter_map(with_own).max().unwrap_or(all.len()))
}

/// The production clusters among those that are asked for.
pub fn production<'a>(world: &'a World, asked: &'a [Asked]) -> impl Iterator<Item = &'a ClusterId> {
    let is_production = |one: &&Asked| world.is_production(world.at(one.part.place), Some(&one.part.cluster));
    asked.iter().filter(|one| one.is_in()).filter(is_production).map(|one| &one.part.cluster)
}
