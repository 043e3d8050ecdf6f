//! The filter: the one language in which every list, on the screen and without, is told which rows are meant.
//!
//! Terms, parted by blanks, all of which have to hold; quotes keep blanks together:
//!
//! - `word`: is somewhere in the identifiers, tags, status, engine or type, in any case;
//! - `key=value`: exactly this tag;
//! - `status:X`, `engine:X`, `type:X`, `region:X`, `account:X`, `cluster:X`, `change:X`: X is in what is reported
//!   there, in any case. What no row of the list can have is no filter of it ([`FilteredList`]), nor is a value that no
//!   type, account, Region or identifier has, unless it stands in quotes;
//! - `age>90d`, `age<2h`: it was begun longer ago, or less long. What has no known time is neither;
//! - `~word`: its letters are in one of the texts, in this order; the best match is the first;
//! - `-` before any of these: what fits it is left out. What is mistyped there would leave nothing out, and more would
//!   be done than was meant, so it is no filter unless it stands in quotes.
//!
//! Parsed once into a [`Filter`]; a [`Sieve`] holds it against rows, at a moment that is passed in. What a row has is
//! told by [`Filterable`].

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};
use memchr::memmem::Finder;
use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use strum::{Display, EnumString};

use super::age::CLOCKS_APART;
use super::change_id::ChangeKey;
use super::tag::Tag;

mod flaw;
mod list;
mod rows;

pub use flaw::{FilterError, Flaw};
use flaw::{is_mistyped, is_name, is_never_there};
pub use list::FilteredList;

/// What a list is filtered by. The empty one lets everything pass.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    terms: Vec<Term>,
}

/// What can be asked for by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, Display)]
#[strum(serialize_all = "lowercase", ascii_case_insensitive)]
pub enum FilterKey {
    /// The status.
    Status,
    /// The engine: its family, its name for the service, its version.
    Engine,
    /// Who made a snapshot.
    Type,
    /// The Region.
    Region,
    /// The account.
    Account,
    /// The DB cluster's identifier.
    Cluster,
    /// The id of the change that a request was a part of.
    Change,
}

/// What a list has rows of.
pub trait Filterable {
    /// The texts in which words are looked for, besides the tags.
    fn texts(&self) -> Vec<Cow<'_, str>>;

    /// The tags.
    fn tags(&self) -> &[Tag];

    /// What is reported there, several texts on lines of their own; `None` if it is not known.
    fn member(&self, member: FilterKey) -> Option<Cow<'_, str>>;

    /// When it was begun, as far as is known.
    fn begun(&self) -> Option<Timestamp>;

    /// How many of the texts, the first ones, are its own. The others, and the tags, it may have in common with many.
    fn own_texts(&self) -> usize {
        usize::MAX
    }

    /// All that words are looked for in, in lower case, each text on a line. Worth keeping for a long list.
    fn haystack(&self) -> Haystack<String> {
        let (texts, own) = (self.texts(), self.own_texts());
        let mut haystack: Haystack<String> = Haystack::default();
        for (at, text) in texts.iter().enumerate() {
            let part = if at < own { &mut haystack.own } else { &mut haystack.common };
            part.extend([text, "\n"]);
        }
        for tag in self.tags() {
            haystack.common.extend([tag.key.as_str(), "=", &tag.value, "\n"]);
        }
        Haystack { own: lowered(haystack.own), common: lowered(haystack.common) }
    }
}

/// What words are looked for in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Haystack<T> {
    /// What is its own.
    pub own: T,
    /// What it may have in common with others.
    pub common: T,
}

impl Haystack<String> {
    /// The same, to be looked at.
    pub(crate) fn as_deref(&self) -> Haystack<&str> {
        Haystack { own: &self.own, common: &self.common }
    }
}

/// A hundred thousand of them are made while a person waits: mostly in place.
fn lowered(mut text: String) -> String {
    if !text.is_ascii() {
        return text.to_lowercase();
    }
    text.make_ascii_lowercase();
    text
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    excludes: bool,
    test: Test,
}

/// What is looked for, in lower case where the case does not matter.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is somewhere in the texts or the tags.
    Word(String),
    /// Its letters are in one of them, in this order.
    Fuzzy(Atom),
    /// Exactly this tag.
    Tag(Tag),
    /// It is in what is reported there.
    Member(FilterKey, String),
    /// It was begun longer ago.
    Older(SignedDuration),
    /// It was begun less long ago.
    Younger(SignedDuration),
}

impl Filter {
    /// Reads what a list is filtered by.
    ///
    /// # Errors
    /// What cannot be read, what asks for what no row of the list has, and what probably leaves nothing out.
    pub fn parse(text: &str, list: FilteredList) -> Result<Self, FilterError> {
        Ok(Self { terms: terms(text, list).collect::<Result<_, _>>()? })
    }

    /// What can be read of a text that somebody is still typing, and the first that cannot: the same for the same text,
    /// however it came about.
    pub(crate) fn of_typed(text: &str, list: FilteredList) -> (Self, Option<FilterError>) {
        let mut error = None;
        let mut read = |term: Result<Term, FilterError>| term.map_err(|why| error.get_or_insert(why)).ok();
        (Self { terms: terms(text, list).filter_map(&mut read).collect() }, error)
    }

    /// Whether only such rows can fit that fit another filter too.
    pub(crate) fn narrows(&self, other: &Self) -> bool {
        other.terms.iter().all(|wide| self.terms.iter().any(|narrow| narrow.implies(wide)))
    }

    /// Whether some rows fit better than others.
    pub(crate) fn is_ranked(&self) -> bool {
        self.terms.iter().any(|term| matches!(term.test, Test::Fuzzy(_)))
    }

    /// What is looked for, each with whether what fits it is left out.
    pub fn tests(&self) -> impl Iterator<Item = (bool, &Test)> {
        self.terms.iter().map(|term| (term.excludes, &term.test))
    }

    /// A status that is asked for and that none of the rows has, and those that they have, if there are any.
    pub(crate) fn status_of_none<'r>(
        &self,
        rows: impl Iterator<Item = &'r (impl Filterable + 'r)>,
    ) -> Option<(&str, BTreeSet<Cow<'r, str>>)> {
        let wanted = self.tests().find_map(|(excludes, test)| match test {
            Test::Member(FilterKey::Status, part) if !excludes => Some(part),
            _ => None,
        })?;
        let statuses: BTreeSet<Cow<'r, str>> = rows.filter_map(|row| row.member(FilterKey::Status)).collect();
        let has_it = statuses.iter().any(|status| status.to_lowercase().contains(wanted));
        (!has_it && !statuses.is_empty()).then_some((wanted, statuses))
    }

    /// Holds the filter against rows, as of a moment.
    pub(crate) fn sieve(&self, now: Timestamp) -> Sieve<'_> {
        let finder = |term: &Term| match &term.test {
            Test::Word(word) => Some(Finder::new(word).into_owned()),
            _ => None,
        };
        let finders = self.terms.iter().map(finder).collect();
        Sieve { filter: self, now, change: None, finders, matcher: None, buffer: Vec::new() }
    }
}

/// A term, as it stands in the text.
struct Piece {
    place: usize,
    typed: String,
    /// Without its quotes.
    text: String,
    is_quoting: bool,
}

/// The pieces between blanks that are not quoted.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut piece: Option<Piece> = None;
    for (place, c) in (1..).zip(text.chars()) {
        if c.is_whitespace() && !piece.as_ref().is_some_and(|piece| piece.is_quoting) {
            pieces.extend(piece.take());
            continue;
        }
        let new = || Piece { place, typed: String::new(), text: String::new(), is_quoting: false };
        let piece = piece.get_or_insert_with(new);
        piece.typed.push(c);
        match c {
            '"' => piece.is_quoting = !piece.is_quoting,
            c => piece.text.push(c),
        }
    }
    pieces.extend(piece);
    pieces
}

fn terms(text: &str, list: FilteredList) -> impl Iterator<Item = Result<Term, FilterError>> {
    pieces(text).into_iter().map(move |piece| Term::parse(piece, list))
}

impl Term {
    fn parse(piece: Piece, list: FilteredList) -> Result<Self, FilterError> {
        let Piece { place, typed, text, is_quoting } = piece;
        let (rest, is_quoted) = (text.strip_prefix('-'), typed.contains('"'));
        let test = || match Test::parse(rest.unwrap_or(&text)) {
            _ if is_quoting => Err(Flaw::OpenQuote),
            _ if !is_quoted && rest.is_some_and(is_mistyped) => Err(Flaw::Mistyped(list)),
            Ok(Test::Tag(tag)) if !is_quoted && is_name(&tag.key) => Err(Flaw::TagOfName(list)),
            Ok(Test::Member(key, _)) if !list.keys().contains(&key) => Err(Flaw::NotOfList(list)),
            Ok(Test::Member(key, part)) if !is_quoted && is_never_there(key, &part) => {
                Err(Flaw::NeverThere(key))
            }
            test => test,
        };
        let excludes = rest.is_some();
        test().map(|test| Self { excludes, test }).map_err(|flaw| FilterError { place, term: typed, flaw })
    }

    fn implies(&self, other: &Self) -> bool {
        let is_part = match (&self.test, &other.test) {
            (Test::Word(long), Test::Word(short)) => long.contains(short.as_str()),
            (Test::Member(a, long), Test::Member(b, short)) => a == b && long.contains(short.as_str()),
            _ => false,
        };
        self == other || (is_part && !self.excludes && !other.excludes)
    }
}

impl Test {
    fn parse(text: &str) -> Result<Self, Flaw> {
        if let Some(word) = text.strip_prefix('~') {
            let word = said(word)?;
            let atom = Atom::new(&word, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy, false);
            return Ok(Self::Fuzzy(atom));
        }
        if let Some((is_older, age)) = age(text) {
            return Ok(if is_older { Self::Older(length(age)?) } else { Self::Younger(length(age)?) });
        }
        if let Some((name, value)) = text.split_once(':')
            && let Ok(member) = name.parse()
        {
            return Ok(Self::Member(member, said(value).map_err(|_empty| Flaw::NoValue)?));
        }
        match text.split_once('=') {
            Some(("", _)) => Err(Flaw::SaysNothing),
            Some((key, value)) => Ok(Self::Tag(Tag::new(key, value))),
            None => Ok(Self::Word(said(text)?)),
        }
    }
}

fn said(text: &str) -> Result<String, Flaw> {
    if text.trim().is_empty() { Err(Flaw::SaysNothing) } else { Ok(text.to_lowercase()) }
}

/// The age that is asked for, and whether it is a greater one.
fn age(text: &str) -> Option<(bool, &str)> {
    let (name, age) = text.split_once(['<', '>'])?;
    name.eq_ignore_ascii_case("age").then(|| (text.as_bytes().get(name.len()) == Some(&b'>'), age))
}

/// A length of time, in which a day has 24 hours.
fn length(text: &str) -> Result<SignedDuration, Flaw> {
    let text = said(text).map_err(|_empty| Flaw::NoValue)?;
    let span: Span = text.parse().map_err(|_unclear| Flaw::NoTime)?;
    let length = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_months| Flaw::NoTime)?;
    if length.is_negative() { Err(Flaw::NoTime) } else { Ok(length) }
}

/// A filter at work.
pub struct Sieve<'a> {
    filter: &'a Filter,
    now: Timestamp,
    /// The key of the tag by which a row without a change of its own has one.
    change: Option<&'a ChangeKey>,
    /// What looks for the word of each term, where it is one.
    finders: Vec<Option<Finder<'a>>>,
    /// Made for the first fuzzy term that is held against a row: it is large.
    matcher: Option<Matcher>,
    buffer: Vec<char>,
}

impl<'a> Sieve<'a> {
    /// The same for snapshots: the change that one is of stands in its tag of this key.
    pub(crate) fn by_change_tag(self, key: &'a ChangeKey) -> Self {
        Self { change: Some(key), ..self }
    }

    /// Whether a row fits.
    pub fn lets_pass(&mut self, row: &(impl Filterable + ?Sized)) -> bool {
        // Without a filter nothing is worth being made of the texts of a million rows.
        self.filter.terms.is_empty() || self.score(row, row.haystack().as_deref()).is_some()
    }

    /// How well a row fits by its fuzzy terms; `None` if it does not. `haystack` is the row's own.
    pub fn score(&mut self, row: &(impl Filterable + ?Sized), haystack: Haystack<&str>) -> Option<u32> {
        let filter = self.filter;
        let mut total: u32 = 0;
        for (at, term) in filter.terms.iter().enumerate() {
            let score = self.found(at, &term.test, row, haystack);
            if score.is_some() == term.excludes {
                return None;
            }
            total = total.saturating_add(score.unwrap_or_default());
        }
        Some(total)
    }

    fn found(
        &mut self,
        at: usize,
        test: &Test,
        row: &(impl Filterable + ?Sized),
        haystack: Haystack<&str>,
    ) -> Option<u32> {
        let age = || {
            let age = self.now.duration_since(row.begun()?);
            // What lies ahead by this clock has no known age: one of the two is wrong.
            (age >= -CLOCKS_APART).then_some(age)
        };
        let is_found = match test {
            Test::Fuzzy(atom) => return self.likeness(atom, haystack),
            Test::Word(_) => {
                let finder = self.finders.get(at).and_then(Option::as_ref);
                let is_in = |text: &str| finder.is_some_and(|it| it.find(text.as_bytes()).is_some());
                is_in(haystack.own) || is_in(haystack.common)
            }
            Test::Tag(tag) => row.tags().contains(tag),
            Test::Member(member, part) => {
                let change = self.change.filter(|_| *member == FilterKey::Change);
                let tag = change.and_then(|key| row.tags().iter().find(|tag| tag.key == key.0));
                let told = row.member(*member).or_else(|| tag.map(|tag| Cow::from(&tag.value)));
                told.is_some_and(|text| text.to_lowercase().contains(part.as_str()))
            }
            Test::Older(length) => age().is_some_and(|age| age > *length),
            Test::Younger(length) => age().is_some_and(|age| age < *length),
        };
        is_found.then_some(0)
    }

    fn likeness(&mut self, atom: &Atom, haystack: Haystack<&str>) -> Option<u32> {
        let Self { matcher, buffer, .. } = self;
        let matcher = matcher.get_or_insert_with(|| Matcher::new(Config::DEFAULT));
        let lines = haystack.own.lines().chain(haystack.common.lines());
        let scores = lines.filter_map(|line| atom.score(Utf32Str::new(line, buffer), matcher));
        scores.max().map(u32::from)
    }
}

#[cfg(test)]
mod tests;
