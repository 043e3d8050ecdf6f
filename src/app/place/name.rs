//! The name that is being typed: while the list of snapshots is not complete, it is looked up by itself.

use std::time::Duration;

use jiff::civil::DateTime;

use crate::app::Now;
use crate::domain::cluster_id::ClusterId;
use crate::domain::failure::Failure;
use crate::domain::naming::{NameParts, user_of};
use crate::domain::preflight::Known;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;

use super::questions::QuestionSubject;
use super::{News, Place};

/// For how long a name stays as it is before it is looked up: it may be typed on.
const PAUSE: Duration = Duration::from_millis(300);

impl Place {
    /// Whether a name is not to be had, as far as is known: a snapshot has it, or a request for one is open.
    pub fn is_used(&self, name: &str) -> bool {
        let is_followed = || self.followed.rows.iter().any(|row| row.id.eq_ignore_ascii_case(name));
        self.catalog.named(name).is_some() || self.waits.is_for(name) || is_followed()
    }

    /// What the name of a snapshot of a cluster can be made of.
    pub fn name_parts<'a>(
        &'a self,
        cluster: &'a ClusterId,
        at: DateTime,
        ticket: Option<&'a str>,
    ) -> NameParts<'a> {
        let known = self.catalog.cluster(cluster);
        NameParts {
            cluster,
            at,
            ticket,
            user: self.caller.value.as_ref().map(|caller| user_of(&caller.arn)),
            engine_version: known.and_then(|cluster| cluster.engine_version.as_deref()),
        }
    }

    /// Wants it known whether a name is free that stands in a form, once it stays as it is.
    pub fn want_name(&mut self, name: &str, now: &Now) {
        let Ok(name) = SnapshotId::parse(name) else { return };
        let is_known = match self.catalog.taken_by(name.as_str()) {
            Known::Is(Some(_)) => true,
            Known::Is(None) => self.catalog.not_relisted(name.as_str()).is_none(),
            Known::Asking | Known::Failed(_) => false,
        };
        if is_known || self.name.as_ref() == Some(&name) {
            return;
        }
        self.questions.forget(&QuestionSubject::Name);
        self.questions.want(QuestionSubject::Name, now.mono + PAUSE);
        self.name = Some(name);
    }

    /// Takes what is listed of the name; where that is not known, the list will tell.
    pub(super) fn on_name(&mut self, answer: Result<Vec<Snapshot>, Failure>, now: &Now) {
        let (Some(name), Ok(found)) = (self.name.as_ref(), answer) else { return };
        match found.iter().find(|snapshot| snapshot.id.eq_ignore_ascii_case(name.as_str())) {
            Some(snapshot) => self.catalog.note(snapshot),
            None => self.catalog.note_free(name.as_str()),
        }
        self.notice(&found, now);
        self.news.push(News::Changed);
    }
}
