//! The real binary between real peers: a TLS server with a private authority, tinyproxy, moto's STS, and a metadata
//! service that hangs. Whatever they do, no secret is told.

use std::time::{Duration, Instant};

use super::around::{Around, CONFIG, Tinyproxy};
use super::support::servers::Moto;
use super::support::venv::Venv;

#[test]
fn a_server_is_spoken_to_if_its_certificate_is_right_only() {
    let around = Around::new();
    let at = |door: &str| around.url("https", "localhost", door);
    let bundle = ("AWS_CA_BUNDLE", around.bundle());
    around.run(&["list"], &[("AWS_ENDPOINT_URL", &at("right")), bundle]).has(0, &["\"orders\""]);
    around.run(&["list"], &[("AWS_ENDPOINT_URL", &at("right"))]).has(8, &["certificate", "AWS_CA_BUNDLE"]);
    around
        .run(&["list"], &[("AWS_ENDPOINT_URL", &at("other")), bundle])
        .has(8, &["certificate", "other.example"]);
    around.run(&["list"], &[("AWS_ENDPOINT_URL", &at("ended")), bundle]).has(8, &["certificate", "expired"]);
}

#[test]
fn a_proxy_lets_through_who_has_its_password() {
    let around = Around::new();
    let Some(proxy) = Tinyproxy::start(&around) else { return };
    let bundle = ("AWS_CA_BUNDLE", around.bundle());
    let through = |who: &str| around.run(&["list"], &[("HTTPS_PROXY", &proxy.url(who)), bundle]);
    let [right, wrong, none] = ["me:canary-password@", "me:canary-password-not@", ""].map(through);
    right.has(0, &["\"orders\""]);
    wrong.has(8, &["proxy"]);
    none.has(8, &["proxy"]);
}

#[test]
fn a_metadata_service_that_hangs_holds_nobody_up() {
    let around = Around::new();
    around.write(".aws/credentials", "");
    let begun = Instant::now();
    let url = around.url("http", "127.0.0.1", "silent");
    let metadata = [("AWS_EC2_METADATA_DISABLED", "false"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)];
    around.run(&["list"], &metadata).has(7, &["No AWS credentials were found", "metadata"]);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[test]
fn motos_roles_are_assumed_by_way_of_a_chain() {
    let around = Around::new();
    let moto = Moto::start(&Venv::ready());
    moto.make_cluster("orders", &[]);
    let role = |name: &str, account: &str, source: &str| {
        format!(
            "[profile {name}]\nrole_arn = arn:aws:iam::{account}:role/{name}\nsource_profile = {source}\n"
        )
    };
    let roles = role("here", "123456789012", "default") + &role("there", "222222222222", "here");
    around.write(".aws/config", &format!("{CONFIG}{roles}"));
    let of = |profile| {
        around.run(
            &["list"],
            &[("AWS_ENDPOINT_URL", &moto.url), ("AWS_PROFILE", profile), ("AWS_REGION", "eu-west-1")],
        )
    };
    of("here").has(0, &["arn:aws:rds:eu-west-1:123456789012:cluster:orders"]);
    // The other account has no cluster.
    of("there").has(0, &["\"data\":[]"]);
}

#[test]
fn what_a_process_prints_beside_its_complaint_is_told_to_nobody() {
    let around = Around::new();
    around.write(".aws/credentials", "");
    let config = |script: &str| format!("{CONFIG}credential_process = sh -c '{script}'\n");
    let given = r#"{"Version":1,"AccessKeyId":"AKIAX","SecretAccessKey":"canary-secret","SessionToken":"canary-token""#;
    for (script, status) in [
        (format!("echo canary-output >&2; echo \"{}}}\"", given.replace('"', "\\\"")), 0),
        (format!("echo \"{}\"", given.replace('"', "\\\"")), 2),
        ("echo canary-output".to_owned(), 2),
    ] {
        around.write(".aws/config", &config(&script));
        let url = around.url("http", "127.0.0.1", "proxy");
        around.run(&["list"], &[("AWS_ENDPOINT_URL", &url)]).has(status, &[]);
    }
}
