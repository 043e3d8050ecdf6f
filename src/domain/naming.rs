//! A valid proposal for a snapshot's identifier, made from a template.

use std::fmt;

use jiff::civil::DateTime;
use strum::{EnumString, IntoStaticStr, VariantNames};

use super::cluster_id::ClusterId;
use super::snapshot_id::{MAX_CHARS, SnapshotId};

/// The most numbers that are tried for `{seq}`; a quota of manual snapshots is 100 by default.
const MAX_SEQ: u32 = 10_000;

/// What a name is made of: words that stand as they are, and places that are filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words that stand as they are.
    Text(String),
    /// A place that is filled in.
    Place(Placeholder),
}

/// A place in a template that is filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "snake_case")]
pub enum Placeholder {
    /// The cluster's identifier.
    Cluster,
    /// The local date, `YYYYMMDD`.
    Date,
    /// The local time, `HHMM`.
    Time,
    /// The value of the tag `ticket`.
    Ticket,
    /// The caller's name: what stands behind the last slash of the ARN.
    User,
    /// The engine's version.
    EngineVersion,
    /// The first number, from 1, that makes the name a free one.
    Seq,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// There is nothing in it.
    #[error("a template has at least one character")]
    Empty,
    /// A brace without its partner.
    #[error("a brace without its partner; places are written like {{cluster}}")]
    Brace,
    /// A place that there is not.
    #[error("there is no {{{}}}; there are {}", super::text::escape(.0), all_places())]
    UnknownPlace(String),
    /// A character that no identifier may have.
    #[error(
        "letters (a-z), digits, hyphens and {{places}} only, not '{}'",
        super::text::escape(&.0.to_string())
    )]
    Forbidden(char),
}

/// What the places of a template are filled with.
#[derive(Clone, Copy, Debug)]
pub struct NameParts<'a> {
    /// The cluster.
    pub cluster: &'a ClusterId,
    /// The local date and time; whose, is the caller's choice.
    pub at: DateTime,
    /// The ticket, if one is known.
    pub ticket: Option<&'a str>,
    /// The caller's name, if it is known.
    pub user: Option<&'a str>,
    /// The engine's version, if it is known.
    pub engine_version: Option<&'a str>,
}

impl Placeholder {
    /// The name between the braces.
    pub(crate) fn name(self) -> &'static str {
        self.into()
    }

    /// Which of the places gives way first where a name is too long; `None` for what tells names apart.
    fn gives_way(self) -> Option<u8> {
        match self {
            Self::Cluster => Some(0),
            Self::User => Some(1),
            Self::Ticket => Some(2),
            Self::Date | Self::Time | Self::EngineVersion | Self::Seq => None,
        }
    }
}

impl Template {
    /// Parses a template like `{cluster}-{date}-{time}`.
    ///
    /// # Errors
    /// The first thing in it that no name can be made of.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (words, after) = rest.split_at(rest.find('{').unwrap_or(rest.len()));
            if words.contains('}') {
                return Err(TemplateError::Brace);
            }
            if let Some(c) = words.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-') {
                return Err(TemplateError::Forbidden(c));
            }
            if !words.is_empty() {
                pieces.push(Piece::Text(words.to_owned()));
            }
            let Some(inside) = after.strip_prefix('{') else { break };
            let (name, after) = inside.split_once('}').ok_or(TemplateError::Brace)?;
            let place = name.parse().map_err(|_no_place| TemplateError::UnknownPlace(name.to_owned()))?;
            pieces.push(Piece::Place(place));
            rest = after;
        }
        if pieces.is_empty() { Err(TemplateError::Empty) } else { Ok(Self(pieces)) }
    }

    /// What it is made of, in its order.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Proposes a name that `is_taken` denies. It is valid, whatever the parts are: what cannot stand in an
    /// identifier becomes a hyphen, and where it is too long the cluster's part gives way, not what tells
    /// names apart.
    pub(crate) fn propose(&self, parts: &NameParts<'_>, is_taken: impl Fn(&str) -> bool) -> String {
        let first = self.fill(parts, 1);
        if !is_taken(&first) {
            return first;
        }
        if self.0.contains(&Piece::Place(Placeholder::Seq)) {
            let numbered = (2..MAX_SEQ).map(|seq| self.fill(parts, seq)).find(|name| !is_taken(name));
            if let Some(name) = numbered {
                return name;
            }
        }
        match SnapshotId::parse(&first) {
            Ok(taken) => free_variant(&taken, is_taken),
            Err(_) => first,
        }
    }

    fn fill(&self, parts: &NameParts<'_>, seq: u32) -> String {
        let mut filled: Vec<(Option<u8>, String)> = self
            .0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => (None, text.clone()),
                Piece::Place(place) => (place.gives_way(), value(*place, parts, seq)),
            })
            .map(|(order, text)| (order, clean(&text)))
            .collect();
        for order in 0..=2 {
            let length: usize = filled.iter().map(|(_, text)| text.len()).sum();
            let mut excess = length.saturating_sub(MAX_CHARS);
            for (_, text) in filled.iter_mut().filter(|(gives_way, _)| *gives_way == Some(order)) {
                // One character of it stays: a name may have to begin with it.
                let cut = excess.min(text.len().saturating_sub(1));
                text.truncate(text.len() - cut);
                excess -= cut;
            }
        }
        valid(&filled.into_iter().map(|(_, text)| text).collect::<String>())
    }
}

impl Default for Template {
    fn default() -> Self {
        use Placeholder::{Cluster, Date, Time};
        let hyphen = || Piece::Text("-".to_owned());
        Self(vec![Piece::Place(Cluster), hyphen(), Piece::Place(Date), hyphen(), Piece::Place(Time)])
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => f.write_str(text)?,
                Piece::Place(place) => write!(f, "{{{}}}", place.name())?,
            }
        }
        Ok(())
    }
}

/// Proposes a variant of a taken identifier that `is_taken` denies: the same with `-2`, `-3`, … at
/// its end. A number that is there already is counted on only where the name without it is taken too:
/// else it is no count but part of the name.
pub(crate) fn free_variant(taken: &SnapshotId, is_taken: impl Fn(&str) -> bool) -> String {
    let counted = taken.as_str().rsplit_once('-').filter(|(stem, end)| {
        (1..=2).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_digit()) && is_taken(stem)
    });
    let stem = counted.map_or(taken.as_str(), |(stem, _)| stem);
    let mut number = 2_u32;
    loop {
        let end = format!("-{number}");
        let kept = stem.get(..stem.len().min(MAX_CHARS - end.len())).unwrap_or(stem);
        let candidate = format!("{}{end}", kept.trim_end_matches('-'));
        if !is_taken(&candidate) {
            return candidate;
        }
        number += 1;
    }
}

/// The caller's name out of an ARN: what stands behind the last slash, or the last colon.
pub(crate) fn user_of(arn: &str) -> &str {
    arn.rsplit(['/', ':']).next().unwrap_or_default()
}

/// Who the caller is, as people say it: what stands behind the last colon of the ARN, a role without that word.
pub(crate) fn who_of(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or_default().trim_start_matches("assumed-role/")
}

fn value(place: Placeholder, parts: &NameParts<'_>, seq: u32) -> String {
    match place {
        Placeholder::Cluster => parts.cluster.as_str().to_owned(),
        Placeholder::Date => parts.at.strftime("%Y%m%d").to_string(),
        Placeholder::Time => parts.at.strftime("%H%M").to_string(),
        Placeholder::Ticket => parts.ticket.unwrap_or_default().to_owned(),
        // An e-mail address as a session's name: what stands before the @ tells the person.
        Placeholder::User => parts.user.unwrap_or_default().split('@').next().unwrap_or_default().to_owned(),
        Placeholder::EngineVersion => parts.engine_version.unwrap_or_default().to_owned(),
        Placeholder::Seq => seq.to_string(),
    }
}

/// Lowercases, and puts a hyphen for each run of what cannot stand in an identifier.
pub(crate) fn clean(text: &str) -> String {
    let mut cleaned = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        if !(c == '-' && cleaned.ends_with('-')) {
            cleaned.push(c);
        }
    }
    cleaned
}

/// Makes a valid identifier of cleaned text: it begins with a letter, has no hyphen at its end and no two
/// in a row, and where it is too long its end is kept.
fn valid(text: &str) -> String {
    let text = clean(text);
    let text = text.trim_matches('-');
    let named = if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        text.to_owned()
    } else if text.is_empty() {
        "snapshot".to_owned()
    } else {
        format!("snapshot-{text}")
    };
    let start = named.len().saturating_sub(MAX_CHARS);
    let kept = named.get(start..).unwrap_or(&named);
    if kept.starts_with(|c: char| c.is_ascii_alphabetic()) {
        kept.to_owned()
    } else {
        // The cut fell on a digit or a hyphen: a letter takes its place.
        format!("s{}", kept.get(1..).unwrap_or_default())
    }
}

fn all_places() -> String {
    let places: Vec<String> = Placeholder::VARIANTS.iter().map(|name| format!("{{{name}}}")).collect();
    places.join(" ")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DEFAULT_TEMPLATE: &str = "{cluster}-{date}-{time}";

    fn propose(template: &str, cluster: &str, is_taken: impl Fn(&str) -> bool) -> String {
        let cluster = ClusterId::reported(cluster);
        let parts = NameParts {
            cluster: &cluster,
            at: jiff::civil::date(2026, 11, 23).at(1, 58, 0, 0),
            ticket: Some("CHG-1042"),
            user: Some(user_of("arn:aws:sts::123456789012:assumed-role/dba/Ada.L@example.com")),
            engine_version: Some("8.0.mysql_aurora.3.08.0"),
        };
        Template::parse(template).unwrap().propose(&parts, is_taken)
    }

    #[test]
    fn a_proposal_names_the_cluster_and_the_minute() {
        assert_eq!(Template::parse(DEFAULT_TEMPLATE).unwrap(), Template::default());
        assert_eq!(propose(DEFAULT_TEMPLATE, "orders-prod", |_| false), "orders-prod-20261123-0158");
    }

    #[test]
    fn every_place_is_filled_in() {
        let name = propose("{ticket}-{user}-{cluster}-{engine_version}-{seq}", "o", |_| false);
        assert_eq!(name, "chg-1042-ada-l-o-8-0-mysql-aurora-3-08-0-1");
    }

    #[test]
    fn a_proposal_keeps_the_end_that_tells_it_apart() {
        for cluster in [&"c".repeat(63), &format!("{}-x", "c".repeat(47)), "", "1-a--b", "größe", "-"] {
            let proposed = propose(DEFAULT_TEMPLATE, cluster, |_| false);
            assert!(SnapshotId::parse(&proposed).is_ok(), "{proposed}");
            assert!(proposed.ends_with("20261123-0158"), "{proposed}");
        }
    }

    #[test]
    fn the_sequence_goes_on_until_the_name_is_free() {
        let is_taken = |name: &str| name.ends_with("-1") || name.ends_with("-2");
        assert_eq!(propose("{cluster}-{seq}", "orders", is_taken), "orders-3");
        let long = propose("{cluster}-{seq}", &"c".repeat(63), is_taken);
        assert!(long.len() == 63 && long.ends_with("-3"), "{long}");
    }

    #[test]
    fn what_is_no_template_is_refused_with_what_there_is() {
        let error = |text: &str| Template::parse(text).unwrap_err();
        assert_eq!(error(""), TemplateError::Empty);
        assert_eq!(error("{cluster"), TemplateError::Brace);
        assert_eq!(error("cluster}"), TemplateError::Brace);
        assert_eq!(error("a_b"), TemplateError::Forbidden('_'));
        assert!(error("{klaster}").to_string().contains("{engine_version}"));
    }

    #[test]
    fn a_free_variant_counts_on_and_takes_no_part_of_a_name_for_a_count() {
        let id = |text: &str| SnapshotId::parse(text).unwrap();
        assert_eq!(free_variant(&id("a-20261123-0158"), |_| false), "a-20261123-0158-2");
        assert_eq!(free_variant(&id("a-2"), |name| name == "a-2" || name == "a"), "a-3");
        assert_eq!(free_variant(&id("orders-pg-16"), |name| name == "orders-pg-16"), "orders-pg-16-2");
        assert_eq!(free_variant(&id(&"a".repeat(63)), |_| false).len(), 63);
    }

    proptest! {
        #[test]
        fn a_proposal_is_valid_and_free_whatever_it_is_made_of(
            template in "([a-zA-Z0-9-]{0,30}|\\{(cluster|date|time|ticket|user|engine_version|seq)\\}){1,8}",
            cluster in "\\PC{0,70}",
            taken in 0_usize..4,
        ) {
            prop_assume!(!template.is_empty());
            let seen = std::cell::RefCell::new(Vec::<String>::new());
            let is_taken = |name: &str| {
                let mut seen = seen.borrow_mut();
                if seen.len() < taken && !seen.iter().any(|one| one == name) {
                    seen.push(name.to_owned());
                }
                seen.iter().any(|one| one == name)
            };
            let name = propose(&template, &cluster, is_taken);
            prop_assert!(SnapshotId::parse(&name).is_ok(), "{name}");
            prop_assert!(!seen.borrow().contains(&name));
        }
    }
}
