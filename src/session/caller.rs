//! Who asks: what STS says of it, which only adds to what is known.

use std::sync::PoisonError;

use super::Session;
use crate::domain::account::AccountId;
use crate::domain::context::Caller;
use crate::domain::failure::{Failure, FailureKind};
use crate::rds;
use crate::submit::service::Service as _;

impl Session {
    /// Asks who the caller is, for no longer than is worth waiting for: where STS cannot be reached, everything else
    /// works all the same. The answer is kept for the journal.
    pub async fn read_caller(&self) -> Result<Caller, Failure> {
        // How long credentials may take to be found is another matter.
        let asking = async {
            self.client.ready().await?;
            let answer = tokio::time::timeout(rds::options::CALLER, self.client.caller()).await;
            answer.unwrap_or_else(|_late| Err(no_answer_of_sts()))
        };
        let answer = asking.await;
        let mut known = self.caller.write().unwrap_or_else(PoisonError::into_inner);
        if answer.is_ok() || !matches!(*known, Some(Ok(_))) {
            *known = Some(answer.clone());
        }
        answer
    }

    /// Who the caller is: asked for where nobody has asked yet.
    pub async fn find_caller(&self) -> Option<Caller> {
        let known = self.last_caller();
        let answer = if let Some(known) = known { known } else { self.read_caller().await };
        answer.ok()
    }

    /// The same, asked for anew where it was told before.
    pub async fn check_caller(&self) -> Result<Caller, Failure> {
        match self.last_caller() {
            Some(Err(failure)) => Err(failure),
            _ => self.read_caller().await,
        }
    }

    fn last_caller(&self) -> Option<Result<Caller, Failure>> {
        self.caller.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Who the caller is, as far as it is known.
    pub(crate) fn caller(&self) -> Option<Caller> {
        self.last_caller()?.ok()
    }

    /// The caller's account, as far as it is known.
    pub(crate) fn account(&self) -> Option<AccountId> {
        Some(self.caller()?.account)
    }
}

fn no_answer_of_sts() -> Failure {
    let message = format!("STS did not say within {} s who asks", rds::options::CALLER.as_secs());
    Failure::unclear(FailureKind::LostAnswer, message)
}
