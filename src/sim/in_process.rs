//! The door without a socket: an HTTP client for the AWS SDK that asks the simulator directly.
//!
//! The whole SDK is in play, signing, serialising, retries and timeouts; only the wire is missing.

use std::sync::Arc;
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::HttpError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use tokio::time::Instant;

use super::Simulator;
use super::faults::FaultyAnswer;
use super::query::SimRequest;
use super::reply::{Reply, broken_connection};

/// An HTTP client for an SDK's configuration whose every request goes to the simulator.
#[must_use]
pub fn connector(simulator: Arc<Simulator>) -> SharedHttpClient {
    http_client_fn(move |settings, _components| {
        let simulator = Arc::clone(&simulator);
        SharedHttpConnector::new(Door { simulator, read_timeout: settings.read_timeout() })
    })
}

#[derive(Clone, Debug)]
struct Door {
    simulator: Arc<Simulator>,
    read_timeout: Option<Duration>,
}

impl HttpConnector for Door {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let door = self.clone();
        HttpConnectorFuture::new(async move {
            let reply = door.simulator.handle(&read(&request));
            let answer = deliver(reply);
            match door.read_timeout {
                None => answer.await,
                Some(limit) => {
                    let timeout = tokio::time::timeout_at(Instant::now() + limit, answer).await;
                    timeout.unwrap_or_else(|elapsed| Err(ConnectorError::timeout(elapsed.into())))
                }
            }
        })
    }
}

fn read(request: &HttpRequest) -> SimRequest {
    let header = |name| request.headers().get(name).map(str::to_owned);
    SimRequest {
        method: request.method().parse().unwrap_or_default(),
        query: request.uri().split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default(),
        authorization: header("authorization"),
        content_type: header("content-type"),
        body: request.body().bytes().unwrap_or_default().to_vec(),
    }
}

async fn deliver(reply: Reply) -> Result<HttpResponse, ConnectorError> {
    tokio::time::sleep(reply.delay).await;
    match reply.delivery {
        // What the SDK's own HTTP client makes of a connection that is closed without an answer.
        FaultyAnswer::Drop => {
            Err(ConnectorError::other(broken_connection().into(), Some(ErrorKind::TransientError)))
        }
        FaultyAnswer::Refuse => {
            let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
            Err(ConnectorError::io(refused.into()).never_connected())
        }
        FaultyAnswer::Hang => std::future::pending().await,
        _ => response(&reply).map_err(|why| ConnectorError::other(why.into(), None)),
    }
}

fn response(reply: &Reply) -> Result<HttpResponse, HttpError> {
    let body = match reply.delivery {
        FaultyAnswer::Truncate { .. } | FaultyAnswer::Drip { .. } => {
            SdkBody::from_body_1_x(reply.wire_body())
        }
        _ => SdkBody::from(reply.body.clone()),
    };
    let mut response = HttpResponse::new(reply.status.try_into()?, body);
    for (name, value) in &reply.headers {
        response.headers_mut().try_insert(*name, value.clone())?;
    }
    Ok(response)
}
