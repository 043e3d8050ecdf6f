//! The AWS Query protocol by hand: what a test asks a service itself, past everything that it tests.
//! Neither the simulator nor moto checks a signature.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::proxy::Answer;

/// Asks a service; panics if it does not answer.
#[track_caller]
pub fn ask(url: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("Version", "2014-10-31")
        .extend_pairs(fields)
        .finish();
    let scope = "Credential=AKIDEXAMPLE/20260101/eu-west-1/rds/aws4_request";
    let request = format!(
        "POST / HTTP/1.1\r\nHost: rds.eu-west-1.amazonaws.com\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\
         Authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0\r\n\r\n{body}",
        body.len()
    );
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).expect("the service listens");
    stream.write_all(request.as_bytes()).expect("the service takes a request");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the service answers");
    Answer::parse(&answer).expect("an HTTP answer")
}

/// A DB cluster snapshot as the service lists it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub name: String,
    pub arn: String,
    pub status: String,
    /// When it was begun, as the service writes it.
    pub created: String,
    pub tags: Vec<(String, String)>,
}

/// All manual DB cluster snapshots that a service lists.
///
/// moto answers with a 500 where a create of another thread changes the list that it is reading (`OrderedDict
/// mutated during iteration`): that says nothing about the snapshots, and the question is asked again.
#[track_caller]
pub fn snapshots(url: &str) -> Vec<Listed> {
    let list = [("Action", "DescribeDBClusterSnapshots"), ("SnapshotType", "manual")];
    let mut answers = std::iter::repeat_with(|| ask(url, &list)).take(6);
    let answer = answers.find(|answer| answer.status() != 500).expect("one answer in six is not a 500");
    let xml = answer.text();
    assert_eq!(answer.status(), 200, "{xml}");
    elements(&xml, "DBClusterSnapshot").iter().map(|snapshot| listed(snapshot)).collect()
}

fn listed(xml: &str) -> Listed {
    let text = |name: &str| elements(xml, name).first().cloned().unwrap_or_default();
    let tag = |tag: &String| {
        let part = |name| elements(tag, name).first().cloned().unwrap_or_default();
        (part("Key"), part("Value"))
    };
    let tags = elements(xml, "Tag").iter().map(tag).collect();
    Listed {
        name: text("DBClusterSnapshotIdentifier"),
        arn: text("DBClusterSnapshotArn"),
        status: text("Status"),
        created: text("SnapshotCreateTime"),
        tags,
    }
}

/// What stands in the elements of a name, none of which holds another of that name.
pub fn elements(xml: &str, name: &str) -> Vec<String> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let found = xml.split(&begin).skip(1).filter_map(|rest| rest.split(&end).next());
    found.map(str::to_owned).collect()
}

/// Takes a snapshot as somebody else does.
#[track_caller]
pub fn create(url: &str, cluster: &str, name: &str, tags: &[(&str, &str)]) {
    let numbered: Vec<(String, &str)> = numbered("Tags", tags);
    let mut fields = vec![
        ("Action", "CreateDBClusterSnapshot"),
        ("DBClusterIdentifier", cluster),
        ("DBClusterSnapshotIdentifier", name),
    ];
    fields.extend(numbered.iter().map(|(field, text)| (field.as_str(), *text)));
    let answer = ask(url, &fields);
    assert_eq!(answer.status(), 200, "{}", answer.text());
}

/// Deletes a snapshot as somebody else does.
#[track_caller]
pub fn delete(url: &str, name: &str) {
    let answer = ask(url, &[("Action", "DeleteDBClusterSnapshot"), ("DBClusterSnapshotIdentifier", name)]);
    assert_eq!(answer.status(), 200, "{}", answer.text());
}

/// Tags a snapshot, as a tool does that tags what is new.
#[track_caller]
pub fn tag(url: &str, name: &str, tags: &[(&str, &str)]) {
    let (arn, numbered) = (arn(url, name), numbered("Tags", tags));
    let mut fields = vec![("Action", "AddTagsToResource"), ("ResourceName", arn.as_str())];
    fields.extend(numbered.iter().map(|(field, text)| (field.as_str(), *text)));
    let answer = ask(url, &fields);
    assert_eq!(answer.status(), 200, "{}", answer.text());
}

/// Takes tags from a snapshot.
#[track_caller]
pub fn untag(url: &str, name: &str, keys: &[&str]) {
    let arn = arn(url, name);
    let numbered: Vec<(String, &str)> =
        keys.iter().enumerate().map(|(at, key)| (format!("TagKeys.member.{}", at + 1), *key)).collect();
    let mut fields = vec![("Action", "RemoveTagsFromResource"), ("ResourceName", arn.as_str())];
    fields.extend(numbered.iter().map(|(field, text)| (field.as_str(), *text)));
    let answer = ask(url, &fields);
    assert_eq!(answer.status(), 200, "{}", answer.text());
}

#[track_caller]
fn arn(url: &str, name: &str) -> String {
    let found = snapshots(url).into_iter().find(|snapshot| snapshot.name == name);
    found.unwrap_or_else(|| panic!("{name} is not listed")).arn
}

/// Tags as the fields of a request.
pub fn numbered<'a>(list: &str, tags: &[(&'a str, &'a str)]) -> Vec<(String, &'a str)> {
    let pair = |(at, (key, value)): (usize, &(&'a str, &'a str))| {
        let field = |part: &str| format!("{list}.Tag.{}.{part}", at + 1);
        [(field("Key"), *key), (field("Value"), *value)]
    };
    tags.iter().enumerate().flat_map(pair).collect()
}
