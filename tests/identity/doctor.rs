//! `clustersnap doctor` between real peers: who issued the certificate that a host shows, by itself and through a
//! proxy, and what is wrong on the way, each on its line.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::around::{Around, Tinyproxy};

/// The lines of the page, and its exit status.
fn page(around: &Around, env: &[(&str, &str)]) -> (Vec<Value>, i32) {
    let ended = around.run(&["doctor"], env);
    let page: Value = serde_json::from_str(ended.told.lines().next().unwrap()).unwrap();
    (page["data"].as_array().unwrap().clone(), ended.status.unwrap())
}

#[track_caller]
fn tells(rows: &[Value], check: &str, verdict: &str, words: &[&str]) {
    let row = rows.iter().find(|row| row["check"] == check);
    let row = row.unwrap_or_else(|| panic!("no {check} in {rows:#?}"));
    let text = format!("{} {}", row["text"], row["remedy"]);
    assert!(row["verdict"] == verdict && words.iter().all(|word| text.contains(word)), "{words:?} in {row}");
}

const LIST: &str = "rds:DescribeDBClusters";
const ISSUER: &str = "by CN=identity tests, until 20";

#[test]
fn who_issued_the_certificate_of_the_host_is_told_whether_it_is_trusted_or_not() {
    let around = Around::new();
    let of = |door: &str, bundle: &[(&str, &str)]| {
        let url = around.url("https", "localhost", door);
        page(&around, &[&[("AWS_ENDPOINT_URL", url.as_str())], bundle].concat())
    };
    let bundle = [("AWS_CA_BUNDLE", around.bundle())];
    let (rows, status) = of("right", &bundle);
    assert_eq!(status, 0, "{rows:#?}");
    tells(&rows, "certificates", "ok", &[ISSUER, "(AWS_CA_BUNDLE)"]);
    tells(&rows, LIST, "ok", &["allowed"]);
    for (door, bundle, why) in [
        ("right", &[][..], "by an issuer that is not trusted here"),
        ("other", &bundle, "for another host: other.example"),
        ("ended", &bundle, "has expired, by this machine's clock"),
    ] {
        let (rows, status) = of(door, bundle);
        assert_eq!(status, 8, "{rows:#?}");
        tells(&rows, "certificates", "failed", &[ISSUER, why, "Look whose certificate it is"]);
        tells(&rows, LIST, "failed", &["the certificate shown", why, "Look whose certificate it is"]);
        tells(&rows, "rds:DescribeEvents", "unknown", &["not tried"]);
    }
}

#[test]
fn a_proxy_is_told_without_its_password_and_who_issued_what_is_seen_through_it() {
    let around = Around::new();
    let Some(proxy) = Tinyproxy::start(&around) else { return };
    let through =
        |who: &str| page(&around, &[("HTTPS_PROXY", &proxy.url(who)), ("AWS_CA_BUNDLE", around.bundle())]);
    let (rows, status) = through("me:canary-password@");
    assert_eq!(status, 0, "{rows:#?}");
    tells(&rows, "proxy", "ok", &[proxy.url("").trim_start_matches("http://")]);
    tells(&rows, "address", "unknown", &["the proxy looks it up"]);
    tells(&rows, "certificates", "ok", &[ISSUER]);
    tells(&rows, LIST, "ok", &["allowed"]);
    for who in ["", "me:canary-password-not@"] {
        let (rows, status) = through(who);
        assert_eq!(status, 8, "{rows:#?}");
        tells(&rows, "certificates", "unknown", &["was not seen: the proxy 127.0.0.1"]);
        tells(&rows, LIST, "failed", &["through the proxy 127.0.0.1"]);
    }
}

#[test]
fn a_metadata_service_that_hangs_does_not_hold_the_page_up() {
    let around = Around::new();
    around.write(".aws/credentials", "");
    let begun = Instant::now();
    let url = around.url("http", "127.0.0.1", "silent");
    let env = [("AWS_EC2_METADATA_DISABLED", "false"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", url.as_str())];
    let (rows, status) = page(&around, &env);
    assert_eq!(status, 7, "{rows:#?}");
    tells(&rows, "credentials", "failed", &["metadata"]);
    tells(&rows, LIST, "unknown", &["there are no credentials"]);
    assert!(begun.elapsed() < Duration::from_secs(15), "{:?}", begun.elapsed());
}
