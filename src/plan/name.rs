//! The snapshot's name as an expression: what [`Template::propose`] makes here, made when the plan runs.
//!
//! A run has a time of its own, and a name is made of that, so that it is a fresh one each time, and the same one if the
//! same run is begun twice.

use std::collections::BTreeSet;

use super::jsonata::literal;
use super::{Plan, PlannedClusters};
use crate::domain::cluster_id::ClusterId;
use crate::domain::naming::{Piece, Placeholder, clean};
use crate::domain::snapshot_id::MAX_CHARS;
use crate::plan::schedule::Schedule;

/// Why no plan can name snapshots by a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlansName {
    /// A place that nobody can fill in when the plan runs.
    #[error("a plan knows no {{{0}}}: it can use {{cluster}} {{date}} {{time}} {{ticket}}")]
    UnknownPlace(&'static str),
    /// The clusters' names are left out, and there are several.
    #[error("several snapshots need {{cluster}} in their names")]
    SameForAll,
    /// The time is left out, and there are several runs.
    #[error("with --cron each run needs {{date}} and {{time}} in its names")]
    SameEachTime,
    /// The clusters' names are cut, and two are the same then.
    #[error("two clusters' names are the same in the {0} characters that there is room for: plan them apart")]
    SameCut(usize),
    /// What stands around the cluster's name leaves no room for it.
    #[error("what stands around {{cluster}} leaves no room for it in {MAX_CHARS} characters")]
    TooLong,
}

/// The name of the snapshot of a cluster `$cluster` in a run `$run`.
pub(super) fn name(plan: &Plan) -> Result<String, NotAPlansName> {
    let pieces: Vec<Part> =
        plan.name.pieces().iter().map(|piece| Part::of(piece, plan)).collect::<Result<_, _>>()?;
    let has = |part: &Part| pieces.contains(part);
    let is_one = matches!(&plan.clusters, PlannedClusters::Named(names) if names.len() == 1);
    if !is_one && !has(&Part::Cluster) {
        return Err(NotAPlansName::SameForAll);
    }
    if matches!(plan.schedule, Schedule::Cron(_)) && !(has(&Part::Date) && has(&Part::Time)) {
        return Err(NotAPlansName::SameEachTime);
    }
    let pieces = beginning_with_a_letter(pieces);
    let room = MAX_CHARS.checked_sub(pieces.iter().map(Part::fixed).sum()).ok_or(NotAPlansName::TooLong)?;
    let clusters = pieces.iter().filter(|part| **part == Part::Cluster).count();
    let each = room.checked_div(clusters).unwrap_or(room);
    if clusters > 0 && each == 0 {
        return Err(NotAPlansName::TooLong);
    }
    if clusters > 0
        && let PlannedClusters::Named(names) = &plan.clusters
    {
        let mut cut = BTreeSet::new();
        let is_new = |name: &ClusterId| {
            let kept: String = name.as_str().chars().take(each).collect();
            cut.insert(kept.trim_end_matches('-').to_owned())
        };
        if !names.iter().all(is_new) {
            return Err(NotAPlansName::SameCut(each));
        }
    }
    let joined = pieces.iter().map(|part| part.expression(each)).collect::<Vec<_>>().join(" & ");
    Ok(format!("$replace($replace({joined}, /-+/, \"-\"), /^-|-$/, \"\")"))
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Fixed(String),
    Cluster,
    Date,
    Time,
}

impl Part {
    fn of(piece: &Piece, plan: &Plan) -> Result<Self, NotAPlansName> {
        Ok(match piece {
            Piece::Text(text) => Self::Fixed(clean(text)),
            Piece::Place(Placeholder::Ticket) => Self::Fixed(clean(plan.change.as_str())),
            Piece::Place(Placeholder::Cluster) => Self::Cluster,
            Piece::Place(Placeholder::Date) => Self::Date,
            Piece::Place(Placeholder::Time) => Self::Time,
            Piece::Place(place @ (Placeholder::User | Placeholder::EngineVersion | Placeholder::Seq)) => {
                return Err(NotAPlansName::UnknownPlace(place.name()));
            }
        })
    }

    /// How many characters it has whatever the cluster.
    fn fixed(&self) -> usize {
        match self {
            Self::Fixed(text) => text.len(),
            Self::Cluster => 0,
            Self::Date => "YYYYMMDD".len(),
            Self::Time => "HHMM".len(),
        }
    }

    fn expression(&self, each: usize) -> String {
        match self {
            Self::Fixed(text) => literal(text),
            Self::Cluster => format!("$substring($cluster, 0, {each})"),
            Self::Date => "$run.date".to_owned(),
            Self::Time => "$run.time".to_owned(),
        }
    }
}

/// A cluster's name begins with a letter; a word or a time before it may not.
fn beginning_with_a_letter(mut pieces: Vec<Part>) -> Vec<Part> {
    let first = pieces.iter().find_map(|part| match part {
        Part::Fixed(text) => text.trim_start_matches('-').chars().next(),
        Part::Cluster => Some('c'),
        Part::Date | Part::Time => Some('0'),
    });
    if !first.is_some_and(|first| first.is_ascii_alphabetic()) {
        pieces.insert(0, Part::Fixed("snapshot-".to_owned()));
    }
    pieces
}
