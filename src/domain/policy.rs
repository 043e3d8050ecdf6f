//! What the people of this place want of every request: how names are made, which tags are given, and
//! what counts as production.

use wildmatch::WildMatch;

use super::context::Place;
use super::mark::MarkKey;
use super::naming::Template;
use super::tag::Tag;

/// What is wanted of every request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// From what identifiers are proposed.
    pub name_template: Template,
    /// Tags that every request begins with.
    pub tags: Vec<Tag>,
    /// Keys of tags without which nothing is sent.
    pub required_tags: Vec<String>,
    /// What counts as production.
    pub production: Production,
    /// The key of the tag by which a request is known on its snapshot.
    pub mark_key: MarkKey,
}

impl Policy {
    /// The keys of required tags that have no value.
    pub fn missing<'a>(&'a self, tags: &'a [Tag]) -> impl Iterator<Item = &'a String> {
        let is_given = |key: &str| tags.iter().any(|tag| tag.key == key && !tag.value.trim().is_empty());
        self.required_tags.iter().filter(move |key| !is_given(key))
    }
}

/// What counts as production: each a list of patterns, any of which is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Production {
    /// Names of profiles.
    pub profiles: Vec<Pattern>,
    /// Account numbers.
    pub accounts: Vec<Pattern>,
    /// Identifiers of DB clusters.
    pub clusters: Vec<Pattern>,
}

impl Production {
    /// Whether everything in this place is production.
    #[must_use]
    pub fn is_place(&self, place: Option<&Place>, account: Option<&str>) -> bool {
        let profile = place.and_then(|place| place.profile.as_deref());
        let is_profile = profile.is_some_and(|profile| any(&self.profiles, profile));
        is_profile || account.is_some_and(|account| any(&self.accounts, account))
    }

    /// Whether a cluster is production by its identifier.
    #[must_use]
    pub fn is_cluster(&self, cluster: &str) -> bool {
        any(&self.clusters, cluster)
    }
}

fn any(patterns: &[Pattern], text: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(text))
}

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
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it matches the whole of a text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        WildMatch::new(&self.0).matches(&text.to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn production_is_told_by_profile_account_or_cluster() {
        let production = Production {
            profiles: vec![Pattern::new("*prod")],
            accounts: vec![Pattern::new("123456789012")],
            clusters: vec![Pattern::new("*-prod")],
        };
        let place = |profile: Option<&str>| Place {
            profile: profile.map(str::to_owned),
            region: None,
            endpoint: None,
            resolved: None,
            is_demo: false,
            is_read_only: false,
        };
        assert!(production.is_place(Some(&place(Some("dba-prod"))), None));
        assert!(production.is_place(Some(&place(None)), Some("123456789012")));
        assert!(!production.is_place(Some(&place(Some("dba"))), Some("000000000000")));
        assert!(production.is_cluster("orders-prod") && !production.is_cluster("orders-test"));
    }
}
