//! The request as other tools would make it: commands to paste into a change ticket or a shell.

use super::context::Target;
use super::request::SnapshotRequest;
use super::tag::Tag;

/// The equivalent command of the AWS command line, quoted for a POSIX shell, one option a line.
#[must_use]
pub fn cli(place: &Target, request: &SnapshotRequest) -> String {
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
        // A line for each tag: so it can also be copied off the screen.
        let json: Vec<String> = tags.iter().map(json).collect();
        option("tags", &format!("[{}]", json.join(",\n    ")));
    }
    joined(place, &lines)
}

/// The equivalent call of curl, which signs it itself with the credentials of the environment.
#[must_use]
pub fn curl(place: &Target, request: &SnapshotRequest) -> String {
    let region = place.region.as_deref().unwrap_or("us-east-1");
    let mut lines = vec![
        format!("curl --aws-sigv4 {}", quote(&format!("aws:amz:{region}:rds"))),
        "--user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\"".to_owned(),
        "${AWS_SESSION_TOKEN:+-H} ${AWS_SESSION_TOKEN:+\"x-amz-security-token: $AWS_SESSION_TOKEN\"}"
            .to_owned(),
    ];
    lines.push(field("Action", "CreateDBClusterSnapshot"));
    lines.push(field("Version", "2014-10-31"));
    lines.push(field("DBClusterIdentifier", request.cluster.as_str()));
    lines.push(field("DBClusterSnapshotIdentifier", request.snapshot.as_str()));
    for (index, tag) in request.tags.as_slice().iter().enumerate() {
        for (part, text) in [("Key", &tag.key), ("Value", &tag.value)] {
            lines.push(field(&format!("Tags.Tag.{}.{part}", index + 1), text));
        }
    }
    lines.push(quote(&format!("{}/", place.url().trim_end_matches('/'))));
    joined(place, &lines)
}

/// A command of this program in a place, with the options that lead to it: without them it would ask another account.
/// `None` in the demo, which ends with the program.
pub(crate) fn here(place: &Target, words: Vec<String>) -> Option<String> {
    let (profile, region) = (place.profile.as_deref(), place.region.as_deref());
    let options =
        [("--profile", profile), ("--region", region), ("--endpoint-url", place.endpoint.as_deref())];
    (!place.is_demo).then(|| own(words, &options))
}

/// A command of this program with those of these options that have a value.
pub(crate) fn own(mut words: Vec<String>, options: &[(&str, Option<&str>)]) -> String {
    words.insert(0, "clustersnap".to_owned());
    for (option, value) in options {
        words.extend(value.iter().flat_map(|value| [(*option).to_owned(), quote(value)]));
    }
    super::text::escape(&words.join(" "))
}

/// The command that follows snapshots of a place.
pub(crate) fn watch(place: &Target, names: impl Iterator<Item = impl ToString>) -> Option<String> {
    here(place, std::iter::once("watch".to_owned()).chain(names.map(|name| name.to_string())).collect())
}

/// The lines of a command. In the demo each is a comment: pasted into a shell, it would go to a real account.
fn joined(place: &Target, lines: &[String]) -> String {
    let command = lines.join(" \\\n  ");
    if place.is_demo {
        command.lines().map(|line| format!("# {line}")).collect::<Vec<_>>().join("\n")
    } else {
        command
    }
}

/// A field of the form that curl sends. What cannot be seen, or reorders what can, is encoded here.
fn field(name: &str, value: &str) -> String {
    if super::text::escape(value) == value {
        return format!("--data-urlencode {}", quote(&format!("{name}={value}")));
    }
    let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("--data {}", quote(&format!("{name}={encoded}")))
}

/// A tag as JSON. What cannot be seen, or reorders what can, is written by its number.
fn json(tag: &Tag) -> String {
    super::text::json_safe(serde_json::json!({"Key": tag.key, "Value": tag.value}).to_string())
}

/// Quotes a word for a POSIX shell; plain words stay as they are.
#[must_use]
pub fn quote(word: &str) -> String {
    // No word of a command line can have a NUL: what is passed on has none.
    shlex::Quoter::new().allow_nul(true).quote(word).unwrap_or_default().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_demo_a_command_is_a_comment() {
        let place = |is_demo| Target { is_demo, ..Target::default() };
        let lines = ["aws".to_owned(), "--tags '[{\n}]'".to_owned()];
        assert_eq!(joined(&place(false), &lines), "aws \\\n  --tags '[{\n}]'");
        assert!(joined(&place(true), &lines).lines().all(|line| line.starts_with("# ")));
    }

    #[test]
    fn a_word_is_quoted_so_that_a_shell_gives_it_back() {
        assert_eq!(quote("orders-prod"), "orders-prod");
        assert_eq!(quote(""), "''");
        assert_eq!(quote("$HOME"), "'$HOME'");
        assert_eq!(quote("it's $HOME"), r#""it's "'$HOME'"#);
    }
}
