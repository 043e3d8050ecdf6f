//! The name that is being typed: while the list of snapshots is not complete, it is looked up by itself.

use std::time::Duration;

use crate::app::Now;
use crate::app::question::Question;
use crate::domain::snapshot::Snapshot;
use crate::domain::snapshot_id::SnapshotId;

use super::catalog::NameUse;
use super::questions::QuestionSubject;
use super::{News, Place};

/// For how long a name stays as it is before it is looked up: it may be typed on.
const PAUSE: Duration = Duration::from_millis(300);

/// The name that is typed.
#[derive(Debug, Default)]
pub(super) struct NameLook {
    of: Option<SnapshotId>,
}

impl NameLook {
    /// The question for it.
    pub(super) fn question(&self) -> Option<Question> {
        Some(Question::Named(vec![self.of.as_ref()?.to_string()]))
    }
}

impl Place {
    /// Wants it known whether a name is free that stands in a form, once it stays as it is.
    pub fn want_name(&mut self, name: &str, now: &Now) {
        let Ok(name) = SnapshotId::parse(name) else { return };
        let is_known = self.catalog.name_use(name.as_str()) != NameUse::NotKnownYet;
        if is_known || self.name.of.as_ref() == Some(&name) {
            return;
        }
        self.questions.forget(&QuestionSubject::Name);
        self.questions.want(QuestionSubject::Name, now.mono + PAUSE);
        self.name.of = Some(name);
    }

    /// Takes what is listed of the name.
    pub(super) fn on_name(&mut self, found: &[Snapshot], now: &Now) {
        let Some(name) = self.name.of.as_ref() else { return };
        match found.iter().find(|snapshot| snapshot.id.eq_ignore_ascii_case(name.as_str())) {
            Some(snapshot) => self.catalog.note(snapshot),
            None => self.catalog.note_free(name.as_str()),
        }
        self.notice(found, now);
        self.news.push(News::Changed);
    }
}
