//! A session of `aws login`: the credentials that it left, renewed at the sign-in service where that is due.
//!
//! Source: `LoginCredentialFetcher` of botocore.

use std::fmt::Display;
use std::path::PathBuf;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_lc_rs::digest::SHA256;
use aws_sdk_signin::Client;
use aws_sdk_signin::operation::create_o_auth2_token::{CreateOAuth2TokenError, CreateOAuth2TokenOutput};
use aws_sdk_signin::types::{CreateOAuth2TokenRequestBody, OAuth2ErrorCode};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::super::call_probe::{asked, probed};
use super::super::environment::{expand, set_to};
use super::cache;
use super::dpop::LoginProof;
use super::given::{self, NotGiven, PartNames};
use super::while_getting;
use crate::domain::command::quote;
use crate::domain::failure::{Failure, FailureKind};

/// How long before their end its credentials are renewed.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_mins(5);
/// The names of the parts of its credentials.
const NAMES: PartNames =
    PartNames { id: "accessKeyId", secret: "secretAccessKey", token: "sessionToken", end: "expiresAt" };

/// What it is renewed by.
const NEEDED: [&str; 3] = ["refreshToken", "dpopKey", "clientId"];

/// The command that logs in to the console anew.
pub(super) fn login_command(profile: &str) -> String {
    format!("aws login --profile {}", quote(profile))
}

/// The login of a profile.
struct Login<'a> {
    file: PathBuf,
    origin: &'a str,
    profile: &'a str,
}

/// The credentials of a login; `signin` renews them, in the Region that was logged in to, where that is known.
///
/// # Errors
/// `NoCredentials` where there is no login that can be used, or what the service says.
pub(super) async fn credentials(
    signin: impl Fn(Option<&str>) -> Result<SdkConfig, Failure>,
    session: &str,
    (origin, profile): (&str, &str),
) -> Result<Credentials, Failure> {
    let login = Login { file: file(session), origin, profile };
    let (_, found) = login.read().await?;
    if left(&found) > RENEWED_BEFORE {
        return Ok(found);
    }
    let Some(_turn) = given::turn(left(&found).is_positive()).await else { return Ok(found) };
    let (kept, found) = login.read().await?;
    if left(&found) > RENEWED_BEFORE {
        return Ok(found);
    }
    match login.renewed(signin, kept).await {
        Ok(renewed) => Ok(renewed),
        // What there is may serve still, or another process may have renewed it in this moment.
        Err(failure) => match login.read().await {
            Ok((_, found)) if left(&found).is_positive() => Ok(found),
            _ => Err(failure),
        },
    }
}

/// How long credentials last.
fn left(credentials: &Credentials) -> SignedDuration {
    let end = credentials.expiry().and_then(|end| Timestamp::try_from(end).ok());
    end.map_or(SignedDuration::MAX, |end| end.duration_since(Timestamp::now()))
}

impl Login<'_> {
    fn advised(&self, failure: Failure) -> Failure {
        failure.reworded(|words| format!("{words}; run: {}", login_command(self.profile)))
    }

    fn unusable(&self, why: &dyn Display) -> Failure {
        let message = format!("{}: the login in {}: {why}", self.origin, self.file.display());
        self.advised(Failure::local(FailureKind::NoCredentials, message))
    }

    /// What stands in it, and the credentials in that.
    async fn read(&self) -> Result<(Map<String, Value>, Credentials), Failure> {
        let login = given::login(&self.file).await;
        let login = login.map_err(|failure| self.advised(while_getting(self.origin, failure)))?;
        let found = kept(&login).map_err(|wrong| self.unusable(&wrong))?;
        Ok((login, found))
    }

    /// Gets new credentials, and keeps them.
    async fn renewed(
        &self,
        signin: impl Fn(Option<&str>) -> Result<SdkConfig, Failure>,
        login: Map<String, Value>,
    ) -> Result<Credentials, Failure> {
        let unusable = |wrong: NotGiven| self.unusable(&wrong);
        let proof = given::needed(&login, "dpopKey").map_err(unusable)?;
        let proof =
            LoginProof::of_pem(proof).ok_or_else(|| self.unusable(&"its dpopKey is no key of P-256"))?;
        let request = request(&login).map_err(unusable)?;
        let region = given::text(&login, "signInRegion").map_err(unusable)?;
        let step = format!("renewing the session of aws login ({})", self.origin);
        if let Err(error) = given::try_keep(&self.file, &login).await {
            let why = format!("a renewed login cannot be kept in {}: {error}", self.file.display());
            return Err(Failure::local(FailureKind::Configuration, format!("{step}: {why}")));
        }
        let answer = renew(&signin(region)?, proof, request).await.map_err(|(failure, is_over)| {
            let failure = while_getting(&step, failure);
            if is_over { self.advised(failure) } else { failure }
        })?;
        let unreadable = |why: &str| Failure::local(FailureKind::UnreadableAnswer, format!("{step}: {why}"));
        let renewed = renewed(login, &answer).ok_or_else(|| unreadable("the answer has no credentials"))?;
        let found = kept(&renewed).map_err(|wrong| unreadable(&wrong.to_string()))?;
        given::keep(self.file.clone(), &renewed).await;
        Ok(found)
    }
}

/// Where a login is kept: by the SHA-256 of its session.
fn file(session: &str) -> PathBuf {
    let folder = set_to("AWS_LOGIN_CACHE_DIRECTORY");
    let folder = folder.unwrap_or_else(|| "~/.aws/login/cache".to_owned());
    expand::path(&folder).join(format!("{}.json", cache::hash_by(&SHA256, session)))
}

/// The credentials in a login.
fn kept(login: &Map<String, Value>) -> Result<Credentials, NotGiven> {
    let parts = login.get("accessToken").and_then(Value::as_object);
    let parts = parts.ok_or(NotGiven::Missing("accessToken"))?;
    // Also where nothing is to be renewed yet, as by the AWS command line.
    if let Some(missing) = NEEDED.into_iter().find(|name| !login.contains_key(*name)) {
        return Err(NotGiven::Missing(missing));
    }
    if !parts.contains_key(NAMES.token) {
        return Err(NotGiven::Missing("accessToken.sessionToken"));
    }
    if given::time(parts, NAMES.end)?.is_none() {
        return Err(NotGiven::Missing("accessToken.expiresAt"));
    }
    given::credentials(parts, &NAMES, "Login")
}

fn request(login: &Map<String, Value>) -> Result<CreateOAuth2TokenRequestBody, NotGiven> {
    let request = CreateOAuth2TokenRequestBody::builder()
        .client_id(given::needed(login, "clientId")?)
        .grant_type("refresh_token")
        .refresh_token(given::needed(login, "refreshToken")?);
    request.build().map_err(|_incomplete| NotGiven::Missing("clientId"))
}

/// Asks for new credentials; where that fails, whether a new login is what is needed.
async fn renew(
    signin: &SdkConfig,
    proof: LoginProof,
    request: CreateOAuth2TokenRequestBody,
) -> Result<CreateOAuth2TokenOutput, (Failure, bool)> {
    let config = aws_sdk_signin::config::Builder::from(signin).allow_no_auth().interceptor(proof).build();
    let call = Client::from_conf(config).create_o_auth2_token().token_input(request);
    let (probe, call) = probed!(call);
    let mut refusal = None;
    let noted = async {
        let answer = call.await;
        if let Err(error) = &answer
            && let Some(CreateOAuth2TokenError::AccessDeniedException(denied)) = error.as_service_error()
        {
            refusal = Some(denied.error().clone());
        }
        answer
    };
    let answer = asked((probe, noted)).await;
    answer.map_err(|failure| match &refusal {
        Some(code) => meaning(code, failure),
        None => (failure, false),
    })
}

/// What it means that the session is not renewed, and whether a new login helps.
fn meaning(code: &OAuth2ErrorCode, failure: Failure) -> (Failure, bool) {
    let (kind, why) = match code {
        OAuth2ErrorCode::TokenExpired => (FailureKind::ExpiredCredentials, "it has expired"),
        OAuth2ErrorCode::UserCredentialsChanged => {
            (FailureKind::ExpiredCredentials, "the password was changed since")
        }
        OAuth2ErrorCode::InsufficientPermissions => {
            (FailureKind::AccessDenied, "the permission signin:CreateOAuth2Token may be missing")
        }
        _ => (FailureKind::BadCredentials, "it is not accepted"),
    };
    let is_over = kind != FailureKind::AccessDenied;
    let failure =
        failure.reworded(|words| if words.is_empty() { why.to_owned() } else { format!("{why}: {words}") });
    (Failure { kind, ..failure }, is_over)
}

/// The login with what was got; all else in it stays as it is.
fn renewed(mut login: Map<String, Value>, answer: &CreateOAuth2TokenOutput) -> Option<Map<String, Value>> {
    let output = answer.token_output()?;
    let token = output.access_token()?;
    let account = login.get("accessToken").and_then(|token| token.get("accountId")).cloned();
    let end = Timestamp::now() + SignedDuration::from_secs(output.expires_in().into());
    let mut parts = json!({
        "accessKeyId": token.access_key_id(),
        "secretAccessKey": token.secret_access_key(),
        "sessionToken": token.session_token(),
        "expiresAt": end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    });
    if let (Some(account), Some(parts)) = (account, parts.as_object_mut()) {
        parts.insert("accountId".to_owned(), account);
    }
    login.insert("accessToken".to_owned(), parts);
    login.insert("refreshToken".to_owned(), output.refresh_token().into());
    Some(login)
}
