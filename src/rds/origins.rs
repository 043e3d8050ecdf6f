//! What of this machine decides who asks and where, in words: for whoever has to find out why it is not as expected.
//!
//! The same files and variables are read by the same code as for [`Client::connect`](super::Client::connect). Nothing
//! is sent. Of keys in files only the names are told, and of those only what is known here; of a proxy no password.

use std::sync::Arc;

use rustls::RootCertStore;

use super::environment::ini::Section;
use super::environment::profiles::{File, Profiles};
use super::environment::proxy::Proxies;
use super::environment::{blocking, endpoint, region, trust, variable};
use super::identity::{self, machine};
use super::options::ServiceOptions;
use crate::domain::failure::{Failure, FailureKind};

/// The keys of a profile that decide anything here.
const KEYS: [&str; 33] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_security_token",
    "aws_session_token",
    "ca_bundle",
    "credential_process",
    "credential_source",
    "duration_seconds",
    "ec2_metadata_service_endpoint",
    "ec2_metadata_service_endpoint_mode",
    "ec2_metadata_v1_disabled",
    "endpoint_url",
    "external_id",
    "ignore_configured_endpoint_urls",
    "login_session",
    "metadata_service_num_attempts",
    "metadata_service_timeout",
    "mfa_serial",
    "region",
    "role_arn",
    "role_session_name",
    "services",
    "source_profile",
    "sso_account_id",
    "sso_region",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "sts_regional_endpoints",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "web_identity_token_file",
    "imds_use_ipv6",
];

/// What was taken from where. Text from this machine, not escaped.
#[derive(Clone, Debug)]
pub struct Origins {
    /// The configuration and the credentials file: what was taken from each.
    pub files: [FileFinding; 2],
    /// The profile in use, and whether it was asked for.
    pub profile: String,
    /// Where credentials come from; `None` where there are none, or what stands there cannot be used.
    pub credentials: Option<String>,
    /// Where the Region stands; `None` where only the instance metadata service can tell.
    pub region: Option<String>,
    /// Where the endpoint stands; `None` where it is AWS's own.
    pub endpoint: Option<String>,
    /// The trusted certificates.
    pub trust: String,
    /// These themselves.
    pub(super) roots: Arc<RootCertStore>,
}

/// What was taken from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFinding {
    /// The file.
    pub path: String,
    /// What of it is in use, in words.
    pub what: String,
    /// Whether it is there and could not be read.
    pub is_left_out: bool,
}

impl Origins {
    /// Reads the files and the environment.
    ///
    /// # Errors
    /// `Configuration`: a file is none of its grammar, or has no profile of the name that was asked for.
    pub async fn read(options: &ServiceOptions) -> Result<Self, Failure> {
        let profiles = Profiles::read(options.profile.as_deref()).await?;
        let endpoint = match &options.endpoint_url {
            Some(_) => Some("--endpoint-url".to_owned()),
            None => endpoint::named(&profiles, "rds").ok().flatten().map(|(_, origin)| origin),
        };
        Ok(Self {
            files: profiles
                .sides(profiles.name())
                .map(|(file, section)| taken(file, section, profiles.name())),
            profile: match profiles.asked_for() {
                Some(name) if !machine::is_who_asks(&profiles) => {
                    format!("{name}, after the credentials in the environment, which come before its own")
                }
                Some(name) => name.to_owned(),
                None => format!("{}, as none was named", profiles.name()),
            },
            credentials: identity::described(&profiles).ok(),
            region: region::named(options.region.as_deref(), &profiles).map(|(_, origin)| origin),
            endpoint,
            trust: trusted(&profiles),
            roots: blocking(move || {
                Ok(trust::load(&profiles).unwrap_or_else(|_told| Arc::new(RootCertStore::empty())))
            })
            .await?,
        })
    }
}

/// The proxy that requests to `url` go through, as `host:port`; `None` if they go to the host by themselves.
///
/// # Errors
/// `Configuration`: what the environment names is no proxy.
pub fn proxy(url: &str) -> Result<Option<String>, Failure> {
    url.parse().map_or(Ok(None), |uri| proxy_of(&uri))
}

/// The same of a URL that was read.
pub(super) fn proxy_of(uri: &http::Uri) -> Result<Option<String>, Failure> {
    match Proxies::from_env().of(uri) {
        None => Ok(None),
        Some(Ok(proxy)) => Ok(Some(proxy.address.clone())),
        Some(Err(wrong)) => Err(Failure::local(FailureKind::Configuration, wrong.to_string())),
    }
}

fn taken(file: &File, section: Option<&Section>, profile: &str) -> FileFinding {
    let what = match (&file.unread, section) {
        (Some(why), _) => format!("left out: {why}"),
        (None, _) if !file.is_read => "not there".to_owned(),
        (None, None) => format!("nothing of profile {profile} is in it"),
        (None, Some(section)) => {
            let known = KEYS.into_iter().filter(|key| section.get(key).is_some());
            let known: Vec<&str> = known.collect();
            let keys =
                if known.is_empty() { "nothing that is used here".to_owned() } else { known.join(", ") };
            format!("profile {profile}: {keys}")
        }
    };
    FileFinding { path: file.path.display().to_string(), what, is_left_out: file.unread.is_some() }
}

fn trusted(profiles: &Profiles) -> String {
    if let Some((path, origin)) = trust::named(profiles) {
        return format!("the certificates in {path} ({origin})");
    }
    let in_place =
        ["SSL_CERT_FILE", "SSL_CERT_DIR"].map(|name| Some(format!("{} ({name})", variable(name)?)));
    let in_place: Vec<String> = in_place.into_iter().flatten().collect();
    if in_place.is_empty() {
        return "the system's certificates".to_owned();
    }
    format!("the certificates in {}", in_place.join(" and "))
}
