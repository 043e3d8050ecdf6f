//! A login: why, by which command, and what that says.

use ratatui::layout::Rect;

use crate::app::screens::login::{Login, LoginState};
use crate::app::telling::capitalized;
use crate::domain::text::wrap;

use super::paint::Paint;
use super::theme::Role;

pub fn draw(login: &Login, paint: &mut Paint<'_>, [title, body]: [Rect; 2]) {
    paint.line(title, 1, &[(Role::Heading, "Login")]);
    let room = usize::from(paint.world.viewport.0.saturating_sub(4)).max(1);
    let mut lines: Vec<(Role, String)> = Vec::new();
    let mut add = |role, text: &str| lines.extend(wrap(text, room).into_iter().map(|line| (role, line)));
    add(Role::Quiet, &paint.shown(&capitalized(&login.why)));
    add(Role::Plain, "");
    add(Role::Accent, &paint.shown(&login.command));
    add(Role::Plain, &paint.told(&state(&login.state, paint)));
    add(Role::Plain, "");
    let head = lines.len();
    for line in &login.said {
        lines.extend(wrap(&paint.shown(line), room).into_iter().map(|line| (Role::Plain, line)));
    }
    // The last of what it says counts: an address to open, a code to compare.
    let over = lines.len().saturating_sub(usize::from(body.height));
    let said = head..head + over.min(lines.len() - head);
    lines.drain(said);
    for (row, line) in body.rows().zip(lines) {
        paint.line(row, 3, &[line]);
    }
}

fn state(state: &LoginState, paint: &Paint<'_>) -> String {
    match state {
        LoginState::Offered => {
            "It can be started here, or run in a shell; a new login is noticed by itself.".to_owned()
        }
        LoginState::Running(_) => "It runs. ‹esc:back› ends it. It says:".to_owned(),
        LoginState::Done => "It ended well; the credentials are looked for again.".to_owned(),
        LoginState::InVain => {
            "It ended well, and there are no credentials all the same: see above.".to_owned()
        }
        LoginState::Failed(why) => format!("It failed: {}.", paint.shown(why)),
    }
}
