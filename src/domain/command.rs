//! The request as other tools would make it: commands to paste into a change ticket or a shell.

use super::context::Place;
use super::request::SnapshotRequest;

/// The equivalent command of the AWS command line, quoted for a POSIX shell, one option a line.
#[must_use]
pub fn cli(place: &Place, request: &SnapshotRequest) -> String {
    let mut lines = vec!["aws rds create-db-cluster-snapshot".to_owned()];
    let mut option = |name: &str, value: &str| lines.push(format!("--{name} {}", quote(value)));
    if let Some(profile) = &place.profile {
        option("profile", profile);
    }
    if let Some(region) = &place.region {
        option("region", region);
    }
    if let Some(endpoint) = &place.endpoint {
        option("endpoint-url", endpoint);
    }
    option("db-cluster-identifier", request.cluster.as_str());
    option("db-cluster-snapshot-identifier", request.snapshot.as_str());
    let tags = request.tags.as_slice();
    if !tags.is_empty() {
        let json: Vec<_> =
            tags.iter().map(|tag| serde_json::json!({"Key": tag.key, "Value": tag.value})).collect();
        option("tags", &serde_json::Value::Array(json).to_string());
    }
    lines.join(" \\\n  ")
}

/// The equivalent call of curl, which signs it itself with the credentials of the environment.
#[must_use]
pub fn curl(place: &Place, request: &SnapshotRequest) -> String {
    let region = place.region.as_deref().unwrap_or("us-east-1");
    let mut lines = vec![
        format!("curl --aws-sigv4 {}", quote(&format!("aws:amz:{region}:rds"))),
        "--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"".to_owned(),
        "${AWS_SESSION_TOKEN:+-H} ${AWS_SESSION_TOKEN:+\"x-amz-security-token: $AWS_SESSION_TOKEN\"}"
            .to_owned(),
    ];
    let mut field = |name: &str, value: &str| {
        lines.push(format!("--data-urlencode {}", quote(&format!("{name}={value}"))));
    };
    field("Action", "CreateDBClusterSnapshot");
    field("Version", "2014-10-31");
    field("DBClusterIdentifier", request.cluster.as_str());
    field("DBClusterSnapshotIdentifier", request.snapshot.as_str());
    for (index, tag) in request.tags.as_slice().iter().enumerate() {
        field(&format!("Tags.Tag.{}.Key", index + 1), &tag.key);
        field(&format!("Tags.Tag.{}.Value", index + 1), &tag.value);
    }
    lines.push(quote(&format!("{}/", place.url().trim_end_matches('/'))));
    lines.join(" \\\n  ")
}

/// Quotes a word for a POSIX shell; plain words stay as they are.
#[must_use]
pub fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_quoted_so_that_a_shell_gives_it_back() {
        assert_eq!(quote("orders-prod"), "orders-prod");
        assert_eq!(quote(""), "''");
        assert_eq!(quote("it's $HOME"), r"'it'\''s $HOME'");
    }
}
