//! The way to the review, and the worst of what is known before it.

use ratatui::layout::Rect;

use crate::app::screens::form::checks::{FormCheck, Verdict};

use super::super::paint::{Paint, row};
use super::super::theme::Role;
use super::checks::mark;
use super::{FIELD, draw_press};

/// Below so many columns there is hardly room for the checks.
const NARROW: u16 = 60;

pub fn draw_button(is_focused: bool, checks: &[FormCheck], paint: &mut Paint<'_>, area: Rect) {
    let row = row(area, 0);
    let column = draw_press(is_focused, "[ Review ]", paint, row, FIELD);
    let (verdict, told) = told(checks, row.width < NARROW);
    let (role, symbol) = mark(verdict, paint.symbols());
    paint.line(row, column + 2, &[(role, symbol), (Role::Plain, " "), (role, &told)]);
}

/// The worst, what it means, and how many more there are like it.
fn told(checks: &[FormCheck], is_narrow: bool) -> (Verdict, String) {
    let counted = || checks.iter().filter(|check| check.brief.is_some());
    let Some(worst) = counted().min_by_key(|check| check.verdict) else {
        return (Verdict::Fine, "no known obstacle".to_owned());
    };
    let asked = counted().filter(|check| check.is_asked).count();
    let verdict = worst.verdict;
    if asked == counted().count() {
        let start = if is_narrow { "" } else { "no known obstacle yet, " };
        return (verdict, format!("{start}{asked} still asked"));
    }
    // What is not known weighs more than what is not known yet.
    let worst = counted().find(|check| check.verdict == verdict && !check.is_asked).unwrap_or(worst);
    let brief = worst.brief.clone().unwrap_or_default();
    if is_narrow {
        return (verdict, brief);
    }
    let (start, alike, more) = if verdict == Verdict::Blocks {
        let alike = counted().filter(|check| check.verdict == verdict).count();
        ("not yet: ", alike, if alike == 2 { "obstacle" } else { "obstacles" })
    } else {
        ("", counted().count(), "to look at twice")
    };
    match alike - 1 {
        0 => (verdict, format!("{start}{brief}")),
        others => (verdict, format!("{start}{brief}; {others} more {more}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(verdict: Verdict, text: &str) -> FormCheck {
        FormCheck::new(verdict, text.to_owned())
    }

    fn unknown(text: &str, is_asked: bool) -> FormCheck {
        FormCheck { brief: Some(text.to_owned()), is_asked, ..check(Verdict::Unknown, text) }
    }

    #[test]
    fn the_button_tells_the_worst_itself_and_is_green_only_where_nothing_is_doubtful() {
        let fact = || check(Verdict::Fact, "last usable snapshot 2 h ago");
        let doubt = || check(Verdict::Doubt, "refused last time");
        let blocks = || check(Verdict::Blocks, "the name is taken");
        let (asked, denied) = (|| unknown("quota", true), || unknown("quota not known", false));
        for (checks, verdict, wide, narrow) in [
            (vec![fact()], Verdict::Fine, "no known obstacle", "no known obstacle"),
            (
                vec![asked(), fact()],
                Verdict::Unknown,
                "no known obstacle yet, 1 still asked",
                "1 still asked",
            ),
            (
                vec![asked(), denied()],
                Verdict::Unknown,
                "quota not known; 1 more to look at twice",
                "quota not known",
            ),
            (vec![denied()], Verdict::Unknown, "quota not known", "quota not known"),
            (
                vec![doubt(), asked()],
                Verdict::Doubt,
                "refused last time; 1 more to look at twice",
                "refused last time",
            ),
            (vec![doubt(), blocks()], Verdict::Blocks, "not yet: the name is taken", "the name is taken"),
            (
                vec![blocks(), blocks()],
                Verdict::Blocks,
                "not yet: the name is taken; 1 more obstacle",
                "the name is taken",
            ),
        ] {
            assert_eq!(told(&checks, false), (verdict, wide.to_owned()));
            assert_eq!(told(&checks, true), (verdict, narrow.to_owned()));
        }
    }
}
