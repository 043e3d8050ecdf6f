//! Services of the machine that give credentials, as the AWS command line asks them: a container's, an instance's.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::machine::{Machine, assert_says};
use super::wire::answering;

const FULL: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

fn given(token: &str, end: &str) -> String {
    format!(
        r#"{{"AccessKeyId":"ASIAGIVEN","SecretAccessKey":"s3cr3t","Token":{token},"Expiration":"{end}"}}"#
    )
}

async fn says(machine: Machine) -> String {
    tokio::task::spawn_blocking(move || machine.says("create")).await.unwrap()
}

/// What is answered to the beginning of a request: a status and a body.
type Answers = fn(&str) -> (u16, String);

/// What came of a create where this answers everything but RDS.
struct Tried {
    said: String,
    /// The heads of all requests but those to RDS.
    asked: Vec<String>,
    /// That of the create.
    create: Option<String>,
}

impl Tried {
    #[track_caller]
    fn is_signed(&self) -> &str {
        let create = self.create.as_deref();
        create
            .filter(|head| head.contains("Credential=ASIAGIVEN/"))
            .unwrap_or_else(|| panic!("{}", self.said))
    }
}

async fn tried(machine: impl FnOnce(&str) -> Machine, answers: Answers) -> Tried {
    let heads = Arc::new(Mutex::new(Vec::<String>::new()));
    let noted = Arc::clone(&heads);
    let url = answering(move |head, _| {
        noted.lock().unwrap().push(head.to_owned());
        if head.starts_with("POST / ") {
            return (400, "x: y", String::new());
        }
        let (status, body) = answers(head.lines().next().unwrap_or_default());
        (status, "x: y", body)
    })
    .await;
    let said = says(machine(&url).with("AWS_ENDPOINT_URL", &url)).await;
    let heads = heads.lock().unwrap().clone();
    let (creates, asked): (Vec<String>, Vec<String>) =
        heads.into_iter().partition(|head| head.starts_with("POST / "));
    Tried { said, asked, create: creates.into_iter().next() }
}

fn container(url: &str) -> Machine {
    Machine::new().region().with(FULL, &format!("{url}/c"))
}

fn instance(url: &str) -> Machine {
    let machine = Machine::new().region().with("AWS_EC2_METADATA_DISABLED", "false");
    machine.with("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
}

#[tokio::test]
async fn a_token_that_is_empty_or_null_is_not_sent() {
    for answers in [
        (|_| (200, given(r#""""#, "2099-01-01T00:00:00Z"))) as Answers,
        |_| (200, given("null", "2099-01-01T00:00:00+00:00")),
        |_| (200, given("null", "Thu, 01 Jan 2099 00:00:00 GMT")),
    ] {
        let tried = tried(container, answers).await;
        assert!(!tried.is_signed().contains("x-amz-security-token"), "{}", tried.is_signed());
    }
    let tried = tried(container, |_| (200, given(r#""t""#, "2099-01-01T00:00:00Z"))).await;
    assert!(tried.is_signed().contains("x-amz-security-token: t"), "{}", tried.is_signed());
}

#[tokio::test]
async fn a_container_is_asked_again_where_it_gives_nothing() {
    static ASKED: Mutex<usize> = Mutex::new(0);
    let answers: Answers = |_| {
        let mut asked = ASKED.lock().unwrap();
        *asked += 1;
        match *asked {
            1 => (404, String::new()),
            2 => (429, String::new()),
            _ => (200, given(r#""t""#, "2099-01-01T00:00:00Z")),
        }
    };
    tried(container, answers).await.is_signed();
}

#[tokio::test]
async fn what_cannot_stand_in_a_url_is_escaped() {
    let answers: Answers = |line| match line {
        "GET /c%20d%7C?e=%C3%A4 HTTP/1.1" => (200, given(r#""t""#, "2099-01-01T00:00:00Z")),
        _ => (404, String::new()),
    };
    let machine = |url: &str| Machine::new().region().with(FULL, &format!(" {url}/c d|?e=\u{e4}\n"));
    tried(machine, answers).await.is_signed();
}

#[tokio::test]
async fn what_keeps_a_container_from_being_asked_is_named() {
    let machine = || container("http://127.0.0.1:1");
    let token = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    let file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    for (machine, told) in [
        (
            machine().with(file, "/none/token"),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names /none/token: No such file",
        ),
        (
            machine().with(token, "a\nb"),
            "the token of AWS_CONTAINER_AUTHORIZATION_TOKEN has a character in it",
        ),
        (
            machine().with(FULL, "http://10.0.0.1/a"),
            "FULL_URI names http://10.0.0.1/a, which is neither HTTPS nor",
        ),
        (
            machine().with(FULL, "http://me:s3cr3t@127.0.0.1:1/a"),
            "FULL_URI has a user name or password in it",
        ),
        (machine().with(FULL, "nothing"), "AWS_CONTAINER_CREDENTIALS_FULL_URI is no URL: nothing"),
    ] {
        let said = says(machine).await;
        assert_says(&said, "Configuration refused", &["the container's credentials service: ", told]);
    }
    let said = says(instance("http://me:s3cr3t@127.0.0.1:1")).await;
    assert_says(
        &said,
        "Configuration refused",
        &["the instance metadata service has no user name or password"],
    );
}

#[tokio::test]
async fn credentials_that_have_ended_are_not_used() {
    let tried = tried(container, |_| (200, given(r#""t""#, "2020-01-01T00:00:00Z"))).await;
    let told =
        ["the container's credentials service: the credentials given have ended, at 2020-01-01T00:00:00Z"];
    assert_says(&tried.said, "ExpiredCredentials refused", &told);
    assert!(tried.create.is_none());
}

/// An instance whose role has this name, as the service writes it.
macro_rules! role {
    ($name:expr, $path:expr) => {
        (|line| match line {
            "PUT /latest/api/token HTTP/1.1" => (200, "tok".to_owned()),
            "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" => (200, $name.to_owned()),
            concat!("GET /latest/meta-data/iam/security-credentials/", $path, " HTTP/1.1") => {
                (200, given(r#""t""#, "2099-01-01T00:00:00Z"))
            }
            _ => (404, String::new()),
        }) as Answers
    };
}

#[tokio::test]
async fn the_name_of_a_role_may_have_blanks_and_the_end_of_a_line() {
    for answers in
        [role!("r\n", "r"), role!("r\r\n", "r"), role!("r x", "r%20x"), role!("r\ns", "rs"), role!("r", "r")]
    {
        let tried = tried(instance, answers).await;
        tried.is_signed();
        assert!(tried.asked[1..].iter().all(|head| head.contains("x-aws-ec2-metadata-token: tok")));
    }
    let region: Answers = |line| match line {
        "PUT /latest/api/token HTTP/1.1" => (200, "tok".to_owned()),
        "GET /latest/meta-data/placement/region HTTP/1.1" => (200, "eu-west-3\n".to_owned()),
        _ => (404, String::new()),
    };
    let tried = tried(|url| instance(url).keys().without("AWS_REGION"), region).await;
    assert!(tried.create.is_some_and(|head| head.contains("/eu-west-3/rds/")), "{}", tried.said);
}

/// An instance that gives no token, but this status.
macro_rules! old {
    ($status:expr) => {
        (|line| match line {
            "PUT /latest/api/token HTTP/1.1" => ($status, String::new()),
            "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" => (200, "r".to_owned()),
            "GET /latest/meta-data/iam/security-credentials/r HTTP/1.1" => {
                (200, given(r#""t""#, "2099-01-01T00:00:00Z"))
            }
            _ => (404, String::new()),
        }) as Answers
    };
}

#[tokio::test]
async fn a_metadata_service_that_gives_no_token_is_asked_without_one() {
    for answers in [old!(401), old!(403), old!(404), old!(405), old!(500), old!(503)] {
        let tried = tried(instance, answers).await;
        tried.is_signed();
        assert!(tried.asked.iter().all(|head| !head.contains("x-aws-ec2-metadata-token:")));
    }
    let tried_400 = tried(instance, old!(400)).await;
    assert_says(&tried_400.said, "NoCredentials refused", &["it answers with HTTP 400"]);
    let disabled = |url: &str| instance(url).with("AWS_EC2_METADATA_V1_DISABLED", "true");
    let tried_disabled = tried(disabled, old!(404)).await;
    let told = ["it answers with HTTP 404 where it is asked for a token, and is not to be asked without one"];
    assert_says(&tried_disabled.said, "NoCredentials refused", &told);
    assert!(tried_disabled.asked.iter().all(|head| head.starts_with("PUT ")));
}

#[tokio::test]
async fn old_credentials_of_an_instance_are_used_on_in_the_form_of_aws_only() {
    let old: Answers = |line| match line {
        "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" => (200, "r".to_owned()),
        "GET /latest/meta-data/iam/security-credentials/r HTTP/1.1" => {
            (200, given(r#""t""#, "2020-01-01T00:00:00Z"))
        }
        _ => (404, String::new()),
    };
    tried(instance, old).await.is_signed();
    let other: Answers = |line| match line {
        "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" => (200, "r".to_owned()),
        "GET /latest/meta-data/iam/security-credentials/r HTTP/1.1" => {
            (200, given(r#""t""#, "2020-01-01T00:00:00+00:00"))
        }
        _ => (404, String::new()),
    };
    let told = ["the instance metadata service: the credentials given have ended, at 2020-01-01T00:00:00Z"];
    assert_says(&tried(instance, other).await.said, "ExpiredCredentials refused", &told);
}

#[tokio::test]
async fn an_instance_without_a_role_is_told_with_whoever_wants_it() {
    let none: Answers = |_| (404, String::new());
    let tried_alone = tried(instance, none).await;
    let told = ["looked for", "it answers with HTTP 404 (/latest/meta-data/iam/security-credentials/)"];
    assert_says(&tried_alone.said, "NoCredentials refused", &told);
    let config =
        "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\ncredential_source = Ec2InstanceMetadata\n";
    let tried_role = tried(|url| instance(url).config(config), none).await;
    let told = ["assuming the role arn:aws:iam::123456789012:role/r of profile default: ", "HTTP 404"];
    assert_says(&tried_role.said, "NoCredentials refused", &told);
}

#[tokio::test]
async fn a_metadata_service_has_as_long_and_as_often_as_it_is_given() {
    static ASKED: Mutex<usize> = Mutex::new(0);
    let slow: Answers = |line| {
        std::thread::sleep(Duration::from_millis(1500));
        role!("r", "r")(line)
    };
    let patient = |url: &str| instance(url).with("AWS_METADATA_SERVICE_TIMEOUT", "5");
    tried(patient, slow).await.is_signed();
    let config = |url: &str| instance(url).config("[default]\nmetadata_service_timeout = 5\n");
    tried(config, slow).await.is_signed();
    let flaky: Answers = |line| {
        let mut asked = ASKED.lock().unwrap();
        *asked += usize::from(line.contains("security-credentials/ "));
        if *asked == 1 { (500, String::new()) } else { role!("r", "r")(line) }
    };
    let often = |url: &str| instance(url).with("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "3");
    tried(often, flaky).await.is_signed();
    let said = says(instance("http://127.0.0.1:1").with("AWS_METADATA_SERVICE_TIMEOUT", "x")).await;
    let told =
        ["'x' (AWS_METADATA_SERVICE_TIMEOUT or metadata_service_timeout) is not a whole number from 1 on"];
    assert_says(&said, "Configuration refused", &told);
}
