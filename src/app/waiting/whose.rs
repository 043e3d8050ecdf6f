//! Whose the answers are that a wait gets: only its own account's say anything of its cluster.

use crate::app::App;
use crate::app::account::account_of;
use crate::app::effect::Effects;
use crate::app::notes::Tone;
use crate::domain::cluster::Cluster;

use super::{Waiting, Waits};

/// How many looks in a row have to miss the cluster before it counts as gone.
const ABSENCES: u8 = 2;

impl Waiting {
    /// The account that it waits for, if another one answers now.
    #[must_use]
    pub fn other_account(&self, answering: Option<&str>) -> Option<&str> {
        let account = self.wait.account.as_deref()?;
        answering.filter(|answering| *answering != account).map(|_| account)
    }

    /// Whether a cluster that was found says something of the one that is meant: it is of the wait's account, or,
    /// where that cannot be told, has the same resource id.
    pub(super) fn is_meant(&self, cluster: &Cluster) -> bool {
        match (&self.wait.account, account_of(cluster)) {
            (Some(account), Some(found)) => *account == found,
            _ => !self.is_another(cluster),
        }
    }

    /// Whether a cluster of the same name is another one.
    pub(super) fn is_another(&self, cluster: &Cluster) -> bool {
        let meant = &self.wait.request.cluster_resource_id;
        meant.is_some() && cluster.resource_id.is_some() && *meant != cluster.resource_id
    }
}

impl Waits {
    /// What is told of requests that wait for an account which does not answer any more; empty if there are none.
    pub(in crate::app) fn told_of(&self, account: &str) -> String {
        let of_account = |row: &&Waiting| row.wait.account.as_deref() == Some(account);
        let names: Vec<&str> =
            self.rows.iter().filter(of_account).map(|row| row.wait.request.snapshot.as_str()).collect();
        if names.is_empty() {
            return String::new();
        }
        format!(
            " {} waits on for account {account}: that goes on when {account} answers again.",
            names.join(", ")
        )
    }
}

impl App {
    /// Takes it that an account answers. A cluster that is not there, or is another one, ends a wait only by answers of
    /// the wait's own account, and by more than one: lists lag.
    pub(in crate::app) fn believe_absences(&mut self, account: &str) -> Effects {
        for row in &mut self.waits.rows {
            let is_own = row.wait.account.as_deref() == Some(account);
            row.absences += u8::from(std::mem::take(&mut row.is_doubtful) && is_own);
        }
        let mut effects = Vec::new();
        while let Some(at) = self.waits.rows.iter().position(|row| row.absences >= ABSENCES) {
            effects.extend(self.end_wait(
                at,
                Tone::Bad,
                "the cluster does not exist any more; nothing was sent",
            ));
        }
        effects
    }
}
