//! One program works on a change at a time: its file says so, and what it is to send.

use jiff::Timestamp;

use super::plan::ChangePlan;
use super::wanted::Wanted;
use crate::domain::change::{AskedPlace, Change, ChangeItem, LeftOut};
use crate::domain::change_record::is_replaced;
use crate::domain::text::escape;
use crate::headless::places::Incomplete;
use crate::headless::problem::{Code, Problem};
use crate::headless::streams::Streams;
use crate::journal::{Journal, JournalError, KeptFile};
use crate::session::changes;
use crate::submit::fresh_number;

/// A change that nobody else on this machine works on.
pub struct Claim<'a> {
    wanted: &'a Wanted<'a>,
    /// Where it is kept; `None` where nothing is sent that outlives the program.
    journal: Option<Journal>,
    file: Option<KeptFile>,
    /// What programs that have ended had been told to send, and did not.
    left: Vec<ChangeItem>,
    /// What the file says.
    kept: Option<Change>,
    /// Whether nothing of it is to be sent any more.
    is_over: bool,
}

impl<'a> Claim<'a> {
    /// Claims a change, with what earlier programs left of it. `needs_none`: nothing will be sent.
    pub async fn of(wanted: &'a Wanted<'a>, needs_none: bool) -> Result<Self, Problem> {
        let id = &wanted.id;
        let mut claim =
            Self { wanted, journal: None, file: None, left: Vec::new(), kept: None, is_over: true };
        if needs_none {
            return Ok(claim);
        }
        let journal = Journal::open_default().map_err(|error| unusable(&error))?;
        let (kept, files): (Vec<Change>, Vec<KeptFile>) =
            changes::kept(&journal, Some(id)).await.into_iter().unzip();
        let done = changes::requests_of(&journal, id).await.map_err(|error| unusable(&error))?;
        let is_done = |item: &ChangeItem| {
            let number = item.request.number.as_str();
            let by_number = done.iter().find(|record| record.intent.number == number);
            by_number.is_some_and(|record| !record.is_unsettled()) || is_replaced(item, &done)
        };
        let mut left_out = Vec::new();
        for change in kept {
            claim.left.extend(change.items.into_iter().filter(|item| !is_done(item)));
            left_out.extend(change.left_out);
        }
        claim.journal = Some(journal);
        claim.keep(claim.left.clone(), left_out, files).await?;
        claim.is_over = claim.left.is_empty();
        Ok(claim)
    }

    /// Tells what earlier programs left for clusters that are not among those of now. It stays where it is.
    pub fn tell_left_out(&mut self, plan: &ChangePlan<'_>, streams: Streams) {
        self.left.retain(|item| !plan.has(item));
        if self.left.is_empty() {
            return;
        }
        let clusters: Vec<&str> = self.left.iter().map(|item| item.request.cluster.as_str()).collect();
        streams.say(&escape(&format!(
            "{} was to be sent for {} too, by a program that ended before; not named now, so not sent now.",
            self.wanted.id,
            clusters.join(", ")
        )));
    }

    /// Takes it which places could not be read: what earlier programs had to say of those that were asked now counts no
    /// more.
    pub async fn note_unread(&mut self, plan: &ChangePlan<'_>) {
        let (Some(journal), Some(kept)) = (&self.journal, &mut self.kept) else { return };
        let unread: Vec<LeftOut> = plan.answers.incomplete.iter().map(Incomplete::left_out).collect();
        let read = plan.answers.found.iter().map(|found| found.session.target());
        let read = read.map(|place| (place.profile.clone(), place.region.clone()));
        let asked = unread.iter().map(|out| (out.place.profile.clone(), out.place.region.clone()));
        let asked: Vec<AskedPlace> = read.chain(asked).collect();
        kept.left_out.retain(|out| !out.is_of_place(&asked));
        kept.left_out.extend(unread);
        changes::forget_unread(journal, &self.wanted.id, asked).await;
    }

    /// Writes down what is about to be sent. Where that is nothing, and nothing was left, the file says it all.
    pub async fn take(&mut self, plan: &ChangePlan<'_>) -> Result<(), Problem> {
        if self.is_over && plan.to_send().next().is_none() {
            return Ok(());
        }
        let earlier = self.file.take().into_iter().collect();
        let items = self.left.iter().cloned().chain(plan.to_send().cloned()).collect();
        let before = self.kept.take().into_iter().flat_map(|change| change.left_out);
        self.is_over = false;
        self.keep(items, before.chain(plan.left_out()).collect(), earlier).await
    }

    /// Lets go of the change, if each request of it has an outcome.
    pub fn release(&mut self, plan: &ChangePlan<'_>) {
        self.is_over = self.left.is_empty() && plan.is_over();
    }

    async fn keep(
        &mut self,
        items: Vec<ChangeItem>,
        left_out: Vec<LeftOut>,
        in_place_of: Vec<KeptFile>,
    ) -> Result<(), Problem> {
        let Some(journal) = &self.journal else { return Ok(()) };
        let since = Timestamp::now();
        let change = Change {
            id: self.wanted.id.clone(),
            token: fresh_number(since).to_string(),
            since,
            items,
            all_or_stop: self.wanted.args.all_or_stop,
            left_out,
            is_untold: false,
        };
        self.kept = Some(change.clone());
        let kept = changes::keep(journal, change, in_place_of, Vec::new()).await;
        self.file = Some(kept.map_err(|error| unusable(&error))?);
        Ok(())
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if let (true, Some(file), Some(journal), Some(change)) =
            (self.is_over, self.file.take(), &self.journal, self.kept.take())
        {
            // What cannot be removed is looked through once more at the next start, and is found to be over then.
            let _ = journal.end_change(Some(file), &Change { items: Vec::new(), ..change });
        }
    }
}

fn unusable(error: &JournalError) -> Problem {
    Problem::new(Code::Internal, format!("{error}. Nothing was sent"))
}
