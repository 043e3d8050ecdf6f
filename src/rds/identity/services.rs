//! Credentials that a service of the machine gives: of a container, or of the instance.
//!
//! Source: `ContainerMetadataFetcher` and `InstanceMetadataFetcher` of botocore.

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::SharedHttpClient;

use super::super::environment::metadata::Metadata;
use super::super::environment::{files, set_to, url, variable};
use super::super::fetch::{PlainReply, PlainRequest, fetch};
use super::given;
use crate::domain::failure::{Failure, FailureKind};

/// The host of a container's service, where only a path is given.
const CONTAINER: &str = "http://169.254.170.2";
/// The hosts that may be asked over plain HTTP, besides loopback addresses.
const CONTAINERS: [&str; 4] = ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]", "localhost"];
/// How long a container's service may take, how often it is asked, and the pause between.
const CONTAINER_LIMIT: Duration = Duration::from_secs(5);
const CONTAINER_ATTEMPTS: usize = 3;
const CONTAINER_PAUSE: Duration = Duration::from_secs(1);
/// The file with the secret that a container's service is shown, and the secret itself.
const TOKEN: (&str, &str) = ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN");
/// How long an instance's credentials are used when they have ended by their own word: where the service has trouble
/// it hands on old ones, which AWS takes meanwhile.
const EXTENDED: Duration = Duration::from_mins(15);

/// The credentials of a container.
///
/// # Errors
/// What the service says, or that its URL or its token cannot be used.
pub(super) async fn container(http: &SharedHttpClient, origin: &str) -> Result<Credentials, Failure> {
    let refuse = |kind, why: &str| Failure::local(kind, format!("{origin}: {why}"));
    let unusable = |why: String| refuse(FailureKind::Configuration, &why);
    let url = container_url().map_err(unusable)?;
    let mut headers = vec![("accept", "application/json".to_owned())];
    headers.extend(token().await.map_err(unusable)?.map(|token| ("authorization", token)));
    let question = PlainRequest { method: "GET", url, headers, limit: CONTAINER_LIMIT };
    let mut attempt = 1;
    loop {
        let answer = fetch(http, question.clone()).await;
        let answer = match answer {
            Ok(reply) => match read(&reply) {
                Ok(found) => return Ok(found),
                Err(why) => Err(refuse(kind_of(reply.status), &why)),
            },
            Err(failure) => Err(super::while_getting(origin, failure)),
        };
        if attempt == CONTAINER_ATTEMPTS {
            return answer;
        }
        attempt += 1;
        tokio::time::sleep(CONTAINER_PAUSE).await;
    }
}

/// The credentials of the instance's role.
///
/// # Errors
/// `NoCredentials` with the reason where there is none, or no such service.
pub(super) async fn instance(metadata: &Metadata) -> Result<Credentials, Failure> {
    const PATH: &str = "iam/security-credentials/";
    let visit = metadata.visit().await?;
    let role = visit.get(PATH).await?;
    let answer = visit.get(&format!("{PATH}{role}")).await?;
    // Only in the form that AWS writes, as by the AWS command line.
    let is_extended = given::object(answer.as_bytes()).is_ok_and(|object| {
        let end = given::text(&object, given::OF_SERVICES.end).ok().flatten();
        end.is_some_and(|end| end.len() == "2026-11-30T10:00:00Z".len() && end.ends_with('Z'))
    });
    let found = read(&PlainReply { status: 200, body: answer.into() })
        .map_err(|why| Failure::local(FailureKind::NoCredentials, why))?;
    let now = SystemTime::now();
    let end = found.expiry().map(|end| if end <= now && is_extended { now + EXTENDED } else { end });
    let (id, secret) = (found.access_key_id(), found.secret_access_key());
    Ok(Credentials::new(id, secret, found.session_token().map(str::to_owned), end, "Instance"))
}

/// The credentials in an answer; where there are none, what stands there instead.
fn read(reply: &PlainReply) -> Result<Credentials, String> {
    let body = reply.clone().body()?;
    let object = given::object(&body).map_err(|wrong| format!("its answer is no JSON: {wrong}"))?;
    given::credentials(&object, &given::OF_SERVICES, "Service").map_err(|wrong| {
        let text = |name| given::text(&object, name).ok().flatten();
        match (text("Code"), text("Message")) {
            (Some(code), Some(message)) => format!("it answers with {code}: {message}"),
            _ => format!("in its answer, {wrong}"),
        }
    })
}

/// What a status means in which there are no credentials.
fn kind_of(status: u16) -> FailureKind {
    match status {
        429 => FailureKind::Throttled,
        500.. => FailureKind::UnreadableAnswer,
        401 | 403 => FailureKind::BadCredentials,
        _ => FailureKind::Configuration,
    }
}

/// Where a container's service is: a secret is shown there, so over plain HTTP it must be on this machine.
fn container_url() -> Result<http::Uri, String> {
    let (relative, full) = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    let path = set_to(relative).map(|path| (relative, format!("{CONTAINER}{path}")));
    let (name, url) = path.unwrap_or_else(|| (full, set_to(full).unwrap_or_default()));
    if url.contains('@') {
        return Err(format!("{name} has a user name or password in it, which no such URL has"));
    }
    let uri = url::mended(&url).parse::<http::Uri>().ok();
    let uri = uri
        .filter(|uri| uri.scheme().is_some() && uri.host().is_some())
        .ok_or_else(|| format!("{name} is no URL: {url}"))?;
    let host = uri.host().unwrap_or_default().to_lowercase();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let is_local = CONTAINERS.contains(&host.as_str()) || address.is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if is_local => Ok(uri),
        _ => Err(format!(
            "{name} names {url}, which is neither HTTPS nor an address of this machine or container"
        )),
    }
}

/// The secret that the service is shown.
async fn token() -> Result<Option<String>, String> {
    let (token, named_by) = match variable(TOKEN.0) {
        Some(path) => {
            let token = files::read_text(&path).await;
            let token = token.map_err(|why| format!("{} names {path}: {why}", TOKEN.0))?;
            (token, TOKEN.0)
        }
        None => match set_to(TOKEN.1) {
            Some(token) => (token, TOKEN.1),
            None => return Ok(None),
        },
    };
    if http::HeaderValue::from_str(&token).is_err() {
        return Err(format!(
            "the token of {named_by} has a character in it that cannot be sent, such as the end of a line"
        ));
    }
    Ok(Some(token))
}
