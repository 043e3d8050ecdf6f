//! What is known of a change before its review: what is wrong with what is typed, which of its clusters cannot go as they
//! are, and what to know of the others.

use crate::app::asked::{self, Asked};
use crate::app::drafts::change::ChangeDraft;
use crate::app::screens::form::checks::{FormCheck, Verdict, missing_permissions, named, no_mark};
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
    checks.extend(
        missing(world, draft).map(|text| check(Verdict::Doubt, text).brief("a permission is missing")),
    );
    let held = if is_typed_well { obstructed(&asked) } else { asked::held_back(world, draft) };
    checks.extend(told(&held, "cannot be sent"));
    checks.extend(told(&if is_typed_well { doubtful(&asked) } else { Vec::new() }, "not certain"));
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

/// Those that can be sent and are doubtful, each with the first that is.
fn doubtful(asked: &[Asked]) -> Vec<(String, String)> {
    let why = |one: &Asked| Some((one.part.cluster.to_string(), one.doubts.first()?.clone()));
    asked.iter().filter(|one| one.can_be_sent()).filter_map(why).collect()
}

/// The permissions that were found missing, with their place where there are several.
fn missing(world: &World, draft: &ChangeDraft) -> impl Iterator<Item = String> {
    let places = draft.places();
    let are_several = places.len() > 1;
    places.into_iter().map(|of| world.at(of)).flat_map(move |place| {
        let told = move |text| if are_several { format!("{}: {text}", place.label()) } else { text };
        missing_permissions(place, &[]).into_iter().map(told)
    })
}

/// How many it is so of, and why of the first of them.
fn told(those: &[(String, String)], what: &str) -> Option<FormCheck> {
    let (cluster, why) = those.first()?;
    let more = if those.len() == 1 { String::new() } else { format!(", and {} more", those.len() - 1) };
    let brief = format!("{} {what}", those.len());
    Some(FormCheck::new(Verdict::Doubt, format!("{brief}: {cluster} ({why}){more}")).brief(brief))
}
