//! A role of an account in IAM Identity Center, with the login that `aws sso login` left.

use std::path::PathBuf;

use aws_config::SdkConfig;
use aws_config::sso::SsoTokenProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::token::ProvideToken as _;
use aws_types::region::Region;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::super::call_probe::{CallProbe, asked};
use super::super::environment::{expand, files, keys};
use super::super::error::chain;
use super::plan::Sso;
use super::{cache, while_getting};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::renewal::{self, Renewal};

/// How long before its end a login is renewed.
const RENEWED_BEFORE: SignedDuration = SignedDuration::from_mins(15);

/// What `aws sso login` leaves, as far as it is needed here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Login {
    access_token: String,
    expires_at: String,
}

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

    fn fail(&self, kind: FailureKind, why: &str) -> Failure {
        let what = match &self.session {
            Some(session) => format!("the sso-session {session}"),
            None => format!("the SSO of {}", self.start_url),
        };
        Failure::local(
            kind,
            format!("{what} (profile {}): {why}; run: {}", self.profile, self.login_command()),
        )
        .renewed_by(self.renewal())
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
    files::check_folder(&expand::home("~/.aws/sso/cache")).map_err(|(path, error)| {
        sso.fail(FailureKind::Configuration, &format!("the login in {}: {error}", path.display()))
    })?;
    let token = token(oidc, sso).await?;
    let step = format!("getting the role {} of account {} from SSO ({origin})", sso.role, sso.account);
    let probe = CallProbe::of_json();
    let call = aws_sdk_sso::Client::new(portal)
        .get_role_credentials()
        .role_name(&sso.role)
        .account_id(&sso.account)
        .access_token(token)
        .customize()
        .interceptor(probe.clone())
        .send();
    let answer = asked((probe, call)).await.map_err(|failure| {
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
    let end = Timestamp::from_millisecond(given.expiration())
        .map_err(|_no_time| unreadable("they end at no time"))?;
    Ok(Credentials::new(id, secret, token.map(str::to_owned), Some(end.into()), "SSO"))
}

/// The token of the login, renewed where that is due and possible.
async fn token(oidc: &SdkConfig, sso: &Sso) -> Result<String, Failure> {
    let login = login(sso).await?;
    let end = login.expires_at.replace("UTC", "Z").parse::<Timestamp>();
    let end = end.map_err(|_no_time| sso.fail(FailureKind::Configuration, "its login ends at no time"))?;
    let expired = || {
        let why = format!("its login has expired, at {end}, and was not renewed");
        sso.fail(FailureKind::ExpiredCredentials, &why)
    };
    let left = end.duration_since(Timestamp::now());
    let is_over = !left.is_positive();
    let session = match &sso.session {
        Some(session) if left < RENEWED_BEFORE => session,
        _ if is_over => return Err(expired()),
        _ => return Ok(login.access_token),
    };
    let provider = SsoTokenProvider::builder()
        .configure(oidc)
        .region(Region::new(sso.region.clone()))
        .session_name(session)
        .start_url(&sso.start_url)
        .build()
        .await;
    match provider.provide_token().await {
        Ok(token) if token.expiration().is_none_or(|end| end > std::time::SystemTime::now()) => {
            Ok(token.token().to_owned())
        }
        Ok(_) => Err(expired()),
        Err(_) if is_over => Err(expired()),
        Err(error) => Err(sso.fail(FailureKind::Configuration, &chain(&error))),
    }
}

/// The login that was left, if there is one.
async fn login(sso: &Sso) -> Result<Login, Failure> {
    let path = sso.login_file();
    let file = path.clone();
    let read = tokio::task::spawn_blocking(move || files::read(&file)).await;
    let bytes = read.unwrap_or_else(|ended| Err(std::io::Error::other(ended))).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            let why = format!("nobody has logged in: there is no {}", path.display());
            return sso.fail(FailureKind::NoCredentials, &why);
        }
        sso.fail(FailureKind::Configuration, &format!("its login in {}: {error}", path.display()))
    })?;
    serde_json::from_slice(&bytes).map_err(|_quotes_the_token| {
        let why = format!("what stands in {} is no login", path.display());
        sso.fail(FailureKind::Configuration, &why)
    })
}
