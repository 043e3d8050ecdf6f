//! What the people of this place want of every request: how names are made, which tags are given, what counts as
//! production, what nothing may be sent to; and whether a request may leave by all that.

use super::account::AccountId;
use super::change_id::ChangeKey;
use super::cluster::Cluster;
use super::context::Target;
use super::failure::{Failure, FailureKind};
use super::mark::MarkKey;
use super::naming::Template;
use super::pattern::{Candidate, Fit, Patterns};
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
    pub production: Patterns,
    /// Whether a command that sends something to production has to name the cluster once more.
    pub confirm_headless: bool,
    /// What nothing may be sent to.
    pub read_only: Patterns,
    /// The key of the tag by which a request is known on its snapshot.
    pub mark_key: MarkKey,
    /// The key of the tag that carries the id of a change.
    pub change_key: ChangeKey,
    /// The first guard that cannot be understood, with its file and line; safe to show: what it was to hold back is not
    /// known, so nothing is sent.
    pub broken: Option<String>,
}

/// What a place or a DB cluster is by the policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PolicyStanding {
    /// Whether it is production.
    pub is_production: bool,
    /// Whether nothing may be sent to it.
    pub is_read_only: bool,
}

impl PolicyStanding {
    /// What a DB cluster is in its place: what either is.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            is_production: self.is_production || other.is_production,
            is_read_only: self.is_read_only || other.is_read_only,
        }
    }
}

/// Who said that a request is to be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Confirmation {
    /// A person who saw where it goes, and typed the cluster's name where that is production.
    #[default]
    Person,
    /// A command, with the cluster's name once more if it was given.
    Command(Option<String>),
}

impl Policy {
    /// The keys of required tags that have no value.
    pub fn missing<'a>(&'a self, tags: &'a [Tag]) -> impl Iterator<Item = &'a String> {
        let is_given = |key: &str| tags.iter().any(|tag| tag.key == key && !tag.value.trim().is_empty());
        self.required_tags.iter().filter(move |key| !is_given(key))
    }

    /// What everything in a place is, by its profile and its account, as far as they are known.
    pub(crate) fn of_place(&self, place: &Target, account: Option<&AccountId>) -> PolicyStanding {
        let fits = |patterns: &Patterns| patterns.of_place(place.guarded_as(), account).is_some();
        PolicyStanding {
            is_production: fits(&self.production),
            is_read_only: place.is_read_only || fits(&self.read_only),
        }
    }

    /// What a DB cluster is by its identifier, its tags and the account that its ARN names; what its place is
    /// besides, [`Self::of_place`] tells.
    pub(crate) fn of_cluster(&self, cluster: &Cluster) -> PolicyStanding {
        let account = cluster.account();
        let fits = |patterns: &Patterns| {
            let of_account = account.as_ref().and_then(|account| patterns.of_account(account));
            of_account.or_else(|| patterns.of_cluster(cluster.id.as_str(), &cluster.tags)).is_some()
        };
        PolicyStanding { is_production: fits(&self.production), is_read_only: fits(&self.read_only) }
    }

    /// Why a request with these tags may not be sent to a DB cluster, if it may not. What is not known is taken for
    /// what holds it back.
    pub(crate) fn holds_back(
        &self,
        target: &Candidate<'_>,
        tags: &[Tag],
        confirmation: &Confirmation,
    ) -> Option<Failure> {
        if let Some(failure) = self.forbids(target) {
            return Some(failure);
        }
        if let Some(key) = self.missing(tags).next() {
            return Some(guarded(format!("the tag {key} is required")));
        }
        let Confirmation::Command(confirmed) = confirmation else { return None };
        self.wants_confirmation(target, confirmed.as_slice())
    }

    /// Why nothing that changes anything may be sent to a DB cluster, or to what is of it, whoever confirms it.
    pub(crate) fn forbids(&self, target: &Candidate<'_>) -> Option<Failure> {
        if let Some(broken) = &self.broken {
            return Some(guarded(format!("{broken}; put it right, and it can be sent")));
        }
        let message = match self.read_only.fit(target) {
            Fit::Yes(what) => format!("the configuration's [read_only] has {what}"),
            Fit::Unknown(what) => {
                format!(
                    "{what} could not be found out, and the configuration's [read_only] has patterns of it"
                )
            }
            Fit::No => return None,
        };
        Some(Failure::local(FailureKind::ReadOnly, message))
    }

    /// Why a command still has to name a DB cluster once more, for it is or may be production; `confirmed` are
    /// those that it named.
    pub(crate) fn wants_confirmation(&self, target: &Candidate<'_>, confirmed: &[String]) -> Option<Failure> {
        let is_confirmed = confirmed.iter().any(|name| name.eq_ignore_ascii_case(target.cluster));
        if is_confirmed || !self.confirm_headless {
            return None;
        }
        let why = match self.production.fit(target) {
            Fit::Yes(what) => format!("{} is production by {what}", target.cluster),
            Fit::Unknown(what) => {
                format!("{} may be production: {what} could not be found out", target.cluster)
            }
            Fit::No => return None,
        };
        Some(guarded(format!("{why}; it takes --confirm {}", target.cluster)))
    }
}

fn guarded(message: String) -> Failure {
    Failure::local(FailureKind::Guarded, message)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::domain::account::AccountId;
    use crate::domain::pattern::{Pattern, TagPattern};

    const CLUSTER: &str = "orders";

    fn held(policy: &Policy, tags: &[Tag], confirm: Option<&str>) -> Option<String> {
        let account = AccountId::reported("123456789012").unwrap();
        let cluster_tags = [Tag::new("env", "prod")];
        let target = Candidate {
            profile: Some("dba"),
            account: Some(&account),
            cluster: CLUSTER,
            tags: Some(&cluster_tags),
        };
        let confirmation = Confirmation::Command(confirm.map(str::to_owned));
        policy.holds_back(&target, tags, &confirmation).map(|failure| failure.to_string())
    }

    fn prod() -> Patterns {
        Patterns { tags: vec![TagPattern::parse("env=prod").unwrap()], ..Patterns::default() }
    }

    #[test]
    fn a_broken_guard_holds_everything_back_with_its_file_and_line() {
        let policy = Policy { broken: Some("c.toml:3: wrong".to_owned()), ..Policy::default() };
        assert!(held(&policy, &[], Some(CLUSTER)).unwrap().contains("c.toml:3: wrong"));
        assert_eq!(held(&Policy::default(), &[], None), None);
    }

    #[test]
    fn read_only_holds_back_what_fits_and_what_may_fit() {
        let policy = Policy { read_only: prod(), ..Policy::default() };
        assert!(held(&policy, &[], Some(CLUSTER)).unwrap().contains("tag env=prod of orders"));
        let accounts = Patterns { accounts: vec![Pattern::new("9*")], ..Patterns::default() };
        let policy = Policy { read_only: accounts, ..Policy::default() };
        assert_eq!(held(&policy, &[], None), None);
        let unknown = Candidate { profile: None, account: None, cluster: CLUSTER, tags: None };
        let failure = policy.holds_back(&unknown, &[], &Confirmation::Person).unwrap();
        assert_eq!(failure.kind, FailureKind::ReadOnly);
        assert!(failure.message.starts_with("the account could not be found out"), "{failure}");
    }

    #[test]
    fn a_profile_is_guarded_also_where_the_credentials_of_the_environment_ask() {
        let profiles = Patterns { profiles: vec![Pattern::new("p")], ..Patterns::default() };
        let policy = Policy { read_only: profiles, ..Policy::default() };
        let passed_over = Target { passed_over: Some("p".to_owned()), ..Target::default() };
        assert!(policy.of_place(&passed_over, None).is_read_only);
        assert!(!policy.of_place(&Target::default(), None).is_read_only);
    }

    #[test]
    fn a_command_names_a_production_cluster_once_more_where_that_is_wanted() {
        let policy = Policy { production: prod(), confirm_headless: true, ..Policy::default() };
        assert!(held(&policy, &[], None).unwrap().contains("it takes --confirm orders"));
        assert!(held(&policy, &[], Some("orders2")).unwrap().ends_with("--confirm orders"));
        assert_eq!(held(&policy, &[], Some("ORDERS")), None);
        assert_eq!(held(&Policy { confirm_headless: false, ..policy }, &[], None), None);
        let elsewhere = Policy { confirm_headless: true, ..Policy::default() };
        assert_eq!(held(&elsewhere, &[], None), None);
    }

    #[test]
    fn required_tags_are_required_where_requests_leave_too() {
        let policy = Policy { required_tags: vec!["owner".to_owned()], ..Policy::default() };
        assert!(held(&policy, &[], None).unwrap().contains("the tag owner is required"));
        assert_eq!(held(&policy, &[Tag::new("owner", "dba")], None), None);
    }
}
