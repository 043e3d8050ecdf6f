//! Why a certificate is not trusted, in words; and what shows none at all.

use std::error::Error;
use std::io;

use rustls::CertificateError;
use rustls::InvalidMessage::InvalidContentType;

use super::error::with_causes;
use crate::domain::failure::CERTIFICATE;

/// The verdict on a certificate that a call failed for, if it did.
pub(super) fn found<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a CertificateError> {
    with_causes(error).find_map(|error| match innermost(error).downcast_ref()? {
        rustls::Error::InvalidCertificate(why) => Some(why),
        _ => None,
    })
}

/// Whether what answered is no TLS from its first byte on: plain HTTP, or a proxy's page in the host's place.
pub(super) fn is_no_tls(error: &(dyn Error + 'static)) -> bool {
    use rustls::Error::InvalidMessage;
    let is_it = |error| matches!(innermost(error).downcast_ref(), Some(InvalidMessage(InvalidContentType)));
    with_causes(error).any(is_it)
}

/// What I/O errors hold, one in the other: they do not name it as their source.
fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(held) => innermost(held),
        None => error,
    }
}

/// What the verdict means.
pub(super) fn words(why: &CertificateError) -> String {
    use CertificateError as E;
    let why = match why {
        E::Expired | E::ExpiredContext { .. } => "has expired, by this machine's clock".to_owned(),
        E::NotValidYet | E::NotValidYetContext { .. } => {
            "is not valid yet, by this machine's clock".to_owned()
        }
        E::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            format!(
                "is for another host: {}",
                presented.iter().map(|name| bare(name)).collect::<Vec<_>>().join(", ")
            )
        }
        E::NotValidForName | E::NotValidForNameContext { .. } => "is for another host".to_owned(),
        E::UnknownIssuer => {
            "is by an issuer that is not trusted here; if a proxy here signs certificates itself, \
                             name its bundle in AWS_CA_BUNDLE"
                .to_owned()
        }
        E::BadEncoding | E::BadSignature | E::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "cannot be read, or is not signed as it says".to_owned()
        }
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => "is not one for a server".to_owned(),
        E::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            "is one of an authority (CA:TRUE), which no host is taken by here, also if it is trusted"
                .to_owned()
        }
        other => format!("is not accepted: {other}"),
    };
    format!("{CERTIFICATE} {why}")
}

/// A name of a certificate without the words of the code around it: `DnsName("a.example")`.
fn bare(name: &str) -> &str {
    name.split('"').nth(1).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::OtherError;
    use rustls::pki_types::ServerName;

    use super::*;

    #[test]
    fn a_verdict_is_told_without_the_words_of_the_code() {
        #[derive(Debug, thiserror::Error)]
        #[error("odd")]
        struct CaUsedAsEndEntity;
        let other = CertificateError::Other(OtherError(Arc::new(CaUsedAsEndEntity)));
        assert!(words(&other).contains("one of an authority (CA:TRUE)"), "{}", words(&other));
        let expected = ServerName::try_from("a.example").expect("a name");
        let presented = ["b.example", "c.example"].map(|name| format!("DnsName(\"{name}\")")).to_vec();
        let wrong = CertificateError::NotValidForNameContext { expected, presented };
        assert_eq!(words(&wrong), "the certificate shown is for another host: b.example, c.example");
    }

    #[test]
    fn what_a_call_failed_for_is_found_in_what_holds_it() {
        let tls = || rustls::Error::InvalidCertificate(CertificateError::Expired);
        assert_eq!(found(&tls()), Some(&CertificateError::Expired));
        let held = io::Error::new(io::ErrorKind::InvalidData, tls());
        assert_eq!(found(&held), Some(&CertificateError::Expired));
        assert_eq!(found(&io::Error::other(held)), Some(&CertificateError::Expired));
        assert_eq!(found(&io::Error::from(io::ErrorKind::TimedOut)), None);
        assert_eq!(
            words(&CertificateError::Expired),
            "the certificate shown has expired, by this machine's clock"
        );
    }
}
