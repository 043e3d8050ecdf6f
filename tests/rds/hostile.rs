//! What comes from outside in a form that nobody means: none of it may end the program.

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use clustersnap::domain::failure::FailureKind;
use clustersnap::submit::service::Service as _;
use tokio::io::AsyncWriteExt as _;

use super::machine::{Machine, assert_says};
use super::support::demo;
use super::support::program::PROGRAM;
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
        assert_says(&says(machine, "look-up-and-create").await, "InvalidState refused", &[]);
        assert_eq!(server.creates(), 1);
    }
}

#[test]
fn keys_that_cannot_be_sent_are_refused_with_their_origin_and_not_shown() {
    let said = Machine::new().region().keys().with("AWS_ACCESS_KEY_ID", "AKIA\r").says("create");
    let told = ["the credentials in the environment: the access key ID has the character U+000D"];
    assert_says(&said, "Configuration refused", &told);
    let said = Machine::new().region().keys().with("AWS_SESSION_TOKEN", "t\u{e9}").says("create");
    assert_says(&said, "Configuration refused", &["the session token has the character U+00E9"]);
    let process = r#"echo '{"Version":1,"AccessKeyId":"AK\u0000IA","SecretAccessKey":"s3cr3t"}'"#;
    let said = Machine::new().region().process(process).says("create");
    assert_says(&said, "Configuration refused", &["profile default of", "U+0000"]);
}

#[test]
fn keys_of_a_source_profile_that_cannot_be_sent_are_refused_before_they_are_met() {
    let config = "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n";
    let keys = "[base]\naws_access_key_id = AK\u{1}IA\naws_secret_access_key = s3cr3t\n";
    let said = Machine::new().region().config(config).credentials(keys).says("create");
    assert_says(&said, "Configuration refused", &["profile base of", "the access key ID", "U+0001"]);
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
    assert_says(&said, "NoCredentials refused", &["its answer is no JSON: line 1, column 2"]);
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
    let client = demo::client(http, false);
    let failure = client.create_once(&request("orders", "a")).await.unwrap_err();
    assert_eq!((failure.kind, failure.refused), (FailureKind::Broken, false));
    assert!(failure.message.contains("hostile.rs:") && !failure.message.contains("s3cr3t"), "{failure}");
    // The client is as good as before.
    assert_eq!(client.look_up(&name("a")).await.unwrap_err().kind, FailureKind::Broken);
}

#[test]
fn files_without_end_are_given_up_on_and_named() {
    let machine = || Machine::new().keys().region();
    for variable in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        let said = machine().with(variable, "/dev/zero").says("connect");
        assert_says(&said, "Configuration refused", &["/dev/zero is no ordinary file"]);
        let said = machine().with(variable, "/dev/null").says("connect");
        assert!(said.starts_with("Target"), "{said}");
    }
    for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
        let said = machine().with(variable, "/dev/zero").says("connect");
        assert_says(&said, "Configuration refused", &["/dev/zero", "it is no ordinary file"]);
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::File::create(folder.path().join("abcd1234.0")).unwrap().set_len(5 * 1024 * 1024).unwrap();
    let said = machine().with("SSL_CERT_DIR", folder.path().to_str().unwrap()).says("connect");
    assert_says(
        &said,
        "Configuration refused",
        &["SSL_CERT_DIR names", "abcd1234.0: it is larger than 4 MiB"],
    );
    let without = Machine::new().region().with("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/r");
    let said = without.with("AWS_WEB_IDENTITY_TOKEN_FILE", "/dev/zero").says("create");
    let told = ["AWS_WEB_IDENTITY_TOKEN_FILE names /dev/zero: it is no ordinary file"];
    assert_says(&said, "Configuration refused", &told);
    let container = Machine::new().region().with("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/");
    let said = container.with("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/dev/zero").says("create");
    assert_says(&said, "Configuration refused", &["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names /dev/zero"]);
    let config =
        "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = /dev/zero\n";
    let said = Machine::new().region().config(config).says("create");
    assert_says(&said, "Configuration refused", &["web_identity_token_file names /dev/zero"]);
}

#[test]
fn a_cached_login_without_end_is_given_up_on_and_named() {
    let config = "[default]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dba\n\
                  [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n";
    let machine = Machine::new().region().config(config);
    let cache = machine.path("sso/cache");
    std::fs::create_dir_all(&cache).unwrap();
    // The SHA-1 of `corp`.
    let file = "ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
    std::os::unix::fs::symlink("/dev/zero", cache.join(file)).unwrap();
    assert_says(&machine.says("create"), "Configuration refused", &[file, "it is no ordinary file"]);
}

#[test]
fn a_credential_process_that_prints_without_end_is_ended() {
    let said = Machine::new().region().process("cat /dev/zero").says("create");
    assert_says(&said, "Configuration refused", &["the credential_process printed more than 256 KiB"]);
    // One that is not asked is not run.
    let said = Machine::new().region().keys().process("cat /dev/zero").says("create");
    assert!(!said.contains("credential_process"), "{said}");
}

#[test]
fn a_credential_process_ends_with_the_program_however_that_ends() {
    for signal in ["KILL", "INT", "TERM"] {
        let home = tempfile::tempdir().unwrap();
        let pid = home.path().join("pid");
        let script =
            format!("echo $$ > {0}.new; mv {0}.new {0}; trap '' INT TERM; sleep 60; true", pid.display());
        let config = home.path().join("config");
        std::fs::write(home.path().join("process"), script).unwrap();
        let process = format!("[default]\ncredential_process = sh {}/process\n", home.path().display());
        std::fs::write(&config, process).unwrap();
        let mut program = std::process::Command::new(PROGRAM)
            .args(["list", "--region", "eu-west-1"])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("AWS_CONFIG_FILE", config)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let process = wait_for(|| std::fs::read_to_string(&pid).ok());
        let ended =
            std::process::Command::new("kill").args(["-s", signal, &program.id().to_string()]).status();
        assert!(ended.unwrap().success());
        program.wait().unwrap();
        let folder = std::path::PathBuf::from("/proc").join(process.trim());
        wait_for(|| (!folder.exists()).then_some(()));
    }
}

/// Waits up to ten seconds for something.
#[track_caller]
fn wait_for<T>(look: impl Fn() -> Option<T>) -> T {
    let begun = std::time::Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(10), "it does not come");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[tokio::test]
async fn roles_are_assumed_from_what_a_credential_process_gives() {
    let answer = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAROLE</AccessKeyId>\
                  <SecretAccessKey>s3cr3t</SecretAccessKey><SessionToken>t</SessionToken>\
                  <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
    let server = Server::start(Then::Close, Then::Answer(200, answer.to_owned())).await;
    let machine = Machine::new().region().with("AWS_ENDPOINT_URL", &server.url());
    let process = r#"echo '{"Version":1,"AccessKeyId":"AKIABASE","SecretAccessKey":"s3cr3t"}'"#;
    let machine = machine.process(process);
    let base = std::fs::read_to_string(machine.path("config")).unwrap().replace("default", "profile base");
    let role = "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n";
    assert_says(&says(machine.config(format!("{role}{base}")), "create").await, "LostAnswer unclear", &[]);
    assert_eq!((server.keys_of_creates(), server.others()), (vec!["ASIAROLE".to_owned()], 1));
}

#[tokio::test]
async fn an_answer_without_end_is_given_up_on_and_named() {
    let address = listener(|mut stream| async move {
        let mut request = [0; 4096];
        tokio::io::AsyncReadExt::read(&mut stream, &mut request).await.ok();
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok();
        while stream.write_all(&[b' '; 8192]).await.is_ok() {}
    });
    let address = address.await;
    let machine = Machine::new().keys().region().with("AWS_ENDPOINT_URL", &format!("http://{address}"));
    let told = [address.as_str(), "answers CreateDBClusterSnapshot with more than 32 MiB"];
    assert_says(&says(machine, "create").await, "UnreadableAnswer unclear", &told);
}

#[test]
fn a_time_zone_without_end_and_an_agent_that_cannot_be_sent_are_named() {
    let output = std::process::Command::new(PROGRAM)
        .args(["history", "--json"])
        .env("TZ", ":/dev/zero")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("VALIDATION_ERROR") && said.contains("/dev/zero is no file of a time zone"),
        "{said}"
    );
    let said = Machine::new().region().keys().with("AWS_EXECUTION_ENV", "a\rb").says("connect");
    assert_says(&said, "Configuration refused", &["AWS_EXECUTION_ENV"]);
}
