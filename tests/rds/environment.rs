//! Bad environments, each on a [`Machine`] of its own.

use std::time::{Duration, Instant};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use tokio::io::AsyncWriteExt as _;

use super::machine::{Machine, assert_says};
use super::wire::{Server, Then, listener};

#[test]
fn without_a_region_it_says_where_one_was_looked_for() {
    let said = Machine::new().keys().says("connect");
    let words = ["--region", "AWS_REGION", "AWS_DEFAULT_REGION", ".aws/config", "instance metadata"];
    assert_says(&said, "NoRegion refused", &words);
}

#[test]
fn what_is_no_regions_name_is_refused_with_its_origin() {
    let said = Machine::new().keys().with("AWS_REGION", "EU-West-1").says("connect");
    assert_says(&said, "NoRegion refused", &["'EU-West-1' (AWS_REGION)", "write it as eu-west-1"]);
    let said = Machine::new().keys().option_region("a/b").says("connect");
    assert_says(&said, "NoRegion refused", &["'a/b' (--region)"]);
}

#[test]
fn without_credentials_it_says_what_was_looked_for_and_what_to_do() {
    let said = Machine::new().region().says("caller");
    let words = ["AWS_ACCESS_KEY_ID", "profile default of", ".aws/credentials", "metadata", "aws configure"];
    assert_says(&said, "NoCredentials refused", &words);
    let said = Machine::new().region().config("[profile \"a b\"]\n").profile("a b").says("caller");
    assert_says(&said, "NoCredentials refused", &["run: aws configure --profile 'a b', or"]);
}

#[test]
fn half_of_the_credentials_are_told_from_none() {
    let said = Machine::new().region().with("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE").says("create");
    assert_says(&said, "NoCredentials refused", &["AWS_SECRET_ACCESS_KEY is not"]);
}

#[test]
fn an_unknown_profile_is_refused_with_the_known_ones() {
    let machine = || Machine::new().keys().region().config("[profile b]\n[profile a]\n");
    let said = machine().profile("prdo\u{202e}").says("connect");
    assert_says(&said, "Configuration refused", &["no profile 'prdo", "(--profile)", "are: a, b"]);
    let said = machine().with("AWS_PROFILE", "gone").says("connect");
    assert_says(&said, "Configuration refused", &["no profile 'gone' (AWS_PROFILE)"]);
}

#[test]
fn a_profile_that_asks_for_an_mfa_code_is_refused_with_a_way_out() {
    let config = "[profile ops]\nrole_arn = arn:aws:iam::123456789012:role/ops\nsource_profile = base\n\
                  mfa_serial = arn:aws:iam::123456789012:mfa/me\n[profile base]\nregion = eu-west-1\n";
    let said = Machine::new().region().config(config).profile("ops").says("connect");
    assert_says(&said, "Configuration refused", &["mfa/me", "export-credentials --profile ops"]);
    // The device may be asked for by a role that this one is assumed from.
    let chained = format!(
        "[profile far]\nrole_arn = arn:aws:iam::210987654321:role/far\nsource_profile = ops\n{config}"
    );
    let said = Machine::new().region().config(&chained).profile("far").says("connect");
    let told = ["by its source_profile ops", "mfa/me", "export-credentials --profile far"];
    assert_says(&said, "Configuration refused", &told);
}

#[test]
fn a_config_file_that_is_broken_or_not_text_is_named() {
    let said = Machine::new().keys().region().config("[default\nregion = x\n").says("connect");
    assert_says(&said, "Configuration refused", &[".aws/config", "line 1"]);
    let said = Machine::new().keys().region().config(b"[default]\n\xff\xfe\n").says("connect");
    assert_says(&said, "Configuration refused", &[".aws/config is not UTF-8 text, from line 2"]);
}

#[test]
fn an_sso_profile_without_a_session_is_told_how_to_log_in() {
    let config = "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dba\n\
                  [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n";
    let said = Machine::new().region().config(config).profile("dev").says("caller");
    // Nobody has logged in, so nothing has expired.
    let told = ["sso-session corp (profile dev)", "nobody has logged in", "run: aws sso login --profile dev"];
    assert_says(&said, "NoCredentials refused", &told);
}

#[test]
fn a_credential_process_that_fails_is_told_with_its_words() {
    let config = "[default]\ncredential_process = sh -c \"echo 'no key in the slot' >&2; exit 3\"\n";
    let said = Machine::new().region().config(config).says("caller");
    assert_says(&said, "Configuration refused", &["no key in the slot"]);
}

#[test]
fn a_broken_bundle_of_certificates_is_refused_before_it_can_do_harm() {
    let machine = Machine::new().keys().region().config("");
    let bundle = machine.path("config").display().to_string();
    for name in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
        let machine = Machine::new().keys().region().with(name, &bundle);
        let said = machine.says("connect");
        assert_says(&said, "Configuration refused", &[name, "no certificate in PEM form"]);
    }
}

#[test]
fn a_bad_endpoint_is_refused_with_its_origin() {
    let said = Machine::new().keys().region().endpoint("localhost:5000").says("connect");
    assert_says(&said, "Configuration refused", &["--endpoint-url", "http://"]);
    let said = Machine::new().keys().region().with("AWS_ENDPOINT_URL_RDS", "ftp://x").says("connect");
    assert_says(&said, "Configuration refused", &["of the environment or the profile"]);
    let fips = Machine::new().keys().region().with("AWS_USE_FIPS_ENDPOINT", "true");
    let said = fips.endpoint("http://127.0.0.1:1").says("connect");
    assert_says(&said, "Configuration refused", &["AWS_USE_FIPS_ENDPOINT"]);
}

#[test]
fn the_place_is_told_as_it_is_used() {
    let config = "[profile a]\nregion = eu-central-1\nendpoint_url = http://127.0.0.1:7\n";
    let said = Machine::new().keys().config(config).profile("a").says("connect");
    for word in ["Some(\"a\")", "Some(\"eu-central-1\")", "Some(\"http://127.0.0.1:7\")"] {
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn a_profile_that_the_credentials_of_the_environment_come_before_is_not_who_asks() {
    let config = "[profile a]\nregion = eu-central-1\naws_access_key_id = AKIAA\naws_secret_access_key = s\n";
    let machine = || Machine::new().config(config);
    let asks = "profile: Some(\"a\"), passed_over: None, region: Some(\"eu-central-1\")";
    let is_passed_over = "profile: None, passed_over: Some(\"a\"), region: Some(\"eu-central-1\")";
    let token = |machine: Machine| {
        let role = machine.with("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r");
        role.with("AWS_WEB_IDENTITY_TOKEN_FILE", "/none/token")
    };
    for (machine, told) in [
        (machine().with("AWS_PROFILE", "a"), asks),
        (machine().with("AWS_PROFILE", "a").keys(), is_passed_over),
        (token(machine().with("AWS_PROFILE", "a")), is_passed_over),
        (machine().profile("a").keys(), asks),
        (token(machine().profile("a")), asks),
    ] {
        let said = machine.says("connect");
        assert!(said.contains(told), "{told}: {said}");
    }
}

#[test]
fn a_dead_endpoint_certainly_got_nothing() {
    let said = Machine::new().keys().region().endpoint("http://127.0.0.1:1").says("create");
    assert_says(&said, "NoConnection refused", &["127.0.0.1:1: ", "refused"]);
}

#[test]
fn a_dead_proxy_certainly_passed_nothing_on_and_is_named() {
    let proxied = || Machine::new().keys().region().with("HTTPS_PROXY", "http://me:s3cr3t@127.0.0.1:1");
    let said = proxied().says("create");
    assert_says(&said, "NoConnection refused", &["through the proxy 127.0.0.1:1"]);
    let said = proxied().option_region("us-esat-1").says("create");
    assert_says(&said, "NoConnection refused", &["was us-east-1 meant?"]);
}

const EMPTY: &str = "<DescribeDBClusterSnapshotsResponse><DescribeDBClusterSnapshotsResult>\
                     <DBClusterSnapshots/></DescribeDBClusterSnapshotsResult>\
                     </DescribeDBClusterSnapshotsResponse>";

/// Looks a name up and creates, against a server; gives what was said and how many creates arrived.
async fn on_the_wire(create: Then, read: Then) -> (String, usize) {
    let server = Server::start(create, read).await;
    let machine = Machine::new().keys().region().with("AWS_ENDPOINT_URL", &server.url());
    let said = tokio::task::spawn_blocking(move || machine.says("look-up-and-create")).await.unwrap();
    assert!(server.others() >= 1);
    (said, server.creates())
}

#[tokio::test]
async fn one_create_is_one_request_on_the_wire_whatever_comes_back() {
    let found = || Then::Answer(200, EMPTY.to_owned());
    for (create, kind) in [
        (Then::Answer(500, String::new()), "UnreadableAnswer unclear"),
        (Then::Answer(503, "<html/>".to_owned()), "UnreadableAnswer unclear"),
        (Then::AnswerAndClose(200, String::new()), "UnreadableAnswer unclear"),
        (Then::Close, "LostAnswer unclear"),
        (Then::Cut("<Create".to_owned()), "LostAnswer unclear"),
        (
            Then::Answer(
                400,
                "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>".to_owned(),
            ),
            "Throttled refused",
        ),
    ] {
        let (said, creates) = on_the_wire(create.clone(), found()).await;
        assert_says(&said, kind, &[]);
        assert_eq!(creates, 1, "{create:?}");
    }
}

#[tokio::test]
async fn a_connection_that_was_closed_meanwhile_does_not_make_two_requests_of_one() {
    let closing = Then::AnswerAndClose(200, EMPTY.to_owned());
    let (said, creates) = on_the_wire(Then::Close, closing).await;
    assert_says(&said, "LostAnswer unclear", &[]);
    assert_eq!(creates, 1);
}

#[tokio::test]
async fn a_proxy_does_not_come_between_this_machine_and_itself() {
    let server = Server::start(Then::Close, Then::Answer(200, EMPTY.to_owned())).await;
    let machine = Machine::new().keys().region().with("AWS_ENDPOINT_URL", &server.url());
    let machine = machine.with("HTTP_PROXY", "http://127.0.0.1:1").with("http_proxy", "http://127.0.0.1:1");
    tokio::task::spawn_blocking(move || machine.says("look-up-and-create")).await.unwrap();
    assert_eq!((server.others(), server.creates()), (1, 1));
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_certainly_passed_nothing_on() {
    let refuses = || Then::AnswerAndClose(407, String::new());
    let server = Server::start(refuses(), refuses()).await;
    let machine = Machine::new().keys().region().with("HTTPS_PROXY", &server.url());
    let said = tokio::task::spawn_blocking(move || machine.says("create")).await.unwrap();
    assert_says(&said, "NoConnection refused", &["through the proxy", "authorization required"]);
}

#[tokio::test]
async fn what_a_proxy_answers_in_place_of_a_tunnel_is_told() {
    for (answer, told) in [
        ("HTTP/1.1 403 Forbidden\r\n\r\n<html>", "no way to the host: it answers HTTP 403 Forbidden"),
        ("HTTP/1.0 503 DNS failure\nX: y\n\n", "it answers HTTP 503 DNS failure"),
        ("HTTP/1.1 204 No Content\r\n\r\n", "it answers HTTP 204 No Content"),
        ("HTTP/1.1 407 Who?\r\n\r\n", "proxy authorization required: the proxy answers HTTP 407 Who?"),
        ("SSH-2.0-x\r\n", "something that is not HTTP/1"),
        ("HTTP/1.1 200 OK\r\n", "the proxy closed the connection before it had answered"),
    ] {
        let address = listener(move |mut stream| async move {
            let mut request = [0; 4096];
            tokio::io::AsyncReadExt::read(&mut stream, &mut request).await.ok();
            stream.write_all(answer.as_bytes()).await.ok();
        });
        let proxy = format!("http://{}", address.await);
        let machine = Machine::new().keys().region().with("HTTPS_PROXY", &proxy);
        let said = tokio::task::spawn_blocking(move || machine.says("create")).await.unwrap();
        assert_says(&said, "NoConnection refused", &[told, "through the proxy 127.0.0.1"]);
    }
}

#[tokio::test]
async fn a_create_is_signed_by_the_clock_of_the_server() {
    let server_time = Timestamp::now() + SignedDuration::from_hours(1);
    let date = server_time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let server = Server::start_at(Some(date), Then::Close, Then::Answer(200, EMPTY.to_owned())).await;
    let machine = Machine::new().keys().region().with("AWS_ENDPOINT_URL", &server.url());
    tokio::task::spawn_blocking(move || machine.says("look-up-and-create")).await.unwrap();
    let head = server.last_create();
    let signed = head.lines().find_map(|line| line.strip_prefix("x-amz-date: ")).unwrap();
    let signed = DateTime::strptime("%Y%m%dT%H%M%SZ", signed).unwrap().to_zoned(TimeZone::UTC).unwrap();
    let off = signed.timestamp().as_second() - server_time.as_second();
    assert!((-60..=60).contains(&off), "{off} s off: {head}");
}

#[tokio::test]
async fn a_clock_that_is_off_is_named_when_a_signature_is_refused() {
    let date = (Timestamp::now() + SignedDuration::from_hours(1)).strftime("%a, %d %b %Y %H:%M:%S GMT");
    let refusal = "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code></Error></ErrorResponse>";
    let refuses = || Then::Answer(403, refusal.to_owned());
    let server = Server::start_at(Some(date.to_string()), refuses(), refuses()).await;
    let machine = Machine::new().keys().region().with("AWS_ENDPOINT_URL", &server.url());
    let said = tokio::task::spawn_blocking(move || machine.says("create")).await.unwrap();
    assert_says(&said, "BadCredentials refused", &["clock is 60 minutes behind the service's"]);
}

#[tokio::test]
async fn a_pinned_client_keeps_its_credentials_whatever_the_machines_turn_to() {
    let refusal = "<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>";
    let refuses = || Then::Answer(403, refusal.to_owned());
    let server = Server::start(refuses(), refuses()).await;
    // They are refused, so each create is followed by a search. The process counts its runs into the access key.
    let machine = Machine::new().region().with("AWS_ENDPOINT_URL", &server.url()).process(
        r#"echo >> "$HOME/runs"
end=$(date -u -d '+1 minute' +%Y-%m-%dT%H:%M:%SZ)
key="AKIA$(wc -l < "$HOME/runs")"
echo "{\"Version\":1,\"AccessKeyId\":\"$key\",\"SecretAccessKey\":\"s3cr3t\",\"Expiration\":\"$end\"}"
"#,
    );
    let said = tokio::task::spawn_blocking(move || machine.says("pin")).await.unwrap();
    assert_says(&said, "ExpiredCredentials refused", &[]);
    let keys = server.keys_of_creates();
    assert_eq!(keys.len(), 3);
    assert!(keys[0] == keys[2] && keys[0] != keys[1], "{keys:?}");
}

#[tokio::test]
async fn credentials_that_are_about_to_end_are_not_looked_for_within_each_attempt() {
    let server = Server::start(Then::Close, Then::Answer(200, EMPTY.to_owned())).await;
    let machine = Machine::new().region().with("AWS_ENDPOINT_URL", &server.url()).process(
        r#"[ -e "$HOME/asked" ] && exec sleep 60
touch "$HOME/asked"
end=$(date -u -d '+100 seconds' +%Y-%m-%dT%H:%M:%SZ)
echo "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s3cr3t\",\"Expiration\":\"$end\"}"
"#,
    );
    let said = tokio::task::spawn_blocking(move || machine.says("list")).await.unwrap();
    assert_eq!(said, "[]");
}

#[tokio::test]
async fn a_failed_tls_handshake_certainly_passed_nothing_on() {
    let address = listener(|mut stream| async move {
        stream.write_all(b"this is no TLS").await.ok();
    });
    let machine = Machine::new().keys().region();
    let machine = machine.with("AWS_ENDPOINT_URL", &format!("https://{}", address.await));
    let said = tokio::task::spawn_blocking(move || machine.says("create")).await.unwrap();
    assert_says(&said, "NoConnection refused", &["127.0.0.1", "what answers there does not speak TLS"]);
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up_as_no_connection() {
    let address = listener(|stream| async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        drop(stream);
    });
    let machine = Machine::new().keys().region();
    let machine = machine.with("AWS_ENDPOINT_URL", &format!("https://{}", address.await));
    let said = tokio::task::spawn_blocking(move || machine.says("create")).await.unwrap();
    assert_says(&said, "NoConnection refused", &["no connection within 7 s"]);
}

#[tokio::test]
async fn a_metadata_service_that_never_answers_is_given_up_soon() {
    let address = listener(|stream| async move {
        tokio::time::sleep(Duration::from_mins(1)).await;
        drop(stream);
    });
    let url = format!("http://{}", address.await);
    let machine = || {
        Machine::new()
            .with("AWS_EC2_METADATA_DISABLED", "false")
            .with("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)
    };
    for (machine, kind) in [(machine(), "NoRegion refused"), (machine().region(), "NoCredentials refused")] {
        let start = Instant::now();
        let said = tokio::task::spawn_blocking(move || machine.says("create")).await.unwrap();
        assert_says(&said, kind, &[]);
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}: {said}", start.elapsed());
    }
}
