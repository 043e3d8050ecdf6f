//! What every request begins with and has to have: the name's template, tags, required tags, the mark's key.

use toml::de::DeValue;

use super::Config;
use super::value::{Wrong, texts};
use crate::domain::change_id::ChangeKey;
use crate::domain::mark::MarkKey;
use crate::domain::naming::Template;
use crate::domain::tag::{self, Tag};

pub(super) fn take_template(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    let DeValue::String(text) = value else { return vec![Wrong::kind(value)] };
    match Template::parse(text) {
        Ok(template) => {
            config.policy.name_template = template;
            Vec::new()
        }
        Err(error) => vec![Wrong { at: None, said: error.to_string() }],
    }
}

pub(super) fn take_tags(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    let DeValue::Table(table) = value else { return vec![Wrong::kind(value)] };
    let mut wrong = Vec::new();
    let mut taken = Vec::new();
    // In the order of the file, which is the order on the screen.
    let mut rows: Vec<_> = table.iter().collect();
    rows.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in rows {
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
    let (keys, mut wrong) = texts(value);
    for (at, key) in keys {
        match tag::problems(&[Tag::new(&key, "")]).first() {
            Some(problem) => wrong.push(Wrong { at: Some(at), said: problem.rule.to_string() }),
            None if config.policy.required_tags.contains(&key) => {}
            None => config.policy.required_tags.push(key),
        }
    }
    wrong
}

pub(super) fn take_change_key(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    take_key(value, false, |key| config.policy.change_key = ChangeKey(key))
}

pub(super) fn take_mark(config: &mut Config, value: &DeValue<'_>) -> Vec<Wrong> {
    take_key(value, true, |key| config.policy.mark_key = MarkKey(Some(key).filter(|key| !key.is_empty())))
}

/// Takes the key of a tag; an empty one only where that means something.
pub(super) fn take_key(value: &DeValue<'_>, may_be_empty: bool, take: impl FnOnce(String)) -> Vec<Wrong> {
    let DeValue::String(key) = value else { return vec![Wrong::kind(value)] };
    let problems = tag::problems(&[Tag::new(key.clone(), "")]);
    if let Some(problem) = problems.first().filter(|_| !(may_be_empty && key.is_empty())) {
        return vec![Wrong { at: None, said: problem.rule.to_string() }];
    }
    take(key.clone().into_owned());
    Vec::new()
}
