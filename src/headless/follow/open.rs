//! What became of open requests, before their snapshots can be followed.

use std::time::Duration;

use tokio::time::sleep;

use super::{FollowedItem, Follower, asked_anew};
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
            let looked = self.look_up(&intent, &cause).await;
            if let Ok(Some(outcome)) = &looked {
                settled.extend(self.settled(intent, outcome).map(|came_to| (key, came_to)));
                continue;
            }
            open.push((key, intent, cause));
            if let Err(problem) = looked {
                open.extend(asked);
                return (settled, Err(problem));
            }
        }
        (settled, Ok(()))
    }

    /// Looks up once what became of an open request; nothing while it is not known. What may pass is waited for;
    /// credentials that are not there when it is asked anew are not.
    pub async fn look_up(&mut self, intent: &Intent, cause: &Failure) -> Result<Option<Outcome>, Problem> {
        match asked_anew(async || self.session.settle(intent, cause.clone()).await).await {
            Ok(outcome) => return Ok(outcome.is_settled().then_some(outcome)),
            Err(failure) if Code::from(failure.kind) == Code::Credentials => return Err(failure.into()),
            Err(failure) if !std::mem::replace(&mut self.is_miss_told, true) => {
                self.say(&settling::missed(&intent.snapshot, &failure));
            }
            Err(_) => {}
        }
        Ok(None)
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
