//! Credentials that a service of the machine or the console gives, by aws-config's providers: of a container, of the
//! instance, of `aws login`.

use std::sync::{Arc, Mutex, PoisonError};

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds;
use aws_config::imds::client::error::ImdsError;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::login::LoginCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::http::{
    HttpClient as _, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector,
    http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;

use super::super::environment::{expand, files, variable};
use super::super::error::{chain, find, request_id};
use super::super::sdk;
use crate::domain::command::quote;
use crate::domain::failure::{Failure, FailureKind};

/// The credentials of a container.
///
/// # Errors
/// What the service says, or that its URL or its token cannot be used.
pub(super) async fn container(http: &SharedHttpClient, origin: &str) -> Result<Credentials, Failure> {
    const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    if let Some(path) = variable(TOKEN) {
        let refuse = |error| format!("{TOKEN} names {path}: {error}");
        files::check(path.as_ref())
            .map_err(|error| Failure::local(FailureKind::Configuration, refuse(error)))?;
    }
    let (http, seen) = watched(http);
    let provider = EcsCredentialsProvider::builder().configure(&sdk::providers(&http)).build();
    provider.provide_credentials().await.map_err(|error| told(origin, &error, &seen))
}

/// The credentials of the instance's role; `None` where there is none, or no such service.
///
/// # Errors
/// `Configuration`: what the service says cannot be used.
pub(super) async fn instance(
    providers: &ProviderConfig,
    metadata: &imds::Client,
    origin: &str,
) -> Result<Option<Credentials>, Failure> {
    let provider =
        ImdsCredentialsProvider::builder().configure(providers).imds_client(metadata.clone()).build();
    match provider.provide_credentials().await {
        Ok(found) => Ok(Some(found)),
        // It comes last: where it cannot be asked, nothing else had any.
        Err(CredentialsError::CredentialsNotLoaded(_)) => Ok(None),
        Err(error) if find::<ImdsError>(&error).is_some() => Ok(None),
        Err(error) => Err(told(origin, &error, &LastStatus::default())),
    }
}

/// The credentials of a login to the console.
///
/// # Errors
/// What the service says, or that there is no login.
pub(super) async fn console(
    http: &SharedHttpClient,
    region: &str,
    arn: &str,
    (origin, profile): (&str, &str),
) -> Result<Credentials, Failure> {
    let folder = variable("AWS_LOGIN_CACHE_DIRECTORY").unwrap_or_else(|| "~/.aws/login/cache".to_owned());
    files::check_folder(&expand::path(&folder)).map_err(|(path, error)| {
        Failure::local(
            FailureKind::Configuration,
            format!("{origin}: the login in {}: {error}", path.display()),
        )
    })?;
    let (http, seen) = watched(http);
    let providers =
        sdk::providers(&http).with_region(Some(aws_types::region::Region::new(region.to_owned())));
    let provider = LoginCredentialsProvider::builder(arn).configure(&providers).build();
    provider.provide_credentials().await.map_err(|error| {
        let failure =
            told(origin, &error, &seen).reworded(|words| format!("{words}; run: {}", login_command(profile)));
        // Where nothing was asked, the login itself is missing or cannot be used.
        let kind = if seen.status().is_none() && failure.kind == FailureKind::Configuration {
            FailureKind::NoCredentials
        } else {
            failure.kind
        };
        Failure { kind, ..failure }
    })
}

/// The command that logs in to the console anew.
pub(super) fn login_command(profile: &str) -> String {
    format!("aws login --profile {}", quote(profile))
}

/// What it means that a service gave none.
fn told(origin: &str, error: &CredentialsError, seen: &LastStatus) -> Failure {
    let kind = match seen.status() {
        _ if find::<ConnectorError>(error).is_some() => FailureKind::NoConnection,
        Some(429) => FailureKind::Throttled,
        Some(500..) if seen.is_by_aws() => FailureKind::ServerTrouble,
        Some(500..) => FailureKind::UnreadableAnswer,
        Some(401 | 403) => FailureKind::BadCredentials,
        _ => FailureKind::Configuration,
    };
    let why = match seen.status() {
        // aws-config would tell it in the words of its code.
        Some(status) if status != 200 => format!("it answers with HTTP {status}"),
        _ => chain(error),
    };
    Failure::local(kind, format!("{origin}: {why}"))
}

/// The HTTP status of the last answer, and whether it has a request id of AWS: aws-config hands its own errors on as
/// text.
#[derive(Clone, Debug, Default)]
struct LastStatus(Arc<Mutex<Option<(u16, bool)>>>);

impl LastStatus {
    fn seen(&self) -> Option<(u16, bool)> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn status(&self) -> Option<u16> {
        self.seen().map(|(status, _)| status)
    }

    fn is_by_aws(&self) -> bool {
        self.seen().is_some_and(|(_, is_by_aws)| is_by_aws)
    }
}

/// The same client, whose answers are seen.
fn watched(http: &SharedHttpClient) -> (SharedHttpClient, LastStatus) {
    let seen = LastStatus::default();
    let (inner, noted) = (http.clone(), seen.clone());
    let watched = http_client_fn(move |settings, components| {
        let inner = inner.http_connector(settings, components);
        SharedHttpConnector::new(StatusWatch { inner, seen: noted.clone() })
    });
    (watched, seen)
}

#[derive(Debug)]
struct StatusWatch {
    inner: SharedHttpConnector,
    seen: LastStatus,
}

impl HttpConnector for StatusWatch {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (answer, seen) = (self.inner.call(request), self.seen.clone());
        HttpConnectorFuture::new(async move {
            let answer = answer.await?;
            let last = (answer.status().as_u16(), request_id(&answer).is_some());
            *seen.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
            Ok(answer)
        })
    }
}
