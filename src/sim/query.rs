//! The AWS Query protocol's requests: a form in the body or in the URL, lists and records flattened
//! into numbered names (`Tags.Tag.1.Key`).

use super::errors::ApiError;

/// A request as it arrives at either door.
#[derive(Clone, Debug, Default)]
pub struct SimRequest {
    /// The part of the URL after the question mark; empty if there is none.
    pub query: String,
    /// The `Authorization` header, if one was sent. Signatures are not verified.
    pub authorization: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl SimRequest {
    /// The parameters, of URL and body alike.
    #[must_use]
    pub fn params(&self) -> Params {
        let pairs = form_urlencoded::parse(self.query.as_bytes())
            .chain(form_urlencoded::parse(&self.body))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Params(pairs)
    }

    /// Whether the request carries credentials of any kind, as a header or presigned.
    #[must_use]
    pub fn has_credentials(&self, params: &Params) -> bool {
        self.authorization.is_some() || params.get("X-Amz-Signature").is_some()
    }

    /// Who signed the request, and for where; nothing is known of whoever signed otherwise than by SigV4.
    #[must_use]
    pub fn scope(&self, params: &Params) -> Scope {
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

/// Decoded parameters, in the order they came.
#[derive(Clone, Debug, Default)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// A parameter's value; an empty one counts as absent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).filter(|value| !value.is_empty())
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
    #[must_use]
    pub fn list(&self, prefix: &str) -> Vec<&str> {
        let mut found: Vec<(usize, &str)> = self
            .0
            .iter()
            .filter_map(|(name, value)| {
                let index = name.strip_prefix(prefix)?.strip_prefix('.')?.parse().ok()?;
                Some((index, value.as_str()))
            })
            .collect();
        found.sort_by_key(|(index, _)| *index);
        found.into_iter().map(|(_, value)| value).collect()
    }

    /// The indices of a list of records, such as `Tags.Tag`, each once and in order.
    #[must_use]
    pub fn indices(&self, prefix: &str) -> Vec<usize> {
        let mut found: Vec<usize> = self
            .0
            .iter()
            .filter_map(|(name, _)| {
                let rest = name.strip_prefix(prefix)?.strip_prefix('.')?;
                rest.split('.').next()?.parse().ok()
            })
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The rows of `Tags.Tag`; a value that was left out is empty.
    #[must_use]
    pub fn tags(&self) -> Vec<(&str, &str)> {
        self.indices("Tags.Tag")
            .into_iter()
            .map(|index| {
                let part = |name| self.raw(&format!("Tags.Tag.{index}.{name}")).unwrap_or_default();
                (part("Key"), part("Value"))
            })
            .collect()
    }

    /// The same parameters without one of them.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        Self(self.0.iter().filter(|(own, _)| own != name).cloned().collect())
    }

    fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(query: &str) -> Params {
        SimRequest { query: query.to_owned(), ..SimRequest::default() }.params()
    }

    #[test]
    fn records_keep_their_order_beyond_nine_and_their_bytes() {
        let params = params("Tags.Tag.10.Key=j&Tags.Tag.2.Key=b%20%26&Tags.Tag.2.Value=%C3%A9+x");
        assert_eq!(params.tags(), [("b &", "\u{e9} x"), ("j", "")]);
    }

    #[test]
    fn url_and_body_are_read_alike() {
        let request =
            SimRequest { query: "Action=A".into(), body: b"Version=1".to_vec(), ..SimRequest::default() };
        let params = request.params();
        assert_eq!((params.get("Action"), params.get("Version")), (Some("A"), Some("1")));
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
