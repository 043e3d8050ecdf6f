//! The certificates that are trusted: a bundle that was named, or the system's.
//!
//! The SDK for Rust does not know `AWS_CA_BUNDLE` (aws-sdk-rust#1362); so bundles are read and parsed here, as OpenSSL reads them for the AWS command line, and as
//! with that a bundle takes the place of the system's roots.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_cert::der::{Reader as _, SliceReader};

use super::profiles::Profiles;
use super::{expand, files, order, set_to};
use crate::domain::failure::{Failure, FailureKind};

/// Reads the trusted certificates: those of `AWS_CA_BUNDLE`, of the profile's `ca_bundle`, of `REQUESTS_CA_BUNDLE`,
/// or the system's (which `SSL_CERT_FILE` and `SSL_CERT_DIR` replace).
///
/// # Errors
/// `Configuration`: a bundle was named that cannot be read or holds no usable certificate.
pub(crate) fn load(profiles: &Profiles) -> Result<Arc<RootCertStore>, Failure> {
    if let Some((path, origin)) = named(profiles) {
        return read(&path, &origin).map(Arc::new);
    }
    if let Some(path) = super::variable("SSL_CERT_FILE") {
        read(&path, "SSL_CERT_FILE")?;
    }
    for folder in std::env::var_os("SSL_CERT_DIR").iter().flat_map(std::env::split_paths) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            // A pipe or a device is passed over by whoever reads the folder.
            if files::is_too_large(&path) {
                let message = format!("SSL_CERT_DIR names {}: {}", path.display(), files::too_large());
                return Err(Failure::local(FailureKind::Configuration, message));
            }
        }
    }
    Ok(system())
}

/// The bundle that was named in place of the system's roots, and where it was.
pub(crate) fn named(profiles: &Profiles) -> Option<(String, String)> {
    let of_variable = |name: &str| set_to(name).map(|path| (path, name.to_owned()));
    let of_profile =
        || Some((profiles.get("ca_bundle")?.to_owned(), format!("ca_bundle of {}", profiles.describe())));
    let (first, last) = order::BUNDLE;
    of_variable(first).or_else(of_profile).or_else(|| of_variable(last))
}

/// For how long the system's roots serve: to read them is most of the work of a connection, and many places can be
/// connected to at once. Whoever has put them right tries again later.
const SERVE: Duration = Duration::from_mins(1);

/// The system's roots; none where there are none, which only matters once HTTPS is spoken.
fn system() -> Arc<RootCertStore> {
    static READ: Mutex<Option<(Instant, Arc<RootCertStore>)>> = Mutex::new(None);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((at, roots)) = &*read
        && at.elapsed() < SERVE
    {
        return Arc::clone(roots);
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let roots = Arc::new(roots);
    *read = (!roots.is_empty()).then(|| (Instant::now(), Arc::clone(&roots)));
    roots
}

/// Reads a bundle in PEM form, every certificate of which can be used.
fn read(path: &str, origin: &str) -> Result<RootCertStore, Failure> {
    let refuse =
        |why: String| Failure::local(FailureKind::Configuration, format!("{origin} names {path}: {why}"));
    let bytes = files::read_ordinary(&expand::home(path)).map_err(|error| refuse(error.to_string()))?;
    let pem = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut pem = String::from_utf8_lossy(pem).into_owned();
    for other in ["TRUSTED CERTIFICATE-----", "X509 CERTIFICATE-----"] {
        pem = pem.replace(other, "CERTIFICATE-----");
    }
    let mut roots = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(pem.as_bytes()).enumerate() {
        let broken = || refuse(format!("certificate {} in it is cut short or broken", index + 1));
        let certificate = certificate.map_err(|_of_bytes| broken())?;
        let der = without_trust(&certificate);
        roots.add(CertificateDer::from_slice(der)).map_err(|_of_code| broken())?;
    }
    if roots.is_empty() { Err(refuse("no certificate in PEM form is in it".to_owned())) } else { Ok(roots) }
}

/// A certificate without what OpenSSL's form of a trusted one has behind it: the first element of the DER alone.
fn without_trust(der: &[u8]) -> &[u8] {
    SliceReader::new(der).and_then(|mut reader| reader.tlv_bytes()).unwrap_or(der)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_bundle_is_told_and_never_panics() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, content, why) in [
            ("empty", "", "no certificate"),
            ("text", "hello", "no certificate"),
            ("cut", "-----BEGIN CERTIFICATE-----\nMIIB", "certificate 1 in it is cut short or broken"),
            (
                "old",
                "-----BEGIN X509 CERTIFICATE-----\naGVsbG8=\n-----END X509 CERTIFICATE-----\n",
                "certificate 1",
            ),
            ("base64", "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n", "certificate 1"),
            ("der", "-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n", "certificate 1"),
        ] {
            let path = folder.path().join(name);
            std::fs::write(&path, content).expect("a file");
            let path = path.to_str().expect("a path");
            let failure = read(path, "AWS_CA_BUNDLE").expect_err(name);
            assert_eq!(failure.kind, FailureKind::Configuration);
            assert!(failure.message.starts_with("AWS_CA_BUNDLE names "), "{}", failure.message);
            assert!(failure.message.contains(why), "{name}: {}", failure.message);
        }
        let missing = folder.path().join("missing");
        assert!(read(missing.to_str().expect("a path"), "AWS_CA_BUNDLE").is_err());
    }
}
