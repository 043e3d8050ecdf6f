//! Why there are no credentials: which place failed, what the service answered, and what to do.

use std::sync::{Arc, Mutex};

use super::machine::{CORP_LOGIN, Machine, assert_says};
use super::pty::{PATIENCE, Session, clustersnap};
use super::support::program::PROGRAM;
use super::wire::answering;

pub const SSO: &str = "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dba\n\
                   [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n";
const LEGACY: &str =
    "[profile dev]\nsso_start_url = corp\nsso_region = eu-west-1\nsso_account_id = 1\nsso_role_name = dba\n";
pub const ROLE: &str = "[profile ops]\nrole_arn = arn:aws:iam::123456789012:role/ops\nsource_profile = base\n\
                    duration_seconds = 7200\n[profile base]\naws_access_key_id = AKIABASE\n\
                    aws_secret_access_key = s3cr3t\n";
const DEVICE: &str = "arn:aws:iam::999999999999:mfa/me";

pub async fn says(machine: Machine, task: &'static str) -> String {
    tokio::task::spawn_blocking(move || machine.says(task)).await.unwrap()
}

/// A machine on which somebody logged in to SSO, with this end.
pub fn logged_in(config: &str, end: &str) -> Machine {
    let machine = Machine::new().region().config(config).profile("dev");
    std::fs::create_dir_all(machine.path("sso/cache")).unwrap();
    let login = format!(r#"{{"accessToken":"s3cr3t-s3cr3t","expiresAt":"{end}","startUrl":"x"}}"#);
    std::fs::write(machine.path(CORP_LOGIN), login).unwrap();
    machine
}

/// An error as the Query services write it.
fn refusal(code: &str, message: &str) -> String {
    format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>\
         <RequestId>r-1</RequestId></ErrorResponse>"
    )
}

pub fn session(action: &str, key: &str) -> String {
    format!(
        "<{action}Response><{action}Result><Credentials><AccessKeyId>{key}</AccessKeyId>\
         <SecretAccessKey>s3cr3t</SecretAccessKey><SessionToken>t</SessionToken>\
         <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></{action}Result></{action}Response>"
    )
}

#[tokio::test]
async fn what_sso_answers_is_told_as_it_is() {
    let login = "run: aws sso login --profile dev";
    for (status, header, kind, told) in [
        (403, "x-amzn-errortype: ForbiddenException", "AccessDenied refused", vec!["No access", "role dba"]),
        (
            429,
            "x-amzn-errortype: TooManyRequestsException",
            "Throttled refused",
            vec!["No access", "profile dev"],
        ),
        (500, "x-amzn-requestid: r-1", "ServerTrouble refused", vec!["profile dev of"]),
        (401, "x-amzn-errortype: UnauthorizedException", "BadCredentials refused", vec![login]),
    ] {
        for config in [SSO, LEGACY] {
            let url = answering(move |_, _| (status, header, r#"{"message":"No access"}"#.to_owned())).await;
            let machine = logged_in(config, "2099-01-01T00:00:00Z").with("AWS_ENDPOINT_URL", &url);
            assert_says(&says(machine, "create").await, kind, &told);
        }
    }
}

#[tokio::test]
async fn what_of_sso_cannot_be_sent_is_told_without_the_words_of_the_code() {
    let end = "2099-01-01T00:00:00Z";
    let region = LEGACY.replace("eu-west-1", "eu-west-1 # Ireland");
    let told = ["sso_region 'eu-west-1 # Ireland' is not the name of a Region"];
    assert_says(&says(logged_in(&region, end), "create").await, "Configuration refused", &told);
    let machine = logged_in(SSO, end);
    let file = machine.path(CORP_LOGIN);
    std::fs::write(&file, format!(r#"{{"accessToken":"s3cr3t\n","expiresAt":"{end}"}}"#)).unwrap();
    let told = ["accessToken has a character in it that cannot be sent", "run: aws sso login --profile dev"];
    assert_says(&says(machine, "create").await, "Configuration refused", &told);
}

#[tokio::test]
async fn only_a_login_that_has_ended_has_expired() {
    for config in [SSO, LEGACY] {
        let told = ["expired, at 2020-01-01T00:00:00Z", "run: aws sso login --profile dev"];
        let machine =
            logged_in(config, "2020-01-01T00:00:00Z").with("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        assert_says(&says(machine, "create").await, "ExpiredCredentials refused", &told);
        let machine =
            logged_in(config, "2099-01-01T00:00:00UTC").with("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
        assert_says(&says(machine, "create").await, "NoConnection refused", &["127.0.0.1:1", "dba"]);
        let none = Machine::new().region().config(config).profile("dev");
        assert_says(&says(none, "create").await, "NoCredentials refused", &["nobody has logged in"]);
    }
}

#[tokio::test]
async fn what_sts_answers_is_told_as_it_is_and_what_passes_is_told_so() {
    let step = "assuming the role arn:aws:iam::123456789012:role/ops of profile ops";
    for (status, code, kind) in [
        (400, "Throttling", "Throttled refused"),
        (503, "ServiceUnavailable", "ServerTrouble refused"),
        (403, "AccessDenied", "AccessDenied refused"),
        (403, "ExpiredToken", "ExpiredCredentials refused"),
        (403, "InvalidClientTokenId", "BadCredentials refused"),
        (403, "RegionDisabledException", "Other refused"),
    ] {
        let url = answering(move |_, _| (status, "x: y", refusal(code, "so it is"))).await;
        let machine = Machine::new().region().config(ROLE).profile("ops").with("AWS_ENDPOINT_URL", &url);
        assert_says(&says(machine, "create").await, kind, &[step, "so it is"]);
    }
}

#[tokio::test]
async fn a_denial_by_a_policy_is_no_missing_permission() {
    let message = "User: arn:aws:sts::1:assumed-role/r/s is not authorized to perform: rds:CreateDBClusterSnapshot \
                   on resource: arn:aws:rds:eu-west-1:1:cluster:orders with an explicit deny in a service control \
                   policy";
    let url = answering(move |_, _| (403, "x: y", refusal("AccessDenied", message))).await;
    let machine = Machine::new().region().keys().with("AWS_ENDPOINT_URL", &url);
    assert_says(
        &says(machine, "create").await,
        "Forbidden refused",
        &["service control policy", "ask whoever keeps"],
    );
}

/// A server whose STS accepts one code once; with the bodies that it got.
async fn device() -> (String, Arc<Mutex<Vec<String>>>) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let shared = Arc::clone(&seen);
    let url = answering(move |_, body| {
        let wrong = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
        let mut seen = shared.lock().unwrap();
        let is_used = seen.iter().any(|earlier| earlier.contains("TokenCode="));
        seen.push(body.to_owned());
        if body.contains("TokenCode=") && (is_used || !body.contains("TokenCode=123456")) {
            return (403, "x: y", refusal("AccessDenied", wrong));
        }
        if body.contains("Action=GetCallerIdentity") {
            let caller = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>1</Account>\
                          <Arn>arn:aws:iam::1:user/twice</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>";
            return (200, "x: y", caller.to_owned());
        }
        if body.contains("Action=Describe") {
            return (403, "x: y", refusal("AccessDenied", "nothing is shown here"));
        }
        let action = if body.contains("Action=GetSessionToken") { "GetSessionToken" } else { "AssumeRole" };
        let key = if action == "AssumeRole" { "ASIAROLE" } else { "ASIAMFA" };
        (200, "x: y", session(action, key))
    })
    .await;
    (url, seen)
}

/// What is said on a machine, and what STS got.
async fn with_device(machine: Machine, task: &'static str) -> (String, Vec<String>) {
    let (url, seen) = device().await;
    let said = says(machine.with("AWS_ENDPOINT_URL", &url), task).await;
    let seen = seen.lock().unwrap().clone();
    (said, seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn at_a_terminal_a_code_is_asked_for_and_not_shown() {
    let (url, seen) = device().await;
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    let config = ROLE.replace("duration", &format!("mfa_serial = {DEVICE}\nduration"));
    std::fs::write(home.path().join(".aws/config"), config).unwrap();
    let asked = "Code of the MFA device arn:aws:iam::999999999999:mfa/me:";
    for words in [&[][..], &["--linear"], &["list"]] {
        let own = ["--profile", "ops", "--region", "eu-west-1"];
        let mut command = clustersnap(home.path(), &[words, &own].concat());
        command.env("AWS_ENDPOINT_URL", &url);
        let mut session = Session::start(command, 100, 30);
        session.wait_for(asked);
        session.send("12345x\x7f6\r");
        session.wait_for("nothing is shown here");
        assert!(!session.screen().contains("123456"), "{}", session.screen());
        assert_eq!(
            std::mem::take(&mut *seen.lock().unwrap()).concat().matches("TokenCode=123456").count(),
            1
        );
        if words.is_empty() {
            session.send("q");
        }
        session.wait_for_end(PATIENCE);
    }
    for (words, is_killed) in [(&[][..], false), (&[], true), (&["list"], true), (&["--linear"], true)] {
        let own = ["--profile", "ops", "--region", "eu-west-1"];
        let mut session = Session::start(clustersnap(home.path(), &[words, &own].concat()), 100, 30);
        session.wait_for(asked);
        session.send("12");
        session.wait_for("**");
        if is_killed {
            session.signal(rustix::process::Signal::TERM);
        } else {
            session.send("\x03");
        }
        assert_eq!(session.wait_for_end(PATIENCE), 130);
        let settings = session.settings();
        assert!(settings.contains("ECHO |") && settings.contains("ICANON"), "{words:?}: {settings}");
    }
}

fn asking(code: &'static str) -> Machine {
    let config = ROLE.replace("duration", &format!("mfa_serial = {DEVICE}\nduration"));
    Machine::new().region().config(config).profile("ops").code(code)
}

#[tokio::test]
async fn a_code_is_sent_once_and_the_roles_of_the_run_come_from_its_session() {
    // Two places connect, one after the other.
    let (said, seen) = with_device(asking("123456"), "twice").await;
    assert_says(&said, "", &["arn:aws:iam::1:user/twice"]);
    let sts: Vec<&String> = seen.iter().filter(|body| !body.contains("GetCallerIdentity")).collect();
    let [session, first, second] = &sts[..] else { panic!("{seen:?}") };
    assert!(session.contains("Action=GetSessionToken") && session.contains("TokenCode=123456"), "{session}");
    assert!(session.contains("mfa%2Fme"), "{session}");
    for role in [first, second] {
        assert!(role.contains("Action=AssumeRole") && !role.contains("TokenCode"), "{role}");
        assert!(role.contains("DurationSeconds=7200"), "{role}");
    }
}

#[tokio::test]
async fn a_code_that_a_second_role_of_a_chain_asks_for_was_used_and_has_not_ended() {
    let far = format!(
        "[profile far]\nrole_arn = arn:aws:iam::1:role/far\nmfa_serial = {DEVICE}\nsource_profile = ops\n"
    );
    let ops = ROLE.replace("duration", &format!("mfa_serial = {DEVICE}\nduration"));
    let machine = Machine::new().region().config(far + &ops).profile("far").code("123456");
    let (said, _) = with_device(machine, "create").await;
    let told = ["mfa/me was used already, for other credentials", "leave mfa_serial at the first"];
    assert_says(&said, "NoCredentials refused", &told);
}

#[tokio::test]
async fn where_no_session_is_given_for_a_code_it_is_sent_with_the_role() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let shared = Arc::clone(&seen);
    let url = answering(move |_, body| {
        shared.lock().unwrap().push(body.to_owned());
        if body.contains("Action=AssumeRole") {
            (200, "x: y", session("AssumeRole", "ASIAROLE"))
        } else {
            (403, "x: y", refusal("AccessDenied", "not authorized to perform this"))
        }
    })
    .await;
    let said = says(asking("123456").with("AWS_ENDPOINT_URL", &url), "create").await;
    assert_says(&said, "AccessDenied refused", &[]);
    let seen = seen.lock().unwrap();
    let role = seen.iter().find(|body| body.contains("Action=AssumeRole")).unwrap();
    assert!(role.contains("TokenCode=123456") && role.contains("SerialNumber="), "{role}");
}

#[tokio::test]
async fn a_wrong_code_is_told_to_be_wrong_and_is_not_sent_again() {
    let (said, seen) = with_device(asking("654321"), "caller").await;
    let told = ["the code of the MFA device", DEVICE, "is wrong, or was used already", "--mfa-code"];
    assert_says(&said, "BadCredentials refused", &told);
    assert_eq!(seen.len(), 1, "{seen:?}");
    let (said, seen) = with_device(asking("12345x"), "caller").await;
    assert_says(&said, "Configuration refused", &["is not six digits"]);
    assert!(seen.is_empty() && !said.contains("12345x"), "{said}");
}

/// The one snapshot that there is, as RDS lists it.
fn listed(status: &str) -> String {
    let action = "DescribeDBClusterSnapshots";
    format!(
        "<{action}Response><{action}Result><DBClusterSnapshots><DBClusterSnapshot>\
         <DBClusterSnapshotIdentifier>s1</DBClusterSnapshotIdentifier><DBClusterIdentifier>orders</DBClusterIdentifier>\
         <DBClusterSnapshotArn>arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:s1</DBClusterSnapshotArn>\
         <SnapshotType>manual</SnapshotType><Status>{status}</Status><PercentProgress>50</PercentProgress>\
         <SnapshotCreateTime>2026-11-23T02:00:00Z</SnapshotCreateTime><Engine>aurora-mysql</Engine>\
         </DBClusterSnapshot></DBClusterSnapshots></{action}Result></{action}Response>"
    )
}

#[tokio::test]
async fn what_is_followed_is_followed_on_while_sts_throttles() {
    let roles: Arc<Mutex<usize>> = Arc::default();
    let shared = Arc::clone(&roles);
    let url = answering(move |_, body| {
        let mut roles = shared.lock().unwrap();
        if body.contains("Action=AssumeRole") {
            *roles += 1;
            // From the second look on, all three attempts of a look are throttled.
            return if (3..=5).contains(&*roles) {
                (400, "x: y", refusal("Throttling", "Rate exceeded"))
            } else {
                // A session that is about to end is got anew for every call.
                let end = (jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3)).to_string();
                (200, "x: y", session("AssumeRole", "ASIAROLE").replace("2099-01-01T00:00:00Z", &end))
            };
        }
        let is_list = body.contains("Action=DescribeDBClusterSnapshots");
        let status = if *roles > 5 { "available" } else { "creating" };
        if is_list { (200, "x: y", listed(status)) } else { (403, "x: y", refusal("AccessDenied", "no")) }
    })
    .await;
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), ROLE).unwrap();
    let watched = tokio::task::spawn_blocking(move || {
        std::process::Command::new(PROGRAM)
            .args(["watch", "s1", "--json", "--profile", "ops", "--region", "eu-west-1"])
            .env_clear()
            .env("HOME", home.path())
            .env("PATH", "/usr/bin:/bin")
            .env("AWS_ENDPOINT_URL", &url)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .output()
            .unwrap()
    });
    let output = watched.await.unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(0), "{said}\n{complained}");
    assert!(said.contains("available"), "{said}");
    assert!(*roles.lock().unwrap() > 5, "it was not throttled");
}

#[tokio::test]
async fn what_a_container_answers_is_told_without_the_words_of_the_code() {
    for (status, kind) in [
        (500, "UnreadableAnswer refused"),
        (429, "Throttled refused"),
        (403, "BadCredentials refused"),
        (404, "Configuration refused"),
    ] {
        let url = answering(move |_, _| (status, "x: y", "no".to_owned())).await;
        let machine = Machine::new().region().with("AWS_CONTAINER_CREDENTIALS_FULL_URI", &format!("{url}/a"));
        let said = says(machine, "create").await;
        assert_says(&said, kind, &["the container's credentials service", &format!("HTTP {status}")]);
        assert!(!said.contains("StatusCode"), "{said}");
    }
    let machine = Machine::new().region().with("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/a");
    assert_says(
        &says(machine, "create").await,
        "NoConnection refused",
        &["the container's credentials service"],
    );
    let machine = Machine::new().region().with("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/a");
    assert_says(
        &says(machine, "create").await,
        "Configuration refused",
        &["the container's credentials service"],
    );
}

#[tokio::test]
async fn a_list_with_a_text_that_cannot_be_read_is_none_and_is_told_in_plain_words() {
    for (member, named) in [
        ("<Engine><x>a</x></Engine>", "it is not built as an answer"),
        ("<Engine>a&nope;b</Engine>", "it is not built as an answer"),
        ("<TagList><Tag><Key><x>k</x></Key></Tag></TagList>", "it is not built as an answer"),
        ("<DBClusterSnapshotIdentifier/>", "row 2 of the list has no identifier"),
    ] {
        let row = "</DBClusterSnapshot></DBClusterSnapshots>";
        let name = "<DBClusterSnapshotIdentifier>s2</DBClusterSnapshotIdentifier>";
        let name = if member.contains("Identifier") { "" } else { name };
        // What can be left out is.
        let second = format!("<PercentProgress>half</PercentProgress>{name}{member}");
        let rows = listed("available")
            .replace(row, &format!("</DBClusterSnapshot><DBClusterSnapshot>{second}{row}"));
        let url = answering(move |_, _| (200, "x: y", rows.clone())).await;
        let said = says(Machine::new().keys().region().with("AWS_ENDPOINT_URL", &url), "list").await;
        assert_says(&said, "UnreadableAnswer unclear", &[named]);
        let is_sdks = |word: &str| said.contains(word);
        assert!(!["XML", "Token", "unhandled", "custom"].into_iter().any(is_sdks), "{said}");
    }
}
