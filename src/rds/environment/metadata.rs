//! The metadata service of the instance that this machine may be: where it is, and how it is asked.
//!
//! Source: `IMDSFetcher` of botocore.

use std::time::Duration;

use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::super::fetch::{PlainReply, PlainRequest, fetch};
use super::super::options;
use super::profiles::Profiles;
use super::{int, url, variable};
use crate::domain::failure::{Failure, FailureKind};

/// The instance metadata service over IPv4 and IPv6.
const ADDRESSES: (&str, &str) = ("http://169.254.169.254", "http://[fd00:ec2::254]");
/// How long its token is to last, in seconds.
const TOKEN_LASTS: &str = "21600";

/// The instance metadata service. It answers at once, or is not there.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    http: SharedHttpClient,
    url: String,
    /// How long one question may take, and how often it is asked.
    limit: Duration,
    attempts: u64,
    /// Whether it is asked without a token where it gives none.
    is_v1_allowed: bool,
}

/// A visit, with the token that the service gave for it, if it gave one.
pub(crate) struct Visit<'a> {
    service: &'a Metadata,
    token: Option<String>,
}

impl Metadata {
    /// What the environment or the profile says of it.
    ///
    /// # Errors
    /// `Configuration`: something of that cannot be used.
    pub(crate) fn find(http: &SharedHttpClient, profiles: &Profiles) -> Result<Self, Failure> {
        let number = |name: &str, key: &str| {
            let Some(text) = get(profiles, name, key) else { return Ok(1) };
            let number = int::read(&text).and_then(|number| u64::try_from(number).ok());
            number.filter(|number| *number > 0).ok_or_else(|| {
                let message = format!("'{text}' ({name} or {key}) is not a whole number from 1 on");
                Failure::local(FailureKind::Configuration, message)
            })
        };
        let limit = number("AWS_METADATA_SERVICE_TIMEOUT", "metadata_service_timeout")?;
        Ok(Self {
            http: http.clone(),
            url: address(profiles)?,
            // More than the time for all credentials is as good as no limit.
            limit: Duration::from_secs(limit).min(options::CREDENTIALS),
            attempts: number("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "metadata_service_num_attempts")?,
            is_v1_allowed: !profiles.is_on("AWS_EC2_METADATA_V1_DISABLED", "ec2_metadata_v1_disabled"),
        })
    }

    /// Comes with a token, or without one where the service gives none.
    ///
    /// # Errors
    /// It is switched off, cannot be reached, or may not be asked without a token.
    pub(crate) async fn visit(&self) -> Result<Visit<'_>, Failure> {
        if variable("AWS_EC2_METADATA_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return Err(none("AWS_EC2_METADATA_DISABLED switches it off"));
        }
        let lasts = ("x-aws-ec2-metadata-token-ttl-seconds", TOKEN_LASTS.to_owned());
        let is_final = |reply: &PlainReply| matches!(reply.status, 200 | 400 | 403 | 404 | 405);
        let answer = self.ask("PUT", "/latest/api/token", vec![lasts], is_final).await;
        let why = match answer {
            Ok(PlainReply { status: 400, .. }) => return Err(none("it answers with HTTP 400")),
            Ok(reply) => match reply.body() {
                Ok(token) => {
                    let token = String::from_utf8_lossy(&token).into_owned();
                    return Ok(Visit { service: self, token: Some(token) });
                }
                Err(why) => why,
            },
            Err(failure) if failure.kind == FailureKind::NoConnection => return Err(failure),
            Err(failure) => failure.message,
        };
        if self.is_v1_allowed {
            return Ok(Visit { service: self, token: None });
        }
        Err(none(format!("{why} where it is asked for a token, and is not to be asked without one")))
    }

    /// Asks until an answer is final, or the attempts are used up.
    async fn ask(
        &self,
        method: &'static str,
        path: &str,
        headers: Vec<(&'static str, String)>,
        is_final: impl Fn(&PlainReply) -> bool,
    ) -> Result<PlainReply, Failure> {
        let whole = url::mended(&format!("{}{path}", self.url.trim_end_matches('/')));
        let url = whole.parse::<http::Uri>().map_err(|_no_url| none(format!("{whole} is no URL")))?;
        let question = PlainRequest { method, url, headers, limit: self.limit };
        for _ in 1..self.attempts {
            match fetch(&self.http, question.clone()).await {
                Ok(reply) if is_final(&reply) => return Ok(reply),
                _ => {}
            }
        }
        fetch(&self.http, question).await
    }
}

impl Visit<'_> {
    /// What stands at a path of the metadata.
    ///
    /// # Errors
    /// Why there is nothing.
    pub(crate) async fn get(&self, path: &str) -> Result<String, Failure> {
        let token = self.token.clone().map(|token| ("x-aws-ec2-metadata-token", token));
        let path = format!("/latest/meta-data/{path}");
        let is_final = |reply: &PlainReply| reply.status == 200 && !reply.body.is_empty();
        let reply = self.service.ask("GET", &path, token.into_iter().collect(), is_final).await?;
        let body = reply.body().map_err(|why| none(format!("{why} ({path})")))?;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }
}

fn none(why: impl Into<String>) -> Failure {
    Failure::local(FailureKind::NoCredentials, why)
}

/// What a variable or the profile says; what is empty says nothing.
fn get(profiles: &Profiles, name: &str, key: &str) -> Option<String> {
    profiles.setting(name, key).filter(|text| !text.is_empty())
}

/// Where it is: at a URL of the environment or the profile, or at its usual addresses.
fn address(profiles: &Profiles) -> Result<String, Failure> {
    let refuse = |message: String| Err(Failure::local(FailureKind::Configuration, message));
    if let Some(url) = get(profiles, "AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint") {
        if url.contains('@') {
            return refuse(
                "the endpoint of the instance metadata service has no user name or password".to_owned(),
            );
        }
        let mended = url::mended(&url);
        return match mended.parse::<http::Uri>() {
            Ok(uri) if uri.scheme().is_some() && uri.host().is_some() => Ok(mended),
            _ => refuse(format!("the endpoint of the instance metadata service is not a URL: {url}")),
        };
    }
    let mode = get(profiles, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
    let is_ipv6 = match mode.map(|mode| mode.to_lowercase()).as_deref() {
        None => profiles.is_on("AWS_IMDS_USE_IPV6", "imds_use_ipv6"),
        Some("ipv4") => false,
        Some("ipv6") => true,
        Some(other) => {
            return refuse(format!(
                "'{other}' (AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE) is neither ipv4 nor ipv6"
            ));
        }
    };
    let (ipv4, ipv6) = ADDRESSES;
    Ok(if is_ipv6 { ipv6 } else { ipv4 }.to_owned())
}
