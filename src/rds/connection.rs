//! How a host is reached: TCP, the proxy on the way if there is one, and TLS.

use std::io::Result;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_runtime_api::box_error::BoxError;
use http::Uri;
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::crypto::aws_lc_rs;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tower_service::Service;

use super::environment::proxy::Proxies;
use super::tunnel;

/// A connection that is being made.
type Connecting<T> = Pin<Box<dyn Future<Output = std::result::Result<T, BoxError>> + Send>>;

/// What a host is spoken TLS to with, by certificates of these authorities.
///
/// # Errors
/// In words of TLS's; what is built in rules them out.
pub(super) fn tls(roots: Arc<RootCertStore>) -> std::result::Result<Arc<ClientConfig>, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Makes connections to hosts, up to and without TLS with the host itself.
#[derive(Clone, Debug)]
pub(super) struct Transports {
    proxies: Proxies,
    tcp: HttpConnector,
    /// What a proxy is reached by: it may be spoken to over TLS.
    to_proxy: HttpsConnector<HttpConnector>,
}

impl Transports {
    pub(super) fn new(proxies: Proxies, tls: Arc<ClientConfig>) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        Self { proxies, to_proxy: HttpsConnector::from((tcp.clone(), tls)), tcp }
    }

    async fn connect(mut self, uri: Uri) -> std::result::Result<Transport, BoxError> {
        let Some(proxy) = self.proxies.of(&uri).cloned().transpose()? else {
            let stream = MaybeHttpsStream::Http(self.tcp.call(uri).await?);
            return Ok(Transport { stream, asks_proxy: false });
        };
        if uri.scheme_str() == Some("http") {
            return Ok(Transport { stream: self.to_proxy.call(proxy.url).await?, asks_proxy: true });
        }
        let stream = self.to_proxy.call(proxy.url).await?;
        let stream = tunnel::through(stream, &uri, proxy.authorization.as_ref()).await?;
        Ok(Transport { stream, asks_proxy: false })
    }
}

impl Service<Uri> for Transports {
    type Response = Transport;
    type Error = BoxError;
    type Future = Connecting<Transport>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<std::result::Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

/// A connection to a host, or to the proxy that stands for it.
pub(super) struct Transport {
    stream: MaybeHttpsStream<TokioIo<TcpStream>>,
    /// Whether each request is one to the proxy, and names its host.
    asks_proxy: bool,
}

impl Connection for Transport {
    fn connected(&self) -> Connected {
        self.stream.connected().proxy(self.asks_proxy)
    }
}

impl Read for Transport {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: ReadBufCursor<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl Write for Transport {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Makes connections that requests can be sent on, each within a time.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    transports: HttpsConnector<Transports>,
    limit: Option<Duration>,
}

/// It took longer than it may.
#[derive(Debug, thiserror::Error)]
pub(super) enum TooSlow {
    #[error("no connection within {} s", .0.as_secs_f64())]
    Connecting(Duration),
    #[error("no answer within {} s", .0.as_secs_f64())]
    Answering(Duration),
}

impl Connector {
    /// `limit` is for DNS, TCP, the proxy's tunnel and TLS together.
    pub(super) fn new(transports: Transports, tls: Arc<ClientConfig>, limit: Option<Duration>) -> Self {
        Self { transports: HttpsConnector::from((transports, tls)), limit }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Transport>;
    type Error = BoxError;
    type Future = Connecting<MaybeHttpsStream<Transport>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<std::result::Result<(), BoxError>> {
        self.transports.poll_ready(cx)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.transports.call(uri);
        let Some(limit) = self.limit else { return connecting };
        Box::pin(async move {
            let made = tokio::time::timeout(limit, connecting).await;
            made.unwrap_or_else(|_elapsed| Err(TooSlow::Connecting(limit).into()))
        })
    }
}
