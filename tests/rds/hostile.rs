//! What comes from outside in a form that nobody means: none of it may end the program.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use clustersnap::domain::failure::{Effect, FailureKind};
use clustersnap::rds::Client;
use clustersnap::submit::service::Service as _;
use tokio::io::AsyncWriteExt as _;

use super::machine::{Machine, assert_says};
use super::wire::{Server, Then, listener};
use super::{name, request};

const REFUSAL: &str = "<ErrorResponse><Error><Code>InvalidDBClusterStateFault</Code></Error></ErrorResponse>";

/// What a machine says, of which a server is to answer meanwhile.
async fn says(machine: Machine, task: &'static str) -> String {
    tokio::task::spawn_blocking(move || machine.says(task)).await.unwrap()
}

#[tokio::test]
async fn a_clock_at_the_end_of_the_calendar_is_no_clock_to_sign_by() {
    for date in ["Fri, 31 Dec 9999 23:59:59 GMT", "Sat, 01 Jan 0000 00:00:00 GMT", "\u{ff}"] {
        // The look-up is answered with it, and the create signed after it.
        let refuses = || Then::Answer(400, REFUSAL.to_owned());
        let server = Server::start_at(Some(date.to_owned()), refuses(), refuses()).await;
        let machine = Machine::new().keys().region().with("AWS_ENDPOINT_URL", &server.url());
        assert_says(&says(machine, "look-up-and-create").await, "InvalidState None", &[]);
        assert_eq!(server.creates(), 1);
    }
}

#[test]
fn keys_that_cannot_be_sent_are_refused_with_their_origin_and_not_shown() {
    let said = Machine::new().region().keys().with("AWS_ACCESS_KEY_ID", "AKIA\r").says("create");
    let told = ["the credentials in the environment: the access key ID has the character U+000D"];
    assert_says(&said, "Configuration None", &told);
    let said = Machine::new().region().keys().with("AWS_SESSION_TOKEN", "t\u{e9}").says("create");
    assert_says(&said, "Configuration None", &["the session token has the character U+00E9"]);
    let process = r#"echo '{"Version":1,"AccessKeyId":"AK\u0000IA","SecretAccessKey":"s3cr3t"}'"#;
    let said = Machine::new().region().process(process).says("create");
    assert_says(&said, "Configuration None", &["profile default of", "U+0000"]);
}

#[test]
fn keys_of_a_source_profile_that_cannot_be_sent_are_refused_before_they_are_met() {
    let config = "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n";
    let keys = "[base]\naws_access_key_id = AK\u{1}IA\naws_secret_access_key = s3cr3t\n";
    let said = Machine::new().region().config(config).credentials(keys).says("create");
    assert_says(&said, "Configuration None", &["profile base of", "the access key ID", "U+0001"]);
}

#[tokio::test]
async fn a_metadata_token_that_never_ends_breaks_nothing() {
    let answer = "HTTP/1.1 200 OK\r\nx-aws-ec2-metadata-token-ttl-seconds: 18446744073709551615\r\n\
                  content-length: 5\r\nconnection: close\r\n\r\ntoken";
    let address = listener(move |mut stream| async move {
        let mut request = [0; 4096];
        tokio::io::AsyncReadExt::read(&mut stream, &mut request).await.ok();
        stream.write_all(answer.as_bytes()).await.ok();
    });
    let url = format!("http://{}", address.await);
    let machine = Machine::new().region().with("AWS_EC2_METADATA_DISABLED", "false");
    let said = says(machine.with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url), "create").await;
    assert_says(&said, "Configuration None", &["invalid JSON in response"]);
}

/// A way out that panics when a request is handed to it.
#[derive(Debug)]
struct Panics;

impl HttpConnector for Panics {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        panic!("s3cr3t")
    }
}

#[tokio::test]
async fn a_panic_in_a_call_is_a_failure_that_may_have_taken_effect() {
    let http = http_client_fn(|_settings, _components| SharedHttpConnector::new(Panics));
    let client = Client::demo(http, false);
    let failure = client.create_once(&request("orders", "a")).await.unwrap_err();
    assert_eq!((failure.kind, failure.effect), (FailureKind::Broken, Effect::Possible));
    assert!(failure.message.contains("hostile.rs:") && !failure.message.contains("s3cr3t"), "{failure}");
    // The client is as good as before.
    assert_eq!(client.look_up(&name("a")).await.unwrap_err().kind, FailureKind::Broken);
}
