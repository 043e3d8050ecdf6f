//! The AWS Query protocol's requests: a form in the body or in the URL, lists and records flattened
//! into numbered names (`Tags.Tag.1.Key`).
//!
//! What it refuses, and how, was seen on the wire of services that share RDS's front (`MalformedInput`, 400, for lists
//! that are none). An escape that is none is taken as it stands, where AWS refuses it: nothing sends one. A name that an action does not know is passed over, and of two equal names the first counts.

use std::collections::{BTreeMap, BTreeSet};

use http::Method;

use super::errors::ApiError;

/// The type of a body that is read.
const FORM: &str = "application/x-www-form-urlencoded";

/// A request as it arrives at either door.
#[derive(Clone, Debug, Default)]
pub struct SimRequest {
    /// The method.
    pub method: Method,
    /// The part of the URL after the question mark; empty if there is none.
    pub query: String,
    /// The `Authorization` header, if one was sent. Signatures are not verified.
    pub authorization: Option<String>,
    /// The `Content-Type` header, if one was sent.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl SimRequest {
    /// The parameters: of the URL, and of a body that is a form. Any other body is not read.
    pub fn params(&self) -> Params {
        let form = if self.method == Method::POST && self.has_form() { self.body.as_slice() } else { b"" };
        let mut params = BTreeMap::new();
        for (name, value) in [self.query.as_bytes(), form].into_iter().flat_map(form_urlencoded::parse) {
            params.entry(name.into_owned()).or_insert(value.into_owned());
        }
        Params(params)
    }

    fn has_form(&self) -> bool {
        let essence = self.content_type.as_deref().and_then(|whole| whole.split(';').next());
        essence.is_some_and(|essence| essence.trim().eq_ignore_ascii_case(FORM))
    }

    /// Whether the request carries credentials of any kind, as a header or presigned.
    pub(crate) fn has_credentials(&self, params: &Params) -> bool {
        self.authorization.is_some() || params.get("X-Amz-Signature").is_some()
    }

    /// Who signed the request, and for where; nothing is known of whoever signed otherwise than by SigV4.
    pub(crate) fn scope(&self, params: &Params) -> Scope {
        let header = self.authorization.as_deref().and_then(|header| header.split_once("Credential="));
        let credential = header.map(|(_, rest)| rest.split([',', ' ']).next().unwrap_or_default());
        credential.or_else(|| params.get("X-Amz-Credential")).and_then(Scope::parse).unwrap_or_default()
    }
}

/// A signature's credential scope, `ACCESS-KEY/DATE/REGION/SERVICE/aws4_request`, as far as it is used here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The access key id.
    pub access_key: String,
    /// The Region.
    pub region: Option<String>,
}

impl Scope {
    fn parse(credential: &str) -> Option<Self> {
        let mut parts = credential.split('/');
        let (access_key, _date, region) = (parts.next()?, parts.next()?, parts.next()?);
        let is_whole = parts.next().is_some() && parts.next() == Some("aws4_request");
        let region = Some(region.to_owned()).filter(|region| !region.is_empty());
        is_whole.then(|| Self { access_key: access_key.to_owned(), region })
    }
}

/// Decoded parameters by name.
#[derive(Clone, Debug, Default)]
pub struct Params(BTreeMap<String, String>);

impl Params {
    /// A parameter's value; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).filter(|value| !value.is_empty())
    }

    /// A parameter's value as it is, empty or not.
    pub(crate) fn raw(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that the action cannot do without.
    ///
    /// # Errors
    /// `MissingParameter` when it is absent, `InvalidParameterValue` when it is empty.
    pub fn required(&self, name: &str) -> Result<&str, ApiError> {
        match self.raw(name) {
            None => Err(ApiError::missing_parameter(name)),
            Some("") => Err(ApiError::blank_parameter(name)),
            Some(value) => Ok(value),
        }
    }

    /// A boolean parameter; absent means false.
    ///
    /// # Errors
    /// `InvalidParameterValue` for anything but `true` and `false`.
    pub fn flag(&self, name: &str) -> Result<bool, ApiError> {
        match self.get(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(ApiError::invalid_value(format!(
                "Invalid value {other} for {name}. Must be true or false"
            ))),
        }
    }

    /// The values of a list of plain texts, such as `TagKeys.member`, in order.
    ///
    /// # Errors
    /// `MalformedInput` where the list is none, see [`Self::count`], or has records for values.
    pub fn list(&self, prefix: &str) -> Result<Vec<&str>, ApiError> {
        let value = |number| self.raw(&format!("{prefix}.{number}"));
        (1..=self.count(prefix)?).map(|number| value(number).ok_or_else(ApiError::malformed_input)).collect()
    }

    /// How many records a list has, such as `Tags.Tag`: they are numbered from 1 on.
    ///
    /// # Errors
    /// `MalformedInput` where a number is missing, or is none.
    pub fn count(&self, prefix: &str) -> Result<usize, ApiError> {
        let start = format!("{prefix}.");
        let members = self.0.range(start.clone()..).map_while(|(name, _)| name.strip_prefix(&start));
        let numbers: Option<BTreeSet<usize>> = members.map(number).collect();
        let numbers = numbers.ok_or_else(ApiError::malformed_input)?;
        let is_whole = numbers.last().is_none_or(|last| *last == numbers.len());
        is_whole.then_some(numbers.len()).ok_or_else(ApiError::malformed_input)
    }

    /// The rows of `Tags.Tag`; a value that was left out is empty.
    ///
    /// # Errors
    /// `MalformedInput` where the list is none, see [`Self::count`].
    pub fn tags(&self) -> Result<Vec<(&str, &str)>, ApiError> {
        let part = |number, name| self.raw(&format!("Tags.Tag.{number}.{name}")).unwrap_or_default();
        Ok((1..=self.count("Tags.Tag")?).map(|number| (part(number, "Key"), part(number, "Value"))).collect())
    }

    /// The same parameters without one of them.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.remove(name);
        self
    }
}

/// The number that a member's name begins with, as it is written: 1 and on, without zeros before it.
fn number(member: &str) -> Option<usize> {
    let digits = member.split('.').next().unwrap_or_default();
    let plain = digits.starts_with(|first: char| ('1'..='9').contains(&first));
    plain.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        SimRequest { query: query.to_owned(), ..SimRequest::default() }.params()
    }

    #[test]
    fn records_keep_their_order_beyond_nine_and_their_bytes() {
        let keys: Vec<String> = (1..=9).map(|n| format!("Tags.Tag.{n}.Key=k{n}")).collect();
        let params =
            params(&format!("Tags.Tag.10.Key=b%20%26&Tags.Tag.10.Value=%C3%A9+x&{}", keys.join("&")));
        let tags = params.tags().unwrap();
        assert_eq!((tags[1], tags[9]), (("k2", ""), ("b &", "\u{e9} x")));
    }

    #[test]
    fn url_and_form_are_read_alike_and_no_other_body() {
        for (method, content_type, version) in [
            (Method::POST, Some("application/x-www-form-urlencoded"), Some("1")),
            (Method::POST, Some("Application/X-WWW-form-urlencoded ; charset=utf-8"), Some("1")),
            (Method::POST, Some("application/json"), None),
            (Method::POST, None, None),
            (Method::GET, Some("application/x-www-form-urlencoded"), None),
        ] {
            let request = SimRequest {
                method,
                query: "Action=A".into(),
                content_type: content_type.map(str::to_owned),
                body: b"Version=1&Action=B".to_vec(),
                ..SimRequest::default()
            };
            let params = request.params();
            assert_eq!((params.get("Action"), params.get("Version")), (Some("A"), version), "{request:?}");
        }
    }

    #[test]
    fn a_list_is_numbered_from_one_without_gaps() {
        assert_eq!(params("K.2=b&K.1=a").list("K").unwrap(), ["a", "b"]);
        assert_eq!(params("K=&KK.7=x").list("K").unwrap(), Vec::<&str>::new());
        for query in [
            "K.1=a&K.3=c",
            "K.0=a",
            "K.2=b",
            "K.01=a",
            "K.x=a",
            "K.=a",
            "K.-1=a",
            "K.1=a&K.18446744073709551616=b",
            "K.1.Key=a",
        ] {
            assert_eq!(params(query).list("K").map_err(|e| e.code), Err("MalformedInput".into()), "{query}");
        }
    }

    #[test]
    fn of_two_equal_names_the_first_counts() {
        assert_eq!(params("A=1&A=2").get("A"), Some("1"));
    }

    #[test]
    fn a_signature_tells_the_access_key_and_the_region() {
        let scope = |header: &str| {
            SimRequest { authorization: Some(header.to_owned()), ..SimRequest::default() }
                .scope(&Params::default())
        };
        let found = scope(
            "AWS4-HMAC-SHA256 Credential=AKIA/20261123/eu-west-1/rds/aws4_request, SignedHeaders=host, Signature=0",
        );
        let expected = Scope { access_key: "AKIA".into(), region: Some("eu-west-1".into()) };
        assert_eq!(found, expected);
        let presigned = params("X-Amz-Credential=AKIA%2F20261123%2Feu-west-1%2Frds%2Faws4_request");
        assert_eq!(SimRequest::default().scope(&presigned), expected);
        for other in ["Bearer x", "AWS4-HMAC-SHA256 Credential=AKIA/eu-west-1, Signature=0"] {
            assert_eq!(scope(other), Scope::default(), "{other}");
        }
    }

    #[test]
    fn an_absent_parameter_and_an_empty_one_are_different_errors() {
        let params = params("Empty=");
        assert_eq!(params.required("Empty").map_err(|e| e.code), Err("InvalidParameterValue".into()));
        assert_eq!(params.required("Absent").map_err(|e| e.code), Err("MissingParameter".into()));
    }
}
