//! The proxy that a request goes through: of the environment, by the AWS command line's rules.
//!
//! Those are Python's (`urllib.request.getproxies_environment`): `https_proxy` for HTTPS and `http_proxy` for HTTP, in
//! small letters before capitals, even if it is empty; `ALL_PROXY` is not looked at; `no_proxy` has names and the ends
//! of names. What stays on this machine or its host goes through none, whatever the environment says: no proxy can
//! reach the one that is meant.

use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::Matcher;

/// The proxies of the environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies {
    pub(crate) http: Option<Proxy>,
    pub(crate) https: Option<Proxy>,
    /// What goes past them.
    past: String,
}

/// A proxy, if what a variable names is one.
pub(crate) type Proxy = Result<Usable, NotAProxy>;

/// A proxy that can be used.
#[derive(Clone)]
pub(crate) struct Usable {
    /// Its URL, without a password.
    pub(crate) url: Uri,
    /// What it is told of who asks.
    pub(crate) authorization: Option<HeaderValue>,
    /// Its `host:port`, without a password.
    pub(crate) address: String,
}

/// What a variable names is no proxy. It is not repeated, as it may have a password in it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error(
    "{0} is not the URL of an HTTP proxy, such as http://proxy.example.com:3128 (in its password, # is written %23, \
     / %2F, ? %3F)"
)]
pub(crate) struct NotAProxy(&'static str);

impl fmt::Debug for Usable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Usable({})", self.address)
    }
}

impl Proxies {
    /// Reads the environment.
    pub(crate) fn from_env() -> Self {
        let named = |name| variable(name).map(|url| proxy(&url).ok_or(NotAProxy(name)));
        let past = variable("no_proxy").unwrap_or_default();
        Self { http: named("http_proxy"), https: named("https_proxy"), past }
    }

    /// The proxy that a request goes through; `None` if it goes to its host by itself.
    pub(crate) fn of(&self, uri: &Uri) -> Option<&Proxy> {
        let host = uri.host()?;
        if is_local(host) || is_past(&self.past, host, uri.port_u16()) {
            return None;
        }
        if uri.scheme_str() == Some("http") { self.http.as_ref() } else { self.https.as_ref() }
    }
}

/// A variable in small letters, else in any others; one in small letters that is empty unsets the others.
fn variable(name: &str) -> Option<String> {
    let value = super::set_to(name).or_else(|| {
        let mut others = std::env::vars_os().filter_map(|(other, value)| {
            let is_it = other.to_str().is_some_and(|other| other.eq_ignore_ascii_case(name));
            is_it.then(|| value.to_string_lossy().into_owned())
        });
        others.next()
    });
    value.filter(|value| !value.is_empty())
}

/// The proxy that a URL names, read as the AWS command line reads it: the host ends at the first of `/`, `?`, `#` and
/// `\`, and what stands before its last `@` is name and password. Where an `@` follows the host, a sign of a password
/// has cut it short: what seems to be the host is part of that password.
fn proxy(url: &str) -> Option<Usable> {
    let (scheme, rest) = match url.split_once(':') {
        Some((scheme @ ("http" | "https"), rest)) => (scheme, rest.strip_prefix("//")?),
        _ => ("http", url.strip_prefix("//").unwrap_or(url)),
    };
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, ignored) = rest.split_at(end);
    let (user, address) = match authority.rsplit_once('@') {
        Some((user, address)) => (Some(user), address),
        None => (None, authority),
    };
    if ignored.contains('@') || !is_an_address(address) {
        return None;
    }
    // Escaped, so that nothing below can take a sign in it for the end of something.
    let user = user.map_or_else(String::new, |user| match user.split_once(':') {
        Some((name, password)) => format!("{}:{}@", encoded(name), encoded(password)),
        None => format!("{}@", encoded(user)),
    });
    let url: Uri = format!("{scheme}://{user}{address}/").parse().ok()?;
    let proxy =
        Matcher::builder().all(url.to_string()).build().intercept(&Uri::from_static("https://any/"))?;
    let authorization = proxy.basic_auth().cloned();
    Some(Usable { url: proxy.uri().clone(), authorization, address: address.to_owned() })
}

/// Whether a text is a host, with its port if it has one: what is told of a proxy.
fn is_an_address(text: &str) -> bool {
    let Ok(authority) = text.parse::<http::uri::Authority>() else { return false };
    let host = authority.host();
    let is_host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(ip) => ip.parse::<Ipv6Addr>().is_ok(),
        None => host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)),
    };
    is_host && !host.is_empty() && (host.len() == text.len() || authority.port_u16().is_some())
}

/// A name or a password as a URL has it, whether it was written so or not.
fn encoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut encoded = String::new();
    for (at, byte) in bytes.iter().enumerate() {
        let is_escape = *byte == b'%'
            && bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        if is_escape || byte.is_ascii_alphanumeric() {
            encoded.push(char::from(*byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Whether a host is this machine, or a metadata service of the machine that it runs on.
fn is_local(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        // The instance (169.254.169.254) and container (169.254.170.2, .23) metadata services.
        Ok(IpAddr::V4(ip)) => ip.is_loopback() || ip == Ipv4Addr::UNSPECIFIED || ip.is_link_local(),
        // fd00:ec2::254 and fd00:ec2::23, the same over IPv6.
        Ok(IpAddr::V6(ip)) => ip.is_loopback() || ip.segments().starts_with(&[0xfd00, 0x0ec2]),
        Err(_) => bare.eq_ignore_ascii_case("localhost") || bare.ends_with(".localhost"),
    }
}

/// Whether a host goes past the proxies: it is one of a list, or ends as one of it, with or without its port.
fn is_past(list: &str, host: &str, port: Option<u16>) -> bool {
    let host = host.to_lowercase();
    let with_port = port.map(|port| format!("{host}:{port}"));
    let is_it = |name: &str| {
        let ends =
            |host: &str| host == name || host.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
        !name.is_empty() && (ends(&host) || with_port.as_deref().is_some_and(ends))
    };
    list == "*" || list.split(',').any(|name| is_it(&name.trim().trim_start_matches('.').to_lowercase()))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

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
            assert!(is_local(host), "{host}");
        }
        for host in ["rds.eu-west-1.amazonaws.com", "10.0.0.1", "[2001:db8::1]", "localhost.example.com"] {
            assert!(!is_local(host), "{host}");
        }
    }

    #[test]
    fn what_no_proxy_lists_goes_past_the_proxies() {
        let aws = "rds.eu-west-1.amazonaws.com";
        for list in ["*", aws, ".amazonaws.com", "a, AmazonAWS.com", "amazonaws.com:8443"] {
            assert!(is_past(list, aws, Some(8443)), "{list}");
        }
        for list in ["", ",", "azonaws.com", "*.amazonaws.com", "a,*", "10.0.0.0/8", "amazonaws.com:443"] {
            assert!(!is_past(list, aws, Some(8443)), "{list}");
        }
        assert!(!is_past("10.0.0.0/8", "10.1.2.3", None));
    }

    #[test]
    fn what_is_no_proxy_is_told_without_its_password() {
        let address = |url: &str| proxy(url).map(|proxy| proxy.address);
        for (url, told) in [
            ("http://me:s3cr3t@proxy:3128", "proxy:3128"),
            ("me:s3cr3t@proxy:3128", "proxy:3128"),
            ("//me:s3cr3t@proxy:3128", "proxy:3128"),
            ("http://me:s3@cr3t@proxy:3128", "proxy:3128"),
            ("http://me:s3%cr3t@proxy:3128", "proxy:3128"),
            ("http://me:s3 ^\"ü{cr3t@proxy:3128", "proxy:3128"),
            ("http://me:http://s3cr3t", "-"),
            ("proxy:3128/", "proxy:3128"),
            ("http://proxy:3128/a?b#c", "proxy:3128"),
            ("https://[2001:db8::1]:3128", "[2001:db8::1]:3128"),
            ("//proxy", "proxy"),
            ("http://me:s3cr3t#x@proxy:3128", "-"),
            ("http://me:1234#x@proxy:3128", "-"),
            ("me:1234#x@proxy:3128", "-"),
            ("http://me:1234?x@proxy:3128", "-"),
            ("http://me:1234/x@proxy:3128", "-"),
            ("http://me:1234\\x@proxy:3128", "-"),
            ("http://me@x#1234@proxy:3128", "-"),
            ("http://me:s3cr3t", "-"),
            ("http://proxy:3128@me:s3cr3t", "-"),
            ("http://me:s3cr3t@", "-"),
            ("http:me:s3cr3t@proxy:3128", "-"),
            ("http:///me:s3cr3t@proxy", "-"),
            ("socks5h://proxy:1080", "-"),
            ("socks5://me:s3cr3t@proxy:1080", "-"),
            ("http://", "-"),
            ("http://:80", "-"),
            ("http://proxy:65536", "-"),
            ("a b", "-"),
        ] {
            assert_eq!(address(url).as_deref().unwrap_or("-"), told, "{url}");
        }
        let failure = NotAProxy("https_proxy").to_string();
        assert!(failure.contains("%23"), "{failure}");
    }

    #[test]
    fn a_password_reaches_the_proxy_as_it_was_meant_whatever_is_in_it() {
        for (password, meant) in
            [("s3cr3t", "s3cr3t"), ("s3@cr:3t", "s3@cr:3t"), ("a%40b", "a@b"), ("50%", "50%"), ("ü ^", "ü ^")]
        {
            let proxy = proxy(&format!("http://me:{password}@proxy:3128")).expect("a proxy");
            assert_eq!(proxy.url.authority().map(http::uri::Authority::as_str), Some("proxy:3128"));
            let sent = proxy.authorization.as_ref().and_then(|sent| sent.to_str().ok()).expect("a password");
            assert_eq!(sent, format!("Basic {}", STANDARD.encode(format!("me:{meant}"))));
        }
    }
}
