//! A session of `aws login`, renewed as the AWS command line renews it: where it asks, what it keeps, what it says.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::machine::{Machine, assert_says};
use super::wire::answering;

/// The SHA-256 of `x`, by which the login is kept.
const FILE: &str = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881.json";
/// A key made for these tests, as `aws login` keeps one.
const KEY: &str = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIBMB/RwQERsVoqWRQG4zK8CnaAa5dfrpbm+9tFdBh3z4oAoGCCqGSM49\n\
                   AwEHoUQDQgAEWb1VLi1EA2hJaTz4yYuxSELvY+1GAfL+8rUTCAdiFid87Bf6GY+s\n2+1RpqDv0RpZiDIMCrZrsAh+RK9S3QCaGA==\n\
                   -----END EC PRIVATE KEY-----\n";
const PROFILE: &str = "[default]\nregion = eu-west-1\nlogin_session = x\n";
const GIVEN: &str = r#"{"accessToken":{"accessKeyId":"ASIANEW","secretAccessKey":"s3cr3t","sessionToken":"new"},
                        "tokenType":"aws_sigv4","expiresIn":900,"refreshToken":"r2"}"#;

/// What `aws login` leaves, as newer versions of it do.
fn login(end: &str) -> Value {
    json!({
        "accessToken": {"accessKeyId": "ASIAOLD", "secretAccessKey": "s3cr3t", "sessionToken": "old",
                        "accountId": 123_456_789_012_u64, "expiresAt": end, "more": {"a": []}},
        "tokenType": "aws_sigv4", "refreshToken": "r1", "clientId": "c", "dpopKey": KEY,
        "signInRegion": "us-east-2", "more": [1],
    })
}

/// A machine on which somebody logged in, and the file of that.
fn logged_in(config: &str, login: &Value) -> (Machine, PathBuf) {
    let machine = Machine::new().config(config);
    let file = machine.path("login/cache").join(FILE);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, login.to_string()).unwrap();
    (machine, file)
}

async fn says(machine: Machine) -> (String, Machine) {
    tokio::task::spawn_blocking(move || (machine.says("create"), machine)).await.unwrap()
}

/// Heads of requests, in order.
type Heads = Arc<Mutex<Vec<String>>>;

/// A service that refuses all, and the heads of what it is asked.
async fn refusing() -> (String, Heads) {
    let heads = Heads::default();
    let noted = Arc::clone(&heads);
    let url = answering(move |head, _| {
        noted.lock().unwrap().push(head.to_owned());
        (403, "x: y", "no".to_owned())
    });
    (url.await, heads)
}

#[tokio::test]
async fn a_login_is_renewed_at_the_host_that_the_machine_names_in_its_own_region() {
    let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    let services = "services = s\n[services s]\nsignin =\n  endpoint_url = https://svc.example\n";
    let all = ("AWS_ENDPOINT_URL", "https://all.example");
    for (config, variables, host) in [
        ("", vec![], "us-east-2.signin.aws.amazon.com"),
        ("", vec![all], "all.example"),
        ("", vec![all, ignored], "us-east-2.signin.aws.amazon.com"),
        (
            "",
            vec![("AWS_ENDPOINT_URL_SIGNIN", "https://own.example"), ignored],
            "us-east-2.signin.aws.amazon.com",
        ),
        ("ignore_configured_endpoint_urls = true\n", vec![all], "us-east-2.signin.aws.amazon.com"),
        ("", vec![("AWS_USE_FIPS_ENDPOINT", "true")], "signin-fips.us-east-2.amazonaws.com"),
        ("use_fips_endpoint = true\n", vec![], "signin-fips.us-east-2.amazonaws.com"),
        ("", vec![("AWS_USE_DUALSTACK_ENDPOINT", "true")], "signin.us-east-2.api.aws"),
        ("endpoint_url = https://prof.example\n", vec![], "prof.example"),
        (services, vec![], "svc.example"),
    ] {
        let (proxy, heads) = refusing().await;
        let (machine, _) = logged_in(&format!("{PROFILE}{config}"), &login("2020-01-01T00:00:00Z"));
        let machine = machine.with("HTTPS_PROXY", &proxy);
        let machine = variables.iter().fold(machine, |machine, (name, value)| machine.with(name, value));
        let (said, _) = says(machine).await;
        let asked = heads.lock().unwrap().first().cloned().unwrap_or_default();
        assert!(asked.starts_with(&format!("CONNECT {host}:443 ")), "{config} {variables:?}: {asked} {said}");
    }
}

#[tokio::test]
async fn a_login_of_an_older_version_is_renewed_in_the_region_in_use() {
    for (region, host) in [
        ("eu-west-1", "eu-west-1.signin.aws.amazon.com"),
        ("fips-us-east-1", "signin-fips.us-east-1.amazonaws.com"),
    ] {
        let (proxy, heads) = refusing().await;
        let mut login = login("2020-01-01T00:00:00Z");
        login.as_object_mut().unwrap().remove("signInRegion");
        let (machine, _) = logged_in(PROFILE, &login);
        let (said, _) = says(machine.with("HTTPS_PROXY", &proxy).with("AWS_REGION", region)).await;
        let asked = heads.lock().unwrap().first().cloned().unwrap_or_default();
        assert!(asked.starts_with(&format!("CONNECT {host}:443 ")), "{asked} {said}");
    }
}

#[tokio::test]
async fn a_renewed_login_is_kept_with_all_that_stood_in_it() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let url = answering(move |head, body| {
        noted.lock().unwrap().push((head.to_owned(), body.to_owned()));
        if head.starts_with("POST /v1/token ") {
            (200, "x: y", GIVEN.to_owned())
        } else {
            (503, "x: y", String::new())
        }
    })
    .await;
    // The old end in a form that the AWS command line reads too.
    let (machine, file) = logged_in(PROFILE, &login("2020-01-01 00:00:00 +00:00"));
    let folder = file.ancestors().nth(4).unwrap().join("lc");
    std::fs::rename(file.parent().unwrap(), &folder).unwrap();
    let (said, _machine) =
        says(machine.with("AWS_ENDPOINT_URL", &url).with("AWS_LOGIN_CACHE_DIRECTORY", "$HOME/lc")).await;
    let asked = asked.lock().unwrap().clone();
    let (head, body) = asked.first().unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(body).unwrap(),
        json!({"clientId": "c", "grantType": "refresh_token", "refreshToken": "r1"})
    );
    assert!(head.contains("\r\ndpop: ey") && !head.to_lowercase().contains("\r\nauthorization:"), "{head}");
    assert!(asked.iter().skip(1).all(|(head, _)| head.contains("Credential=ASIANEW/")), "{asked:?} {said}");
    let kept = std::fs::read(folder.join(FILE)).unwrap();
    let mut kept: Value = serde_json::from_slice(&kept).unwrap();
    let end = kept["accessToken"]["expiresAt"].take();
    assert!(end.as_str().unwrap().ends_with('Z'), "{end}");
    let expected = json!({
        "accessToken": {"accessKeyId": "ASIANEW", "secretAccessKey": "s3cr3t", "sessionToken": "new",
                        "accountId": 123_456_789_012_u64, "expiresAt": null},
        "tokenType": "aws_sigv4", "refreshToken": "r2", "clientId": "c", "dpopKey": KEY,
        "signInRegion": "us-east-2", "more": [1],
    });
    assert_eq!(kept, expected);
}

#[tokio::test]
async fn a_login_that_lasts_is_used_as_it_is() {
    let (url, heads) = refusing().await;
    let (machine, _) = logged_in(PROFILE, &login("2099-01-01T00:00:00+00:00"));
    says(machine.with("AWS_ENDPOINT_URL", &url)).await;
    let heads = heads.lock().unwrap().clone();
    assert!(!heads.is_empty() && heads.iter().all(|head| head.contains("Credential=ASIAOLD/")), "{heads:?}");
}

#[tokio::test]
async fn why_a_login_is_not_renewed_is_told() {
    let run = "run: aws login --profile default";
    for (status, code, kind, told, is_advised) in [
        (403, "TOKEN_EXPIRED", "ExpiredCredentials refused", "it has expired", true),
        (403, "USER_CREDENTIALS_CHANGED", "ExpiredCredentials refused", "the password was changed", true),
        (403, "INSUFFICIENT_PERMISSIONS", "AccessDenied refused", "signin:CreateOAuth2Token", false),
        (403, "AUTHCODE_EXPIRED", "BadCredentials refused", "it is not accepted", true),
        (500, "server_error", "ServerTrouble refused", "renewing the session of aws login", false),
    ] {
        let url = answering(move |_, _| {
            let name = if status == 403 { "AccessDeniedException" } else { "InternalServerException" };
            (status, "x: y", json!({"__type": name, "error": code, "message": "said there"}).to_string())
        });
        let (machine, _) = logged_in(PROFILE, &login("2020-01-01T00:00:00Z"));
        let (said, _) = says(machine.with("AWS_ENDPOINT_URL", &url.await)).await;
        assert_says(&said, kind, &[told, "said there", "profile default of"]);
        assert_eq!(said.contains(run), is_advised, "{said}");
    }
}

#[tokio::test]
async fn what_is_missing_in_a_login_is_named_as_it_stands_there() {
    let without = |name: &str| {
        let mut login = login("2099-01-01T00:00:00Z");
        if login.as_object_mut().unwrap().remove(name).is_none() {
            login["accessToken"].as_object_mut().unwrap().remove(name);
        }
        login
    };
    for (login, told) in [
        (without("expiresAt"), "there is no accessToken.expiresAt"),
        (without("accessToken"), "there is no accessToken"),
        (without("secretAccessKey"), "there is no secretAccessKey"),
        (without("dpopKey"), "there is no dpopKey"),
        (without("clientId"), "there is no clientId"),
        (without("refreshToken"), "there is no refreshToken"),
        (without("sessionToken"), "there is no accessToken.sessionToken"),
        (login("soon"), "expiresAt is not a time"),
    ] {
        let (machine, _) = logged_in(PROFILE, &login);
        let (said, _) = says(machine).await;
        assert_says(&said, "NoCredentials refused", &[told, FILE, "run: aws login --profile default"]);
    }
    let said = Machine::new().config(PROFILE).says("create");
    assert_says(
        &said,
        "NoCredentials refused",
        &["nobody has logged in: there is no ", FILE, "run: aws login"],
    );
    let (machine, file) = logged_in(PROFILE, &json!({}));
    std::fs::remove_file(&file).unwrap();
    std::os::unix::fs::symlink("/dev/zero", &file).unwrap();
    let (said, _) = says(machine).await;
    assert_says(&said, "Configuration refused", &[FILE, "it is no ordinary file"]);
}

/// What the sign-in service refuses, once it has done something.
async fn refusing_after(act: impl Fn() + Clone + Send + Sync + 'static) -> (String, Heads) {
    let heads = Heads::default();
    let noted = Arc::clone(&heads);
    let url = answering(move |head, _| {
        noted.lock().unwrap().push(head.to_owned());
        if !head.starts_with("POST /v1/token ") {
            return (503, "x: y", String::new());
        }
        act();
        (403, "x: y", json!({"__type": "AccessDeniedException", "error": "TOKEN_EXPIRED"}).to_string())
    });
    (url.await, heads)
}

#[tokio::test]
async fn a_login_that_could_not_be_kept_is_not_spent() {
    let soon = (Timestamp::now() + SignedDuration::from_mins(3)).to_string();
    for (end, is_used) in [(soon.as_str(), true), ("2020-01-01T00:00:00Z", false)] {
        let (url, heads) = refusing_after(|| ()).await;
        let (machine, file) = logged_in(PROFILE, &login(end));
        // Beside a name as long as names may be there is no room for another, for root neither.
        let long = file.with_file_name("x".repeat(255));
        std::fs::rename(&file, &long).unwrap();
        std::os::unix::fs::symlink(&long, &file).unwrap();
        let (said, _machine) = says(machine.with("AWS_ENDPOINT_URL", &url)).await;
        let heads = heads.lock().unwrap().clone();
        assert!(!heads.iter().any(|head| head.starts_with("POST /v1/token ")), "{heads:?}");
        assert_eq!(heads.iter().any(|head| head.contains("Credential=ASIAOLD/")), is_used, "{heads:?}");
        assert!(is_used || said.contains("a renewed login cannot be kept in "), "{said}");
    }
}

#[tokio::test]
async fn a_login_that_another_process_renewed_in_this_moment_is_used() {
    let (machine, file) = logged_in(PROFILE, &login("2020-01-01T00:00:00Z"));
    let renewed = login("2099-01-01T00:00:00Z").to_string().replace("ASIAOLD", "ASIANEW");
    let (url, heads) = refusing_after(move || std::fs::write(&file, &renewed).unwrap()).await;
    let (said, _machine) = says(machine.with("AWS_ENDPOINT_URL", &url)).await;
    let heads = heads.lock().unwrap().clone();
    assert!(heads.iter().any(|head| head.contains("Credential=ASIANEW/")), "{heads:?} {said}");
}
