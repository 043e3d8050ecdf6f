//! A role of an account in IAM Identity Center, with the login that `aws sso login` left.

use std::fmt::Display;
use std::path::PathBuf;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::super::call_probe::{asked, probed};
use super::super::environment::{expand, keys, region};
use super::given::{self, NotGiven};
use super::plan::Sso;
use super::{cache, while_getting};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::renewal::{self, Renewal};

/// How long before its end a login is renewed.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_mins(15);

impl Sso {
    /// The command that logs in anew.
    pub(super) fn login_command(&self) -> String {
        renewal::login_command(&self.profile)
    }

    /// What the login is kept by.
    fn login_name(&self) -> &str {
        self.session.as_deref().unwrap_or(&self.start_url)
    }

    /// The file of the login.
    fn login_file(&self) -> PathBuf {
        expand::home(&format!("~/.aws/sso/cache/{}.json", cache::hash(self.login_name())))
    }

    /// What it is, in words.
    fn what(&self) -> String {
        let of = match &self.session {
            Some(session) => format!("the sso-session {session}"),
            None => format!("the SSO of {}", self.start_url),
        };
        format!("{of} (profile {})", self.profile)
    }

    fn fail(&self, kind: FailureKind, why: &str) -> Failure {
        let message = format!("{}: {why}; run: {}", self.what(), self.login_command());
        Failure::local(kind, message).renewed_by(self.renewal())
    }

    fn expired(&self, end: Timestamp, why: &str) -> Failure {
        let why = format!("its login has expired, at {end}, and was not renewed{why}");
        self.fail(FailureKind::ExpiredCredentials, &why)
    }

    /// A new login renews all that is wrong with one.
    fn renewal(&self) -> Renewal {
        Renewal::Login { profile: self.profile.clone(), file: self.login_file() }
    }
}

/// Gets the credentials of a role. `oidc` renews the login where that is possible, `portal` gives the credentials.
///
/// # Errors
/// `NoCredentials` where nobody has logged in, `ExpiredCredentials` where the login has ended, or what the service
/// says.
pub(super) async fn credentials(
    oidc: &SdkConfig,
    portal: &SdkConfig,
    sso: &Sso,
    origin: &str,
) -> Result<Credentials, Failure> {
    if !region::is_label(&sso.region.to_lowercase()) {
        let message = format!("{origin}: its sso_region '{}' is not the name of a Region", sso.region);
        return Err(Failure::local(FailureKind::Configuration, message));
    }
    if let Some(session) = cache::of_sso(sso) {
        return Ok(session);
    }
    let token = token(oidc, sso).await?;
    let step = format!("getting the role {} of account {} from SSO ({origin})", sso.role, sso.account);
    let call = aws_sdk_sso::Client::new(portal)
        .get_role_credentials()
        .role_name(&sso.role)
        .account_id(&sso.account)
        .access_token(token);
    let answer = asked(probed!(call)).await.map_err(|failure| {
        let failure = while_getting(&step, failure);
        match failure.kind {
            FailureKind::BadCredentials => {
                let failure = failure.reworded(|words| format!("{words}; run: {}", sso.login_command()));
                failure.renewed_by(sso.renewal())
            }
            _ => failure,
        }
    })?;
    let unreadable = |why: &str| Failure::local(FailureKind::UnreadableAnswer, format!("{step}: {why}"));
    let given = answer.role_credentials().ok_or_else(|| unreadable("the answer has no credentials"))?;
    let (Some(id), Some(secret)) = (given.access_key_id(), given.secret_access_key()) else {
        return Err(unreadable("the answer has no keys"));
    };
    let token = given.session_token();
    keys::check(id, secret, token).map_err(|wrong| unreadable(&wrong.to_string()))?;
    let end = Timestamp::from_millisecond(given.expiration());
    let end = end.map_err(|_no_time| unreadable("they end at no time"))?;
    Ok(given::of(id, secret, token, Some(end), "SSO"))
}

/// The token of the login, renewed where that is due and possible.
async fn token(oidc: &SdkConfig, sso: &Sso) -> Result<String, Failure> {
    let login = Login::read(sso).await?;
    let serves = login.left().is_positive();
    if sso.session.is_none() || login.left() >= RENEWED_BEFORE {
        return if serves { Ok(login.token) } else { Err(sso.expired(login.end, "")) };
    }
    let Some(_turn) = given::turn(serves).await else { return Ok(login.token) };
    let login = Login::read(sso).await?;
    if login.left() >= RENEWED_BEFORE {
        return Ok(login.token);
    }
    let end = login.end;
    let failure = match renewed(oidc, sso, login.whole).await {
        Ok(token) => return Ok(token),
        Err(failure) => failure,
    };
    match Login::read(sso).await {
        // It serves still, or another process has renewed it in this moment.
        Ok(login) if login.left().is_positive() => Ok(login.token),
        // An answer that says nothing, as of a proxy, leaves the login as over as it is.
        _ if failure.kind.is_passing() && failure.kind != FailureKind::UnreadableAnswer => {
            Err(while_getting(&format!("renewing {}", sso.what()), failure))
        }
        _ => {
            let why =
                if failure.message.is_empty() { failure.code.unwrap_or_default() } else { failure.message };
            Err(sso.expired(end, &format!(" ({why})")))
        }
    }
}

/// A login as it was left.
struct Login {
    whole: Map<String, Value>,
    token: String,
    end: Timestamp,
}

impl Login {
    async fn read(sso: &Sso) -> Result<Self, Failure> {
        let path = sso.login_file();
        let whole = given::login(&path).await.map_err(|failure| sso.fail(failure.kind, &failure.message))?;
        let unusable = |wrong: NotGiven| {
            sso.fail(FailureKind::Configuration, &format!("the login in {}: {wrong}", path.display()))
        };
        let token = given::needed(&whole, "accessToken").map_err(unusable)?.to_owned();
        if http::HeaderValue::from_str(&token).is_err() {
            return Err(unusable(NotGiven::NotSendable("accessToken")));
        }
        let end = given::time(&whole, "expiresAt").map_err(unusable)?;
        let end = end.ok_or_else(|| unusable(NotGiven::Missing("expiresAt")))?;
        Ok(Self { whole, token, end })
    }

    fn left(&self) -> SignedDuration {
        self.end.duration_since(Timestamp::now())
    }
}

/// The token of a login that is renewed, and kept so.
async fn renewed(oidc: &SdkConfig, sso: &Sso, mut login: Map<String, Value>) -> Result<String, Failure> {
    let get = |name| given::needed(&login, name).map_err(|wrong| impossible(&wrong));
    let (id, secret, refresh) = (get("clientId")?, get("clientSecret")?, get("refreshToken")?);
    let registered = given::time(&login, "registrationExpiresAt").map_err(|wrong| impossible(&wrong))?;
    let registered = registered.ok_or_else(|| impossible(&NotGiven::Missing("registrationExpiresAt")))?;
    if registered <= Timestamp::now() {
        return Err(impossible(&format!("its registration has expired, at {registered}")));
    }
    let call = aws_sdk_ssooidc::Client::new(oidc)
        .create_token()
        .grant_type("refresh_token")
        .client_id(id)
        .client_secret(secret)
        .refresh_token(refresh);
    let answer = asked(probed!(call)).await?;
    let none = || impossible(&"the answer has no token");
    let token = answer.access_token().ok_or_else(none)?.to_owned();
    let end = Timestamp::now() + SignedDuration::from_secs(answer.expires_in().into());
    if end <= Timestamp::now() {
        return Err(impossible(&"the new token has expired already"));
    }
    login.insert("accessToken".to_owned(), token.clone().into());
    login.insert("expiresAt".to_owned(), end.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().into());
    login.insert("region".to_owned(), sso.region.clone().into());
    login.insert("startUrl".to_owned(), sso.start_url.clone().into());
    if let Some(refresh) = answer.refresh_token() {
        login.insert("refreshToken".to_owned(), refresh.into());
    }
    given::keep(sso.login_file(), &login).await;
    Ok(token)
}

/// Why a login cannot be renewed, in words.
fn impossible(why: &dyn Display) -> Failure {
    Failure::local(FailureKind::Configuration, why.to_string())
}
