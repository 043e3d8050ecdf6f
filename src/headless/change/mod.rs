//! `clustersnap create --change`: the snapshots of many clusters, each an exactly-once request of its own.
//!
//! - `wanted`: what was asked for, checked. `ground`: what the places say. `claim`: one program works on a change.
//! - `plan`: what each cluster's request is, and what stands against it.
//! - `confirm`: the table, and the yes. `sending`: the requests on their way, `pace`: how fast. `following`: to the
//!   end. `results`: what came of each.

mod claim;
mod confirm;
mod following;
mod ground;
mod pace;
mod plan;
mod results;
mod sending;
mod wanted;

use super::config::policy;
use super::create::{read_tags_file, refuse_at_once, say_remarks};
use super::gaps::say_gaps;
use super::interrupts::{self, Interrupts, NOTHING_SENT};
use super::places;
use super::streams::{Stop, Streams};
use crate::cli::{CreateOptions, Global};
use crate::session::Session;
use claim::Claim;
use plan::ChangePlan;
use wanted::Wanted;

/// Creates the snapshots of a change; returns the exit code.
pub async fn run(args: &CreateOptions, id: &str, global: &Global) -> Result<u8, Stop> {
    let streams = Streams::new(args.answer);
    let mut interrupts = Interrupts::new()?;
    let deadline = interrupts::deadline(args.timeout);
    let policy = policy(streams);
    let (tags, clusters) = {
        let files =
            async { Ok::<_, Stop>((read_tags_file(args).await?, wanted::read_clusters(args).await?)) };
        interrupts.during(NOTHING_SENT, files).await?
    };
    let wanted = Wanted::parse(args, id, (tags.as_deref(), clusters.as_deref()), &policy)?;
    say_remarks(args, tags.as_deref(), &policy.mark_key, streams);
    if !args.dry_run {
        refuse_at_once(global, &policy)?;
        confirm::refuse_unasked(&wanted)?;
    }
    // Before anything is read: what another program sends meanwhile would be sent twice.
    let claiming = Claim::of(&wanted, args.dry_run || global.demo);
    let mut claim = interrupts.during(NOTHING_SENT, claiming).await?;
    let reading = async {
        say_gaps(global, streams).await;
        let read = async |session: &Session| ground::read(session, &wanted, streams).await;
        places::ask_each(global, streams, Some(&policy), read).await
    };
    let answers = interrupts.during(NOTHING_SENT, Box::pin(reading)).await?;
    let mut plan = ChangePlan::of(&wanted, &policy, &answers)?;
    claim.tell_left_out(&plan, streams);
    if args.dry_run {
        return results::of_dry_run(&plan, streams);
    }
    plan.refuse_whole()?;
    let is_sent = plan.to_send().next().is_some();
    let is_confirmed = is_sent && confirm::ask(&plan, &mut interrupts, streams).await?;
    let taking = async {
        claim.note_unread(&plan).await;
        claim.take(&plan).await
    };
    interrupts.during(NOTHING_SENT, taking).await?;
    let mut interrupted = None;
    if is_sent {
        interrupted = sending::send(&mut plan, deadline, is_confirmed, &mut interrupts, streams).await;
    }
    claim.release(&plan);
    if args.wait && interrupted.is_none() {
        interrupted = following::follow(&mut plan, deadline, &mut interrupts, streams).await;
    }
    results::of_sending(&plan, interrupted.as_ref(), streams)
}
