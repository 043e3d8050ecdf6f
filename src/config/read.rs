//! Text to settings: what is right holds, what is wrong is reported with its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::domain::text::escaped;

use super::settings::{SETTINGS, Setting};
use super::{Config, Problem};

/// The most problems that are reported: a wrong file in this place must not fill the screen.
const MAX_PROBLEMS: usize = 20;

/// Reads settings. Each that is wrong is reported and keeps its default.
#[must_use]
pub fn parse(text: &str) -> (Config, Vec<Problem>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { text, config: Config::default(), problems: Vec::new() };
    for error in errors {
        reader.note(error.span().map(|span| span.start), error.message());
    }
    reader.table("", table.get_ref());
    let Reader { config, mut problems, .. } = reader;
    problems.sort_by_key(|problem| problem.line);
    problems.truncate(MAX_PROBLEMS);
    (config, problems)
}

struct Reader<'a> {
    text: &'a str,
    config: Config,
    problems: Vec<Problem>,
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
                self.note(Some(key.span().start), &said);
            }
        }
    }

    fn setting(&mut self, setting: &Setting, value: &Spanned<DeValue<'_>>) {
        // A table's header stands lines above what is wrong in it.
        let begin = value.span().start;
        for wrong in (setting.take)(&mut self.config, value.get_ref()) {
            let said = format!("{}: {}; wanted: {}", setting.name, wrong.said, setting.wanted);
            self.note(Some(wrong.at.unwrap_or(begin)), &said);
        }
    }

    fn note(&mut self, at: Option<usize>, said: &str) {
        let line = at.map(|at| {
            let before = self.text.bytes().take(at);
            1 + before.filter(|byte| *byte == b'\n').count()
        });
        self.problems.push(Problem { line, said: escaped(said).into_owned() });
    }
}

/// The settings that stand in the same table.
fn siblings(prefix: &str) -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().map(|setting| setting.name).filter(move |name| name.starts_with(prefix))
}
