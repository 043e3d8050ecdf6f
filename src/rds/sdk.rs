//! What the SDK's clients are made with: all of it set here, nothing left to what the SDK would read by itself.

use aws_config::Region;
use aws_config::SdkConfig;
use aws_config::identity::IdentityCache;
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_async::time::SharedTimeSource;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::environment::endpoint::{self, Variant};
use super::environment::profiles::Profiles;
use super::environment::region;
use super::options;
use super::patience::Patient;
use crate::domain::failure::Failure;

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
        .time_source(SharedTimeSource::default());
    builder.set_endpoint_url(url.map(str::to_owned));
    builder.set_sleep_impl(Some(SharedAsyncSleep::new(Patient)));
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
    let variant = if custom.is_some() { Variant::default() } else { Variant::find(profiles, is_fips) };
    let (region, custom) = match endpoint::global(profiles, service, &region)? {
        Some((region, url)) if custom.is_none() && variant == Variant::default() => {
            (region.to_owned(), Some(url.to_owned()))
        }
        _ => (region, custom),
    };
    let config = config(http, &region, custom.as_deref(), variant);
    Ok(config.into_builder().timeout_config(options::credentials_timeouts()).build())
}
