//! What this machine says of who asks and where, and the way to the service.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use super::remedy;
use super::row::Finding;
use crate::cli::Global;
use crate::domain::context::Target;
use crate::domain::failure::{Failure, FailureKind, ITS_WORDS};
use crate::domain::preflight::Verdict;
use crate::headless::problem::Code;
use crate::rds::certificate::{self, HostCertificate};
use crate::rds::origins::FileFinding;
use crate::rds::{self, Origins};
use crate::{config, places_wanted};

/// How long a name may take to be looked up.
const LOOK_UP: Duration = Duration::from_secs(5);

/// What was taken from where; `None` with the embedded simulator, which reads nothing, and where the files cannot be
/// used, of which the connection tells.
pub async fn origins(global: &Global) -> Option<Origins> {
    if global.demo {
        return None;
    }
    let place = places_wanted::wanted(global, config::load).and_then(places_wanted::only).ok()?;
    Origins::read(&place).await.ok()
}

/// The AWS command line's files, and the profile in use.
pub fn files(origins: &Origins) -> Vec<Finding> {
    let file = |check, FileFinding { path, what, is_left_out }: &FileFinding| {
        let verdict = if *is_left_out { Verdict::Doubt } else { Verdict::Fine };
        let row = Finding::new(check, verdict, &format!("{path}: {what}"));
        if *is_left_out { row.remedied("Give yourself the right to read it, if it is needed.") } else { row }
    };
    let [config, credentials] = &origins.files;
    vec![
        file("aws config file", config),
        file("aws credentials file", credentials),
        Finding::fine("profile", &origins.profile),
    ]
}

/// Where credentials come from, and whether there are any.
pub fn credentials(origins: Option<&Origins>, found: Result<(), &Failure>) -> Finding {
    if let Err(failure) = found {
        // The page is to be handed on, and a program of the caller's own may have said anything.
        let message = failure.message.split_once(ITS_WORDS).map_or_else(
            || failure.message.clone(),
            |(before, _)| format!("{before}; what it said is not repeated here"),
        );
        let failure = Failure { message, ..failure.clone() };
        return Finding::of_failure("credentials", Verdict::Blocks, &failure);
    }
    let origin = origins.and_then(|origins| origins.credentials.as_deref());
    Finding::fine("credentials", origin.unwrap_or("of the embedded simulator, which checks none"))
}

/// Region, endpoint, and the way there.
pub async fn way(origins: Option<&Origins>, place: &Target) -> Vec<Finding> {
    let region = place.region.as_deref().unwrap_or("none");
    let Some(origins) = origins else {
        return vec![
            Finding::fine("region", region),
            Finding::fine("endpoint", "the embedded simulator; nothing leaves"),
        ];
    };
    let region_origin = origins.region.as_deref().unwrap_or("the instance metadata service");
    let url = place.url();
    let endpoint = match &origins.endpoint {
        Some(origin) => format!("{url}, from {origin}"),
        None => format!("{url}, AWS's own"),
    };
    let mut rows = vec![
        Finding::fine("region", &format!("{region}, from {region_origin}")),
        Finding::fine("endpoint", &endpoint),
    ];
    match rds::origins::proxy(&url) {
        Err(failure) => rows.push(Finding::of_failure("proxy", Verdict::Blocks, &failure)),
        Ok(Some(proxy)) => {
            rows.push(Finding::fine("proxy", &proxy));
            rows.push(Finding::new("address", Verdict::Unknown, "the proxy looks it up"));
        }
        Ok(None) => {
            rows.push(Finding::fine("proxy", "none"));
            rows.push(address(&url).await);
        }
    }
    rows.push(certificates(&url, origins).await);
    rows
}

/// What the host's name leads to.
async fn address(url: &str) -> Finding {
    let uri: http::Uri = url.parse().unwrap_or_default();
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let port = uri.port_u16().unwrap_or(443);
    let refuse = |why: &str| {
        let failure = Failure::local(FailureKind::NoConnection, format!("{host} cannot be looked up: {why}"));
        Finding::of_failure("address", Verdict::Blocks, &failure)
    };
    match tokio::time::timeout(LOOK_UP, tokio::net::lookup_host((host, port))).await {
        Err(_elapsed) => refuse(&format!("no answer within {} s", LOOK_UP.as_secs())),
        Ok(Err(error)) => refuse(&error.to_string()),
        Ok(Ok(found)) => Finding::fine("address", &told(found.map(|address| address.ip()))),
    }
}

fn told(addresses: impl Iterator<Item = IpAddr>) -> String {
    let addresses: BTreeSet<IpAddr> = addresses.collect();
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// What the host shows, what is trusted, and whether the one is accepted by the other.
async fn certificates(url: &str, origins: &Origins) -> Finding {
    let trust = &origins.trust;
    if !url.starts_with("https:") {
        return Finding::fine("certificates", "none: the endpoint is plain HTTP");
    }
    match certificate::shown(url, origins).await {
        Ok(HostCertificate { issuer, ends, refused }) => {
            let text =
                format!("the host's is by {issuer}, until {}; trusted: {trust}", ends.strftime("%Y-%m-%d"));
            match refused {
                None => Finding::fine("certificates", &text),
                Some(why) => Finding::new("certificates", Verdict::Blocks, &format!("{why}; {text}"))
                    .coded(Code::Network)
                    .remedied(remedy::of_certificate()),
            }
        }
        Err(why) => {
            let text = format!("the host's was not seen: {why}; trusted: {trust}");
            Finding::new("certificates", Verdict::Unknown, &text)
        }
    }
}
