//! `AddTagsToResource`, `RemoveTagsFromResource` and `ListTagsForResource`, for clusters and snapshots.

use super::super::errors::ApiError;
use super::super::query::Params;
use super::super::state::PlaceState;
use super::super::xml::Element;
use crate::domain::tag::{MAX_TAGS, Tag, TagSet};

/// The tags of a request, by the same rules as the form's.
pub fn given(params: &Params) -> Result<Vec<Tag>, ApiError> {
    match TagSet::parse(params.tags()?) {
        Ok(tags) => Ok(tags.as_slice().to_vec()),
        Err(why) => Err(ApiError::invalid_value(format!("Invalid tags: {why}"))),
    }
}

pub fn add(state: &mut PlaceState, params: &Params) -> Result<(), ApiError> {
    let name = params.required("ResourceName")?;
    let new = given(params)?;
    if new.is_empty() {
        return Err(ApiError::missing_parameter("Tags"));
    }
    let own = resource(state, name)?;
    let mut all: Vec<Tag> = own.iter().filter(|tag| new.iter().all(|n| n.key != tag.key)).cloned().collect();
    all.extend(new);
    if all.len() > MAX_TAGS {
        return Err(ApiError::invalid_value(format!("A resource can have at most {MAX_TAGS} tags.")));
    }
    *own = all;
    Ok(())
}

pub fn remove(state: &mut PlaceState, params: &Params) -> Result<(), ApiError> {
    let name = params.required("ResourceName")?;
    let keys = params.list("TagKeys.member")?;
    if keys.is_empty() {
        return Err(ApiError::missing_parameter("TagKeys"));
    }
    resource(state, name)?.retain(|tag| !keys.contains(&tag.key.as_str()));
    Ok(())
}

pub fn list(state: &mut PlaceState, params: &Params) -> Result<Vec<Element>, ApiError> {
    let name = params.required("ResourceName")?;
    Ok(vec![element(resource(state, name)?)])
}

/// A list of tags.
pub fn element(tags: &[Tag]) -> Element {
    let tag = |tag: &Tag| {
        Element::group("Tag", vec![Element::text("Key", &tag.key), Element::text("Value", &tag.value)])
    };
    Element::group("TagList", tags.iter().map(tag).collect())
}

/// The tags of the resource with that ARN.
///
/// A missing cluster snapshot is reported as `DBSnapshotNotFound`: of the errors in the API model of
/// these actions, it is the only one that fits.
fn resource<'a>(state: &'a mut PlaceState, name: &str) -> Result<&'a mut Vec<Tag>, ApiError> {
    let own = state.place.arn("rds", "");
    let kind_and_id = name.strip_prefix(&own).and_then(|rest| rest.split_once(':'));
    let missing = match kind_and_id {
        Some(("cluster", id)) => ApiError::cluster_not_found(id),
        Some(("cluster-snapshot", id)) => {
            ApiError::new(404, "DBSnapshotNotFound", format!("DBClusterSnapshot {id} not found."))
        }
        _ => {
            return Err(ApiError::invalid_value(
                "The specified resource name does not match an RDS resource in this region.",
            ));
        }
    };
    state.tags_mut(name).ok_or(missing)
}
