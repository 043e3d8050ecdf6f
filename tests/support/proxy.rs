//! A proxy between a program and a service. What goes wrong on the way is a function of the test, which is
//! asked at every request; the proxy counts what arrived and what was passed on.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use jiff::fmt::rfc2822::DateTimePrinter;
use jiff::{SignedDuration, Timestamp};

const CREATE: &str = "CreateDBClusterSnapshot";
/// How long something that has to come may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The action, `CreateDBClusterSnapshot`.
    pub action: String,
    /// The how manieth of its action it is, from 1.
    pub nth: usize,
    fields: Vec<(String, String)>,
    head: String,
    body: Vec<u8>,
}

impl Asked {
    /// A field of the request.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, text)| text.as_str())
    }

    /// The snapshot that it names, by its identifier or its ARN, or nothing.
    pub fn snapshot(&self) -> &str {
        let arn = || self.field("ResourceName")?.rsplit(':').next();
        self.field("DBClusterSnapshotIdentifier").or_else(arn).unwrap_or_default()
    }

    /// Whether it is a create.
    pub fn creates(&self) -> bool {
        self.action == CREATE
    }

    /// Whether it is of an action, for a snapshot.
    pub fn is_for(&self, action: &str, name: &str) -> bool {
        self.action == action && self.snapshot() == name
    }

    /// The tags that it gives.
    pub fn tags(&self) -> Vec<(String, String)> {
        let part = |at: usize, part: &str| self.field(&format!("Tags.Tag.{at}.{part}")).map(str::to_owned);
        (1..).map_while(|at| part(at, "Key").zip(part(at, "Value"))).collect()
    }

    /// The same without a field.
    pub fn without(&self, name: &str) -> Self {
        let fields: Vec<(String, String)> =
            self.fields.iter().filter(|(field, _)| field != name).cloned().collect();
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let lines = self.head.lines().filter(|line| !line.is_empty() && !is_header(line, "content-length"));
        let head = format!("{}Content-Length: {}\r\n\r\n", header(lines), body.len());
        Self { fields, head, body: body.into(), ..self.clone() }
    }

    /// Whether it is signed with an access key.
    pub fn is_signed_with(&self, key: &str) -> bool {
        self.head.contains(&format!("Credential={key}/"))
    }

    /// The access key and the Region that it is signed with.
    pub fn place(&self) -> Option<(String, String)> {
        let (_, scope) = self.head.split_once("Credential=")?;
        let mut parts = scope.split('/');
        Some((parts.next()?.to_owned(), parts.nth(1)?.to_owned()))
    }
}

/// An answer, as it came or as it is made up.
#[derive(Clone, Debug)]
pub struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    /// An answer of other hands than the service's.
    pub fn page(status: &str, text: &str) -> Self {
        Self {
            head: format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nConnection: close\r\n"),
            body: text.into(),
        }
    }

    /// A refusal in the service's words.
    pub fn refusal(status: u16, code: &str, message: &str) -> Self {
        Self::page(
            &format!("{status} Refused"),
            &format!(
                "<ErrorResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><Error><Type>Sender</Type>\
                 <Code>{code}</Code><Message>{message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>"
            ),
        )
    }

    /// Takes an answer apart; `None` if it is none.
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let (head, body) = bytes.split_at(end + 4);
        let head = std::str::from_utf8(head).ok()?;
        let lines = head.lines().filter(|line| !line.is_empty() && !is_header(line, "content-length"));
        Some(Self { head: header(lines), body: body.to_vec() })
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The same with another text in the place of one.
    pub fn with(&self, from: &str, to: &str) -> Self {
        Self { body: self.text().replace(from, to).into(), ..self.clone() }
    }

    /// The same with another text in the place of what elements of a name hold.
    pub fn with_element(&self, name: &str, text: &str) -> Self {
        let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
        let body = self.text();
        let mut parts = body.split(&begin);
        let mut changed = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.split_once(&end).map_or("", |(_, rest)| rest);
            changed.extend([&begin, text, &end, rest]);
        }
        Self { body: changed.into(), ..self.clone() }
    }

    /// The same with another date.
    pub fn dated(&self, date: &str) -> Self {
        let others = self.head.lines().filter(|line| !is_header(line, "date"));
        Self { head: format!("{}Date: {date}\r\n", header(others)), ..self.clone() }
    }

    /// The same with a date so many seconds off this machine's clock.
    pub fn off(&self, seconds: i64) -> Self {
        let at = Timestamp::now() + SignedDuration::from_secs(seconds);
        self.dated(&DateTimePrinter::new().timestamp_to_rfc9110_string(&at).expect("a date before 10000"))
    }

    fn to_bytes(&self) -> Vec<u8> {
        let head = format!("{}Content-Length: {}\r\n\r\n", self.head, self.body.len());
        [head.as_bytes(), &self.body].concat()
    }
}

/// Lines as they stand in a head.
fn header<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    lines.fold(String::new(), |head, line| head + line + "\r\n")
}

fn is_header(line: &str, name: &str) -> bool {
    line.split_once(':').is_some_and(|(header, _)| header.eq_ignore_ascii_case(name))
}

/// What comes back.
pub enum Back {
    /// An answer.
    Answer(Answer),
    /// These bytes, and the connection is closed.
    Bytes(Vec<u8>),
    /// Nothing: the connection is closed.
    Nothing,
    /// The head of an answer, and a body that does not end, of this over and over.
    Endless(Answer),
}

/// The road on to the services.
pub struct Road {
    upstream: String,
    passed: Mutex<Vec<Passed>>,
}

/// A request that was passed on, with the status that the service answered.
#[derive(Clone, Debug)]
struct Passed {
    asked: Asked,
    status: u16,
}

impl Road {
    /// Passes a request on to the service; its answer.
    pub fn pass(&self, asked: &Asked) -> Answer {
        self.pass_to(&self.upstream, asked)
    }

    /// Passes a request on to another service.
    pub fn pass_to(&self, url: &str, asked: &Asked) -> Answer {
        let bytes = send(url, asked).expect("the service answers");
        let answer = Answer::parse(&bytes).expect("an HTTP answer");
        lock(&self.passed).push(Passed { asked: asked.clone(), status: answer.status() });
        answer
    }

    /// Passes a request on; its answer in bytes.
    pub fn pass_bytes(&self, asked: &Asked) -> Vec<u8> {
        self.pass(asked).to_bytes()
    }

    /// Where the service is.
    pub fn upstream(&self) -> &str {
        &self.upstream
    }
}

fn send(url: &str, asked: &Asked) -> io::Result<Vec<u8>> {
    let address = url.trim_start_matches("http://").trim_end_matches('/');
    let mut upstream = TcpStream::connect(address)?;
    upstream.write_all(asked.head.as_bytes())?;
    upstream.write_all(&asked.body)?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// What a test does to a request and its answer.
type Meddle = dyn Fn(&Asked, &Road) -> Back + Send + Sync;

struct Shared {
    road: Road,
    arrived: Mutex<Vec<Asked>>,
    meddle: Mutex<Arc<Meddle>>,
}

/// The proxy; its threads end with the test.
pub struct Proxy {
    /// Where it is, `http://127.0.0.1:PORT`.
    pub url: String,
    shared: Arc<Shared>,
}

impl Proxy {
    /// Starts a proxy before the service at a URL.
    pub fn start(upstream: &str, meddle: impl Fn(&Asked, &Road) -> Back + Send + Sync + 'static) -> Self {
        Self::at([127, 0, 0, 1], upstream, meddle)
    }

    /// The same on another address of the loopback interface.
    pub fn at(
        address: impl Into<std::net::IpAddr>,
        upstream: &str,
        meddle: impl Fn(&Asked, &Road) -> Back + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(SocketAddr::new(address.into(), 0)).expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let road = Road { upstream: upstream.to_owned(), passed: Mutex::default() };
        let shared =
            Arc::new(Shared { road, arrived: Mutex::default(), meddle: Mutex::new(Arc::new(meddle)) });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&serving);
                // A client that goes away is no matter of the proxy's.
                thread::spawn(move || serve(client, &shared));
            }
        });
        Self { url, shared }
    }

    /// Does something else from now on.
    pub fn now(&self, meddle: impl Fn(&Asked, &Road) -> Back + Send + Sync + 'static) {
        *lock(&self.shared.meddle) = Arc::new(meddle);
    }

    /// How many requests of an action arrived.
    pub fn arrived(&self, action: &str) -> usize {
        lock(&self.shared.arrived).iter().filter(|asked| asked.action == action).count()
    }

    /// The requests of an action for a snapshot that arrived.
    pub fn asked(&self, action: &str, name: &str) -> Vec<Asked> {
        lock(&self.shared.arrived).iter().filter(|asked| asked.is_for(action, name)).cloned().collect()
    }

    /// The creates of a name that arrived.
    pub fn creates(&self, name: &str) -> Vec<Asked> {
        self.asked(CREATE, name)
    }

    /// How many creates of a name were passed on.
    pub fn passed(&self, name: &str) -> usize {
        self.statuses(CREATE, name).len()
    }

    /// How many of these the service carried out.
    pub fn made(&self, name: &str) -> usize {
        self.done(CREATE, name)
    }

    /// How many requests of an action for a snapshot the service carried out.
    pub fn done(&self, action: &str, name: &str) -> usize {
        self.statuses(action, name).into_iter().filter(|status| *status == 200).count()
    }

    /// What the service answered to the requests of an action for a snapshot that were passed on.
    pub fn statuses(&self, action: &str, name: &str) -> Vec<u16> {
        let passed = lock(&self.shared.road.passed);
        passed.iter().filter(|one| one.asked.is_for(action, name)).map(|one| one.status).collect()
    }

    /// Waits until so many requests of an action have arrived.
    #[track_caller]
    pub fn wait_for(&self, action: &str, count: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.arrived(action) < count {
            assert!(Instant::now() < deadline, "waited for {count} of {action}");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn serve(mut client: TcpStream, shared: &Shared) -> io::Result<()> {
    let mut asked = read_request(&client)?;
    {
        let mut arrived = lock(&shared.arrived);
        asked.nth = arrived.iter().filter(|other| other.action == asked.action).count() + 1;
        arrived.push(asked.clone());
    }
    let meddle = Arc::clone(&*lock(&shared.meddle));
    match meddle(&asked, &shared.road) {
        Back::Answer(answer) => client.write_all(&answer.to_bytes()),
        Back::Bytes(bytes) => client.write_all(&bytes),
        Back::Nothing => Ok(()),
        Back::Endless(answer) => {
            client.write_all(format!("{}\r\n", answer.head).as_bytes())?;
            loop {
                client.write_all(&answer.body)?;
            }
        }
    }
}

/// The request, its head changed so that the connection closes after the answer.
fn read_request(client: &TcpStream) -> io::Result<Asked> {
    let mut reader = BufReader::new(client);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if is_header(&line, "content-length") {
            let value = line.split(':').nth(1).unwrap_or_default();
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
        if !is_header(&line, "connection") {
            head.push_str(&line);
        }
    }
    head.push_str("Connection: close\r\n\r\n");
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let fields: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let asked = Asked { action: String::new(), nth: 0, fields, head, body };
    let action = asked.field("Action").unwrap_or_default().to_owned();
    Ok(Asked { action, ..asked })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
