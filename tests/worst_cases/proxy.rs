//! A proxy that lets requests through and spoils answers: the first one to a create of each name.

use std::collections::HashMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// The connection breaks before any of it comes.
    Lost,
    /// It breaks off in the headers.
    CutInHead,
    /// It breaks off in the body.
    CutInBody,
    /// Its bytes are not the service's.
    Garbled,
    /// It is 200, and empty.
    Empty,
    /// It is 200, and a page to log in on.
    LoginPage,
    /// It is replaced by a 502.
    BadGateway,
    /// It is replaced by a 504.
    GatewayTimeout,
}

/// The proxy; its threads end with the test.
pub struct Proxy {
    /// Where it is, `http://127.0.0.1:PORT`.
    pub url: String,
    creates: Creates,
}

/// How many creates of each name passed.
type Creates = Arc<Mutex<HashMap<String, u32>>>;

impl Proxy {
    /// Starts a proxy before the service at a URL.
    pub fn start(upstream: &str, spoil: Spoil) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let address = upstream.trim_start_matches("http://").trim_end_matches('/').to_owned();
        let creates = Creates::default();
        let counted = Arc::clone(&creates);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let (address, counted) = (address.clone(), Arc::clone(&counted));
                // A client that goes away is no matter of the proxy's.
                thread::spawn(move || pass(client, &address, spoil, &counted));
            }
        });
        Self { url, creates }
    }

    /// How many creates of a name went through it.
    pub fn creates(&self, name: &str) -> u32 {
        self.creates.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied().unwrap_or(0)
    }
}

/// Passes one request on, and its answer back.
fn pass(mut client: TcpStream, address: &str, spoil: Spoil, creates: &Creates) -> io::Result<()> {
    let (head, body) = read_request(&client)?;
    let mut upstream = TcpStream::connect(address)?;
    upstream.write_all(&head)?;
    upstream.write_all(&body)?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer)?;
    if let Some(name) = created_name(&body) {
        let mut creates = creates.lock().unwrap_or_else(PoisonError::into_inner);
        let count = creates.entry(name).or_default();
        *count += 1;
        if *count == 1 {
            answer = spoilt(spoil, &answer);
        }
    }
    client.write_all(&answer)
}

/// The head, changed so that the connection closes after the answer, and the body.
fn read_request(client: &TcpStream) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let mut reader = BufReader::new(client);
    let (mut head, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "content-length" => {
                let value = line.split(':').nth(1).unwrap_or_default();
                length = value.trim().parse().unwrap_or(0);
                head.extend(line.as_bytes());
            }
            "connection" => {}
            _ if line.trim().is_empty() => break,
            _ => head.extend(line.as_bytes()),
        }
    }
    head.extend(b"Connection: close\r\n\r\n");
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok((head, body))
}

/// The name of the snapshot that a request creates, if it does.
fn created_name(body: &[u8]) -> Option<String> {
    let fields: HashMap<_, _> = form_urlencoded::parse(body).into_owned().collect();
    let is_create = fields.get("Action").is_some_and(|action| action == super::CREATE);
    fields.get("DBClusterSnapshotIdentifier").filter(|_| is_create).cloned()
}

fn spoilt(spoil: Spoil, answer: &[u8]) -> Vec<u8> {
    let end_of_head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("an HTTP answer") + 4;
    let (head, body) = answer.split_at(end_of_head);
    let page = |status: &str, text: &str| {
        let length = text.len();
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{text}"
        )
        .into_bytes()
    };
    match spoil {
        Spoil::Lost => Vec::new(),
        Spoil::CutInHead => head.get(..head.len() / 2).unwrap_or_default().to_vec(),
        Spoil::CutInBody => [head, body.get(..body.len() / 2).unwrap_or_default()].concat(),
        Spoil::Garbled => head.iter().copied().chain(body.iter().map(|byte| byte ^ 0xa5)).collect(),
        Spoil::Empty => page("200 OK", ""),
        Spoil::LoginPage => page("200 OK", "<html><body>Please log in.</body></html>"),
        Spoil::BadGateway => page("502 Bad Gateway", "<html><body>Bad gateway.</body></html>"),
        Spoil::GatewayTimeout => page("504 Gateway Timeout", "<html><body>Timeout.</body></html>"),
    }
}
