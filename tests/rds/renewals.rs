//! New credentials without leaving the screen program, by the real binary in a terminal: a code of an MFA device, sent
//! once for all places, and a login that is started from there or noticed by itself.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use portable_pty::CommandBuilder;
use tempfile::TempDir;

use super::machine::CORP_LOGIN;
use super::pty::{PATIENCE, Session, clustersnap};
use super::wire::answering;

const ROLES: &str = "[profile ops]\nregion = eu-west-1\nrole_arn = arn:aws:iam::123456789012:role/ops\nsource_profile = base\n\
                     mfa_serial = arn:aws:iam::999999999999:mfa/me\n[profile base]\naws_access_key_id = AKIABASE\n\
                     aws_secret_access_key = s3cr3t\n";
const SSO: &str = "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = dba\n\
                   [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n";
/// The code whose session ends a moment after it was given, one that is wrong, and one that is right.
const SHORT: &str = "101010";
const WRONG: &str = "202020";
const RIGHT: &str = "303030";
const CLUSTERS: &str = "<DescribeDBClustersResponse><DescribeDBClustersResult><DBClusters><DBCluster>\
                        <DBClusterIdentifier>orders</DBClusterIdentifier><Engine>aurora-postgresql</Engine>\
                        <Status>available</Status></DBCluster></DBClusters></DescribeDBClustersResult>\
                        </DescribeDBClustersResponse>";
const NOTHING: &str =
    "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not that</Message></Error></ErrorResponse>";

/// Every service, in one; with the bodies that it got.
async fn services() -> (String, Arc<Mutex<Vec<String>>>) {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let shared = Arc::clone(&seen);
    let url = answering(move |_, body| {
        let mut seen = shared.lock().unwrap();
        seen.push(body.to_owned());
        let is_short = !seen.iter().any(|earlier| earlier.contains(&format!("TokenCode={RIGHT}")));
        let answer = |text: String| (200, "x: y", text);
        if body.contains(&format!("TokenCode={WRONG}")) {
            let wrong = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
            (403, "x: y", NOTHING.replace("not that", wrong))
        } else if body.contains("Action=GetSessionToken") {
            answer(session("GetSessionToken", is_short))
        } else if body.contains("Action=AssumeRole") {
            answer(session("AssumeRole", is_short))
        } else if body.contains("Action=DescribeDBClusters&") {
            answer(CLUSTERS.to_owned())
        } else if body.contains("Action=") {
            (403, "x: y", NOTHING.to_owned())
        } else {
            let given = r#"{"accessKeyId":"ASIASSO","secretAccessKey":"s3cr3t","sessionToken":"t","expiration":4070908800000}"#;
            answer(format!("{{\"roleCredentials\":{given}}}"))
        }
    })
    .await;
    (url, seen)
}

fn session(action: &str, is_short: bool) -> String {
    let left = SignedDuration::from_secs(if is_short { 4 } else { 3600 });
    let end = Timestamp::now() + left;
    format!(
        "<{action}Response><{action}Result><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s3cr3t\
         </SecretAccessKey><SessionToken>t</SessionToken><Expiration>{end}</Expiration></Credentials></{action}Result>\
         </{action}Response>"
    )
}

fn home(config: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".aws")).unwrap();
    fs::write(home.path().join(".aws/config"), config).unwrap();
    home
}

fn start(home: &Path, url: &str, words: &[&str]) -> CommandBuilder {
    let mut command = clustersnap(home, words);
    command.env("AWS_ENDPOINT_URL", url);
    command
}

fn quit(mut session: Session) -> Vec<u8> {
    session.send("\x03");
    session.wait_for_end(PATIENCE);
    session.since(0)
}

/// Types a code, or its end, and gives it.
fn give(session: &mut Session, digits: &str) {
    session.send(digits);
    session.wait_for("mfa/me: ******");
    session.send("\r");
}

const ASKED: &str = "Code of an MFA device";

#[tokio::test(flavor = "multi_thread")]
async fn when_a_session_ends_a_code_is_asked_for_in_the_screen_once_for_all_places() {
    let (url, seen) = services().await;
    let home = home(ROLES);
    let words = ["--profile", "ops", "--region", "eu-west-1", "--region", "us-east-1"];
    let mut session = Session::start(start(home.path(), &url, &words), 100, 30);
    session.wait_for("Code of the MFA device arn:aws:iam::999999999999:mfa/me:");
    session.send(&format!("{SHORT}\r"));
    session.wait_for("orders");
    // Lists are read anew now and then; whoever asks for it sees at once that the session has ended.
    while !session.screen().contains(ASKED) {
        session.send("r");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(session.screen().contains("The session has ended"), "{}", session.screen());
    session.send("20x20");
    session.wait_for("mfa/me: ****");
    session.send("\r");
    session.wait_for("A code has six digits.");
    give(&mut session, "20");
    session.wait_for("is wrong, or was used already");
    give(&mut session, RIGHT);
    session.wait_until("the lists again", |screen| {
        let text = screen.contents();
        text.contains("orders") && !text.contains(ASKED) && !text.contains("Paused")
    });
    let bytes = String::from_utf8_lossy(&quit(session)).into_owned();
    let sent = seen.lock().unwrap().concat();
    for code in [SHORT, WRONG, RIGHT] {
        assert_eq!(sent.matches(&format!("TokenCode={code}")).count(), 1, "{code}");
        assert!(!bytes.contains(code), "{code} is on the screen");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_is_opened_later_asks_for_its_code_in_the_screen_and_esc_puts_it_off() {
    let (url, seen) = services().await;
    let home = home(ROLES);
    let mut session =
        Session::start(start(home.path(), &url, &["--profile", "base", "--region", "eu-west-1"]), 100, 30);
    session.wait_for("orders");
    session.send("p");
    session.wait_for("ops");
    session.send("ops");
    session.wait_for("/ops");
    session.send("\r");
    session.wait_for(ASKED);
    session.send("\x1b");
    session.wait_until("the list", |screen| !screen.contents().contains(ASKED));
    session.send("r");
    session.wait_for(ASKED);
    give(&mut session, RIGHT);
    session.wait_until("its clusters", |screen| {
        let text = screen.contents();
        text.contains("orders") && !text.contains(ASKED)
    });
    assert!(seen.lock().unwrap().concat().contains(&format!("TokenCode={RIGHT}")));
    quit(session);
}

/// Where a login leaves its token.
fn login_file(home: &Path) -> PathBuf {
    home.join(".aws").join(CORP_LOGIN)
}

const LOGIN: &str = r#"{"accessToken":"s3cr3t-s3cr3t","expiresAt":"2099-01-01T00:00:00Z","startUrl":"x"}"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_started_from_the_screen_which_shows_what_it_says() {
    let (url, _) = services().await;
    let home = home(SSO);
    let folder = home.path().join("bin");
    fs::create_dir(&folder).unwrap();
    let aws = "#!/bin/sh\necho \"open https://device.example, $*\"\necho 'and enter ABCD-EFGH' >&2\n\
               until [ -e go ]; do sleep 0.1; done\nmkdir -p .aws/sso/cache\ncp login \"$LOGIN_FILE\"\n";
    fs::write(folder.join("aws"), aws).unwrap();
    fs::set_permissions(folder.join("aws"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(home.path().join("login"), LOGIN).unwrap();
    let mut command = start(home.path(), &url, &["--profile", "dev", "--region", "eu-west-1"]);
    command.env("PATH", format!("{}:/usr/bin:/bin", folder.display()));
    command.env("LOGIN_FILE", login_file(home.path()));
    let mut session = Session::start(command, 100, 30);
    session.wait_for("It can be started here");
    assert!(session.screen().contains("aws sso login --profile dev"), "{}", session.screen());
    session.send("\r");
    session.wait_for("open https://device.example, sso login --profile dev");
    session.wait_for("and enter ABCD-EFGH");
    fs::write(home.path().join("go"), "").unwrap();
    session.wait_for("orders");
    quit(session);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_elsewhere_is_noticed_by_itself_and_a_missing_command_is_told() {
    let (url, _) = services().await;
    let home = home(SSO);
    let mut command = start(home.path(), &url, &["--profile", "dev", "--region", "eu-west-1"]);
    command.env("PATH", "/nowhere");
    let mut session = Session::start(command, 100, 30);
    session.wait_for("It can be started here");
    session.send("\r");
    session.wait_for("the AWS command line is not installed here");
    let file = login_file(home.path());
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, LOGIN).unwrap();
    session.wait_for("orders");
    quit(session);
}
