//! Whoever one is for the AWS command line, one is here: which key a create is signed with, by what stands in files
//! and the environment. What is expected was seen with `aws` 1.46 (botocore 1.44), and of version 2's sources where
//! that differs.

use std::path::Path;

use super::machine::{Machine, assert_says};
use super::wire::{Server, Then};

const DEFAULT: &str = "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s3cr3t\n";

fn keys(name: &str) -> String {
    format!("aws_access_key_id = {name}\naws_secret_access_key = s3cr3t\n")
}

/// An answer of STS with a session of this key.
fn session(action: &str, key: &str) -> String {
    format!(
        "<{action}Response><{action}Result><Credentials><AccessKeyId>{key}</AccessKeyId>\
         <SecretAccessKey>s3cr3t</SecretAccessKey><SessionToken>t</SessionToken>\
         <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></{action}Result></{action}Response>"
    )
}

/// What came of a create on this machine, against a server that answers everything else with `read`.
struct Tried {
    said: String,
    key: Option<String>,
    server: Server,
}

async fn tried(machine: Machine, read: Then) -> Tried {
    let server = Server::start(Then::Close, read).await;
    let machine = machine.with("AWS_ENDPOINT_URL", &server.url());
    let said = tokio::task::spawn_blocking(move || machine.says("create")).await.unwrap();
    Tried { said, key: server.keys_of_creates().pop(), server }
}

/// The key that a create is signed with; where there is none, what was said.
async fn signer(machine: Machine) -> String {
    let tried = tried(machine, Then::Answer(200, session("AssumeRole", "ASIAROLE"))).await;
    tried.key.unwrap_or(tried.said)
}

#[tokio::test]
async fn a_profile_is_the_one_that_the_variables_name() {
    let files = || {
        Machine::new().region().credentials(format!("{DEFAULT}[p]\n{}[q]\n{}", keys("AKIAP"), keys("AKIAQ")))
    };
    assert_eq!(signer(files()).await, "AKIADEFAULT");
    assert_eq!(signer(files().with("AWS_DEFAULT_PROFILE", "p")).await, "AKIAP");
    let both = files().with("AWS_DEFAULT_PROFILE", "p").with("AWS_PROFILE", "q");
    assert_eq!(signer(both).await, "AKIAQ");
    let said = signer(files().with("AWS_PROFILE", "")).await;
    assert_says(&said, "Configuration refused", &["there is no profile '' (AWS_PROFILE)"]);
    // The environment's own keys come first, unless a profile is chosen for the run.
    assert_eq!(signer(files().keys().with("AWS_PROFILE", "p")).await, "AKIDEXAMPLE");
    assert_eq!(signer(files().keys().profile("p")).await, "AKIAP");
}

#[tokio::test]
async fn of_two_places_of_a_profile_the_first_in_the_order_is_asked() {
    let config = |text: &str| Machine::new().region().config(format!("[profile p]\n{text}")).profile("p");
    let process = r#"credential_process = printf "{%s:1,%s:%s,%s:%s}" '"Version"' '"AccessKeyId"' '"AKIAPROC"' '"SecretAccessKey"' '"s"'"#;
    let file = format!("[p]\n{}", keys("AKIAFILE"));
    assert_eq!(signer(config(process).credentials(&file)).await, "AKIAFILE");
    assert_eq!(signer(config(&format!("{process}\n{}", keys("AKIACONF")))).await, "AKIAPROC");
    assert_eq!(signer(config(&keys("AKIACONF"))).await, "AKIACONF");
    let role = "role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = p\n";
    assert_eq!(signer(config(role).credentials(&file)).await, "ASIAROLE");
    let both = format!("[p]\n{}aws_security_token = a\naws_session_token = b\n", keys("AKIAFILE"));
    let tried = tried(config("").credentials(both), Then::Close).await;
    assert!(tried.server.last_create().contains("x-amz-security-token: a"), "{}", tried.said);
}

#[tokio::test]
async fn a_web_identity_of_the_environment_comes_before_keys_in_a_file() {
    let machine = Machine::new().region().credentials(DEFAULT);
    let token = machine.path("token");
    std::fs::write(&token, "a token").unwrap();
    let machine = machine.with("AWS_WEB_IDENTITY_TOKEN_FILE", token.to_str().unwrap());
    let machine = machine.with("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/web");
    let answer = session("AssumeRoleWithWebIdentity", "ASIAWEB");
    assert_eq!(tried(machine, Then::Answer(200, answer)).await.key.as_deref(), Some("ASIAWEB"));
}

#[tokio::test]
async fn files_are_read_with_the_grammar_of_the_aws_command_line() {
    for config in [
        "  [default]\n  aws_access_key_id = AKIA\n  aws_secret_access_key = s\n",
        "[default]\naws_access_key_id: AKIA\naws_secret_access_key: s\n",
        "[default] /* x */\naws_access_key_id = AKIA\n  # a comment\naws_secret_access_key = s\n",
        "[default]\ns3 =\n  # a comment\n  max_concurrent_requests = 1\naws_access_key_id=AKIA\naws_secret_access_key=s",
        "[DEFAULT]\naws_secret_access_key = s\n[default]\nAWS_Access_Key_ID = AKIA\n",
        "[default]\r\naws_access_key_id = AKIA\r\naws_secret_access_key = s\r\n",
    ] {
        assert_eq!(signer(Machine::new().region().config(config)).await, "AKIA", "{config}");
    }
    for (head, name) in [
        ("profile \"My Mac\"", "My Mac"),
        ("profile größe", "größe"),
        ("profile a,b", "a,b"),
        ("profile 'x'y", "xy"),
    ] {
        let machine = Machine::new().region().config(format!("[{head}]\n{}", keys("AKIA"))).profile(name);
        assert_eq!(signer(machine).await, "AKIA", "{head}");
    }
    let machine =
        Machine::new().region().credentials(format!("[my prod]\n{}", keys("AKIA"))).profile("my prod");
    assert_eq!(signer(machine).await, "AKIA");
}

#[tokio::test]
async fn the_words_of_a_process_are_what_stands_there() {
    let machine = Machine::new().region();
    let script = machine.path("get");
    let print =
        r##"[ "$1$2" = "#prod;x" ] && echo '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s"}'"##;
    std::fs::write(&script, print).unwrap();
    let config = format!("[default]\ncredential_process = sh {} #prod ;x\n", script.display());
    assert_eq!(signer(machine.config(config)).await, "AKIA");
}

#[tokio::test]
async fn paths_of_files_may_have_a_home_and_variables_in_them() {
    let machine = Machine::new().region();
    std::fs::write(machine.path("other"), DEFAULT).unwrap();
    assert_eq!(signer(machine.with("AWS_CONFIG_FILE", "$HOME/.aws/other")).await, "AKIADEFAULT");
    let machine = Machine::new().region();
    std::fs::write(machine.path("other"), DEFAULT).unwrap();
    assert_eq!(signer(machine.with("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/other")).await, "AKIADEFAULT");
    // A variable that is set to nothing names no file.
    let machine = Machine::new().region().config(DEFAULT).with("AWS_CONFIG_FILE", "");
    assert_says(&signer(machine).await, "NoCredentials refused", &[]);
}

#[tokio::test]
async fn a_home_is_found_as_by_python_or_the_path_is_refused() {
    let nobody = Machine::new().region().credentials(DEFAULT).with("HOME", "");
    assert_says(&signer(nobody).await, "NoCredentials refused", &["profile default of /.aws/config"]);
    for name in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
        let other = Machine::new().region().credentials(DEFAULT).with(name, "~other/.aws/file");
        let told = [name, "in the home of another user", "write its path in full"];
        assert_says(&signer(other).await, "Configuration refused", &told);
    }
}

#[tokio::test]
async fn what_stands_twice_in_a_file_stops_only_whom_it_concerns() {
    let config = format!("{DEFAULT}[profile other]\nregion = a\nregion = b\n");
    assert_eq!(signer(Machine::new().region().config(&config)).await, "AKIADEFAULT");
    let said = signer(Machine::new().region().config(&config).profile("other")).await;
    assert_says(
        &said,
        "Configuration refused",
        &[".aws/config, line 6: region in [profile other]", "second time"],
    );
    let said = signer(Machine::new().region().config(format!("{DEFAULT}{DEFAULT}"))).await;
    assert_says(&said, "Configuration refused", &[".aws/config, line 4: [default]"]);
}

#[test]
fn what_a_profile_takes_from_elsewhere_stops_it_too_where_that_stands_twice() {
    let services = |url| format!("[services s]\nrds =\n  endpoint_url = http://{url}.example\n");
    let corp = "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid\n";
    let sso = "[default]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = dba\n";
    for (config, told) in [
        (format!("{DEFAULT}services = s\n{}{}", services("one"), services("two")), "[services s] stands"),
        (format!("{sso}{corp}{corp}"), "[sso-session corp] stands"),
        (format!("[DEFAULT]\nregion = a\nregion = b\n{DEFAULT}"), "line 3: region in [DEFAULT] stands"),
        (
            "[default]\nendpoint_url = http://a\nendpoint_url = http://b\n".to_owned(),
            "endpoint_url in [default]",
        ),
    ] {
        let said = Machine::new().keys().option_region("eu-west-1").config(&config).says("connect");
        assert_says(&said, "Configuration refused", &[told, "a second time"]);
    }
}

#[test]
fn a_file_that_cannot_be_read_stops_nobody_and_is_named_where_it_is_missed() {
    // A folder cannot be read as a file by anybody, root included.
    let machine = || {
        let machine = Machine::new().region();
        std::fs::create_dir(machine.path("config")).unwrap();
        machine
    };
    let said = machine().keys().with("AWS_ENDPOINT_URL", "http://127.0.0.1:1").says("create");
    assert_says(&said, "NoConnection refused", &[]);
    let told = [".aws/config was left out: Is a directory"];
    assert_says(&machine().says("create"), "NoCredentials refused", &told);
    assert_says(&machine().profile("p").says("connect"), "Configuration refused", &told);
    // Nor can one that links to itself.
    let looped = Machine::new().region();
    std::os::unix::fs::symlink("config", looped.path("config")).unwrap();
    let told = [".aws/config was left out: Too many levels of symbolic links"];
    assert_says(&looped.says("create"), "NoCredentials refused", &told);
    let said = looped.keys().with("AWS_ENDPOINT_URL", "http://127.0.0.1:1").says("create");
    assert_says(&said, "NoConnection refused", &[]);
}

#[tokio::test]
async fn a_chain_that_leads_nowhere_names_where_it_breaks() {
    let arn = "role_arn = arn:aws:iam::123456789012:role/r";
    for (config, told) in [
        (format!("{arn}\nsource_profile = nope"), "its source_profile nope does not exist"),
        (format!("{arn}\nsource_profile = default"), "leads back to itself"),
        (format!("{arn}\nsource_profile = a\n[profile a]\n{arn}\nsource_profile = default"), "profile a of"),
        (format!("{arn}\nsource_profile = a\n[profile a]\nregion = x"), "profile a of"),
        (format!("{arn}\nsource_profile = a\ncredential_source = Environment"), "only one may be there"),
        (arn.to_owned(), "without a source_profile"),
        (format!("{arn}\ncredential_source = environment"), "is none of Environment"),
        (format!("{arn}\ncredential_source = Environment"), "has no credentials"),
        ("sso_account_id = 1".to_owned(), "missing: sso_role_name, sso_start_url, sso_region"),
        ("sso_account_id = 1\nsso_session = x".to_owned(), "there is no [sso-session x]"),
        ("credential_process = 'x".to_owned(), "is not ended"),
    ] {
        let said = signer(Machine::new().region().config(format!("[default]\n{config}\n"))).await;
        assert_says(&said, "Configuration refused", &[told, ".aws/config"]);
    }
}

#[tokio::test]
async fn a_session_that_the_aws_command_line_keeps_is_used_while_it_lasts() {
    let config = "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n\
                  mfa_serial = arn:aws:iam::123456789012:mfa/me\n[profile base]\naws_access_key_id = AKIABASE\n\
                  aws_secret_access_key = s\n";
    // sha1 of {"RoleArn": "arn:aws:iam::123456789012:role/r", "SerialNumber": "arn:aws:iam::123456789012:mfa/me"}
    let name = "9a50c81ee065c24cf36f0972df6e9b7719455d8c";
    let with = |end: &str| {
        let machine = Machine::new().region().config(config);
        let folder = machine.path("cli/cache");
        std::fs::create_dir_all(&folder).unwrap();
        let kept = format!(
            r#"{{"Credentials": {{"AccessKeyId": "ASIAKEPT", "SecretAccessKey": "s", "SessionToken": "t",
                "Expiration": "{end}"}}, "AssumedRoleUser": {{"Arn": "a"}}}}"#
        );
        std::fs::write(folder.join(format!("{name}.json")), kept).unwrap();
        machine
    };
    assert_eq!(signer(with("2099-01-01T00:00:00Z")).await, "ASIAKEPT");
    assert_eq!(signer(with("2099-01-01T00:00:00+00:00")).await, "ASIAKEPT");
    assert_eq!(signer(with("2099-01-01T00:00:00UTC")).await, "ASIAKEPT");
    let said = signer(with("2020-01-01T00:00:00Z")).await;
    assert_says(&said, "Configuration refused", &["mfa/me", "--mfa-code"]);
}

#[tokio::test]
async fn endpoints_are_found_in_the_order_of_the_aws_command_line() {
    let machine = || Machine::new().keys().region();
    let services = "[default]\nendpoint_url = http://127.0.0.1:2\nservices = s\n\
                    [services s]\nrds =\n  endpoint_url = http://127.0.0.1:1\n";
    let says = |machine: Machine, told: &'static str| async move {
        let said = tokio::task::spawn_blocking(move || machine.says("connect")).await.unwrap();
        assert!(said.contains(told), "{told}: {said}");
    };
    says(machine().config(services), "resolved: Some(\"http://127.0.0.1:1\")").await;
    says(machine().config(services.replace("rds", "s3")), "resolved: Some(\"http://127.0.0.1:2\")").await;
    let url = |name: &str| machine().config(services).with(name, "http://127.0.0.1:3");
    says(url("AWS_ENDPOINT_URL"), "resolved: Some(\"http://127.0.0.1:3\")").await;
    says(url("AWS_ENDPOINT_URL_RDS").with("AWS_ENDPOINT_URL", "http://x"), "http://127.0.0.1:3").await;
    says(url("AWS_ENDPOINT_URL_STS"), "resolved: Some(\"http://127.0.0.1:1\")").await;
    says(machine().config(services).with("AWS_ENDPOINT_URL", ""), "http://127.0.0.1:1").await;
    says(machine().config("[default]\nendpoint_url =\n"), "endpoint: None").await;
    let ignored = machine().config(services).with("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "True");
    says(ignored, "resolved: Some(\"https://rds.eu-west-1.amazonaws.com\")").await;
    let missing = machine().config("[default]\nservices = localstack\n");
    says(missing, "there is no [services localstack] in").await;
}

#[test]
fn the_host_that_is_told_is_the_one_that_the_sdk_has() {
    for (region, variable, host) in [
        ("eu-west-1", "", "rds.eu-west-1.amazonaws.com"),
        ("us-east-1", "AWS_USE_FIPS_ENDPOINT", "rds-fips.us-east-1.amazonaws.com"),
        ("eu-west-1", "AWS_USE_DUALSTACK_ENDPOINT", "rds.eu-west-1.api.aws"),
        ("cn-north-1", "", "rds.cn-north-1.amazonaws.com.cn"),
        ("eusc-de-east-1", "", "rds.eusc-de-east-1.amazonaws.eu"),
        ("us-iso-east-1", "", "rds.us-iso-east-1.c2s.ic.gov"),
        ("us-isob-east-1", "", "rds.us-isob-east-1.sc2s.sgov.gov"),
        ("us-gov-west-1", "AWS_USE_FIPS_ENDPOINT", "rds.us-gov-west-1.amazonaws.com"),
        ("fips-us-east-1", "", "rds-fips.us-east-1.amazonaws.com"),
        ("us-gov-west-1-fips", "", "rds.us-gov-west-1.amazonaws.com"),
    ] {
        let said = Machine::new()
            .keys()
            .with("AWS_REGION", region)
            .with(variable_or(variable), "TRUE")
            .says("connect");
        assert!(said.contains(&format!("resolved: Some(\"https://{host}\")")), "{region}: {said}");
    }
}

fn variable_or(name: &str) -> &str {
    if name.is_empty() { "UNRELATED" } else { name }
}

#[test]
fn bundles_are_read_as_openssl_reads_them() {
    let made = Machine::new();
    let bundle = made.path("ca.pem");
    let made_by = std::process::Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=test", "-keyout", "/dev/null", "-out"])
        .arg(&bundle)
        .output()
        .unwrap();
    assert!(made_by.status.success());
    let plain = std::fs::read_to_string(&bundle).unwrap();
    let trusted = trusted(&bundle);
    for text in [plain.clone(), format!("\u{feff}{plain}"), format!("# a comment\n{plain}\nmore\n"), trusted]
    {
        let machine = Machine::new().keys().region().config("[default]\nca_bundle = ~/.aws/ca.pem\n");
        std::fs::write(machine.path("ca.pem"), &text).unwrap();
        let said = machine.says("connect");
        assert!(said.starts_with("Target"), "{said}\n{text}");
    }
    let said = Machine::new().keys().region().with("AWS_CA_BUNDLE", "").says("connect");
    assert_says(&said, "Configuration refused", &["AWS_CA_BUNDLE"]);
}

fn trusted(bundle: &Path) -> String {
    let output = std::process::Command::new("openssl")
        .args(["x509", "-trustout", "-addtrust", "serverAuth", "-in"])
        .arg(bundle)
        .output()
        .unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_proxy_is_the_one_that_the_aws_command_line_takes() {
    let machine = || Machine::new().keys().region().with("HTTPS_PROXY", "http://127.0.0.1:1");
    let through = |machine: Machine, told: &str| {
        let said = machine.says("create");
        assert_says(&said, "NoConnection refused", &[told]);
    };
    through(machine(), "through the proxy 127.0.0.1:1");
    through(machine().with("https_proxy", "127.0.0.1:2"), "through the proxy 127.0.0.1:2");
    through(machine().with("ALL_PROXY", "socks5h://127.0.0.1:3"), "through the proxy 127.0.0.1:1");
    let said = machine().with("https_proxy", "socks5://s3cr3t@127.0.0.1:3").says("create");
    assert_says(&said, "Configuration refused", &["https_proxy is not the URL of an HTTP proxy"]);
}
