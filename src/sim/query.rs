//! The AWS Query protocol's requests: a form in the body or in the URL, lists and records flattened
//! into numbered names (`Tags.Tag.1.Key`).

use super::errors::ApiError;

/// A request as it arrives at either door.
#[derive(Clone, Debug, Default)]
pub struct SimRequest {
    /// The part of the URL after the question mark; empty if there is none.
    pub query: String,
    /// Whether an `Authorization` header was sent. Signatures are not verified.
    pub authorized: bool,
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
        self.authorized || params.get("X-Amz-Signature").is_some()
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
        let request = SimRequest { query: "Action=A".into(), body: b"Version=1".to_vec(), authorized: false };
        let params = request.params();
        assert_eq!((params.get("Action"), params.get("Version")), (Some("A"), Some("1")));
    }

    #[test]
    fn an_absent_parameter_and_an_empty_one_are_different_errors() {
        let params = params("Empty=");
        assert_eq!(params.required("Empty").map_err(|e| e.code), Err("InvalidParameterValue".into()));
        assert_eq!(params.required("Absent").map_err(|e| e.code), Err("MissingParameter".into()));
    }
}
