//! Where the credentials of a run come from: found in the order of the AWS command line, before anything is asked.
//!
//! A plan is a place to get credentials from, and the roles that are assumed from them one after the other. To make
//! one reads nothing but what [`Profiles`] and the environment say; to carry it out is the business of the others.

use aws_credential_types::Credentials;

use super::super::environment::ini::Section;
use super::super::environment::order;
use super::super::environment::profiles::{ProfileKeys, Profiles};
use super::super::environment::{int, set_to, shlex, times, variable};
use super::given;
use crate::domain::failure::{Failure, FailureKind};

/// Where credentials come from.
#[derive(Clone, PartialEq)]
pub(super) struct CredentialPlan {
    pub(super) base: Base,
    /// The roles, the first to be assumed first.
    pub(super) roles: Vec<AssumedRole>,
}

/// The first credentials.
#[derive(Clone, PartialEq)]
pub(super) struct Base {
    pub(super) source: CredentialSource,
    /// The place in words: a profile with its files, the environment, a service.
    pub(super) origin: String,
}

/// How the first credentials are got.
#[derive(Clone, PartialEq)]
pub(super) enum CredentialSource {
    /// They stand there.
    Keys(Credentials),
    WebIdentity(WebIdentity),
    Sso(Sso),
    /// A session of `aws login`, and the profile to log in with.
    Login {
        arn: String,
        profile: String,
    },
    /// The words of a `credential_process`.
    Process(Vec<String>),
    Container,
    Instance,
}

/// A role that is assumed with a token from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WebIdentity {
    /// The variable or the key that names the file.
    pub(super) named_by: &'static str,
    pub(super) token_file: String,
    pub(super) role: String,
    pub(super) session_name: Option<String>,
}

/// A role of an account in IAM Identity Center.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sso {
    pub(super) account: String,
    pub(super) role: String,
    pub(super) region: String,
    pub(super) start_url: String,
    /// The `[sso-session]`; without one the login is kept by the start URL.
    pub(super) session: Option<String>,
    /// The profile to log in with.
    pub(super) profile: String,
}

/// A role to assume with other credentials.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AssumedRole {
    pub(super) arn: String,
    pub(super) external_id: Option<String>,
    pub(super) session_name: Option<String>,
    /// In seconds.
    pub(super) duration: Option<i32>,
    /// The MFA device that a code is asked of.
    pub(super) mfa_serial: Option<String>,
    /// The profile that names it.
    pub(super) profile: String,
}

/// What is wrong with what a profile or the environment says about credentials.
#[derive(Debug, thiserror::Error)]
enum Misconfigured {
    #[error("its source_profile {0} does not exist")]
    NoSuchSource(String),
    #[error("its source_profile {0} leads back to itself, and has no keys")]
    Circle(String),
    #[error("it has a source_profile and a credential_source; only one may be there")]
    TwoSources,
    #[error("it has a role_arn without a source_profile or a credential_source")]
    NoSource,
    #[error("its credential_source {0} is none of Environment, Ec2InstanceMetadata and EcsContainer")]
    UnknownSource(String),
    #[error("its duration_seconds {0} is no time that a session can last")]
    Duration(i64),
    #[error("it is the source_profile of a role, and has no credentials")]
    EmptySource,
    #[error("its credential_source is {0}, which has no credentials")]
    EmptyCredentialSource(String),
    #[error("{0} is set, but {1} is not")]
    Half(&'static str, &'static str),
    #[error("AWS_CREDENTIAL_EXPIRATION is not a time with an offset (ISO 8601)")]
    BadExpiration,
    #[error("there is a file with a web identity token, but no role (role_arn or AWS_ROLE_ARN)")]
    NoRole,
    #[error("it is to use SSO, but these are missing: {0}")]
    SsoIncomplete(String),
    #[error("its sso_session {0} does not exist: there is no [sso-session {0}]")]
    NoSsoSession(String),
    #[error("{0} is not the same in it and in its sso-session")]
    SsoInconsistent(String),
    #[error("a quotation in its credential_process is not ended, or it is empty")]
    BadProcess,
}

/// Looks for credentials.
struct CredentialSearch<'a> {
    profiles: &'a Profiles,
    /// The profiles that a role is assumed from, to end a circle.
    visited: Vec<&'a str>,
    /// The roles that were met, the last to be assumed first.
    roles: Vec<AssumedRole>,
}

impl CredentialPlan {
    /// Finds where the credentials of the profile in use come from.
    ///
    /// # Errors
    /// `Configuration` or `NoCredentials`: what stands there cannot be used.
    pub(super) fn of(profiles: &Profiles) -> Result<Self, Failure> {
        let (base, roles) = CredentialSearch::run(profiles);
        Ok(Self { base: base?, roles })
    }

    /// The roles that are assumed, also where it cannot be told with what credentials.
    pub(super) fn roles(profiles: &Profiles) -> Vec<AssumedRole> {
        CredentialSearch::run(profiles).1
    }
}

/// The order in which places are looked at, of which the first that has any credentials wins: `base` and `of_profile` are
/// that order. Source: botocore's `create_credential_resolver`, as version 2 of the AWS command line has it.
impl<'a> CredentialSearch<'a> {
    /// The first credentials, and the roles, the first to be assumed first.
    fn run(profiles: &'a Profiles) -> (Result<Base, Failure>, Vec<AssumedRole>) {
        let mut search = Self { profiles, visited: vec![profiles.name()], roles: Vec::new() };
        let base = search.base(profiles.name());
        search.roles.reverse();
        (base, search.roles)
    }

    /// The first credentials. A profile that was named with `--profile` takes the environment out of play, and so a
    /// profile that a role is assumed from does.
    fn base(&mut self, name: &'a str) -> Result<Base, Failure> {
        let environment = !self.profiles.is_chosen;
        if environment && let Some(keys) = of_environment().map_err(|error| told(ENVIRONMENT, &error))? {
            return Ok(Base::new(CredentialSource::Keys(keys), ENVIRONMENT));
        }
        let absent = ProfileKeys::default();
        let profile = self.profiles.profile(name).unwrap_or(&absent);
        if assumes_a_role(profile) {
            return self.role(name, profile);
        }
        if let Some(base) = self.of_profile(name, profile, environment)? {
            return Ok(base);
        }
        Ok(if container() {
            Base::new(CredentialSource::Container, CONTAINER)
        } else {
            Base::new(CredentialSource::Instance, INSTANCE)
        })
    }

    /// What a profile has. `environment` says whether variables count besides it.
    fn of_profile(
        &self,
        name: &str,
        profile: &ProfileKeys,
        environment: bool,
    ) -> Result<Option<Base>, Failure> {
        let places: [&dyn Fn() -> Result<Option<CredentialSource>, Misconfigured>; 6] = [
            &|| web_identity(profile, environment),
            &|| self.sso(name, profile),
            &|| of_file(profile.credentials.as_ref()),
            &|| Ok(login(name, profile)),
            &|| process(profile),
            &|| of_file(profile.config.as_ref()),
        ];
        let Some(found) = places.into_iter().find_map(|ask| ask().transpose()) else { return Ok(None) };
        let describe = self.profiles.describe_of(name);
        let source = found.map_err(|error| told(&describe, &error))?;
        self.profiles.check_single(name)?;
        Ok(Some(Base::new(source, &describe)))
    }

    /// Notes the role of a profile, and finds the credentials that it is assumed with.
    fn role(&mut self, name: &'a str, profile: &ProfileKeys) -> Result<Base, Failure> {
        let describe = self.profiles.describe_of(name);
        let refuse = |error: Misconfigured| told(&describe, &error);
        self.profiles.check_single(name)?;
        let get = |key: &str| profile.get(key).map(str::to_owned);
        self.roles.push(AssumedRole {
            arn: get("role_arn").unwrap_or_default(),
            external_id: get("external_id"),
            session_name: get("role_session_name"),
            duration: get("duration_seconds").map_or(Ok(None), |text| duration(&text)).map_err(refuse)?,
            mfa_serial: get("mfa_serial"),
            profile: name.to_owned(),
        });
        match (get("source_profile"), get("credential_source")) {
            (Some(_), Some(_)) => Err(refuse(Misconfigured::TwoSources)),
            (None, None) => Err(refuse(Misconfigured::NoSource)),
            (None, Some(source)) => credential_source(&source).map_err(refuse),
            (Some(source), None) => self.source_profile(name, &source),
        }
    }

    /// Where the credentials of a profile come from that a role is assumed with.
    fn source_profile(&mut self, name: &'a str, source: &str) -> Result<Base, Failure> {
        let refuse = |error: Misconfigured| told(&self.profiles.describe_of(name), &error);
        let Some((source, profile)) = self.profiles.entry(source) else {
            return Err(refuse(Misconfigured::NoSuchSource(source.to_owned())));
        };
        let has_keys = profile.has("aws_access_key_id") || profile.has("aws_secret_access_key");
        if self.visited.contains(&source) && !(source == name && has_keys) {
            return Err(refuse(Misconfigured::Circle(source.to_owned())));
        }
        self.visited.push(source);
        if assumes_a_role(profile) && !has_keys {
            return self.role(source, profile);
        }
        let base = self.of_profile(source, profile, false)?;
        base.ok_or_else(|| told(&self.profiles.describe_of(source), &Misconfigured::EmptySource))
    }

    fn sso(&self, name: &str, profile: &ProfileKeys) -> Result<Option<CredentialSource>, Misconfigured> {
        if !profile.has("sso_account_id") && !profile.has("sso_role_name") {
            return Ok(None);
        }
        let session = profile.get("sso_session");
        let section = match session {
            None => None,
            Some(session) => {
                let none = || Misconfigured::NoSsoSession(session.to_owned());
                Some(self.profiles.sso_session(session).ok_or_else(none)?)
            }
        };
        for (key, _) in section.into_iter().flat_map(|section| &section.values) {
            let (own, of_session) = (profile.get(key), section.and_then(|section| section.text(key)));
            if own.is_some_and(|own| Some(own) != of_session) {
                return Err(Misconfigured::SsoInconsistent(key.clone()));
            }
        }
        let get = |key: &str| section.and_then(|section| section.text(key)).or_else(|| profile.get(key));
        let keys = ["sso_role_name", "sso_account_id", "sso_start_url", "sso_region"];
        let [Some(role), Some(account), Some(start_url), Some(region)] = keys.map(get) else {
            let missing: Vec<&str> = keys.into_iter().filter(|key| get(key).is_none()).collect();
            return Err(Misconfigured::SsoIncomplete(missing.join(", ")));
        };
        Ok(Some(CredentialSource::Sso(Sso {
            account: account.to_owned(),
            role: role.to_owned(),
            region: region.to_owned(),
            start_url: start_url.to_owned(),
            session: session.map(str::to_owned),
            profile: name.to_owned(),
        })))
    }
}

/// The places that are no profiles, in words.
const ENVIRONMENT: &str = "the credentials in the environment";
const CONTAINER: &str = "the container's credentials service";
const INSTANCE: &str = "the instance metadata service";

impl Base {
    fn new(source: CredentialSource, origin: &str) -> Self {
        Self { source, origin: origin.to_owned() }
    }
}

fn told(describe: &str, error: &Misconfigured) -> Failure {
    let kind = match error {
        Misconfigured::Half(..) => FailureKind::NoCredentials,
        _ => FailureKind::Configuration,
    };
    Failure::local(kind, format!("{describe}: {error}"))
}

/// How many seconds a session is to last; what is no number says nothing.
fn duration(text: &str) -> Result<Option<i32>, Misconfigured> {
    let Some(seconds) = int::read(text) else { return Ok(None) };
    i32::try_from(seconds).map(Some).map_err(|_too_long| Misconfigured::Duration(seconds))
}

/// A profile with a token of its own assumes its role by that.
fn assumes_a_role(profile: &ProfileKeys) -> bool {
    profile.has("role_arn") && !profile.has("web_identity_token_file")
}

fn container() -> bool {
    let names = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    names.into_iter().any(|name| std::env::var_os(name).is_some())
}

fn credential_source(name: &str) -> Result<Base, Misconfigured> {
    match name {
        "Ec2InstanceMetadata" => Ok(Base::new(CredentialSource::Instance, INSTANCE)),
        "EcsContainer" if container() => Ok(Base::new(CredentialSource::Container, CONTAINER)),
        "Environment" => {
            let keys =
                of_environment()?.ok_or_else(|| Misconfigured::EmptyCredentialSource(name.to_owned()))?;
            Ok(Base::new(CredentialSource::Keys(keys), ENVIRONMENT))
        }
        "EcsContainer" => Err(Misconfigured::EmptyCredentialSource(name.to_owned())),
        _ => Err(Misconfigured::UnknownSource(name.to_owned())),
    }
}

fn of_environment() -> Result<Option<Credentials>, Misconfigured> {
    let (id_name, secret_name) = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    let Some(id) = variable(id_name) else { return Ok(None) };
    let secret = variable(secret_name).ok_or(Misconfigured::Half(id_name, secret_name))?;
    let token = order::TOKEN.into_iter().find_map(variable);
    let end = variable("AWS_CREDENTIAL_EXPIRATION");
    let end = end.map(|text| times::read(&text).ok_or(Misconfigured::BadExpiration)).transpose()?;
    Ok(Some(given::of(&id, &secret, token.as_deref(), end, "Environment")))
}

fn of_file(section: Option<&Section>) -> Result<Option<CredentialSource>, Misconfigured> {
    let (id_key, secret_key) = ("aws_access_key_id", "aws_secret_access_key");
    let get = |key| section.and_then(|section| section.text(key));
    let Some(id) = get(id_key) else { return Ok(None) };
    let secret = get(secret_key).ok_or(Misconfigured::Half(id_key, secret_key))?;
    let token = order::TOKEN_KEY.into_iter().find_map(get);
    Ok(Some(CredentialSource::Keys(given::of(id, secret, token, None, "Files"))))
}

fn web_identity(profile: &ProfileKeys, environment: bool) -> Result<Option<CredentialSource>, Misconfigured> {
    let get = |variable: &'static str, key: &'static str| {
        let of_variable = environment.then(|| set_to(variable)).flatten();
        let of_profile = || Some((profile.get(key)?.to_owned(), key));
        of_variable.map(|value| (value, variable)).or_else(of_profile)
    };
    let named = get("AWS_WEB_IDENTITY_TOKEN_FILE", "web_identity_token_file");
    let Some((token_file, named_by)) = named.filter(|(path, _)| !path.is_empty()) else { return Ok(None) };
    let role = get("AWS_ROLE_ARN", "role_arn").map(|(arn, _)| arn).filter(|arn| !arn.is_empty());
    let role = role.ok_or(Misconfigured::NoRole)?;
    let session_name = get("AWS_ROLE_SESSION_NAME", "role_session_name").map(|(name, _)| name);
    Ok(Some(CredentialSource::WebIdentity(WebIdentity { named_by, token_file, role, session_name })))
}

fn login(name: &str, profile: &ProfileKeys) -> Option<CredentialSource> {
    let arn = profile.get("login_session")?.to_owned();
    Some(CredentialSource::Login { arn, profile: name.to_owned() })
}

fn process(profile: &ProfileKeys) -> Result<Option<CredentialSource>, Misconfigured> {
    let Some(line) = profile.get("credential_process") else { return Ok(None) };
    let words = shlex::split(line).filter(|words| !words.is_empty()).ok_or(Misconfigured::BadProcess)?;
    Ok(Some(CredentialSource::Process(words)))
}
