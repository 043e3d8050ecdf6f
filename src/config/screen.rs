//! The settings of the screen program: looks, mouse, keys.

use std::time::Duration;

use toml::de::DeValue;

use crate::app::drafts::name::MAX_LINE_CHARS;
use crate::app::overrides::{KeyOverride, Keymap, actions, parse_key};
use crate::app::settings::Stay;
use crate::app::theme::Theme;
use crate::domain::filter::{Filter, FilteredList};

use super::Config;
use super::value::{Wrong, list, read_texts, rows, shown_table, take_text};

/// What can be chosen about how the screen program looks and listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScreenSettings {
    /// What each kind of text looks like.
    pub theme: Theme,
    /// Whether nothing but ASCII is shown.
    pub ascii: bool,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// For how long an escape may be the start of a key's sequence, which a slow link cuts in two.
    pub escape_wait: Duration,
    /// For how long what ended well stays in the pane.
    pub stay: Stay,
}

impl Default for ScreenSettings {
    fn default() -> Self {
        Self {
            theme: Theme::default(),
            ascii: false,
            mouse: false,
            escape_wait: Duration::from_millis(150),
            stay: Stay::default(),
        }
    }
}

/// The milliseconds that may be waited for: longer, and the escape key seems dead.
const ESCAPE_MS: std::ops::RangeInclusive<u64> = 10..=2000;

/// The minutes that what ended well may stay: at least one, to be read, and a week at most.
const STAY_MINUTES: std::ops::RangeInclusive<u64> = 1..=10_080;

pub(super) fn take_escape_wait(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    take_number(value, ESCAPE_MS, |ms| config.screen.escape_wait = Duration::from_millis(ms))
}

pub(super) fn take_filter(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    let read = |text: &str| match Filter::parse(text, FilteredList::Clusters) {
        Err(error) => Err(error.to_string()),
        Ok(_) if text.chars().any(char::is_control) => Err("a control character stands there".to_owned()),
        Ok(_) if text.chars().count() >= MAX_LINE_CHARS => {
            Err(format!("it has {MAX_LINE_CHARS} characters or more"))
        }
        Ok(_) => Ok(text.to_owned()),
    };
    take_text(value, read, |filter| config.list.filter = filter)
}

pub(super) fn take_stay(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    take_number(value, STAY_MINUTES, |minutes| config.screen.stay = Stay(Duration::from_mins(minutes)))
}

fn take_number(
    value: &DeValue<'_>,
    may: std::ops::RangeInclusive<u64>,
    take: impl FnOnce(u64),
) -> Vec<Wrong> {
    let DeValue::Integer(number) = value else { return vec![Wrong::kind(value)] };
    match number.to_string().parse().ok().filter(|number| may.contains(number)) {
        Some(number) => {
            take(number);
            Vec::new()
        }
        None => vec![Wrong { at: None, said: format!("{number} stands there") }],
    }
}

pub(super) fn take_theme(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    let read = |name: &str| Theme::named(name).ok_or_else(|| format!("there is no theme {name}"));
    take_text(value, read, |theme| config.screen.theme = theme)
}

pub(super) fn take_keys(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    let DeValue::Table(table) = value else { return vec![Wrong::kind(value)] };
    let known = actions();
    let (mut wrong, mut wishes, mut places): (Vec<Wrong>, Vec<KeyOverride>, Vec<usize>) = Default::default();
    for (name, value) in rows(table) {
        let at = name.span().start;
        let Some((action, _)) = known.iter().find(|(action, _)| action.name() == *name.get_ref()) else {
            let names: Vec<&str> = known.iter().map(|(action, _)| action.name()).collect();
            let said = format!("there is no action {}; there are {}", name.get_ref(), names.join(", "));
            wrong.push(Wrong { at: Some(at), said });
            continue;
        };
        let mut wanted = Vec::new();
        let mut unfit = match value.get_ref() {
            one @ DeValue::String(_) => take_text(one, parse_key, |key| wanted.push(key)),
            several => {
                let (keys, unfit) = read_texts(several, parse_key);
                wanted = keys;
                unfit
            }
        };
        for wrong in &mut unfit {
            wrong.at = wrong.at.or(Some(value.span().start));
        }
        if unfit.is_empty() && wanted.is_empty() {
            unfit.push(Wrong { at: Some(at), said: format!("{} has no key left", name.get_ref()) });
        }
        if unfit.is_empty() {
            wishes.push((*action, wanted));
            places.push(at);
        }
        wrong.extend(unfit);
    }
    let (keymap, refused) = Keymap::with(&wishes);
    config.keymap = keymap;
    wrong.extend(refused.into_iter().map(|(place, said)| Wrong { at: places.get(place).copied(), said }));
    wrong
}

pub(super) fn show_keys(config: &Config) -> String {
    let row =
        |(action, keys): &KeyOverride| (action.name().to_owned(), list(keys.iter().map(String::as_str)));
    shown_table(config.keymap.changed().iter().map(row))
}
