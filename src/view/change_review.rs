//! The review of a change: a row for each cluster, and the question where production is among them.

use ratatui::layout::Rect;

use crate::app::asked::Asked;
use crate::app::place::Place;
use crate::app::screens::change_review::{ChangeReview, Requests, id};
use crate::app::screens::form::checks::no_mark;
use crate::app::screens::typed::Typed;
use crate::app::world::World;

use super::change_facts;
use super::paint::{Paint, below};
use super::places::{self, Of, PlaceWords};
use super::story::Story;
use super::table::{Column, Table, fitting, hidden, longest, name_width, told_width};
use super::theme::{Role, Symbols};

/// Where what stands against all of it has no room in the title.
const BELOW: &str = "not as it is: see below";
/// What is told where there is no room for what is so of all of it.
const NO_ROOM: &str = "Quota, tags and mark have no room here: a larger terminal shows them.";
/// From this width on the title has room for all counts.
const WIDE: u16 = 60;

pub fn draw(review: &ChangeReview, paint: &mut Paint<'_>, [title, heads, body]: [Rect; 3]) {
    let world = paint.world;
    let asked = &review.asked;
    let counts = counts(world, review, title.width);
    let column = paint.line(title, 1, &counts);
    let rows: Vec<Of<'_, Asked>> = asked.iter().map(|one| (world.at(one.part.place), one)).collect();
    let table = Table::new(columns(&rows, body.width, paint.symbols()), body.width)
        .marked(|(place, one)| places::mark(world.standing(place, Some(&one.part.cluster))));
    table.heads(paint, heads);
    let chosen = rows.get(review.cursor.at);
    let (role, ways) = told(review);
    let told = (role, ways.iter().map(|way| paint.told(way).into_owned()).collect::<Vec<_>>());
    let shown = review.room(world).min(rows.len());
    let out_of_sight = hidden(
        rows.len(),
        review.cursor.offset,
        Rect { height: u16::try_from(shown).unwrap_or(u16::MAX), ..body },
    );
    let beside = if out_of_sight.is_none() { 0 } else { 3 + paint.columns_of(&out_of_sight.ways()[0]) };
    let room = title.width.saturating_sub(column + 4 + beside);
    let in_title = fitting(&told.1, room).to_owned();
    let mut texts: Vec<String> = review.against.iter().filter(|text| **text != in_title).cloned().collect();
    texts.extend(chosen.and_then(|row| unsaid(row, &table, paint.symbols())));
    let facts = change_facts::facts(world, review);
    if facts.is_empty() || world.layout.rows_above_story() <= shown + facts.len() {
        let draft = world.drafts.change.as_ref();
        texts.extend(draft.and_then(|draft| no_mark(&draft.fields.tags)).and_then(|check| check.brief));
        texts.push(NO_ROOM.to_owned());
    }
    let question = |typed: &Typed<Requests>| format!("Production. Type {} to send them:", typed.wanted);
    let story = Story::of(review.typed.as_ref(), question, texts);
    let [body, below_table] = story.parts(world.layout.story_rows(), shown + facts.len() + 1, body);
    let rest = below(body, shown);
    let body = Rect { height: body.height - rest.height, ..body };
    let hidden = hidden(rows.len(), review.cursor.offset, body);
    paint.title_end(title, column, &hidden, (told.0, &in_title));
    table.listed(paint, body, &rows, &review.cursor);
    // Below the rows, and a blank one.
    change_facts::draw(&facts, paint, below(rest, 1));
    story.draw(paint, below_table);
}

/// What the change is, and how many of it stand how: where there is little room, what stands in its way alone.
fn counts(world: &World, review: &ChangeReview, width: u16) -> Vec<(Role, String)> {
    let id = id(world).map(|id| id.to_string()).unwrap_or_default();
    let (asked, count) = (&review.asked, review.count());
    let of = |is: fn(&Asked) -> bool| asked.iter().filter(|one| is(one)).count();
    let obstructed = of(Asked::is_obstructed);
    let is_wide = width >= WIDE;
    let heading = (Role::Heading, if is_wide { format!("Change {id}") } else { id });
    if !is_wide && obstructed > 0 {
        return vec![heading, (Role::Bad, format!("  {obstructed}/{count} cannot be sent"))];
    }
    if let Some(first) = review.against.first().filter(|_| !is_wide) {
        return vec![heading, (Role::Bad, format!("  {first}"))];
    }
    let has_one = of(|one| one.earlier.is_some());
    let stops = world.drafts.change.as_ref().is_some_and(|draft| draft.all_or_stop);
    let waits = if is_wide { of(|one| one.can_be_sent() && one.waits) } else { 0 };
    vec![
        heading,
        (Role::Plain, format!("  {count} snapshot{}", if count == 1 { "" } else { "s" })),
        (Role::Bad, words_of(obstructed, "cannot be sent")),
        (Role::Plain, words_of(waits, if waits == 1 { "waits" } else { "wait" })),
        (Role::Quiet, words_of(has_one, "requested before")),
        (Role::Quiet, words_of(asked.len() - count - has_one, "left out")),
        (Role::Quiet, if stops { "; a failure stops the rest".to_owned() } else { String::new() }),
    ]
}

fn words_of(count: usize, what: &str) -> String {
    if count > 0 { format!(", {count} {what}") } else { String::new() }
}

/// Whether it can be sent, from the longest way to say it to the shortest.
fn told(review: &ChangeReview) -> (Role, Vec<String>) {
    let obstructed = review.asked.iter().filter(|one| one.is_obstructed()).count();
    let told = |text: &str| vec![text.to_owned()];
    match review.count() {
        0 => (Role::Bad, told("nothing is to be sent")),
        count if count == obstructed => (Role::Bad, told("none can be sent")),
        _ if obstructed > 0 => {
            let short = format!("‹x:leave_out› leaves {obstructed} out");
            (Role::Bad, vec![format!("not as it is: {short}"), short])
        }
        _ => match review.against.first() {
            Some(first) => (Role::Bad, vec![first.clone(), BELOW.to_owned(), "see below".to_owned()]),
            None => (Role::Doubt, told("nothing is sent yet")),
        },
    }
}

fn columns<'p>(
    rows: &[Of<'p, Asked>],
    width: u16,
    symbols: &'static Symbols,
) -> Vec<Column<'p, Of<'p, Asked>>> {
    type Row<'p> = Of<'p, Asked>;
    let names = longest(rows.iter().map(|(_, one)| &one.name));
    let clusters = longest(rows.iter().map(|(_, one)| one.part.cluster.as_str()));
    let (least, most) = told_width(rows.iter().map(|row| remarks(row, symbols).1));
    let shown: Vec<&Place> = rows.iter().map(|(place, _)| *place).collect();
    let mut columns = vec![Column::name("CLUSTER", name_width(clusters, width), 0, |(_, one): &Row<'p>| {
        one.part.cluster.to_string()
    })];
    // What tells two clusters of one name apart stays longer than what is sent for them.
    let places = shown.iter().map(|place| PlaceWords::of(place)).collect();
    columns.extend(places::columns_of(&places, |(place, _): &Row<'p>| PlaceWords::of(place), (2, 4)));
    // A name that is cut tells little: it has its whole room before long remarks.
    let least_name = names.min(width / 5 * 2).max(20.min(names));
    columns.push(Column::name("SNAPSHOT", (least_name, names + 1), 3, |(_, one): &Row<'p>| one.name.clone()));
    columns.push(Column::told("", (least.min(24), most), 1, move |row: &Row<'p>| remarks(row, symbols)));
    columns
}

/// What stands against a row, or what is to be known of it, from the longest way to say it to the shortest.
fn remarks((place, one): &Of<'_, Asked>, symbols: &'static Symbols) -> (Role, Vec<String>) {
    let told = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    if let Some(earlier) = &one.earlier {
        return (Role::Quiet, vec![format!("not sent: {earlier}"), "requested before".to_owned()]);
    }
    match (one.obstacles.first(), one.doubts.first()) {
        (Some(obstacle), _) if !one.is_in() => {
            (Role::Quiet, vec![format!("left out: {obstacle}"), "left out".to_owned()])
        }
        _ if !one.is_in() => (Role::Quiet, told(&["left out"])),
        (Some(obstacle), _) => {
            let first = obstacle.split(';').next().unwrap_or_default();
            (Role::Bad, vec![format!("{} {obstacle}", symbols.cross), format!("{} {first}", symbols.cross)])
        }
        _ if one.waits => {
            let status = place.catalog.cluster(&one.part.cluster).map(|cluster| cluster.status.to_string());
            let status = status.unwrap_or_default();
            let long = "! waits until it is available";
            (Role::Doubt, vec![format!("{long}: {status}"), long.to_owned(), format!("! waits: {status}")])
        }
        (None, Some(doubt)) => (Role::Doubt, vec![format!("! {doubt}")]),
        (None, None) => (Role::Good, vec![format!("{} no known obstacle", symbols.full)]),
    }
}

/// What the row under the cursor does not say in full.
fn unsaid(
    row: &Of<'_, Asked>,
    table: &Table<'_, Of<'_, Asked>>,
    symbols: &'static Symbols,
) -> Option<String> {
    let (_, one) = row;
    let told: Vec<&String> = one.earlier.iter().chain(&one.obstacles).chain(&one.doubts).collect();
    // That it waits has the place of what is doubtful.
    let is_said = told.len() < 2 && (told.is_empty() || !one.waits) && table.has_room("SNAPSHOT", &one.name);
    if is_said && remarks(row, symbols).1.first().is_none_or(|text| table.has_room("", text)) {
        return None;
    }
    let told: Vec<&str> = told.into_iter().map(String::as_str).collect();
    let told = if told.is_empty() { String::new() } else { format!(": {}", told.join("; ")) };
    Some(format!("{}{told}", one.name))
}
