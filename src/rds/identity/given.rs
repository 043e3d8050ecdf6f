//! Credentials in JSON, as services, processes and files of this machine give them. What stands there is not told, as
//! it may be a secret.

use std::io::Error;
use std::path::{Path, PathBuf};

use aws_credential_types::Credentials;
use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::{Mutex, MutexGuard};

use super::super::environment::{files, times};
use crate::domain::failure::{Failure, FailureKind};

/// The names that a kind of JSON has for the parts of credentials.
pub(super) struct PartNames {
    pub(super) id: &'static str,
    pub(super) secret: &'static str,
    pub(super) token: &'static str,
    pub(super) end: &'static str,
}

/// What containers and instances are answered with.
pub(super) const OF_SERVICES: PartNames =
    PartNames { id: "AccessKeyId", secret: "SecretAccessKey", token: "Token", end: "Expiration" };
/// What STS answers, and what a `credential_process` prints.
pub(super) const OF_SESSIONS: PartNames = PartNames { token: "SessionToken", ..OF_SERVICES };

/// Why something is none of the JSON that it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotGiven {
    #[error("line {0}, column {1}")]
    NoJson(usize, usize),
    #[error("there is no {0}")]
    Missing(&'static str),
    #[error("{0} is no text")]
    NoText(&'static str),
    #[error("{0} is not a time with an offset (ISO 8601)")]
    NoTime(&'static str),
    #[error("{0} has a character in it that cannot be sent, such as the end of a line")]
    NotSendable(&'static str),
}

/// Reads a JSON object; of a name that stands twice the last counts.
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, NotGiven> {
    // serde's own words quote what stands there.
    serde_json::from_slice(bytes).map_err(|error| NotGiven::NoJson(error.line(), error.column()))
}

/// A text; what is empty or null is none.
pub(super) fn text<'a>(
    object: &'a Map<String, Value>,
    name: &'static str,
) -> Result<Option<&'a str>, NotGiven> {
    match object.get(name) {
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        None | Some(Value::Null) => Ok(None),
        Some(_) => Err(NotGiven::NoText(name)),
    }
}

/// A text that must be there.
pub(super) fn needed<'a>(object: &'a Map<String, Value>, name: &'static str) -> Result<&'a str, NotGiven> {
    text(object, name)?.ok_or(NotGiven::Missing(name))
}

/// A time.
pub(super) fn time(object: &Map<String, Value>, name: &'static str) -> Result<Option<Timestamp>, NotGiven> {
    let text = text(object, name)?;
    text.map(|text| times::read(text).ok_or(NotGiven::NoTime(name))).transpose()
}

/// Reads credentials. Long-term ones have neither token nor end.
pub(super) fn credentials(
    object: &Map<String, Value>,
    names: &PartNames,
    provider: &'static str,
) -> Result<Credentials, NotGiven> {
    let (id, secret) = (needed(object, names.id)?, needed(object, names.secret)?);
    Ok(of(id, secret, text(object, names.token)?, time(object, names.end)?, provider))
}

/// Credentials of these parts; an empty token is none, as AWS refuses one.
pub(super) fn of(
    id: &str,
    secret: &str,
    token: Option<&str>,
    end: Option<Timestamp>,
    provider: &'static str,
) -> Credentials {
    let token = token.filter(|token| !token.is_empty()).map(str::to_owned);
    Credentials::new(id, secret, token, end.map(Into::into), provider)
}

/// Held while a login is renewed: what it is renewed by works once, so a second place that has the same login reads what
/// the first one kept.
static RENEWAL: Mutex<()> = Mutex::const_new(());

/// The turn to renew a login; `None` where somebody else has it, and what there is still `serves`.
pub(super) async fn turn(serves: bool) -> Option<MutexGuard<'static, ()>> {
    if serves { RENEWAL.try_lock().ok() } else { Some(RENEWAL.lock().await) }
}

/// Reads the login that was left in a file.
///
/// # Errors
/// `NoCredentials` where there is none, `Configuration` where it cannot be read.
pub(super) async fn login(path: &Path) -> Result<Map<String, Value>, Failure> {
    let unread = |why: String| {
        Failure::local(FailureKind::Configuration, format!("the login in {}: {why}", path.display()))
    };
    let bytes = files::read_whole(path.to_owned()).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let message = format!("nobody has logged in: there is no {}", path.display());
            Failure::local(FailureKind::NoCredentials, message)
        }
        _ => unread(error.to_string()),
    })?;
    object(&bytes).map_err(|wrong| unread(format!("it is no JSON: {wrong}")))
}

/// Tries whether a login could be kept, as what it is renewed by works once: one that is renewed and not kept is lost.
pub(super) async fn try_keep(path: &Path, login: &Map<String, Value>) -> Result<(), Error> {
    written(path.to_owned(), login, files::try_replace).await
}

/// Puts a login that was renewed in the place of the one before. One that cannot be kept serves this run all the same.
pub(super) async fn keep(path: PathBuf, login: &Map<String, Value>) {
    if let Err(error) = written(path, login, files::replace).await {
        tracing::warn!(%error, "a renewed login cannot be kept");
    }
}

async fn written(
    path: PathBuf,
    login: &Map<String, Value>,
    write: fn(&Path, &[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let text = serde_json::to_vec(login)?;
    let work = move || write(&path, &text);
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|ended| Err(Error::other(ended)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Credentials, NotGiven> {
        credentials(&object(json.as_bytes())?, &OF_SERVICES, "test")
    }

    #[test]
    fn a_token_that_is_empty_or_null_is_none() {
        for token in [r#","Token":"""#, r#","Token":null"#, ""] {
            let json = format!(r#"{{"AccessKeyId":"A","SecretAccessKey":"s","Expiration":null{token}}}"#);
            let read = read(&json).map(|read| (read.session_token().map(str::to_owned), read.expiry()));
            assert_eq!(read, Ok((None, None)), "{json}");
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (json, wrong) in [
            ("{", NotGiven::NoJson(1, 1)),
            ("{}", NotGiven::Missing("AccessKeyId")),
            (r#"{"AccessKeyId":"A","SecretAccessKey":[]}"#, NotGiven::NoText("SecretAccessKey")),
            (r#"{"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"x"}"#, NotGiven::NoTime("Expiration")),
        ] {
            assert_eq!(read(json).map(|_| ()), Err(wrong), "{json}");
        }
    }
}
