//! What is production and what is read-only: patterns, each of a kind that is checked. A pattern that can fit nothing
//! is wrong: whoever wrote it believes to be guarded.

use toml::de::DeValue;

use super::value::{Wrong, list, read_texts};
use crate::domain::pattern::{Pattern, TagPattern};

/// The names of settings that hold something back, or of the tables that they stand in. By the tag of its change a
/// snapshot of another machine is known: under a wrong key it would be made a second time.
pub(super) const GUARDS: [&str; 4] = ["production", "read_only", "required_tags", "change"];
/// How alike a name and a guard's have to be for the one to be the other mistyped.
const ALIKE: f64 = 0.6;
/// How all that a guard could be called begins.
const BEGINNINGS: [&str; 4] = ["prod", "readonly", "require", "confirm"];

/// Whether a setting holds something back.
pub(super) fn is_guard(name: &str) -> bool {
    GUARDS.contains(&name.split('.').next().unwrap_or(name))
}

/// Whether a name that is none may have been meant for a guard's.
pub(super) fn may_be_guard(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    BEGINNINGS.iter().any(|beginning| plain(name).starts_with(beginning))
        || GUARDS.iter().any(|guard| is_like(name, guard))
}

/// Whether a name may be a guard's, mistyped.
pub(super) fn is_like(name: &str, guard: &str) -> bool {
    strsim::normalized_damerau_levenshtein(&plain(name), &plain(guard)) >= ALIKE
}

fn plain(name: &str) -> String {
    name.to_lowercase().replace(['-', '_', ' '], "")
}

pub(super) fn take_profiles(patterns: &mut Vec<Pattern>, value: &DeValue<'_>) -> Vec<Wrong> {
    take(patterns, value, |text| checked(text, |_| None))
}

pub(super) fn take_accounts(patterns: &mut Vec<Pattern>, value: &DeValue<'_>) -> Vec<Wrong> {
    take(patterns, value, |text| {
        checked(text, |text| {
            let is_one = text.chars().all(|c| c.is_ascii_digit() || c == '*' || c == '?');
            let fixed = text.chars().filter(|c| *c != '*').count();
            let fits = if text.contains('*') { fixed <= 12 } else { fixed == 12 };
            (!is_one || !fits).then_some("fits no account number, which has 12 digits")
        })
    })
}

pub(super) fn take_clusters(patterns: &mut Vec<Pattern>, value: &DeValue<'_>) -> Vec<Wrong> {
    take(patterns, value, |text| {
        checked(text, |text| {
            let is_one = text.chars().all(|c| c.is_ascii_alphanumeric() || "-*?".contains(c));
            (!is_one).then_some("fits no identifier, which has letters, digits and hyphens only")
        })
    })
}

pub(super) fn take_tags(patterns: &mut Vec<TagPattern>, value: &DeValue<'_>) -> Vec<Wrong> {
    take(patterns, value, |text| {
        let pattern =
            TagPattern::parse(text).ok_or_else(|| format!("\"{text}\" is no pattern of a tag: KEY=VALUE"))?;
        let (key, value) = pattern.parts();
        let has_blanks = [key, value].iter().any(|part| part.as_str().trim() != part.as_str());
        if has_blanks {
            Err(format!("\"{text}\" has blanks at its ends or around the ="))
        } else {
            Ok(pattern)
        }
    })
}

pub(super) fn shown<T: ToString>(patterns: &[T]) -> String {
    let texts: Vec<String> = patterns.iter().map(ToString::to_string).collect();
    list(texts.iter().map(String::as_str))
}

fn take<T>(
    patterns: &mut Vec<T>,
    value: &DeValue<'_>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Vec<Wrong> {
    let (found, wrong) = read_texts(value, read);
    patterns.extend(found);
    wrong
}

/// A pattern, unless a rule says why it can fit nothing.
fn checked(text: &str, rule: impl Fn(&str) -> Option<&'static str>) -> Result<Pattern, String> {
    let blank = (text.is_empty() || text.trim() != text).then_some("has blanks at its ends, or nothing");
    match blank.or_else(|| rule(text)) {
        Some(why) => Err(format!("\"{text}\" {why}")),
        None => Ok(Pattern::new(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_guard_is_told_from_other_unknown_names() {
        for name in [
            "prod",
            "Production",
            "prodction",
            "production_",
            "protection",
            "read-only",
            "readonly",
            "redaonly",
            "required",
            "require_tags",
            "reqired-tags",
            "tags.required_tags",
            "notify.production",
            "notify.confirm_headless",
        ] {
            assert!(may_be_guard(name), "{name}");
        }
        for name in [
            "name_tmplate",
            "tagz",
            "colour",
            "color",
            "place",
            "profile",
            "region",
            "proxy",
            "keymap",
            "mouze",
            "notifi",
        ] {
            assert!(!may_be_guard(name), "{name}");
        }
    }
}
