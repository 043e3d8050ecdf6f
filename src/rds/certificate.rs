//! Who issued the certificate that a host shows, for whoever has to know which authority, or which proxy that signs
//! certificates itself, stands on the way.
//!
//! The HTTP client keeps certificates to itself. So the host is connected to once more, on the same way, and left as
//! soon as it has shown its certificate, which is judged as the client judges it: nothing is sent.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;
use tower_service::Service as _;
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use super::connection::{Transport, Transports};
use super::environment::proxy::Proxies;
use super::error::with_causes;
use super::options::CONNECT;
use super::origins::Origins;
use super::{connection, distrust};

/// How long the host may take to show its certificate: as long as any connection to it.
const LIMIT: Duration = CONNECT;

/// What a host's certificate says. Text from outside, not escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostCertificate {
    /// The name of who issued it, such as `CN=Amazon RSA 2048 M01,O=Amazon,C=US`.
    pub issuer: String,
    /// When it ends.
    pub ends: Timestamp,
    /// Why it is not accepted, if it is not.
    pub refused: Option<String>,
}

const NO_HOST: &str = "the endpoint has no host name that a certificate can be for";
const UNREADABLE: &str = "what the host shows is no certificate that can be read here";

/// Looks at the certificate of the host of an HTTPS URL, on the way that requests to it go, and whether it is accepted
/// by what is trusted.
///
/// # Errors
/// Why it was not seen.
pub async fn shown(url: &str, origins: &Origins) -> Result<HostCertificate, String> {
    let uri: Uri = url.parse().map_err(|_not_a_url| NO_HOST.to_owned())?;
    tokio::time::timeout(LIMIT, look(uri, &origins.roots))
        .await
        .unwrap_or(Err(format!("no answer within {} s", LIMIT.as_secs())))
}

async fn look(uri: Uri, roots: &Arc<RootCertStore>) -> Result<HostCertificate, String> {
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|_not_a_name| NO_HOST.to_owned())?;
    let stream = connected(uri, roots).await?;
    let witness = Arc::new(Witness::by(roots));
    let config = ClientConfig::builder_with_provider(Arc::clone(&witness.provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::<Witness>::clone(&witness))
        .with_no_client_auth();
    // It always fails: the witness takes no certificate.
    let ended = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map(|_| ());
    match (witness.seen.get(), ended) {
        (Some((certificate, refused)), _) => {
            Ok(HostCertificate { refused: refused.clone(), ..read(certificate)? })
        }
        (None, Err(error)) => Err(error.to_string()),
        (None, Ok(())) => Err(UNREADABLE.to_owned()),
    }
}

/// Connects to a host, through its proxy where it has one.
async fn connected(uri: Uri, roots: &Arc<RootCertStore>) -> Result<TokioIo<Transport>, String> {
    let tls = connection::tls(Arc::clone(roots)).map_err(|error| error.to_string())?;
    let proxies = Proxies::from_env();
    let proxy = match proxies.of(&uri) {
        Some(Ok(proxy)) => format!("the proxy {}: ", proxy.address),
        Some(Err(_)) => return Err("the proxy on the way is none that can be used".to_owned()),
        None => String::new(),
    };
    match Transports::new(proxies, tls).call(uri).await {
        Ok(transport) => Ok(TokioIo::new(transport)),
        Err(error) => {
            let innermost = with_causes(error.as_ref()).last().map(ToString::to_string).unwrap_or_default();
            Err(format!("{proxy}{innermost}"))
        }
    }
}

fn read(certificate: &CertificateDer<'_>) -> Result<HostCertificate, String> {
    let parsed = Certificate::from_der(certificate).map_err(|_malformed| UNREADABLE)?.tbs_certificate;
    let ends = i64::try_from(parsed.validity.not_after.to_unix_duration().as_secs()).ok();
    let ends = ends.and_then(|second| Timestamp::from_second(second).ok()).ok_or(UNREADABLE)?;
    Ok(HostCertificate { issuer: parsed.issuer.to_string(), ends, refused: None })
}

/// Sees what a host shows and judges it, and takes nothing: so no connection comes about that anything could be sent on.
struct Witness {
    provider: Arc<CryptoProvider>,
    /// What judges as the HTTP client does; none where nothing is trusted.
    judge: Option<Arc<WebPkiServerVerifier>>,
    /// The certificate, and why it is not accepted, if it is not.
    seen: OnceLock<(CertificateDer<'static>, Option<String>)>,
}

impl Witness {
    fn by(roots: &Arc<RootCertStore>) -> Self {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let judge = WebPkiServerVerifier::builder_with_provider(Arc::clone(roots), Arc::clone(&provider));
        Self { provider, judge: judge.build().ok(), seen: OnceLock::new() }
    }
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Witness")
    }
}

/// Nothing is taken here: the handshake ends once the certificate was seen.
fn only_looked_at() -> Error {
    Error::General("only looked at".to_owned())
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judged = match &self.judge {
            Some(judge) => judge.verify_server_cert(certificate, others, name, ocsp, now),
            None => Err(CertificateError::UnknownIssuer.into()),
        };
        let refused = judged.err().map(|error| match distrust::found(&error) {
            Some(why) => distrust::words(why),
            None => error.to_string(),
        });
        let _ = self.seen.set((certificate.clone().into_owned(), refused));
        Err(only_looked_at())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(only_looked_at())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(only_looked_at())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
