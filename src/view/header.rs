//! The first row: who asks, and where. It always names the account, the Region, and the endpoint where
//! that is not AWS's.

use ratatui::layout::Rect;

use crate::app::keymap::{Action, Focus};
use crate::app::place::questions::QuestionSubject;
use crate::app::place::{ConnectionState, Place};
use crate::app::ui::Ui;
use crate::app::world::World;
use crate::domain::failure::FailureKind;
use crate::domain::naming::who_of;

use super::paint::Paint;
use super::theme::Role;

/// What is said where nobody could find out.
const NO_ACCOUNT: &str = "account: not known";
const NO_REGION: &str = "Region: not known";

pub fn draw(paint: &mut Paint<'_>, row: Rect) {
    let (world, ui) = (paint.world, paint.ui);
    let narrow = row.width < 60;
    let gap = if narrow { 1 } else { 3 };
    let place = world.place();
    let target = place.target();
    let mut pieces: Vec<(Role, String)> = Vec::new();
    if !narrow {
        pieces.push((Role::Heading, "clustersnap".to_owned()));
    }
    let account_at = pieces.len();
    match (account(place, narrow), region(place)) {
        // In one, where there is little room.
        (account, region) if narrow && account == NO_ACCOUNT && region == NO_REGION => {
            pieces.push((Role::Plain, "account and Region: not known".to_owned()));
        }
        (account, region) => pieces.extend([(Role::Plain, account), (Role::Plain, region)]),
    }
    if world.places.are_several() {
        let ids = world.places.shown_ids();
        let at = ids.iter().position(|id| *id == place.id).map_or(0, |at| at + 1);
        let words = if row.width < 100 { String::new() } else { " places".to_owned() };
        pieces.push((Role::Quiet, format!("{at} of {}{words}", ids.len())));
    }
    let about = ui.covered().about(world).map(|(_, cluster)| cluster);
    let standing = world.standing(place, about.as_ref());
    if standing.is_production {
        pieces.push((Role::Bad, "PRODUCTION".to_owned()));
    }
    if standing.is_read_only {
        pieces.push((Role::Doubt, "READ-ONLY".to_owned()));
    }
    if target.is_demo {
        pieces.push((Role::Doubt, "DEMO".to_owned()));
    }
    // What a person must not overlook has its room first; the endpoint, and then who asks, give way.
    let used: u16 = pieces.iter().map(|(_, text)| paint.columns_of(text) + gap).sum();
    let help = help_key(world, ui);
    let room = help.map_or(0, |key| paint.columns_of(key) + 7);
    let help = help.filter(|_| row.width >= 30 && !(narrow && used + room > row.width));
    let line = Rect { width: row.width.saturating_sub(if help.is_some() { room } else { 0 }), ..row };
    let over = (used + 1).saturating_sub(line.width + gap);
    let mut column = 1;
    for (at, (role, text)) in pieces.iter().enumerate() {
        let width = paint.columns_of(text).saturating_sub(if at == account_at { over } else { 0 });
        paint.cell(line, column, width, *role, text);
        column += width + gap;
    }
    if let Some(endpoint) = target.endpoint.as_deref().filter(|_| !target.is_demo) {
        paint.line(line, column, &[(Role::Doubt, endpoint)]);
    }
    if let Some(key) = help {
        paint.right(row, 0, &[(Role::Accent, key), (Role::Quiet, " help")]);
    }
}

/// The key that shows the keys here, where there is one and they are not shown already.
fn help_key<'a>(world: &'a World, ui: &Ui) -> Option<&'a str> {
    let focus = ui.focus(world);
    if matches!(focus, Focus::Help | Focus::HelpFilter) {
        return None;
    }
    let mut rows = world.keymap.rows(focus).filter(|bound| bound.binding.action == Action::Help);
    rows.find_map(|bound| bound.keys.first()).map(String::as_str)
}

fn region(place: &Place) -> String {
    let known = place.target().region.clone();
    known.unwrap_or_else(|| match &place.connection {
        ConnectionState::Connecting(_) => "Region: reading".to_owned(),
        ConnectionState::Failed(failure) if failure.kind != FailureKind::NoRegion => NO_REGION.to_owned(),
        ConnectionState::Failed(_) | ConnectionState::Ready(_) => "Region: none".to_owned(),
    })
}

/// The account and, where there is room, by which name it is asked.
fn account(place: &Place, narrow: bool) -> String {
    let Some(account) = place.account() else {
        let is_waiting = place.questions.is_in_flight(&QuestionSubject::Caller)
            || matches!(place.connection, ConnectionState::Connecting(_));
        let account = if is_waiting { "account: asking" } else { NO_ACCOUNT };
        // Else two places of a Region, both denied, could not be told apart.
        return match &place.target().profile {
            Some(profile) if !narrow => format!("{account}, profile {profile}"),
            _ => account.to_owned(),
        };
    };
    if narrow {
        return account.to_string();
    }
    let profile = place.target().profile.clone();
    let who = place.caller_shown().map(|caller| who_of(&caller.arn)).unwrap_or_default();
    let name = profile.unwrap_or_else(|| who.to_owned());
    if name.is_empty() { account.to_string() } else { format!("{account} {name}") }
}
