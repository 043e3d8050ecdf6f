//! The URL of a custom endpoint.

use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use crate::domain::failure::{Failure, FailureKind};

/// Checks a URL that takes the place of AWS's own. `origin` says where it was given.
///
/// # Errors
/// `Configuration`, with the reason. A password in the URL is refused, and not repeated.
pub(crate) fn check(url: &str, origin: &str) -> Result<(), Failure> {
    let refuse = |why: &str| Err(Failure::local(FailureKind::Configuration, format!("{origin}: {why}")));
    let Ok(uri) = url.parse::<http::Uri>() else {
        return refuse("not a URL, such as http://127.0.0.1:5000");
    };
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return refuse("the URL of an endpoint begins with http:// or https://");
    }
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return refuse("the URL of an endpoint has no user name or password");
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
    Ok(())
}

/// The endpoint that the configuration of this machine puts in place of AWS's own for RDS, as the
/// SDK's client finds it: `AWS_ENDPOINT_URL_RDS`, then `AWS_ENDPOINT_URL`, then the profile.
pub(crate) fn configured(config: &SdkConfig) -> Option<String> {
    let own = config.service_config().and_then(|service| {
        let key = ServiceConfigKey::builder()
            .service_id("RDS")
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        service.load_config(key)
    });
    own.or_else(|| config.endpoint_url().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_of_an_endpoint_is_checked_before_it_is_used() {
        for url in ["http://127.0.0.1:5000", "https://rds.eu-west-1.amazonaws.com/", "http://[::1]:80"] {
            assert_eq!(check(url, "--endpoint-url"), Ok(()), "{url}");
        }
        for (url, why) in [
            ("", "not a URL"),
            ("http://a b", "not a URL"),
            ("localhost:5000", "begins with http:// or https://"),
            ("/rds", "begins with http:// or https://"),
            ("ftp://host", "begins with http:// or https://"),
            ("http://host/?a=b", "no query"),
            ("http://host:65536", "number up to 65535"),
            ("http://[::1]:", "number up to 65535"),
        ] {
            let failure = check(url, "--endpoint-url").expect_err(url);
            assert_eq!(failure.kind, FailureKind::Configuration);
            assert!(failure.message.contains(why), "{url}: {}", failure.message);
            assert!(failure.message.starts_with("--endpoint-url: "));
        }
    }

    #[test]
    fn a_password_in_a_url_is_refused_and_not_repeated() {
        let failure = check("http://me:secret@host", "AWS_ENDPOINT_URL").expect_err("a password");
        assert!(!failure.message.contains("secret"));
    }
}
