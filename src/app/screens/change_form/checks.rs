//! What is known of a change before its review: what is wrong with what is typed, which of its clusters cannot go as they
//! are, and what to know of the others.

use crate::app::asked::{self, Asked};
use crate::app::drafts::change::ChangeDraft;
use crate::app::screens::form::checks::{FormCheck, Verdict, named, no_mark};
use crate::app::world::World;

use super::blockers;

/// All of it, what blocks first.
pub fn checks(world: &World, draft: &ChangeDraft, names: &[String]) -> Vec<FormCheck> {
    let check = FormCheck::new;
    let mut checks: Vec<FormCheck> =
        blockers(draft).into_iter().map(|it| check(Verdict::Blocks, it.text).brief(it.brief)).collect();
    let asked = asked::asked(world, draft, names);
    checks.extend(asked::against_all(world, &asked).into_iter().map(|text| check(Verdict::Blocks, text)));
    // What is typed stands against all alike: then only what the clusters themselves say is told of them.
    let is_typed_well = checks.is_empty();
    checks.extend(no_mark(&draft.fields.tags));
    let held = if is_typed_well { obstructed(&asked) } else { asked::held_back(world, draft) };
    let brief = |text| check(Verdict::Doubt, text).brief(format!("{} cannot be sent", held.len()));
    checks.extend(told(&held).map(brief));
    let waits = |one: &&Asked| one.waits && if is_typed_well { one.can_be_sent() } else { one.is_in() };
    let waits = match asked.iter().filter(waits).count() {
        0 => None,
        1 => Some(("1 waits until its cluster is available".to_owned(), "1 waits".to_owned())),
        count => Some((format!("{count} wait until their clusters are available"), format!("{count} wait"))),
    };
    checks.extend(waits.map(|(text, brief)| check(Verdict::Doubt, text).brief(brief)));
    let production = asked::production(world, &asked).count();
    if production > 0 {
        let text =
            format!("PRODUCTION: {production} of them; the count and the id of the change have to be typed");
        checks.push(check(Verdict::Doubt, text).brief(format!("PRODUCTION: {production} of them")));
    }
    named(checks, world)
}

/// Those that cannot be sent, each with the first that stands against it.
fn obstructed(asked: &[Asked]) -> Vec<(String, String)> {
    let against = |one: &Asked| Some((one.part.cluster.to_string(), one.obstacles.first()?.clone()));
    asked.iter().filter(|one| one.is_obstructed()).filter_map(against).collect()
}

/// How many cannot be sent, and why the first of them cannot.
fn told(held: &[(String, String)]) -> Option<String> {
    let (cluster, why) = held.first()?;
    Some(match held.len() {
        1 => format!("1 cannot be sent: {cluster} ({why})"),
        count => format!("{count} cannot be sent: {cluster} ({why}), and {} more", count - 1),
    })
}
