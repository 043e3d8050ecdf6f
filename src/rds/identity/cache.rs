//! The sessions of roles that the AWS command line keeps in `~/.aws/cli/cache`, its version 2 also those of SSO: read,
//! never written.
//!
//! Source: `CachedCredentialFetcher` and `SSOCredentialFetcher` of botocore: the name of a file is the SHA-1 of what was
//! asked for.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_lc_rs::digest::{self, Algorithm, SHA1_FOR_LEGACY_USE_ONLY};
use serde_json::{Map, Value};

use super::super::environment::{expand, files};
use super::given;
use super::plan::{AssumedRole, Sso, WebIdentity};

/// How long a session must still last; the AWS command line renews it before that.
const MARGIN: Duration = Duration::from_mins(15);

/// The session of a role, if there is one that lasts.
pub(super) fn of_role(role: &AssumedRole) -> Option<Credentials> {
    let text = |text: &str| Value::String(text.to_owned());
    let pairs = [
        ("RoleArn", Some(text(&role.arn))),
        ("RoleSessionName", role.session_name.as_deref().filter(|name| !name.is_empty()).map(text)),
        ("ExternalId", role.external_id.as_deref().map(text)),
        ("SerialNumber", role.mfa_serial.as_deref().map(text)),
        ("DurationSeconds", role.duration.map(Value::from)),
    ];
    read(&pairs, (", ", ": "))
}

/// The session of a role of SSO.
pub(super) fn of_sso(sso: &Sso) -> Option<Credentials> {
    let login = match &sso.session {
        Some(session) => ("sessionName", session),
        None => ("startUrl", &sso.start_url),
    };
    let pairs = [("roleName", &sso.role), ("accountId", &sso.account), login];
    read(&pairs.map(|(key, text)| (key, Some(Value::String(text.clone())))), (",", ":"))
}

/// The session of a role that a token was exchanged for.
pub(super) fn of_token(identity: &WebIdentity, token: &str) -> Option<Credentials> {
    let text = |text: &str| Value::String(text.to_owned());
    let pairs = [
        ("RoleArn", Some(text(&identity.role))),
        ("RoleSessionName", identity.session_name.as_deref().filter(|name| !name.is_empty()).map(text)),
        ("WebIdentityToken", Some(text(token))),
    ];
    read(&pairs, (", ", ": "))
}

fn read(asked: &[(&str, Option<Value>)], marks: (&str, &str)) -> Option<Credentials> {
    let asked = asked.iter().filter_map(|(key, value)| Some(((*key).to_owned(), value.clone()?)));
    let path = expand::home(&format!("~/.aws/cli/cache/{}.json", name(&asked.collect(), marks)));
    let file = given::object(&files::read(&path).ok()?).ok()?;
    let kept = file.get("Credentials")?.as_object()?;
    let session = given::credentials(kept, &given::OF_SESSIONS, "AwsCliCache").ok()?;
    (session.expiry()? >= SystemTime::now() + MARGIN).then_some(session)
}

/// The SHA-1 of what was asked for, as Python writes it in JSON: its keys in their order, with these marks between pairs
/// and within them, and only ASCII.
fn name(asked: &Map<String, Value>, (between, within): (&str, &str)) -> String {
    let mut pairs: Vec<(&String, &Value)> = asked.iter().collect();
    pairs.sort_unstable_by_key(|(key, _)| *key);
    let pairs: Vec<String> =
        pairs.into_iter().map(|(key, value)| format!("\"{key}\"{within}{}", ascii(value))).collect();
    hash(&format!("{{{}}}", pairs.join(between)))
}

/// The SHA-1 of a text, as the AWS command line names its files by it.
pub(super) fn hash(text: &str) -> String {
    hash_by(&SHA1_FOR_LEGACY_USE_ONLY, text)
}

/// The hash of a text in hexadecimal digits.
pub(super) fn hash_by(algorithm: &'static Algorithm, text: &str) -> String {
    let hash = digest::digest(algorithm, text.as_bytes());
    hash.as_ref().iter().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
}

fn ascii(value: &Value) -> String {
    let mut units = [0; 2];
    let mut text = String::new();
    for c in value.to_string().chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            text.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_name_that_botocore_gives_it() {
        // hashlib.sha1(json.dumps(args, sort_keys=True).encode()).hexdigest()
        let asked = serde_json::json!({
            "RoleArn": "arn:aws:iam::123456789012:role/größe",
            "DurationSeconds": 3600,
            "ExternalId": "a\"b",
        });
        assert_eq!(
            asked.as_object().map(|asked| name(asked, (", ", ": "))).as_deref(),
            Some("885feca4aa38cc9aade5a6dd8495aa7023207151")
        );
    }
}
