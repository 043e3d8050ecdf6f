//! The way out: HTTPS through the proxy of the environment, or past it.
//!
//! The SDK's own client sends everything through the proxy, this machine and the metadata services
//! included, and takes no bundle of trusted roots; this one is made of the same parts.
//!
//! One request handed in is one request on the wire. The connection pool below (hyper-util) repeats a
//! request by itself only if a pooled connection turned out to be closed before the request was begun
//! (hyper gives such a request back unused); one of which a byte may have been written is never
//! repeated, and fails.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
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
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use hyper_util::client::proxy::matcher::Matcher;

use super::harmless::harmless;
use super::options::IDLE_CONNECTION;

/// Makes the client that every request of this room leaves by.
pub(super) fn client(trust: TlsContext) -> SharedHttpClient {
    harmless(SharedHttpClient::new(Exit { trust, connectors: Mutex::default() }))
}

/// The proxy that a request to `url` goes through, as `host:port`, without its password.
pub(super) fn proxy_of(url: &str) -> Option<String> {
    let uri: http::Uri = url.parse().ok()?;
    if uri.host().is_some_and(bypasses_proxy) {
        return None;
    }
    let intercept = Matcher::from_env().intercept(&uri)?;
    let authority = intercept.uri().authority()?.as_str();
    Some(authority.rsplit_once('@').map_or(authority, |(_, host)| host).to_owned())
}

/// The connectors by their timeouts (connect, read): each keeps its own connections.
type Connectors = HashMap<(Option<Duration>, Option<Duration>), SharedHttpConnector>;

#[derive(Debug)]
struct Exit {
    trust: TlsContext,
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
                SharedHttpConnector::new(Fork {
                    direct: side(ProxyConfig::disabled()),
                    proxied: side(ProxyConfig::from_env()),
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

/// Sends what stays on this machine or its host directly, and the rest as the environment says.
#[derive(Debug)]
struct Fork {
    direct: Connector,
    proxied: Connector,
}

impl HttpConnector for Fork {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let uri = request.uri().parse::<http::Uri>().ok();
        let direct = uri.as_ref().and_then(http::Uri::host).is_some_and(bypasses_proxy);
        if direct { self.direct.call(request) } else { self.proxied.call(request) }
    }
}

/// Whether a host is this machine, or a metadata service of the machine it runs on: no proxy can
/// reach the one that is meant.
fn bypasses_proxy(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        // The instance (169.254.169.254) and container (169.254.170.2, .23) metadata services.
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip == Ipv4Addr::UNSPECIFIED || ip.is_link_local(),
        // fd00:ec2::254 and fd00:ec2::23, the same over IPv6.
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.segments().starts_with(&[0xfd00, 0x0ec2]),
        Err(_) => bare.eq_ignore_ascii_case("localhost") || bare.ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_its_metadata_services_are_reached_past_the_proxy() {
        for host in [
            "localhost",
            "LocalHost",
            "sim.localhost",
            "127.0.0.1",
            "127.9.9.9",
            "[::1]",
            "169.254.169.254",
            "[fd00:ec2::254]",
        ] {
            assert!(bypasses_proxy(host), "{host}");
        }
        for host in ["rds.eu-west-1.amazonaws.com", "10.0.0.1", "[2001:db8::1]", "localhost.example.com"] {
            assert!(!bypasses_proxy(host), "{host}");
        }
    }
}
