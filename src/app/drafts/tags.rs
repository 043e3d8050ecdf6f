//! The table of tags: where each row came from, what can be done with it, and what is offered.

use tui_input::Input;

use crate::domain::cluster::Cluster;
use crate::domain::mark::{MarkKey, RequestNumber};
use crate::domain::policy::Policy;
use crate::domain::tag::{self, Tag, TagDoubt, TagProblem, TagRule};
use crate::domain::tag_text;
use crate::domain::text::quoted;

use super::fields::Field;
use super::name::{MAX_FIELD_CHARS, MAX_PASTED_CHARS, put_in};

/// How many changes can be taken back.
const MAX_UNDO: usize = 100;

/// The table.
#[derive(Debug, Clone, Default)]
pub struct TagTable {
    /// The rows.
    pub rows: Vec<TagRow>,
    /// Whether the cluster's own tags are among the rows.
    pub with_own: bool,
    /// The key of the mark, the tag that the request gets besides the rows.
    pub mark: MarkKey,
    /// Whether this request gets it.
    pub with_mark: bool,
    required: Vec<String>,
    undo: Vec<Undo>,
    /// The field in which the last change was typing: it is taken back as one.
    typing: Option<Field>,
}

/// A row of the table.
#[derive(Debug, Clone)]
pub struct TagRow {
    /// The typed key.
    pub key: Input,
    /// The typed value.
    pub value: Input,
    /// Where the row came from.
    pub origin: Origin,
}

/// Where a row came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display)]
#[strum(serialize_all = "lowercase")]
pub enum Origin {
    /// The cluster has it.
    Cluster,
    /// The configuration gives it to every snapshot.
    Configuration,
    /// The configuration asks for it; nobody has given it yet.
    Required,
    /// A person typed or pasted it.
    Typed,
}

/// The table as it was before a change, and where the focus was.
#[derive(Debug, Clone)]
struct Undo {
    rows: Vec<TagRow>,
    with_own: bool,
    focus: Field,
}

impl TagTable {
    /// The table that a request for a cluster begins with: the cluster's own tags, then the
    /// configuration's, whose values come first, then what the configuration asks for. That of a change is of no
    /// cluster: each one's own tags come to it.
    pub fn new(cluster: Option<&Cluster>, policy: &Policy) -> Self {
        let (required, mark) = (policy.required_tags.clone(), policy.mark_key.clone());
        let own = own_tags(cluster, &mark).into_iter().map(|tag| TagRow::new(tag, Origin::Cluster));
        let rows = own.collect();
        let mut table = Self { rows, required, mark, with_own: true, with_mark: true, ..Self::default() };
        for tag in &policy.tags {
            let row = TagRow::new(tag.clone(), Origin::Configuration);
            match table.rows.iter_mut().find(|row| row.key.value() == tag.key) {
                Some(known) => *known = row,
                None => table.rows.push(row),
            }
        }
        for key in &policy.required_tags {
            if !table.rows.iter().any(|row| row.key.value() == key) {
                table.rows.push(TagRow::new(Tag::new(key, ""), Origin::Required));
            }
        }
        table
    }

    /// The tags as they stand.
    pub fn tags(&self) -> Vec<Tag> {
        self.rows.iter().map(|row| Tag::new(row.key.value(), row.value.value())).collect()
    }

    /// The tags that are given to every snapshot of a change: one that is asked for and was given no value is each
    /// cluster's own.
    pub fn given(&self) -> impl Iterator<Item = Tag> {
        let is_given = |row: &&TagRow| row.origin != Origin::Required || !row.value.value().is_empty();
        self.rows.iter().filter(is_given).map(|row| Tag::new(row.key.value(), row.value.value()))
    }

    /// The mark that a request of this number gets.
    pub fn mark(&self, number: &RequestNumber) -> Option<Tag> {
        self.mark.tag(number).filter(|_| self.with_mark)
    }

    /// How many tags the request gets.
    pub fn count(&self) -> usize {
        self.rows.len() + usize::from(self.with_mark && self.mark.0.is_some())
    }

    /// Every rule that a tag breaks.
    pub fn problems(&self) -> Vec<TagProblem> {
        let tags = self.tags();
        let mut problems = tag::problems(&tags);
        problems.extend(self.mark.problems(&tags));
        problems
    }

    /// What breaks a rule, in words: rows have no numbers, so the tag is named by its key.
    pub fn told(&self, problem: &TagProblem) -> String {
        let key = self.rows.get(problem.row).map(|row| row.key.value()).unwrap_or_default();
        if key.is_empty() { problem.words() } else { problem.told(&quoted(key)) }
    }

    /// The same, without what is not typed yet: the key of a new row that still has the focus.
    pub fn complaints(&self, focus: Field) -> Vec<TagProblem> {
        let mut problems = self.problems();
        problems.retain(|problem| problem.rule != TagRule::EmptyKey || !self.is_new(problem.row, focus));
        problems
    }

    /// Whether a row is a new one that has the focus, and nothing is typed in it yet.
    pub fn is_new(&self, row: usize, focus: Field) -> bool {
        let has_focus = matches!(focus, Field::Key(at) | Field::Value(at) if at == row);
        has_focus && self.rows.get(row).is_some_and(|row| row.origin == Origin::Typed && row.is_blank())
    }

    /// What a person should look at twice, by row.
    pub fn doubts(&self) -> Vec<(usize, TagDoubt)> {
        tag::doubts(&self.tags())
    }

    /// The required keys that have no value, each with its row if there is one.
    pub fn missing(&self) -> Vec<(&str, Option<usize>)> {
        let row_of = |key: &str| self.rows.iter().position(|row| row.key.value() == key);
        let is_given =
            |row: usize| self.rows.get(row).is_some_and(|row| !row.value.value().trim().is_empty());
        self.required
            .iter()
            .map(|key| (key.as_str(), row_of(key)))
            .filter(|(_, row)| !row.is_some_and(is_given))
            .collect()
    }

    /// Adds an empty row; returns its index.
    pub fn add(&mut self, focus: Field) -> usize {
        self.remember(focus);
        self.rows.push(TagRow::new(Tag::new("", ""), Origin::Typed));
        self.rows.len() - 1
    }

    /// Removes a row.
    pub fn remove(&mut self, row: usize) {
        if row < self.rows.len() {
            self.remember(Field::Key(row));
            self.rows.remove(row);
        }
    }

    /// Takes back the last change; returns where the focus was before it.
    pub fn undo(&mut self) -> Option<Field> {
        let undo = self.undo.pop()?;
        self.rows = undo.rows;
        self.with_own = undo.with_own;
        self.typing = None;
        Some(undo.focus)
    }

    /// Takes the cluster's own tags (less AWS's) into the table, or out of it.
    pub fn toggle_own(&mut self, cluster: Option<&Cluster>) {
        self.remember(Field::OwnTags);
        self.with_own = !self.with_own;
        self.rows.retain(|row| row.origin != Origin::Cluster);
        if self.with_own {
            let own = own_tags(cluster, &self.mark).into_iter();
            let own = own.filter(|tag| !self.rows.iter().any(|row| row.key.value() == tag.key));
            let own: Vec<TagRow> = own.map(|tag| TagRow::new(tag, Origin::Cluster)).collect();
            self.rows.splice(0..0, own);
        }
    }

    /// Notes how the table was before typing in a field.
    pub fn before_edit(&mut self, field: Field) {
        if matches!(field, Field::Key(_) | Field::Value(_)) && self.typing != Some(field) {
            self.remember(field);
            self.typing = Some(field);
        }
    }

    /// Notes that a row was typed.
    pub fn after_edit(&mut self, field: Field) {
        if let Field::Key(row) | Field::Value(row) = field
            && let Some(row) = self.rows.get_mut(row)
        {
            row.origin = Origin::Typed;
        }
    }

    /// Puts pasted text into the table: tags where the text is tags, else text into the field. Returns
    /// where the focus is then, and what there is to know.
    pub fn paste(&mut self, focus: Field, text: &str) -> (Field, Option<String>) {
        let trimmed = text.trim();
        let is_lines = trimmed.contains(['\n', '\r']);
        // A value may well have an equals sign; a key of one line has none in practice.
        let looks_like_tags = match focus {
            Field::Value(_) => is_lines,
            _ => is_lines || trimmed.contains('=') || trimmed.starts_with(['[', '{']),
        };
        let Some(input) = self.input_mut(focus).filter(|_| !looks_like_tags) else {
            return self.paste_tags(focus, trimmed);
        };
        let kept: String = trimmed.chars().take(MAX_PASTED_CHARS).collect();
        let pasted = put_in(input, &kept, MAX_FIELD_CHARS);
        let remark = if kept.len() < trimmed.len() {
            Some(format!("Pasted: it was cut to {MAX_PASTED_CHARS} characters."))
        } else if trimmed.len() < text.len() {
            Some("Pasted: blanks around it were left out.".to_owned())
        } else {
            None
        };
        self.remember(focus);
        if let Some(input) = self.input_mut(focus) {
            *input = pasted;
        }
        self.after_edit(focus);
        (focus, remark)
    }

    fn paste_tags(&mut self, focus: Field, text: &str) -> (Field, Option<String>) {
        let tags = match tag_text::parse(text) {
            Ok(tags) if tags.is_empty() => {
                return (focus, Some("Nothing of the paste was taken: there is no tag in it.".to_owned()));
            }
            Ok(tags) => tags,
            Err(error) => return (focus, Some(format!("Nothing of the paste was taken: {error}."))),
        };
        self.remember(focus);
        self.rows.retain(|row| !row.is_blank());
        let (mut added, mut changed, mut last) = (0, 0, 0);
        for tag in tags {
            let known = self.rows.iter().position(|row| row.key.value() == tag.key && !tag.key.is_empty());
            let row = TagRow::new(tag, Origin::Typed);
            if let Some((at, slot)) = known.and_then(|at| Some((at, self.rows.get_mut(at)?))) {
                changed += usize::from(slot.value.value() != row.value.value());
                *slot = row;
                last = at;
            } else {
                self.rows.push(row);
                added += 1;
                last = self.rows.len() - 1;
            }
        }
        let count = |n: usize| if n == 1 { "1 tag".to_owned() } else { format!("{n} tags") };
        let told = [(added, "added"), (changed, "changed")].into_iter().filter(|(tags, _)| *tags > 0);
        let told: Vec<String> = told.map(|(tags, word)| format!("{} {word}", count(tags))).collect();
        let told = if told.is_empty() { "nothing new".to_owned() } else { told.join(", ") };
        (Field::Value(last), Some(format!("Pasted: {told}.")))
    }

    /// What is offered to complete the field: the rest of the text that was typed last, else of what is seen most often
    /// on other clusters.
    pub fn offer<'a>(
        &self,
        focus: Field,
        lately: &[&'a Tag],
        seen: impl Iterator<Item = &'a Tag>,
    ) -> Option<String> {
        let (row, is_key) = match focus {
            Field::Key(row) => (row, true),
            Field::Value(row) => (row, false),
            _ => return None,
        };
        let row = self.rows.get(row)?;
        let input = if is_key { &row.key } else { &row.value };
        let typed = input.value();
        if input.cursor() < typed.chars().count() {
            return None;
        }
        let text = |tag: &'a Tag| {
            let is_meant = !tag.is_reserved() && (is_key || tag.key == row.key.value());
            let text = if is_key { tag.key.as_str() } else { tag.value.as_str() };
            let is_there = is_key && self.rows.iter().any(|row| row.key.value() == text);
            let goes_on = text.len() > typed.len() && text.starts_with(typed);
            (is_meant && goes_on && !is_there).then_some(text)
        };
        if let Some(last) = lately.iter().find_map(|tag| text(tag)) {
            return last.strip_prefix(typed).map(str::to_owned);
        }
        // Of what others have, an empty key offers nothing: there is no telling which is meant.
        if is_key && typed.is_empty() {
            return None;
        }
        let mut counts = std::collections::BTreeMap::<&str, usize>::new();
        for text in seen.filter_map(text) {
            *counts.entry(text).or_default() += 1;
        }
        // The first in the order of the alphabet among equals.
        let best = counts.into_iter().rev().max_by_key(|(_, count)| *count)?.0;
        best.strip_prefix(typed).map(str::to_owned)
    }

    /// The text of a field of the table.
    pub(super) fn input_mut(&mut self, focus: Field) -> Option<&mut Input> {
        match focus {
            Field::Key(row) => self.rows.get_mut(row).map(|row| &mut row.key),
            Field::Value(row) => self.rows.get_mut(row).map(|row| &mut row.value),
            _ => None,
        }
    }

    fn remember(&mut self, focus: Field) {
        if self.undo.len() == MAX_UNDO {
            self.undo.remove(0);
        }
        self.undo.push(Undo { rows: self.rows.clone(), with_own: self.with_own, focus });
        self.typing = None;
    }
}

fn own_tags(cluster: Option<&Cluster>, mark: &MarkKey) -> Vec<Tag> {
    cluster.map(|cluster| mark.givable(&cluster.tags)).unwrap_or_default()
}

impl TagRow {
    fn new(tag: Tag, origin: Origin) -> Self {
        Self { key: Input::new(tag.key), value: Input::new(tag.value), origin }
    }

    fn is_blank(&self) -> bool {
        self.key.value().is_empty() && self.value.value().is_empty()
    }
}

/// What becomes of the tags of a snapshot for which none are given, by the cluster's copy-tags setting: any
/// tag given turns it off for this snapshot, none leaves it on.
pub fn untagged(copies_tags: Option<bool>) -> &'static str {
    match copies_tags {
        Some(true) => "none given: AWS copies the cluster's own tags to it",
        Some(false) => "none: it will have no tags",
        None => "none given: the cluster's copy-tags setting decides",
    }
}
