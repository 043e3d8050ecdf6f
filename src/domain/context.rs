//! Who asks, and where: the account, the caller, the Region and the endpoint that are really in use.

use super::account::AccountId;

/// The caller as `GetCallerIdentity` reports it: the truth, whatever a profile says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The caller's ARN.
    pub arn: String,
}

/// What people call a place: its profile, or else its account, and its Region.
pub(crate) fn called(profile: Option<&str>, account: Option<&AccountId>, region: Option<&str>) -> String {
    let who = profile.or_else(|| account.map(AccountId::as_str));
    let parts = [who, region].into_iter().flatten().collect::<Vec<_>>();
    if parts.is_empty() { "the place of the environment".to_owned() } else { parts.join(" ") }
}

/// Where requests go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The profile that was named and whose credentials ask, if one was: a command that names it asks as the same.
    pub profile: Option<String>,
    /// The profile that a variable names where the environment's credentials come before its own. It does not ask;
    /// what the configuration guards by its name is guarded.
    pub passed_over: Option<String>,
    /// The Region, if one is configured.
    pub region: Option<String>,
    /// The endpoint, where it is not AWS's own for the Region.
    pub endpoint: Option<String>,
    /// The URL that requests go to by the SDK's word, once that was asked.
    pub resolved: Option<String>,
    /// Whether this is the embedded simulator.
    pub is_demo: bool,
    /// Whether nothing that changes anything may leave.
    pub is_read_only: bool,
}

impl Target {
    /// The profile by which the configuration guards it.
    pub(crate) fn guarded_as(&self) -> Option<&str> {
        self.profile.as_deref().or(self.passed_over.as_deref())
    }

    /// The URL that RDS requests go to.
    pub(crate) fn url(&self) -> String {
        let known = self.resolved.as_ref().or(self.endpoint.as_ref());
        known.cloned().unwrap_or_else(|| "not known yet".to_owned())
    }
}
