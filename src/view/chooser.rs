//! The choice of profiles and Regions.

use ratatui::layout::Rect;

use crate::app::screens::chooser::{Choice, Choosable, Chooser};
use crate::app::world::World;
use crate::domain::account::AccountId;
use crate::domain::policy::PolicyStanding;

use super::nothing;
use super::paint::Paint;
use super::table::{Column, Table, hidden, longest, name_width};
use super::theme::Role;

pub fn draw(chooser: &Chooser, paint: &mut Paint<'_>, [title, heads, body]: [Rect; 3]) {
    let world = paint.world;
    let heading = match chooser.choice {
        Choice::Profiles => "Profiles",
        Choice::Regions => "Regions",
    };
    let marked = match chooser.marked.len() {
        0 => String::new(),
        count => format!("{count} marked  "),
    };
    let parts = [(Role::Heading, heading), (Role::Plain, "  "), (Role::Plain, &marked), (Role::Accent, "/")];
    let column = paint.line(title, 1, &parts);
    let end = paint.typed(title, column, &chooser.input, true);
    let entries = chooser.entries(world);
    if entries.is_empty() {
        let told = match &world.choices {
            None => "Reading the files of AWS.",
            Some(Err(failure)) => {
                &format!("The files of AWS cannot be read: {failure}. ‹esc:back› goes back.")
            }
            Some(Ok(_)) if chooser.input.value().trim().is_empty() => {
                "There is no profile in the files of AWS on this machine. ‹esc:back› goes back."
            }
            Some(Ok(_)) => "Nothing has this in its name. ‹esc:back› goes back.",
        };
        return nothing::draw(told, Role::Plain, paint, body);
    }
    let table = Table::new(columns(world, chooser, &entries, body.width), body.width);
    let hidden = hidden(entries.len(), chooser.cursor.offset(), body);
    paint.title_end(title, end, &hidden, (Role::Quiet, ""));
    table.heads(paint, heads);
    table.listed(paint, body, &entries, chooser.cursor.row());
}

fn columns<'p>(
    world: &'p World,
    chooser: &'p Chooser,
    entries: &[Choosable],
    width: u16,
) -> Vec<Column<'p, Choosable>> {
    let names = longest(entries.iter().map(|entry| &entry.name));
    let of = |text: fn(&Choosable) -> String| longest(entries.iter().map(text));
    let mark = |entry: &Choosable| {
        let is_marked = chooser.marked.contains(&entry.name);
        (Role::Accent, if is_marked { "*" } else { " " }.to_owned())
    };
    let mut columns = vec![
        Column::text("", (1, 1), 0, mark),
        Column::name("NAME", name_width(names, width), 0, |entry: &Choosable| entry.name.clone()),
    ];
    if chooser.choice == Choice::Profiles {
        columns.push(Column::text("ACCOUNT", (12, 12), 1, |entry| (Role::Plain, account(entry))));
        columns.push(Column::text("REGION", (of(region).min(14), of(region)), 2, |entry| {
            (Role::Plain, region(entry))
        }));
        let how = of(credentials);
        columns.push(Column::text("CREDENTIALS", (how.min(14), how), 4, |entry| {
            (Role::Quiet, credentials(entry))
        }));
    }
    columns.push(Column::text("", (10, 27), 3, |entry| state(world, entry)));
    columns
}

fn whose(entry: &Choosable) -> Option<&AccountId> {
    entry.profile.as_ref()?.account.as_ref()
}

fn account(entry: &Choosable) -> String {
    whose(entry).map(ToString::to_string).unwrap_or_default()
}

fn region(entry: &Choosable) -> String {
    entry.region.clone().unwrap_or_default()
}

fn credentials(entry: &Choosable) -> String {
    entry.profile.as_ref().map(|profile| profile.credentials.clone()).unwrap_or_default()
}

/// What a person has to see before they go there.
fn state(world: &World, entry: &Choosable) -> (Role, String) {
    let standing = match entry.profile {
        Some(_) => world.standing_of_profile(&entry.name, whose(entry)),
        None => PolicyStanding::default(),
    };
    let words = [
        (standing.is_production, "PRODUCTION"),
        (standing.is_read_only, "READ-ONLY"),
        (entry.is_shown, "open"),
    ];
    let told: Vec<&str> = words.iter().filter(|(is_so, _)| *is_so).map(|(_, word)| *word).collect();
    let role = match standing {
        PolicyStanding { is_production: true, .. } => Role::Bad,
        PolicyStanding { is_read_only: true, .. } => Role::Doubt,
        PolicyStanding { .. } => Role::Quiet,
    };
    (role, told.join(", "))
}
