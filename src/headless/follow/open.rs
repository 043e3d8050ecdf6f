//! What became of open requests, before their snapshots can be followed.

use std::time::Duration;

use tokio::time::sleep;

use super::{FollowedItem, Follower};
use crate::domain::earlier::Earlier;
use crate::domain::failure::Failure;
use crate::domain::outcome::Outcome;
use crate::domain::record::Intent;
use crate::domain::snapshot::Snapshot;
use crate::headless::problem::{Code, Problem};
use crate::headless::settling;
use crate::session::TURN;

/// A request of which it is not known what became, with what it is to whoever asks, and why it is not known.
pub type OpenRequest<K> = (K, Intent, Failure);

/// What an open request came to: a snapshot to follow, with the one of another machine that it is, if it is; or a problem.
pub type Settled = Result<(FollowedItem, Option<Box<Snapshot>>), Problem>;

impl Follower<'_> {
    /// Looks up what became of open requests, one after the other; what is not known yet stays open. Gives what the others
    /// came to, and why it ended before its end, if it did.
    pub async fn settle<K>(
        &mut self,
        open: &mut Vec<OpenRequest<K>>,
    ) -> (Vec<(K, Settled)>, Result<(), Problem>) {
        let mut settled = Vec::new();
        let mut asked = std::mem::take(open).into_iter();
        let mut pause = Duration::ZERO;
        while let Some((key, intent, cause)) = asked.next() {
            sleep(std::mem::replace(&mut pause, TURN)).await;
            let failure = match self.session.settle(&intent, cause.clone()).await {
                Ok(outcome) if outcome.is_settled() => {
                    settled.extend(self.settled(intent, &outcome).map(|came_to| (key, came_to)));
                    continue;
                }
                answer => answer.err(),
            };
            let name = intent.snapshot.clone();
            open.push((key, intent, cause));
            match failure {
                // What may pass is waited for; new credentials are not.
                Some(failure) if Code::from(failure.kind) == Code::Credentials => {
                    open.extend(asked);
                    return (settled, Err(failure.into()));
                }
                Some(failure) if !std::mem::replace(&mut self.is_miss_told, true) => {
                    self.say(&settling::missed(&name, &failure));
                }
                _ => {}
            }
        }
        (settled, Ok(()))
    }

    fn settled(&self, intent: Intent, outcome: &Outcome) -> Option<Settled> {
        // A line that was changed by hand into one that could not be sent has nothing to follow.
        let request = intent.request()?;
        self.say(&settling::words(&request, outcome));
        let item =
            |intent, made| FollowedItem::new(request.snapshot.clone(), intent, self.now()).recalled(made);
        if let Some(Earlier::Elsewhere(twin)) = Earlier::by_twin(&request, outcome) {
            return Some(Ok((item(None, Some(&twin)), Some(twin))));
        }
        let problem = settling::problem(self.session, &request, outcome);
        Some(problem.map_or_else(|| Ok((item(Some(intent), outcome.snapshot()), None)), Err))
    }
}
