//! What every request begins with and has to have: the name's template, tags, required tags, the mark's key.

use toml::de::DeValue;

use super::Config;
use super::value::{Wrong, read_texts, rows, take_text};
use crate::domain::naming::Template;
use crate::domain::tag::{self, Tag};

pub(super) fn take_template(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    let read = |text: &str| Template::parse(text).map_err(|error| error.to_string());
    take_text(value, read, |template| config.policy.name_template = template)
}

pub(super) fn take_tags(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    let DeValue::Table(table) = value else { return vec![Wrong::kind(value)] };
    let mut wrong = Vec::new();
    let mut taken = Vec::new();
    // In the order of the file, which is the order on the screen.
    for (key, value) in rows(table) {
        let at = Some(key.span().start);
        let DeValue::String(text) = value.get_ref() else {
            wrong.push(Wrong { at, ..Wrong::kind(value.get_ref()) });
            continue;
        };
        taken.push(Tag::new(key.get_ref().clone(), text.clone()));
        if let Some(problem) = tag::problems(&taken).first() {
            wrong.push(Wrong { at, said: problem.rule.to_string() });
            taken.pop();
        }
    }
    config.policy.tags = taken;
    wrong
}

pub(super) fn take_required(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    let (keys, wrong) = read_texts(value, read_key);
    for key in keys {
        if !config.policy.required_tags.contains(&key) {
            config.policy.required_tags.push(key);
        }
    }
    wrong
}

/// Takes the key of a tag, or an empty text.
pub(super) fn take_key_or_none(value: &DeValue<'_>, take: impl FnOnce(Option<String>)) -> Vec<Wrong> {
    let read = |text: &str| if text.is_empty() { Ok(None) } else { read_key(text).map(Some) };
    take_text(value, read, take)
}

/// The key of a tag.
pub(super) fn read_key(text: &str) -> Result<String, String> {
    match tag::problems(&[Tag::new(text, "")]).first() {
        Some(problem) => Err(problem.rule.to_string()),
        None if text.trim() != text => Err("it has blanks at its ends".to_owned()),
        None => Ok(text.to_owned()),
    }
}
