//! What the SDK's clients are made with: all of it set here, nothing left to what the SDK would read by itself.

use aws_config::SdkConfig;
use aws_config::identity::IdentityCache;
use aws_config::imds;
use aws_config::provider_config::ProviderConfig;
use aws_smithy_async::rt::sleep::default_async_sleep;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::region::Region;

use super::environment::endpoint::{self, Variant};
use super::environment::profiles::Profiles;
use super::environment::region;
use super::options;
use crate::domain::failure::{Failure, FailureKind};

/// The instance metadata service over IPv4 and IPv6.
const METADATA: (&str, &str) = ("http://169.254.169.254", "http://[fd00:ec2::254]");

/// The configuration of a client, without credentials.
pub(super) fn config(
    http: &SharedHttpClient,
    region: &str,
    url: Option<&str>,
    variant: Variant,
) -> SdkConfig {
    let mut builder = SdkConfig::builder()
        .behavior_version(options::behavior())
        .region(Region::new(region.to_owned()))
        .http_client(http.clone())
        .identity_cache(IdentityCache::no_cache())
        .retry_config(options::read_retries())
        .timeout_config(options::read_timeouts())
        .stalled_stream_protection(options::stalled_streams())
        .use_fips(variant.is_fips)
        .use_dual_stack(variant.is_dual_stack)
        // aws-config's provider of SSO tokens breaks without one.
        .time_source(SharedTimeSource::default());
    builder.set_endpoint_url(url.map(str::to_owned));
    builder.set_sleep_impl(default_async_sleep());
    builder.build()
}

/// The configuration of a client of a service that credentials come from, which has an endpoint of its own.
///
/// # Errors
/// `Configuration`: the endpoint that was configured for it cannot be used.
pub(super) fn of_service(
    http: &SharedHttpClient,
    profiles: &Profiles,
    service: &str,
    region: &str,
) -> Result<SdkConfig, Failure> {
    let custom = endpoint::configured(profiles, service)?;
    // Other than for RDS, where both are refused: as with the AWS command line, a URL goes before the variants.
    let (region, is_fips) = region::of_fips(region);
    let variant =
        if custom.is_some() { Variant::default() } else { Variant::find(profiles).or_fips(is_fips) };
    Ok(config(http, &region, custom.as_deref(), variant))
}

/// What the SDK's own sources of credentials make their calls with.
pub(super) fn providers(http: &SharedHttpClient) -> ProviderConfig {
    let config = ProviderConfig::without_region()
        .with_behavior_version(Some(options::behavior()))
        .with_http_client(http.clone())
        .with_retry_config(options::read_retries())
        .with_timeout_config(options::read_timeouts());
    match default_async_sleep() {
        Some(sleep) => config.with_sleep_impl(sleep),
        None => config,
    }
}

/// A client of the instance metadata service that gives up soon: by default it takes some 20 s to find
/// that there is none.
///
/// # Errors
/// `Configuration`: what the environment or the profile says of it is no URL, or no mode.
pub(super) fn metadata(providers: &ProviderConfig, profiles: &Profiles) -> Result<imds::Client, Failure> {
    let url = metadata_url(profiles)?;
    let client = imds::Client::builder().configure(providers).endpoint(&url).map_err(|_no_url| {
        let message = format!("the endpoint of the instance metadata service is not a URL: {url}");
        Failure::local(FailureKind::Configuration, message)
    })?;
    Ok(client
        .max_attempts(1)
        .connect_timeout(options::METADATA)
        .read_timeout(options::METADATA)
        .operation_attempt_timeout(options::METADATA)
        .operation_timeout(options::METADATA)
        .build())
}

/// Where the instance metadata service is: at a URL of the environment or the profile, or at its usual addresses.
fn metadata_url(profiles: &Profiles) -> Result<String, Failure> {
    let get = |name: &str, key: &str| {
        std::env::var(name)
            .ok()
            .or_else(|| profiles.get(key).map(str::to_owned))
            .filter(|text| !text.is_empty())
    };
    if let Some(url) = get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "ec2_metadata_service_endpoint") {
        return Ok(url);
    }
    let mode = get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ec2_metadata_service_endpoint_mode");
    let is_ipv6 = match mode.map(|mode| mode.to_lowercase()).as_deref() {
        None => profiles.is_on("AWS_IMDS_USE_IPV6", "imds_use_ipv6"),
        Some("ipv4") => false,
        Some("ipv6") => true,
        Some(other) => {
            let message =
                format!("'{other}' (AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE) is neither ipv4 nor ipv6");
            return Err(Failure::local(FailureKind::Configuration, message));
        }
    };
    let (ipv4, ipv6) = METADATA;
    Ok(if is_ipv6 { ipv6 } else { ipv4 }.to_owned())
}
