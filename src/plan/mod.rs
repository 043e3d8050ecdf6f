//! A plan: one CloudFormation template that has AWS's own engine do, at a time, what [`crate::submit`] does here.
//!
//! The template is made of values and of the decision tables of [`crate::submit::table`], which are written out into
//! the state machine. Pure: no I/O, no clock, no AWS. Nothing in it was ever run on AWS: what rests on documentation
//! alone is said in the template ([`template`]).
//!
//! - `machine`: the state machine of a run, over its clusters. `cluster`: what is done for one of them, with `sending`,
//!   `seen`, `waiting`, `older` and `guard` for its parts. `fleet`: which clusters, when they are chosen at run time.
//! - `name`: the snapshot's name as an expression. `jsonata`: expressions.
//! - `template`, `roles`: the CloudFormation template and who may do what.
//! - [`schedule`]: when. [`report`]: a run's output, read again.

mod cluster;
mod cron;
mod fleet;
mod guard;
mod jsonata;
mod machine;
mod name;
mod older;
pub mod report;
mod roles;
pub mod schedule;
mod seen;
mod sending;
mod template;
mod waiting;

use std::num::NonZeroU32;

use crate::domain::change_id::ChangeId;
use crate::domain::cluster_id::ClusterId;
use crate::domain::filter::Filter;
use crate::domain::naming::Template;
use crate::domain::pattern::Patterns;
use crate::domain::tag::Tag;
use schedule::Schedule;

pub use fleet::NotAtRunTime;
pub use name::NotAPlansName;
pub use template::template;

/// The most clusters that are worked on at a time in one execution; more go by executions of their own.
const AT_A_TIME: usize = 40;

/// The most clusters that are named: the role's policy names their snapshots, and IAM takes 10,240 characters of it.
const MOST_NAMED: usize = 70;

/// What is planned.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Of which clusters.
    pub clusters: PlannedClusters,
    /// When.
    pub schedule: Schedule,
    /// For which change: the ticket of names and tags, and what is told.
    pub change: ChangeId,
    /// How snapshots are named.
    pub name: Template,
    /// The tags that each snapshot gets besides its cluster's own, the ticket's among them.
    pub tags: Vec<Tag>,
    /// Keys of tags that a cluster itself has to have, for no snapshot goes without them.
    pub required_tags: Vec<String>,
    /// What nothing may be sent to.
    pub read_only: Patterns,
    /// The key of the mark.
    pub mark_key: String,
    /// How many snapshots of this plan are kept of each cluster; all, if `None`.
    pub keep_last: Option<NonZeroU32>,
    /// The ARN of the topic that is told; the template makes one, if `None`.
    pub topic: Option<String>,
}

/// The clusters of a plan.
#[derive(Clone, Debug)]
pub enum PlannedClusters {
    /// These.
    Named(Vec<ClusterId>),
    /// Those that fit when it runs.
    Fitting(Filter),
}

/// Why there can be no such plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPlannable {
    /// Its names could not be made.
    #[error(transparent)]
    Name(#[from] NotAPlansName),
    /// Its clusters could not be chosen.
    #[error(transparent)]
    Filter(#[from] NotAtRunTime),
    /// The role could not name them all: its policies have 10,240 characters.
    #[error("{0} clusters by name, at most {MOST_NAMED}: choose so many by --filter")]
    TooMany(usize),
}

impl Plan {
    /// Whether each cluster is worked on in an execution of its own.
    fn is_distributed(&self) -> bool {
        match &self.clusters {
            PlannedClusters::Named(names) => names.len() > AT_A_TIME,
            PlannedClusters::Fitting(_) => true,
        }
    }
}
