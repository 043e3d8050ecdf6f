//! The way out: HTTPS through the proxy of the environment, or past it.
//!
//! The SDK's own client has other rules for proxies than the AWS command line (`environment::proxy` has those), and
//! takes no bundle of trusted roots; this one is made of the same parts.
//!
//! One request handed in is one request on the wire. The connection pool below (hyper-util) repeats a
//! request by itself only if a pooled connection turned out to be closed before the request was begun
//! (hyper gives such a request back unused); one of which a byte may have been written is never
//! repeated, and fails.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::environment::proxy::{NotAProxy, Proxies, Proxy};
use super::harmless::harmless;
use super::options::IDLE_CONNECTION;

/// Makes the client that every request of this room leaves by.
pub(super) fn client(trust: TlsContext) -> SharedHttpClient {
    let proxies = Proxies::from_env();
    harmless(SharedHttpClient::new(Exit { trust, proxies, connectors: Mutex::default() }))
}

/// The connectors by their timeouts (connect, read): each keeps its own connections.
type Connectors = HashMap<(Option<Duration>, Option<Duration>), SharedHttpConnector>;

#[derive(Debug)]
struct Exit {
    trust: TlsContext,
    proxies: Proxies,
    connectors: Mutex<Connectors>,
}

impl HttpClient for Exit {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let key = (settings.connect_timeout(), settings.read_timeout());
        let mut connectors = self.connectors.lock().unwrap_or_else(PoisonError::into_inner);
        connectors
            .entry(key)
            .or_insert_with(|| {
                let side = |proxy| self.connector(settings, components, proxy);
                let through = |proxy: &Option<Proxy>| {
                    let proxy = proxy.clone()?;
                    Some(proxy.map(|proxy| side(proxy.config)))
                };
                SharedHttpConnector::new(Fork {
                    direct: side(ProxyConfig::disabled()),
                    http: through(&self.proxies.http),
                    https: through(&self.proxies.https),
                    proxies: self.proxies.clone(),
                })
            })
            .clone()
    }
}

impl Exit {
    fn connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
        proxy: ProxyConfig,
    ) -> Connector {
        let mut builder = Connector::builder()
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .tls_context(self.trust.clone())
            .connector_settings(settings.clone())
            .pool_idle_timeout(IDLE_CONNECTION)
            .proxy_config(proxy);
        builder.set_sleep_impl(components.sleep_impl());
        builder.build()
    }
}

/// Sends a request through the proxy that it is to go through, if any.
#[derive(Debug)]
struct Fork {
    direct: Connector,
    http: Option<Result<Connector, NotAProxy>>,
    https: Option<Result<Connector, NotAProxy>>,
    proxies: Proxies,
}

impl HttpConnector for Fork {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let uri = request.uri().parse::<http::Uri>().unwrap_or_default();
        let through = if uri.scheme_str() == Some("http") { &self.http } else { &self.https };
        match self.proxies.of(&uri).and(through.as_ref()) {
            None => self.direct.call(request),
            Some(Ok(proxied)) => proxied.call(request),
            Some(Err(error)) => HttpConnectorFuture::ready(Err(ConnectorError::user((*error).into()))),
        }
    }
}
