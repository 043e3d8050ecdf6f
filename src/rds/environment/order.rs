//! The order in which the AWS command line looks at variables, in one table: whoever changes it changes who asks.
//!
//! Source: botocore's `configprovider.py`, as version 2 of the AWS command line has it. Where version 1 differs, the
//! README says so.

/// The profile, where none is named with `--profile`.
pub(crate) const PROFILE: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];
/// The Region, where none is named with `--region`. After it comes the profile's, then the instance's.
pub(crate) const REGION: [&str; 2] = ["AWS_REGION", "AWS_DEFAULT_REGION"];
/// The token of a session in the environment, and in a file.
pub(crate) const TOKEN: [&str; 2] = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"];
pub(crate) const TOKEN_KEY: [&str; 2] = ["aws_security_token", "aws_session_token"];
/// The bundle of trusted certificates: of these, of the profile (`ca_bundle`), then of those.
pub(crate) const BUNDLE: (&str, &str) = ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE");
