//! A value of TOML as one of Rust, or what is wrong with it; and the way back. It knows no setting.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What is wrong with a value, and at which byte, if that is not where the value begins.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) at: Option<usize>,
    pub(super) said: String,
}

impl Wrong {
    /// A value that is not what the setting wants.
    pub(super) fn kind(value: &DeValue<'_>) -> Self {
        Self { at: None, said: format!("{} stands there", kind(value)) }
    }
}

/// Takes a text, as it is read; what is wrong with it leaves what was there.
pub(super) fn take_text<T>(
    value: &DeValue<'_>,
    read: impl FnOnce(&str) -> Result<T, String>,
    take: impl FnOnce(T),
) -> Vec<Wrong> {
    let DeValue::String(text) = value else { return vec![Wrong::kind(value)] };
    match read(text) {
        Ok(read) => {
            take(read);
            Vec::new()
        }
        Err(said) => vec![Wrong { at: None, said }],
    }
}

/// The texts of a list as they are read, and what is wrong with the others.
pub(super) fn read_texts<T>(
    value: &DeValue<'_>,
    read: impl Fn(&str) -> Result<T, String>,
) -> (Vec<T>, Vec<Wrong>) {
    let (texts, mut wrong) = texts(value);
    let mut found = Vec::new();
    for (at, text) in texts {
        match read(&text) {
            Ok(read) => found.push(read),
            Err(said) => wrong.push(Wrong { at: Some(at), said }),
        }
    }
    (found, wrong)
}

/// The members of a table in the order of the file.
pub(super) fn rows<'a, 'i>(
    table: &'a DeTable<'i>,
) -> Vec<(&'a Spanned<Cow<'i, str>>, &'a Spanned<DeValue<'i>>)> {
    let mut rows: Vec<_> = table.iter().collect();
    rows.sort_by_key(|(key, _)| key.span().start);
    rows
}

/// Names with their values as a table as it stands in a file.
pub(super) fn shown_table(rows: impl IntoIterator<Item = (String, String)>) -> String {
    let rows: Vec<String> = rows.into_iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if rows.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", rows.join(", ")) }
}

/// Texts as a list as it stands in a file.
pub(super) fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", texts.map(text).collect::<Vec<_>>().join(", "))
}

/// A text as it stands in a file, quoted.
pub(super) fn text(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

/// The texts of a list, each with the byte at which it stands, and what is wrong with it.
pub(super) fn texts(value: &DeValue<'_>) -> (Vec<(usize, String)>, Vec<Wrong>) {
    let DeValue::Array(list) = value else { return (Vec::new(), vec![Wrong::kind(value)]) };
    let (mut found, mut wrong) = (Vec::new(), Vec::new());
    for item in list {
        let at = item.span().start;
        match item.get_ref() {
            DeValue::String(text) => found.push((at, text.clone().into_owned())),
            other => wrong.push(Wrong { at: Some(at), ..Wrong::kind(other) }),
        }
    }
    (found, wrong)
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
