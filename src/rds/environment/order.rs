//! The order in which the AWS command line looks for things, in one table: whoever changes it changes who asks.
//!
//! Source: botocore's `configprovider.py` and `create_credential_resolver`, as version 2 of the AWS command line has
//! them. Where version 1 differs, the README says so.

/// The profile, where none is named with `--profile`.
pub(crate) const PROFILE: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
/// The Region, where none is named with `--region`. After it comes the profile's, then the instance's.
pub(crate) const REGION: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];
/// The token of a session in the environment, and in a file.
pub(crate) const TOKEN: [&str; 2] = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"];
pub(crate) const TOKEN_KEY: [&str; 2] = ["aws_security_token", "aws_session_token"];
/// The bundle of trusted certificates: of these, of the profile (`ca_bundle`), then of those.
pub(crate) const BUNDLE: (&str, &str) = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE");

/// A place where credentials are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    /// `AWS_ACCESS_KEY_ID` and its companions.
    Environment,
    /// `role_arn` with `source_profile` or `credential_source`.
    AssumeRole,
    /// `web_identity_token_file` with `role_arn`, of the profile or the environment.
    WebIdentity,
    /// `sso_account_id` and `sso_role_name`.
    Sso,
    /// Keys in the credentials file.
    CredentialsFile,
    /// `login_session`.
    Login,
    /// `credential_process`.
    Process,
    /// Keys in the configuration file.
    ConfigFile,
    /// The service that a container names in its environment.
    Container,
    /// The instance metadata service.
    Instance,
}

/// All places, the first that has any credentials wins. A profile that was named with `--profile` takes the
/// environment out of play, and so a profile that a role is assumed from does.
pub(crate) const PROVIDERS: [Provider; 10] = [
    Provider::Environment,
    Provider::AssumeRole,
    Provider::WebIdentity,
    Provider::Sso,
    Provider::CredentialsFile,
    Provider::Login,
    Provider::Process,
    Provider::ConfigFile,
    Provider::Container,
    Provider::Instance,
];

/// The places of a profile that a role is assumed from, unless that assumes a role itself.
pub(crate) const OF_SOURCE_PROFILE: [Provider; 6] = [
    Provider::WebIdentity,
    Provider::Sso,
    Provider::CredentialsFile,
    Provider::Login,
    Provider::Process,
    Provider::ConfigFile,
];
