//! The way to whoever gives credentials, and how long what they give is used.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::io::AsyncWriteExt as _;

use super::machine::{CORP_LOGIN, Machine, assert_says};
use super::refusals::{ROLE, SSO, logged_in, says, session};
use super::wire::{answering, listener};

/// A proxy that lets nobody through, and where it was asked to go.
async fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&heads);
    let url = answering(move |head, _| {
        noted.lock().unwrap().push(head.to_owned());
        (502, "x: y", String::new())
    });
    (url.await, heads)
}

#[tokio::test]
async fn roles_are_assumed_at_the_one_host_of_sts_where_that_is_asked_for() {
    let legacy = ("AWS_STS_REGIONAL_ENDPOINTS", "legacy");
    for (region, config, variables, host) in [
        ("eu-west-1", "", vec![], "sts.eu-west-1.amazonaws.com"),
        ("eu-west-1", "", vec![legacy], "sts.amazonaws.com"),
        ("eu-west-1", "sts_regional_endpoints = legacy\n", vec![], "sts.amazonaws.com"),
        ("us-east-1", "sts_regional_endpoints = legacy\n", vec![], "sts.amazonaws.com"),
        ("eu-west-1", "sts_regional_endpoints = regional\n", vec![legacy], "sts.amazonaws.com"),
        (
            "eu-west-1",
            "sts_regional_endpoints = legacy\n",
            vec![("AWS_STS_REGIONAL_ENDPOINTS", "regional")],
            "sts.eu-west-1.amazonaws.com",
        ),
        ("eu-central-2", "", vec![legacy], "sts.eu-central-2.amazonaws.com"),
        ("eu-west-1", "", vec![("AWS_STS_REGIONAL_ENDPOINTS", "")], "sts.eu-west-1.amazonaws.com"),
        (
            "us-east-1",
            "",
            vec![legacy, ("AWS_USE_FIPS_ENDPOINT", "true")],
            "sts-fips.us-east-1.amazonaws.com",
        ),
        ("eu-west-1", "", vec![legacy, ("AWS_ENDPOINT_URL_STS", "https://own.example")], "own.example"),
    ] {
        let (proxy, heads) = proxy().await;
        let machine =
            Machine::new().config(ROLE.replace("duration", &format!("region = {region}\n{config}duration")));
        let machine = machine.profile("ops").with("HTTPS_PROXY", &proxy);
        let machine = variables.iter().fold(machine, |machine, (name, value)| machine.with(name, value));
        let said = says(machine, "create").await;
        let asked = heads.lock().unwrap().first().cloned().unwrap_or_default();
        assert!(
            asked.starts_with(&format!("CONNECT {host}:443 ")),
            "{region} {config} {variables:?}: {asked} {said}"
        );
    }
}

#[tokio::test]
async fn what_keeps_from_a_role_or_sso_is_named_as_on_the_way_to_rds() {
    let through = "through the proxy 127.0.0.1:9";
    let machine = || Machine::new().config(ROLE).profile("ops").with("HTTPS_PROXY", "http://127.0.0.1:9");
    let said = says(machine().region(), "create").await;
    assert_says(
        &said,
        "NoConnection refused",
        &["assuming the role", "sts.eu-west-1.amazonaws.com", through],
    );
    let said = says(machine().with("AWS_REGION", "eu-wset-1"), "create").await;
    assert_says(
        &said,
        "NoConnection refused",
        &[through, "there may be no Region eu-wset-1; was eu-west-1 meant?"],
    );
    let sso = SSO.replace("sso_region = eu-west-1", "sso_region = eu-wset-1");
    let machine = logged_in(&sso, "2099-01-01T00:00:00UTC").with("HTTPS_PROXY", "http://127.0.0.1:9");
    let said = says(machine, "create").await;
    assert_says(&said, "NoConnection refused", &["from SSO", through, "was eu-west-1 meant?"]);
}

#[tokio::test]
async fn a_session_that_has_ended_is_not_used() {
    let url =
        answering(|_, _| (200, "x: y", session("AssumeRole", "ASIAROLE").replace("2099", "2020"))).await;
    let machine = Machine::new().region().config(ROLE).profile("ops").with("AWS_ENDPOINT_URL", &url);
    let told = ["assuming the role", "the credentials given have ended, at 2020-01-01T00:00:00Z"];
    assert_says(&says(machine, "create").await, "ExpiredCredentials refused", &told);
    // One that stops before it says when it ends has not ended.
    let cut = session("AssumeRole", "ASIAROLE").split("<Expiration>").next().unwrap().to_owned();
    let url = answering(move |_, _| (200, "x: y", cut.clone())).await;
    let machine = Machine::new().region().config(ROLE).profile("ops").with("AWS_ENDPOINT_URL", &url);
    let told = ["assuming the role", "the answer stops half-way"];
    assert_says(&says(machine, "create").await, "UnreadableAnswer refused", &told);
    let given =
        r#"{"roleCredentials":{"accessKeyId":"A","secretAccessKey":"s","sessionToken":"","expiration":0}}"#;
    let url = answering(move |_, _| (200, "x: y", given.to_owned())).await;
    let machine = logged_in(SSO, "2099-01-01 00:00:00 +00:00").with("AWS_ENDPOINT_URL", &url);
    let told = ["the credentials given have ended, at 1970-01-01T00:00:00Z"];
    assert_says(&says(machine, "create").await, "ExpiredCredentials refused", &told);
    let process =
        r#"echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"2020-01-01T00:00:00Z"}'"#;
    let told = ["profile default of", "the credentials given have ended"];
    assert_says(
        &says(Machine::new().region().process(process), "create").await,
        "ExpiredCredentials refused",
        &told,
    );
    let ended = Machine::new().region().keys().with("AWS_CREDENTIAL_EXPIRATION", "2020-01-01 00:00:00 UTC");
    let told = ["the credentials in the environment: the credentials given have ended"];
    assert_says(&says(ended, "create").await, "ExpiredCredentials refused", &told);
}

#[tokio::test]
async fn an_sso_login_is_renewed_by_a_registration_that_lasts() {
    let config = "[profile dev]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = dba\n\
                  [sso-session corp]\nsso_region = eu-west-1\nsso_start_url = x\n";
    let machine = |registered: &str| {
        let machine = logged_in(config, "2020-01-01T00:00:00Z");
        let file = machine.path(CORP_LOGIN);
        let login = format!(
            r#"{{"accessToken":"old","expiresAt":"2020-01-01T00:00:00Z","clientId":"c","clientSecret":"s",
                "refreshToken":"r","registrationExpiresAt":"{registered}"}}"#
        );
        std::fs::write(&file, login).unwrap();
        (machine, file)
    };
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let url = answering(move |head, body| {
        noted.lock().unwrap().push(format!("{head}\n{body}"));
        (200, "x: y", r#"{"accessToken":"new","expiresIn":3600,"refreshToken":"r2"}"#.to_owned())
    })
    .await;
    for registered in ["2099-01-01T00:00:00UTC", "2099-01-01T00:00:00+00:00", "2099-01-01T00:00:00Z"] {
        let (machine, file) = machine(registered);
        let said = says(machine.with("AWS_ENDPOINT_URL", &url), "create").await;
        // What the same server answers for the role has no credentials in it.
        assert_says(&said, "UnreadableAnswer refused", &["from SSO"]);
        let asked = std::mem::take(&mut *asked.lock().unwrap());
        let [first, second, ..] = asked.as_slice() else { panic!("{asked:?}: {said}") };
        assert!(first.starts_with("POST /token ") && first.contains(r#""refreshToken":"r""#), "{first}");
        assert!(second.contains("x-amz-sso_bearer_token: new"), "{second}");
        drop(file);
    }
    let (machine, _) = machine("2020-01-01T00:00:00Z");
    let told = ["was not renewed (its registration has expired, at 2020", "run: aws sso login --profile dev"];
    assert_says(&says(machine, "create").await, "ExpiredCredentials refused", &told);
}

#[tokio::test]
async fn of_an_answer_that_may_have_keys_in_it_nothing_is_quoted() {
    let sso = || logged_in(SSO, "2099-01-01T00:00:00Z");
    let role = || Machine::new().region().config(ROLE).profile("ops");
    for (machine, answer) in [
        (sso(), r#"{"roleCredentials":{"secretAccessKey":"s3cr3t"#),
        (sso(), r#"{"roleCredentials":{"secretAccessKey":"s3cr3t"}} and more"#),
        (sso(), r#"and before {"roleCredentials":{"secretAccessKey":"s3cr3t"}}"#),
        (renewable(), r#"{"accessToken":"s3cr3t"#),
        (role(), "<AssumeRoleResponse><Credentials><SecretAccessKey>s3cr3t</SecretAccess"),
        (role(), "<SecretAccessKey>s3cr3t</SecretAccessKey>"),
    ] {
        let url = answering(move |_, _| (200, "x: y", answer.to_owned())).await;
        // What is said is looked at for secrets there.
        let said = says(machine.with("AWS_ENDPOINT_URL", &url), "create").await;
        assert!(said.contains("HTTP 200 with a body that is no whole answer"), "{answer}: {said}");
    }
}

#[tokio::test]
async fn a_login_that_is_over_is_told_so_by_whatever_its_renewal_is_refused() {
    let no_code = r#"{"error":"invalid_grant","error_description":"d"}"#;
    for (status, answer) in [(400, no_code), (403, "<html>log in to the proxy</html>")] {
        let url = answering(move |_, _| (status, "x: y", answer.to_owned())).await;
        let said = says(renewable().with("AWS_ENDPOINT_URL", &url), "create").await;
        assert_says(&said, "ExpiredCredentials refused", &["expired", "run: aws sso login"]);
    }
}

/// A login of SSO that has expired and can be renewed.
fn renewable() -> Machine {
    let machine = logged_in(SSO, "2020-01-01T00:00:00Z");
    let login = r#"{"accessToken":"old","expiresAt":"2020-01-01T00:00:00Z","clientId":"c","clientSecret":"s",
                    "refreshToken":"r1","registrationExpiresAt":"2099-01-01T00:00:00Z"}"#;
    std::fs::write(machine.path(CORP_LOGIN), login).unwrap();
    machine
}

#[tokio::test]
async fn of_two_places_that_have_one_login_one_renews_it() {
    let taken = Arc::new(Mutex::new(0));
    let url = answering(move |head, _| {
        if !head.starts_with("POST /token ") {
            let is_new = head.contains("x-amz-sso_bearer_token: new");
            return (if is_new { 403 } else { 500 }, "x-amzn-errortype: ForbiddenException", "{}".to_owned());
        }
        *taken.lock().unwrap() += 1;
        match *taken.lock().unwrap() {
            1 => (200, "x: y", r#"{"accessToken":"new","expiresIn":3600,"refreshToken":"r2"}"#.to_owned()),
            _ => (400, "x-amzn-errortype: InvalidGrantException", r#"{"error":"invalid_grant"}"#.to_owned()),
        }
    })
    .await;
    let said = says(renewable().with("AWS_ENDPOINT_URL", &url), "at-once").await;
    assert_eq!(said, "AccessDenied AccessDenied");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_renewal_whose_login_still_serves() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&asked);
    let url = answering(move |head, _| {
        let is_old = |noted: &Vec<String>| noted.iter().any(|head| head.contains("bearer_token: old"));
        noted.lock().unwrap().push(head.to_owned());
        if !head.starts_with("POST /token ") {
            return (403, "x-amzn-errortype: ForbiddenException", "{}".to_owned());
        }
        for _ in 0..50 {
            if is_old(&noted.lock().unwrap()) {
                break;
            }
            // The other connection is not to wait behind this one.
            tokio::task::block_in_place(|| std::thread::sleep(Duration::from_millis(100)));
        }
        noted.lock().unwrap().push("renewed".to_owned());
        (200, "x: y", r#"{"accessToken":"new","expiresIn":3600,"refreshToken":"r2"}"#.to_owned())
    })
    .await;
    let soon = Timestamp::now() + SignedDuration::from_mins(10);
    let machine = renewable();
    let login = std::fs::read_to_string(machine.path(CORP_LOGIN)).unwrap();
    let login = login.replace("2020-01-01T00:00:00Z", &soon.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    std::fs::write(machine.path(CORP_LOGIN), login).unwrap();
    let said = says(machine.with("AWS_ENDPOINT_URL", &url), "at-once").await;
    assert_eq!(said, "AccessDenied AccessDenied");
    let asked = asked.lock().unwrap().clone();
    let at = |what: &str| asked.iter().position(|head| head.contains(what)).unwrap();
    assert!(at("bearer_token: old") < at("renewed"), "{asked:?}");
}

#[tokio::test]
async fn why_a_login_of_sso_is_not_renewed_is_told() {
    for (answer, told) in [
        (
            r#"{"error":"invalid_grant","error_description":"it was used"}"#,
            "was not renewed (it was used); run",
        ),
        (r#"{"error":"invalid_grant"}"#, "was not renewed (InvalidGrantException); run"),
    ] {
        let refused =
            answering(move |_, _| (400, "x-amzn-errortype: InvalidGrantException", answer.to_owned()));
        let said = says(renewable().with("AWS_ENDPOINT_URL", &refused.await), "create").await;
        assert_says(&said, "ExpiredCredentials refused", &[told]);
    }
}

#[tokio::test]
async fn a_session_of_sso_that_the_aws_command_line_keeps_is_used_while_it_lasts() {
    for (end, kind) in
        [("2099-01-01T00:00:00Z", "AccessDenied"), ("2020-01-01T00:00:00Z", "ExpiredCredentials")]
    {
        let heads = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&heads);
        let url = answering(move |head, _| {
            noted.lock().unwrap().push(head.to_owned());
            let denied = "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>";
            (403, "x: y", denied.to_owned())
        });
        let machine = logged_in(SSO, "2020-01-01T00:00:00Z").with("AWS_ENDPOINT_URL", &url.await);
        // By the SHA-1 of {"accountId":"123456789012","roleName":"dba","sessionName":"corp"}.
        let file = machine.path("cli/cache/c0f6a042116fe7550454612d17acd653ef27596d.json");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let kept = format!(
            r#"{{"ProviderType":"sso","Credentials":{{"AccessKeyId":"ASIAKEPT","SecretAccessKey":"s3cr3t",
                "SessionToken":"t","Expiration":"{end}"}}}}"#
        );
        std::fs::write(&file, kept).unwrap();
        assert_says(&says(machine, "create").await, kind, &[]);
        let heads = heads.lock().unwrap();
        assert!(heads.iter().all(|head| head.contains("Credential=ASIAKEPT/")), "{heads:?}");
    }
}

#[tokio::test]
async fn a_proxy_may_take_its_time() {
    let slow = listener(|mut stream| async move {
        tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        stream.write_all(b"HTTP/1.1 403 not that one\r\n\r\n").await.ok();
    });
    let machine = Machine::new().region().keys().with("HTTPS_PROXY", &format!("http://{}", slow.await));
    assert!(says(machine, "create").await.contains("not that one"));
}

#[tokio::test]
async fn a_service_that_gives_no_answer_is_named_as_what_is_waited_for() {
    let address = listener(|stream| async move {
        tokio::time::sleep(std::time::Duration::from_mins(1)).await;
        drop(stream);
    });
    let address = address.await;
    let machine = Machine::new().region().config(ROLE).profile("ops");
    let said = says(machine.with("AWS_ENDPOINT_URL", &format!("http://{address}")), "create").await;
    assert_says(&said, "LostAnswer refused", &["assuming the role", &address]);
    assert!(!said.contains("run it in a shell"), "{said}");
}
