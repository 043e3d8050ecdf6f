//! The way out: HTTP/1.1 over TLS, through the proxy of the environment or past it ([`super::connection`]).
//!
//! The SDK's own client has other rules for proxies than the AWS command line (`environment::proxy` has those), takes
//! no bundle of trusted roots, and brings HTTP/2, which the services that are asked here do not speak; this one is made
//! of the parts that that is made of.
//!
//! One request handed in is one request on the wire. The connection pool below (hyper-util) repeats a
//! request by itself only if a pooled connection turned out to be closed before the request was begun
//! (hyper gives such a request back unused); one of which a byte may have been written is never
//! repeated, and fails.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::connection::{CaptureSmithyConnection, ConnectionMetadata};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use http::header::PROXY_AUTHORIZATION;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};

use super::connection::{Connector, TooSlow, Transports, tls};
use super::environment::proxy::{NotAProxy, Proxies};
use super::error::find;
use super::harmless::make_harmless;
use super::options::IDLE_CONNECTION;
use super::patience;
use crate::domain::failure::{Failure, FailureKind};

/// Makes the client that every request of this room leaves by, to hosts that these authorities vouch for.
///
/// # Errors
/// `Configuration`: TLS as it is built in cannot be used.
pub fn client(trusted: Arc<RootCertStore>) -> Result<SharedHttpClient, Failure> {
    let tls = tls(trusted).map_err(|error| Failure::local(FailureKind::Configuration, error.to_string()))?;
    Ok(SharedHttpClient::new(Exit { tls, proxies: Proxies::from_env(), doors: Mutex::default() }))
}

/// The doors by their timeouts (connect, read): each keeps its own connections.
type Doors = HashMap<(Option<Duration>, Option<Duration>), SharedHttpConnector>;

#[derive(Debug)]
struct Exit {
    tls: Arc<ClientConfig>,
    proxies: Proxies,
    doors: Mutex<Doors>,
}

impl HttpClient for Exit {
    fn http_connector(&self, settings: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        let limits = (settings.connect_timeout(), settings.read_timeout());
        let mut doors = self.doors.lock().unwrap_or_else(PoisonError::into_inner);
        doors.entry(limits).or_insert_with(|| SharedHttpConnector::new(self.door(limits))).clone()
    }
}

impl Exit {
    fn door(&self, (connect, read): (Option<Duration>, Option<Duration>)) -> Door {
        let transports = Transports::new(self.proxies.clone(), Arc::clone(&self.tls));
        let connector = Connector::new(transports, Arc::clone(&self.tls), connect);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .build(connector);
        Door { client, proxies: self.proxies.clone(), read }
    }
}

/// Sends requests on connections that it keeps.
#[derive(Debug)]
struct Door {
    client: Client<Connector, SdkBody>,
    proxies: Proxies,
    /// How long the head of an answer may take, from the beginning of the connection on.
    read: Option<Duration>,
}

impl HttpConnector for Door {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let mut request = match request.try_into_http1x() {
            Ok(request) => request,
            Err(error) => return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into()))),
        };
        // A tunnel was asked for with it before.
        if request.uri().scheme_str() == Some("http")
            && let Some(Ok(proxy)) = self.proxies.of(request.uri())
            && let Some(authorization) = proxy.authorization.clone()
        {
            request.headers_mut().insert(PROXY_AUTHORIZATION, authorization);
        }
        let captured = capture_connection(&mut request);
        if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
            capture.set_connection_retriever(move || connection(&captured));
        }
        let (answer, read) = (self.client.request(request), self.read);
        HttpConnectorFuture::new(async move {
            let answer = match read {
                None => answer.await,
                Some(limit) => tokio::select! {
                    biased;
                    answer = answer => answer,
                    () = patience::over(limit) => {
                        return Err(ConnectorError::timeout(TooSlow::Answering(limit).into()));
                    }
                },
            };
            let answer = answer.map_err(unanswered)?.map(SdkBody::from_body_1_x);
            let answer = HttpResponse::try_from(answer);
            let mut answer = answer.map_err(|error| ConnectorError::other(error.into(), None))?;
            make_harmless(&mut answer);
            Ok(answer)
        })
    }
}

/// The connection that a request went by, for the SDK, which takes another one after trouble.
fn connection(captured: &CaptureConnection) -> Option<ConnectionMetadata> {
    let is_proxied = captured.connection_metadata().as_ref()?.is_proxied();
    let captured = captured.clone();
    let poison = move || {
        if let Some(connected) = captured.connection_metadata().as_ref() {
            connected.poison();
        }
    };
    Some(ConnectionMetadata::builder().proxied(is_proxied).poison_fn(poison).build())
}

/// What kind of failure it is that no answer came, by which the SDK tries reads again.
fn unanswered(error: legacy::Error) -> ConnectorError {
    let http = find::<hyper::Error>(&error);
    let is = |kind: fn(&hyper::Error) -> bool| http.is_some_and(kind);
    let kind: fn(_) -> ConnectorError = if find::<TooSlow>(&error).is_some() {
        ConnectorError::timeout
    } else if find::<NotAProxy>(&error).is_some() || is(hyper::Error::is_user) {
        ConnectorError::user
    } else if is(hyper::Error::is_incomplete_message) {
        |error| ConnectorError::other(error, Some(ErrorKind::TransientError))
    } else if error.is_connect()
        || is(hyper::Error::is_closed)
        || is(hyper::Error::is_canceled)
        || find::<std::io::Error>(&error).is_some()
    {
        ConnectorError::io
    } else {
        |error| ConnectorError::other(error, None)
    };
    kind(error.into())
}
