//! What is sent in headers and can be sent: the SDK panics over a key that cannot stand in one.

use super::variable;
use crate::domain::failure::{Failure, FailureKind};

/// What of some credentials cannot be sent, and why. Only the character is named, never the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {part} has the character U+{:04X} in it, which no {part} has; was more copied than it?", *.character as u32)]
pub(crate) struct NotSendable {
    part: &'static str,
    character: char,
}

/// Checks that credentials can be sent. The key id and the token stand in headers, so they are visible ASCII; the
/// secret stands in none, but has no control characters either, nor what stands for bytes that are no text.
///
/// # Errors
/// The first part that cannot be sent.
pub(crate) fn check(id: &str, secret: &str, token: Option<&str>) -> Result<(), NotSendable> {
    let find = |part, text: &str, is_wrong: fn(&char) -> bool| match text.chars().find(is_wrong) {
        Some(character) => Err(NotSendable { part, character }),
        None => Ok(()),
    };
    find("access key ID", id, |c| !c.is_ascii_graphic())?;
    find("secret access key", secret, |c| c.is_control() || *c == '\u{fffd}')?;
    find("session token", token.unwrap_or_default(), |c| !c.is_ascii_graphic())
}

/// Checks what the environment adds to the name that the SDK gives itself in every request.
///
/// # Errors
/// `Configuration`: it cannot stand in a header.
pub(crate) fn check_agent() -> Result<(), Failure> {
    match variable("AWS_EXECUTION_ENV") {
        Some(text) if !text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) => {
            let message = "AWS_EXECUTION_ENV has a character in it that cannot be sent; unset it";
            Err(Failure::local(FailureKind::Configuration, message))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_stand_in_a_header_is_named_without_what_stands_around_it() {
        assert_eq!(check("AKIA", "s/e+c=", Some("t")), Ok(()));
        for (id, secret, token, says) in [
            ("AKIA\r", "s", None, "the access key ID has the character U+000D"),
            ("AKI A", "s", None, "the access key ID has the character U+0020"),
            ("AKIA", "s3cr3t\n", None, "the secret access key has the character U+000A"),
            ("AKIA", "s3cr3t\u{fffd}", None, "the secret access key has the character U+FFFD"),
            ("AKIA", "s", Some("t\u{e9}"), "the session token has the character U+00E9"),
        ] {
            let wrong = check(id, secret, token).expect_err(says).to_string();
            assert!(wrong.starts_with(says) && !wrong.contains("s3cr3t"), "{wrong}");
        }
    }
}
