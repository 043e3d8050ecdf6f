//! The form, one question a line: for screen readers, plain terminals and the worst of links.
//!
//! Nothing is drawn, moved or coloured. Questions and progress go to standard error, the result to standard output;
//! the answers may as well come out of a file. `questions`: the form's.

mod questions;

use super::asking::Asking;
use super::config::policy;
use super::create::preflight::{self, CheckTerms};
use super::create::{CreateArgs, Creating, SnapshotArgs, refuse_at_once};
use super::interrupts::{Interrupts, NOTHING_SENT};
use super::named_cluster::NamedCluster;
use super::problem::{Code, Problem};
use super::streams::{Stop, Streams, show_ascii};
use super::{connect, create, drive, pages, table};
use crate::app::Appearance;
use crate::app::proof::LOST;
use crate::cli::{AnswerOptions, Global};
use crate::domain::cluster::Cluster;
use crate::domain::policy::Confirmation;
use crate::domain::preflight::Verdict;
use crate::session::Consent;
use questions::{LinearDraft, LinearForm};

/// Where the demo's requests go.
const DEMO: &str = "the embedded simulator";

/// Asks, submits and follows; returns the exit code.
///
/// # Errors
///
/// When the system refuses a runtime.
pub fn run(global: &Global, look: Appearance) -> anyhow::Result<u8> {
    if !look.unicode {
        show_ascii();
    }
    drive(AnswerOptions::default(), dialogue(global))
}

async fn dialogue(global: &Global) -> Result<u8, Stop> {
    let streams = Streams::linear();
    let policy = policy(streams);
    refuse_at_once(global, &policy)?;
    let mut interrupts = Interrupts::new()?;
    streams.say("clustersnap, linear mode. An empty answer takes what stands in brackets; control-c leaves.");
    let session = interrupts.during(NOTHING_SENT, Box::pin(connect(global, Some(policy.clone())))).await?;
    let begin = async {
        let caller = session.find_caller().await;
        let clusters = pages::clusters(session.client()).await?;
        Ok::<_, Problem>((caller, super::list::own(clusters)))
    };
    let (caller, (clusters, hidden)) = interrupts.during(NOTHING_SENT, Box::pin(begin)).await?;
    let region = session.target().region.clone().unwrap_or_default();
    streams.say(&format!(
        "Account {}, Region {}. {} clusters{}.",
        caller.map_or_else(
            || "not known".to_owned(),
            |caller| crate::domain::text::escape(caller.account.as_str())
        ),
        crate::domain::text::escape(&region),
        clusters.len(),
        super::list::hidden(&hidden).map(|hidden| format!(", {hidden}")).unwrap_or_default()
    ));
    let asking = Asking::new(streams, &mut interrupts);
    let mut form = LinearForm { asking, session: &session, policy: &policy };
    let draft = Box::pin(form.ask_all(&clusters)).await?;
    if !review(&mut form, &draft).await? {
        return Err(Problem::new(Code::Interrupted, format!("Left. {NOTHING_SENT}")).into());
    }
    let LinearDraft { cluster, when_available, request } = draft;
    let named = NamedCluster { id: cluster.id.clone(), arn: None };
    let wanted = CreateArgs { cluster: named, asked: SnapshotArgs::default() };
    let mut creating = Creating {
        // As it was shown: nothing else is asked of it.
        request: Some(request),
        sent: 0,
        session: &session,
        streams,
        interrupts: &mut interrupts,
        deadline: None,
        policy,
        when_available,
        consent: Consent {
            // What was shown in the review.
            account: cluster.account().or_else(|| session.account()),
            confirmation: Confirmation::Person,
            ..Consent::default()
        },
    };
    let (request, submitted) = Box::pin(creating.ask(&wanted)).await?;
    streams.say(&super::settling::words(&request, &submitted.outcome));
    creating.conclude(&request, submitted, true).await
}

/// Shows the request as it will be sent; whether it is to be.
async fn review(form: &mut LinearForm<'_>, draft: &LinearDraft) -> Result<bool, Stop> {
    let LinearForm { asking, session, policy } = form;
    let place = session.target();
    let region = place.region.clone().unwrap_or_default();
    let LinearDraft { cluster, when_available, request } = draft;
    let proof = match &request.mark {
        Some(key) => format!("will be the tag {key}"),
        None => format!("none: without a mark {LOST}"),
    };
    let shown = table::fields(&[
        ("Account", session.caller().map(|caller| format!("{}, {}", caller.account, caller.arn))),
        ("Region", Some(format!("{region}, {}", if place.is_demo { DEMO.to_owned() } else { place.url() }))),
        ("Cluster", Some(describe(cluster))),
        ("Snapshot", Some(request.snapshot.to_string())),
        ("Tags", Some(create::tags(request.tags.as_slice()))),
        ("Proof", Some(proof)),
    ]);
    let terms = CheckTerms { is_waited_for: *when_available, ..CheckTerms::default() };
    let checks = async { Ok(preflight::checks(session, cluster, &request.snapshot, terms).await) };
    let checks = asking.during(Box::pin(checks)).await?;
    for check in checks.iter().filter(|check| !matches!(check.verdict, Verdict::Fine | Verdict::Fact)) {
        asking.say(&format!("Check of the {}: {}", check.subject.name(), preflight::line(check)));
    }
    asking.say(&format!("Review. Nothing is sent yet.\n{shown}"));
    let standing = policy.of_place(place, session.account().as_ref()).and(policy.of_cluster(cluster));
    if standing.is_read_only {
        asking.say("READ-ONLY. Nothing can be sent to this cluster.");
    }
    let (question, expected) = if standing.is_production {
        let question = format!("PRODUCTION. Type the cluster's name, {}, to send it", cluster.id);
        (question, cluster.id.as_str())
    } else {
        ("Create it? Type yes to send it".to_owned(), "yes")
    };
    let answer = asking.ask(&format!("{question}, anything else leaves")).await?;
    Ok(answer.trim().eq_ignore_ascii_case(expected))
}

/// A cluster in one line.
fn describe(cluster: &Cluster) -> String {
    format!("{}, {}, {}", cluster.id, cluster.engine(), cluster.status)
}
