//! The line in which a list's filter is typed.

use tui_input::Input;

use super::Text;
use crate::app::action::Action;
use crate::app::drafts::name::{MAX_LINE_CHARS, cut_short, has_room, put_in};
use crate::domain::filter::{Filter, FilterError, FilteredList};
use crate::domain::text::width;

/// What a title takes beside a filter: `Clusters  2 of 13  /`, and the blanks behind it.
const TITLE: u16 = 26;

/// The line of a filter.
#[derive(Debug)]
pub struct FilterLine {
    /// What is looked for; empty shows everything.
    pub input: Input,
    /// Whether it takes the keys.
    pub is_open: bool,
    /// Why something of what is typed is no filter, in few words: then the rest of it is in force, and the line stays
    /// open, as nobody is done with it.
    problem: Option<String>,
    filter: Filter,
    list: FilteredList,
}

impl FilterLine {
    /// A list's filter that looks for a text already, or for nothing yet.
    pub fn of(list: FilteredList, text: String) -> Self {
        let (problem, filter) = (None, Filter::default());
        let mut line = Self { input: Input::new(text), is_open: false, problem, filter, list };
        line.parse();
        line
    }

    /// The filter in force.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// What is looked for.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.text().is_empty()
    }

    /// Whether the list's title shows it: it takes the keys, or hides rows.
    pub fn is_shown(&self) -> bool {
        self.is_open || !self.is_empty()
    }

    /// What is wrong with what is typed, in few words.
    pub fn doubt(&self) -> Option<String> {
        Some(format!("{}: not used yet", self.problem.as_ref()?))
    }

    /// The same where there is no room for it beside what is typed, on a terminal of so many columns.
    pub fn doubt_below(&self, columns: u16) -> Option<String> {
        let room = usize::from(columns.saturating_sub(TITLE));
        self.doubt().filter(|doubt| width(self.text()) + width(doubt) > room)
    }

    /// Opens or keeps the filter, if that is what a key means; whether it is.
    pub fn act(&mut self, action: Action) -> bool {
        match action {
            Action::Filter => self.is_open = true,
            Action::KeepFilter => self.is_open = self.problem.is_some(),
            _ => return false,
        }
        true
    }

    /// Takes text; whether that changed what is looked for.
    pub fn take(&mut self, text: Text<'_>) -> bool {
        take_line(&mut self.input, text) && self.parse()
    }

    /// Reads what is typed; whether another filter is in force then.
    fn parse(&mut self) -> bool {
        let (filter, problem) = if let Some(why) = cut_short(&self.input) {
            (Filter::default(), Some(format!("the filter {why}")))
        } else {
            let (filter, error) = Filter::of_typed(self.text(), self.list);
            (filter, error.map(|FilterError { term, flaw, .. }| format!("{term} {flaw}")))
        };
        self.problem = problem;
        std::mem::replace(&mut self.filter, filter) != self.filter
    }

    /// Shows everything again.
    pub fn clear(&mut self) {
        *self = Self::of(self.list, String::new());
    }
}

/// Takes text into a line; whether that changed it. A paste goes in where the cursor is, as typed text does.
pub fn take_line(input: &mut Input, text: Text<'_>) -> bool {
    let line = match text {
        // Typing ends where there is no more room.
        Text::Key(request) if !has_room(input, request, MAX_LINE_CHARS) => return false,
        Text::Key(request) => return input.handle(request).is_some_and(|change| change.value),
        Text::Burst(text) => text.trim_end_matches('\n'),
        Text::Pasted(text) => text.trim(),
    };
    // A line break and a tab stand between words, which would be one word without them.
    let blank = |c: char| if c.is_control() && c.is_whitespace() { ' ' } else { c };
    let line: String = line.chars().map(blank).filter(|c| !c.is_control()).collect();
    *input = put_in(input, &line, MAX_LINE_CHARS);
    !line.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::filter::FilteredList::Clusters;

    #[test]
    fn what_is_in_force_of_a_filter_that_is_typed_follows_from_its_text_alone() {
        for (text, used) in [
            ("dev -\"pro", "dev"),
            ("shop -", "shop"),
            ("status:", ""),
            ("age> shop status=x owner=dba", "shop owner=dba"),
            ("dev", "dev"),
        ] {
            let (filter, error) = Filter::of_typed(text, Clusters);
            assert_eq!(
                (Some(filter), error.is_some()),
                (Filter::parse(used, Clusters).ok(), text != used),
                "{text}"
            );
        }
    }
}
