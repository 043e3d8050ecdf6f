//! The host that requests go to: AWS's own by the SDK's word, or a URL that takes its place.

use aws_sdk_rds::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};

use super::profiles::Profiles;
use super::url;
use crate::domain::failure::{Failure, FailureKind};

/// Checks a URL that takes the place of AWS's own, and gives it as it is sent. `origin` says where it was given.
///
/// # Errors
/// `Configuration`, with the reason. A password in the URL is refused, and not repeated.
pub(crate) fn check(url: &str, origin: &str) -> Result<String, Failure> {
    let refuse = |why: &str| Err(Failure::local(FailureKind::Configuration, format!("{origin}: {why}")));
    // Wherever it stands: a # or / in a password would make its beginning the host.
    if url.contains('@') {
        return refuse("the URL of an endpoint has no user name or password");
    }
    let url = url::mended(url);
    let Ok(uri) = url.parse::<http::Uri>() else {
        return refuse("not a URL, such as http://127.0.0.1:5000");
    };
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return refuse("the URL of an endpoint begins with http:// or https://");
    }
    if uri.host().is_none_or(str::is_empty) {
        return refuse("the URL of an endpoint names a host");
    }
    let has_port = |authority: &http::uri::Authority| authority.as_str().len() > authority.host().len();
    if uri.authority().is_some_and(|authority| has_port(authority) && authority.port_u16().is_none()) {
        return refuse("the port in the URL of an endpoint is a number up to 65535");
    }
    if uri.query().is_some() {
        return refuse("the URL of an endpoint has no query");
    }
    Ok(url)
}

/// The switch by which endpoints of the environment and the profile are passed over.
const IGNORED: (&str, &str) = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");

/// The endpoint that this machine puts in place of AWS's own for a service, named as in variables and `services`
/// sections (`rds`): of the service's variable, of `AWS_ENDPOINT_URL`, of the profile's services, then of the profile
/// itself. What is empty is passed over.
///
/// # Errors
/// `Configuration`: the profile names services that are not there, or what was given is no URL.
pub(crate) fn configured(profiles: &Profiles, service: &str) -> Result<Option<String>, Failure> {
    let Some((url, origin)) = named(profiles, service)? else { return Ok(None) };
    check(&url, &format!("the endpoint URL of the environment or the profile ({origin})")).map(Some)
}

/// The same with where it stands, before it is known to be a URL.
///
/// # Errors
/// `Configuration`: the profile names services that are not there.
pub(crate) fn named(profiles: &Profiles, service: &str) -> Result<Option<(String, String)>, Failure> {
    if profiles.is_on(IGNORED.0, IGNORED.1) {
        return Ok(None);
    }
    let own = format!("AWS_ENDPOINT_URL_{}", service.to_uppercase());
    for name in [own.as_str(), "AWS_ENDPOINT_URL"] {
        if let Some(url) = super::variable(name) {
            return Ok(Some((url, name.to_owned())));
        }
    }
    let url = of_services(profiles, service)?.or_else(|| profiles.get("endpoint_url"));
    Ok(url.filter(|url| !url.is_empty()).map(|url| (url.to_owned(), profiles.describe())))
}

/// The endpoint of a service in the services that the profile names.
fn of_services<'a>(profiles: &'a Profiles, service: &str) -> Result<Option<&'a str>, Failure> {
    let Some(name) = profiles.get("services") else { return Ok(None) };
    let Some(section) = profiles.services(name).filter(|section| !section.values.is_empty()) else {
        let message = format!(
            "{} says services = {name}, and there is no [services {name}] in {}",
            profiles.describe(),
            profiles.config_path().display(),
        );
        return Err(Failure::local(FailureKind::Configuration, message));
    };
    Ok(section.in_block(service, "endpoint_url").filter(|url| !url.is_empty()))
}

/// The Regions that had the one host of STS before each had its own.
/// Source: `LEGACY_GLOBAL_STS_REGIONS` of botocore.
const OF_GLOBAL_STS: [&str; 16] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "aws-global",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// The one host that a service has for old Regions, with the Region that it is in: of STS, if it is asked for.
///
/// # Errors
/// `Configuration`: it is asked for neither that nor the other.
pub(crate) fn global(
    profiles: &Profiles,
    service: &str,
    region: &str,
) -> Result<Option<(&'static str, &'static str)>, Failure> {
    if service != "sts" {
        return Ok(None);
    }
    match profiles.setting("AWS_STS_REGIONAL_ENDPOINTS", "sts_regional_endpoints").as_deref() {
        Some("legacy") if OF_GLOBAL_STS.contains(&region) => {
            Ok(Some(("us-east-1", "https://sts.amazonaws.com")))
        }
        None | Some("" | "legacy" | "regional") => Ok(None),
        Some(other) => {
            let names = "AWS_STS_REGIONAL_ENDPOINTS or sts_regional_endpoints";
            let message = format!("'{other}' ({names}) is neither legacy nor regional");
            Err(Failure::local(FailureKind::Configuration, message))
        }
    }
}

/// What decides which of AWS's own hosts a service has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Variant {
    pub(crate) is_fips: bool,
    pub(crate) is_dual_stack: bool,
}

impl Variant {
    /// The variant that the environment or the profile asks for, or the name of the Region (`is_fips`).
    pub(crate) fn find(profiles: &Profiles, is_fips: bool) -> Self {
        Self {
            is_fips: is_fips || profiles.is_on("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            is_dual_stack: profiles.is_on("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
        }
    }
}

/// The URL that the SDK sends requests to RDS to, by its own word.
///
/// # Errors
/// `Configuration`, with the SDK's words: it has no such host, or a URL was given together with a variant.
pub(crate) async fn resolved(
    region: &str,
    custom: Option<&str>,
    variant: Variant,
) -> Result<String, Failure> {
    let parameters = Params::builder()
        .region(region)
        .set_endpoint(custom.map(str::to_owned))
        .use_fips(variant.is_fips)
        .use_dual_stack(variant.is_dual_stack)
        .build();
    let refuse = |why: String| {
        let message = if custom.is_some() {
            "an endpoint URL goes neither with use_fips_endpoint (AWS_USE_FIPS_ENDPOINT) or fips in \
             the Region's name, nor with use_dualstack_endpoint (AWS_USE_DUALSTACK_ENDPOINT); unset one of them"
                .to_owned()
        } else {
            format!("there is no endpoint of RDS in {region}: {why}")
        };
        Failure::local(FailureKind::Configuration, message)
    };
    let parameters = parameters.map_err(|error| refuse(error.to_string()))?;
    let endpoint = DefaultResolver::new().resolve_endpoint(&parameters).await;
    endpoint.map(|endpoint| endpoint.url().to_owned()).map_err(|error| refuse(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_an_endpoint_is_checked_before_it_is_used() {
        for url in ["http://127.0.0.1:5000", "https://rds.eu-west-1.amazonaws.com/", "http://[::1]:80"] {
            assert_eq!(check(url, "--endpoint-url").as_deref(), Ok(url));
        }
        for (url, sent) in [
            ("http://[::1]:", "http://[::1]"),
            (" https://h:/\n", "https://h/"),
            ("http://h/a b", "http://h/a%20b"),
        ] {
            assert_eq!(check(url, "--endpoint-url").as_deref(), Ok(sent));
        }
        for (url, why) in [
            ("", "not a URL"),
            ("http://a b", "not a URL"),
            ("localhost:5000", "begins with http:// or https://"),
            ("/rds", "begins with http:// or https://"),
            ("ftp://host", "begins with http:// or https://"),
            ("http://host/?a=b", "no query"),
            ("http://host:65536", "number up to 65535"),
        ] {
            let failure = check(url, "--endpoint-url").expect_err(url);
            assert_eq!(failure.kind, FailureKind::Configuration);
            assert!(failure.message.contains(why), "{url}: {}", failure.message);
            assert!(failure.message.starts_with("--endpoint-url: "));
        }
    }

    #[test]
    fn a_password_in_a_url_is_refused_and_not_repeated() {
        for url in ["http://me:1234@host", "http://me:1234#@host", "http://me:1234/@host", "me:1234@host"] {
            let failure = check(url, "AWS_ENDPOINT_URL").expect_err(url);
            assert!(failure.message.contains("no user name or password"), "{}", failure.message);
            assert!(!failure.message.contains("1234"), "{}", failure.message);
        }
    }
}
