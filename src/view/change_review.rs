//! The review of a change: a row for each cluster, and the question where production is among them.

use ratatui::layout::Rect;

use crate::app::asked::Asked;
use crate::app::place::Place;
use crate::app::screens::change_review::ChangeReview;
use crate::app::world::World;

use super::paint::Paint;
use super::places;
use super::story;
use super::table::{Column, Table, hidden, longest, name_width};
use super::theme::{Role, Symbols};

pub fn draw(
    world: &World,
    review: &ChangeReview,
    paint: &mut Paint<'_, '_>,
    [title, heads, body]: [Rect; 3],
) {
    let asked = &review.asked;
    let count = asked.iter().filter(|one| one.is_in()).count();
    let id = review.id(world).map(|id| id.to_string()).unwrap_or_default();
    let heading = format!("Change {id}");
    let column = paint.line(
        title,
        1,
        &[
            (Role::Heading, &heading),
            (Role::Plain, &format!("  {count} snapshot{}", if count == 1 { "" } else { "s" })),
        ],
    );
    let has_one = asked.iter().filter(|one| one.earlier.is_some()).count();
    let stops = world.drafts.change.as_ref().is_some_and(|draft| draft.all_or_stop);
    let besides = [
        words_of(has_one, "requested before"),
        words_of(asked.len() - count - has_one, "left out"),
        if stops { "; a failure stops the rest".to_owned() } else { String::new() },
    ]
    .concat();
    let column = paint.line(title, column, &[(Role::Quiet, &besides)]);
    let label = review.typed.as_ref().map(|typed| format!("Production. Type {} to submit:", typed.wanted));
    let [body, below] = story::parts(world.layout.story_rows(), body, label.as_deref());
    let rows: Vec<(&Place, &Asked)> = asked.iter().map(|one| (world.at(one.part.place), one)).collect();
    let table = Table::new(columns(&rows, body.width, paint.symbols()), body.width)
        .marked(|(place, one)| places::mark(world.standing(place, Some(&one.part.cluster))));
    table.heads(paint, heads);
    let told = review
        .against
        .first()
        .map_or((Role::Doubt, "nothing is sent yet"), |first| (Role::Bad, first.as_str()));
    paint.title_end(title, column, &hidden(rows.len(), review.cursor.offset, body), told);
    table.listed(paint, body, &rows, &review.cursor);
    match (&review.typed, label, asked.get(review.cursor.at)) {
        (Some(typed), Some(label), _) => story::draw_question(&label, &typed.text, paint, below),
        (_, _, Some(one)) => {
            let told = one.earlier.iter().chain(&one.obstacles).chain(&one.doubts);
            let told: Vec<&str> = told.map(String::as_str).collect();
            let told = if told.is_empty() { String::new() } else { format!(": {}", told.join("; ")) };
            story::draw(&format!("{}{told}", one.name), paint, below);
        }
        _ => {}
    }
}

fn columns<'p>(
    rows: &[(&'p Place, &'p Asked)],
    width: u16,
    symbols: &'static Symbols,
) -> Vec<Column<'p, (&'p Place, &'p Asked)>> {
    let names = longest(rows.iter().map(|(_, one)| &one.name));
    let clusters = longest(rows.iter().map(|(_, one)| one.part.cluster.as_str()));
    let remarks = longest(rows.iter().map(|(_, one)| against(one, symbols).1));
    let shown: Vec<&Place> = rows.iter().map(|(place, _)| *place).collect();
    let mut columns =
        vec![Column::name("CLUSTER", name_width(clusters, width), 0, |(_, one): &(&Place, &Asked)| {
            one.part.cluster.to_string()
        })];
    columns.extend(places::columns(&shown, 3));
    columns.push(Column::name("SNAPSHOT", (20.min(names), names + 1), 2, |(_, one): &(&Place, &Asked)| {
        one.name.clone()
    }));
    columns.push(Column::text("", (16.min(remarks), remarks), 1, move |(_, one): &(&Place, &Asked)| {
        against(one, symbols)
    }));
    columns
}

fn words_of(count: usize, what: &str) -> String {
    if count > 0 { format!(", {count} {what}") } else { String::new() }
}

/// What stands against a row, or what is to be known of it, in the first words.
fn against(one: &Asked, symbols: &'static Symbols) -> (Role, String) {
    if let Some(earlier) = &one.earlier {
        return (Role::Quiet, format!("not sent: {earlier}"));
    }
    match (one.obstacles.first(), one.doubts.first()) {
        _ if !one.is_in() => (Role::Quiet, "left out".to_owned()),
        (Some(obstacle), _) => (Role::Bad, format!("{} {obstacle}", symbols.cross)),
        _ if one.waits => (Role::Doubt, "! waits until it is available".to_owned()),
        (None, Some(doubt)) => (Role::Doubt, format!("! {doubt}")),
        (None, None) => (Role::Good, format!("{} no known obstacle", symbols.full)),
    }
}
