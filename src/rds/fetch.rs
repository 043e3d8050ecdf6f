//! One plain request over HTTP, to the services of a machine that are none of AWS's APIs: the metadata of an instance,
//! the credentials of a container.

use std::time::Duration;

use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::metadata::ErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;
use http::uri::{Authority, PathAndQuery};

use super::call_probe::{CallProbe, asked};
use super::options;
use super::patience::Patient;
use crate::domain::failure::Failure;

/// What is asked.
#[derive(Clone, Debug)]
pub(super) struct PlainRequest {
    pub(super) method: &'static str,
    pub(super) url: http::Uri,
    pub(super) headers: Vec<(&'static str, String)>,
    /// How long it may take.
    pub(super) limit: Duration,
}

/// The answer, whatever its status.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct PlainReply {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

impl PlainReply {
    /// The body of a success that has one; else what was answered instead.
    ///
    /// # Errors
    /// In words.
    pub(super) fn body(self) -> Result<Vec<u8>, String> {
        match self.status {
            200 if self.body.is_empty() => Err("it answers with nothing".to_owned()),
            200 => Ok(self.body),
            status => Err(format!("it answers with HTTP {status}")),
        }
    }
}

/// Sends one request.
///
/// # Errors
/// No answer came.
pub(super) async fn fetch(http: &SharedHttpClient, question: PlainRequest) -> Result<PlainReply, Failure> {
    let url = &question.url;
    let host = url.authority().map(Authority::as_str).unwrap_or_default();
    let endpoint = format!("{}://{host}", url.scheme_str().unwrap_or_default());
    let path = url.path_and_query().map_or("/", PathAndQuery::as_str).to_owned();
    let limits = TimeoutConfig::builder()
        .connect_timeout(question.limit.min(options::CONNECT))
        .read_timeout(question.limit)
        .operation_attempt_timeout(question.limit)
        .build();
    let probe = CallProbe::default();
    let operation = Operation::builder()
        .service_name("machine")
        .operation_name("the question")
        .behavior_version(options::behavior())
        .http_client(http.clone())
        .endpoint_url(&endpoint)
        .no_auth()
        .no_retry()
        .timeout_config(limits)
        .interceptor(probe.clone())
        .sleep_impl(Patient)
        .serializer(move |(): ()| request(&question, &path))
        .deserializer(|answer: &HttpResponse| {
            let body = answer.body().bytes().unwrap_or_default().to_vec();
            Ok::<_, OrchestratorError<ErrorMetadata>>(PlainReply { status: answer.status().as_u16(), body })
        })
        .build();
    asked((probe, operation.invoke(()))).await
}

fn request(question: &PlainRequest, path: &str) -> Result<HttpRequest, BoxError> {
    let mut request = http::Request::builder().method(question.method).uri(path);
    for (name, value) in &question.headers {
        request = request.header(*name, value);
    }
    Ok(HttpRequest::try_from(request.body(SdkBody::empty())?)?)
}

impl std::fmt::Debug for PlainReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PlainReply({})", self.status)
    }
}
