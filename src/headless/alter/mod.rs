//! What `delete` and `tag` share: which snapshots are meant, what is known of their places, a confirmation by the
//! count, and the sending, paced in each place, whose outcomes are told one by one.

pub mod choice;
pub mod delete;
pub mod ground;
mod row;
mod sending;
pub mod tag;

use serde::Serialize;

use super::asking::Asking;
use super::create::refuse_at_once;
use super::gaps::say_gaps;
use super::interrupts::{Interrupts, NOTHING_SENT};
use super::json;
use super::places::{self, Answers};
use super::problem::{Code, Problem, worst};
use super::streams::{Stop, Streams, can_ask, result};
use crate::cli::Global;
use crate::domain::alteration::Deed;
use crate::domain::policy::Policy;
use crate::session::Session;
use choice::ChosenSnapshots;
use ground::KnownSnapshots;
use row::{AlterationItem, AlterationRow};

/// What is known of the places that are named. Nothing of it is altered where this is a dry run.
async fn look(
    global: &Global,
    is_dry_run: bool,
    policy: &Policy,
    streams: Streams,
    interrupts: &mut Interrupts,
) -> Result<Answers<KnownSnapshots>, Stop> {
    if !is_dry_run {
        refuse_at_once(global, policy)?;
    }
    let asking = async {
        say_gaps(global, streams).await;
        let look = async |session: &Session| Box::pin(ground::look(session, streams)).await;
        places::ask_each(global, streams, Some(policy), look).await
    };
    interrupts.during(NOTHING_SENT, Box::pin(asking)).await
}

/// What is to be done to snapshots, over all places, and what became of it.
pub struct AlterationPlan<'a, T> {
    rows: Vec<AlterationRow<'a, T>>,
    answers: &'a Answers<KnownSnapshots>,
    choice: &'a ChosenSnapshots,
    deed: &'a Deed,
    streams: Streams,
}

impl<'a, T: AlterationItem> AlterationPlan<'a, T> {
    /// The snapshots to which something is done.
    fn altered(&self) -> impl Iterator<Item = &AlterationRow<'a, T>> {
        self.rows.iter().filter(|row| row.is_altered())
    }

    /// How many these are; says so if there are no snapshots at all.
    async fn count(&self) -> usize {
        if self.rows.is_empty() {
            self.answers.say_nothing("No snapshot fits", self.streams).await;
        }
        self.altered().count()
    }

    /// Why a count that was given on the command line agrees to another plan than this one, if it does.
    fn other_count(&self, yes: Option<usize>, verb: &str) -> Option<Problem> {
        let count = self.altered().count();
        let yes = yes.filter(|yes| *yes != count)?;
        Some(uncounted(&format!("{count} to {verb} by the plan, not {yes}")))
    }

    /// The same where nothing is done, which tells it beside the rows. Where no place could be read, that is why.
    fn other_count_than_none(&self, yes: Option<usize>, verb: &str) -> Option<Problem> {
        let problem = self.other_count(yes, verb).filter(|_| !self.answers.found.is_empty())?;
        self.streams.warn(&format!("clustersnap: {}", problem.to_text()));
        Some(problem)
    }

    /// Makes sure that the plan was seen: by the count, typed on a terminal, or given on the command line.
    async fn confirm(&self, yes: Option<usize>, verb: &str, interrupts: &mut Interrupts) -> Result<(), Stop> {
        let count = self.altered().count();
        if let Some(problem) = self.other_count(yes, verb) {
            return Err(problem.into());
        }
        if yes.is_some() {
            return Ok(());
        }
        if !can_ask() {
            let why = format!("without a terminal it takes --yes {count}, the count of the plan");
            return Err(uncounted(&why).into());
        }
        let question = format!("Type {count} to {verb} {}", snapshots(count));
        let answer = Asking::new(self.streams, interrupts).answer(&question).await?;
        if answer.is_some_and(|answer| answer.trim() == count.to_string()) {
            return Ok(());
        }
        Err(Problem::new(Code::Interrupted, format!("Not confirmed. {NOTHING_SENT}")).into())
    }

    /// Holds all back until each production cluster among those of the plan is named once more, where that is wanted;
    /// and where one is named that the plan has not.
    fn check_production(&self, confirmed: &[String]) -> Result<(), Problem> {
        let is_of = |row: &AlterationRow<'_, T>, name: &String| {
            let cluster = row.item.snapshot().cluster.as_ref();
            cluster.is_some_and(|id| name.eq_ignore_ascii_case(id.as_str()))
        };
        if let Some(other) = confirmed.iter().find(|name| !self.rows.iter().any(|row| is_of(row, name))) {
            let message = format!("{other} is the cluster of no snapshot of the plan");
            return Err(Problem::parameter("--confirm", "not-confirmed", &message));
        }
        let is_named = |row: &AlterationRow<'_, T>| confirmed.iter().any(|name| is_of(row, name));
        let mut held = self.altered().filter(|row| !is_named(row));
        held.find_map(|row| row.item.unconfirmed().cloned()).map_or(Ok(()), |failure| Err(failure.into()))
    }

    /// What the same command that is no dry run would be held back by.
    fn held_back(&self, confirmed: &[String]) -> Option<Problem> {
        let problem = self.check_production(confirmed).err()?;
        self.streams.warn(&format!("clustersnap: {}", problem.to_text()));
        Some(problem)
    }

    /// Answers with the rows as a program reads them, or with the text, and with the worst of what failed; returns the
    /// exit code, the highest.
    fn conclude(&self, text: &str, data: &impl Serialize, stopped: Option<Problem>) -> Result<u8, Stop> {
        let (json, incomplete) = (self.streams.json, &self.answers.incomplete);
        let failed = self.rows.iter().filter_map(|row| row.problem(self.choice, self.deed));
        let problems: Vec<Problem> = failed.chain(stopped).collect();
        let worst = worst(problems.iter().chain(self.answers.problems()));
        let told = match (json, self.answers.found.is_empty()) {
            (true, _) => result(&json::answer(data, worst, incomplete)),
            (false, false) => result(text),
            // Nothing was seen of any place, and why is told.
            (false, true) => Ok(()),
        };
        match told {
            // What was done is done, whoever reads of it.
            Ok(()) | Err(Stop::Unread) => Ok(worst.map_or(0, |problem| problem.code.exit())),
            Err(Stop::Problem(problem)) => {
                let mut told: Vec<String> = self.rows.iter().filter_map(AlterationRow::in_short).collect();
                told.push(problem.message);
                let code = worst.map_or(problem.code, |worst| worst.code);
                Err(Problem::new(code, told.join("; ")).into())
            }
        }
    }
}

/// That the count of the plan was not agreed to.
fn uncounted(why: &str) -> Problem {
    Problem::parameter("--yes", "count", &format!("{why}. {NOTHING_SENT}"))
}

/// So many snapshots, in words.
fn snapshots(count: usize) -> String {
    if count == 1 { "1 snapshot".to_owned() } else { format!("{count} snapshots") }
}
