//! Roles, by way of STS: assumed with other credentials or with a token from a file.

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::config::Config;
use jiff::Timestamp;

use super::super::call_probe::{asked_whole, probed};
use super::super::environment::{files, keys};
use super::super::options;
use super::code::MfaCode;
use super::plan::{AssumedRole, WebIdentity};
use super::{cache, given, while_getting};
use crate::domain::command::quote;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::renewal::Renewal;

/// By what AWS says that a code is wrong: it has no error code of its own for that.
const WRONG_CODE: &str = "MultiFactorAuthentication failed";

/// Assumes a role.
///
/// # Errors
/// What STS says, or that the role wants a code that there is none of.
pub(super) async fn assume(
    config: &SdkConfig,
    source: Credentials,
    role: &AssumedRole,
    mfa: &MfaCode,
) -> Result<Credentials, Failure> {
    let step = role.step();
    let _turn = match &role.mfa_serial {
        Some(_) => Some(mfa.turn().await),
        None => None,
    };
    let kept = role.mfa_serial.as_ref().and_then(|_| mfa.session(&role.of_code()));
    if let Some(session) = kept {
        return Ok(session);
    }
    let (source, code) = match &role.mfa_serial {
        Some(serial) => proven(config, source, serial, mfa).await?,
        None => (source, None),
    };
    let serial = role.mfa_serial.as_deref().filter(|_| code.is_some());
    let call = client(config, source)
        .assume_role()
        .role_arn(&role.arn)
        .role_session_name(session_name(role.session_name.as_deref()))
        .set_external_id(role.external_id.clone())
        .set_duration_seconds(role.duration)
        .set_serial_number(serial.map(str::to_owned))
        .set_token_code(code.clone());
    let answer = asked_whole(probed!(call, serial.map_or_else(Config::builder, |_| once()))).await;
    let proof = serial.zip(code.as_deref());
    let answer = answer.map_err(|failure| while_getting(&step, of_code(mfa, proof, failure)))?;
    let session = given(answer.credentials(), &step)?;
    if serial.is_some() {
        mfa.keep(role.of_code(), session.clone());
    }
    Ok(session)
}

impl AssumedRole {
    /// What is done to become it.
    pub(super) fn step(&self) -> String {
        format!("assuming the role {} of profile {}", self.arn, self.profile)
    }

    /// What its session by a code is kept by.
    fn of_code(&self) -> String {
        format!("{} {}", self.profile, self.arn)
    }
}

/// Exchanges a token from a file for a role.
///
/// # Errors
/// That the file cannot be read, or what STS says.
pub(super) async fn exchange(
    config: &SdkConfig,
    identity: &WebIdentity,
    origin: &str,
) -> Result<Credentials, Failure> {
    let WebIdentity { token_file, role, session_name: name, .. } = identity;
    let token = token(identity).await.map_err(|failure| while_getting(origin, failure))?;
    let step = format!("assuming the role {role} with the token in {token_file} ({origin})");
    if let Some(session) = cache::of_token(identity, &token) {
        return Ok(session);
    }
    let call = aws_sdk_sts::Client::new(config)
        .assume_role_with_web_identity()
        .role_arn(role)
        .role_session_name(session_name(name.as_deref()))
        .web_identity_token(token);
    let answer = asked_whole(probed!(call)).await.map_err(|failure| while_getting(&step, failure))?;
    given(answer.credentials(), &step)
}

/// The token in a file.
async fn token(WebIdentity { named_by, token_file, .. }: &WebIdentity) -> Result<String, Failure> {
    let token = files::read_text(token_file).await.map_err(|why| {
        Failure::local(FailureKind::Configuration, format!("{named_by} names {token_file}: {why}"))
    })?;
    // As Python reads a text; what the AWS command line keeps of the token's session is found by it, too.
    Ok(token.replace("\r\n", "\n").replace('\r', "\n"))
}

/// What a role that wants a code is assumed with: a session that the code was exchanged for, or the source with the
/// code itself. A session serves every role of the run; the AWS command line sends the code with the role.
async fn proven(
    config: &SdkConfig,
    source: Credentials,
    serial: &str,
    mfa: &MfaCode,
) -> Result<(Credentials, Option<String>), Failure> {
    use FailureKind as K;
    let of = format!("{serial} {}", source.access_key_id());
    if let Some(session) = mfa.session(&of) {
        return Ok((session, None));
    }
    let code = code(mfa, serial, &of)?;
    // Only long-term keys can be exchanged.
    if source.session_token().is_some() {
        return Ok((source, Some(code)));
    }
    match exchanged(config, &source, serial, (&code, mfa)).await {
        Ok(session) => {
            mfa.keep(of, session.clone());
            Ok((session, None))
        }
        // What AWS refuses for another reason than the code has not used it.
        Err(failure) if matches!(failure.kind, K::AccessDenied | K::Forbidden | K::Other) => {
            Ok((source, Some(code)))
        }
        Err(failure) => Err(failure),
    }
}

/// A session of long-term keys by a code.
async fn exchanged(
    config: &SdkConfig,
    source: &Credentials,
    serial: &str,
    (code, mfa): (&str, &MfaCode),
) -> Result<Credentials, Failure> {
    let step = format!("getting a session by the code of the MFA device {serial}");
    let call = client(config, source.clone()).get_session_token().serial_number(serial).token_code(code);
    let answer = asked_whole(probed!(call, once())).await;
    let proof = Some((serial, code));
    let answer = answer.map_err(|failure| while_getting(&step, of_code(mfa, proof, failure)))?;
    given(answer.credentials(), &step)
}

/// The code, which must be six digits; `of` is what its session is kept by.
fn code(mfa: &MfaCode, serial: &str, of: &str) -> Result<String, Failure> {
    let renewal = Renewal::Code { device: serial.to_owned() };
    let renewed = |kind, message: String| Failure::local(kind, message).renewed_by(renewal.clone());
    let none = || {
        let device = format!("the MFA device {serial}");
        if mfa.had_session(of) {
            let what = format!("the session has ended that there was by a code of {device}");
            renewed(FailureKind::ExpiredCredentials, format!("{what}; give one with --mfa-code"))
        } else if mfa.had_session(serial) {
            let what = format!("the code of {device} was used already, for other credentials");
            let advice = "where several roles of a chain ask for one, leave mfa_serial at the first";
            renewed(FailureKind::NoCredentials, format!("{what}; {advice}"))
        } else {
            let what = format!("there is no code of {device}");
            let advice = if mfa.is_given() {
                "the one given is of another device; name this place alone, and give one with --mfa-code"
            } else {
                "give one with --mfa-code"
            };
            renewed(FailureKind::NoCredentials, format!("{what}; {advice}"))
        }
    };
    let code = mfa.take(serial).ok_or_else(|| mfa.refusal(&renewal).unwrap_or_else(none))?;
    if code.len() == 6 && code.bytes().all(|digit| digit.is_ascii_digit()) {
        Ok(code)
    } else {
        let message = format!("the code of the MFA device {serial} (--mfa-code) is not six digits");
        Err(renewed(FailureKind::Configuration, message))
    }
}

/// A code works once: repeated below, it would be told to be wrong.
fn once() -> aws_sdk_sts::config::Builder {
    Config::builder().retry_config(options::once())
}

/// What a failure means where the code of a device was to be sent. One that did not leave is there for the next attempt.
fn of_code(mfa: &MfaCode, proof: Option<(&str, &str)>, failure: Failure) -> Failure {
    let Some((serial, code)) = proof else { return failure };
    if failure.kind == FailureKind::NoConnection {
        mfa.give(serial, code);
    }
    if !failure.message.contains(WRONG_CODE) {
        return failure;
    }
    let failure = failure.reworded(|words| {
        format!(
            "the code of the MFA device {serial} is wrong, or was used already: {words}; start again with a new \
             --mfa-code"
        )
    });
    let refused = Failure { kind: FailureKind::BadCredentials, ..failure }
        .renewed_by(Renewal::Code { device: serial.to_owned() });
    mfa.refuse(refused.clone());
    refused
}

/// Why a role cannot be assumed, where a code is asked for that there is none of. `name` is the profile in use.
pub(super) fn needs_code(name: &str, role: &AssumedRole, serial: &str) -> Failure {
    let by = if role.profile == name {
        String::new()
    } else {
        format!(", by its source_profile {},", role.profile)
    };
    let message = format!(
        "profile {name} asks{by} for a code of the MFA device {serial}; give one with --mfa-code, or get temporary \
         credentials first, with: eval \"$(aws configure export-credentials --profile {} --format env)\", then start \
         again without --profile",
        quote(name),
    );
    Failure::local(FailureKind::Configuration, message)
        .renewed_by(Renewal::Code { device: serial.to_owned() })
}

fn client(config: &SdkConfig, source: Credentials) -> aws_sdk_sts::Client {
    let provider = SharedCredentialsProvider::new(source);
    aws_sdk_sts::Client::new(&config.to_builder().credentials_provider(provider).build())
}

/// The name of a session, which AWS's own records show.
fn session_name(configured: Option<&str>) -> String {
    let own = || format!("clustersnap-{}", Timestamp::now().as_second());
    configured.filter(|name| !name.is_empty()).map_or_else(own, str::to_owned)
}

/// The credentials in an answer, which can be sent.
fn given(answer: Option<&aws_sdk_sts::types::Credentials>, step: &str) -> Result<Credentials, Failure> {
    let unreadable = |why: &str| Failure::local(FailureKind::UnreadableAnswer, format!("{step}: {why}"));
    let answer = answer.ok_or_else(|| unreadable("the answer has no credentials"))?;
    let (id, secret, token) = (answer.access_key_id(), answer.secret_access_key(), answer.session_token());
    let end = Timestamp::from_second(answer.expiration().secs());
    let end = end.map_err(|_no_time| unreadable("they end at no time"))?;
    keys::check(id, secret, Some(token)).map_err(|wrong| unreadable(&wrong.to_string()))?;
    Ok(given::of(id, secret, Some(token), Some(end), "AssumeRole"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_did_not_leave_is_there_for_the_next_attempt() {
        for (kind, is_kept) in [(FailureKind::NoConnection, true), (FailureKind::LostAnswer, false)] {
            let mfa = MfaCode::default();
            of_code(&mfa, Some(("device", "123456")), Failure::local(kind, "no"));
            assert_eq!(mfa.take("device").is_some(), is_kept, "{kind:?}");
        }
    }
}
