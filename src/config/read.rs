//! Text to settings: what is right holds, what is wrong is reported with its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::tag::TagRule;
use crate::domain::text::{escaped, line_of};

use super::settings::{SETTINGS, Setting};
use super::value::texts;
use super::{Config, ConfigProblem, guards};

/// Reads settings. Each that is wrong is reported and keeps its default.
#[must_use]
pub fn parse(text: &str) -> (Config, Vec<ConfigProblem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { text, config: Config::default(), problems: Vec::new() };
    for error in errors {
        // What could not be read may have been a guard.
        reader.note(error.span().map(|span| span.start), error.message(), true);
    }
    reader.table("", table.get_ref());
    reader.marks(table.get_ref());
    let Reader { config, mut problems, .. } = reader;
    problems.sort_by_key(|problem| problem.line);
    (config, problems)
}

struct Reader<'a> {
    text: &'a str,
    config: Config,
    problems: Vec<ConfigProblem>,
}

impl Reader<'_> {
    fn table(&mut self, prefix: &str, table: &DeTable<'_>) {
        for (key, value) in table {
            let name = format!("{prefix}{}", key.get_ref());
            if let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) {
                self.setting(setting, value);
            } else if let DeValue::Table(inner) = value.get_ref()
                && SETTINGS.iter().any(|setting| setting.name.starts_with(&format!("{name}.")))
            {
                self.table(&format!("{name}."), inner);
            } else {
                let allowed: Vec<&str> = siblings(prefix).collect();
                let said = format!("there is no setting {name}; there are {}", allowed.join(", "));
                let is_guard =
                    guards::is_guard(&name) || guards::may_be_guard(&name) || has_guard(value.get_ref());
                self.note(Some(key.span().start), &said, is_guard);
            }
        }
    }

    fn setting(&mut self, setting: &Setting, value: &Spanned<DeValue<'_>>) {
        // A table's header stands lines above what is wrong in it.
        let begin = value.span().start;
        // What is meant for the top of the file belongs to the table above it, if it stands below that.
        let is_guard = guards::is_guard(setting.name) || has_guard(value.get_ref());
        for wrong in (setting.take)(&mut self.config, value.get_ref()) {
            let said = format!("{}: {}; wanted: {}", setting.name, wrong.said, setting.wanted);
            self.note(Some(wrong.at.unwrap_or(begin)), &said, is_guard);
        }
    }

    /// Gives the mark its usual key back, where it is that of the change as well, and takes the mark's key out of the
    /// tags: each request has that one by itself. Which keys they are, is known only when all is read.
    fn marks(&mut self, table: &DeTable<'_>) {
        let mark = self.config.policy.mark_key.clone();
        let change = &self.config.policy.change_key.0;
        if mark.0.as_ref() == Some(change) {
            let named = |name: &str| match table.get(name)?.get_ref() {
                DeValue::Table(inner) => inner.get("key"),
                _ => None,
            };
            let at = named("proof").or_else(|| named("change")).map(|value| value.span().start);
            let said = format!("proof.key: {change} is the key of the change's tag too; wanted: two keys");
            // By the usual key a snapshot would not be found that has the change's id under the key that was chosen.
            self.note(at, &said, named("change").is_some());
            (self.config.policy.mark_key, self.config.policy.change_key) = Default::default();
            return self.marks(table);
        }
        let tags = match table.get("tags").map(Spanned::get_ref) {
            Some(DeValue::Table(tags)) => {
                tags.keys().map(|key| (key.span().start, key.get_ref().to_string())).collect()
            }
            _ => Vec::new(),
        };
        let required = table.get("required_tags").map(|keys| texts(keys.get_ref()).0).unwrap_or_default();
        for (setting, keys) in [("tags", tags), ("required_tags", required)] {
            for (at, key) in keys.into_iter().filter(|(_, key)| mark.is_marks(key)) {
                let said = format!("{setting}: {key}: {}", TagRule::Mark);
                self.note(Some(at), &said, guards::is_guard(setting));
            }
        }
        self.config.policy.tags.retain(|tag| !mark.is_marks(&tag.key));
        self.config.policy.required_tags.retain(|key| !mark.is_marks(key));
    }

    fn note(&mut self, at: Option<usize>, said: &str, is_guard: bool) {
        let line = at.map(|at| line_of(self.text.as_bytes(), at));
        self.problems.push(ConfigProblem { line, said: escaped(said).into_owned(), is_guard });
    }
}

/// Whether a table has, at any depth, a key that may have been meant for a guard.
fn has_guard(value: &DeValue<'_>) -> bool {
    match value {
        DeValue::Table(table) => {
            table.iter().any(|(key, value)| guards::may_be_guard(key.get_ref()) || has_guard(value.get_ref()))
        }
        DeValue::Array(list) => list.iter().any(|value| has_guard(value.get_ref())),
        _ => false,
    }
}

/// The settings that stand in the same table.
fn siblings(prefix: &str) -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().map(|setting| setting.name).filter(move |name| name.starts_with(prefix))
}
