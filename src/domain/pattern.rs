//! Patterns of places and DB clusters: which account, profile, identifier or tag they fit.

use std::fmt;

use wildmatch::WildMatch;

use super::account::AccountId;
use super::tag::Tag;

/// A text in which `*` stands for any characters and `?` for any one; case does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// Makes a pattern; every text is one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    /// The pattern, in lowercase.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it matches the whole of a text.
    pub(crate) fn matches(&self, text: &str) -> bool {
        WildMatch::new(&self.0).matches(&text.to_lowercase())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Patterns of a tag: of its key and of its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPattern {
    key: Pattern,
    value: Pattern,
}

impl TagPattern {
    /// Reads `KEY=VALUE`; `None` without the `=` or a key.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (key, value) = text.split_once('=').filter(|(key, _)| !key.is_empty())?;
        Some(Self { key: Pattern::new(key), value: Pattern::new(value) })
    }

    /// The patterns of the key and of the value.
    pub(crate) fn parts(&self) -> (&Pattern, &Pattern) {
        (&self.key, &self.value)
    }

    fn matches(&self, tag: &Tag) -> bool {
        self.key.matches(&tag.key) && self.value.matches(&tag.value)
    }
}

impl fmt::Display for TagPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key.as_str(), self.value.as_str())
    }
}

/// Patterns of places and of DB clusters, any of which is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    /// Names of profiles.
    pub profiles: Vec<Pattern>,
    /// Account numbers.
    pub accounts: Vec<Pattern>,
    /// Identifiers of DB clusters.
    pub clusters: Vec<Pattern>,
    /// Tags of DB clusters.
    pub tags: Vec<TagPattern>,
}

/// A DB cluster and where it is, as far as that is known.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// The profile that was named, if one was.
    pub profile: Option<&'a str>,
    /// The account.
    pub account: Option<&'a AccountId>,
    /// The cluster's identifier.
    pub cluster: &'a str,
    /// The cluster's tags.
    pub tags: Option<&'a [Tag]>,
}

/// Whether patterns fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// None does.
    No,
    /// What fits which pattern, in words.
    Yes(String),
    /// It is not known, for what is missing is not: in words.
    Unknown(&'static str),
}

impl Patterns {
    /// The pattern that everything in this place fits by its profile or account, in words. Where no profile is named
    /// it is the default one.
    pub(crate) fn of_place(&self, profile: Option<&str>, account: Option<&AccountId>) -> Option<String> {
        let profile = profile.unwrap_or("default");
        let of_profile = of(&self.profiles, profile).map(|pattern| fitting("profile", profile, pattern));
        of_profile.or_else(|| self.of_account(account?))
    }

    /// The pattern that an account fits, in words.
    pub(crate) fn of_account(&self, account: &AccountId) -> Option<String> {
        let account = account.as_str();
        of(&self.accounts, account).map(|pattern| fitting("account", account, pattern))
    }

    /// The pattern that a DB cluster fits by its identifier or its tags, in words.
    pub(crate) fn of_cluster(&self, cluster: &str, tags: &[Tag]) -> Option<String> {
        of(&self.clusters, cluster).map(|pattern| fitting("cluster", cluster, pattern)).or_else(|| {
            let fits = |tag: &&Tag| self.tags.iter().any(|pattern| pattern.matches(tag));
            tags.iter().find(fits).map(|tag| format!("tag {}={} of {cluster}", tag.key, tag.value))
        })
    }

    /// Whether a DB cluster fits by anything. What is not known may be what fits.
    pub(crate) fn fit(&self, candidate: &Candidate<'_>) -> Fit {
        let Candidate { profile, account, cluster, tags } = *candidate;
        let place = self.of_place(profile, account);
        if let Some(words) = place.or_else(|| self.of_cluster(cluster, tags.unwrap_or_default())) {
            return Fit::Yes(words);
        }
        match (account, tags) {
            (None, _) if !self.accounts.is_empty() => Fit::Unknown("the account"),
            (_, None) if !self.tags.is_empty() => Fit::Unknown("the tags of the cluster"),
            _ => Fit::No,
        }
    }
}

fn of<'a>(patterns: &'a [Pattern], text: &str) -> Option<&'a str> {
    patterns.iter().find(|pattern| pattern.matches(text)).map(Pattern::as_str)
}

/// What fits a pattern, with the pattern where it says more.
fn fitting(what: &str, name: &str, pattern: &str) -> String {
    if pattern == name { format!("{what} {name}") } else { format!("{what} {name} ({pattern})") }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::fixtures::account_id;

    #[test]
    fn a_star_stands_for_any_characters_and_a_question_mark_for_one() {
        for (pattern, text, is_match) in [
            ("prod", "prod", true),
            ("prod", "PROD", true),
            ("prod", "prod2", false),
            ("*prod*", "my-prod-eu", true),
            ("*prod", "my-prod-eu", false),
            ("prod-?", "prod-a", true),
            ("prod-?", "prod-", false),
            ("a*b*c", "aXbXbc", true),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), is_match, "{pattern} on {text}");
        }
    }

    fn patterns() -> Patterns {
        Patterns {
            profiles: vec![Pattern::new("*prod")],
            accounts: vec![Pattern::new("123456789012")],
            clusters: vec![Pattern::new("*-prod")],
            tags: vec![TagPattern::parse("env=prod*").unwrap()],
        }
    }

    #[test]
    fn a_place_fits_by_profile_or_account_and_a_cluster_by_identifier_or_tag() {
        let patterns = patterns();
        let place = |profile, account: Option<&str>| {
            patterns.of_place(profile, account.map(account_id).as_ref()).is_some()
        };
        assert!(place(Some("dba-prod"), None) && place(None, Some("123456789012")));
        assert!(!place(Some("dba"), Some("000000000000")) && !place(None, None));
        let default = Patterns { profiles: vec![Pattern::new("default")], ..Patterns::default() };
        assert!(default.of_place(None, None).is_some(), "no profile named is the default one");
        let cluster = |id, tags: &[Tag]| patterns.of_cluster(id, tags).is_some();
        assert!(cluster("orders-prod", &[]) && cluster("orders", &[Tag::new("Env", "PROD-eu")]));
        assert!(!cluster("orders", &[Tag::new("env", "test"), Tag::new("stage", "prod")]));
    }

    #[test]
    fn what_is_not_known_may_be_what_fits() {
        let account = AccountId::reported("000000000000").unwrap();
        let candidate = |account, tags| Candidate { profile: None, account, cluster: "orders", tags };
        let fit = |account, tags| patterns().fit(&candidate(account, tags));
        assert_eq!(fit(Some(&account), Some(&[])), Fit::No);
        assert_eq!(fit(None, Some(&[])), Fit::Unknown("the account"));
        assert_eq!(fit(Some(&account), None), Fit::Unknown("the tags of the cluster"));
        assert_eq!(Patterns::default().fit(&candidate(None, None)), Fit::No, "nothing is asked for");
        let prod = [Tag::new("env", "prod")];
        assert_eq!(fit(None, Some(&prod)), Fit::Yes("tag env=prod of orders".to_owned()));
    }

    #[test]
    fn a_pattern_of_a_tag_has_a_key() {
        assert_eq!(TagPattern::parse("env=*").unwrap().to_string(), "env=*");
        assert_eq!((TagPattern::parse("env"), TagPattern::parse("=x")), (None, None));
    }

    #[test]
    fn a_pattern_that_is_the_name_itself_is_not_said_twice() {
        assert_eq!(fitting("account", "222222222222", "222222222222"), "account 222222222222");
        assert_eq!(fitting("account", "222222222222", "2*"), "account 222222222222 (2*)");
    }
}
