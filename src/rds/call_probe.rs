//! What was seen of one request: whether it began to leave, the server's clock, whether the answer
//! came whole.

use std::sync::{Arc, Mutex, PoisonError};

use aws_config::Region;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeDeserializationInterceptorContextRef,
    BeforeTransmitInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, Metadata};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::DateTime;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::endpoint_config::EndpointUrl;
use jiff::Timestamp;

use super::contain::contained;
use super::error;
use crate::domain::failure::Failure;

/// Watches one call; its clones are the same probe.
#[derive(Clone, Debug, Default)]
pub(super) struct CallProbe(Arc<Mutex<SeenCall>>);

/// A call of an operation, with the probe that watches it; made with other options than its client, where those are
/// given. The SDK's builders have no trait in common by which a function could take one.
macro_rules! probed {
    ($operation:expr $(, $options:expr)?) => {{
        let probe = $crate::rds::call_probe::CallProbe::default();
        (probe.clone(), $operation.customize()$(.config_override($options))?.interceptor(probe).send())
    }};
}
pub(super) use probed;

/// Makes one call, and tells what its failure means.
pub(super) async fn asked<T, E>(
    (probe, call): (CallProbe, impl Future<Output = Result<T, SdkError<E, HttpResponse>>>),
) -> Result<T, Failure>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match contained(call).await {
        Err(broken) => Err(error::broken(&broken, &probe.seen())),
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(failed)) => Err(error::failure(&failed, &probe.seen())),
    }
}

/// The same of a call that is answered in XML, whose answer came with its end.
pub(super) async fn asked_whole<T, E>(
    (probe, call): (CallProbe, impl Future<Output = Result<T, SdkError<E, HttpResponse>>>),
) -> Result<T, Failure>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let answer = asked((probe.clone(), call)).await?;
    if probe.seen().whole { Ok(answer) } else { Err(error::unreadable("the answer stops half-way", None)) }
}

/// What was seen of a call, over all of its attempts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SeenCall {
    /// Whether a request was handed to the connection. Before that, nothing can have taken effect.
    pub(super) sent: bool,
    /// The name of the call.
    pub(super) call: Option<String>,
    /// Where it was going.
    pub(super) uri: Option<http::Uri>,
    /// The Region whose host that is; `None` where a URL takes the place of AWS's own.
    pub(super) region: Option<String>,
    /// The server's clock in the last answer (`Date`, whole seconds).
    pub(super) server_time: Option<Timestamp>,
    /// Whether the last answer came with its end. The SDK's XML reader takes a document that stops
    /// half-way for a shorter one: a list would look complete that is not.
    pub(super) whole: bool,
}

impl SeenCall {
    /// Where it was going, as `host:port`, without a password that stands in a URL.
    pub(super) fn host(&self) -> Option<&str> {
        let authority = self.uri.as_ref()?.authority()?.as_str();
        authority.rsplit('@').next()
    }
}

impl CallProbe {
    pub(super) fn seen(&self) -> SeenCall {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, change: impl FnOnce(&mut SeenCall)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

#[dyn_dispatch_hint]
impl Intercept for CallProbe {
    fn name(&self) -> &'static str {
        "clustersnap::CallProbe"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let uri = context.request().uri().parse::<http::Uri>().ok();
        let region = cfg.load::<Region>().filter(|_| cfg.load::<EndpointUrl>().is_none());
        let region = region.map(|region| region.as_ref().to_owned());
        let call = cfg.load::<Metadata>().map(|metadata| metadata.name().to_owned());
        self.note(|seen| *seen = SeenCall { sent: true, call, uri, region, ..SeenCall::default() });
        Ok(())
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let server_time = context.response().headers().get("date").and_then(http_date);
        self.note(|seen| seen.server_time = server_time);
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes();
        self.note(|seen| seen.whole = body.is_some_and(is_whole));
        Ok(())
    }
}

/// Whether a body ends as an answer of a service does: in JSON, or in XML as those of the Query protocol do
/// (`</DescribeDBClustersResponse>`, `</ErrorResponse>`).
pub(super) fn is_whole(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    match body.first() {
        Some(b'{') => serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok(),
        _ => body.ends_with(b"Response>"),
    }
}

fn http_date(text: &str) -> Option<Timestamp> {
    let date = DateTime::from_str(text, Format::HttpDate).ok()?;
    Timestamp::from_second(date.secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_clock_is_read_from_an_http_date() {
        let expected = "2026-11-23T01:58:07Z".parse().ok();
        assert_eq!(http_date("Mon, 23 Nov 2026 01:58:07 GMT"), expected);
        assert_eq!(http_date("yesterday"), None);
    }

    #[test]
    fn an_answer_is_whole_only_with_its_end() {
        assert!(is_whole(b"<DescribeDBClustersResponse></DescribeDBClustersResponse>\n"));
        assert!(is_whole(b"<ErrorResponse></ErrorResponse>"));
        assert!(is_whole(b" {\"accessToken\": \"t\"}\n"));
        assert!(!is_whole(b"{\"accessToken\": \"t"));
        assert!(!is_whole(b"{} trailing"));
        assert!(!is_whole(b"<DescribeDBClustersResponse><DescribeDBClustersResult>"));
        assert!(!is_whole(b"<html></html>"));
        assert!(!is_whole(b""));
    }
}
